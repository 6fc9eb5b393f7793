/* SPDX-License-Identifier: Apache-2.0 */
#include "sharing-fixture.h"

#include "base/clock.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define STATIONS 20
#define WAIT_SECONDS 240 /* generous: sanitizers, a busy machine, and brokers that redeliver only after half a minute */

/* --- What is sent --- */

void
sharing_init(SharingFixture *fixture, const char *url, TestInfluxd *influx)
{
  *fixture =
    (SharingFixture){ .url = url, .influx = influx, .dir = test_dir_new(), .sent = g_ptr_array_new_with_free_func(g_free) };
  fixture->t0_ms = casa_clock_now_ms() - 3600000;
  fixture->publisher = test_publisher_new(url);
}

void
sharing_clear(SharingFixture *fixture)
{
  test_publisher_free(fixture->publisher);
  test_influxd_free(fixture->influx);
  g_ptr_array_unref(fixture->sent);
  test_dir_remove(fixture->dir);
  g_free(fixture->dir);
}

void
sharing_send(SharingFixture *fixture, guint n)
{
  for (guint end = fixture->sent->len + n; fixture->sent->len < end;) {
    guint i = fixture->sent->len;
    const char *domain = i % 2 ? "mobility" : "air", *metric = i % 2 ? "speed_kmh" : "pm10";
    guint station = i / 2 % STATIONS, value = i % 100;
    gint64 t_ms = fixture->t0_ms + i;
    char time[32];
    g_autofree char *topic = g_strdup_printf("casa/v1/team/%s/st-%u", domain, station);
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"%s\":%u}", t_ms, metric, value);
    test_publisher_send(fixture->publisher, topic, payload, -1, 1, FALSE);
    g_ptr_array_add(fixture->sent,
                    g_strdup_printf("%s,team,%s,st-%u,%s,%u", casa_time_format(t_ms, time), domain, station, metric, value));
    fixture->sum += value;
  }
}

void
sharing_flush(SharingFixture *fixture)
{
  g_assert_true(test_publisher_flush(fixture->publisher, WAIT_SECONDS));
  g_assert_cmpuint(fixture->sent_before + test_publisher_acked(fixture->publisher), ==, fixture->sent->len);
}

void
sharing_connect_again(SharingFixture *fixture)
{
  test_publisher_free(fixture->publisher);
  fixture->sent_before = fixture->sent->len;
  fixture->publisher = test_publisher_new(fixture->url);
}

/* --- A recorder --- */

/* A folder like config/ but with a pulse.conf of its own. */
static char *
make_config(SharingFixture *fixture, const char *name, const char *client_id, const char *conf)
{
  char *dir = g_build_filename(fixture->dir, name, NULL);
  const char *shipped = g_getenv("CASA_TEST_CONFIG");
  g_autofree char *from = g_build_filename(shipped, "metrics.conf", NULL);
  g_autofree char *to = g_build_filename(dir, "metrics.conf", NULL);
  g_autofree char *pulse = g_build_filename(dir, "pulse.conf", NULL);
  g_autofree char *text = g_strdup_printf("[broker]\nclient_id = %s\n%s\n", client_id, conf);
  g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
  g_assert_cmpint(symlink(from, to), ==, 0);
  g_assert_true(g_file_set_contents(pulse, text, -1, NULL));
  return dir;
}

void
recorder_start(Recorder *self)
{
  g_autofree char *log = g_strdup_printf("%s-%u", self->name, self->starts++);
  g_autofree char *influx = g_strdup_printf("%s/?db=casa", test_influxd_address(self->fixture->influx));
  const char *first[] = { g_getenv("CASA_PROGRAM"),
                          "record",
                          "--config",
                          self->config,
                          "--broker",
                          self->fixture->url,
                          "--store",
                          self->store,
                          "--influx",
                          influx,
                          "--stats",
                          "0.5" };
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  for (guint i = 0; i < G_N_ELEMENTS(first); i++)
    g_ptr_array_add(argv, (gpointer)first[i]);
  for (guint i = 0; self->options[i]; i++)
    g_ptr_array_add(argv, self->options[i]);
  g_ptr_array_add(argv, NULL);
  self->process = test_process_start(self->fixture->dir, log, (const char *const *)argv->pdata);
  if (test_process_wait_err(self->process, "connected to", 60))
    return;
  g_autofree char *err = test_process_err(self->process);
  g_error("%s is not connected: %s", self->name, err);
}

void
recorder_set_options(Recorder *self, const char *options)
{
  g_strfreev(self->options);
  self->options = options[0] ? g_strsplit(options, " ", -1) : g_new0(char *, 1);
}

Recorder *
recorder_new(SharingFixture *fixture, const char *name, const char *client_id, const char *conf, const char *options)
{
  Recorder *self = g_new0(Recorder, 1);
  self->fixture = fixture;
  self->name = g_strdup(name);
  self->store = g_strdup_printf("%s/%s.db", fixture->dir, name);
  self->config = make_config(fixture, name, client_id ? client_id : name, conf);
  recorder_set_options(self, options);
  recorder_start(self);
  return self;
}

static void
end(Recorder *self, int signal, int status)
{
  if (!self->process)
    return;
  test_process_signal(self->process, signal);
  g_assert_cmpint(test_process_wait(self->process, 60), ==, status);
  g_clear_pointer(&self->process, test_process_free);
}

