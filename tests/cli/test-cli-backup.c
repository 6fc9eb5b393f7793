/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>

/* `casa backup`, beside a recorder that never stops writing. */

typedef struct {
  TestBroker *broker;
  gint stop; /* atomic */
} Sensor;

static gpointer
sensor_thread(gpointer data)
{
  Sensor *self = data;
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(self->broker));
  for (guint i = 0; !g_atomic_int_get(&self->stop); i++) {
    g_autofree char *topic = g_strdup_printf("casa/v1/city/air/air-%u", i % 50);
    g_autofree char *payload = g_strdup_printf("{\"pm10\":%u.25}", i % 400);
    test_publisher_send(p, topic, payload, -1, 1, FALSE);
    if (i % 20 == 0)
      g_usleep(1000);
  }
  g_assert_true(test_publisher_flush(p, 60));
  return NULL;
}

static gint64
query(const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;
  g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
  gint64 n = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return n;
}

static void
test_beside_a_recorder(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename(fixture->dir, "copy.db", NULL), *part = g_strconcat(copy, ".part", NULL);
  g_autofree char *wal = g_strconcat(copy, "-wal", NULL);
  Sensor sensor = { .broker = fixture->broker };
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  GThread *thread = g_thread_new("sensor", sensor_thread, &sensor);
  g_assert_true(record_wait_received(record, 3000, 60));
  gint64 before = cli_fixture_query(fixture, "SELECT count(*) FROM reading");

  g_auto(Answer) done = ask(NULL, "backup", "--config", config, "--store", fixture->store, copy, NULL);
  g_test_message("%s", done.err);
  g_assert_cmpstr(done.out, ==, "");
  g_assert_cmpint(done.status, ==, 0);
  g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
  g_assert_false(g_file_test(wal, G_FILE_TEST_EXISTS));
  gint64 after = cli_fixture_query(fixture, "SELECT count(*) FROM reading"), n = query(copy, "SELECT count(*) FROM reading");
  g_assert_cmpint(n, >=, before);
  g_assert_cmpint(n, <=, after);
  g_assert_cmpint(query(copy, "PRAGMA user_version"), ==, cli_fixture_query(fixture, "PRAGMA user_version"));

  /* Never over what is there. */
  g_auto(Answer) again = ask(NULL, "backup", "--config", config, "--store", fixture->store, copy, NULL);
  g_assert_cmpint(again.status, ==, 1);
  g_assert_nonnull(strstr(again.err, "is there already"));
  g_assert_cmpint(query(copy, "SELECT count(*) FROM reading"), ==, n);

  g_atomic_int_set(&sensor.stop, TRUE);
  g_thread_join(thread);
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);

  /* It is a store: read, and gone on with. */
  g_auto(Answer) read = ask(NULL, "export", "--config", config, "--store", copy, NULL);
  g_assert_cmpint(read.status, ==, 0);
  g_assert_cmpuint(lines_of(read.out), ==, (guint)n + 1);
}

/* What does not fit leaves nothing behind, and says what is wrong. */
static void
test_no_room(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename(fixture->dir, "copy.db", NULL), *part = g_strconcat(copy, ".part", NULL);
  g_autofree char *line = g_strdup_printf("ulimit -f 8; $CASA backup --config $CONFIG --store $STORE %s", copy);
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
  g_auto(Answer) full = ask_shell(fixture->store, line);
  g_assert_cmpint(full.status, ==, 1);
  g_assert_cmpuint(strlen(full.err), >, 20);
  g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
  g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
  g_auto(Answer) nowhere = ask(NULL, "backup", "--config", config, "--store", fixture->store, "/dev/null/copy.db", NULL);
  g_assert_cmpint(nowhere.status, ==, 1);
  g_auto(Answer) nothing = ask(NULL, "backup", "--config", config, "--store", "/dev/null/pulse.db", copy, NULL);
  g_assert_cmpint(nothing.status, ==, 1);
  g_auto(Answer) unnamed = ask(NULL, "backup", "--config", config, "--store", fixture->store, NULL);
  g_assert_cmpint(unnamed.status, ==, 2);
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add("/cli/backup/beside-a-recorder", CliFixture, NULL, cli_fixture_set_up, test_beside_a_recorder,
             cli_fixture_tear_down);
  g_test_add("/cli/backup/no-room", CliFixture, NULL, cli_fixture_set_up, test_no_room, cli_fixture_tear_down);
  return g_test_run();
}
