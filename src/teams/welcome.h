/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/teams.h"

G_BEGIN_DECLS

/* The answer to what can be refused without the broker: no name, one that may not be, one that is taken. NULL: it cannot.
 * (transfer full) */
char *casa_welcome_refusal(const CasaConfig *config, const char *payload, gsize len);
/* What somebody who came with the event's secret asks ({"team": NAME, "title": TEXT}), answered: a team of its own is
 * made, with users and a password. A name that is taken, or once was, is refused: nobody gets what is another's. Never
 * more than @most teams. @payload need not end in NUL. @teams NULL: the broker does not answer, which is said. Waits for
 * the broker. The answer, JSON with a password in it: docs/WIRE.md. (transfer full: explicit_bzero() it) */
char *casa_welcome_answer(const CasaConfig *config, CasaTeams *teams, const char *payload, gsize len, guint most);

G_END_DECLS
