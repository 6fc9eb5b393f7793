/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/put-private.h"
#include "store/schema.h"

static const CasaStaged *
staged_at(const CasaPutRun *put, guint i)
{
  return &g_array_index(put->staged, CasaStaged, i);
}

static const CasaReading *
reading_of(const CasaPutRun *put, const CasaStaged *s)
{
  return &put->readings[s->reading];
}

/* What @s takes the place of goes: out of the journal at once, out of its block when upkeep rewrites that, for all corrections
 * of it together. Until then readers let row @id of the journal count. */
static gboolean
replace_old(CasaStore *self, const CasaStaged *s, gint64 id)
{
  gint64 row = (gint64)s->series + 1;
  if (s->replaces == CASA_SEALED)
    return casa_store_supersede(self, row, s->t_ms, id);
  sqlite3_stmt *sample = casa_store_sql(self, CASA_SQL_DELETE_SAMPLE), *mark = casa_store_sql(self, CASA_SQL_DELETE_UNTIMED);
  sqlite3_stmt *again = casa_store_sql(self, CASA_SQL_SUPERSEDE_AGAIN);
  if (!sample || !mark || !again)
    return FALSE;
  sqlite3_bind_int64(sample, 1, s->replaces);
  sqlite3_bind_int64(mark, 1, row);
  sqlite3_bind_int64(mark, 2, s->replaces);
  sqlite3_bind_int64(again, 1, casa_block_key(row, s->t_ms));
  sqlite3_bind_int64(again, 2, id);
  return casa_store_save_deliveries(self) && casa_stmt_run(sample) && casa_stmt_run(mark) && casa_stmt_run(again);
}

/* Samples with our own time are marked: those of an uptime, and those with a number that tells a redelivery. */
static gboolean
is_marked(const CasaReading *reading)
{
  return !casa_put_is_timed(reading) && (reading->has_seq || reading->time_source == CASA_TIME_UPTIME);
}

static gboolean
write_untimed(CasaPutRun *put, const CasaStaged *s, gint64 id)
{
  const CasaReading *reading = reading_of(put, s);
  sqlite3_stmt *stmt = casa_store_sql(put->store, CASA_SQL_ADD_UNTIMED);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, (gint64)s->series + 1);
  sqlite3_bind_int64(stmt, 2, id);
  sqlite3_bind_int(stmt, 3, reading->time_source == CASA_TIME_UPTIME);
  if (reading->has_seq)
    sqlite3_bind_int64(stmt, 4, reading->seq);
  else
    sqlite3_bind_null(stmt, 4);
  sqlite3_bind_double(stmt, 5, s->value);
  return casa_stmt_run(stmt);
}

/* --- When it arrived --- */

static gboolean
has_own_lag(gint64 lag)
{
  return lag >= CASA_LAG_LEAST && lag <= CASA_LAG_MOST;
}

/* The moment that samples without a lag of their own count from: the last one, or a new one. */
static void
choose_arrival(CasaPutRun *put)
{
  const CasaStore *self = put->store;
  gint64 since = self->has_arrival ? put->received_ms - self->arrival_ms : -1;
  gboolean within = since >= 0 && since < CASA_LAG_LEAST - CASA_LAG_SHARED;
  put->new_arrival = FALSE;
  for (guint i = 0; i < put->staged->len && !within; i++)
    put->new_arrival |= !has_own_lag(put->received_ms - staged_at(put, i)->t_ms);
  put->arrival_ms = put->new_arrival ? put->received_ms : self->arrival_ms;
}

/* The moment that the samples from @id on share; those that no row of the journal needs go. */
static gboolean
write_arrival(const CasaPutRun *put, gint64 id)
{
  sqlite3_stmt *stmt = casa_store_sql(put->store, CASA_SQL_ADD_ARRIVAL);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, id);
  sqlite3_bind_int64(stmt, 2, put->received_ms);
  return casa_stmt_run(stmt) && casa_stmt_run(casa_store_sql(put->store, CASA_SQL_TRIM_ARRIVAL));
}

/* The sample of the message that bears its hash: it was stored if, and only if, the message will be recognised. NULL: none
 * has room, or needs to. */
static const CasaStaged *
find_bearer(const CasaPutRun *put)
{
  for (guint i = 0; put->notes && i < put->staged->len; i++) {
    const CasaStaged *s = staged_at(put, i);
    if (!casa_put_is_timed(reading_of(put, s)) && casa_delivery_fits(put->received_ms - s->t_ms))
      return s;
  }
  return NULL;
}

