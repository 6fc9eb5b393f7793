/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"
#include "ui/kit/direction.h"
#include "ui/kit/lang-bin.h"
#include "ui/scenes/scene-words.h"
#include "ui/text/lang.h"

#define TELL_S 5

void
casa_window_show_controls(CasaWindow *self)
{
  if (self->page)
    casa_page_show_controls(self->page, !self->posing && !gtk_window_is_fullscreen(GTK_WINDOW(self)));
}

void
casa_window_drop_old_scenes(CasaWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child(self->stack);

  while (child) {
    GtkWidget *next = gtk_widget_get_next_sibling(child);
    if (!self->page || child != casa_page_root(self->page)) {
      g_autoptr(GtkWidget) dropped = g_object_ref(child);
      gtk_stack_remove(GTK_STACK(self->stack), child);
      casa_page_end(dropped);
    }
    child = next;
  }
}

gboolean
casa_window_is_seen(CasaWindow *self)
{
  if (!gtk_widget_get_mapped(self->content) || casa_hall_state(self->hall) != CASA_HALL_LIVE)
    return FALSE;
  GdkSurface *surface = gtk_native_get_surface(gtk_widget_get_native(self->content));
  return !(gdk_toplevel_get_state(GDK_TOPLEVEL(surface)) & GDK_TOPLEVEL_STATE_MINIMIZED);
}

void
casa_window_update(CasaWindow *self)
{
  CASA_LANG_SCOPE(self->language);

  self->stale = FALSE;
  if (self->page)
    casa_page_update(self->page);
}

static void
changed_cb(gpointer data)
{
  CasaWindow *self = data;

  if (casa_window_is_seen(self))
    casa_window_update(self);
  else
    self->stale = TRUE;
}

static void
vehicle_cb(guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gpointer data)
{
  CasaWindow *self = data;

  if (self->page)
    casa_page_vehicle(self->page, key, at, t_ms, rgb);
}

static CasaPage *
build_page(CasaWindow *self)
{
  const CasaScene *scene = casa_window_scene_of(self);
  g_autofree char *hint = self->teams ? g_strdup(casa_scene_title(scene)) : casa_scene_words_hint(self->scenes, self->scene);
  g_autofree char *fault = self->presenter ? NULL : casa_scene_words_fault(self->scenes); /* else there, and not here */
  const CasaPartContext context = { .model = self->model, .narrow = self->narrow, .hint = hint, .fault = fault };

  g_free(self->scene_id);
  self->scene_id = g_strdup(casa_scene_file_get(casa_scene_list_file(self->scenes), self->scene)->id);
  return casa_page_new(scene, &context);
}

/* Other indicators: nothing of the page may live on, nor the colours. */
static void
rebuild_cb(gpointer data)
{
  CasaWindow *self = data;

  if (self->what_if) {
    casa_window_close_what_if(self);
    casa_what_if_set_model(self->what_if, self->model);
  }
  self->page = NULL; /* it points into the set before; its widgets go below */
  self->look.indicators = casa_model_indicators(self->model);
  casa_window_restyle(self);
  casa_window_show_scene(self, FALSE);
  casa_window_drop_old_scenes(self);
}

void
casa_window_show_scene(CasaWindow *self, gboolean fade)
{
  CASA_LANG_SCOPE(self->language);

  if (!self->model)
    return;
  casa_window_take_shape(self);
  self->shown_us = casa_clock_mono_us();
  self->page = build_page(self);
  gtk_stack_add_child(GTK_STACK(self->stack), casa_page_root(self->page));
  casa_page_restyle(self->page, &self->look);
  casa_page_update(self->page);
  self->stale = FALSE;
  casa_window_show_controls(self);
  casa_direction_apply(self->toasts);
  if (self->palette)
    casa_direction_apply(casa_palette_view_widget(self->palette));
  casa_window_restyle_what_if(self);
  gtk_stack_set_transition_type(GTK_STACK(self->stack),
                                fade ? GTK_STACK_TRANSITION_TYPE_CROSSFADE : GTK_STACK_TRANSITION_TYPE_NONE);
  gtk_stack_set_visible_child(GTK_STACK(self->stack), casa_page_root(self->page));
  if (!gtk_stack_get_transition_running(GTK_STACK(self->stack)))
    casa_window_drop_old_scenes(self);
  casa_model_unlisten(self->model, self->listener);
  self->listener = casa_model_listen(
    self->model, &(CasaModelListener){ .changed = changed_cb, .vehicle = vehicle_cb, .rebuild = rebuild_cb, .data = self });
}

void
casa_window_set_model(CasaWindow *self, CasaModel *model)
{
  CasaModel *before = self->model;

  if (!before || model == before)
    return;
  casa_model_unlisten(before, self->listener);
  self->listener = 0;
  self->model = model;
  rebuild_cb(self);
}

/* A covered scene is not drawn, and does not move: what covers it must cost nothing. */
void
casa_window_set_hall(CasaWindow *self, CasaHallState state)
{
  CASA_LANG_SCOPE(self->language);

  if (state == CASA_HALL_LIVE && casa_hall_state(self->hall) == CASA_HALL_FROZEN)
    casa_marks_clear(casa_hall_marks(self->hall)); /* they were written on the still picture */
  casa_hall_set(self->hall, state, self->model ? casa_clock_ms(casa_model_clock(self->model)) : casa_clock_now_ms());
  if (state == CASA_HALL_LIVE && self->stale)
    casa_window_update(self);
  casa_window_wake(self); /* what stands above the hall goes with it */
}

