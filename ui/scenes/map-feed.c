/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/map-feed.h"
#include "city/map-sources.h"
#include "city/track.h"
#include "ui/scenes/map-rain.h"
#include "ui/scenes/map-usual.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define OLD_MS (15 * 60 * 1000) /* what was measured before says nothing of now */
#define OUT 0.05                /* of what is usual: a district that takes less is without current */
#define HALF 0.5                /* …and less than that is worth pointing at */
#define LET_GO 0.8              /* of what brings a field up: below that it goes again */
#define BUSY_FROM 1.3           /* times what is usual at a stop */
#define BUSY_FULL 2.2
#define BUSY_MOST 9 /* so many stops have rings at once */
#define ROAD_M 400  /* a station this near a road is of it */

static const char LOAD, LIGHT; /* what the model's peaks are of */

/* One station in a layer, and what it belongs to: a district, a road, or a stop, by index. */
typedef struct {
  guint station;
  guint target;
  double usual; /* boardings: mean so far */
  gint64 t_ms;  /* … of the newest report in it */
  double busy;  /* … how far above the usual, 0…1 */
} Member;

struct _CasaMapFeed {
  CasaModel *model;
  CasaMap *map;
  const CasaCity *city;
  GArray *members[CASA_N_MAP_SOURCES]; /* Member */
  guint generation;
  GPtrArray *stops;                /* CasaStop of all lines */
  GPtrArray *stop_lines;           /* CasaLine of each */
  double *load, *light;            /* [n_districts] now */
  double *highest, *highest_light; /* …and the highest since the model began, which is the model's */
  CasaMapUsual *usual;             /* raises them by what is stored of the last day */
  gboolean in_field;
  const CasaTwin *twin;     /* what stations would say, while the other side is worked out; NULL: what they say */
  const CasaDistrict *dark; /* takes least of what is usual, where that is less than half */
  double dark_share;
};

CasaMapFeed *
casa_map_feed_new(CasaModel *model, CasaMap *map)
{
  CasaMapFeed *self = g_new0(CasaMapFeed, 1);
  guint n;

  self->model = model;
  self->map = map;
  self->city = casa_model_city(model);
  self->stops = g_ptr_array_new();
  self->stop_lines = g_ptr_array_new();
  for (guint l = 0; l < self->city->n_lines; l++)
    for (guint s = 0; s < self->city->lines[l].n_stops; s++) {
      g_ptr_array_add(self->stops, &self->city->lines[l].stops[s]);
      g_ptr_array_add(self->stop_lines, &self->city->lines[l]);
    }
  for (guint i = 0; i < CASA_N_MAP_SOURCES; i++)
    self->members[i] = g_array_new(FALSE, FALSE, sizeof(Member));
  n = MAX(self->city->n_districts, 1);
  self->load = g_new0(double, n);
  self->light = g_new0(double, n);
  self->highest = casa_peaks_of(casa_model_peaks(model), &LOAD, n);
  self->highest_light = casa_peaks_of(casa_model_peaks(model), &LIGHT, n);
  self->usual = casa_map_usual_new(model);
  self->generation = G_MAXUINT;
  return self;
}

void
casa_map_feed_free(CasaMapFeed *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < CASA_N_MAP_SOURCES; i++)
    g_array_unref(self->members[i]);
  g_ptr_array_unref(self->stops);
  g_ptr_array_unref(self->stop_lines);
  casa_map_usual_free(self->usual);
  g_free(self->load);
  g_free(self->light);
  g_free(self);
}

/* The id without what its kind puts before it: "road-bd-zerktouni" → "bd-zerktouni". */
static const char *
bare_id(const CasaStationKind *kind, const char *id)
{
  for (guint i = 0; kind->prefixes[i] != NULL; i++)
    if (g_str_has_prefix(id, kind->prefixes[i]))
      return id + strlen(kind->prefixes[i]);
  return id;
}

static guint
find_road(const CasaMapFeed *self, const char *id, CasaLonLat at)
{
  double nearest = ROAD_M;
  guint found = G_MAXUINT;

  for (guint i = 0; i < self->city->n_roads; i++)
    if (strcmp(self->city->roads[i].id, id) == 0)
      return i;
  for (guint i = 0; i < self->city->n_roads; i++) {
    const CasaPath *path = &self->city->roads[i].path;
    g_autofree double *km = casa_track_measure(path);
    CasaTrackFix fix;

    if (!casa_track_match(path, km, at, &fix) || fix.off_m >= nearest)
      continue;
    nearest = fix.off_m;
    found = i;
  }
  return found;
}

