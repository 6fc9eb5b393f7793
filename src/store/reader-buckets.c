/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

/* Rollups are behind the journal by a few seconds (after a backfill: more). So the minutes that newer samples touch are
 * read from the raw samples instead, and their hours from the minutes: what a reader sees is right at every moment,
 * with late and replaced values too. */

/* A tail longer than this (a backfill that upkeep has not caught up with) is found by time, not walked. */
#define TAIL_WALK 5000

typedef struct {
  CasaReader *reader;
  gint64 row;
  const gint64 *touched; /* minutes, ascending */
  guint n_touched;
  GArray *out;     /* CasaBucket; while it is built, `mean` holds the sum */
  gint64 width_ms; /* of `out` */
} Building;

static void
merge(GArray *buckets, gint64 width_ms, const CasaBucket *in)
{
  gint64 t = width_ms > 0 ? casa_floor_to(in->t_ms, width_ms) : in->t_ms;
  CasaBucket *at = buckets->len > 0 ? &g_array_index(buckets, CasaBucket, buckets->len - 1) : NULL;
  if (at && at->t_ms == t) {
    at->n += in->n;
    at->min = MIN(at->min, in->min);
    at->max = MAX(at->max, in->max);
    at->mean += in->mean;
    at->last = in->last;
  } else {
    CasaBucket fresh = *in;
    fresh.t_ms = t;
    g_array_append_val(buckets, fresh);
  }
}

static sqlite3_stmt *
rows(const Building *b, guint which, gint64 from_ms, gint64 to_ms)
{
  sqlite3_stmt *stmt = casa_reader_sql(b->reader, which);
  if (!stmt)
    return NULL;
  sqlite3_bind_int64(stmt, 1, b->row);
  sqlite3_bind_int64(stmt, 2, from_ms);
  sqlite3_bind_int64(stmt, 3, to_ms);
  return stmt;
}

/* @which: CASA_READ_RAW for a whole range, CASA_READ_MINUTE inside a walk over rollups. */
static gboolean
add_raw(Building *b, guint which, gint64 from_ms, gint64 to_ms)
{
  sqlite3_stmt *stmt = rows(b, which, from_ms, to_ms);
  if (!stmt)
    return FALSE;
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    double v = sqlite3_column_double(stmt, 1);
    CasaBucket in = { sqlite3_column_int64(stmt, 0), 1, v, v, v, v };
    merge(b->out, b->width_ms, &in);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE;
}

static gboolean add_minutes(Building *b, gint64 from_ms, gint64 to_ms);

/* One bucket of @level that starts at @t_ms, from the level below. */
static gboolean
add_anew(Building *b, CasaLevel level, gint64 t_ms)
{
  return level == CASA_LEVEL_MINUTE ? add_raw(b, CASA_READ_MINUTE, t_ms, t_ms + CASA_MINUTE_MS)
                                    : add_minutes(b, t_ms, t_ms + CASA_HOUR_MS);
}

static CasaBucket
read_rollup(sqlite3_stmt *stmt)
{
  return (CasaBucket){
    .t_ms = sqlite3_column_int64(stmt, 0),
    .n = (guint) sqlite3_column_int64(stmt, 1),
    .mean = sqlite3_column_double(stmt, 2),
    .min = sqlite3_column_double(stmt, 3),
    .max = sqlite3_column_double(stmt, 4),
    .last = sqlite3_column_double(stmt, 5),
  };
}

/* Rollups of [from, to) and the buckets in @anew[@n] (ascending, in the range), merged in time order. */
static gboolean
add_rollups(Building *b, CasaLevel level, gint64 from_ms, gint64 to_ms, const gint64 *anew, guint n)
{
  sqlite3_stmt *stmt = rows(b, level == CASA_LEVEL_HOUR ? CASA_READ_HOURS : CASA_READ_MINUTES, from_ms, to_ms);
  gboolean ok = stmt != NULL;
  int code = SQLITE_DONE;
  guint at = 0;
  while (ok && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
    CasaBucket in = read_rollup(stmt);
    for (; ok && at < n && anew[at] < in.t_ms; at++)
      ok = add_anew(b, level, anew[at]);
    if (at < n && anew[at] == in.t_ms)
      continue; /* stale: read anew before the next row, or at the end */
    merge(b->out, b->width_ms, &in);
  }
  if (stmt)
    sqlite3_reset(stmt);
  for (; ok && at < n; at++)
    ok = add_anew(b, level, anew[at]);
  return ok && code == SQLITE_DONE;
}

