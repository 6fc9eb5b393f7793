/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include "ui/map/map.h"
#include "ui/scenes/scene.h"
#include "ui/shell/shortcuts.h"
#include "ui/stage/keys.h"
#include "ui/stage/pointer.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define FADE_MS 200
#define SETTLED_MS 1000 /* a window whose edge is dragged has a new size with every frame: this long after the last */

struct _CasaWindow {
  AdwApplicationWindow parent_instance;
  CasaModel *model;
  CasaLook look;
  GtkCssProvider *css;
  GtkWidget *overlay, *toasts, *scroller, *stack, *blank;
  CasaPage *page;
  guint scene;
  gboolean posing;
  int width, height; /* of the scene, as last styled */
  guint settling;    /* timer: fonts of former sizes are still kept */
};

G_DEFINE_FINAL_TYPE(CasaWindow, casa_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_controls(CasaWindow *self)
{
  if (self->page)
    self->page->show_controls(self->page, !self->posing && !gtk_window_is_fullscreen(GTK_WINDOW(self)));
}

static void
fullscreened_cb(CasaWindow *self, GParamSpec *pspec, gpointer data)
{
  show_controls(self);
}

static void
restyle(CasaWindow *self)
{
  g_autofree char *sheet = casa_look_css(&self->look);

  gtk_css_provider_load_from_data(self->css, sheet, -1);
  if (self->page)
    self->page->restyle(self->page, &self->look);
}

static gboolean
settled_cb(gpointer data)
{
  CasaWindow *self = data;

  self->settling = 0;
  casa_look_forget_fonts();
#ifdef __GLIBC__
  malloc_trim(0); /* pictures of former sizes lie scattered over the heap: 130 MB of it after two hundred sizes */
#endif
  return G_SOURCE_REMOVE;
}

/* Each size of the window brings letters of new sizes, some 0.15 MB of fonts (Pango 1.50), and Pango never drops one. */
static void
forget_fonts_when_settled(CasaWindow *self)
{
  g_clear_handle_id(&self->settling, g_source_remove);
  self->settling = g_timeout_add(SETTLED_MS, settled_cb, self);
}

static void
fit(CasaWindow *self)
{
  int width = gtk_widget_get_width(self->stack), height = gtk_widget_get_height(self->stack);

  if (width <= 0 || height <= 0 || (width == self->width && height == self->height))
    return;
  self->width = width;
  self->height = height;
  self->look.unit = casa_look_unit(width, height);
  restyle(self);
  forget_fonts_when_settled(self);
}

/* Scenes that faded out are of no use: the next visit builds a fresh one. */
static void
drop_old_scenes(CasaWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child(self->stack);

  while (child) {
    GtkWidget *next = gtk_widget_get_next_sibling(child);
    if (!self->page || child != self->page->root)
      gtk_stack_remove(GTK_STACK(self->stack), child);
    child = next;
  }
}

static void
transition_cb(GtkStack *stack, GParamSpec *pspec, CasaWindow *self)
{
  if (!gtk_stack_get_transition_running(stack))
    drop_old_scenes(self);
}

static void
changed_cb(gpointer data)
{
  CasaWindow *self = data;

  if (self->page)
    self->page->update(self->page);
}

static void
vehicle_cb(guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gpointer data)
{
  CasaWindow *self = data;

  if (self->page && self->page->vehicle)
    self->page->vehicle(self->page, key, at, t_ms, rgb);
}

static void
show_scene(CasaWindow *self, gboolean fade)
{
  if (!self->model)
    return;
  self->page = casa_scene_build(self->scene, self->model);
  gtk_stack_add_child(GTK_STACK(self->stack), self->page->root);
  self->page->restyle(self->page, &self->look);
  self->page->update(self->page);
  show_controls(self);
  gtk_stack_set_transition_type(GTK_STACK(self->stack),
                                fade ? GTK_STACK_TRANSITION_TYPE_CROSSFADE : GTK_STACK_TRANSITION_TYPE_NONE);
  gtk_stack_set_visible_child(GTK_STACK(self->stack), self->page->root);
  if (!gtk_stack_get_transition_running(GTK_STACK(self->stack)))
    drop_old_scenes(self);
  casa_model_listen(self->model, &(CasaModelListener){ changed_cb, vehicle_cb, self });
}

void
casa_window_go(CasaWindow *self, guint scene)
{
  gtk_widget_set_visible(self->blank, FALSE);
  if (scene >= CASA_N_SCENES || scene == self->scene)
    return;
  self->scene = scene;
  show_scene(self, TRUE);
}

guint
casa_window_scene(CasaWindow *self)
{
  return self->scene;
}

void
casa_window_rebuild(CasaWindow *self)
{
  show_scene(self, FALSE);
}

void
casa_window_set_theme(CasaWindow *self, const char *theme)
{
  self->look.theme = casa_theme_get(theme);
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                     self->look.theme->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  restyle(self);
  if (self->page)
    self->page->update(self->page);
}

/* The same key gives the picture back. */
static void
toggle_blank(CasaWindow *self, const char *class)
{
  gboolean on = gtk_widget_get_visible(self->blank) && gtk_widget_has_css_class(self->blank, class);

  gtk_widget_set_css_classes(self->blank, (const char *[]){ class, NULL });
  gtk_widget_set_visible(self->blank, !on);
}

static void
leave(CasaWindow *self)
{
  if (gtk_widget_get_visible(self->blank))
    gtk_widget_set_visible(self->blank, FALSE);
  else
    gtk_window_unfullscreen(GTK_WINDOW(self));
}

static void
toggle_fullscreen(CasaWindow *self)
{
  if (gtk_window_is_fullscreen(GTK_WINDOW(self)))
    gtk_window_unfullscreen(GTK_WINDOW(self));
  else
    gtk_window_fullscreen(GTK_WINDOW(self));
}

/* Steps through a stateful string action of the application. */
static void
cycle(CasaWindow *self, const char *action, const char *const *values)
{
  GActionGroup *app = G_ACTION_GROUP(gtk_window_get_application(GTK_WINDOW(self)));
  g_autoptr(GVariant) state = app ? g_action_group_get_action_state(app, action) : NULL;
  guint i = 0;

  if (!state)
    return;
  while (values[i] && !g_str_equal(values[i], g_variant_get_string(state, NULL)))
    i++;
  g_action_group_activate_action(app, action, g_variant_new_string(values[i] && values[i + 1] ? values[i + 1] : values[0]));
}

static gboolean
obey(CasaWindow *self, CasaKey key, guint scene)
{
  switch (key) {
  case CASA_KEY_NONE: return FALSE;
  case CASA_KEY_NEXT: casa_window_go(self, (self->scene + 1) % CASA_N_SCENES); break;
  case CASA_KEY_PREVIOUS: casa_window_go(self, (self->scene + CASA_N_SCENES - 1) % CASA_N_SCENES); break;
  case CASA_KEY_SCENE: casa_window_go(self, scene); break;
  case CASA_KEY_BLACK: toggle_blank(self, "casa-black"); break;
  case CASA_KEY_WHITE: toggle_blank(self, "casa-white"); break;
  case CASA_KEY_SHOW: gtk_window_fullscreen(GTK_WINDOW(self)); break;
  case CASA_KEY_FULLSCREEN: toggle_fullscreen(self); break;
  case CASA_KEY_LEAVE: leave(self); break;
  case CASA_KEY_LANGUAGE: cycle(self, "language", (const char *[]){ "fr", "ar", "en", NULL }); break;
  case CASA_KEY_THEME: cycle(self, "theme", (const char *[]){ "dark", "light", "contrast", NULL }); break;
  }
  return TRUE;
}

/* Capture phase: a focused widget would eat a clicker's keys. An open menu keeps its own. */
static gboolean
key_cb(GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, CasaWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(self));
  gboolean map = focus && CASA_IS_MAP(focus);
  guint scene = 0;

  if (focus && gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER))
    return FALSE;
  gboolean arrows = gtk_window_is_fullscreen(GTK_WINDOW(self)) && !map;
  CasaKey key = casa_key_meaning(casa_key_at_place(keyval, keycode), state, arrows, &scene);
  return obey(self, key, scene);
}

