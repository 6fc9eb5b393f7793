/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

/* A writer that is killed with -9 again and again, always in the middle of sealing or close to it: what it said was stored
 * is there, whole and once, and the file is sound. */

#define KILLS 30
#define T0 G_GINT64_CONSTANT(1779321600000)
#define FIELDS 3

static char *self_path;

/* Message number @i: its own time, three metrics, all of value @i. */
static CasaReading
message(guint64 i)
{
  static const char *const metrics[FIELDS] = { "pm10", "no2", "o3" };
  CasaReading reading = reading_of(i % 2 ? "odd" : "even", T0 + (gint64)i * 250, metrics[0], (double)i);
  reading.n_fields = FIELDS;
  for (guint f = 0; f < FIELDS; f++) {
    g_strlcpy(reading.fields[f].metric, metrics[f], sizeof reading.fields[f].metric);
    reading.fields[f].value = (double)i;
  }
  return reading;
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
  g_autoptr(GError) error = NULL;
  CasaStore *store = casa_store_open(&(CasaStoreOptions){ .path = path }, NULL, &error);
  if (!store)
    g_error("%s", error->message);
  g_thread_unref(g_thread_new("sealer", seal_thread, store));
  for (;; next++) {
    CasaReading reading = message(next);
    CasaPut out;
    if (!casa_store_put_reading(store, &reading, reading.t_ms, &out, &error))
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
  g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM reading WHERE value < %" G_GUINT64_FORMAT, vouched);
  g_assert_cmpint(ask_int(path, sql), ==, (gint64)vouched * FIELDS);
  /* Whole messages only, and each once. */
  g_assert_cmpint(ask_int(path, "SELECT count(*) FROM (SELECT 1 FROM reading GROUP BY t_ms HAVING count(*) != 3)"), ==, 0);
}

static void
test_kill(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  guint64 vouched = 0;
  g_clear_pointer(&f->store, casa_store_close);
  for (int i = 0; i < KILLS; i++) {
    guint64 next = one_kill(f->path, vouched, (guint)g_test_rand_int_range(1, 1500));
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
