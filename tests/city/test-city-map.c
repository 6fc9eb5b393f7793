/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "city/city.h"
#include "city/geojson.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static CasaCity *city; /* the shipped one, loaded once */

static gboolean
id_is_topic_safe(const char *id)
{
  gsize len = strlen(id);
  return len >= 1 && len <= 58 && /* room for the kind that station ids begin with: "light-" */
         strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static void
districts(void)
{
  guint population = 0, households = 0;
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  g_assert_cmpuint(city->n_districts, ==, 16);
  for (guint i = 0; i < city->n_districts; i++) {
    const CasaDistrict *d = &city->districts[i];
    g_assert_true(id_is_topic_safe(d->id));
    g_assert_true(g_hash_table_add(ids, d->id));
    g_assert_true(casa_city_district(city, d->id) == d);
    g_assert_true(casa_city_district_at(city, d->centroid) == d);
    g_assert_cmpstr(d->name_ar, !=, d->name_fr);
    population += d->population;
    households += d->households;
  }
  g_assert_cmpuint(population, ==, 3215935); /* HCP, RGPH 2024 */
  g_assert_cmpuint(households, ==, 909228);
  g_assert_null(casa_city_district(city, "nowhere"));
  g_assert_null(casa_city_district(city, NULL));
}

/* Area of a ring on a locally flat Earth, km²; sign by orientation. */
static double
ring_area(const CasaPath *ring)
{
  double sum = 0, k = 111.195;
  for (guint i = 0; i + 1 < ring->n; i++) {
    const CasaLonLat *a = &ring->points[i], *b = &ring->points[i + 1];
    double scale = cos(33.57 * G_PI / 180);
    sum += (a->lon * b->lat - b->lon * a->lat) * scale;
  }
  return sum / 2 * k * k;
}

/* The simplified shapes still have the size they are said to have. */
static void
areas(void)
{
  for (guint i = 0; i < city->n_districts; i++) {
    const CasaDistrict *d = &city->districts[i];
    double area = 0;
    for (guint r = 0; r < d->n_rings; r++)
      area += (r == 0 ? 1 : -1) * fabs(ring_area(&d->rings[r]));
    g_test_message("%s: %.2f km², said %.2f", d->id, area, d->area_km2);
    g_assert_cmpfloat_with_epsilon(area / d->area_km2, 1, 0.03);
  }
}

static char *
edge_key(CasaLonLat a, CasaLonLat b)
{
  if (a.lon > b.lon || (a.lon == b.lon && a.lat > b.lat)) {
    CasaLonLat t = a;
    a = b;
    b = t;
  }
  return g_strdup_printf("%.5f,%.5f %.5f,%.5f", a.lon, a.lat, b.lon, b.lat);
}

/* Neighbours share the very same points: no slit shows between them. An edge belongs to one district (the city's rim)
 * or two, and the rim closes: each of its points has exactly two rim edges. */
static void
neighbours_share_borders(void)
{
  g_autoptr(GHashTable) owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) degree = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  guint shared = 0;
  for (guint i = 0; i < city->n_districts; i++)
    for (guint r = 0; r < city->districts[i].n_rings; r++) {
      const CasaPath *ring = &city->districts[i].rings[r];
      for (guint p = 0; p + 1 < ring->n; p++) {
        char *key = edge_key(ring->points[p], ring->points[p + 1]);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(owners, key)) + 1;
        g_assert_cmpuint(n, <=, 2);
        shared += n == 2;
        g_hash_table_replace(owners, key, GUINT_TO_POINTER(n));
      }
    }
  g_assert_cmpuint(shared, >, 300);

  GHashTableIter iter;
  gpointer key, n;
  g_hash_table_iter_init(&iter, owners);
  while (g_hash_table_iter_next(&iter, &key, &n)) {
    g_auto(GStrv) ends = g_strsplit(key, " ", 2);
    for (guint e = 0; n == GUINT_TO_POINTER(1) && e < 2; e++) {
      guint have = GPOINTER_TO_UINT(g_hash_table_lookup(degree, ends[e]));
      g_hash_table_replace(degree, g_strdup(ends[e]), GUINT_TO_POINTER(have + 1));
    }
  }
  g_hash_table_iter_init(&iter, degree);
  while (g_hash_table_iter_next(&iter, &key, &n)) {
    g_test_message("rim at %s", (char *)key);
    g_assert_cmpuint(GPOINTER_TO_UINT(n), ==, 2);
  }
}

