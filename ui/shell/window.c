/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window.h"
#include "ui/kit/direction.h"
#include "ui/text/lang.h"
#include "ui/scenes/page.h"
#include "ui/scenes/scene-words.h"
#include "ui/shell/shortcuts.h"
#include "ui/stage/clicker.h"
#include "ui/stage/hall.h"
#include "ui/stage/palette-view.h"
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
  char *scope;    /* CSS class: what the style sheet is for */
  char *language; /* of all words in the window */
  guint listener; /* at the model, 0 none */
  gboolean stale; /* news came while nobody could see the window */
  GtkCssProvider *css;
  CasaHall *hall;  /* NULL once disposed */
  GtkWidget *over; /* the hall, and above it what is for the presenter */
  GtkWidget *toasts, *scroller, *stack;
  CasaSceneList *scenes; /* NULL with the model */
  CasaPage *page;
  CasaEventKeys *keys;      /* NULL: none */
  CasaPaletteView *palette; /* with keys; it goes with its widget */
  guint scene;
  gint64 shown_us; /* monotonic: since when it is shown, or was last uncovered */
  char *scene_id;  /* of the page */
  gboolean narrow; /* the page has the parts for a narrow window */
  gboolean posing;
  double scene_speed; /* at which the scene shows a past day; 0: it does not */
  int width, height;  /* of the scene, as last styled */
  guint settling;     /* timer: fonts of former sizes are still kept */
};

