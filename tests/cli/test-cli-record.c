/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "fixture.h"

#include <signal.h>
#include <string.h>

static void
test_stats(CliFixture *fixture, gconstpointer signal)
{
  static const char *const keys[] = { "received",  "stored",  "duplicates",      "rejected",   "ignored",
                                      "forwarded", "pending", "dropped_display", "reconnects", "gaps" };
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.2");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  test_broker_publish(fixture->broker, "casa/v1/t/air/a", "{\"pm10\":50,\"no2\":3}");
  test_broker_publish(fixture->broker, "casa/v1/t/air/a", "nonsense");
  g_assert_true(record_wait_received(record, 3, 30)); /* and the verdict about the nonsense */
  test_process_signal(record, GPOINTER_TO_INT(signal));
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
  json_t *line = record_line(record);
  assert_adds_up(line);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    g_assert_cmpint(record_count(line, keys[i]), >=, 0);
  g_assert_cmpint(record_count(line, "stored"), ==, 1);
  g_assert_cmpint(record_count(line, "rejected"), ==, 1);
  g_assert_cmpint(record_count(line, "samples"), ==, 2);
  json_decref(line);
}

static void
test_duration(CliFixture *fixture, gconstpointer data)
{
  const char *argv[] = { casa,      "record",       "--config",   config, "--broker", test_broker_url(fixture->broker),
                         "--store", fixture->store, "--duration", "5s",   "--stats",  "0",
                         NULL };
  char *out, *err;
  g_assert_cmpint(test_run(argv, NULL, &out, &err), ==, 0);
  g_assert_true(g_str_has_prefix(out, "{\"t\":"));
  g_assert_true(strchr(out, '\n') == out + strlen(out) - 1);
  g_free(out);
  g_free(err);
}

static void
test_no_broker(CliFixture *fixture, gconstpointer data)
{
  test_broker_stop(fixture->broker);
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0");
  g_autofree char *words = g_strdup_printf("no broker answers at 127.0.0.1:%u", test_broker_port(fixture->broker));
  g_assert_true(test_process_wait_err(record, words, 30));
  g_assert_true(test_process_running(record));
  test_broker_start(fixture->broker);
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

/* Five kill -9 while messages pour in: what the broker was told is received is in the store. */
static void
test_killed(CliFixture *fixture, gconstpointer data)
{
  const guint rounds = 5, per_round = 2000;
  gint64 t_ms = casa_clock_now_ms() - 3600000;
  g_autoptr(TestProcess) first = cli_fixture_record(fixture, "record", "0.1"); /* makes the session */
  g_assert_true(test_process_wait_err(first, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  TestProcess *record = g_steal_pointer(&first);
  for (guint round = 0; round < rounds; round++) {
    for (guint i = 0; i < per_round; i++) {
      guint seq = round * per_round + i;
      g_autofree char *payload =
        g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"seq\":%u,\"load_mw\":%u.5}", t_ms + seq, seq, seq % 100);
      test_publisher_send(p, "casa/v1/t/energy/sub", payload, -1, 1, FALSE);
      if (i == per_round / 2) { /* in the middle of the stream */
        test_process_signal(record, SIGKILL);
        g_assert_cmpint(test_process_wait(record, 30), ==, 128 + SIGKILL);
        test_process_free(record);
        g_autofree char *name = g_strdup_printf("record-%u", round);
        record = cli_fixture_record(fixture, name, "0.1");
      }
    }
  }
  g_assert_true(test_publisher_flush(p, 60));
  g_assert_cmpuint(test_publisher_acked(p), ==, rounds * per_round);
  /* A last message of another station comes after all others. */
  test_broker_publish(fixture->broker, "casa/v1/t/energy/last", "{\"load_mw\":1}");
  g_assert_true(cli_fixture_wait_query(fixture, "select count(*) from reading where station = 'last'", 1, 120));
  g_assert_cmpint(cli_fixture_query(fixture, "select count(*) from reading where station = 'sub'"), ==, rounds * per_round);
  g_assert_cmpint(cli_fixture_query(fixture, "select count(distinct t_ms) from reading where station = 'sub'"), ==,
                  rounds * per_round);
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
  test_process_free(record);
}

/* Standard output that cannot be written to, as a log on a full disk: said once, and recording goes on. */
static void
test_full_log(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *script = g_strdup_printf("exec '%s' record --config '%s' --broker %s --store '%s' --stats 0.05 >/dev/full",
                                            casa, config, test_broker_url(fixture->broker), fixture->store);
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(TestProcess) record = test_process_start(fixture->dir, "record", argv);
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_assert_true(test_process_wait_err(record, "the counts cannot be written to standard output, recording goes on", 30));
  for (guint i = 1; i <= 5; i++) { /* more lines are due between them */
    g_autofree char *payload = g_strdup_printf("{\"load_mw\":%u}", i);
    test_broker_publish(fixture->broker, "casa/v1/t/energy/sub", payload);
    g_assert_true(cli_fixture_wait_query(fixture, "select count(*) from reading where station = 'sub'", i, 60));
  }
  g_assert_true(test_process_running(record));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 60), ==, 1);
  g_autofree char *err = test_process_err(record);
  const char *said = strstr(err, "recording goes on");
  g_assert_null(strstr(said + 1, "recording goes on"));
  g_assert_nonnull(strstr(err, "what was recorded is in the store"));
}

