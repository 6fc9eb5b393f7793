/* SPDX-License-Identifier: Apache-2.0 */
/* What `casa doctor` says of the server that is to get everything, before the curtain rises. */
#include "broker.h"
#include "import-run.h"
#include "influxd.h"
#include "process.h"
#include "stub-influx.h"

#include <string.h>

static const char *config; /* the program's folder */
static TestBroker *broker;

/* Its status, and what it says on the line "influx" (transfer full). */
static int
ask_doctor(const char *url, char **line)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL), *out = NULL, *err = NULL;
  const char *argv[] = { import_program(), "doctor", "--config", config, "--broker", test_broker_url(broker),
                         "--store",        store,    "--influx", url,    NULL };
  int status = test_run(argv, NULL, &out, &err);
  const char *begin = out ? strstr(out, "influx  ") : NULL;

  if (!begin || begin - out < 6)
    g_error("no line of influx in \"%s\"; it says: %s", out, err);
  *line = g_strndup(begin - 6, strcspn(begin - 6, "\n"));
  test_dir_remove(dir);
  return status;
}

static void
assert_says(const char *url, int status, const char *verdict, const char *words)
{
  g_autofree char *line = NULL;
  int got = ask_doctor(url, &line);

  if (!g_str_has_prefix(line, verdict) || !strstr(line, words))
    g_error("\"%s\" is no \"%s\" with \"%s\"", line, verdict, words);
  g_assert_cmpint(got, ==, status);
}

static void
test_influxd(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autofree char *url = g_strdup_printf("%s/?db=casa", test_influxd_address(server));

  assert_says(url, 0, "pass", "gives it back");
  assert_says(url, 0, "pass", "gives it back");
  g_assert_cmpfloat(test_influxd_number(server, "casa", "SELECT count(ok) FROM casa_pulse"), ==, 2);
  test_influxd_stop(server);
  assert_says(url, 0, "warn", "check that the server runs");
}

static void
test_victoria(void)
{
  g_autoptr(TestInfluxd) doubling = test_influxd_new_victoria();
  g_autoptr(TestInfluxd) single = test_influxd_new_victoria_with("-dedup.minScrapeInterval=1ms");
  g_autofree char *one = g_strdup_printf("%s/?db=casa", test_influxd_address(doubling));
  g_autofree char *other = g_strdup_printf("%s/?db=casa", test_influxd_address(single));

  assert_says(one, 0, "warn", "start it with -dedup.minScrapeInterval=1ms");
  assert_says(other, 0, "pass", "gives it back");
}

typedef struct {
  const char *name;
  StubMood mood;
  int status;
  const char *verdict, *words;
} Patient;

static const Patient patients[] = {
  { "keeps-nothing", { .write.status = 204, .forgets = TRUE }, 1, "fail", "not there to be read" },
  { "unauthorized", { .write.status = 401 }, 1, "fail", "check the token or user and password" },
  { "no-database", { .write.status = 404 }, 1, "fail", "check the name of the database" },
  { "refuses-everything", { .write.status = 400 }, 1, "fail", "even a plain test line is refused" },
  { "no-influxdb", { .write = { .status = 200, .body = "<html>" } }, 1, "fail", "is this its address" },
  { "overloaded", { .write.status = 503 }, 0, "warn", "overloaded or broken" },
  { "may-only-write", { .write.status = 204, .read = { .status = 403 } }, 0, "warn", "the right to read" },
};

static void
test_stub(gconstpointer data)
{
  const Patient *patient = data;
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  g_autofree char *url = g_strdup_printf("%s/%s", stub_influx_address(stub), stub_influx_parameters(stub));

  stub_influx_set(stub, patient->mood);
  assert_says(url, patient->status, patient->verdict, patient->words);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  config = g_getenv("CASA_TEST_CONFIG");
  if (!config)
    g_error("CASA_TEST_CONFIG is not set: run it by meson test");
  broker = test_broker_new(NULL);
  /* Something to hear at once: the doctor would wait for it. */
  TestPublisher *publisher = test_publisher_new(test_broker_url(broker));
  test_publisher_send(publisher, "casa/v1/city/air/x", "{\"pm10\":1}", -1, 1, TRUE);
  g_assert_true(test_publisher_flush(publisher, 60));
  test_publisher_free(publisher);
  g_test_add_func("/forward/doctor/influxd", test_influxd);
  g_test_add_func("/forward/doctor/victoria-metrics", test_victoria);
  for (guint i = 0; i < G_N_ELEMENTS(patients); i++) {
    g_autofree char *path = g_strdup_printf("/forward/doctor/%s", patients[i].name);
    g_test_add_data_func(path, &patients[i], test_stub);
  }
  int status = g_test_run();
  test_broker_free(broker);
  return status;
}
