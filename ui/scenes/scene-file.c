/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-file-private.h"
#include "base/error.h"
#include "city/domain-files.h"
#include "scenes-resources.h"
#include "ui/text/lang.h"
#include <string.h>

#define SHIPPED "/casa-pulse/scenes.conf"
#define SHIPPED_NAME "scenes.conf (built in)"
#define OWN_NAME "scenes.conf" /* of a configuration folder, which may have files of domains */
#define PREFIX "scene "
#define BOARD "teams"
#define NARROW " narrow"
#define PARTS_MAX 64
#define MINUTES_MAX 240
#define STAY_MIN 3
#define STAY_MAX 3600

struct _CasaSceneFile {
  GPtrArray *scenes;       /* CasaScene * */
  CasaSceneFile *built_in; /* with a board of teams, where no scene has one; NULL: one has */
  CasaParachutePlan parachute;
};

/* As the one of talks/hackathon.conf. */
static const char TEAMS[] = "[scene teams]\n"
                            "title_fr = Le moment des équipes\ntitle_en = The moment of the teams\ntitle_ar = لحظة الفرق\n"
                            "grid = 1920 1080\nheader = header 32 16 1856 76\nteams = teams 32 112 1856 884\n"
                            "status = status 32 1016 1856 52\n"
                            "[scene teams narrow]\n"
                            "grid = 1080 1920\nheader = header 24 16 1032 76\nteams = teams 24 112 1032 1700\n"
                            "status = status 24 1840 1032 52 short=yes\n";

static const char *const TITLES[] = { "title_fr", "title_en", "title_ar" };
static const char *const NOTES[] = { "notes_fr", "notes_en", "notes_ar" };
static const char *const SCENE_KEYS[] = { "title_fr", "title_en", "title_ar", "grid",     "letters",  "replay",
                                          "speed",    "minutes",  "stay",     "notes_fr", "notes_en", "notes_ar",
                                          "event",    "language", "leave",    "camera",   "range",    NULL };

static void
scene_free(gpointer data)
{
  CasaScene *self = data;

  g_free(self->id);
  for (guint i = 0; i < G_N_ELEMENTS(self->title); i++)
    g_free(self->title[i]);
  for (guint i = 0; i < G_N_ELEMENTS(self->notes); i++)
    g_free(self->notes[i]);
  casa_scene_cues_clear(&self->cues);
  g_free(self->camera.place);
  g_clear_pointer(&self->parts, g_ptr_array_unref);
  g_clear_pointer(&self->narrow, g_ptr_array_unref);
  g_free(self);
}

const GPtrArray *
casa_scene_parts(const CasaScene *self, gboolean narrow)
{
  return narrow && self->narrow ? self->narrow : self->parts;
}

const char *
casa_scene_title(const CasaScene *self)
{
  const char *language = casa_lang_get();

  return self->title[g_str_equal(language, "en") ? 1 : g_str_equal(language, "ar") ? 2 : 0];
}

const char *
casa_scene_notes(const CasaScene *self)
{
  const char *language = casa_lang_get();

  return self->notes[g_str_equal(language, "en") ? 1 : g_str_equal(language, "ar") ? 2 : 0];
}

static gboolean
overlap(const CasaFractions *a, const CasaFractions *b)
{
  return a->x + a->w > b->x + CASA_SCENE_TOUCH && b->x + b->w > a->x + CASA_SCENE_TOUCH &&
         a->y + a->h > b->y + CASA_SCENE_TOUCH && b->y + b->h > a->y + CASA_SCENE_TOUCH;
}

static gboolean
check_overlaps(CasaSceneReader *r, const GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    for (guint k = 0; k < i; k++) {
      const CasaPartSpec *a = g_ptr_array_index(parts, k), *b = g_ptr_array_index(parts, i);
      if (!a->under && !b->under && overlap(&a->slot, &b->slot))
        return casa_scene_reader_fail(r, b->name, "stands on %s; move one of them, or let one be under the others: under=yes",
                                      a->name);
    }
  return TRUE;
}

/* A dot in a key: an option, which must be of a part. */
static gboolean
check_owner(CasaSceneReader *r, const GPtrArray *parts, const char *key)
{
  for (guint i = 0; i < parts->len; i++) {
    const CasaPartSpec *part = g_ptr_array_index(parts, i);
    if (g_str_has_prefix(key, part->name) && key[strlen(part->name)] == '.')
      return TRUE;
  }
  return casa_scene_reader_fail(r, key, "belongs to no part of this scene");
}

static gint
under_first(gconstpointer a, gconstpointer b)
{
  const CasaPartSpec *left = *(const CasaPartSpec *const *)a, *right = *(const CasaPartSpec *const *)b;

  return (gint)right->under - (gint)left->under;
}

