/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "store/columns.h"

/* Columns of time against sums over a model in memory: late, corrected, sealed and unsealed samples, any stretch, width and
 * fold, with and without an earlier answer to start from. */

#define T0 G_GINT64_CONSTANT(1779321600000) /* a whole hour and day */
#define MINUTE G_GINT64_CONSTANT(60000)
#define HOUR G_GINT64_CONSTANT(3600000)
#define DAY G_GINT64_CONSTANT(86400000)
#define SERIES 5
#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

typedef struct {
  gint64 t_ms;
  double value;
} Known;

typedef struct {
  Fixture *f;
  GArray *samples[SERIES]; /* Known, by time */
  CasaReader *reader;
  CasaColumns *before; /* an earlier answer, of any question */
} Model;

static void
model_init(Model *m, Fixture *f)
{
  g_autoptr(GError) error = NULL;
  *m = (Model){ .f = f };
  for (guint i = 0; i < SERIES; i++)
    m->samples[i] = g_array_new(FALSE, FALSE, sizeof(Known));
  m->reader = casa_reader_open(f->path, &error);
  g_assert_no_error(error);
}

static void
model_clear(Model *m)
{
  for (guint i = 0; i < SERIES; i++)
    g_array_unref(m->samples[i]);
  casa_columns_free(m->before);
  casa_reader_close(m->reader);
}

static void
put(Model *m, guint series, gint64 t_ms, double value)
{
  char station[2] = { (char)('a' + series), 0 };
  GArray *all = m->samples[series];
  guint at = all->len;
  put_one(m->f, station, t_ms, "x", value);
  while (at > 0 && g_array_index(all, Known, at - 1).t_ms >= t_ms)
    at--;
  Known known = { t_ms, value };
  if (at < all->len && g_array_index(all, Known, at).t_ms == t_ms)
    g_array_index(all, Known, at) = known;
  else
    g_array_insert_val(all, at, known);
}

static void
upkeep(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_store_upkeep(f->store, T0, &error));
  g_assert_no_error(error);
}

static CasaTimeColumn
sum_up(Model *m, guint series, gint64 from_ms, gint64 to_ms)
{
  CasaTimeColumn sum = { INFINITY, -INFINITY, 0, 0, 0, 0 };
  for (guint i = 0; i < m->samples[series]->len; i++) {
    const Known *k = &g_array_index(m->samples[series], Known, i);
    if (k->t_ms < from_ms || k->t_ms >= to_ms)
      continue;
    sum.first = sum.n == 0 ? k->value : sum.first;
    sum.min = MIN(sum.min, k->value);
    sum.max = MAX(sum.max, k->value);
    sum.mean += k->value;
    sum.last = k->value;
    sum.n++;
  }
  sum.mean /= sum.n;
  return sum;
}

