/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Days off of Morocco, by local day (days since 1970-01-01). Those of the civil calendar are the law's; those of the Hijri
 * calendar are an estimate, since the real date is only known by sighting, some days before. Pure; any thread. */

typedef enum {
  CASA_HOLIDAY_NONE,
  CASA_HOLIDAY_FIXED,    /* by law on that date */
  CASA_HOLIDAY_ESTIMATED /* a feast, by the arithmetic calendar: at most a day off */
} CasaHoliday;

/* Month 1..12 and day 1..30 of the Hijri calendar: the arithmetic (civil) calendar plus one day. In Morocco the month has
 * mostly begun a day after the arithmetic one. */
void casa_city_hijri(gint64 day_number, guint *month, guint *day);

/* Whether that day is a public holiday, and how sure that is. Sundays are none by themselves. */
CasaHoliday casa_city_holiday(gint64 day_number);

G_END_DECLS
