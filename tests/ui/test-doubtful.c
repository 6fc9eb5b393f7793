/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "ui/data/doubtful.h"
#include "ui/scenes/doubt-words.h"
#include "ui/scenes/map-stations.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

/* Which sensors the wall takes for doubtful: the one that is stuck while its neighbours move, whose clock is off; nobody
 * because of an event, and nobody for saying nothing; and in which words. */

#define NOW_MS G_GINT64_CONSTANT(1779285900000) /* Wednesday 20 May 2026, 14:05 UTC */
#define HOURS 30
#define STUCK_MS (NOW_MS - 100 * CASA_MINUTE_MS)
#define STORM_MS (NOW_MS - 50 * CASA_MINUTE_MS)
#define N_STATIONS 6 /* the second sticks; the last falls silent */

typedef struct {
  AppFixture fixture;
  CasaDoubtful *doubtful;
  guint n_answers;
} Fixture;

static void
changed_cb(gpointer data)
{
  ((Fixture *)data)->n_answers++;
}

static double
level(gint64 t_ms, guint salt)
{
  const double hour = (double)(t_ms % CASA_DAY_MS) / CASA_HOUR_MS;
  const guint noise = (guint)((guint64)(t_ms / 60000) * 2654435761u + salt * 40503u) >> 8;

  return 60 + 25 * sin((hour - 9) * G_PI / 6) + (t_ms >= STORM_MS ? 150 : 0) + 3 * salt + (double)(noise % 4000) / 1000;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  app_fixture_init(&f->fixture);
  for (guint i = 0; i < N_STATIONS; i++) {
    g_autofree char *id = g_strdup_printf("air-%u", i + 1), *name = g_strdup_printf("Place %u", i + 1);
    app_fixture_describe(&f->fixture, "air", id, name, 33.56 + 0.01 * i, -7.6);
    for (gint64 t = NOW_MS - HOURS * CASA_HOUR_MS; t < NOW_MS; t += CASA_MINUTE_MS)
      if (i < N_STATIONS - 1 || t < NOW_MS - 3 * CASA_HOUR_MS)
        app_fixture_put(&f->fixture, "city", "air", id, "pm10",
                        i == 1 && t >= STUCK_MS ? round(level(STUCK_MS, i)) : round(level(t, i)), t, APP_STORED);
  }
  f->doubtful = casa_doubtful_new(f->fixture.path, casa_store_catalogue(f->fixture.store), changed_cb, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_doubtful_free(f->doubtful);
  app_fixture_clear(&f->fixture);
}

static const GArray *
ask(Fixture *f, gint64 now_ms)
{
  const guint before = f->n_answers;
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  /* As the model does: the store is not asked more often than every two seconds. */
  while (f->n_answers == before) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    casa_doubtful_want(f->doubtful, f->fixture.indicators, now_ms);
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
  }
  return casa_doubtful_sensors(f->doubtful);
}

static const char *
name_of(Fixture *f, guint station)
{
  return casa_catalogue_station(casa_store_catalogue(f->fixture.store), station)->station;
}

/* The dust moves all the others, and none of them is called doubtful. */
static void
test_stuck(Fixture *f, gconstpointer data)
{
  const GArray *found = ask(f, NOW_MS);

  g_assert_cmpuint(found->len, ==, 1);
  const CasaDoubtfulSensor *sensor = &g_array_index(found, CasaDoubtfulSensor, 0);
  g_assert_cmpstr(name_of(f, sensor->station), ==, "air-2");
  g_assert_cmpstr(sensor->indicator->id, ==, "pm10");
  g_assert_cmpint(sensor->fault, ==, CASA_SENSOR_STUCK);
  g_assert_cmpint(ABS(sensor->since_ms - STUCK_MS), <=, 10 * CASA_MINUTE_MS);
  g_assert_cmpfloat(sensor->value, ==, round(level(STUCK_MS, 1)));
  g_assert_true(casa_doubtful_of(f->doubtful, sensor->station, NULL) == sensor);
  g_assert_true(casa_doubtful_of(f->doubtful, sensor->station, sensor->indicator) == sensor);
  g_assert_null(casa_doubtful_of(f->doubtful, sensor->station, casa_indicators_find(f->fixture.indicators, "no2")));
  g_assert_null(casa_doubtful_of(f->doubtful, sensor->station + 1, NULL));
}

/* What is stored of later does not count; the hour that a sensor must have been stuck is waited for. */
static void
test_looks_not_ahead(Fixture *f, gconstpointer data)
{
  g_assert_cmpuint(ask(f, STUCK_MS + 40 * CASA_MINUTE_MS)->len, ==, 0);
  g_assert_cmpuint(ask(f, NOW_MS)->len, ==, 1);
  g_assert_cmpuint(ask(f, STUCK_MS + 30 * CASA_MINUTE_MS)->len, ==, 0); /* a clock that is set back */
}

