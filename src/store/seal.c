/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/rollup.h"
#include "store/store-private.h"

/* Sealing: what a series has in the journal goes into its blocks, and into its hours, in one transaction that also notes
 * how far (series.sealed_id). A pass takes all series in steps of some 10 ms, and ends with one number for all of them
 * (meta.sealed). A kill at any moment leaves each series either before or after its step.
 *
 * Blocks of one series never overlap. New samples join the last block while it has room; late ones join the block whose
 * time they fall into, which is split when it overflows. */

/* A pass begins with this many samples (readers look through all of them when they open: some 30 ms), or when the
 * oldest has waited this long. */
#define SEAL_ROWS 100000
#define SEAL_AFTER_US (600 * G_USEC_PER_SEC)
#define STEP_US 8000 /* of work under the lock; the commit comes on top */

/* A run of new samples that belong together: between the block that begins before them and the next one. */
typedef struct {
  const CasaSample *rows;
  guint n;
  CasaSpot before, after;
} Group;

static gboolean
merge_into(CasaStore *self, const CasaSpot *spot, GArray *old)
{
  g_array_set_size(old, 0);
  return spot->key == 0 || casa_store_take_block(self, spot->key, old);
}

static void
merge(const GArray *old, const CasaSample *rows, guint n, GArray *out)
{
  guint a = 0, b = 0;
  g_array_set_size(out, 0);
  while (a < old->len || b < n) {
    const CasaSample *x = a < old->len ? &g_array_index(old, CasaSample, a) : NULL;
    const CasaSample *y = b < n ? &rows[b] : NULL;
    gboolean take_old = x && (!y || x->t_ms < y->t_ms);
    /* The same time in both cannot be, but if it were: the newer wins. */
    a += x && (take_old || x->t_ms == y->t_ms);
    b += !take_old;
    g_array_append_vals(out, take_old ? x : y, 1);
  }
}

/* The block that the group joins: the one it falls into, or a neighbour with room. */
static CasaSpot
partner(const Group *g)
{
  if (g->before.key != 0 && (g->rows[0].t_ms <= g->before.t_last || g->before.n < CASA_BLOCK_MAX))
    return g->before;
  if (g->after.key != 0 && g->after.n + g->n <= CASA_BLOCK_MAX)
    return g->after;
  return (CasaSpot){ 0 };
}

static gboolean
seal_group(CasaStore *self, gint64 row, const Group *g)
{
  CasaSpot with = partner(g);
  if (!merge_into(self, &with, self->scratch))
    return FALSE;
  merge(self->scratch, g->rows, g->n, self->merged);
  guint n = self->merged->len, parts = (n + CASA_BLOCK_MAX - 1) / CASA_BLOCK_MAX;
  /* At the end of a series blocks are filled up; in its middle they are left with room for more. */
  guint size = g->after.key == 0 ? CASA_BLOCK_MAX : (n + parts - 1) / parts;
  return casa_store_write_blocks(self, row, (const CasaSample *) (void *) self->merged->data, n, size);
}

static gboolean
seal_samples(CasaStore *self, gint64 row, const CasaTail *tail)
{
  for (guint at = 0; at < tail->n;) {
    Group g = { .rows = tail->rows + at };
    if (!casa_store_spot(self, FALSE, row, g.rows[0].t_ms, &g.before) ||
        !casa_store_spot(self, TRUE, row, g.rows[0].t_ms, &g.after))
      return FALSE;
    g.n = g.after.key == 0 ? tail->n - at : casa_tail_at(tail, g.after.t_first) - at;
    if (!seal_group(self, row, &g))
      return FALSE;
    at += g.n;
  }
  return TRUE;
}

/* The marks of samples with our own time are only needed to know a redelivery again. */
static gboolean
trim_untimed(CasaStore *self, gint64 row, CasaRecent *recent)
{
  if (recent->untimed <= CASA_SEQ_RING)
    return TRUE;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_TRIM_UNTIMED);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, row);
  return casa_stmt_run(stmt);
}

static gboolean
seal_series(CasaStore *self, guint series)
{
  CasaRecent *recent = casa_store_recent(self, series);
  gint64 row = (gint64) series + 1;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SEALED_ID);
  if (!stmt || !seal_samples(self, row, &recent->tail) || !casa_store_reckon_hours(self, row, &recent->tail) ||
      !trim_untimed(self, row, recent))
    return FALSE;
  sqlite3_bind_int64(stmt, 1, row);
  sqlite3_bind_int64(stmt, 2, atomic_load(&self->last_id));
  return casa_stmt_run(stmt);
}

static gboolean
finish_pass(CasaStore *self)
{
  return casa_store_set_meta(self, "sealed", self->pass_end) &&
         casa_store_set_meta(self, "last_received_ms", atomic_load(&self->last_received));
}

/* What is remembered follows once it is durable. */
static void
forget(CasaStore *self, guint from, guint to)
{
  for (guint i = from; i < to; i++) {
    CasaRecent *recent = casa_store_recent(self, i);
    self->unsealed -= recent->tail.n;
    if (recent->untimed > CASA_SEQ_RING)
      recent->untimed = CASA_SEQ_RING;
    casa_tail_clear(&recent->tail);
  }
}

static gboolean
work(CasaStore *self)
{
  gint64 begun = casa_clock_mono_us();
  guint at = self->pass_at;
  if (!casa_store_begin(self))
    return FALSE;
  for (; at < self->recent->len && casa_clock_mono_us() - begun < STEP_US; at++)
    if (casa_store_recent(self, at)->tail.n > 0 && !seal_series(self, at))
      return FALSE;
  gboolean finished = at >= self->recent->len;
  if ((finished && !finish_pass(self)) || !casa_store_commit(self))
    return FALSE;
  forget(self, self->pass_at, at);
  self->pass_at = at;
  if (finished) {
    self->sealed = self->pass_end;
    self->pass_end = 0;
  }
  return TRUE;
}

gboolean
casa_store_seal_step(CasaStore *self, gboolean all, gboolean *out_more, GError **error)
{
  *out_more = FALSE;
  if (self->pass_end == 0) {
    gboolean due = self->unsealed >= SEAL_ROWS || all ||
                   casa_clock_mono_us() - self->unsealed_since >= SEAL_AFTER_US;
    if (!due || self->unsealed == 0)
      return TRUE;
    self->pass_end = atomic_load(&self->last_id);
    self->pass_at = 0;
    self->unsealed_since = casa_clock_mono_us();
  }
  if (!work(self)) {
    casa_store_undo(self, "seal older samples", error);
    self->pass_end = 0;
    return FALSE;
  }
  *out_more = self->pass_end != 0;
  return TRUE;
}
