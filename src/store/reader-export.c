/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

typedef struct {
  CasaReader *reader;
  const CasaExportQuery *query;
  CasaExportFunc each;
  gpointer data;
  gboolean stopped;
  GPatternSpec *source, *domain, *station, *metric; /* NULL: all */
} Export;

typedef struct {
  gint64 row;
  char *source, *domain, *station, *metric;
} Wanted;

static void
wanted_clear(gpointer data)
{
  Wanted *w = data;
  g_free(w->source);
  g_free(w->domain);
  g_free(w->station);
  g_free(w->metric);
}

static GPatternSpec *
pattern(const char *glob)
{
  return glob ? g_pattern_spec_new(glob) : NULL;
}

static gboolean
matches(GPatternSpec *spec, const char *text)
{
  return !spec || g_pattern_spec_match_string(spec, text);
}

static char *
text(sqlite3_stmt *stmt, int i)
{
  return g_strdup((const char *)sqlite3_column_text(stmt, i));
}

/* Read first, walked afterwards: a long export then holds one snapshot per series, not one that keeps the -wal growing. */
static GArray *
list_wanted(Export *export)
{
  g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(Wanted));
  g_array_set_clear_func(wanted, wanted_clear);
  sqlite3_stmt *stmt = casa_reader_sql(export->reader, CASA_READ_SERIES);
  if (!stmt)
    return NULL;
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    Wanted w = { sqlite3_column_int64(stmt, 0), text(stmt, 1), text(stmt, 2), text(stmt, 3), text(stmt, 4) };
    if (matches(export->source, w.source) && matches(export->domain, w.domain) && matches(export->station, w.station) &&
        matches(export->metric, w.metric))
      g_array_append_val(wanted, w);
    else
      wanted_clear(&w);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE ? g_steal_pointer(&wanted) : NULL;
}

static CasaExportRow
row_of(const Wanted *w)
{
  return (CasaExportRow){ .source = w->source, .domain = w->domain, .station = w->station, .metric = w->metric };
}

typedef struct {
  Export *export;
  CasaExportRow row;
} RawRow;

static gboolean
raw_cb(const CasaSample *sample, gpointer data)
{
  RawRow *raw = data;
  raw->row.t_ms = sample->t_ms;
  raw->row.value = raw->row.min = raw->row.max = sample->value;
  raw->row.received_ms = sample->received_ms;
  raw->row.n = 1;
  raw->export->stopped = !raw->export->each(&raw->row, raw->export->data);
  return !raw->export->stopped;
}

static gboolean
read_raw(Export *export, const Wanted *w)
{
  RawRow raw = { export, row_of(w) };
  return casa_reader_walk(export->reader, w->row, export->query->from_ms, export->query->to_ms, raw_cb, &raw);
}

/* Hours only where their borders are the borders asked for, or where the samples have gone. */
static CasaLevel
level_for(Export *export, gint64 row, gint64 from_ms, gint64 to_ms, gboolean open_start, gboolean open_end)
{
  if (export->query->every_ms % CASA_HOUR_MS != 0)
    return CASA_LEVEL_RAW;
  if ((open_start || from_ms % CASA_HOUR_MS == 0) && (open_end || to_ms % CASA_HOUR_MS == 0))
    return CASA_LEVEL_HOUR;
  return from_ms < casa_reader_floor(export->reader, row) ? CASA_LEVEL_HOUR : CASA_LEVEL_RAW;
}

static gboolean
bucket_cb(const CasaBucket *bucket, gpointer data)
{
  RawRow *out = data;
  out->row.t_ms = bucket->t_ms;
  out->row.value = bucket->mean;
  out->row.min = bucket->min;
  out->row.max = bucket->max;
  out->row.n = bucket->n;
  out->export->stopped = !out->export->each(&out->row, out->export->data);
  return !out->export->stopped;
}

/* One bucket after the other, so that none but the current one is held, however many there are. */
static gboolean
read_buckets(Export *export, const Wanted *w)
{
  const CasaExportQuery *q = export->query;
  gint64 first, last, from = q->from_ms, to = q->to_ms;
  if (!casa_reader_extent(export->reader, w->row, &first, &last))
    return FALSE;
  if (first > last)
    return TRUE;
  gboolean open_start = from <= first, open_end = to > last;
  from = MAX(from, first);
  to = MIN(to, last < G_MAXINT64 ? last + 1 : last);
  CasaLevel level = level_for(export, w->row, from, to, open_start, open_end);
  if (level == CASA_LEVEL_HOUR)
    from = casa_floor_to(from, CASA_HOUR_MS);
  RawRow out = { export, row_of(w) };
  return casa_reader_each_bucket(export->reader, w->row, level, from, to, q->every_ms, bucket_cb, &out);
}

/* A snapshot for each series, so that a long export does not hold the -wal. */
static gboolean
export_series(Export *export, const Wanted *w, GError **error)
{
  gboolean ok =
    casa_reader_begin(export->reader) && (export->query->every_ms > 0 ? read_buckets(export, w) : read_raw(export, w));
  if (!ok)
    casa_reader_fail(export->reader, "export", error);
  casa_reader_end(export->reader);
  return ok;
}

gboolean
casa_reader_export(CasaReader *self, const CasaExportQuery *query, CasaExportFunc each, gpointer data, GError **error)
{
  Export export = { .reader = self, .query = query, .each = each, .data = data };
  export.source = pattern(query->source);
  export.domain = pattern(query->domain);
  export.station = pattern(query->station);
  export.metric = pattern(query->metric);
  g_autoptr(GArray) wanted = list_wanted(&export);
  gboolean ok = wanted || casa_reader_fail(self, "export", error);
  for (guint i = 0; ok && !export.stopped && i < wanted->len; i++)
    ok = export_series(&export, &g_array_index(wanted, Wanted, i), error);
  g_clear_pointer(&export.source, g_pattern_spec_free);
  g_clear_pointer(&export.domain, g_pattern_spec_free);
  g_clear_pointer(&export.station, g_pattern_spec_free);
  g_clear_pointer(&export.metric, g_pattern_spec_free);
  return ok;
}
