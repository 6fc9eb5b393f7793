/* SPDX-License-Identifier: Apache-2.0 */
/* casa-sim and `casa record` with a real broker between them: what the store holds is what was said. */
#include <signal.h>
#include <string.h>

#include "../cli/fixture.h"

#define PATIENCE 90 /* seconds; slow machines under sanitizers */
#define READINGS "SELECT count(*) FROM (SELECT DISTINCT domain, station, t_ms FROM reading)"

/* The moment @minutes ago, as --start wants it. Whole seconds: runs of the same arguments give the same bytes. */
static char *
ago(int minutes)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autoptr(GDateTime) then = g_date_time_add_minutes(now, -minutes);
  return g_date_time_format(then, "%Y-%m-%dT%H:%M:%SZ");
}

/* Noon of yesterday: a busy hour, whenever the test runs. */
static char *
noon(void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autoptr(GDateTime) then = g_date_time_add_days(now, -1);
  return g_date_time_format(then, "%Y-%m-%dT12:00:00Z");
}

static TestProcess *
start_sim(CliFixture *fixture, const char *arguments)
{
  g_autofree char *line =
    g_strdup_printf("%s --config %s --broker %s %s", casa_sim, config, test_broker_url(fixture->broker), arguments);
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  return test_process_start(fixture->dir, "sim", (const char *const *)argv);
}

/* Lines of --stdout for the same run, without the descriptors. */
static GPtrArray *
said(const char *arguments)
{
  g_autofree char *line = g_strdup_printf("%s --config %s --stdout %s", casa_sim, config, arguments);
  g_auto(GStrv) argv = NULL;
  g_autofree char *out = NULL;
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_assert_cmpint(test_run((const char *const *)argv, NULL, &out, NULL), ==, 0);
  g_auto(GStrv) all = test_lines(out);
  for (char **l = all; *l; l++) {
    if (**l && !strstr(*l, "/$station/") && !strstr(*l, "/$event/"))
      g_ptr_array_add(lines, g_strdup(*l));
  }
  return lines;
}

static guint
distinct(const GPtrArray *lines)
{
  g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < lines->len; i++)
    g_hash_table_add(set, g_ptr_array_index(lines, i));
  return g_hash_table_size(set);
}

static json_t *
last_line(TestProcess *record)
{
  json_t *line = record_line(record);
  g_assert_nonnull(line);
  assert_adds_up(line);
  return line;
}

static void
run_sim(CliFixture *fixture, const char *arguments)
{
  g_autoptr(TestProcess) sim = start_sim(fixture, arguments);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
}

static TestProcess *
record_and_wait(CliFixture *fixture)
{
  TestProcess *record = cli_fixture_record(fixture, "record", "0.2");
  g_assert_true(test_process_wait_err(record, "connected to", PATIENCE));
  return record;
}

static void
end_record(TestProcess *record)
{
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, PATIENCE), ==, 0);
}

/* Each message once in the store, however late and however often it came. */
static void
test_late_and_double_are_stored_once(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *start = noon();
  g_autofree char *run = g_strdup_printf("--seed 2 --start %s --duration 6min --sensors late,duplicates", start);
  g_autofree char *live = g_strconcat(run, " --speed 600", NULL);
  g_autoptr(GPtrArray) lines = said(run);
  guint once = distinct(lines), twice = lines->len - once;
  g_assert_cmpuint(twice, >, 50);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  run_sim(fixture, live);
  g_assert_true(cli_fixture_wait_query(
    fixture, "SELECT count(*) FROM (SELECT DISTINCT source, domain, station, t_ms FROM reading)", once, PATIENCE));
  g_assert_cmpint(
    cli_fixture_query(fixture, "SELECT count(*) FROM (SELECT DISTINCT source, domain, station, t_ms FROM reading)"), ==, once);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) - count(DISTINCT station || metric || t_ms) FROM reading"), ==,
                  0);
  g_assert_true(record_wait_count(record, "duplicates", twice, PATIENCE)); /* and $station again */
  end_record(record);
  json_t *line = last_line(record);
  g_assert_cmpint(record_count(line, "rejected"), ==, 0);
  json_decref(line);
}

