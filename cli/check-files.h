/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli.h"

G_BEGIN_DECLS

/* `casa check --indicators FILE --scenes FILE` (each may be NULL): whether the wall would take them, with the metrics, and for
 * scenes also the indicators, of @config's folder. What is right is said on stdout, a mistake on stderr with file, line and
 * key. Returns the exit status: CLI_USAGE when a file is wrong. Waits for casa-pulse. */
int cli_check_files(const CliCommand *command, const CasaConfig *config, const char *indicators, const char *scenes);

G_END_DECLS
