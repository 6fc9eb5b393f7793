/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>

/* `casa export`, on a store that `casa record` filled. */

static gint64 t_ms; /* the first sample: a whole minute, an hour ago */

static void
set_up(CliFixture *fixture, gconstpointer data)
{
  cli_fixture_set_up(fixture, data);
  t_ms = (casa_clock_now_ms() / 60000 - 60) * 60000;
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  for (guint i = 0; i < 4; i++) {
    g_autofree char *payload =
      g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u.25,\"no2\":1e-3}", t_ms + i * 30000, 10 + i);
    test_publisher_send(p, i < 3 ? "casa/v1/city/air/air-a" : "casa/v1/team/air/air-b", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 30));
  g_assert_true(record_wait_received(record, 4, 30));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

static void
test_export_csv(CliFixture *fixture, gconstpointer data)
{
  char time[32];
  g_auto(Answer) all = ask(NULL, "export", "--config", config, "--store", fixture->store, NULL);
  g_assert_cmpint(all.status, ==, 0);
  g_assert_cmpuint(lines_of(all.out), ==, 9);
  g_assert_true(g_str_has_prefix(all.out, "time,source,domain,station,metric,value,received\n"));
  g_autofree char *first = g_strdup_printf("\n%s,city,air,air-a,pm10,10.25,", casa_time_format(t_ms, time));
  g_assert_nonnull(strstr(all.out, first));
  g_auto(Answer) some = ask(NULL, "export", "--config", config, "--store", fixture->store, "--metric", "pm*", "--station",
                            "*-a", "--to", casa_time_format(t_ms + 60000, time), NULL);
  g_assert_cmpuint(lines_of(some.out), ==, 3);
  g_auto(Answer) none = ask(NULL, "export", "--config", config, "--store", fixture->store, "--domain", "water", NULL);
  g_assert_cmpint(none.status, ==, 0);
  g_assert_cmpuint(lines_of(none.out), ==, 1);
}

static void
test_export_buckets(CliFixture *fixture, gconstpointer data)
{
  char time[32];
  g_auto(Answer) a = ask(NULL, "export", "--config", config, "--store", fixture->store, "--metric", "pm10", "--source", "city",
                         "--every", "1m", NULL);
  g_assert_cmpint(a.status, ==, 0);
  g_autofree char *first = g_strdup_printf("%s,city,air,air-a,pm10,10.75,10.25,11.25,2\n", casa_time_format(t_ms, time));
  g_assert_nonnull(strstr(a.out, first));
  g_assert_cmpuint(lines_of(a.out), ==, 3);
}

static void
test_export_json_and_lp(CliFixture *fixture, gconstpointer data)
{
  g_auto(Answer) json = ask(NULL, "export", "--config", config, "--store", fixture->store, "--metric", "no2", "--source",
                            "team", "--format", "json", NULL);
  json_t *line = json_loads(json.out, 0, NULL);
  g_assert_nonnull(line);
  g_assert_cmpint(json_integer_value(json_object_get(line, "t")), ==, t_ms + 90000);
  g_assert_cmpfloat(json_number_value(json_object_get(line, "value")), ==, 1e-3);
  g_assert_cmpstr(json_string_value(json_object_get(line, "station")), ==, "air-b");
  json_decref(line);
  g_auto(Answer) lp = ask(NULL, "export", "--config", config, "--store", fixture->store, "--metric", "pm10", "--source", "team",
                          "--format", "lp", NULL);
  g_autofree char *wanted = g_strdup_printf("air,source=team,station=air-b pm10=13.25 %" G_GINT64_FORMAT "\n", t_ms + 90000);
  g_assert_cmpstr(lp.out, ==, wanted);
}

static void
test_export_no_store(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename(fixture->dir, "missing.db", NULL);
  g_auto(Answer) a = ask(NULL, "export", "--config", config, "--store", missing, NULL);
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.err, missing));
  g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
}

/* Data that cannot be written must not look written. */
static void
test_export_full_output(CliFixture *fixture, gconstpointer data)
{
  g_auto(Answer) a = ask_shell(fixture->store, "$CASA export --config $CONFIG --store $STORE > /dev/full");
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.err, "cannot write"));
}

/* head takes two lines and goes: that is no failure, and nothing to talk about. */
static void
test_export_head(CliFixture *fixture, gconstpointer data)
{
  g_auto(Answer) a = ask_shell(fixture->store, "for i in 1 2 3 4 5 6 7 8 9; do $CASA export --config $CONFIG --store $STORE "
                                               "| true; echo ${PIPESTATUS[0]}; done");
  g_assert_cmpint(a.status, ==, 0);
  g_assert_cmpstr(a.out, ==, "0\n0\n0\n0\n0\n0\n0\n0\n0\n");
  g_assert_cmpstr(a.err, ==, "");
}

/* A closed standard output is not /dev/null. */
static void
test_export_closed_output(CliFixture *fixture, gconstpointer data)
{
  g_auto(Answer) a = ask_shell(fixture->store, "$CASA export --config $CONFIG --store $STORE >&-");
  g_assert_cmpint(a.status, ==, 1);
  g_assert_nonnull(strstr(a.err, "cannot write to standard output"));
}

