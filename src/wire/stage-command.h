/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What a companion of the show (a phone, a pad of keys, a second presenter) may ask for: a message on <root>/$control/stage, as
 * docs/WIRE.md has it, and its answer. Pure; any thread. */

#define CASA_STAGE_COMMAND_BYTES 512 /* of a message at most */
#define CASA_STAGE_NAME_MAX 63       /* bytes of a name */
#define CASA_STAGE_REASON_SIZE 320   /* why a command is refused, with its NUL */

typedef enum {
  CASA_STAGE_STATE, /* nothing but the answer */
  CASA_STAGE_NEXT,
  CASA_STAGE_PREVIOUS,
  CASA_STAGE_SCENE,
  CASA_STAGE_FREEZE,
  CASA_STAGE_BLACK,
  CASA_STAGE_WHITE,
  CASA_STAGE_LANGUAGE,
  CASA_STAGE_CUE,       /* an event of the palette */
  CASA_STAGE_PARACHUTE, /* the rehearsal instead of live data */
} CasaStageDeed;

typedef enum { CASA_STAGE_OTHER, CASA_STAGE_ON, CASA_STAGE_OFF } CasaStageSwitch;

typedef struct {
  CasaStageDeed deed;
  CasaStageSwitch on;                 /* of freeze, black, white, parachute; OTHER: what it is not now */
  guint number;                       /* of scene: from 1; of cue: the event's key; 0: name says which */
  char name[CASA_STAGE_NAME_MAX + 1]; /* of scene, language, cue: what the file calls it */
  char id[CASA_STAGE_NAME_MAX + 1];   /* what the sender calls this command; "" nothing */
} CasaStageCommand;

/* How the show stands after a command. */
typedef struct {
  const char *scene;    /* its id */
  guint number, n;      /* which of how many, from 1 */
  const char *hall;     /* live, frozen, black, white */
  const char *language; /* fr, ar, en */
  gboolean replay;      /* a past is shown, by the time machine or the parachute */
} CasaStageStand;

/* FALSE: @why says in English what is wrong and what is right; @out has the id as far as it could be read. */
gboolean casa_stage_command_parse(const void *payload, gsize len, CasaStageCommand *out, char why[CASA_STAGE_REASON_SIZE]);
/* The word that asks for it: "next". (transfer none) */
const char *casa_stage_deed_name(CasaStageDeed deed);
/* The answer to @command: done (@why NULL) or refused. @stand NULL: nobody knows. JSON on one line. (transfer full) */
char *casa_stage_answer(const CasaStageCommand *command, const char *why, const CasaStageStand *stand);

G_END_DECLS
