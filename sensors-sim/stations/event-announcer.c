/* SPDX-License-Identifier: Apache-2.0 */
#include "event-announcer.h"

#include <string.h>

#include "wire/encode.h"
#include "wire/topic.h"

#define ID_ROOM 32 /* bytes of an id that the kind of the event, its start and a number may need */

struct _CasaSimEventAnnouncer {
  CasaSimWorld *world;
  CasaSimSink *sink;
  char *prefix;         /* topics of all events begin with it */
  GHashTable *said;     /* topic → payload, of those that are on */
  GHashTable *expected; /* set of topics that an earlier run told and that go on: not cleared before expected_ms */
  gint64 expected_ms;
  GHashTable *current; /* set of topics of said: those that are on at the moment in hand */
};

CasaSimEventAnnouncer *
casa_sim_event_announcer_new(CasaSimWorld *world, CasaSimSink *sink)
{
  CasaSimEventAnnouncer *self = g_new0(CasaSimEventAnnouncer, 1);
  self->world = world;
  self->sink = sink;
  self->prefix = g_strdup_printf("%s/city/$event/", casa_sim_world_root(world));
  self->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->expected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->current = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
casa_sim_event_announcer_free(CasaSimEventAnnouncer *self)
{
  if (!self)
    return;
  g_free(self->prefix);
  g_hash_table_unref(self->said);
  g_hash_table_unref(self->expected);
  g_hash_table_unref(self->current);
  g_free(self);
}

/* Of the kind, the place and the start: the same in every run. Two of the same are numbered. (transfer full) */
static char *
topic_of(const CasaSimEventAnnouncer *self, const CasaSimEvent *e)
{
  g_autofree char *place = g_strndup(e->place, CASA_NAME_MAX - ID_ROOM);
  g_strcanon(place, "abcdefghijklmnopqrstuvwxyz0123456789_-", '_');
  char *topic = NULL;
  for (guint n = 1; !topic || g_hash_table_contains(self->current, topic); n++) {
    g_autofree char *number = n > 1 ? g_strdup_printf("-%u", n) : g_strdup("");
    g_free(topic);
    topic = g_strdup_printf("%s%s%s%s-%" G_GINT64_FORMAT "%s", self->prefix, casa_sim_event_name(e->kind), *place ? "-" : "",
                            place, e->start_ms, number);
  }
  return topic;
}

static void
add_word(GString *out, const char *key, const char *word)
{
  if (!word || !*word)
    return;
  g_string_append_printf(out, ",\"%s\":", key);
  casa_encode_string(out, word);
}

/* The district in which it is felt most; NULL: all of them, or along a line. */
static const char *
district_of(const CasaSimEventAnnouncer *self, const CasaSimEvent *e)
{
  if (e->kind != CASA_SIM_DERBY_NIGHT)
    return e->district;
  const CasaDistrict *d = casa_city_district_at(casa_sim_model_city(casa_sim_world_model(self->world)), e->at);
  return d ? d->id : NULL;
}

static GString *
payload_of(const CasaSimEventAnnouncer *self, const CasaSimEvent *e)
{
  GString *out = g_string_new("{\"event\":");
  casa_encode_string(out, casa_sim_event_name(e->kind));
  add_word(out, "place", strcmp(e->place, "city") == 0 ? NULL : e->place);
  add_word(out, "district", district_of(self, e));
  add_word(out, "line", e->line ? e->line->id : NULL);
  g_string_append_printf(out, ",\"start\":%" G_GINT64_FORMAT ",\"end\":%" G_GINT64_FORMAT, e->start_ms,
                         e->start_ms + e->duration_ms);
  casa_encode_number(out, "intensity", e->intensity, 2);
  g_string_append(out, ",\"simulated\":true}");
  return out;
}

static gboolean
hand_over(const CasaSimEventAnnouncer *self, const char *topic, const GString *payload)
{
  return self->sink->announce ? self->sink->announce(self->sink, topic, payload)
                              : self->sink->send(self->sink, topic, payload, 0);
}

/* A lasting event is said once, and again when its end has changed. */
static gboolean
say_one(CasaSimEventAnnouncer *self, const CasaSimEvent *e)
{
  char *topic = topic_of(self, e);
  g_autoptr(GString) payload = payload_of(self, e);
  g_hash_table_add(self->current, topic);
  if (g_strcmp0(g_hash_table_lookup(self->said, topic), payload->str) == 0)
    return TRUE;
  g_hash_table_insert(self->said, g_strdup(topic), g_strdup(payload->str));
  return hand_over(self, topic, payload);
}

static gboolean
clear_topic(const CasaSimEventAnnouncer *self, const char *topic)
{
  g_autoptr(GString) nothing = g_string_new(NULL);
  return hand_over(self, topic, nothing);
}

static gboolean
clear_ended(CasaSimEventAnnouncer *self)
{
  GHashTableIter iter;
  gpointer topic;
  gboolean ok = TRUE;
  g_hash_table_iter_init(&iter, self->said);
  while (ok && g_hash_table_iter_next(&iter, &topic, NULL)) {
    if (g_hash_table_contains(self->current, topic))
      continue;
    ok = clear_topic(self, topic);
    g_hash_table_iter_remove(&iter);
  }
  return ok;
}

/* A run that was killed could not say that its events ended with it. */
static gboolean
clear_leftovers(CasaSimEventAnnouncer *self)
{
  char *topic;
  gboolean ok = TRUE;
  while (ok && self->sink->take_leftover && (topic = self->sink->take_leftover(self->sink))) {
    if (!g_hash_table_contains(self->said, topic) && !g_hash_table_contains(self->expected, topic))
      ok = clear_topic(self, topic);
    g_free(topic);
  }
  return ok;
}

static gboolean
is_on(const CasaSimEvent *e, gint64 t_ms)
{
  return t_ms >= e->start_ms && t_ms < e->start_ms + e->duration_ms;
}

void
casa_sim_event_announcer_expect(CasaSimEventAnnouncer *self, gint64 t_ms)
{
  const GArray *events = casa_sim_model_events(casa_sim_world_model(self->world), t_ms);
  g_hash_table_remove_all(self->current);
  self->expected_ms = t_ms;
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (!is_on(e, t_ms))
      continue;
    char *topic = topic_of(self, e);
    g_hash_table_add(self->current, g_strdup(topic));
    g_hash_table_add(self->expected, topic);
  }
}

/* Those that ended before this run came so far that it could say so. */
static gboolean
clear_expected(CasaSimEventAnnouncer *self, gint64 t_ms)
{
  GHashTableIter iter;
  gpointer topic;
  gboolean ok = TRUE;
  if (t_ms <= self->expected_ms)
    return TRUE;
  g_hash_table_iter_init(&iter, self->expected);
  while (ok && g_hash_table_iter_next(&iter, &topic, NULL)) {
    ok = g_hash_table_contains(self->current, topic) || clear_topic(self, topic);
    g_hash_table_iter_remove(&iter);
  }
  return ok;
}

gboolean
casa_sim_event_announcer_say(CasaSimEventAnnouncer *self, gint64 t_ms)
{
  const GArray *events = casa_sim_model_events(casa_sim_world_model(self->world), t_ms);
  gboolean ok = TRUE;
  g_hash_table_remove_all(self->current);
  for (guint i = 0; ok && i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (is_on(e, t_ms))
      ok = say_one(self, e);
  }
  return ok && clear_ended(self) && clear_expected(self, t_ms) && clear_leftovers(self);
}

void
casa_sim_event_announcer_end(CasaSimEventAnnouncer *self)
{
  g_hash_table_remove_all(self->current);
  clear_ended(self);
}