static gboolean
check_parts(CasaSceneReader *r, char **keys, const GPtrArray *parts)
{
  for (guint i = 0; keys[i]; i++)
    if (strchr(keys[i], '.') && !check_owner(r, parts, keys[i]))
      return FALSE;
  if (parts->len == 0 || parts->len > PARTS_MAX)
    return casa_scene_reader_fail(r, NULL, "has %u parts; wanted from 1 to %d", parts->len, PARTS_MAX);
  return check_overlaps(r, parts);
}

/* All parts of the group; NULL: it failed. (transfer full) */
static GPtrArray *
read_parts(CasaSceneReader *r)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)casa_part_spec_free);
  g_auto(GStrv) keys = casa_keyfile_keys(r->file, r->group);

  for (guint i = 0; keys[i]; i++) {
    if (g_strv_contains(SCENE_KEYS, keys[i]) || strchr(keys[i], '.'))
      continue;
    CasaPartSpec *part = casa_scene_read_part(r, keys[i], keys);
    if (!part)
      return NULL;
    g_ptr_array_add(parts, part);
  }
  if (!check_parts(r, keys, parts))
    return NULL;
  g_ptr_array_sort(parts, under_first); /* keeps the order of the rest */
  return g_steal_pointer(&parts);
}

static gboolean
read_grid(CasaSceneReader *r)
{
  const char *text = casa_keyfile_get(r->file, r->group, "grid");
  g_auto(GStrv) words = casa_scene_words(text ? text : "1 1");

  if (g_strv_length(words) == 2 && casa_scene_number(words[0], &r->grid_w) && casa_scene_number(words[1], &r->grid_h) &&
      r->grid_w > 0 && r->grid_h > 0)
    return TRUE;
  return casa_scene_reader_fail(r, "grid", "\"%s\" is no grid; write how many units across and down, such as 1920 1080", text);
}

static gboolean
read_letters(CasaSceneReader *r, CasaScene *scene)
{
  const char *text = casa_keyfile_get(r->file, r->group, "letters");

  scene->large = g_strcmp0(text, "large") == 0;
  return !text || scene->large || g_str_equal(text, "normal") ||
         casa_scene_reader_fail(r, "letters", "\"%s\" is neither large nor normal", text);
}

/* stay = seconds until the next scene comes by itself. */
static gboolean
read_stay(CasaSceneReader *r, CasaScene *scene)
{
  const char *text = casa_keyfile_get(r->file, r->group, "stay");

  return !text || (casa_scene_number(text, &scene->stay_s) && scene->stay_s >= STAY_MIN && scene->stay_s <= STAY_MAX) ||
         casa_scene_reader_fail(r, "stay", "\"%s\": wanted a number of seconds from %d to %d, such as 30", text, STAY_MIN,
                                STAY_MAX);
}

/* What the presenter has of it: how long it is planned to last, and what to say. */
static gboolean
read_plan(CasaSceneReader *r, CasaScene *scene)
{
  const char *text = casa_keyfile_get(r->file, r->group, "minutes"), *french = casa_keyfile_get(r->file, r->group, NOTES[0]);

  for (guint i = 0; i < G_N_ELEMENTS(NOTES); i++) {
    const char *own = casa_keyfile_get(r->file, r->group, NOTES[i]);
    if (own && !french)
      return casa_scene_reader_fail(r, NOTES[i], "has no French beside it; write notes_fr = …");
    scene->notes[i] = g_strdup(own ? own : french);
  }
  return !text || (casa_scene_number(text, &scene->minutes) && scene->minutes > 0 && scene->minutes <= MINUTES_MAX) ||
         casa_scene_reader_fail(r, "minutes", "\"%s\": wanted a number of minutes from 0.1 to %d, such as 2.5", text,
                                MINUTES_MAX);
}

static gboolean
read_titles(CasaSceneReader *r, CasaScene *scene)
{
  const char *french = casa_keyfile_get(r->file, r->group, TITLES[0]);

  if (!french)
    return casa_scene_reader_fail(r, TITLES[0], "is missing; a scene needs a title");
  for (guint i = 0; i < G_N_ELEMENTS(TITLES); i++) {
    const char *own = casa_keyfile_get(r->file, r->group, TITLES[i]);
    scene->title[i] = g_strdup(own ? own : french);
  }
  return TRUE;
}

static CasaScene *
find_scene(const CasaSceneFile *self, const char *id)
{
  guint i = casa_scene_file_find(self, id);

  return i == G_MAXUINT ? NULL : g_ptr_array_index(self->scenes, i);
}

