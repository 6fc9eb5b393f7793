/* SPDX-License-Identifier: Apache-2.0 */
/* Store to InfluxDB, end to end: whatever is stopped in the middle, every sample arrives exactly once. */
#include "base/clock.h"
#include "fixture.h"
#include "forward/influx.h"
#include "influxd.h"

#include <string.h>

#define COUNT "SELECT count(pm10) FROM air"
#define SUM "SELECT sum(pm10) FROM air"

typedef struct {
  Fixture *fixture;
  guint to;
  gint held, sent; /* atomic; held: not beyond this one until the test says so; 0: no such thing */
} Sensor;

static gboolean
is_held(Sensor *self, guint i)
{
  gint held = g_atomic_int_get(&self->held);

  return held && (gint)i >= held;
}

/* Stores samples 0…to-1, one by one, while the rest of the test breaks things. */
static gpointer
sensor_thread(gpointer data)
{
  Sensor *self = data;

  for (guint i = 0; i < self->to; i++) {
    while (is_held(self, i))
      g_usleep(1000);
    fixture_put(self->fixture, i % 2 ? "x" : "y", "pm10", i, i);
    g_atomic_int_inc(&self->sent);
    if (i % 100 == 0)
      g_usleep(1000);
  }
  return NULL;
}

static void
wait_sent(Sensor *self, gint n)
{
  while (g_atomic_int_get(&self->sent) < n)
    g_usleep(1000);
}

static void
assert_in_influx(TestInfluxd *server, guint n)
{
  double count = test_influxd_number(server, "casa", COUNT), sum = test_influxd_number(server, "casa", SUM);

  g_assert_cmpfloat(count, ==, n);
  g_assert_cmpfloat(sum, ==, (double)n * (n - 1) / 2);
}

static void
open_with(Fixture *fixture, TestInfluxd *server)
{
  fixture_open(fixture, test_influxd_address(server), "?db=casa");
  fixture->pace.rows = 200; /* many batches, so that many are under way when something breaks */
}

static void
test_server_restarts(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  Fixture f;
  Sensor sensor = { .fixture = &f, .to = 6000, .held = 1500 };

  open_with(&f, server);
  fixture_start(&f);
  GThread *thread = g_thread_new("sensor", sensor_thread, &sensor);

  /* Some are under way when it goes, and some surely come after it went. */
  wait_sent(&sensor, 1000);
  test_influxd_stop(server);
  g_atomic_int_set(&sensor.held, 3500);
  wait_sent(&sensor, 2000);
  fixture_wait_state(&f, CASA_FORWARD_RETRYING);
  test_influxd_start(server);
  fixture_wait_forwarded(&f, 2000);

  wait_sent(&sensor, 3000);
  test_influxd_kill(server);
  g_atomic_int_set(&sensor.held, 6000);
  wait_sent(&sensor, 4000);
  fixture_wait_state(&f, CASA_FORWARD_RETRYING);
  test_influxd_start(server);

  g_thread_join(thread);
  fixture_wait_forwarded(&f, 6000);
  assert_in_influx(server, 6000);
  g_assert_cmpuint(fixture_counts(&f).forwarded, ==, 6000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 0);
  fixture_wait_state(&f, CASA_FORWARD_OK);
  fixture_stop(&f, 1000);
  fixture_close(&f);
}

static void
test_forwarder_restarts(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  Fixture f;
  Sensor sensor = { .fixture = &f, .to = 4000 };

  open_with(&f, server);
  f.pace.rows = 50;
  GThread *thread = g_thread_new("sensor", sensor_thread, &sensor);
  for (gint i = 1; i <= 8; i++) {
    fixture_start(&f);
    wait_sent(&sensor, i * 450);
    fixture_stop(&f, 0); /* in the middle of whatever it does */
  }
  g_thread_join(thread);
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  assert_in_influx(server, 4000);
  fixture_close(&f);
}

