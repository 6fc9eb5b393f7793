/* SPDX-License-Identifier: Apache-2.0 */
#include "activity.h"

#include "maths/maths.h"

#define bump casa_sim_bump
#define ramp casa_sim_ramp

/* On between @rise (centre of a rise @rw hours wide) and @fall, on a clock face; @fall may pass 24. */
static double
span(double hour, double rise, double rw, double fall, double fw)
{
  double h = hour < rise - rw ? hour + 24 : hour;
  return ramp(h, rise - rw, rise + rw) * (1 - ramp(h, fall - fw, fall + fw));
}

/* Heights follow the congestion index by hour in docs/SIMULATOR.md (weekday: evening strongest 17:00-19:30, midday
 * 12:00-13:30, morning 08:00; Saturday: midday; Sunday: flat with a weak evening rise). */
static double
traffic(const CasaSimDay *day, double h)
{
  double base = 0.06;
  switch (day->kind) {
  case CASA_SIM_SATURDAY: return base + 0.50 * span(h, 8, 1.5, 23.2, 2) + 0.36 * bump(h, 13, 1.3) + 0.18 * bump(h, 18.5, 1.6);
  case CASA_SIM_SUNDAY: return base + 0.27 * span(h, 9, 2, 23, 2) + 0.07 * bump(h, 12.5, 1.5) + 0.15 * bump(h, 18.8, 1.8);
  case CASA_SIM_FRIDAY: /* the prayer empties the streets, before and after it fill */
    return base + 0.50 * span(h, 7, 0.9, 23, 2) + 0.26 * bump(h, 8.05, 0.7) + 0.28 * bump(h, 12.2, 0.6) -
           0.30 * bump(h, 13.3, 0.4) + 0.16 * bump(h, 15, 0.6) + 0.40 * bump(h, 18.2, 1.2);
  default:
    return base + 0.50 * span(h, 7, 0.9, 23, 2) + 0.22 * bump(h, 8.05, 0.7) + 0.23 * bump(h, 12.8, 0.8) +
           0.42 * bump(h, 18.25, 1.2);
  }
}

/* Fasting days: a late morning, a rush before the fast is broken, empty streets at sunset, life until after midnight. */
static double
traffic_ramadan(const CasaSimDay *day, double h)
{
  static const double busy[] = { 0.42, 0.42, 0.36, 0.26 }, rushes[] = { 0.48, 0.50, 0.40, 0.25 }; /* by kind of day */
  double prayer = day->kind == CASA_SIM_FRIDAY ? 0.20 * bump(h, 13.3, 0.4) : 0;
  double iftar = day->sunset_h;
  return MAX(0.05 + busy[day->kind] * span(h, 8.5, 1.2, 25.5, 1.5) + rushes[day->kind] * bump(h, iftar - 1.6, 1.1) -
               0.46 * bump(h, iftar + 0.4, 0.45) + 0.30 * bump(h, 22, 1.4) + 0.25 * busy[day->kind] * bump(h, 9.5, 0.8) -
               prayer,
             0.03);
}

/* Habits above what always goes on while the lines run. */
static double
transit_habit(const CasaSimDay *day, double h)
{
  if (day->ramadan)
    return 0.30 * span(h, 8.3, 1.2, 24, 1) + 0.40 * bump(h, 9.3, 0.9) + 0.55 * bump(h, day->sunset_h - 2, 1.2) +
           0.30 * bump(h, 21.8, 1.1);
  switch (day->kind) {
  case CASA_SIM_SATURDAY: return 0.34 * span(h, 8, 1.2, 21.5, 1.5) + 0.30 * bump(h, 12.8, 1.6) + 0.22 * bump(h, 18, 1.6);
  case CASA_SIM_SUNDAY: return 0.30 * span(h, 9, 1.5, 21.5, 1.5) + 0.24 * bump(h, 17.8, 2);
  default:
    return 0.36 * span(h, 6.4, 0.8, 21.5, 1.5) + 0.60 * bump(h, 7.8, 0.8) + 0.30 * bump(h, 12.8, 0.9) + 0.64 * bump(h, 18, 1.1);
  }
}

static double
transit(const CasaSimDay *day, double h)
{
  return 0.04 * span(h, 5.6, 0.4, 23, 0.8) + transit_habit(day, h);
}

static double
working_share(const CasaSimDay *day, double h)
{
  double size = day->kind == CASA_SIM_SUNDAY ? 0.50 : day->kind == CASA_SIM_SATURDAY ? 0.74 : 1;
  if (day->ramadan)
    return size * (0.85 * span(h, 9.3, 0.8, 15.6, 1) + 0.50 * span(h, 20.5, 0.8, 24.5, 1));
  double prayer = day->kind == CASA_SIM_FRIDAY ? 0.22 * bump(h, 13.3, 0.6) : 0;
  /* No two open alike: the shares rise over hours, and the middle of the morning is fullest. */
  return size * (0.50 * span(h, 8.5, 1.7, 18.1, 2.3) + 0.40 * span(h, 9.6, 1.8, 21.3, 2.2) + 0.10 * bump(h, 11.3, 1.5) +
                 0.07 * bump(h, 16, 1.5) - prayer - 0.05 * bump(h, 13.4, 0.9));
}

