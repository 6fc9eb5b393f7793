/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

static void
test_check(void)
{
  g_auto(Answer) good = ask("{\"no2\":74.2}\n21\n", "check", "--config", config, "--topic", "casa/v1/t/air/a/pm10", NULL);
  g_assert_cmpint(good.status, ==, 1); /* the first has no "value" */
  g_assert_nonnull(strstr(good.out, "1: refused  empty"));
  g_assert_nonnull(strstr(good.out, "2: stored   t/air/a "));
  g_assert_nonnull(strstr(good.out, " pm10=21 "));

  g_auto(Answer) pairs =
    ask("casa/v1/t/air/a\t{\"pm10\":1}\ncasa/v1/t/$station/a {\"domain\":\"air\",\"name\":\"A\"}\n"
        "casa/v1/t/$event/w\t{\"event\":\"works\",\"place\":\"t1\",\"start\":1779385327120}\ncasa/v1/t/$event/w\t\n",
        "check", "--config", config, NULL);
  g_assert_cmpint(pairs.status, ==, 0);
  g_assert_nonnull(strstr(pairs.out, "2: station  t/air/a name=\"A\""));
  g_assert_nonnull(strstr(pairs.out, "3: event    t/w works at t1 from 2026-05-21T17:42:07.120Z to an open end intensity=1\n"));
  g_assert_nonnull(strstr(pairs.out, "4: event    t/w is over\n"));

  g_auto(Answer) many = ask("{\n  \"pm10\": 1,\n  \"no2\": \"x\"\n}\n", "check", "--config", config, "--topic",
                            "casa/v1/t/air/a", "--format", "json", NULL);
  g_assert_cmpint(many.status, ==, 1);
  json_t *line = json_loads(many.out, 0, NULL);
  g_assert_nonnull(line);
  g_assert_cmpstr(json_string_value(json_object_get(line, "verdict")), ==, "partly");
  g_assert_cmpfloat(json_number_value(json_object_get(json_object_get(line, "fields"), "pm10")), ==, 1);
  g_assert_cmpstr(json_string_value(json_object_get(line, "code")), ==, "type");
  json_decref(line);

  g_auto(Answer) then = ask("{\"t\":\"2026-05-21T17:42:07.120Z\",\"pm10\":1}", "check", "--config", config, "--topic",
                            "casa/v1/t/air/a", "--now", "2026-05-21T17:42:08Z", NULL);
  g_assert_nonnull(strstr(then.out, "2026-05-21T17:42:07.120Z pm10=1"));

  g_auto(Answer) nofile = ask(NULL, "check", "--config", config, "/no/such/file", NULL);
  g_assert_cmpint(nofile.status, ==, 1);
  g_assert_nonnull(strstr(nofile.err, "/no/such/file"));
}

/* In the language of the environment; what programs read stays English. */
static void
test_languages(void)
{
  static const struct {
    const char *locale, *said, *hint;
  } cases[] = {
    { "fr_MA.UTF-8",
      "1: refusé  number: champ \"temp_c\" : « 21,4 » n'est pas un nombre ; les décimales prennent un point : 21.4\n",
      "pas dans metrics.conf, donc sans unité ni limites : \"temprature\" (vouliez-vous dire temp_c ?)" },
    { "ar_MA.UTF-8", "«21,4» ليس رقمًا؛ الفاصلة العشرية نقطة: 21.4\n", "(هل تقصدون temp_c؟)" },
    { "de_DE.UTF-8", "1: refused  number: field \"temp_c\": \"21,4\" is no number; decimals take a point: 21.4\n",
      "(did you mean temp_c?)" },
  };
  g_autofree char *before = g_strdup(g_getenv("LC_ALL"));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_setenv("LC_ALL", cases[i].locale, TRUE);
    g_auto(Answer) text =
      ask("casa/v1/t/air/a/temp_c\t21,4\ncasa/v1/t/air/a\t{\"temprature\":1}\n", "check", "--config", config, NULL);
    g_assert_nonnull(strstr(text.out, cases[i].said));
    g_assert_nonnull(strstr(text.out, cases[i].hint));
    g_auto(Answer) json = ask("casa/v1/t/air/a/temp_c\t21,4\n", "check", "--json", "--config", config, NULL);
    g_assert_nonnull(strstr(json.out, "decimals take a point: 21.4"));
  }
  g_setenv("LC_ALL", before ? before : "C.UTF-8", TRUE);
}

