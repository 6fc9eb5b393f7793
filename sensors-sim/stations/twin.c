/* SPDX-License-Identifier: Apache-2.0 */
#include "twin.h"

#include <math.h>
#include <string.h>

#include "base/time-units.h"
#include "model/sensor.h"
#include "toll.h"
#include "wire/encode.h"

#define AFTER_MS CASA_HOUR_MS /* trams are late and the air is dusty for a while after an event */
#define EVERY_MS 10000        /* of one station, and of what the events cost */

struct _CasaSimTwin {
  CasaSimWorld *world;
  CasaSimSink *sink;
  CasaSimScenario scenario; /* the world's without its events; what its pointers lead to is the world's */
  GArray *no_events;
  CasaSimModel *model; /* NULL, as is without: nothing works */
  CasaSimWorld *without;
  const char **
    topics; /* [size of the world]; NULL until it is needed; interned: a message may be under way for longer than we are here */
  const char *topic; /* of what the events cost; interned */
  GString *says, *would_say;
  CasaSimToll toll;
  gint64 since_ms;      /* what casa_sim_twin_set_time() counts the cost from */
  gint64 t_ms, told_ms; /* the moment set; when the cost was told last */
  guint faults;
};

CasaSimTwin *
casa_sim_twin_new(CasaSimWorld *world, CasaSimSink *sink)
{
  CasaSimTwin *self = g_new0(CasaSimTwin, 1);
  self->world = world;
  self->sink = sink;
  self->no_events = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  self->scenario = *casa_sim_model_scenario(casa_sim_world_model(world));
  self->scenario.events = self->no_events;
  self->scenario.climate = FALSE;
  self->topics = g_new0(const char *, casa_sim_world_size(world) + 1);
  g_autofree char *topic = g_strdup_printf("%s/" CASA_SIM_SOURCE "/$twin", casa_sim_world_root(world));
  self->topic = g_intern_string(topic);
  self->says = g_string_new(NULL);
  self->would_say = g_string_new(NULL);
  return self;
}

static void
sleep_on(CasaSimTwin *self)
{
  g_clear_pointer(&self->without, casa_sim_world_free);
  g_clear_pointer(&self->model, casa_sim_model_free);
  casa_sim_toll_clear(&self->toll);
  self->told_ms = 0;
}

void
casa_sim_twin_free(CasaSimTwin *self)
{
  if (!self)
    return;
  sleep_on(self);
  g_free(self->topics);
  g_array_unref(self->no_events);
  g_string_free(self->says, TRUE);
  g_string_free(self->would_say, TRUE);
  g_free(self);
}

/* When the first of those began that are on, else the last of those that were until lately; G_MAXINT64: there is none. */
static gint64
working_since(CasaSimTwin *self, gint64 t_ms)
{
  const GArray *events = casa_sim_model_events(casa_sim_world_model(self->world), t_ms);
  gint64 on_ms = G_MAXINT64, ended_ms = G_MAXINT64;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    const gint64 end_ms = e->start_ms + e->duration_ms;
    if (t_ms > e->start_ms && t_ms < end_ms)
      on_ms = MIN(on_ms, e->start_ms);
    else if (t_ms >= end_ms && t_ms < end_ms + AFTER_MS)
      ended_ms = ended_ms == G_MAXINT64 ? e->start_ms : MAX(ended_ms, e->start_ms);
  }
  return on_ms != G_MAXINT64 ? on_ms : ended_ms;
}

static void
wake(CasaSimTwin *self)
{
  CasaSimModel *model = casa_sim_world_model(self->world);
  if (self->without)
    return;
  self->model = casa_sim_model_new(casa_sim_model_city(model), &self->scenario, casa_sim_model_seed(model));
  self->without = casa_sim_world_new(self->model, casa_sim_world_root(self->world), casa_sim_world_size(self->world));
}

static gboolean
tell_toll(CasaSimTwin *self)
{
  guint people;
  casa_sim_toll_reach(&self->toll, self->world, self->without, self->since_ms, self->t_ms);
  const double minutes = casa_sim_toll_passenger_min(&self->toll),
               dose = casa_sim_toll_pm10(&self->toll, casa_sim_model_city(self->model), &people);
  g_string_printf(self->says, "{\"t\":%" G_GINT64_FORMAT ",\"since\":%" G_GINT64_FORMAT ",\"simulated\":true", self->t_ms,
                  self->since_ms);
  if (isfinite(minutes))
    casa_encode_number(self->says, "passenger_min", minutes, 0);
  casa_encode_number(self->says, "pm10_ugm3_h", dose, 1);
  casa_encode_number(self->says, "people", people, 0);
  g_string_append_c(self->says, '}');
  self->told_ms = self->t_ms;
  return self->sink->send(self->sink, self->topic, self->says, 0);
}

gboolean
casa_sim_twin_set_time(CasaSimTwin *self, gint64 t_ms, guint faults)
{
  const gint64 since_ms = working_since(self, t_ms);
  gboolean ok = TRUE;
  self->t_ms = t_ms;
  self->since_ms = since_ms;
  self->faults = faults;
  if (since_ms == G_MAXINT64) {
    sleep_on(self);
    return TRUE;
  }
  wake(self);
  if (self->told_ms == 0 || t_ms / EVERY_MS != self->told_ms / EVERY_MS) {
    ok = tell_toll(self);
    casa_sim_world_set_time(self->world, t_ms);
  }
  casa_sim_world_set_faults(self->without, faults);
  casa_sim_world_set_time(self->without, t_ms);
  return ok;
}

static const char *
topic_of(CasaSimTwin *self, guint i)
{
  const char *own = casa_sim_world_station(self->world, i)->topic;
  const gsize source = strlen(self->topic) - strlen("$twin");
  g_autofree char *topic = self->topics[i] ? NULL : g_strconcat(self->topic, "/", own + source, NULL);
  if (topic)
    self->topics[i] = g_intern_string(topic);
  return self->topics[i];
}

/* A sensor that is silent, stuck or of a wrong time shows no event either. */
static gboolean
speaks_plainly(const CasaSimTwin *self, const CasaSimStation *s)
{
  CasaSimFate fate;
  if (!self->faults)
    return TRUE;
  casa_sim_fate(self->faults, s->stream, casa_sim_sensor_makeup(s->kind), self->t_ms, &fate);
  return !fate.silent && !fate.frozen && fate.said_ms == self->t_ms;
}

/* The first report after an event has begun, and the first of every ten seconds. */
static gboolean
is_due(const CasaSimTwin *self, gint64 since_ms)
{
  return since_ms <= self->since_ms || since_ms / EVERY_MS != self->t_ms / EVERY_MS;
}

gboolean
casa_sim_twin_say(CasaSimTwin *self, guint i, gint64 since_ms)
{
  if (!self->without || !is_due(self, since_ms) || !speaks_plainly(self, casa_sim_world_station(self->world, i)))
    return TRUE;
  const guint n = casa_sim_world_report(self->without, i, since_ms, self->would_say);
  if (n == 0 || casa_sim_world_report(self->world, i, since_ms, self->says) == 0 || g_string_equal(self->says, self->would_say))
    return TRUE;
  return self->sink->send(self->sink, topic_of(self, i), self->would_say, n);
}

CasaSimWorld *
casa_sim_twin_world(CasaSimTwin *self)
{
  return self->without;
}
