/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar.h"

#include <math.h>

#include "maths/maths.h"
#include "base/time-units.h"
#include "city/city-calendar.h"

#define N_DAYS 8
#define LATITUDE 33.58 /* degrees, city centre */
#define LONGITUDE (-7.61)
#define RAD (CASA_SIM_PI / 180)

struct _CasaSimCalendar {
  const CasaSimScenario *scenario;
  gint64 offset_hour, offset_ms; /* UTC offset of the last hour asked for */
  CasaSimDay days[N_DAYS];
  gboolean filled[N_DAYS];
};

static gint64
floor_div(gint64 a, gint64 b)
{
  gint64 q = a / b;
  return a % b < 0 ? q - 1 : q;
}

CasaSimCalendar *
casa_sim_calendar_new(const CasaSimScenario *scenario)
{
  CasaSimCalendar *self = g_new0(CasaSimCalendar, 1);
  self->scenario = scenario;
  self->offset_hour = G_MININT64;
  return self;
}

void
casa_sim_calendar_free(CasaSimCalendar *self)
{
  g_free(self);
}

static gint64
offset_at(CasaSimCalendar *self, gint64 t_ms)
{
  gint64 hour = floor_div(t_ms, CASA_HOUR_MS); /* offsets change on whole hours only */
  if (hour == self->offset_hour)
    return self->offset_ms;
  self->offset_hour = hour;
  self->offset_ms = casa_sim_utc_offset_ms(hour * CASA_HOUR_MS);
  return self->offset_ms;
}

static void
fill_civil(const CasaSimScenario *scenario, CasaSimDay *day)
{
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_julian(&date, (guint32)(day->number + 719163));
  day->yday = g_date_get_day_of_year(&date);
  guint month, mday;
  casa_city_hijri(day->number, &month, &mday);
  day->school_holiday =
    scenario->school_holiday == CASA_SIM_AUTO ? casa_sim_is_school_holiday(day->number) : scenario->school_holiday == 1;
  day->ramadan = scenario->ramadan == CASA_SIM_AUTO ? month == 9 : scenario->ramadan == 1;
  if (scenario->day_kind != CASA_SIM_AUTO)
    day->kind = (CasaSimDayKind)scenario->day_kind;
  else if (g_date_get_weekday(&date) == G_DATE_SUNDAY || casa_city_holiday(day->number) != CASA_HOLIDAY_NONE)
    day->kind = CASA_SIM_SUNDAY;
  else if (g_date_get_weekday(&date) == G_DATE_SATURDAY)
    day->kind = CASA_SIM_SATURDAY;
  else
    day->kind = g_date_get_weekday(&date) == G_DATE_FRIDAY ? CASA_SIM_FRIDAY : CASA_SIM_WEEKDAY;
}

/* Declination and equation of time: Fourier series of Spencer (1971, "Fourier series representation of the position of
 * the sun", Search 2(5) 172), as in NOAA's general solar position equations, at the day's noon. The sun rises with its
 * centre 0.833 degrees below the horizon (34' of refraction, 16' of radius). Within a minute of the almanac. */
static void
fill_sun(CasaSimDay *day)
{
  double g = 2 * CASA_SIM_PI * (day->yday - 1 + 0.5) / 365;
  double s1 = casa_sim_sin(g), c1 = casa_sim_cos(g), s2 = 2 * s1 * c1, c2 = 1 - 2 * s1 * s1;
  double s3 = s1 * c2 + c1 * s2, c3 = c1 * c2 - s1 * s2;
  double equation_min = 229.18 * (0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2);
  day->declination = 0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2 - 0.002697 * c3 + 0.00148 * s3;
  day->noon_utc_h = 12 - LONGITUDE / 15 - equation_min / 60;
  double lat = LATITUDE * RAD, dec = day->declination;
  double half_h = casa_sim_acos((casa_sim_sin(-0.833 * RAD) - casa_sim_sin(lat) * casa_sim_sin(dec)) /
                                (casa_sim_cos(lat) * casa_sim_cos(dec))) /
                  RAD / 15;
  double offset_h = (double)(day->number * CASA_DAY_MS - day->start_ms) / (double)CASA_HOUR_MS;
  day->sunrise_h = day->noon_utc_h + offset_h - half_h;
  day->sunset_h = day->noon_utc_h + offset_h + half_h;
}

const CasaSimDay *
casa_sim_calendar_day(CasaSimCalendar *self, gint64 number)
{
  guint slot = (guint)(number & (N_DAYS - 1));
  CasaSimDay *day = &self->days[slot];
  if (self->filled[slot] && day->number == number)
    return day;
  day->number = number;
  day->start_ms = number * CASA_DAY_MS - offset_at(self, number * CASA_DAY_MS + 11 * CASA_HOUR_MS);
  fill_civil(self->scenario, day);
  fill_sun(day);
  self->filled[slot] = TRUE;
  return day;
}

const CasaSimDay *
casa_sim_calendar_at(CasaSimCalendar *self, gint64 t_ms)
{
  return casa_sim_calendar_day(self, floor_div(t_ms + offset_at(self, t_ms), CASA_DAY_MS));
}

double
casa_sim_day_hour(const CasaSimDay *day, gint64 t_ms)
{
  gint64 in_day = t_ms - day->start_ms;
  in_day -= floor_div(in_day, CASA_DAY_MS) * CASA_DAY_MS; /* the night of a clock change reaches beyond */
  return (double)in_day / (double)CASA_HOUR_MS;
}

double
casa_sim_day_sun(const CasaSimDay *day, gint64 t_ms)
{
  double utc_h = (double)(t_ms - day->number * CASA_DAY_MS) / (double)CASA_HOUR_MS;
  double angle = (utc_h - day->noon_utc_h) * 15 * RAD;
  double lat = LATITUDE * RAD;
  return casa_sim_sin(lat) * casa_sim_sin(day->declination) +
         casa_sim_cos(lat) * casa_sim_cos(day->declination) * casa_sim_cos(angle);
}
