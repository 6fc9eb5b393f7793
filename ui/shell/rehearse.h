/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/shell/window.h"
#include "ui/stage/rehearsal.h"

G_BEGIN_DECLS

/* Records what a window shows while a talk is rehearsed (--rehearse), whoever drives it. The file is written with every step,
 * so that a wall that is killed loses nothing. GTK thread only. */
typedef struct _CasaRehearse CasaRehearse;

typedef struct {
  CasaWindow *window; /* weak */
  CasaSceneList *scenes;
  const char *path;   /* of the rehearsal */
  const char *talk;   /* the file of scenes, whose minutes may be written */
  gboolean write;     /* …without asking */
  gboolean came_back; /* the wall before was killed: its rehearsal goes on */
} CasaRehearseFacts;

/* Where the rehearsal of @talk is kept: beside @state, the file of --state, else in the user's state folder. (transfer full) */
char *casa_rehearse_path(const char *state, const char *talk);

CasaRehearse *casa_rehearse_new(const CasaRehearseFacts *facts); /* Copies @facts and their texts. (transfer full) */
/* Ends and frees it: prints how the talk went against its plan, and writes the new minutes into the talk, when that is wanted:
 * asked at a terminal, or --rehearse-write. NULL is fine. */
void casa_rehearse_finish(CasaRehearse *self);

G_END_DECLS
