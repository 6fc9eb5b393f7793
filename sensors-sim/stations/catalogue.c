/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue.h"

#include <string.h>

#include "model/parking-bikes.h"
#include "model/waste.h"
#include "model/water.h"
#include "maths/rng.h"
#include "wire/topic.h"

static const CasaSimKindInfo kinds[CASA_SIM_N_KINDS] = {
  [CASA_SIM_VEHICLE] = { "vehicle", "mobility", 2000 },    [CASA_SIM_STOP] = { "stop", "mobility", 10000 },
  [CASA_SIM_ROAD] = { "road", "mobility", 10000 },         [CASA_SIM_PARKING] = { "parking", "mobility", 10000 },
  [CASA_SIM_BIKES] = { "bikes", "mobility", 10000 },       [CASA_SIM_SUBSTATION] = { "substation", "energy", 5000 },
  [CASA_SIM_SOLAR] = { "solar", "energy", 10000 },         [CASA_SIM_LIGHTING] = { "lighting", "energy", 10000 },
  [CASA_SIM_CHARGING] = { "charging", "energy", 10000 },   [CASA_SIM_AIR] = { "air", "air", 10000 },
  [CASA_SIM_AIR_MICRO] = { "air", "air", 10000 },          [CASA_SIM_WEATHER_STATION] = { "weather", "air", 10000 },
  [CASA_SIM_WATER] = { "district-meter", "water", 10000 }, [CASA_SIM_RESERVOIR] = { "reservoir", "water", 30000 },
  [CASA_SIM_CONTAINER] = { "container", "waste", 60000 },  [CASA_SIM_REPORTS] = { "reports", "civic", 60000 },
};

/* The first is the old airport's station (WMO 60155); all four positions are assumptions of some hundred metres. */
static const struct {
  const char *id, *name, *name_ar;
  CasaLonLat at;
} weather_stations[] = {
  { "wx-anfa", "Météo Anfa", "أرصاد أنفا", { -7.6620, 33.5570 } },
  { "wx-port", "Météo Port", "أرصاد الميناء", { -7.6050, 33.6060 } },
  { "wx-ain-chock", "Météo Aïn Chock", "أرصاد عين الشق", { -7.6215, 33.5265 } },
  { "wx-sidi-bernoussi", "Météo Sidi Bernoussi", "أرصاد سيدي البرنوصي", { -7.5036, 33.6200 } },
};

typedef struct {
  GArray *out;
  CasaSimModel *model;
  const CasaCity *city;
  const char *root;
} Builder;

const CasaSimKindInfo *
casa_sim_kind_info(CasaSimKind kind)
{
  return &kinds[kind];
}

static void
station_clear(gpointer data)
{
  CasaSimStation *s = data;
  g_free(s->id);
  g_free(s->topic);
  g_free(s->name);
  g_free(s->name_ar);
}

/* Takes @id, @name, @name_ar. Ids longer than a topic level allows are cut. */
static void
add(Builder *b, CasaSimKind kind, char *id, char *name, char *name_ar, CasaLonLat at, guint a, guint i)
{
  if (strlen(id) > CASA_NAME_MAX)
    id[CASA_NAME_MAX] = '\0';
  const CasaDistrict *district = casa_city_district_at(b->city, at);
  CasaSimStation s = { .kind = kind, .id = id, .name = name, .name_ar = name_ar, .at = at, .a = a, .b = i };
  s.topic = g_strdup_printf("%s/city/%s/%s", b->root, kinds[kind].domain, id);
  s.district = district ? district->id : NULL;
  s.stream = casa_sim_stream(casa_sim_model_seed(b->model), id);
  g_array_append_val(b->out, s);
}

