/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of day: when the streets are full, after a coarse reading of measured travel times (Waze, in Eng. Proc. 2025, 112,
 * 56), and what Ramadan and school holidays make of it. All hours are local. */
#include <math.h>

#include "town.h"

/* Mean flow of the axes on one day by the hour. */
typedef struct {
  double flow[24], load[24];
} Day;

static void
play(const CasaSimScenario *like, gint64 midnight, Day *out)
{
  Town t;
  town_load(&t);
  t.scenario->day_kind = like ? like->day_kind : CASA_SIM_AUTO;
  t.scenario->ramadan = like ? like->ramadan : CASA_SIM_AUTO;
  t.scenario->school_holiday = like ? like->school_holiday : CASA_SIM_AUTO;
  t.scenario->climate = FALSE;
  town_build(&t, 4, 0);
  for (guint h = 0; h < 24; h++) {
    out->flow[h] = out->load[h] = 0;
    for (guint m = 0; m < 60; m += 15) {
      out->flow[h] += town_mean(&t, "road-", "flow_vph", midnight + h * TOWN_HOUR_MS + m * TOWN_MINUTE_MS) / 4;
      out->load[h] += town_sum(&t, "sub-", "load_mw", midnight + h * TOWN_HOUR_MS + m * TOWN_MINUTE_MS) / 4;
    }
  }
  town_free(&t);
}

static guint
fullest(const Day *d, guint from, guint to)
{
  guint best = from;
  for (guint h = from; h < to; h++)
    best = d->flow[h] > d->flow[best] ? h : best;
  return best;
}

/* Three peaks, the evening's strongest. */
static void
test_weekday(void)
{
  Day d;
  play(NULL, town_utc(2026, 5, 18, 23), &d); /* Tuesday 19 May */
  g_assert_true(fullest(&d, 0, 24) >= 17 && fullest(&d, 0, 24) <= 19);
  g_assert_true(fullest(&d, 6, 11) >= 7 && fullest(&d, 6, 11) <= 8);
  g_assert_true(fullest(&d, 11, 16) >= 12 && fullest(&d, 11, 16) <= 13);
  g_assert_cmpfloat(d.flow[12], >, 1.1 * d.flow[10]);
  g_assert_cmpfloat(d.flow[18], >, 1.05 * d.flow[12]);
  g_assert_cmpfloat(d.flow[3], <, 0.15 * d.flow[18]);
}

/* Door to door, an evening takes 1.45 to 1.5 times as long as the emptiest road would, a midday 1.4. */
static void
test_travel_time(void)
{
  Town t;
  town_load(&t);
  t.scenario->climate = FALSE;
  town_build(&t, 4, 0);
  gint64 midnight = town_utc(2026, 5, 18, 23);
  double best = 29.5 / 0.835; /* signals always green: the constant part of the density taken off the night's speed */
  double evening = best / town_mean(&t, "road-", "speed_kmh", midnight + 18 * TOWN_HOUR_MS + 15 * TOWN_MINUTE_MS);
  double midday = best / town_mean(&t, "road-", "speed_kmh", midnight + 12 * TOWN_HOUR_MS + 45 * TOWN_MINUTE_MS);
  double night = best / town_mean(&t, "road-", "speed_kmh", midnight + 3 * TOWN_HOUR_MS);
  g_assert_cmpfloat_with_epsilon(evening, 1.50, 0.06);
  g_assert_cmpfloat_with_epsilon(midday, 1.42, 0.06);
  g_assert_cmpfloat_with_epsilon(night, 1.22, 0.06);
  town_free(&t);
}

/* Saturday's peak is at one o'clock; Sunday is calm, with a weak rise in the evening. */
static void
test_weekend(void)
{
  Day weekday, saturday, sunday;
  play(NULL, town_utc(2026, 5, 18, 23), &weekday);
  play(NULL, town_utc(2026, 5, 22, 23), &saturday);
  play(NULL, town_utc(2026, 5, 23, 23), &sunday);
  g_assert_true(fullest(&saturday, 0, 24) >= 12 && fullest(&saturday, 0, 24) <= 13);
  g_assert_cmpfloat(saturday.flow[8], <, 0.8 * weekday.flow[8]);
  g_assert_cmpfloat(sunday.flow[fullest(&sunday, 0, 24)], <, 0.75 * weekday.flow[18]);
  g_assert_true(fullest(&sunday, 14, 24) >= 17);
  g_assert_cmpfloat(sunday.flow[18], >, 1.1 * sunday.flow[15]);
}

/* The noon prayer empties the streets, which are fuller before and after. */
static void
test_friday(void)
{
  Day thursday, friday;
  play(NULL, town_utc(2026, 5, 20, 23), &thursday);
  play(NULL, town_utc(2026, 5, 21, 23), &friday);
  g_assert_cmpfloat(friday.flow[13], <, 0.85 * thursday.flow[13]);
  g_assert_cmpfloat(friday.flow[12], >, friday.flow[13]);
  g_assert_cmpfloat(friday.flow[15], >, 1.2 * friday.flow[13]);
  g_assert_cmpfloat_with_epsilon(friday.flow[18] / thursday.flow[18], 1, 0.12);
}

static void
test_school_holiday(void)
{
  g_autoptr(CasaSimScenario) holiday = casa_sim_scenario_new();
  Day term, closed;
  holiday->school_holiday = 1;
  play(NULL, town_utc(2026, 5, 18, 23), &term);
  play(holiday, town_utc(2026, 5, 18, 23), &closed);
  g_assert_cmpfloat(closed.flow[8], <, 0.9 * term.flow[8]);
  g_assert_cmpfloat(closed.flow[18] / term.flow[18], >, closed.flow[8] / term.flow[8]); /* the morning most of all */
  g_assert_cmpfloat(closed.load[12], ==, term.load[12]);
}

/* Ramadan 2026, local time UTC: a late morning, a rush, silence at the breaking of the fast (sunset 18:24), life until
 * late. Load: 20 to 45 % higher from midnight to three (Tetouan, June 2017), lower in the morning, and a rise at iftar. */
static void
test_ramadan(void)
{
  g_autoptr(CasaSimScenario) ordinary = casa_sim_scenario_new();
  Day fast, usual;
  ordinary->ramadan = 0;
  play(NULL, town_utc(2026, 2, 24, 0), &fast); /* a Tuesday */
  play(ordinary, town_utc(2026, 2, 24, 0), &usual);
  g_assert_cmpfloat(fast.flow[8], <, 0.7 * usual.flow[8]);
  g_assert_cmpfloat(fast.flow[18], <, 0.5 * fast.flow[16]);
  g_assert_cmpfloat(fast.flow[18], <, 0.55 * fast.flow[21]);
  g_assert_cmpfloat(fast.flow[22], >, 1.3 * usual.flow[22]);
  double night = (fast.load[0] + fast.load[1] + fast.load[2]) / (usual.load[0] + usual.load[1] + usual.load[2]);
  g_assert_cmpfloat(night, >, 1.2);
  g_assert_cmpfloat(night, <, 1.45);
  g_assert_cmpfloat(fast.load[8], <, 0.95 * usual.load[8]);
  g_assert_cmpfloat(fast.load[19], >, 1.2 * fast.load[17]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/days/weekday", test_weekday);
  g_test_add_func("/sim/days/travel-time", test_travel_time);
  g_test_add_func("/sim/days/weekend", test_weekend);
  g_test_add_func("/sim/days/friday", test_friday);
  g_test_add_func("/sim/days/school-holiday", test_school_holiday);
  g_test_add_func("/sim/days/ramadan", test_ramadan);
  return g_test_run();
}
