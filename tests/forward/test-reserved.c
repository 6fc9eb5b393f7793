/* SPDX-License-Identifier: Apache-2.0 */
/* One team publishes metrics with the names that a server keeps for itself: everybody's questions still find everything. */
#include "base/clock.h"
#include "fixture.h"
#include "import-run.h"
#include "influxd.h"

#include <string.h>

static const char *const reserved[] = { "time", "source", "station", "_field", "_measurement", "_time", "__name__", "db" };

static void
put(Fixture *f, const char *source, const char *domain, const char *station, const char *metric, double value, gint64 t_ms)
{
  CasaField field = { .value = value };
  CasaReading reading = { .t_ms = t_ms, .n_fields = 1, .fields = &field, .time_source = CASA_TIME_PAYLOAD };
  g_autoptr(GError) error = NULL;
  CasaPut result;

  g_strlcpy(reading.source, source, sizeof reading.source);
  g_strlcpy(reading.domain, domain, sizeof reading.domain);
  g_strlcpy(reading.station, station, sizeof reading.station);
  g_strlcpy(field.metric, metric, sizeof field.metric);
  g_assert_true(casa_store_put_reading(f->store, &reading, t_ms, &result, &error));
  g_assert_no_error(error);
}

/* Ten samples of the city before and after one of each name from a team, on a station of the city's name. */
static guint
attack(Fixture *f, gint64 t_ms)
{
  for (guint i = 0; i < 10; i++)
    put(f, "city", "air", "air-a", "pm10", i, t_ms + i);
  for (guint i = 0; i < G_N_ELEMENTS(reserved); i++)
    put(f, "equipe-7", "air", "air-a", reserved[i], 100 + i, t_ms + 5);
  put(f, "equipe-7", "casa_pulse", "air-a", "ok", 1, t_ms);
  put(f, "equipe-7", "_internal", "air-a", "pm10", 1, t_ms);
  for (guint i = 10; i < 20; i++)
    put(f, "city", "air", "air-a", "pm10", i, t_ms + i);
  return 20 + G_N_ELEMENTS(reserved) + 2;
}

static void
test_influxd(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 t_ms = casa_clock_now_ms() - 60000;
  Fixture f;
  guint n, before;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  guint sent = attack(&f, t_ms);
  fixture_start(&f);
  fixture_wait_forwarded(&f, sent);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);
  g_assert_cmpfloat(test_influxd_number(server, "casa", "SELECT count(pm10) FROM air WHERE station = 'air-a'"), ==, 20);
  g_assert_cmpfloat(test_influxd_number(server, "casa", "SELECT count(pm10) FROM air WHERE source = 'city'"), ==, 20);
  g_autofree char *fields = test_influxd_query(server, "casa", "SHOW FIELD KEYS FROM air");
  g_assert_null(strstr(fields, ",station,"));
  g_assert_null(strstr(fields, ",source,"));
  for (guint i = 0; i + 1 < G_N_ELEMENTS(reserved); i++) {
    g_autofree char *ask = g_strdup_printf("SELECT last(\"field.%s\") FROM air WHERE source = 'equipe-7'", reserved[i]);
    g_assert_cmpfloat(test_influxd_number(server, "casa", ask), ==, 100 + i);
  }

  /* Read back, they have their own names again. */
  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL), *stored = export_sorted(f.path, &before);
  g_auto(ImportRun) run = import_run(f.dir, copy, f.config.influx_url, NULL);
  g_assert_cmpint(run.status, ==, 0);
  g_autofree char *back = export_sorted(copy, &n);
  g_assert_cmpuint(before, ==, sent);
  g_assert_cmpstr(back, ==, stored);
  fixture_close(&f);
}

/* Asks until @words are there: it shows what it was given only after a flush. */
static void
assert_exported(TestInfluxd *server, const char *match, const char *words)
{
  gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  g_autofree char *escaped = g_uri_escape_string(match, NULL, FALSE);
  g_autofree char *path = g_strdup_printf("/api/v1/export?match[]=%s", escaped), *found = NULL;

  do {
    g_free(test_influxd_get(server, "/internal/force_flush"));
    g_free(found);
    found = test_influxd_get(server, path);
  } while ((!found || !strstr(found, words)) && g_get_monotonic_time() < deadline);
  if (!found || !strstr(found, words))
    g_error("%s: \"%s\" is not in: %s", match, words, found ? found : "no answer");
}

static void
test_victoria(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria();
  gint64 t_ms = casa_clock_now_ms() - 60000;
  Fixture f;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  attack(&f, t_ms);
  fixture_start(&f);
  assert_exported(server, "{__name__=\"air_pm10\",source=\"city\",station=\"air-a\"}",
                  "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]");
  for (guint i = 0; i + 1 < G_N_ELEMENTS(reserved); i++) {
    g_autofree char *value = g_strdup_printf("\"values\":[%u]", 100 + i);
    g_autofree char *match = g_strdup_printf("{__name__=\"air_field.%s\",source=\"equipe-7\",station=\"air-a\"}", reserved[i]);
    assert_exported(server, match, value);
  }
  fixture_stop(&f, 0);
  fixture_close(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/reserved/influxd", test_influxd);
  g_test_add_func("/forward/reserved/victoria-metrics", test_victoria);
  return g_test_run();
}
