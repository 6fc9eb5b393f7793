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
  CasaSimModel *model; /* NULL, as is without: nothing works */
  CasaSimWorld *without;
  GArray *left_out, *working; /* CasaSimEvent: what does not happen there; the same at the moment in hand */
  guint n_changes;            /* of the world's model, when that was settled */
  const char **
    topics; /* [size of the world]; NULL until it is needed; interned: a message may be under way for longer than we are here */
  const char *topic; /* of what the events cost; interned */
  GString *says, *would_say;
  GArray *tolls;        /* CasaSimToll, one for each moment that an event which is on began at */
  gint64 since_ms;      /* when the first of those began that are left out */
  gint64 t_ms, told_ms; /* the moment set; when the cost was told last */
  guint faults;
};

static void
clear_toll(gpointer toll)
{
  casa_sim_toll_clear(toll);
}

CasaSimTwin *
casa_sim_twin_new(CasaSimWorld *world, CasaSimSink *sink)
{
  CasaSimTwin *self = g_new0(CasaSimTwin, 1);
  self->world = world;
  self->sink = sink;
  self->left_out = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  self->working = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  self->tolls = g_array_new(FALSE, TRUE, sizeof(CasaSimToll));
  g_array_set_clear_func(self->tolls, clear_toll);
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
  g_array_set_size(self->tolls, 0);
  g_array_set_size(self->left_out, 0);
  self->told_ms = 0;
}

void
casa_sim_twin_free(CasaSimTwin *self)
{
  if (!self)
    return;
  sleep_on(self);
  g_free(self->topics);
  g_array_unref(self->left_out);
  g_array_unref(self->working);
  g_array_unref(self->tolls);
  g_string_free(self->says, TRUE);
  g_string_free(self->would_say, TRUE);
  g_free(self);
}

static gboolean
is_on(const CasaSimEvent *e, gint64 t_ms)
{
  return t_ms > e->start_ms && t_ms < e->start_ms + e->duration_ms;
}

/* Those that are on or were until lately. What ended before that has left its traces in both cities. */
static void
look_who_works(CasaSimTwin *self)
{
  const GArray *events = casa_sim_model_events(casa_sim_world_model(self->world), self->t_ms);
  g_array_set_size(self->working, 0);
  self->since_ms = G_MAXINT64;
  for (guint i = 0; i < events->len; i++) {
    CasaSimEvent e = g_array_index(events, CasaSimEvent, i);
    if (self->t_ms <= e.start_ms || self->t_ms >= e.start_ms + e.duration_ms + AFTER_MS)
      continue;
    g_array_append_val(self->working, e);
    self->since_ms = MIN(self->since_ms, e.start_ms);
  }
}

static gboolean
are_the_same(const GArray *a, const GArray *b)
{
  for (guint i = 0; a->len == b->len && i < a->len; i++) {
    const CasaSimEvent *x = &g_array_index(a, CasaSimEvent, i), *y = &g_array_index(b, CasaSimEvent, i);
    if (x->kind != y->kind || x->start_ms != y->start_ms || strcmp(x->place, y->place) != 0)
      return FALSE;
  }
  return a->len == b->len;
}

static void
wake(CasaSimTwin *self)
{
  CasaSimModel *model = casa_sim_world_model(self->world);
  if (!self->without) {
    self->model = casa_sim_model_new(casa_sim_model_city(model), casa_sim_model_scenario(model), casa_sim_model_seed(model));
    self->without = casa_sim_world_new(self->model, casa_sim_world_root(self->world), casa_sim_world_size(self->world));
  } else if (self->n_changes == casa_sim_model_n_changes(model) && are_the_same(self->working, self->left_out)) {
    return;
  }
  casa_sim_model_follow(self->model, model, self->working);
  g_array_set_size(self->left_out, 0);
  g_array_append_vals(self->left_out, self->working->data, self->working->len);
  self->n_changes = casa_sim_model_n_changes(model);
}

/* Added up since @since_ms. */
static CasaSimToll *
toll_since(CasaSimTwin *self, gint64 since_ms)
{
  const CasaSimToll none = { 0 };
  CasaSimToll *toll = NULL;
  for (guint i = 0; !toll && i < self->tolls->len; i++) {
    if (g_array_index(self->tolls, CasaSimToll, i).since_ms == since_ms / CASA_MINUTE_MS * CASA_MINUTE_MS)
      toll = &g_array_index(self->tolls, CasaSimToll, i);
  }
  if (!toll) {
    g_array_append_val(self->tolls, none);
    toll = &g_array_index(self->tolls, CasaSimToll, self->tolls->len - 1);
  }
  casa_sim_toll_reach(toll, self->world, self->without, since_ms, self->t_ms);
  return toll;
}

static gboolean
tell_toll(CasaSimTwin *self, gint64 since_ms)
{
  guint people;
  const CasaSimToll *toll = toll_since(self, since_ms);
  const double minutes = casa_sim_toll_passenger_min(toll),
               dose = casa_sim_toll_pm10(toll, casa_sim_model_city(self->model), &people);
  g_string_printf(self->says, "{\"t\":%" G_GINT64_FORMAT ",\"since\":%" G_GINT64_FORMAT ",\"simulated\":true", self->t_ms,
                  since_ms);
  if (isfinite(minutes))
    casa_encode_number(self->says, "passenger_min", minutes, 0);
  casa_encode_number(self->says, "pm10_ugm3_h", dose, 1);
  casa_encode_number(self->says, "people", people, 0);
  g_string_append_c(self->says, '}');
  return self->sink->send(self->sink, self->topic, self->says, 0);
}

/* From when on each event that is on began; when none is, the last of those that were. */
static gboolean
tell_tolls(CasaSimTwin *self)
{
  gint64 last_ms = G_MININT64;
  gboolean ok = TRUE, on = FALSE;
  for (guint i = 0; ok && i < self->working->len; i++) {
    const CasaSimEvent *e = &g_array_index(self->working, CasaSimEvent, i);
    last_ms = MAX(last_ms, e->start_ms);
    if (is_on(e, self->t_ms)) {
      on = TRUE;
      ok = tell_toll(self, e->start_ms);
    }
  }
  self->told_ms = self->t_ms;
  return ok && (on || tell_toll(self, last_ms));
}

gboolean
casa_sim_twin_set_time(CasaSimTwin *self, gint64 t_ms, guint faults)
{
  gboolean ok = TRUE;
  self->t_ms = t_ms;
  self->faults = faults;
  look_who_works(self);
  if (self->working->len == 0) {
    sleep_on(self);
    return TRUE;
  }
  wake(self);
  if (self->told_ms == 0 || t_ms / EVERY_MS != self->told_ms / EVERY_MS) {
    ok = tell_tolls(self);
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
