/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/keyfile.h"
#include "city/metrics.h"
#include "replay-time.h"

G_BEGIN_DECLS

/* How the columns of a table become readings: the file that --map names (docs/SIMULATOR.md, "Replay of real data"). Columns
 * are named as in the table's header, without regard to case, or by number (1 is the first). Immutable after load. */

/* One column of numbers. */
typedef struct {
  char *column;
  char *metric;            /* canonical when known */
  double factor, offset;   /* canonical = cell * factor + offset */
  const CasaMetric *known; /* NULL: a name of the team's own; owned by the metrics */
  char *station;           /* of this column alone; NULL: the row's */
} CasaSimMapValue;

typedef struct {
  char *source, *domain, *kind; /* source NULL: not set */
  char separator;               /* 0: as the header shows */
  char *encoding;
  char decimal;   /* '.', ',' or 0: either */
  char **missing; /* cells that mean "no reading", beside the empty one */
  gboolean simulated;
  char *valid_column;    /* of a flag: rows where it is a number of 0 or less are no readings; NULL: none */
  gboolean units_row;    /* the first row behind the header tells units */
  char *time_columns[2]; /* the second, or NULL, is joined to the first with a blank: date and hour */
  CasaSimTimeFormat time;
  char *station_column, *station_id; /* one of them */
  char *name_column, *name;
  char *lat_column, *lon_column;
  gboolean in_metric;           /* the station stands before the metric, in the metric's column */
  gboolean has_position, moves; /* moves: the columns are readings too */
  double lat, lon;
  GArray *values;                                   /* CasaSimMapValue */
  char *metric_column, *value_column, *unit_column; /* a row per metric; NULL when [value …] are used */
  char **hour_columns;                              /* a column for each hour, all of hour_value; NULL: none */
  guint first_hour;                                 /* of the day, that the first of them is dated with */
  CasaSimMapValue hour_value;                       /* its metric NULL: metric_column tells it */
  CasaSimTimeFormat hour_time;                      /* the date with " %H:%M" behind it */
  CasaKeyfile *file;
} CasaSimMap;

/* CASA_ERROR_CONFIG with file, line and key; CASA_ERROR_USAGE when there is no such file. @metrics outlives it. */
CasaSimMap *casa_sim_map_load(const char *path, const CasaMetrics *metrics, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes @file. */
CasaSimMap *casa_sim_map_new(CasaKeyfile *file, const CasaMetrics *metrics, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_sim_map_free(CasaSimMap *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimMap, casa_sim_map_free)

/* "Place de l'Étoile 2" → "place-de-l-etoile-2": what may stand in a topic, at most CASA_NAME_MAX bytes; "" when nothing is
 * left. (transfer full) */
char *casa_sim_map_slug(const char *text, char joint);

G_END_DECLS
