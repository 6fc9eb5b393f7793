/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Who measures and what: every station and series the store knows, shared between threads. Append-only: what it returned
 * never changes. An identity, a series, and the names source, domain and station of any station stay until the catalogue is
 * freed. A station that is described anew is a new struct; the old one, with its kind and names, goes half a minute later,
 * since anybody may describe a station as often as he likes: look at it and let it go, or ask again by its id. */

typedef struct {
  guint id; /* dense, from 0 */
  char *source, *domain, *station;
  char *kind, *name, *name_ar; /* NULL until a descriptor says so */
  gboolean has_position;
  double lat, lon; /* from the descriptor; moving stations carry `lat`/`lon` series instead */
  gboolean simulated;
} CasaStation;

typedef struct {
  guint id;      /* dense, from 0; is the row id in the store minus 1 */
  guint station; /* CasaStation.id */
  char *metric;
} CasaSeriesInfo;

typedef struct _CasaCatalogue CasaCatalogue;

CasaCatalogue *casa_catalogue_new(void);       /* An empty one. (transfer full) */
void casa_catalogue_free(CasaCatalogue *self); /* NULL is fine. All pointers that it returned die with it. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaCatalogue, casa_catalogue_free)

/* Readers: any thread. NULL when @id is not there. */
const CasaStation *casa_catalogue_station(CasaCatalogue *self, guint id);
const CasaStation *casa_catalogue_identity(CasaCatalogue *self,
                                           guint id); /* To keep; only its id and first three names count */
const CasaSeriesInfo *casa_catalogue_series(CasaCatalogue *self, guint id); /* By CasaSeriesInfo.id. */
guint casa_catalogue_n_stations(CasaCatalogue *self);                       /* Ids of stations are below this */
guint casa_catalogue_n_series(CasaCatalogue *self);                         /* Ids of series are below this */
/* Changes whenever a station or series is added or a station is described anew. */
guint casa_catalogue_generation(CasaCatalogue *self);
/* G_MAXUINT when absent. */
guint casa_catalogue_find_station(CasaCatalogue *self, const char *source, const char *domain, const char *station);
guint casa_catalogue_find_series(CasaCatalogue *self, guint station, const char *metric); /* Of @metric at @station */

/* Writers: only the store, under its write lock. */
guint casa_catalogue_add_station(CasaCatalogue *self, const CasaStation *station); /* copies; id is assigned */
/* Replaces what is known of station @id; copies. */
void casa_catalogue_describe_station(CasaCatalogue *self, guint id, const CasaStation *station);
guint casa_catalogue_add_series(CasaCatalogue *self, guint station, const char *metric); /* Returns its id */

/* For tests: how many former descriptions are kept, and for how long (default 30 s of the time that readers had). Any
 * thread. */
guint casa_catalogue_n_retired(CasaCatalogue *self);
void casa_catalogue_set_patience(CasaCatalogue *self, gint64 us); /* that time, in microseconds */

G_END_DECLS
