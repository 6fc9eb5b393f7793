/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application.h"
#include "ui/shell/application-private.h"
#include "casa-build.h"
#include "ui/shell/curtain.h"
#include "ui/shell/full-screen.h"
#include "ui/text/lang.h"
#include "ui/scenes/scene-world.h"
#include "ui/kit/power.h"
#include "ui/kit/screenshot.h"
#include "ui/text/fault-messages.h"
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>

#define PICTURE_POLL_MS 100
#define PICTURE_SETTLE_MS 2500   /* after the history: the first live values */
#define PICTURE_ALIVE_MS 15000   /* …and at most this for nearly all sensors to report, vehicles to glide */
#define PICTURE_GIVE_UP_MS 60000 /* no history after this long: take what there is */

static int
complain(const GError *error)
{
  fprintf(stderr, "casa-pulse: %s\n", error->message);
  return casa_error_exit_status(error);
}

static gboolean
load_config(CasaApplication *self, GError **error)
{
  const CasaConfigOverrides overrides = { self->options.config, self->options.broker, self->options.store,
                                          self->options.influx };

  self->config = casa_config_load(&overrides, error);
  return self->config != NULL;
}

/* Read before a display is asked for: a scene that is not there must be told even where there is none. */
static gboolean
load_scenes(CasaApplication *self, GError **error)
{
  g_autofree char *path =
    self->options.talk ? g_strdup(self->options.talk) : g_build_filename(self->config->dir, "scenes.conf", NULL);

  self->indicators = casa_indicators_load_or_shipped(self->config->dir, &self->indicators_fault);
  if (self->indicators_fault)
    g_warning("the built-in indicators stand in: %s", self->indicators_fault->message);
  self->city = casa_city_load(self->config->dir, NULL); /* what is wrong with it, open_pulse() tells */
  self->scenes = casa_scene_list_new(path, casa_scene_world_of_city(self->indicators, self->city));
  if (!self->options.scene || casa_scene_file_find(casa_scene_list_file(self->scenes), self->options.scene) != G_MAXUINT)
    return TRUE;
  g_autofree char *ids = casa_scene_file_ids(casa_scene_list_file(self->scenes));
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--scene %s: not one of %s (see %s)", self->options.scene, ids, path);
  return FALSE;
}

/* 0, or 2 when the file is wrong. */
static int
check_scenes(CasaApplication *self, const char *path)
{
  g_autoptr(GError) error = NULL;
  CasaSceneFault fault;

  if (!load_config(self, &error))
    return complain(error);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(self->config->dir, &error);
  if (!indicators)
    return complain(error);
  g_autoptr(CasaCity) city = casa_city_load(self->config->dir, &error);
  if (!city)
    return complain(error);
  g_autoptr(CasaSceneFile) file = casa_scene_file_load(path, casa_scene_world_of_city(indicators, city), &fault);

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
open_pulse(CasaApplication *self, GError **error)
{
  if (!self->city)
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
  CasaApplication *self = data;

  if (self->machine)
    casa_time_machine_back(self->machine);
}

static void
palette_cb(gpointer data)
{
  casa_event_keys_take_palette(((CasaApplication *)data)->keys);
}

/* Every window looks on at another model. */
static void
show_model_cb(CasaModel *model, gpointer data)
{
  CasaApplication *self = data;

  casa_ticker_set_model(self->ticker, model);
  casa_event_keys_set_model(self->keys, model);
  for (GList *link = gtk_application_get_windows(GTK_APPLICATION(self->app)); link; link = link->next)
    if (CASA_IS_WINDOW(link->data))
      casa_window_set_model(link->data, model);
}

static void
open_model(CasaApplication *self)
{
  CasaModelSource source = { .hub = casa_pulse_hub(self->pulse),
                             .catalogue = casa_pulse_catalogue(self->pulse),
                             .store_path = casa_store_path(casa_pulse_store(self->pulse)),
                             .pulse = self->pulse,
                             .indicators = self->indicators,
                             .config_dir = self->config->dir };

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
  source.config = self->replay ? NULL : self->config;
  self->gate = casa_team_gate_new(self->config);
  source.gate = self->gate;
  self->model = casa_model_new(&source, self->city);
  self->ticker = casa_ticker_new(self->model);
  if (!self->replay)
    self->machine = casa_time_machine_new(self->config, self->pulse, self->city, self->model, show_model_cb, self);
  const CasaConfigReloadFuncs funcs = { before_reload_cb, palette_cb, self };
  self->reload = casa_config_reload_new(self->config->dir, self->model, self->city, self->scenes, &funcs);
  self->commander = casa_commander_new(self->config);
  self->keys = casa_event_keys_new(self->model, self->commander);
  self->aside = casa_aside_new();
}

static void
finish(CasaApplication *self, int status)
{
  self->status = status;
  g_application_quit(G_APPLICATION(self->app));
}

/* Connected, but many of the sensors have not reported since. */
static gboolean
is_waking(CasaApplication *self)
{
  const CasaSummary *s = casa_model_summary(self->model);

  return s->link.state == CASA_LINK_UP && s->sensors_alive * 10 < s->sensors_known * 9;
}

/* TRUE when the moment for the picture has come. */
static gboolean
is_time(CasaApplication *self)
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
  CasaApplication *self = data;
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
  g_application_quit(G_APPLICATION(((CasaApplication *)data)->app));
  return G_SOURCE_CONTINUE;
}

