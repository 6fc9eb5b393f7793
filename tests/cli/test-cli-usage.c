/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "broker.h"
#include "process.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>

static const char *casa; /* the program under test */
static const char *config;

typedef struct {
  int status;
  char *out, *err;
} Answer;

static void
answer_clear(Answer *a)
{
  g_free(a->out);
  g_free(a->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static Answer G_GNUC_NULL_TERMINATED
ask(const char *input, ...)
{
  const char *argv[24] = {casa};
  va_list args;
  va_start(args, input);
  for (guint i = 1; i < G_N_ELEMENTS(argv) - 1 && (argv[i] = va_arg(args, const char *)); i++)
    ;
  va_end(args);
  Answer a;
  a.status = test_run(argv, input, &a.out, &a.err);
  return a;
}

/* Wrong usage and wrong configuration: 2, said on stderr, nothing on stdout. */
static void
test_wrong_usage(void)
{
  static const char *const lines[][4] = {
    {NULL},
    {"dance", NULL},
    {"record", "--no-such", NULL},
    {"record", "--duration", "soon", NULL},
    {"record", "--duration", "0", NULL},
    {"record", "--stats", "-1", NULL},
    {"record", "extra", NULL},
    {"record", "--broker", "http://x", NULL},
    {"record", "--broker", "mqtt://me:secret@x", NULL},
    {"record", "--config", "/no/such/folder", NULL},
    {"export", "--format", "xml", NULL},
    {"export", "--from", "yesterday-ish", NULL},
    {"export", "--every", "0", NULL},
    {"check", "a", "b", NULL},
    {"check", "--format", "xml", NULL},
    {"doctor", "extra", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_auto(Answer) a = ask(NULL, lines[i][0], lines[i][1], lines[i][2], NULL);
    if (a.status != 2)
      g_error("line %u: status %d: %s", i, a.status, a.err);
    g_assert_cmpstr(a.out, ==, "");
    g_assert_cmpuint(strlen(a.err), >, 10);
    g_assert_null(strstr(a.err, "secret"));
  }
}

static void
test_help(void)
{
  static const char *const commands[] = {"record", "check", "export", "doctor"};
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

/* --- check --- */

static void
test_check(void)
{
  g_auto(Answer) good = ask("{\"pm10\":74.2}\n21\n", "check", "--config", config, "--topic", "casa/v1/t/air/a/pm10", NULL);
  g_assert_cmpint(good.status, ==, 1); /* the first has no "value" */
  g_assert_nonnull(strstr(good.out, "1: refused  empty"));
  g_assert_nonnull(strstr(good.out, "2: stored   t/air/a "));
  g_assert_nonnull(strstr(good.out, " pm10=21 "));

  g_auto(Answer) pairs = ask("casa/v1/t/air/a\t{\"pm10\":1}\ncasa/v1/t/$station/a {\"domain\":\"air\",\"name\":\"A\"}\n", "check",
                             "--config", config, NULL);
  g_assert_cmpint(pairs.status, ==, 0);
  g_assert_nonnull(strstr(pairs.out, "2: station  t/air/a name=\"A\""));

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

/* --- export and doctor, on a store that `casa record` filled --- */

typedef struct {
  TestBroker *broker;
  char *dir, *store;
  gint64 t_ms;
} House;

static gboolean
record_has_all(gpointer data)
{
  g_autofree char *out = test_process_out(data);
  return strstr(out, "\"stored\":4") != NULL;
}

static void
set_up(House *house, gconstpointer data)
{
  house->broker = test_broker_new(NULL);
  house->dir = test_dir_new();
  house->store = g_build_filename(house->dir, "pulse.db", NULL);
  house->t_ms = (casa_clock_now_ms() / 60000 - 60) * 60000; /* a whole minute, an hour ago */
  const char *argv[] = {casa, "record", "--config", config, "--broker", test_broker_url(house->broker), "--store",
                        house->store, "--stats", "0.1", NULL};
  g_autoptr(TestProcess) record = test_process_start(house->dir, "record", argv);
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(house->broker));
  for (guint i = 0; i < 4; i++) {
    g_autofree char *payload =
      g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u.25,\"no2\":1e-3}", house->t_ms + i * 30000, 10 + i);
    test_publisher_send(p, i < 3 ? "casa/v1/city/air/air-a" : "casa/v1/team/air/air-b", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 30));
  g_assert_true(test_wait_for(record_has_all, record, 30));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

static void
tear_down(House *house, gconstpointer data)
{
  test_broker_free(house->broker);
  test_dir_remove(house->dir);
  g_free(house->dir);
  g_free(house->store);
}

static guint
lines_of(const char *text)
{
  guint n = 0;
  for (; *text; text++)
    n += *text == '\n';
  return n;
}

static void
test_export_csv(House *house, gconstpointer data)
{
  char time[32];
  g_auto(Answer) all = ask(NULL, "export", "--config", config, "--store", house->store, NULL);
  g_assert_cmpint(all.status, ==, 0);
  g_assert_cmpuint(lines_of(all.out), ==, 9);
  g_assert_true(g_str_has_prefix(all.out, "time,source,domain,station,metric,value,received\n"));
  g_autofree char *first = g_strdup_printf("\n%s,city,air,air-a,pm10,10.25,", casa_time_format(house->t_ms, time));
  g_assert_nonnull(strstr(all.out, first));
  g_auto(Answer) some = ask(NULL, "export", "--config", config, "--store", house->store, "--metric", "pm*", "--station", "*-a",
                            "--to", casa_time_format(house->t_ms + 60000, time), NULL);
  g_assert_cmpuint(lines_of(some.out), ==, 3);
  g_auto(Answer) none = ask(NULL, "export", "--config", config, "--store", house->store, "--domain", "water", NULL);
  g_assert_cmpint(none.status, ==, 0);
  g_assert_cmpuint(lines_of(none.out), ==, 1);
}

static void
test_export_buckets(House *house, gconstpointer data)
{
  char time[32];
  g_auto(Answer) a = ask(NULL, "export", "--config", config, "--store", house->store, "--metric", "pm10", "--source", "city",
                         "--every", "1m", NULL);
  g_assert_cmpint(a.status, ==, 0);
  g_autofree char *first = g_strdup_printf("%s,city,air,air-a,pm10,10.75,10.25,11.25,2\n", casa_time_format(house->t_ms, time));
  g_assert_nonnull(strstr(a.out, first));
  g_assert_cmpuint(lines_of(a.out), ==, 3);
}

static void
test_export_json_and_lp(House *house, gconstpointer data)
{
  g_auto(Answer) json = ask(NULL, "export", "--config", config, "--store", house->store, "--metric", "no2", "--source", "team",
                            "--format", "json", NULL);
  json_t *line = json_loads(json.out, 0, NULL);
  g_assert_nonnull(line);
  g_assert_cmpint(json_integer_value(json_object_get(line, "t")), ==, house->t_ms + 90000);
  g_assert_cmpfloat(json_number_value(json_object_get(line, "value")), ==, 1e-3);
  g_assert_cmpstr(json_string_value(json_object_get(line, "station")), ==, "air-b");
  json_decref(line);
  g_auto(Answer) lp = ask(NULL, "export", "--config", config, "--store", house->store, "--metric", "pm10", "--source", "team",
                          "--format", "lp", NULL);
  g_autofree char *wanted = g_strdup_printf("air,source=team,station=air-b pm10=13.25 %" G_GINT64_FORMAT "\n", house->t_ms + 90000);
  g_assert_cmpstr(lp.out, ==, wanted);
}

static void
test_export_no_store(House *house, gconstpointer data)
{
  g_autofree char *missing = g_build_filename(house->dir, "missing.db", NULL);
  g_auto(Answer) a = ask(NULL, "export", "--config", config, "--store", missing, NULL);
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.err, missing));
  g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
}

/* Data that cannot be written must not look written. */
static void
test_export_full_output(House *house, gconstpointer data)
{
  g_autofree char *script = g_strdup_printf("'%s' export --config '%s' --store '%s' > /dev/full", casa, config, house->store);
  const char *argv[] = {"/bin/sh", "-c", script, NULL};
  char *err;
  g_assert_cmpint(test_run(argv, NULL, NULL, &err), ==, 1);
  g_assert_nonnull(strstr(err, "cannot write"));
  g_free(err);
}

static void
test_doctor(House *house, gconstpointer data)
{
  g_auto(Answer) well = ask(NULL, "doctor", "--config", config, "--store", house->store, "--broker",
                            test_broker_url(house->broker), NULL);
  g_assert_cmpint(well.status, ==, 0);
  g_assert_nonnull(strstr(well.out, "pass  config"));
  g_assert_nonnull(strstr(well.out, "pass  metrics"));
  g_assert_nonnull(strstr(well.out, "pass  city"));
  g_assert_nonnull(strstr(well.out, "pass  store"));
  g_assert_nonnull(strstr(well.out, "warn  broker")); /* nothing is published */
  test_broker_stop(house->broker);
  g_autofree char *influx = g_strdup_printf("http://127.0.0.1:%u/?db=x", test_free_port());
  g_auto(Answer) ill = ask(NULL, "doctor", "--config", config, "--store", house->store, "--broker",
                           test_broker_url(house->broker), "--influx", influx, NULL);
  g_assert_cmpint(ill.status, ==, 1);
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
  const char *argv[] = {casa, "record", "--config", config, "--broker", url, "--store", store, "--stats", "0.1", NULL};
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

#define ADD(name, func) g_test_add("/cli/" name, House, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  casa = g_getenv("CASA_PROGRAM");
  config = g_getenv("CASA_TEST_CONFIG");
  g_assert_true(casa && config);
  g_test_add_func("/cli/wrong-usage", test_wrong_usage);
  g_test_add_func("/cli/help", test_help);
  g_test_add_func("/cli/wrong-config", test_wrong_config);
  g_test_add_func("/cli/check", test_check);
  ADD("export/csv", test_export_csv);
  ADD("export/buckets", test_export_buckets);
  ADD("export/json-lp", test_export_json_and_lp);
  ADD("export/no-store", test_export_no_store);
  ADD("export/full-output", test_export_full_output);
  ADD("doctor", test_doctor);
  g_test_add_func("/cli/doctor-beside-recorder", test_doctor_beside_recorder);
  return g_test_run();
}
