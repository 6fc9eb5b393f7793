/* SPDX-License-Identifier: Apache-2.0 */
#include "series/pyramid.h"
#include <math.h>

/* The pyramid against a plain sorted list that looks at every sample. */
typedef struct {
  gint64 t;
  double v;
} Sample;

static void
list_put(GArray *list, gint64 t, double v)
{
  guint i = list->len;
  while (i > 0 && g_array_index(list, Sample, i - 1).t >= t)
    i--;
  if (i < list->len && g_array_index(list, Sample, i).t == t)
    g_array_index(list, Sample, i).v = v;
  else
    g_array_insert_val(list, i, ((Sample){ t, v }));
}

static CasaColumn
list_column(GArray *list, gint64 from, gint64 to, guint n, guint column, gint64 gap_ms, guint *previous)
{
  CasaColumn c = { .min = INFINITY, .max = -INFINITY };
  for (guint i = 0; i < list->len; i++) {
    const Sample s = g_array_index(list, Sample, i);
    /* from + column·(to-from)/n ≤ t < from + (column+1)·(to-from)/n, in whole numbers */
    const gint64 scaled = (s.t - from) * n;
    if (isnan(s.v) || scaled < column * (to - from) || scaled >= (column + 1) * (to - from))
      continue;
    if (c.n++ == 0) {
      const Sample before = *previous == G_MAXUINT ? s : g_array_index(list, Sample, *previous);
      c.gap_before = *previous != i - 1 || i == 0 || (gap_ms > 0 && s.t - before.t > gap_ms);
      c.first = (float)s.v;
    }
    c.last = (float)s.v;
    c.min = fminf(c.min, c.last);
    c.max = fmaxf(c.max, c.last);
    *previous = i;
  }
  return c;
}

static void
assert_columns(CasaPyramid *p, GArray *list, gint64 from, gint64 to, guint n, gint64 gap_ms)
{
  g_autofree CasaColumn *columns = g_new(CasaColumn, n);
  casa_pyramid_columns(p, from, to, n, gap_ms, columns);
  guint previous = G_MAXUINT;
  for (guint i = 0; i < list->len && g_array_index(list, Sample, i).t < from; i++)
    previous = isnan(g_array_index(list, Sample, i).v) ? G_MAXUINT : i;
  for (guint i = 0; i < n; i++) {
    const CasaColumn want = list_column(list, from, to, n, i, gap_ms, &previous), got = columns[i];
    g_assert_cmpuint(got.n, ==, want.n);
    if (want.n == 0)
      continue;
    g_assert_cmpfloat(got.min, ==, want.min);
    g_assert_cmpfloat(got.max, ==, want.max);
    g_assert_cmpfloat(got.first, ==, want.first);
    g_assert_cmpfloat(got.last, ==, want.last);
    g_assert_cmpint(got.gap_before, ==, want.gap_before);
  }
}

static double
random_value(void)
{
  return g_test_rand_int_range(0, 12) == 0 ? NAN : g_test_rand_double_range(-1e4, 1e4);
}

static void
put(CasaPyramid *p, GArray *list, gint64 t, double v)
{
  casa_pyramid_add(p, t, v);
  list_put(list, t, v);
}

static void
fill(CasaPyramid *p, GArray *list, guint n)
{
  gint64 t = 1779385327000;
  for (guint i = 0; i < n; i++) {
    const gint kind = g_test_rand_int_range(0, 40);
    if (kind == 0) /* late */
      put(p, list, t - g_test_rand_int_range(1, 60000), random_value());
    else if (kind == 1) /* corrected */
      put(p, list, t, random_value());
    else
      put(p, list, t += kind == 2 ? 30000 : g_test_rand_int_range(1, 900), random_value());
  }
}

static void
test_columns_equal_brute_force(void)
{
  for (guint round = 0; round < 20; round++) {
    g_autoptr(CasaPyramid) p = casa_pyramid_new(1 << 20);
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Sample));
    fill(p, list, (guint)g_test_rand_int_range(1, 3000));
    g_assert_cmpuint(casa_pyramid_length(p), ==, list->len);
    const gint64 first = g_array_index(list, Sample, 0).t, last = g_array_index(list, Sample, list->len - 1).t;
    assert_columns(p, list, first, last + 1, 1, 0);
    assert_columns(p, list, first, last + 1, 37, 20000);
    assert_columns(p, list, first - 5000, last + 5000, 100, 1000);
    assert_columns(p, list, first + (last - first) / 3, last - (last - first) / 4 + 1, 64, 0);
    assert_columns(p, list, last, last + 3, 11, 0); /* columns narrower than a millisecond */
    assert_columns(p, list, last + 1000, last + 2000, 5, 0);
  }
}

