/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/rollup.h"
#include "store/store-private.h"

/* Sealing: what a series has in the journal goes into its blocks, and into its hours, in one transaction that also notes
 * how far (series.sealed_id). A pass takes all series in steps of a few ms, and ends with one number for all of them
 * (meta.sealed). A series with much in the journal is taken in bites, by arrival, so that no transaction grows with what
 * came. A kill at any moment leaves each series either before or after its bite. */

/* A pass begins with this many samples (readers look through all of them when they open: some 30 ms), or when the
 * oldest has waited this long. */
#define SEAL_ROWS 100000
/* Of series with a sample or two each sealing costs as much as storing did, and saves little: those wait for more of them, as
 * far as readers can bear it. */
#define SEAL_PER_SERIES 4
#define SEAL_ROWS_MOST (4 * SEAL_ROWS)
#define SEAL_AFTER_US (600 * G_USEC_PER_SEC)

/* A transaction ends with the bite that reaches one of these: what a writer waits for under the lock, with the commit on
 * top, and rows written or removed, which bound the commit on any machine. */
#define STEP_US 4000
#define STEP_CHANGES 1000

/* Samples of a bite. Values that are no decimals may need a block each; a late sample may rewrite a block of its own, which
 * is some 30 us of work. */
#define BITE_ROWS (2 * CASA_BLOCK_MAX)
#define BITE_LATE 32