/* What teams get wrong in their first hour, and the words that bring them on. */
static void
test_hints(void)
{
  static const struct {
    const char *line, *answer;
  } cases[] = {
    { "equipe7/temp\t23.1", "did you mean casa/v1/equipe7/air/my-sensor/temp ?" },
    { "/casa/v1/t/air/a/temp_c\t23.1", "did you mean casa/v1/t/air/a/temp_c ?" },
    { "casa/v1/t/a/temp\t23.1", "did you mean casa/v1/t/air/a/temp ?" },
    { "casa/v1/\303\211quipe 7/Air/Toit Nord/temp_c\t1", "did you mean casa/v1/equipe-7/air/toit-nord/temp_c ?" },
    { "casa/v1/t/weather/a/temp_c\t1", "did you mean casa/v1/t/air/a/temp_c ?" },
    { "casa/v1/t/air/a/$station\t{}", "did you mean casa/v1/t/$station/a ?" },
    { "casa/v1/t/air/a/dht22/temp_c\t1", "did you mean casa/v1/t/air/a-dht22/temp_c ?" },
    { "casa/v2/t/air/a\t{}", "did you mean casa/v1/t/air/a ?" },
    { "zigbee2mqtt/0x00158d\t{}", "casa/v1/<source>/kit/" },
    { "casa/v1/t/air/a/temp_c\t23,1", "a point: 23.1\n" },
    { "casa/v1/t/air/a/temp_c\t73.4 \302\260F", "send 73.4 alone, or {\"value\":73.4,\"unit\":\"\302\260F\"}" },
    { "casa/v1/t/air/a/temp_c\tON", "send 1 or 0" },
    { "casa/v1/t/air/a/temp_c\t{\"humidity\":1}", "one level up" },
    { "casa/v1/t/air/a\t23.1;55", "name each" },
    { "casa/v1/t/air/a\ttemp=23.1", "as JSON: {\"temp\":23.1}" },
    { "casa/v1/t/air/a\t{'temp_c': 23.1}", "names take double quotes" },
    { "casa/v1/t/air/a\t{\"temp_c\": \"23,1\"}", "a point: 23.1\n" },
    { "casa/v1/t/air/a\t{\"temp_c\": \"23.1 C\"}", "send 23.1 alone" },
    { "casa/v1/t/air/a\t{\"t\": \"2026-05-21T17:42:07\", \"temp_c\": 1}", "the zone is missing" },
    /* Stored as it is, but it may be a slip of the pen. */
    { "casa/v1/t/air/a/temprature\t23.1", "\"temprature\" (did you mean temp_c?)" },
    { "casa/v1/t/air/a\t{\"compost\":{\"Humidity\":55}}", "\"compost_humidity\" (did you mean rh_pct?)" },
    { "casa/v1/t/air/a/radon_bqm3\t23.1", "without unit and limits: \"radon_bqm3\"\n" },
    { "casa/v1/t/energy/a/power_ma\t23.1", "without unit and limits: \"power_ma\"\n" }, /* no power_mw: another unit */
  };
  g_autoptr(GString) lines = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    g_string_append_printf(lines, "%s\n", cases[i].line);
  g_auto(Answer) a = ask(lines->str, "check", "--config", config, NULL);
  g_autoptr(GRegex) further = g_regex_new("\n   [^\n]*", 0, 0, NULL);
  g_autofree char *first = g_regex_replace(further, a.out, -1, 0, "", 0, NULL); /* what a line says besides */
  g_auto(GStrv) answers = g_strsplit(first, "\n", -1);
  g_assert_cmpuint(lines_of(first), ==, G_N_ELEMENTS(cases));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *answer = g_strconcat(answers[i], "\n", NULL);
    if (!strstr(answer, cases[i].answer))
      g_error("%s: \"%s\" is not in: %s", cases[i].line, cases[i].answer, answer);
  }
}