/* "[scene NAME narrow]": other parts of the scene above it, for windows that are higher than wide. */
static gboolean
read_narrow(CasaSceneReader *r, CasaSceneFile *out, const char *id)
{
  static const char *const foreign[] = {
    "title_fr", "title_en", "title_ar", "letters", "replay",   "speed", "minutes", "stay",
    "notes_fr", "notes_en", "notes_ar", "event",   "language", "leave", "camera",  "range"
  };
  CasaScene *scene = find_scene(out, id);

  if (!scene)
    return casa_scene_reader_fail(r, NULL, "there is no [scene %s] above it", id);
  for (guint i = 0; i < G_N_ELEMENTS(foreign); i++)
    if (casa_keyfile_get(r->file, r->group, foreign[i]))
      return casa_scene_reader_fail(r, foreign[i], "belongs into [scene %s]", id);
  scene->narrow = read_grid(r) ? read_parts(r) : NULL;
  return scene->narrow != NULL;
}

static gboolean
read_wide(CasaSceneReader *r, CasaSceneFile *out, const char *id)
{
  CasaScene *scene = g_new0(CasaScene, 1);

  g_ptr_array_add(out->scenes, scene);
  scene->id = g_strdup(id);
  if (!read_titles(r, scene) || !read_grid(r) || !read_letters(r, scene) || !casa_scene_read_cues(r, scene) ||
      !read_plan(r, scene) || !read_stay(r, scene) || !casa_scene_read_look(r, scene))
    return FALSE;
  scene->parts = read_parts(r);
  return scene->parts != NULL;
}

static gboolean
read_scene(CasaSceneReader *r, CasaSceneFile *out)
{
  gboolean named = g_str_has_prefix(r->group, PREFIX), narrow = g_str_has_suffix(r->group, NARROW);
  const char *name = named ? r->group + strlen(PREFIX) : "";
  g_autofree char *id = g_strndup(name, strlen(name) - (named && narrow ? strlen(NARROW) : 0));

  if (!casa_scene_is_id(id))
    return casa_scene_reader_fail(
      r, NULL,
      "unknown group; a scene is [scene NAME], with a name of small letters, digits and '-'; beside them: [parachute]");
  return narrow ? read_narrow(r, out, id) : read_wide(r, out, id);
}

static gboolean
read_scenes(CasaSceneReader *r, const char *name, CasaSceneFile *out)
{
  const char *const *groups = casa_keyfile_groups(r->file);

  for (guint i = 0; groups[i]; i++) {
    r->group = groups[i];
    gboolean parachute = g_str_equal(r->group, CASA_PARACHUTE_GROUP);
    if (!(parachute ? casa_scene_read_parachute(r, name, &out->parachute) : read_scene(r, out)))
      return FALSE;
  }
  return TRUE;
}

static CasaSceneFile *
read_file(const CasaKeyfile *file, const char *name, const CasaSceneWorld *world, GError **error)
{
  g_autoptr(CasaSceneFile) self = g_new0(CasaSceneFile, 1);
  CasaSceneReader reader = { .file = file, .world = world, .error = error };

  self->scenes = g_ptr_array_new_with_free_func(scene_free);
  self->parachute.after_s = CASA_PARACHUTE_AFTER_S;
  if (!read_scenes(&reader, name, self))
    return NULL;
  if (self->scenes->len > 0)
    return g_steal_pointer(&self);
  g_set_error(error, CASA_ERROR, CASA_ERROR_CONFIG, "%s has no [scene NAME]", name);
  return NULL;
}

/* Where @error is, in the file @name or in one of those added to it. @error (transfer full), not NULL. */
static void
take_fault(CasaSceneFault *fault, const char *name, GError *error)
{
  const char *file = NULL, *key = NULL;

  fault->message = g_strdup(error->message);
  if (casa_error_get_place(error, &file, &fault->line, &key)) {
    fault->file = g_strdup(file);
    fault->key = g_strdup(key);
  } else {
    fault->file = g_path_get_basename(name);
  }
  g_error_free(error);
}

static const CasaScene *
board_of(const CasaSceneFile *self)
{
  for (guint i = 0; i < self->scenes->len; i++) {
    const CasaScene *scene = casa_scene_file_get(self, i);
    for (guint k = 0; k < scene->parts->len; k++)
      if (g_str_equal(((const CasaPartSpec *)scene->parts->pdata[k])->type, BOARD))
        return scene;
  }
  return NULL;
}

/* Speaks of nothing that a world could lack. (transfer full) */
static CasaSceneFile *
parse_built_in(const char *text)
{
  const char *const none[] = { NULL };
  g_autoptr(CasaKeyfile) file = casa_keyfile_parse(text, strlen(text), "built in", NULL);

  return file ? read_file(file, "built in", &(CasaSceneWorld){ .domains = none, .indicators = none }, NULL) : NULL;
}

