/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/latest-values.h"
#include <string.h>

#define PATIENCE_UNKNOWN_MS (3 * 60 * 1000)
#define PATIENCE_MIN_MS (10 * 1000)
#define PATIENCE_MAX_MS (15 * 60 * 1000)
#define NOW_MS 2000 /* a report not older than this is no backlog */

typedef struct {
  guint station;            /* index in stations */
  const CasaMetric *metric; /* of the indicators' metrics; NULL: not in metrics.conf */
  gint8 axis;               /* 1: latitude, 2: longitude, 0: another quantity */
  CasaValue value;
} Series;

struct _CasaLatestValues {
  CasaCatalogue *catalogue;
  const CasaCity *city;
  CasaIndicators *indicators;
  GPtrArray *stations;  /* CasaStationValues *, index = CasaStation.id */
  GArray *series;       /* Series, index = CasaSeriesInfo.id */
  CasaFlow flow[2];     /* of all; of the city's stations */
  gint64 loading_ms[2]; /* likewise */
  guint generation;
};

/* Names that the contract gives to a position; no domain's quantity. */
static gint8
axis_of(const char *metric)
{
  if (strcmp(metric, "lat") == 0)
    return 1;
  return strcmp(metric, "lon") == 0 ? 2 : 0;
}

static const CasaMetric *
metric_of(CasaLatestValues *self, const char *metric)
{
  const CasaMetrics *metrics = casa_indicators_metrics(self->indicators);

  return metrics ? casa_metrics_find(metrics, metric, strlen(metric)) : NULL;
}

static void
describe(CasaLatestValues *self, CasaStationValues *station, const CasaStation *info)
{
  station->id = info->id;
  station->city = strcmp(info->source, casa_indicators_city(self->indicators)) == 0;
  station->kind = casa_indicators_kind(self->indicators, info->source, info->station, info->kind);
  station->simulated = info->simulated;
  g_autofree char *line = casa_station_kind_line(station->kind, info->station);
  station->line = line && self->city ? casa_city_line(self->city, line) : NULL;
}

static void
free_station(gpointer data)
{
  CasaStationValues *station = data;

  g_array_unref(station->series);
  g_free(station);
}

static void
add_station(CasaLatestValues *self)
{
  CasaStationValues *station = g_new0(CasaStationValues, 1);

  station->series = g_array_new(FALSE, FALSE, sizeof(guint));
  g_ptr_array_add(self->stations, station);
}

static void
add_series(CasaLatestValues *self, const CasaSeriesInfo *info)
{
  Series series = { .station = info->station, .metric = metric_of(self, info->metric), .axis = axis_of(info->metric) };
  CasaStationValues *station = self->stations->pdata[info->station];
  guint id = info->id;

  g_array_append_val(self->series, series);
  g_array_append_val(station->series, id);
}

void
casa_latest_values_refresh(CasaLatestValues *self)
{
  guint generation = casa_catalogue_generation(self->catalogue);

  if (generation == self->generation)
    return;
  self->generation = generation;
  /* Series first: a station is in the catalogue before its series are. */
  guint n_series = casa_catalogue_n_series(self->catalogue), n = casa_catalogue_n_stations(self->catalogue);
  for (guint i = 0; i < n; i++) {
    if (i == self->stations->len)
      add_station(self);
    describe(self, self->stations->pdata[i], casa_catalogue_station(self->catalogue, i));
  }
  while (self->series->len < n_series)
    add_series(self, casa_catalogue_series(self->catalogue, self->series->len));
}

guint
casa_latest_values_generation(CasaLatestValues *self)
{
  return self->generation;
}

void
casa_latest_values_set_indicators(CasaLatestValues *self, CasaIndicators *indicators)
{
  CasaIndicators *before = self->indicators;

  self->indicators = casa_indicators_ref(indicators);
  for (guint i = 0; i < self->stations->len; i++)
    describe(self, self->stations->pdata[i], casa_catalogue_station(self->catalogue, i));
  for (guint i = 0; i < self->series->len; i++)
    g_array_index(self->series, Series, i).metric = metric_of(self, casa_catalogue_series(self->catalogue, i)->metric);
  casa_indicators_unref(before);
}

CasaIndicators *
casa_latest_values_indicators(CasaLatestValues *self)
{
  return self->indicators;
}

/* NULL: the catalogue has no such series. */
static Series *
locate(CasaLatestValues *self, guint series)
{
  if (series >= self->series->len)
    casa_latest_values_refresh(self);
  return series < self->series->len ? &g_array_index(self->series, Series, series) : NULL;
}

