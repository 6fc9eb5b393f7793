/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/diagnosis.h"
#include "teams/teams.h"

G_BEGIN_DECLS

/* Prints why the numbers of @team are, or are not, on the wall: five steps, the first that fails, what was refused last and how
 * to write it. No password is in it. FALSE: the store cannot be read. */
gboolean cli_team_diagnosis(const CasaConfig *config, const CasaTeam *team, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
