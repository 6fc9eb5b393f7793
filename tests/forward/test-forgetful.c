/* SPDX-License-Identifier: Apache-2.0 */
/* Servers that answer 204 before anything is on their disk, and are killed then: what they forgot is sent again. */
#include "fixture.h"
#include "influxd.h"
#include "process.h"

#include <string.h>

#define ACKED "SELECT acked_id FROM outbox"
#define BORN(second)                                                                                                           \
  {                                                                                                                            \
    .status = 200, .body = "vm_rows 1\nprocess_start_time_seconds " second "\nzzz 1\n"                                         \
  }

/* Different times of air_pm10 that a victoria-metrics gives back. */
static guint
count_exported(TestInfluxd *server)
{
  static guint tries;
  g_autofree char *path =
    g_strdup_printf("/api/v1/export?match[]={__name__=\"air_pm10\",try%u=\"\"}&start=1&end=4000000000", tries++);
  g_free(test_influxd_get(server, "/internal/force_flush"));
  g_autofree char *answer = test_influxd_get(server, path);
  const char *times = answer ? strstr(answer, "\"timestamps\":[") : NULL;
  guint n = 0;

  for (const char *p = times; p && *p && *p != ']'; p++)
    n += *p == ',' || n == 0;
  return n;
}

typedef struct {
  TestInfluxd *server;
  guint n;
} Wanted;

static gboolean
is_there(gpointer data)
{
  const Wanted *wanted = data;

  return count_exported(wanted->server) == wanted->n;
}

static gboolean
is_acked(gpointer data)
{
  Fixture *f = data;

  return fixture_sql(f, ACKED) == casa_store_last_id(f->store);
}

static void
open_victoria(Fixture *f, TestInfluxd *server)
{
  fixture_open(f, test_influxd_address(server), "?db=casa");
  f->pace.proof_ms = 20000;
  f->pace.review_ms = 50;
}

static void
test_killed_after_its_answer(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria_with("-dedup.minScrapeInterval=1ms");
  Wanted all = { server, 3000 };
  Fixture f;

  open_victoria(&f, server);
  fixture_put_many(&f, 0, 3000);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 3000);
  g_assert_cmpint(fixture_sql(&f, ACKED), <, casa_store_last_id(f.store));
  test_influxd_kill(server);
  test_influxd_start(server);
  g_assert_true(test_wait_for(is_there, &all, 60));
  fixture_wait_forwarded(&f, 3000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 3000);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_true(is_acked(&f)); /* the next start sends nothing twice */
  fixture_close(&f);
}

/* Both die at once, as when their machine loses power. */
static void
test_killed_with_us(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria_with("-dedup.minScrapeInterval=1ms");
  Wanted all = { server, 500 };
  Fixture f;

  open_victoria(&f, server);
  fixture_put_many(&f, 0, 500);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 500);
  test_influxd_kill(server);
  fixture_stop(&f, 0);
  test_influxd_start(server);
  fixture_start(&f);
  g_assert_true(test_wait_for(is_there, &all, 60));
  fixture_close(&f);
}

/* --- What goes again, and what does not --- */

static void
open_stub(Fixture *f, StubInflux *stub, StubMood *mood)
{
  *mood = (StubMood){ .write.status = 204, .victoria.status = 200, .metrics = BORN("100") };
  stub_influx_set(stub, *mood);
  fixture_open_stub(f, stub);
  f->pace.review_ms = 10;
}

static void
wait_arrived(StubInflux *stub, guint n)
{
  gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

  while (stub_influx_n_arrived(stub) < n && g_get_monotonic_time() < deadline)
    g_usleep(2000);
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, n);
}

/* The forwarder, idle, has asked again. */
static void
wait_asked(StubInflux *stub)
{
  gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  guint before = stub_http_n_requests(stub_influx_http(stub));

  while (stub_http_n_requests(stub_influx_http(stub)) < before + 2 && g_get_monotonic_time() < deadline)
    g_usleep(2000);
  g_assert_cmpuint(stub_http_n_requests(stub_influx_http(stub)), >=, before + 2);
}

