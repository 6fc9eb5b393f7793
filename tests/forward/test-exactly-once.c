/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is killed, stopped or lost on the way: what is in the store is at the server, once, and nothing else is. */
#include "base/clock.h"
#include "broker.h"
#include "fixture.h"
#include "forward/influx.h"
#include "import-run.h"
#include "influxd.h"
#include "process.h"

#include <signal.h>
#include <string.h>

#define COUNT "SELECT count(pm10) FROM air"
#define SUM "SELECT sum(pm10) FROM air"

static const char *config; /* the program's folder */

/* --- A link to a real server that loses replies: the data arrives, the sender does not learn it --- */

typedef struct {
  CasaInflux *server; /* the stub's thread only */
  guint writes, lost; /* the stub's thread, until it is freed */
} Link;

static StubAnswer
link_cb(const StubRequest *request, guint number, gpointer data)
{
  Link *self = data;
  g_autoptr(GError) error = NULL;
  guint wait;

  if (!strstr(request->target, "/write"))
    return (StubAnswer){ .status = 404 };
  if (casa_influx_write(self->server, request->body, strlen(request->body), &wait, &error) != CASA_WRITE_OK)
    g_error("%s", error->message);
  /* The first is the check. Then every second one, and now and then three in a row. */
  if (self->writes++ > 0 && (self->writes % 2 == 0 || self->writes % 20 < 3)) {
    self->lost++;
    return (StubAnswer){ .mode = STUB_CUT, .status = 204 };
  }
  return (StubAnswer){ .status = 204 };
}

static CasaInflux *
connect_to(TestInfluxd *server)
{
  g_autofree char *url = g_strdup_printf("%s/?db=casa", test_influxd_address(server));
  g_autoptr(GError) error = NULL;
  CasaInflux *influx = casa_influx_new(url, NULL, NULL, NULL, &error);

  g_assert_no_error(error);
  return influx;
}

static void
test_lost_replies(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autoptr(CasaInflux) influx = connect_to(server);
  Link link = { .server = influx };
  Fixture f;

  g_assert_true(casa_influx_prepare(influx, NULL));
  StubHttp *stub = stub_http_new(link_cb, &link);
  g_autofree char *address = g_strdup_printf("http://127.0.0.1:%u", stub_http_port(stub));
  fixture_open(&f, address, "?db=casa");
  f.pace.rows = 50;
  fixture_put_many(&f, 0, 2000);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 2000);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 2000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);
  stub_http_free(stub);
  g_assert_cmpuint(link.lost, >=, 20);
  g_assert_cmpfloat(test_influxd_number(server, "casa", COUNT), ==, 2000);
  g_assert_cmpfloat(test_influxd_number(server, "casa", SUM), ==, 2000.0 * 1999 / 2);
  fixture_close(&f);
}

/* --- kill -9 of the program while it forwards, the server stopped and killed beside --- */

typedef struct {
  TestBroker *broker;
  TestInfluxd *server;
  TestPublisher *publisher;
  char *dir, *store, *influx;
  gint64 begin_ms;
  guint sent, starts;
  TestProcess *record;
} CopyFixture;

static void
start_record(CopyFixture *fixture)
{
  const char *argv[] = { import_program(),
                         "record",
                         "--config",
                         config,
                         "--broker",
                         test_broker_url(fixture->broker),
                         "--store",
                         fixture->store,
                         "--influx",
                         fixture->influx,
                         "--stats",
                         "0.1",
                         NULL };

  g_autofree char *name = g_strdup_printf("record-%u", fixture->starts++);
  fixture->record = test_process_start(fixture->dir, name, argv);
}

static void
kill_record(CopyFixture *fixture)
{
  test_process_signal(fixture->record, SIGKILL);
  g_assert_cmpint(test_process_wait(fixture->record, 30), ==, 128 + SIGKILL);
  g_clear_pointer(&fixture->record, test_process_free);
}

/* Not waiting for what the broker acknowledges: the kill is to come while it is all under way. */
static void
publish(CopyFixture *fixture, guint n)
{
  for (; n > 0; n--, fixture->sent++) {
    g_autofree char *topic = g_strdup_printf("casa/v1/city/air/x-%u", fixture->sent % 7);
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u,\"no2\":%u.5}",
                                               fixture->begin_ms + fixture->sent, fixture->sent % 900, fixture->sent % 300);
    test_publisher_send(fixture->publisher, topic, payload, -1, 1, FALSE);
  }
}

/* Samples are under way to a server that has just gone: the worst moment to forget them. */
static void
strand(CopyFixture *fixture, void (*end)(TestInfluxd *))
{
  g_assert_true(test_process_wait_err(fixture->record, "forwarding to", 60));
  end(fixture->server);
  publish(fixture, 100);
  g_assert_true(test_process_wait_err(fixture->record, "next try in", 60));
}

static gboolean
is_all_stored(gpointer data)
{
  CopyFixture *fixture = data;

  return g_file_test(fixture->store, G_FILE_TEST_EXISTS) &&
         fixture_sql_of(fixture->store, "SELECT count(*) FROM reading") == (gint64)fixture->sent * 2;
}

/* The newest line of statistics: nothing is waiting. */
static gboolean
is_all_forwarded(gpointer data)
{
  CopyFixture *fixture = data;
  g_autofree char *out = test_process_out(fixture->record);
  const char *last = g_strrstr(out, "\"forwarded\":");

  return last && strstr(last, "\"pending\":0,") &&
         test_influxd_number(fixture->server, "casa", "SELECT count(no2) FROM air") == (double)fixture->sent;
}

