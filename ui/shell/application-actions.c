/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application-private.h"
#include "ui/data/two-futures.h"
#include "base/time-units.h"
#include "ui/data/teams.h"
#include "ui/scenes/replay-bar.h"
#include "ui/shell/about.h"
#include "ui/shell/presenter-check.h"
#include "ui/shell/presenter.h"
#include "ui/text/lang.h"

#define DAY_LEAST_MS (3 * 60 * 60 * 1000) /* of today, before it is worth seeing again */
#define DAY_TRIAL_MS 2000                 /* between looks whether something of a scene's day is stored */
#define FIRST_SPEED 600                   /* of the time machine: a day in two and a half minutes */

CasaWindow *
casa_application_active_window(CasaApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(self->app));

  return CASA_IS_WINDOW(window) ? CASA_WINDOW(window) : NULL;
}

CasaWindow *
casa_application_open_window(CasaApplication *self, const char *theme)
{
  g_auto(GStrv) simulator = casa_two_futures_command(self->config->stage_simulator);
  CasaModel *model = self->machine ? casa_time_machine_model(self->machine) : self->model;
  CasaWindow *window = casa_window_new(self->app, model, model ? self->scenes : NULL, theme);

  if (self->ticker)
    casa_ticker_follow(self->ticker, GTK_WIDGET(window));
  if (self->keys)
    casa_window_set_event_keys(window, self->keys);
  if (simulator)
    casa_window_offer_what_if(window, (const char *const *)simulator);
  return window;
}

CasaDeskWindow *
casa_application_open_desk(CasaApplication *self)
{
  CasaWindow *like = casa_application_active_window(self);
  CASA_LANG_SCOPE(like ? casa_window_language(like) : self->config->language);

  if (!self->desk) {
    const char *theme = like ? casa_window_theme(like) : self->config->theme;
    g_set_weak_pointer(&self->desk, casa_desk_window_new(self->app, self->model, self->keepsakes, theme));
    casa_ticker_follow(self->ticker, GTK_WIDGET(self->desk));
  }
  return self->desk;
}

static void
about_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaWindow *window = casa_application_active_window(data);

  if (!window)
    return;
  CASA_LANG_SCOPE(casa_window_language(window));
  casa_about_show(GTK_WINDOW(window));
}

/* Another window with the same scene, in the same language and theme: from there it goes its own way. */
static void
new_window_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;
  CasaWindow *like = casa_application_active_window(self);

  if (!like || !self->model)
    return;
  CASA_LANG_SCOPE(casa_window_language(like));
  CasaWindow *window = casa_application_open_window(self, casa_window_theme(like));
  casa_window_go(window, casa_window_scene(like));
  gtk_window_present(GTK_WINDOW(window));
}

/* It names teams that the hall has not been shown: on the hall's only screen no slip of a finger opens it. */
static gboolean
may_open_desk(CasaApplication *self)
{
  CasaWindow *hall = casa_application_active_window(self);

  if (!self->model)
    return FALSE;
  if (self->desk || !self->screens || (self->presenter && gtk_window_is_active(self->presenter)) ||
      casa_screens_may_cover(self->screens))
    return TRUE;
  if (hall) {
    CASA_LANG_SCOPE(casa_window_language(hall));
    casa_window_tell(hall, _("Encore une fois : cette fenêtre s’ouvre devant la salle"));
  }
  return FALSE;
}

static void
explore_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (!may_open_desk(self))
    return;
  casa_desk_window_go(casa_application_open_desk(self), CASA_DESK_EXPLORE);
  gtk_window_present(GTK_WINDOW(self->desk));
}

static void
diagnose_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (!may_open_desk(self))
    return;
  casa_desk_window_diagnose(casa_application_open_desk(self), self->config, NULL);
  gtk_window_present(GTK_WINDOW(self->desk));
}

static void
teams_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (!may_open_desk(self))
    return;
  casa_desk_window_go(casa_application_open_desk(self), CASA_DESK_TEAMS);
  gtk_window_present(GTK_WINDOW(self->desk));
}

/* The window that the hall sees: the one whose key it was, else the first. */
static CasaWindow *
hall_of(CasaApplication *self)
{
  CasaWindow *window = casa_application_active_window(self);

  return window ? window : self->window;
}

/* The next team that waits, large in the hall; where none waits, the next of those that are shown. */
static void
show_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;
  CasaWindow *window = hall_of(self);

  if (!self->model || !window)
    return;
  g_autofree char *team = casa_teams_show_next(self->model);
  if (!team)
    team = casa_teams_turn(self->model, casa_window_shows_teams(window));
  if (team)
    casa_window_show_teams(window, TRUE);
  if (team || gtk_window_is_fullscreen(GTK_WINDOW(window))) /* no word to a hall */
    return;
  CASA_LANG_SCOPE(casa_window_language(window));
  casa_window_toast(window, _("Aucune équipe n'attend d'être montrée"));
}

