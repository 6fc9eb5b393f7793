/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/model.h"
#include "base/time-units.h"
#include <math.h>

#define BATCH 1024
#define SUMMARY_EVERY_MS 1000
#define LATE_MS (3 * 60 * 1000) /* older than this on arrival: history, not news */
#define FLOOD_MS (15 * 1000)    /* how long a flood is called one after its last message over quota */
#define SETTLE_MS 2000          /* wait for a backfill to pause… */
#define SETTLE_MAX_MS 5000      /* …but show its progress */
#define CHECK_MS (5 * 1000)     /* how often the store's file is looked for */
#define REFRESH_MS (60 * 1000)
#define TAIL_MAX_MS (15 * 60 * 1000) /* a tail reaches back a little further */
#define REPLAY_REFRESH_US (2 * G_USEC_PER_SEC)
#define REPLAY_SUMMARY_US (G_USEC_PER_SEC / 5) /* a quick replay is not worked out anew with every frame */
#define CURVE_CAPACITY 4096
#define ECHO_STEP_MS (10 * 60 * 1000) /* dots carry no finer shape */

/* Mean of the newest step of a curve, from the figures of each second. */
typedef struct {
  gint64 step_ms;
  double sum;
  guint n;
} Tip;

struct _CasaModel {
  CasaModelSource source;
  const CasaCity *city;
  CasaBoard *board;
  CasaHistorian *historian;
  CasaListeners *listeners;
  CasaPyramid *curves[CASA_N_CURVES], *echoes[CASA_N_CURVES];
  Tip tips[CASA_N_CURVES];
  GArray *means;             /* CasaAirMean */
  GArray *gaps, *gaps_shown; /* CasaGap: of the journal; and with the one that lasts */
  double *districts;
  CasaSummary summary;
  CasaLive *batch;
  gint64 summed_ms, asked_ms, checked_ms;
  gint64 summed_us, asked_us;         /* monotonic, the same moments */
  gint64 late_first_ms, late_last_ms; /* late samples seen since the last full reading, 0 none */
  guint64 dropped, gaps_counted, over_counted, crowd_counted;
  gint64 flood_ms, crowd_ms; /* when those counts last rose */
  gint64 echoed_ms;          /* step that the echoes begin with */
  CasaLinkState link_state;
  gboolean ready;
};

/* FALSE: not both halves of one report are there, with one of them the vehicle would jump sideways. */
static gboolean
place_of(const CasaBoardStation *station, CasaLonLat *at, gint64 *t_ms)
{
  const CasaValue *lat = &station->values[CASA_QUANTITY_LAT], *lon = &station->values[CASA_QUANTITY_LON];

  *at = (CasaLonLat){ lon->value, lat->value };
  *t_ms = lat->t_ms;
  return lat->t_ms != 0 && lat->t_ms == lon->t_ms;
}

static guint32
colour_of(const CasaBoardStation *station)
{
  return station->line ? station->line->rgb : 0xFFFFFF;
}

static void
tell_vehicle(CasaModel *self, const CasaBoardStation *station)
{
  CasaLonLat at;
  gint64 t_ms;

  if (place_of(station, &at, &t_ms))
    casa_listeners_tell_vehicle(self->listeners, station->id, at, t_ms, colour_of(station));
}

