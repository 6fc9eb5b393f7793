/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application.h"
#include "casa-build.h"
#include "ui/shell/about.h"
#include "ui/shell/config-reload.h"
#include "ui/text/lang.h"
#include "ui/shell/options.h"
#include "ui/shell/presenter.h"
#include "ui/scenes/scene-list.h"
#include "ui/scenes/scene-world.h"
#include "ui/kit/power.h"
#include "ui/data/teams.h"
#include "ui/desk/desk-window.h"
#include "ui/kit/screenshot.h"
#include "ui/text/fault-messages.h"
#include "ui/scenes/replay-bar.h"
#include "ui/shell/ticker.h"
#include "ui/shell/time-machine.h"
#include "ui/shell/wall-state.h"
#include "ui/shell/window.h"
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>

#define DAY_LEAST_MS (3 * 60 * 60 * 1000) /* of today, before it is worth seeing again */
#define FIRST_SPEED 600                   /* of the time machine: a day in two and a half minutes */
#define PICTURE_POLL_MS 100
#define PICTURE_SETTLE_MS 2500   /* after the history: the first live values */
#define PICTURE_ALIVE_MS 15000   /* …and at most this for nearly all sensors to report, vehicles to glide */
#define PICTURE_GIVE_UP_MS 60000 /* no history after this long: take what there is */

typedef struct {
  CasaOptions options;
  CasaConfig *config;
  CasaCity *city;
  CasaPulse *pulse;
  CasaReplay *replay; /* NULL: live */
  CasaModel *model;
  CasaTicker *ticker;
  CasaTimeMachine *machine; /* NULL: the wall was started to show a past */
  CasaCommander *commander; /* NULL: nobody commands the city */
  CasaEventKeys *keys;
  CasaIndicators *indicators; /* as they were at the start */
  GError *indicators_fault;   /* why they are the built-in ones; NULL: they are not */
  CasaConfigReload *reload;
  CasaSceneList *scenes;
  CasaKeepsakes *keepsakes;
  AdwApplication *app;
  CasaWindow *window;   /* the first; weak: it may be closed before others */
  GtkWindow *presenter; /* weak; NULL: not open */
  CasaDeskWindow *desk; /* weak; NULL: none is open */
  CasaWallState *state; /* NULL: not kept */
  GError *failure;      /* why there is nothing to show */
  int status;
  gint64 start_us, ready_us; /* monotonic */
} Application;

static int
complain(const GError *error)
{
  fprintf(stderr, "casa-pulse: %s\n", error->message);
  return casa_error_exit_status(error);
}

static gboolean
load_config(Application *self, GError **error)
{
  const CasaConfigOverrides overrides = { self->options.config, self->options.broker, self->options.store,
                                          self->options.influx };

  self->config = casa_config_load(&overrides, error);
  return self->config != NULL;
}

/* Read before a display is asked for: a scene that is not there must be told even where there is none. */
static gboolean
load_scenes(Application *self, GError **error)
{
  g_autofree char *path =
    self->options.talk ? g_strdup(self->options.talk) : g_build_filename(self->config->dir, "scenes.conf", NULL);

  self->indicators = casa_indicators_load_or_shipped(self->config->dir, &self->indicators_fault);
  if (self->indicators_fault)
    g_warning("the built-in indicators stand in: %s", self->indicators_fault->message);
  self->scenes = casa_scene_list_new(path, casa_scene_world(self->indicators));
  if (!self->options.scene || casa_scene_file_find(casa_scene_list_file(self->scenes), self->options.scene) != G_MAXUINT)
    return TRUE;
  g_autofree char *ids = casa_scene_file_ids(casa_scene_list_file(self->scenes));
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--scene %s: not one of %s (see %s)", self->options.scene, ids, path);
  return FALSE;
}

/* 0, or 2 when the file is wrong. */
static int
check_scenes(Application *self, const char *path)
{
  g_autoptr(GError) error = NULL;
  CasaSceneFault fault;

  if (!load_config(self, &error))
    return complain(error);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(self->config->dir, &error);
  if (!indicators)
    return complain(error);
  g_autoptr(CasaSceneFile) file = casa_scene_file_load(path, casa_scene_world(indicators), &fault);

  if (file) {
    g_autofree char *ids = casa_scene_file_ids(file);
    printf("%s: right; scenes: %s\n", path, ids);
    return 0;
  }
  fprintf(stderr, "casa-pulse: %s\n", fault.message);
  casa_scene_fault_clear(&fault);
  return 2;
}

