/* SPDX-License-Identifier: Apache-2.0 */
/* Getting one batch to the server: through outages, past bad lines, and with nothing put aside without proof. */
#include "forward/forwarder-private.h"

#include "base/clock.h"

#include <string.h>

/* A batch that a server finds too large is halved for good, but not below this: smaller ones would cost more in round
 * trips than in bytes. */
#define ROWS_MIN 100
/* What became of some lines that were POSTed until the server had an opinion. */
typedef enum {
  VERDICT_OK,
  VERDICT_REFUSED,
  VERDICT_TOO_LARGE,
  VERDICT_STOPPED,
} Verdict;

/* POSTs until there is a verdict, through outages and pauses; in a stop, one failure is enough. */
static Verdict
post_lines(CasaForwarder *self, const GString *lines, GError **error)
{
  while (!casa_forwarder_must_end(self)) {
    g_autoptr(GError) trouble = NULL;
    guint retry_after = 0;
    CasaWriteResult result = casa_forwarder_prepare(self, &retry_after, &trouble);
    if (result == CASA_WRITE_OK)
      result = casa_influx_write(self->influx, lines->str, lines->len, &retry_after, &trouble);
    switch (result) {
    case CASA_WRITE_OK:
      casa_backoff_reset(&self->backoff);
      self->proved = TRUE;
      casa_forwarder_say_ok(self);
      return VERDICT_OK;
    case CASA_WRITE_BAD_LINES:
    case CASA_WRITE_TOO_LARGE:
      casa_backoff_reset(&self->backoff);
      g_propagate_error(error, g_steal_pointer(&trouble));
      return result == CASA_WRITE_BAD_LINES ? VERDICT_REFUSED : VERDICT_TOO_LARGE;
    case CASA_WRITE_DENIED:
      if (!casa_forwarder_pause_denied(self, trouble->message))
        return VERDICT_STOPPED;
      break;
    case CASA_WRITE_RETRY:
      if (!casa_forwarder_pause_retrying(self, retry_after, trouble->message))
        return VERDICT_STOPPED;
      break;
    }
  }
  return VERDICT_STOPPED;
}

/* A 400 may also mean a server that takes nothing at all (wrong path, wrong version, a proxy). Before a sample is put
 * aside for good, a line that is certainly well-formed must have been taken. REFUSED: the wait for a human is over,
 * try the sample again. */
static Verdict
prove_server(CasaForwarder *self)
{
  g_autoptr(GError) refusal = NULL;
  g_autoptr(GString) probe = g_string_new(NULL);
  Verdict verdict;

  if (self->proved)
    return VERDICT_OK;
  g_string_printf(probe, CASA_INFLUX_CHECK ",check=write ok=1 %" G_GINT64_FORMAT "\n", casa_clock_now_ms());
  verdict = post_lines(self, probe, &refusal);
  if (verdict == VERDICT_OK || verdict == VERDICT_STOPPED)
    return verdict;
  g_autofree char *why = g_strdup_printf("even a plain test line is refused: %s", refusal->message);
  return casa_forwarder_pause_denied(self, why) ? VERDICT_REFUSED : VERDICT_STOPPED;
}

gboolean
casa_forwarder_quarantine(CasaForwarder *self, const CasaBatchItem *item, const char *line, const char *reason)
{
  if (item->id <= self->put_aside)
    return TRUE;
  for (;;) {
    g_autoptr(GError) error = NULL;
    if (casa_store_quarantine(self->store, casa_influx_name(self->influx), item->id, line, reason, &error)) {
      self->refused += item->weight;
      return TRUE;
    }
    if (!casa_forwarder_pause_retrying(self, 0, error->message))
      return FALSE;
  }
}

static gboolean
quarantine_unwritable(CasaForwarder *self)
{
  for (guint i = 0; i < casa_batch_n_unwritable(self->batch); i++) {
    const CasaBatchItem *item = casa_batch_unwritable(self->batch, i);
    g_autofree char *text =
      g_strdup_printf("%s/%s/%s/%s", item->station->source, item->station->domain, item->station->station, item->metric);
    if (!casa_forwarder_quarantine(self, item, text, "line protocol cannot carry this name or value; rename it"))
      return FALSE;
  }
  return TRUE;
}