static guint
find_stop(const CasaMapFeed *self, const char *id)
{
  for (guint i = 0; i < self->stops->len; i++)
    if (strcmp(((const CasaStop *)self->stops->pdata[i])->id, id) == 0)
      return i;
  return G_MAXUINT;
}

static guint
find_district(const CasaMapFeed *self, const char *id, CasaLonLat at)
{
  const CasaDistrict *district = casa_city_district(self->city, id);

  if (district == NULL)
    district = casa_city_district_at(self->city, at);
  return district != NULL ? (guint)(district - self->city->districts) : G_MAXUINT;
}

static guint
target_of(const CasaMapFeed *self, CasaMapLayerId layer, const CasaStationKind *kind, const CasaStation *info)
{
  CasaLonLat at = { info->has_position ? info->lon : NAN, info->has_position ? info->lat : NAN };
  const char *id = bare_id(kind, info->station);

  switch (layer) {
  case CASA_MAP_OF_ROADS: return find_road(self, id, at);
  case CASA_MAP_OF_BOARDINGS: return find_stop(self, id);
  case CASA_MAP_OF_DISTRICTS:
  case CASA_MAP_OF_LAMPS: return find_district(self, id, at);
  default: return 0;
  }
}

/* Who belongs to which layer changes only when a station came or was described. TRUE: it has. */
static gboolean
sort_stations(CasaMapFeed *self)
{
  CasaLatestValues *latest = casa_model_latest(self->model);
  CasaCatalogue *catalogue = casa_latest_values_catalogue(latest);

  if (self->generation == casa_latest_values_generation(latest))
    return FALSE;
  self->generation = casa_latest_values_generation(latest);
  for (guint layer = 0; layer < CASA_N_MAP_SOURCES; layer++) {
    const CasaMapSource *source = casa_map_sources_get(self->city->sources, layer);

    g_array_set_size(self->members[layer], 0);
    for (guint i = 0; source->kind != NULL && i < casa_latest_values_n_stations(latest); i++) {
      const CasaStationValues *station = casa_latest_values_station(latest, i);
      Member member = { .station = i };

      if (station == NULL || !station->city || station->kind == NULL || strcmp(station->kind->id, source->kind) != 0)
        continue;
      member.target = target_of(self, layer, station->kind, casa_catalogue_station(catalogue, i));
      if (member.target != G_MAXUINT)
        g_array_append_val(self->members[layer], member);
    }
  }
  return TRUE;
}

/* Where a district has one station only its day is the district's: sums of several had their highest at different times. */
static void
ask_usual(CasaMapFeed *self, CasaMapLayerId layer, double *highest)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, layer);
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->model));
  g_autofree guint *n = g_new0(guint, MAX(self->city->n_districts, 1));

  for (guint i = 0; i < self->members[layer]->len; i++)
    n[g_array_index(self->members[layer], Member, i).target]++;
  for (guint i = 0; i < self->members[layer]->len; i++) {
    const Member *member = &g_array_index(self->members[layer], Member, i);
    const guint series = casa_catalogue_find_series(catalogue, member->station, source->metric);
    if (n[member->target] == 1 && series != G_MAXUINT)
      casa_map_usual_ask(self->usual, series, &highest[member->target]);
  }
}

/* What a member's station says now, or would say without what happens. FALSE: nothing, or nothing of today. */
static gboolean
value_of(const CasaMapFeed *self, const Member *member, const char *metric, CasaValue *out)
{
  CasaLatestValues *latest = casa_model_latest(self->model);
  const gint64 now_ms = casa_model_summary(self->model)->now_ms;
  const CasaStationValues *station = casa_latest_values_station(latest, member->station);
  const CasaValue *value = station != NULL ? casa_latest_values_of(latest, station, metric) : NULL;

  if (value == NULL || value->t_ms < now_ms - OLD_MS)
    return FALSE;
  *out = *value;
  if (self->twin != NULL) {
    const guint series = casa_catalogue_find_series(casa_latest_values_catalogue(latest), member->station, metric);
    casa_twin_value(self->twin, series, now_ms, &out->value);
  }
  return TRUE;
}

