/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "fixture.h"

#include <signal.h>
#include <string.h>

/* A recorder stands still, the broker's queue for it is full: the broker acknowledges what it throws away. That is noticed,
 * written as a gap of that time, and said. */

#define MESSAGES 600

static void
set_up(CliFixture *fixture, gconstpointer data)
{
  cli_fixture_set_up(fixture, data);
  test_broker_free(fixture->broker);
  fixture->broker = test_broker_new("sys_interval 1\nmax_queued_bytes 20000\n");
}

static gint64
count_of(TestProcess *record, const char *key)
{
  json_t *line = record_line(record);
  gint64 n = line ? record_count(line, key) : 0;
  json_decref(line);
  return n;
}

static void
test_nothing_is_lost_in_silence(CliFixture *fixture, gconstpointer data)
{
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  test_publisher_send(p, "casa/v1/city/air/first", "{\"pm10\":1}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, 30));
  g_assert_true(record_wait_received(record, 1, 30));

  test_process_signal(record, SIGSTOP);
  gint64 from_ms = casa_clock_now_ms();
  for (guint i = 0; i < MESSAGES; i++) {
    g_autofree char *payload = g_strdup_printf("{\"seq\":%u,\"pm10\":%u,\"note\":\"%0400d\"}", i + 10, i % 100, 0);
    test_publisher_send(p, "casa/v1/equipe-1/air/a", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 60)); /* all acknowledged */
  gint64 to_ms = casa_clock_now_ms();
  test_process_signal(record, SIGCONT);

  /* Each of them is taken, or counted as dropped. What is ignored is our own $feedback. */
  test_until(count_of(record, "received") - count_of(record, "ignored") + count_of(record, "broker_dropped") >= MESSAGES + 1,
             60);
  g_assert_cmpint(count_of(record, "broker_dropped"), >, 0);
  g_assert_cmpint(count_of(record, "received") - count_of(record, "ignored"), <, MESSAGES);
  g_assert_cmpint(count_of(record, "gaps"), >=, 1);
  g_assert_true(test_process_wait_err(record, "the broker dropped", 30));
  g_assert_cmpint(
    cli_fixture_query(fixture, "SELECT count(*) FROM gap WHERE cause NOT LIKE 'the broker dropped % messages, of any%'"), ==,
    0);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT min(start_ms) FROM gap"), <=, from_ms);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT max(end_ms) FROM gap"), >=, to_ms - 1000);
  g_auto(Answer) doctor =
    ask(NULL, "doctor", "--config", config, "--broker", test_broker_url(fixture->broker), "--store", fixture->store, NULL);
  g_assert_nonnull(strstr(doctor.out, "warn  gaps     the broker threw away messages"));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

/* The same while no recorder runs: its session waits, and its queue is full. The next start writes the gap. */
static void
test_while_not_running(CliFixture *fixture, gconstpointer data)
{
  g_autoptr(TestProcess) first = cli_fixture_record(fixture, "first", "0.1");
  g_assert_true(test_process_wait_err(first, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  test_publisher_send(p, "casa/v1/city/air/first", "{\"pm10\":1}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, 30));
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM meta WHERE key LIKE 'broker_dropped%'", 2, 30));
  test_process_signal(first, SIGTERM);
  g_assert_cmpint(test_process_wait(first, 30), ==, 0);

  gint64 from_ms = casa_clock_now_ms();
  for (guint i = 0; i < MESSAGES; i++) {
    g_autofree char *payload = g_strdup_printf("{\"seq\":%u,\"pm10\":%u,\"note\":\"%0400d\"}", i + 10, i % 100, 0);
    test_publisher_send(p, "casa/v1/equipe-1/air/a", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 60)); /* all acknowledged */
  gint64 to_ms = casa_clock_now_ms();

  g_autoptr(TestProcess) second = cli_fixture_record(fixture, "second", "0.1");
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM gap WHERE cause LIKE 'the broker dropped %'", 1, 60));
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT min(start_ms) FROM gap"), <=, from_ms);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT max(end_ms) FROM gap"), >=, to_ms);
  test_until(count_of(second, "broker_dropped") > 0, 30);
  test_process_signal(second, SIGTERM);
  g_assert_cmpint(test_process_wait(second, 30), ==, 0);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) FROM reading WHERE source = 'equipe-1'"), <, MESSAGES);
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add("/cli/drops/nothing-is-lost-in-silence", CliFixture, NULL, set_up, test_nothing_is_lost_in_silence,
             cli_fixture_tear_down);
  g_test_add("/cli/drops/while-not-running", CliFixture, NULL, set_up, test_while_not_running, cli_fixture_tear_down);
  return g_test_run();
}
