/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/model-private.h"
#include <math.h>

#define FLOOD_MS (15 * 1000)    /* how long a flood is called one after its last message over quota */
#define REPLAY_PATIENCE_MS 1000 /* of ours: what is shorter is the pace of delivery, and no silence */

/* Whether a count rises; FLOOD_MS after it last did it no longer does. */
static gboolean
rises(guint64 count, guint64 *counted, gint64 *rose_ms, gint64 now_ms)
{
  if (count > *counted)
    *rose_ms = now_ms;
  *counted = count;
  return *rose_ms > 0 && ABS(now_ms - *rose_ms) < FLOOD_MS;
}

/* Whether the hall may not even know the name. */
static gboolean
is_hidden(CasaModel *self, const char *source)
{
  return *source && self->source.keepsakes && !g_str_equal(source, casa_indicators_city(self->indicators)) &&
         !casa_keepsakes_is_shown(self->source.keepsakes, source);
}

/* So many of those that sent most over their quota are looked at; a hall has some two hundred. */
#define OVER_MOST 256

/* Whom one key would shut out. */
static void
count_for_gate(CasaModel *self)
{
  if (!self->source.gate || self->summary.counts.over_quota == 0)
    return;
  g_autofree CasaQuotaTally *over = g_new(CasaQuotaTally, OVER_MOST);
  casa_team_gate_count(self->source.gate, over, casa_pulse_read_over_quota(self->source.pulse, over, OVER_MOST),
                       g_get_monotonic_time());
}

static void
read_quota(CasaModel *self, gint64 now_ms)
{
  CasaSummary *s = &self->summary;

  s->dropping = rises(s->counts.broker_dropped, &self->broker_counted, &self->broker_ms, now_ms);
  s->flooding = rises(s->counts.over_quota, &self->over_counted, &self->flood_ms, now_ms);
  count_for_gate(self);
  s->n_over = s->counts.over_quota ? casa_pulse_read_over_quota(self->source.pulse, s->over, G_N_ELEMENTS(s->over)) : 0;
  if (casa_pulse_read_over_series(self->source.pulse, &s->crowded, 1) == 0)
    s->crowded = (CasaSeriesTally){ .refused = 0 };
  for (guint i = 0; i < s->n_over; i++)
    s->over_hidden[i] = is_hidden(self, s->over[i].source);
  s->crowded_hidden = is_hidden(self, s->crowded.source);
  s->crowding = rises(s->crowded.refused, &self->crowd_counted, &self->crowd_ms, now_ms);
}

/* What is shown comes from the replay: its rate is counted by its own clock. How the link is stays the live one's, with its age
 * by our clock. */
static void
read_replay(CasaModel *self, gint64 now_ms)
{
  CasaSummary *s = &self->summary;
  CasaCounts shown;

  s->replaying = TRUE;
  casa_replay_read(self->source.replay, &s->replay);
  casa_replay_read_counts(self->source.replay, &shown);
  s->counts.rate = shown.rate / s->replay.speed;
  s->patience_ms = MAX(s->patience_ms, (gint64)(REPLAY_PATIENCE_MS * s->replay.speed));
  s->counts.dropped_display = shown.dropped_display;
  s->counts.latency_ms = s->counts.latency_p50_ms = s->counts.latency_p95_ms = s->counts.latency_p99_ms = NAN;
  s->link.since_ms += now_ms - casa_clock_now_ms();
}

static void
read_pulse(CasaModel *self, gint64 now_ms)
{
  CasaSummary *s = &self->summary;

  if (!self->source.pulse) {
    s->link.state = CASA_LINK_UP;
    return;
  }
  casa_pulse_read_counts(self->source.pulse, &s->counts);
  casa_pulse_read_link(self->source.pulse, &s->link, &s->blocked);
  casa_pulse_read_forward(self->source.pulse, &s->forward);
  read_quota(self, now_ms);
  if (self->source.replay)
    read_replay(self, now_ms);
}

