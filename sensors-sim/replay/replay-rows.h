/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "csv.h"
#include "replay-map.h"

G_BEGIN_DECLS

/* A table's rows as readings. What cannot be used is told with its line, and left out; the rest of its row is kept. One
 * thread. */
typedef struct _CasaSimRows CasaSimRows;

#define CASA_SIM_REPLAY_MAX_STATIONS 10000

/* A station that the table spoke of. */
typedef struct {
  char *id, *topic, *name;
  gboolean told; /* it had a reading, so that it is among the news */
  gboolean has_position;
  CasaLonLat at;
} CasaSimReplayStation;

typedef struct {
  gint64 t_ms;           /* as recorded */
  const char *topic;     /* valid as long as the rows */
  const GString *values; /* `,"pm10":41.5,…`: what stands behind the time; valid until the next row */
  guint n_values;
} CasaSimRow;

typedef struct {
  guint64 rows;         /* read, without the header */
  guint64 bad_rows;     /* of them, skipped with a complaint */
  guint64 empty_rows;   /* of them, without any reading: all cells missing */
  guint64 invalid_rows; /* of them, that the table itself calls invalid */
  guint64 bad_cells;    /* left out of rows that were used */
} CasaSimRowCounts;

/* Told once per trouble: `"PM10": "abc" is no number: …`. @line: of the table. */
typedef void (*CasaSimComplain)(gpointer data, guint64 line, const char *text);

/* Reads the header. @csv, @map and @metrics outlive it. CASA_ERROR_DATA: the table has no header, or lacks a column that the
 * mapping names. */
CasaSimRows *casa_sim_rows_new(CasaSimCsv *csv, const CasaSimMap *map, const CasaMetrics *metrics, const char *root,
                               const char *source, CasaSimComplain complain, gpointer data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_sim_rows_free(CasaSimRows *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimRows, casa_sim_rows_free)

/* The next readings of one station at one moment: a row of several stations or hours gives several. FALSE: there are no
 * more. */
gboolean casa_sim_rows_next(CasaSimRows *self, CasaSimRow *out);
void casa_sim_rows_counts(const CasaSimRows *self, CasaSimRowCounts *out); /* Of what was read so far */

guint casa_sim_rows_n_stations(const CasaSimRows *self); /* Those that had a reading so far */

/* Stations to tell of, in the order in which they became known; one whose position came later is there twice. */
guint casa_sim_rows_n_news(const CasaSimRows *self);
const CasaSimReplayStation *casa_sim_rows_news(const CasaSimRows *self, guint i); /* @i less than their number */

G_END_DECLS
