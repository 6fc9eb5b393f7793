/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/wall-state.h"

#define GROUP "wall"
#define LOOK_MS 500

struct _CasaWallState {
  char *path, *written; /* the text that the file has */
  CasaWindow *window;   /* weak */
  CasaSceneList *scenes;
  guint timer;
  gboolean told; /* that it cannot be written */
};

/* (transfer full) */
static char *
text_of(CasaWallState *self)
{
  const CasaScene *scene = casa_scene_file_get(casa_scene_list_file(self->scenes), casa_window_scene(self->window));

  return g_strdup_printf("# Written by casa-pulse --state: how the wall stood last.\n[" GROUP
                         "]\nscene = %s\nlanguage = %s\ntheme = %s\nfullscreen = %s\n",
                         scene->id, casa_window_language(self->window), casa_window_theme(self->window),
                         gtk_window_is_fullscreen(GTK_WINDOW(self->window)) ? "true" : "false");
}

static gboolean
look_cb(gpointer data)
{
  CasaWallState *self = data;
  g_autoptr(GError) error = NULL;

  if (!self->window)
    return G_SOURCE_CONTINUE;
  g_autofree char *text = text_of(self);
  if (g_strcmp0(text, self->written) == 0)
    return G_SOURCE_CONTINUE;
  if (g_file_set_contents(self->path, text, -1, &error)) {
    g_free(self->written);
    self->written = g_steal_pointer(&text);
  } else if (!self->told) {
    g_message("--state: %s", error->message);
    self->told = TRUE;
  }
  return G_SOURCE_CONTINUE;
}

CasaWallState *
casa_wall_state_new(const char *path, CasaWindow *window, CasaSceneList *scenes)
{
  CasaWallState *self = g_new0(CasaWallState, 1);

  self->path = g_strdup(path);
  self->scenes = g_object_ref(scenes);
  g_set_weak_pointer(&self->window, window);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
  return self;
}

void
casa_wall_state_free(CasaWallState *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_clear_weak_pointer(&self->window);
  g_object_unref(self->scenes);
  g_free(self->path);
  g_free(self->written);
  g_free(self);
}

/* The value when it is one of @known. (transfer full) */
static char *
one_of(GKeyFile *file, const char *key, const char *const *known)
{
  g_autofree char *value = g_key_file_get_string(file, GROUP, key, NULL);

  return value && g_strv_contains(known, value) ? g_steal_pointer(&value) : NULL;
}

gboolean
casa_wall_state_restore(const char *path, CasaWindow *window, CasaSceneList *scenes)
{
  g_autoptr(GKeyFile) file = g_key_file_new();

  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  g_autofree char *language = one_of(file, "language", (const char *[]){ "fr", "ar", "en", NULL });
  g_autofree char *theme = one_of(file, "theme", (const char *[]){ "dark", "light", "contrast", NULL });
  g_autofree char *scene = g_key_file_get_string(file, GROUP, "scene", NULL);
  if (language)
    casa_window_set_language(window, language);
  if (theme)
    casa_window_set_theme(window, theme);
  if (scene)
    casa_window_go(window, casa_scene_file_find(casa_scene_list_file(scenes), scene));
  if (g_key_file_get_boolean(file, GROUP, "fullscreen", NULL))
    gtk_window_fullscreen(GTK_WINDOW(window));
  return TRUE;
}
