/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "casa-build.h"
#include "series/members.h"
#include "ui/scenes/map-stations.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

/* Whatever the screen says of one quantity agrees, says what it is, and is compared with its like only. */

static gboolean
is_settled(CasaModel *model)
{
  return casa_model_settled(model);
}

static void
assert_tile(CasaModel *model, const char *id, const char *number, const char *unit)
{
  CasaTilePhrases words;

  casa_phrases_tile(model, app_indicator(model, id), &words);
  g_assert_cmpstr(words.number, ==, number);
  g_assert_cmpstr(words.unit, ==, unit);
  casa_tile_phrases_clear(&words);
}

static void
test_tiles(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  assert_tile(model, "vehicles", "–", "");
  assert_tile(model, "delay", "–", "min");
  app_fixture_put(&fixture, "city", "mobility", "veh-t1-001", "delay_s", 100, now, APP_LIVE);
  app_fixture_put(&fixture, "city", "energy", "light-a", "lighting_mw", 0.01, now, APP_LIVE);
  app_fixture_put(&fixture, "city", "energy", "solar-a", "solar_mw", 50, now, APP_LIVE);
  casa_model_tick(model, now + 2000);
  assert_tile(model, "vehicles", "1", "/ 1 · 24 h");
  assert_tile(model, "delay", "1:40", "min");
  assert_tile(model, "lighting", "éteint", "0,0 MW");
  assert_tile(model, "solar-share", "–", "%"); /* no load, no share: never a guess */
  assert_tile(model, "air-index", "–", "inconnu");
  app_fixture_put(&fixture, "city", "energy", "sub-a", "load_mw", 200, now, APP_LIVE);
  app_fixture_put(&fixture, "city", "air", "air-a", "no2", 70, now, APP_LIVE);
  app_fixture_put(&fixture, "city", "mobility", "veh-t1-001", "delay_s", -65, now + 10, APP_LIVE);
  casa_model_tick(model, now + 4000);
  assert_tile(model, "solar-share", "25", "%");
  assert_tile(model, "air-index", "4", "mauvais · NO₂");
  assert_tile(model, "delay", "−1:05", "min");
  casa_lang_set("ar");
  assert_tile(model, "delay", "\u2066−1:05\u2069", "د");
  casa_lang_set("fr");
  /* Half an hour later: what stopped has no delay, and a last known value says how old it is. */
  casa_model_tick(model, now + 1800000);
  assert_tile(model, "vehicles", "0", "/ 1 · 24 h");
  assert_tile(model, "delay", "–", "min");
  assert_tile(model, "solar-share", "25", "% · il y a 30\u00a0min");
  /* A day later the fleet is who was out that day. */
  const gint64 later = now + 86400000 + 60000;
  app_fixture_put(&fixture, "city", "mobility", "veh-t1-002", "delay_s", 100, later - 3600000, APP_LIVE);
  casa_model_tick(model, later);
  g_assert_cmpuint(app_figure(model, "vehicles")->known, ==, 1);
  casa_model_tick(model, later + 86400000);
  assert_tile(model, "vehicles", "0", "");
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

static guint
add_series(AppFixture *fixture, const char *source, guint i)
{
  CasaCatalogue *catalogue = casa_store_catalogue(fixture->store);
  g_autofree char *id = g_strdup_printf("road-%u", i);

  app_fixture_put(fixture, source, "mobility", id, "speed_kmh", 30, casa_clock_now_ms() - 7200000, APP_STORED);
  return casa_catalogue_find_series(catalogue, casa_catalogue_find_station(catalogue, source, "mobility", id), "speed_kmh");
}

static void
wait_for_events(CasaModel *model, gint64 now_ms, guint n)
{
  for (guint i = 0; casa_model_events(model)->len != n; i++) {
    g_assert_cmpuint(i, <, 6000);
    casa_model_tick(model, now_ms + i * 10);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(10000);
  }
}

/* A past is shown with what was told to happen then: by the clock of the model, which a replay moves, and moves back. */
static void
test_events_of_a_past(void)
{
  AppFixture fixture = { 0 };
  g_autoptr(GError) error = NULL;
  gint64 then_ms = casa_clock_now_ms() - 5 * 3600 * 1000;
  CasaEvent event = {
    .source = "city", .id = "cut-1", .event = "power-cut", .start_ms = then_ms, .end_ms = then_ms + 600000, .intensity = 1
  };
  gboolean changed;

  app_fixture_init(&fixture);
  add_series(&fixture, "city", 0);
  g_assert_true(casa_store_put_event(fixture.store, &event, then_ms, &changed, &error));
  g_assert_no_error(error);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  wait_for_events(model, then_ms + 60000, 1);
  g_assert_cmpstr(g_array_index(casa_model_events(model), CasaEvent, 0).id, ==, "cut-1");
  wait_for_events(model, then_ms - 120000, 0);
  wait_for_events(model, then_ms + 120000, 1);
  wait_for_events(model, then_ms + 4 * 3600 * 1000, 0);
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* Number, word, station, map, badge and index of one quantity are of one moment and one scale. */
static void
test_agreement(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 120); /* two hours of clean enough air, then a storm */
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  app_fixture_put(&fixture, "city", "air", "air-ain-sebaa", "pm10", 216, casa_clock_now_ms(), APP_LIVE);
  app_fixture_put(&fixture, "city", "air", "air-maarif", "pm10", 12, casa_clock_now_ms(), APP_LIVE);
  casa_model_tick(model, casa_clock_now_ms() + 2000);
  const CasaIndicator *pm10 = app_indicator(model, "pm10");
  const CasaFigure *figure = casa_model_figure(model, pm10);
  CasaFigure badge = casa_model_station_figure(model, pm10, figure->station);
  const CasaStation *station = casa_catalogue_station(casa_store_catalogue(fixture.store), figure->station);
  const CasaDistrict *district = casa_city_district_at(fixture.city, (CasaLonLat){ station->lon, station->lat });
  double field = casa_model_field(model, pm10, NULL)[district - fixture.city->districts], last;
  gint64 t;

  g_assert_cmpfloat(figure->value, ==, 216);
  g_assert_cmpstr(pm10->scale->words[figure->class].fr, ==, "très mauvais");
  g_assert_cmpuint(badge.class, ==, figure->class);
  g_assert_cmpfloat(badge.value, ==, figure->value);
  g_assert_cmpuint(casa_scale_class(pm10->scale, field, pm10->decimals), ==, figure->class);
  g_assert_cmpuint(app_figure(model, "air-index")->class, ==, figure->class);
  g_assert_true(casa_pyramid_last(casa_model_curve(model, pm10), &t, &last));
  g_assert_cmpfloat(last, >, 60); /* the mean of its newest two minutes */

  CasaHeadline words = { 0 };
  casa_phrases_headline(model, pm10, &words);
  g_assert_cmpstr(words.number, ==, "216");
  g_assert_cmpstr(words.unit, ==, "µg/m³ · PM10");
  g_assert_cmpstr(words.trend, ==, "▲ très mauvais · max. Aïn Sebaâ");
  g_assert_true(words.bad);
  g_assert_true(words.figure.from & CASA_FROM_SIMULATOR);
  casa_headline_clear(&words);
  assert_tile(model, "air-index", "5", "très mauvais · PM10");
  /* The sign is that of the map's badge: see paint of badges. */
  app_fixture_put(&fixture, "city", "air", "air-ain-sebaa", "pm10", 80, casa_clock_now_ms() + 1000, APP_LIVE);
  casa_model_tick(model, casa_clock_now_ms() + 3000);
  casa_phrases_headline(model, pm10, &words);
  g_assert_cmpstr(words.trend, ==, "◆ dégradé · max. Aïn Sebaâ");
  casa_headline_clear(&words);
  g_autofree char *meaning = casa_phrases_meaning(pm10);
  g_assert_cmpstr(meaning, ==, "PM10 · station la plus haute");
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* The store reaches up to 13 hours ago only, as while a backfill arrives: the newest value is of the morning, and what the day
 * before was at this evening's hour is nothing to compare it with. */
static void
test_comparison(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), newest = now - 13 * 3600000;
  double before;
  gboolean yesterday;

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  for (gint64 t = now - 25 * 3600000; t <= newest; t += 120000)
    app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", t < newest - 2 * 3600000 ? 60 : 30, t, APP_STORED);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  const CasaIndicator *speed = app_indicator(model, "speed");
  /* Nothing is compared while the past is being read. */
  g_assert_false(casa_model_before(model, speed, &before, &yesterday));
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  g_assert_true(casa_model_before(model, speed, &before, &yesterday));
  g_assert_false(yesterday);
  g_assert_cmpfloat(before, ==, 30);
  CasaHeadline words = { 0 };
  casa_phrases_headline(model, speed, &words);
  g_assert_cmpstr(words.trend, ==, "● stable vs il y a 1 h");
  casa_headline_clear(&words);
  g_assert_false(casa_model_has_day(model, speed));
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* A quarter of an hour of yesterday is not that hour. */
static void
test_comparison_partial(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), day = 24 * 3600000;
  double before;
  gboolean yesterday;

  app_fixture_init(&fixture);
  for (gint64 t = now - day + 5 * 60000; t < now - day + 25 * 60000; t += 120000)
    app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", 60, t, APP_STORED);
  app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", 30, now, APP_STORED);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  g_assert_false(casa_model_before(model, app_indicator(model, "speed"), &before, &yesterday));
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* The kit alone: nobody described the other, and it is no vehicle. */
static void
assert_team_badge(CasaModel *model, gboolean stale)
{
  g_autoptr(GArray) badges = casa_map_stations_read(model, app_indicator(model, "pm10"), FALSE);

  g_assert_cmpuint(badges->len, ==, 1);
  const CasaMapBadge *badge = &g_array_index(badges, CasaMapBadge, 0);
  g_assert_true(badge->team);
  g_assert_cmpint(badge->stale, ==, stale);
  g_assert_cmpuint(badge->band, ==, G_MAXUINT);
  g_assert_cmpstr(badge->text, ==, "21,4 °C · equipe-7");
  g_assert_cmpfloat(badge->at.lat, ==, 33.58);
}

/* Told apart from the city's; a `veh-` of a team is no tram; and all that it measures can be shown. */
static void
test_team(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  app_fixture_describe_of(&fixture, "equipe-7", "air", "kit-1", "Toit du lycée", 33.58, -7.6);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  app_fixture_put(&fixture, "equipe-7", "air", "kit-1", "temp_c", 21.36, now, APP_LIVE);
  app_fixture_put(&fixture, "equipe-7", "air", "kit-1", "bees", 12, now, APP_LIVE);
  app_fixture_put(&fixture, "equipe-7", "air", "kit-1", "pm10", 400, now, APP_LIVE);
  app_fixture_put(&fixture, "equipe-7", "mobility", "veh-t1-x", "delay_s", 900, now, APP_LIVE);
  app_fixture_put(&fixture, "equipe-7", "mobility", "veh-t1-x", "lat", 33.5, now, APP_LIVE);
  app_fixture_put(&fixture, "equipe-7", "mobility", "veh-t1-x", "lon", -7.6, now, APP_LIVE);
  casa_model_tick(model, now + 2000);
  g_assert_cmpint(app_figure(model, "pm10")->state, ==, CASA_STATE_NONE);
  g_assert_cmpint(app_figure(model, "vehicles")->state, ==, CASA_STATE_NONE);
  g_assert_cmpint(app_figure(model, "delay")->state, ==, CASA_STATE_NONE);
  assert_tile(model, "teams", "1", "en direct");
  assert_team_badge(model, FALSE);

  CasaLatestValues *latest = casa_model_latest(model);
  guint id = casa_catalogue_find_station(casa_store_catalogue(fixture.store), "equipe-7", "air", "kit-1");
  const CasaStationValues *kit = casa_latest_values_station(latest, id);
  CasaTilePhrases words;
  g_assert_false(kit->city);
  g_assert_false(kit->simulated);
  g_assert_cmpuint(kit->series->len, ==, 3);
  g_assert_cmpfloat(casa_latest_values_of(latest, kit, "bees")->value, ==, 12);
  g_assert_true(casa_phrases_series(model, g_array_index(kit->series, guint, 0), &words));
  g_assert_cmpstr(words.name, ==, "Température");
  g_assert_cmpstr(words.number, ==, "21,4");
  g_assert_cmpstr(words.unit, ==, "°C");
  casa_tile_phrases_clear(&words);
  g_assert_true(casa_phrases_series(model, g_array_index(kit->series, guint, 1), &words));
  g_assert_cmpstr(words.name, ==, "bees");
  casa_tile_phrases_clear(&words);
  casa_model_tick(model, now + 1800000);
  assert_team_badge(model, TRUE);
  g_assert_true(casa_phrases_series(model, g_array_index(kit->series, guint, 0), &words));
  g_assert_cmpstr(words.unit, ==, "°C · il y a 30\u00a0min");
  casa_tile_phrases_clear(&words);
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* `kind` of $station decides, whatever the id. */
static void
test_described_kind(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();
  g_autoptr(GError) error = NULL;
  g_autofree CasaDescriptor *d = g_new0(CasaDescriptor, 1);
  gboolean changed;

  app_fixture_init(&fixture);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  app_fixture_put(&fixture, "city", "mobility", "axis-9", "speed_kmh", 40, now, APP_LIVE);
  casa_model_tick(model, now + 2000);
  g_assert_cmpint(app_figure(model, "speed")->state, ==, CASA_STATE_NONE);
  g_strlcpy(d->source, "city", sizeof d->source);
  g_strlcpy(d->domain, "mobility", sizeof d->domain);
  g_strlcpy(d->station, "axis-9", sizeof d->station);
  g_strlcpy(d->kind, "road", sizeof d->kind);
  g_assert_true(casa_store_put_descriptor(fixture.store, d, now, &changed, &error));
  casa_model_tick(model, now + 4000);
  g_assert_cmpfloat(app_figure(model, "speed")->value, ==, 40);
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* A sensor that the recorder's thread has just made known, while the screen still counts without it. */
static void
test_members_of_what_is_known(void)
{
  AppFixture fixture = { 0 };

  app_fixture_init(&fixture);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  CasaLatestValues *latest = casa_model_latest(model);
  CasaCatalogue *catalogue = casa_store_catalogue(fixture.store);
  CasaIndicators *set = casa_latest_values_indicators(latest);
  const CasaIndicator *speed = casa_indicators_find(set, "speed");
  casa_latest_values_refresh(latest);
  const guint known = casa_latest_values_n_series(latest), series = add_series(&fixture, "city", 1);
  g_autoptr(GArray) before = casa_members_of(catalogue, known, set, speed);
  g_autoptr(GArray) after = casa_members_of(catalogue, G_MAXUINT, set, speed);
  g_assert_cmpuint(after->len, ==, before->len + 1);
  g_assert_cmpuint(g_array_index(after, guint, after->len - 1), ==, series);
  for (guint i = 0; i < before->len; i++)
    g_assert_nonnull(casa_latest_values_owner(latest, g_array_index(before, guint, i)));
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/figures/tiles", test_tiles);
  g_test_add_func("/app/figures/events-of-a-past", test_events_of_a_past);
  g_test_add_func("/app/figures/agreement", test_agreement);
  g_test_add_func("/app/figures/comparison", test_comparison);
  g_test_add_func("/app/figures/comparison-partial", test_comparison_partial);
  g_test_add_func("/app/figures/members-known", test_members_of_what_is_known);
  g_test_add_func("/app/figures/team", test_team);
  g_test_add_func("/app/figures/described-kind", test_described_kind);
  return g_test_run();
}
