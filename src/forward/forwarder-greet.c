/* SPDX-License-Identifier: Apache-2.0 */
/* Before a server is trusted with data: the database is there, and what it takes it keeps. */
#include "forward/forwarder-private.h"

#include "base/clock.h"

#define LOOK_MS 200 /* between looks for a sample that is not there yet */

/* FALSE: nobody answered; a refusal is left for the write to find, since the database may well exist. */
static gboolean
make_database(CasaForwarder *self, GError **error)
{
  g_autoptr(GError) refusal = NULL;

  if (casa_influx_prepare(self->influx, &refusal) || !g_error_matches(refusal, CASA_ERROR, CASA_ERROR_NETWORK))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&refusal));
  return FALSE;
}

static CasaWriteResult
write_check(CasaForwarder *self, gint64 t_ms, guint *retry_after_ms, GError **error)
{
  g_autoptr(GError) trouble = NULL;
  CasaWriteResult result = casa_influx_write_check(self->influx, t_ms, retry_after_ms, &trouble);

  if (result == CASA_WRITE_BAD_LINES || result == CASA_WRITE_TOO_LARGE) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "even a plain test line is refused: %s", trouble->message);
    return CASA_WRITE_DENIED;
  }
  if (trouble)
    g_propagate_error(error, g_steal_pointer(&trouble));
  return result;
}

/* Servers differ in how soon a point can be read: 1.x at once, VictoriaMetrics after a second or two. */
static CasaWriteResult
read_check(CasaForwarder *self, gint64 t_ms, GError **error)
{
  gint64 until = g_get_monotonic_time() + (gint64) self->pace.proof_ms * 1000;
  CasaInfluxProof proof = casa_influx_read_check(self->influx, t_ms, error);

  while (proof == CASA_PROOF_ABSENT && g_get_monotonic_time() < until && casa_forwarder_rest(self, LOOK_MS))
    proof = casa_influx_read_check(self->influx, t_ms, error);
  if (proof == CASA_PROOF_RETRY)
    return CASA_WRITE_RETRY;
  if (proof == CASA_PROOF_ABSENT && casa_forwarder_must_end(self)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK, "%s: stopped before an answer", casa_influx_name(self->influx));
    return CASA_WRITE_RETRY;
  }
  self->unproved = proof == CASA_PROOF_UNKNOWN;
  if (proof != CASA_PROOF_ABSENT)
    return CASA_WRITE_OK;
  g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED,
              "%s says that it took a test sample, but it is not there to be read: nothing is trusted to it; check its "
              "retention, and that this is the right database",
              casa_influx_name(self->influx));
  return CASA_WRITE_DENIED;
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
  gint64 t_ms = casa_clock_now_ms();
  CasaWriteResult result;

  if (self->prepared)
    return CASA_WRITE_OK;
  if (!make_database(self, error))
    return CASA_WRITE_RETRY;
  result = write_check(self, t_ms, retry_after_ms, error);
  if (result == CASA_WRITE_OK)
    result = read_check(self, t_ms, error);
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
