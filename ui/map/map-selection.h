/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-picture.h"

G_BEGIN_DECLS

/* What can be touched on the map, and what is under a point. Pure but for reading the picture. */

typedef enum {
  CASA_MAP_NOTHING,
  CASA_MAP_STATION, /* a badge: key is CasaMapBadge.key */
  CASA_MAP_VEHICLE, /* key is the vehicle's */
  CASA_MAP_STOP,
  CASA_MAP_LINE,
  CASA_MAP_DISTRICT,
} CasaMapItemKind;

typedef struct {
  CasaMapItemKind kind;
  guint key;                    /* station, vehicle */
  const CasaStop *stop;         /* stop */
  const CasaLine *line;         /* stop, line, vehicle (may be NULL) */
  const CasaDistrict *district; /* district */
  CasaLonLat at;
} CasaMapItem;

gboolean casa_map_item_equal(const CasaMapItem *a, const CasaMapItem *b); /* Whether both are the same thing */

/* What lies under @x, @y, the smallest and topmost first: badge, vehicle, stop (when stops are drawn), line, district. */
CasaMapItem casa_map_lookup_item(CasaMapPicture *picture, double x, double y);

/* The next (@direction 1) or previous (-1) thing in sight after @item, for who goes by keys: badges, vehicles, stops, lines,
 * districts, each from left to right. CASA_MAP_NOTHING before the first and after the last. */
CasaMapItem casa_map_step_item(CasaMapPicture *picture, const CasaMapItem *item, int direction);

/* Radius in pixels of the mark round it; 0 for lines and districts. */
double casa_map_item_radius(CasaMapPicture *picture, const CasaMapItem *item);

G_END_DECLS
