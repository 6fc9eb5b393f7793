/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/schema.h"
#include "store/store-private.h"

/* Two samples of one series that carry our own clock's time within this many ms of each other are two samples, however
 * fast they came: the later moves on to the next free millisecond. */
#define ARRIVAL_CROWD_MS 1000

/* One value that will be written. */
typedef struct {
  guint series, field;
  gint64 t_ms, replaces; /* journal id of the value that this one replaces, 0 = none, SEALED = it is in a block */
  double value;
} Staged;

#define SEALED (-1)

typedef struct {
  CasaStore *store;
  const CasaReading *reading;
  gint64 received_ms;
  CasaPut *out;
  guint n;
  Staged staged[CASA_FIELDS_MAX];
  gboolean new_arrival; /* schema.h: CASA_LAG_SQL */
  gint64 arrival_ms;
} Put;

static gboolean
sensor_timed(const CasaReading *reading)
{
  return reading->time_source == CASA_TIME_PAYLOAD;
}

/* --- Judging a field: what is it to the series it belongs to? --- */

static gboolean
find_newest(CasaStore *self, CasaRecent *recent, guint series)
{
  CasaSample newest;
  gboolean found = FALSE;
  if (recent->known)
    return TRUE;
  recent->newest_t = G_MININT64;
  if (series < self->saved_series && !casa_store_newest_sealed(self, (gint64)series + 1, &found, &newest))
    return FALSE;
  if (recent->tail.n > 0 && (!found || recent->tail.rows[recent->tail.n - 1].t_ms >= newest.t_ms)) {
    newest = recent->tail.rows[recent->tail.n - 1];
    found = TRUE;
  }
  if (found) {
    recent->newest_t = newest.t_ms;
    recent->newest_value = newest.value;
  }
  return recent->known = TRUE;
}

/* What is stored of this series and time: *out_id 0 when nothing is. */
static gboolean
find(CasaStore *self, const CasaRecent *recent, guint series, gint64 t_ms, gint64 *out_id, double *out_value)
{
  gboolean sealed;
  const CasaSample *old = casa_tail_find(&recent->tail, t_ms);
  *out_id = old ? old->id : 0;
  if (old) {
    *out_value = old->value;
    return TRUE;
  }
  if (!casa_store_find_sealed(self, (gint64)series + 1, t_ms, &sealed, out_value))
    return FALSE;
  *out_id = sealed ? SEALED : 0;
  return TRUE;
}

/* Moves our own time @t on to where the series has no sample yet. It lies behind the newest one also when the clock was set
 * back, or when the device gave times ahead of ours before. */
static gboolean
find_free_time(CasaStore *self, const CasaRecent *recent, guint series, gint64 *t)
{
  gint64 id, until = MIN(*t + ARRIVAL_CROWD_MS, recent->newest_t);
  double value;
  for (; *t < until; (*t)++) {
    if (!find(self, recent, series, *t, &id, &value))
      return FALSE;
    if (id == 0)
      return TRUE;
  }
  if (*t <= recent->newest_t)
    *t = recent->newest_t + 1;
  return TRUE;
}

static void
stage(Put *put, guint field, guint series, gint64 t_ms, gint64 replaces)
{
  put->staged[put->n++] = (Staged){
    .series = series, .field = field, .t_ms = t_ms, .replaces = replaces, .value = put->reading->fields[field].value
  };
  put->out->is_fresh[field] = TRUE;
}

/* The same metric twice in one message: the later value wins, and only one is stored. */
static gboolean
merge_repeated(Put *put, guint field, guint series)
{
  for (guint i = 0; i < put->n; i++)
    if (put->staged[i].series == series) {
      put->staged[i].value = put->reading->fields[field].value;
      return TRUE;
    }
  return FALSE;
}

static gboolean
judge(Put *put, guint field, guint series)
{
  const CasaReading *reading = put->reading;
  double value = reading->fields[field].value;
  CasaRecent *recent = casa_store_recent(put->store, series);
  gint64 t = reading->t_ms;
  if (merge_repeated(put, field, series))
    return TRUE;
  if (!find_newest(put->store, recent, series))
    return FALSE;
  if (!sensor_timed(reading)) {
    if (reading->has_seq && !casa_store_load_ring(put->store, recent, series))
      return FALSE;
    if (reading->has_seq && casa_seq_ring_has(recent->ring, reading->seq, value))
      return TRUE;
    if (recent->newest_t >= t && recent->newest_t - t < ARRIVAL_CROWD_MS)
      t = recent->newest_t + 1;
    if (!find_free_time(put->store, recent, series, &t))
      return FALSE;
  }
  gint64 old = 0;
  double old_value = 0;
  if (t == recent->newest_t && value == recent->newest_value)
    return TRUE;
  if (t <= recent->newest_t && !find(put->store, recent, series, t, &old, &old_value))
    return FALSE;
  if (old == 0 || old_value != value)
    stage(put, field, series, t, old);
  return TRUE;
}