static void
add_line(Builder *b, const CasaSimTransit *transit, guint l)
{
  const CasaSimLine *line = casa_sim_transit_line(transit, l);
  const CasaLine *info = line->line;
  const char *fr = info->busway ? "Busway" : "Tramway", *ar = info->busway ? "باصواي" : "ترامواي";
  CasaLonLat depot = info->n_stops ? info->stops[0].at : casa_line_at(info, 0);
  for (guint v = 0; v < line->fleet; v++)
    add(b, CASA_SIM_VEHICLE, g_strdup_printf("veh-%s-%03u", info->id, v + 1),
        g_strdup_printf("%s %s n° %u", fr, info->name, v + 1), g_strdup_printf("%s %s رقم %u", ar, info->name, v + 1), depot, l,
        v);
}

static void
add_stops(Builder *b, guint l)
{
  const CasaLine *line = &b->city->lines[l];
  for (guint k = 0; k < line->n_stops; k++) {
    const CasaStop *stop = &line->stops[k];
    add(b, CASA_SIM_STOP, g_strconcat("stop-", stop->id, NULL), g_strdup_printf("%s (%s)", stop->name_fr, line->name),
        stop->name_ar && *stop->name_ar ? g_strdup_printf("%s (%s)", stop->name_ar, line->name) : NULL, stop->at, l, k);
  }
}

static void
add_roads(Builder *b)
{
  for (guint i = 0; i < b->city->n_roads; i++) {
    const CasaRoad *road = &b->city->roads[i];
    if (road->path.n > 0)
      add(b, CASA_SIM_ROAD, g_strconcat("road-", road->id, NULL), g_strdup(road->name_fr), g_strdup(road->name_ar),
          road->path.points[road->path.n / 2], i, 0);
  }
}

static void
add_facilities(Builder *b, CasaSimKind kind, const CasaSimFacility *(*table)(guint *n))
{
  guint n;
  const CasaSimFacility *places = table(&n);
  for (guint i = 0; i < n; i++)
    add(b, kind, g_strdup(places[i].id), g_strdup(places[i].name), g_strdup(places[i].name_ar), places[i].at, i, 0);
}

static void
add_districts(Builder *b, CasaSimKind kind, const char *prefix, const char *fr, const char *ar)
{
  for (guint i = 0; i < b->city->n_districts; i++) {
    const CasaDistrict *d = &b->city->districts[i];
    add(b, kind, g_strconcat(prefix, d->id, NULL), g_strdup_printf("%s – %s", fr, d->name_fr),
        d->name_ar && *d->name_ar ? g_strdup_printf("%s – %s", ar, d->name_ar) : NULL, d->centroid, i, 0);
  }
}

static void
add_air(Builder *b)
{
  for (guint i = 0; i < b->city->n_places; i++) {
    const CasaPlace *p = &b->city->places[i];
    if (p->kind == CASA_PLACE_STATION)
      add(b, CASA_SIM_AIR, g_str_has_prefix(p->id, "air-") ? g_strdup(p->id) : g_strconcat("air-", p->id, NULL),
          g_strdup(p->name_fr), g_strdup(p->name_ar), p->at, i, 0);
  }
}

static void
add_weather(Builder *b)
{
  for (guint i = 0; i < G_N_ELEMENTS(weather_stations); i++)
    add(b, CASA_SIM_WEATHER_STATION, g_strdup(weather_stations[i].id), g_strdup(weather_stations[i].name),
        g_strdup(weather_stations[i].name_ar), weather_stations[i].at, i, 0);
}

static void
add_reservoirs(Builder *b)
{
  guint n;
  const CasaSimReservoir *tanks = casa_sim_reservoirs(&n);
  for (guint i = 0; i < n; i++)
    add(b, CASA_SIM_RESERVOIR, g_strdup(tanks[i].id), g_strdup(tanks[i].name), g_strdup(tanks[i].name_ar), tanks[i].at, i, 0);
}

