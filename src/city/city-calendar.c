/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city-calendar.h"

#define JULIAN_1970 719163 /* GDate's number of 1970-01-01 */

typedef struct {
  guint16 since; /* the first year in which it was a day off; 0: earlier than anything that is asked */
  guint8 month, day;
} Fixed;

/* Decrees 2-77-169 of 28 February 1977 (administrations; Bulletin officiel 3358) and 2-04-426 of 29 December 2004 (enterprises;
 * Bulletin officiel 5280); 14 January, the Amazigh new year, by decrees 2-23-688 and 2-23-1000 of November 2023; 31 October,
 * the day of unity, as the royal cabinet announced on 4 November 2025. */
static const Fixed fixed[] = { { 0, 1, 1 },  { 0, 1, 11 }, { 2024, 1, 14 },  { 0, 5, 1 },  { 0, 7, 30 }, { 0, 8, 14 },
                               { 0, 8, 20 }, { 0, 8, 21 }, { 2026, 10, 31 }, { 0, 11, 6 }, { 0, 11, 18 } };

static gint64
floor_div(gint64 a, gint64 b)
{
  gint64 q = a / b;
  return a % b < 0 ? q - 1 : q;
}

void
casa_city_hijri(gint64 day_number, guint *month, guint *day)
{
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

static gboolean
is_fixed(gint64 day_number)
{
  GDate date;

  g_date_clear(&date, 1);
  g_date_set_julian(&date, (guint32)MAX(day_number + JULIAN_1970, 1));
  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
    if ((guint)g_date_get_month(&date) == fixed[i].month && g_date_get_day(&date) == fixed[i].day)
      return g_date_get_year(&date) >= fixed[i].since;
  return FALSE;
}

/* The end of the fast and the feast of the sacrifice, the new year, the Prophet's birthday: with the second day that
 * administrations, banks and most people have. */
static gboolean
is_feast(gint64 day_number)
{
  guint month, day;

  casa_city_hijri(day_number, &month, &day);
  return (month == 10 && day <= 2) || (month == 12 && (day == 10 || day == 11)) || (month == 1 && day == 1) ||
         (month == 3 && (day == 12 || day == 13));
}

CasaHoliday
casa_city_holiday(gint64 day_number)
{
  return is_fixed(day_number) ? CASA_HOLIDAY_FIXED : is_feast(day_number) ? CASA_HOLIDAY_ESTIMATED : CASA_HOLIDAY_NONE;
}
