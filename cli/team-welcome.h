/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli.h"

G_BEGIN_DECLS

/* `casa team welcome`: answers those who come with the event's secret, a line on stdout for each, until it is asked to end. */
int cli_team_welcome(const CliCommand *command, const CasaConfig *config, guint most);

G_END_DECLS