/* @which: 0 ahead by an hour, 1 without a clock. How many lines of @wrong, beside the same of @right, are so. */
static guint
count_wrong(const GPtrArray *right, const GPtrArray *wrong, guint which)
{
  guint n = 0;
  g_assert_cmpuint(right->len, ==, wrong->len);
  for (guint i = 0; i < right->len; i++) {
    gint64 a = g_ascii_strtoll(strstr(g_ptr_array_index(right, i), "\"t\":") + 4, NULL, 10);
    gint64 b = g_ascii_strtoll(strstr(g_ptr_array_index(wrong, i), "\"t\":") + 4, NULL, 10);
    n += which == 0 ? b - a == 3600000 : b < 1000000000;
  }
  return n;
}

/* Clocks an hour ahead are refused by name; those that know only their uptime are stored at arrival, and marked. */
static void
test_wrong_clocks(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *start = ago(4);
  g_autofree char *plain = g_strdup_printf("--seed 4 --start %s --duration 3min", start);
  g_autofree char *run = g_strconcat(plain, " --sensors clock", NULL);
  g_autofree char *live = g_strconcat(run, " --speed 120", NULL);
  g_autoptr(GPtrArray) right = said(plain), wrong = said(run);
  guint ahead = count_wrong(right, wrong, 0), uptime = count_wrong(right, wrong, 1);
  g_assert_cmpuint(ahead, >, 10);
  g_assert_cmpuint(uptime, >, 10);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  run_sim(fixture, live);
  g_assert_true(record_wait_received(record, wrong->len, PATIENCE));
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM rejection WHERE code = 'time-future'", ahead, PATIENCE));
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) FROM rejection"), ==, ahead);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) FROM reading WHERE t_ms < 1000000000000"), ==, 0);
  end_record(record);
  json_t *line = last_line(record);
  g_assert_cmpint(record_count(line, "rejected"), ==, ahead);
  json_decref(line);
}

/* An error code is refused by name (but for a load, which may be as low), the other values of the same message are stored. */
static void
test_error_codes(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *start = noon();
  g_autofree char *run = g_strdup_printf("--seed 2 --start %s --duration 20min --sensors outliers", start);
  g_autofree char *live = g_strconcat(run, " --speed 6000", NULL);
  g_autoptr(GPtrArray) lines = said(run);
  guint codes = 0, left = distinct(lines); /* a message of nothing but a code leaves nothing to store */
  for (guint i = 0; i < lines->len; i++) {
    codes += strstr(g_ptr_array_index(lines, i), ":-999") && !strstr(g_ptr_array_index(lines, i), "\"load_mw\":-999");
    left -= g_regex_match_simple("\"t\":[0-9]+,\"(?!load_mw)[^,]*:-999[.0]*}$", g_ptr_array_index(lines, i), 0, 0);
  }
  g_assert_cmpuint(codes, >, 1);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  run_sim(fixture, live);
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM rejection WHERE code = 'out-of-range'", codes, PATIENCE));
  g_assert_true(cli_fixture_wait_query(fixture, READINGS, left, PATIENCE));
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) FROM rejection"), ==, codes);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) FROM reading WHERE value = -999 AND metric <> 'load_mw'"), ==, 0);
  end_record(record);
  g_assert_cmpint(cli_fixture_query(fixture, READINGS), ==, left);
  json_t *line = last_line(record);
  g_assert_cmpint(left + record_count(line, "rejected"), ==, distinct(lines));
  json_decref(line);
}