static void
point_in_district(void)
{
  static const struct {
    double lon, lat;
    const char *id;
  } cases[] = {
    { -7.6187, 33.5950, "sidi-belyout" },                             /* Place des Nations Unies */
    { -7.5243, 33.6074, "ain-sebaa" },                                /* its railway station */
    { -7.6601, 33.5659, "hay-hassani" },  { -7.6047, 33.5801, NULL }, /* the palace enclave, a hole in Mers Sultan */
    { -7.6500, 33.6300, NULL },                                       /* the sea */
    { -7.4000, 33.4500, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const CasaDistrict *d = casa_city_district_at(city, (CasaLonLat){ cases[i].lon, cases[i].lat });
    g_test_message("%.4f %.4f: %s", cases[i].lon, cases[i].lat, d ? d->id : "none");
    g_assert_cmpstr(d ? d->id : NULL, ==, cases[i].id);
  }
}

static void
lines(void)
{
  static const struct {
    const char *id;
    guint stops;
    guint32 rgb;
    double official_km;
  } wanted[] = { { "t1", 37, 0xE8621A, 23.5 }, { "t2", 33, 0xF5C200, 22.5 },  { "t3", 20, 0x7B2D6E, 14.0 },
                 { "t4", 19, 0x4A7DB5, 12.5 }, { "bw1", 20, 0x1E6B45, 12.5 }, { "bw2", 22, 0x5A9E35, 12.0 } };
  g_assert_cmpuint(city->n_lines, ==, 6);
  for (guint i = 0; i < 6; i++) {
    const CasaLine *line = casa_city_line(city, wanted[i].id);
    g_assert_nonnull(line);
    g_assert_cmpuint(line->n_stops, ==, wanted[i].stops);
    g_assert_cmphex(line->rgb, ==, wanted[i].rgb);
    g_assert_cmpint(line->busway, ==, wanted[i].id[0] == 'b');
    g_assert_cmpfloat_with_epsilon(line->length_km / wanted[i].official_km, 1, 0.08);
    g_assert_cmpuint(line->first_min, ==, 5 * 60 + 30);
    g_assert_cmpuint(line->last_min, ==, 22 * 60 + 30);
    g_assert_cmpfloat(line->headway_peak_min, <=, line->headway_offpeak_min);
    g_assert_cmpfloat(line->riders_per_day, >, 0);
    for (guint v = 1; v < line->track.n; v++)
      g_assert_cmpfloat(line->track_km[v], >, line->track_km[v - 1]);
  }
  g_assert_null(casa_city_line(city, "t9"));
}

/* Metres from @at to the nearest border of @d, on a locally flat Earth. */
static double
border_m(const CasaDistrict *d, CasaLonLat at)
{
  double best = G_MAXDOUBLE, ky = 111195, kx = ky * cos(at.lat * G_PI / 180);
  for (guint r = 0; r < d->n_rings; r++)
    for (guint i = 0; i + 1 < d->rings[r].n; i++) {
      const CasaLonLat *a = &d->rings[r].points[i], *b = a + 1;
      double ax = (a->lon - at.lon) * kx, ay = (a->lat - at.lat) * ky;
      double dx = (b->lon - a->lon) * kx, dy = (b->lat - a->lat) * ky;
      double part = CLAMP(-(ax * dx + ay * dy) / (dx * dx + dy * dy), 0, 1);
      best = MIN(best, hypot(ax + part * dx, ay + part * dy));
    }
  return best;
}

/* Many limits run in the middle of a boulevard, where the tram does: a stop there may be said to be on either side. */
static void
check_stop_district(const CasaStop *stop)
{
  const CasaDistrict *d = casa_city_district_at(city, stop->at);
  const CasaDistrict *said = casa_city_district(city, stop->district);
  if (d == said)
    return;
  g_test_message("%s: said %s, drawn in %s", stop->id, stop->district, d ? d->id : "none");
  g_assert_cmpfloat(border_m(said ? said : d, stop->at), <, 50);
}

static void
stops_follow_the_track(void)
{
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < city->n_lines; i++) {
    const CasaLine *line = &city->lines[i];
    for (guint s = 0; s < line->n_stops; s++) {
      const CasaStop *stop = &line->stops[s];
      double off_m = 1000 * casa_distance_km(casa_line_at(line, stop->km), stop->at);
      g_assert_true(id_is_topic_safe(stop->id) && g_str_has_prefix(stop->id, line->id));
      g_assert_true(g_hash_table_add(ids, stop->id));
      g_assert_cmpfloat(off_m, <, 30);
      if (s > 0)
        g_assert_cmpfloat(stop->km, >, stop[-1].km);
      check_stop_district(stop);
    }
    /* The first stop lies at the first terminus, the last at the other. */
    g_assert_cmpfloat(line->stops[0].km, <, 1);
    g_assert_cmpfloat(line->stops[line->n_stops - 1].km, >, line->length_km - 1);
  }
  g_assert_cmpuint(g_hash_table_size(ids), ==, 151); /* the operator's total, 23 September 2024 */
}

