/* SPDX-License-Identifier: Apache-2.0 */
#include "city/city-zone.h"

#define CHANGE_S G_GINT64_CONSTANT(1789866000)   /* 2026-09-20T01:00:00Z, 02:00 of UTC+1 */
#define NOVEMBER_S G_GINT64_CONSTANT(1793491200) /* 2026-11-01: data that have UTC+1 here are older */

typedef struct {
  GTimeZone *before, *since; /* CHANGE_S */
  CasaZoneData data;
} Zones;

static gpointer
find_zones(gpointer unused)
{
  Zones *zones = g_new0(Zones, 1);
  GTimeZone *system = g_time_zone_new_identifier("Africa/Casablanca");
  int interval = system ? g_time_zone_find_interval(system, G_TIME_TYPE_UNIVERSAL, NOVEMBER_S) : -1;
  if (!system)
    zones->data = CASA_ZONE_DATA_MISSING;
  else if (interval < 0 || g_time_zone_get_offset(system, interval) != 0)
    zones->data = CASA_ZONE_DATA_OUTDATED;
  zones->before = system ? system : g_time_zone_new_offset(3600);
  zones->since = zones->data == CASA_ZONE_DATA_CURRENT ? system : g_time_zone_new_utc();
  return zones;
}

static const Zones *
get_zones(void)
{
  static GOnce once = G_ONCE_INIT;
  return g_once(&once, find_zones, NULL);
}

CasaZoneData
casa_city_zone_data(void)
{
  return get_zones()->data;
}

GTimeZone *
casa_city_zone(gint64 t_ms)
{
  const Zones *zones = get_zones();
  return t_ms < CHANGE_S * 1000 ? zones->before : zones->since;
}
