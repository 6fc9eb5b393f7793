/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <glib/gstdio.h>

void
fixture_set_up(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->folder = g_dir_make_tmp("casa-store-XXXXXX", &error);
  g_assert_no_error(error);
  f->path = g_build_filename(f->folder, "deep", "pulse.db", NULL);
  f->options = (CasaStoreOptions){ .path = f->path };
  f->store = casa_store_open(&f->options, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(f->store);
}

static void
remove_tree(const char *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_clear_pointer(&dir, g_dir_close);
  g_remove(path);
}

void
fixture_tear_down(Fixture *f, gconstpointer data)
{
  casa_store_close(f->store);
  remove_tree(f->folder);
  g_free(f->folder);
  g_free(f->path);
}

void
fixture_reopen(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  casa_store_close(f->store);
  f->store = casa_store_open(&f->options, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(f->store);
}

/* The fields of the readings that tests hold at the same time. */
#define READINGS_HELD 64

CasaReading
reading_of(const char *station, gint64 t_ms, const char *metric, double value)
{
  static CasaField fields[READINGS_HELD][CASA_FIELDS_MAX];
  static guint next;
  CasaReading reading = { .t_ms = t_ms, .time_source = CASA_TIME_PAYLOAD, .n_fields = 1 };
  reading.fields = fields[next++ % READINGS_HELD];
  g_strlcpy(reading.source, "kit", sizeof reading.source);
  g_strlcpy(reading.domain, "air", sizeof reading.domain);
  g_strlcpy(reading.station, station, sizeof reading.station);
  g_strlcpy(reading.fields[0].metric, metric, sizeof reading.fields[0].metric);
  reading.fields[0].value = value;
  return reading;
}

CasaPut
put_reading(Fixture *f, const CasaReading *reading, gint64 received_ms)
{
  g_autoptr(GError) error = NULL;
  CasaPut out;
  gboolean ok = casa_store_put_reading(f->store, reading, received_ms, &out, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  return out;
}

CasaPut
put_one(Fixture *f, const char *station, gint64 t_ms, const char *metric, double value)
{
  CasaReading reading = reading_of(station, t_ms, metric, value);
  return put_reading(f, &reading, t_ms + 5);
}

static sqlite3_stmt *
ask(const char *path, const char *sql, sqlite3 **db)
{
  sqlite3_stmt *stmt = NULL;
  g_assert_cmpint(sqlite3_open_v2(path, db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout(*db, 30000);
  int code = sqlite3_prepare_v2(*db, sql, -1, &stmt, NULL);
  if (code != SQLITE_OK)
    g_error("%s: %s", sql, sqlite3_errmsg(*db));
  g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
  return stmt;
}

gint64
ask_int(const char *path, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *stmt = ask(path, sql, &db);
  gint64 value = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return value;
}

double
ask_double(const char *path, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *stmt = ask(path, sql, &db);
  double value = sqlite3_column_double(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return value;
}

char *
ask_text(const char *path, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *stmt = ask(path, sql, &db);
  char *value = g_strdup((const char *)sqlite3_column_text(stmt, 0));
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  return value;
}

/* Quarters of days that differ from what SQL makes of the hours. */
static gint64
wrong_days(const char *path)
{
  return ask_int(
    path, "WITH known AS (SELECT series, t_ms AS t, n_0 AS n, sum_0 AS s, min_0 AS lo, max_0 AS hi FROM rollup_day UNION ALL"
          " SELECT series, t_ms + 21600000, n_1, sum_1, min_1, max_1 FROM rollup_day UNION ALL"
          " SELECT series, t_ms + 43200000, n_2, sum_2, min_2, max_2 FROM rollup_day UNION ALL"
          " SELECT series, t_ms + 64800000, n_3, sum_3, min_3, max_3 FROM rollup_day),"
          " made AS (SELECT series, t_ms - t_ms % 21600000 AS t, sum(n) AS n, sum(sum) AS s, min(min) AS lo, max(max) AS hi"
          " FROM rollup_hour GROUP BY 1, 2)"
          " SELECT (SELECT count(*) FROM made LEFT JOIN known USING(series, t) WHERE known.n IS NOT made.n"
          " OR abs(known.s - made.s) > 1e-9 * (1 + abs(made.s)) OR known.lo IS NOT made.lo OR known.hi IS NOT made.hi)"
          " + abs((SELECT count(*) FROM made) - (SELECT count(*) FROM known WHERE n > 0))");
}

/* Two sums of the same numbers may differ by what rounding makes of them: 2^-52 of the largest a term, for each term before
 * it. */
gint64
wrong_hours(const char *path)
{
  return ask_int(path,
                 "WITH named AS (SELECT series.id AS series, source, domain, station.station AS station, metric FROM series"
                 " JOIN station ON station.id = series.station),"
                 " raw AS (SELECT series, t_ms, value FROM reading JOIN named USING(source, domain, station, metric)),"
                 " hour AS (SELECT series, t_ms / 3600000 * 3600000 AS b, count(*) AS n, sum(value) AS s,"
                 " min(value) AS lo, max(value) AS hi, max(t_ms) AS at FROM raw GROUP BY 1, 2)"
                 " SELECT (SELECT count(*) FROM hour LEFT JOIN rollup_hour AS r ON r.series = hour.series AND r.t_ms = b"
                 " WHERE r.n IS NOT hour.n OR abs(r.sum - s) > 1e-9 + 2.3e-16 * hour.n * hour.n * max(abs(lo), abs(hi))"
                 " OR r.min IS NOT lo OR r.max IS NOT hi"
                 " OR r.last IS NOT (SELECT value FROM raw WHERE raw.series = hour.series AND raw.t_ms = at))"
                 " + abs((SELECT count(*) FROM hour) - (SELECT count(*) FROM rollup_hour))") +
         wrong_days(path);
}

void
fixture_change(Fixture *f, const char *sql)
{
  sqlite3 *stranger;
  g_assert_cmpint(sqlite3_open(f->path, &stranger), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(stranger, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(stranger);
}
