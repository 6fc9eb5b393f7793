/* SPDX-License-Identifier: Apache-2.0 */
#include "fault-injector.h"

#include <string.h>

#include "publish/delay-queue.h"
#include "model/sensor.h"

/* What a frozen station goes on saying. */
typedef struct {
  gint64 frozen_ms;
  guint n_values;
  char *values; /* the payload behind its time */
} Frozen;

struct _CasaSimFaultInjector {
  CasaSimWorld *world;
  CasaSimSink *sink;
  guint faults;
  GString *payload, *other;
  CasaSimDelayQueue *delivery;
  GHashTable *frozen; /* station index → Frozen */
  CasaSimFaultCounts counts;
};

static void
frozen_free(gpointer data)
{
  Frozen *f = data;
  g_free(f->values);
  g_free(f);
}

CasaSimFaultInjector *
casa_sim_fault_injector_new(CasaSimWorld *world, CasaSimSink *sink, guint faults)
{
  CasaSimFaultInjector *self = g_new0(CasaSimFaultInjector, 1);
  self->world = world;
  self->sink = sink;
  self->payload = g_string_sized_new(512);
  self->other = g_string_sized_new(512);
  self->delivery = casa_sim_delay_queue_new();
  self->frozen = g_hash_table_new_full(NULL, NULL, NULL, frozen_free);
  casa_sim_fault_injector_set_faults(self, faults);
  return self;
}

void
casa_sim_fault_injector_free(CasaSimFaultInjector *self)
{
  if (!self)
    return;
  casa_sim_world_set_faults(self->world, CASA_SIM_CLEAN);
  g_string_free(self->payload, TRUE);
  g_string_free(self->other, TRUE);
  casa_sim_delay_queue_free(self->delivery);
  g_hash_table_unref(self->frozen);
  g_free(self);
}

void
casa_sim_fault_injector_set_faults(CasaSimFaultInjector *self, guint faults)
{
  self->faults = faults;
  g_hash_table_remove_all(self->frozen); /* a station froze with the noise of its day */
  casa_sim_world_set_faults(self->world, faults);
}

guint
casa_sim_fault_injector_faults(const CasaSimFaultInjector *self)
{
  return self->faults;
}

/* The values are told once, at the moment the station froze; the city then goes back to now. */
static const Frozen *
freeze(CasaSimFaultInjector *self, guint i, gint64 frozen_ms, gint64 t_ms)
{
  Frozen *f = g_hash_table_lookup(self->frozen, GUINT_TO_POINTER(i));
  if (f && f->frozen_ms == frozen_ms)
    return f;
  f = g_new0(Frozen, 1);
  f->frozen_ms = frozen_ms;
  casa_sim_world_set_time(self->world, frozen_ms);
  f->n_values = casa_sim_world_report(
    self->world, i, frozen_ms - casa_sim_kind_interval_ms(casa_sim_world_station(self->world, i)->kind), self->other);
  casa_sim_world_set_time(self->world, t_ms);
  f->values = g_strdup(f->n_values ? strchr(self->other->str, ',') : "}");
  g_hash_table_replace(self->frozen, GUINT_TO_POINTER(i), f);
  return f;
}

/* A payload begins with its time: puts another one there. */
static void
say_time(GString *payload, gint64 said_ms, const char *values)
{
  char *kept = g_strdup(values);
  g_string_printf(payload, "{\"t\":%" G_GINT64_FORMAT "%s", said_ms, kept);
  g_free(kept);
}

/* Writes the payload; 0: it has nothing to say. */
static guint
compose(CasaSimFaultInjector *self, guint i, gint64 since_ms, gint64 t_ms, const CasaSimFate *fate)
{
  if (fate->frozen) {
    const Frozen *f = freeze(self, i, fate->frozen_ms, t_ms);
    say_time(self->payload, fate->said_ms, f->values);
    self->counts.frozen++;
    return f->n_values;
  }
  guint n = casa_sim_world_report(self->world, i, since_ms, self->payload);
  if (n > 0 && fate->said_ms != t_ms)
    say_time(self->payload, fate->said_ms, strchr(self->payload->str, ','));
  return n;
}

