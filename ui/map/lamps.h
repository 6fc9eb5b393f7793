/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* Street lamps by night: a dot stands for CASA_MAP_LAMPS_PER_DOT of them, spread over each district by its area and its
 * people, denser near stops and along avenues. The spread is invented, the same at every start, and the legend says what a
 * dot is. Each district has its own picture, so that one alone can go dark. One thread at a time. */
#define CASA_MAP_LAMPS_PER_DOT 25
#define CASA_MAP_LAMPS_TOTAL                                                                                                   \
  151000 /* Casablanca: 6,040 dots; an order of magnitude, by the lamps per head of Moroccan cities */

/* Where the dots of each district of @city stand: GArray of CasaMapPoint whose value is the brightness (0…1), as many as there
 * are districts. Takes some tens of milliseconds. (transfer full) */
GPtrArray *casa_map_lamps_spread(const CasaCity *city);
/* For one picture of the city that @dots are of. */
CasaMapLamps *casa_map_lamps_new(const CasaMapView *view, const CasaMapBase *base, const GPtrArray *dots, double device_scale);
void casa_map_lamps_free(CasaMapLamps *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapLamps, casa_map_lamps_free)

/* Adds the light to what is there; @darkness and CasaMapDistrict.lit say how much. */
void casa_map_lamps_paint(const CasaMapLamps *self, cairo_t *cr, const CasaMapBase *base);

G_END_DECLS
