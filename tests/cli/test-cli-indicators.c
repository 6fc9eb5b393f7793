/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "fixture.h"

#include <signal.h>
#include <string.h>

/* `casa indicators`, while `casa record` writes the store. */

static gint64 day_ms; /* midnight (UTC: the city's, or an hour after it) that three whole days are over since */

static void
set_up(CliFixture *fixture, gconstpointer data)
{
  cli_fixture_set_up(fixture, data);
  day_ms = (casa_clock_now_ms() / 86400000 - 4) * 86400000;
}

/* Three days of hours at 60 µg/m³, from a sensor that says that it is simulated. */
static TestProcess *
record_days(CliFixture *fixture)
{
  TestProcess *record = cli_fixture_record(fixture, "record", "0.1");
  g_assert_true(test_process_wait_err(record, "connected to", 30));
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(fixture->broker));
  test_publisher_send(p, "casa/v1/city/$station/air-a",
                      "{\"name\":\"A, \\\"la place\\\"\",\"kind\":\"air\",\"domain\":\"air\",\"simulated\":true}", -1, 1, TRUE);
  for (guint i = 0; i < 72; i++) {
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":60}", day_ms + i * 3600000 + 60000);
    test_publisher_send(p, "casa/v1/city/air/air-a", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 30));
  g_assert_true(record_wait_received(record, 73, 30));
  return record;
}

static json_t *
find(const char *lines, const char *id)
{
  g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
  for (guint i = 0; all[i] && *all[i]; i++) {
    json_t *line = json_loads(all[i], 0, NULL);
    g_assert_nonnull(line);
    if (g_strcmp0(json_string_value(json_object_get(line, "id")), id) == 0)
      return line;
    json_decref(line);
  }
  g_error("no line of %s", id);
}

static void
test_json(CliFixture *fixture, gconstpointer data)
{
  char time[32];
  g_autoptr(TestProcess) record = record_days(fixture);
  g_auto(Answer) a = ask(NULL, "indicators", "--config", config, "--store", fixture->store, "--at",
                         casa_time_format(day_ms + 72 * 3600000, time), "--format", "json", NULL);
  g_assert_cmpint(a.status, ==, 0);
  g_assert_cmpstr(a.err, ==, "");
  json_t *pm10 = find(a.out, "pm10-eu-day"), *sdg = find(a.out, "pm10-sdg"), *delay = find(a.out, "punctual-5");
  g_assert_cmpfloat(json_number_value(json_object_get(pm10, "value")), ==, 3);
  g_assert_cmpstr(json_string_value(json_object_get(pm10, "verdict")), ==, "not-yet");
  g_assert_true(json_is_true(json_object_get(pm10, "simulated")));
  g_assert_cmpfloat(json_number_value(json_object_get(pm10, "covered")), ==, 3);
  g_assert_nonnull(json_string_value(json_object_get(json_object_get(pm10, "formula"), "ar")));
  g_assert_cmpstr(json_string_value(json_object_get(sdg, "state")), ==, "not-enough-data");
  g_assert_true(json_is_null(json_object_get(sdg, "value")));
  g_assert_cmpstr(json_string_value(json_object_get(delay, "state")), ==, "no-data");
  json_decref(pm10);
  json_decref(sdg);
  json_decref(delay);
  /* The last of them was not over more than an hour before. */
  g_auto(Answer) early = ask(NULL, "indicators", "--config", config, "--store", fixture->store, "--at",
                             casa_time_format(day_ms + 71 * 3600000 - 1000, time), "--format", "json", NULL);
  json_t *before = find(early.out, "pm10-eu-day");
  g_assert_cmpfloat(json_number_value(json_object_get(before, "value")), ==, 2);
  json_decref(before);
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

static void
test_text_and_csv(CliFixture *fixture, gconstpointer data)
{
  char time[32];
  g_autoptr(TestProcess) record = record_days(fixture);
  g_auto(Answer) csv = ask(NULL, "indicators", "--config", config, "--store", fixture->store, "--at",
                           casa_time_format(day_ms + 72 * 3600000, time), "--format", "csv", NULL);
  g_assert_cmpint(csv.status, ==, 0);
  g_assert_true(g_str_has_prefix(csv.out, "id,value,unit,state,limit,"));
  g_assert_nonnull(strstr(csv.out, "\npm10-eu-day,3,d,value,50,35,not-yet,3.0,365,days,"));
  g_assert_nonnull(strstr(csv.out, ",simulated,\"A, \"\"la place\"\"\","));
  g_auto(Answer) text = ask(NULL, "indicators", "--config", config, "--store", fixture->store, "--at",
                            casa_time_format(day_ms + 72 * 3600000, time), NULL);
  g_assert_cmpint(text.status, ==, 0);
  g_assert_nonnull(strstr(text.out, "3 d; at most 35: not judged yet; A, \"la place\"; 3 of 365 days [simulated]"));
  g_assert_nonnull(strstr(text.out, "Directive 2008/50/EC, annex XI"));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

static void
test_wrong(CliFixture *fixture, gconstpointer data)
{
  g_auto(Answer) format = ask(NULL, "indicators", "--config", config, "--format", "xml", NULL);
  g_assert_cmpint(format.status, ==, 2);
  g_assert_nonnull(strstr(format.err, "--format xml: use text, csv or json"));
  g_auto(Answer) none = ask(NULL, "indicators", "--config", config, "--store", "/nonexistent/pulse.db", NULL);
  g_assert_cmpint(none.status, ==, 1);
  g_assert_cmpstr(none.out, ==, "");
  g_assert_nonnull(strstr(none.err, "/nonexistent/pulse.db"));
  g_autoptr(TestProcess) record = record_days(fixture);
  g_auto(Answer) at = ask(NULL, "indicators", "--config", config, "--store", fixture->store, "--at", "soon", NULL);
  g_assert_cmpint(at.status, ==, 2);
  g_assert_nonnull(strstr(at.err, "--at"));
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 30), ==, 0);
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add("/cli/indicators/json", CliFixture, NULL, set_up, test_json, cli_fixture_tear_down);
  g_test_add("/cli/indicators/text-and-csv", CliFixture, NULL, set_up, test_text_and_csv, cli_fixture_tear_down);
  g_test_add("/cli/indicators/wrong", CliFixture, NULL, set_up, test_wrong, cli_fixture_tear_down);
  return g_test_run();
}
