/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store-private.h"

/* How samples of a series join its blocks. Blocks of one series never overlap. New samples join the last block while it has
 * room; late ones join the block whose time they fall into, which is split when it overflows. */

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
  return casa_store_write_blocks(self, row, (const CasaSample *)(void *)self->merged->data, n, size);
}

gboolean
casa_store_seal_group(CasaStore *self, gint64 row, const CasaTail *rows, guint *out_n)
{
  Group g = { .rows = rows->rows };
  if (!casa_store_spot(self, FALSE, row, g.rows[0].t_ms, &g.before) ||
      !casa_store_spot(self, TRUE, row, g.rows[0].t_ms, &g.after))
    return FALSE;
  g.n = g.after.key == 0 ? rows->n : casa_tail_at(rows, g.after.t_first);
  *out_n = g.n;
  return seal_group(self, row, &g);
}
