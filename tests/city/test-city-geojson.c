/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "city/geojson.h"

#include <string.h>

#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FEATURE(geometry) "{\"type\":\"Feature\",\"properties\":{\"id\":\"x\",\"n\":7},\"geometry\":" geometry "}"
#define GEOMETRY(type, coordinates) "{\"type\":\"" type "\",\"coordinates\":" coordinates "}"
#define SQUARE "[[0,0],[4,0],[4,4],[0,4],[0,0]]"
#define HOLE "[[1,1],[2,1],[2,2],[1,1]]"

static CasaFeatures *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  CasaFeatures *features = casa_features_parse(text, strlen(text), "x.geojson", &error);
  g_assert_no_error(error);
  return features;
}

static void
geometries(void)
{
  g_autoptr(CasaFeatures) all = parse(COLLECTION(
    FEATURE(GEOMETRY("Point", "[-7.6,33.5,12.5]")) "," FEATURE(GEOMETRY("LineString", "[[0,0],[1,1],[2,3]]")) "," FEATURE(
      GEOMETRY("Polygon", "[" SQUARE "," HOLE "]")) "," FEATURE(GEOMETRY("MultiPolygon", "[[" SQUARE "," HOLE "],[" HOLE
                                                                                         "]]")) "," FEATURE("null")));
  g_assert_cmpuint(casa_features_count(all), ==, 5);
  const CasaFeature *point = casa_features_get(all, 0), *line = casa_features_get(all, 1);
  const CasaFeature *polygon = casa_features_get(all, 2), *multi = casa_features_get(all, 3);
  g_assert_cmpfloat(point->paths[0].points[0].lon, ==, -7.6);
  g_assert_cmpfloat(point->paths[0].points[0].lat, ==, 33.5);
  g_assert_cmpuint(line->paths[0].n, ==, 3);
  g_assert_cmpfloat(line->paths[0].points[2].lat, ==, 3);
  g_assert_cmpuint(polygon->n_paths, ==, 2);
  g_assert_cmpuint(polygon->paths[1].n, ==, 4);
  /* Outer rings first, then holes. */
  g_assert_cmpuint(multi->n_paths, ==, 3);
  g_assert_cmpuint(multi->paths[0].n, ==, 5);
  g_assert_cmpuint(multi->paths[1].n, ==, 4);
  g_assert_cmpuint(multi->paths[2].n, ==, 4);
  g_assert_cmpuint(casa_features_get(all, 4)->n_paths, ==, 0);
  g_assert_cmpstr(casa_feature_string(point, "id", "none"), ==, "x");
  g_assert_cmpstr(casa_feature_string(point, "n", "none"), ==, "none");
  g_assert_cmpfloat(casa_feature_number(point, "n", 0), ==, 7);
  g_assert_cmpfloat(casa_feature_number(point, "id", -1), ==, -1);
  casa_features_free(NULL);
}

static void
no_properties(void)
{
  g_autoptr(CasaFeatures) all = parse(COLLECTION("{\"type\":\"Feature\",\"properties\":null,\"geometry\":null}"));
  g_assert_cmpstr(casa_feature_string(casa_features_get(all, 0), "id", "none"), ==, "none");
  g_autoptr(CasaFeatures) empty = parse(COLLECTION(""));
  g_assert_cmpuint(casa_features_count(empty), ==, 0);
}

static void
refuse(const char *text, gsize len, const char *message)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_features_parse(text, len, "x.geojson", &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
  g_test_message("%s", error->message);
  g_assert_true(g_str_has_prefix(error->message, "x.geojson"));
  g_assert_nonnull(strstr(error->message, message));
}

