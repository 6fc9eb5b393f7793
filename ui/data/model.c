/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/model.h"
#include "base/time-units.h"
#include "base/error.h"
#include "ui/data/members.h"
#include <math.h>

#define BATCH 1024
#define SUMMARY_EVERY_MS 1000
#define FLOOD_MS (15 * 1000) /* how long a flood is called one after its last message over quota */
#define SETTLE_MS 2000       /* wait for a backfill to pause… */
#define SETTLE_MAX_MS 5000   /* …but show its progress */
#define CHECK_MS (5 * 1000)  /* how often the store's file is looked for */
#define REFRESH_MS (60 * 1000)
#define TAIL_MAX_MS (15 * 60 * 1000) /* a tail reaches back a little further */
#define REPLAY_REFRESH_US (2 * G_USEC_PER_SEC)
#define REPLAY_PATIENCE_MS 1000                /* of ours: what is shorter is the pace of delivery, and no silence */
#define REPLAY_SUMMARY_US (G_USEC_PER_SEC / 5) /* a quick replay is not worked out anew with every frame */

/* Of one indicator. */
typedef struct {
  GArray *members; /* guint, CasaSeriesInfo.id */
  double *field;   /* [city->n_districts]; NULL: it is no domain's */
  guint n_field;   /* stations that it is made of */
} Entry;

struct _CasaModel {
  CasaModelSource source;
  const CasaCity *city;
  CasaLatestValues *latest;
  CasaHistorian *historian;
  CasaHistoryService *history_service; /* NULL until somebody asks */
  CasaListeners *listeners;
  CasaFlags *flags;
  CasaIndicators *indicators;
  CasaFigure *figures; /* by CasaIndicator.index, as are entries */
  Entry *entries;
  guint generation; /* of the catalogue, when the members were looked for */
  CasaCurves *curves;
  GArray *means;             /* CasaSeriesMeans */
  GArray *events;            /* CasaEvent */
  GArray *gaps, *gaps_shown; /* CasaGap: of the journal; and with the one that lasts */
  CasaSummary summary;
  CasaLive *batch;
  gint64 summed_ms, asked_ms, checked_ms;
  gint64 summed_us, asked_us;         /* monotonic, the same moments */
  gint64 late_first_ms, late_last_ms; /* late samples seen since the last full reading, 0 none */
  guint64 dropped, gaps_counted, over_counted, crowd_counted, broker_counted;
  gint64 flood_ms, crowd_ms, broker_ms; /* when those counts last rose */
  CasaLinkState link_state;
  gboolean ready;
  gboolean reading; /* a full reading was asked for and has not been answered */
};

static guint32
colour_of(const CasaStationValues *station)
{
  return station->line ? station->line->rgb : 0xFFFFFF;
}

static gboolean
moves(const CasaStationValues *station)
{
  return station->kind && station->kind->moves;
}

static void
tell_vehicle(CasaModel *self, const CasaStationValues *station)
{
  CasaLonLat at;
  gint64 t_ms;

  if (casa_latest_values_position(self->latest, station, &at, &t_ms))
    casa_listeners_tell_vehicle(self->listeners, station->id, at, t_ms, colour_of(station));
}

/* History of the city's that arrives late belongs onto the curves; a team's device whose clock is wrong does not keep them from
 * coming to rest. */
static gboolean
is_late(CasaModel *self, const CasaLive *sample)
{
  const CasaStationValues *owner = casa_latest_values_owner(self->latest, sample->series);

  return owner && owner->city && !sample->retained && sample->t_ms < sample->received_ms - CASA_LATEST_LATE_MS;
}

static void
take_sample(CasaModel *self, const CasaLive *sample, gint64 now_ms)
{
  const CasaStationValues *station = casa_latest_values_put(self->latest, sample);

  if (is_late(self, sample)) {
    if (self->late_first_ms == 0)
      self->late_first_ms = now_ms;
    self->late_last_ms = now_ms;
    return;
  }
  if (station && moves(station) && !sample->retained && casa_latest_values_is_position(self->latest, sample->series))
    tell_vehicle(self, station);
}

static void
drain(CasaModel *self, gint64 now_ms)
{
  guint n;

  /* A flood is taken in slices: what is left waits for the next frame, or is dropped by the hub, which counts it. */
  for (guint slices = 0; slices < 8; slices++) {
    n = casa_hub_drain(self->source.hub, self->batch, BATCH);
    for (guint i = 0; i < n; i++)
      take_sample(self, &self->batch[i], now_ms);
    if (n < BATCH)
      return;
  }
}