static int
compare_doubles(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* What the header promises, told plainly. */
static CasaTimeColumn
expected(Model *m, const CasaColumnQuery *q, gint64 from_ms, gint64 to_ms)
{
  double means[SERIES], min = INFINITY, max = -INFINITY, sum = 0;
  guint n = 0, above = 0, below = 0;
  if (q->fold == CASA_COLUMNS_ONE)
    return sum_up(m, q->series[0], from_ms, to_ms);
  for (guint i = 0; i < q->n_series; i++) {
    const CasaTimeColumn one = sum_up(m, q->series[i], from_ms, to_ms);
    if (one.n == 0)
      continue;
    min = MIN(min, one.min);
    max = MAX(max, one.max);
    sum += one.mean;
    above += one.mean > q->limit;
    below += one.mean < q->limit;
    means[n++] = one.mean;
  }
  if (n == 0)
    return (CasaTimeColumn){ 0 };
  qsort(means, n, sizeof *means, compare_doubles);
  const double values[] = {
    0, sum / n, (means[(n - 1) / 2] + means[n / 2]) / 2, means[n - 1], means[0], sum, n, (double)above / n, (double)below / n
  };
  const double value = values[q->fold];
  const gboolean spread = q->fold < CASA_COLUMNS_SUM;
  return (CasaTimeColumn){ spread ? min : value, spread ? max : value, value, NAN, NAN, n };
}

static guint
n_seen(Model *m, const CasaColumnQuery *q, gint64 from_ms, gint64 to_ms)
{
  guint seen = 0;
  for (guint i = 0; i < (q->fold == CASA_COLUMNS_ONE ? 1 : q->n_series); i++)
    seen += sum_up(m, q->series[i], from_ms, to_ms).n > 0;
  return seen;
}

static void
assert_near(double a, double b)
{
  g_assert_cmpfloat_with_epsilon(a, b, 1e-9 * (1 + fabs(b)));
}

static void
assert_column(const CasaTimeColumn *got, const CasaTimeColumn *want, gboolean has_ends)
{
  g_assert_cmpuint(got->n, ==, want->n);
  if (want->n == 0) {
    g_assert_true(isnan(got->min) && isnan(got->max) && isnan(got->mean) && isnan(got->first) && isnan(got->last));
    return;
  }
  assert_near(got->min, want->min);
  assert_near(got->max, want->max);
  assert_near(got->mean, want->mean);
  if (has_ends) {
    g_assert_cmpfloat(got->first, ==, want->first);
    g_assert_cmpfloat(got->last, ==, want->last);
  } else {
    g_assert_true(isnan(got->first) && isnan(got->last));
  }
}

static CasaColumns *
ask(Model *m, const CasaColumnQuery *q, const CasaColumns *known)
{
  g_autoptr(GError) error = NULL;
  CasaColumns *columns = casa_reader_columns(m->reader, q, known, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(columns);
  return columns;
}

static void
check(Model *m, const CasaColumnQuery *q)
{
  CasaColumns *got = ask(m, q, g_test_rand_bit() ? m->before : NULL);
  const gint64 end = got->from_ms + got->n * got->width_ms;
  g_assert_cmpint(got->from_ms % got->width_ms, ==, 0);
  g_assert_cmpint(got->width_ms % q->step_ms, ==, 0);
  g_assert_cmpint(got->from_ms, <=, q->from_ms);
  g_assert_cmpint(got->from_ms + got->width_ms, >, q->from_ms);
  g_assert_cmpint(end, >=, q->to_ms);
  g_assert_cmpint(end - got->width_ms, <, q->to_ms);
  g_assert_cmpuint(got->n, <=, q->columns + 1);
  const guint seen = n_seen(m, q, got->from_ms, end);
  g_assert_cmpuint(got->n_seen, ==, seen);
  for (guint i = 0; i < got->n; i++) {
    const gint64 t = got->from_ms + i * got->width_ms;
    CasaTimeColumn want = expected(m, q, t, t + got->width_ms);
    if (q->fold != CASA_COLUMNS_ONE && want.n < q->least_share * seen)
      want = (CasaTimeColumn){ 0 };
    assert_column(&got->columns[i], &want, q->fold == CASA_COLUMNS_ONE && got->grain_ms == 0);
  }
  casa_columns_free(m->before);
  m->before = got;
}

static void
put_any(Model *m, gint64 *clock)
{
  const guint series = (guint)g_test_rand_int_range(0, SERIES);
  const double value = g_test_rand_int_range(-300, 300) / 10.0;
  *clock += g_test_rand_int_range(0, 40) == 0 ? 20 * HOUR : g_test_rand_int_range(1, 20 * MINUTE);
  switch (g_test_rand_int_range(0, 8)) {
  case 0: put(m, series, *clock - (gint64)(g_test_rand_double() * (double)(*clock - T0)), value); break;
  case 1:
    if (m->samples[series]->len > 0)
      put(m, series, g_array_index(m->samples[series], Known, g_test_rand_int_range(0, (gint)m->samples[series]->len)).t_ms,
          value);
    break;
  default: put(m, series, *clock, value);
  }
}

static void
test_random(Fixture *f, gconstpointer data)
{
  static const guint series[SERIES] = { 3, 0, 4, 1, 2 };
  static const gint64 steps[] = { 1, 1000, 30 * MINUTE, HOUR, 5 * HOUR, 6 * HOUR };
  Model m;
  gint64 clock = T0;
  CasaColumnQuery q = { .series = series, .n_series = SERIES, .columns = 10, .step_ms = 1, .from_ms = T0, .to_ms = T0 + DAY };
  model_init(&m, f);
  for (guint i = 0; i < SERIES; i++) /* ids are those of the model */
    put(&m, i, T0, i);
  for (guint round = 0; round < 400; round++) {
    for (gint i = g_test_rand_int_range(0, 12); i > 0; i--)
      put_any(&m, &clock);
    if (g_test_rand_int_range(0, 12) == 0)
      upkeep(f);
    if (g_test_rand_int_range(0, 3) == 0) {
      q.fold = (CasaColumnFold)g_test_rand_int_range(0, CASA_COLUMNS_BELOW + 1);
      /* No mean of tenths is this: which side of an equal limit a mean falls on is a matter of how it was added up. */
      q.limit = g_test_rand_int_range(-10, 10) + G_SQRT2 / 1000;
      q.n_series = (guint)g_test_rand_int_range(1, SERIES + 1);
      q.least_share = g_test_rand_bit() ? 0.8 : 0;
      q.columns = (guint)g_test_rand_int_range(1, 200);
      q.step_ms = steps[g_test_rand_int_range(0, G_N_ELEMENTS(steps))];
      q.from_ms = T0 - HOUR + (gint64)(g_test_rand_double() * (double)(clock - T0));
      q.to_ms = q.from_ms + 1 + (gint64)(g_test_rand_double() * (double)(clock + DAY - q.from_ms));
    } else if (g_test_rand_bit()) { /* a window that follows the clock */
      const gint64 by = g_test_rand_int_range(0, 2 * HOUR);
      q.from_ms += by;
      q.to_ms += by;
    }
    check(&m, &q);
  }
  g_assert_cmpint(clock, >, T0 + 10 * DAY); /* quarters were among them */
  model_clear(&m);
}

/* What still holds is not read again: nothing at all of a stretch in which nothing was stored, of hundreds of thousands. */
static void
test_takes_over(Fixture *f, gconstpointer data)
{
  static const guint series[] = { 0 };
  Model m;
  model_init(&m, f);
  for (gint64 t = 0; t < 20000; t++)
    put_one(f, "a", T0 + t * 1000, "x", (double)(t % 100));
  upkeep(f);
  CasaColumnQuery q = { .series = series, .n_series = 1, .columns = 100, .step_ms = 1, .from_ms = T0, .to_ms = T0 + 20000000 };
  g_autoptr(CasaColumns) first = ask(&m, &q, NULL);
  /* A lie in what is known is found again wherever it was taken over. */
  first->all[10].max = 12345;
  first->all[99].max = 12345;
  put_one(f, "a", T0 + 20000 * G_GINT64_CONSTANT(1000) - 1, "x", 7);
  g_autoptr(CasaColumns) second = ask(&m, &q, first);
  g_assert_cmpfloat(second->columns[10].max, ==, 12345);
  g_assert_cmpfloat(second->columns[99].max, ==, 99);
  g_assert_cmpuint(second->columns[99].n, ==, first->columns[99].n + 1);
  /* Sealing changes nothing; but of what came and was sealed since, it cannot be told what is new. */
  upkeep(f);
  g_autoptr(CasaColumns) third = ask(&m, &q, second);
  g_assert_cmpfloat(third->columns[10].max, ==, 12345);
  put_one(f, "a", T0 + 20000 * G_GINT64_CONSTANT(1000), "x", 8);
  upkeep(f);
  g_autoptr(CasaColumns) fourth = ask(&m, &q, third);
  g_assert_cmpfloat(fourth->columns[10].max, ==, 99);
  model_clear(&m);
}

/* An answer to another question is taken over by none. */
static void
test_known_of_another_question(Fixture *f, gconstpointer data)
{
  static const guint one[] = { 0, 1 }, two[] = { 1, 0 };
  Model m;
  model_init(&m, f);
  put(&m, 0, T0, 1);
  put(&m, 1, T0 + MINUTE, 5);
  CasaColumnQuery q = { .series = one, .n_series = 2, .columns = 10, .step_ms = 1000, .from_ms = T0, .to_ms = T0 + HOUR };
  q.fold = CASA_COLUMNS_ABOVE;
  q.limit = 2;
  m.before = ask(&m, &q, NULL);
  const CasaColumnQuery others[] = { { one, 2, CASA_COLUMNS_ABOVE, 9, 0, T0, T0 + HOUR, 10, 1000 },
                                     { one, 2, CASA_COLUMNS_BELOW, 2, 0, T0, T0 + HOUR, 10, 1000 },
                                     { two, 2, CASA_COLUMNS_ABOVE, 2, 0, T0, T0 + HOUR, 10, 1000 },
                                     { one, 1, CASA_COLUMNS_ABOVE, 2, 0, T0, T0 + HOUR, 10, 1000 },
                                     { one, 2, CASA_COLUMNS_ABOVE, 2, 0, T0, T0 + HOUR, 200, 1000 },
                                     { one, 2, CASA_COLUMNS_SUM, 2, 0, T0 - DAY, T0, 10, 1000 },
                                     { one, 2, CASA_COLUMNS_MEAN, 2, 0, T0, T0 + 40 * DAY, 10, 1000 } };
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(CasaColumns) fresh = ask(&m, &others[i], NULL), again = ask(&m, &others[i], m.before);
    g_assert_cmpuint(fresh->n, ==, again->n);
    for (guint k = 0; k < fresh->n; k++)
      g_assert_true(fresh->columns[k].n == again->columns[k].n &&
                    (fresh->columns[k].n == 0 || fresh->columns[k].mean == again->columns[k].mean));
  }
  model_clear(&m);
}

static void
test_cancelled(Fixture *f, gconstpointer data)
{
  static const guint series[] = { 0 };
  const gint cancelled = 1;
  g_autoptr(GError) error = NULL;
  Model m;
  model_init(&m, f);
  put(&m, 0, T0, 1);
  const CasaColumnQuery q = { .series = series, .n_series = 1, .columns = 10, .step_ms = 1, .from_ms = T0, .to_ms = T0 + DAY };
  g_autoptr(CasaColumns) none = casa_reader_columns(m.reader, &q, NULL, &cancelled, &error);
  g_assert_null(none);
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CANCELLED);
  /* And the reader goes on. */
  check(&m, &q);
  model_clear(&m);
}