static void
refusals(void)
{
  static const struct {
    const char *text, *message;
  } cases[] = {
    { "", "not valid JSON" },
    { "{", "not valid JSON" },
    { "[]", "not a GeoJSON FeatureCollection" },
    { "{\"type\":\"Feature\"}", "not a GeoJSON FeatureCollection" },
    { "{\"type\":\"FeatureCollection\",\"type\":\"x\"}", "duplicate" },
    { "{\n\"type\":\n\"FeatureCollection\",}", "x.geojson:3" },
    { COLLECTION("7"), "feature 1" },
    { COLLECTION(FEATURE("null") ",{\"type\":\"Thing\"}"), "feature 2: its type" },
    { COLLECTION(FEATURE("{}")), "feature 1: no geometry" },
    { COLLECTION(FEATURE(GEOMETRY("Circle", "[]"))), "none of Point" },
    { COLLECTION(FEATURE(GEOMETRY("Point", "[]"))), "not [longitude, latitude]" },
    { COLLECTION(FEATURE(GEOMETRY("Point", "[\"1\",2]"))), "not [longitude, latitude]" },
    { COLLECTION(FEATURE(GEOMETRY("Point", "[33.5,-97.6]"))), "outside" },
    { COLLECTION(FEATURE(GEOMETRY("Point", "[1e400,0]"))), "not valid JSON" },
    { COLLECTION(FEATURE(GEOMETRY("Point", "[NaN,0]"))), "not valid JSON" },
    { COLLECTION(FEATURE(GEOMETRY("LineString", "[[0,0]]"))), "fewer than 2" },
    { COLLECTION(FEATURE(GEOMETRY("LineString", "[[0,0],5]"))), "not [longitude, latitude]" },
    { COLLECTION(FEATURE(GEOMETRY("Polygon", "[]"))), "no ring" },
    { COLLECTION(FEATURE(GEOMETRY("Polygon", "[[[0,0],[1,1],[0,0]]]"))), "fewer than 4" },
    { COLLECTION(FEATURE(GEOMETRY("Polygon", "[[[0,0],[1,1],[1,0],[0,0.1]]]"))), "does not end where it begins" },
    { COLLECTION(FEATURE(GEOMETRY("MultiPolygon", "[]"))), "without polygons" },
    { COLLECTION(FEATURE(GEOMETRY("MultiPolygon", "[7]"))), "no ring" },
    { COLLECTION(FEATURE(GEOMETRY("MultiPolygon", "[[" SQUARE "],[" SQUARE ",[[0,0]]]]"))), "fewer than 4" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    refuse(cases[i].text, strlen(cases[i].text), cases[i].message);
  static const char not_utf8[] = COLLECTION("\"\xC3\x28\"");
  refuse(not_utf8, sizeof not_utf8 - 1, "not valid JSON");
}

static void
depth_is_bounded(void)
{
  g_autoptr(GString) bomb = g_string_new(NULL);
  for (guint i = 0; i < 1000000; i++)
    g_string_append_c(bomb, '[');
  refuse(bomb->str, bomb->len, "nested deeper than 32");
  /* Brackets inside text are no depth. */
  g_autofree char *brackets = g_strnfill(1000, '[');
  g_autofree char *quiet = g_strdup_printf("{\"type\":\"FeatureCollection\",\"note\":\"\\\"%s\",\"features\":[]}", brackets);
  g_autoptr(CasaFeatures) all = parse(quiet);
  g_assert_cmpuint(casa_features_count(all), ==, 0);
}

static void
size_is_bounded(void)
{
  gsize len = 32 * 1024 * 1024 + 1;
  g_autofree char *text = g_strnfill(len, ' ');
  refuse(text, len, "larger than 32 MiB");
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_features_load("/no/such/file.geojson", &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
  g_assert_nonnull(strstr(error->message, "/no/such/file.geojson"));
}

/* Every prefix and every single changed byte of a sound file: a result or an error, never a crash or a read beyond. */
/* What is wrong is quoted; the quotation must be text whatever the file was. */
static void
messages_are_text(void)
{
  const char *text = "{\"a\":\"\\\xe2\x80\xae\"}";
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_features_parse(text, strlen(text), "x.geojson", &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_DATA);
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void
garbage(void)
{
  static const char text[] = COLLECTION(FEATURE(GEOMETRY("MultiPolygon", "[[" SQUARE "," HOLE "]]")));
  static const char bytes[] = { '\0', '"', '\\', '[', ']', '{', '}', ',', '-', '9', 'e', '\xFF' };
  gsize size = sizeof text - 1;
  for (gsize i = 0; i < size; i++) {
    g_autofree char *prefix = g_memdup2(text, MAX(i, 1));
    g_assert_null(casa_features_parse(prefix, i, "x", NULL));
    for (guint b = 0; b < sizeof bytes; b++) {
      g_autofree char *copy = g_memdup2(text, size);
      g_autoptr(GError) error = NULL;
      copy[i] = bytes[b];
      g_autoptr(CasaFeatures) all = casa_features_parse(copy, size, "x", &error);
      g_assert_true((all != NULL) != (error != NULL));
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/city/geojson/geometries", geometries);
  g_test_add_func("/city/geojson/no-properties", no_properties);
  g_test_add_func("/city/geojson/refusals", refusals);
  g_test_add_func("/city/geojson/depth-is-bounded", depth_is_bounded);
  g_test_add_func("/city/geojson/size-is-bounded", size_is_bounded);
  g_test_add_func("/city/geojson/messages-are-text", messages_are_text);
  g_test_add_func("/city/geojson/garbage", garbage);
  return g_test_run();
}
