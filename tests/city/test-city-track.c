/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "base/clock.h"
#include "city/sun.h"
#include "city/track.h"
#include <math.h>

/* The nearest of many points along the track: what the matcher is judged by. */
static CasaTrackFix
brute_force(const CasaPath *path, const double *km, CasaLonLat at, double from_km, double to_km)
{
  CasaTrackFix best = { .off_m = INFINITY };
  guint steps = 20000;

  for (guint i = 0; i <= steps; i++) {
    double here_km = from_km + (to_km - from_km) * i / steps;
    CasaLonLat here = casa_track_at(path, km, here_km);
    double off_m = casa_distance_km(here, at) * 1000;

    if (off_m < best.off_m)
      best = (CasaTrackFix){ here_km, off_m, here };
  }
  return best;
}

/* On every line of the city: as near as the nearest of 20,000 points, to a metre, wherever the position lies. */
static void
test_match_is_brute_force(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_autoptr(GRand) random = g_rand_new_with_seed(11);

  g_assert_no_error(error);
  for (guint i = 0; i < 60; i++) {
    const CasaLine *line = &city->lines[i % city->n_lines];
    CasaLonLat at = casa_line_at(line, g_rand_double_range(random, 0, line->length_km));
    double from_km = i % 3 ? 0 : g_rand_double_range(random, 0, line->length_km / 2);
    double to_km = i % 3 ? line->length_km : g_rand_double_range(random, from_km, line->length_km);
    CasaTrackFix fix, best;

    at.lon += g_rand_double_range(random, -0.01, 0.01);
    at.lat += g_rand_double_range(random, -0.01, 0.01);
    g_assert_true(casa_track_match_between(&line->track, line->track_km, at, from_km, to_km, &fix));
    best = brute_force(&line->track, line->track_km, at, from_km, to_km);
    g_assert_cmpfloat_with_epsilon(fix.off_m, best.off_m, 1);
    g_assert_cmpfloat(fix.km, >=, from_km - 1e-9);
    g_assert_cmpfloat(fix.km, <=, to_km + 1e-9);
    g_assert_cmpfloat(casa_distance_km(casa_track_at(&line->track, line->track_km, fix.km), fix.at), <, 1e-3);
  }
}

/* A point of the track is found again. */
static void
test_round_trip(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);

  g_assert_no_error(error);
  for (guint l = 0; l < city->n_lines; l++)
    for (guint i = 0; i <= 50; i++) {
      const CasaLine *line = &city->lines[l];
      double km = line->length_km * i / 50;
      CasaTrackFix fix;

      g_assert_true(casa_track_match_between(&line->track, line->track_km, casa_line_at(line, km), km - 0.3, km + 0.3, &fix));
      g_assert_cmpfloat(fix.off_m, <, 0.01);
      g_assert_cmpfloat_with_epsilon(fix.km, km, 0.02);
    }
}

static void
test_odd_paths(void)
{
  CasaLonLat one[] = { { -7.6, 33.5 } }, twice[] = { { -7.6, 33.5 }, { -7.6, 33.5 } };
  const double km[] = { 0, 0 };
  const CasaPath none = { NULL, 0 }, point = { one, 1 }, still = { twice, 2 };
  CasaTrackFix fix;

  g_assert_false(casa_track_match(&none, km, one[0], &fix));
  g_assert_false(casa_track_match(&point, km, (CasaLonLat){ NAN, 33 }, &fix));
  g_assert_true(casa_track_match(&point, km, (CasaLonLat){ -7.6, 33.51 }, &fix));
  g_assert_cmpfloat_with_epsilon(fix.off_m, 1112, 1);
  g_assert_true(casa_track_match(&still, km, one[0], &fix));
  g_assert_cmpfloat(fix.off_m, ==, 0);
}

/* Casablanca, 33.58 N 7.6 W: highest of the day at about 12:19 UTC in November, 36° high, and 79.9° on the solstice; NOAA's
 * solar calculator says the same to a tenth of a degree. */
static void
test_sun(void)
{
  const CasaLonLat here = { -7.6, 33.58 };
  static const struct {
    const char *when;
    double elevation, darkness;
  } cases[] = {
    { "2026-06-21T12:32:00Z", 79.9, 0 },
    { "2026-11-24T12:17:00Z", 35.8, 0 },
    { "2026-11-24T00:17:00Z", -76.9, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    gint64 t_ms;

    g_assert_true(casa_time_parse(cases[i].when, &t_ms, &error));
    g_assert_cmpfloat_with_epsilon(casa_sun_elevation(here, t_ms), cases[i].elevation, 0.4);
    g_assert_cmpfloat(casa_sun_darkness(here, t_ms), ==, cases[i].darkness);
  }
}

/* From noon to midnight it only grows darker. */
static void
test_dusk_falls(void)
{
  g_autoptr(GError) error = NULL;
  double before = 0, middle = 0;
  gint64 noon_ms;

  g_assert_true(casa_time_parse("2026-11-24T12:30:00Z", &noon_ms, &error));
  for (guint minute = 0; minute < 11 * 60; minute++) {
    double darkness = casa_sun_darkness((CasaLonLat){ -7.6, 33.58 }, noon_ms + minute * 60000LL);

    g_assert_cmpfloat(darkness, >=, before);
    middle += darkness > 0.02 && darkness < 0.98;
    before = darkness;
  }
  g_assert_cmpfloat(before, ==, 1);
  g_assert_cmpfloat(middle, >, 30); /* minutes: dusk is no switch */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/track/match-is-brute-force", test_match_is_brute_force);
  g_test_add_func("/track/round-trip", test_round_trip);
  g_test_add_func("/track/odd-paths", test_odd_paths);
  g_test_add_func("/sun/elevation", test_sun);
  g_test_add_func("/sun/dusk-falls", test_dusk_falls);
  return g_test_run();
}
