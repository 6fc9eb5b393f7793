/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-list.h"
#include "base/file-stamp.h"
#include "city/domain-files.h"

#define CHECK_S 1
#define NOWHERE "scenes.conf (built in)"

struct _CasaSceneList {
  GObject parent_instance;
  char *path, *dir;                                 /* NULL: only what is built in */
  char **domains, **indicators, **events, **places; /* the last two NULL: any */
  const CasaCity *city;
  CasaSceneFile *file;
  CasaSceneFault fault; /* message NULL: none */
  CasaFileStamp stamp;  /* as last read */
  CasaFileStamp beside; /* of the files of domains beside it */
  CasaKeyfile *keys;    /* of the scenes shown, to see whether they can be shown in another world; NULL: the shipped ones */
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

/* The file as it is saved, or the shipped one where there is none; *@keys (transfer full) is what it says. NULL: *@fault says
 * why. */
static CasaSceneFile *
read_file(CasaSceneList *self, const CasaSceneWorld *world, CasaKeyfile **keys, CasaSceneFault *fault)
{
  *keys = casa_scene_keys_load(self->path, !self->stamp.inode, fault);
  return *keys ? casa_scene_file_read(*keys, self->path ? self->path : NOWHERE, world, fault) : NULL;
}

/* Takes both. */
static void
show_file(CasaSceneList *self, CasaSceneFile *file, CasaKeyfile *keys)
{
  g_clear_pointer(&self->file, casa_scene_file_free);
  self->file = file;
  g_clear_pointer(&self->keys, casa_keyfile_free);
  self->keys = keys;
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
  g_autoptr(CasaKeyfile) keys = NULL;
  CasaSceneFile *file = read_file(self, &world, &keys, &fault);

  tell(self, fault);
  if (file || !self->file)
    show_file(self, file ? file : shipped(&world), file ? g_steal_pointer(&keys) : NULL);
}

void
casa_scene_list_check(CasaSceneList *self)
{
  const gboolean saved = casa_file_stamp_look(&self->stamp, self->path);

  if (!(self->dir && casa_domain_files_look(&self->beside, self->dir)) && !saved)
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
  CasaSceneFile *file = self->keys ? casa_scene_file_read(self->keys, self->path ? self->path : NOWHERE, world, &fault)
                                   : casa_scene_file_shipped(world, &fault);

  if (!file)
    casa_scene_fault_clear(&fault);
  return file;
}

gboolean
casa_scene_list_fits(CasaSceneList *self, const CasaSceneWorld *world)
{
  CasaSceneFault fault = { 0 };
  g_autoptr(CasaKeyfile) keys = NULL;
  g_autoptr(CasaSceneFile) file = read_file(self, world, &keys, &fault);
  g_autoptr(CasaSceneFile) before = file ? NULL : shown_in(self, world);

  casa_scene_fault_clear(&fault);
  return file || before;
}

gboolean
casa_scene_list_set_world(CasaSceneList *self, const CasaSceneWorld *world)
{
  CasaSceneFault fault = { 0 };
  g_autoptr(CasaKeyfile) keys = NULL;
  CasaSceneFile *file = read_file(self, world, &keys, &fault), *before = file ? NULL : shown_in(self, world);

  tell(self, fault);
  if (file)
    show_file(self, file, g_steal_pointer(&keys));
  if (before)
    show_file(self, before, g_steal_pointer(&self->keys));
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
  casa_keyfile_free(self->keys);
  g_free(self->dir);
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
  self->dir = path ? g_path_get_dirname(path) : NULL;
  self->stamp = casa_file_stamp(path);
  if (self->dir)
    (void)casa_domain_files_look(&self->beside, self->dir);
  read_again(self);
  if (path)
    self->timer = g_timeout_add_seconds(CHECK_S, check_cb, self);
  return self;
}