/* No lines: said why, so that a wrong glob is not taken for a quiet city. stdout stays data. */
static void
test_export_nothing(CliFixture *fixture, gconstpointer data)
{
  static const struct {
    const char *options, *words;
  } asked[] = {
    { "--domain water", "no domain \"water\"" },
    { "--source 'te?m' --station 'air-z*'", "no station \"air-z*\"" },
    { "--source team --station air-a", "no series is all of them" },
    { "--station air-a --to 2020-01-01", "no sample in that time" },
    { "--station air-a --to 2020-01-01 --every 1h", "no sample in that time" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
    g_autofree char *line = g_strdup_printf("$CASA export --config $CONFIG --store $STORE %s", asked[i].options);
    g_auto(Answer) a = ask_shell(fixture->store, line);
    g_assert_cmpint(a.status, ==, 0);
    g_assert_cmpuint(lines_of(a.out), ==, 1);
    g_assert_nonnull(strstr(a.err, asked[i].words));
    g_assert_cmpuint(lines_of(a.err), ==, 1);
  }
}

static void
report(TestPublisher *p, const char *topic, const char *payload)
{
  test_publisher_send(p, topic, payload, -1, 1, FALSE);
}

/* As the organiser does on the wall, where no wall runs. */
static void
show_of(CliFixture *fixture, const char *source)
{
  g_autofree char *sql = g_strdup_printf("UPDATE report_log SET shown = 1 WHERE source = '%s'", source);
  sqlite3 *db = NULL;
  g_assert_cmpint(sqlite3_open(fixture->store, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_changes(db), ==, 2);
  sqlite3_close(db);
}

/* Only what the organiser has shown, as other cities' programs read it. */
static void
test_export_open311(CliFixture *fixture, gconstpointer data)
{
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "reports", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  report(p, "casa/v1/equipe-7/$report/r-1",
         "{\"service\":\"eclairage\",\"lat\":33.5912,\"lon\":-7.6203,\"text\":\"Lampe \\\"éteinte\\\"\"}");
  report(p, "casa/v1/equipe-7/$report/r-2",
         "{\"service\":\"proprete\",\"lat\":33.6,\"lon\":-7.5,\"text\":\"\",\"status\":\"closed\"}");
  report(p, "casa/v1/equipe-8/$report/r-3", "{\"service\":\"voirie\",\"lat\":33.6,\"lon\":-7.5,\"text\":\"Trou\"}");
  g_assert_true(test_publisher_flush(p, 30));
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM report", 3, 30));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
  g_auto(Answer) hidden = ask(NULL, "export", "--config", config, "--store", fixture->store, "--open311", NULL);
  g_assert_cmpint(hidden.status, ==, 0);
  g_assert_cmpstr(hidden.out, ==, "[\n]\n");
  show_of(fixture, "equipe-7");
  g_auto(Answer) a = ask(NULL, "export", "--config", config, "--store", fixture->store, "--open311", NULL);
  json_t *all = json_loads(a.out, 0, NULL), *first = json_array_get(all, 0), *second = json_array_get(all, 1);
  g_assert_cmpuint(json_array_size(all), ==, 2);
  g_assert_cmpstr(json_string_value(json_object_get(first, "service_request_id")), ==, "equipe-7/r-2");
  g_assert_cmpstr(json_string_value(json_object_get(first, "status")), ==, "closed");
  g_assert_cmpstr(json_string_value(json_object_get(second, "status")), ==, "open");
  g_assert_cmpstr(json_string_value(json_object_get(second, "service_code")), ==, "eclairage");
  g_assert_cmpstr(json_string_value(json_object_get(second, "description")), ==, "Lampe \"éteinte\"");
  g_assert_cmpfloat(json_number_value(json_object_get(second, "lat")), ==, 33.5912);
  g_assert_cmpfloat(json_number_value(json_object_get(second, "long")), ==, -7.6203);
  g_assert_true(g_str_has_suffix(json_string_value(json_object_get(second, "requested_datetime")), "Z"));
  json_decref(all);
  g_auto(Answer) none =
    ask(NULL, "export", "--config", config, "--store", fixture->store, "--open311", "--source", "equipe-8", NULL);
  g_assert_cmpstr(none.out, ==, "[\n]\n");
  g_auto(Answer) wrong =
    ask(NULL, "export", "--config", config, "--store", fixture->store, "--open311", "--metric", "pm10", NULL);
  g_assert_cmpint(wrong.status, ==, 2);
}

#define ADD(name, func) g_test_add("/cli/export/" name, CliFixture, NULL, set_up, func, cli_fixture_tear_down)

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  ADD("csv", test_export_csv);
  ADD("buckets", test_export_buckets);
  ADD("json-lp", test_export_json_and_lp);
  ADD("no-store", test_export_no_store);
  ADD("full-output", test_export_full_output);
  ADD("head", test_export_head);
  ADD("closed-output", test_export_closed_output);
  ADD("nothing", test_export_nothing);
  ADD("open311", test_export_open311);
  return g_test_run();
}
