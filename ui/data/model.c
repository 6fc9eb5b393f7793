/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/model-private.h"
#include "ui/data/note-flags.h"
#include "base/time-units.h"
#include "base/error.h"
#include <math.h>

#define SUMMARY_EVERY_MS 1000
#define REPLAY_SUMMARY_US (G_USEC_PER_SEC / 5) /* a quick replay is not worked out anew with every frame */

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

  if (!casa_latest_values_position(self->latest, station, &at, &t_ms))
    return;
  casa_trails_put(self->trails, station->id, at, t_ms);
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
  if (sample->twin) {
    casa_twin_put(self->twin, sample->series, sample->t_ms, sample->value);
    return;
  }
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
    n = casa_hub_drain(self->source.hub, self->batch, CASA_MODEL_BATCH);
    for (guint i = 0; i < n; i++)
      take_sample(self, &self->batch[i], now_ms);
    if (n < CASA_MODEL_BATCH)
      return;
  }
}

/* The curves hold points of a time that has not come yet: what the store says up to now replaces them. */
static void
clock_was_set_back(CasaModel *self, gint64 now_ms)
{
  casa_model_ask_history(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, now_ms);
  casa_trails_clear(self->trails);
  casa_curves_forget_tips(self->curves);
  casa_twin_forget(self->twin, casa_indicators_n(self->indicators));
}

void
casa_model_forget_time(CasaModel *self)
{
  gint64 now_ms = casa_clock_ms(self->source.clock);

  casa_latest_values_forget(self->latest);
  clock_was_set_back(self, now_ms);
  g_array_set_size(self->events, 0);
  casa_historian_ask(self->historian, CASA_HISTORY_EVENTS, self->indicators, now_ms);
  casa_model_summarise(self, now_ms);
  casa_listeners_tell_changed(self->listeners);
}

/* With each second of the clock, so that the wall's shows every one of them. At a tenth of the speed, still once a second of
 * ours: a replay that has ended says so. */
static gboolean
is_summary_due(CasaModel *self, gint64 now_ms)
{
  gint64 us = casa_clock_mono_us() - self->summed_us;

  if (self->source.replay && (us < REPLAY_SUMMARY_US || us >= G_USEC_PER_SEC))
    return us >= REPLAY_SUMMARY_US;
  return now_ms / SUMMARY_EVERY_MS != self->summed_ms / SUMMARY_EVERY_MS;
}

void
casa_model_tick(CasaModel *self, gint64 now_ms)
{
  if (self->source.replay && now_ms < self->summed_ms) {
    casa_latest_values_forget(self->latest);
    casa_trails_clear(self->trails);
  }
  if (now_ms < self->summed_ms - CASA_CURVE_STEP_MS)
    clock_was_set_back(self, now_ms);
  drain(self, now_ms);
  if (!is_summary_due(self, now_ms))
    return;
  casa_model_summarise(self, now_ms);
  casa_curves_grow(self->curves, self->figures, now_ms);
  casa_curves_move_yesterday(self->curves, now_ms, FALSE);
  casa_model_keep_history_fresh(self, now_ms);
  casa_forecasts_want(self->forecasts, self->indicators, now_ms);
  casa_unusual_want(self->unusual, self->indicators, now_ms);
  casa_doubtful_want(self->doubtful, self->indicators, now_ms);
  casa_reports_tick(self->reports);
  casa_historian_ask(self->historian, CASA_HISTORY_EVENTS, self->indicators, now_ms);
  casa_listeners_tell_changed(self->listeners);
}

typedef struct {
  const CasaModelListener *listener;
  const CasaStationValues *station;
} Newcomer;

static void
tell_newcomer(CasaLonLat at, gint64 t_ms, gpointer data)
{
  const Newcomer *to = data;

  to->listener->vehicle(to->station->id, at, t_ms, colour_of(to->station), to->listener->data);
}

/* All that are in service, with the way that each came: a window that opens, or turns to another scene, shows them as if it had
 * been there before. */
