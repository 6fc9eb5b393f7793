/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/unusual.h"
#include "base/time-units.h"
#include "city/city-calendar.h"
#include "city/city-zone.h"
#include "series/members.h"
#include "store/columns.h"
#include "ui/data/study.h"
#include <math.h>
#include <string.h>

#define STEP ((gint64)CASA_ANOMALY_STEP_MS)
#define LEARNED_MS (28 * CASA_DAY_MS)
#define SETTLE_MS CASA_MINUTE_MS      /* after a step: stations that report seldom belong to it, too */
#define EVERY_US (2 * G_USEC_PER_SEC) /* the store is not asked more often, when a replay runs fast */
#define BEFORE_STEPS 12               /* what a station was before an alert began */
#define MOVED_SHARE 0.3               /* of what the whole moved, a station's part: then it agrees */

/* What is watched: an indicator's stations of one place, and what was learned of them. */
typedef struct {
  const CasaIndicator *indicator;
  char place[CASA_UNUSUAL_PLACE];
  GArray *series; /* guint */
  CasaAnomaly *anomaly;
  gint64 end_ms;          /* of what it was told */
  CasaUnusualAlert alert; /* the newest; indicator NULL: there was none */
} Watched;

struct _CasaUnusual {
  CasaCatalogue *catalogue; /* not owned; safe from any thread */
  const CasaCity *city;     /* not owned, immutable */
  CasaStudy *study;
  GArray *watched; /* Watched; the study's thread only */
  void (*changed)(gpointer data);
  gpointer data;
  /* owner's thread only */
  GArray *alerts; /* CasaUnusualAlert */
};

static void
clear_watched(gpointer data)
{
  Watched *w = data;

  g_array_unref(w->series);
  casa_anomaly_free(w->anomaly);
}

/* --- The thread: who belongs where --- */

/* The place of a series among those that @indicator is watched by; FALSE: it has none. */
static gboolean
place_of(CasaUnusual *self, const CasaIndicators *set, const CasaIndicator *indicator, guint series, char *out)
{
  const CasaStation *station = casa_catalogue_station(self->catalogue, casa_catalogue_series(self->catalogue, series)->station);
  const char *id = "";
  g_autofree char *line = NULL;

  if (indicator->unusual_by == CASA_BY_DISTRICT) {
    const CasaDistrict *district =
      station->has_position ? casa_city_district_at(self->city, (CasaLonLat){ station->lon, station->lat }) : NULL;
    id = district ? district->id : NULL;
  } else if (indicator->unusual_by == CASA_BY_LINE) {
    const CasaStationKind *kind = casa_indicators_kind(set, station->source, station->station, station->kind);
    id = line = kind ? casa_station_kind_line(kind, station->station) : NULL;
  }
  return id && g_strlcpy(out, id, CASA_UNUSUAL_PLACE) < CASA_UNUSUAL_PLACE;
}

static Watched *
watched_at(GArray *all, const CasaIndicator *indicator, const char *place)
{
  for (guint i = 0; i < all->len; i++) {
    Watched *w = &g_array_index(all, Watched, i);
    if (w->indicator == indicator && g_str_equal(w->place, place))
      return w;
  }
  Watched fresh = { .indicator = indicator,
                    .series = g_array_new(FALSE, FALSE, sizeof(guint)),
                    .anomaly = casa_anomaly_new(indicator->unusual) };
  g_strlcpy(fresh.place, place, sizeof fresh.place);
  g_array_append_val(all, fresh);
  return &g_array_index(all, Watched, all->len - 1);
}

/* New stations join; nobody leaves. */
static void
gather(CasaUnusual *self, CasaIndicators *set, GArray *all)
{
  for (guint i = 0; i < all->len; i++)
    g_array_set_size(g_array_index(all, Watched, i).series, 0);
  for (guint i = 0; i < casa_indicators_n(set); i++) {
    const CasaIndicator *indicator = casa_indicators_get(set, i);
    char place[CASA_UNUSUAL_PLACE];
    if (!(indicator->unusual > 0))
      continue;
    g_autoptr(GArray) members = casa_members_of(self->catalogue, G_MAXUINT, set, indicator);
    for (guint k = 0; k < members->len; k++) {
      const guint series = g_array_index(members, guint, k);
      if (place_of(self, set, indicator, series, place))
        g_array_append_val(watched_at(all, indicator, place)->series, series);
    }
  }
}

/* --- The thread: what is unusual --- */