static gboolean
open_pulse(Application *self, GError **error)
{
  self->city = casa_city_load(self->config->dir, error);
  if (!self->city)
    return FALSE;
  /* While a past is shown, what comes from the broker is stored only. */
  self->pulse = casa_pulse_new(self->config, !self->options.replay, error);
  if (!self->pulse || !casa_pulse_start(self->pulse, error))
    return FALSE;
  if (!self->options.replay)
    return TRUE;
  self->replay = casa_replay_new(self->config, self->pulse, &self->options.past, error);
  return self->replay && casa_replay_start(self->replay, error);
}

/* Other indicators are the present's: whoever looks at a past comes back. */
static void
before_reload_cb(gpointer data)
{
  Application *self = data;

  if (self->machine)
    casa_time_machine_back(self->machine);
}

/* Every window looks on at another model. */
static void
show_model_cb(CasaModel *model, gpointer data)
{
  Application *self = data;

  casa_ticker_set_model(self->ticker, model);
  casa_event_keys_set_model(self->keys, model);
  for (GList *link = gtk_application_get_windows(GTK_APPLICATION(self->app)); link; link = link->next)
    if (CASA_IS_WINDOW(link->data))
      casa_window_set_model(link->data, model);
}

static void
open_model(Application *self)
{
  CasaModelSource source = { .hub = casa_pulse_hub(self->pulse),
                             .catalogue = casa_pulse_catalogue(self->pulse),
                             .store_path = casa_store_path(casa_pulse_store(self->pulse)),
                             .pulse = self->pulse,
                             .indicators = self->indicators };

  if (self->replay) {
    source.hub = casa_replay_hub(self->replay);
    source.catalogue = casa_replay_catalogue(self->replay);
    source.store_path = casa_replay_store_path(self->replay);
    source.clock = casa_replay_clock(self->replay);
    source.replay = self->replay;
  }
  /* What the organiser chose belongs to the live store, also while a past is shown. */
  g_autofree char *choices = casa_keepsakes_path(casa_store_path(casa_pulse_store(self->pulse)));
  self->keepsakes = casa_keepsakes_new(choices);
  source.keepsakes = self->keepsakes;
  self->model = casa_model_new(&source, self->city);
  self->ticker = casa_ticker_new(self->model);
  if (!self->replay)
    self->machine = casa_time_machine_new(self->config, self->pulse, self->city, self->model, show_model_cb, self);
  self->reload = casa_config_reload_new(self->config->dir, self->model, self->scenes, before_reload_cb, self);
  self->commander = casa_commander_new(self->config);
  self->keys = casa_event_keys_new(self->model, self->commander);
  if (self->indicators_fault)
    casa_model_set_config_fault(self->model, self->indicators_fault);
}

static void
finish(Application *self, int status)
{
  self->status = status;
  g_application_quit(G_APPLICATION(self->app));
}

/* Connected, but many of the sensors have not reported since. */
static gboolean
is_waking(Application *self)
{
  const CasaSummary *s = casa_model_summary(self->model);

  return s->link.state == CASA_LINK_UP && s->sensors_alive * 10 < s->sensors_known * 9;
}

/* TRUE when the moment for the picture has come. */
static gboolean
is_time(Application *self)
{
  gint64 now = casa_clock_mono_us(), age_ms = (now - self->start_us) / 1000;
  gboolean ready = casa_model_ready(self->model) || age_ms >= PICTURE_GIVE_UP_MS;

  if (ready && self->ready_us == 0)
    self->ready_us = now;
  if (self->options.after_ms >= 0)
    return age_ms >= self->options.after_ms && (ready || age_ms >= self->options.after_ms + 10000);
  return ready && (now - self->ready_us) / 1000 >= (is_waking(self) ? PICTURE_ALIVE_MS : PICTURE_SETTLE_MS);
}

static gboolean
picture_cb(gpointer data)
{
  Application *self = data;
  g_autoptr(GError) error = NULL;

  if (!self->window && !self->desk)
    return G_SOURCE_REMOVE;
  if (!is_time(self) || (self->desk && !casa_desk_window_is_settled(self->desk)))
    return G_SOURCE_CONTINUE;
  GtkWidget *picture = self->desk ? casa_desk_window_picture(self->desk) : casa_window_picture(self->window);
  finish(self, casa_screenshot_save(picture, self->options.screenshot, &error) ? 0 : complain(error));
  return G_SOURCE_REMOVE;
}

static gboolean
signal_cb(gpointer data)
{
  g_application_quit(G_APPLICATION(((Application *)data)->app));
  return G_SOURCE_CONTINUE;
}