static void
test_odd_questions(Fixture *f, gconstpointer data)
{
  static const guint series[] = { 0, 77 };
  Model m;
  model_init(&m, f);
  put(&m, 0, T0, 1);
  CasaColumnQuery q = { .series = series, .n_series = 1, .columns = 10, .from_ms = T0, .to_ms = T0 };
  g_autoptr(CasaColumns) empty = ask(&m, &q, NULL);
  q.to_ms = T0 - 1;
  g_autoptr(CasaColumns) upside_down = ask(&m, &q, NULL);
  g_assert_cmpuint(empty->n + upside_down->n, ==, 0);
  q.from_ms = G_MININT64;
  q.to_ms = G_MAXINT64;
  q.columns = 0;
  g_autoptr(CasaColumns) everything = ask(&m, &q, NULL);
  g_assert_cmpuint(everything->n_seen, ==, 1);
  q.n_series = 0;
  g_autoptr(CasaColumns) nobody = ask(&m, &q, NULL);
  q.n_series = 2;
  q.fold = CASA_COLUMNS_SUM;
  g_autoptr(CasaColumns) unknown = ask(&m, &q, NULL);
  g_assert_cmpuint(nobody->n_seen, ==, 0);
  g_assert_cmpuint(unknown->n_seen, ==, 1);
  model_clear(&m);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/columns/random", test_random);
  ADD("/store/columns/takes-over", test_takes_over);
  ADD("/store/columns/cancelled", test_cancelled);
  ADD("/store/columns/known-of-another-question", test_known_of_another_question);
  ADD("/store/columns/odd-questions", test_odd_questions);
  return g_test_run();
}
