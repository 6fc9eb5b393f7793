/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

#include "base/clock.h"

/* A reader's samples: the blocks of a series, and what only the journal has. The journal has no index, so a reader keeps
 * what is unsealed by series, and looks at the start of each snapshot what came since. A sample that replaces another has
 * its time and a higher id; one that is sealed has an id that its series says is sealed. So nothing else need be told. */

static gboolean
read_new(CasaReader *self)
{
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_TAIL);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, self->tail_seen);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    gint64 t_ms = sqlite3_column_int64(stmt, 2);
    guint row = (guint)sqlite3_column_int64(stmt, 1);
    CasaSample sample = { sqlite3_column_int64(stmt, 0), t_ms, t_ms + sqlite3_column_int64(stmt, 4),
                          casa_value_column(stmt, 3) };
    if (row >= self->tails->len)
      g_array_set_size(self->tails, row + 1);
    casa_tail_put(&g_array_index(self->tails, CasaTail, row), &sample);
    self->tail_seen = sample.id;
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE;
}

static gboolean
read_meta(CasaReader *self, const char *key, gint64 *out)
{
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_META);
  if (stmt)
    sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
  return casa_stmt_int(stmt, out);
}

gint64
casa_reader_floor(CasaReader *self, gint64 row)
{
  gint64 own = 0;
  sqlite3_stmt *stmt = self->own_floor > self->raw_floor ? casa_reader_sql(self, CASA_READ_OWN_FLOOR) : NULL;
  if (stmt)
    sqlite3_bind_int64(stmt, 1, row);
  return stmt && casa_stmt_int(stmt, &own) ? MAX(own, self->raw_floor) : self->raw_floor;
}

/* Follows the journal. */
static gboolean
refresh(CasaReader *self)
{
  gint64 sealed = 0;
  if (!read_meta(self, "sealed", &sealed) || !read_meta(self, "raw_floor_ms", &self->raw_floor) ||
      !casa_stmt_int(casa_reader_sql(self, CASA_READ_OWN_FLOORS), &self->own_floor))
    return FALSE;
  if (sealed > self->tail_sealed) {
    for (guint i = 0; i < self->tails->len; i++)
      casa_tail_drop(&g_array_index(self->tails, CasaTail, i), sealed);
    self->tail_sealed = sealed;
    self->tail_seen = MAX(self->tail_seen, sealed);
  }
  return read_new(self);
}

gboolean
casa_reader_begin(CasaReader *self)
{
  casa_reader_follow(self);
  self->begun_us = casa_clock_mono_us();
  return casa_stmt_run(casa_reader_sql(self, CASA_READ_BEGIN)) && refresh(self);
}

void
casa_reader_end(CasaReader *self)
{
  if (!sqlite3_get_autocommit(self->db) && !casa_stmt_run(casa_reader_sql(self, CASA_READ_END)))
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
}

const CasaTail *
casa_reader_tail(CasaReader *self, gint64 row)
{
  static const CasaTail none = { NULL, 0, 0 };
  if (row <= 0 || row >= self->tails->len)
    return &none;
  CasaTail *tail = &g_array_index(self->tails, CasaTail, row);
  if (tail->n == 0)
    return tail;
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_SEALED_ID);
  gint64 sealed_id = 0;
  if (stmt)
    sqlite3_bind_int64(stmt, 1, row);
  if (!casa_stmt_int(stmt, &sealed_id))
    return NULL;
  casa_tail_drop(tail, sealed_id);
  return tail;
}

gboolean
casa_reader_spot(CasaReader *self, gboolean after, gint64 row, gint64 t_ms, CasaSpot *out)
{
  sqlite3_stmt *stmt = casa_reader_sql(self, after ? CASA_READ_SPOT_AFTER : CASA_READ_SPOT_BEFORE);
  *out = (CasaSpot){ 0 };
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, casa_block_key(row, t_ms));
  sqlite3_bind_int64(stmt, 2, casa_block_key(row, after ? G_MAXINT64 : G_MININT64));
  return casa_spot_read(stmt, out);
}