/* The window in use, NULL none. (transfer none) */
static CasaWindow *
active_window(Application *self)
{
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(self->app));

  return CASA_IS_WINDOW(window) ? CASA_WINDOW(window) : NULL;
}

static void
about_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaWindow *window = active_window(data);

  if (!window)
    return;
  CASA_LANG_SCOPE(casa_window_language(window));
  casa_about_show(GTK_WINDOW(window));
}

static CasaWindow *
open_window(Application *self, const char *theme)
{
  CasaModel *model = self->machine ? casa_time_machine_model(self->machine) : self->model;
  CasaWindow *window = casa_window_new(self->app, model, model ? self->scenes : NULL, theme);

  if (self->ticker)
    casa_ticker_follow(self->ticker, GTK_WIDGET(window));
  if (self->keys)
    casa_window_set_event_keys(window, self->keys);
  return window;
}

/* Another window with the same scene, in the same language and theme: from there it goes its own way. */
static void
new_window_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;
  CasaWindow *like = active_window(self);

  if (!like || !self->model)
    return;
  CASA_LANG_SCOPE(casa_window_language(like));
  CasaWindow *window = open_window(self, casa_window_theme(like));
  casa_window_go(window, casa_window_scene(like));
  gtk_window_present(GTK_WINDOW(window));
}

/* The language and theme of the window in use, and of none what is configured. */
static CasaDeskWindow *
open_desk(Application *self)
{
  CasaWindow *like = active_window(self);
  CASA_LANG_SCOPE(like ? casa_window_language(like) : self->config->language);

  if (!self->desk) {
    const char *theme = like ? casa_window_theme(like) : self->config->theme;
    g_set_weak_pointer(&self->desk, casa_desk_window_new(self->app, self->model, self->keepsakes, theme));
    casa_ticker_follow(self->ticker, GTK_WIDGET(self->desk));
  }
  return self->desk;
}

static void
explore_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;

  if (!self->model)
    return;
  casa_desk_window_go(open_desk(self), CASA_DESK_EXPLORE);
  gtk_window_present(GTK_WINDOW(self->desk));
}

/* The next team that waits, large in the hall. */
static void
show_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;
  CasaWindow *window = active_window(self);

  if (!self->model)
    return;
  g_autofree char *team = casa_teams_show_next(self->model);
  if (team || !window)
    return;
  CASA_LANG_SCOPE(casa_window_language(window));
  casa_window_toast(window, _("Aucune équipe n'attend d'être montrée"));
}

static void
hide_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;
  const char *featured = self->keepsakes ? casa_keepsakes_featured(self->keepsakes) : NULL;

  if (featured)
    casa_keepsakes_show(self->keepsakes, featured, FALSE);
}

static void
feature_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;

  if (self->keepsakes)
    casa_keepsakes_feature(self->keepsakes, g_variant_get_string(parameter, NULL));
}

static void
tell_nothing_stored(Application *self, gint64 from_ms)
{
  CasaWindow *window = active_window(self);

  if (!window)
    window = self->window;
  if (!window)
    return;
  CASA_LANG_SCOPE(casa_window_language(window));
  g_autofree char *date = casa_lang_date(from_ms), *clock = casa_lang_clock(from_ms, FALSE);
  g_autofree char *text = g_strdup_printf(_("Rien n’est conservé à partir du %s à %s."), date, clock);
  casa_window_toast(window, text);
}

/* FALSE: nothing is stored of it. */
static gboolean
go_to(Application *self, gint64 from_ms, gint64 to_ms, double speed, gboolean loop)
{
  g_autoptr(GError) error = NULL;

  if (casa_time_machine_go(self->machine, from_ms, to_ms, speed, loop, &error))
    return TRUE;
  g_message("replay: %s", error->message);
  return FALSE;
}

static void
replay_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gint64 from, to;
  double speed;
  gboolean loop;

  g_variant_get(parameter, "(xxdb)", &from, &to, &speed, &loop);
  if (!go_to(data, from, to, speed, loop))
    tell_nothing_stored(data, from);
}

/* The last whole day; where it was not stored, what there is of today. */
static void
replay_day_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const double speed = g_variant_get_double(parameter);
  gint64 now = casa_clock_now_ms(), from, to;

  casa_replay_bar_first_day(now, G_MAXINT64, &from, &to);
  if (go_to(data, from, to, speed, TRUE))
    return;
  casa_replay_bar_first_day(now, 0, &from, &to);
  if (!go_to(data, from, to, speed, TRUE))
    tell_nothing_stored(data, from);
}

