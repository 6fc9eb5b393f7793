/* SPDX-License-Identifier: Apache-2.0 */
/* The same arguments give the same bytes: whatever compiler built the program, whatever the machine knows of the time
 * zones, and whoever else publishes. */
#include <glib.h>
#include <string.h>
#include <sys/wait.h>

#include "casa-build.h"
#include "comma.h"
#include "process.h"

/* Standard output of @program; @variable is set to @value for it, or NULL. */
static char *
run(const char *program, const char *arguments, const char *variable, const char *value)
{
  g_autofree char *line = g_strdup_printf("%s --config %s/config --stdout %s", program, CASA_SOURCE_ROOT, arguments);
  g_auto(GStrv) argv = NULL, env = g_get_environ();
  g_autoptr(GError) error = NULL;
  char *out = NULL;
  g_autofree char *err = NULL;
  int status = 0;
  if (variable)
    env = g_environ_setenv(env, variable, value, TRUE);
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_assert_true(g_spawn_sync(NULL, argv, env, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error));
  g_assert_no_error(error);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    g_error("%s: %s", line, err);
  g_assert_cmpuint(strlen(out), >, 100000);
  return out;
}

/* Says where two runs part instead of printing megabytes. */
static void
same(const char *a, const char *b)
{
  const char *line_a = a, *line_b = b;
  while (*line_a && *line_b) {
    gsize n = strcspn(line_a, "\n"), m = strcspn(line_b, "\n");
    if (n != m || memcmp(line_a, line_b, n) != 0)
      g_error("one says\n%.*s\nthe other\n%.*s", (int)n, line_a, (int)m, line_b);
    line_a += n + 1;
    line_b += m + 1;
  }
  g_assert_true(*line_a == *line_b);
}

#define EVENTFUL "--seed 8 --scenario tram-incident --start 2026-11-19T12:00:00Z --duration 20h --step 20min"

/* What the shipped program says of that day, here and now. */
static const char *
eventful(void)
{
  static char *said;
  if (!said)
    said = run(CASA_SIM_PATH, EVENTFUL, NULL, NULL);
  return said;
}

static void
test_two_compilers(void)
{
#ifdef CASA_SIM_OTHER_PATH
  static const char *const days[] = { EVENTFUL, "--seed 2 --scenario derby-night --start 2026-07-18 --duration 1d --step 15min",
                                      "--seed 3 --start 2026-02-14T20:00:00Z --duration 10h --step 10min" };
  for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
    g_autofree char *a = i > 0 ? run(CASA_SIM_PATH, days[i], NULL, NULL) : NULL;
    g_autofree char *b = run(CASA_SIM_OTHER_PATH, days[i], NULL, NULL);
    same(a ? a : eventful(), b);
  }
#else
  g_test_skip("no program of another compiler: gcc and clang are both needed, and no sanitizer");
#endif
}

/* Zone data are of no importance: those of the machine, none at all, and another local zone. */
static void
test_zone_data(void)
{
  g_autofree char *none = run(CASA_SIM_PATH, EVENTFUL, "TZDIR", "/nonexistent");
  g_autofree char *elsewhere = run(CASA_SIM_PATH, EVENTFUL, "TZ", "Asia/Tokyo");
  same(eventful(), none);
  same(eventful(), elsewhere);
}

static void
test_locale(void)
{
  g_autofree char *dir = test_dir_new();
  const char *comma = test_comma_locale(dir);
  if (comma) {
    g_autofree char *french = run(CASA_SIM_PATH, EVENTFUL, "LC_ALL", comma);
    same(eventful(), french);
  } else {
    g_test_skip(TEST_NO_COMMA);
  }
  test_dir_remove(dir);
}

/* The readings of the catalogue's stations alone. */
static GHashTable *
readings(const char *text, GHashTable *only)
{
  GHashTable *out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) lines = test_lines(text);
  for (guint i = 0; lines[i]; i++) {
    if (*lines[i] && (!only || g_hash_table_contains(only, lines[i])))
      g_hash_table_add(out, g_strdup(lines[i]));
  }
  return out;
}