static gboolean
seal_samples(CasaStore *self, gint64 row, const CasaTail *tail)
{
  for (guint at = 0; at < tail->n;) {
    guint n;
    const CasaTail rest = { tail->rows + at, tail->n - at, 0 };
    if (!casa_store_seal_group(self, row, &rest, &n))
      return FALSE;
    at += n;
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

/* How many rows have ids in (from, to], and how many of those are not after @newest, but after @merged. */
static void
count_rows(const CasaTail *tail, gint64 from, gint64 to, gint64 newest, gint64 merged, guint *out_n, guint *out_late)
{
  *out_n = *out_late = 0;
  for (guint i = 0; i < tail->n; i++)
    if (tail->rows[i].id > from && tail->rows[i].id <= to) {
      (*out_n)++;
      *out_late += tail->rows[i].t_ms <= newest && tail->rows[i].t_ms > merged;
    }
}

static gint64
lowest_id(const CasaTail *tail, gint64 above)
{
  gint64 lowest = G_MAXINT64;
  for (guint i = 0; i < tail->n; i++)
    if (tail->rows[i].id > above)
      lowest = MIN(lowest, tail->rows[i].id);
  return lowest;
}

/* Up to which id the next bite goes: readers take everything above series.sealed_id from the journal, so bites follow the
 * arrival, whatever the times are. */
static gint64
bite_end(const CasaTail *tail, gint64 from, gint64 last, gint64 newest, gint64 merged)
{
  gint64 first = 0;
  for (gint64 to = last;;) {
    guint n, late;
    count_rows(tail, from, to, newest, merged, &n, &late);
    if (n <= BITE_ROWS && late <= BITE_LATE)
      return to;
    first = first ? first : lowest_id(tail, from);
    double share = MIN((double)BITE_ROWS / n, late > 0 ? (double)BITE_LATE / late : 1);
    to = MIN(first + (gint64)((double)(to - first) * share), to - 1);
  }
}

static CasaTail
rows_between(const CasaTail *tail, gint64 from, gint64 to, GArray *into)
{
  g_array_set_size(into, 0);
  for (guint i = 0; i < tail->n; i++)
    if (tail->rows[i].id > from && tail->rows[i].id <= to)
      g_array_append_val(into, tail->rows[i]);
  return (CasaTail){ (CasaSample *)(void *)into->data, into->len, 0 };
}

/* The blocks have what the journal had of these times: nothing of theirs is superseded any more. */
static gboolean
drop_superseded(CasaStore *self, gint64 row, const CasaSample *rows, guint n)
{
  sqlite3_stmt *stmt = n > 0 ? casa_store_sql(self, CASA_SQL_DROP_SUPERSEDED) : NULL;
  for (guint i = 0; i < n; i++) {
    if (!stmt)
      return FALSE;
    sqlite3_bind_int64(stmt, 1, casa_block_key(row, rows[i].t_ms));
    sqlite3_bind_int64(stmt, 2, rows[i].id);
    if (!casa_stmt_run(stmt))
      return FALSE;
  }
  return TRUE;
}

/* Seals from ids above *@done on, and moves it. What came since the pass began waits for the next one. */
static gboolean
seal_bite(CasaStore *self, guint series, gint64 *done)
{
  CasaRecent *recent = casa_store_recent(self, series);
  gint64 row = (gint64)series + 1, last = self->pass_end, merged = self->late.limit;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SEALED_ID);
  CasaSpot newest;
  if (!stmt || !casa_store_spot(self, FALSE, row, G_MAXINT64, &newest))
    return FALSE;
  gint64 newest_t = newest.key != 0 ? newest.t_last : G_MININT64;
  gint64 to = bite_end(&recent->tail, *done, last, newest_t, merged);
  const CasaTail bite = rows_between(&recent->tail, *done, to, self->bite);
  guint known = merged > G_MININT64 ? casa_tail_at(&bite, merged + 1) : 0,
        late = casa_tail_at(&bite, MAX(newest_t, merged) + 1);
  const CasaTail rest = { bite.rows + known, bite.n - known, 0 };
  if (!seal_samples(self, row, &rest) || !casa_store_reckon_hours(self, row, &rest, newest_t) ||
      !drop_superseded(self, row, bite.rows, late) || (to == last && !trim_untimed(self, row, recent)))
    return FALSE;
  *done = to;
  sqlite3_bind_int64(stmt, 1, row);
  sqlite3_bind_int64(stmt, 2, to);
  return casa_stmt_run(stmt);
}

static gboolean
finish_pass(CasaStore *self)
{
  return casa_store_save_deliveries(self) && casa_store_set_meta(self, "sealed", self->pass_end) &&
         casa_store_set_meta(self, "last_received_ms", atomic_load(&self->last_received));
}

/* What is remembered follows once it is durable: series @from and the next ones are sealed up to the ids in self->cuts. */
static void
forget(CasaStore *self, guint from)
{
  for (guint i = 0; i < self->cuts->len; i++) {
    CasaRecent *recent = casa_store_recent(self, from + i);
    self->unsealed -= recent->tail.n;
    casa_tail_drop(&recent->tail, g_array_index(self->cuts, gint64, i));
    self->unsealed += recent->tail.n;
    if (recent->tail.n == 0)
      recent->untimed = MIN(recent->untimed, CASA_SEQ_RING);
  }
}

/* As much as a transaction may take. *@at: series below are done. */
static gboolean
seal_some(CasaStore *self, guint *at)
{
  gint64 begun = casa_clock_mono_us();
  int changes = sqlite3_total_changes(self->db);
  gint64 done = 0;
  const guint from = *at;
  g_array_set_size(self->cuts, 0);
  while (*at < self->recent->len && casa_clock_mono_us() - begun < STEP_US &&
         sqlite3_total_changes(self->db) - changes < STEP_CHANGES) {
    const CasaTail *tail = &casa_store_recent(self, *at)->tail;
    gboolean any = tail->n > 0 && lowest_id(tail, done) <= self->pass_end, more_late = FALSE;
    if (done == 0 && self->cuts->len <= *at - from)
      g_array_append_val(self->cuts, done);
    if (any && (!casa_store_seal_late(self, *at, &more_late) || (!more_late && !seal_bite(self, *at, &done))))
      return FALSE;
    g_array_index(self->cuts, gint64, self->cuts->len - 1) = done;
    if (!more_late && (!any || done >= self->pass_end || lowest_id(tail, done) > self->pass_end)) {
      done = 0;
      (*at)++;
    }
  }
  return TRUE;
}

static gboolean
seal_and_commit(CasaStore *self)
{
  guint from = self->pass_at, at = from;
  if (!casa_store_begin(self) || !seal_some(self, &at))
    return FALSE;
  gboolean finished = at >= self->recent->len;
  if ((finished && !finish_pass(self)) || !casa_store_commit(self))
    return FALSE;
  forget(self, from);
  self->pass_at = at;
  if (finished) {
    self->sealed = self->pass_end;
    self->pass_end = 0;
  }
  return TRUE;
}

static guint
rows_to_begin_with(const CasaStore *self)
{
  return CLAMP(SEAL_PER_SERIES * self->recent->len, SEAL_ROWS, SEAL_ROWS_MOST);
}

gboolean
casa_store_seal_step(CasaStore *self, gboolean all, gboolean *out_more, GError **error)
{
  *out_more = FALSE;
  if (self->pass_end == 0) {
    gboolean due =
      self->unsealed >= rows_to_begin_with(self) || all || casa_clock_mono_us() - self->unsealed_since >= SEAL_AFTER_US;
    /* All may be sealed by a pass that was refused at its end: that is noted still. */
    if (!due || (self->unsealed == 0 && self->sealed >= atomic_load(&self->last_id)))
      return TRUE;
    self->pass_end = atomic_load(&self->last_id);
    self->pass_at = 0;
    self->late = (CasaLatePass){ 0 };
    self->unsealed_since = casa_clock_mono_us();
  }
  if (!seal_and_commit(self)) {
    casa_store_undo(self, "seal older samples", error);
    self->pass_end = 0;
    return FALSE;
  }
  *out_more = self->pass_end != 0;
  return TRUE;
}