enum { PROP_LANGUAGE = 1, PROP_THEME, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE(CasaWindow, casa_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_controls(CasaWindow *self)
{
  if (self->page)
    casa_page_show_controls(self->page, !self->posing && !gtk_window_is_fullscreen(GTK_WINDOW(self)));
}

static void
fullscreened_cb(CasaWindow *self, GParamSpec *pspec, gpointer data)
{
  show_controls(self);
}

static void
restyle(CasaWindow *self)
{
  CASA_LANG_SCOPE(self->language);
  g_autofree char *sheet = casa_look_css(&self->look);

  gtk_css_provider_load_from_data(self->css, sheet, -1);
  if (self->page)
    casa_page_restyle(self->page, &self->look);
  if (self->palette)
    casa_palette_view_restyle(self->palette, &self->look);
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

static double
unit_of(CasaWindow *self)
{
  return self->narrow ? casa_look_narrow_unit(self->width, self->height) : casa_look_unit(self->width, self->height);
}

static void
fit(CasaWindow *self)
{
  int width = gtk_widget_get_width(self->stack), height = gtk_widget_get_height(self->stack);

  if (width <= 0 || height <= 0 || (width == self->width && height == self->height))
    return;
  self->width = width;
  self->height = height;
  self->look.unit = unit_of(self);
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
    if (!self->page || child != casa_page_root(self->page))
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

/* Whether anybody could see the scene: the window stands on a screen, and nothing covers it. */
static gboolean
is_seen(CasaWindow *self)
{
  GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(self));

  if (!gtk_widget_get_mapped(GTK_WIDGET(self)) || casa_hall_state(self->hall) != CASA_HALL_LIVE)
    return FALSE;
  return !(gdk_toplevel_get_state(GDK_TOPLEVEL(surface)) & GDK_TOPLEVEL_STATE_MINIMIZED);
}

static void
update(CasaWindow *self)
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

  if (is_seen(self))
    update(self);
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

static const CasaScene *
scene_of(CasaWindow *self)
{
  return casa_scene_file_get(casa_scene_list_file(self->scenes), self->scene);
}

/* Whether the scene has other parts for a window of this shape. */
static gboolean
wants_narrow(CasaWindow *self)
{
  if (self->width == 0 || !scene_of(self)->narrow)
    return FALSE;
  return self->width * 3 < self->height * 4;
}

static CasaPage *
build_page(CasaWindow *self)
{
  const CasaScene *scene = scene_of(self);
  g_autofree char *hint = casa_scene_words_hint(self->scenes, self->scene);
  g_autofree char *fault = casa_scene_words_fault(self->scenes);
  const CasaPartContext context = { .model = self->model, .narrow = self->narrow, .hint = hint, .fault = fault };

  g_free(self->scene_id);
  self->scene_id = g_strdup(scene->id);
  return casa_page_new(scene, &context);
}

/* The letters that go with the parts. TRUE: they are other parts than before. */
static gboolean
take_shape(CasaWindow *self)
{
  gboolean narrow = wants_narrow(self);

  if (narrow == self->narrow)
    return FALSE;
  self->narrow = narrow;
  self->look.unit = unit_of(self);
  restyle(self);
  return TRUE;
}

static void show_scene(CasaWindow *self, gboolean fade);

/* Other indicators: nothing of the page may live on, nor the colours. */
static void
rebuild_cb(gpointer data)
{
  CasaWindow *self = data;

  self->page = NULL; /* it points into the set before; its widgets go below */
  self->look.indicators = casa_model_indicators(self->model);
  restyle(self);
  show_scene(self, FALSE);
  drop_old_scenes(self);
}

static void
show_scene(CasaWindow *self, gboolean fade)
{
  CASA_LANG_SCOPE(self->language);

  if (!self->model)
    return;
  take_shape(self);
  self->shown_us = casa_clock_mono_us();
  self->page = build_page(self);
  gtk_stack_add_child(GTK_STACK(self->stack), casa_page_root(self->page));
  casa_page_restyle(self->page, &self->look);
  casa_page_update(self->page);
  self->stale = FALSE;
  show_controls(self);
  casa_direction_apply(self->toasts);
  if (self->palette)
    casa_direction_apply(casa_palette_view_widget(self->palette));
  gtk_stack_set_transition_type(GTK_STACK(self->stack),
                                fade ? GTK_STACK_TRANSITION_TYPE_CROSSFADE : GTK_STACK_TRANSITION_TYPE_NONE);
  gtk_stack_set_visible_child(GTK_STACK(self->stack), casa_page_root(self->page));
  if (!gtk_stack_get_transition_running(GTK_STACK(self->stack)))
    drop_old_scenes(self);
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

  casa_hall_set(self->hall, state, self->model ? casa_clock_ms(casa_model_clock(self->model)) : casa_clock_now_ms());
  if (state == CASA_HALL_LIVE && self->stale)
    update(self);
}

CasaHallState
casa_window_hall(CasaWindow *self)
{
  return casa_hall_state(self->hall);
}

static guint
n_scenes(CasaWindow *self)
{
  return self->scenes ? casa_scene_file_n(casa_scene_list_file(self->scenes)) : 1;
}

/* The file was saved: the scene of the same name goes on, else the one in its place. */
static void
scenes_changed_cb(CasaWindow *self)
{
  guint same = casa_scene_file_find(casa_scene_list_file(self->scenes), self->scene_id);

  self->scene = same != G_MAXUINT ? same : MIN(self->scene, n_scenes(self) - 1);
  show_scene(self, FALSE);
}

void
casa_window_go(CasaWindow *self, guint scene)
{
  if (casa_window_hall(self) != CASA_HALL_FROZEN) /* a still picture stays; the scene is made ready behind it */
    casa_window_set_hall(self, CASA_HALL_LIVE);
  if (scene >= n_scenes(self) || scene == self->scene)
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
casa_window_set_language(CasaWindow *self, const char *language)
{
  if (g_strcmp0(language, self->language) == 0)
    return;
  g_free(self->language);
  self->language = g_strdup(language);
  show_scene(self, FALSE);
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_LANGUAGE]);
}

const char *
casa_window_language(CasaWindow *self)
{
  return self->language;
}

/* What libadwaita draws (menus, dialogs) is dark or light for all windows alike: as the one in use. */
static void
tell_style_manager(CasaWindow *self)
{
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                     self->look.theme->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static void
active_cb(CasaWindow *self, GParamSpec *pspec, gpointer data)
{
  if (gtk_window_is_active(GTK_WINDOW(self)))
    tell_style_manager(self);
}

void
casa_window_set_theme(CasaWindow *self, const char *theme)
{
  self->look.theme = casa_theme_get(theme);
  tell_style_manager(self);
  restyle(self);
  update(self);
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_THEME]);
}

const char *
casa_window_theme(CasaWindow *self)
{
  return self->look.theme->id;
}

/* The same key gives the picture back. */
static void
toggle_hall(CasaWindow *self, CasaHallState state)
{
  casa_window_set_hall(self, casa_window_hall(self) == state ? CASA_HALL_LIVE : state);
}

/* What stands over the scene goes first. FALSE: nothing did. */
static gboolean
leave_palette(CasaWindow *self)
{
  if (!self->palette)
    return FALSE;
  gboolean armed = casa_event_keys_disarm(self->keys, g_get_monotonic_time()), open = casa_palette_view_is_open(self->palette);
  casa_palette_view_open(self->palette, open && armed);
  return armed || open;
}

static void
leave(CasaWindow *self)
{
  if (leave_palette(self))
    return;
  if (casa_window_hall(self) != CASA_HALL_LIVE)
    casa_window_set_hall(self, CASA_HALL_LIVE);
  else
    gtk_window_unfullscreen(GTK_WINDOW(self));
}

/* A digit is an event where there are any, else a scene. */
static void
take_number(CasaWindow *self, guint number)
{
  if (!self->keys || !casa_event_keys_ready(self->keys)) {
    casa_window_go(self, number - 1);
    return;
  }
  casa_event_keys_press_digit(self->keys, number, g_get_monotonic_time());
  casa_palette_view_tick(self->palette, TRUE);
}

static void
take_zero(CasaWindow *self)
{
  casa_clicker_go_home(GTK_WINDOW(self));
  if (!self->keys)
    return;
  casa_event_keys_press_zero(self->keys, g_get_monotonic_time());
  casa_palette_view_tick(self->palette, TRUE);
}

static void
toggle_palette(CasaWindow *self)
{
  if (self->palette)
    casa_palette_view_open(self->palette, !casa_palette_view_is_open(self->palette));
}

static void
toggle_fullscreen(CasaWindow *self)
{
  if (gtk_window_is_fullscreen(GTK_WINDOW(self)))
    gtk_window_unfullscreen(GTK_WINDOW(self));
  else
    gtk_window_fullscreen(GTK_WINDOW(self));
}

/* The one after @value in @values, round and round. */
static const char *
next_of(const char *const *values, const char *value)
{
  guint i = 0;

  while (values[i] && !g_str_equal(values[i], value))
    i++;
  return values[i] && values[i + 1] ? values[i + 1] : values[0];
}

/* A scene may be of a past: it begins with the scene, and ends with it. */
static void
follow_scene_in_time(CasaWindow *self)
{
  const double speed = self->model ? scene_of(self)->replay_speed : 0;

  if (speed == self->scene_speed)
    return;
  self->scene_speed = speed;
  if (speed > 0)
    gtk_widget_activate_action(GTK_WIDGET(self), "app.replay-day", "d", speed);
  else
    gtk_widget_activate_action(GTK_WIDGET(self), "app.live", NULL);
}

/* A loop that runs by itself: whoever turns scenes or covers the hall begins the scene's time anew. */
static void
advance_when_due(CasaWindow *self)
{
  double stay_s = scene_of(self)->stay_s;
  gint64 now_us = casa_clock_mono_us();

  if (casa_window_hall(self) != CASA_HALL_LIVE)
    self->shown_us = now_us;
  else if (stay_s > 0 && (double)(now_us - self->shown_us) >= stay_s * G_USEC_PER_SEC)
    casa_window_go(self, (self->scene + 1) % n_scenes(self));
}

static gboolean
tick_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  CasaWindow *self = CASA_WINDOW(widget);

