/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

/* Buckets come from the samples, which unpack at some 100 million a second, or for long ranges from the hours. Hours know
 * what is sealed; those that unsealed samples touch are read anew from the samples, so that what a reader sees is right
 * at every moment, with late and replaced values too. */

typedef struct {
  CasaReader *reader;
  gint64 row;
  gint64 width_ms;
  CasaBucketFunc each;
  gpointer data;
  CasaBucket at; /* the one that is being filled; n 0: none. `mean` holds the sum */
  gboolean stopped;
} Building;

/* Buckets come in order, so the one before is finished when another begins. */
static void
finish(Building *b)
{
  if (b->at.n == 0 || b->stopped)
    return;
  b->at.mean /= b->at.n;
  b->stopped = !b->each(&b->at, b->data);
  b->at.n = 0;
}

static void
add(Building *b, const CasaBucket *in)
{
  gint64 t = b->width_ms > 0 ? casa_floor_to(in->t_ms, b->width_ms) : in->t_ms;
  if (b->at.n > 0 && b->at.t_ms == t) {
    b->at.n += in->n;
    b->at.min = MIN(b->at.min, in->min);
    b->at.max = MAX(b->at.max, in->max);
    b->at.mean += in->mean;
    b->at.last = in->last;
  } else {
    finish(b);
    b->at = *in;
    b->at.t_ms = t;
  }
}

static gboolean
sample_cb(const CasaSample *s, gpointer data)
{
  Building *b = data;
  CasaBucket in = { s->t_ms, 1, s->value, s->value, s->value, s->value };
  add(b, &in);
  return !b->stopped;
}

static gboolean
add_raw(Building *b, gint64 from_ms, gint64 to_ms)
{
  return b->stopped || casa_reader_walk(b->reader, b->row, from_ms, to_ms, sample_cb, b);
}

static CasaBucket
read_hour(sqlite3_stmt *stmt)
{
  return (CasaBucket){
    .t_ms = sqlite3_column_int64(stmt, 0),
    .n = (guint)sqlite3_column_int64(stmt, 1),
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
  gint64 floor = casa_reader_floor(b->reader, b->row);
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

/* The hours that are reckoned, read to the end before any is used: a statement that is open while others fail would hide
 * why. */
static GArray *
read_hours(Building *b, gint64 from_ms, gint64 to_ms)
{
  sqlite3_stmt *stmt = casa_reader_sql(b->reader, CASA_READ_HOURS);
  if (!stmt)
    return NULL;
  g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  sqlite3_bind_int64(stmt, 1, b->row);
  sqlite3_bind_int64(stmt, 2, from_ms);
  sqlite3_bind_int64(stmt, 3, to_ms);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    CasaBucket hour = read_hour(stmt);
    g_array_append_val(hours, hour);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE ? g_steal_pointer(&hours) : NULL;
}

/* Touched hours before @until, from the *@at-th on, made anew. */
static gboolean
add_touched(Building *b, const GArray *touched, guint *at, gint64 until)
{
  for (; *at < touched->len && !b->stopped; (*at)++) {
    gint64 hour = g_array_index(touched, gint64, *at);
    if (hour >= until)
      break;
    if (!add_raw(b, hour, hour + CASA_HOUR_MS))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_hours(Building *b, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GArray) touched = touched_hours(b, from_ms, to_ms);
  g_autoptr(GArray) hours = touched ? read_hours(b, from_ms, to_ms) : NULL;
  guint at = 0;
  if (!hours)
    return FALSE;
  for (guint i = 0; i < hours->len && !b->stopped; i++) {
    const CasaBucket *hour = &g_array_index(hours, CasaBucket, i);
    if (!add_touched(b, touched, &at, hour->t_ms))
      return FALSE;
    gboolean stale = at < touched->len && g_array_index(touched, gint64, at) == hour->t_ms;
    if (!stale)
      add(b, hour);
  }
  return add_touched(b, touched, &at, G_MAXINT64);
}

gboolean
casa_reader_each_bucket(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms,
                        CasaBucketFunc each, gpointer data)
{
  Building b = { .reader = self, .row = row, .width_ms = width_ms, .each = each, .data = data };
  gboolean ok = level == CASA_LEVEL_RAW ? add_raw(&b, from_ms, to_ms) : add_hours(&b, from_ms, to_ms);
  if (ok)
    finish(&b);
  return ok;
}

static gboolean
collect_cb(const CasaBucket *bucket, gpointer data)
{
  g_array_append_vals(data, bucket, 1);
  return TRUE;
}

GArray *
casa_reader_buckets(CasaReader *self, gint64 row, CasaLevel level, gint64 from_ms, gint64 to_ms, gint64 width_ms)
{
  g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  gboolean ok = casa_reader_each_bucket(self, row, level, from_ms, to_ms, width_ms, collect_cb, out);
  return ok ? g_steal_pointer(&out) : NULL;
}

void
casa_buckets_merge(GArray *buckets, gint64 width_ms)
{
  g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(CasaBucket));
  Building b = { .width_ms = width_ms, .each = collect_cb, .data = out };
  for (guint i = 0; i < buckets->len; i++)
    add(&b, &g_array_index(buckets, CasaBucket, i));
  finish(&b);
  g_array_set_size(buckets, 0);
  g_array_append_vals(buckets, out->data, out->len);
}