/* Sums per district into @out; NAN where no station says anything. Returns how many districts have one. */
static guint
sum_districts(const CasaMapFeed *self, CasaMapLayerId layer, double *out)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, layer);
  guint n = 0;

  for (guint i = 0; i < self->city->n_districts; i++)
    out[i] = NAN;
  for (guint i = 0; i < self->members[layer]->len; i++) {
    const Member *member = &g_array_index(self->members[layer], Member, i);
    CasaValue value;

    if (!value_of(self, member, source->metric, &value))
      continue;
    n += isnan(out[member->target]);
    out[member->target] = (isnan(out[member->target]) ? 0 : out[member->target]) + value.value;
  }
  return n;
}

static void
show_scale(CasaMapFeed *self, const CasaMapSource *source, CasaMapRamp ramp, const char *note)
{
  const char *lang = casa_lang_get();
  const CasaMapScale scale = { .title = casa_text_in(&source->title, lang),
                               .unit = casa_text_in(&source->unit, lang),
                               .note = note,
                               .ramp = ramp,
                               .min = source->min,
                               .max = source->max,
                               .limit = source->limit,
                               .limit_name = casa_text_in(&source->limit_name, lang),
                               .isoline = source->isoline };

  casa_map_set_scale(self->map, &scale);
}

/* As the map shows it: by area, where it is told so. (transfer full) */
static double *
district_values(const CasaMapFeed *self, const double *load)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_DISTRICTS);
  double *values = g_new(double, MAX(self->city->n_districts, 1));

  for (guint i = 0; i < self->city->n_districts; i++) {
    double area = self->city->districts[i].area_km2;

    values[i] = source->per_km2 && area > 0 ? load[i] / area : load[i];
  }
  return values;
}

static gboolean
show_districts(CasaMapFeed *self)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_DISTRICTS);
  guint n = sum_districts(self, CASA_MAP_OF_DISTRICTS, self->load);
  g_autofree double *values = district_values(self, self->load);

  for (guint i = 0; i < self->city->n_districts; i++)
    if (isfinite(self->load[i]))
      self->highest[i] = MAX(self->highest[i], self->load[i]);
  if (n == 0 || self->in_field)
    return FALSE;
  casa_map_set_field(self->map, NULL, 0);
  show_scale(self, source, CASA_MAP_RAMP_DENSITY, NULL);
  casa_map_set_districts(self->map, values);
  return TRUE;
}

static gint
compare_points(gconstpointer a, gconstpointer b)
{
  double d = ((const CasaMapPoint *)a)->value - ((const CasaMapPoint *)b)->value;

  return d < 0 ? -1 : d > 0;
}

static GArray *
field_points(const CasaMapFeed *self)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_FIELD);
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->model));
  GArray *points = g_array_new(FALSE, FALSE, sizeof(CasaMapPoint));

  for (guint i = 0; i < self->members[CASA_MAP_OF_FIELD]->len; i++) {
    const Member *member = &g_array_index(self->members[CASA_MAP_OF_FIELD], Member, i);
    const CasaStation *info = casa_catalogue_station(catalogue, member->station);
    CasaMapPoint point;
    CasaValue value;

    if (info == NULL || !info->has_position || !value_of(self, member, source->metric, &value))
      continue;
    point = (CasaMapPoint){ { info->lon, info->lat }, value.value };
    g_array_append_val(points, point);
  }
  return points;
}

/* It comes when the middle station says so much, and goes well below that: no flicker at the bound. */
static gboolean
show_field(CasaMapFeed *self)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_FIELD);
  g_autoptr(GArray) points = field_points(self), sorted = g_array_copy(points);
  g_autofree char *n = casa_lang_number(points->len, 0), *note = NULL;
  double middle;

  g_array_sort(sorted, compare_points);
  middle = sorted->len > 0 ? g_array_index(sorted, CasaMapPoint, sorted->len / 2).value : -INFINITY;
  self->in_field = points->len >= 3 && middle >= source->least * (self->in_field ? LET_GO : 1);
  if (!self->in_field)
    return FALSE;
  note = g_strdup_printf(_("dernières valeurs de %s stations · interpolé"), n);
  show_scale(self, source, CASA_MAP_RAMP_DUST, note);
  casa_map_set_field(self->map, (const CasaMapPoint *)(gpointer)points->data, points->len);
  return TRUE;
}

static gint
compare_doubles(gconstpointer a, gconstpointer b)
{
  double d = *(const double *)a - *(const double *)b;

  return d < 0 ? -1 : d > 0;
}

