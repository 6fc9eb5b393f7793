/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar.h"

#include <math.h>

#include "maths.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define HOUR_MS G_GINT64_CONSTANT(3600000)
#define N_DAYS 8
#define LATITUDE 33.58 /* degrees, city centre */
#define LONGITUDE (-7.61)
#define RAD (CASA_SIM_PI / 180)

struct _CasaSimCalendar {
  const CasaSimScenario *scenario;
  GTimeZone *zone; /* NULL: no zone data on this machine */
  gint64 offset_hour, offset_ms; /* UTC offset of the last hour asked for */
  CasaSimDay days[N_DAYS];
  gboolean filled[N_DAYS];
};

static gint64 floor_div(gint64 a, gint64 b) {
  gint64 q = a / b;
  return a % b < 0 ? q - 1 : q;
}

CasaSimCalendar *casa_sim_calendar_new(const CasaSimScenario *scenario) {
  CasaSimCalendar *self = g_new0(CasaSimCalendar, 1);
  self->scenario = scenario;
  self->zone = g_time_zone_new_identifier("Africa/Casablanca");
  if (!self->zone)
    g_printerr("casa-sim: no time zone data for Africa/Casablanca (package tzdata): taking UTC+1 all year\n");
  self->offset_hour = G_MININT64;
  return self;
}

void casa_sim_calendar_free(CasaSimCalendar *self) {
  if (!self)
    return;
  g_clear_pointer(&self->zone, g_time_zone_unref);
  g_free(self);
}

static gint64 offset_at(CasaSimCalendar *self, gint64 t_ms) {
  gint64 hour = floor_div(t_ms, HOUR_MS); /* offsets change on whole hours only */
  if (hour == self->offset_hour)
    return self->offset_ms;
  self->offset_hour = hour;
  self->offset_ms = HOUR_MS;
  if (self->zone) {
    int interval = g_time_zone_find_interval(self->zone, G_TIME_TYPE_UNIVERSAL, hour * 3600);
    if (interval >= 0)
      self->offset_ms = (gint64)g_time_zone_get_offset(self->zone, interval) * 1000;
  }
  return self->offset_ms;
}

void casa_sim_hijri(gint64 day_number, guint *month, guint *day) {
  /* Day 0 of the civil arithmetic calendar, 1 Muharram of year 1, is 227015 days after 0001-01-01 (Friday
   * 16 July 622 Julian); 1970-01-01 is day 719162. One day later for Morocco. A cycle is 30 years of 354 days and
   * 11 leap days; odd months have 30 days, even months 29. */
  gint64 since = day_number + 719162 - 227014 - 1;
  gint64 year = floor_div(30 * since + 10646, 10631);
  gint64 first = 354 * (year - 1) + floor_div(3 + 11 * year, 30);
  gint64 in_year = since - first;
  guint m = 1;
  while (m < 12 && in_year >= (m % 2 ? 30 : 29)) {
    in_year -= m % 2 ? 30 : 29;
    m++;
  }
  *month = m;
  *day = (guint)in_year + 1;
}

/* National days off on the civil calendar, and the two feasts of the Hijri one. */
static gboolean is_holiday(const GDate *date, guint hijri_month, guint hijri_day) {
  static const struct {
    guint8 month, day;
  } fixed[] = {{1, 1}, {1, 11}, {1, 14}, {5, 1}, {7, 30}, {8, 14}, {8, 20}, {8, 21}, {11, 6}, {11, 18}};
  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++) {
    if ((guint)g_date_get_month(date) == fixed[i].month && g_date_get_day(date) == fixed[i].day)
      return TRUE;
  }
  return (hijri_month == 10 && hijri_day <= 2) || (hijri_month == 12 && (hijri_day == 10 || hijri_day == 11));
}

static void fill_civil(const CasaSimScenario *scenario, CasaSimDay *day) {
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_julian(&date, (guint32)(day->number + 719163));
  day->yday = g_date_get_day_of_year(&date);
  guint month, mday;
  casa_sim_hijri(day->number, &month, &mday);
  day->ramadan = scenario->ramadan == CASA_SIM_AUTO ? month == 9 : scenario->ramadan == 1;
  if (scenario->day_kind != CASA_SIM_AUTO)
    day->kind = (CasaSimDayKind)scenario->day_kind;
  else if (g_date_get_weekday(&date) == G_DATE_SUNDAY || is_holiday(&date, month, mday))
    day->kind = CASA_SIM_SUNDAY;
  else if (g_date_get_weekday(&date) == G_DATE_SATURDAY)
    day->kind = CASA_SIM_SATURDAY;
  else
    day->kind = g_date_get_weekday(&date) == G_DATE_FRIDAY ? CASA_SIM_FRIDAY : CASA_SIM_WEEKDAY;
}

/* Declination after Cooper (1969), equation of time after the usual three-term series (Duffie and Beckman, "Solar
 * Engineering of Thermal Processes", ch. 1): within a minute or two of the almanac. */
static void fill_sun(CasaSimDay *day) {
  double n = day->yday;
  double b = 2 * CASA_SIM_PI * (n - 81) / 364;
  double equation_min = 9.87 * casa_sim_sin(2 * b) - 7.53 * casa_sim_cos(b) - 1.5 * casa_sim_sin(b);
  day->declination = 23.45 * RAD * casa_sim_sin(2 * CASA_SIM_PI * (284 + n) / 365);
  day->noon_utc_h = 12 - LONGITUDE / 15 - equation_min / 60;
  double tan_lat = casa_sim_sin(LATITUDE * RAD) / casa_sim_cos(LATITUDE * RAD);
  double tan_dec = casa_sim_sin(day->declination) / casa_sim_cos(day->declination);
  double half_h = casa_sim_acos(-tan_lat * tan_dec) / RAD / 15;
  double offset_h = (double)(day->number * DAY_MS - day->start_ms) / (double)HOUR_MS;
  day->sunrise_h = day->noon_utc_h + offset_h - half_h;
  day->sunset_h = day->noon_utc_h + offset_h + half_h;
}

const CasaSimDay *casa_sim_calendar_day(CasaSimCalendar *self, gint64 number) {
  guint slot = (guint)(number & (N_DAYS - 1));
  CasaSimDay *day = &self->days[slot];
  if (self->filled[slot] && day->number == number)
    return day;
  day->number = number;
  day->start_ms = number * DAY_MS - offset_at(self, number * DAY_MS + 11 * HOUR_MS);
  fill_civil(self->scenario, day);
  fill_sun(day);
  self->filled[slot] = TRUE;
  return day;
}

const CasaSimDay *casa_sim_calendar_at(CasaSimCalendar *self, gint64 t_ms) {
  return casa_sim_calendar_day(self, floor_div(t_ms + offset_at(self, t_ms), DAY_MS));
}

double casa_sim_day_hour(const CasaSimDay *day, gint64 t_ms) {
  gint64 in_day = t_ms - day->start_ms;
  in_day -= floor_div(in_day, DAY_MS) * DAY_MS; /* the night of a clock change reaches beyond */
  return (double)in_day / (double)HOUR_MS;
}

double casa_sim_day_sun(const CasaSimDay *day, gint64 t_ms) {
  double utc_h = (double)(t_ms - day->number * DAY_MS) / (double)HOUR_MS;
  double angle = (utc_h - day->noon_utc_h) * 15 * RAD;
  double lat = LATITUDE * RAD;
  return casa_sim_sin(lat) * casa_sim_sin(day->declination) +
         casa_sim_cos(lat) * casa_sim_cos(day->declination) * casa_sim_cos(angle);
}
