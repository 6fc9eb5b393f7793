/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-file-private.h"
#include <math.h>
#include <string.h>

#define REPLAY_SPEED 600
#define SPEED_MAX 1440 /* a day in a minute */
#define STRENGTH 0.7   /* as palette.conf */
#define STRENGTH_MIN 0.05
#define MINUTES 30
#define MINUTES_MAX 1440
#define AFTER_MIN 2
#define AFTER_MAX 600
#define ID_MAX 64     /* bytes of an id */
#define LIST_SHOWN 24 /* ids that a message may list */

void
casa_scene_cues_clear(CasaCues *self)
{
  g_free(self->event);
  g_free(self->place);
  g_free(self->language);
  *self = (CasaCues){ 0 };
}

/* "18:30". FALSE: it is no time of day. */
static gboolean
read_time_of_day(const char *text, int *out_minute)
{
  guint hour, minute;
  int n = 0;

  if (sscanf(text, "%2u:%2u%n", &hour, &minute, &n) != 2 || (gsize)n != strlen(text) || hour > 23 || minute > 59)
    return FALSE;
  *out_minute = (int)(hour * 60 + minute);
  return TRUE;
}

/* replay = day or HH:MM, speed = how many times as fast. */
static gboolean
read_replay(CasaSceneReader *r, CasaScene *scene)
{
  const char *what = casa_keyfile_get(r->file, r->group, "replay"), *speed = casa_keyfile_get(r->file, r->group, "speed");

  scene->replay_minute = CASA_REPLAY_WHOLE_DAY;
  if (!what)
    return !speed || casa_scene_reader_fail(r, "speed", "is of a replay; write replay = day above it");
  if (!g_str_equal(what, "day") && !read_time_of_day(what, &scene->replay_minute))
    return casa_scene_reader_fail(r, "replay", "\"%s\" is no replay; known: day, or a time of that day such as 18:30", what);
  scene->replay_speed = REPLAY_SPEED;
  if (!speed)
    return TRUE;
  return (casa_scene_number(speed, &scene->replay_speed) && scene->replay_speed >= 1 && scene->replay_speed <= SPEED_MAX) ||
         casa_scene_reader_fail(r, "speed", "\"%s\": wanted a number from 1 to %d", speed, SPEED_MAX);
}

static gboolean
read_language(CasaSceneReader *r, CasaCues *out)
{
  const char *text = casa_keyfile_get(r->file, r->group, "language");

  out->language = g_strdup(text);
  return !text || g_strv_contains((const char *const[]){ "fr", "ar", "en", NULL }, text) ||
         casa_scene_reader_fail(r, "language", "\"%s\" is none of fr, ar, en", text);
}

static gboolean
read_leave(CasaSceneReader *r, CasaCues *out)
{
  const char *text = casa_keyfile_get(r->file, r->group, "leave");

  out->calm = text != NULL;
  return !text || g_str_equal(text, "calm") ||
         casa_scene_reader_fail(r, "leave", "\"%s\" is no cue; known: calm, which ends what was commanded", text);
}

/* An id stands in JSON and in topics as it is. */
static gboolean
is_id(const char *text)
{
  return casa_scene_is_id(text) && strlen(text) < ID_MAX;
}

static gboolean
is_known(CasaSceneReader *r, const char *what, const char *id, const char *const *known)
{
  if (!is_id(id))
    return casa_scene_reader_fail(r, "event", "\"%s\" is no id: write a-z, 0-9 and -", id);
  if (!known || g_strv_contains(known, id))
    return TRUE;
  if (g_strv_length((char **)known) > LIST_SHOWN)
    return casa_scene_reader_fail(r, "event", "no %s \"%s\"; write the id of a district, line, stop or landmark of the city",
                                  what, id);
  g_autofree char *list = g_strjoinv(", ", (char **)known);
  return casa_scene_reader_fail(r, "event", "no %s \"%s\"; known: %s", what, id, list);
}

