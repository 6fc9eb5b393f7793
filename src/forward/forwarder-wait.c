/* SPDX-License-Identifier: Apache-2.0 */
/* What the forwarder says about itself, and how it waits: always ready to be told to end. */
#include "forward/forwarder-private.h"

#include "base/clock.h"
#include "base/config-secrets.h"

#include <stdarg.h>
#include <string.h>

void
casa_forwarder_wait_until(CasaForwarder *self, gint64 until_us)
{
  struct timespec until = { .tv_sec = until_us / G_USEC_PER_SEC, .tv_nsec = until_us % G_USEC_PER_SEC * 1000 };

  pthread_cond_timedwait(&self->changed, &self->lock, &until);
}

void
casa_forwarder_set_status(CasaForwarder *self, CasaForwardState state, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_autofree char *full = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *valid = g_utf8_make_valid(full, -1);

  pthread_mutex_lock(&self->lock);
  gboolean is_news = self->status.state != state;
  if (is_news)
    self->status.since_ms = casa_clock_now_ms();
  self->status.state = state;
  g_strlcpy(self->status.text, valid, sizeof self->status.text);
  const char *end;
  if (!g_utf8_validate(self->status.text, -1, &end))
    self->status.text[end - self->status.text] = '\0';
  pthread_mutex_unlock(&self->lock);
  if (is_news)
    g_message("forward: %s", valid);
}

void
casa_forwarder_say_ok(CasaForwarder *self)
{
  const char *but = "";

  if (self->unproved)
    but = " (what it keeps cannot be read back there)";
  else if (casa_influx_is_doubling(self->influx))
    but = " (it keeps twice what is sent twice, as after a lost reply: start it with -dedup.minScrapeInterval=1ms)";
  casa_forwarder_set_status(self, CASA_FORWARD_OK, "forwarding to %s%s", casa_influx_name(self->influx), but);
}

void
casa_forwarder_count_pending(CasaForwarder *self)
{
  gint64 settled = MAX(self->watermark, self->seen_empty);

  casa_counters_set_pending(self->counters, (guint64)MAX(casa_store_last_id(self->store) - settled, 0));
}

gboolean
casa_forwarder_must_end(CasaForwarder *self)
{
  pthread_mutex_lock(&self->lock);
  gboolean over = self->stopping && g_get_monotonic_time() >= self->deadline_us;
  pthread_mutex_unlock(&self->lock);
  return over;
}

static gboolean
is_stopping(CasaForwarder *self)
{
  pthread_mutex_lock(&self->lock);
  gboolean stopping = self->stopping;
  pthread_mutex_unlock(&self->lock);
  return stopping;
}

gboolean
casa_forwarder_pause(CasaForwarder *self, guint ms)
{
  gint64 until = g_get_monotonic_time() + (gint64)ms * 1000;
  gboolean stopping;

  pthread_mutex_lock(&self->lock);
  while (!self->stopping && g_get_monotonic_time() < until) {
    casa_forwarder_count_pending(self);
    casa_forwarder_wait_until(self, MIN(until, g_get_monotonic_time() + 250 * 1000));
  }
  stopping = self->stopping;
  pthread_mutex_unlock(&self->lock);
  return !stopping;
}

gboolean
casa_forwarder_rest(CasaForwarder *self, guint ms)
{
  gint64 until = g_get_monotonic_time() + (gint64)ms * 1000;

  casa_forwarder_count_pending(self);
  pthread_mutex_lock(&self->lock);
  while (g_get_monotonic_time() < until && !(self->stopping && g_get_monotonic_time() >= self->deadline_us))
    casa_forwarder_wait_until(self, self->stopping ? MIN(until, self->deadline_us) : until);
  pthread_mutex_unlock(&self->lock);
  return !casa_forwarder_must_end(self);
}

gboolean
casa_forwarder_pause_retrying(CasaForwarder *self, guint at_least_ms, const char *why)
{
  guint wait = MAX(casa_backoff_next(&self->backoff, g_random_double()), at_least_ms);

  /* Being cancelled is no news about the server. */
  if (is_stopping(self))
    return FALSE;
  casa_forwarder_count_pending(self);
  casa_forwarder_set_status(self, CASA_FORWARD_RETRYING, "%s; next try in %.1f s", why, wait / 1000.0);
  return casa_forwarder_pause(self, wait);
}

/* A token that was changed while we run stands in its file by now, or will soon. One that cannot be read leaves the old. */
static void
read_secret_again(CasaForwarder *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *reason = NULL;
  gboolean changed = FALSE;
  char *secret = self->secret_file ? casa_config_read_secret(self->secret_file, &reason) : NULL;

  if (secret && !casa_influx_renew(self->influx, secret, &changed, &error))
    reason = g_strdup(error->message);
  if (reason)
    g_message("forward: the secret is not read again: %s", reason);
  if (changed && !error)
    g_message("forward: trying what stands in %s now", self->secret_file);
  if (secret)
    explicit_bzero(secret, strlen(secret));
  g_free(secret);
}

gboolean
casa_forwarder_pause_denied(CasaForwarder *self, const char *why)
{
  self->prepared = FALSE;
  casa_forwarder_count_pending(self);
  casa_forwarder_set_status(self, CASA_FORWARD_DENIED, "paused: %s", why);
  gboolean go_on = casa_forwarder_pause(self, self->pace.denied_ms);
  if (go_on)
    read_secret_again(self);
  return go_on;
}
