/* SPDX-License-Identifier: Apache-2.0 */
#include "civil.h"
#include "base/time-units.h"

#define JULIAN_1970 719163 /* GDate's number of 1970-01-01 */

typedef struct {
  guint16 year;
  guint8 month, day;
} Date;

typedef struct {
  Date from, to;
} Span;

/* The clock goes back at 03:00 of the first day (UTC+1) and forward at 02:00 of the second (UTC+0): both 02:00 UTC.
 * As observed; source: tz database 2026c. */
static const Span ramadan_clock[] = { { { 2019, 5, 5 }, { 2019, 6, 9 } },   { { 2020, 4, 19 }, { 2020, 5, 31 } },
                                      { { 2021, 4, 11 }, { 2021, 5, 16 } }, { { 2022, 3, 27 }, { 2022, 5, 8 } },
                                      { { 2023, 3, 19 }, { 2023, 4, 23 } }, { { 2024, 3, 10 }, { 2024, 4, 14 } },
                                      { { 2025, 2, 23 }, { 2025, 4, 6 } },  { { 2026, 2, 15 }, { 2026, 3, 22 } } };

/* Holidays of the ministry of education, first and last day: 2024/25 (lesiteinfo.com, August 2024), 2025/26 (alouadifa.ma,
 * October 2025). Years that are not listed have the summer only. */
static const Span school_holidays[] = { { { 2024, 10, 20 }, { 2024, 10, 27 } }, { { 2024, 12, 8 }, { 2024, 12, 15 } },
                                        { { 2025, 1, 26 }, { 2025, 2, 2 } },    { { 2025, 3, 16 }, { 2025, 3, 23 } },
                                        { { 2025, 5, 4 }, { 2025, 5, 11 } },    { { 2025, 10, 19 }, { 2025, 10, 26 } },
                                        { { 2025, 12, 7 }, { 2025, 12, 14 } },  { { 2026, 1, 25 }, { 2026, 2, 1 } },
                                        { { 2026, 3, 15 }, { 2026, 3, 22 } },   { { 2026, 5, 3 }, { 2026, 5, 10 } } };

/* Days since 1970-01-01 of a date of the Gregorian calendar, counted in years that begin in March. */
static gint64
number_of(Date d)
{
  gint64 year = d.month <= 2 ? d.year - 1 : d.year, month = (d.month + 9) % 12;
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + d.day - 1 - 719468;
}

gint64
casa_sim_utc_offset_ms(gint64 t_ms)
{
  const Date for_good = { 2026, 9, 20 }; /* at 02:00, UTC+1 */
  if (t_ms >= number_of(for_good) * CASA_DAY_MS + CASA_HOUR_MS)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS(ramadan_clock); i++) {
    if (t_ms >= number_of(ramadan_clock[i].from) * CASA_DAY_MS + 2 * CASA_HOUR_MS &&
        t_ms < number_of(ramadan_clock[i].to) * CASA_DAY_MS + 2 * CASA_HOUR_MS)
      return 0;
  }
  return CASA_HOUR_MS;
}

static void
date_of(gint64 day_number, GDate *out)
{
  g_date_clear(out, 1);
  g_date_set_julian(out, (guint32)MAX(day_number + JULIAN_1970, 1));
}

gboolean
casa_sim_is_school_holiday(gint64 day_number)
{
  for (guint i = 0; i < G_N_ELEMENTS(school_holidays); i++) {
    if (day_number >= number_of(school_holidays[i].from) && day_number <= number_of(school_holidays[i].to))
      return TRUE;
  }
  GDate date;
  date_of(day_number, &date);
  guint at = (guint)g_date_get_month(&date) * 100 + g_date_get_day(&date);
  return at >= 705 && at <= 906; /* from the end of exams to the first week of September: an estimate */
}
