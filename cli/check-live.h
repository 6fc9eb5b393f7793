/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli.h"
#include "source/source.h"

G_BEGIN_DECLS

/* Subscribes to all that @source publishes, leaving no session with the broker, and hands it to @each (the source's message
 * thread, one call at a time) until Ctrl-C, SIGTERM, @duration_ms (0: without end) or until @each returns FALSE. Says on stderr
 * how the link is. Returns the exit status: CLI_FAILED when the broker was never reached. */
int cli_check_live(const CliCommand *command, const CasaConfig *config, const char *source, gint64 duration_ms,
                   CasaMessageFunc each, gpointer data);

G_END_DECLS