/* Three minutes fast, steadily, as far as one sees of what has just arrived. */
static void
test_clock(Fixture *f, gconstpointer data)
{
  const guint series = 2; /* air-3 */
  const GArray *found = NULL;

  for (guint step = 1; step <= 16; step++) {
    const gint64 now_ms = NOW_MS + step * 5 * CASA_MINUTE_MS;
    for (guint i = 0; i < N_STATIONS - 1; i++) {
      g_autofree char *id = g_strdup_printf("air-%u", i + 1);
      const gint64 ahead_ms = i == series ? 3 * CASA_MINUTE_MS : 0, arrived_ms = now_ms - 2 * CASA_MINUTE_MS;
      app_fixture_put_arrived(&f->fixture, "city", "air", id, "pm10", round(level(now_ms, i)), arrived_ms + ahead_ms,
                              arrived_ms);
    }
    found = ask(f, now_ms);
  }
  g_assert_cmpuint(found->len, ==, 1);
  const CasaDoubtfulSensor *sensor = &g_array_index(found, CasaDoubtfulSensor, 0);
  g_assert_cmpstr(name_of(f, sensor->station), ==, "air-3");
  g_assert_cmpint(sensor->fault, ==, CASA_SENSOR_CLOCK);
  g_assert_cmpfloat_with_epsilon(sensor->size, 3 * CASA_MINUTE_MS, 1000);
}

static void
test_words(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaModel) model = app_fixture_model(&f->fixture);
  const GArray *found = ask(f, NOW_MS);
  CasaDoubtfulSensor sensor = g_array_index(found, CasaDoubtfulSensor, 0);

  casa_lang_set("fr");
  g_autofree char *stuck = casa_doubt_fault(&sensor, NOW_MS), *older = casa_doubt_fault(&sensor, NOW_MS + CASA_DAY_MS),
                  *line = casa_doubt_line(model, &sensor);
  g_assert_true(g_str_has_prefix(stuck, "figé à "));
  g_assert_nonnull(strstr(stuck, "µg/m³ depuis 13:"));
  g_assert_null(strstr(older, "13:"));
  g_assert_nonnull(strstr(line, "Place 2 : figé à"));
  g_assert_nonnull(strstr(line, "ses voisins bougent"));
  sensor.fault = CASA_SENSOR_CLOCK;
  sensor.size = -3.0 * CASA_MINUTE_MS;
  casa_lang_set("en");
  g_autofree char *clock = casa_doubt_fault(&sensor, NOW_MS);
  g_assert_cmpstr(clock, ==, "its clock is 3 min slow");
  sensor.fault = CASA_SENSOR_DRIFT;
  sensor.size = 12;
  g_autofree char *drift = casa_doubt_fault(&sensor, NOW_MS);
  g_assert_true(g_str_has_prefix(drift, "12 µg/m³ above its neighbours since "));
  casa_lang_set("ar");
  g_autofree char *ar = casa_doubt_line(model, &sensor);
  g_assert_null(strstr(ar, "voisins"));
}

/* On the map its value has a question mark, and is drawn as one that is not to be relied on. */
static void
test_badge(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaClock) clock = casa_clock_new_replayed(NOW_MS, 1);
  const CasaModelSource source = { f->fixture.hub, casa_store_catalogue(f->fixture.store), f->fixture.path, .clock = clock,
                                   .indicators = f->fixture.indicators };
  g_autoptr(CasaModel) model = casa_model_new(&source, f->fixture.city);
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  gint64 now_ms = NOW_MS;
  guint n_doubtful = 0;

  while (casa_doubtful_sensors(casa_model_doubtful(model))->len == 0 || !casa_model_ready(model)) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    casa_model_tick(model, now_ms += 100);
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
  }
  g_autoptr(GArray) badges = casa_map_stations_read(model, casa_indicators_find(f->fixture.indicators, "pm10"), TRUE);
  for (guint i = 0; i < badges->len; i++) {
    const CasaMapBadge *badge = &g_array_index(badges, CasaMapBadge, i);
    if (!g_str_has_suffix(badge->text, " ?"))
      continue;
    n_doubtful++;
    g_assert_cmpstr(name_of(f, badge->key), ==, "air-2");
    g_assert_true(badge->stale);
  }
  g_assert_cmpuint(n_doubtful, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/doubtful/stuck", Fixture, NULL, set_up, test_stuck, tear_down);
  g_test_add("/doubtful/looks-not-ahead", Fixture, NULL, set_up, test_looks_not_ahead, tear_down);
  g_test_add("/doubtful/clock", Fixture, NULL, set_up, test_clock, tear_down);
  g_test_add("/doubtful/words", Fixture, NULL, set_up, test_words, tear_down);
  g_test_add("/doubtful/badge", Fixture, NULL, set_up, test_badge, tear_down);
  return g_test_run();
}