/* A stop before the server is there at all; a corrected value; a second target starts from the oldest sample. */
static void
test_late_server_correction_and_second_target(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  Fixture f;

  open_with(&f, server);
  test_influxd_stop(server);
  for (guint i = 0; i < 300; i++)
    fixture_put(&f, "x", "pm10", i, i);
  fixture_start(&f);
  fixture_wait_state(&f, CASA_FORWARD_RETRYING);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 300);
  fixture_stop(&f, 100);
  test_influxd_start(server);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 300);
  assert_in_influx(server, 300);

  fixture_put(&f, "x", "pm10", 1000, 299); /* was 299 */
  fixture_wait_forwarded(&f, 301);
  g_assert_cmpfloat(test_influxd_number(server, "casa", COUNT), ==, 300);
  g_assert_cmpfloat(test_influxd_number(server, "casa", SUM), ==, 300 * 299 / 2 - 299 + 1000);
  fixture_stop(&f, 1000);

  g_free(f.config.influx_url);
  f.config.influx_url = g_strdup_printf("%s/?db=second", test_influxd_address(server));
  fixture_start(&f);
  fixture_stop(&f, 60000);
  g_assert_cmpfloat(test_influxd_number(server, "second", COUNT), ==, 300);
  fixture_close(&f);
}

static void
make_integer_field(Fixture *fixture, const char *line)
{
  g_autoptr(CasaInflux) influx = casa_influx_new(fixture->config.influx_url, NULL, NULL, NULL, NULL);
  guint wait;

  g_assert_cmpint(casa_influx_write(influx, line, strlen(line), &wait, NULL), ==, CASA_WRITE_OK);
}

/* What influxd itself refuses: a field that is already of another type there. */
static void
test_type_conflict_is_put_aside(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  Fixture f;

  open_with(&f, server);
  fixture_put(&f, "x", "pm10", 0, 0);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 1);
  make_integer_field(&f, "air,source=other,station=z count=1i 1779385327000\n");
  for (guint i = 1; i < 400; i++)
    fixture_put(&f, "x", "pm10", i, i);
  fixture_put(&f, "x", "count", 2.5, 399);
  fixture_wait_forwarded(&f, 400);
  fixture_stop(&f, 60000);
  assert_in_influx(server, 400);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 1);
  g_assert_cmpint(fixture_sql(&f, "SELECT count(*) FROM quarantine WHERE line LIKE '%count=2.5%'"), ==, 1);
  fixture_close(&f);
}

/* A database that keeps two days, and a backlog that is older: influxd's own words are understood. */
static void
test_beyond_retention(void)
{
  g_autoptr(TestInfluxd) server = test_influxd_new();
  g_autofree char *made = test_influxd_query(server, "", "CREATE DATABASE casa WITH DURATION 2d SHARD DURATION 1h");
  gint64 recent = casa_clock_now_ms() - 3600000 - FIXTURE_BEGIN_MS;
  Fixture f;

  g_assert_nonnull(made);
  fixture_open(&f, test_influxd_address(server), "?db=casa");
  for (guint i = 0; i < 1000; i++)
    fixture_put(&f, "x", "pm10", i, recent - 5 * G_GINT64_CONSTANT(86400000) + i);
  for (guint i = 0; i < 100; i++)
    fixture_put(&f, "x", "pm10", i, recent + i);
  fixture_start(&f);
  fixture_wait_forwarded(&f, 100);
  fixture_stop(&f, 60000);
  assert_in_influx(server, 100);
  g_assert_cmpuint(fixture_counts(&f).quarantined, ==, 1000);
  g_assert_cmpuint(fixture_counts(&f).pending, ==, 0);
  fixture_close(&f);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/forwarder-real/server-restarts", test_server_restarts);
  g_test_add_func("/forward/forwarder-real/forwarder-restarts", test_forwarder_restarts);
  g_test_add_func("/forward/forwarder-real/late-server", test_late_server_correction_and_second_target);
  g_test_add_func("/forward/forwarder-real/beyond-retention", test_beyond_retention);
  g_test_add_func("/forward/forwarder-real/type-conflict", test_type_conflict_is_put_aside);
  return g_test_run();
}
