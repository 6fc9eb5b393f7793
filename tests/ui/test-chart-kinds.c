/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/heat-strip.h"
#include "ui/chart/ranking.h"
#include "ui/chart/scatter.h"
#include "ui/chart/sparkline.h"
#include "ui/chart/stacked-area.h"
#include "ui/chart/wind-rose.h"
#include "ui/text/lang.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

/* Every painter against the picture that was looked at and kept (golden/). Letters differ a little from machine to machine, so
 * pictures are compared in blocks of 8 pixels. CASA_GOLDEN=write keeps new ones: look at them before they are committed. */

#define WIDTH 400
#define HEIGHT 240
#define BLOCK 8
#define MEAN_MOST 2.5 /* of 255, over all blocks */
#define BLOCK_MOST 70 /* of 255, of one block: a letter that moved */
#define NOW G_GINT64_CONSTANT(1779385327000)
#define HOUR G_GINT64_CONSTANT(3600000)

/* Lines have colours of their own; painters see to it that they are seen on any ground. */
static const CasaRgb blue = { 0.34, 0.71, 0.91 }, amber = { 0.91, 0.64, 0.24 }, green = { 0.18, 0.78, 0.6 },
                     yellow = { 0.94, 0.83, 0.35 };

typedef void (*PaintFunc)(const CasaPlot *plot);

static void
paint_ranking(const CasaPlot *plot)
{
  static const double members[] = { 1.0, 2.2, 2.9, 3.1, 4.4, 6.6 };
  const CasaRankingRow rows[] = {
    { .name = "T1",
      .colour = { 0.91, 0.36, 0.05 },
      .value = 3.33,
      .text = "3:20",
      .is_spread = TRUE,
      .p10 = 1.2,
      .p25 = 2.1,
      .p75 = 4.5,
      .p90 = 6.2,
      .members = members,
      .n_members = G_N_ELEMENTS(members) },
    { .name = "T2", .colour = { 0.96, 0.76, 0 }, .value = 2.4, .text = "2:24" },
    { .name = "BW1", .colour = { 0.13, 0.45, 0.29 }, .value = NAN },
  };
  casa_ranking_paint(plot, &(CasaRanking){ .rows = rows,
                                           .n_rows = G_N_ELEMENTS(rows),
                                           .decimals = 1,
                                           .unit = "min",
                                           .chips = TRUE,
                                           .limits = { { 5, "limite" } },
                                           .n_limits = 1 });
}

/* The last of more rows than fit is the one where something happens. */
static void
paint_held(const CasaPlot *plot)
{
  CasaRankingRow rows[24] = { { .name = NULL } };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    rows[i] = (CasaRankingRow){ .name = "Sidi Othmane", .colour = green, .value = 100 - 4.0 * i };
  rows[G_N_ELEMENTS(rows) - 1] = (CasaRankingRow){ .name = "Maârif", .colour = green, .value = 6, .marked = TRUE };
  casa_ranking_paint(plot, &(CasaRanking){ .rows = rows, .n_rows = G_N_ELEMENTS(rows), .unit = "MW" });
}

static void
paint_bars(const CasaPlot *plot)
{
  const CasaRankingRow rows[] = {
    { .name = "Aïn Sebaâ", .colour = green, .value = 74.2 },
    { .name = "Anfa", .colour = green, .value = 31 },
    { .name = "Écart", .colour = plot->theme->bad, .value = -12 },
  };
  casa_ranking_paint(plot, &(CasaRanking){ .rows = rows, .n_rows = G_N_ELEMENTS(rows), .decimals = 1, .unit = "µg/m³" });
}

static void
paint_heat(const CasaPlot *plot)
{
  static const char *const days[] = { "lun.", "mar.", "mer.", "jeu." };
  double values[4 * 24];
  for (guint i = 0; i < G_N_ELEMENTS(values); i++)
    values[i] = i >= 30 && i < 36 ? NAN : 50 + 40 * sin(i % 24 / 24.0 * 2 * G_PI) + i / 24 * 5.0;
  casa_heat_strip_paint(plot,
                        &(CasaHeatStrip){ .values = values, .days = days, .n_days = 4, .low = 0, .high = 110, .unit = "MW" });
}

