/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <stdarg.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

static struct {
  guint watchdog;
  char *status;
} service;

static gboolean
watchdog_cb(gpointer data)
{
  sd_notify(0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

void
cli_service_ready(void)
{
  guint64 interval_us = 0;

  if (sd_watchdog_enabled(0, &interval_us) > 0)
    service.watchdog = g_timeout_add((guint)MAX(interval_us / 2000, 1), watchdog_cb, NULL);
  sd_notify(0, "READY=1");
}

void
cli_service_status(const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_autofree char *status = g_strdup_vprintf(format, args);
  va_end(args);
  if (g_strcmp0(status, service.status) == 0)
    return;
  sd_notifyf(0, "STATUS=%s", status);
  g_free(service.status);
  service.status = g_steal_pointer(&status);
}

void
cli_service_stopping(void)
{
  g_clear_handle_id(&service.watchdog, g_source_remove);
  g_clear_pointer(&service.status, g_free);
  sd_notify(0, "STOPPING=1");
}

gboolean
cli_service_has_journal(void)
{
  return g_getenv("JOURNAL_STREAM") && g_log_writer_is_journald(STDERR_FILENO);
}