/* Both ways: nothing of the store is missing there, and nothing is there that is not in the store. */
static void
assert_same(CopyFixture *fixture)
{
  g_autofree char *copy = g_build_filename(fixture->dir, "copy.db", NULL);
  g_auto(ImportRun) run = import_run(fixture->dir, copy, fixture->influx, NULL);
  guint n, again;

  g_assert_cmpint(run.status, ==, 0);
  g_autofree char *here = export_sorted(fixture->store, &n), *there = export_sorted(copy, &again);
  g_assert_cmpuint(n, ==, 2 * fixture->sent);
  g_assert_cmpstr(here, ==, there);
}

static void
test_kills(void)
{
  CopyFixture fixture = { .broker = test_broker_new(NULL), .server = test_influxd_new(), .dir = test_dir_new() };

  fixture.store = g_build_filename(fixture.dir, "pulse.db", NULL);
  fixture.influx = g_strdup_printf("%s/?db=casa", test_influxd_address(fixture.server));
  fixture.publisher = test_publisher_new(test_broker_url(fixture.broker));
  fixture.begin_ms = casa_clock_now_ms() - 60000;
  start_record(&fixture);
  g_assert_true(test_process_wait_err(fixture.record, "connected to", 60));
  for (guint i = 0; i < 10; i++) {
    publish(&fixture, 150 + (guint)g_test_rand_int_range(0, 150));
    if (i == 3 || i == 6)
      strand(&fixture, i == 3 ? test_influxd_stop : test_influxd_kill);
    kill_record(&fixture);
    publish(&fixture, 50); /* kept by the broker */
    start_record(&fixture);
    if (i == 5 || i == 7)
      test_influxd_start(fixture.server);
  }
  publish(&fixture, 100);
  g_assert_true(test_publisher_flush(fixture.publisher, 60));
  g_assert_true(test_wait_for(is_all_stored, &fixture, 60));
  g_assert_true(test_wait_for(is_all_forwarded, &fixture, 120));
  test_process_signal(fixture.record, SIGTERM);
  g_assert_cmpint(test_process_wait(fixture.record, 60), ==, 0);
  assert_same(&fixture);
  g_assert_cmpint(fixture_sql_of(fixture.store, "SELECT count(*) FROM quarantine"), ==, 0);

  test_process_free(fixture.record);
  test_publisher_free(fixture.publisher);
  test_broker_free(fixture.broker);
  test_influxd_free(fixture.server);
  test_dir_remove(fixture.dir);
  g_free(fixture.dir);
  g_free(fixture.store);
  g_free(fixture.influx);
}

/* --- VictoriaMetrics keeps what comes twice, unless it is told otherwise --- */

/* Samples of air_pm10 that it gives back for the whole time, once it has any. */
static guint
count_exported(TestInfluxd *server, guint at_least)
{
  gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  guint n = 0;

  for (guint i = 0; n < at_least && g_get_monotonic_time() < until; i++) {
    g_autofree char *path =
      g_strdup_printf("/api/v1/export?match[]={__name__=\"air_pm10\",try%u=\"\"}&start=1&end=4000000000", i);
    g_autofree char *answer = test_influxd_get(server, path);
    const char *times = answer ? strstr(answer, "\"timestamps\":[") : NULL;
    n = 0;
    for (const char *p = times; p && *p && *p != ']'; p++)
      n += *p == ',' || n == 0;
    g_free(test_influxd_get(server, "/internal/force_flush"));
  }
  return n;
}

static guint
send_twice(TestInfluxd *server, guint expected)
{
  g_autoptr(CasaInflux) influx = connect_to(server);
  Link link = { .server = influx, .writes = 1 };
  StubHttp *stub = stub_http_new(link_cb, &link);
  g_autofree char *address = g_strdup_printf("http://127.0.0.1:%u", stub_http_port(stub));
  Fixture f;

  fixture_open(&f, address, "?db=casa");
  fixture_put_many(&f, 0, 100);
  f.pace.rows = 100;
  fixture_start(&f);
  fixture_wait_forwarded(&f, 100);
  fixture_stop(&f, 60000);
  stub_http_free(stub);
  fixture_close(&f);
  g_assert_cmpuint(link.lost, >=, 1);
  return count_exported(server, expected);
}

static void
test_victoria_with_deduplication(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria_with("-dedup.minScrapeInterval=1ms");

  g_assert_cmpuint(send_twice(server, 100), ==, 100);
}

/* What docs/FORWARD.md warns of. When this fails, the warning may go. */
static void
test_victoria_without(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria();

  g_assert_cmpuint(send_twice(server, 200), >=, 200);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  config = g_getenv("CASA_TEST_CONFIG");
  if (!config)
    g_error("CASA_TEST_CONFIG is not set: run it by meson test");
  g_test_add_func("/forward/exactly-once/lost-replies", test_lost_replies);
  g_test_add_func("/forward/exactly-once/kills", test_kills);
  g_test_add_func("/forward/exactly-once/victoria-with-deduplication", test_victoria_with_deduplication);
  g_test_add_func("/forward/exactly-once/victoria-without", test_victoria_without);
  return g_test_run();
}