static void
tell_set_aside(CasaApplication *self)
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
take_picture_later(CasaApplication *self)
{
  const int width = self->options.width ? self->options.width : 1920,
            height = self->options.height ? self->options.height : 1080;

  if (self->desk)
    casa_desk_window_pose(self->desk, width, height);
  else
    casa_window_pose(self->window, width, height);
  g_timeout_add(PICTURE_POLL_MS, picture_cb, self);
}

/* The desk alone: a link of the explore page, or a team. */
static void
show_desk(CasaApplication *self)
{
  CasaExploreView view;
  g_autoptr(GError) error = NULL;

  if (self->options.diagnose) {
    casa_desk_window_diagnose(casa_application_open_desk(self), self->config, self->options.diagnose);
  } else {
    if (!casa_explore_view_parse(&view, self->options.explore, &error))
      g_warning("%s", error->message); /* it was right when the command line was read */
    casa_desk_window_set_view(casa_application_open_desk(self), &view);
    casa_explore_view_clear(&view);
  }
  if (self->options.screenshot)
    take_picture_later(self);
  else if (self->options.width)
    gtk_window_set_default_size(GTK_WINDOW(self->desk), self->options.width, self->options.height);
  gtk_window_present(GTK_WINDOW(self->desk));
}

/* The hall's: a projector where one can be told from the machine's own screen. */
static void
fill_screen(CasaApplication *self)
{
  GdkMonitor *projector = casa_screens_guess(gtk_widget_get_display(GTK_WIDGET(self->window)));

  casa_full_screen_ask(GTK_WINDOW(self->window));
  if (projector)
    casa_full_screen_on(GTK_WINDOW(self->window), projector);
}

