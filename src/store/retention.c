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

/* By age all sources lose the same; by size one. */
static gboolean
note_floor(CasaStore *self, const CasaRetentionPass *pass, gint64 cutoff)
{
  if (pass->share)
    return casa_store_note_floor(self, pass->share->source, cutoff);
  return casa_store_set_meta(self, "raw_floor_ms", MAX(self->raw_floor, cutoff));
}

/* Series from pass->series on, for as long as a step may last. */
static gboolean
expire_step(CasaStore *self, CasaRetentionPass *pass, gint64 cutoff)
{
  gint64 begun = casa_clock_mono_us();
  gboolean writing = FALSE, done = TRUE;
  for (; pass->series < self->saved_series && casa_clock_mono_us() - begun < STEP_US; pass->series += done) {
    gboolean old = FALSE;
    if ((!pass->share || casa_store_is_of(self, pass->series, pass->share)) &&
        !has_old(self, (gint64)pass->series + 1, cutoff, &old))
      return FALSE;
    done = !old;
    if (!old)
      continue;
    if (!writing && !(casa_store_begin(self) && note_floor(self, pass, cutoff)))
      return FALSE;
    writing = pass->any = TRUE;
    if (!expire_series(self, (gint64)pass->series + 1, cutoff, &done))
      return FALSE;
  }
  if (!writing)
    return TRUE;
  if (!casa_store_commit(self))
    return FALSE;
  if (pass->share)
    casa_store_set_floor(self, pass->share->source, cutoff);
  else
    self->raw_floor = MAX(self->raw_floor, cutoff);
  return TRUE;
}

/* --- By size --- */

/* FALSE: SQLite said no. */
static gboolean
read_used(CasaStore *self, gint64 *out)
{
  gint64 pages = 0, unused = 0, size = 0;
  gboolean ok = casa_db_int(self->db, "PRAGMA page_count", &pages) && casa_db_int(self->db, "PRAGMA freelist_count", &unused) &&
                casa_db_int(self->db, "PRAGMA page_size", &size);
  *out = (pages - unused) * size;
  return ok;
}

/* Blocks of every source are weighed, some at once. */
static gboolean
look(CasaStore *self, CasaRetentionPass *pass)
{
  gint64 begun = casa_clock_mono_us();
  while (pass->series < self->saved_series && casa_clock_mono_us() - begun < STEP_US) {
    gboolean done;
    if (!casa_store_weigh(self, pass->series, &pass->key, &done))
      return FALSE;
    pass->series += done;
    pass->key = done ? 0 : pass->key;
  }
  return TRUE;
}

/* Two per cent of what time there is, an hour at least. */
static gint64
size_cutoff(const CasaShare *share, gint64 now_ms)
{
  gint64 bite = MAX((MAX(share->newest, now_ms) - share->oldest) / 50, CASA_HOUR_MS);
  return casa_floor_to(share->oldest + bite, CASA_HOUR_MS);
}

static void
say_once(CasaStore *self, const CasaShare *share)
{
  if (!self->said_size)
    g_message("store %s: has grown to max_size (%" G_GINT64_FORMAT
              " MB): the oldest samples go as new ones come, those of %s first",
              self->path, self->options.max_size / 1000000, share->source);
  self->said_size = TRUE;
}

static void
begin_phase(CasaRetentionPass *pass, CasaRetentionPhase phase)
{
  pass->phase = phase;
  pass->series = 0;
  pass->key = 0;
  pass->any = FALSE;
}

/* The next source that has to give something, if the file is still too large. */
static gboolean
next_share(CasaStore *self, CasaRetentionPass *pass)
{
  gint64 used = 0;
  if (!read_used(self, &used))
    return FALSE;
  pass->used = used;
  pass->share = used > self->options.max_size ? casa_store_largest_share(self) : NULL;
  if (pass->share)
    say_once(self, pass->share);
  begin_phase(pass, pass->share ? CASA_RETENTION_SIZE : CASA_RETENTION_DONE);
  return TRUE;
}

/* What went is reckoned off; who had nothing to give is asked no more. */
static gboolean
settle(CasaStore *self, CasaRetentionPass *pass, gint64 cutoff)
{
  CasaShare *share = g_hash_table_lookup(self->shares, pass->share->source);
  gint64 used = 0;
  if (!read_used(self, &used))
    return FALSE;
  share->oldest = cutoff;
  share->bytes = pass->any && cutoff <= share->newest ? MAX(share->bytes - MAX(pass->used - used, 0), 1) : 0;
  return TRUE;
}

/* After what age has taken: whether the file is too large, and what refused messages can give. */
static gboolean
squeeze(CasaStore *self, CasaRetentionPass *pass)
{
  gint64 used = 0;
  gboolean more = FALSE;
  if (self->options.max_size > 0 && !read_used(self, &used))
    return FALSE;
  if (used <= self->options.max_size) {
    pass->phase = CASA_RETENTION_DONE;
    return TRUE;
  }
  if (!casa_store_expire_refused(self, TRUE, &more))
    return FALSE;
  if (!more) {
    g_hash_table_remove_all(self->shares);
    begin_phase(pass, CASA_RETENTION_LOOK);
  }
  return TRUE;
}

static gboolean
by_size(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms)
{
  if (pass->phase == CASA_RETENTION_SQUEEZE)
    return squeeze(self, pass);
  if (pass->phase == CASA_RETENTION_LOOK) {
    if (!look(self, pass))
      return FALSE;
    return pass->series < self->saved_series || next_share(self, pass);
  }
  gint64 cutoff = size_cutoff(pass->share, now_ms);
  if (!expire_step(self, pass, cutoff))
    return FALSE;
  return pass->series < self->saved_series || (settle(self, pass, cutoff) && next_share(self, pass));
}

static gboolean
by_age(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms)
{
  gint64 retention = self->options.retention_ms;
  if (retention > 0 && !expire_step(self, pass, casa_floor_to(now_ms - retention, CASA_HOUR_MS)))
    return FALSE;
  if (retention <= 0 || pass->series >= self->saved_series)
    begin_phase(pass, CASA_RETENTION_SQUEEZE);
  return TRUE;
}

gboolean
casa_store_retention_step(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms, gboolean *out_more, GError **error)
{
  gboolean ok = TRUE, more = FALSE;
  switch (pass->phase) {
  case CASA_RETENTION_REFUSED:
    ok = casa_store_expire_refused(self, FALSE, &more);
    if (!more)
      pass->phase = CASA_RETENTION_AGE;
    break;
  case CASA_RETENTION_AGE: ok = by_age(self, pass, now_ms); break;
  case CASA_RETENTION_SQUEEZE:
  case CASA_RETENTION_LOOK:
  case CASA_RETENTION_SIZE: ok = by_size(self, pass, now_ms); break;
  case CASA_RETENTION_DONE: break;
  }
  *out_more = ok && pass->phase != CASA_RETENTION_DONE;
  return ok || casa_store_undo(self, "let old data go", error);
}
