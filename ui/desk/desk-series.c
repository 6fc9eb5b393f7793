/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/series-list.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"

gboolean
casa_desk_is_live(const CasaDesk *desk, guint series)
{
  CasaLatestValues *latest = casa_model_latest(desk->model);
  const CasaValue *value = casa_latest_values_get(latest, series);
  const CasaStationValues *station = casa_latest_values_owner(latest, series);

  return value && value->live && station && casa_station_is_alive(station, casa_model_summary(desk->model)->now_ms);
}

char *
casa_desk_path(const CasaDesk *desk, guint series)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(desk->model));
  const CasaSeriesInfo *info = casa_catalogue_series(catalogue, series);
  const CasaStation *station = info ? casa_catalogue_station(catalogue, info->station) : NULL;

  return station ? g_strdup_printf("%s/%s/%s/%s", station->source, station->domain, station->station, info->metric) : NULL;
}

guint
casa_desk_series(const CasaDesk *desk, const char *path)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(desk->model));
  g_auto(GStrv) parts = g_strsplit(path, "/", 5);

  if (g_strv_length(parts) != 4)
    return G_MAXUINT;
  const guint station = casa_catalogue_find_station(catalogue, parts[0], parts[1], parts[2]);
  return station == G_MAXUINT ? G_MAXUINT : casa_catalogue_find_series(catalogue, station, parts[3]);
}

char *
casa_desk_metric_name(const CasaDesk *desk, guint series)
{
  CasaLatestValues *latest = casa_model_latest(desk->model);
  const CasaMetric *metric = casa_latest_values_metric(latest, series);

  if (!metric)
    return casa_name_tame(casa_catalogue_series(casa_latest_values_catalogue(latest), series)->metric);
  return g_strdup(casa_phrases_text(&(CasaText){ metric->name_fr, metric->name_en, metric->name_ar }));
}
