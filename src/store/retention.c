/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/rollup.h"
#include "store/store-private.h"

/* Old raw samples go in chunks from the front of the journal, old minute rollups series by series. Raw samples leave
 * only when they are in the rollups and acknowledged by every outbox target that this program has opened: an outage of
 * InfluxDB longer than the retention keeps them. Cut-offs lie on whole minutes (hours), and the file remembers them, so
 * that a rollup is never reckoned anew from half of its samples. */

#define MINUTES_PER_STEP 2000

#define STEP_US 20000 /* what ingest may have to wait for */
#define CHUNK_MIN 50
#define CHUNK_MAX 20000

static guint
adapt_chunk(guint chunk, gint64 took_us)
{
  if (took_us > STEP_US)
    return MAX(chunk / 2, CHUNK_MIN);
  if (took_us < STEP_US / 3)
    return MIN(chunk + chunk / 2, CHUNK_MAX);
  return chunk;
}

static gint64
last_expirable(CasaStore *self)
{
  gint64 last = self->watermark;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_OUTBOX_FIND);
  for (guint i = 0; stmt && i < self->targets->len; i++) {
    sqlite3_bind_text(stmt, 1, self->targets->pdata[i], -1, SQLITE_TRANSIENT);
    if (sqlite3_step(stmt) == SQLITE_ROW)
      last = MIN(last, sqlite3_column_int64(stmt, 0));
    sqlite3_reset(stmt);
  }
  return last;
}

/* *out_end 0: nothing after the pass's place may go. */
static gboolean
chunk_end(CasaStore *self, gint64 from, gint64 *out_end, gint64 *out_received)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_CHUNK_END);
  *out_end = *out_received = 0;
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, from);
  sqlite3_bind_int64(stmt, 2, last_expirable(self));
  sqlite3_bind_int64(stmt, 3, self->expire_chunk);
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW) {
    *out_end = sqlite3_column_int64(stmt, 0);
    *out_received = sqlite3_column_int64(stmt, 1);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_ROW;
}

static gboolean
expire(CasaStore *self, guint which, gint64 a, gint64 b, gint64 cutoff)
{
  sqlite3_stmt *stmt = casa_store_sql(self, which);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, a);
  sqlite3_bind_int64(stmt, 2, b);
  if (sqlite3_bind_parameter_count(stmt) > 2)
    sqlite3_bind_int64(stmt, 3, cutoff);
  return casa_stmt_run(stmt);
}

/* A pass ends at the first chunk with nothing old in it that also arrived lately: what lies behind is younger, but for
 * history that was filled in later, which goes when it comes to the front. */
static gboolean
expire_samples(CasaStore *self, CasaRetentionPass *pass, gint64 cutoff)
{
  gint64 end, received, floor = MAX(self->raw_floor, cutoff);
  if (!chunk_end(self, pass->sample, &end, &received))
    return FALSE;
  if (end == 0) {
    pass->samples_done = TRUE;
    return TRUE;
  }
  if (!casa_store_begin(self) || !expire(self, CASA_SQL_EXPIRE_SAMPLES, pass->sample, end, cutoff))
    return FALSE;
  int gone = sqlite3_changes(self->db);
  if (gone > 0 && !(expire(self, CASA_SQL_EXPIRE_UNTIMED, pass->sample, end, 0) &&
                    casa_store_set_meta(self, "raw_floor_ms", floor)))
    return FALSE;
  if (!casa_store_commit(self))
    return FALSE;
  if (gone > 0)
    self->raw_floor = floor;
  pass->samples_done = gone == 0 && received >= cutoff;
  pass->sample = end;
  return TRUE;
}

/* Oldest minute of a series; G_MAXINT64 when it has none. */
static gboolean
first_minute(CasaStore *self, guint series, gint64 *out_t)
{
  *out_t = G_MAXINT64;
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_FIRST_MINUTE);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, (gint64) series + 1);
  int code = sqlite3_step(stmt);
  if (code == SQLITE_ROW)
    *out_t = sqlite3_column_int64(stmt, 0);
  sqlite3_reset(stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
expire_minutes(CasaStore *self, CasaRetentionPass *pass, gint64 cutoff)
{
  gint64 first = G_MAXINT64, floor = MAX(self->minute_floor, cutoff);
  /* Bounded, so that 200,000 series with nothing to do stay a short step too. */
  for (guint looked = 0; looked < 2000 && first >= cutoff; looked++) {
    if (pass->series >= self->saved_series) {
      pass->minutes_done = TRUE;
      return TRUE;
    }
    if (!first_minute(self, pass->series, &first))
      return FALSE;
    if (first >= cutoff)
      pass->series++;
  }
  if (first >= cutoff)
    return TRUE;
  gint64 until = MIN(cutoff, first + MINUTES_PER_STEP * CASA_MINUTE_MS);
  if (!casa_store_begin(self) || !expire(self, CASA_SQL_EXPIRE_MINUTES, (gint64) pass->series + 1, until, 0) ||
      !casa_store_set_meta(self, "minute_floor_ms", floor) || !casa_store_commit(self))
    return FALSE;
  self->minute_floor = floor;
  return TRUE;
}

gboolean
casa_store_retention_step(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms, gboolean *out_more, GError **error)
{
  const CasaStoreOptions *keep = &self->options;
  gint64 begun = casa_clock_mono_us();
  gboolean ok = TRUE;
  pass->samples_done = pass->samples_done || keep->retention_ms <= 0;
  pass->minutes_done = pass->minutes_done || keep->rollup_retention_ms <= 0;
  if (!pass->samples_done) {
    ok = expire_samples(self, pass, casa_floor_to(now_ms - keep->retention_ms, CASA_MINUTE_MS));
    self->expire_chunk = adapt_chunk(self->expire_chunk, casa_clock_mono_us() - begun);
  } else if (!pass->minutes_done) {
    ok = expire_minutes(self, pass, casa_floor_to(now_ms - keep->rollup_retention_ms, CASA_HOUR_MS));
  }
  *out_more = ok && !(pass->samples_done && pass->minutes_done);
  return ok || casa_store_undo(self, "let old data go", error);
}