CasaHallState
casa_window_hall(CasaWindow *self)
{
  return casa_hall_state(self->hall);
}

guint
casa_window_n_scenes(CasaWindow *self)
{
  return self->scenes ? casa_scene_file_n(casa_scene_list_file(self->scenes)) : 1;
}

void
casa_window_take_scenes(CasaWindow *self)
{
  guint same = casa_scene_file_find(casa_scene_list_file(self->scenes), self->scene_id);

  self->scene = same != G_MAXUINT ? same : MIN(self->scene, casa_window_n_scenes(self) - 1);
  casa_window_show_scene(self, FALSE);
}

static void
change_to(CasaWindow *self, guint scene, gboolean teams)
{
  if (casa_window_hall(self) != CASA_HALL_FROZEN) /* a still picture stays; the scene is made ready behind it */
    casa_window_set_hall(self, CASA_HALL_LIVE);
  if (scene >= casa_window_n_scenes(self) || (scene == self->scene && teams == self->teams))
    return;
  casa_window_close_what_if(self);
  self->scene = scene;
  self->teams = teams;
  if (casa_window_hall(self) == CASA_HALL_LIVE)
    casa_marks_clear(casa_hall_marks(self->hall)); /* they were written on another scene */
  casa_window_show_scene(self, TRUE);
}

void
casa_window_go(CasaWindow *self, guint scene)
{
  change_to(self, scene, FALSE);
}

void
casa_window_turn(CasaWindow *self, int by)
{
  const int n = (int)casa_window_n_scenes(self);

  change_to(self, self->teams ? self->scene : (guint)(((int)self->scene + n + by) % n), FALSE);
}

void
casa_window_show_teams(CasaWindow *self, gboolean on)
{
  const CasaSceneFile *file = self->scenes ? casa_scene_list_file(self->scenes) : NULL;

  if (file && (!on || casa_scene_file_get(file, self->scene) != casa_scene_file_teams(file)))
    change_to(self, self->scene, on);
}

gboolean
casa_window_shows_teams(CasaWindow *self)
{
  const CasaSceneFile *file = self->scenes ? casa_scene_list_file(self->scenes) : NULL;

  return file && (self->teams || casa_scene_file_get(file, self->scene) == casa_scene_file_teams(file));
}

void
casa_window_hold(CasaWindow *self, gboolean held)
{
  self->held = held;
}

void
casa_window_keep_time(CasaWindow *self)
{
  const CasaScene *scene = self->model ? casa_window_scene_of(self) : NULL;
  const double speed = scene ? scene->replay_speed : 0;
  const int minute = speed > 0 ? scene->replay_minute : CASA_REPLAY_WHOLE_DAY;

  if (speed == self->scene_speed && minute == self->scene_minute)
    return;
  self->scene_speed = speed;
  self->scene_minute = minute;
  if (speed > 0)
    gtk_widget_activate_action(GTK_WIDGET(self), "app.replay-day", "(di)", speed, minute);
  else
    gtk_widget_activate_action(GTK_WIDGET(self), "app.live", NULL);
}

gboolean
casa_window_is_replaying(CasaWindow *self)
{
  return self->model && casa_model_summary(self->model)->replaying;
}

guint
casa_window_scene(CasaWindow *self)
{
  return self->scene;
}

void
casa_window_set_language(CasaWindow *self, const char *language)
{
  if (g_strcmp0(language, self->language) == 0)
    return;
  g_free(self->language);
  self->language = g_strdup(language);
  casa_lang_bin_set_language(CASA_LANG_BIN(self->content), language);
  casa_window_show_scene(self, FALSE);
  g_object_notify(G_OBJECT(self), "language");
}

const char *
casa_window_language(CasaWindow *self)
{
  return self->language;
}

void
casa_window_tell_style_manager(CasaWindow *self)
{
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                     self->look.theme->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

void
casa_window_set_theme(CasaWindow *self, const char *theme)
{
  self->look.theme = casa_theme_get(theme);
  casa_window_tell_style_manager(self);
  casa_window_restyle(self);
  casa_window_update(self);
  g_object_notify(G_OBJECT(self), "theme");
}

const char *
casa_window_theme(CasaWindow *self)
{
  return self->look.theme->id;
}

static AdwToast *
say(CasaWindow *self, const char *text, guint seconds)
{
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  AdwToast *toast = adw_toast_new(escaped);

  adw_toast_set_timeout(toast, seconds);
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), toast);
  return toast;
}

void
casa_window_toast(CasaWindow *self, const char *text)
{
  say(self, text, 0);
}

/* Whatever was told before gives way: it would be seconds late. In its place: libadwaita 1.2 cannot take one away that still
 * comes. */
void
casa_window_tell(CasaWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text(text, -1);

  if (self->told)
    adw_toast_set_title(self->told, escaped);
  else
    g_set_weak_pointer(&self->told, say(self, text, TELL_S));
}
