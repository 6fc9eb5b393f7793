/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "fixture.h"
#include "store/columns.h"

/* Random histories against a model in memory: whatever is put, late, twice, corrected, sealed or read after a restart, each
 * series and time is there once, with its newest value, for SQL and for readers alike. */

#define T0 G_GINT64_CONSTANT(1779321600000)
#define SERIES 6
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

typedef struct {
  gint64 t_ms, received_ms;
  double value;
} Known;

typedef struct {
  Fixture *f;
  GTree *series[SERIES]; /* Known by its t_ms */
  gint64 clock;
  CasaReader *reader; /* stays open through it all */
  char *target;       /* the InfluxDB it was last forwarded to */
} Model;

static int
compare_times(gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static double
any_value(guint series)
{
  if (series == 4)
    return g_test_rand_double_range(-1e3, 1e3);
  if (series == 5)
    return ldexp(g_test_rand_double(), g_test_rand_int_range(-300, 300));
  return g_test_rand_int_range(-200, 200) / 10.0;
}

static void
put(Model *m, guint series, gint64 t_ms, double value)
{
  char station[2] = { (char)('a' + series), 0 };
  Known *old = g_tree_lookup(m->series[series], &t_ms);
  CasaReading reading = reading_of(station, t_ms, "x", value);
  gint64 received = t_ms + g_test_rand_int_range(0, 500);
  CasaPut out = put_reading(m->f, &reading, received);
  g_assert_cmpuint(out.fresh, ==, !old || old->value != value);
  g_assert_cmpuint(out.duplicates, ==, old && old->value == value);
  if (out.fresh) {
    Known *known = g_new(Known, 1);
    *known = (Known){ t_ms, received, value };
    g_tree_replace(m->series[series], &known->t_ms, known);
  }
}

/* A time that the series has: itself when @found. */
static gboolean
some_known(Model *m, guint series, Known *out)
{
  int n = g_tree_nnodes(m->series[series]);
  if (n == 0)
    return FALSE;
  gint64 t = T0 + (gint64)(g_test_rand_double() * (double)(m->clock - T0));
  GTreeNode *node = g_tree_lower_bound(m->series[series], &t);
  if (!node)
    node = g_tree_node_last(m->series[series]);
  *out = *(const Known *)g_tree_node_value(node);
  return TRUE;
}

static void
upkeep(Model *m)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(m->f->store, m->clock, &error));
  g_assert_no_error(error);
}

static void
act(Model *m)
{
  guint series = (guint)g_test_rand_int_range(0, SERIES);
  double dice = g_test_rand_double();
  Known known;
  if (dice < 0.75) {
    put(m, series, m->clock += g_test_rand_int_range(1, 4) * 500, any_value(series));
  } else if (dice < 0.85) {
    put(m, series, T0 + (gint64)(g_test_rand_double() * (double)(m->clock - T0)), any_value(series));
  } else if (dice < 0.92 && some_known(m, series, &known)) {
    put(m, series, known.t_ms, known.value);
  } else if (some_known(m, series, &known)) {
    put(m, series, known.t_ms, any_value(series));
  }
}

/* A device that sends its past anew: more late values at once than sealing takes in one go. */
static void
correct_many(Model *m)
{
  guint series = (guint)g_test_rand_int_range(0, SERIES);
  Known known;
  for (int i = g_test_rand_int_range(20, 200); i > 0; i--)
    if (some_known(m, series, &known))
      put(m, series, known.t_ms + (g_test_rand_bit() ? 0 : 1), any_value(series));
}

typedef struct {
  Model *m;
  GTreeNode *at;
  guint series;
} Compare;

static gboolean
compare_cb(const CasaExportRow *row, gpointer data)
{
  Compare *c = data;
  guint series = (guint)(row->station[0] - 'a');
  if (series != c->series) {
    g_assert_null(c->at);
    c->series = series;
    c->at = g_tree_node_first(c->m->series[series]);
  }
  g_assert_nonnull(c->at);
  const Known *known = g_tree_node_value(c->at);
  g_assert_cmpint(row->t_ms, ==, known->t_ms);
  g_assert_cmpint(row->received_ms, ==, known->received_ms);
  g_assert_true(row->value == known->value);
  c->at = g_tree_node_next(c->at);
  return TRUE;
}

static void
check_reader(Model *m)
{
  g_autoptr(GError) error = NULL;
  Compare compare = { m, NULL, G_MAXUINT };
  CasaExportQuery all = { .from_ms = G_MININT64, .to_ms = G_MAXINT64 };
  g_assert_true(casa_reader_export(m->reader, &all, compare_cb, &compare, &error));
  g_assert_no_error(error);
  g_assert_null(compare.at);
  g_autoptr(GArray) latest = casa_reader_latest(m->reader, &error);
  for (guint i = 0; i < latest->len; i++) {
    const CasaLatest *l = &g_array_index(latest, CasaLatest, i);
    const CasaSeriesInfo *info = casa_catalogue_series(casa_store_catalogue(m->f->store), l->series);
    const CasaStation *station = casa_catalogue_station(casa_store_catalogue(m->f->store), info->station);
    const Known *last = g_tree_node_value(g_tree_node_last(m->series[station->station[0] - 'a']));
    g_assert_cmpint(l->t_ms, ==, last->t_ms);
    g_assert_true(l->value == last->value);
  }
}

typedef struct {
  gint64 from_ms, width_ms;
  double min, max;
  guint n;
} Sum;

static gboolean
add_cb(gpointer key, gpointer value, gpointer data)
{
  Sum *sum = data;
  const Known *known = value;
  if (known->t_ms >= sum->from_ms && known->t_ms < sum->from_ms + sum->width_ms) {
    sum->min = sum->n == 0 ? known->value : MIN(sum->min, known->value);
    sum->max = sum->n == 0 ? known->value : MAX(sum->max, known->value);
    sum->n++;
  }
  return FALSE;
}