/* What is right gets no advice. */
static void
test_no_hints(void)
{
  g_auto(Answer) a =
    ask("casa/v1/t/air/a\t{\"temperature\":1,\"PM2.5\":2}\ncasa/v1/t/mobility/b\t{\"lat\":33.5,\"lon\":-7.6}\n", "check",
        "--config", config, "--format", "json", NULL);
  g_assert_cmpint(a.status, ==, 0);
  g_assert_cmpuint(lines_of(a.out), ==, 2);
  g_assert_null(strstr(a.out, "hint"));
  g_assert_null(strstr(a.out, "new_names"));
  g_auto(Answer) json =
    ask("casa/v1/t/air/a/temp_c\t23,1\ncasa/v1/t/air/a/tempp_c\t1\n", "check", "--config", config, "--format", "json", NULL);
  g_assert_nonnull(strstr(json.out, "decimals take a point: 23.1\""));
  g_assert_nonnull(strstr(json.out, "\"new_names\":\"not in metrics.conf"));
}

/* Kits' own topics in what mosquitto_sub -v prints; a binary payload whose first byte ends a line; a message that is understood
 * and of which nothing can be used. */
static void
test_kits(void)
{
  g_auto(Answer) kit = ask("toit/sensor/temperature/state 21.4\n/a/b {\"temp_c\":20}\ncasa/v1/t/air/a/temp_c 5\n", "check",
                           "--config", config, "--source", "equipe-7", NULL);
  g_assert_cmpint(kit.status, ==, 0);
  g_assert_cmpuint(lines_of(kit.out), ==, 3);
  g_assert_nonnull(strstr(kit.out, "equipe-7/air/toit "));
  g_assert_nonnull(strstr(kit.out, "t/air/a "));
  g_auto(Answer) other = ask("toit/sensor/temperature/state 21.4\n", "check", "--config", config, NULL);
  g_assert_cmpint(other.status, ==, 1);
  g_auto(Answer) binary = ask_shell(NULL, "printf '\\n\\017\\n\\003' | $CASA check --config $CONFIG --topic casa/v1/t/air/a");
  g_assert_cmpint(binary.status, ==, 1);
  g_assert_cmpuint(lines_of(binary.out), ==, 1);
  g_auto(Answer) empty = ask("casa/v1/t/air/a {\"observations\":[{\"value\":\"22.4\",\"location\":\"33.57 -7.59\"}]}\n",
                             "check", "--config", config, NULL);
  g_assert_cmpint(empty.status, ==, 1);
  g_assert_nonnull(strstr(empty.out, "refused  no-metric: field \"value\": of which metric?"));
}

/* A file without line ends: refused by its length, and what stands after it is judged. */
static void
test_huge_line(void)
{
  g_auto(Answer) a = ask_shell(NULL, "{ head -c 20000000 /dev/zero | tr '\\0' 7; echo; echo 7; } | "
                                     "$CASA check --config $CONFIG --topic casa/v1/t/air/a/pm10");
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.out, "1: refused  payload-size: payload: 20000000 bytes"));
  g_assert_nonnull(strstr(a.out, "\n2: stored "));
}

/* An endless input ends with whoever reads the answers. */
static void
test_head(void)
{
  g_auto(Answer) a = ask_shell(NULL, "yes 'casa/v1/t/air/a {\"pm10\":1}' | $CASA check --config $CONFIG | head -n 1; "
                                     "echo ${PIPESTATUS[1]}");
  g_assert_true(g_str_has_prefix(a.out, "1: stored "));
  g_assert_true(g_str_has_suffix(a.out, "\n0\n"));
  g_assert_cmpstr(a.err, ==, "");
}

