/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/batch.h"

#include <math.h>
#include <string.h>

/* Two stations: x has pm10 (0), no2 (1); y has pm10 (2), and `bad\` (3), which no line can carry. */
static CasaCatalogue *
make_catalogue(void)
{
  CasaCatalogue *catalogue = casa_catalogue_new();
  char source[] = "city", domain[] = "air", x_id[] = "x", y_id[] = "y";
  CasaStation x = { .source = source, .domain = domain, .station = x_id };
  CasaStation y = { .source = source, .domain = domain, .station = y_id };
  guint x_station = casa_catalogue_add_station(catalogue, &x), y_station = casa_catalogue_add_station(catalogue, &y);

  g_assert_cmpuint(casa_catalogue_add_series(catalogue, x_station, "pm10"), ==, 0);
  g_assert_cmpuint(casa_catalogue_add_series(catalogue, x_station, "no2"), ==, 1);
  g_assert_cmpuint(casa_catalogue_add_series(catalogue, y_station, "pm10"), ==, 2);
  g_assert_cmpuint(casa_catalogue_add_series(catalogue, y_station, "bad\\"), ==, 3);
  return catalogue;
}

static CasaBatch *
load(CasaCatalogue *catalogue, const CasaOutboxRow *rows, guint n, guint taken)
{
  CasaBatch *batch = casa_batch_new();

  g_assert_cmpuint(casa_batch_load(batch, catalogue, rows, n), ==, taken);
  return batch;
}

static void
assert_lines(CasaBatch *batch, guint lo, guint hi, const char *expected)
{
  g_autoptr(GString) lines = g_string_new("old");

  casa_batch_encode(batch, lo, hi, lines);
  g_assert_cmpstr(lines->str, ==, expected);
}

static void
test_one_line_per_station_and_time(void)
{
  static const CasaOutboxRow rows[] = { { 1, 2, 500, 1 }, { 2, 1, 500, 2 }, { 3, 0, 600, 3 }, { 4, 0, 500, 4 } };
  CasaCatalogue *catalogue = make_catalogue();
  CasaBatch *batch = load(catalogue, rows, 4, 4);

  assert_lines(batch, 0, 4,
               "air,source=city,station=y pm10=1 500\n"
               "air,source=city,station=x pm10=4,no2=2 500\n"
               "air,source=city,station=x pm10=3 600\n");
  g_assert_cmpuint(casa_batch_weight(batch, 0, 4), ==, 4);
  casa_batch_free(batch);
  casa_catalogue_free(catalogue);
}

static void
test_last_value_wins(void)
{
  static const CasaOutboxRow rows[] = { { 1, 0, 500, 1 }, { 2, 1, 500, 9 }, { 3, 0, 500, 2 }, { 4, 0, 500, 3 } };
  CasaCatalogue *catalogue = make_catalogue();
  CasaBatch *batch = load(catalogue, rows, 4, 4);

  g_assert_cmpuint(casa_batch_n_items(batch), ==, 2);
  assert_lines(batch, 0, 2, "air,source=city,station=x pm10=3,no2=9 500\n");
  g_assert_cmpuint(casa_batch_item(batch, 0)->weight, ==, 3);
  g_assert_cmpuint(casa_batch_weight(batch, 0, 2), ==, 4);
  casa_batch_free(batch);
  casa_catalogue_free(catalogue);
}

static void
test_stops_at_an_unknown_series(void)
{
  static const CasaOutboxRow rows[] = { { 1, 0, 500, 1 }, { 2, 77, 500, 1 }, { 3, 1, 500, 1 } };
  CasaCatalogue *catalogue = make_catalogue();
  CasaBatch *batch = load(catalogue, rows, 3, 1);

  g_assert_cmpuint(casa_batch_n_items(batch), ==, 1);
  g_assert_cmpuint(casa_batch_load(batch, catalogue, rows + 1, 2), ==, 0);
  g_assert_cmpuint(casa_batch_n_items(batch), ==, 0);
  casa_batch_free(batch);
  casa_catalogue_free(catalogue);
}

static void
test_unwritable_stand_apart(void)
{
  static const CasaOutboxRow rows[] = { { 1, 3, 500, 1 }, { 2, 2, 500, 7 }, { 3, 2, 501, NAN } };
  CasaCatalogue *catalogue = make_catalogue();
  CasaBatch *batch = load(catalogue, rows, 3, 3);

  assert_lines(batch, 0, casa_batch_n_items(batch), "air,source=city,station=y pm10=7 500\n");
  g_assert_cmpuint(casa_batch_n_unwritable(batch), ==, 2);
  g_assert_cmpint(casa_batch_unwritable(batch, 0)->id, ==, 1);
  g_assert_cmpint(casa_batch_unwritable(batch, 1)->id, ==, 3);
  casa_batch_free(batch);
  casa_catalogue_free(catalogue);
}

/* Halving reaches every single field, and cuts lines only when one line is left. */
static void
test_middle(void)
{
  CasaOutboxRow rows[40];
  CasaCatalogue *catalogue = make_catalogue();

  for (guint i = 0; i < 40; i++)
    rows[i] = (CasaOutboxRow){ i + 1, i % 3, 500 + i / 6, i };
  CasaBatch *batch = load(catalogue, rows, 40, 40);
  guint n = casa_batch_n_items(batch);
  for (guint lo = 0; lo < n; lo++)
    for (guint hi = lo + 2; hi <= n; hi++) {
      guint middle = casa_batch_middle(batch, lo, hi);
      const CasaBatchItem *left = casa_batch_item(batch, middle - 1), *right = casa_batch_item(batch, middle);
      g_assert_true(lo < middle && middle < hi);
      if (casa_batch_item(batch, lo)->group != casa_batch_item(batch, hi - 1)->group)
        g_assert_cmpuint(left->group, !=, right->group);
    }
  casa_batch_free(batch);
  casa_catalogue_free(catalogue);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/batch/one-line-per-station-and-time", test_one_line_per_station_and_time);
  g_test_add_func("/forward/batch/last-value-wins", test_last_value_wins);
  g_test_add_func("/forward/batch/stops-at-an-unknown-series", test_stops_at_an_unknown_series);
  g_test_add_func("/forward/batch/unwritable-stand-apart", test_unwritable_stand_apart);
  g_test_add_func("/forward/batch/middle", test_middle);
  return g_test_run();
}