/* What was late and comes in one go, like the end of a history, is no measure of the time until the next report. */
static gboolean
is_catching_up(gint64 measured_ms, gint64 arrived_ms)
{
  return measured_ms > PATIENCE_MIN_MS && arrived_ms < measured_ms / 2;
}

/* Several metrics of one message share a time: only a later time is a new report. FALSE: it is none. */
static gboolean
note_report(CasaStationValues *station, const CasaLive *sample)
{
  gint64 measured_ms = sample->t_ms - station->report_t_ms, arrived_ms = sample->received_ms - station->report_ms;
  gboolean first = station->report_t_ms == 0 || station->report_t_ms > sample->received_ms + CASA_LATEST_AHEAD_MS;

  if (!first && measured_ms <= 0)
    return FALSE;
  station->report_t_ms = sample->t_ms;
  station->report_ms = sample->received_ms;
  if (first || measured_ms > PATIENCE_MAX_MS || is_catching_up(measured_ms, arrived_ms))
    return TRUE;
  double before = station->interval_ms;
  station->interval_ms = before > 0 ? 0.7 * before + 0.3 * (double)measured_ms : (double)measured_ms;
  return TRUE;
}

static void
note_flow(CasaLatestValues *self, const CasaStationValues *station, const CasaLive *sample)
{
  if (sample->t_ms < sample->received_ms - NOW_MS)
    return;
  casa_flow_note(&self->flow[FALSE], sample->received_ms);
  if (station->city)
    casa_flow_note(&self->flow[TRUE], sample->received_ms);
}

/* Reports of a past come one upon another, though they were measured far apart. */
static void
note_late(CasaLatestValues *self, CasaStationValues *station, const CasaLive *sample)
{
  gint64 measured_ms = sample->t_ms - station->late_t_ms;

  if (station->late_t_ms && is_catching_up(measured_ms, sample->received_ms - station->late_ms)) {
    self->loading_ms[FALSE] = sample->received_ms;
    if (station->city)
      self->loading_ms[TRUE] = sample->received_ms;
  }
  if (measured_ms > 0) {
    station->late_t_ms = sample->t_ms;
    station->late_ms = sample->received_ms;
  }
}

static void
note_arrival(CasaLatestValues *self, CasaStationValues *station, const CasaLive *sample)
{
  if (!station->known && !sample->retained)
    station->first_ms = sample->received_ms;
  station->known = TRUE;
  if (sample->retained)
    return;
  /* History that a publisher sends late says nothing about how often the sensor reports, nor about its being alive now. */
  if (sample->t_ms <= sample->received_ms - CASA_LATEST_LATE_MS)
    note_late(self, station, sample);
  else if (note_report(station, sample))
    note_flow(self, station, sample);
  if (sample->t_ms > sample->received_ms - casa_station_patience_ms(station))
    station->live_ms = sample->received_ms;
}

const CasaStationValues *
casa_latest_values_put(CasaLatestValues *self, const CasaLive *sample)
{
  Series *series = locate(self, sample->series);

  if (!series)
    return NULL;
  CasaStationValues *station = self->stations->pdata[series->station];
  CasaValue *value = &series->value;
  note_arrival(self, station, sample);
  /* After the clock was set back, what came before is no measure of what is newer. */
  gint64 latest = sample->received_ms + CASA_LATEST_AHEAD_MS;
  station->t_ms = station->t_ms > latest ? sample->t_ms : MAX(station->t_ms, sample->t_ms);
  if (sample->t_ms < value->t_ms && value->t_ms <= latest)
    return NULL;
  *value = (CasaValue){ sample->t_ms, sample->value, !sample->retained && station->live_ms == sample->received_ms };
  return station;
}

void
casa_latest_values_put_stored(CasaLatestValues *self, guint series, gint64 t_ms, double number)
{
  Series *entry = locate(self, series);

  if (!entry)
    return;
  CasaStationValues *station = self->stations->pdata[entry->station];
  if (station->first_ms > t_ms)
    station->first_ms = 0;
  station->known = TRUE;
  station->t_ms = MAX(station->t_ms, t_ms);
  if (t_ms > entry->value.t_ms)
    entry->value = (CasaValue){ t_ms, number, FALSE };
}

