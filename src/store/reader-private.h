/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/block-row.h"
#include "store/db.h"
#include "store/reader.h"
#include "store/rollup.h"
#include "store/tail.h"

G_BEGIN_DECLS

enum {
  CASA_READ_BEGIN,
  CASA_READ_END,
  CASA_READ_META,
  CASA_READ_OWN_FLOORS,
  CASA_READ_OWN_FLOOR,
  CASA_READ_TAIL,
  CASA_READ_SEALED_ID,
  CASA_READ_SPOT_BEFORE,
  CASA_READ_SPOT_AFTER,
  CASA_READ_AMOUNTS,
  CASA_READ_BLOCKS,
  CASA_READ_BLOCK,
  CASA_READ_HOURS,
  CASA_READ_DAYS,
  CASA_READ_FIRST_HOUR,
  CASA_READ_LAST_HOUR,
  CASA_READ_SERIES,
  CASA_READ_MEMBERS,
  CASA_READ_GAPS,
  CASA_READ_DROPPED,
  CASA_READ_EVENTS,
  CASA_READ_REPORTS,
  CASA_READ_OUTBOX,
  CASA_READ_REFUSALS,
  CASA_READ_REFUSED,
  CASA_READ_N,
};

struct _CasaReader {
  char *path;
  sqlite3 *db;
  CasaStatements statements;
  GArray *tails;      /* CasaTail by series: what no block holds */
  gint64 tail_seen;   /* ids up to here are in the tails, or were sealed */
  gint64 tail_sealed; /* ids up to here are in no tail */
  gint64 begun_us;    /* the last snapshot, monotonic; 0: none since it rested */
  gint64 raw_floor;   /* of the snapshot: samples before this time may be gone */
  gint64 own_floor;   /* likewise: the highest of the sources' own, 0: none has one */
  gboolean said_damage;
};

/* What a reader takes its buckets from. */
typedef enum { CASA_LEVEL_RAW, CASA_LEVEL_HOUR } CasaLevel;

sqlite3_stmt *casa_reader_sql(CasaReader *self, guint which); /* Statement CASA_READ_…; NULL when it cannot be prepared */
/* casa_db_fail() for this reader. Always FALSE. */
gboolean casa_reader_fail(CasaReader *self, const char *doing, GError **error);

/* Goes on with the file that its writer has put back; part of begin. */
void casa_reader_follow(CasaReader *self);

/* --- reader-walk.c; all but begin between begin and end, @row: row id of a series --- */

/* One snapshot for what must fit together (blocks, journal, hours). begin/end pair up; end never fails. */
gboolean casa_reader_begin(CasaReader *self);
void casa_reader_end(CasaReader *self); /* Ends the snapshot */
/* Samples of this series before this time may be gone. */
gint64 casa_reader_floor(CasaReader *self, gint64 row);
/* What the series has in the journal only. NULL: SQLite said no. Valid until end. */
const CasaTail *casa_reader_tail(CasaReader *self, gint64 row);
/* Block that begins last at or before @t_ms, or first @after it. */
gboolean casa_reader_spot(CasaReader *self, gboolean after, gint64 row, gint64 t_ms, CasaSpot *out);
/* @each of the samples of [from, to), ascending; it returns FALSE to stop. A damaged block is passed over. FALSE: SQLite
 * said no. */
typedef gboolean (*CasaSampleFunc)(const CasaSample *sample, gpointer data);
/* One call for each sample. */
gboolean casa_reader_walk(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, CasaSampleFunc each, gpointer data);
/* The same in runs: each call has @n samples that follow one another, valid until it returns. */
typedef gboolean (*CasaRunFunc)(const CasaSample *samples, guint n, gpointer data);
/* One call for each run. */
gboolean casa_reader_walk_runs(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, CasaRunFunc each, gpointer data);
/* Not less than there are in [from, to), and at most two blocks more; counting ends above @limit. -1: SQLite said no. */
gint64 casa_reader_amount(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, gint64 limit);
/* Newest sample. *out_found FALSE: there is none that can be read. */
gboolean casa_reader_newest(CasaReader *self, gint64 row, gboolean *out_found, CasaSample *out);
/* First and last time over samples and hours; first > last: it is empty. FALSE: SQLite said no. */
gboolean casa_reader_extent(CasaReader *self, gint64 row, gint64 *out_first, gint64 *out_last);

/* --- reader-buckets.c --- */

/* Buckets of @width_ms (0: raw rows) of [from, to), ascending. @level HOUR: from the hours, save for those that unsealed
 * samples touch, which are read anew. NULL: SQLite said no. (element-type CasaBucket) (transfer full). */
GArray *casa_reader_buckets(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms);
/* The same, one by one as they are finished; @each returns FALSE to stop. FALSE: SQLite said no. */
typedef gboolean (*CasaBucketFunc)(const CasaBucket *bucket, gpointer data);
/* Arguments as casa_reader_buckets(). */
gboolean casa_reader_each_bucket(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms,
                                 CasaBucketFunc each, gpointer data);
/* Raw rows merged to @width_ms. */
void casa_buckets_merge(GArray *buckets, gint64 width_ms);

G_END_DECLS