/* The team that is large, and the scene that it was called up in. */
static void
hide_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;
  CasaWindow *window = hall_of(self);
  const char *featured = self->keepsakes ? casa_keepsakes_featured(self->keepsakes) : NULL;

  if (featured)
    casa_keepsakes_show(self->keepsakes, featured, FALSE);
  if (window)
    casa_window_show_teams(window, FALSE);
}

/* Who floods is out at once; the same key lets it in again. The hall sees nothing of it. */
static void
turn_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;
  const char *offender = self->gate ? casa_team_gate_offender(self->gate, g_get_monotonic_time()) : NULL;
  CASA_LANG_SCOPE(self->window ? casa_window_language(self->window) : self->config->language);

  if (offender)
    casa_team_gate_turn(self->gate, offender);
  else if (self->aside)
    casa_aside_say(self->aside,
                   self->gate ? _("Aucune équipe ne dépasse son quota : personne n’est exclu")
                              : _("Exclure une équipe : [teams] manque dans pulse.conf"),
                   g_get_monotonic_time());
}

static void
feature_team_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (self->keepsakes)
    casa_keepsakes_feature(self->keepsakes, g_variant_get_string(parameter, NULL));
}

static void
tell_nothing_stored(CasaApplication *self, gint64 from_ms)
{
  CasaWindow *window = casa_application_active_window(self);

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
go_to(CasaApplication *self, gint64 from_ms, gint64 to_ms, double speed, gboolean loop)
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
  g_clear_handle_id(&((CasaApplication *)data)->day_trial, g_source_remove);
  if (!go_to(data, from, to, speed, loop))
    tell_nothing_stored(data, from);
}

/* From @minute of the day that begins at @from_ms on, or all of it. FALSE: nothing is stored of it. */
static gboolean
go_into_day(CasaApplication *self, gint64 from_ms, gint64 to_ms, int minute, double speed)
{
  if (minute != CASA_REPLAY_WHOLE_DAY)
    from_ms += minute * CASA_MINUTE_MS;
  return from_ms < to_ms && casa_time_machine_go(self->machine, from_ms, to_ms, speed, TRUE, NULL);
}

/* The last whole day; where it was not stored, what there is of today. FALSE: nothing is stored of either. */
static gboolean
go_to_day(CasaApplication *self, int minute, double speed)
{
  gint64 now = casa_clock_now_ms(), from, to;

  casa_replay_bar_first_day(now, G_MAXINT64, &from, &to);
  if (go_into_day(self, from, to, minute, speed))
    return TRUE;
  casa_replay_bar_first_day(now, 0, &from, &to);
  return go_into_day(self, from, to, minute, speed);
}

static gboolean
try_day_cb(gpointer data)
{
  CasaApplication *self = data;

  if (!go_to_day(self, self->day_minute, self->day_speed))
    return G_SOURCE_CONTINUE;
  self->day_trial = 0;
  return G_SOURCE_REMOVE;
}

/* A scene that is a day begins as soon as something of it is stored: at the first start the past comes in after the scene. */
static void
replay_day_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  g_clear_handle_id(&self->day_trial, g_source_remove);
  g_variant_get(parameter, "(di)", &self->day_speed, &self->day_minute);
  if (go_to_day(self, self->day_minute, self->day_speed))
    return;
  g_message("the day of this scene begins as soon as something of it is stored");
  self->day_trial = g_timeout_add(DAY_TRIAL_MS, try_day_cb, self);
}

static void
live_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  g_clear_handle_id(&self->day_trial, g_source_remove);
  if (!self->parachute || !casa_parachute_take_over(self->parachute))
    casa_time_machine_back(self->machine);
}

/* The rehearsal instead of live data, or back. */
static void
parachute_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (self->parachute)
    casa_parachute_set(self->parachute, !casa_parachute_is_open(self->parachute));
}

static void
set_parachute_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (self->parachute)
    casa_parachute_set(self->parachute, g_variant_get_boolean(parameter));
}

void
casa_application_open_parachute(CasaApplication *self)
{
  if (!self->machine)
    return;
  const CasaParachuteFacts facts = { .window = self->window,
                                     .live = self->model,
                                     .machine = self->machine,
                                     .scenes = self->scenes,
                                     .store_path = casa_store_path(casa_pulse_store(self->pulse)),
                                     .recording = self->options.parachute,
                                     .aside = self->aside };
  self->parachute = casa_parachute_new(&facts);
}

/* One key goes to today, or to yesterday while today is young, and comes back. */
static void
time_machine_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;
  gint64 from, to;

  g_clear_handle_id(&self->day_trial, g_source_remove);
  if (casa_time_machine_is_away(self->machine)) {
    if (self->parachute)
      casa_parachute_set(self->parachute, FALSE);
    casa_time_machine_back(self->machine);
    return;
  }
  casa_replay_bar_first_day(casa_clock_now_ms(), DAY_LEAST_MS, &from, &to);
  if (!go_to(self, from, to, FIRST_SPEED, FALSE))
    tell_nothing_stored(self, from);
}