/* Unpacks the block in @stmt's row. 0: it is damaged, which is said once. */
static guint
unpack(CasaReader *self, sqlite3_stmt *stmt, CasaSample *out)
{
  CasaBlock block;
  const char *why;
  casa_block_column(stmt, &block);
  if (casa_block_decode(&block, out, &why))
    return block.n;
  if (!self->said_damage)
    g_message("store %s: a block of series %" G_GINT64_FORMAT " from %" G_GINT64_FORMAT " ms on is damaged: %s; the others "
              "are shown, a backup may still have it (docs/STORE.md)",
              self->path, (gint64)sqlite3_column_int64(stmt, 0) >> 43, block.t_first, why);
  self->said_damage = TRUE;
  return 0;
}

/* Blocks of @row that may hold samples of [from, to): a statement over them, not yet stepped. */
static sqlite3_stmt *
blocks_of(CasaReader *self, guint which, gint64 row, gint64 from_ms, gint64 to_ms)
{
  CasaSpot spot;
  sqlite3_stmt *stmt = casa_reader_sql(self, which);
  if (!stmt || !casa_reader_spot(self, FALSE, row, from_ms, &spot))
    return NULL;
  sqlite3_bind_int64(stmt, 1, spot.key != 0 && spot.t_last >= from_ms ? spot.key : casa_block_key(row, from_ms));
  sqlite3_bind_int64(stmt, 2, casa_block_key(row, to_ms));
  return stmt;
}

typedef struct {
  const CasaTail *tail;
  guint at; /* in the tail */
  gint64 from_ms, to_ms;
  CasaRunFunc each;
  gpointer data;
} Walk;

/* Rows of the tail up to @t_ms. FALSE: @each wants no more. */
static gboolean
tail_until(Walk *w, gint64 t_ms)
{
  guint begin = w->at;
  while (w->at < w->tail->n && w->tail->rows[w->at].t_ms <= t_ms)
    w->at++;
  return w->at == begin || w->each(w->tail->rows + begin, w->at - begin, w->data);
}

/* The block's samples, those of the tail between them; a row of the tail takes the place of the block's of the same time. */
static gboolean
walk_block(Walk *w, const CasaSample *samples, guint n)
{
  const CasaTail block = { (CasaSample *)samples, n, 0 };
  guint i = casa_tail_at(&block, w->from_ms), end = w->to_ms > samples[n - 1].t_ms ? n : casa_tail_at(&block, w->to_ms);
  while (i < end) {
    gboolean tailed = w->at < w->tail->n && w->tail->rows[w->at].t_ms <= samples[end - 1].t_ms;
    guint stop = tailed ? casa_tail_at(&block, w->tail->rows[w->at].t_ms) : end;
    stop = MAX(stop, i);
    if (stop > i && !w->each(samples + i, stop - i, w->data))
      return FALSE;
    if (!tailed)
      return TRUE;
    /* Rows of the tail before the next sample that is not replaced. */
    gint64 until = w->tail->rows[w->at].t_ms;
    i = stop < end && samples[stop].t_ms == until ? stop + 1 : stop;
    if (!tail_until(w, until))
      return FALSE;
  }
  return TRUE;
}

gboolean
casa_reader_walk_runs(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, CasaRunFunc each, gpointer data)
{
  CasaSample samples[CASA_BLOCK_MAX];
  Walk w = { .tail = casa_reader_tail(self, row), .from_ms = from_ms, .to_ms = to_ms, .each = each, .data = data };
  sqlite3_stmt *stmt = w.tail ? blocks_of(self, CASA_READ_BLOCKS, row, from_ms, to_ms) : NULL;
  gboolean going = TRUE;
  int code = SQLITE_DONE;
  if (!stmt)
    return FALSE;
  w.at = casa_tail_at(w.tail, from_ms);
  while (going && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
    guint n = unpack(self, stmt, samples);
    going = n == 0 || walk_block(&w, samples, n);
  }
  sqlite3_reset(stmt);
  if (going && code == SQLITE_DONE && to_ms > G_MININT64)
    tail_until(&w, to_ms - 1);
  return !going || code == SQLITE_DONE;
}

typedef struct {
  CasaSampleFunc each;
  gpointer data;
} OneByOne;

static gboolean
run_cb(const CasaSample *samples, guint n, gpointer data)
{
  const OneByOne *one = data;
  for (guint i = 0; i < n; i++)
    if (!one->each(&samples[i], one->data))
      return FALSE;
  return TRUE;
}