static CasaColumnFold
fold_of(const CasaIndicator *indicator)
{
  switch (indicator->fold) {
  case CASA_STATIONS_SUM: return CASA_COLUMNS_SUM;
  case CASA_STATIONS_MEDIAN: return CASA_COLUMNS_MEDIAN;
  case CASA_STATIONS_MAX: return CASA_COLUMNS_HIGHEST;
  case CASA_STATIONS_MIN: return CASA_COLUMNS_LOWEST;
  default: return CASA_COLUMNS_MEAN;
  }
}

/* Steps of [@from_ms, @to_ms). NULL: they cannot be read. */
static CasaColumns *
read_steps(CasaUnusual *self, CasaReader *reader, const Watched *w, const guint *series, guint n, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GError) error = NULL;
  const CasaColumnQuery query = { .series = series,
                                  .n_series = n,
                                  .fold = n == 1 ? CASA_COLUMNS_ONE : fold_of(w->indicator),
                                  .least_share = w->indicator->fresh,
                                  .from_ms = from_ms,
                                  .to_ms = to_ms,
                                  .columns = (guint)((to_ms - from_ms) / STEP),
                                  .step_ms = STEP };
  CasaColumns *columns = n ? casa_reader_columns(reader, &query, NULL, casa_study_quit(self->study), &error) : NULL;

  if (error && !g_atomic_int_get(casa_study_quit(self->study)))
    g_warning("unusual: %s", error->message);
  if (!columns || columns->width_ms == STEP)
    return columns;
  casa_columns_free(columns);
  return NULL;
}

typedef struct {
  guint slot;
  gint64 day;
  CasaDayKind kind;
} LocalStep;

static LocalStep
local_step(gint64 t_ms)
{
  GTimeZone *zone = casa_city_zone(t_ms);
  const gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, t_ms / 1000);
  const gint64 local_ms = t_ms + g_time_zone_get_offset(zone, interval) * G_GINT64_CONSTANT(1000);
  static const CasaDayKind kinds[] = { CASA_DAY_WORKING, CASA_DAY_FRIDAY,  CASA_DAY_SATURDAY, CASA_DAY_SUNDAY,
                                       CASA_DAY_WORKING, CASA_DAY_WORKING, CASA_DAY_WORKING }; /* 1 January 1970: a Thursday */

  const gint64 day = local_ms / CASA_DAY_MS;

  return (LocalStep){ (guint)(local_ms % CASA_DAY_MS / STEP), day,
                      casa_city_holiday(day) != CASA_HOLIDAY_NONE ? CASA_DAY_SUNDAY : kinds[day % 7] };
}

static void
take_verdict(Watched *w, gint64 t_ms, const LocalStep *at, double value, const CasaAnomalyVerdict *v)
{
  CasaUnusualAlert *alert = &w->alert;

  if (!v->lasts) {
    alert->lasts = FALSE;
    return;
  }
  if (v->begins || !alert->indicator || alert->since_ms != v->since_ms)
    *alert = (CasaUnusualAlert){ .indicator = w->indicator, .since_ms = v->since_ms };
  g_strlcpy(alert->place, w->place, sizeof alert->place);
  alert->lasts = TRUE;
  alert->until_ms = t_ms + STEP;
  alert->value = value;
  alert->expected = v->expected;
  if (fabs(v->score) > fabs(alert->score)) {
    alert->score = v->score;
    alert->rank = v->rank;
    alert->of = v->of;
    alert->day = at->kind;
  }
}

static void
learn(CasaUnusual *self, CasaReader *reader, Watched *w, gint64 end_ms)
{
  const gint64 from_ms = MAX(w->end_ms, end_ms - LEARNED_MS);
  g_autoptr(CasaColumns) columns =
    from_ms < end_ms ? read_steps(self, reader, w, (const guint *)(gpointer)w->series->data, w->series->len, from_ms, end_ms)
                     : NULL;

  for (guint i = 0; columns && i < columns->n && !g_atomic_int_get(casa_study_quit(self->study)); i++) {
    const gint64 t_ms = columns->from_ms + (gint64)i * STEP;
    const double value = columns->columns[i].mean;
    const LocalStep at = local_step(t_ms);
    CasaAnomalyVerdict v;
    if (t_ms < w->end_ms || t_ms >= end_ms || !isfinite(value))
      continue;
    casa_anomaly_add(w->anomaly, t_ms, at.slot, at.kind, at.day, value, &v);
    take_verdict(w, t_ms, &at, value, &v);
  }
  if (columns)
    w->end_ms = end_ms;
}

/* Mean of the steps of @columns in [@from_ms, @to_ms); NAN: none is known. */
static double
mean_between(const CasaColumns *columns, gint64 from_ms, gint64 to_ms)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < columns->n; i++) {
    const gint64 t_ms = columns->from_ms + (gint64)i * STEP;
    if (t_ms < from_ms || t_ms >= to_ms || !isfinite(columns->columns[i].mean))
      continue;
    sum += columns->columns[i].mean;
    n++;
  }
  return n ? sum / n : NAN;
}

