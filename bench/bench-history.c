/* SPDX-License-Identifier: Apache-2.0 */
/* What a chart of the past costs: 1,600 columns over a day, 30 days and a year, of one series that reports each second, and of
 * a sum over 500 stations that report every ten seconds. Each with a reader that has just opened the file, then again, then
 * from the earlier answer after one more sample was stored. */
#include "base/clock.h"
#include "store/columns.h"
#include "store/schema.h"
#include <glib/gstdio.h>
#include <stdlib.h>

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define END_MS (G_GINT64_CONSTANT(1779321600000) + DAY_MS / 2)
#define COLUMNS 1600
#define RUNS 5

/* @stations that report every @step_ms for @span_ms; before that, hours of a year. */
typedef struct {
  const char *name;
  guint stations;
  gint64 step_ms, span_ms;
  CasaColumnFold fold;
} Shape;

typedef struct {
  const Shape *shape;
  CasaStore *store;
  char *folder, *path;
  guint *series;
  gint64 last_ms;
} House;

static void
must(gboolean ok, GError *error)
{
  if (!ok)
    g_error("%s", error->message);
}

static void
put(House *self, guint station, gint64 t_ms, double value)
{
  g_autoptr(GError) error = NULL;
  CasaReading reading = { .t_ms = t_ms, .time_source = CASA_TIME_PAYLOAD, .n_fields = 1 };
  CasaPut out;
  g_strlcpy(reading.source, "city", sizeof reading.source);
  g_strlcpy(reading.domain, "energy", sizeof reading.domain);
  g_snprintf(reading.station, sizeof reading.station, "sub-%u", station);
  g_strlcpy(reading.fields[0].metric, "load_mw", sizeof reading.fields[0].metric);
  reading.fields[0].value = value;
  must(casa_store_put_reading(self->store, &reading, t_ms + 100, &out, &error), error);
  self->series[station] = out.series[0];
  self->last_ms = t_ms;
}

static void
open_store(House *self)
{
  g_autoptr(GError) error = NULL;
  const CasaStoreOptions options = { .path = self->path };
  self->store = casa_store_open(&options, NULL, &error);
  must(self->store != NULL, error);
}

/* As sealing a sample each minute and letting all but the last days expire would have left them: to put half a billion samples
 * would take an hour. */
static void
write_year(House *self)
{
  /* No format of days: their SQL is full of "%". */
  static const char days[] = "DELETE FROM rollup_day; INSERT INTO rollup_day SELECT series, t_ms - " CASA_DAY_PART_SQL
                             " AS day, " CASA_DAY_SQL " FROM rollup_hour GROUP BY series, day; COMMIT";
  g_autofree char *hours =
    g_strdup_printf("BEGIN; UPDATE meta SET value = %" G_GINT64_FORMAT " WHERE key = 'raw_floor_ms';"
                    "WITH RECURSIVE h(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM h WHERE i < 8760)"
                    " INSERT OR IGNORE INTO rollup_hour SELECT series.id, %" G_GINT64_FORMAT " - i * 3600000, 60,"
                    " 60 * (20 + i %% 24 / 10.0), 19.5 + i %% 24 / 10.0, 20.5 + i %% 24 / 10.0, 20.1 FROM series CROSS JOIN h",
                    END_MS - self->shape->span_ms, END_MS);
  sqlite3 *db = NULL;
  if (sqlite3_open(self->path, &db) != SQLITE_OK || sqlite3_exec(db, hours, NULL, NULL, NULL) != SQLITE_OK ||
      sqlite3_exec(db, days, NULL, NULL, NULL) != SQLITE_OK)
    g_error("%s", sqlite3_errmsg(db));
  sqlite3_close(db);
}

static void
fill(House *self)
{
  const Shape *shape = self->shape;
  g_autoptr(GRand) random = g_rand_new_with_seed(1);
  g_autoptr(GError) error = NULL;
  g_autofree gint *walk = g_new0(gint, shape->stations);
  open_store(self);
  for (gint64 t = END_MS - shape->span_ms; t < END_MS; t += shape->step_ms)
    for (guint i = 0; i < shape->stations; i++) {
      walk[i] += g_rand_int_range(random, -5, 6);
      put(self, i, t + i, walk[i] / 10.0);
    }
  must(casa_store_upkeep(self->store, END_MS, &error), error);
  casa_store_close(self->store);
  write_year(self);
  open_store(self);
}

