/* SPDX-License-Identifier: Apache-2.0 */
#include "../../cli/doctor-machine.h"
#include "../../cli/doctor-store.h"
#include "casa-build.h"
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

/* In the language of the environment; verdicts and names of the checks stay, for programs that read them. */
static void
test_languages(CliFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *language, *words;
  } said[] = { { "fr", "pass  influx   pas configuré : rien n'est copié vers InfluxDB\n" },
               { "ar", "pass  influx   غير مضبوط: لا يُنسخ شيء إلى InfluxDB\n" },
               { "", "pass  influx   not configured: nothing is copied to InfluxDB\n" } };
  g_autofree char *dir = configuration(fixture, "");

  for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
    g_setenv("LANGUAGE", said[i].language, TRUE);
    g_auto(Answer) answer = ask_doctor(fixture, dir);
    g_assert_nonnull(strstr(answer.out, said[i].words));
  }
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
  g_autofree char *version = g_strdup_printf("pass  version  casa " CASA_VERSION ", %s/casa\n", bin);
  g_autofree char *files = g_strdup_printf("scenes.conf stories.conf in %s/config\n", share);
  g_assert_true(g_str_has_prefix(out, version));
  g_assert_nonnull(strstr(out, files));
  const char *before = strstr(out, shipped), *with = strstr(out, mine);
  g_assert_nonnull(before);
  g_assert_nonnull(with);
  g_assert_true(before < with);
  g_assert_nonnull(strstr(with, store));
  g_assert_nonnull(strstr(with, metrics));
  g_assert_nonnull(strstr(with, shipped)); /* --config is told: nothing else counts */
}

/* What is built in stands in for a wrong file: the city is there, and the file is named with line and key. */
static void
test_wrong_words(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *script =
    g_strdup_printf("cp -r '%s' '%s/words' && printf '[event a]\nwhat_de = a\n' >'%s/words/stories.conf'\n"
                    "printf '[feed a]\ntopik = x\n' >'%s/words/feeds.conf'\n"
                    "'%s' doctor --config '%s/words' --broker mqtt://127.0.0.1:1",
                    config, fixture->dir, fixture->dir, fixture->dir, casa, fixture->dir);
  const char *argv[] = { "sh", "-c", script, NULL };
  g_autofree char *out = NULL, *err = NULL;
  test_run(argv, NULL, &out, &err);
  g_test_message("%s%s", out, err);
  g_autofree char *fault = g_strdup_printf("fail  files    %s/words/stories.conf:2: [event a] what_de: ", fixture->dir);
  g_assert_nonnull(strstr(out, fault));
  g_autofree char *feed = g_strdup_printf("fail  files    %s/words/feeds.conf:1: ", fixture->dir);
  g_assert_nonnull(strstr(out, feed));
  g_assert_nonnull(strstr(out, "pass  city     "));
}

/* --- A machine made of files ------------------------------------------------------------------------------------------ */