/* A break in the middle of a long run of breaks must be found as one, wherever blocks begin. */
static void
test_long_breaks(void)
{
  g_autoptr(CasaPyramid) p = casa_pyramid_new(1 << 20);
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Sample));
  for (guint i = 0; i < 2500; i++)
    put(p, list, i * 1000, (i > 300 && i < 1700) || i > 2400 ? NAN : i % 100);
  for (guint n = 1; n < 40; n += 3)
    assert_columns(p, list, 0, 2500000, n, 0);
}

static void
test_eviction_keeps_the_newest(void)
{
  g_autoptr(CasaPyramid) p = casa_pyramid_new(1000);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Sample));
  for (guint i = 0; i < 12345; i++)
    put(p, all, (gint64)i * 100, g_test_rand_double());
  const guint length = casa_pyramid_length(p);
  g_assert_cmpuint(length, <=, 1000);
  g_assert_cmpuint(length, >=, 800);
  g_array_remove_range(all, 0, all->len - length);
  assert_columns(p, all, g_array_index(all, Sample, 0).t, 1234500, 77, 0);
  /* What is older than everything kept has no place any more; what is newer still has. */
  for (guint i = 0; i < 1000; i++)
    casa_pyramid_add(p, -(gint64)i, 1);
  g_assert_cmpuint(casa_pyramid_length(p), <=, 1000);
  double value;
  g_assert_true(casa_pyramid_last(p, NULL, &value));
  g_assert_cmpfloat(value, ==, g_array_index(all, Sample, all->len - 1).v);
}

static void
test_backwards(void)
{
  g_autoptr(CasaPyramid) p = casa_pyramid_new(1 << 16);
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Sample));
  for (gint64 t = 3000; t > 0; t--)
    put(p, list, t, (double)(t % 97));
  assert_columns(p, list, 0, 3001, 50, 0);
}

static void
test_lookups(void)
{
  g_autoptr(CasaPyramid) p = casa_pyramid_new(100);
  gint64 t;
  double value, min, max;
  g_assert_false(casa_pyramid_last(p, &t, &value));
  g_assert_false(casa_pyramid_range(p, G_MININT64, G_MAXINT64, &min, &max));
  g_assert_false(casa_pyramid_at(p, 0, 1000, &value));

  casa_pyramid_add(p, 1000, 5);
  casa_pyramid_add(p, 2000, -3);
  casa_pyramid_add(p, 3000, INFINITY); /* nothing to draw: a break */
  g_assert_true(casa_pyramid_last(p, &t, &value));
  g_assert_cmpint(t, ==, 2000);
  g_assert_cmpfloat(value, ==, -3);
  g_assert_true(casa_pyramid_range(p, 1000, 2000, &min, &max));
  g_assert_cmpfloat(min, ==, -3);
  g_assert_cmpfloat(max, ==, 5);
  g_assert_false(casa_pyramid_range(p, 2001, 9000, &min, &max));
  g_assert_true(casa_pyramid_at(p, 1999, 1000, &value));
  g_assert_cmpfloat(value, ==, 5);
  g_assert_false(casa_pyramid_at(p, 999, 1000, &value));
  g_assert_false(casa_pyramid_at(p, 5000, 1000, &value));
  g_assert_true(casa_pyramid_at(p, 3500, 1500, &value));
  g_assert_cmpfloat(value, ==, -3);
  g_assert_cmpuint(casa_pyramid_search(p, 1001), ==, 1);
  g_assert_cmpuint(casa_pyramid_search(p, 9000), ==, 3);

  casa_pyramid_clear(p);
  g_assert_cmpuint(casa_pyramid_length(p), ==, 0);
  casa_pyramid_add(p, 1, 1);
  g_assert_cmpuint(casa_pyramid_length(p), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/series/pyramid/columns-equal-brute-force", test_columns_equal_brute_force);
  g_test_add_func("/series/pyramid/long-breaks", test_long_breaks);
  g_test_add_func("/series/pyramid/eviction-keeps-the-newest", test_eviction_keeps_the_newest);
  g_test_add_func("/series/pyramid/backwards", test_backwards);
  g_test_add_func("/series/pyramid/lookups", test_lookups);
  return g_test_run();
}
