/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/figures.h"
#include "series/members.h"
#include <math.h>

#define APART_MS (10 * 60 * 1000) /* parts of a ratio that are further apart in time belong to two moments */

/* Values that belong to one moment. */
typedef struct {
  GArray *values;   /* CasaFigure of one series each */
  gint64 newest_ms; /* of all known ones */
  guint known;
} Pick;

const CasaSeriesMeans *
casa_figures_means(const GArray *means, guint series)
{
  guint low = 0, high = means ? means->len : 0;

  while (low < high) {
    guint middle = (low + high) / 2;
    const CasaSeriesMeans *at = &g_array_index(means, CasaSeriesMeans, middle);
    if (at->series == series)
      return at;
    if (at->series < series)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static CasaMean
mean_over(const CasaFigureSource *source, guint series, gint64 over_ms)
{
  const CasaSeriesMeans *means = casa_figures_means(source->means, series);

  if (!means)
    return (CasaMean){ NAN, 0 };
  return over_ms >= 24 * 3600000 ? means->day : over_ms >= 3600000 ? means->hour : means->ten_minutes;
}

static gboolean
is_whole(const CasaIndicator *indicator, const CasaFigure *figure)
{
  return indicator->over_ms == 0 || (double)figure->covered_ms >= CASA_MEAN_WHOLE * (double)indicator->over_ms;
}

static void
judge(const CasaIndicator *indicator, CasaFigure *figure)
{
  figure->class = indicator->scale && figure->state != CASA_STATE_NONE && is_whole(indicator, figure)
                    ? casa_scale_class(indicator->scale, figure->value, indicator->decimals)
                    : G_MAXUINT;
}

static const CasaFigure NOTHING = { .value = NAN, .station = G_MAXUINT, .part = G_MAXUINT, .class = G_MAXUINT };

CasaFigure
casa_figure_of_series(const CasaFigureSource *source, const CasaIndicator *indicator, guint series)
{
  const CasaValue *value = casa_latest_values_get(source->latest, series);
  const CasaStationValues *station = casa_latest_values_owner(source->latest, series);
  CasaFigure figure = NOTHING;

  /* A value from a time that has not come yet was measured before the clock was set back. */
  if (!value || !station->known || value->t_ms > source->now_ms + CASA_LATEST_AHEAD_MS)
    return figure;
  gboolean live = value->live && casa_station_is_alive(station, source->now_ms);
  double now = value->value;
  if (source->twin)
    casa_twin_value(source->twin, series, source->now_ms, &now);
  CasaMean mean = indicator->over_ms ? mean_over(source, series, indicator->over_ms) : (CasaMean){ now, 0 };
  if (!isfinite(mean.value) || (indicator->live_only && !live))
    return figure;
  figure = (CasaFigure){ .value = mean.value,
                         .state = live ? CASA_STATE_LIVE : CASA_STATE_LAST,
                         .from = station->simulated ? CASA_FROM_SIMULATOR : 0,
                         .t_ms = value->t_ms,
                         .n = 1,
                         .known = 1,
                         .station = station->id,
                         .covered_ms = mean.covered_ms };
  judge(indicator, &figure);
  return figure;
}

/* When the newest value of all was measured, and how many there are. */
static void
look_around(const CasaFigureSource *source, const GArray *members, Pick *out)
{
  for (guint i = 0; i < members->len; i++) {
    const CasaValue *value = casa_latest_values_get(source->latest, g_array_index(members, guint, i));
    if (!value || value->t_ms > source->now_ms + CASA_LATEST_AHEAD_MS)
      continue;
    out->newest_ms = MAX(out->newest_ms, value->t_ms);
    out->known++;
  }
}

/* Values that belong to one moment: those not older than their station's patience before the newest of all. So a picture
 * of the past (link lost, program reopened) is as whole as a live one. */
static Pick
pick(const CasaFigureSource *source, const CasaIndicator *indicator, const GArray *members)
{
  Pick self = { .values = g_array_new(FALSE, FALSE, sizeof(CasaFigure)) };
  gboolean whole = FALSE;

  look_around(source, members, &self);
  for (guint i = 0; i < members->len; i++) {
    guint series = g_array_index(members, guint, i);
    CasaFigure figure = casa_figure_of_series(source, indicator, series);
    const CasaStationValues *station = casa_latest_values_owner(source->latest, series);
    if (figure.state == CASA_STATE_NONE || figure.t_ms < self.newest_ms - casa_station_patience_ms(station))
      continue;
    g_array_append_val(self.values, figure);
    whole |= is_whole(indicator, &figure);
  }
  /* A mean of an hour and one of a minute are no equals: beside a whole one the others wait. */
  for (guint i = self.values->len; whole && i > 0; i--)
    if (!is_whole(indicator, &g_array_index(self.values, CasaFigure, i - 1)))
      g_array_remove_index(self.values, i - 1);
  return self;
}

/* The one that a highest or lowest value is of. */
static const CasaFigure *
whose(const CasaIndicator *indicator, const Pick *pick, double value)
{
  if (indicator->fold != CASA_STATIONS_MAX && indicator->fold != CASA_STATIONS_MIN && pick->values->len != 1)
    return NULL;
  for (guint i = 0; i < pick->values->len; i++) {
    const CasaFigure *figure = &g_array_index(pick->values, CasaFigure, i);
    if (figure->value == value)
      return figure;
  }
  return NULL;
}

static CasaFigure
fold_pick(const CasaIndicator *indicator, const Pick *pick)
{
  guint n = pick->values->len;
  g_autofree double *values = g_new(double, MAX(n, 1));
  CasaFigure figure = NOTHING;

  figure.known = pick->known;
  for (guint i = 0; i < n; i++)
    values[i] = g_array_index(pick->values, CasaFigure, i).value;
  if (n == 0 || n < indicator->fresh * pick->known)
    return figure;
  figure.value = casa_members_fold(indicator, values, n);
  if (!isfinite(figure.value))
    return figure;
  figure.state = CASA_STATE_LAST;
  figure.n = n;
  figure.covered_ms = indicator->over_ms;
  for (guint i = 0; i < n; i++) {
    const CasaFigure *one = &g_array_index(pick->values, CasaFigure, i);
    figure.state = MAX(figure.state, one->state);
    figure.from |= one->from;
    figure.t_ms = MAX(figure.t_ms, one->t_ms);
    figure.covered_ms = MIN(figure.covered_ms, one->covered_ms);
  }
  const CasaFigure *place = whose(indicator, pick, figure.value);
  figure.station = place ? place->station : G_MAXUINT;
  return figure;
}

static gboolean
takes_station(const CasaFigureSource *source, const CasaIndicator *indicator, const CasaStationValues *station,
              const CasaStation *info)
{
  const CasaIndicators *set = casa_latest_values_indicators(source->latest);

  return station->known &&
         casa_indicator_takes(set, indicator, info->source, info->domain, station->kind ? station->kind->id : info->kind);
}

/* Stations, or their publishers, that report now, of those heard within a day: who left for good is not missed for ever. */
static CasaFigure
count_stations(const CasaFigureSource *source, const CasaIndicator *indicator)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(source->latest);
  g_autoptr(GHashTable) alive = g_hash_table_new(g_str_hash, g_str_equal), known = g_hash_table_new(g_str_hash, g_str_equal);
  gboolean sources = indicator->fold == CASA_STATIONS_SOURCES, any = sources;
  CasaFigure figure = NOTHING;

  for (guint i = 0; i < casa_latest_values_n_stations(source->latest); i++) {
    const CasaStationValues *station = casa_latest_values_station(source->latest, i);
    const CasaStation *info = casa_catalogue_station(catalogue, i);
    if (!takes_station(source, indicator, station, info))
      continue;
    any = TRUE;
    if (station->t_ms < source->now_ms - CASA_COUNTED_MS)
      continue;
    gboolean now = casa_station_is_alive(station, source->now_ms);
    figure.known += sources ? g_hash_table_add(known, info->source) : 1;
    figure.n += sources ? now && g_hash_table_add(alive, info->source) : now;
    figure.t_ms = MAX(figure.t_ms, station->live_ms);
    figure.from |= station->simulated ? CASA_FROM_SIMULATOR : 0;
  }
  if (!source->link_up || !any)
    return figure;
  figure.value = figure.n;
  figure.state = CASA_STATE_LIVE;
  return figure;
}

CasaFigure
casa_figure_of_stations(const CasaFigureSource *source, const CasaIndicator *indicator, const GArray *members)
{
  if (indicator->fold == CASA_STATIONS_COUNT || indicator->fold == CASA_STATIONS_SOURCES)
    return count_stations(source, indicator);
  Pick p = pick(source, indicator, members);
  CasaFigure figure = fold_pick(indicator, &p);
  g_array_unref(p.values);
  judge(indicator, &figure);
  return figure;
}

static CasaFigure
ratio_of(const CasaFigure *part, const CasaFigure *whole)
{
  CasaFigure figure = NOTHING;

  figure.known = MIN(part->known, whole->known);
  if (part->state == CASA_STATE_NONE || whole->state == CASA_STATE_NONE || !(whole->value > 0) ||
      ABS(part->t_ms - whole->t_ms) > APART_MS)
    return figure;
  figure.value = 100 * part->value / whole->value;
  figure.state = MIN(part->state, whole->state);
  figure.from = part->from | whole->from;
  figure.t_ms = MIN(part->t_ms, whole->t_ms);
  figure.n = MIN(part->n, whole->n);
  return figure;
}

static CasaFigure
index_of(const CasaIndicator *indicator, const CasaFigure *figures)
{
  CasaFigure figure = NOTHING;

  for (guint i = 0; indicator->parts[i]; i++) {
    const CasaFigure *part = &figures[indicator->parts[i]->index];
    figure.known++;
    if (part->class == G_MAXUINT)
      continue;
    figure.n++;
    figure.state = MAX(figure.state, part->state);
    figure.from |= part->from;
    figure.t_ms = MAX(figure.t_ms, part->t_ms);
    if (isfinite(figure.value) && part->class + 1 <= figure.value)
      continue;
    figure.value = part->class + 1;
    figure.station = part->station;
    figure.part = i;
  }
  return figure;
}

CasaFigure
casa_figure_of_figures(const CasaIndicator *indicator, const CasaFigure *figures)
{
  CasaFigure figure = indicator->fold == CASA_STATIONS_RATIO
                        ? ratio_of(&figures[indicator->part->index], &figures[indicator->whole->index])
                        : index_of(indicator, figures);

  if (indicator->live_only && figure.state != CASA_STATE_LIVE)
    figure = NOTHING;
  judge(indicator, &figure);
  return figure;
}

/* A station of the field. */
typedef struct {
  CasaLonLat at;
  const CasaDistrict *district;
  double value;
} Site;

static GArray *
sites_of(const CasaFigureSource *source, const CasaIndicator *indicator, const GArray *members, const CasaCity *city)
{
  GArray *sites = g_array_new(FALSE, FALSE, sizeof(Site));
  Pick p = pick(source, indicator, members);

  for (guint i = 0; i < p.values->len; i++) {
    const CasaFigure *figure = &g_array_index(p.values, CasaFigure, i);
    const CasaStation *info = casa_catalogue_station(casa_latest_values_catalogue(source->latest), figure->station);
    if (figure->class == G_MAXUINT || !info->has_position)
      continue;
    CasaLonLat at = { info->lon, info->lat };
    Site site = { at, casa_city_district_at(city, at), figure->value };
    g_array_append_val(sites, site);
  }
  g_array_unref(p.values);
  return sites;
}

static double
district_value(const GArray *sites, const CasaDistrict *district)
{
  double inside = 0, weighted = 0, weights = 0;
  guint n_inside = 0;

  for (guint i = 0; i < sites->len; i++) {
    const Site *site = &g_array_index(sites, Site, i);
    if (site->district == district) {
      inside += site->value;
      n_inside++;
    }
    double km = MAX(casa_distance_km(site->at, district->centroid), 0.1);
    weighted += site->value / (km * km);
    weights += 1 / (km * km);
  }
  if (n_inside)
    return inside / n_inside;
  return weights > 0 ? weighted / weights : NAN;
}

guint
casa_figures_field(const CasaFigureSource *source, const CasaIndicator *indicator, const GArray *members, const CasaCity *city,
                   double *out)
{
  g_autoptr(GArray) sites = sites_of(source, indicator, members, city);
  double unit = pow(10, indicator->decimals);

  for (guint i = 0; i < city->n_districts; i++)
    out[i] = round(district_value(sites, &city->districts[i]) * unit) / unit;
  return sites->len;
}
