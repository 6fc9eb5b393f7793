/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/put-private.h"
#include "store/schema.h"

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
  *out_id = sealed ? CASA_SEALED : 0;
  return TRUE;
}

/* --- What the same message said before of the series --- */

static CasaStaged *
staged_at(const CasaPutRun *put, guint plus_one)
{
  return plus_one ? &g_array_index(put->staged, CasaStaged, plus_one - 1) : NULL;
}

static CasaStaged *
staged_before(const CasaPutRun *put, const CasaStaged *s)
{
  return staged_at(put, s->before);
}

/* The newest time of the series that is known or staged. */
static gint64
newest_time(const CasaPutRun *put, const CasaRecent *recent)
{
  const CasaStaged *last = staged_at(put, recent->staged);
  return last ? MAX(recent->newest_t, last->newest_ms) : recent->newest_t;
}

static CasaStaged *
find_staged(const CasaPutRun *put, const CasaRecent *recent, gint64 t_ms)
{
  CasaStaged *s = staged_at(put, recent->staged);
  if (s && t_ms > s->newest_ms)
    return NULL;
  while (s && s->t_ms != t_ms)
    s = staged_before(put, s);
  return s;
}

static gboolean
counted_already(const CasaPutRun *put, const CasaRecent *recent, const CasaReading *reading, double value)
{
  for (const CasaStaged *s = staged_at(put, recent->staged); s; s = staged_before(put, s)) {
    const CasaReading *other = &put->readings[s->reading];
    if (other->has_seq && other->seq == reading->seq && s->value == value)
      return TRUE;
  }
  return FALSE;
}

static CasaFate
stage(CasaPutRun *put, guint reading, CasaRecent *recent, guint series, gint64 t_ms, gint64 replaces, double value)
{
  const CasaStaged *last = staged_at(put, recent->staged);
  gboolean timed = casa_put_is_timed(&put->readings[reading]);
  CasaStaged s = { .series = series,
                   .reading = reading,
                   .t_ms = t_ms,
                   .replaces = replaces,
                   .value = value,
                   .before = recent->staged,
                   .newest_ms = last ? MAX(last->newest_ms, t_ms) : t_ms,
                   .asked_ms = !timed ? put->readings[reading].t_ms
                               : last ? last->asked_ms
                                      : G_MININT64,
                   .given_ms = !timed || !last ? t_ms : last->given_ms };
  g_array_append_val(put->staged, s);
  recent->staged = put->staged->len;
  return CASA_FATE_FRESH;
}

/* The same series and time twice in one message: the later value wins, and only one is stored. */
static CasaFate
restage(CasaStaged *s, guint reading, double value)
{
  CasaFate fate = s->reading == reading || s->value == value ? CASA_FATE_DUPLICATE : CASA_FATE_FRESH;
  s->value = value;
  s->reading = reading;
  return fate;
}

/* --- What a value is to its series --- */

/* A value that the device gave no time for. */
static gboolean
judge_untimed(CasaPutRun *put, guint i, CasaRecent *recent, guint series, double value, CasaFate *fate)
{
  const CasaReading *reading = &put->readings[i];
  gint64 t = reading->t_ms, newest = newest_time(put, recent);
  *fate = CASA_FATE_DUPLICATE;
  /* Kept by the broker since who knows when: the first that is known of the series, or nothing new. */
  if (put->delivery->retained && newest != G_MININT64)
    return TRUE;
  if (reading->has_seq && !casa_store_load_ring(put->store, recent, series))
    return FALSE;
  if (reading->has_seq &&
      (casa_seq_ring_has(recent->ring, reading->seq, value) || counted_already(put, recent, reading, value)))
    return TRUE;
  if (newest >= t && newest - t < CASA_ARRIVAL_CROWD_MS)
    t = newest + 1;
  else {
    const CasaStaged *last = staged_at(put, recent->staged);
    if (last && last->asked_ms == reading->t_ms)
      t = last->given_ms + 1; /* once more from the beginning for each of many would take seconds */
    if (!casa_put_free_time(put->store, recent, series, reading->t_ms, &t))
      return FALSE;
  }
  while (find_staged(put, recent, t))
    t++;
  *fate = stage(put, i, recent, series, t, 0, value);
  return TRUE;
}

static gboolean
judge_timed(CasaPutRun *put, guint i, CasaRecent *recent, guint series, double value, CasaFate *fate)
{
  gint64 t = put->readings[i].t_ms, old = 0;
  double old_value = 0;
  CasaStaged *same = find_staged(put, recent, t);
  *fate = CASA_FATE_DUPLICATE;
  if (same) {
    *fate = restage(same, i, value);
    return TRUE;
  }
  if (t == recent->newest_t && value == recent->newest_value)
    return TRUE;
  if (t <= recent->newest_t && !find(put->store, recent, series, t, &old, &old_value))
    return FALSE;
  if (old == 0 || old_value != value)
    *fate = stage(put, i, recent, series, t, old, value);
  return TRUE;
}

