/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/figures-now.h"
#include "series/members.h"

#include <math.h>

typedef struct {
  CasaCatalogue *catalogue;
  const CasaIndicators *set;
  gint64 now_ms;
  GArray *values; /* CasaLatest by CasaSeriesInfo.id; t_ms 0: nothing is known */
} Newest;

static const CasaLatest *
fresh(const Newest *newest, guint series)
{
  const CasaLatest *one = &g_array_index(newest->values, CasaLatest, series);

  return one->t_ms > newest->now_ms - CASA_FIGURES_FRESH_MS && one->t_ms <= newest->now_ms + CASA_FIGURES_FRESH_MS ? one : NULL;
}

static void
add(const Newest *newest, CasaFigureNow *figure, guint station, gint64 t_ms)
{
  figure->n++;
  figure->t_ms = MAX(figure->t_ms, t_ms);
  figure->simulated |= casa_catalogue_station(newest->catalogue, station)->simulated;
}

/* Of an indicator that has a metric. */
static gboolean
fold(const Newest *newest, CasaFigureNow *figure)
{
  g_autoptr(GArray) members = casa_members_of(newest->catalogue, newest->values->len, newest->set, figure->indicator);
  g_autofree double *values = g_new(double, MAX(members->len, 1));

  for (guint i = 0; i < members->len; i++) {
    guint series = g_array_index(members, guint, i);
    const CasaLatest *one = fresh(newest, series);
    figure->known += g_array_index(newest->values, CasaLatest, series).t_ms > 0;
    if (!one)
      continue;
    values[figure->n] = one->value;
    add(newest, figure, casa_catalogue_series(newest->catalogue, series)->station, one->t_ms);
  }
  if (figure->n == 0 || figure->n < figure->indicator->fresh * figure->known)
    return FALSE;
  figure->value = casa_members_fold(figure->indicator, values, figure->n);
  return isfinite(figure->value);
}

/* How many stations say anything. Where nobody at all is heard, that is no count of who runs. */
static gboolean
count(const Newest *newest, CasaFigureNow *figure)
{
  guint n_stations = casa_catalogue_n_stations(newest->catalogue);
  g_autofree gint64 *heard = g_new0(gint64, MAX(n_stations, 1));
  gboolean anybody = FALSE;

  for (guint i = 0; i < newest->values->len; i++) {
    guint station = casa_catalogue_series(newest->catalogue, i)->station;
    const CasaLatest *one = fresh(newest, i);
    heard[station] = MAX(heard[station], one ? one->t_ms : 0);
    anybody |= one != NULL;
  }
  for (guint i = 0; i < n_stations; i++) {
    const CasaStation *station = casa_catalogue_station(newest->catalogue, i);
    const CasaStationKind *kind = casa_indicators_kind(newest->set, station->source, station->station, station->kind);
    if (!casa_indicator_takes(newest->set, figure->indicator, station->source, station->domain,
                              kind ? kind->id : station->kind))
      continue;
    figure->known++;
    if (heard[i] > 0)
      add(newest, figure, i, heard[i]);
  }
  figure->value = figure->n;
  return anybody && figure->known > 0;
}

static gboolean work_out(const Newest *newest, CasaFigureNow *figure);

static gboolean
ratio(const Newest *newest, CasaFigureNow *figure)
{
  CasaFigureNow part = { .indicator = figure->indicator->part }, whole = { .indicator = figure->indicator->whole };

  if (!work_out(newest, &part) || !work_out(newest, &whole) || whole.value <= 0)
    return FALSE;
  figure->value = 100 * part.value / whole.value;
  figure->t_ms = MAX(part.t_ms, whole.t_ms);
  figure->n = part.n + whole.n;
  figure->known = part.known + whole.known;
  figure->simulated = part.simulated || whole.simulated;
  return TRUE;
}

static gboolean
work_out(const Newest *newest, CasaFigureNow *figure)
{
  const CasaIndicator *indicator = figure->indicator;

  if (indicator->whose != CASA_OF_CITY || indicator->over_ms > 0)
    return FALSE;
  switch (indicator->fold) {
  case CASA_STATIONS_COUNT: return count(newest, figure);
  case CASA_STATIONS_RATIO: return ratio(newest, figure);
  case CASA_STATIONS_SOURCES:
  case CASA_STATIONS_INDEX: return FALSE;
  default: return fold(newest, figure);
  }
}

GArray *
casa_figures_now(CasaReader *reader, const CasaIndicators *set, gint64 now_ms, GError **error)
{
  g_autoptr(CasaCatalogue) catalogue = casa_reader_catalogue(reader, error);
  g_autoptr(GArray) latest = catalogue ? casa_reader_latest(reader, error) : NULL;

  if (!latest)
    return NULL;
  g_autoptr(GArray) values = g_array_new(FALSE, TRUE, sizeof(CasaLatest));
  g_array_set_size(values, casa_catalogue_n_series(catalogue));
  for (guint i = 0; i < latest->len; i++) {
    const CasaLatest *one = &g_array_index(latest, CasaLatest, i);
    if (one->series < values->len)
      g_array_index(values, CasaLatest, one->series) = *one;
  }
  const Newest newest = { catalogue, set, now_ms, values };
  GArray *figures = g_array_new(FALSE, FALSE, sizeof(CasaFigureNow));
  for (guint i = 0; i < casa_indicators_n(set); i++) {
    CasaFigureNow figure = { .indicator = casa_indicators_get(set, i) };
    if (work_out(&newest, &figure))
      g_array_append_val(figures, figure);
  }
  return figures;
}