static void
paint_scatter(const CasaPlot *plot)
{
  CasaScatterPoint points[200];
  for (guint i = 0; i < G_N_ELEMENTS(points); i++) {
    const double flow = 1000 + 900 * sin(i / 15.0);
    points[i] = (CasaScatterPoint){ i % 50 == 49 ? NAN : flow, 55 - flow / 60 + 4 * sin(i * 2.3) };
  }
  casa_scatter_paint(plot, &(CasaScatter){ .points = points,
                                           .n_points = G_N_ELEMENTS(points),
                                           .n_path = 12,
                                           .colour = blue,
                                           .x_unit = "véh/h",
                                           .y_unit = "km/h",
                                           .now_text = "18:40" });
}

static void
paint_rose(const CasaPlot *plot)
{
  static const double bounds[] = { 2, 5, 8 };
  double from[300], speed[300];
  CasaWindRose rose;
  for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
    from[i] = 320 + 50 * sin(i * 1.7);
    speed[i] = 4.5 + 4.5 * sin(i * 0.37);
  }
  casa_wind_rose_count(&rose, from, speed, G_N_ELEMENTS(from), 0.5, bounds);
  casa_wind_rose_paint(plot, &rose, &(CasaWindRoseWords){ { "N", "E", "S", "O" }, "m/s", "calme" });
}

static void
paint_sparkline(const CasaPlot *plot)
{
  double values[60];
  for (guint i = 0; i < G_N_ELEMENTS(values); i++)
    values[i] = i >= 20 && i < 26 ? NAN : sin(i / 6.0) + i / 30.0;
  casa_sparkline_paint(plot, &(CasaSparkline){ .values = values, .n = G_N_ELEMENTS(values), .colour = amber });
}

static void
paint_stack(const CasaPlot *plot)
{
  double grid[96], solar[96], wind[96];
  for (guint i = 0; i < 96; i++) {
    solar[i] = MAX(0, 120 * sin((i - 24) / 48.0 * G_PI));
    wind[i] = 60 + 20 * sin(i / 9.0);
    grid[i] = i >= 40 && i < 46 ? NAN : 500 + 150 * sin(i / 20.0);
  }
  casa_stacked_area_paint(
    plot, &(CasaStackedArea){ .layers = { { "réseau", grid, amber }, { "éolien", wind, blue }, { "solaire", solar, yellow } },
                              .n_layers = 3,
                              .n_columns = 96,
                              .from_ms = NOW - 24 * HOUR,
                              .to_ms = NOW,
                              .zero_based = TRUE,
                              .unit = "MW" });
}

static void
paint_band(const CasaPlot *plot)
{
  double low[96], span[96];
  for (guint i = 0; i < 96; i++) {
    low[i] = 500 + 60 * sin(i / 12.0);
    span[i] = 30 + i / 2.0;
  }
  casa_stacked_area_paint(
    plot, &(CasaStackedArea){ .layers = { { .values = low, .clear = TRUE }, { "p10–p90", span, plot->theme->provenance } },
                              .n_layers = 2,
                              .n_columns = 96,
                              .from_ms = NOW - 24 * HOUR,
                              .to_ms = NOW,
                              .unit = "MW" });
}

/* The chart of lines with all that it has: two panes, yesterday, a gap, a limit. */
static void
paint_lines(const CasaPlot *plot)
{
  g_autoptr(CasaPyramid) today = casa_pyramid_new(4096), yesterday = casa_pyramid_new(4096);
  const CasaChartGap gap = { NOW - 14 * HOUR, NOW - 12 * HOUR };
  for (gint64 t = NOW - 24 * HOUR; t <= NOW; t += 120000) {
    const double hour = (double)(t - NOW) / HOUR;
    casa_pyramid_add(yesterday, t, 60 + 25 * sin(hour / 3));
    if (t < gap.from_ms || t > gap.to_ms)
      casa_pyramid_add(today, t, 70 + 30 * sin(hour / 3 + 0.3));
  }
  const CasaChartPicture picture = {
    .from_ms = NOW - 24 * HOUR,
    .to_ms = NOW,
    .now_ms = NOW,
    .gap_ms = HOUR / 2,
    .last_pane_ms = HOUR,
    .lines = { { .data = today, .name = "PM10", .colour = green, .fill = TRUE },
               { .data = yesterday, .name = "hier", .colour = plot->theme->muted, .behind = TRUE } },
    .n_lines = 2,
    .limits = { { 90, "OMS", plot->theme->warning } },
    .n_limits = 1,
    .gaps = &gap,
    .n_gaps = 1,
    .gap_text = "lacune",
    .zero_based = TRUE,
    .show_values = TRUE,
    .theme = plot->theme,
    .font = plot->font,
    .font_px = plot->font_px,
    .line_px = 3,
  };
  casa_chart_paint(plot->cr, plot->pango, plot->width, plot->height, &picture);
}