/* --- Names to ids; the catalogue leads, its rows follow in the transaction of their first sample. --- */

static guint
ensure_station(CasaStore *self, const CasaReading *reading)
{
  guint id = casa_catalogue_find_station(self->catalogue, reading->source, reading->domain, reading->station);
  if (id != G_MAXUINT || casa_store_is_full(self, casa_catalogue_n_stations(self->catalogue)))
    return id;
  /* A descriptor that named no domain came first: it speaks for this station too. */
  CasaStation station = { 0 };
  guint described = casa_catalogue_find_station(self->catalogue, reading->source, "", reading->station);
  if (described != G_MAXUINT)
    station = *casa_catalogue_station(self->catalogue, described);
  station.source = (char *)reading->source;
  station.domain = (char *)reading->domain;
  station.station = (char *)reading->station;
  return casa_catalogue_add_station(self->catalogue, &station);
}

static guint
ensure_series(CasaStore *self, guint station, const char *metric)
{
  guint id = casa_catalogue_find_series(self->catalogue, station, metric);
  if (id != G_MAXUINT || casa_store_is_full(self, casa_catalogue_n_series(self->catalogue)))
    return id;
  return casa_catalogue_add_series(self->catalogue, station, metric);
}

static gboolean
judge_all(Put *put)
{
  CasaStore *self = put->store;
  gint64 t = put->reading->t_ms;
  gboolean storable = t > -CASA_TIME_LIMIT && t < CASA_TIME_LIMIT - ARRIVAL_CROWD_MS;
  guint station = storable ? ensure_station(self, put->reading) : G_MAXUINT;
  for (guint i = 0; i < put->reading->n_fields; i++) {
    guint series = station == G_MAXUINT ? G_MAXUINT : ensure_series(self, station, put->reading->fields[i].metric);
    put->out->series[i] = series;
    put->out->is_fresh[i] = FALSE;
    if (series == G_MAXUINT)
      put->out->refused++;
    else if (!judge(put, i, series))
      return FALSE;
  }
  put->out->fresh = put->n;
  put->out->duplicates = put->reading->n_fields - put->n - put->out->refused;
  return TRUE;
}

/* --- Writing --- */

static gboolean
delete_old(CasaStore *self, const Staged *s)
{
  gint64 row = (gint64)s->series + 1;
  if (s->replaces == SEALED)
    return casa_store_remove_sealed(self, row, s->t_ms) && casa_store_forget_hour(self, row, s->t_ms);
  sqlite3_stmt *sample = casa_store_sql(self, CASA_SQL_DELETE_SAMPLE), *mark = casa_store_sql(self, CASA_SQL_DELETE_UNTIMED);
  if (!sample || !mark)
    return FALSE;
  sqlite3_bind_int64(sample, 1, s->replaces);
  sqlite3_bind_int64(mark, 1, row);
  sqlite3_bind_int64(mark, 2, s->replaces);
  return casa_stmt_run(sample) && casa_stmt_run(mark);
}

/* Samples with our own time are marked: those of an uptime, and those with a number that tells a redelivery. */
static gboolean
is_marked(const CasaReading *reading)
{
  return !sensor_timed(reading) && (reading->has_seq || reading->time_source == CASA_TIME_UPTIME);
}

