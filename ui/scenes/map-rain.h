/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/map-sources.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* How strongly it rains by what is told, 0…1: the strongest event of the kind that @source names; 0: none is on. */
double casa_map_rain_told(CasaModel *model, const CasaMapSource *source);

G_END_DECLS
