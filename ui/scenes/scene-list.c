/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-list.h"
#include <string.h>
#include <sys/stat.h>

#define CHECK_S 1

/* How a file looks from outside. A look once a second sees what no inotify tells of: the target of a link, a network drive. */
typedef struct {
  guint64 inode, size;
  struct timespec changed;
} Stamp;

struct _CasaSceneList {
  GObject parent_instance;
  char *path;
  char **domains, **indicators;
  CasaSceneFile *file;
  CasaSceneFault fault; /* message NULL: none */
  Stamp stamp;          /* as last read; all 0: no file */
  guint timer;
};

G_DEFINE_FINAL_TYPE(CasaSceneList, casa_scene_list, G_TYPE_OBJECT)

static guint changed_signal;

static Stamp
stamp_of(const char *path)
{
  struct stat s;

  if (!path || stat(path, &s) != 0)
    return (Stamp){ 0 };
  return (Stamp){ s.st_ino, (guint64)s.st_size, s.st_mtim };
}

static gboolean
is_same(const Stamp *a, const Stamp *b)
{
  return a->inode == b->inode && a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
         a->changed.tv_nsec == b->changed.tv_nsec;
}

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

static void
read_again(CasaSceneList *self)
{
  const CasaSceneWorld world = { (const char *const *)self->domains, (const char *const *)self->indicators };
  CasaSceneFault fault = { 0 };

  self->stamp = stamp_of(self->path);
  CasaSceneFile *file = self->stamp.inode ? casa_scene_file_load(self->path, &world, &fault) : shipped(&world);
  if (fault.message)
    g_message("%s; the scenes stay as they were", fault.message);
  casa_scene_fault_clear(&self->fault);
  self->fault = fault;
  if (!file && self->file)
    return;
  g_clear_pointer(&self->file, casa_scene_file_free);
  self->file = file ? file : shipped(&world);
}

void
casa_scene_list_check(CasaSceneList *self)
{
  Stamp stamp = stamp_of(self->path);

  if (is_same(&stamp, &self->stamp))
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
  self->domains = g_strdupv((char **)world->domains);
  self->indicators = g_strdupv((char **)world->indicators);
}

void
casa_scene_list_set_world(CasaSceneList *self, const CasaSceneWorld *world)
{
  take_world(self, world);
  read_again(self);
  g_signal_emit(self, changed_signal, 0);
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
  g_free(self->path);
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
  read_again(self);
  if (path)
    self->timer = g_timeout_add_seconds(CHECK_S, check_cb, self);
  return self;
}