static void
test_full_output(void)
{
  g_auto(Answer) a = ask_shell(NULL, "echo 'casa/v1/t/air/a {\"pm10\":1}' | $CASA check --config $CONFIG > /dev/full");
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.err, "cannot write to standard output: No space left"));
}

/* Writes @text to @name in a folder of the test's own. (transfer full) */
static char *
file_of(const char *dir, const char *name, const char *text)
{
  char *path = g_build_filename(dir, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  return path;
}

static void
assert_file(const char *option, const char *path, int status, const char *words)
{
  g_auto(Answer) a = ask(NULL, "check", "--config", config, option, path, NULL);
  g_test_message("%s %s: %d\n%s%s", option, path, a.status, a.out, a.err);
  g_assert_cmpint(a.status, ==, status);
  g_assert_nonnull(strstr(status == 0 ? a.out : a.err, words));
  g_assert_cmpstr(status == 0 ? a.err : a.out, ==, "");
}

/* The files of the screen, without a display: file, line, key, and how to mend it. */
static void
test_files(void)
{
  g_autofree char *dir = test_dir_new(), *indicators = g_build_filename(config, "indicators.conf", NULL);
  assert_file("--indicators", indicators, 0, "indicators.conf: right; ");
  g_autofree char *metric = file_of(dir, "mine.conf", "[own]\nsource = city\n\n[indicator a]\nname_fr = A\nmetric = pm11\n");
  assert_file("--indicators", metric, 2, "mine.conf:6: [indicator a] metric: no [pm11] in metrics.conf");
  g_autofree char *group = file_of(dir, "group.conf", "[own]\nsource = city\n[indikator a]\n");
  assert_file("--indicators", group, 2, "group.conf:3: [indikator a]: unknown group; known here: [own], ");
  assert_file("--indicators", "/nowhere.conf", 2, "/nowhere.conf");
  test_dir_remove(dir);
}

static void
test_scenes(void)
{
  g_autofree char *dir = test_dir_new(), *scenes = g_build_filename(config, "scenes.conf", NULL);
  g_autofree char *group = file_of(dir, "group.conf", "[own]\nsource = city\n[indikator a]\n");
  if (!g_getenv("CASA_PULSE_PROGRAM")) {
    g_test_skip("built without the wall, which reads such a file");
    test_dir_remove(dir);
    return;
  }
  assert_file("--scenes", scenes, 0, "scenes.conf: right; scenes: wall, ");
  g_autofree char *off = file_of(dir, "off.conf", "[scene sea]\ntitle_fr = Mer\nm = map 0 0 1 2\n");
  assert_file("--scenes", off, 2, "off.conf:3: [scene sea] m: reaches out of the screen");
  assert_file("--scenes", "/nowhere.conf", 2, "/nowhere.conf");
  g_auto(Answer) both = ask(NULL, "check", "--config", config, "--scenes", scenes, "--indicators", group, NULL);
  g_assert_cmpint(both.status, ==, 2);
  g_auto(Answer) mixed = ask("x", "check", "--config", config, "--scenes", scenes, "--topic", "a/b", NULL);
  g_assert_cmpint(mixed.status, ==, 2);
  test_dir_remove(dir);
}

/* One team's messages are judged as they come, nobody else's, and the broker keeps nothing for whoever looked. */
static void
test_live(CliFixture *fixture, gconstpointer data)
{
  const char *argv[] = { casa,     "check",    "--config", config, "--broker", test_broker_url(fixture->broker),
                         "--live", "--source", "equipe-7", NULL };
  g_autoptr(TestProcess) live = test_process_start(fixture->dir, "live", argv);
  g_assert_true(test_process_wait_err(live, "connected to", 30));
  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(fixture->broker));
  test_publisher_send(publisher, "casa/v1/equipe-8/air/a/pm10", "1", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-7/air/a", "{\"pm10\":\"x\"}", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-7/$feedback", "{}", -1, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/equipe-7/air/a/pm10", "23", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(publisher, 30));
  g_assert_true(test_process_wait_out(live, "casa/v1/equipe-7/air/a/pm10: stored   equipe-7/air/a ", 30));
  g_autofree char *out = test_process_out(live);
  g_assert_true(g_str_has_prefix(out, "casa/v1/equipe-7/air/a: refused  type: field \"pm10\": text, wanted a number"));
  g_assert_null(strstr(out, "equipe-8"));
  g_assert_null(strstr(out, "$feedback"));
  test_process_signal(live, SIGTERM);
  g_assert_cmpint(test_process_wait(live, 30), ==, 1);
}

/* As the user of a recorder that runs it would put that off, again and again: it says so instead, and takes nothing. */
static void
test_live_beside_record(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *secret = g_build_filename(fixture->dir, "secret", NULL),
                  *conf = g_build_filename(fixture->dir, "hall.conf", NULL),
                  *words = g_strdup_printf("[broker]\nurl = %s\nuser = hall\npassword_file = %s\n",
                                           test_broker_url(fixture->broker), secret);
  g_assert_true(g_file_set_contents(secret, "guess\n", -1, NULL));
  g_assert_cmpint(g_chmod(secret, 0600), ==, 0);
  g_assert_true(g_file_set_contents(conf, words, -1, NULL));
  const char *argv[] = { casa, "record", "--config", conf, "--store", fixture->store, NULL };
  g_autoptr(TestProcess) record = test_process_start(fixture->dir, "record", argv);
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_auto(Answer) live = ask(NULL, "check", "--config", conf, "--live", "--source", "equipe-7", "--duration", "1s", NULL);
  g_assert_cmpint(live.status, ==, 1);
  g_assert_nonnull(strstr(live.err, "user \"hall\""));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 60), ==, 0);
  g_autofree char *said = test_process_err(record);
  g_assert_null(strstr(strstr(said, "connected to") + 1, "connected to"));
}