/* A lost link is a gap that lasts; whether it stays one is known when the broker has told what it kept. */
static void
show_gaps(CasaModel *self, gint64 now_ms)
{
  const CasaLink *link = &self->summary.link;

  g_array_set_size(self->gaps_shown, 0);
  if (self->gaps->len)
    g_array_append_vals(self->gaps_shown, self->gaps->data, self->gaps->len);
  if (self->summary.replaying || link->state != CASA_LINK_LOST || link->since_ms <= 0 || link->since_ms >= now_ms)
    return;
  CasaGap lasting = { link->since_ms, now_ms };
  g_array_append_val(self->gaps_shown, lasting);
}

/* Who belongs to what changes with the catalogue only. */
static void
find_members(CasaModel *self)
{
  casa_latest_values_refresh(self->latest);
  if (self->generation == casa_latest_values_generation(self->latest))
    return;
  self->generation = casa_latest_values_generation(self->latest);
  for (guint i = 0; i < casa_indicators_n(self->indicators); i++) {
    g_clear_pointer(&self->entries[i].members, g_array_unref);
    self->entries[i].members = casa_members_of(self->source.catalogue, casa_latest_values_n_series(self->latest),
                                               self->indicators, casa_indicators_get(self->indicators, i));
  }
}

CasaFigureSource
casa_model_figure_source(CasaModel *self)
{
  return (CasaFigureSource){ self->latest, self->means, self->summary.now_ms, self->summary.link.state == CASA_LINK_UP, NULL };
}

/* Of what is drawn and made of stations' newest values: a mean of an hour is read from the store, which has nothing of a
 * twin. */
static gboolean
has_twin(CasaModel *self, const CasaIndicator *indicator)
{
  const CasaStationsFold fold = indicator->fold;

  return indicator->over_ms == 0 && casa_curves_get(self->curves, indicator) && fold != CASA_STATIONS_COUNT &&
         fold != CASA_STATIONS_SOURCES && fold != CASA_STATIONS_RATIO && fold != CASA_STATIONS_INDEX;
}

/* The curves without the events that work, as long as a simulator tells them. */
static void
grow_twin(CasaModel *self, gint64 now_ms)
{
  CasaFigureSource source = casa_model_figure_source(self);
  CasaToll tolls[CASA_TOLLS];

  if (self->source.pulse && !self->source.replay)
    casa_twin_hear(self->twin, tolls, casa_pulse_read_tolls(self->source.pulse, tolls));
  if (!casa_twin_works(self->twin, now_ms))
    return;
  source.twin = self->twin;
  for (guint i = 0; i < casa_indicators_n(self->indicators); i++) {
    const CasaIndicator *indicator = casa_indicators_get(self->indicators, i);
    if (!has_twin(self, indicator))
      continue;
    const CasaFigure figure = casa_figure_of_stations(&source, indicator, self->entries[i].members);
    if (figure.state == CASA_STATE_LIVE && isfinite(figure.value))
      casa_twin_grow(self->twin, i, now_ms, figure.value);
  }
}

static void
work_figures_out(CasaModel *self)
{
  const CasaFigureSource source = casa_model_figure_source(self);
  guint n = casa_indicators_n(self->indicators);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n; i++) {
      const CasaIndicator *indicator = casa_indicators_get(self->indicators, i);
      gboolean derived = indicator->fold == CASA_STATIONS_RATIO || indicator->fold == CASA_STATIONS_INDEX;
      if ((guint)derived != pass)
        continue;
      self->figures[i] = derived ? casa_figure_of_figures(indicator, self->figures)
                                 : casa_figure_of_stations(&source, indicator, self->entries[i].members);
      if (casa_clock_is_replayed(self->source.clock))
        self->figures[i].from |= CASA_FROM_REPLAY;
    }
  for (guint i = 0; i < n; i++)
    if (self->entries[i].field)
      self->entries[i].n_field = casa_figures_field(&source, casa_indicators_get(self->indicators, i), self->entries[i].members,
                                                    self->city, self->entries[i].field);
}

void
casa_model_summarise(CasaModel *self, gint64 now_ms)
{
  self->summed_ms = now_ms;
  self->summed_us = casa_clock_mono_us();
  find_members(self);
  casa_summary_compute(&self->summary, self->latest, now_ms);
  read_pulse(self, now_ms);
  work_figures_out(self);
  grow_twin(self, now_ms);
  show_gaps(self, now_ms);
}