static gboolean
tick_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  CasaWindow *self = CASA_WINDOW(widget);

  fit(self);
  if (self->model)
    casa_model_tick(self->model, casa_clock_now_ms());
  return G_SOURCE_CONTINUE;
}

static void
fullscreen_cb(GtkWidget *widget, const char *name, GVariant *parameter)
{
  toggle_fullscreen(CASA_WINDOW(widget));
}

static void
shortcuts_cb(GtkWidget *widget, const char *name, GVariant *parameter)
{
  casa_shortcuts_show(GTK_WINDOW(widget));
}

static void
dispose(GObject *object)
{
  CasaWindow *self = CASA_WINDOW(object);

  if (self->model)
    casa_model_listen(self->model, NULL);
  g_clear_handle_id(&self->settling, g_source_remove);
  self->model = NULL;
  self->page = NULL;
  if (self->stack)
    g_signal_handlers_disconnect_by_data(self->stack, self);
  self->stack = NULL;
  if (self->css)
    gtk_style_context_remove_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css));
  g_clear_object(&self->css);
  G_OBJECT_CLASS(casa_window_parent_class)->dispose(object);
}

static void
casa_window_class_init(CasaWindowClass *klass)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = dispose;
  gtk_widget_class_install_action(widget, "win.fullscreen", NULL, fullscreen_cb);
  gtk_widget_class_install_action(widget, "win.shortcuts", NULL, shortcuts_cb);
}

