/* SPDX-License-Identifier: Apache-2.0 */
/* Before a server is trusted with data: the database is there, and what it takes it keeps. */
#include "forward/forwarder-private.h"

#include "forward/influx-trial.h"

static gboolean
rest_cb(guint ms, gpointer data)
{
  return casa_forwarder_rest(data, ms);
}

/* What it is asked later: whether it is still the one that took everything. */
static CasaWriteResult
note_birth(CasaForwarder *self, GError **error)
{
  if (!casa_influx_is_forgetful(self->influx) || *self->birth)
    return CASA_WRITE_OK;
  char *birth = casa_influx_read_birth(self->influx, error);
  if (!birth)
    return CASA_WRITE_RETRY;
  g_free(self->birth);
  self->birth = birth;
  return CASA_WRITE_OK;
}

CasaWriteResult
casa_forwarder_prepare(CasaForwarder *self, guint *retry_after_ms, GError **error)
{
  CasaInfluxTrial trial = { .within_ms = self->pace.proof_ms, .rest = rest_cb, .data = self };
  CasaWriteResult result;

  if (self->prepared)
    return CASA_WRITE_OK;
  result = casa_influx_try(self->influx, &trial, &self->unproved, retry_after_ms, error);
  if (result == CASA_WRITE_OK)
    result = note_birth(self, error);
  self->prepared = result == CASA_WRITE_OK;
  return result;
}

void
casa_forwarder_greet(CasaForwarder *self)
{
  for (;;) {
    g_autoptr(GError) error = NULL;
    guint retry_after = 0;
    CasaWriteResult result = casa_forwarder_prepare(self, &retry_after, &error);
    if (result == CASA_WRITE_OK) {
      casa_backoff_reset(&self->backoff);
      casa_forwarder_say_ok(self);
      return;
    }
    if (result == CASA_WRITE_DENIED ? !casa_forwarder_pause_denied(self, error->message)
                                    : !casa_forwarder_pause_retrying(self, retry_after, error->message))
      return;
  }
}