static void
test_live_usage(void)
{
  g_auto(Answer) nobody = ask(NULL, "check", "--config", config, "--live", NULL);
  g_assert_cmpint(nobody.status, ==, 2);
  g_assert_nonnull(strstr(nobody.err, "--live needs --source NAME"));
  g_auto(Answer) nowhere = ask(NULL, "check", "--config", config, "--live", "--source", "t", "--broker", "mqtt://127.0.0.1:9",
                               "--duration", "300ms", NULL);
  g_assert_cmpint(nowhere.status, ==, 1);
  g_assert_nonnull(strstr(nowhere.err, "nothing was heard: mqtt://127.0.0.1:9 was not reached"));
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add_func("/cli/check/verdicts", test_check);
  g_test_add_func("/cli/check/hints", test_hints);
  g_test_add_func("/cli/check/no-hints", test_no_hints);
  g_test_add_func("/cli/check/kits", test_kits);
  g_test_add_func("/cli/check/huge-line", test_huge_line);
  g_test_add_func("/cli/check/head", test_head);
  g_test_add_func("/cli/check/full-output", test_full_output);
  g_test_add_func("/cli/check/files", test_files);
  g_test_add_func("/cli/check/scenes", test_scenes);
  g_test_add("/cli/check/live", CliFixture, NULL, cli_fixture_set_up, test_live, cli_fixture_tear_down);
  g_test_add("/cli/check/live-beside-record", CliFixture, NULL, cli_fixture_set_up, test_live_beside_record,
             cli_fixture_tear_down);
  g_test_add_func("/cli/check/live-usage", test_live_usage);
  g_test_add_func("/cli/check/languages", test_languages);
  return g_test_run();
}
