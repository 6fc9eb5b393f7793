/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* The stations that stand on a map, and what is written at them: those of @field (NULL: none) with their class, those of the
 * kinds that other domains put on the map (`map_kinds`) with their unit, unless the map is of that field
 * @alone, and those of the teams, marked as such, with whose
 * they are. What moves is drawn otherwise. A station without a known place, or without any value yet, is left out. GTK thread
 * only. Returns CasaMapBadge. (transfer full) */
GArray *casa_map_stations_read(CasaModel *model, const CasaIndicator *field, gboolean alone);

G_END_DECLS
