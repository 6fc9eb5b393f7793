/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest-private.h"

#include <math.h>

static const CasaPutField *
put_field(const CasaIngest *self, guint i)
{
  return &g_array_index(self->put.fields, CasaPutField, i);
}

/* --- What was stored, to the screen ------------------------------------------------------------------------------ */

/* @first: of the reading's fields, in the result. */
static void
show_reading(CasaIngest *self, const CasaPassage *p, const CasaReading *reading, guint first)
{
  guint dropped = 0;
  for (guint i = 0; i < reading->n_fields; i++) {
    const CasaPutField *field = put_field(self, first + i);
    if (field->fate != CASA_FATE_FRESH)
      continue;
    CasaLive live = {
      .series = field->series,
      .retained = p->message->retained,
      .t_ms = reading->t_ms,
      .received_ms = p->now_ms,
      .value = reading->fields[i].value,
    };
    dropped += casa_hub_push(self->hub, &live);
  }
  if (dropped)
    casa_counters_add_dropped_display(self->counters, dropped);
}

/* From the sensor to the store; NAN when the reading cannot say that. */
static double
latency(const CasaIngest *self, const CasaPassage *p, const CasaReading *reading)
{
  if (p->message->retained || reading->time_source != CASA_TIME_PAYLOAD ||
      casa_backlog_take(self->backlog, reading->source, reading->t_ms, p->now_ms))
    return NAN;
  return MAX((double)(casa_clock_ms(self->clock) - reading->t_ms), 0);
}

static gboolean
is_fresh(const CasaIngest *self, const CasaReading *reading, guint first)
{
  for (guint i = 0; i < reading->n_fields; i++)
    if (put_field(self, first + i)->fate == CASA_FATE_FRESH)
      return TRUE;
  return FALSE;
}

/* The message is as late as its newest reading. */
static void
show_fresh(CasaIngest *self, CasaPassage *p)
{
  guint first = 0;
  for (guint i = 0; i < self->decoded->readings->len; i++) {
    const CasaReading *reading = casa_decoded_reading(self->decoded, i);
    if (is_fresh(self, reading, first)) {
      double late_ms = latency(self, p, reading);
      if (isnan(p->latency_ms) || late_ms < p->latency_ms)
        p->latency_ms = late_ms;
      if (self->hub)
        show_reading(self, p, reading, first);
    }
    first += reading->n_fields;
  }
}

/* --- Into the store ---------------------------------------------------------------------------------------------- */

/* FNV-1a of topic and payload, never 0. Only to know a delivery again, among the last of its session. */
static guint64
hash_bytes(guint64 hash, const void *bytes, gsize len)
{
  const guint8 *p = bytes;
  for (gsize i = 0; i < len; i++)
    hash = (hash ^ p[i]) * G_GUINT64_CONSTANT(1099511628211);
  return hash;
}

static guint64
hash_message(const CasaMessage *m)
{
  guint64 hash = hash_bytes(G_GUINT64_CONSTANT(14695981039346656037), m->topic, m->topic_len);
  hash = hash_bytes(hash ^ m->payload_len, m->payload, m->payload_len);
  return hash ? hash : 1;
}

/* With a time or a number of their own, readings say themselves whether they came before. */
static gboolean
needs_hash(const CasaDecoded *decoded, const CasaMessage *m)
{
  for (guint i = 0; m->qos > 0 && i < decoded->readings->len; i++) {
    const CasaReading *reading = casa_decoded_reading(decoded, i);
    if (reading->time_source != CASA_TIME_PAYLOAD && !reading->has_seq)
      return TRUE;
  }
  return FALSE;
}

static gboolean
put_readings(CasaIngest *self, const CasaPassage *p, gpointer delivery, GError **error)
{
  const GArray *readings = self->decoded->readings;
  return casa_store_put_readings(self->store, (const CasaReading *)(gconstpointer)readings->data, readings->len, delivery,
                                 p->now_ms, &self->put, error);
}

/* The store has all the series it may have: which values that cost, each. */
static void
note_full(CasaIngest *self)
{
  CasaReason why;
  char most[CASA_QUOTE_SIZE];
  guint at = 0;
  if (self->put.refused == 0)
    return;
  casa_reason_set(&why, CASA_WHY_SERIES_STORE, .wanted = casa_reason_count(most, self->config->max_series));
  for (guint i = 0; i < self->decoded->readings->len; i++) {
    const CasaReading *reading = casa_decoded_reading(self->decoded, i);
    guint refused = 0;
    for (guint k = 0; k < reading->n_fields; k++)
      refused += put_field(self, at++)->fate == CASA_FATE_REFUSED;
    if (refused > 0)
      casa_decoded_refuse(self->decoded, reading->station, refused, &why);
  }
  casa_series_limiter_store_full(self->series_limiter, self->put.refused);
}

