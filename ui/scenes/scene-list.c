/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-list.h"
#include "base/file-stamp.h"
#include <string.h>

#define CHECK_S 1
#define TEXT_MAX (1024 * 1024) /* what a key file may have */

struct _CasaSceneList {
  GObject parent_instance;
  char *path;
  char **domains, **indicators, **events, **places; /* the last two NULL: any */
  const CasaCity *city;
  CasaSceneFile *file;
  CasaSceneFault fault; /* message NULL: none */
  CasaFileStamp stamp;  /* as last read */
  char *text;           /* of the scenes shown, to see whether they can be shown in another world; NULL: the shipped ones */
  gsize text_len;
  guint timer;
};

G_DEFINE_FINAL_TYPE(CasaSceneList, casa_scene_list, G_TYPE_OBJECT)

static guint changed_signal;

static CasaSceneFile *
shipped(const CasaSceneWorld *world)
{
  CasaSceneFault fault;
  CasaSceneFile *file = casa_scene_file_shipped(world, &fault);

  if (file)
    return file;
  g_warning("the scenes that are built in cannot be shown, a line stands for them: %s", fault.message);
  casa_scene_fault_clear(&fault);
  return casa_scene_file_bare();
}

/* The file as it is saved, or the shipped one where there is none; *@text (transfer full) is its text. NULL: *@fault says
 * why. */
static CasaSceneFile *
read_file(CasaSceneList *self, const CasaSceneWorld *world, char **text, gsize *len, CasaSceneFault *fault)
{
  *text = NULL;
  if (!self->stamp.inode)
    return casa_scene_file_shipped(world, fault);
  if (g_file_get_contents(self->path, text, len, NULL) && *len <= TEXT_MAX)
    return casa_scene_file_parse(*text, *len, self->path, world, fault);
  return casa_scene_file_load(self->path, world, fault); /* which says why it cannot be read */
}

static void
show_file(CasaSceneList *self, CasaSceneFile *file, char *text, gsize len)
{
  g_clear_pointer(&self->file, casa_scene_file_free);
  self->file = file;
  g_free(self->text);
  self->text = text;
  self->text_len = len;
}

static void
tell(CasaSceneList *self, CasaSceneFault fault)
{
  if (fault.message)
    g_message("%s; the scenes stay as they were", fault.message);
  casa_scene_fault_clear(&self->fault);
  self->fault = fault;
}

static CasaSceneWorld
world_of(CasaSceneList *self)
{
  return (CasaSceneWorld){ .domains = (const char *const *)self->domains,
                           .indicators = (const char *const *)self->indicators,
                           .events = (const char *const *)self->events,
                           .places = (const char *const *)self->places,
                           .city = self->city };
}

static void
read_again(CasaSceneList *self)
{
  const CasaSceneWorld world = world_of(self);
  CasaSceneFault fault = { 0 };
  char *text;
  gsize len = 0;
  CasaSceneFile *file = read_file(self, &world, &text, &len, &fault);

  tell(self, fault);
  if (file || !self->file)
    show_file(self, file ? file : shipped(&world), file ? text : NULL, len);
  if (!file)
    g_free(text);
}

void
casa_scene_list_check(CasaSceneList *self)
{
  if (!casa_file_stamp_look(&self->stamp, self->path))
    return;
  read_again(self);
  g_signal_emit(self, changed_signal, 0);
}

static gboolean
check_cb(gpointer data)
{
  casa_scene_list_check(data);
  return G_SOURCE_CONTINUE;
}

static void
take_world(CasaSceneList *self, const CasaSceneWorld *world)
{
  g_strfreev(self->domains);
  g_strfreev(self->indicators);
  g_strfreev(self->events);
  g_strfreev(self->places);
  self->domains = g_strdupv((char **)world->domains);
  self->indicators = g_strdupv((char **)world->indicators);
  self->events = g_strdupv((char **)world->events);
  self->places = g_strdupv((char **)world->places);
  self->city = world->city;
}

/* The scenes shown, in @world. NULL: they speak of what is not there. */
static CasaSceneFile *
shown_in(CasaSceneList *self, const CasaSceneWorld *world)
{
  CasaSceneFault fault;
  CasaSceneFile *file = self->text ? casa_scene_file_parse(self->text, self->text_len, self->path, world, &fault)
                                   : casa_scene_file_shipped(world, &fault);

  if (!file)
    casa_scene_fault_clear(&fault);
  return file;
}

gboolean
casa_scene_list_fits(CasaSceneList *self, const CasaSceneWorld *world)
{
  CasaSceneFault fault = { 0 };
  g_autofree char *text = NULL;
  gsize len;
  g_autoptr(CasaSceneFile) file = read_file(self, world, &text, &len, &fault);
  g_autoptr(CasaSceneFile) before = file ? NULL : shown_in(self, world);

  casa_scene_fault_clear(&fault);
  return file || before;
}

gboolean
casa_scene_list_set_world(CasaSceneList *self, const CasaSceneWorld *world)
{
  CasaSceneFault fault = { 0 };
  char *text;
  gsize len = 0;
  CasaSceneFile *file = read_file(self, world, &text, &len, &fault), *before = file ? NULL : shown_in(self, world);

  tell(self, fault);
  if (file)
    show_file(self, file, text, len);
  else
    g_free(text);
  if (before)
    show_file(self, before, g_steal_pointer(&self->text), self->text_len);
  if (file || before)
    take_world(self, world);
  g_signal_emit(self, changed_signal, 0);
  return file || before;
}

const CasaSceneFile *
casa_scene_list_file(CasaSceneList *self)
{
  return self->file;
}

const CasaSceneFault *
casa_scene_list_fault(CasaSceneList *self)
{
  return self->fault.message ? &self->fault : NULL;
}

static void
finalize(GObject *object)
{
  CasaSceneList *self = CASA_SCENE_LIST(object);

  g_clear_handle_id(&self->timer, g_source_remove);
  g_clear_pointer(&self->file, casa_scene_file_free);
  casa_scene_fault_clear(&self->fault);
  g_strfreev(self->domains);
  g_strfreev(self->indicators);
  g_strfreev(self->events);
  g_strfreev(self->places);
  g_free(self->path);
  g_free(self->text);
  G_OBJECT_CLASS(casa_scene_list_parent_class)->finalize(object);
}

static void
casa_scene_list_class_init(CasaSceneListClass *class)
{
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal = g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
casa_scene_list_init(CasaSceneList *self)
{
}

CasaSceneList *
casa_scene_list_new(const char *path, const CasaSceneWorld *world)
{
  CasaSceneList *self = g_object_new(CASA_TYPE_SCENE_LIST, NULL);

  self->path = g_strdup(path);
  take_world(self, world);
  self->stamp = casa_file_stamp(path);
  read_again(self);
  if (path)
    self->timer = g_timeout_add_seconds(CHECK_S, check_cb, self);
  return self;
}
