/* SPDX-License-Identifier: Apache-2.0 */
#include "store/put-private.h"

/* Where a sample goes whose time is ours and is taken. It lies behind the newest one of its series when the clock was set
 * back, or when the device gave times ahead of ours before; both the journal and the blocks may have samples there. */

/* Blocks that are unpacked for one sample: two hold a second of a sample each millisecond. Those of values that pack badly hold
 * one each. */
#define BLOCKS_MOST 4

typedef struct {
  CasaStore *store;
  gint64 row;
  CasaTail held; /* samples of the block that was looked at last */
  guint at;      /* those before are earlier than all that is still asked for */
  guint loaded;
} Search;

/* Moves on in @of to @t, which only grows, and says whether it is there. */
static gboolean
advance(const CasaTail *of, guint *at, gint64 t)
{
  while (*at < of->n && of->rows[*at].t_ms < t)
    (*at)++;
  return *at < of->n && of->rows[*at].t_ms == t;
}

/* The block that @t falls into, if there is one. */
static gboolean
hold_block(Search *s, gint64 t)
{
  CasaSpot spot;
  gboolean damaged;
  s->held = (CasaTail){ 0 };
  s->at = 0;
  if (!casa_store_spot(s->store, FALSE, s->row, t, &spot))
    return FALSE;
  if (spot.key == 0 || spot.t_last < t)
    return TRUE;
  g_array_set_size(s->store->scratch, 0);
  s->loaded++;
  if (!casa_store_load_block(s->store, spot.key, s->store->scratch, &damaged))
    return FALSE;
  s->held = (CasaTail){ (CasaSample *)(void *)s->store->scratch->data, s->store->scratch->len, 0 };
  return TRUE;
}

static gboolean
is_sealed(Search *s, gint64 t, gboolean *out)
{
  if ((s->at >= s->held.n || s->held.rows[s->held.n - 1].t_ms < t) && !hold_block(s, t))
    return FALSE;
  *out = advance(&s->held, &s->at, t);
  return TRUE;
}

gboolean
casa_put_free_time(CasaStore *self, const CasaRecent *recent, guint series, gint64 asked, gint64 *t)
{
  gint64 until = MIN(asked + CASA_ARRIVAL_CROWD_MS, recent->newest_t);
  Search s = { .store = self, .row = (gint64)series + 1 };
  guint at = casa_tail_at(&recent->tail, *t);
  for (; *t < until && s.loaded <= BLOCKS_MOST; (*t)++) {
    gboolean taken = advance(&recent->tail, &at, *t);
    if (!taken && !is_sealed(&s, *t, &taken))
      return FALSE;
    if (!taken)
      return TRUE;
  }
  if (*t <= recent->newest_t)
    *t = recent->newest_t + 1;
  return TRUE;
}