static void
tell_fleet(CasaModel *self, const CasaModelListener *listener)
{
  for (guint i = 0; i < casa_latest_values_n_stations(self->latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(self->latest, i);
    CasaLonLat at;
    gint64 t_ms;
    if (!moves(station) || !casa_station_is_alive(station, self->summary.now_ms))
      continue;
    if (!casa_latest_values_position(self->latest, station, &at, &t_ms))
      continue;
    Newcomer to = { listener, station };
    casa_trails_each(self->trails, station->id, t_ms, tell_newcomer, &to);
    tell_newcomer(at, t_ms, &to);
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

static void
open_indicators(CasaModel *self, CasaIndicators *indicators)
{
  guint n = casa_indicators_n(indicators), n_domains;
  const CasaCityDomain *const *domains = casa_indicators_domains(indicators, &n_domains);

  self->indicators = casa_indicators_ref(indicators);
  self->figures = g_new0(CasaFigure, MAX(n, 1));
  self->entries = g_new0(CasaModelEntry, MAX(n, 1));
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
  casa_twin_forget(self->twin, casa_indicators_n(indicators));
  self->reading = FALSE;
  casa_model_ask_history(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS, self->summary.now_ms);
  casa_model_summarise(self, self->summary.now_ms);
  casa_forecasts_want(self->forecasts, indicators, self->summary.now_ms);
  casa_unusual_want(self->unusual, indicators, self->summary.now_ms);
  casa_doubtful_want(self->doubtful, indicators, self->summary.now_ms);
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
  if (casa_error_get_place(fault, &file, &line, &key)) {
    g_autofree char *at = line ? g_strdup_printf(":%u", line) : g_strdup("");
    g_autofree char *of = key ? g_strdup_printf(" (%s)", key) : g_strdup("");
    g_snprintf(out, sizeof self->summary.config_fault, "%s%s%s", file, at, of);
  } else if (fault)
    g_strlcpy(out, "indicators.conf", sizeof self->summary.config_fault);
  casa_listeners_tell_changed(self->listeners);
}

static void
forecast_cb(gpointer data)
{
  casa_listeners_tell_changed(((CasaModel *)data)->listeners);
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
  self->peaks = casa_peaks_new();
  CasaStore *store = source->store ? source->store : source->pulse ? casa_pulse_store(source->pulse) : NULL;
  self->reports = casa_reports_new(source->replay ? NULL : source->store_path, store);
  self->config_dir = g_strdup(source->config_dir);
  self->governance = casa_governance_new(source->store_path, source->config_dir, city);
  self->notes = casa_note_flags_follow(self->flags, source->keepsakes);
  self->latest = casa_latest_values_new(source->catalogue, city, source->indicators);
  self->means = g_array_new(FALSE, FALSE, sizeof(CasaSeriesMeans));
  self->batch = g_new(CasaLive, CASA_MODEL_BATCH);
  self->events = g_array_new(FALSE, FALSE, sizeof(CasaEvent));
  self->gaps = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  self->gaps_shown = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  open_indicators(self, source->indicators);
  self->twin = casa_twin_new(casa_indicators_n(source->indicators));
  self->trails = casa_trails_new();
  self->forecasts = casa_forecasts_new(source->store_path, source->catalogue, forecast_cb, self);
  self->unusual = casa_unusual_new(source->store_path, source->catalogue, city, forecast_cb, self);
  self->doubtful = casa_doubtful_new(source->store_path, source->catalogue, forecast_cb, self);
  self->historian = casa_historian_new(source->store_path, source->catalogue, casa_model_take_history, self);
  /* The newest values of the store are a replay's future: it begins with those from before its begin. */
  casa_model_ask_history(self, CASA_HISTORY_FULL | CASA_HISTORY_MEANS | (source->replay ? 0 : CASA_HISTORY_LATEST), now_ms);
  casa_model_summarise(self, now_ms);
  return self;
}

void
casa_model_free(CasaModel *self)
{
  if (!self)
    return;
  casa_forecasts_free(self->forecasts);
  casa_unusual_free(self->unusual);
  casa_doubtful_free(self->doubtful);
  casa_historian_free(self->historian);
  casa_history_service_free(self->history_service);
  casa_listeners_free(self->listeners);
  if (self->notes)
    g_signal_handler_disconnect(self->source.keepsakes, self->notes);
  casa_flags_free(self->flags);
  casa_peaks_free(self->peaks);
  casa_reports_free(self->reports);
  casa_governance_free(self->governance);
  g_free(self->config_dir);
  close_indicators(self);
  casa_latest_values_free(self->latest);
  casa_twin_free(self->twin);
  casa_trails_free(self->trails);
  g_array_unref(self->events);
  g_array_unref(self->gaps);
  g_array_unref(self->gaps_shown);
  g_array_unref(self->means);
  g_free(self->batch);
  g_clear_object(&self->source.keepsakes);
  g_free(self);
}