void
casa_latest_values_forget(CasaLatestValues *self)
{
  for (guint i = 0; i < self->stations->len; i++) {
    CasaStationValues *station = self->stations->pdata[i];
    station->t_ms = station->live_ms = station->first_ms = 0;
    station->report_t_ms = station->report_ms = station->late_t_ms = station->late_ms = 0;
  }
  self->loading_ms[FALSE] = self->loading_ms[TRUE] = 0;
  for (guint i = 0; i < self->series->len; i++)
    g_array_index(self->series, Series, i).value = (CasaValue){ 0 };
}

gint64
casa_station_patience_ms(const CasaStationValues *station)
{
  if (station->interval_ms <= 0)
    return PATIENCE_UNKNOWN_MS;
  return CLAMP((gint64)(3 * station->interval_ms), PATIENCE_MIN_MS, PATIENCE_MAX_MS);
}

gboolean
casa_station_is_alive(const CasaStationValues *station, gint64 now_ms)
{
  /* The difference counts in both directions: a clock that was set back must not keep a silent station alive. */
  return station->live_ms > 0 && ABS(now_ms - station->live_ms) <= casa_station_patience_ms(station);
}

guint
casa_latest_values_n_stations(CasaLatestValues *self)
{
  return self->stations->len;
}

const CasaStationValues *
casa_latest_values_station(CasaLatestValues *self, guint i)
{
  return i < self->stations->len ? self->stations->pdata[i] : NULL;
}

guint
casa_latest_values_n_series(CasaLatestValues *self)
{
  return self->series->len;
}

const CasaValue *
casa_latest_values_get(CasaLatestValues *self, guint series)
{
  if (series >= self->series->len)
    return NULL;
  const CasaValue *value = &g_array_index(self->series, Series, series).value;
  return value->t_ms ? value : NULL;
}

const CasaStationValues *
casa_latest_values_owner(CasaLatestValues *self, guint series)
{
  return series < self->series->len ? self->stations->pdata[g_array_index(self->series, Series, series).station] : NULL;
}

const CasaMetric *
casa_latest_values_metric(CasaLatestValues *self, guint series)
{
  return series < self->series->len ? g_array_index(self->series, Series, series).metric : NULL;
}

const CasaValue *
casa_latest_values_of(CasaLatestValues *self, const CasaStationValues *station, const char *metric)
{
  for (guint i = 0; i < station->series->len; i++) {
    guint series = g_array_index(station->series, guint, i);
    if (strcmp(casa_catalogue_series(self->catalogue, series)->metric, metric) == 0)
      return casa_latest_values_get(self, series);
  }
  return NULL;
}

gboolean
casa_latest_values_is_position(CasaLatestValues *self, guint series)
{
  return series < self->series->len && g_array_index(self->series, Series, series).axis != 0;
}

gboolean
casa_latest_values_position(CasaLatestValues *self, const CasaStationValues *station, CasaLonLat *out, gint64 *out_t_ms)
{
  const CasaValue *halves[3] = { NULL };

  for (guint i = 0; i < station->series->len; i++) {
    const Series *series = &g_array_index(self->series, Series, g_array_index(station->series, guint, i));
    halves[series->axis] = &series->value;
  }
  /* Halves of two reports would make it jump sideways. */
  if (!halves[1] || !halves[2] || halves[1]->t_ms == 0 || halves[1]->t_ms != halves[2]->t_ms)
    return FALSE;
  *out = (CasaLonLat){ halves[2]->value, halves[1]->value };
  if (out_t_ms)
    *out_t_ms = halves[1]->t_ms;
  return TRUE;
}

const CasaFlow *
casa_latest_values_flow(CasaLatestValues *self, gboolean city)
{
  return &self->flow[city != FALSE];
}

gint64
casa_latest_values_loading_ms(CasaLatestValues *self, gboolean city)
{
  return self->loading_ms[city != FALSE];
}

CasaCatalogue *
casa_latest_values_catalogue(CasaLatestValues *self)
{
  return self->catalogue;
}

CasaLatestValues *
casa_latest_values_new(CasaCatalogue *catalogue, const CasaCity *city, CasaIndicators *indicators)
{
  CasaLatestValues *self = g_new0(CasaLatestValues, 1);

  self->catalogue = catalogue;
  self->city = city;
  self->indicators = casa_indicators_ref(indicators);
  self->stations = g_ptr_array_new_with_free_func(free_station);
  self->series = g_array_new(FALSE, FALSE, sizeof(Series));
  self->generation = G_MAXUINT;
  casa_latest_values_refresh(self);
  return self;
}

void
casa_latest_values_free(CasaLatestValues *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->stations);
  g_array_unref(self->series);
  casa_indicators_unref(self->indicators);
  g_free(self);
}