/* (transfer full), NULL stays NULL */
static CasaSceneFile *
with_board(CasaSceneFile *self)
{
  if (self && !board_of(self))
    self->built_in = parse_built_in(TEAMS);
  return self;
}

static CasaKeyfile *
shipped_keys(GError **error)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data(casa_scenes_get_resource(), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize len;
  const char *text = g_bytes_get_data(bytes, &len);

  return casa_keyfile_parse(text, len, SHIPPED_NAME, error);
}

/* A talk is whole by itself; behind the folder's own scenes come those that its files of domains have. */
static gboolean
add_domains(CasaKeyfile *keys, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename(path), *dir = g_path_get_dirname(path);

  return !g_str_equal(name, OWN_NAME) || casa_domain_files_add(keys, dir, CASA_DOMAIN_SCENES, error);
}

CasaKeyfile *
casa_scene_keys_load(const char *path, gboolean built_in, CasaSceneFault *fault)
{
  GError *error = NULL;
  g_autoptr(CasaKeyfile) keys = built_in ? shipped_keys(&error) : casa_keyfile_load(path, &error);

  *fault = (CasaSceneFault){ 0 };
  if (keys && (!path || add_domains(keys, path, &error)))
    return g_steal_pointer(&keys);
  take_fault(fault, path ? path : SHIPPED_NAME, error);
  return NULL;
}

CasaSceneFile *
casa_scene_file_read(const CasaKeyfile *keys, const char *name, const CasaSceneWorld *world, CasaSceneFault *fault)
{
  GError *error = NULL;
  CasaSceneFile *self = read_file(keys, name, world, &error);

  *fault = (CasaSceneFault){ 0 };
  if (!self)
    take_fault(fault, name, error);
  return with_board(self);
}

CasaSceneFile *
casa_scene_file_load(const char *path, const CasaSceneWorld *world, CasaSceneFault *fault)
{
  g_autoptr(CasaKeyfile) keys = casa_scene_keys_load(path, FALSE, fault);

  return keys ? casa_scene_file_read(keys, path, world, fault) : NULL;
}

CasaSceneFile *
casa_scene_file_parse(const char *text, gsize len, const char *name, const CasaSceneWorld *world, CasaSceneFault *fault)
{
  GError *error = NULL;
  g_autoptr(CasaKeyfile) keys = casa_keyfile_parse(text, len, name, &error);

  *fault = (CasaSceneFault){ 0 };
  if (keys)
    return casa_scene_file_read(keys, name, world, fault);
  take_fault(fault, name, error);
  return NULL;
}

CasaSceneFile *
casa_scene_file_shipped(const CasaSceneWorld *world, CasaSceneFault *fault)
{
  g_autoptr(CasaKeyfile) keys = casa_scene_keys_load(NULL, TRUE, fault);

  return keys ? casa_scene_file_read(keys, SHIPPED_NAME, world, fault) : NULL;
}

CasaSceneFile *
casa_scene_file_bare(void)
{
  return with_board(
    parse_built_in("[scene wall]\ntitle_fr = Casablanca\nheader = header 0 0 1 0.1\nstatus = status 0 0.9 1 0.1\n"));
}

void
casa_scene_file_free(CasaSceneFile *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->scenes);
  casa_scene_file_free(self->built_in);
  g_free(self->parachute.from);
  g_free(self);
}

void
casa_scene_fault_clear(CasaSceneFault *self)
{
  g_free(self->file);
  g_free(self->key);
  g_free(self->message);
  *self = (CasaSceneFault){ 0 };
}

guint
casa_scene_file_n(const CasaSceneFile *self)
{
  return self->scenes->len;
}

const CasaScene *
casa_scene_file_get(const CasaSceneFile *self, guint i)
{
  return g_ptr_array_index(self->scenes, i);
}

const CasaScene *
casa_scene_file_teams(const CasaSceneFile *self)
{
  return board_of(self->built_in ? self->built_in : self);
}

const CasaParachutePlan *
casa_scene_file_parachute(const CasaSceneFile *self)
{
  return &self->parachute;
}

guint
casa_scene_file_find(const CasaSceneFile *self, const char *id)
{
  for (guint i = 0; i < self->scenes->len; i++)
    if (g_strcmp0(casa_scene_file_get(self, i)->id, id) == 0)
      return i;
  return G_MAXUINT;
}

char *
casa_scene_file_ids(const CasaSceneFile *self)
{
  g_autoptr(GString) list = g_string_new(NULL);

  for (guint i = 0; i < self->scenes->len; i++)
    g_string_append_printf(list, "%s%s", i ? ", " : "", casa_scene_file_get(self, i)->id);
  return g_string_free(g_steal_pointer(&list), FALSE);
}
