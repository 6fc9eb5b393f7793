/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-list.h"
#include "ui/shell/time-machine.h"
#include "ui/shell/window.h"
#include "ui/stage/aside.h"

G_BEGIN_DECLS

/* The hall's picture goes on when live data fail: a rehearsal (a recording, or what the store has of an earlier day) is shown
 * from the same hour on, badged REJEU, until a change of scene finds live data back. It opens by a hand, or by itself where the
 * talk says so; without any broker from the first second. What it waits for is held in the aside. GTK thread only. */
typedef struct _CasaParachute CasaParachute;

typedef struct {
  CasaWindow *window; /* the hall's, whose language words have; weak */
  CasaModel *live;    /* outlives it, as all below */
  CasaTimeMachine *machine;
  CasaSceneList *scenes;  /* the plan is [parachute] of the talk */
  const char *store_path; /* where earlier days are */
  const char *recording;  /* instead of what the talk says; NULL: as it says */
  CasaAside *aside;
} CasaParachuteFacts;

CasaParachute *casa_parachute_new(const CasaParachuteFacts *facts); /* Copies @facts, and their texts. (transfer full) */
void casa_parachute_free(CasaParachute *self);                      /* Leaves what is shown; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaParachute, casa_parachute_free)

gboolean casa_parachute_is_open(
  CasaParachute *self); /* Whether the hall is shown the rehearsal, or will be when a replay ends */
/* By a hand: opens it, live data or not, or comes back to live. Where there is nothing to show, the presenter is told why. */
void casa_parachute_set(CasaParachute *self, gboolean open);
void casa_parachute_leave_scene(CasaParachute *self); /* A scene begins: back to live, when live is back */
/* A replay ends, and live is asked for. TRUE: the rehearsal is shown instead, since live is not back. */
gboolean casa_parachute_take_over(CasaParachute *self);

G_END_DECLS