static gint64
written_lag(const CasaPutRun *put, const CasaStaged *s)
{
  gint64 lag = put->received_ms - s->t_ms;
  if (s == put->bearer)
    return casa_delivery_lag(put->delivery->hash, lag);
  return has_own_lag(lag) ? lag : put->received_ms - put->arrival_ms + CASA_LAG_SHARED;
}

/* NULL: it cannot be prepared. */
static sqlite3_stmt *
bind_sample(const CasaPutRun *put, const CasaStaged *s, gint64 id)
{
  sqlite3_stmt *stmt = casa_store_sql(put->store, CASA_SQL_ADD_SAMPLE);
  if (!stmt)
    return NULL;
  sqlite3_bind_int64(stmt, 1, id);
  sqlite3_bind_int64(stmt, 2, (gint64)s->series + 1);
  sqlite3_bind_int64(stmt, 3, s->t_ms);
  casa_value_bind(stmt, 4, s->value);
  sqlite3_bind_int64(stmt, 5, written_lag(put, s));
  return stmt;
}

static gboolean
write_sample(CasaPutRun *put, const CasaStaged *s, gint64 id)
{
  if (s->replaces != 0 && !replace_old(put->store, s, id))
    return FALSE;
  return casa_stmt_run(bind_sample(put, s, id)) && (!is_marked(reading_of(put, s)) || write_untimed(put, s, id));
}

/* A lone new sample is a transaction by itself: without BEGIN and COMMIT it is a fifth quicker. */
static gboolean
is_simple(const CasaPutRun *put)
{
  const CasaStore *self = put->store;
  const CasaStaged *s = staged_at(put, 0);
  return put->staged->len == 1 && s->replaces == 0 && (put->bearer || !put->notes) && !is_marked(reading_of(put, s)) &&
         !put->new_arrival && self->saved_series == casa_catalogue_n_series(self->catalogue) &&
         self->saved_stations == casa_catalogue_n_stations(self->catalogue);
}

gboolean
casa_put_write(CasaPutRun *put)
{
  CasaStore *self = put->store;
  gint64 id = atomic_load(&self->last_id);
  casa_store_hold(self);
  choose_arrival(put);
  put->bearer = find_bearer(put);
  if (is_simple(put))
    return casa_store_run(self, bind_sample(put, staged_at(put, 0), id + 1));
  if (!casa_store_begin(self) || !casa_store_save_catalogue(self) || (put->new_arrival && !write_arrival(put, id + 1)))
    return FALSE;
  for (guint i = 0; i < put->staged->len; i++)
    if (!write_sample(put, staged_at(put, i), ++id))
      return FALSE;
  return (!put->notes || put->bearer || casa_store_save_delivery(self, put->delivery->hash)) && casa_store_commit(self);
}

static void
remember_one(CasaPutRun *put, const CasaStaged *s, gint64 id)
{
  CasaStore *self = put->store;
  const CasaReading *reading = reading_of(put, s);
  CasaRecent *recent = casa_store_recent(self, s->series);
  self->unsealed -= recent->tail.n;
  casa_tail_put(&recent->tail, &(CasaSample){ id, s->t_ms, put->received_ms, s->value });
  self->unsealed += recent->tail.n;
  recent->untimed += is_marked(reading);
  if (s->t_ms >= recent->newest_t) {
    recent->newest_t = s->t_ms;
    recent->newest_value = s->value;
  }
  if (recent->ring && reading->has_seq && !casa_put_is_timed(reading))
    casa_seq_ring_add(recent->ring, reading->seq, s->value);
}

void
casa_put_remember(CasaPutRun *put)
{
  CasaStore *self = put->store;
  gint64 id = atomic_load(&self->last_id);
  if (self->unsealed == 0)
    self->unsealed_since = casa_clock_mono_us();
  for (guint i = 0; i < put->staged->len; i++)
    remember_one(put, staged_at(put, i), ++id);
  if (put->notes)
    casa_deliveries_add(&self->deliveries, put->delivery->hash, id);
  self->has_arrival |= put->new_arrival;
  self->arrival_ms = put->arrival_ms;
  atomic_store(&self->last_id, id);
  atomic_store(&self->last_received, MAX(put->received_ms, atomic_load(&self->last_received)));
}
