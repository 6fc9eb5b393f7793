/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "casa-build.h"
#include "pulse.h"

#include "broker.h"
#include "process.h"

#include <sqlite3.h>
#include <string.h>

/* The whole pipeline in this process, against a real broker. */
typedef struct {
  TestBroker *broker;
  char *dir, *store;
  CasaConfig *config;
  CasaPulse *pulse;
} House;

static void
open_house(House *house)
{
  g_autoptr(GError) error = NULL;
  house->pulse = casa_pulse_new(house->config, TRUE, &error);
  g_assert_no_error(error);
  g_assert_true(casa_pulse_start(house->pulse, &error));
}

static void
set_up(House *house, gconstpointer max_series)
{
  g_autoptr(GError) error = NULL;
  house->broker = test_broker_new(NULL);
  house->dir = test_dir_new();
  house->store = g_build_filename(house->dir, "pulse.db", NULL);
  CasaConfigOverrides overrides = {
    .dir = CASA_SOURCE_ROOT "/config", .broker = test_broker_url(house->broker), .store = house->store};
  house->config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  if (max_series)
    house->config->max_series = GPOINTER_TO_UINT(max_series);
  open_house(house);
}

static void
tear_down(House *house, gconstpointer data)
{
  casa_pulse_free(house->pulse);
  casa_config_free(house->config);
  test_broker_free(house->broker);
  test_dir_remove(house->dir);
  g_free(house->dir);
  g_free(house->store);
}

static void
assert_adds_up(const CasaCounts *c)
{
  g_assert_cmpuint(c->received, ==, c->stored + c->duplicates + c->rejected + c->ignored);
}