static void
activate_cb(GApplication *app, CasaApplication *self)
{
  if (self->window || self->desk)
    return;
  casa_application_add_actions(self);
  if ((self->options.explore || self->options.diagnose) && self->model) {
    show_desk(self);
    return;
  }
  g_set_weak_pointer(&self->window, casa_application_open_window(self, self->config->theme));
  if (self->failure) {
    g_autofree char *text = casa_text_without_paths(self->failure->message);
    casa_window_show_error(self->window, _("Casa Pulse ne peut pas démarrer"), text);
  } else
    tell_set_aside(self);
  if (self->options.scene)
    casa_window_go(self->window, casa_scene_file_find(casa_scene_list_file(self->scenes), self->options.scene));
  if (self->options.stage)
    fill_screen(self);
  if (self->options.screenshot) {
    take_picture_later(self);
  } else if (self->options.width) {
    gtk_window_set_default_size(GTK_WINDOW(self->window), self->options.width, self->options.height);
  }
  if (self->options.state && self->model) {
    casa_wall_state_restore(self->options.state, self->window, self->scenes);
    self->state = casa_wall_state_new(self->options.state, self->window, self->scenes);
  }
  if (self->model && !self->options.screenshot) {
    self->screens = casa_screens_new(self->window);
    g_autoptr(GError) error = NULL;
    casa_application_open_parachute(self);
    if (!casa_application_rehearse(self, &error)) {
      g_message("--autoplay: %s", error->message);
      casa_aside_say(self->aside, _("Aucune répétition à rejouer : enregistrez-la avec --rehearse"), g_get_monotonic_time());
    }
    const CasaDirectorFacts facts = { self->window,   self->scenes, self->keys, self->aside, self->options.came_back != 0,
                                      self->parachute };
    self->director = casa_director_new(&facts);
    self->prompter = casa_prompter_new(self->config, self->window, self->scenes, self->keys);
  }
  gtk_window_present(GTK_WINDOW(self->window));
  if (self->options.stage)
    casa_application_stay_awake(self);
  if (self->options.presenter)
    casa_application_open_presenter(self, FALSE);
}

/* Windows go first: stopping the pipeline may take a moment, and nobody should watch it. */
static void
shutdown_cb(GApplication *app, CasaApplication *self)
{
  g_clear_pointer(&self->rehearse, casa_rehearse_finish); /* while the window still says what it shows */
  for (GList *windows; (windows = gtk_application_get_windows(GTK_APPLICATION(app))) != NULL;)
    gtk_window_destroy(GTK_WINDOW(windows->data));
}

static int
run_window(CasaApplication *self)
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
clear(CasaApplication *self)
{
  g_clear_pointer(&self->state, casa_wall_state_free);
  g_clear_pointer(&self->screens, casa_screens_free);
  g_clear_pointer(&self->prompter, casa_prompter_free);
  g_clear_pointer(&self->director, casa_director_free);
  g_clear_pointer(&self->autoplay, casa_autoplay_free);
  g_clear_pointer(&self->parachute, casa_parachute_free);
  g_clear_pointer(&self->awake, casa_awake_free);
  g_clear_object(&self->app);
  g_clear_pointer(&self->reload, casa_config_reload_free);
  g_clear_object(&self->scenes);
  g_clear_object(&self->keepsakes);
  g_clear_pointer(&self->ticker, casa_ticker_free);
  g_clear_pointer(&self->keys, casa_event_keys_free);
  g_clear_pointer(&self->aside, casa_aside_free);
  g_clear_pointer(&self->commander, casa_commander_free);
  g_clear_handle_id(&self->day_trial, g_source_remove);
  g_clear_pointer(&self->machine, casa_time_machine_free);
  g_clear_pointer(&self->model, casa_model_free);
  g_clear_pointer(&self->gate, casa_team_gate_free);
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
apply_choices(CasaApplication *self)
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
run(CasaApplication *self)
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

static int
run_curtain(CasaApplication *self)
{
  g_autoptr(GError) error = NULL;

  return open_display(&error) ? casa_curtain_run(self->options.state) : complain(error);
}

int
casa_application_run(int argc, char **argv)
{
  CasaApplication self = { 0 };
  g_autoptr(GError) error = NULL;
  int status = 0;

  setlocale(LC_CTYPE, ""); /* --help and error messages go to a terminal that may know more than ASCII */
  if (!casa_options_parse(&self.options, argc, argv, &error))
    status = complain(error);
  else if (self.options.version)
    printf("casa-pulse %s\n", CASA_VERSION);
  else if (self.options.check_scenes)
    status = check_scenes(&self, self.options.check_scenes);
  else if (self.options.curtain)
    status = run_curtain(&self);
  else
    status = run(&self);
  clear(&self);
  return status;
}
