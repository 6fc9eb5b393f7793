/* SPDX-License-Identifier: Apache-2.0 */
/* `casa import` with real servers, as a user runs it. */
#include "base/clock.h"
#include "fixture.h"
#include "import-run.h"
#include "influxd.h"
#include "process.h"

#include <string.h>

#define HOUR_MS 3600000

/* --- Round trip --- */

static void
put_row(Fixture *f, guint i, gint64 t_ms)
{
  static const char *const domains[] = { "air", "energy", "mobility" };
  static const char *const metrics[] = { "pm10", "no2", "load_mw", "lat", "lon", "speed_kmh", "co", "temp_c" };
  CasaField fields[CASA_FIELDS_MAX];
  CasaReading reading = { .t_ms = t_ms, .time_source = CASA_TIME_PAYLOAD, .fields = fields };
  g_autoptr(GError) error = NULL;
  CasaPut put;

  g_strlcpy(reading.source, i % 5 ? "city" : "equipe-7", sizeof reading.source);
  g_strlcpy(reading.domain, domains[i % 3], sizeof reading.domain);
  g_snprintf(reading.station, sizeof reading.station, "st-%u", i % 17);
  reading.n_fields = 1 + i % G_N_ELEMENTS(metrics);
  for (guint k = 0; k < reading.n_fields; k++) {
    g_strlcpy(reading.fields[k].metric, metrics[(i + k) % G_N_ELEMENTS(metrics)], sizeof reading.fields[k].metric);
    reading.fields[k].value = k % 3 == 0 ? i / 10.0 : k % 3 == 1 ? g_test_rand_double() * 1e-5 : -1e20 * i;
  }
  g_assert_true(casa_store_put_reading(f->store, &reading, t_ms + 5, &put, &error));
  g_assert_no_error(error);
}

static void
test_round_trip(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 begin_ms = casa_clock_now_ms() - HOUR_MS;
  Fixture f;
  guint n, again;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 3000; i++)
    put_row(&f, i, begin_ms + i * 37);
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);

  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL), *before = export_sorted(f.path, &n);
  g_auto(ImportRun) first = import_run(f.dir, copy, f.config.influx_url, NULL);
  g_assert_cmpstr(first.err, ==, "");
  g_assert_cmpint(first.status, ==, 0);
  import_assert_count(&first, "stored", n);
  import_assert_count(&first, "duplicates", 0);
  import_assert_count(&first, "skipped_rows", 0);
  import_assert_count(&first, "measurements", 3);
  g_autofree char *after = export_sorted(copy, &again);
  g_assert_cmpuint(again, ==, n);
  g_assert_cmpstr(after, ==, before);

  /* Once more: nothing is new, nothing is doubled. */
  g_auto(ImportRun) second = import_run(f.dir, copy, f.config.influx_url, NULL);
  g_assert_cmpint(second.status, ==, 0);
  import_assert_count(&second, "stored", 0);
  import_assert_count(&second, "duplicates", n);
  g_autofree char *still = export_sorted(copy, &again);
  g_assert_cmpstr(still, ==, before);
  fixture_close(&f);
}

static void
test_part_into_a_filled_store(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 begin_ms = casa_clock_now_ms() - HOUR_MS, shift = begin_ms - FIXTURE_BEGIN_MS;
  Fixture f;
  guint n;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 100; i++)
    fixture_put(&f, "x", "pm10", i, shift + i * 1000);
  put_row(&f, 1, begin_ms); /* energy */
  fixture_start(&f);
  fixture_stop(&f, 60000);

  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL);
  char from_time[32], to_time[32];
  const char *part[] = { "--measurement",
                         "a?r",
                         "--from",
                         casa_time_format(begin_ms + 10000, from_time),
                         "--to",
                         casa_time_format(begin_ms + 20000, to_time),
                         NULL };
  const char *air[] = { "--measurement", "air", NULL };
  g_auto(ImportRun) ten = import_run(f.dir, copy, f.config.influx_url, part);
  g_assert_cmpint(ten.status, ==, 0);
  import_assert_count(&ten, "stored", 10);
  g_auto(ImportRun) rest = import_run(f.dir, copy, f.config.influx_url, air);
  import_assert_count(&rest, "stored", 90);
  import_assert_count(&rest, "duplicates", 10);
  g_free(export_sorted(copy, &n));
  g_assert_cmpuint(n, ==, 100);
  fixture_close(&f);
}

/* --- What others wrote --- */

static void
write_foreign(const char *url, gint64 now_ms)
{
  g_autoptr(CasaInflux) influx = casa_influx_new(url, NULL, NULL, NULL, NULL);
  g_autofree char *lines = g_strdup_printf("air,source=city,station=x pm10=1,state=\"on\",n=3i,open=true %" G_GINT64_FORMAT "\n"
                                           "air,source=city,station=Ain\\ Sebaa pm10=2 %" G_GINT64_FORMAT "\n"
                                           "air,host=server pm10=3 %" G_GINT64_FORMAT "\n"
                                           "air,source=city,station=x pm10=4 1000\n"
                                           "air,source=city,station=x pm10=5 %" G_GINT64_FORMAT "\n"
                                           "cpu,host=server usage=6 %" G_GINT64_FORMAT "\n"
                                           "odd\\ \"name\",source=city,station=x pm10=7 %" G_GINT64_FORMAT "\n"
                                           "air,source=city,station=x Odd=8,pm10=9 %" G_GINT64_FORMAT "\n",
                                           now_ms, now_ms, now_ms, now_ms + 30 * HOUR_MS, now_ms, now_ms, now_ms + 1);
  guint wait;

  g_assert_true(casa_influx_prepare(influx, NULL));
  g_assert_cmpint(casa_influx_write(influx, lines, strlen(lines), &wait, NULL), ==, CASA_WRITE_OK);
}

