/* SPDX-License-Identifier: Apache-2.0 */
/* The program as a user starts it. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "casa-build.h"
#include "process.h"

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

static Ran
run(const char *program, const char *arguments)
{
  g_autofree char *line = g_strdup_printf("%s --config %s/config %s", program, CASA_SOURCE_ROOT, arguments);
  g_auto(GStrv) argv = NULL;
  g_autoptr(GError) error = NULL;
  Ran r = { 0 };
  int wait_status = 0;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &r.out, &r.err, &wait_status, &error));
  g_assert_no_error(error);
  g_assert_true(WIFEXITED(wait_status));
  r.status = WEXITSTATUS(wait_status);
  return r;
}

static guint
lines_of(const char *text)
{
  guint n = 0;
  for (const char *p = text; *p; p++)
    n += *p == '\n';
  return n;
}

#define SHORT "--stdout --seed 11 --start 2026-05-21T06:00:00Z --backfill 3h --duration 90s"

static void
test_same_arguments_same_bytes(void)
{
  Ran a = run(CASA_SIM_PATH, SHORT), b = run(CASA_SIM_PATH, SHORT);
  g_assert_cmpint(a.status, ==, 0);
  g_assert_cmpuint(lines_of(a.out), >, 10000);
  g_assert_true(strcmp(a.out, b.out) == 0);
  Ran other = run(CASA_SIM_PATH, "--stdout --seed 12 --start 2026-05-21T06:00:00Z --backfill 3h --duration 90s");
  g_assert_true(strcmp(a.out, other.out) != 0);
  ran_clear(&a);
  ran_clear(&b);
  ran_clear(&other);
}

static void
test_optimisation_changes_nothing(void)
{
  const char *day = "--stdout --seed 5 --start 2026-01-10 --duration 2d --step 10min";
  Ran a = run(CASA_SIM_PATH, day), b = run(CASA_SIM_O0_PATH, day);
  g_assert_cmpint(b.status, ==, 0);
  g_assert_cmpuint(lines_of(a.out), >, 50000);
  g_assert_true(strcmp(a.out, b.out) == 0);
  ran_clear(&a);
  ran_clear(&b);
}

static void
test_without_start_is_repeatable_too(void)
{
  Ran a = run(CASA_SIM_PATH, "--stdout --duration 5s"), b = run(CASA_SIM_PATH, "--stdout --duration 5s");
  g_assert_true(strcmp(a.out, b.out) == 0);
  g_assert_nonnull(strstr(a.out, "{\"t\":1779321600")); /* 2026-05-21T00:00:00Z: not a now that two quick runs share */
  ran_clear(&a);
  ran_clear(&b);
}

static void
test_stations_rate_step(void)
{
  Ran r = run(CASA_SIM_PATH, "--stdout --stations 1000 --rate 2 --duration 10s --start 2026-05-21T12:00:00Z");
  g_assert_cmpint(r.status, ==, 0);
  /* 1,000 descriptors; two reports a second of all but the vehicles in the depot */
  g_assert_cmpuint(lines_of(r.out), >, 1000 + 20 * 850);
  g_assert_cmpuint(lines_of(r.out), <=, 1000 + 20 * 1000);
  ran_clear(&r);
}

static void
refused(const char *arguments, const char *words)
{
  Ran r = run(CASA_SIM_PATH, arguments);
  g_assert_cmpint(r.status, ==, 2);
  g_assert_cmpstr(r.out, ==, "");
  if (!strstr(r.err, words))
    g_error("%s: said \"%s\", wanted \"%s\"", arguments, r.err, words);
  ran_clear(&r);
}