/* Flags: an event that lasted, one that lasts, a moment, one so near the one before that only its pole has room, and one that
 * has just begun, whose sign must not stand on the curve's name. */
static void
paint_flags(const CasaPlot *plot)
{
  g_autoptr(CasaPyramid) load = casa_pyramid_new(4096);
  for (gint64 t = NOW - 6 * HOUR; t <= NOW; t += 60000)
    casa_pyramid_add(load, t, 700 + 60 * sin((double)(t - NOW) / HOUR));
  const CasaChartFlag flags[] = {
    { NOW - 5 * HOUR, NOW - 4 * HOUR, "⚡", "coupure, Maârif", plot->theme->bad },
    { NOW - 11 * HOUR / 4, NOW - 11 * HOUR / 4, "N", "match", plot->theme->ink },
    { NOW - 5 * HOUR / 2, NOW - 5 * HOUR / 2, "N", "près", plot->theme->ink },
    { NOW - HOUR, CASA_CHART_FLAG_OPEN, "!", "chergui", plot->theme->warning },
    { NOW - HOUR / 60, CASA_CHART_FLAG_OPEN, "⚡", "coupure", plot->theme->bad },
  };
  const CasaChartPicture picture = {
    .from_ms = NOW - 6 * HOUR,
    .to_ms = NOW,
    .now_ms = NOW,
    .lines = { { .data = load, .name = "charge", .colour = amber } },
    .n_lines = 1,
    .flags = flags,
    .n_flags = G_N_ELEMENTS(flags),
    .show_values = TRUE,
    .theme = plot->theme,
    .font = plot->font,
    .font_px = plot->font_px,
    .line_px = 3,
  };
  casa_chart_paint(plot->cr, plot->pango, plot->width, plot->height, &picture);
}

/* An event: what was measured, what would have been (dotted), and the area between both, which has a gap where nothing was
 * measured. */
static void
paint_event(const CasaPlot *plot)
{
  g_autoptr(CasaPyramid) load = casa_pyramid_new(4096);
  g_autoptr(CasaPyramid) without = casa_pyramid_new(4096);
  for (gint64 t = NOW - HOUR / 2; t <= NOW; t += 10000)
    if (t < NOW - HOUR / 12 || t > NOW - HOUR / 20)
      casa_pyramid_add(load, t, (t < NOW - HOUR / 5 ? 810 : 765) + (double)(t - NOW) / HOUR * 20);
  for (gint64 t = NOW - HOUR / 5; t <= NOW; t += 60000)
    casa_pyramid_add(without, t, 811 + (double)(t - NOW) / HOUR * 20);
  const CasaChartPicture picture = {
    .from_ms = NOW - HOUR / 2,
    .to_ms = NOW,
    .now_ms = NOW,
    .gap_ms = 60000,
    .lines = { { .data = load, .name = "charge", .colour = amber },
               { .data = without, .name = "sans (estimé)", .colour = plot->theme->ink, .dotted = TRUE } },
    .n_lines = 2,
    .between = { TRUE, 0, 1, plot->theme->bad },
    .show_values = TRUE,
    .theme = plot->theme,
    .font = plot->font,
    .font_px = plot->font_px,
    .line_px = 3,
  };
  casa_chart_paint(plot->cr, plot->pango, plot->width, plot->height, &picture);
}

static const struct {
  const char *name;
  PaintFunc paint;
} kinds[] = {
  { "ranking", paint_ranking }, { "bars", paint_bars },           { "heat-strip", paint_heat },    { "scatter", paint_scatter },
  { "wind-rose", paint_rose },  { "sparkline", paint_sparkline }, { "stacked-area", paint_stack }, { "band", paint_band },
  { "lines", paint_lines },     { "flags", paint_flags },         { "event", paint_event },        { "held", paint_held },
};

static void
paint_on(cairo_surface_t *surface, const char *theme, PaintFunc paint)
{
  cairo_t *cr = cairo_create(surface);
  PangoContext *pango = pango_cairo_create_context(cr);
  const CasaTheme *t = casa_theme_get(theme);
  cairo_set_source_rgb(cr, t->panel.r, t->panel.g, t->panel.b);
  cairo_paint(cr);
  paint(&(CasaPlot){ cr, pango, t, "Inter, sans-serif", 15, WIDTH, HEIGHT });
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  g_object_unref(pango);
  cairo_destroy(cr);
}

static cairo_surface_t *
picture_of(const char *theme, PaintFunc paint)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  paint_on(surface, theme, paint);
  cairo_surface_flush(surface);
  return surface;
}

