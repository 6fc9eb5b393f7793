/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/fault.h"

G_BEGIN_DECLS

/* Sends commands to the simulated city as the user of [stage], and hears its answers. Each command is a connection of its own
 * that ends with the answer: a user of our broker is one connection, so whoever else commands as that user is thrown off for a
 * moment at most. All functions: one thread, which never waits. */
typedef struct _CasaCommander CasaCommander;

typedef enum {
  CASA_ANSWER_DONE,
  CASA_ANSWER_REFUSED, /* the simulator said no: text */
  CASA_ANSWER_NO_LINK, /* the broker did not let us in: fault; nothing was sent */
  CASA_ANSWER_SILENT,  /* it was sent, and nobody answered: there is no simulator, or the user may not write there */
} CasaAnswerKind;

typedef struct {
  CasaAnswerKind kind;
  CasaFault fault;
  char text[256]; /* UTF-8, in English, as it came */
} CasaAnswer;

/* NULL: the configuration names no user of [stage]. Nothing of @config is kept. */
CasaCommander *casa_commander_new(const CasaConfig *config);
/* Gives up what is under way and waits for its thread: at most some seconds, when the broker hangs. NULL is fine. */
void casa_commander_free(CasaCommander *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaCommander, casa_commander_free)

/* Queues @command, JSON of docs/SIMULATOR.md; in their order, each once. Answered within 10 s. */
void casa_commander_send(CasaCommander *self, const char *command);
/* The next answer, in the order of the commands. FALSE: none yet. */
gboolean casa_commander_take(CasaCommander *self, CasaAnswer *out);

G_END_DECLS
