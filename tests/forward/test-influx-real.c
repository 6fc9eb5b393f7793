/* SPDX-License-Identifier: Apache-2.0 */
/* The client and the line protocol against the servers of Debian. */
#include "base/error.h"
#include "forward/influx.h"
#include "forward/line-protocol.h"
#include "influxd.h"

#include <string.h>

static CasaInflux *
connect_to(TestInfluxd *server, const char *db)
{
  g_autofree char *url = g_strdup_printf("%s/?db=%s", test_influxd_address(server), db);
  g_autoptr(GError) error = NULL;
  CasaInflux *influx = casa_influx_new(url, NULL, NULL, NULL, &error);

  g_assert_no_error(error);
  return influx;
}

static CasaWriteResult
write_lines(CasaInflux *influx, const char *lines, char **words)
{
  g_autoptr(GError) error = NULL;
  guint wait;
  CasaWriteResult result = casa_influx_write(influx, lines, strlen(lines), &wait, &error);

  if (words)
    *words = error ? g_strdup(error->message) : NULL;
  return result;
}

static void
test_life_with_influxd(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autoptr(CasaInflux) influx = connect_to(server, "casa");
  g_autoptr(GError) error = NULL;
  g_autofree char *missing = NULL, *partial = NULL, *down = NULL;

  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=1 1779385327000\n", &missing), ==, CASA_WRITE_DENIED);
  g_assert_nonnull(strstr(missing, "database"));
  g_assert_true(casa_influx_prepare(influx, &error));
  g_assert_no_error(error);
  g_assert_true(casa_influx_prepare(influx, NULL)); /* again: no harm */

  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=1 1779385327000\n", NULL), ==, CASA_WRITE_OK);
  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=1 1779385327000\n", NULL), ==, CASA_WRITE_OK);
  g_assert_cmpfloat(test_influxd_number(server, "casa", "SELECT count(pm10) FROM air"), ==, 1);

  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=2 1779385328000\nair,source= pm10=NaN\n", &partial), ==,
                  CASA_WRITE_BAD_LINES);
  g_assert_nonnull(strstr(partial, "400"));

  test_influxd_stop(server);
  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=3 1779385329000\n", &down), ==, CASA_WRITE_RETRY);
  g_assert_nonnull(strstr(down, "does not answer"));
  test_influxd_start(server);
  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=3 1779385329000\n", NULL), ==, CASA_WRITE_OK);
  g_assert_cmpfloat(test_influxd_number(server, "casa", "SELECT sum(pm10) FROM air"), ==, 6);
}

static void
test_database_with_odd_name(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autoptr(CasaInflux) influx = connect_to(server, "l%27air%20%22libre%22");
  g_autoptr(GError) error = NULL;

  g_assert_true(casa_influx_prepare(influx, &error));
  g_assert_no_error(error);
  g_assert_cmpint(write_lines(influx, "air,source=s,station=x pm10=5 1779385327000\n", NULL), ==, CASA_WRITE_OK);
}

/* What we escape, influxd reads as it was meant. */
static void
test_odd_names_arrive(void)
{
  static const char *const names[] = { "plain",       "with space", "comma,comma", "a=b",  "quote\"quote",
                                       "back\\slash", "éàü",        "عين السبع",   "it's", "#no-comment" };
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autoptr(CasaInflux) influx = connect_to(server, "casa");
  g_autoptr(GString) lines = g_string_new(NULL);

  g_assert_true(casa_influx_prepare(influx, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    CasaLineField fields[] = { { "v", i }, { names[i], 1e22 }, { "tiny", 5e-324 } };
    g_assert_true(casa_line_append(lines, "odd names", names[i], names[i], fields, 3, 1779385327120 + i));
  }
  g_assert_cmpint(write_lines(influx, lines->str, NULL), ==, CASA_WRITE_OK);
  g_assert_cmpfloat(test_influxd_number(server, "casa", "SELECT count(v) FROM \"odd names\""), ==, G_N_ELEMENTS(names));
  g_autofree char *tags = test_influxd_query(server, "casa", "SHOW TAG VALUES FROM \"odd names\" WITH KEY = station");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_auto(GStrv) doubled = g_strsplit(names[i], "\"", -1); /* CSV doubles its quotes */
    g_autofree char *csv = g_strjoinv("\"\"", doubled);
    if (!strstr(tags, csv))
      g_error("station \"%s\" did not arrive; the server has: %s", names[i], tags);
  }
}

static void
test_victoria_metrics(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria();
  g_autoptr(CasaInflux) influx = connect_to(server, "casa");
  gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  g_autofree char *found = NULL;

  g_assert_cmpint(write_lines(influx, "air,source=city,station=x pm10=74.2,no2=41 1779385327120\n", NULL), ==, CASA_WRITE_OK);
  /* It shows what it was given only after a flush, which takes its time. */
  do {
    g_free(test_influxd_get(server, "/internal/force_flush"));
    g_free(found);
    found = test_influxd_get(server, "/api/v1/export?match[]=air_pm10&start=1779385300&end=1779385400");
  } while ((!found || !strstr(found, "74.2")) && g_get_monotonic_time() < deadline);
  g_assert_nonnull(found);
  g_assert_nonnull(strstr(found, "\"station\":\"x\""));
  g_assert_nonnull(strstr(found, "74.2"));
  g_assert_nonnull(strstr(found, "1779385327120"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/influx-real/life", test_life_with_influxd);
  g_test_add_func("/forward/influx-real/odd-database", test_database_with_odd_name);
  g_test_add_func("/forward/influx-real/odd-names-arrive", test_odd_names_arrive);
  g_test_add_func("/forward/influx-real/victoria-metrics", test_victoria_metrics);
  return g_test_run();
}