/* "place=maarif" */
static gboolean
read_option(CasaSceneReader *r, const char *word, CasaCues *out)
{
  const char *value = strchr(word, '=');
  double n;

  if (!value)
    return casa_scene_reader_fail(r, "event", "\"%s\": wanted place=ID, strength=0.05 to 1 or minutes=1 to %d", word,
                                  MINUTES_MAX);
  value++;
  if (g_str_has_prefix(word, "place=")) {
    g_free(out->place);
    out->place = g_strdup(value);
    return is_known(r, "place", value, r->world->places);
  }
  if (g_str_has_prefix(word, "strength="))
    return (casa_scene_number(value, &out->strength) && out->strength >= STRENGTH_MIN && out->strength <= 1) ||
           casa_scene_reader_fail(r, "event", "strength: \"%s\" is no number from %g to 1", value, STRENGTH_MIN);
  if (!g_str_has_prefix(word, "minutes="))
    return casa_scene_reader_fail(r, "event", "\"%s\" is not known; known: place=, strength=, minutes=", word);
  if (!casa_scene_number(value, &n) || n < 1 || n > MINUTES_MAX || n != floor(n))
    return casa_scene_reader_fail(r, "event", "minutes: \"%s\" is no whole number from 1 to %d", value, MINUTES_MAX);
  out->minutes = (guint)n;
  return TRUE;
}

/* event = KIND [place=ID] [strength=N] [minutes=N] */
static gboolean
read_event(CasaSceneReader *r, CasaScene *scene)
{
  const char *text = casa_keyfile_get(r->file, r->group, "event");
  CasaCues *out = &scene->cues;

  if (!text)
    return TRUE;
  if (scene->replay_speed > 0)
    return casa_scene_reader_fail(r, "event", "does not go with replay: events are commanded live");
  g_auto(GStrv) words = casa_scene_words(text);
  out->event = g_strdup(words[0]);
  out->strength = STRENGTH;
  out->minutes = MINUTES;
  if (!is_known(r, "event", out->event, r->world->events))
    return FALSE;
  for (guint i = 1; words[i]; i++)
    if (!read_option(r, words[i], out))
      return FALSE;
  return TRUE;
}

gboolean
casa_scene_read_cues(CasaSceneReader *r, CasaScene *scene)
{
  return read_replay(r, scene) && read_language(r, &scene->cues) && read_leave(r, &scene->cues) && read_event(r, scene);
}

gboolean
casa_scene_read_parachute(CasaSceneReader *r, const char *name, CasaParachutePlan *out)
{
  static const char *const known[] = { "after", "itself", "from", NULL };
  const char *after = casa_keyfile_get(r->file, r->group, "after"), *itself = casa_keyfile_get(r->file, r->group, "itself");
  const char *from = casa_keyfile_get(r->file, r->group, "from");
  g_auto(GStrv) keys = casa_keyfile_keys(r->file, r->group);

  for (guint i = 0; keys[i]; i++)
    if (!g_strv_contains(known, keys[i]))
      return casa_scene_reader_fail(r, keys[i], "is not known here; known: after, itself, from");
  if (after && (!casa_scene_number(after, &out->after_s) || out->after_s < AFTER_MIN || out->after_s > AFTER_MAX))
    return casa_scene_reader_fail(r, "after", "\"%s\": wanted a number of seconds from %d to %d, such as 15", after, AFTER_MIN,
                                  AFTER_MAX);
  out->itself = g_strcmp0(itself, "yes") == 0;
  if (itself && !out->itself && !g_str_equal(itself, "no"))
    return casa_scene_reader_fail(r, "itself", "\"%s\" is neither yes nor no", itself);
  if (!from)
    return TRUE;
  g_autofree char *folder = g_path_get_dirname(name);
  out->from = g_path_is_absolute(from) ? g_strdup(from) : g_build_filename(folder, from, NULL);
  return g_file_test(out->from, G_FILE_TEST_IS_REGULAR) ||
         casa_scene_reader_fail(r, "from", "there is no recording %s", out->from);
}