void
recorder_kill(Recorder *self)
{
  end(self, SIGKILL, 128 + SIGKILL);
}

void
recorder_stop(Recorder *self)
{
  end(self, SIGTERM, 0);
}

gboolean
recorder_said(Recorder *self, const char *words)
{
  return test_process_wait_err(self->process, words, 60);
}

void
recorder_free(Recorder *self)
{
  if (!self)
    return;
  test_process_free(self->process);
  g_strfreev(self->options);
  g_free(self->name);
  g_free(self->store);
  g_free(self->config);
  g_free(self);
}

guint
recorder_gaps(Recorder *self)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  g_assert_cmpint(sqlite3_open_v2(self->store, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 20000);
  g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT count(*) FROM gap", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
  guint n = (guint)sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return n;
}

/* Through `casa export`, which reads whatever form the samples are kept in. */
GHashTable *
recorder_rows(Recorder *self)
{
  GHashTable *rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const char *argv[] = { g_getenv("CASA_PROGRAM"), "export", "--config", self->config, "--store", self->store, NULL };
  g_autofree char *out = NULL, *err = NULL;
  if (test_run(argv, NULL, &out, &err) != 0)
    g_error("casa export: %s", err);
  g_auto(GStrv) lines = test_lines(out);
  for (guint i = 1; lines[0] && lines[i] && lines[i][0]; i++) {
    char *received = strrchr(lines[i], ',');
    *received = '\0';
    if (!g_hash_table_add(rows, g_strdup(lines[i])))
      g_error("%s holds twice: %s", self->name, lines[i]);
  }
  return rows;
}

/* --- The account --- */

typedef struct {
  double n, sum; /* of all samples; the same series and time counts once */
} Held;

static double
number(SharingFixture *fixture, const char *query)
{
  double n = test_influxd_number(fixture->influx, "casa", query);
  return n == n ? n : 0; /* NAN: no such series yet */
}

static Held
ask_influx(SharingFixture *fixture)
{
  return (Held){ number(fixture, "SELECT count(pm10) FROM air") + number(fixture, "SELECT count(speed_kmh) FROM mobility"),
                 number(fixture, "SELECT sum(pm10) FROM air") + number(fixture, "SELECT sum(speed_kmh) FROM mobility") };
}

/* One series a line; what was sent twice stands there twice, unless the server is told to remove it. */
static void
add_series(Held *held, const char *line)
{
  json_t *series = json_loads(line, 0, NULL);
  g_autoptr(GHashTable) times = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  json_t *stamps = json_object_get(series, "timestamps"), *values = json_object_get(series, "values");
  for (size_t i = 0; i < json_array_size(stamps); i++) {
    gint64 t = json_integer_value(json_array_get(stamps, i));
    if (!g_hash_table_add(times, g_memdup2(&t, sizeof t)))
      continue;
    held->n++;
    held->sum += json_number_value(json_array_get(values, i));
  }
  json_decref(series);
}

static Held
ask_victoria(SharingFixture *fixture)
{
  Held held = { 0, 0 };
  /* By name: the forwarder also writes a point to try the server. */
  g_autofree char *body = test_influxd_get(fixture->influx, "/api/v1/export?match[]=air_pm10&match[]=mobility_speed_kmh");
  g_auto(GStrv) lines = g_strsplit(body ? body : "", "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (lines[i][0] == '{')
      add_series(&held, lines[i]);
  return held;
}

static Held
ask_database(SharingFixture *fixture)
{
  return fixture->victoria ? ask_victoria(fixture) : ask_influx(fixture);
}

gboolean
sharing_wait_copied(SharingFixture *fixture, double seconds)
{
  gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  while (ask_database(fixture).n < fixture->sent->len) {
    if (g_get_monotonic_time() > until_us)
      return FALSE;
    g_usleep(100000);
  }
  return TRUE;
}

/* What is missing, by name, so that a failure says more than a number. */
static guint
missing(SharingFixture *fixture, GHashTable *all)
{
  guint n = 0;
  for (guint i = 0; i < fixture->sent->len; i++)
    if (!g_hash_table_contains(all, fixture->sent->pdata[i]) && n++ < 10)
      g_test_message("acknowledged, in no store: message %u: %s", i, (char *)fixture->sent->pdata[i]);
  return n;
}

guint
sharing_account(SharingFixture *fixture, Recorder **recorders, guint n)
{
  g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  guint twice = 0;
  gboolean copied = sharing_wait_copied(fixture, WAIT_SECONDS);
  for (guint i = 0; i < n; i++) {
    recorder_stop(recorders[i]);
    g_autoptr(GHashTable) rows = recorder_rows(recorders[i]);
    GHashTableIter iter;
    gpointer row;
    g_test_message("%s holds %u of %u", recorders[i]->name, g_hash_table_size(rows), fixture->sent->len);
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, &row, NULL))
      twice += !g_hash_table_add(all, g_strdup(row));
  }
  g_assert_cmpuint(missing(fixture, all), ==, 0);
  g_assert_cmpuint(g_hash_table_size(all), ==, fixture->sent->len);
  g_assert_true(copied);
  Held held = ask_database(fixture);
  g_assert_cmpfloat(held.n, ==, fixture->sent->len);
  g_assert_cmpfloat(held.sum, ==, fixture->sum);
  return twice;
}