/* A file of at most one line below @dir, with its folders. */
static void
plant(const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(dir, name, NULL), *folder = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
collect(CliVerdict verdict, const char *what, const char *text, gpointer data)
{
  static const char *const words[] = { "pass", "warn", "fail" };
  g_string_append_printf(data, "%s %s %s\n", words[verdict], what, text);
}

/* What is said of the machine below @dir. (transfer full) */
static char *
look_at(const char *dir)
{
  GString *said = g_string_new(NULL);
  cli_doctor_machine(dir, collect, said);
  g_test_message("%s", said->str);
  return g_string_free(said, FALSE);
}

/* A block of EDID that holds nothing but the name of the screen. */
static void
plant_edid(const char *dir, const char *name, const char *title)
{
  char edid[128] = { 0 };
  g_autofree char *path = g_build_filename(dir, name, NULL);
  edid[72 + 3] = (char)0xfc;
  memcpy(edid + 72 + 5, title, strlen(title));
  edid[72 + 5 + strlen(title)] = '\n';
  g_assert_true(g_file_set_contents(path, edid, sizeof edid, NULL));
}

static void
test_bare_machine(void)
{
  g_autofree char *dir = test_dir_new(), *said = look_at(dir);
  g_assert_nonnull(strstr(said, "warn screen no screen is seen from here"));
  g_assert_nonnull(strstr(said, "pass power no battery"));
  g_assert_nonnull(strstr(said, "warn memory not known"));
  g_assert_nonnull(strstr(said, "warn network no way out"));
  test_dir_remove(dir);
}

static void
test_ready_machine(void)
{
  g_autofree char *dir = test_dir_new();
  plant(dir, "sys/class/drm/card0-eDP-1/status", "connected\n");
  plant(dir, "sys/class/drm/card0-eDP-1/modes", "1920x1200\n1024x768\n");
  plant(dir, "sys/class/drm/card0-HDMI-A-1/status", "connected\n");
  plant(dir, "sys/class/drm/card0-HDMI-A-1/modes", "1920x1080\n");
  plant_edid(dir, "sys/class/drm/card0-HDMI-A-1/edid", "EPSON PJ");
  plant(dir, "sys/class/drm/card0-DP-1/status", "disconnected\n");
  plant(dir, "sys/class/power_supply/AC/type", "Mains\n");
  plant(dir, "sys/class/power_supply/AC/online", "1\n");
  plant(dir, "sys/class/power_supply/BAT0/type", "Battery\n");
  plant(dir, "sys/class/power_supply/BAT0/capacity", "93\n");
  plant(dir, "proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable:    4096000 kB\n");
  plant(dir, "proc/net/route", "Iface\tDestination\tGateway\tFlags\nwlan0\t00000000\t0101A8C0\t0003\n");
  g_autofree char *said = look_at(dir);
  g_assert_cmpstr(said, ==,
                  "pass screen HDMI-A-1 EPSON PJ 1920x1080\n"
                  "pass screen eDP-1  1920x1200, this machine's own\n"
                  "pass power on mains, the battery at 93 %\n"
                  "pass memory 4000 MiB free\n"
                  "pass network wlan0 leads out\n");
  test_dir_remove(dir);
}

/* A strange projector, a laptop that runs empty, a mouse with a battery of its own. */
static void
test_poor_machine(void)
{
  g_autofree char *dir = test_dir_new();
  plant(dir, "sys/class/drm/card0-VGA-1/status", "connected\n");
  plant(dir, "sys/class/drm/card0-VGA-1/modes", "640x480\n");
  plant(dir, "sys/class/drm/card0-HDMI-A-1/status", "connected\n"); /* a cable that says nothing */
  plant(dir, "sys/class/drm/card0-HDMI-A-1/edid", "short");
  plant(dir, "sys/class/power_supply/AC/type", "Mains\n");
  plant(dir, "sys/class/power_supply/AC/online", "0\n");
  plant(dir, "sys/class/power_supply/BAT0/type", "Battery\n");
  plant(dir, "sys/class/power_supply/BAT0/capacity", "12\n");
  plant(dir, "sys/class/power_supply/mouse/type", "Battery\n");
  plant(dir, "sys/class/power_supply/mouse/scope", "Device\n");
  plant(dir, "sys/class/power_supply/mouse/capacity", "99\n");
  plant(dir, "proc/meminfo", "MemAvailable: 204800 kB\n");
  g_autofree char *said = look_at(dir);
  g_assert_nonnull(strstr(said, "warn screen HDMI-A-1  says no resolution"));
  g_assert_nonnull(strstr(said, "warn screen VGA-1  has 640x480"));
  g_assert_nonnull(strstr(said, "fail power on the battery, 12 %: plug it in"));
  g_assert_nonnull(strstr(said, "fail memory 200 MiB free: end browsers"));
  /* The laptop's own screen alone: the presenter is told what to do. */
  plant(dir, "sys/class/drm/card0-VGA-1/status", "disconnected\n");
  plant(dir, "sys/class/drm/card0-HDMI-A-1/status", "disconnected\n");
  plant(dir, "sys/class/drm/card0-eDP-1/status", "connected\n");
  plant(dir, "sys/class/drm/card0-eDP-1/modes", "1920x1080\n");
  g_autofree char *alone = look_at(dir);
  g_assert_nonnull(strstr(alone, "only this machine's own screen: plug the projector in"));
  test_dir_remove(dir);
}

/* All of it, on whatever machine this is: what is not there is said, and nothing is waited for in vain. */
static void
test_stage(CliFixture *fixture, gconstpointer data)
{
  g_auto(Answer) before =
    ask(NULL, "doctor", "--stage", "--config", config, "--broker", "mqtt://127.0.0.1:1", "--store", fixture->store, NULL);
  g_test_message("%s", before.out);
  static const char *const words[] = { "  screen ", "  power  ", "  memory ", "  network", "  time   ",
                                       "  fonts  ", "  idle   ", "  quiet  ", "  portal " };
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    g_assert_nonnull(strstr(before.out, words[i]));
  g_assert_nonnull(strstr(before.out, "warn  live     nobody writes the store"));
  g_assert_nonnull(strstr(before.out, "fail  curtain  ")); /* there is no broker */
  g_assert_cmpint(before.status, ==, 1);

  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_auto(Answer) quiet = ask_doctor(fixture, config);
  g_assert_null(strstr(quiet.out, "curtain")); /* only when asked for */
  const char *const argv[] = { casa_sim, "--broker", test_broker_url(fixture->broker), "--config", config, "--stations",
                               "20",     NULL };
  TestProcess *sim = test_process_start(fixture->dir, "sim", argv);
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM reading", 1, 60));
  for (guint tries = 0;; tries++) { /* a station may be quiet for two seconds */
    g_auto(Answer) live = ask(NULL, "doctor", "--stage", "--config", config, "--broker", test_broker_url(fixture->broker),
                              "--store", fixture->store, NULL);
    g_test_message("%s", live.out);
    g_assert_null(strstr(live.out, "nobody writes the store"));
    if (strstr(live.out, "pass  live     new values come in"))
      break;
    g_assert_cmpuint(tries, <, 10);
  }
  test_process_free(sim);
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add("/cli/doctor/languages", CliFixture, NULL, cli_fixture_set_up, test_languages, cli_fixture_tear_down);
  g_test_add("/cli/doctor/senders", CliFixture, NULL, cli_fixture_set_up, test_senders, cli_fixture_tear_down);
  g_test_add("/cli/doctor/clock-behind-store", CliFixture, NULL, cli_fixture_set_up, test_clock_behind_store,
             cli_fixture_tear_down);
  g_test_add("/cli/doctor/own-file", CliFixture, NULL, cli_fixture_set_up, test_own_file, cli_fixture_tear_down);
  g_test_add("/cli/doctor/wrong-words", CliFixture, NULL, cli_fixture_set_up, test_wrong_words, cli_fixture_tear_down);
  g_test_add("/cli/doctor/stage", CliFixture, NULL, cli_fixture_set_up, test_stage, cli_fixture_tear_down);
  g_test_add_func("/cli/doctor/bare-machine", test_bare_machine);
  g_test_add_func("/cli/doctor/ready-machine", test_ready_machine);
  g_test_add_func("/cli/doctor/poor-machine", test_poor_machine);
  g_test_add_func("/cli/doctor/clock-never-set", test_clock_never_set);
  return g_test_run();
}
