/* SPDX-License-Identifier: Apache-2.0 */
/* What a full redraw of a chart costs: 8 series of 1,000,000 samples (or as many as are named: bench-redraw 10000000) at
 * 1600×800, beside an empty chart, a cleared frame, and the same line stroked sample by sample (a few thousand of them only:
 * the cost rises faster than their number). Processor time, so that other programs disturb less. */
#include "ui/chart/chart-paint.h"
#include <math.h>
#include <pango/pangocairo.h>
#include <time.h>

enum { SERIES = 8, WIDTH = 1600, HEIGHT = 800, RUNS = 101 };

static guint n_samples = 1000000;

static const gint64 start_ms = G_GINT64_CONSTANT(1779385327000);

typedef struct {
  cairo_t *cr;
  PangoContext *pango;
  CasaChartPicture picture;
  CasaPyramid *series[SERIES];
  guint polyline; /* samples of the naive line */
} Bench;

static void
fill_series(Bench *self)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(1);
  for (guint s = 0; s < SERIES; s++) {
    self->series[s] = casa_pyramid_new(n_samples);
    double drift = 0;
    for (guint i = 0; i < n_samples; i++) {
      drift = drift * 0.999 + g_rand_double_range(random, -0.5, 0.5);
      const double wave = 40 * sin(i * (20.0 / n_samples) + s) + 10 * s;
      casa_pyramid_add(self->series[s], start_ms + (gint64)i * 1000, wave + drift + g_rand_double_range(random, -4, 4));
    }
  }
}

static void
clear_frame(Bench *self)
{
  const CasaRgb panel = self->picture.theme->panel;
  cairo_set_source_rgb(self->cr, panel.r, panel.g, panel.b);
  cairo_paint(self->cr);
}

static void
draw_chart(Bench *self)
{
  clear_frame(self);
  casa_chart_paint(self->cr, self->pango, WIDTH, HEIGHT, &self->picture);
}

static void
stroke_samples(Bench *self)
{
  clear_frame(self);
  cairo_set_source_rgb(self->cr, 1, 1, 1);
  cairo_set_line_width(self->cr, 3);
  for (guint i = 0; i < self->polyline; i++) {
    gint64 t;
    double value;
    casa_pyramid_get(self->series[0], i * (n_samples / self->polyline), &t, &value);
    cairo_line_to(self->cr, (double)(t - start_ms) / 1000 / n_samples * WIDTH, HEIGHT / 2.0 - value * 3);
  }
  cairo_stroke(self->cr);
}

static int
compare_times(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
processor_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Milliseconds, median. */
static double
measure(Bench *self, void (*draw)(Bench *), guint runs)
{
  double times[RUNS];
  for (guint i = 0; i < runs; i++) {
    const double begin = processor_ms();
    draw(self);
    times[i] = processor_ms() - begin;
  }
  qsort(times, runs, sizeof *times, compare_times);
  return times[runs / 2];
}

static void
show(const char *what, double ms, double unit)
{
  g_print("%-58s %9.2f ms  %8.2f\n", what, ms, ms / unit);
}

static void
set_lines(Bench *self, guint n, gint64 span_ms)
{
  const CasaTheme *theme = casa_theme_get("dark");
  const CasaRgb colours[] = { theme->accent, theme->warning, theme->good, theme->muted,
                              theme->second, theme->bad,     theme->ink,  theme->provenance };
  self->picture = (CasaChartPicture){
    .from_ms = start_ms + n_samples * G_GINT64_CONSTANT(1000) - span_ms,
    .to_ms = start_ms + n_samples * G_GINT64_CONSTANT(1000),
    .theme = theme,
    .font = "Inter",
    .font_px = 20,
    .line_px = 3,
    .n_lines = n,
  };
  for (guint s = 0; s < n; s++)
    self->picture.lines[s] = (CasaChartLine){ .data = self->series[s], .colour = colours[s] };
}

static void
run(Bench *self)
{
  const gint64 all = n_samples * G_GINT64_CONSTANT(1000);
  set_lines(self, 0, all);
  const double cleared = measure(self, clear_frame, RUNS), empty = measure(self, draw_chart, RUNS);
  set_lines(self, SERIES, all);
  const double full = measure(self, draw_chart, RUNS);
  set_lines(self, SERIES, all / 100);
  const double zoomed = measure(self, draw_chart, RUNS);
  g_print("%-58s %12s  %8s\n", "redraw, 1600x800, processor time, medians", "", "ratio");
  show("cleared frame", cleared, empty);
  show("empty chart (grid, labels)", empty, empty);
  g_autofree char *all_of_them = g_strdup_printf("8 series x %u samples", n_samples);
  g_autofree char *some = g_strdup_printf("8 series x %u samples (zoomed in a hundred times)", n_samples / 100);
  show(all_of_them, full, empty);
  show(some, zoomed, empty);
  g_print("%-58s %9.2f ms  %8.2f of the empty chart\n", "lines alone, each", (full - empty) / SERIES,
          (full - empty) / SERIES / empty);
  for (self->polyline = 1000; self->polyline <= 8000; self->polyline *= 2) {
    g_autofree char *what = g_strdup_printf("one naive polyline of %u samples", self->polyline);
    const double naive = measure(self, stroke_samples, 3);
    show(what, naive, empty);
    if (naive > 2000)
      break;
  }
}

int
main(int argc, char **argv)
{
  Bench bench = { 0 };
  if (argc > 1)
    n_samples = (guint)CLAMP(g_ascii_strtoull(argv[1], NULL, 10), 10000, 50000000);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  bench.cr = cairo_create(surface);
  bench.pango = pango_cairo_create_context(bench.cr);
  fill_series(&bench);
  run(&bench);
  for (guint s = 0; s < SERIES; s++)
    casa_pyramid_free(bench.series[s]);
  g_object_unref(bench.pango);
  cairo_destroy(bench.cr);
  cairo_surface_destroy(surface);
  return 0;
}