/* Columns of samples and of hours; the first station of the catalogue need not be the first of the model. */
static void
check_columns(Model *m, gint64 span_ms)
{
  g_autoptr(GError) error = NULL;
  CasaCatalogue *catalogue = casa_store_catalogue(m->f->store);
  for (guint id = 0; id < casa_catalogue_n_series(catalogue); id++) {
    guint series = (guint)(casa_catalogue_station(catalogue, casa_catalogue_series(catalogue, id)->station)->station[0] - 'a');
    CasaColumnQuery query = { .series = &id, .n_series = 1, .from_ms = T0, .to_ms = T0 + span_ms, .columns = 3 };
    g_autoptr(CasaColumns) columns = casa_reader_columns(m->reader, &query, NULL, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < columns->n; i++) {
      Sum sum = { .from_ms = columns->from_ms + i * columns->width_ms, .width_ms = columns->width_ms };
      g_tree_foreach(m->series[series], add_cb, &sum);
      g_assert_cmpuint(columns->columns[i].n, ==, sum.n);
      g_assert_true(sum.n == 0 || (columns->columns[i].min == sum.min && columns->columns[i].max == sum.max));
    }
  }
}

/* What a new InfluxDB has when it has been sent all: each sample, its last value. */
static void
check_forwarded(Model *m)
{
  g_autoptr(GError) error = NULL;
  CasaCatalogue *catalogue = casa_store_catalogue(m->f->store);
  m->target = g_strdup_printf("influx-%" G_GINT64_FORMAT, m->clock);
  gint64 after = casa_store_outbox_open(m->f->store, m->target, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) rows = casa_reader_outbox(m->reader, after, G_MAXINT, &error);
  g_autoptr(GHashTable) got = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  gint known_rows = 0;
  for (guint i = 0; i < rows->len; i++) {
    CasaOutboxRow *row = &g_array_index(rows, CasaOutboxRow, i);
    g_hash_table_replace(got, g_strdup_printf("%u %" G_GINT64_FORMAT, row->series, row->t_ms), row);
  }
  for (guint i = 0; i < SERIES; i++)
    known_rows += g_tree_nnodes(m->series[i]);
  g_assert_cmpint(g_hash_table_size(got), ==, known_rows);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, got);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const CasaOutboxRow *row = value;
    guint station = casa_catalogue_series(catalogue, row->series)->station;
    const Known *known = g_tree_lookup(m->series[casa_catalogue_station(catalogue, station)->station[0] - 'a'], &row->t_ms);
    g_assert_true(known && known->value == row->value);
  }
}

/* Plain SQL, with every value compared. */
static void
check_sql(Model *m)
{
  sqlite3 *db;
  sqlite3_stmt *stmt;
  gint64 rows = 0, known_rows = 0;
  g_assert_cmpint(sqlite3_open_v2(m->f->path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db, "SELECT station, t_ms, value, received_ms FROM reading", -1, &stmt, NULL), ==,
                  SQLITE_OK);
  while (sqlite3_step(stmt) == SQLITE_ROW) {
    gint64 t = sqlite3_column_int64(stmt, 1);
    const Known *known = g_tree_lookup(m->series[sqlite3_column_text(stmt, 0)[0] - 'a'], &t);
    g_assert_nonnull(known);
    g_assert_true(known->value == sqlite3_column_double(stmt, 2));
    g_assert_cmpint(known->received_ms, ==, sqlite3_column_int64(stmt, 3));
    rows++;
  }
  g_assert_cmpint(sqlite3_finalize(stmt), ==, SQLITE_OK);
  sqlite3_close(db);
  for (guint i = 0; i < SERIES; i++)
    known_rows += g_tree_nnodes(m->series[i]);
  g_assert_cmpint(rows, ==, known_rows);
}

static void
test_history(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  Model m = { .f = f, .clock = T0 };
  for (guint i = 0; i < SERIES; i++)
    m.series[i] = g_tree_new_full(compare_times, NULL, NULL, g_free);
  m.reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
  for (int i = 0; i < 12000; i++) {
    act(&m);
    int dice = g_test_rand_int_range(0, 1500);
    if (dice < 4)
      upkeep(&m);
    else if (dice < 6)
      fixture_reopen(f);
    else if (dice < 9)
      check_reader(&m);
    else if (dice < 12)
      correct_many(&m);
    else if (dice < 13)
      check_sql(&m);
    else if (dice < 14)
      check_columns(&m, g_test_rand_bit() ? 4 * 3600000 : 7 * 60000);
  }
  correct_many(&m);
  check_sql(&m);
  check_columns(&m, 4 * 3600000);
  check_forwarded(&m);
  correct_many(&m);
  check_sql(&m);
  upkeep(&m);
  check_reader(&m);
  check_columns(&m, 4 * 3600000);
  g_assert_true(casa_store_outbox_ack(m.f->store, m.target, casa_store_last_id(f->store), &error));
  upkeep(&m);
  check_sql(&m);
  g_assert_cmpint(wrong_hours(f->path), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT count(*) FROM sample"), ==, 0);
  g_assert_cmpint(ask_int(f->path, "SELECT max(n) FROM block"), <=, 512);
  g_autofree char *integrity = ask_text(f->path, "PRAGMA integrity_check");
  g_assert_cmpstr(integrity, ==, "ok");
  casa_reader_close(m.reader);
  g_free(m.target);
  for (guint i = 0; i < SERIES; i++)
    g_tree_unref(m.series[i]);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/model/history", test_history);
  return g_test_run();
}
