/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/db.h"
#include "store/reader.h"
#include "store/rollup.h"

G_BEGIN_DECLS

enum {
  CASA_READ_BEGIN,
  CASA_READ_END,
  CASA_READ_META,
  CASA_READ_LAST_ID,
  CASA_READ_RAW,
  CASA_READ_COUNT,
  CASA_READ_MINUTES,
  CASA_READ_HOURS,
  CASA_READ_MINUTE,
  CASA_READ_TAIL_BY_ID,
  CASA_READ_TAIL_BY_TIME,
  CASA_READ_TAIL_ALL,
  CASA_READ_FIRST,
  CASA_READ_LAST,
  CASA_READ_SERIES,
  CASA_READ_MEMBERS,
  CASA_READ_LATEST,
  CASA_READ_GAPS,
  CASA_READ_OUTBOX,
  CASA_READ_N,
};

struct _CasaReader {
  char *path;
  sqlite3 *db;
  CasaStatements statements;
};

/* What a reader takes its buckets from. */
typedef enum { CASA_LEVEL_RAW, CASA_LEVEL_MINUTE, CASA_LEVEL_HOUR } CasaLevel;

sqlite3_stmt *casa_reader_sql(CasaReader *self, guint which);
gboolean casa_reader_fail(CasaReader *self, const char *doing, GError **error);

/* One snapshot for what must fit together (rollups, watermark, tail). begin/end pair up; end never fails. */
gboolean casa_reader_begin(CasaReader *self);
void casa_reader_end(CasaReader *self);
gint64 casa_reader_meta(CasaReader *self, const char *key);
gint64 casa_reader_last_id(CasaReader *self);

/* First and last time of a series (@row: row id) over raw samples and hours. FALSE: empty. */
gboolean casa_reader_extent(CasaReader *self, gint64 row, gint64 *out_first, gint64 *out_last);

/* Starts of the minutes of [from, to) that samples after the watermark touch: their rollups are not right yet.
 * (element-type gint64) ascending, each once. NULL: SQLite said no. */
GArray *casa_reader_touched(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms);

/* Buckets of @width_ms (0: raw rows) of [from, to), ascending. @level MINUTE, HOUR: from rollups, save for what
 * @touched[@n_touched] says is to be read anew. NULL: SQLite said no. (element-type CasaBucket) (transfer full). */
GArray *casa_reader_buckets(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms,
                            gint64 width_ms, const gint64 *touched, guint n_touched);

/* The two together. */
GArray *casa_reader_level(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms);

/* Sorts times, and keeps one of each. */
void casa_times_unique(GArray *times);

G_END_DECLS