/* Waits for @n received messages; the counts must add up whenever they are looked at. */
static CasaCounts
wait_received(House *house, guint64 n)
{
  CasaCounts c;
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  do {
    casa_pulse_read_counts(house->pulse, &c);
    assert_adds_up(&c);
    if (c.received >= n)
      return c;
    g_usleep(5000);
  } while (g_get_monotonic_time() < until_us);
  g_error("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " messages were received", c.received, n);
}

static CasaLink
wait_link(House *house, CasaLinkState state, guint connections)
{
  CasaLink link;
  gint64 until_us = g_get_monotonic_time() + 40 * G_USEC_PER_SEC;
  do {
    casa_pulse_read_link(house->pulse, &link, NULL, 0);
    if (link.state == state && link.connections >= connections)
      return link;
    g_usleep(5000);
  } while (g_get_monotonic_time() < until_us);
  g_error("the link is in state %d (%s), not %d", link.state, link.text, state);
}

static gint64
query(House *house, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  g_assert_cmpint(sqlite3_open_v2(house->store, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
  gint64 n = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return n;
}

/* --- */

/* One of each kind: counted once each, kept where it belongs, and none disturbs the next. */
static void
test_outcomes(House *house, gconstpointer data)
{
  static const char nul[] = "{\"pm10\":1}\0";
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(house->broker));
  g_autofree char *huge = g_strnfill(65536, '7');
  wait_link(house, CASA_LINK_UP, 1);
  gint64 now_ms = casa_clock_now_ms();
  g_autofree char *good = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"seq\":5,\"pm10\":74.2,\"no2\":\"bad\"}", now_ms);
  test_publisher_send(p, "casa/v1/t/air/a", good, -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", good, -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", nul, sizeof nul - 1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "\xff\xfe\x00\x01", 4, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", huge, 65536, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/nowhere", "1", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/a", "{\"domain\":\"air\",\"name\":\"A\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/a", "{\"domain\":\"air\",\"name\":\"A\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/a", "", 0, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$status", "online", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a/pm2_5", "19.1", -1, 0, FALSE);
  g_assert_true(test_publisher_flush(p, 30));

  /* 12 published, and at least the first verdict comes back on $feedback. */
  CasaCounts c = wait_received(house, 13);
  g_assert_cmpuint(c.stored, ==, 3);
  g_assert_cmpuint(c.duplicates, ==, 2);
  g_assert_cmpuint(c.rejected, ==, 5);
  g_assert_cmpuint(c.ignored, >=, 3);
  g_assert_cmpuint(c.samples, ==, 2);
  g_assert_cmpuint(c.fields_rejected, ==, 2); /* the text in `good`, twice */
  g_assert_cmpint(query(house, "select count(*) from reading"), ==, 2);
  /* The five, and the good message for the sake of its bad field; not again for its duplicate. */
  g_assert_cmpint(query(house, "select count(*) from rejection"), ==, 6);
  g_assert_cmpint(query(house, "select count(*) from rejection where reason like 'field \"no2\": text, wanted a number%'"), ==, 1);
  g_assert_cmpint(query(house, "select count(*) from rejection where payload = x'fffe0001' and code = 'utf8'"), ==, 1);
  g_assert_cmpint(query(house, "select length(payload) from rejection where code = 'payload-size'"), ==, 65536);
  g_assert_cmpint(query(house, "select count(*) from rejection where code = 'topic' and topic = 'casa/v1/t/nowhere'"), ==, 1);
  g_assert_cmpint(query(house, "select count(*) from rejection where reason like '%NUL%'"), ==, 1);
}

/* The screen's queue gets what is new, once, and knows what was retained. */
static void
test_hub(House *house, gconstpointer data)
{
  CasaLive live[16];
  guint n = 0;
  wait_link(house, CASA_LINK_UP, 1);
  test_broker_publish(house->broker, "casa/v1/t/air/a", "{\"seq\":1,\"t\":1,\"pm10\":50,\"no2\":10}");
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  while (n < 2 && g_get_monotonic_time() < until_us) {
    n += casa_hub_drain(casa_pulse_hub(house->pulse), live + n, 16 - n);
    g_usleep(5000);
  }
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpfloat(live[0].value, ==, 50);
  g_assert_false(live[0].retained);
  const CasaSeriesInfo *series = casa_catalogue_series(casa_pulse_catalogue(house->pulse), live[1].series);
  g_assert_cmpstr(series->metric, ==, "no2");
}

static void
test_feedback(House *house, gconstpointer data)
{
  g_autofree char *port = g_strdup_printf("%u", test_broker_port(house->broker));
  const char *argv[] = {"mosquitto_sub", "-p", port, "-t", "casa/v1/t/$feedback", "-t", "ready", NULL};
  g_autoptr(TestProcess) sub = test_process_start(house->dir, "sub", argv);
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  do /* until the subscription stands */
    test_broker_publish(house->broker, "ready", "ready");
  while (!test_process_wait_out(sub, "ready", 0.2) && g_get_monotonic_time() < until_us);
  wait_link(house, CASA_LINK_UP, 1);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(house->broker));
  for (guint i = 0; i < 20; i++)
    test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":\"much\"}", -1, 1, FALSE);
  g_assert_true(test_process_wait_out(sub, "wanted a number", 30));
  wait_received(house, 21);
  /* The flood got one verdict; the next one, a second later, says how many were kept back. */
  do
    test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":1,\"no2\":null}", -1, 1, FALSE);
  while (!test_process_wait_out(sub, "\"verdict\":\"partly stored\"", 0.3) && g_get_monotonic_time() < until_us);
  g_autofree char *out = test_process_out(sub);
  const char *second = strstr(out, "partly stored");
  g_assert_nonnull(second);
  g_assert_cmpint(g_ascii_strtoll(strstr(second, "\"suppressed\":") + strlen("\"suppressed\":"), NULL, 10), >=, 19);
  g_assert_null(strstr(strstr(out, "rejected") + 1, "\"rejected\""));
}

/* A broker that forgot us: from when to when messages may be missing is in the store. */
static void
test_gap_session_lost(House *house, gconstpointer data)
{
  wait_link(house, CASA_LINK_UP, 1);
  test_broker_publish(house->broker, "casa/v1/t/air/a", "{\"pm10\":50}");
  wait_received(house, 1);
  gint64 before_ms = casa_clock_now_ms();
  test_broker_kill(house->broker);
  wait_link(house, CASA_LINK_LOST, 1);
  test_broker_forget(house->broker);
  test_broker_start(house->broker);
  CasaLink link = wait_link(house, CASA_LINK_UP, 2);
  g_assert_true(link.session_lost);
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  CasaCounts c;
  do
    casa_pulse_read_counts(house->pulse, &c);
  while (c.gaps == 0 && g_get_monotonic_time() < until_us);
  g_assert_cmpuint(c.gaps, ==, 1);
  g_assert_cmpuint(c.reconnects, ==, 1);
  g_assert_cmpint(query(house, "select count(*) from gap where cause = 'session lost' and end_ms > start_ms"), ==, 1);
  g_assert_cmpint(query(house, "select start_ms from gap"), <=, before_ms + 3000);
  test_broker_publish(house->broker, "casa/v1/t/air/a", "{\"pm10\":51}");
  wait_received(house, 2);
}