static gboolean
add_minutes(Building *b, gint64 from_ms, gint64 to_ms)
{
  guint first = 0, end;
  while (first < b->n_touched && b->touched[first] < from_ms)
    first++;
  for (end = first; end < b->n_touched && b->touched[end] < to_ms; end++)
    ;
  return add_rollups(b, CASA_LEVEL_MINUTE, from_ms, to_ms, b->touched + first, end - first);
}

static gboolean
add_hours(Building *b, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 floor = casa_reader_meta(b->reader, "minute_floor_ms");
  for (guint i = 0; i < b->n_touched; i++) {
    gint64 hour = casa_floor_to(b->touched[i], CASA_HOUR_MS);
    if (hour >= floor && hour >= from_ms && hour < to_ms)
      g_array_append_val(hours, hour);
  }
  casa_times_unique(hours);
  return add_rollups(b, CASA_LEVEL_HOUR, from_ms, to_ms, (const gint64 *) hours->data, hours->len);
}

GArray *
casa_reader_buckets(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms,
                    const gint64 *touched, guint n_touched)
{
  g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  Building b = { self, row, touched, n_touched, out, width_ms };
  gboolean ok = level == CASA_LEVEL_RAW      ? add_raw(&b, CASA_READ_RAW, from_ms, to_ms)
                : level == CASA_LEVEL_MINUTE ? add_minutes(&b, from_ms, to_ms)
                                             : add_hours(&b, from_ms, to_ms);
  for (guint i = 0; i < out->len; i++) {
    CasaBucket *bucket = &g_array_index(out, CasaBucket, i);
    bucket->mean /= bucket->n;
  }
  return ok ? g_steal_pointer(&out) : NULL;
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

void
casa_times_unique(GArray *times)
{
  gint64 *t = (gint64 *) times->data;
  guint kept = 0;
  g_array_sort(times, compare_times);
  for (guint i = 0; i < times->len; i++)
    if (kept == 0 || t[i] != t[kept - 1])
      t[kept++] = t[i];
  g_array_set_size(times, kept);
}

GArray *
casa_reader_touched(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GArray) minutes = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 watermark = casa_reader_meta(self, "watermark"), floor = casa_reader_meta(self, "raw_floor_ms");
  gboolean walk = casa_reader_last_id(self) - watermark <= TAIL_WALK;
  sqlite3_stmt *stmt = casa_reader_sql(self, walk ? CASA_READ_TAIL_BY_ID : CASA_READ_TAIL_BY_TIME);
  if (!stmt)
    return NULL;
  sqlite3_bind_int64(stmt, 1, row);
  sqlite3_bind_int64(stmt, 2, MAX(from_ms, floor));
  sqlite3_bind_int64(stmt, 3, to_ms);
  sqlite3_bind_int64(stmt, 4, watermark);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    gint64 minute = casa_floor_to(sqlite3_column_int64(stmt, 0), CASA_MINUTE_MS);
    if (minutes->len == 0 || g_array_index(minutes, gint64, minutes->len - 1) != minute)
      g_array_append_val(minutes, minute);
  }
  sqlite3_reset(stmt);
  casa_times_unique(minutes);
  return code == SQLITE_DONE ? g_steal_pointer(&minutes) : NULL;
}

GArray *
casa_reader_level(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms)
{
  if (level == CASA_LEVEL_RAW)
    return casa_reader_buckets(self, row, level, from_ms, to_ms, width_ms, NULL, 0);
  /* To the end of the last bucket: what a rollup holds of it, its raw samples shall hold as well. */
  gint64 unit = level == CASA_LEVEL_HOUR ? CASA_HOUR_MS : CASA_MINUTE_MS;
  gint64 end = to_ms < G_MAXINT64 - unit ? casa_floor_to(to_ms - 1, unit) + unit : to_ms;
  g_autoptr(GArray) touched = casa_reader_touched(self, row, from_ms, end);
  return touched ? casa_reader_buckets(self, row, level, from_ms, to_ms, width_ms, (const gint64 *) touched->data,
                                       touched->len)
                 : NULL;
}
