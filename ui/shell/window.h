/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/scenes/scene-list.h"
#include "ui/stage/hall.h"
#include "ui/stage/event-keys.h"
#include <adwaita.h>

G_BEGIN_DECLS

/* A window: one scene at a time, sized to fit, in a language and a theme of its own; keys of the stage. Any number of them may
 * look on at one model. It does not make the model's time go on: see ticker.h. */
#define CASA_TYPE_WINDOW (casa_window_get_type())
G_DECLARE_FINAL_TYPE(CasaWindow, casa_window, CASA, WINDOW, AdwApplicationWindow)

/* @model and @scenes NULL: nothing can be shown but an error. The model outlives the window. The language is that of the
 * moment. */
CasaWindow *casa_window_new(AdwApplication *app, CasaModel *model, CasaSceneList *scenes, const char *theme);
/* Shows @model from now on, which outlives it: builds its scene anew. Nothing of the one before is used when it returns. */
void casa_window_set_model(CasaWindow *self, CasaModel *model);
void casa_window_set_theme(CasaWindow *self, const char *theme);       /* By id, as casa_theme_get() takes it */
const char *casa_window_theme(CasaWindow *self);                       /* its id; static */
void casa_window_set_language(CasaWindow *self, const char *language); /* "fr", "ar" or "en": builds its scene anew */
const char *casa_window_language(CasaWindow *self);                    /* (transfer none), until the next change */
void casa_window_go(CasaWindow *self, guint scene);                    /* of the list; beyond its end: stays */
gboolean casa_window_is_replaying(CasaWindow *self);                   /* Whether a past is shown */
guint casa_window_scene(CasaWindow *self);                             /* Which scene of the list it shows */
/* So many scenes on, round and round; from the teams called up back to the scene before. */
void casa_window_turn(CasaWindow *self, int by);
/* The scene of teams before that scene, until another is gone to; FALSE: back. Nothing where the scene has a board itself. */
void casa_window_show_teams(CasaWindow *self, gboolean on);
gboolean casa_window_shows_teams(CasaWindow *self);      /* It has the board of teams, called up or by itself */
const CasaScene *casa_window_scene_of(CasaWindow *self); /* What it shows, the teams too. (transfer none) */
/* A scene may be of a past: the wall goes there with it, and back with the next, at once instead of with the next frame. */
void casa_window_keep_time(CasaWindow *self);
/* While @held no scene comes by itself (`stay`): somebody, or something else, drives. */
void casa_window_hold(CasaWindow *self, gboolean held);
/* What covers the scene. While it is frozen, scenes change behind the still picture; black and white end with a change of
 * scene. */
void casa_window_set_hall(CasaWindow *self, CasaHallState state);
CasaHallState casa_window_hall(CasaWindow *self); /* what covers it now */
CasaMarks *casa_window_marks(CasaWindow *self);   /* what the presenter writes over the picture. (transfer none) */
GtkWidget *casa_window_sight(CasaWindow *self);   /* what the audience sees, covers too. (transfer none) */
/* "What if" can be asked (key I): @command (copied) starts the simulator, as casa_two_futures_command() says. */
void casa_window_offer_what_if(CasaWindow *self, const char *const *command);
/* Gives it a palette of events, and its digits that meaning; once. @keys outlives the window. */
void casa_window_set_event_keys(CasaWindow *self, CasaEventKeys *keys);
/* The presenter's window about it, weak; NULL: none. What is armed, runs or was answered, and the help, stand there, and never
 * here. @host, in it: where the show goes on while the hall's window is away; weak. */
void casa_window_set_presenter(CasaWindow *self, GtkWindow *presenter, AdwBin *host);

GtkWindow *casa_window_presenter(CasaWindow *self); /* that one. (transfer none) */

typedef enum {
  CASA_AUDIENCE_SEES,
  CASA_AUDIENCE_HIDDEN,    /* the presenter wanted so */
  CASA_AUDIENCE_UNPLUGGED, /* the hall's screen is gone */
} CasaAudience;
/* Other than SEES: the window is not shown, and what it shows goes on in the presenter's host, in its size there. FALSE: there
 * is no presenter's window; nothing has changed. Back at SEES it is where its caller then asks it to be. */
gboolean casa_window_set_audience(CasaWindow *self, CasaAudience audience);
CasaAudience casa_window_audience(CasaWindow *self); /* what it was last set to */

void casa_window_toast(CasaWindow *self, const char *text);                         /* plain text; stays until dismissed */
void casa_window_tell(CasaWindow *self, const char *text);                          /* The same for a moment */
void casa_window_show_error(CasaWindow *self, const char *title, const char *text); /* plain text */

/* Shows the scene at exactly this size, whatever the screen's; no menu, no window buttons: for pictures. */
void casa_window_pose(CasaWindow *self, int width, int height);
GtkWidget *casa_window_picture(CasaWindow *self); /* what a picture is taken of */

G_END_DECLS