static void
build(CasaWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new();

  self->stack = gtk_stack_new();
  gtk_stack_set_transition_duration(GTK_STACK(self->stack), FADE_MS);
  g_signal_connect(self->stack, "notify::transition-running", G_CALLBACK(transition_cb), self);
  self->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scroller), self->stack);
  self->toasts = adw_toast_overlay_new();
  adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(self->toasts), self->scroller);
  self->blank = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_visible(self->blank, FALSE);
  self->overlay = gtk_overlay_new();
  gtk_overlay_set_child(GTK_OVERLAY(self->overlay), self->toasts);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->overlay), self->blank);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), self->overlay);
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
}

static void
casa_window_init(CasaWindow *self)
{
  self->look = (CasaLook){ .theme = casa_theme_get(NULL), .font = casa_look_font(), .unit = casa_look_unit(1280, 720) };
  self->css = gtk_css_provider_new();
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  build(self);
  gtk_window_set_title(GTK_WINDOW(self), "Casa Pulse");
  gtk_window_set_icon_name(GTK_WINDOW(self), "io.github.casapulse.CasaPulse");
  gtk_window_set_default_size(GTK_WINDOW(self), 1280, 720);
  gtk_widget_set_size_request(GTK_WIDGET(self), 640, 360);
  g_signal_connect(self, "notify::fullscreened", G_CALLBACK(fullscreened_cb), NULL);
  casa_pointer_rest(GTK_WINDOW(self));
  gtk_widget_add_tick_callback(GTK_WIDGET(self), tick_cb, NULL, NULL);
}

CasaWindow *
casa_window_new(AdwApplication *app, CasaModel *model, const char *theme)
{
  CasaWindow *self = g_object_new(CASA_TYPE_WINDOW, "application", app, NULL);

  self->model = model;
  casa_window_set_theme(self, theme);
  show_scene(self, FALSE);
  return self;
}

void
casa_window_toast(CasaWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  AdwToast *toast = adw_toast_new(escaped);

  adw_toast_set_timeout(toast, 0);
  adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(self->toasts), toast);
}

void
casa_window_show_error(CasaWindow *self, const char *title, const char *text)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *page = adw_status_page_new();
  g_autofree char *escaped = g_markup_escape_text(text, -1);

  adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), "dialog-error-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
  adw_status_page_set_description(ADW_STATUS_PAGE(page), escaped);
  gtk_widget_set_vexpand(page, TRUE);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), page);
  gtk_stack_add_child(GTK_STACK(self->stack), box);
  gtk_stack_set_visible_child(GTK_STACK(self->stack), box);
}

void
casa_window_pose(CasaWindow *self, int width, int height)
{
  self->posing = TRUE;
  gtk_window_set_default_size(GTK_WINDOW(self), width, height);
  gtk_widget_set_size_request(self->stack, width, height);
  gtk_widget_set_halign(self->stack, GTK_ALIGN_START);
  gtk_widget_set_valign(self->stack, GTK_ALIGN_START);
  show_controls(self);
}

GtkWidget *
casa_window_picture(CasaWindow *self)
{
  return self->stack;
}
