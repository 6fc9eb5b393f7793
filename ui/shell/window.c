/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"
#include "ui/shell/full-screen.h"
#include "ui/kit/direction.h"
#include "ui/kit/lang-bin.h"
#include "ui/text/lang.h"
#include "ui/stage/clicker.h"
#include "ui/stage/pointer.h"

#define FADE_MS 200

enum { PROP_LANGUAGE = 1, PROP_THEME, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE(CasaWindow, casa_window, ADW_TYPE_APPLICATION_WINDOW)

static void
fullscreened_cb(CasaWindow *self, GParamSpec *pspec, gpointer data)
{
  casa_window_show_controls(self);
}

static void
transition_cb(GtkStack *stack, GParamSpec *pspec, CasaWindow *self)
{
  if (!gtk_stack_get_transition_running(stack))
    casa_window_drop_old_scenes(self);
}

static void
active_cb(CasaWindow *self, GParamSpec *pspec, gpointer data)
{
  if (gtk_window_is_active(GTK_WINDOW(self)))
    casa_window_tell_style_manager(self);
}

/* A loop that runs by itself: whoever turns scenes, calls a team up or covers the hall begins the scene's time anew. */
static void
advance_when_due(CasaWindow *self)
{
  double stay_s = casa_scene_file_get(casa_scene_list_file(self->scenes), self->scene)->stay_s;
  gint64 now_us = casa_clock_mono_us();

  if (casa_window_hall(self) != CASA_HALL_LIVE || self->held)
    self->shown_us = now_us;
  else if (stay_s > 0 && (double)(now_us - self->shown_us) >= stay_s * G_USEC_PER_SEC)
    casa_window_turn(self, 1);
}

static void
look_after(CasaWindow *self)
{
  casa_window_keep_time(self);
  casa_window_fit(self);
  if (self->model && casa_window_take_shape(self))
    casa_window_show_scene(self, FALSE);
  if (self->stale && casa_window_is_seen(self))
    casa_window_update(self);
  if (self->model)
    advance_when_due(self);
  if (self->palette) {
    CASA_LANG_SCOPE(self->language);
    if (casa_window_is_presented(self))
      gtk_widget_set_visible(casa_palette_view_widget(self->palette), FALSE);
    else
      casa_palette_view_tick(self->palette, FALSE);
    gtk_widget_set_child_visible(casa_palette_view_widget(self->palette), casa_window_hall(self) == CASA_HALL_LIVE);
  }
  if (self->what_if_view)
    gtk_widget_set_child_visible(casa_what_if_view_widget(self->what_if_view), casa_window_hall(self) == CASA_HALL_LIVE);
}

/* Letters follow the size before they are seen in it. */
static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  CasaWindow *self = CASA_WINDOW(widget);

  GTK_WIDGET_CLASS(casa_window_parent_class)->size_allocate(widget, width, height, baseline);
  if (self->stack && (gtk_widget_get_width(self->stack) != self->width || gtk_widget_get_height(self->stack) != self->height))
    casa_window_wake(self);
}

/* Runs before any widget hears of an event of this window: what they say to it, they say in its language. */
static gboolean
event_cb(GtkEventControllerLegacy *controller, GdkEvent *event, CasaWindow *self)
{
  casa_lang_enter(self->language);
  return GDK_EVENT_PROPAGATE;
}

static void
snapshot(GtkWidget *widget, GtkSnapshot *picture)
{
  CASA_LANG_SCOPE(CASA_WINDOW(widget)->language);

  GTK_WIDGET_CLASS(casa_window_parent_class)->snapshot(widget, picture);
}

static void
dispose(GObject *object)
{
  CasaWindow *self = CASA_WINDOW(object);

  if (self->model)
    casa_model_unlisten(self->model, self->listener);
  g_clear_handle_id(&self->settling, g_source_remove);
  casa_window_leave_presenter(self);
  self->model = NULL;
  self->page = NULL;
  g_clear_weak_pointer(&self->told);
  if (self->stack)
    g_signal_handlers_disconnect_by_data(self->stack, self);
  self->stack = NULL;
  self->what_if_view = NULL;
  g_clear_pointer(&self->what_if, casa_what_if_free);
  g_clear_pointer(&self->hall, casa_hall_free);
  casa_window_end_beat(self);
  g_clear_object(&self->content);
  if (self->css)
    gtk_style_context_remove_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css));
  g_clear_object(&self->css);
  if (self->scenes)
    g_signal_handlers_disconnect_by_data(self->scenes, self);
  g_clear_object(&self->scenes);
  g_clear_pointer(&self->scene_id, g_free);
  g_clear_pointer(&self->scope, g_free);
  g_clear_pointer(&self->language, g_free);
  G_OBJECT_CLASS(casa_window_parent_class)->dispose(object);
}

