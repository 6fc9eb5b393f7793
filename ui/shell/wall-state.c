/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/wall-state.h"
#include "ui/shell/full-screen.h"

#define GROUP "wall"
#define LOOK_MS 500

struct _CasaWallState {
  char *path, *written; /* the text that the file has */
  CasaWindow *window;   /* weak */
  CasaSceneList *scenes;
  guint timer;
  gboolean told; /* that it cannot be written */
};

/* Where the window stands; NULL: nowhere yet. (transfer none) */
static GdkMonitor *
monitor_of(CasaWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(window));

  return surface ? gdk_display_get_monitor_at_surface(gdk_surface_get_display(surface), surface) : NULL;
}

/* One line; a value as key files escape it. NULL: none. */
static void
append_line(GString *text, const char *key, const char *value)
{
  g_autoptr(GKeyFile) file = g_key_file_new();

  if (!value)
    return;
  g_key_file_set_string(file, GROUP, key, value);
  g_autofree char *raw = g_key_file_get_value(file, GROUP, key, NULL);
  g_string_append_printf(text, "%s = %s\n", key, raw);
}

/* (transfer full) */
static char *
text_of(CasaWallState *self)
{
  const CasaScene *scene = casa_scene_file_get(casa_scene_list_file(self->scenes), casa_window_scene(self->window));
  GdkMonitor *monitor = monitor_of(self->window);
  GString *text = g_string_new("# Written by casa-pulse --state: how the wall stood last.\n[" GROUP "]\n");

  append_line(text, "scene", scene->id);
  append_line(text, "language", casa_window_language(self->window));
  append_line(text, "theme", casa_window_theme(self->window));
  append_line(text, "fullscreen", gtk_window_is_fullscreen(GTK_WINDOW(self->window)) ? "true" : "false");
  append_line(text, "connector", monitor ? gdk_monitor_get_connector(monitor) : NULL);
  append_line(text, "model", monitor ? gdk_monitor_get_model(monitor) : NULL);
  return g_string_free(text, FALSE);
}

static gboolean
look_cb(gpointer data)
{
  CasaWallState *self = data;
  g_autoptr(GError) error = NULL;

  if (!self->window || casa_window_audience(self->window) != CASA_AUDIENCE_SEES)
    return G_SOURCE_CONTINUE; /* it comes back to where it was */
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

/* 2: the same screen at the same socket; 1: the same screen at another; 0: neither is sure. */
static guint
likeness(GdkMonitor *monitor, const char *connector, const char *model)
{
  gboolean same_model = g_strcmp0(gdk_monitor_get_model(monitor), model) == 0;
  gboolean same_connector = g_strcmp0(gdk_monitor_get_connector(monitor), connector) == 0;

  return same_model && same_connector ? 2 : same_model && model ? 1 : 0;
}

GdkMonitor *
casa_wall_state_monitor(const char *path, GdkDisplay *display)
{
  GListModel *monitors = gdk_display_get_monitors(display);
  g_autoptr(GKeyFile) file = g_key_file_new();
  GdkMonitor *best = NULL;
  guint best_likeness = 0;

  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  g_autofree char *connector = g_key_file_get_string(file, GROUP, "connector", NULL);
  g_autofree char *model = g_key_file_get_string(file, GROUP, "model", NULL);
  for (guint i = 0; (connector || model) && i < g_list_model_get_n_items(monitors); i++) {
    g_autoptr(GdkMonitor) monitor = g_list_model_get_item(monitors, i);
    guint n = likeness(monitor, connector, model);
    if (n > best_likeness) {
      best = monitor; /* the display keeps it */
      best_likeness = n;
    }
  }
  return best;
}

static void
restore_full_screen(const char *path, CasaWindow *window)
{
  GdkMonitor *monitor = casa_wall_state_monitor(path, gtk_widget_get_display(GTK_WIDGET(window)));

  casa_full_screen_on(GTK_WINDOW(window), monitor);
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
    restore_full_screen(path, window);
  return TRUE;
}