static char *
golden_path(const char *name, const char *theme)
{
  g_autofree char *file = g_strdup_printf("%s-%s.png", name, theme);
  return g_test_build_filename(G_TEST_DIST, "golden", file, NULL);
}

static double
block_sum(cairo_surface_t *surface, gint left, gint top, guint channel)
{
  const guchar *data = cairo_image_surface_get_data(surface);
  double sum = 0;
  for (gint y = top; y < top + BLOCK; y++)
    for (gint x = left; x < left + BLOCK; x++) {
      guint32 pixel;
      memcpy(&pixel, data + y * cairo_image_surface_get_stride(surface) + 4 * x, sizeof pixel);
      sum += pixel >> (8 * channel) & 0xff;
    }
  return sum / (BLOCK * BLOCK);
}

static gboolean
look_alike(cairo_surface_t *a, cairo_surface_t *b, double *mean, double *most)
{
  guint n = 0;
  *mean = *most = 0;
  for (gint y = 0; y + BLOCK <= HEIGHT; y += BLOCK)
    for (gint x = 0; x + BLOCK <= WIDTH; x += BLOCK)
      for (guint channel = 0; channel < 3; channel++, n++) {
        const double off = fabs(block_sum(a, x, y, channel) - block_sum(b, x, y, channel));
        *mean += off;
        *most = MAX(*most, off);
      }
  *mean /= n;
  return *mean <= MEAN_MOST && *most <= BLOCK_MOST;
}

/* Debian 13's Inter is narrower than Debian 12's: what stands beside letters moves by some pixels. */
static gboolean
is_like_inter4(cairo_surface_t *surface, const char *name, const char *theme)
{
  g_autofree char *also = g_strconcat(theme, "-inter4", NULL), *path = golden_path(name, also);
  cairo_surface_t *golden = cairo_image_surface_create_from_png(path);
  double mean, most;
  gboolean alike = cairo_surface_status(golden) == CAIRO_STATUS_SUCCESS && look_alike(surface, golden, &mean, &most);
  cairo_surface_destroy(golden);
  return alike;
}

