/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Morocco's civil time and schools, carried by the program itself: the zone data of two machines differ (the release of
 * September 2026 changed Casablanca's clock), and the same arguments must give the same bytes on both. Days off are in
 * city/city-calendar.h, which the forecasts share. Pure; any thread. */

/* Local clock minus UTC, ms, at @t_ms (UTC). UTC+1 since 28 October 2018 (decree 2-18-855), UTC+0 about each Ramadan, and
 * UTC+0 for good since 20 September 2026 (tz database 2026c). Before October 2018: UTC+1, whatever the season. */
gint64 casa_sim_utc_offset_ms(gint64 t_ms);

/* State schools are closed for a holiday of the ministry's list (published ones), or for the summer. Single days off
 * are not among them. */
gboolean casa_sim_is_school_holiday(gint64 day_number);

G_END_DECLS
