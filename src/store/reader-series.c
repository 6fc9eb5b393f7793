/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

/* Widths that people read off an axis, ms. Above a day: whole days. */
static const gint64 widths[] = { 100,     200,     500,     1000,     2000,     5000,     10000,    15000,    20000,   30000,
                                 60000,   120000,  300000,  600000,   900000,   1200000,  1800000,  3600000,  7200000, 10800000,
                                 14400000, 21600000, 43200000, 86400000 };

/* Raw rows per wanted bucket that may be read and merged before the coarser minutes are taken instead. */
#define RAW_PER_BUCKET 20

static gint64
nice_width(gint64 at_least)
{
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++)
    if (widths[i] >= at_least)
      return widths[i];
  gint64 day = widths[G_N_ELEMENTS(widths) - 1];
  return (at_least + day - 1) / day * day;
}

/* Raw rows in the range, counted in the index alone and no further than @limit. -1: SQLite said no. */
static gint64
count_raw(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, gint64 limit)
{
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_COUNT);
  if (!stmt)
    return -1;
  sqlite3_bind_int64(stmt, 1, row);
  sqlite3_bind_int64(stmt, 2, from_ms);
  sqlite3_bind_int64(stmt, 3, to_ms);
  sqlite3_bind_int64(stmt, 4, limit);
  gint64 n = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
  sqlite3_reset(stmt);
  return n;
}

/* Which level, and how wide, so that [from, to) fits in @max buckets. */
static CasaLevel
choose(CasaReader *self, gint64 from_ms, gint64 to_ms, guint max, gint64 n_raw, gint64 *out_width)
{
  gint64 width = nice_width((to_ms - from_ms + max - 1) / max);
  gboolean has_raw = from_ms >= casa_reader_meta(self, "raw_floor_ms");
  *out_width = 0;
  if (has_raw && n_raw <= max)
    return CASA_LEVEL_RAW;
  *out_width = width;
  if (has_raw && width < CASA_MINUTE_MS && n_raw <= (gint64) max * RAW_PER_BUCKET)
    return CASA_LEVEL_RAW;
  *out_width = MAX(width, CASA_MINUTE_MS);
  if (width < CASA_HOUR_MS && from_ms >= casa_reader_meta(self, "minute_floor_ms"))
    return CASA_LEVEL_MINUTE;
  *out_width = MAX(width, CASA_HOUR_MS);
  return CASA_LEVEL_HOUR;
}

static GArray *
read_series(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, guint max, gint64 *out_width)
{
  gint64 first, last;
  *out_width = 0;
  if (!casa_reader_extent(self, row, &first, &last) || MAX(from_ms, first) > MIN(to_ms - 1, last))
    return g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  /* An open range ("everything") is as long as the data. */
  from_ms = MAX(from_ms, first);
  to_ms = MIN(to_ms - 1, last) + 1;
  gint64 n_raw = count_raw(self, row, from_ms, to_ms, (gint64) max * RAW_PER_BUCKET + 1);
  if (n_raw < 0)
    return NULL;
  CasaLevel level = choose(self, from_ms, to_ms, max, n_raw, out_width);
  if (*out_width > 0 && level != CASA_LEVEL_RAW)
    from_ms = casa_floor_to(from_ms, *out_width);
  return casa_reader_level(self, row, level, from_ms, to_ms, *out_width);
}

GArray *
casa_reader_series(CasaReader *self, guint series, gint64 from_ms, gint64 to_ms, guint max_buckets, gint64 *out_width_ms,
                   GError **error)
{
  gint64 width = 0;
  GArray *buckets = NULL;
  if (to_ms <= from_ms)
    buckets = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  else if (casa_reader_begin(self))
    buckets = read_series(self, (gint64) series + 1, from_ms, to_ms, MAX(max_buckets, 1), &width);
  if (!buckets)
    casa_reader_fail(self, "read a series", error);
  casa_reader_end(self);
  if (out_width_ms)
    *out_width_ms = width;
  return buckets;
}
