/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "wire/stage-command.h"

G_BEGIN_DECLS

/* Hears what companions of the show ask for on <root>/$control/stage, as the user of [companions], on a connection of its own:
 * it keeps no session, so that what was asked for while the wall was away is never done late. What is wrong is answered at once
 * and goes no further. A thread of its own sends the answers; no function waits for the broker but …_free(). */
typedef struct _CasaCompanions CasaCompanions;

#define CASA_COMPANIONS_WAITING 32 /* commands at most that nobody took; further ones are refused */

/* @arrived (may be NULL) is called with @data on another thread whenever a command waits to be taken. NULL: the configuration
 * names no user of [companions], or *@error says why there is no connection. Nothing of @config is kept. (transfer full) */
CasaCompanions *casa_companions_new(const CasaConfig *config, GSourceFunc arrived, gpointer data, GError **error);
/* Afterwards @arrived is not called any more. At most some seconds, when the broker hangs. NULL is fine. */
void casa_companions_free(CasaCompanions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaCompanions, casa_companions_free)

/* The oldest command. FALSE: none waits. */
gboolean casa_companions_take(CasaCompanions *self, CasaStageCommand *out);
/* Sends @answer, of casa_stage_answer(); lost when the link is down. */
void casa_companions_answer(CasaCompanions *self, const char *answer);

G_END_DECLS
