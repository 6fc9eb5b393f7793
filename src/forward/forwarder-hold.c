/* SPDX-License-Identifier: Apache-2.0 */
/* Servers that answer 204 before anything is on their disk: the place in the store follows later, when they can no longer
 * forget, and goes back when they were restarted before that. */
#include "forward/forwarder-private.h"

gboolean
casa_forwarder_note_place(CasaForwarder *self, gint64 id)
{
  for (;;) {
    g_autoptr(GError) error = NULL;
    if (casa_store_outbox_ack(self->store, casa_influx_name(self->influx), id, &error))
      break;
    if (!casa_forwarder_pause_retrying(self, 0, error->message))
      return FALSE;
  }
  self->kept = id;
  return TRUE;
}

gboolean
casa_forwarder_hold(CasaForwarder *self, gint64 id)
{
  CasaHeldBatch held = { .at_us = g_get_monotonic_time(), .id = id, .sent = self->sent };

  if (!casa_influx_is_forgetful(self->influx))
    return casa_forwarder_note_place(self, id);
  g_array_append_val(self->held, held);
  return TRUE;
}

/* What was taken before @before_us is safe. FALSE: told to end before that was noted. */
static gboolean
release(CasaForwarder *self, gint64 before_us)
{
  guint n = 0;

  while (n < self->held->len && g_array_index(self->held, CasaHeldBatch, n).at_us <= before_us)
    n++;
  if (n == 0)
    return TRUE;
  if (!casa_forwarder_note_place(self, g_array_index(self->held, CasaHeldBatch, n - 1).id))
    return FALSE;
  g_array_remove_range(self->held, 0, n);
  return TRUE;
}

static void
go_back(CasaForwarder *self)
{
  guint64 sent = 0;

  for (guint i = 0; i < self->held->len; i++)
    sent += g_array_index(self->held, CasaHeldBatch, i).sent;
  g_message("forward: %s was restarted and may have forgotten what it took last; %" G_GUINT64_FORMAT " samples are sent again",
            casa_influx_name(self->influx), sent);
  self->put_aside = MAX(self->put_aside, self->watermark);
  self->watermark = self->seen_empty = self->kept;
  casa_counters_take_back_forwarded(self->counters, sent);
  g_array_set_size(self->held, 0);
  casa_forwarder_count_pending(self);
}

/* TRUE: the server is the process that took all that is held. FALSE: it is not, or cannot be asked now. */
static gboolean
is_same_server(CasaForwarder *self)
{
  g_autofree char *birth = casa_influx_read_birth(self->influx, NULL);

  if (!birth)
    return FALSE;
  if (*birth && *self->birth && !g_str_equal(birth, self->birth))
    go_back(self);
  g_free(self->birth);
  self->birth = g_steal_pointer(&birth);
  return self->held->len > 0;
}

void
casa_forwarder_review(CasaForwarder *self)
{
  gint64 now = g_get_monotonic_time();

  if (self->held->len == 0 || now < self->next_review_us)
    return;
  self->next_review_us = now + (gint64)self->pace.review_ms * 1000;
  if (is_same_server(self))
    release(self, now - (gint64)self->pace.hold_ms * 1000);
}

/* A server that is killed within seconds of our end is not watched for: to send again after every restart would double
 * those seconds at servers that keep what comes twice. */
void
casa_forwarder_release_all(CasaForwarder *self)
{
  if (self->held->len > 0 && !casa_forwarder_must_end(self) && is_same_server(self))
    release(self, G_MAXINT64);
}
