/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Casablanca's civil time, by the machine's zone data as far as they know it. Morocco went back to UTC+0 for good on
 * 20 September 2026 (tz database 2026c); data older than that, which a machine without its updates has, would show every
 * time since then an hour ahead. Data that know of it are believed in everything that comes later. */

typedef enum {
  CASA_ZONE_DATA_CURRENT,
  CASA_ZONE_DATA_OUTDATED, /* older than tz database 2026c */
  CASA_ZONE_DATA_MISSING   /* UTC+1 is used for what was before, wrong by an hour in Ramadan */
} CasaZoneData;

/* What this machine has, found out once. Any thread. */
CasaZoneData casa_city_zone_data(void);

/* The zone to tell the time @t_ms (UTC) in. (transfer none: kept for good) Any thread. */
GTimeZone *casa_city_zone(gint64 t_ms);

G_END_DECLS