static gboolean
hand_on(CasaSimFaultInjector *self, const char *topic, const GString *payload, guint n_values)
{
  self->counts.messages++;
  self->counts.samples += n_values;
  return self->sink->send(self->sink, topic, payload, n_values);
}

/* Sends now or later, and perhaps again. */
static gboolean
dispatch(CasaSimFaultInjector *self, guint i, gint64 t_ms, const CasaSimFate *fate, guint n_values)
{
  const char *topic = casa_sim_world_station(self->world, i)->topic;
  gint64 arrives_ms = t_ms + fate->delay_ms;
  self->counts.late += fate->delay_ms > 0;
  self->counts.twice += fate->again_ms >= 0;
  self->counts.wrong_clock += fate->said_ms != t_ms;
  if (fate->delay_ms > 0)
    casa_sim_delay_queue_put(self->delivery, arrives_ms, topic, self->payload, n_values);
  else if (!hand_on(self, topic, self->payload, n_values))
    return FALSE;
  if (fate->again_ms == 0 && fate->delay_ms == 0)
    return hand_on(self, topic, self->payload, n_values);
  if (fate->again_ms >= 0)
    casa_sim_delay_queue_put(self->delivery, arrives_ms + fate->again_ms, topic, self->payload, n_values);
  return TRUE;
}

static void
fate_of(const CasaSimFaultInjector *self, guint i, gint64 t_ms, CasaSimFate *fate)
{
  const CasaSimStation *s = casa_sim_world_station(self->world, i);
  casa_sim_fate(self->faults, s->stream, casa_sim_sensor_makeup(s->kind), t_ms, fate);
}

gboolean
casa_sim_fault_injector_say(CasaSimFaultInjector *self, guint i, gint64 since_ms, gint64 t_ms)
{
  CasaSimFate fate = { .said_ms = t_ms, .again_ms = -1 };
  if (self->faults)
    fate_of(self, i, t_ms, &fate);
  if (fate.silent) {
    self->counts.silent++;
    return TRUE;
  }
  guint n = compose(self, i, since_ms, t_ms, &fate);
  return n == 0 || dispatch(self, i, t_ms, &fate, n);
}

void
casa_sim_fault_injector_recall(CasaSimFaultInjector *self, guint i, gint64 since_ms, gint64 t_ms, gint64 start_ms)
{
  CasaSimFate fate;
  fate_of(self, i, t_ms, &fate);
  gboolean first = t_ms + fate.delay_ms > start_ms,
           second = fate.again_ms >= 0 && t_ms + fate.delay_ms + fate.again_ms > start_ms;
  if (fate.silent || !(first || second))
    return;
  casa_sim_world_set_time(self->world, t_ms);
  guint n = compose(self, i, since_ms, t_ms, &fate);
  const char *topic = casa_sim_world_station(self->world, i)->topic;
  if (n > 0 && first)
    casa_sim_delay_queue_put(self->delivery, t_ms + fate.delay_ms, topic, self->payload, n);
  if (n > 0 && second)
    casa_sim_delay_queue_put(self->delivery, t_ms + fate.delay_ms + fate.again_ms, topic, self->payload, n);
}

gboolean
casa_sim_fault_injector_deliver(CasaSimFaultInjector *self, gint64 now_ms)
{
  CasaSimParcel parcel;
  gboolean ok = TRUE;
  while (ok && casa_sim_delay_queue_take(self->delivery, now_ms, &parcel)) {
    g_string_truncate(self->other, 0);
    g_string_append_len(self->other, parcel.payload, (gssize)parcel.len);
    g_free(parcel.payload);
    ok = hand_on(self, parcel.topic, self->other, parcel.n_values);
  }
  return ok;
}

void
casa_sim_fault_injector_counts(const CasaSimFaultInjector *self, CasaSimFaultCounts *out)
{
  *out = self->counts;
  out->waiting = casa_sim_delay_queue_waiting(self->delivery);
}
