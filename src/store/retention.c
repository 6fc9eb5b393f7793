/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/rollup.h"
#include "store/store-private.h"

/* Old samples go by age, then by size: blocks that end before a cut-off, and the front of those that lie across it, series
 * by series in short steps. Cut-offs lie on whole hours, and the file remembers the highest (raw_floor_ms), so that an
 * hour is never reckoned anew from part of its samples. The journal is not touched here: what an InfluxDB in use has not
 * acknowledged waits there, however old. */

#define STEP_US 4000
#define BLOCKS_PER_STEP 100

static gboolean
drop_range(CasaStore *self, gint64 from_key, gint64 to_key)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_EXPIRE_BLOCKS);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, from_key);
  sqlite3_bind_int64(stmt, 2, to_key);
  sqlite3_bind_int64(stmt, 3, BLOCKS_PER_STEP);
  return casa_stmt_run(stmt);
}

/* The samples of a block before @cutoff go. */
static gboolean
cut(CasaStore *self, gint64 row, const CasaSpot *spot, gint64 cutoff)
{
  g_array_set_size(self->scratch, 0);
  if (!casa_store_take_block(self, spot->key, self->scratch))
    return FALSE;
  const CasaTail block = { (CasaSample *)(void *)self->scratch->data, self->scratch->len, 0 };
  guint at = casa_tail_at(&block, cutoff);
  return casa_store_write_blocks(self, row, block.rows + at, block.n - at, CASA_BLOCK_MAX);
}

/* One bite of one series. *out_done: it has nothing older than @cutoff any more. */
static gboolean
expire_series(CasaStore *self, gint64 row, gint64 cutoff, gboolean *out_done)
{
  CasaSpot first, last;
  gint64 begin = casa_block_key(row, G_MININT64);
  if (!casa_store_spot(self, FALSE, row, cutoff - 1, &last))
    return FALSE;
  *out_done = last.key == 0;
  if (*out_done)
    return TRUE;
  if (!casa_store_spot(self, TRUE, row, G_MININT64, &first))
    return FALSE;
  if (first.key != 0 && first.key < last.key)
    return drop_range(self, begin, last.key);
  return last.t_last < cutoff ? drop_range(self, begin, last.key + 1) : cut(self, row, &last, cutoff);
}

static gboolean
has_old(CasaStore *self, gint64 row, gint64 cutoff, gboolean *out_old)
{
  CasaSpot spot;
  gboolean ok = casa_store_spot(self, FALSE, row, cutoff - 1, &spot);
  *out_old = spot.key != 0;
  return ok;
}

/* Series from pass->series on, for as long as a step may last. */
static gboolean
expire_step(CasaStore *self, CasaRetentionPass *pass, gint64 cutoff)
{
  gint64 begun = casa_clock_mono_us(), floor = MAX(self->raw_floor, cutoff);
  gboolean writing = FALSE, done = TRUE;
  for (; pass->series < self->saved_series && casa_clock_mono_us() - begun < STEP_US; pass->series += done) {
    gboolean old;
    if (!has_old(self, (gint64)pass->series + 1, cutoff, &old))
      return FALSE;
    done = !old;
    if (!old)
      continue;
    if (!writing && !(casa_store_begin(self) && casa_store_set_meta(self, "raw_floor_ms", floor)))
      return FALSE;
    writing = pass->any = TRUE;
    if (!expire_series(self, (gint64)pass->series + 1, cutoff, &done))
      return FALSE;
  }
  if (!writing)
    return TRUE;
  if (!casa_store_commit(self))
    return FALSE;
  self->raw_floor = floor;
  return TRUE;
}

/* --- By size --- */

/* FALSE: SQLite said no. */
static gboolean
is_too_large(CasaStore *self, gboolean *out)
{
  gint64 pages = 0, unused = 0, size = 0;
  gboolean ok = casa_db_int(self->db, "PRAGMA page_count", &pages) && casa_db_int(self->db, "PRAGMA freelist_count", &unused) &&
                casa_db_int(self->db, "PRAGMA page_size", &size);
  *out = (pages - unused) * size > self->options.max_size;
  return ok;
}

static gboolean
look_for_oldest(CasaStore *self, CasaRetentionPass *pass)
{
  gint64 begun = casa_clock_mono_us();
  CasaSpot spot;
  for (; pass->series < self->saved_series && casa_clock_mono_us() - begun < STEP_US; pass->series++) {
    if (!casa_store_spot(self, TRUE, (gint64)pass->series + 1, G_MININT64, &spot))
      return FALSE;
    if (spot.key != 0) {
      pass->oldest = MIN(pass->oldest, spot.t_first);
      pass->newest = MAX(pass->newest, spot.t_last);
    }
  }
  return TRUE;
}

/* Two per cent of what time there is, an hour at least. */
static gint64
size_cutoff(const CasaRetentionPass *pass, gint64 now_ms)
{
  gint64 bite = MAX((MAX(pass->newest, now_ms) - pass->oldest) / 50, CASA_HOUR_MS);
  return casa_floor_to(pass->oldest + bite, CASA_HOUR_MS);
}

static void
say_once(CasaStore *self)
{
  if (!self->said_size)
    g_message("store %s: has grown to max_size (%" G_GINT64_FORMAT " MB): the oldest samples go as new ones come", self->path,
              self->options.max_size / 1000000);
  self->said_size = TRUE;
}

static gboolean
next_phase(CasaStore *self, CasaRetentionPass *pass, CasaRetentionPhase phase)
{
  gboolean too_large = FALSE;
  if (phase == CASA_RETENTION_LOOK && self->options.max_size > 0 && !is_too_large(self, &too_large))
    return FALSE;
  pass->phase = phase == CASA_RETENTION_LOOK && !too_large ? CASA_RETENTION_DONE : phase;
  pass->series = 0;
  pass->any = FALSE;
  if (phase == CASA_RETENTION_LOOK) {
    pass->oldest = G_MAXINT64;
    pass->newest = G_MININT64;
  }
  return TRUE;
}

static gboolean
by_size(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms)
{
  if (pass->phase == CASA_RETENTION_LOOK) {
    if (!look_for_oldest(self, pass))
      return FALSE;
    if (pass->series >= self->saved_series)
      return next_phase(self, pass, pass->oldest < G_MAXINT64 ? CASA_RETENTION_SIZE : CASA_RETENTION_DONE);
    return TRUE;
  }
  say_once(self);
  if (!expire_step(self, pass, size_cutoff(pass, now_ms)))
    return FALSE;
  return pass->series < self->saved_series || next_phase(self, pass, pass->any ? CASA_RETENTION_LOOK : CASA_RETENTION_DONE);
}

gboolean
casa_store_retention_step(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms, gboolean *out_more, GError **error)
{
  gboolean ok = TRUE;
  if (pass->phase == CASA_RETENTION_AGE) {
    if (self->options.retention_ms > 0)
      ok = expire_step(self, pass, casa_floor_to(now_ms - self->options.retention_ms, CASA_HOUR_MS));
    if (ok && (self->options.retention_ms <= 0 || pass->series >= self->saved_series))
      ok = next_phase(self, pass, CASA_RETENTION_LOOK);
  } else if (pass->phase != CASA_RETENTION_DONE) {
    ok = by_size(self, pass, now_ms);
  }
  *out_more = ok && pass->phase != CASA_RETENTION_DONE;
  return ok || casa_store_undo(self, "let old data go", error);
}