/* The middle district's share of its own highest: how far the lamps are up, how much the city takes at this hour. */
static double
usual_share(const CasaMapFeed *self, const double *values, const double *highest)
{
  g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(double));

  for (guint i = 0; i < self->city->n_districts; i++)
    if (isfinite(values[i]) && highest[i] > 0) {
      double share = values[i] / highest[i];

      g_array_append_val(shares, share);
    }
  g_array_sort(shares, compare_doubles);
  return shares->len > 0 ? g_array_index(shares, double, shares->len / 2) : NAN;
}

/* A district's share of its own highest, against the usual one: 1 as everywhere, 0 nothing. Where nothing is known, 1. */
static double
against_usual(double value, double highest, double usual)
{
  if (!isfinite(value) || !(usual > OUT))
    return 1;
  return highest > 0 ? CLAMP(value / highest / usual, 0, 1) : 0;
}

static void
find_dark_district(CasaMapFeed *self)
{
  double usual = usual_share(self, self->load, self->highest), least = HALF;

  self->dark = NULL;
  for (guint i = 0; i < self->city->n_districts; i++) {
    double share = against_usual(self->load[i], self->highest[i], usual);

    if (share >= least)
      continue;
    least = self->dark_share = share;
    self->dark = &self->city->districts[i];
  }
}

/* How much of each district's lighting works, of what its lamps and all of it take. (transfer full) */
static double *
lit_districts(const CasaMapFeed *self, const double *load, const double *light)
{
  double *lit = g_new(double, MAX(self->city->n_districts, 1));
  const double usual_light = usual_share(self, light, self->highest_light), usual_load = usual_share(self, load, self->highest);

  for (guint i = 0; i < self->city->n_districts; i++) {
    double taken = against_usual(load[i], self->highest[i], usual_load);

    lit[i] = against_usual(light[i], self->highest_light[i], usual_light);
    if (taken < HALF) /* by day, when no lamp tells */
      lit[i] = MIN(lit[i], taken);
  }
  return lit;
}

static void
show_lamps(CasaMapFeed *self)
{
  guint n = sum_districts(self, CASA_MAP_OF_LAMPS, self->light);

  for (guint i = 0; i < self->city->n_districts; i++)
    if (isfinite(self->light[i]))
      self->highest_light[i] = MAX(self->highest_light[i], self->light[i]);
  g_autofree double *lit = lit_districts(self, self->load, self->light);
  casa_map_set_lit(self->map, n > 0 && !self->in_field ? lit : NULL);
  find_dark_district(self);
}

static gboolean
is_fast(const CasaMapSource *source, const CasaRoad *road)
{
  return source->fast != NULL && road->klass != NULL && g_strv_contains((const char *const *)source->fast, road->klass);
}

/* Shares of the free speed; NULL: no road says anything. (transfer full) */
static double *
road_speeds(const CasaMapFeed *self)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_ROADS);
  double *speeds = g_new(double, MAX(self->city->n_roads, 1));
  gboolean any = FALSE;

  for (guint i = 0; i < self->city->n_roads; i++)
    speeds[i] = NAN;
  for (guint i = 0; i < self->members[CASA_MAP_OF_ROADS]->len; i++) {
    const Member *member = &g_array_index(self->members[CASA_MAP_OF_ROADS], Member, i);
    const CasaRoad *road = &self->city->roads[member->target];
    CasaValue value;

    if (!value_of(self, member, source->metric, &value))
      continue;
    speeds[member->target] = CLAMP(value.value / (is_fast(source, road) ? source->free_fast_kmh : source->free_kmh), 0, 1);
    any = TRUE;
  }
  if (!any)
    g_clear_pointer(&speeds, g_free);
  return speeds;
}

static void
show_roads(CasaMapFeed *self)
{
  g_autofree double *speeds = road_speeds(self);

  casa_map_set_roads(self->map, self->in_field ? NULL : speeds);
}

/* The usual is the mean of what the stop said so far; it takes a few reports before anything is unusual. */
static void
take_boarding(Member *member, const CasaValue *value)
{
  if (value->t_ms == member->t_ms)
    return;
  member->busy = 0;
  if (member->t_ms > 0 && member->usual > 1)
    member->busy = CLAMP((value->value / member->usual - BUSY_FROM) / (BUSY_FULL - BUSY_FROM), 0, 1);
  member->usual = member->t_ms > 0 ? member->usual * 0.9 + value->value * 0.1 : value->value;
  member->t_ms = value->t_ms;
}

