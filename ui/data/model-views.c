/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/model-private.h"

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

const CasaPyramid *
casa_model_recent(CasaModel *self, const CasaIndicator *indicator)
{
  return casa_curves_recent(self->curves, indicator);
}

const CasaForecastLines *
casa_model_forecast(CasaModel *self, const CasaIndicator *indicator)
{
  return casa_forecasts_get(self->forecasts, indicator);
}

const GArray *
casa_model_unusual(CasaModel *self)
{
  return casa_unusual_alerts(self->unusual);
}

const CasaDoubtful *
casa_model_doubtful(CasaModel *self)
{
  return self->doubtful;
}

const CasaPyramid *
casa_model_without(CasaModel *self, const CasaIndicator *indicator)
{
  return casa_twin_curve(self->twin, indicator->index);
}

double
casa_model_toll(CasaModel *self, const char *name, gint64 start_ms)
{
  return casa_twin_toll(self->twin, name, start_ms, self->summary.now_ms);
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
  const CasaFigureSource source = casa_model_figure_source(self);
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
  const CasaModelEntry *entry = &self->entries[indicator->index];

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

const CasaConfig *
casa_model_config(CasaModel *self)
{
  return self->source.config;
}

CasaKeepsakes *
casa_model_keepsakes(CasaModel *self)
{
  return self->source.keepsakes;
}

CasaTeamGate *
casa_model_gate(CasaModel *self)
{
  return self->source.gate;
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

CasaReports *
casa_model_reports(CasaModel *self)
{
  return self->reports;
}

CasaGovernance *
casa_model_governance(CasaModel *self)
{
  return self->governance;
}

const char *
casa_model_store_path(CasaModel *self)
{
  return self->source.store_path;
}

const char *
casa_model_config_dir(CasaModel *self)
{
  return self->config_dir;
}

const CasaTwin *
casa_model_twin(CasaModel *self)
{
  return self->twin;
}

CasaPeaks *
casa_model_peaks(CasaModel *self)
{
  return self->peaks;
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
