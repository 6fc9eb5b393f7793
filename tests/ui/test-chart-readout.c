/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-readout.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define NOW G_GINT64_CONSTANT(1779385320000)
#define MINUTE G_GINT64_CONSTANT(60000)
#define HOUR (60 * MINUTE)

/* Today each minute from 10 up by one, none from minute 20 to 30; yesterday two below. */
typedef struct {
  CasaPyramid *today, *yesterday;
  CasaChartPicture picture;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  casa_lang_set("fr");
  f->today = casa_pyramid_new(1000);
  f->yesterday = casa_pyramid_new(1000);
  for (gint i = 0; i <= 60; i++) {
    if (i < 20 || i > 30)
      casa_pyramid_add(f->today, NOW - HOUR + i * MINUTE, 10 + i);
    casa_pyramid_add(f->yesterday, NOW - HOUR + i * MINUTE, 8 + i);
  }
  f->picture = (CasaChartPicture){
    .from_ms = NOW - HOUR, .to_ms = NOW, .now_ms = NOW, .gap_ms = 3 * MINUTE, .unit = "MW", .decimals = 1, .n_lines = 2
  };
  f->picture.lines[0] = (CasaChartLine){ .data = f->today, .name = "charge" };
  f->picture.lines[1] = (CasaChartLine){ .data = f->yesterday, .name = "hier", .behind = TRUE };
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_pyramid_free(f->today);
  casa_pyramid_free(f->yesterday);
}

/* The sample at or before, as it is; nothing where none is near. */
static void
test_reading(Fixture *f, gconstpointer data)
{
  const CasaChartLine *line = &f->picture.lines[0];
  CasaChartReading r = casa_chart_reading_at(&f->picture, line, NOW - HOUR + 5 * MINUTE + 59000);
  g_assert_true(r.known);
  g_assert_cmpfloat(r.value, ==, 15);
  g_assert_cmpint(r.t_ms, ==, NOW - HOUR + 5 * MINUTE);
  g_assert_false(casa_chart_reading_at(&f->picture, line, NOW - HOUR + 25 * MINUTE).known);
  g_assert_false(casa_chart_reading_at(&f->picture, line, NOW - HOUR - 1).known);
  casa_pyramid_add(f->today, NOW - HOUR + 40 * MINUTE, NAN); /* a break */
  g_assert_false(casa_chart_reading_at(&f->picture, line, NOW - HOUR + 40 * MINUTE).known);
}

static void
test_words(Fixture *f, gconstpointer data)
{
  g_autofree char *both = casa_chart_readout(&f->picture, NOW);
  g_assert_cmpstr(both, ==, "70,0 MW · hier 68,0 · ▲ +2,0");
  g_autofree char *gap = casa_chart_readout(&f->picture, NOW - HOUR + 25 * MINUTE);
  g_assert_cmpstr(gap, ==, "— · hier 33,0");
  casa_pyramid_add(f->today, NOW, 60);
  g_autofree char *less = casa_chart_readout(&f->picture, NOW);
  g_assert_cmpstr(less, ==, "60,0 MW · hier 68,0 · ▼ −8,0");
  casa_pyramid_add(f->today, NOW, 68.04);
  g_autofree char *equal = casa_chart_readout(&f->picture, NOW); /* no "+0,0" */
  g_assert_cmpstr(equal, ==, "68,0 MW · hier 68,0 · = 0,0");
  f->picture.n_lines = 0;
  g_autofree char *none = casa_chart_readout(&f->picture, NOW);
  g_assert_cmpstr(none, ==, "");
}

static void
test_step(Fixture *f, gconstpointer data)
{
  const CasaChartLine *line = &f->picture.lines[0];
  gint64 t = NOW - HOUR - 1, n = 0;
  /* From the first to the last, over the hole, each once, and back. */
  for (; casa_chart_step(&f->picture, line, t, 1, &t); n++)
    ;
  g_assert_cmpint(n, ==, 50);
  g_assert_cmpint(t, ==, NOW);
  for (n = 0; casa_chart_step(&f->picture, line, t, -1, &t); n++)
    ;
  g_assert_cmpint(n, ==, 49);
  g_assert_cmpint(t, ==, NOW - HOUR);
  g_assert_true(casa_chart_step(&f->picture, line, t, 10, &t));
  g_assert_cmpint(t, ==, NOW - HOUR + 10 * MINUTE);
  /* From between two samples to the next one, either way. */
  g_assert_true(casa_chart_step(&f->picture, line, NOW - 90000, 1, &t));
  g_assert_cmpint(t, ==, NOW - MINUTE);
  g_assert_true(casa_chart_step(&f->picture, line, NOW - 90000, -1, &t));
  g_assert_cmpint(t, ==, NOW - 2 * MINUTE);
  casa_pyramid_clear(f->today);
  g_assert_false(casa_chart_step(&f->picture, line, NOW, -1, &t));
}

static const char *
cell(GPtrArray *table, guint row, guint column)
{
  g_assert_cmpuint(row, <, table->len);
  char **cells = g_ptr_array_index(table, row);
  g_assert_cmpuint(column, <, g_strv_length(cells));
  return cells[column];
}

static void
test_table(Fixture *f, gconstpointer data)
{
  g_autoptr(GPtrArray) table = casa_chart_table(&f->picture, 6);
  g_assert_cmpuint(table->len, ==, 7);
  g_assert_cmpstr(cell(table, 0, 0), ==, "heure");
  g_assert_cmpstr(cell(table, 0, 1), ==, "charge");
  g_assert_cmpstr(cell(table, 0, 2), ==, "hier");
  g_autofree char *clock = casa_lang_clock(NOW - 10 * MINUTE, FALSE);
  g_assert_cmpstr(cell(table, 1, 0), ==, clock);
  g_assert_cmpstr(cell(table, 1, 1), ==, "64,5"); /* minutes 50 to 59: 60 to 69 */
  g_assert_cmpstr(cell(table, 4, 1), ==, "—");    /* minutes 20 to 29 */
  g_assert_cmpstr(cell(table, 6, 2), ==, "12,5"); /* minutes 0 to 9 */
  g_autoptr(GPtrArray) heads = casa_chart_table(&f->picture, 0);
  g_assert_cmpuint(heads->len, ==, 1);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/ui/chart/readout/reading", test_reading);
  ADD("/ui/chart/readout/words", test_words);
  ADD("/ui/chart/readout/step", test_step);
  ADD("/ui/chart/readout/table", test_table);
  return g_test_run();
}
