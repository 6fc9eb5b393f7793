/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <signal.h>
#include <string.h>

/* Wrong usage and wrong configuration: 2, said on stderr, nothing on stdout. */
static void
test_wrong_usage(void)
{
  static const char *const lines[][4] = {
    { NULL },
    { "dance", NULL },
    { "record", "--no-such", NULL },
    { "record", "--duration", "soon", NULL },
    { "record", "--duration", "0", NULL },
    { "record", "--stats", "-1", NULL },
    { "record", "extra", NULL },
    { "record", "--broker", "http://x", NULL },
    { "record", "--broker", "mqtt://me:s3cr3t@x", NULL },
    { "record", "--config", "/no/such/folder", NULL },
    { "export", "--format", "xml", NULL },
    { "export", "--from", "yesterday-ish", NULL },
    { "export", "--from", "2026-02-30", NULL },
    { "export", "--from=2026-02-02", "--to=2026-02-01", NULL },
    { "export", "--from=now", "--to=now", NULL },
    { "export", "--every", "0", NULL },
    { "export", "--every", "1w", NULL },
    { "check", "a", "b", NULL },
    { "check", "--format", "xml", NULL },
    { "doctor", "extra", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_auto(Answer) a = ask(NULL, lines[i][0], lines[i][1], lines[i][2], NULL);
    if (a.status != 2)
      g_error("line %u: status %d: %s", i, a.status, a.err);
    g_assert_cmpstr(a.out, ==, "");
    g_assert_cmpuint(strlen(a.err), >, 10);
    g_assert_null(strstr(a.err, "s3cr3t"));
  }
}

static void
test_help(void)
{
  static const char *const commands[] = { "record", "check", "export", "doctor" };
  g_auto(Answer) all = ask(NULL, "--help", NULL);
  g_assert_cmpint(all.status, ==, 0);
  g_auto(Answer) version = ask(NULL, "--version", NULL);
  g_assert_true(g_str_has_prefix(version.out, "casa "));
  for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
    g_assert_nonnull(strstr(all.out, commands[i]));
    g_auto(Answer) a = ask(NULL, commands[i], "--help", NULL);
    g_assert_cmpint(a.status, ==, 0);
    g_assert_nonnull(strstr(a.out, "--broker"));
    g_assert_cmpstr(a.err, ==, "");
  }
}

/* The message of a wrong file names file, line and key. */
static void
test_wrong_config(void)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *file = g_build_filename(dir, "pulse.conf", NULL);
  g_assert_true(g_file_set_contents(file, "[broker]\n\nkeepalive = often\n", -1, NULL));
  g_auto(Answer) a = ask(NULL, "record", "--config", dir, NULL);
  g_assert_cmpint(a.status, ==, 2);
  g_assert_nonnull(strstr(a.err, "pulse.conf"));
  g_assert_nonnull(strstr(a.err, "3"));
  g_assert_nonnull(strstr(a.err, "keepalive"));
  test_dir_remove(dir);
}

/* A configuration folder without the city in it is wrong configuration, for the simulator too. */
static void
test_sim_without_city(void)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *missing = g_build_filename(dir, "casablanca", "districts.geojson", NULL);
  const char *argv[] = { casa_sim, "--config", dir, "--stdout", "--duration", "1s", NULL };
  g_auto(Answer) a = { 0 };
  a.status = test_run(argv, NULL, &a.out, &a.err);
  g_assert_cmpint(a.status, ==, 2);
  g_assert_cmpstr(a.out, ==, "");
  g_assert_nonnull(strstr(a.err, missing));
  test_dir_remove(dir);
}

/* --- doctor --- */

static void
test_doctor(CliFixture *fixture, gconstpointer data)
{
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
  g_auto(Answer) well =
    ask(NULL, "doctor", "--config", config, "--store", fixture->store, "--broker", test_broker_url(fixture->broker), NULL);
  g_assert_cmpint(well.status, ==, 0);
  g_assert_nonnull(strstr(well.out, "pass  config"));
  g_assert_nonnull(strstr(well.out, "pass  metrics"));
  g_assert_nonnull(strstr(well.out, "pass  city"));
  g_assert_nonnull(strstr(well.out, "  clock  "));
  g_assert_nonnull(strstr(well.out, "pass  store"));
  g_assert_nonnull(strstr(well.out, "warn  broker")); /* nothing is published */
  test_broker_stop(fixture->broker);
  g_autofree char *influx = g_strdup_printf("http://127.0.0.1:%u/?db=x", test_free_port());
  g_setenv("TZDIR", "/nonexistent", TRUE);
  g_auto(Answer) ill = ask(NULL, "doctor", "--config", config, "--store", fixture->store, "--broker",
                           test_broker_url(fixture->broker), "--influx", influx, NULL);
  g_assert_cmpint(ill.status, ==, 1);
  g_unsetenv("TZDIR");
  g_assert_nonnull(strstr(ill.out, "warn  clock")); /* without zone data nobody knows the hour */
  g_assert_nonnull(strstr(ill.out, "install the package tzdata"));
  g_assert_nonnull(strstr(ill.out, "fail  broker"));
  g_assert_nonnull(strstr(ill.out, "is it running"));
  g_assert_nonnull(strstr(ill.out, "warn  influx"));
}

/* A broker that names sessions after users must not hand the running recorder's session to the doctor. */
static void
test_doctor_beside_recorder(void)
{
  g_autoptr(TestBroker) broker = test_broker_new("use_username_as_clientid true");
  g_autofree char *dir = test_dir_new();
  g_autofree char *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *url = g_strdup_printf("mqtt://pulse@127.0.0.1:%u", test_broker_port(broker));
  const char *argv[] = { casa, "record", "--config", config, "--broker", url, "--store", store, "--stats", "0.1", NULL };
  g_autoptr(TestProcess) record = test_process_start(dir, "record", argv);
  g_assert_true(test_process_wait_out(record, "\"link\":\"up\"", 20));
  g_auto(Answer) a = ask(NULL, "doctor", "--config", config, "--store", store, "--broker", url, NULL);
  g_assert_cmpint(a.status, ==, 0);
  g_assert_nonnull(strstr(a.out, "warn  broker"));
  g_assert_nonnull(strstr(a.out, "\"pulse\""));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 20), ==, 0);
  g_autofree char *err = test_process_err(record), *out = test_process_out(record);
  g_assert_null(strstr(err, "broke"));
  g_assert_null(strstr(out, "\"reconnects\":1"));
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add_func("/cli/wrong-usage", test_wrong_usage);
  g_test_add_func("/cli/help", test_help);
  g_test_add_func("/cli/wrong-config", test_wrong_config);
  g_test_add_func("/cli/sim-without-city", test_sim_without_city);
  g_test_add("/cli/doctor", CliFixture, NULL, cli_fixture_set_up, test_doctor, cli_fixture_tear_down);
  g_test_add_func("/cli/doctor-beside-recorder", test_doctor_beside_recorder);
  return g_test_run();
}