static void
live_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  casa_time_machine_back(((Application *)data)->machine);
}

/* One key goes to today, or to yesterday while today is young, and comes back. */
static void
time_machine_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;
  gint64 from, to;

  if (casa_time_machine_is_away(self->machine)) {
    casa_time_machine_back(self->machine);
    return;
  }
  casa_replay_bar_first_day(casa_clock_now_ms(), DAY_LEAST_MS, &from, &to);
  if (!go_to(self, from, to, FIRST_SPEED, FALSE))
    tell_nothing_stored(self, from);
}

/* The presenter's window about the first window: opened, or brought to the front. */
static void
presenter_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Application *self = data;

  if (!self->window || !self->model)
    return;
  if (!self->presenter) {
    g_autofree char *folder = g_path_get_dirname(self->config->store_path);
    g_set_weak_pointer(&self->presenter, casa_presenter_new(self->app, self->window, self->model, self->scenes, folder));
  }
  gtk_window_present(self->presenter);
}

static void
quit_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_quit(G_APPLICATION(((Application *)data)->app));
}

static void
add_actions(Application *self)
{
  static const GActionEntry entries[] = { { "about", about_cb },
                                          { "new-window", new_window_cb },
                                          { "presenter", presenter_cb },
                                          { "explore", explore_cb },
                                          { "show-team", show_team_cb },
                                          { "hide-team", hide_team_cb },
                                          { "feature-team", feature_team_cb, "s" },
                                          { "quit", quit_cb } };
  GtkApplication *app = GTK_APPLICATION(self->app);

  g_action_map_add_action_entries(G_ACTION_MAP(self->app), entries, G_N_ELEMENTS(entries), self);
  static const GActionEntry machine[] = { { "replay", replay_cb, "(xxdb)" },
                                          { "replay-day", replay_day_cb, "d" },
                                          { "live", live_cb },
                                          { "time-machine", time_machine_cb } };
  if (self->machine)
    g_action_map_add_action_entries(G_ACTION_MAP(self->app), machine, G_N_ELEMENTS(machine), self);
  gtk_application_set_accels_for_action(app, "app.new-window", (const char *[]){ "<Control>n", NULL });
  gtk_application_set_accels_for_action(app, "app.presenter", (const char *[]){ "<Control>p", NULL });
  gtk_application_set_accels_for_action(app, "app.quit", (const char *[]){ "<Control>q", NULL });
  gtk_application_set_accels_for_action(app, "win.shortcuts", (const char *[]){ "<Control>question", "F1", NULL });
}

static void
tell_set_aside(Application *self)
{
  const char *path = casa_pulse_set_aside(self->pulse);

  if (!path)
    return;
  g_autofree char *name = g_path_get_basename(path);
  g_autofree char *text =
    g_strdup_printf(_("La base était illisible : elle est gardée sous %s, une nouvelle est commencée."), name);
  casa_window_toast(self->window, text);
}

static void
take_picture_later(Application *self)
{
  const int width = self->options.width ? self->options.width : 1920,
            height = self->options.height ? self->options.height : 1080;

  if (self->desk)
    casa_desk_window_pose(self->desk, width, height);
  else
    casa_window_pose(self->window, width, height);
  g_timeout_add(PICTURE_POLL_MS, picture_cb, self);
}

/* The explore page alone: somebody was given a link. */
static void
show_explore(Application *self)
{
  CasaExploreView view;
  g_autoptr(GError) error = NULL;

  if (!casa_explore_view_parse(&view, self->options.explore, &error))
    g_warning("%s", error->message); /* it was right when the command line was read */
  casa_desk_window_set_view(open_desk(self), &view);
  casa_explore_view_clear(&view);
  if (self->options.screenshot)
    take_picture_later(self);
  else if (self->options.width)
    gtk_window_set_default_size(GTK_WINDOW(self->desk), self->options.width, self->options.height);
  gtk_window_present(GTK_WINDOW(self->desk));
}

