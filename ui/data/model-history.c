/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/model-private.h"

#define SETTLE_MS 2000      /* wait for a backfill to pause… */
#define SETTLE_MAX_MS 5000  /* …but show its progress */
#define CHECK_MS (5 * 1000) /* how often the store's file is looked for */
#define REFRESH_MS (60 * 1000)
#define TAIL_MAX_MS (15 * 60 * 1000) /* a tail reaches back a little further */
#define REPLAY_REFRESH_US (2 * G_USEC_PER_SEC)

void
casa_model_ask_history(CasaModel *self, CasaHistoryJob jobs, gint64 now_ms)
{
  self->asked_ms = now_ms;
  self->asked_us = casa_clock_mono_us();
  if (jobs & CASA_HISTORY_FULL) {
    self->late_first_ms = self->late_last_ms = 0;
    self->reading = TRUE;
    casa_forecasts_forget(self->forecasts);
    casa_unusual_forget(self->unusual);
    casa_doubtful_forget(self->doubtful);
  }
  casa_historian_ask(self->historian, jobs, self->indicators, now_ms);
}

/* At 600 times a minute is a tenth of a second: the store is read every two seconds of ours at most, and then further back. */
static gboolean
is_tail_due(CasaModel *self, gint64 now_ms, CasaHistoryJob *job)
{
  gint64 since_ms = now_ms - self->asked_ms;

  *job = since_ms >= 0 && since_ms < TAIL_MAX_MS ? CASA_HISTORY_TAIL : CASA_HISTORY_FULL;
  if (self->source.replay && casa_clock_mono_us() - self->asked_us < REPLAY_REFRESH_US)
    return FALSE;
  return since_ms >= REFRESH_MS || since_ms < 0;
}

void
casa_model_keep_history_fresh(CasaModel *self, gint64 now_ms)
{
  const CasaSummary *s = &self->summary;
  gboolean back = s->link.state == CASA_LINK_UP && self->link_state == CASA_LINK_LOST;
  gboolean settled =
    self->late_last_ms && (now_ms - self->late_last_ms >= SETTLE_MS || now_ms - self->late_first_ms >= SETTLE_MAX_MS);

  self->link_state = s->link.state;
  gboolean gap = s->counts.gaps != self->gaps_counted;
  CasaHistoryJob tail;

  self->gaps_counted = s->counts.gaps;
  if (back || settled || gap || s->counts.dropped_display > self->dropped + CASA_MODEL_BATCH) {
    self->dropped = s->counts.dropped_display;
    casa_model_ask_history(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, now_ms);
  } else if (is_tail_due(self, now_ms, &tail)) {
    casa_model_ask_history(self, tail | CASA_HISTORY_MEANS, now_ms);
  } else if (ABS(now_ms - self->checked_ms) >= CHECK_MS) {
    self->checked_ms = now_ms;
    casa_historian_ask(self->historian, CASA_HISTORY_CHECK, self->indicators, now_ms);
  }
}

/* Those that the reading could see are replaced by what it saw. */
static void
take_gaps(CasaModel *self, const CasaHistory *history)
{
  guint kept = 0;

  for (guint i = 0; i < self->gaps->len; i++) {
    CasaGap gap = g_array_index(self->gaps, CasaGap, i);
    if (gap.end_ms < history->from_ms && gap.end_ms > history->to_ms - CASA_CURVE_SPAN_MS)
      g_array_index(self->gaps, CasaGap, kept++) = gap;
  }
  g_array_set_size(self->gaps, kept);
  g_array_append_vals(self->gaps, history->gaps->data, history->gaps->len);
}

static void
take_history(CasaModel *self, const CasaHistory *history)
{
  for (guint i = 0; history->latest && i < history->latest->len; i++) {
    const CasaLatest *l = &g_array_index(history->latest, CasaLatest, i);
    casa_latest_values_put_stored(self->latest, l->series, l->t_ms, l->value);
  }
  casa_curves_take(self->curves, history);
  if (history->gaps)
    take_gaps(self, history);
  if (history->means) {
    g_array_set_size(self->means, 0);
    g_array_append_vals(self->means, history->means->data, history->means->len);
  }
  if ((history->jobs & CASA_HISTORY_FULL) && history->indicators == self->indicators) {
    self->ready = TRUE;
    self->reading = FALSE;
  }
}

/* TRUE: they say something else than those before. */
static gboolean
take_events(CasaModel *self, const GArray *events)
{
  gboolean same = events->len == self->events->len;

  for (guint i = 0; same && i < events->len; i++)
    same = casa_event_equal(&g_array_index(events, CasaEvent, i), &g_array_index(self->events, CasaEvent, i));
  if (same)
    return FALSE;
  g_array_set_size(self->events, 0);
  g_array_append_vals(self->events, events->data, events->len);
  return TRUE;
}

void
casa_model_take_history(const CasaHistory *history, gpointer data)
{
  CasaModel *self = data;
  gboolean told = history->events && take_events(self, history->events);

  self->summary.erased = history->erased;
  if (!(history->jobs & ~(CASA_HISTORY_CHECK | CASA_HISTORY_EVENTS))) {
    if (told)
      casa_listeners_tell_changed(self->listeners);
    return;
  }
  take_history(self, history);
  casa_model_summarise(self, casa_clock_ms(self->source.clock));
  casa_curves_grow(self->curves, self->figures, self->summed_ms);
  casa_curves_move_yesterday(self->curves, self->summed_ms, TRUE);
  casa_listeners_tell_changed(self->listeners);
}