static void
test_foreign_rows_are_left_out(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *url = g_strdup_printf("%s/?db=casa", test_influxd_address(server));
  guint n;

  write_foreign(url, casa_clock_now_ms() - HOUR_MS);
  g_auto(ImportRun) run = import_run(dir, store, url, NULL);
  g_assert_cmpint(run.status, ==, 0);
  import_assert_count(&run, "rows", 8);
  import_assert_count(&run, "stored", 4); /* pm10=1, n, open, pm10=9 */
  import_assert_count(&run, "skipped_rows", 6);
  import_assert_count(&run, "skipped_values", 2);
  import_assert_says(&run, "air: the station \"Ain Sebaa\" is left out");
  import_assert_says(&run, "the measurement \"odd \"name\"\" is left out");
  import_assert_says(&run, "cpu: rows without the tag \"source\"");
  import_assert_says(&run, "the field \"state\" is text");
  import_assert_says(&run, "the field \"Odd\" is left out");
  import_assert_says(&run, "retention");
  import_assert_says(&run, "has not been yet");
  g_autofree char *have = export_sorted(store, &n);
  g_assert_cmpuint(n, ==, 4);
  g_assert_nonnull(strstr(have, "air,source=city,station=x pm10=9 "));
  test_dir_remove(dir);
}

/* Over the wire answers come packed: 0.0.0.0 is this machine and yet not loopback. */
static void
test_packed_answers(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  gint64 shift = casa_clock_now_ms() - HOUR_MS - FIXTURE_BEGIN_MS;
  Fixture f;

  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 5000; i++)
    fixture_put(&f, "x", "pm10", i, shift + i);
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_autofree char *copy = g_build_filename(f.dir, "copy.db", NULL);
  g_autofree char *url = g_strdup_printf("http://0.0.0.0%s/?db=casa", strrchr(test_influxd_address(server), ':'));
  g_setenv("no_proxy", "0.0.0.0", TRUE);
  g_auto(ImportRun) run = import_run(f.dir, copy, url, NULL);
  g_setenv("no_proxy", "", TRUE);
  g_assert_cmpint(run.status, ==, 0);
  import_assert_count(&run, "stored", 5000);
  fixture_close(&f);
}

static void
test_usage(void)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  const char *times[] = { "--from", "now", "--to", "now-1d", NULL }, *bad[] = { "--from", "soon", NULL };
  const char *extra[] = { "extra", NULL };
  g_auto(ImportRun) url = import_run(dir, store, "http://host:8086/", NULL);
  g_auto(ImportRun) order = import_run(dir, store, "http://127.0.0.1:1/?db=casa", times);
  g_auto(ImportRun) time = import_run(dir, store, "http://127.0.0.1:1/?db=casa", bad);
  g_auto(ImportRun) word = import_run(dir, store, "http://127.0.0.1:1/?db=casa", extra);
  g_auto(ImportRun) away = import_run(dir, store, "http://127.0.0.1:1/?db=casa", NULL);

  g_assert_cmpint(url.status, ==, 2);
  import_assert_says(&url, "names no database");
  g_assert_cmpint(order.status, ==, 2);
  import_assert_says(&order, "--from must be before --to");
  g_assert_cmpint(time.status, ==, 2);
  g_assert_cmpint(word.status, ==, 2);
  g_assert_cmpint(away.status, ==, 1);
  import_assert_says(&away, "does not answer");
  test_dir_remove(dir);
}

static void
test_victoria_is_named(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria();
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *url = g_strdup_printf("%s/?db=casa", test_influxd_address(server));
  g_auto(ImportRun) run = import_run(dir, store, url, NULL);

  g_assert_cmpint(run.status, ==, 1);
  import_assert_says(&run, "VictoriaMetrics");
  import_assert_count(&run, "rows", 0);
  test_dir_remove(dir);
}

/* A store that somebody writes is left alone. */
static void
test_store_in_use(void)
{
  Fixture f;

  fixture_open(&f, NULL, NULL);
  g_auto(ImportRun) run = import_run(f.dir, f.path, "http://127.0.0.1:1/?db=casa", NULL);
  g_assert_cmpint(run.status, ==, 1);
  import_assert_says(&run, f.path);
  fixture_close(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/import/round-trip", test_round_trip);
  g_test_add_func("/forward/import/part-into-a-filled-store", test_part_into_a_filled_store);
  g_test_add_func("/forward/import/foreign-rows", test_foreign_rows_are_left_out);
  g_test_add_func("/forward/import/packed-answers", test_packed_answers);
  g_test_add_func("/forward/import/victoria-is-named", test_victoria_is_named);
  g_test_add_func("/forward/import/usage", test_usage);
  g_test_add_func("/forward/import/store-in-use", test_store_in_use);
  return g_test_run();
}