static void
activate_cb(GApplication *app, Application *self)
{
  if (self->window || self->desk)
    return;
  add_actions(self);
  if (self->options.explore && self->model) {
    show_explore(self);
    return;
  }
  g_set_weak_pointer(&self->window, open_window(self, self->config->theme));
  if (self->failure) {
    g_autofree char *text = casa_text_without_paths(self->failure->message);
    casa_window_show_error(self->window, _("Casa Pulse ne peut pas démarrer"), text);
  } else
    tell_set_aside(self);
  if (self->options.scene)
    casa_window_go(self->window, casa_scene_file_find(casa_scene_list_file(self->scenes), self->options.scene));
  if (self->options.screenshot) {
    take_picture_later(self);
  } else if (self->options.width) {
    gtk_window_set_default_size(GTK_WINDOW(self->window), self->options.width, self->options.height);
  }
  if (self->options.stage)
    gtk_window_fullscreen(GTK_WINDOW(self->window));
  if (self->options.state && self->model) {
    casa_wall_state_restore(self->options.state, self->window, self->scenes);
    self->state = casa_wall_state_new(self->options.state, self->window, self->scenes);
  }
  gtk_window_present(GTK_WINDOW(self->window));
  if (self->options.presenter)
    presenter_cb(NULL, NULL, self);
}

/* Windows go first: stopping the pipeline may take a moment, and nobody should watch it. */
static void
shutdown_cb(GApplication *app, Application *self)
{
  for (GList *windows; (windows = gtk_application_get_windows(GTK_APPLICATION(app))) != NULL;)
    gtk_window_destroy(GTK_WINDOW(windows->data));
}

static int
run_window(Application *self)
{
  self->app = adw_application_new(CASA_APPLICATION_ID, G_APPLICATION_NON_UNIQUE);
  self->start_us = casa_clock_mono_us();
  g_signal_connect(self->app, "activate", G_CALLBACK(activate_cb), self);
  g_signal_connect(self->app, "shutdown", G_CALLBACK(shutdown_cb), self);
  guint term = g_unix_signal_add(SIGTERM, signal_cb, self), interrupt = g_unix_signal_add(SIGINT, signal_cb, self);
  g_application_run(G_APPLICATION(self->app), 0, NULL);
  g_source_remove(term);
  g_source_remove(interrupt);
  return self->status;
}

static void
clear(Application *self)
{
  g_clear_pointer(&self->state, casa_wall_state_free);
  g_clear_object(&self->app);
  g_clear_pointer(&self->reload, casa_config_reload_free);
  g_clear_object(&self->scenes);
  g_clear_object(&self->keepsakes);
  g_clear_pointer(&self->ticker, casa_ticker_free);
  g_clear_pointer(&self->keys, casa_event_keys_free);
  g_clear_pointer(&self->commander, casa_commander_free);
  g_clear_pointer(&self->machine, casa_time_machine_free);
  g_clear_pointer(&self->model, casa_model_free);
  g_clear_pointer(&self->replay, casa_replay_free);
  g_clear_pointer(&self->indicators, casa_indicators_unref);
  g_clear_error(&self->indicators_fault);
  if (self->pulse)
    casa_pulse_stop(self->pulse);
  g_clear_pointer(&self->pulse, casa_pulse_free);
  g_clear_pointer(&self->city, casa_city_free);
  g_clear_pointer(&self->config, casa_config_free);
  g_clear_error(&self->failure);
  casa_options_clear(&self->options);
}

static void
apply_choices(Application *self)
{
  if (self->options.language) {
    g_free(self->config->language);
    self->config->language = g_strdup(self->options.language);
  }
  if (self->options.theme) {
    g_free(self->config->theme);
    self->config->theme = g_strdup(self->options.theme);
  }
}

static gboolean
open_display(GError **error)
{
  /* Numbers on every wire have a point: the locale may choose words and dates, never that. */
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  gtk_disable_setlocale();
  if (gtk_init_check())
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
              "no display: start it in a desktop session, or headless with: xvfb-run -a casa-pulse --screenshot wall.png");
  return FALSE;
}

static int
run(Application *self)
{
  g_autoptr(GError) error = NULL;

  if (!load_config(self, &error) || !load_scenes(self, &error) || !open_display(&error))
    return complain(error);
  apply_choices(self);
  casa_lang_set(self->config->language);
  casa_power_set_frugal(self->options.frugal);
  if (open_pulse(self, &self->failure)) {
    open_model(self);
  } else {
    self->status = complain(self->failure);
    if (self->options.screenshot)
      return self->status;
  }
  return run_window(self);
}

int
casa_application_run(int argc, char **argv)
{
  Application self = { 0 };
  g_autoptr(GError) error = NULL;
  int status = 0;

  setlocale(LC_CTYPE, ""); /* --help and error messages go to a terminal that may know more than ASCII */
  if (!casa_options_parse(&self.options, argc, argv, &error))
    status = complain(error);
  else if (self.options.version)
    printf("casa-pulse %s\n", CASA_VERSION);
  else if (self.options.check_scenes)
    status = check_scenes(&self, self.options.check_scenes);
  else
    status = run(&self);
  clear(&self);
  return status;
}