  follow_scene_in_time(self);
  fit(self);
  if (self->model && take_shape(self))
    show_scene(self, FALSE);
  if (self->stale && is_seen(self))
    update(self);
  if (self->model)
    advance_when_due(self);
  if (self->palette) {
    CASA_LANG_SCOPE(self->language);
    casa_palette_view_tick(self->palette, FALSE);
    gtk_widget_set_child_visible(casa_palette_view_widget(self->palette), casa_window_hall(self) == CASA_HALL_LIVE);
  }
  return G_SOURCE_CONTINUE;
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

typedef enum {
  DO_NEXT,
  DO_PREVIOUS,
  DO_SCENE,
  DO_FREEZE,
  DO_BLACK,
  DO_WHITE,
  DO_SHOW,
  DO_FULLSCREEN,
  DO_LEAVE,
  DO_LANGUAGE,
  DO_THEME,
  DO_SHORTCUTS,
  DO_REPLAY,
  DO_NUMBER,
  DO_HOME,
  DO_PALETTE,
} Deed;

/* What a window can be told to do, by the name of its action. */
static const struct {
  const char *name;
  Deed deed;
} DEEDS[] = {
  { "win.next-scene", DO_NEXT },  { "win.previous-scene", DO_PREVIOUS },
  { "win.scene", DO_SCENE },      { "win.freeze", DO_FREEZE },
  { "win.black", DO_BLACK },      { "win.white", DO_WHITE },
  { "win.show", DO_SHOW },        { "win.fullscreen", DO_FULLSCREEN },
  { "win.leave", DO_LEAVE },      { "win.next-language", DO_LANGUAGE },
  { "win.next-theme", DO_THEME }, { "win.shortcuts", DO_SHORTCUTS },
  { "win.replay", DO_REPLAY },    { "win.number", DO_NUMBER },
  { "win.home", DO_HOME },        { "win.palette", DO_PALETTE },
};

static void
act(CasaWindow *self, Deed deed, GVariant *parameter)
{
  switch (deed) {
  case DO_NEXT: casa_window_go(self, (self->scene + 1) % n_scenes(self)); break;
  case DO_PREVIOUS: casa_window_go(self, (self->scene + n_scenes(self) - 1) % n_scenes(self)); break;
  case DO_SCENE: casa_window_go(self, g_variant_get_uint32(parameter)); break;
  case DO_FREEZE: toggle_hall(self, CASA_HALL_FROZEN); break;
  case DO_BLACK: toggle_hall(self, CASA_HALL_BLACK); break;
  case DO_WHITE: toggle_hall(self, CASA_HALL_WHITE); break;
  case DO_SHOW: gtk_window_fullscreen(GTK_WINDOW(self)); break;
  case DO_FULLSCREEN: toggle_fullscreen(self); break;
  case DO_LEAVE: leave(self); break;
  case DO_LANGUAGE: casa_window_set_language(self, next_of((const char *[]){ "fr", "ar", "en", NULL }, self->language)); break;
  case DO_THEME:
    casa_window_set_theme(self, next_of((const char *[]){ "dark", "light", "contrast", NULL }, self->look.theme->id));
    break;
  case DO_REPLAY: gtk_widget_activate_action(GTK_WIDGET(self), "app.time-machine", NULL); break;
  case DO_SHORTCUTS: casa_shortcuts_show(GTK_WINDOW(self), n_scenes(self)); break;
  case DO_NUMBER: take_number(self, g_variant_get_uint32(parameter)); break;
  case DO_HOME: take_zero(self); break;
  case DO_PALETTE: toggle_palette(self); break;
  }
}

static void
action_cb(GtkWidget *widget, const char *name, GVariant *parameter)
{
  CASA_LANG_SCOPE(CASA_WINDOW(widget)->language);

  for (guint i = 0; i < G_N_ELEMENTS(DEEDS); i++)
    if (g_str_equal(name, DEEDS[i].name))
      act(CASA_WINDOW(widget), DEEDS[i].deed, parameter);
}

static void
dispose(GObject *object)
{
  CasaWindow *self = CASA_WINDOW(object);

  if (self->model)
    casa_model_unlisten(self->model, self->listener);
  g_clear_handle_id(&self->settling, g_source_remove);
  self->model = NULL;
  self->page = NULL;
  if (self->stack)
    g_signal_handlers_disconnect_by_data(self->stack, self);
  self->stack = NULL;
  g_clear_pointer(&self->hall, casa_hall_free);
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
  install_properties(G_OBJECT_CLASS(klass));
  gtk_widget_class_install_property_action(widget, "win.language", "language");
  gtk_widget_class_install_property_action(widget, "win.theme", "theme");
  for (guint i = 0; i < G_N_ELEMENTS(DEEDS); i++)
    gtk_widget_class_install_action(widget, DEEDS[i].name, DEEDS[i].deed == DO_SCENE || DEEDS[i].deed == DO_NUMBER ? "u" : NULL,
                                    action_cb);
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
  self->over = gtk_overlay_new();
  gtk_overlay_set_child(GTK_OVERLAY(self->over), casa_hall_widget(self->hall));
  adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), self->over);
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
  self->look = (CasaLook){
    .theme = casa_theme_get(NULL), .font = casa_look_font(), .unit = casa_look_unit(1280, 720), .scope = self->scope
  };
  gtk_widget_add_css_class(GTK_WIDGET(self), self->scope);
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
  gtk_widget_add_tick_callback(GTK_WIDGET(self), tick_cb, NULL, NULL);
}

CasaWindow *
casa_window_new(AdwApplication *app, CasaModel *model, CasaSceneList *scenes, const char *theme)
{
  CasaWindow *self = g_object_new(CASA_TYPE_WINDOW, "application", app, NULL);

  self->model = model;
  self->look.indicators = model ? casa_model_indicators(model) : NULL;
  if (g_set_object(&self->scenes, scenes))
    g_signal_connect_swapped(scenes, "changed", G_CALLBACK(scenes_changed_cb), self);
  casa_window_set_theme(self, theme);
  show_scene(self, FALSE);
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
casa_window_sight(CasaWindow *self)
{
  return casa_hall_widget(self->hall);
}

GtkWidget *
casa_window_picture(CasaWindow *self)
{
  return self->stack;
}
