/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk-window.h"
#include "ui/scenes/scene-list.h"
#include "ui/shell/autoplay.h"
#include "ui/shell/config-reload.h"
#include "ui/shell/director.h"
#include "ui/shell/options.h"
#include "ui/shell/parachute.h"
#include "ui/shell/prompter.h"
#include "ui/shell/rehearse.h"
#include "ui/shell/screens.h"
#include "ui/shell/ticker.h"
#include "ui/shell/time-machine.h"
#include "ui/shell/wall-state.h"
#include "ui/shell/window.h"
#include "ui/stage/awake.h"

G_BEGIN_DECLS

/* The inside of the application, for ui/shell/application*.c only: application.c opens and closes everything,
 * application-actions.c has what can be asked of the whole program, and opens windows. */
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
  CasaTeamGate *gate;
  AdwApplication *app;
  CasaWindow *window;       /* the first; weak: it may be closed before others */
  GtkWindow *presenter;     /* weak; NULL: not open */
  CasaDeskWindow *desk;     /* weak; NULL: none is open */
  CasaAwake *awake;         /* NULL: not asked for yet */
  CasaPrompter *prompter;   /* NULL: nobody drives but the wall's own keys */
  CasaWallState *state;     /* NULL: not kept */
  CasaAside *aside;         /* what is said to the presenter alone; NULL: there is nothing to show */
  CasaParachute *parachute; /* NULL: nothing takes the place of live data */
  CasaRehearse *rehearse;   /* NULL: nothing is recorded */
  CasaAutoplay *autoplay;   /* NULL: a picture is taken */
  CasaDirector *director;   /* gives the cues of scenes; NULL: a picture is taken */
  CasaScreens *screens;     /* NULL: nothing is shown to a hall */
  guint day_trial;          /* source that tries again to begin the day of a scene; 0: none */
  double day_speed;         /* at which it is to begin */
  int day_minute;           /* of the day, at which it is to begin; CASA_REPLAY_WHOLE_DAY */
  GError *failure;          /* why there is nothing to show */
  int status;
  gint64 start_us, ready_us; /* monotonic */
} CasaApplication;

/* application-actions.c */
/* On the model that is shown; not presented yet. (transfer none) */
CasaWindow *casa_application_open_window(CasaApplication *self, const char *theme);
/* The language and theme of the window in use, and of none what is configured. (transfer none) */
CasaDeskWindow *casa_application_open_desk(CasaApplication *self);
void casa_application_add_actions(CasaApplication *self);          /* The actions "app.…" and their keys */
CasaWindow *casa_application_active_window(CasaApplication *self); /* The window in use, NULL none. (transfer none) */
/* The presenter's window, opened or brought to the front; @asked: by somebody who sees the screens. Else it is not shown where
 * only the hall would see it. */
void casa_application_open_presenter(CasaApplication *self, gboolean asked);

void casa_application_open_parachute(CasaApplication *self); /* What goes on when live data fail, for the first window */
/* Records the talk, or plays it, as the options say. FALSE: there is no rehearsal to play. */
gboolean casa_application_rehearse(CasaApplication *self, GError **error);
void casa_application_stay_awake(CasaApplication *self); /* Neither dark nor asleep while the first window is there */

G_END_DECLS