/* Whoever reads the counts has seen enough: then it ends, in order. */
static void
test_reader_gone(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *script = g_strdup_printf("'%s' record --config '%s' --broker %s --store '%s' --stats 0.1 | head -n 2", casa,
                                            config, test_broker_url(fixture->broker), fixture->store);
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(TestProcess) record = test_process_start(fixture->dir, "record", argv);
  g_assert_cmpint(test_process_wait(record, 60), ==, 0);
  g_autofree char *out = test_process_out(record);
  g_assert_cmpuint(lines_of(out), ==, 2);
}

/* A disk that takes no more (here: a limit on the size of files): said, waited for; ended in the middle, the message is
 * not acknowledged and comes again. */
static void
test_full_disk(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *script =
    g_strdup_printf("ulimit -f 400; exec '%s' record --config '%s' --broker %s --store '%s' --stats 0.2", casa, config,
                    test_broker_url(fixture->broker), fixture->store);
  const char *argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr(TestProcess) limited = test_process_start(fixture->dir, "limited", argv);
  g_assert_true(test_process_wait_err(limited, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  gint64 t_ms = casa_clock_now_ms() - 3600000;
  const guint n = 20000;
  for (guint i = 0; i < n; i++) {
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"load_mw\":%u}", t_ms + i, i % 50);
    test_publisher_send(p, "casa/v1/t/energy/sub", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 120));
  g_assert_true(test_process_wait_err(limited, "ingest waits, nothing is lost", 60));
  g_assert_true(test_process_running(limited));
  test_process_signal(limited, SIGTERM);
  g_assert_cmpint(test_process_wait(limited, 60), ==, 0);

  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.2");
  g_assert_true(cli_fixture_wait_query(fixture, "select count(*) from reading", n, 180));
  g_assert_cmpint(cli_fixture_query(fixture, "select count(*) from reading"), ==, n);
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

/* --- A store that cannot be had --- */

static int
record_once(CliFixture *fixture, const char *store, char **err)
{
  const char *argv[] = { casa,      "record", "--config",   config, "--broker", test_broker_url(fixture->broker),
                         "--store", store,    "--duration", "8s",   "--stats",  "0",
                         NULL }; /* time enough to be connected, on a busy machine too */
  return test_run(argv, NULL, NULL, err);
}

static void
test_store_unwritable(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename(fixture->dir, "file", NULL);
  g_autofree char *below = g_build_filename(file, "pulse.db", NULL);
  g_autofree char *err = NULL;
  g_assert_true(g_file_set_contents(file, "x", -1, NULL));
  g_assert_cmpint(record_once(fixture, below, &err), ==, 1);
  g_assert_nonnull(strstr(err, file));
}

static void
test_store_corrupt(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *err = NULL;
  g_autofree char *junk = g_strnfill(20000, 'j');
  g_assert_true(g_file_set_contents(fixture->store, junk, -1, NULL));
  g_assert_cmpint(record_once(fixture, fixture->store, &err), ==, 0);
  g_assert_nonnull(strstr(err, "set aside"));
  g_assert_nonnull(strstr(err, ".corrupt-"));
  GDir *dir = g_dir_open(fixture->dir, 0, NULL);
  const char *name;
  g_autofree char *kept = NULL;
  while ((name = g_dir_read_name(dir)))
    if (strstr(name, ".corrupt-") && !strstr(name, "-wal") && !strstr(name, "-shm")) {
      g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
      g_assert_true(g_file_get_contents(path, &kept, NULL, NULL));
    }
  g_dir_close(dir);
  g_assert_cmpstr(kept, ==, junk);
}

static void
test_store_busy(CliFixture *fixture, gconstpointer data)
{
  g_autoptr(TestProcess) first = cli_fixture_record(fixture, "record", "0");
  g_autofree char *err = NULL;
  g_assert_true(test_process_wait_err(first, "connected to", 30));
  g_assert_cmpint(record_once(fixture, fixture->store, &err), ==, 1);
  g_assert_nonnull(strstr(err, fixture->store));
}

#define ADD(name, func, data) g_test_add("/cli/record/" name, CliFixture, data, cli_fixture_set_up, func, cli_fixture_tear_down)

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  ADD("stats-sigterm", test_stats, GINT_TO_POINTER(SIGTERM));
  ADD("stats-sigint", test_stats, GINT_TO_POINTER(SIGINT));
  ADD("duration", test_duration, NULL);
  ADD("no-broker", test_no_broker, NULL);
  ADD("killed", test_killed, NULL);
  ADD("full-disk", test_full_disk, NULL);
  ADD("full-log", test_full_log, NULL);
  ADD("reader-gone", test_reader_gone, NULL);
  ADD("store-unwritable", test_store_unwritable, NULL);
  ADD("store-corrupt", test_store_corrupt, NULL);
  ADD("store-busy", test_store_busy, NULL);
  return g_test_run();
}