/* Whether a count rises; FLOOD_MS after it last did it no longer does. */
static gboolean
rises(guint64 count, guint64 *counted, gint64 *rose_ms, gint64 now_ms)
{
  if (count > *counted)
    *rose_ms = now_ms;
  *counted = count;
  return *rose_ms > 0 && ABS(now_ms - *rose_ms) < FLOOD_MS;
}

static void
read_quota(CasaModel *self, gint64 now_ms)
{
  CasaSummary *s = &self->summary;

  s->dropping = rises(s->counts.broker_dropped, &self->broker_counted, &self->broker_ms, now_ms);
  s->flooding = rises(s->counts.over_quota, &self->over_counted, &self->flood_ms, now_ms);
  s->n_over = s->counts.over_quota ? casa_pulse_read_over_quota(self->source.pulse, s->over, G_N_ELEMENTS(s->over)) : 0;
  if (casa_pulse_read_over_series(self->source.pulse, &s->crowded, 1) == 0)
    s->crowded = (CasaSeriesTally){ .refused = 0 };
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

static void
ask(CasaModel *self, CasaHistoryJob jobs, gint64 now_ms)
{
  self->asked_ms = now_ms;
  self->asked_us = casa_clock_mono_us();
  if (jobs & CASA_HISTORY_FULL) {
    self->late_first_ms = self->late_last_ms = 0;
    self->reading = TRUE;
  }
  casa_historian_ask(self->historian, jobs, self->indicators, now_ms);
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

/* When the store knows more than the curves do, they are read again. */
static void
keep_history_fresh(CasaModel *self, gint64 now_ms)
{
  const CasaSummary *s = &self->summary;
  gboolean back = s->link.state == CASA_LINK_UP && self->link_state == CASA_LINK_LOST;
  gboolean settled =
    self->late_last_ms && (now_ms - self->late_last_ms >= SETTLE_MS || now_ms - self->late_first_ms >= SETTLE_MAX_MS);

  self->link_state = s->link.state;
  gboolean gap = s->counts.gaps != self->gaps_counted;
  CasaHistoryJob tail;

  self->gaps_counted = s->counts.gaps;
  if (back || settled || gap || s->counts.dropped_display > self->dropped + BATCH) {
    self->dropped = s->counts.dropped_display;
    ask(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, now_ms);
  } else if (is_tail_due(self, now_ms, &tail)) {
    ask(self, tail | CASA_HISTORY_MEANS, now_ms);
  } else if (ABS(now_ms - self->checked_ms) >= CHECK_MS) {
    self->checked_ms = now_ms;
    casa_historian_ask(self->historian, CASA_HISTORY_CHECK, self->indicators, now_ms);
  }
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

static CasaFigureSource
figure_source(CasaModel *self)
{
  return (CasaFigureSource){ self->latest, self->means, self->summary.now_ms, self->summary.link.state == CASA_LINK_UP };
}

static void
work_figures_out(CasaModel *self)
{
  const CasaFigureSource source = figure_source(self);
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

static void
summarise(CasaModel *self, gint64 now_ms)
{
  self->summed_ms = now_ms;
  self->summed_us = casa_clock_mono_us();
  find_members(self);
  casa_summary_compute(&self->summary, self->latest, now_ms);
  read_pulse(self, now_ms);
  work_figures_out(self);
  show_gaps(self, now_ms);
}

/* The curves hold points of a time that has not come yet: what the store says up to now replaces them. */
static void
clock_was_set_back(CasaModel *self, gint64 now_ms)
{
  ask(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, now_ms);
  casa_curves_forget_tips(self->curves);
}

/* At a tenth of the speed, still once a second of ours: a replay that has ended says so. */
static gboolean
is_summary_due(CasaModel *self, gint64 now_ms)
{
  gint64 us = casa_clock_mono_us() - self->summed_us;

  if (self->source.replay && (us < REPLAY_SUMMARY_US || us >= G_USEC_PER_SEC))
    return us >= REPLAY_SUMMARY_US;
  return now_ms - self->summed_ms >= SUMMARY_EVERY_MS || now_ms < self->summed_ms;
}

void
casa_model_tick(CasaModel *self, gint64 now_ms)
{
  if (self->source.replay && now_ms < self->summed_ms)
    casa_latest_values_forget(self->latest);
  if (now_ms < self->summed_ms - CASA_CURVE_STEP_MS)
    clock_was_set_back(self, now_ms);
  drain(self, now_ms);
  if (!is_summary_due(self, now_ms))
    return;
  summarise(self, now_ms);
  casa_curves_grow(self->curves, self->figures, now_ms);
  casa_curves_move_yesterday(self->curves, now_ms, FALSE);
  keep_history_fresh(self, now_ms);
  casa_historian_ask(self->historian, CASA_HISTORY_EVENTS, self->indicators, now_ms);
  casa_listeners_tell_changed(self->listeners);
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

static void
history_cb(const CasaHistory *history, gpointer data)
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
  summarise(self, casa_clock_ms(self->source.clock));
  casa_curves_grow(self->curves, self->figures, self->summed_ms);
  casa_curves_move_yesterday(self->curves, self->summed_ms, TRUE);
  casa_listeners_tell_changed(self->listeners);
}

gboolean
casa_model_settled(CasaModel *self)
{
  return self->ready && !self->reading && self->late_last_ms == 0;
}

gboolean
casa_model_before(CasaModel *self, const CasaIndicator *indicator, double *value, gboolean *yesterday)
{
  const CasaFigure *figure = &self->figures[indicator->index];

  *yesterday = FALSE;
  return casa_model_settled(self) && figure->state != CASA_STATE_NONE &&
         casa_curves_before(self->curves, indicator, figure->t_ms, value, yesterday);
}

gboolean
casa_model_has_day(CasaModel *self, const CasaIndicator *indicator)
{
  const CasaFigure *figure = &self->figures[indicator->index];

  return casa_model_settled(self) && figure->state != CASA_STATE_NONE &&
         casa_curves_has_day(self->curves, indicator, figure->t_ms);
}

/* All that are in service: a window that opens shows them before they move again. */
static void
tell_fleet(CasaModel *self, const CasaModelListener *listener)
{
  for (guint i = 0; i < casa_latest_values_n_stations(self->latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(self->latest, i);
    CasaLonLat at;
    gint64 t_ms;
    if (!moves(station) || !casa_station_is_alive(station, self->summary.now_ms))
      continue;
    if (casa_latest_values_position(self->latest, station, &at, &t_ms))
      listener->vehicle(station->id, at, t_ms, colour_of(station), listener->data);
  }
}

guint
casa_model_listen(CasaModel *self, const CasaModelListener *listener)
{
  if (listener->vehicle)
    tell_fleet(self, listener);
  return casa_listeners_add(self->listeners, listener);
}

void
casa_model_unlisten(CasaModel *self, guint id)
{
  casa_listeners_remove(self->listeners, id);
}

const CasaSummary *
casa_model_summary(CasaModel *self)
{
  return &self->summary;
}

CasaIndicators *
casa_model_indicators(CasaModel *self)
{
  return self->indicators;
}

const CasaFigure *
casa_model_figure(CasaModel *self, const CasaIndicator *indicator)
{
  return &self->figures[indicator->index];
}

const CasaPyramid *
casa_model_curve(CasaModel *self, const CasaIndicator *indicator)
{
  return casa_curves_get(self->curves, indicator);
}

const CasaPyramid *
casa_model_yesterday(CasaModel *self, const CasaIndicator *indicator)
{
  return casa_curves_yesterday(self->curves, indicator);
}

const CasaPyramid *
casa_model_day_before(CasaModel *self, const CasaIndicator *indicator)
{
  return casa_curves_day_before(self->curves, indicator);
}

const GArray *
casa_model_members(CasaModel *self, const CasaIndicator *indicator)
{
  return self->entries[indicator->index].members;
}

const CasaSeriesMeans *
casa_model_means(CasaModel *self, guint series)
{
  return casa_figures_means(self->means, series);
}

CasaFigure
casa_model_station_figure(CasaModel *self, const CasaIndicator *indicator, guint station)
{
  const CasaFigureSource source = figure_source(self);
  guint series =
    indicator->metric ? casa_catalogue_find_series(self->source.catalogue, station, indicator->metric->id) : G_MAXUINT;
  CasaFigure figure = casa_figure_of_series(&source, indicator, series);

  if (casa_clock_is_replayed(self->source.clock))
    figure.from |= CASA_FROM_REPLAY;
  return figure;
}

const double *
casa_model_field(CasaModel *self, const CasaIndicator *indicator, guint *out_stations)
{
  const Entry *entry = &self->entries[indicator->index];

  if (out_stations)
    *out_stations = entry->n_field;
  return entry->field;
}

const CasaGap *
casa_model_gaps(CasaModel *self, guint *n)
{
  *n = self->gaps_shown->len;
  return (const CasaGap *)self->gaps_shown->data;
}

const GArray *
casa_model_events(CasaModel *self)
{
  return self->events;
}

CasaKeepsakes *
casa_model_keepsakes(CasaModel *self)
{
  return self->source.keepsakes;
}

const CasaClock *
casa_model_clock(CasaModel *self)
{
  return self->source.clock;
}

CasaHistoryService *
casa_model_history_service(CasaModel *self)
{
  if (!self->history_service)
    self->history_service = casa_history_service_new(self->source.store_path, self->source.catalogue);
  return self->history_service;
}

CasaFlags *
casa_model_flags(CasaModel *self)
{
  return self->flags;
}

CasaLatestValues *
casa_model_latest(CasaModel *self)
{
  return self->latest;
}

const CasaCity *
casa_model_city(CasaModel *self)
{
  return self->city;
}

gboolean
casa_model_ready(CasaModel *self)
{
  return self->ready;
}

static void
open_indicators(CasaModel *self, CasaIndicators *indicators)
{
  guint n = casa_indicators_n(indicators), n_domains;
  const CasaCityDomain *const *domains = casa_indicators_domains(indicators, &n_domains);

  self->indicators = casa_indicators_ref(indicators);
  self->figures = g_new0(CasaFigure, MAX(n, 1));
  self->entries = g_new0(Entry, MAX(n, 1));
  self->curves = casa_curves_new(indicators);
  self->generation = G_MAXUINT;
  for (guint d = 0; d < n_domains; d++)
    if (domains[d]->field)
      self->entries[domains[d]->field->index].field = g_new0(double, self->city->n_districts);
}

static void
close_indicators(CasaModel *self)
{
  for (guint i = 0; i < casa_indicators_n(self->indicators); i++) {
    g_clear_pointer(&self->entries[i].members, g_array_unref);
    g_free(self->entries[i].field);
  }
  g_clear_pointer(&self->entries, g_free);
  g_clear_pointer(&self->figures, g_free);
  g_clear_pointer(&self->curves, casa_curves_free);
  g_clear_pointer(&self->indicators, casa_indicators_unref);
}

/* What is on the screen points into the set before, until everybody has built anew. */
void
casa_model_set_indicators(CasaModel *self, CasaIndicators *indicators)
{
  CasaModel before = *self;

  open_indicators(self, indicators);
  casa_latest_values_set_indicators(self->latest, indicators);
  self->reading = FALSE;
  ask(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, self->summary.now_ms);
  summarise(self, self->summary.now_ms);
  casa_listeners_tell_rebuild(self->listeners);
  close_indicators(&before);
}

void
casa_model_set_config_fault(CasaModel *self, const GError *fault)
{
  char *out = self->summary.config_fault;
  const char *file, *key;
  guint line;

  *out = '\0';
  if (casa_error_get_place(fault, &file, &line, &key))
    g_snprintf(out, sizeof self->summary.config_fault, line ? "%s:%u" : "%s", file, line);
  else if (fault)
    g_strlcpy(out, "indicators.conf", sizeof self->summary.config_fault);
  casa_listeners_tell_changed(self->listeners);
}

CasaModel *
casa_model_new(const CasaModelSource *source, const CasaCity *city)
{
  CasaModel *self = g_new0(CasaModel, 1);
  self->source = *source;
  if (source->keepsakes)
    g_object_ref(source->keepsakes);
  if (!self->source.clock)
    self->source.clock = casa_clock_real();
  gint64 now_ms = casa_clock_ms(self->source.clock);
  self->city = city;
  self->listeners = casa_listeners_new();
  self->flags = casa_flags_new();
  self->latest = casa_latest_values_new(source->catalogue, city, source->indicators);
  self->means = g_array_new(FALSE, FALSE, sizeof(CasaSeriesMeans));
  self->batch = g_new(CasaLive, BATCH);
  self->events = g_array_new(FALSE, FALSE, sizeof(CasaEvent));
  self->gaps = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  self->gaps_shown = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  open_indicators(self, source->indicators);
  self->historian = casa_historian_new(source->store_path, source->catalogue, history_cb, self);
  /* The newest values of the store are a replay's future: it begins with those from before its begin. */
  ask(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS | (source->replay ? 0 : CASA_HISTORY_LATEST), now_ms);
  summarise(self, now_ms);
  return self;
}

void
casa_model_free(CasaModel *self)
{
  if (!self)
    return;
  casa_historian_free(self->historian);
  casa_history_service_free(self->history_service);
  casa_listeners_free(self->listeners);
  casa_flags_free(self->flags);
  close_indicators(self);
  casa_latest_values_free(self->latest);
  g_array_unref(self->events);
  g_array_unref(self->gaps);
  g_array_unref(self->gaps_shown);
  g_array_unref(self->means);
  g_free(self->batch);
  g_clear_object(&self->source.keepsakes);
  g_free(self);
}