static double
ms_since(gint64 begun_us)
{
  return (double)(casa_clock_mono_us() - begun_us) / 1000.0;
}

static int
compare_doubles(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static CasaColumns *
read_columns(CasaReader *reader, const CasaColumnQuery *query, const CasaColumns *known, double *ms)
{
  g_autoptr(GError) error = NULL;
  const gint64 begun = casa_clock_mono_us();
  CasaColumns *columns = casa_reader_columns(reader, query, known, NULL, &error);
  *ms = ms_since(begun);
  must(columns != NULL, error);
  return columns;
}

static void
measure(House *self, const char *name, gint64 span_ms)
{
  const Shape *shape = self->shape;
  double first[RUNS], again[RUNS], onward[RUNS];
  gint64 width_ms = 0, grain_ms = 0;
  const CasaColumnQuery query = {
    .series = self->series,
    .n_series = shape->stations,
    .fold = shape->fold,
    .least_share = 0.8,
    .from_ms = END_MS - span_ms,
    .to_ms = END_MS + 3600000,
    .columns = COLUMNS,
    .step_ms = shape->fold == CASA_COLUMNS_ONE ? 1 : 60000,
  };
  for (guint i = 0; i < RUNS; i++) {
    g_autoptr(GError) error = NULL;
    const gint64 begun = casa_clock_mono_us();
    g_autoptr(CasaReader) reader = casa_reader_open(self->path, &error);
    must(reader != NULL, error);
    const double opened = ms_since(begun);
    casa_columns_free(read_columns(reader, &query, NULL, &first[i]));
    first[i] += opened;
    g_autoptr(CasaColumns) b = read_columns(reader, &query, NULL, &again[i]);
    put(self, 0, self->last_ms + 1000, 1);
    g_autoptr(CasaColumns) c = read_columns(reader, &query, b, &onward[i]);
    width_ms = c->width_ms;
    grain_ms = c->grain_ms;
  }
  qsort(first, RUNS, sizeof *first, compare_doubles);
  qsort(again, RUNS, sizeof *again, compare_doubles);
  qsort(onward, RUNS, sizeof *onward, compare_doubles);
  g_autofree char *grain = grain_ms ? g_strdup_printf("%" G_GINT64_FORMAT " h", grain_ms / 3600000) : g_strdup("samples");
  g_print("%-32s %-8s %8.1f s %-8s %8.1f %8.1f %10.2f\n", shape->name, name, (double)width_ms / 1000, grain, first[RUNS / 2],
          again[RUNS / 2], onward[RUNS / 2]);
}

static void
run(const Shape *shape)
{
  g_autoptr(GError) error = NULL;
  House house = { .shape = shape, .folder = g_dir_make_tmp("casa-history-XXXXXX", &error) };
  must(house.folder != NULL, error);
  house.path = g_build_filename(house.folder, "pulse.db", NULL);
  house.series = g_new0(guint, shape->stations);
  fill(&house);
  measure(&house, "day", DAY_MS);
  measure(&house, "30 days", 30 * DAY_MS);
  measure(&house, "year", 365 * DAY_MS);
  casa_store_close(house.store);
  g_autoptr(GDir) dir = g_dir_open(house.folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(house.folder, name, NULL);
    g_remove(file);
  }
  g_rmdir(house.folder);
  g_free(house.series);
  g_free(house.path);
  g_free(house.folder);
}

int
main(void)
{
  static const Shape shapes[] = {
    { "one series, each second", 1, 1000, 31 * DAY_MS, CASA_COLUMNS_ONE },
    { "sum of 500, every ten seconds", 500, 10000, 26 * DAY_MS / 24, CASA_COLUMNS_SUM },
    { "median of 500", 500, 10000, 26 * DAY_MS / 24, CASA_COLUMNS_MEDIAN },
  };
  g_print("%-32s %-8s %10s %-8s %8s %8s %10s\n", "columns of history, ms", "stretch", "column", "of", "first", "again",
          "one more");
  for (guint i = 0; i < G_N_ELEMENTS(shapes); i++)
    run(&shapes[i]);
  return 0;
}
