/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pulse.h"

G_BEGIN_DECLS

/* The counters of a recorder as Prometheus reads them (text exposition format 0.0.4), at http://127.0.0.1:PORT/metrics. It
 * listens on the loopback address alone: whoever wants them elsewhere puts a server in between that knows who may. */
typedef struct _CliMetricsPage CliMetricsPage;

/* Listens on @port (1 to 65535) until it is freed; answers in a thread of its own. @pulse outlives it. CASA_ERROR_IO: the port
 * is taken, or may not be used. (transfer full) */
CliMetricsPage *cli_metrics_page_new(CasaPulse *pulse, guint16 port, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cli_metrics_page_free(CliMetricsPage *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CliMetricsPage, cli_metrics_page_free)

G_END_DECLS