static void
test_goes_back_only_after_a_restart(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  StubMood mood;
  Fixture f;

  open_stub(&f, stub, &mood);
  f.pace.rows = 100;
  fixture_put_many(&f, 0, 1000);
  fixture_put(&f, "x", "bad\\", 1, 2000); /* no line can carry it */
  fixture_start(&f);
  fixture_wait_forwarded(&f, 1000);
  /* Cut off, overloaded, silent about itself: still the same process. */
  mood.metrics = (StubAnswer){ .mode = STUB_CUT, .status = 200 };
  stub_influx_set(stub, mood);
  wait_asked(stub);
  mood.metrics = (StubAnswer){ .status = 503 };
  stub_influx_set(stub, mood);
  wait_asked(stub);
  fixture_put_many(&f, 1000, 1100);
  fixture_wait_forwarded(&f, 1100);
  mood.metrics = (StubAnswer)BORN("100");
  stub_influx_set(stub, mood);
  fixture_put_many(&f, 1100, 1200);
  wait_arrived(stub, 1200);

  mood.metrics = (StubAnswer)BORN("200");
  stub_influx_set(stub, mood);
  wait_arrived(stub, 2400);
  fixture_wait_forwarded(&f, 1200);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, 2400);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 1200);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 1);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine"), ==, 1);
  g_assert_true(is_acked(&f));
  fixture_close(&f);
}

/* What is old enough is on its disk: a restart does not bring it back, and the store may let go of it. */
static void
test_place_follows(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  StubMood mood;
  Fixture f;

  open_stub(&f, stub, &mood);
  f.pace.hold_ms = 100;
  fixture_put_many(&f, 0, 300);
  fixture_start(&f);
  g_assert_true(test_wait_for(is_acked, &f, 60));
  mood.metrics = (StubAnswer)BORN("200");
  stub_influx_set(stub, mood);
  fixture_put_many(&f, 300, 400);
  fixture_wait_forwarded(&f, 400);
  g_assert_true(test_wait_for(is_acked, &f, 60));
  g_assert_cmpuint(stub_influx_n_arrived(stub), <=, 500);
  fixture_close(&f);
}

/* One that does not say when it began (404) is trusted after the same time; one that cannot be asked is waited for. */
static void
test_silent_server(void)
{
  g_autoptr(StubInflux) stub = stub_influx_new(CASA_INFLUX_V1, NULL);
  StubMood mood;
  Fixture f;

  open_stub(&f, stub, &mood);
  f.pace.hold_ms = 10;
  mood.metrics = (StubAnswer){ .status = 503 };
  stub_influx_set(stub, mood);
  fixture_put_many(&f, 0, 100);
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_RETRYING);
  g_assert_cmpuint(stub_influx_n_arrived(stub), ==, 0);
  mood.metrics = (StubAnswer){ .status = 404 };
  stub_influx_set(stub, mood);
  fixture_wait_forwarded(&f, 100);
  g_assert_true(test_wait_for(is_acked, &f, 60));
  fixture_close(&f);
}

/* --- One that keeps twice what is sent twice --- */

static void
assert_says_doubling(const char *flag, gboolean doubling)
{
  g_autoptr(TestInfluxd) server = test_influxd_new_victoria_with(flag);
  Fixture f;

  open_victoria(&f, server);
  fixture_start(&f);
  fixture_wait_words(&f, "forwarding to");
  g_assert_cmpint(strstr(fixture_status(&f).text, "-dedup.minScrapeInterval=1ms") != NULL, ==, doubling);
  fixture_stop(&f, 1000);
  fixture_close(&f);
}

static void
test_doubling_is_said(void)
{
  assert_says_doubling(NULL, TRUE);
  assert_says_doubling("-dedup.minScrapeInterval=1ms", FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/forgetful/killed-after-its-answer", test_killed_after_its_answer);
  g_test_add_func("/forward/forgetful/killed-with-us", test_killed_with_us);
  g_test_add_func("/forward/forgetful/only-after-a-restart", test_goes_back_only_after_a_restart);
  g_test_add_func("/forward/forgetful/place-follows", test_place_follows);
  g_test_add_func("/forward/forgetful/silent", test_silent_server);
  g_test_add_func("/forward/forgetful/doubling-is-said", test_doubling_is_said);
  return g_test_run();
}
