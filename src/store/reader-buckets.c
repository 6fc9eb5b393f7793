/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

/* Buckets come from the samples, which unpack at some 100 million a second, or for long ranges from the hours. Hours know
 * what is sealed; those that unsealed samples touch are read anew from the samples, so that what a reader sees is right
 * at every moment, with late and replaced values too. */

typedef struct {
  CasaReader *reader;
  gint64 row;
  GArray *out;     /* CasaBucket; while it is built, `mean` holds the sum */
  gint64 width_ms; /* of `out` */
} Building;

static void
add(Building *b, const CasaBucket *in)
{
  gint64 t = b->width_ms > 0 ? casa_floor_to(in->t_ms, b->width_ms) : in->t_ms;
  CasaBucket *at = b->out->len > 0 ? &g_array_index(b->out, CasaBucket, b->out->len - 1) : NULL;
  if (at && at->t_ms == t) {
    at->n += in->n;
    at->min = MIN(at->min, in->min);
    at->max = MAX(at->max, in->max);
    at->mean += in->mean;
    at->last = in->last;
  } else {
    CasaBucket fresh = *in;
    fresh.t_ms = t;
    g_array_append_val(b->out, fresh);
  }
}

static gboolean
sample_cb(const CasaSample *s, gpointer data)
{
  CasaBucket in = { s->t_ms, 1, s->value, s->value, s->value, s->value };
  add(data, &in);
  return TRUE;
}

static gboolean
add_raw(Building *b, gint64 from_ms, gint64 to_ms)
{
  return casa_reader_walk(b->reader, b->row, from_ms, to_ms, sample_cb, b);
}

static CasaBucket
read_hour(sqlite3_stmt *stmt)
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

/* Hours whose start is in [from, to) that unsealed samples touch, each once. NULL: SQLite said no. */
static GArray *
touched_hours(Building *b, gint64 from_ms, gint64 to_ms)
{
  const CasaTail *tail = casa_reader_tail(b->reader, b->row);
  gint64 floor = b->reader->raw_floor;
  if (!tail)
    return NULL;
  GArray *hours = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = casa_tail_at(tail, from_ms); i < tail->n; i++) {
    gint64 hour = casa_floor_to(tail->rows[i].t_ms, CASA_HOUR_MS);
    if (hour >= to_ms)
      break;
    if (hour >= MAX(floor, from_ms) && (hours->len == 0 || g_array_index(hours, gint64, hours->len - 1) != hour))
      g_array_append_val(hours, hour);
  }
  return hours;
}

static gboolean
add_hours(Building *b, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GArray) touched = touched_hours(b, from_ms, to_ms);
  sqlite3_stmt *stmt = casa_reader_sql(b->reader, CASA_READ_HOURS);
  gboolean ok = touched && stmt;
  guint at = 0;
  int code = SQLITE_DONE;
  if (!ok)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, b->row);
  sqlite3_bind_int64(stmt, 2, from_ms);
  sqlite3_bind_int64(stmt, 3, to_ms);
  const gint64 *hours = (const gint64 *) (void *) touched->data;
  while (ok && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
    CasaBucket in = read_hour(stmt);
    for (; ok && at < touched->len && hours[at] < in.t_ms; at++)
      ok = add_raw(b, hours[at], hours[at] + CASA_HOUR_MS);
    if (at < touched->len && hours[at] == in.t_ms)
      continue; /* stale: read anew before the next row, or at the end */
    add(b, &in);
  }
  sqlite3_reset(stmt);
  for (; ok && at < touched->len; at++)
    ok = add_raw(b, hours[at], hours[at] + CASA_HOUR_MS);
  return ok && code == SQLITE_DONE;
}

static void
means(GArray *buckets)
{
  for (guint i = 0; i < buckets->len; i++) {
    CasaBucket *bucket = &g_array_index(buckets, CasaBucket, i);
    bucket->mean /= bucket->n;
  }
}

GArray *
casa_reader_buckets(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms)
{
  g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  Building b = { self, row, out, width_ms };
  gboolean ok = level == CASA_LEVEL_RAW ? add_raw(&b, from_ms, to_ms) : add_hours(&b, from_ms, to_ms);
  means(out);
  return ok ? g_steal_pointer(&out) : NULL;
}

void
casa_buckets_merge(GArray *buckets, gint64 width_ms)
{
  g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  Building b = { .out = out, .width_ms = width_ms };
  for (guint i = 0; i < buckets->len; i++)
    add(&b, &g_array_index(buckets, CasaBucket, i));
  means(out);
  g_array_set_size(buckets, 0);
  g_array_append_vals(buckets, out->data, out->len);
}
