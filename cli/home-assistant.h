/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli.h"

G_BEGIN_DECLS

/* Tells Home Assistant the city's figures, every @every_ms milliseconds until SIGINT or SIGTERM: below @prefix on the broker
 * of @config, as its [broker] user, a sensor for each. Returns the exit status. The main thread. */
int cli_home_assistant(const CliCommand *command, const CasaConfig *config, const char *prefix, gint64 every_ms);

G_END_DECLS