static void
along_a_line(void)
{
  const CasaLine *line = casa_city_line(city, "t1");
  CasaLonLat a = casa_line_at(line, 0), b = casa_line_at(line, line->length_km);
  CasaLonLat before = casa_line_at(line, -5), after = casa_line_at(line, 1e9), lost = casa_line_at(line, NAN);
  g_assert_cmpfloat(a.lon, ==, line->track.points[0].lon);
  g_assert_cmpfloat(b.lat, ==, line->track.points[line->track.n - 1].lat);
  g_assert_cmpfloat(before.lon, ==, a.lon);
  g_assert_cmpfloat(after.lon, ==, b.lon);
  g_assert_true(isfinite(lost.lon));
  /* Steps of 10 m along the line are never more than 10 m apart, and never jump. */
  for (double km = 0; km + 0.01 < line->length_km; km += 0.01)
    g_assert_cmpfloat(casa_distance_km(casa_line_at(line, km), casa_line_at(line, km + 0.01)), <, 0.0101);
  for (guint v = 0; v < line->track.n; v++)
    g_assert_cmpfloat(casa_distance_km(casa_line_at(line, line->track_km[v]), line->track.points[v]), <, 1e-6);
}

static void
distance(void)
{
  /* One degree of a great circle: 6371.0088 km * pi / 180. */
  g_assert_cmpfloat_with_epsilon(casa_distance_km((CasaLonLat){ 0, 0 }, (CasaLonLat){ 0, 1 }), 111.19508, 1e-4);
  g_assert_cmpfloat_with_epsilon(casa_distance_km((CasaLonLat){ 0, 0 }, (CasaLonLat){ 180, 0 }), 20015.114, 1e-2);
  g_assert_cmpfloat(casa_distance_km((CasaLonLat){ -7.6, 33.5 }, (CasaLonLat){ -7.6, 33.5 }), ==, 0);
}

static void
roads(void)
{
  g_assert_cmpuint(city->n_roads, ==, 21);
  gboolean boulevard = FALSE, motorway = FALSE;
  for (guint i = 0; i < city->n_roads; i++) {
    const CasaRoad *road = &city->roads[i];
    g_assert_true(id_is_topic_safe(road->id));
    g_assert_cmpfloat(road->length_km, >, 1);
    g_assert_cmpfloat(road->length_km, <, 20);
    g_assert_cmpstr(road->name_ar, !=, road->name_fr);
    g_assert_nonnull(casa_city_district(city, road->district));
    boulevard |= strcmp(road->id, "bd-mohammed-v") == 0;
    motorway |= strcmp(road->klass, "motorway") == 0;
  }
  g_assert_true(boulevard && motorway);
}

static void
places(void)
{
  static const char *const named[] = { "ain-sebaa", "chu", "wilaya", "derb-sultan" };
  guint air = 0, found = 0;
  gboolean square = FALSE;
  for (guint i = 0; i < city->n_places; i++) {
    const CasaPlace *place = &city->places[i];
    g_assert_true(id_is_topic_safe(place->id));
    square |= place->kind == CASA_PLACE_LANDMARK && place->rank == 0 && strcmp(place->id, "place-des-nations-unies") == 0;
    if (place->kind != CASA_PLACE_STATION)
      continue;
    air++;
    for (guint n = 0; n < G_N_ELEMENTS(named); n++)
      found += strcmp(place->id, named[n]) == 0;
    /* No position of any of the ten is published: the map must not show one as a fact. */
    g_assert_true(place->assumed);
    const CasaDistrict *d = casa_city_district_at(city, place->at);
    g_assert_nonnull(d);
    g_assert_cmpstr(place->district, ==, d->id);
  }
  g_assert_true(square);
  g_assert_cmpuint(air, ==, 10);
  g_assert_cmpuint(found, ==, 4);
}

static void
land_and_box(void)
{
  g_assert_cmpuint(city->n_land, >=, 1);
  g_assert_cmpfloat(city->min.lon, <, -7.70);
  g_assert_cmpfloat(city->max.lon, >, -7.47);
  g_assert_cmpfloat(city->min.lat, <, 33.50);
  g_assert_cmpfloat(city->max.lat, >, 33.62);
}

/* ODbL: whoever gets a file gets its licence and attribution; small enough for a repository and a quick start. */
static void
files_carry_their_licence(void)
{
  static const char *const names[] = { "districts", "lines", "stops", "roads", "places", "coast" };
  gsize total = 0;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_strdup_printf("%s/casablanca/%s.geojson", TEST_CONFIG_DIR, names[i]);
    GStatBuf st;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    g_assert_nonnull(root);
    g_assert_cmpstr(json_string_value(json_object_get(root, "license")), ==, "ODbL-1.0");
    g_assert_nonnull(strstr(json_string_value(json_object_get(root, "attribution")), "OpenStreetMap"));
    json_decref(root);
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    total += (gsize)st.st_size;
  }
  g_assert_cmpuint(total, <, 150000);
}

