/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What a program that systemd started tells it (sd_notify(3)). Without systemd each of these does nothing. */

/* The work has begun. From now on systemd is told, twice in each interval of the unit's WatchdogSec=, that the main loop turns;
 * a loop that hangs tells nothing, and the service is started anew. Main thread, as all here. */
void cli_service_ready(void);

/* One line for "systemctl status". The same line again costs nothing. */
void cli_service_status(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The end has begun: what is under way is being finished. Ends what cli_service_ready() began. */
void cli_service_stopping(void);

/* Whether standard error goes to the journal, which keeps level and time of each message by itself. */
gboolean cli_service_has_journal(void);

G_END_DECLS
