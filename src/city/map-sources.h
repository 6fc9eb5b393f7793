/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"

G_BEGIN_DECLS

/* Which stations the layers of the map are made of: config/map.conf, whose own comments say what each key means. Immutable
 * after load: any thread may read. */

typedef enum {
  CASA_MAP_OF_DISTRICTS,
  CASA_MAP_OF_LAMPS,
  CASA_MAP_OF_ROADS,
  CASA_MAP_OF_BOARDINGS,
  CASA_MAP_OF_WIND,
  CASA_MAP_OF_FIELD,
  CASA_MAP_OF_RAIN,
  CASA_N_MAP_SOURCES,
} CasaMapLayerId;

typedef struct {
  char *kind, *metric; /* NULL: the layer is not drawn */
  char *from_metric;   /* wind: where it comes from, degrees */
  char *event;         /* rain: drawn while an event of this kind is told; no @kind then. NULL: not drawn */
  CasaText title, unit, limit_name;
  double min, max;
  double limit;   /* NAN none */
  double isoline; /* a line every so much; 0 none */
  double least;   /* field and wind: shown from this value on */
  gboolean per_km2;
  char **fast; /* roads: classes whose free speed is @free_fast; NULL-terminated */
  double free_kmh, free_fast_kmh;
} CasaMapSource;

typedef struct _CasaMapSources CasaMapSources;

/* Reads @dir/map.conf; where it is missing or wrong, what was built into the program, and *@out_fault (transfer full) says why;
 * NULL: nothing was wrong, or there is no such file. (transfer full) */
CasaMapSources *casa_map_sources_load(const char *dir, GError **out_fault);
void casa_map_sources_free(CasaMapSources *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapSources, casa_map_sources_free)

/* What layer @id is made of; never NULL. (transfer none) */
const CasaMapSource *casa_map_sources_get(const CasaMapSources *self, CasaMapLayerId id);

G_END_DECLS