/* No school run, fewer students, and some of their parents away: estimates. */
static void
close_schools(const CasaSimDay *day, double h, CasaSimActivity *out)
{
  if (day->ramadan || (day->kind != CASA_SIM_WEEKDAY && day->kind != CASA_SIM_FRIDAY))
    return;
  out->traffic = 0.95 * (out->traffic - 0.12 * bump(h, 8.05, 0.7) - 0.07 * bump(h, 12.5, 0.7));
  out->transit = MAX(out->transit - 0.20 * bump(h, 7.8, 0.8) - 0.08 * bump(h, 12.8, 0.9), 0);
}

/* Offices first, shops later and for longer: no two open alike, and a street fills until noon. */
static double
open_share(const CasaSimDay *day, double h)
{
  const double size = day->kind == CASA_SIM_SUNDAY ? 0.55 : day->kind == CASA_SIM_SATURDAY ? 0.82 : 1;
  if (day->ramadan)
    return size * (0.85 * span(h, 10.4, 1.6, 16, 1.5) + 0.60 * span(h, 20.8, 0.9, 24.8, 1.2));
  const double prayer = day->kind == CASA_SIM_FRIDAY ? 0.15 * bump(h, 13.3, 0.6) : 0;
  return size * (0.35 * span(h, 9.6, 2.2, 18, 2.5) + 0.65 * span(h, 10.2, 2.2, 21.8, 2.2) - prayer);
}

/* What homes and services do with electricity. Hours are set so that the load has the shape of a Moroccan city's
 * (docs/SIMULATOR.md). */
static void
find_uses(const CasaSimDay *day, double h, CasaSimActivity *out)
{
  const double later = day->kind == CASA_SIM_SUNDAY ? 0.5 : day->kind == CASA_SIM_SATURDAY ? 0.2 : 0;
  out->open = open_share(day, h);
  if (day->ramadan) { /* the table is laid for sunset, and again before dawn */
    out->up = MIN(span(h, 10, 2.2, 26.4, 2) + 0.45 * bump(h, day->sunrise_h - 2.2, 0.6), 1);
    out->watching = out->up * span(h, day->sunset_h + 0.2, 1, 25.6, 2);
    out->cooking = bump(h, day->sunset_h - 0.6, 1) + 0.3 * bump(h, day->sunrise_h - 2.4, 0.5);
    out->washing = 0.75 * bump(h, 10.4, 1.6) + 0.35 * bump(h, day->sunrise_h - 1.9, 0.5);
    return;
  }
  out->up = span(h, 8.6 + later, 2.6, 24.6, 2.8);
  out->watching = out->up * span(h, 18.6, 1.6, 23.4, 2.6);
  out->cooking = 0.27 * bump(h, 12.6 + later / 2, 1.2) + bump(h, 20.2, 1.3);
  out->washing = bump(h, 8.2 + 2.8 * later, 1.3) + (day->kind == CASA_SIM_FRIDAY ? 0.35 * bump(h, 12.2, 0.6) : 0);
}

void
casa_sim_activity(const CasaSimDay *day, double h, CasaSimActivity *out)
{
  gboolean rest = day->kind == CASA_SIM_SUNDAY;
  out->traffic = day->ramadan ? traffic_ramadan(day, h) : traffic(day, h);
  out->transit = transit(day, h);
  if (day->school_holiday)
    close_schools(day, h, out);
  out->work = working_share(day, h);
  out->industry = 0.57 + (rest ? 0.15 : 0.40) * span(h, 7.3, 1.8, 18.3, 2.8);
  if (day->ramadan) { /* up until the meal before dawn */
    out->awake = 1 - 0.85 * span(h, 1.8, 1, 9, 1.5) + 0.45 * bump(h, day->sunrise_h - 2.2, 0.5);
    out->home = out->awake * (0.45 + 0.55 * span(h, day->sunset_h, 0.5, 25.5, 1.5)) - 0.2 * span(h, 10, 1.5, 16, 1.5);
    out->evening = span(h, day->sunset_h + 1.8, 0.6, 25.3, 1);
  } else {
    /* A city of 900,000 households gets up and goes to bed over three hours and more, not at an hour. */
    out->awake = span(h, rest ? 8.3 : 7.3, 2, 24.1, 2.9);
    double out_of_home = rest ? 0.22 * span(h, 11, 2.5, 19, 2.5) : 0.5 * span(h, 8.4, 1.8, 18.2, 2.4) - 0.15 * bump(h, 13, 1.1);
    out->home = out->awake * (1 - out_of_home);
    out->evening = span(h, 18.8, 1.8, 23, 2);
  }
  out->awake = CLAMP(out->awake, 0, 1);
  out->home = CLAMP(out->home, 0, 1);
  double evening_in = day->ramadan ? span(h, 17.5, 1.5, 26, 2) : span(h, 18.1, 2.2, 23.2, 3.4);
  out->settled = out->home * (0.35 + 0.65 * evening_in);
  find_uses(day, h, out);
}