/* The broker goes in the middle of the filling and comes back: everything is in the store, once. */
static void
test_broker_restart_in_mid_backfill(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *start = ago(0);
  g_autofree char *run = g_strdup_printf("--seed 2 --start %s --backfill 5h --duration 5s", start);
  g_autoptr(GPtrArray) lines = said(run);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  g_autoptr(TestProcess) sim = start_sim(fixture, run);
  g_assert_true(cli_fixture_wait_query(fixture, READINGS, 2000, PATIENCE));
  test_broker_stop(fixture->broker);
  g_assert_true(test_process_wait_err(sim, "lost the connection", PATIENCE));
  g_assert_cmpint(cli_fixture_query(fixture, READINGS), <, lines->len);
  test_broker_start(fixture->broker);
  g_assert_cmpint(test_process_wait(sim, 2 * PATIENCE), ==, 0);
  g_assert_true(cli_fixture_wait_query(fixture, READINGS, lines->len, PATIENCE));
  g_assert_cmpint(cli_fixture_query(fixture, READINGS), ==, lines->len);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) - count(DISTINCT station || metric || t_ms) FROM reading"), ==,
                  0);
  end_record(record);
}

/* From the past into the present: no station leaves out a report at the join, and none says a moment twice. */
static void
test_join_without_seam(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *start = ago(0);
  g_autofree char *run = g_strdup_printf("--seed 2 --start %s --backfill 1h --backfill-step 1min --duration 30s", start);
  g_autofree char *live = g_strconcat(run, " --speed 10", NULL);
  g_autoptr(GPtrArray) lines = said(run);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  run_sim(fixture, live);
  g_assert_true(cli_fixture_wait_query(fixture, READINGS, lines->len, PATIENCE));
  g_assert_cmpint(cli_fixture_query(fixture, READINGS), ==, lines->len);
  /* Stations that report every 10 s and never rest: 61 minutes of history, then three reports. */
  const char *air =
    "SELECT count(*) FROM (SELECT station, count(DISTINCT t_ms) AS n FROM reading WHERE domain = 'air' GROUP BY station)";
  g_autofree char *even = g_strconcat(air, " WHERE n = 61 + 3", NULL);
  g_assert_cmpint(cli_fixture_query(fixture, air), >, 5);
  g_assert_cmpint(cli_fixture_query(fixture, even), ==, cli_fixture_query(fixture, air));
  end_record(record);
}

/* What a message says of its messages: "published 90 samples in 12 messages". */
static guint64
messages_of(TestProcess *sim)
{
  g_autofree char *err = test_process_err(sim);
  const char *at = g_strrstr(err, " samples in ");
  g_assert_nonnull(at);
  return g_ascii_strtoull(at + strlen(" samples in "), NULL, 10);
}

/* A run after another fills in what lacks, and no more: nothing right behind it, and the hour between when that lies back. */
static void
test_fills_what_lacks(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *before = ago(180), *start = ago(0);
  g_autofree char *first = g_strdup_printf("--seed 2 --start %s --backfill 2h --duration 1s", before);
  g_autofree char *second = g_strdup_printf("--seed 2 --start %s --backfill 5h --duration 1s", start);
  g_autoptr(GPtrArray) all = said(second);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  run_sim(fixture, first);
  gint64 stored = 0;
  g_autoptr(GPtrArray) some = said(first);
  g_assert_true(cli_fixture_wait_query(fixture, READINGS, some->len, PATIENCE));
  stored = cli_fixture_query(fixture, READINGS);
  g_autoptr(TestProcess) sim = start_sim(fixture, second);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  g_assert_true(test_process_wait_err(sim, "casa-sim: of 61 moments of the past ", PATIENCE));
  /* 24 or 25 of 61 moments are there: two hours of five. */
  guint64 sent = messages_of(sim);
  g_assert_cmpuint(sent, >, all->len * 50 / 100);
  g_assert_cmpuint(sent, <, all->len * 70 / 100);
  g_assert_true(cli_fixture_wait_query(fixture, READINGS, stored + (gint64)sent, PATIENCE));
  g_autoptr(TestProcess) again = start_sim(fixture, second);
  g_assert_cmpint(test_process_wait(again, PATIENCE), ==, 0);
  g_assert_cmpuint(messages_of(again), <, all->len / 50);
  /* No hole of more than a step is left in a station that never rests. */
  g_assert_cmpint(cli_fixture_query(fixture,
                                    "SELECT max(gap) FROM (SELECT t_ms - lag(t_ms) OVER (ORDER BY t_ms) AS gap FROM reading"
                                    " WHERE station = 'air-wilaya' AND metric = 'no2')"),
                  <=, 600000);
  end_record(record);
}

