/* SPDX-License-Identifier: Apache-2.0 */
#include "../../cli/doctor-store.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A folder of configuration with the shipped metrics and city, and a pulse.conf of its own. (transfer full) */
static char *
configuration(const CliFixture *fixture, const char *text)
{
  static const char *const shipped[] = { "metrics.conf", "casablanca" };
  char *dir = g_build_filename(fixture->dir, "config", NULL);
  g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS(shipped); i++) {
    g_autofree char *from = g_build_filename(config, shipped[i], NULL), *to = g_build_filename(dir, shipped[i], NULL);
    g_assert_cmpint(symlink(from, to), ==, 0);
  }
  g_autofree char *conf = g_build_filename(dir, "pulse.conf", NULL);
  g_assert_true(g_file_set_contents(conf, text, -1, NULL));
  return dir;
}

static Answer
ask_doctor(const CliFixture *fixture, const char *dir)
{
  return ask(NULL, "doctor", "--config", dir, "--broker", test_broker_url(fixture->broker), "--store", fixture->store, NULL);
}

/* Who floods, and who sends what nobody can use, is named; who does well is not. */
static void
test_senders(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *dir = configuration(fixture, "[quota equipe-7]\nmessages = 1\nburst = 1\n");
  const char *argv[] = { casa,      "record",       "--config", dir, "--broker", test_broker_url(fixture->broker),
                         "--store", fixture->store, NULL };
  g_autoptr(TestProcess) record = test_process_start(fixture->dir, "record", argv);
  g_assert_true(test_process_wait_err(record, "connected to", 30));

  g_auto(Answer) calm = ask_doctor(fixture, dir);
  g_test_message("%s", calm.out);
  g_assert_nonnull(strstr(calm.out, "pass  senders  "));
  /* As it should be: a recorder that runs is no reason to worry. */
  g_autofree char *written =
    g_strdup_printf("pass  store    %s is being written by a running casa-pulse or casa record\n", fixture->store);
  g_assert_nonnull(strstr(calm.out, written));

  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(fixture->broker));
  for (guint i = 0; i < 50; i++)
    test_publisher_send(publisher, "casa/v1/equipe-7/air/a/pm10", "1", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-8/air/a", "{\"pm10\":1,\"no2\":\"x\"}", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-8/air/a", "{\"pm10\":2,\"no2\":\"y\"}", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-9/air/a/pm10", "1", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-10/air/a", "{\"t\":1100000000,\"pm10\":1}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(publisher, 30));
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(DISTINCT code) FROM rejection", 2, 30));
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM rejection WHERE code = 'type'", 2, 30));
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM rejection WHERE code = 'time-past'", 1, 30));

  g_auto(Answer) a = ask_doctor(fixture, dir);
  g_test_message("%s", a.out);
  g_assert_cmpint(a.status, ==, 0); /* nothing to keep the curtain down for */
  g_assert_nonnull(strstr(a.out, "warn  senders  equipe-7 floods, last seen "));
  g_assert_nonnull(strstr(a.out, "raise [quota equipe-7] messages in pulse.conf"));
  g_assert_nonnull(strstr(a.out, "warn  senders  equipe-8: 2 messages not stored in full within the hour, the last "));
  g_assert_nonnull(strstr(a.out, "field \"no2\": text, wanted a number"));
  g_assert_null(strstr(a.out, "equipe-9"));
  g_assert_null(strstr(a.out, "pass  senders"));
  g_assert_null(strstr(a.out, "compare that with a watch")); /* one clock that is wrong is the sender's */

  test_publisher_send(publisher, "casa/v1/equipe-11/air/a", "{\"t\":4000000000,\"pm10\":1}", -1, 1, FALSE);
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM rejection WHERE code = 'time-future'", 1, 30));
  g_auto(Answer) two = ask_doctor(fixture, dir);
  g_test_message("%s", two.out);
  g_assert_nonnull(strstr(two.out, "warn  senders  2 senders are refused for their times, while this machine believes it is "));
}

/* The store remembers a time that this machine's clock has not reached. */
static void
test_clock_behind_store(CliFixture *fixture, gconstpointer data)
{
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  test_broker_publish(fixture->broker, "casa/v1/t/air/a/pm10", "1");
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM reading", 1, 30));
  g_auto(Answer) good = ask_doctor(fixture, config);
  g_assert_null(strstr(good.out, "this machine believes"));
  g_auto(Answer) back = ask_shell(fixture->store, "CASA_CLOCK_SHIFT=-86400 $CASA doctor --config $CONFIG --store $STORE "
                                                  "--broker mqtt://127.0.0.1:1");
  g_assert_nonnull(strstr(back.out, "warn  clock    this machine believes it is "));
  g_assert_nonnull(strstr(back.out, "compare with a watch"));
  g_assert_null(strstr(back.out, "trying again")); /* it is the doctor that asks, once */
}

/* A battery that ran empty: the clock begins anew. */
static void
test_clock_never_set(void)
{
  g_autofree char *epoch = cli_doctor_clock(NULL, 12345), *today = cli_doctor_clock(NULL, G_GINT64_CONSTANT(1795325000000));
  g_assert_nonnull(epoch);
  g_assert_nonnull(strstr(epoch, "believes it is 1970-01-01T00:00:12.345Z"));
  g_assert_null(today);
}

/* Installed, for everybody on this machine: my own pulse.conf counts for me, with paths from where it is. */
static void
test_own_file(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *bin = g_build_filename(fixture->dir, "bin", NULL);
  g_autofree char *share = g_build_filename(fixture->dir, "share/casa-pulse", NULL);
  g_autofree char *own = g_build_filename(fixture->dir, "home/casa-pulse", NULL);
  const char *url = test_broker_url(fixture->broker);
  g_autofree char *script = g_strdup_printf(
    "mkdir -p '%s' '%s' '%s' && cp '%s' '%s' && cp -r '%s' '%s/config' && unset CASA_CONFIG_DIR && export XDG_CONFIG_HOME='%s/home'\n"
    "'%s/casa' doctor --broker %s; printf '[store]\\npath = mine.db\\n' >'%s/pulse.conf'\n"
    "'%s/casa' doctor --broker %s; '%s/casa' doctor --config '%s/config' --broker %s",
    bin, share, own, casa, bin, config, share, fixture->dir, bin, url, own, bin, url, bin, share, url);
  const char *argv[] = { "sh", "-c", script, NULL };
  g_autofree char *out = NULL, *err = NULL;
  test_run(argv, NULL, &out, &err);
  g_test_message("%s%s", out, err);
  g_autofree char *shipped = g_strdup_printf("pass  config   %s/config/pulse.conf\n", share);
  g_autofree char *mine = g_strdup_printf("pass  config   %s/pulse.conf\n", own);
  g_autofree char *store = g_strdup_printf("%s/mine.db will be made", own);
  g_autofree char *metrics = g_strdup_printf("in %s/config/metrics.conf", share);
  const char *before = strstr(out, shipped), *with = strstr(out, mine);
  g_assert_nonnull(before);
  g_assert_nonnull(with);
  g_assert_true(before < with);
  g_assert_nonnull(strstr(with, store));
  g_assert_nonnull(strstr(with, metrics));
  g_assert_nonnull(strstr(with, shipped)); /* --config is told: nothing else counts */
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add("/cli/doctor/senders", CliFixture, NULL, cli_fixture_set_up, test_senders, cli_fixture_tear_down);
  g_test_add("/cli/doctor/clock-behind-store", CliFixture, NULL, cli_fixture_set_up, test_clock_behind_store,
             cli_fixture_tear_down);
  g_test_add("/cli/doctor/own-file", CliFixture, NULL, cli_fixture_set_up, test_own_file, cli_fixture_tear_down);
  g_test_add_func("/cli/doctor/clock-never-set", test_clock_never_set);
  return g_test_run();
}