static gboolean
write_untimed(Put *put, const Staged *s, gint64 id)
{
  const CasaReading *reading = put->reading;
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
choose_arrival(Put *put)
{
  const CasaStore *self = put->store;
  gint64 since = self->has_arrival ? put->received_ms - self->arrival_ms : -1;
  gboolean within = since >= 0 && since < CASA_LAG_LEAST - CASA_LAG_SHARED;
  put->new_arrival = FALSE;
  for (guint i = 0; i < put->n && !within; i++)
    put->new_arrival |= !has_own_lag(put->received_ms - put->staged[i].t_ms);
  put->arrival_ms = put->new_arrival ? put->received_ms : self->arrival_ms;
}

/* The moment that the samples from @id on share; those that no row of the journal needs go. */
static gboolean
write_arrival(const Put *put, gint64 id)
{
  sqlite3_stmt *stmt = casa_store_sql(put->store, CASA_SQL_ADD_ARRIVAL);
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, id);
  sqlite3_bind_int64(stmt, 2, put->received_ms);
  return casa_stmt_run(stmt) && casa_stmt_run(casa_store_sql(put->store, CASA_SQL_TRIM_ARRIVAL));
}

static gint64
written_lag(const Put *put, const Staged *s)
{
  gint64 lag = put->received_ms - s->t_ms;
  return has_own_lag(lag) ? lag : put->received_ms - put->arrival_ms + CASA_LAG_SHARED;
}

/* NULL: it cannot be prepared. */
static sqlite3_stmt *
bind_sample(const Put *put, const Staged *s, gint64 id)
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
write_sample(Put *put, const Staged *s, gint64 id)
{
  if (s->replaces != 0 && !delete_old(put->store, s))
    return FALSE;
  return casa_stmt_run(bind_sample(put, s, id)) && (!is_marked(put->reading) || write_untimed(put, s, id));
}

/* A lone new sample is a transaction by itself: without BEGIN and COMMIT it is a fifth quicker. */
static gboolean
is_simple(const Put *put)
{
  CasaStore *self = put->store;
  return put->n == 1 && put->staged[0].replaces == 0 && !is_marked(put->reading) && !put->new_arrival &&
         self->saved_series == casa_catalogue_n_series(self->catalogue) &&
         self->saved_stations == casa_catalogue_n_stations(self->catalogue);
}

static gboolean
write_all(Put *put)
{
  CasaStore *self = put->store;
  gint64 id = atomic_load(&self->last_id);
  casa_store_hold(self);
  choose_arrival(put);
  if (is_simple(put))
    return casa_store_run(self, bind_sample(put, &put->staged[0], id + 1));
  if (!casa_store_begin(self) || !casa_store_save_catalogue(self) || (put->new_arrival && !write_arrival(put, id + 1)))
    return FALSE;
  for (guint i = 0; i < put->n; i++)
    if (!write_sample(put, &put->staged[i], ++id))
      return FALSE;
  return casa_store_commit(self);
}

/* What is remembered follows only once it is durable. */
static void
remember(Put *put)
{
  CasaStore *self = put->store;
  gint64 id = atomic_load(&self->last_id);
  if (self->unsealed == 0)
    self->unsealed_since = casa_clock_mono_us();
  for (guint i = 0; i < put->n; i++) {
    const Staged *s = &put->staged[i];
    CasaRecent *recent = casa_store_recent(self, s->series);
    self->unsealed -= recent->tail.n;
    casa_tail_put(&recent->tail, &(CasaSample){ ++id, s->t_ms, put->received_ms, s->value });
    self->unsealed += recent->tail.n;
    recent->untimed += is_marked(put->reading);
    if (s->t_ms >= recent->newest_t) {
      recent->newest_t = s->t_ms;
      recent->newest_value = s->value;
    }
    if (recent->ring && put->reading->has_seq && !sensor_timed(put->reading))
      casa_seq_ring_add(recent->ring, put->reading->seq, s->value);
  }
  self->has_arrival |= put->new_arrival;
  self->arrival_ms = put->arrival_ms;
  atomic_store(&self->last_id, id);
  atomic_store(&self->last_received, MAX(put->received_ms, atomic_load(&self->last_received)));
}

gboolean
casa_store_put_reading(CasaStore *self, const CasaReading *reading, gint64 received_ms, CasaPut *out, GError **error)
{
  Put put = { .store = self, .reading = reading, .received_ms = received_ms, .out = out };
  out->fresh = out->duplicates = out->refused = 0;
  g_return_val_if_fail(reading->n_fields <= CASA_FIELDS_MAX, FALSE);
  casa_store_lock(self);
  gboolean ok = judge_all(&put) && (put.n == 0 || write_all(&put));
  if (ok && put.n > 0)
    remember(&put);
  else if (!ok)
    casa_store_undo(self, "store a reading", error);
  casa_store_unlock(self);
  return ok;
}
