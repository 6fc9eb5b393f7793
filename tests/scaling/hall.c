/* SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

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
hall_init(Hall *hall, const char *url, TestInfluxd *influx)
{
  *hall = (Hall){ .url = url, .influx = influx, .dir = test_dir_new(), .sent = g_ptr_array_new_with_free_func(g_free) };
  hall->t0_ms = casa_clock_now_ms() - 3600000;
  hall->publisher = test_publisher_new(url);
}

void
hall_clear(Hall *hall)
{
  test_publisher_free(hall->publisher);
  test_influxd_free(hall->influx);
  g_ptr_array_unref(hall->sent);
  test_dir_remove(hall->dir);
  g_free(hall->dir);
}

void
hall_send(Hall *hall, guint n)
{
  for (guint end = hall->sent->len + n; hall->sent->len < end;) {
    guint i = hall->sent->len;
    const char *domain = i % 2 ? "mobility" : "air", *metric = i % 2 ? "speed_kmh" : "pm10";
    guint station = i / 2 % STATIONS, value = i % 100;
    gint64 t_ms = hall->t0_ms + i;
    char time[32];
    g_autofree char *topic = g_strdup_printf("casa/v1/team/%s/st-%u", domain, station);
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"%s\":%u}", t_ms, metric, value);
    test_publisher_send(hall->publisher, topic, payload, -1, 1, FALSE);
    g_ptr_array_add(hall->sent,
                    g_strdup_printf("%s,team,%s,st-%u,%s,%u", casa_time_format(t_ms, time), domain, station, metric, value));
    hall->sum += value;
  }
}

void
hall_flush(Hall *hall)
{
  g_assert_true(test_publisher_flush(hall->publisher, WAIT_SECONDS));
  g_assert_cmpuint(hall->sent_before + test_publisher_acked(hall->publisher), ==, hall->sent->len);
}

void
hall_connect_again(Hall *hall)
{
  test_publisher_free(hall->publisher);
  hall->sent_before = hall->sent->len;
  hall->publisher = test_publisher_new(hall->url);
}

/* --- A recorder --- */

/* A folder like config/ but with a pulse.conf of its own. */
static char *
make_config(Hall *hall, const char *name, const char *client_id, const char *conf)
{
  char *dir = g_build_filename(hall->dir, name, NULL);
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
  g_autofree char *influx = g_strdup_printf("%s/?db=casa", test_influxd_address(self->hall->influx));
  const char *first[] = { g_getenv("CASA_PROGRAM"),
                          "record",
                          "--config",
                          self->config,
                          "--broker",
                          self->hall->url,
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
  self->process = test_process_start(self->hall->dir, log, (const char *const *)argv->pdata);
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
recorder_new(Hall *hall, const char *name, const char *client_id, const char *conf, const char *options)
{
  Recorder *self = g_new0(Recorder, 1);
  self->hall = hall;
  self->name = g_strdup(name);
  self->store = g_strdup_printf("%s/%s.db", hall->dir, name);
  self->config = make_config(hall, name, client_id ? client_id : name, conf);
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
number(Hall *hall, const char *query)
{
  double n = test_influxd_number(hall->influx, "casa", query);
  return n == n ? n : 0; /* NAN: no such series yet */
}

static Held
ask_influx(Hall *hall)
{
  return (Held){ number(hall, "SELECT count(pm10) FROM air") + number(hall, "SELECT count(speed_kmh) FROM mobility"),
                 number(hall, "SELECT sum(pm10) FROM air") + number(hall, "SELECT sum(speed_kmh) FROM mobility") };
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
ask_victoria(Hall *hall)
{
  Held held = { 0, 0 };
  /* By name: the forwarder also writes a point to try the server. */
  g_autofree char *body = test_influxd_get(hall->influx, "/api/v1/export?match[]=air_pm10&match[]=mobility_speed_kmh");
  g_auto(GStrv) lines = g_strsplit(body ? body : "", "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (lines[i][0] == '{')
      add_series(&held, lines[i]);
  return held;
}

static Held
ask_database(Hall *hall)
{
  return hall->victoria ? ask_victoria(hall) : ask_influx(hall);
}

gboolean
hall_wait_copied(Hall *hall, double seconds)
{
  gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  while (ask_database(hall).n < hall->sent->len) {
    if (g_get_monotonic_time() > until_us)
      return FALSE;
    g_usleep(100000);
  }
  return TRUE;
}

/* What is missing, by name, so that a failure says more than a number. */
static guint
missing(Hall *hall, GHashTable *all)
{
  guint n = 0;
  for (guint i = 0; i < hall->sent->len; i++)
    if (!g_hash_table_contains(all, hall->sent->pdata[i]) && n++ < 10)
      g_test_message("acknowledged, in no store: message %u: %s", i, (char *)hall->sent->pdata[i]);
  return n;
}

guint
hall_account(Hall *hall, Recorder **recorders, guint n)
{
  g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  guint twice = 0;
  gboolean copied = hall_wait_copied(hall, WAIT_SECONDS);
  for (guint i = 0; i < n; i++) {
    recorder_stop(recorders[i]);
    g_autoptr(GHashTable) rows = recorder_rows(recorders[i]);
    GHashTableIter iter;
    gpointer row;
    g_test_message("%s holds %u of %u", recorders[i]->name, g_hash_table_size(rows), hall->sent->len);
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, &row, NULL))
      twice += !g_hash_table_add(all, g_strdup(row));
  }
  g_assert_cmpuint(missing(hall, all), ==, 0);
  g_assert_cmpuint(g_hash_table_size(all), ==, hall->sent->len);
  g_assert_true(copied);
  Held held = ask_database(hall);
  g_assert_cmpfloat(held.n, ==, hall->sent->len);
  g_assert_cmpfloat(held.sum, ==, hall->sum);
  return twice;
}
