/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store-private.h"

/* What the writer remembers of each series, so that most samples need no look into the file. */

static void
recent_clear(gpointer data)
{
  CasaRecent *recent = data;
  casa_tail_clear(&recent->tail);
  g_free(recent->ring);
}

GArray *
casa_recents_new(void)
{
  GArray *recents = g_array_new(FALSE, TRUE, sizeof(CasaRecent));
  g_array_set_clear_func(recents, recent_clear);
  return recents;
}

CasaRecent *
casa_store_recent(CasaStore *self, guint series)
{
  if (series >= self->recent->len)
    g_array_set_size(self->recent, MAX(series + 1, casa_catalogue_n_series(self->catalogue)));
  return &g_array_index(self->recent, CasaRecent, series);
}

/* --- Sequence numbers: only where the time is ours, since otherwise the same time already says "the same". --- */

void
casa_seq_ring_add(CasaSeqRing *ring, gint64 seq, double value)
{
  /* Back at 0 or 1: the device has restarted, and what it counted before says nothing any more. */
  if (ring->n > 0 && seq <= 1 && seq < ring->seq[(ring->next + CASA_SEQ_RING - 1) % CASA_SEQ_RING])
    ring->n = ring->next = 0;
  ring->seq[ring->next] = seq;
  ring->value[ring->next] = value;
  ring->next = (ring->next + 1) % CASA_SEQ_RING;
  ring->n = MIN(ring->n + 1, CASA_SEQ_RING);
}

gboolean
casa_seq_ring_has(const CasaSeqRing *ring, gint64 seq, double value)
{
  if (seq <= 1 && ring->n > 0 && seq < ring->seq[(ring->next + CASA_SEQ_RING - 1) % CASA_SEQ_RING])
    return FALSE;
  for (guint i = 0; i < ring->n; i++)
    if (ring->seq[i] == seq && ring->value[i] == value)
      return TRUE;
  return FALSE;
}

/* The ring that was read longest ago makes room for that of @series. */
static void
note_ring(CasaStore *self, guint series)
{
  if (self->ringed->len < CASA_SEQ_RINGS) {
    g_array_append_val(self->ringed, series);
    return;
  }
  guint *oldest = &g_array_index(self->ringed, guint, self->ring_at);
  g_clear_pointer(&casa_store_recent(self, *oldest)->ring, g_free);
  *oldest = series;
  self->ring_at = (self->ring_at + 1) % CASA_SEQ_RINGS;
}

/* After a restart, and after many others', the ring is read back from the file: what was committed is what was acknowledged. */
gboolean
casa_store_load_ring(CasaStore *self, CasaRecent *recent, guint series)
{
  if (recent->ring)
    return TRUE;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_RECENT_SEQ);
  if (!stmt)
    return FALSE;
  g_autofree CasaSeqRing *ring = g_new0(CasaSeqRing, 1);
  sqlite3_bind_int64(stmt, 1, (gint64)series + 1);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
    casa_seq_ring_add(ring, sqlite3_column_int64(stmt, 0), sqlite3_column_double(stmt, 1));
  sqlite3_reset(stmt);
  if (code != SQLITE_DONE)
    return FALSE;
  note_ring(self, series);
  recent->ring = g_steal_pointer(&ring);
  return TRUE;
}