/* How many of the stations moved the same way when it began: one that is wrong moves alone. */
static void
ask_stations(CasaUnusual *self, CasaReader *reader, const Watched *w, CasaUnusualAlert *alert)
{
  const double whole = alert->value - alert->expected,
               least = fabs(whole) * MOVED_SHARE / (w->indicator->fold == CASA_STATIONS_SUM ? w->series->len : 1);

  alert->n_stations = w->series->len;
  alert->n_agree = 0;
  for (guint i = 0; i < w->series->len && !g_atomic_int_get(casa_study_quit(self->study)); i++) {
    const guint series = g_array_index(w->series, guint, i);
    g_autoptr(CasaColumns) columns =
      read_steps(self, reader, w, &series, 1, alert->since_ms - BEFORE_STEPS * STEP, alert->until_ms);
    const double moved = columns ? mean_between(columns, alert->since_ms, alert->until_ms) -
                                     mean_between(columns, alert->since_ms - BEFORE_STEPS * STEP, alert->since_ms)
                                 : NAN;
    alert->n_agree += isfinite(moved) && fabs(moved) >= least && (moved < 0) == (whole < 0);
  }
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  const CasaUnusualAlert *x = a, *y = b;

  if (x->lasts != y->lasts)
    return y->lasts - x->lasts;
  return fabs(x->score) < fabs(y->score) ? 1 : fabs(x->score) > fabs(y->score) ? -1 : 0;
}

static void
find(CasaUnusual *self, CasaReader *reader, CasaIndicators *set, gint64 end_ms, GArray *alerts)
{
  gather(self, set, self->watched);
  for (guint i = 0; i < self->watched->len && !g_atomic_int_get(casa_study_quit(self->study)); i++) {
    Watched *w = &g_array_index(self->watched, Watched, i);
    learn(self, reader, w, end_ms);
    if (!w->alert.indicator || end_ms - w->alert.until_ms > CASA_UNUSUAL_TOLD_MS)
      continue;
    ask_stations(self, reader, w, &w->alert);
    g_array_append_val(alerts, w->alert);
  }
  g_array_sort(alerts, compare);
}

static gpointer
work_cb(CasaReader *reader, CasaIndicators *indicators, gint64 end_ms, gboolean anew, gpointer data)
{
  CasaUnusual *self = data;
  GArray *alerts = g_array_new(FALSE, FALSE, sizeof(CasaUnusualAlert));

  if (anew)
    g_array_set_size(self->watched, 0);
  if (reader)
    find(self, reader, indicators, end_ms, alerts);
  return alerts;
}

/* --- The owner --- */

static void
answered_cb(gpointer answer, CasaIndicators *indicators, gint64 end_ms, gpointer data)
{
  CasaUnusual *self = data;
  const GArray *alerts = answer;

  g_array_set_size(self->alerts, 0);
  g_array_append_vals(self->alerts, alerts->data, alerts->len);
  self->changed(self->data);
}

static void
free_alerts(gpointer alerts)
{
  g_array_unref(alerts);
}

static const CasaStudyKind KIND = { "casa-unusual", work_cb, answered_cb, free_alerts };

void
casa_unusual_want(CasaUnusual *self, CasaIndicators *indicators, gint64 now_ms)
{
  /* What was found points into the set before. */
  if (casa_study_follow(self->study, indicators, (now_ms - SETTLE_MS) / STEP * STEP, EVERY_US))
    g_array_set_size(self->alerts, 0);
}

void
casa_unusual_forget(CasaUnusual *self)
{
  casa_study_forget(self->study);
}

const GArray *
casa_unusual_alerts(const CasaUnusual *self)
{
  return self->alerts;
}

CasaUnusual *
casa_unusual_new(const char *path, CasaCatalogue *catalogue, const CasaCity *city, void (*changed)(gpointer data),
                 gpointer data)
{
  CasaUnusual *self = g_new0(CasaUnusual, 1);

  self->catalogue = catalogue;
  self->city = city;
  self->changed = changed;
  self->data = data;
  self->alerts = g_array_new(FALSE, FALSE, sizeof(CasaUnusualAlert));
  self->watched = g_array_new(FALSE, TRUE, sizeof(Watched));
  g_array_set_clear_func(self->watched, clear_watched);
  self->study = casa_study_new(path, &KIND, self);
  return self;
}

void
casa_unusual_free(CasaUnusual *self)
{
  if (!self)
    return;
  casa_study_free(self->study);
  g_array_unref(self->watched);
  g_array_unref(self->alerts);
  g_free(self);
}
