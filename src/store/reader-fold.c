/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

/* Share of the stations seen in a range that must have reported for a sum to be a total. */
#define FULL_SHARE 0.8

typedef struct {
  gint64 t_ms; /* also the key */
  guint n;     /* stations */
  double sum, lowest_mean, highest_mean, min, max;
} Cell;

typedef struct {
  CasaReader *reader;
  gint64 from_ms, to_ms, width_ms;
  GArray *members;   /* gint64 row ids of series */
  GHashTable *cells; /* Cell by t_ms */
  guint seen;        /* members with anything in the range */
} Fold;

static gboolean
read_members(Fold *fold, const char *source, const char *domain, const char *prefix, const char *metric)
{
  sqlite3_stmt *stmt = casa_reader_sql(fold->reader, CASA_READ_MEMBERS);
  if (!stmt)
    return FALSE;
  sqlite3_bind_text(stmt, 1, metric, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 2, domain, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 3, source, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(stmt, 4, prefix ? prefix : "", -1, SQLITE_TRANSIENT);
  int code;
  while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
    gint64 row = sqlite3_column_int64(stmt, 0);
    g_array_append_val(fold->members, row);
  }
  sqlite3_reset(stmt);
  return code == SQLITE_DONE;
}

static void
add_station(Fold *fold, const CasaBucket *b)
{
  Cell *cell = g_hash_table_lookup(fold->cells, &b->t_ms);
  if (!cell) {
    cell = g_new(Cell, 1);
    *cell = (Cell){ .t_ms = b->t_ms, .lowest_mean = b->mean, .highest_mean = b->mean, .min = b->min, .max = b->max };
    g_hash_table_add(fold->cells, cell);
  }
  cell->n++;
  cell->sum += b->mean;
  cell->lowest_mean = MIN(cell->lowest_mean, b->mean);
  cell->highest_mean = MAX(cell->highest_mean, b->mean);
  cell->min = MIN(cell->min, b->min);
  cell->max = MAX(cell->max, b->max);
}

static gboolean
fold_members(Fold *fold)
{
  CasaLevel level = fold->width_ms % CASA_HOUR_MS == 0 ? CASA_LEVEL_HOUR : CASA_LEVEL_RAW;
  for (guint i = 0; i < fold->members->len; i++) {
    g_autoptr(GArray) buckets = casa_reader_buckets(fold->reader, g_array_index(fold->members, gint64, i), level, fold->from_ms,
                                                    fold->to_ms, fold->width_ms);
    if (!buckets)
      return FALSE;
    for (guint b = 0; b < buckets->len; b++)
      add_station(fold, &g_array_index(buckets, CasaBucket, b));
    fold->seen += buckets->len > 0;
  }
  return TRUE;
}

static CasaBucket
finish_cell(const Cell *cell, CasaFold how)
{
  CasaBucket b = { .t_ms = cell->t_ms, .n = cell->n };
  b.mean = how == CASA_FOLD_SUM   ? cell->sum
           : how == CASA_FOLD_MAX ? cell->max
           : how == CASA_FOLD_MIN ? cell->min
                                  : cell->sum / cell->n;
  b.last = b.mean;
  b.min = how == CASA_FOLD_MEAN ? cell->lowest_mean : b.mean;
  b.max = how == CASA_FOLD_MEAN ? cell->highest_mean : b.mean;
  return b;
}

static int
compare_buckets(gconstpointer a, gconstpointer b)
{
  const CasaBucket *x = a, *y = b;
  return (x->t_ms > y->t_ms) - (x->t_ms < y->t_ms);
}

static GArray *
finish(Fold *fold, CasaFold how)
{
  GArray *buckets = g_array_sized_new(FALSE, FALSE, sizeof(CasaBucket), g_hash_table_size(fold->cells));
  GHashTableIter iter;
  gpointer cell;
  g_hash_table_iter_init(&iter, fold->cells);
  while (g_hash_table_iter_next(&iter, &cell, NULL)) {
    if (how == CASA_FOLD_SUM && ((Cell *)cell)->n < FULL_SHARE * fold->seen)
      continue;
    CasaBucket b = finish_cell(cell, how);
    g_array_append_val(buckets, b);
  }
  g_array_sort(buckets, compare_buckets);
  return buckets;
}

GArray *
casa_reader_fold(CasaReader *self, const char *source, const char *domain, const char *prefix, const char *metric,
                 gint64 from_ms, gint64 to_ms, gint64 width_ms, CasaFold how, GError **error)
{
  width_ms = MAX(width_ms, CASA_MINUTE_MS);
  Fold fold = { .reader = self, .to_ms = to_ms, .width_ms = width_ms };
  fold.from_ms = casa_floor_to(MAX(from_ms, G_MININT64 / 2), width_ms);
  fold.members = g_array_new(FALSE, FALSE, sizeof(gint64));
  fold.cells = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  GArray *buckets = NULL;
  if (casa_reader_begin(self) && read_members(&fold, source, domain, prefix, metric) && fold_members(&fold))
    buckets = finish(&fold, how);
  else
    casa_reader_fail(self, "add up series", error);
  casa_reader_end(self);
  g_array_unref(fold.members);
  g_hash_table_unref(fold.cells);
  return buckets;
}
