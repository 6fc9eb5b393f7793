/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

/* A writer that is killed with -9 again and again, always in the middle of sealing or close to it: what it said was stored
 * is there, whole and once, and the file is sound. Every other message holds many readings, up to 500: of those all are there,
 * or none. */

#define KILLS 30
#define T0 G_GINT64_CONSTANT(1779321600000)
#define FIELDS 3
#define READINGS_MAX 500

static char *self_path;

/* How many readings message number @i has: from 1 to READINGS_MAX, told by its number alone. */
static guint
size_of(guint64 i)
{
  return i % 2 ? 1 : 1 + (guint)(i * 7919 % READINGS_MAX);
}

/* Message number @i: all of value @i, each reading with its own time, three metrics. */
static guint
message(guint64 i, CasaReading readings[READINGS_MAX])
{
  static const char *const metrics[FIELDS] = { "pm10", "no2", "o3" };
  static CasaField fields[READINGS_MAX][FIELDS];
  guint n = size_of(i);
  for (guint r = 0; r < n; r++) {
    readings[r] = reading_of(i % 2 ? "odd" : "even", T0 + (gint64)(i * READINGS_MAX + r) * 2, metrics[0], (double)i);
    readings[r].n_fields = FIELDS;
    readings[r].fields = fields[r];
    for (guint f = 0; f < FIELDS; f++) {
      g_strlcpy(fields[r][f].metric, metrics[f], sizeof fields[r][f].metric);
      fields[r][f].value = (double)i;
    }
  }
  return n;
}

/* Seals all the time what has just come. */
static gpointer
seal_thread(gpointer store)
{
  for (gint64 now = T0;; now++) {
    g_autoptr(GError) error = NULL;
    if (!casa_store_upkeep(store, now, &error))
      g_error("%s", error->message);
  }
  return NULL;
}

/* The child: stores message after message with sealing running beside, and says so on stdout after each. */
static int
write_until_killed(const char *path, guint64 next)
{
  static CasaReading readings[READINGS_MAX];
  g_autoptr(GError) error = NULL;
  CasaPutResult out = { .fields = g_array_new(FALSE, FALSE, sizeof(CasaPutField)) };
  CasaStore *store = casa_store_open(&(CasaStoreOptions){ .path = path }, NULL, &error);
  if (!store)
    g_error("%s", error->message);
  g_thread_unref(g_thread_new("sealer", seal_thread, store));
  for (;; next++) {
    guint n = message(next, readings);
    if (!casa_store_put_readings(store, readings, n, NULL, readings[0].t_ms, &out, &error))
      g_error("%s", error->message);
    if (write(STDOUT_FILENO, &next, sizeof next) != sizeof next)
      return 1;
  }
}

/* Lets a child write for a moment, kills it, and returns the number of the last message it vouched for, plus one. */
static guint64
one_kill(const char *path, guint64 next, guint at_least)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *start = g_strdup_printf("%" G_GUINT64_FORMAT, next);
  char *argv[] = { self_path, (char *)"--writer", (char *)path, start, NULL };
  GPid pid;
  int out = -1;
  g_assert_true(
    g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &out, NULL, &error));
  g_assert_no_error(error);
  guint64 number;
  gboolean killed = FALSE;
  /* An 8-byte write to a pipe is atomic; what was written before the kill is still read after it. */
  for (guint n = 1; read(out, &number, sizeof number) == sizeof number; n++) {
    g_assert_cmpuint(number, ==, next);
    next++;
    if (n >= at_least && !killed) {
      kill(pid, SIGKILL);
      killed = TRUE;
    }
  }
  g_assert_true(killed);
  close(out);
  waitpid(pid, NULL, 0);
  return next;
}

static void
check_file(const char *path, guint64 vouched)
{
  g_autofree char *integrity = ask_text(path, "PRAGMA integrity_check");
  g_assert_cmpstr(integrity, ==, "ok");
  /* Each message that was vouched for is whole, and the one after them is whole or not there; each value once. All of it in
   * one pass, since unpacking blocks is what takes the time. */
  g_autofree char *sql =
    g_strdup_printf("WITH r AS MATERIALIZED (SELECT station, metric, t_ms, CAST(value AS INTEGER) AS i FROM reading),"
                    " message AS MATERIALIZED (SELECT i, count(*) AS n FROM r GROUP BY 1)"
                    " SELECT (SELECT count(*) FROM message WHERE n != 3 * CASE WHEN i %% 2 THEN 1 ELSE 1 + i * 7919 %% %d END)"
                    " || ' ' || (SELECT count(*) FROM message WHERE i < %" G_GUINT64_FORMAT ") || ' ' ||"
                    " (SELECT count(*) FROM (SELECT 1 FROM r GROUP BY station, metric, t_ms HAVING count(*) > 1))",
                    READINGS_MAX, vouched);
  g_autofree char *found = ask_text(path, sql), *expected = g_strdup_printf("0 %" G_GUINT64_FORMAT " 0", vouched);
  g_assert_cmpstr(found, ==, expected);
}

static void
test_kill(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint64 vouched = 0;
  g_clear_pointer(&f->store, casa_store_close);
  for (int i = 0; i < KILLS; i++) {
    guint64 next = one_kill(f->path, vouched, (guint)g_test_rand_int_range(1, 60));
    g_assert_cmpuint(next, >, vouched);
    vouched = next;
    check_file(f->path, vouched);
  }
  fixture_reopen(f);
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_test_message("%" G_GUINT64_FORMAT " messages over %d kills", vouched, KILLS);
}

int
main(int argc, char **argv)
{
  if (argc == 4 && strcmp(argv[1], "--writer") == 0)
    return write_until_killed(argv[2], g_ascii_strtoull(argv[3], NULL, 10));
  self_path = argv[0];
  g_test_init(&argc, &argv, NULL);
  g_test_add("/store/kill", Fixture, NULL, fixture_set_up, test_kill, fixture_tear_down);
  return g_test_run();
}
