/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city-calendar.h"

static gint64
day_number(int year, int month, int day)
{
  g_autoptr(GDate) date = g_date_new_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
  return (gint64)g_date_get_julian(date) - 719163;
}

static void
test_fixed_by_law(void)
{
  static const int days[][2] = { { 1, 1 },  { 11, 1 }, { 14, 1 }, { 1, 5 },  { 30, 7 },
                                 { 14, 8 }, { 20, 8 }, { 21, 8 }, { 6, 11 }, { 18, 11 } };

  for (guint i = 0; i < G_N_ELEMENTS(days); i++)
    for (int year = 2024; year <= 2030; year++)
      g_assert_cmpint(casa_city_holiday(day_number(year, days[i][1], days[i][0])), ==, CASA_HOLIDAY_FIXED);
  g_assert_cmpint(casa_city_holiday(day_number(2023, 1, 14)), ==, CASA_HOLIDAY_NONE); /* no day off yet */
  g_assert_cmpint(casa_city_holiday(day_number(2025, 10, 31)), ==, CASA_HOLIDAY_NONE);
  g_assert_cmpint(casa_city_holiday(day_number(2026, 10, 31)), ==, CASA_HOLIDAY_FIXED);
  g_assert_cmpint(casa_city_holiday(day_number(2026, 5, 19)), ==, CASA_HOLIDAY_NONE);
}

/* The first of @month's day @day of the Hijri calendar about @near. */
static gint64
find(gint64 near, guint month, guint day)
{
  for (gint64 n = near - 5; n <= near + 5; n++) {
    guint m, d;
    casa_city_hijri(n, &m, &d);
    if (m == month && d == day)
      return n;
  }
  return G_MININT64;
}

/* As announced in Morocco: first days of Ramadan, ends of the fast, feasts of the sacrifice. The arithmetic calendar may be a
 * day off, no more. */
static void
test_feasts_are_near(void)
{
  static const struct {
    int date[3];
    guint month, day;
  } announced[] = { { { 2022, 4, 3 }, 9, 1 },   { { 2023, 3, 23 }, 9, 1 },   { { 2024, 3, 12 }, 9, 1 },
                    { { 2025, 3, 2 }, 9, 1 },   { { 2023, 4, 22 }, 10, 1 },  { { 2024, 4, 10 }, 10, 1 },
                    { { 2025, 3, 31 }, 10, 1 }, { { 2023, 6, 29 }, 12, 10 }, { { 2024, 6, 17 }, 12, 10 },
                    { { 2025, 6, 7 }, 12, 10 } };

  for (guint i = 0; i < G_N_ELEMENTS(announced); i++) {
    const int *date = announced[i].date;
    const gint64 real = day_number(date[0], date[1], date[2]), found = find(real, announced[i].month, announced[i].day);
    g_assert_cmpint(ABS(found - real), <=, 1);
    g_assert_cmpint(casa_city_holiday(found), ==, announced[i].month == 9 ? CASA_HOLIDAY_NONE : CASA_HOLIDAY_ESTIMATED);
  }
}

/* Thirteen kinds of days off, of which feasts have seven days: no year has many more, and none is without. */
static void
test_every_year_has_its_own(void)
{
  for (int year = 2020; year <= 2040; year++) {
    guint fixed = 0, estimated = 0;
    for (gint64 n = day_number(year, 1, 1); n < day_number(year + 1, 1, 1); n++) {
      fixed += casa_city_holiday(n) == CASA_HOLIDAY_FIXED;
      estimated += casa_city_holiday(n) == CASA_HOLIDAY_ESTIMATED;
    }
    g_assert_cmpuint(fixed, ==, year < 2024 ? 9 : year < 2026 ? 10 : 11);
    g_assert_cmpuint(estimated, >=, 5); /* where one falls on a day that the law has anyway */
    g_assert_cmpuint(estimated, <=, 9);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/city/calendar/fixed-by-law", test_fixed_by_law);
  g_test_add_func("/city/calendar/feasts-are-near", test_feasts_are_near);
  g_test_add_func("/city/calendar/every-year-has-its-own", test_every_year_has_its_own);
  return g_test_run();
}