/* Somewhere inside the city, or inside @district of it (NULL: anywhere), by its number alone. */
static CasaLonLat
somewhere(const CasaCity *city, const CasaDistrict *district, guint64 stream)
{
  CasaLonLat at = city->n_districts ? city->districts[0].centroid : (CasaLonLat){ -7.61, 33.58 };
  at = district ? district->centroid : at;
  for (guint try = 0; try < (district ? 400 : 40); try++) {
    CasaLonLat p = { city->min.lon + (city->max.lon - city->min.lon) * casa_sim_uniform(stream, 2 * try),
                     city->min.lat + (city->max.lat - city->min.lat) * casa_sim_uniform(stream, 2 * try + 1) };
    const CasaDistrict *in = casa_city_district_at(city, p);
    if (in && (!district || in == district))
      return p;
  }
  return at;
}

static void
add_containers(Builder *b)
{
  for (guint i = 0; i < b->city->n_districts; i++) {
    const CasaDistrict *d = &b->city->districts[i];
    for (guint k = 0; k < CASA_SIM_CONTAINERS; k++) {
      char *id = g_strdup_printf("bin-%s-%u", d->id, k + 1);
      add(b, CASA_SIM_CONTAINER, id, g_strdup_printf("Conteneur %u – %s", k + 1, d->name_fr),
          d->name_ar && *d->name_ar ? g_strdup_printf("حاوية %u – %s", k + 1, d->name_ar) : NULL,
          somewhere(b->city, d, casa_sim_stream(0, id)), i, k);
    }
  }
}

static void
add_micro(Builder *b, guint n)
{
  for (guint i = 1; i <= n; i++) {
    char *id = g_strdup_printf("air-m%05u", i);
    add(b, CASA_SIM_AIR_MICRO, id, g_strdup_printf("Microcapteur %u", i), g_strdup_printf("مستشعر %u", i),
        somewhere(b->city, NULL, casa_sim_stream(0, id)), i, 0);
  }
}

/* Leaves @n of them, evenly spaced over the catalogue: it is ordered by kind, so each kind keeps its part. */
static void
thin_out(GArray *stations, guint n)
{
  guint all = stations->len, kept = 0;
  for (guint i = 0; i < all; i++) {
    if ((guint64)(i + 1) * n / all <= kept)
      continue;
    CasaSimStation *to = &g_array_index(stations, CasaSimStation, kept++);
    CasaSimStation *from = &g_array_index(stations, CasaSimStation, i), chosen = *from;
    *from = *to; /* swap: the ones that go are freed with the array's tail */
    *to = chosen;
  }
  g_array_set_size(stations, n);
}

GArray *
casa_sim_catalogue_new(CasaSimModel *model, const CasaSimTransit *transit, const char *root, guint n_stations)
{
  Builder b = { g_array_new(FALSE, TRUE, sizeof(CasaSimStation)), model, casa_sim_model_city(model), root };
  g_array_set_clear_func(b.out, station_clear);
  for (guint l = 0; l < b.city->n_lines; l++)
    add_line(&b, transit, l);
  for (guint l = 0; l < b.city->n_lines; l++)
    add_stops(&b, l);
  add_roads(&b);
  add_facilities(&b, CASA_SIM_PARKING, casa_sim_parkings);
  add_facilities(&b, CASA_SIM_BIKES, casa_sim_bikes);
  add_districts(&b, CASA_SIM_SUBSTATION, "sub-", "Poste électrique", "محطة كهرباء");
  add_districts(&b, CASA_SIM_SOLAR, "solar-", "Toits solaires", "أسطح شمسية");
  add_districts(&b, CASA_SIM_LIGHTING, "light-", "Éclairage public", "الإنارة العمومية");
  add_facilities(&b, CASA_SIM_CHARGING, casa_sim_chargers);
  add_air(&b);
  add_weather(&b);
  add_districts(&b, CASA_SIM_WATER, "water-", "Eau", "الماء");
  add_reservoirs(&b);
  add_containers(&b);
  add_districts(&b, CASA_SIM_REPORTS, "reports-", "Signalements", "الشكايات");
  if (n_stations > b.out->len)
    add_micro(&b, n_stations - b.out->len);
  else if (n_stations > 0 && n_stations < b.out->len)
    thin_out(b.out, n_stations);
  return b.out;
}