#define TABLE "t,site,pm\n1779364800,Toit,41.5\n1779364801,Toit,x\n1779364802,Toit,43\n"
#define MAP                                                                                                                    \
  "[replay]\ndomain = air\nsource = equipe-7\n[time]\ncolumn = t\nformat = epoch\n[station]\ncolumn = site\nlat = 33.5\nlon = -7.6\n[value pm10]\ncolumn = pm\n"

/* A table of months ago, played now: dated now, and marked for what it is. */
static void
test_replay(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *csv = g_build_filename(fixture->dir, "a.csv", NULL), *map = g_build_filename(fixture->dir, "a.map", NULL);
  g_assert_true(g_file_set_contents(csv, TABLE, -1, NULL) && g_file_set_contents(map, MAP, -1, NULL));
  g_autofree char *run = g_strdup_printf("--from-csv %s --map %s", csv, map);
  g_autoptr(TestProcess) record = record_and_wait(fixture);
  gint64 before_ms = g_get_real_time() / 1000;
  run_sim(fixture, run);
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM reading WHERE source = 'equipe-7' AND station = 'toit'",
                                       2, PATIENCE));
  g_autofree char *now = g_strdup_printf("SELECT count(*) FROM reading WHERE t_ms >= %" G_GINT64_FORMAT, before_ms);
  g_assert_cmpint(cli_fixture_query(fixture, now), ==, 2);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT max(t_ms) - min(t_ms) FROM reading"), ==, 2000);
  g_assert_cmpint(cli_fixture_query(fixture, "SELECT count(*) FROM station WHERE name = 'Toit (rejoué)' AND simulated = 1"), ==,
                  1);
  /* A team's further user plays below the team's name. */
  g_autofree char *nameless = g_build_filename(fixture->dir, "b.map", NULL);
  g_auto(GStrv) parts = g_strsplit(MAP, "source = equipe-7\n", 2);
  g_autofree char *text = g_strjoinv("", parts);
  g_assert_true(g_file_set_contents(nameless, text, -1, NULL));
  g_autofree char *line = g_strdup_printf("%s --config %s --broker mqtt://equipe-8.4@127.0.0.1:%u --from-csv %s --map %s",
                                          casa_sim, config, test_broker_port(fixture->broker), csv, nameless);
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_assert_cmpint(test_run((const char *const *)argv, NULL, NULL, NULL), ==, 0);
  g_assert_true(cli_fixture_wait_query(fixture, "SELECT count(*) FROM reading WHERE source = 'equipe-8'", 2, PATIENCE));
  end_record(record);
}

static void
add(const char *path, void (*test)(CliFixture *, gconstpointer))
{
  g_test_add(path, CliFixture, NULL, cli_fixture_set_up, test, cli_fixture_tear_down);
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  add("/sim/record/late-and-double-are-stored-once", test_late_and_double_are_stored_once);
  add("/sim/record/wrong-clocks", test_wrong_clocks);
  add("/sim/record/error-codes", test_error_codes);
  add("/sim/record/broker-restart-in-mid-backfill", test_broker_restart_in_mid_backfill);
  add("/sim/record/join-without-seam", test_join_without_seam);
  add("/sim/record/fills-what-lacks", test_fills_what_lacks);
  add("/sim/record/replay", test_replay);
  return g_test_run();
}