static void
compare(const char *name, const char *theme, PaintFunc paint)
{
  g_autofree char *path = golden_path(name, theme);
  cairo_surface_t *surface = picture_of(theme, paint);
  if (g_strcmp0(g_getenv("CASA_GOLDEN"), "write") == 0)
    g_assert_cmpint(cairo_surface_write_to_png(surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_t *golden = cairo_image_surface_create_from_png(path);
  double mean, most;
  if (cairo_surface_status(golden) != CAIRO_STATUS_SUCCESS)
    g_error("%s: no picture is kept; CASA_GOLDEN=write makes one", path);
  if (!look_alike(surface, golden, &mean, &most) && !is_like_inter4(surface, name, theme)) {
    g_autofree char *ours = g_strdup_printf("chart-%s-%s.png", name, theme);
    g_autofree char *kept = g_test_build_filename(G_TEST_BUILT, ours, NULL);
    cairo_surface_write_to_png(surface, kept);
    g_error("%s does not look like %s: mean %.1f, worst block %.1f", kept, path, mean, most);
  }
  cairo_surface_destroy(golden);
  cairo_surface_destroy(surface);
}

static void
test_golden(gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT(data);
  compare(kinds[i].name, "dark", kinds[i].paint);
  compare(kinds[i].name, "light", kinds[i].paint);
}

/* No picture passes for another one. */
static void
test_tells_apart(void)
{
  double mean, most;
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    for (guint k = i + 1; k < G_N_ELEMENTS(kinds); k++) {
      cairo_surface_t *a = picture_of("dark", kinds[i].paint), *b = picture_of("dark", kinds[k].paint);
      g_assert_false(look_alike(a, b, &mean, &most));
      cairo_surface_destroy(a);
      cairo_surface_destroy(b);
    }
}

static cairo_status_t
count_cb(void *closure, const unsigned char *data, unsigned int length)
{
  *(gsize *)closure += length;
  return CAIRO_STATUS_SUCCESS;
}

/* The same painters write SVG and PDF. */
static void
test_on_paper(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    gsize svg = 0, pdf = 0;
    cairo_surface_t *surfaces[] = { cairo_svg_surface_create_for_stream(count_cb, &svg, WIDTH, HEIGHT),
                                    cairo_pdf_surface_create_for_stream(count_cb, &pdf, WIDTH, HEIGHT) };
    for (guint k = 0; k < 2; k++) {
      paint_on(surfaces[k], "light", kinds[i].paint);
      cairo_surface_finish(surfaces[k]);
      g_assert_cmpint(cairo_surface_status(surfaces[k]), ==, CAIRO_STATUS_SUCCESS);
      cairo_surface_destroy(surfaces[k]);
    }
    g_assert_cmpuint(svg, >, 1000);
    g_assert_cmpuint(pdf, >, 1000);
  }
}

/* Nothing at all, one of everything, no room: no painter stumbles. */
static void
test_odd_sizes(void)
{
  static const double sizes[][2] = { { 1, 1 }, { 3, 200 }, { 200, 3 }, { 40, 20 } };
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create(surface);
  PangoContext *pango = pango_cairo_create_context(cr);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    for (guint k = 0; k < G_N_ELEMENTS(sizes); k++)
      kinds[i].paint(&(CasaPlot){ cr, pango, casa_theme_get("contrast"), NULL, 15, sizes[k][0], sizes[k][1] });
  const CasaPlot plot = { cr, pango, casa_theme_get("dark"), NULL, 15, WIDTH, HEIGHT };
  casa_ranking_paint(&plot, &(CasaRanking){ .n_rows = 0 });
  casa_heat_strip_paint(&plot, &(CasaHeatStrip){ .n_days = 0 });
  casa_scatter_paint(&plot, &(CasaScatter){ .now_text = "18:40" });
  casa_sparkline_paint(&plot, &(CasaSparkline){ .n = 0 });
  casa_stacked_area_paint(&plot, &(CasaStackedArea){ .to_ms = HOUR });
  casa_wind_rose_paint(&plot, &(CasaWindRose){ .n = 0 }, &(CasaWindRoseWords){ { "N", "E", "S", "O" }, "m/s", "calme" });
  g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
  g_object_unref(pango);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
}

/* Every observation is in one sector and one class, or calm; north is around 0 and 360. */
static void
test_rose_counts(void)
{
  static const double bounds[] = { 2, 5, 8 };
  const double from[] = { 0, 359, -5, 725, 90, 10, NAN, 180 }, speed[] = { 1, 1, 3, 9, 2, 0.1, 4, NAN };
  CasaWindRose rose;
  double sum;
  casa_wind_rose_count(&rose, from, speed, G_N_ELEMENTS(from), 0.5, bounds);
  sum = rose.calm;
  for (guint s = 0; s < CASA_WIND_SECTORS; s++)
    for (guint c = 0; c < CASA_WIND_CLASSES; c++)
      sum += rose.share[s][c];
  g_assert_cmpuint(rose.n, ==, 6);
  g_assert_cmpfloat_with_epsilon(sum, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon(rose.share[0][0], 2 / 6.0, 1e-9);
  g_assert_cmpfloat_with_epsilon(rose.share[0][1], 1 / 6.0, 1e-9);
  g_assert_cmpfloat_with_epsilon(rose.share[0][3], 1 / 6.0, 1e-9);
  g_assert_cmpfloat_with_epsilon(rose.share[4][1], 1 / 6.0, 1e-9);
  g_assert_cmpfloat_with_epsilon(rose.calm, 1 / 6.0, 1e-9);
}

/* Whatever colour is asked for: marks stand out from the ground by 3:1, text by 4.5:1. */
static void
test_contrast(void)
{
  static const char *const themes[] = { "dark", "light", "contrast" };
  for (guint i = 0; i < 200; i++) {
    const CasaRgb any = { g_test_rand_double(), g_test_rand_double(), g_test_rand_double() };
    const CasaPlot plot = { .theme = casa_theme_get(themes[i % 3]) };
    g_assert_cmpfloat(casa_rgb_contrast(casa_plot_mark(&plot, any), plot.theme->panel), >=, 2.99);
    g_assert_cmpfloat(casa_rgb_contrast(casa_plot_ink(&plot, any), plot.theme->panel), >=, 4.49);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  casa_lang_set("fr");
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autofree char *path = g_strdup_printf("/ui/chart/kinds/golden/%s", kinds[i].name);
    g_test_add_data_func(path, GUINT_TO_POINTER(i), test_golden);
  }
  g_test_add_func("/ui/chart/kinds/tells-apart", test_tells_apart);
  g_test_add_func("/ui/chart/kinds/on-paper", test_on_paper);
  g_test_add_func("/ui/chart/kinds/odd-sizes", test_odd_sizes);
  g_test_add_func("/ui/chart/kinds/rose-counts", test_rose_counts);
  g_test_add_func("/ui/chart/kinds/contrast", test_contrast);
  return g_test_run();
}