static void
set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LANGUAGE)
    casa_window_set_language(CASA_WINDOW(object), g_value_get_string(value));
  else
    casa_window_set_theme(CASA_WINDOW(object), g_value_get_string(value));
}

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CasaWindow *self = CASA_WINDOW(object);

  g_value_set_string(value, id == PROP_LANGUAGE ? self->language : self->look.theme->id);
}

static void
install_properties(GObjectClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_LANGUAGE] = g_param_spec_string("language", NULL, NULL, NULL, flags);
  properties[PROP_THEME] = g_param_spec_string("theme", NULL, NULL, NULL, flags);
  class->set_property = set_property;
  class->get_property = get_property;
  g_object_class_install_properties(class, N_PROPERTIES, properties);
}

static void
casa_window_class_init(CasaWindowClass *klass)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = dispose;
  widget->snapshot = snapshot;
  widget->size_allocate = size_allocate;
  install_properties(G_OBJECT_CLASS(klass));
  gtk_widget_class_install_property_action(widget, "win.language", "language");
  gtk_widget_class_install_property_action(widget, "win.theme", "theme");
  casa_window_install_deeds(widget);
}

static void
build(CasaWindow *self)
{
  GtkEventController *events = gtk_event_controller_legacy_new();

  self->stack = gtk_stack_new();
  gtk_stack_set_transition_duration(GTK_STACK(self->stack), FADE_MS);
  g_signal_connect(self->stack, "notify::transition-running", G_CALLBACK(transition_cb), self);
  self->scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scroller), self->stack);
  self->toasts = adw_toast_overlay_new();
  adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(self->toasts), self->scroller);
  self->hall = casa_hall_new(self->toasts, self->stack);
  casa_marks_give(casa_hall_marks(self->hall), GTK_WINDOW(self));
  self->over = gtk_overlay_new();
  gtk_overlay_set_child(GTK_OVERLAY(self->over), casa_hall_widget(self->hall));
  self->content = g_object_ref_sink(casa_lang_bin_new(self->over));
  gtk_widget_add_css_class(self->content, self->scope);
  casa_window_begin_beat(self, look_after);
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), self->content);
  gtk_event_controller_set_propagation_phase(events, GTK_PHASE_CAPTURE);
  g_signal_connect(events, "event", G_CALLBACK(event_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(self), events);
  casa_clicker_attach(GTK_WINDOW(self));
}

static void
casa_window_init(CasaWindow *self)
{
  static guint n_windows;

  self->scope = g_strdup_printf("casa-window-%u", ++n_windows);
  self->language = g_strdup(casa_lang_get());
  self->scene_minute = CASA_REPLAY_WHOLE_DAY;
  self->look = (CasaLook){
    .theme = casa_theme_get(NULL), .font = casa_look_font(), .unit = casa_look_unit(1280, 720), .scope = self->scope
  };
  casa_full_screen_frameless(GTK_WINDOW(self));
  self->css = gtk_css_provider_new();
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  build(self);
  gtk_window_set_title(GTK_WINDOW(self), "Casa Pulse");
  gtk_window_set_icon_name(GTK_WINDOW(self), "io.github.casapulse.CasaPulse");
  gtk_window_set_default_size(GTK_WINDOW(self), 1280, 720);
  gtk_widget_set_size_request(GTK_WIDGET(self), 640, 360);
  g_signal_connect(self, "notify::fullscreened", G_CALLBACK(fullscreened_cb), NULL);
  g_signal_connect(self, "notify::is-active", G_CALLBACK(active_cb), NULL);
  casa_pointer_rest(GTK_WINDOW(self));
}

CasaWindow *
casa_window_new(AdwApplication *app, CasaModel *model, CasaSceneList *scenes, const char *theme)
{
  CasaWindow *self = g_object_new(CASA_TYPE_WINDOW, "application", app, NULL);

  self->model = model;
  self->look.indicators = model ? casa_model_indicators(model) : NULL;
  if (g_set_object(&self->scenes, scenes))
    g_signal_connect_swapped(scenes, "changed", G_CALLBACK(casa_window_take_scenes), self);
  casa_window_set_theme(self, theme);
  casa_window_show_scene(self, FALSE);
  return self;
}

void
casa_window_set_event_keys(CasaWindow *self, CasaEventKeys *keys)
{
  CASA_LANG_SCOPE(self->language);

  self->keys = keys;
  self->palette = casa_palette_view_new(keys);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->over), casa_palette_view_widget(self->palette));
  casa_palette_view_restyle(self->palette, &self->look);
  casa_direction_apply(self->over);
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
  casa_window_show_controls(self);
}

CasaMarks *
casa_window_marks(CasaWindow *self)
{
  return casa_hall_marks(self->hall);
}

GtkWidget *
casa_window_sight(CasaWindow *self)
{
  return casa_hall_widget(self->hall);
}

GtkWidget *
casa_window_picture(CasaWindow *self)
{
  return self->stack;
}
