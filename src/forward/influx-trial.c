/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/influx-trial.h"

#include "base/clock.h"
#include "base/error.h"

#define LOOK_MS 200    /* between looks for a sample that is not there yet */
#define SECOND_MS 3000 /* and for its twin: seen up to a second later, VictoriaMetrics 1.112 just started */

/* FALSE: nobody answered; a refusal is left for the write to find, since the database may well exist. */
static gboolean
make_database(CasaInflux *influx, GError **error)
{
  g_autoptr(GError) refusal = NULL;

  if (casa_influx_prepare(influx, &refusal) || !g_error_matches(refusal, CASA_ERROR, CASA_ERROR_NETWORK))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&refusal));
  return FALSE;
}

static CasaWriteResult
write_sample(CasaInflux *influx, gint64 t_ms, guint *retry_after_ms, GError **error)
{
  g_autoptr(GError) trouble = NULL;
  CasaWriteResult result = casa_influx_write_check(influx, t_ms, retry_after_ms, &trouble);

  if (result == CASA_WRITE_BAD_LINES || result == CASA_WRITE_TOO_LARGE) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "even a plain test line is refused: %s", trouble->message);
    return CASA_WRITE_DENIED;
  }
  if (trouble)
    g_propagate_error(error, g_steal_pointer(&trouble));
  return result;
}

static gboolean
rest(const CasaInfluxTrial *trial)
{
  if (trial->rest)
    return trial->rest(LOOK_MS, trial->data);
  g_usleep(LOOK_MS * 1000);
  return TRUE;
}

/* Servers differ in how soon a point can be read: 1.x at once, VictoriaMetrics after a second or two. */
static CasaWriteResult
read_sample(CasaInflux *influx, gint64 t_ms, const CasaInfluxTrial *trial, gboolean *out_unread, GError **error)
{
  gint64 until = g_get_monotonic_time() + (gint64)trial->within_ms * 1000;
  CasaInfluxProof proof = casa_influx_read_check(influx, t_ms, error);
  gboolean go_on = TRUE;

  while (proof == CASA_PROOF_ABSENT && g_get_monotonic_time() < until && (go_on = rest(trial)))
    proof = casa_influx_read_check(influx, t_ms, error);
  until = g_get_monotonic_time() + (gint64)MIN(SECOND_MS, trial->within_ms) * 1000;
  while (proof == CASA_PROOF_KEPT && casa_influx_is_forgetful(influx) && !casa_influx_is_doubling(influx) &&
         g_get_monotonic_time() < until && (go_on = rest(trial)))
    proof = casa_influx_read_check(influx, t_ms, error);
  if (proof == CASA_PROOF_RETRY)
    return CASA_WRITE_RETRY;
  if (!go_on) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK, "%s: stopped before an answer", casa_influx_name(influx));
    return CASA_WRITE_RETRY;
  }
  *out_unread = proof == CASA_PROOF_UNKNOWN;
  if (proof != CASA_PROOF_ABSENT)
    return CASA_WRITE_OK;
  g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED,
              "%s says that it took a test sample, but it is not there to be read: nothing is trusted to it; check its "
              "retention, and that this is the right database",
              casa_influx_name(influx));
  return CASA_WRITE_DENIED;
}

CasaWriteResult
casa_influx_try(CasaInflux *influx, const CasaInfluxTrial *trial, gboolean *out_unread, guint *retry_after_ms, GError **error)
{
  gint64 t_ms = casa_clock_now_ms();
  CasaWriteResult result;

  *out_unread = FALSE;
  if (!make_database(influx, error))
    return CASA_WRITE_RETRY;
  result = write_sample(influx, t_ms, retry_after_ms, error);
  return result == CASA_WRITE_OK ? read_sample(influx, t_ms, trial, out_unread, error) : result;
}