/* One refused sample: TRUE when it has been put aside or, at last, taken. */
static gboolean
settle_refused(CasaForwarder *self, guint i, GError **refusal)
{
  Verdict verdict = VERDICT_REFUSED;

  while (verdict != VERDICT_OK) {
    Verdict proof = prove_server(self);
    if (proof == VERDICT_STOPPED)
      return FALSE;
    casa_batch_encode(self->batch, i, i + 1, self->lines);
    if (proof == VERDICT_OK)
      return casa_forwarder_quarantine(self, casa_batch_item(self->batch, i), g_strchomp(self->lines->str),
                                       (*refusal)->message);
    g_clear_error(refusal);
    verdict = post_lines(self, self->lines, refusal);
    if (verdict == VERDICT_STOPPED)
      return FALSE;
  }
  self->sent += casa_batch_item(self->batch, i)->weight;
  return TRUE;
}

/* InfluxDB 1 and 2 say it in these words, of any number of points. */
static gboolean
is_too_old(const GError *refusal)
{
  return strstr(refusal->message, "beyond retention policy") != NULL;
}

/* A backlog older than the server's retention is refused sample by sample: to find each by halving would take hours. When the
 * newest of [lo, hi) is too old, all are. *@settled FALSE: it is not so simple. Returns FALSE when told to end. */
static gboolean
settle_too_old(CasaForwarder *self, guint lo, guint hi, gboolean *settled)
{
  g_autoptr(GError) refusal = NULL;
  guint newest = lo;

  for (guint i = lo; i < hi; i++)
    if (casa_batch_item(self->batch, i)->t_ms > casa_batch_item(self->batch, newest)->t_ms)
      newest = i;
  casa_batch_encode(self->batch, newest, newest + 1, self->lines);
  Verdict verdict = post_lines(self, self->lines, &refusal);
  if (verdict == VERDICT_REFUSED && is_too_old(refusal))
    verdict = prove_server(self) == VERDICT_OK ? VERDICT_REFUSED : VERDICT_STOPPED;
  *settled = verdict == VERDICT_REFUSED && is_too_old(refusal);
  for (guint i = lo; *settled && i < hi; i++) {
    casa_batch_encode(self->batch, i, i + 1, self->lines);
    if (!casa_forwarder_quarantine(self, casa_batch_item(self->batch, i), g_strchomp(self->lines->str), refusal->message))
      return FALSE;
  }
  return verdict != VERDICT_STOPPED;
}

/* Gives every item of [lo, hi) its verdict. FALSE: told to end before that. */
static gboolean
send_items(CasaForwarder *self, guint lo, guint hi)
{
  g_autoptr(GError) refusal = NULL;
  guint middle;

  casa_batch_encode(self->batch, lo, hi, self->lines);
  Verdict verdict = post_lines(self, self->lines, &refusal);
  if (verdict == VERDICT_STOPPED)
    return FALSE;
  if (verdict == VERDICT_OK) {
    self->sent += casa_batch_weight(self->batch, lo, hi);
    return TRUE;
  }
  if (hi - lo == 1) {
    self->one_too_large |= verdict == VERDICT_TOO_LARGE;
    return settle_refused(self, lo, &refusal);
  }
  if (verdict == VERDICT_REFUSED && is_too_old(refusal)) {
    gboolean settled = FALSE;
    if (!settle_too_old(self, lo, hi, &settled))
      return FALSE;
    if (settled)
      return TRUE;
  }
  if (verdict == VERDICT_TOO_LARGE)
    self->rows = MIN(self->rows, MAX((hi - lo) / 2, ROWS_MIN));
  middle = casa_batch_middle(self->batch, lo, hi);
  return send_items(self, lo, middle) && send_items(self, middle, hi);
}

/* Order matters: what no line can carry is put aside last, so that a stop in the middle does not put it aside twice. */
gboolean
casa_forwarder_settle_batch(CasaForwarder *self)
{
  guint n = casa_batch_n_items(self->batch), rows = self->rows;
  gboolean settled;

  self->one_too_large = FALSE;
  settled = (n == 0 || send_items(self, 0, n)) && quarantine_unwritable(self);
  /* Where even one sample is too large, the size of the batch was not to blame: nothing is learnt for the next. */
  if (self->one_too_large)
    self->rows = rows;
  return settled;
}