gboolean
casa_reader_walk(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, CasaSampleFunc each, gpointer data)
{
  OneByOne one = { each, data };
  return casa_reader_walk_runs(self, row, from_ms, to_ms, run_cb, &one);
}

gint64
casa_reader_amount(CasaReader *self, gint64 row, gint64 from_ms, gint64 to_ms, gint64 limit)
{
  const CasaTail *tail = casa_reader_tail(self, row);
  sqlite3_stmt *stmt = tail ? blocks_of(self, CASA_READ_AMOUNTS, row, from_ms, to_ms) : NULL;
  if (!stmt)
    return -1;
  gint64 n = casa_tail_at(tail, to_ms) - casa_tail_at(tail, from_ms);
  int code = SQLITE_DONE;
  while (n <= limit && (code = sqlite3_step(stmt)) == SQLITE_ROW)
    n += sqlite3_column_int64(stmt, 0);
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE ? n : -1;
}

gboolean
casa_reader_newest(CasaReader *self, gint64 row, gboolean *out_found, CasaSample *out)
{
  CasaSample samples[CASA_BLOCK_MAX];
  CasaSpot spot;
  const CasaTail *tail = casa_reader_tail(self, row);
  *out_found = FALSE;
  *out = (CasaSample){ 0 };
  if (!tail || !casa_reader_spot(self, FALSE, row, G_MAXINT64, &spot))
    return FALSE;
  if (tail->n > 0 && (spot.key == 0 || tail->rows[tail->n - 1].t_ms >= spot.t_last)) {
    *out = tail->rows[tail->n - 1];
    return *out_found = TRUE;
  }
  if (spot.key == 0)
    return TRUE;
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_BLOCK);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, spot.key);
  int code = sqlite3_step(stmt);
  guint n = code == SQLITE_ROW ? unpack(self, stmt, samples) : 0;
  sqlite3_reset(stmt);
  *out_found = n > 0;
  if (n > 0)
    *out = samples[n - 1];
  return code == SQLITE_ROW;
}

static gboolean
read_hour(CasaReader *self, guint which, gint64 row, gint64 *out)
{
  sqlite3_stmt *stmt = casa_reader_sql(self, which);
  if (stmt)
    sqlite3_bind_int64(stmt, 1, row);
  return casa_stmt_int(stmt, out);
}

gboolean
casa_reader_extent(CasaReader *self, gint64 row, gint64 *out_first, gint64 *out_last)
{
  CasaSpot first, last;
  const CasaTail *tail = casa_reader_tail(self, row);
  *out_first = G_MAXINT64;
  *out_last = G_MININT64;
  if (!tail || !read_hour(self, CASA_READ_FIRST_HOUR, row, out_first) ||
      !casa_reader_spot(self, TRUE, row, G_MININT64, &first) || !casa_reader_spot(self, FALSE, row, G_MAXINT64, &last))
    return FALSE;
  if (first.key != 0) {
    *out_first = MIN(*out_first, first.t_first);
    *out_last = last.t_last;
  }
  if (tail->n > 0) {
    *out_first = MIN(*out_first, tail->rows[0].t_ms);
    *out_last = MAX(*out_last, tail->rows[tail->n - 1].t_ms);
  }
  return *out_last > G_MININT64 || read_hour(self, CASA_READ_LAST_HOUR, row, out_last);
}

GArray *
casa_reader_latest(CasaReader *self, GError **error)
{
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(CasaLatest));
  gint64 n = 0;
  gboolean ok = casa_reader_begin(self) && casa_db_int(self->db, "SELECT max(id) FROM series", &n);
  for (gint64 row = 1; ok && row <= n; row++) {
    CasaSample newest;
    gboolean any;
    ok = casa_reader_newest(self, row, &any, &newest);
    CasaLatest latest = { (guint)row - 1, newest.t_ms, newest.received_ms, newest.value };
    if (ok && any)
      g_array_append_val(found, latest);
  }
  if (!ok)
    casa_reader_fail(self, "read the latest samples", error);
  casa_reader_end(self);
  return ok ? g_steal_pointer(&found) : NULL;
}