void
casa_application_stay_awake(CasaApplication *self)
{
  if (!self->awake)
    self->awake = casa_awake_new(GTK_APPLICATION(self->app), GTK_WINDOW(self->window));
}

/* The file of scenes that is shown. (transfer full) */
static char *
talk_of(CasaApplication *self)
{
  return self->options.talk ? g_strdup(self->options.talk) : g_build_filename(self->config->dir, "scenes.conf", NULL);
}

gboolean
casa_application_rehearse(CasaApplication *self, GError **error)
{
  g_autofree char *talk = talk_of(self), *path = casa_rehearse_path(self->options.state, talk);
  const CasaRehearseFacts facts = {
    self->window, self->scenes, path, talk, self->options.rehearse_write, self->options.came_back != 0
  };
  g_autoptr(CasaRehearsal) rehearsal = self->options.autoplay ? casa_rehearsal_load(path, error) : NULL;
  gboolean lacking = self->options.autoplay && !rehearsal;

  if (self->options.rehearse)
    self->rehearse = casa_rehearse_new(&facts);
  else
    self->autoplay = casa_autoplay_new(self->window, self->scenes, g_steal_pointer(&rehearsal));
  return !lacking;
}

/* The presenter's window about the first window: opened, or brought to the front. */
void
casa_application_open_presenter(CasaApplication *self, gboolean asked)
{
  if (!self->window || !self->model)
    return;
  if (!self->presenter) {
    g_autofree char *folder = g_path_get_dirname(self->config->store_path);
    casa_application_stay_awake(self);
    g_auto(GStrv) check = casa_stage_check_command(self->config->dir, self->config->broker_url, self->config->store_path);
    const CasaPresenterFacts facts = { .folder = folder,
                                       .awake = self->awake,
                                       .keys = self->keys,
                                       .came_back = self->options.came_back,
                                       .aside = self->aside,
                                       .check =
                                         self->options.stage && !self->options.came_back ? (const char *const *)check : NULL };
    g_set_weak_pointer(&self->presenter, casa_presenter_new(self->app, self->window, self->model, self->scenes, &facts));
    casa_ticker_follow(self->ticker, GTK_WIDGET(self->presenter));
  }
  if (!asked && self->screens && casa_screens_is_shared(self->screens))
    g_message("one screen: the presenter's window stays away from the hall; V twice, or Ctrl+P twice, shows it");
  else
    gtk_window_present(self->presenter);
}

/* A window that must not be seen by accident is made ready at the first press. */
static void
presenter_view_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (!self->screens)
    return;
  if (!self->presenter)
    casa_application_open_presenter(self, FALSE);
  casa_screens_view(self->screens);
}

/* On the hall's own screen no more by accident than with V. */
static void
presenter_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (self->screens && casa_screens_is_shared(self->screens))
    presenter_view_cb(action, parameter, data);
  else
    casa_application_open_presenter(self, TRUE);
}

static void
hide_hall_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (self->screens && self->presenter && gtk_widget_get_mapped(GTK_WIDGET(self->presenter)))
    casa_screens_hide(self->screens);
}

static void
swap_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CasaApplication *self = data;

  if (self->screens)
    casa_screens_swap(self->screens);
}

static void
quit_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_quit(G_APPLICATION(((CasaApplication *)data)->app));
}

void
casa_application_add_actions(CasaApplication *self)
{
  static const GActionEntry entries[] = { { "about", about_cb },
                                          { "new-window", new_window_cb },
                                          { "presenter", presenter_cb },
                                          { "presenter-view", presenter_view_cb },
                                          { "hide-hall", hide_hall_cb },
                                          { "swap-screens", swap_cb },
                                          { "explore", explore_cb },
                                          { "diagnose", diagnose_cb },
                                          { "teams", teams_cb },
                                          { "show-team", show_team_cb },
                                          { "hide-team", hide_team_cb },
                                          { "turn-team", turn_team_cb },
                                          { "feature-team", feature_team_cb, "s" },
                                          { "quit", quit_cb } };
  GtkApplication *app = GTK_APPLICATION(self->app);

  g_action_map_add_action_entries(G_ACTION_MAP(self->app), entries, G_N_ELEMENTS(entries), self);
  static const GActionEntry machine[] = {
    { "replay", replay_cb, "(xxdb)" }, { "replay-day", replay_day_cb, "(di)" },    { "live", live_cb },
    { "parachute", parachute_cb },     { "set-parachute", set_parachute_cb, "b" }, { "time-machine", time_machine_cb }
  };
  if (self->machine)
    g_action_map_add_action_entries(G_ACTION_MAP(self->app), machine, G_N_ELEMENTS(machine), self);
  gtk_application_set_accels_for_action(app, "app.new-window", (const char *[]){ "<Control>n", NULL });
  gtk_application_set_accels_for_action(app, "app.presenter", (const char *[]){ "<Control>p", NULL });
  gtk_application_set_accels_for_action(app, "app.quit", (const char *[]){ "<Control>q", NULL });
  gtk_application_set_accels_for_action(app, "win.shortcuts", (const char *[]){ "<Control>question", "F1", NULL });
}