/* A copy of the city in which @name has @from replaced by @to. */
static char *
spoilt_city(const char *name, const char *from, const char *to)
{
  static const char *const names[] = { "districts", "lines", "stops", "roads", "places", "coast" };
  char *dir = g_dir_make_tmp("casa-city-XXXXXX", NULL);
  g_autofree char *sub = g_build_filename(dir, "casablanca", NULL);
  g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *source = g_strdup_printf("%s/casablanca/%s.geojson", TEST_CONFIG_DIR, names[i]);
    g_autofree char *target = g_strdup_printf("%s/%s.geojson", sub, names[i]);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(source, &text, NULL, NULL));
    char *at = strcmp(names[i], name) == 0 ? strstr(text, from) : NULL;
    if (at)
      *at = '\0';
    else if (strcmp(names[i], name) == 0)
      g_error("%s is not in %s", from, source);
    g_autofree char *changed = at ? g_strconcat(text, to, at + strlen(from), NULL) : g_strdup(text);
    g_assert_true(g_file_set_contents(target, changed, -1, NULL));
  }
  return dir;
}

static void
remove_city(const char *dir)
{
  g_autofree char *sub = g_build_filename(dir, "casablanca", NULL);
  g_autoptr(GDir) listing = g_dir_open(sub, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(listing))) {
    g_autofree char *path = g_build_filename(sub, name, NULL);
    g_unlink(path);
  }
  g_rmdir(sub);
  g_rmdir(dir);
}

static void
complaints(void)
{
  static const struct {
    const char *file, *from, *to, *message;
  } cases[] = {
    { "districts", "\"id\":\"anfa\"", "\"id\":\"Anfa\"", "districts.geojson: feature 1 (Anfa): \"id\" must be" },
    { "districts", "\"id\":\"hay-hassani\"", "\"id\":\"anfa\"", "feature 2 (anfa): this id stands twice" },
    { "districts", "\"population\":66202", "\"population\":\"many\"", "feature 1 (anfa): population" },
    { "districts", "\"centroid\":[-7.68364,33.58234]", "\"centroid\":[33.58234,-7.68364]", "\"centroid\" must be" },
    { "lines", "\"colour\":\"#E8621A\"", "\"colour\":\"orange\"", "lines.geojson: feature 1 (t1): \"colour\"" },
    { "lines", "\"mode\":\"tram\"", "\"mode\":\"boat\"", "\"mode\" must be" },
    { "lines", "\"first_departure\":\"05:30\"", "\"first_departure\":\"5h30\"", "first_departure" },
    { "lines", "\"headway_peak_min\":5.0", "\"headway_peak_min\":0", "headway_peak_min" },
    { "stops", "\"line\":\"t1\"", "\"line\":\"t9\"", "stops.geojson: feature 1 (t1-sidi-moumen): \"line\" is none" },
    { "stops", "\"km\":0.579", "\"km\":0.1", "stops.geojson: feature 2 (t1-ennassim): \"km\" must grow" },
    { "stops", "\"district\":\"sidi-moumen\"", "\"district\":\"atlantis\"", "\"district\" atlantis is none" },
    { "places", "\"kind\":\"landmark\"", "\"kind\":\"rumour\"", "places.geojson: feature 1" },
    { "coast", "\"Polygon\"", "\"Polygone\"", "coast.geojson: feature 1" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *dir = spoilt_city(cases[i].file, cases[i].from, cases[i].to);
    g_autoptr(GError) error = NULL;
    g_assert_null(casa_city_load(dir, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].message));
    g_assert_nonnull(strstr(error->message, dir));
    remove_city(dir);
  }
  casa_city_free(NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  city = casa_city_load(TEST_CONFIG_DIR, &error);
  g_assert_no_error(error);
  g_test_add_func("/city/map/districts", districts);
  g_test_add_func("/city/map/areas", areas);
  g_test_add_func("/city/map/neighbours-share-borders", neighbours_share_borders);
  g_test_add_func("/city/map/point-in-district", point_in_district);
  g_test_add_func("/city/map/lines", lines);
  g_test_add_func("/city/map/stops-follow-the-track", stops_follow_the_track);
  g_test_add_func("/city/map/along-a-line", along_a_line);
  g_test_add_func("/city/map/distance", distance);
  g_test_add_func("/city/map/roads", roads);
  g_test_add_func("/city/map/places", places);
  g_test_add_func("/city/map/land-and-box", land_and_box);
  g_test_add_func("/city/map/files-carry-their-licence", files_carry_their_licence);
  g_test_add_func("/city/map/complaints", complaints);
  int status = g_test_run();
  casa_city_free(city);
  return status;
}
