/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

/* Widths that people read off an axis, ms. Above a day: whole days. */
static const gint64 widths[] = { 100,     200,     500,     1000,     2000,     5000,     10000,    15000,
                                 20000,   30000,   60000,   120000,   300000,   600000,   900000,   1200000,
                                 1800000, 3600000, 7200000, 10800000, 14400000, 21600000, 43200000, 86400000 };

static gint64
nice_width(gint64 at_least)
{
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++)
    if (widths[i] >= at_least)
      return widths[i];
  gint64 day = widths[G_N_ELEMENTS(widths) - 1];
  return (at_least + day - 1) / day * day;
}

/* Which level, and how wide, so that [from, to) fits in @max buckets. */
static CasaLevel
choose(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, guint max, gint64 *out_width)
{
  gint64 width = nice_width((to_ms - from_ms + max - 1) / max);
  gboolean has_raw = from_ms >= casa_reader_floor(self, row);
  *out_width = has_raw ? width : MAX(width, CASA_HOUR_MS);
  return has_raw && width < CASA_HOUR_MS ? CASA_LEVEL_RAW : CASA_LEVEL_HOUR;
}

/* Rows as they are where they are few enough. NULL and *out_ok: they are not. */
static GArray *
raw_rows(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, guint max, gboolean *out_ok)
{
  gint64 limit = (gint64)max + 2 * CASA_BLOCK_MAX, n = casa_reader_amount(self, row, from_ms, to_ms, limit);
  *out_ok = n >= 0;
  if (n < 0 || n > limit || from_ms < casa_reader_floor(self, row))
    return NULL;
  GArray *rows = casa_reader_buckets(self, row, CASA_LEVEL_RAW, from_ms, to_ms, 0);
  *out_ok = rows != NULL;
  return rows;
}

static GArray *
read_series(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, guint max, gint64 *out_width)
{
  gint64 first, last;
  gboolean ok;
  *out_width = 0;
  if (!casa_reader_extent(self, row, &first, &last))
    return NULL;
  if (MAX(from_ms, first) > MIN(to_ms - 1, last))
    return g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  /* An open range ("everything") is as long as the data. */
  from_ms = MAX(from_ms, first);
  to_ms = MIN(to_ms - 1, last) + 1;
  GArray *rows = raw_rows(self, row, from_ms, to_ms, max, &ok);
  if (!ok || (rows && rows->len <= max))
    return rows;
  CasaLevel level = choose(self, row, from_ms, to_ms, max, out_width);
  if (rows && level == CASA_LEVEL_RAW) {
    casa_buckets_merge(rows, *out_width);
    return rows;
  }
  g_clear_pointer(&rows, g_array_unref);
  if (level == CASA_LEVEL_HOUR)
    from_ms = casa_floor_to(from_ms, *out_width);
  return casa_reader_buckets(self, row, level, from_ms, to_ms, *out_width);
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
    buckets = read_series(self, (gint64)series + 1, from_ms, to_ms, MAX(max_buckets, 1), &width);
  if (!buckets)
    casa_reader_fail(self, "read a series", error);
  casa_reader_end(self);
  if (out_width_ms)
    *out_width_ms = width;
  return buckets;
}

GArray *
casa_reader_steps(CasaReader *self, guint series, gint64 from_ms, gint64 to_ms, gint64 width_ms, GError **error)
{
  GArray *buckets = NULL;
  if (casa_reader_begin(self))
    buckets = casa_reader_buckets(self, (gint64)series + 1, CASA_LEVEL_RAW, casa_floor_to(from_ms, width_ms), to_ms, width_ms);
  if (!buckets)
    casa_reader_fail(self, "read a series", error);
  casa_reader_end(self);
  return buckets;
}