static gint
compare_busy(gconstpointer a, gconstpointer b)
{
  double d = (*(Member *const *)b)->busy - (*(Member *const *)a)->busy;

  return d < 0 ? -1 : d > 0;
}

static void
show_boardings(CasaMapFeed *self)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_BOARDINGS);
  g_autoptr(GPtrArray) order = g_ptr_array_new();

  for (guint i = 0; i < self->members[CASA_MAP_OF_BOARDINGS]->len; i++) {
    Member *member = &g_array_index(self->members[CASA_MAP_OF_BOARDINGS], Member, i);
    CasaValue value;

    if (value_of(self, member, source->metric, &value))
      take_boarding(member, &value);
    else
      member->busy = 0;
    g_ptr_array_add(order, member);
  }
  g_ptr_array_sort(order, compare_busy);
  for (guint i = 0; i < order->len; i++) {
    const Member *member = order->pdata[i];
    const CasaLine *line = self->stop_lines->pdata[member->target];

    casa_map_set_boarding(self->map, self->stops->pdata[member->target], line->rgb, i < BUSY_MOST ? member->busy : 0);
  }
}

/* The mean of the stations, as vectors. */
static void
show_wind(CasaMapFeed *self)
{
  const CasaMapSource *source = casa_map_sources_get(self->city->sources, CASA_MAP_OF_WIND);
  double east = 0, north = 0, speed;
  guint n = 0;

  for (guint i = 0; i < self->members[CASA_MAP_OF_WIND]->len; i++) {
    const Member *member = &g_array_index(self->members[CASA_MAP_OF_WIND], Member, i);
    CasaValue value, way;

    if (source->from_metric == NULL || !value_of(self, member, source->metric, &value) ||
        !value_of(self, member, source->from_metric, &way))
      continue;
    east += value.value * sin(way.value * G_PI / 180);
    north += value.value * cos(way.value * G_PI / 180);
    n++;
  }
  speed = n > 0 ? hypot(east, north) / n : 0;
  casa_map_set_wind(self->map, speed >= source->least ? atan2(east, north) * 180 / G_PI : NAN, speed);
}

/* The same layers as what is measured has, from what the twin says. */
static void
show_other(CasaMapFeed *self)
{
  const guint n = MAX(self->city->n_districts, 1);
  g_autofree double *load = g_new(double, n), *light = g_new(double, n);

  if (!casa_map_is_compared(self->map))
    return;
  self->twin = casa_model_twin(self->model);
  sum_districts(self, CASA_MAP_OF_DISTRICTS, load);
  const gboolean lamps = sum_districts(self, CASA_MAP_OF_LAMPS, light) > 0 && !self->in_field;
  g_autofree double *values = district_values(self, load), *lit = lit_districts(self, load, light);
  g_autofree double *roads = road_speeds(self);
  g_autoptr(GArray) points = field_points(self);
  self->twin = NULL;
  const CasaMapOther other = { .values = values,
                               .lit = lamps ? lit : NULL,
                               .roads = self->in_field ? NULL : roads,
                               .field = (const CasaMapPoint *)(gpointer)points->data,
                               .n_field = self->in_field ? points->len : 0 };
  casa_map_set_other(self->map, &other);
}

gboolean
casa_map_feed_update(CasaMapFeed *self)
{
  gboolean field, districts, sorted;

  if (self->city->sources == NULL)
    return FALSE;
  sorted = sort_stations(self);
  if (casa_map_usual_is_due(self->usual) || sorted) {
    ask_usual(self, CASA_MAP_OF_DISTRICTS, self->highest);
    ask_usual(self, CASA_MAP_OF_LAMPS, self->highest_light);
  }
  field = show_field(self);
  districts = show_districts(self);
  show_lamps(self);
  show_roads(self);
  show_boardings(self);
  show_wind(self);
  show_other(self);
  casa_map_set_rain(self->map, casa_map_rain_told(self->model, casa_map_sources_get(self->city->sources, CASA_MAP_OF_RAIN)));
  return field || districts;
}

void
casa_map_feed_vehicle(CasaMapFeed *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb)
{
  const CasaStationValues *station = casa_latest_values_station(casa_model_latest(self->model), key);
  const CasaMapReport report = {
    .key = key, .at = at, .line = station != NULL ? station->line : NULL, .t_ms = t_ms, .rgb = rgb
  };

  casa_map_report(self->map, &report);
}

const CasaDistrict *
casa_map_feed_dark_district(CasaMapFeed *self, double *share)
{
  *share = self->dark_share;
  return self->dark;
}
