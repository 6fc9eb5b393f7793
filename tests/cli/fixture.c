/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <sqlite3.h>
#include <string.h>

const char *casa, *casa_sim, *config;

void
cli_test_init(int *argc, char ***argv)
{
  g_test_init(argc, argv, NULL);
  casa = g_getenv("CASA_PROGRAM");
  casa_sim = g_getenv("CASA_SIM_PROGRAM");
  config = g_getenv("CASA_TEST_CONFIG");
  g_assert_true(casa && casa_sim && config);
}

void
answer_clear(Answer *answer)
{
  g_free(answer->out);
  g_free(answer->err);
}

Answer
ask(const char *input, ...)
{
  const char *argv[32] = { casa };
  va_list args;
  va_start(args, input);
  for (guint i = 1; i < G_N_ELEMENTS(argv) - 1 && (argv[i] = va_arg(args, const char *)); i++)
    ;
  va_end(args);
  Answer a;
  a.status = test_run(argv, input, &a.out, &a.err);
  return a;
}

Answer
ask_shell(const char *store, const char *line)
{
  g_autofree char *script = g_strdup_printf("CASA='%s' CONFIG='%s' STORE='%s'; %s", casa, config, store ? store : "", line);
  const char *argv[] = { "/bin/bash", "-c", script, NULL };
  Answer a;
  a.status = test_run(argv, NULL, &a.out, &a.err);
  return a;
}

guint
lines_of(const char *text)
{
  guint n = 0;
  for (; *text; text++)
    n += *text == '\n';
  return n;
}

/* --- A broker, and `casa record` on it --- */

void
cli_fixture_set_up(CliFixture *fixture, gconstpointer data)
{
  fixture->broker = test_broker_new(NULL);
  fixture->dir = test_dir_new();
  fixture->store = g_build_filename(fixture->dir, "pulse.db", NULL);
}

void
cli_fixture_tear_down(CliFixture *fixture, gconstpointer data)
{
  test_broker_free(fixture->broker);
  test_dir_remove(fixture->dir);
  g_free(fixture->dir);
  g_free(fixture->store);
}

TestProcess *
cli_fixture_record(CliFixture *fixture, const char *name, const char *stats)
{
  const char *argv[] = { casa,      "record",       "--config", config, "--broker", test_broker_url(fixture->broker),
                         "--store", fixture->store, "--stats",  stats,  NULL };
  return test_process_start(fixture->dir, name, argv);
}

gint64
cli_fixture_query(CliFixture *fixture, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  g_assert_cmpint(sqlite3_open_v2(fixture->store, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 20000);
  g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
  gint64 n = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return n;
}

gboolean
cli_fixture_wait_query(CliFixture *fixture, const char *sql, gint64 wanted, double seconds)
{
  gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  while (cli_fixture_query(fixture, sql) < wanted) {
    if (g_get_monotonic_time() > until_us)
      return FALSE;
    g_usleep(50000);
  }
  return TRUE;
}

/* --- What `casa record` prints --- */

json_t *
record_line(TestProcess *process)
{
  g_autofree char *out = test_process_out(process);
  char *end = strrchr(out, '\n');
  if (!end)
    return NULL;
  *end = '\0';
  char *begin = strrchr(out, '\n');
  json_t *line = json_loads(begin ? begin + 1 : out, JSON_REJECT_DUPLICATES, NULL);
  g_assert_nonnull(line);
  return line;
}

gint64
record_count(json_t *line, const char *key)
{
  json_t *n = json_object_get(line, key);
  if (!json_is_integer(n))
    g_error("no count \"%s\" in the line", key);
  return json_integer_value(n);
}

void
assert_adds_up(json_t *line)
{
  g_assert_cmpint(record_count(line, "received"), ==,
                  record_count(line, "stored") + record_count(line, "duplicates") + record_count(line, "rejected") +
                    record_count(line, "ignored"));
}

typedef struct {
  TestProcess *process;
  const char *key;
  gint64 n;
} Wanted;

static gboolean
has_counted(gpointer data)
{
  Wanted *wanted = data;
  json_t *line = record_line(wanted->process);
  if (!line)
    return FALSE;
  assert_adds_up(line);
  gboolean enough = record_count(line, wanted->key) >= wanted->n;
  json_decref(line);
  return enough;
}

gboolean
record_wait_count(TestProcess *process, const char *key, gint64 n, double seconds)
{
  Wanted wanted = { process, key, n };
  return test_wait_for(has_counted, &wanted, seconds);
}

gboolean
record_wait_received(TestProcess *process, gint64 n, double seconds)
{
  return record_wait_count(process, "received", n, seconds);
}