static void
test_wrong_options(void)
{
  refused("--seed x", "--seed x: write a whole number");
  refused("--seed -1", "--seed");
  refused("--shard 3/2", "--shard 3/2: write which part of how many");
  refused("--shard 0/2", "--shard");
  refused("--shard 2", "--shard");
  refused("--start yesterday", "--start yesterday");
  refused("--speed 0", "--speed 0");
  refused("--backfill 3parsecs", "--backfill 3parsecs");
  refused("--qos 2", "write 0 or 1");
  refused("--stations 0", "--stations 0");
  refused("--rate nan", "--rate nan");
  refused("--stdout --speed 2", "--speed");
  refused("--rate 100 --duration 1s --stdout", "--step");
  refused("--rate 0.0001 --step 1ms --stdout", "longer --step");
  refused("--wat", "--help");
  refused("leftover", "leftover");
  refused("--start 9999-12-31 --stdout", "between 1971 and 2200");
  refused("--backfill 36525d --stdout", "between 1971 and 2200");
  refused("--start 2026-05-21 --duration 365250d --stdout", "between 1971 and 2200");
  refused("--scenario nowhere --stdout", "weekday");
  refused("--broker mqtt://me:secret@host --duration 0s", "password");
  refused("--broker http://host --duration 0s", "mqtt://");
  refused("--broker mqtt://host --password-file /nonexistent/p", "/nonexistent/p");
}

static void
test_password_must_be_private(void)
{
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "casa-sim-pw-XXXXXX", NULL);
  int fd = g_mkstemp_full(path, 0, 0644);
  g_assert_cmpint(fd, >=, 0);
  g_close(fd, NULL);
  g_chmod(path, 0644);
  g_autofree char *arguments = g_strdup_printf("--password-file %s --duration 0s", path);
  refused(arguments, "chmod 600");
  g_chmod(path, 0600);
  refused(arguments, "exactly one line"); /* not an empty password */
  g_assert_true(g_file_set_contents(path, "one\ntwo\n", -1, NULL));
  g_chmod(path, 0600);
  refused(arguments, "exactly one line");
  g_unlink(path);
}

/* What could not be written is a failure; a reader that has seen enough is none. */
static void
test_output_that_fails(void)
{
  static const struct {
    const char *line;
    int status;
  } cases[] = {
    { "\"$0\" --config \"$1\" --stdout --duration 1min >/dev/full", 1 },
    { "{ \"$0\" --config \"$1\" --stdout --duration 1min; echo $? >\"$2\"; } | head -n 1 >/dev/null; exit $(cat \"$2\")", 0 }
  };
  g_autofree char *dir = test_dir_new(), *status = g_build_filename(dir, "status", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *argv[] = { "sh", "-c", cases[i].line, CASA_SIM_PATH, CASA_SOURCE_ROOT "/config", status, NULL };
    g_autofree char *err = NULL;
    g_assert_cmpint(test_run(argv, NULL, NULL, &err), ==, cases[i].status);
    g_assert_true((strstr(err, "cannot write to standard output") != NULL) == (cases[i].status == 1));
  }
  test_dir_remove(dir);
}

static void
test_help_and_version(void)
{
  Ran help = run(CASA_SIM_PATH, "--help"), version = run(CASA_SIM_PATH, "--version");
  g_assert_cmpint(help.status, ==, 0);
  g_assert_nonnull(strstr(help.out, "--backfill-step"));
  g_assert_cmpint(version.status, ==, 0);
  g_assert_nonnull(strstr(version.out, CASA_VERSION));
  ran_clear(&help);
  ran_clear(&version);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/program/same-arguments-same-bytes", test_same_arguments_same_bytes);
  g_test_add_func("/sim/program/optimisation-changes-nothing", test_optimisation_changes_nothing);
  g_test_add_func("/sim/program/without-start-is-repeatable-too", test_without_start_is_repeatable_too);
  g_test_add_func("/sim/program/stations-rate-step", test_stations_rate_step);
  g_test_add_func("/sim/program/wrong-options", test_wrong_options);
  g_test_add_func("/sim/program/password-must-be-private", test_password_must_be_private);
  g_test_add_func("/sim/program/output-that-fails", test_output_that_fails);
  g_test_add_func("/sim/program/help-and-version", test_help_and_version);
  return g_test_run();
}