/* The same metric twice in one reading without a time of its own. */
static CasaStaged *
repeated(const CasaPutRun *put, const CasaRecent *recent, guint reading)
{
  CasaStaged *s = staged_at(put, recent->staged);
  return s && s->reading == reading ? s : NULL;
}

static gboolean
judge(CasaPutRun *put, guint i, guint series, double value, CasaFate *fate)
{
  CasaRecent *recent = casa_store_recent(put->store, series);
  CasaStaged *again = repeated(put, recent, i);
  if (again) {
    *fate = restage(again, i, value);
    return TRUE;
  }
  if (!find_newest(put->store, recent, series))
    return FALSE;
  return casa_put_is_timed(&put->readings[i]) ? judge_timed(put, i, recent, series, value, fate)
                                              : judge_untimed(put, i, recent, series, value, fate);
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

static void
add_result(CasaPutRun *put, guint series, CasaFate fate)
{
  CasaPutField field = { series, fate };
  g_array_append_val(put->out->fields, field);
  put->out->fresh += fate == CASA_FATE_FRESH;
  put->out->duplicates += fate == CASA_FATE_DUPLICATE;
  put->out->refused += fate == CASA_FATE_REFUSED;
}

/* A delivery that came before, of readings that only its bytes can tell from others. */
static gboolean
is_redelivery(const CasaPutRun *put, const CasaReading *reading)
{
  const CasaDelivery *d = put->delivery;
  return d->redelivered && !casa_put_is_timed(reading) && !reading->has_seq &&
         casa_deliveries_has(&put->store->deliveries, d->hash);
}

static gboolean
judge_reading(CasaPutRun *put, guint i)
{
  CasaStore *self = put->store;
  const CasaReading *reading = &put->readings[i];
  gint64 t = reading->t_ms;
  gboolean storable = t > -CASA_TIME_LIMIT && t < CASA_TIME_LIMIT - CASA_ARRIVAL_CROWD_MS;
  gboolean again = is_redelivery(put, reading);
  guint station = storable && reading->n_fields > 0 ? ensure_station(self, reading) : G_MAXUINT;
  for (guint k = 0; k < reading->n_fields; k++) {
    guint series = station == G_MAXUINT ? G_MAXUINT : ensure_series(self, station, reading->fields[k].metric);
    CasaFate fate = series == G_MAXUINT ? CASA_FATE_REFUSED : CASA_FATE_DUPLICATE;
    if (series != G_MAXUINT && !again && !judge(put, i, series, reading->fields[k].value, &fate))
      return FALSE;
    put->notes |= fate == CASA_FATE_FRESH && put->delivery->hash != 0 && !casa_put_is_timed(reading) && !reading->has_seq;
    add_result(put, series, fate);
  }
  return TRUE;
}

static gboolean
judge_all(CasaPutRun *put)
{
  for (guint i = 0; i < put->n_readings; i++)
    if (!judge_reading(put, i))
      return FALSE;
  return TRUE;
}

static void
forget_staged(CasaPutRun *put)
{
  for (guint i = 0; i < put->staged->len; i++)
    casa_store_recent(put->store, g_array_index(put->staged, CasaStaged, i).series)->staged = 0;
}

gboolean
casa_store_put_readings(CasaStore *self, const CasaReading *readings, guint n, const CasaDelivery *delivery, gint64 received_ms,
                        CasaPutResult *out, GError **error)
{
  static const CasaDelivery once = { 0 };
  CasaPutRun put = { .store = self,
                     .readings = readings,
                     .n_readings = n,
                     .delivery = delivery ? delivery : &once,
                     .received_ms = received_ms,
                     .out = out,
                     .staged = self->staged };
  out->fresh = out->duplicates = out->refused = 0;
  g_array_set_size(out->fields, 0);
  casa_store_lock(self);
  g_array_set_size(self->staged, 0);
  gboolean ok = judge_all(&put) && (put.staged->len == 0 || casa_put_write(&put));
  forget_staged(&put);
  if (ok && put.staged->len > 0)
    casa_put_remember(&put);
  else if (!ok)
    casa_store_undo(self, "store a reading", error);
  casa_store_unlock(self);
  return ok;
}

gboolean
casa_store_put_reading(CasaStore *self, const CasaReading *reading, gint64 received_ms, CasaPut *out, GError **error)
{
  CasaPutResult result = { .fields = g_array_sized_new(FALSE, FALSE, sizeof(CasaPutField), CASA_FIELDS_MAX) };
  g_return_val_if_fail(reading->n_fields <= CASA_FIELDS_MAX, FALSE);
  gboolean ok = casa_store_put_readings(self, reading, 1, NULL, received_ms, &result, error);
  out->fresh = result.fresh;
  out->duplicates = result.duplicates;
  out->refused = result.refused;
  for (guint i = 0; i < result.fields->len; i++) {
    const CasaPutField *field = &g_array_index(result.fields, CasaPutField, i);
    out->series[i] = field->series;
    out->is_fresh[i] = field->fate == CASA_FATE_FRESH;
  }
  g_array_unref(result.fields);
  return ok;
}