static gboolean
store_readings(CasaIngest *self, CasaPassage *p)
{
  CasaDecoded *decoded = self->decoded;
  CasaDelivery delivery = { .retained = p->message->retained, .redelivered = p->message->duplicate };
  self->put.fresh = self->put.duplicates = self->put.refused = 0;
  if (decoded->readings->len == 0)
    return TRUE;
  casa_series_limiter_admit(self->series_limiter, p->topic.source, decoded);
  if (needs_hash(decoded, p->message))
    delivery.hash = hash_message(p->message);
  if (!casa_ingest_insist(self, p, put_readings, &delivery))
    return FALSE;
  note_full(self);
  p->samples = self->put.fresh;
  p->duplicates = self->put.duplicates;
  if (p->samples > 0)
    show_fresh(self, p);
  return TRUE;
}

/* What a kit says of its stations. */
static gboolean
store_descriptors(CasaIngest *self, CasaPassage *p, gboolean *changed)
{
  const GArray *descriptors = self->decoded->descriptors;
  for (guint i = 0; i < descriptors->len; i++) {
    const CasaDescriptor *descriptor = &g_array_index(descriptors, CasaDescriptor, i);
    CasaReason why;
    gboolean news;
    if (!casa_series_limiter_admit_station(self->series_limiter, descriptor, &why)) {
      casa_decoded_refuse(self->decoded, descriptor->station, 0, &why);
      continue;
    }
    if (!casa_ingest_put_descriptor(self, p, descriptor, &news))
      return FALSE;
    *changed |= news;
  }
  return TRUE;
}

/* --- A message as a whole ---------------------------------------------------------------------------------------- */

static CasaOutcome
outcome_of(const CasaIngest *self, const CasaPassage *p, gboolean described)
{
  const CasaDecoded *decoded = self->decoded;
  if (p->samples > 0 || described)
    return CASA_OUTCOME_STORED;
  if (p->duplicates > 0 || (decoded->descriptors->len > 0 && decoded->refusals->len == 0))
    return CASA_OUTCOME_DUPLICATE;
  return decoded->refusals->len > 0 ? CASA_OUTCOME_REJECTED : CASA_OUTCOME_IGNORED;
}

gboolean
casa_ingest_take_readings(CasaIngest *self, CasaPassage *p)
{
  const CasaMessage *m = p->message;
  CasaDecoded *decoded = self->decoded;
  gboolean described = FALSE;
  casa_decoder_decode(self->decoder, &p->topic, m->payload, m->payload_len, p->now_ms, decoded);
  if (!store_descriptors(self, p, &described) || !store_readings(self, p))
    return FALSE;
  p->fields_rejected = decoded->n_refused;
  p->outcome = outcome_of(self, p, described);
  if (decoded->refusals->len == 0)
    return TRUE;
  p->why = *casa_decoded_why(decoded);
  p->refused = decoded->refusals;
  /* Not again for what was stored before; but a message that comes again may have been cut off between its two rows. */
  return (p->outcome == CASA_OUTCOME_DUPLICATE && !m->duplicate) || casa_ingest_keep_refused(self, p);
}

/* --- What would be without the events that work -------------------------------------------------------------------- */

static void
show_twin(CasaIngest *self, const CasaPassage *p, const CasaReading *reading)
{
  CasaCatalogue *catalogue = casa_store_catalogue(self->store);
  guint station = casa_catalogue_find_station(catalogue, reading->source, reading->domain, reading->station), dropped = 0;
  for (guint i = 0; station != G_MAXUINT && i < reading->n_fields; i++) {
    CasaLive live = {
      .series = casa_catalogue_find_series(catalogue, station, reading->fields[i].metric),
      .t_ms = reading->t_ms,
      .received_ms = p->now_ms,
      .value = reading->fields[i].value,
      .twin = TRUE,
    };
    if (live.series != G_MAXUINT)
      dropped += casa_hub_push(self->hub, &live);
  }
  if (dropped)
    casa_counters_add_dropped_display(self->counters, dropped);
}

gboolean
casa_ingest_take_twin(CasaIngest *self, CasaPassage *p)
{
  const CasaMessage *m = p->message;
  CasaTopic topic = p->topic;
  topic.kind = CASA_TOPIC_STATION_READING;
  if (!self->hub || m->retained)
    return TRUE;
  if (!casa_decoder_decode(self->decoder, &topic, m->payload, m->payload_len, p->now_ms, self->decoded)) {
    if (self->decoded->refusals->len == 0)
      return TRUE;
    p->why = *casa_decoded_why(self->decoded);
    return casa_ingest_reject(self, p);
  }
  for (guint i = 0; i < self->decoded->readings->len; i++)
    show_twin(self, p, casa_decoded_reading(self->decoded, i));
  return TRUE;
}