/* A broker that kept our session lost nothing: no gap. */
static void
test_no_gap_when_session_kept(House *house, gconstpointer data)
{
  wait_link(house, CASA_LINK_UP, 1);
  test_broker_publish(house->broker, "casa/v1/t/air/a", "{\"pm10\":50}");
  wait_received(house, 1);
  test_broker_stop(house->broker);
  wait_link(house, CASA_LINK_LOST, 1);
  test_broker_start(house->broker);
  CasaLink link = wait_link(house, CASA_LINK_UP, 2);
  g_assert_false(link.session_lost);
  test_broker_publish(house->broker, "casa/v1/t/air/a", "{\"pm10\":51}");
  CasaCounts c = wait_received(house, 2);
  g_assert_cmpuint(c.gaps, ==, 0);
}

/* The program was off and the broker kept nothing for it. */
static void
test_gap_not_running(House *house, gconstpointer data)
{
  wait_link(house, CASA_LINK_UP, 1);
  test_broker_publish(house->broker, "casa/v1/t/air/a", "{\"pm10\":50}");
  wait_received(house, 1);
  g_clear_pointer(&house->pulse, casa_pulse_free);
  test_broker_stop(house->broker);
  test_broker_forget(house->broker);
  test_broker_start(house->broker);
  open_house(house);
  wait_link(house, CASA_LINK_UP, 1);
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  CasaCounts c;
  do
    casa_pulse_read_counts(house->pulse, &c);
  while (c.gaps == 0 && g_get_monotonic_time() < until_us);
  g_assert_cmpint(query(house, "select count(*) from gap where cause = 'program not running'"), ==, 1);
}

static void
test_series_limit(House *house, gconstpointer data)
{
  wait_link(house, CASA_LINK_UP, 1);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(house->broker));
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":1,\"no2\":2,\"o3\":3}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/b", "{\"pm10\":1}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":2}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, 30));
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  CasaCounts c;
  do {
    casa_pulse_read_counts(house->pulse, &c);
    assert_adds_up(&c);
  } while (c.stored + c.rejected < 3 && g_get_monotonic_time() < until_us);
  g_assert_cmpuint(c.stored, ==, 2);
  g_assert_cmpuint(c.rejected, ==, 1);
  g_assert_cmpuint(c.samples, ==, 3);
  g_assert_cmpint(query(house, "select count(*) from rejection where code = 'series-limit' and reason like '%max_series%'"),
                  ==, 2); /* the third metric of the first message, and the second message */
}

/* Half-built things can be thrown away. */
static void
test_free_unstarted(void)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *store = g_build_filename(dir, "pulse.db", NULL);
  g_autoptr(GError) error = NULL;
  CasaConfigOverrides overrides = {.dir = CASA_SOURCE_ROOT "/config", .store = store};
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  CasaPulse *pulse = casa_pulse_new(config, FALSE, &error);
  g_assert_no_error(error);
  g_assert_null(casa_pulse_hub(pulse));
  g_assert_null(casa_pulse_set_aside(pulse));
  g_assert_null(casa_pulse_new(config, FALSE, &error)); /* the store is in use */
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_BUSY);
  casa_pulse_stop(pulse);
  casa_pulse_stop(pulse);
  casa_pulse_free(pulse);
  casa_pulse_free(NULL);
  test_dir_remove(dir);
}

#define ADD(name, func, data) g_test_add("/ingest/pulse/" name, House, data, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("outcomes", test_outcomes, NULL);
  ADD("hub", test_hub, NULL);
  ADD("feedback", test_feedback, NULL);
  ADD("gap-session-lost", test_gap_session_lost, NULL);
  ADD("no-gap-when-session-kept", test_no_gap_when_session_kept, NULL);
  ADD("gap-not-running", test_gap_not_running, NULL);
  ADD("series-limit", test_series_limit, GUINT_TO_POINTER(2));
  g_test_add_func("/ingest/pulse/free-unstarted", test_free_unstarted);
  return g_test_run();
}