static void
take_sample(CasaModel *self, const CasaLive *sample, gint64 now_ms)
{
  CasaQuantity quantity;
  const CasaBoardStation *station = casa_board_put(self->board, sample, &quantity);

  if (!sample->retained && sample->t_ms < sample->received_ms - LATE_MS) {
    if (self->late_first_ms == 0)
      self->late_first_ms = now_ms;
    self->late_last_ms = now_ms;
    return;
  }
  if (!station || station->kind != CASA_KIND_VEHICLE || sample->retained)
    return;
  if (quantity == CASA_QUANTITY_LAT || quantity == CASA_QUANTITY_LON)
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

static const CasaFigure *
figure_of(const CasaSummary *s, CasaCurve curve)
{
  switch (curve) {
  case CASA_CURVE_SPEED: return &s->speed;
  case CASA_CURVE_LOAD: return &s->load;
  case CASA_CURVE_SOLAR: return &s->solar;
  case CASA_CURVE_LIGHTING: return &s->lighting;
  case CASA_CURVE_PM10: return &s->pm10;
  case CASA_CURVE_NO2: return &s->no2;
  case CASA_N_CURVES: break;
  }
  g_return_val_if_reached(&s->speed);
}

/* Only live figures lengthen a curve: silence leaves a gap. */
static void
grow_curves(CasaModel *self, gint64 now_ms)
{
  gint64 step = now_ms / CASA_CURVE_STEP_MS * CASA_CURVE_STEP_MS;

  for (guint i = 0; i < CASA_N_CURVES; i++) {
    const CasaFigure *figure = figure_of(&self->summary, (CasaCurve)i);
    Tip *tip = &self->tips[i];
    if (figure->state != CASA_STATE_LIVE)
      continue;
    if (tip->step_ms != step)
      *tip = (Tip){ .step_ms = step };
    tip->sum += figure->value;
    tip->n++;
    casa_pyramid_add(self->curves[i], step, tip->sum / tip->n);
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
  if (jobs & CASA_HISTORY_FULL)
    self->late_first_ms = self->late_last_ms = 0;
  casa_historian_ask(self->historian, jobs, now_ms);
}

/* Mean of the points in [@from_ms, @from_ms + ECHO_STEP_MS), a day later. Points at whole steps, or a curve whose sensors report
 * seldom would fall apart into dots too far from each other to be a line. */
static void
echo_point(CasaPyramid *echo, const CasaPyramid *curve, gint64 from_ms)
{
  guint end = casa_pyramid_search(curve, from_ms + ECHO_STEP_MS), n = 0;
  double sum = 0;

  for (guint k = casa_pyramid_search(curve, from_ms); k < end; k++) {
    gint64 t_ms;
    double value;
    casa_pyramid_get(curve, k, &t_ms, &value);
    if (!isfinite(value))
      continue;
    sum += value;
    n++;
  }
  if (n)
    casa_pyramid_add(echo, from_ms + ECHO_STEP_MS / 2 + CASA_DAY_MS, sum / n);
}

/* The day before, moved to where it can be compared with what is to come. */
static void
echo_curves(CasaModel *self, gint64 now_ms)
{
  gint64 begin = (now_ms - CASA_DAY_MS + ECHO_STEP_MS / 2) / ECHO_STEP_MS * ECHO_STEP_MS;

  self->echoed_ms = now_ms / CASA_CURVE_STEP_MS;
  for (guint i = 0; i < CASA_N_CURVES; i++) {
    casa_pyramid_clear(self->echoes[i]);
    for (gint64 t = begin; t < begin + CASA_ECHO_MS; t += ECHO_STEP_MS)
      echo_point(self->echoes[i], self->curves[i], t);
  }
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
    casa_historian_ask(self->historian, CASA_HISTORY_CHECK, now_ms);
  }
}

static void
summarise(CasaModel *self, gint64 now_ms)
{
  self->summed_ms = now_ms;
  self->summed_us = casa_clock_mono_us();
  casa_board_refresh(self->board);
  casa_summary_compute(&self->summary, self->board, (const CasaAirMean *)self->means->data, self->means->len, now_ms);
  casa_summary_districts(self->board, self->city, (const CasaAirMean *)self->means->data, self->means->len, self->districts);
  read_pulse(self, now_ms);
  show_gaps(self, now_ms);
}

/* The curves hold points of a time that has not come yet: what the store says up to now replaces them. */
static void
clock_was_set_back(CasaModel *self, gint64 now_ms)
{
  ask(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, now_ms);
  for (guint i = 0; i < CASA_N_CURVES; i++)
    self->tips[i] = (Tip){ 0 };
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
    casa_board_forget(self->board);
  if (now_ms < self->summed_ms - CASA_CURVE_STEP_MS)
    clock_was_set_back(self, now_ms);
  drain(self, now_ms);
  if (!is_summary_due(self, now_ms))
    return;
  summarise(self, now_ms);
  grow_curves(self, now_ms);
  if (now_ms / CASA_CURVE_STEP_MS != self->echoed_ms)
    echo_curves(self, now_ms);
  keep_history_fresh(self, now_ms);
  casa_listeners_tell_changed(self->listeners);
}

/* A line is not drawn across an outage that the store knows of, even a short one. */
static void
break_curve(CasaPyramid *curve, GArray *gaps)
{
  for (guint i = 0; gaps && i < gaps->len; i++) {
    const CasaGap *gap = &g_array_index(gaps, CasaGap, i);
    gint64 middle = gap->start_ms + (gap->end_ms - gap->start_ms) / 2;
    if (gap->end_ms - gap->start_ms >= CASA_CURVE_STEP_MS)
      casa_pyramid_add(curve, middle, NAN);
  }
}

static void
fill_curve(CasaPyramid *curve, GArray *buckets, GArray *gaps)
{
  for (guint i = 0; i < buckets->len; i++) {
    const CasaBucket *b = &g_array_index(buckets, CasaBucket, i);
    casa_pyramid_add(curve, b->t_ms, b->mean);
  }
  break_curve(curve, gaps);
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
history_cb(const CasaHistory *history, gpointer data)
{
  CasaModel *self = data;

  self->summary.erased = history->erased;
  if (history->jobs == CASA_HISTORY_CHECK)
    return;
  for (guint i = 0; history->latest && i < history->latest->len; i++) {
    const CasaLatest *l = &g_array_index(history->latest, CasaLatest, i);
    casa_board_put_stored(self->board, l->series, l->t_ms, l->value);
  }
  for (guint i = 0; i < CASA_N_CURVES; i++) {
    if (!history->curves[i])
      continue;
    if (history->jobs & CASA_HISTORY_FULL)
      casa_pyramid_clear(self->curves[i]);
    fill_curve(self->curves[i], history->curves[i], history->gaps);
  }
  if (history->gaps)
    take_gaps(self, history);
  if (history->means) {
    g_array_set_size(self->means, 0);
    g_array_append_vals(self->means, history->means->data, history->means->len);
  }
  self->ready |= (history->jobs & CASA_HISTORY_FULL) != 0;
  summarise(self, casa_clock_ms(self->source.clock));
  grow_curves(self, self->summed_ms);
  echo_curves(self, self->summed_ms);
  casa_listeners_tell_changed(self->listeners);
}

/* Mean of the hour around @t_ms, sampled each five minutes; needs a quarter of it. */
static gboolean
mean_around(const CasaPyramid *curve, gint64 t_ms, double *out)
{
  double sum = 0, value;
  guint n = 0;

  for (gint64 t = t_ms - CASA_HOUR_MS / 2; t <= t_ms + CASA_HOUR_MS / 2; t += 5 * 60 * 1000) {
    if (!casa_pyramid_at(curve, t, 2 * CASA_CURVE_STEP_MS, &value) || !isfinite(value))
      continue;
    sum += value;
    n++;
  }
  *out = n ? sum / n : NAN;
  return n >= 3;
}

gboolean
casa_model_before(CasaModel *self, CasaCurve curve, double *value, gboolean *yesterday)
{
  gint64 now = self->summary.now_ms;

  *yesterday = mean_around(self->curves[curve], now - CASA_DAY_MS, value);
  if (*yesterday)
    return TRUE;
  return casa_pyramid_at(self->curves[curve], now - CASA_HOUR_MS, 10 * 60 * 1000, value) && isfinite(*value);
}

/* All that are in service: a window that opens shows them before they move again. */
static void
tell_fleet(CasaModel *self, const CasaModelListener *listener)
{
  for (guint i = 0; i < casa_board_n_stations(self->board); i++) {
    const CasaBoardStation *station = casa_board_station(self->board, i);
    CasaLonLat at;
    gint64 t_ms;
    if (station->kind != CASA_KIND_VEHICLE || !casa_summary_is_alive(station, self->summary.now_ms))
      continue;
    if (place_of(station, &at, &t_ms))
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

const CasaPyramid *
casa_model_curve(CasaModel *self, CasaCurve curve)
{
  return self->curves[curve];
}

const CasaPyramid *
casa_model_echo(CasaModel *self, CasaCurve curve)
{
  return self->echoes[curve];
}

const CasaGap *
casa_model_gaps(CasaModel *self, guint *n)
{
  *n = self->gaps_shown->len;
  return (const CasaGap *)self->gaps_shown->data;
}

const GArray *
casa_model_means(CasaModel *self)
{
  return self->means;
}

const double *
casa_model_districts(CasaModel *self)
{
  return self->districts;
}

const CasaClock *
casa_model_clock(CasaModel *self)
{
  return self->source.clock;
}

CasaBoard *
casa_model_board(CasaModel *self)
{
  return self->board;
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

CasaModel *
casa_model_new(const CasaModelSource *source, const CasaCity *city)
{
  CasaModel *self = g_new0(CasaModel, 1);
  self->source = *source;
  if (!self->source.clock)
    self->source.clock = casa_clock_real();
  gint64 now_ms = casa_clock_ms(self->source.clock);
  self->city = city;
  self->listeners = casa_listeners_new();
  self->board = casa_board_new(source->catalogue, city);
  self->means = g_array_new(FALSE, FALSE, sizeof(CasaAirMean));
  self->districts = g_new(double, city->n_districts);
  self->batch = g_new(CasaLive, BATCH);
  self->gaps = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  self->gaps_shown = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  for (guint i = 0; i < CASA_N_CURVES; i++) {
    self->curves[i] = casa_pyramid_new(CURVE_CAPACITY);
    self->echoes[i] = casa_pyramid_new(CURVE_CAPACITY);
  }
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
  casa_listeners_free(self->listeners);
  casa_board_free(self->board);
  for (guint i = 0; i < CASA_N_CURVES; i++) {
    casa_pyramid_free(self->curves[i]);
    casa_pyramid_free(self->echoes[i]);
  }
  g_array_unref(self->gaps);
  g_array_unref(self->gaps_shown);
  g_array_unref(self->means);
  g_free(self->districts);
  g_free(self->batch);
  g_free(self);
}
