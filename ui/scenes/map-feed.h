/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/map/map.h"

G_BEGIN_DECLS

/* From what the city's stations say to what the map shows, by config/map.conf: knows no metric and no kind by name. GTK thread
 * only. */
typedef struct _CasaMapFeed CasaMapFeed;

/* Both outlive it. */
CasaMapFeed *casa_map_feed_new(CasaModel *model, CasaMap *map);
void casa_map_feed_free(CasaMapFeed *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapFeed, casa_map_feed_free)

/* The model has news: once a second. TRUE when the districts or the field are shown as map.conf says; FALSE where no station
 * says anything of the kind, and what the map shows is left to the caller. */
gboolean casa_map_feed_update(CasaMapFeed *self);
/* A vehicle moved; @key is its station. */
void casa_map_feed_vehicle(CasaMapFeed *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb);

/* The district that takes least current now against its own highest of this run and what is usual for the others: *@share of it
 * (0…1), less than half; NULL: none. For who tells of it. */
const CasaDistrict *casa_map_feed_dark_district(CasaMapFeed *self, double *share);

G_END_DECLS