/* Everything a small city says, a large one says too, to the byte. */
static void
test_more_stations(void)
{
  const char *day = "--seed 8 --start 2026-05-21T15:00:00Z --duration 5min";
  g_autofree char *more = g_strdup_printf("%s --stations 700", day), *fewer = g_strdup_printf("%s --stations 120", day);
  g_autofree char *usual = run(CASA_SIM_PATH, day, NULL, NULL), *large = run(CASA_SIM_PATH, more, NULL, NULL);
  g_autofree char *small = run(CASA_SIM_PATH, fewer, NULL, NULL);
  g_autoptr(GHashTable) all = readings(large, NULL), mine = readings(usual, NULL), few = readings(small, NULL);
  g_autoptr(GHashTable) found = readings(usual, all), part = readings(small, mine);
  g_assert_cmpuint(g_hash_table_size(found), ==, g_hash_table_size(mine));
  g_assert_cmpuint(g_hash_table_size(part), ==, g_hash_table_size(few));
}

/* Readings of the domains that were there first. Whoever changes what their stations say on purpose writes the new sum here: a
 * show that was rehearsed with a seed is then another one. */
static void
test_kept(void)
{
  static const char *const domains[] = { "/city/mobility/", "/city/energy/", "/city/air/" };
  g_autofree char *said = run(CASA_SIM_PATH, "--seed 8 --start 2026-05-21T15:00:00Z --duration 2min", NULL, NULL);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_auto(GStrv) lines = test_lines(said);
  for (guint i = 0; lines[i]; i++) {
    gboolean kept = FALSE;
    for (guint k = 0; k < G_N_ELEMENTS(domains); k++)
      kept = kept || strstr(lines[i], domains[k]);
    if (!kept)
      continue;
    g_checksum_update(sum, (const guchar *)lines[i], -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
  }
  g_assert_cmpstr(g_checksum_get_string(sum), ==, "ec1ea4180dc239757e483d362493f28d551b2202eeb82ba873af9ea6f25e6869");
}

static gint
by_text(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All lines, descriptors and events too, in alphabetical order. */
static char *
sorted(const char *text)
{
  g_auto(GStrv) lines = test_lines(text);

  qsort(lines, g_strv_length(lines), sizeof *lines, by_text);
  g_autofree char *joined = g_strjoinv("\n", lines);
  return g_strconcat(joined, "\n", NULL); /* same() wants whole lines */
}

/* Whatever becomes of the sensors and of the city: the parts say together what one program says, no line more, none twice. */
static void
test_shards(void)
{
  static const char *const days[] = {
    "--seed 8 --start 2026-05-21T15:00:00Z --duration 5min --sensors field --backfill 1h",
    "--seed 8 --scenario tram-incident --start 2026-11-19T15:00:00Z --duration 4h --step 5min"
  };
  for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
    g_autoptr(GString) parts = g_string_new(NULL);
    for (guint part = 1; part <= 3; part++) {
      g_autofree char *line = g_strdup_printf("%s --shard %u/3", days[i], part), *said = run(CASA_SIM_PATH, line, NULL, NULL);
      g_string_append(parts, said);
    }
    g_autofree char *whole = run(CASA_SIM_PATH, days[i], NULL, NULL);
    g_assert_cmpuint(strlen(whole), ==, parts->len);
    g_autofree char *one = sorted(whole), *three = sorted(parts->str);
    same(one, three);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/bytes/two-compilers", test_two_compilers);
  g_test_add_func("/sim/bytes/zone-data", test_zone_data);
  g_test_add_func("/sim/bytes/locale", test_locale);
  g_test_add_func("/sim/bytes/more-stations", test_more_stations);
  g_test_add_func("/sim/bytes/kept", test_kept);
  g_test_add_func("/sim/bytes/shards", test_shards);
  return g_test_run();
}
