/* SPDX-License-Identifier: Apache-2.0 */
/* casa-sim --from-csv as a team uses it. */
#include <string.h>

#include "casa-build.h"
#include "process.h"

#define EXAMPLE CASA_SOURCE_ROOT "/docs/examples/air.csv"
#define EXAMPLE_MAP CASA_SOURCE_ROOT "/docs/examples/air.map"

typedef struct {
  char *dir;
} Folder;

typedef struct {
  int status;
  char *out, *err;
} Ran;

static void
ran_clear(Ran *r)
{
  g_free(r->out);
  g_free(r->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ran, ran_clear)

static Ran run(const char *format, ...) G_GNUC_PRINTF(1, 2);

static Ran
run(const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *arguments = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *line = g_strdup_printf("%s --config %s/config %s", CASA_SIM_PATH, CASA_SOURCE_ROOT, arguments);
  g_auto(GStrv) argv = NULL;
  Ran r;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  r.status = test_run((const char *const *)argv, NULL, &r.out, &r.err);
  return r;
}

static void
has(const char *text, const char *words)
{
  if (!strstr(text, words))
    g_error("\"%s\" says nothing of \"%s\"", text, words);
}

static guint
lines_with(const char *text, const char *words)
{
  g_auto(GStrv) lines = test_lines(text);
  guint n = 0;
  for (char **l = lines; *l; l++)
    n += strstr(*l, words) != NULL;
  return n;
}

static void
set_up(Folder *f, gconstpointer data)
{
  f->dir = test_dir_new();
}

static void
tear_down(Folder *f, gconstpointer data)
{
  test_dir_remove(f->dir);
  g_free(f->dir);
}

static char *
write_file(Folder *f, const char *name, const char *text)
{
  char *path = g_build_filename(f->dir, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  return path;
}

#define MAP                                                                                                                    \
  "[replay]\ndomain = air\n[time]\ncolumn = t\nformat = epoch\n[station]\ncolumn = site\n[value pm10]\ncolumn = pm\n[value no2]\ncolumn = no2\nunit = ppb\n"

static void
test_example(Folder *f, gconstpointer data)
{
  g_auto(Ran) r = run("--from-csv %s --map %s --stdout", EXAMPLE, EXAMPLE_MAP);
  g_assert_cmpint(r.status, ==, 0);
  g_assert_cmpuint(lines_with(r.out, "casa/v1/replay/air/"), ==, 98);
  g_assert_cmpuint(lines_with(r.out, "\"simulated\":true"), ==, 2);
  has(r.out, "casa/v1/replay/$station/ain-sebaa\t{\"name\":\"Aïn Sebaâ\",\"kind\":\"air\",\"domain\":\"air\",\"lat\":33.607");
  has(r.out, "casa/v1/replay/air/wilaya\t{\"t\":1779235200000,\"pm10\":29,"); /* 01:00 in Casablanca is midnight UTC */
  has(r.err, "98 rows, 98 played of 2 stations; 0 skipped as wrong");
}

/* The proposal for the example plays the same readings as the mapping that comes with it. */
static void
test_proposal(Folder *f, gconstpointer data)
{
  g_auto(Ran) proposed = run("--print-map %s", EXAMPLE);
  g_assert_cmpint(proposed.status, ==, 0);
  g_autofree char *map = write_file(f, "air.map", proposed.out);
  g_auto(Ran) a = run("--from-csv %s --map %s --stdout", EXAMPLE, map);
  g_auto(Ran) b = run("--from-csv %s --map %s --stdout", EXAMPLE, EXAMPLE_MAP);
  g_assert_cmpint(a.status, ==, 0);
  const char *first = strstr(a.out, "/air/"), *second = strstr(b.out, "/air/");
  g_assert_cmpstr(first, ==, second);
}

static void
test_bad_rows_are_told_and_skipped(Folder *f, gconstpointer data)
{
  g_autofree char *csv = write_file(f, "a.csv",
                                    "t,site,pm,no2\n"
                                    "1779364800,A,41.5,10\n" /* 2 */
                                    "yesterday,A,42,10\n"    /* 3 */
                                    "1779364900,,42,10\n"    /* 4 */
                                    "1779365000,A,n/a,10\n"  /* 5: the NO2 is kept */
                                    "1779365100,A,99999,\n"  /* 6 */
                                    "1779365200,A,,\n"       /* 7: nothing, and nothing wrong */
                                    "1779365300,A,1,2,3,4\n" /* 8 */
                                    "\"1779365400,A,1,2\n"   /* 9 */
                                    "1779365500,A,43,11\n"); /* 10 */
  g_autofree char *map = write_file(f, "a.map", MAP);
  g_auto(Ran) r = run("--from-csv %s --map %s --stdout", csv, map);
  g_assert_cmpint(r.status, ==, 0);
  g_assert_cmpuint(lines_with(r.out, "/air/a\t"), ==, 3);
  has(r.out, "{\"t\":1779364800000,\"pm10\":41.5,\"no2\":18.8043}");
  has(r.out, "{\"t\":1779365000000,\"no2\":18.8043}");
  has(r.err, "a.csv:3: column \"t\": \"yesterday\" is no time");
  has(r.err, "a.csv:4: column \"site\" is empty");
  has(r.err, "a.csv:5: column \"pm\": \"n/a\" is no number");
  has(r.err, "a.csv:6: column \"pm\": \"99999\" is outside of what pm10 can be, 0 to 10000");
  g_assert_null(strstr(r.err, "a.csv:7:"));
  has(r.err, "a.csv:8: 6 fields, the header has 4");
  has(r.err, "a.csv:9: a quote opens here and never closes");
  has(r.err, "9 rows, 3 played of 1 stations; 5 skipped as wrong, 1 without readings");
  has(r.err, "1 single values left out");
}

static void
test_nothing_usable_fails(Folder *f, gconstpointer data)
{
  GString *text = g_string_new("t,site,pm,no2\n");
  for (guint i = 0; i < 500; i++)
    g_string_append(text, "never,A,1,2\n");
  g_autofree char *csv = write_file(f, "a.csv", text->str), *map = write_file(f, "a.map", MAP);
  g_string_free(text, TRUE);
  g_auto(Ran) r = run("--from-csv %s --map %s --stdout", csv, map);
  g_assert_cmpint(r.status, ==, 1);
  g_assert_cmpuint(lines_with(r.err, "is no time of the form"), ==, 20); /* the rest is counted */
  has(r.err, "500 skipped as wrong");
}

/* Rows near their place come in order; what is too far out is played when it is met, with its own time. */
static void
test_order(Folder *f, gconstpointer data)
{
  GString *text = g_string_new("t,site,pm,no2\n");
  for (guint i = 0; i < 30000; i++)
    g_string_append_printf(text, "%u,A,%u,\n", 1779364800 + (i ^ 1023), i % 100);
  g_string_append(text, "1779364700,A,7,\n");
  g_autofree char *csv = write_file(f, "a.csv", text->str), *map = write_file(f, "a.map", MAP);
  g_string_free(text, TRUE);
  g_auto(Ran) r = run("--from-csv %s --map %s --stdout", csv, map);
  g_assert_cmpint(r.status, ==, 0);
  has(r.err, "1 out of order");
  g_auto(GStrv) lines = g_strsplit(r.out, "\n", -1);
  gint64 last = 0;
  guint n = 0, backwards = 0;
  for (char **l = lines; *l; l++) {
    const char *t = strstr(*l, "{\"t\":");
    gint64 now = t ? g_ascii_strtoll(t + 5, NULL, 10) : 0;
    if (!t)
      continue;
    backwards += now < last;
    last = now;
    n++;
  }
  g_assert_cmpuint(n, ==, 30001);
  g_assert_cmpuint(backwards, ==, 1);
}

static void
test_dating(Folder *f, gconstpointer data)
{
  g_autofree char *csv = write_file(f, "a.csv", "t,site,pm,no2\n1779364800,A,1,\n1779364860,A,2,\n1779364920,A,3,\n");
  g_autofree char *map = write_file(f, "a.map", MAP);
  g_auto(Ran) moved = run("--from-csv %s --map %s --stdout --start 2026-06-01T00:00:00Z", csv, map);
  has(moved.out, "{\"t\":1780272000000,\"pm10\":1}");
  has(moved.out, "{\"t\":1780272120000,\"pm10\":3}");
  has(moved.out, "(rejoué)");
  has(moved.out, "\"simulated\":true");
  g_auto(Ran) part = run("--from-csv %s --map %s --stdout --from 2026-05-21T12:01:00Z --to 2026-05-21T12:02:00Z", csv, map);
  g_assert_cmpuint(lines_with(part.out, "/air/"), ==, 1);
  has(part.out, "\"pm10\":2}");
  g_assert_null(strstr(part.out, "rejoué")); /* its own times */
  has(part.err, "2 outside of --from and --to");
}

static void
test_moving_and_long(Folder *f, gconstpointer data)
{
  g_autofree char *csv =
    write_file(f, "a.csv", "when;bus;y;x;kn\n2026-05-21T12:00:00Z;7;33,5;-7,6;10\n2026-05-21T12:00:10Z;7;33,6;-7,5;11\n");
  g_autofree char *map =
    write_file(f, "a.map",
               "[replay]\ndomain = mobility\nsource = equipe-7\n[time]\ncolumn = WHEN\nformat = rfc3339\n"
               "[station]\ncolumn = 2\nlat_column = y\nlon_column = x\nmoves = true\n[value speed]\ncolumn = kn\nunit = kn\n");
  g_auto(Ran) r = run("--from-csv %s --map %s --stdout", csv, map);
  has(r.out, "casa/v1/equipe-7/mobility/7\t{\"t\":1779364810000,\"lat\":33.6,\"lon\":-7.5,\"speed_kmh\":20.372}");
  g_autofree char *rows = write_file(f, "b.csv",
                                     "site,parameter,value,unit,t\nA,pm25,12,µg/m³,1779364800\nA,temperature,68,°F,1779364800\n"
                                     "A,radon,8,,1779364800\nA,no2,5,furlong,1779364800\nA,Time,5,,1779364800\n");
  g_autofree char *long_map =
    write_file(f, "b.map",
               "[replay]\ndomain = air\n[time]\ncolumn = t\nformat = epoch\n[station]\ncolumn = site\n"
               "[long]\nmetric_column = parameter\nvalue_column = value\nunit_column = unit\n");
  g_auto(Ran) l = run("--from-csv %s --map %s --stdout", rows, long_map);
  has(l.out, "\"pm2_5\":12}");
  has(l.out, "\"temp_c\":20}");
  has(l.out, "\"radon\":8}");
  g_assert_null(strstr(l.out, "\"time\"")); /* a second time would have the whole message refused */
  has(l.err, "b.csv:6: column \"parameter\": \"Time\" is no name of a metric");
  has(l.err, "b.csv:5: column \"unit\": \"furlong\" is no unit of this metric");
}

static void
refused(const char *words, const char *arguments)
{
  g_auto(Ran) r = run("%s", arguments);
  g_assert_cmpint(r.status, ==, 2);
  g_assert_cmpstr(r.out, ==, "");
  has(r.err, words);
}

static void
test_wrong_usage(Folder *f, gconstpointer data)
{
  refused("--print-map " EXAMPLE " > my.map", "--from-csv " EXAMPLE);
  refused("without --from-csv FILE", "--map " EXAMPLE_MAP);
  refused("--seed has no meaning with --from-csv", "--seed 3 --from-csv " EXAMPLE " --map " EXAMPLE_MAP);
  refused("--start has no meaning with --as-recorded", "--as-recorded --start now --from-csv " EXAMPLE " --map " EXAMPLE_MAP);
  refused("add --as-recorded", "--speed max --from-csv " EXAMPLE " --map " EXAMPLE_MAP);
  refused("--speed max", "--speed max");
  refused("/nonexistent.csv", "--stdout --from-csv /nonexistent.csv --map " EXAMPLE_MAP);
  refused("/nonexistent.map", "--stdout --from-csv " EXAMPLE " --map /nonexistent.map");
  refused("/nonexistent.csv", "--print-map /nonexistent.csv");
  g_autofree char *map = write_file(f, "a.map", MAP);
  g_autofree char *arguments = g_strdup_printf("--stdout --from-csv %s --map %s", EXAMPLE, map);
  refused("[time] column = t: the table has no such column; it has \"Date et heure\", \"Station\"", arguments);
}

static void
add(const char *path, void (*test)(Folder *, gconstpointer))
{
  g_test_add(path, Folder, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("/sim/replay/example", test_example);
  add("/sim/replay/proposal", test_proposal);
  add("/sim/replay/bad-rows-are-told-and-skipped", test_bad_rows_are_told_and_skipped);
  add("/sim/replay/nothing-usable-fails", test_nothing_usable_fails);
  add("/sim/replay/order", test_order);
  add("/sim/replay/dating", test_dating);
  add("/sim/replay/moving-and-long", test_moving_and_long);
  add("/sim/replay/wrong-usage", test_wrong_usage);
  return g_test_run();
}
