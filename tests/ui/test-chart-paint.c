/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-layout.h"
#include "ui/text/lang.h"
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define HOUR G_GINT64_CONSTANT(3600000)
#define NOW G_GINT64_CONSTANT(1779385327000) /* 2026-05-21, 18:42 in Casablanca */

/* A chart painted on an image, looked at by code, and kept beside the test for people. */
typedef struct {
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *pango;
  CasaChartPicture chart;
  CasaPyramid *series[4];
  gint width, height;
  double scale;
} Picture;

static void
picture_init(Picture *p, gint width, gint height, double scale, const char *theme)
{
  *p = (Picture){ .width = width, .height = height, .scale = scale };
  p->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (gint)(width * scale), (gint)(height * scale));
  cairo_surface_set_device_scale(p->surface, scale, scale);
  p->cr = cairo_create(p->surface);
  p->pango = pango_cairo_create_context(p->cr);
  p->chart = (CasaChartPicture){
    .from_ms = NOW - 24 * HOUR,
    .to_ms = NOW + 3 * HOUR,
    .now_ms = NOW,
    .gap_ms = HOUR / 2,
    .zero_based = TRUE,
    .theme = casa_theme_get(theme),
    .font = "Inter, sans-serif",
    .font_px = 16,
    .line_px = 3,
    .empty_text = "Aucune mesure depuis 24 h",
  };
}

static void
picture_clear(Picture *p)
{
  for (guint i = 0; i < G_N_ELEMENTS(p->series); i++)
    casa_pyramid_free(p->series[i]);
  g_object_unref(p->pango);
  cairo_destroy(p->cr);
  cairo_surface_destroy(p->surface);
  casa_lang_set("fr");
}

/* A day of samples every @step_ms around @base, without those from 3 to 5 hours after the start. */
static void
add_line(Picture *p, const char *name, CasaRgb colour, double base, double swing, gint64 step_ms)
{
  const guint i = p->chart.n_lines++;
  p->series[i] = casa_pyramid_new(1 << 20);
  for (gint64 t = p->chart.from_ms; t <= NOW; t += step_ms) {
    const double hour = (double)(t - p->chart.from_ms) / HOUR;
    if (hour <= 3 || hour >= 5)
      casa_pyramid_add(p->series[i], t, base + swing * sin(hour / 3));
  }
  p->chart.lines[i] = (CasaChartLine){ .data = p->series[i], .name = name, .colour = colour };
}

static CasaChartLayout
paint(Picture *p)
{
  CasaChartLayout layout;
  const CasaRgb panel = p->chart.theme->panel;
  cairo_set_source_rgb(p->cr, panel.r, panel.g, panel.b);
  cairo_paint(p->cr);
  casa_chart_paint(p->cr, p->pango, p->width, p->height, &p->chart);
  cairo_surface_flush(p->surface);
  casa_chart_layout_init(&layout, p->pango, p->width, p->height, p->scale, &p->chart);
  return layout;
}

static void
keep(Picture *p, const char *name)
{
  g_autofree char *path = g_test_build_filename(G_TEST_BUILT, name, NULL);
  g_assert_cmpint(cairo_surface_write_to_png(p->surface, path), ==, CAIRO_STATUS_SUCCESS);
}

/* How far a pixel's colour is from another, per channel at most. */
static double
distance(Picture *p, gint x, gint y, CasaRgb c)
{
  const guchar *data = cairo_image_surface_get_data(p->surface);
  const guchar *at = data + (gsize)y * (gsize)cairo_image_surface_get_stride(p->surface) + 4 * (gsize)x;
  guint32 pixel;
  memcpy(&pixel, at, sizeof pixel);
  const double r = (pixel >> 16 & 0xff) / 255.0, g = (pixel >> 8 & 0xff) / 255.0, b = (pixel & 0xff) / 255.0;
  return MAX(fabs(r - c.r), MAX(fabs(g - c.g), fabs(b - c.b)));
}

static guint
count_colour(Picture *p, CasaRgb colour, gint left, gint top, gint right, gint bottom)
{
  guint n = 0;
  for (gint y = MAX(0, top); y < MIN(bottom, cairo_image_surface_get_height(p->surface)); y++)
    for (gint x = MAX(0, left); x < MIN(right, cairo_image_surface_get_width(p->surface)); x++)
      n += distance(p, x, y, colour) < 0.06 ? 1 : 0;
  return n;
}

static const CasaRgb magenta = { 1, 0, 1 }, yellow = { 1, 1, 0 };

/* The line is there wherever there is data, and nowhere else; few samples (stroked) and many (filled) alike. */
static void
test_line_and_gap(void)
{
  const gint64 steps[] = { 10 * 60000, 60000, 2000 };
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    Picture p;
    picture_init(&p, 600, 300, 1, "dark");
    add_line(&p, NULL, magenta, 50, 20, steps[i]);
    const CasaChartLayout layout = paint(&p);
    for (double hour = 0.3; hour < 23.7; hour += 0.1) {
      const gint x = (gint)casa_chart_layout_x(&layout, p.chart.from_ms + (gint64)(hour * HOUR));
      const gint y = (gint)casa_chart_layout_y(&layout, 50 + 20 * sin(hour / 3));
      if (hour < 2.8 || hour > 5.2)
        g_assert_cmpuint(count_colour(&p, magenta, x, y - 3, x + 1, y + 4), >=, 2);
      else if (hour > 3.2 && hour < 4.8)
        g_assert_cmpuint(count_colour(&p, magenta, x, 0, x + 1, p.height), ==, 0);
    }
    picture_clear(&p);
  }
}

static guint
count_dashes(Picture *p, CasaRgb colour, gint left, gint right, gint y)
{
  guint dashes = 0;
  gboolean on = FALSE;
  for (gint x = left; x < right; x++) {
    const gboolean here = count_colour(p, colour, x, y - 1, x + 1, y + 2) > 0;
    dashes += here && !on ? 1 : 0;
    on = here;
  }
  return dashes;
}

static void
test_limits_when_near(void)
{
  Picture p;
  picture_init(&p, 600, 300, 1, "dark");
  add_line(&p, NULL, magenta, 50, 20, 60000);
  p.chart.limits[0] = (CasaChartLimit){ 100, "OMS 24 h", yellow };
  p.chart.limits[1] = (CasaChartLimit){ 900, "lointaine", { 0, 1, 0 } };
  p.chart.n_limits = 2;
  const CasaChartLayout layout = paint(&p);
  g_assert_cmpfloat(layout.values.high, >=, 100);
  g_assert_cmpfloat(layout.values.high, <, 200);
  const gint y = (gint)casa_chart_layout_y(&layout, 100);
  g_assert_cmpuint(count_dashes(&p, yellow, (gint)layout.x, (gint)(layout.x + layout.w), y), >, 20);
  /* Its name, and nothing of the far one. */
  g_assert_cmpuint(count_colour(&p, yellow, 0, y - 24, p.width, y - 2) + count_colour(&p, yellow, 0, y + 3, p.width, y + 25), >,
                   20);
  g_assert_cmpuint(count_colour(&p, p.chart.limits[1].colour, 0, 0, p.width, p.height), ==, 0);
  keep(&p, "chart-limit.png");
  picture_clear(&p);
}

static void
assert_names_fit(const CasaChartLayout *layout)
{
  for (guint i = 0; i < layout->n_names; i++) {
    const CasaChartName *name = &layout->names[i];
    g_assert_cmpfloat(name->x, >=, layout->x);
    g_assert_cmpfloat(name->x + name->width, <=, layout->width + 0.01);
    g_assert_cmpfloat(name->middle - layout->text_height * 0.45, >=, 0);
    g_assert_cmpfloat(name->middle + layout->text_height * 0.45, <=, layout->height);
    if (i > 0)
      g_assert_cmpfloat(name->middle - layout->names[i - 1].middle, >=, layout->text_height * 0.9);
  }
}

static void
assert_times_apart(const CasaChartLayout *layout)
{
  double end = -1;
  for (guint i = 0; i < layout->n_times; i++) {
    g_autofree char *label = casa_chart_layout_time_label(layout->times[i], layout->time_step);
    double width, height;
    casa_chart_text_measure(&layout->small, label, &width, &height);
    const double x = casa_chart_layout_x(layout, layout->times[i]);
    g_assert_cmpfloat(x - width / 2, >, end);
    end = x + width / 2;
  }
}

static void
assert_edges_free(Picture *p, CasaRgb colour)
{
  const gint width = cairo_image_surface_get_width(p->surface), height = cairo_image_surface_get_height(p->surface);
  g_assert_cmpuint(count_colour(p, colour, width - 1, 0, width, height), ==, 0);
  g_assert_cmpuint(count_colour(p, colour, 0, 0, width, 1), ==, 0);
  g_assert_cmpuint(count_colour(p, colour, 0, height - 1, width, height), ==, 0);
}

typedef struct {
  const char *png, *lang, *theme;
  gint width, height;
  double scale, font_px, line_px;
  gint64 step_ms;
  const char *second; /* name of the second line */
  gboolean focus;
} Look;

static const Look looks[] = {
  { "chart-wall-fr.png", "fr", "dark", 400, 220, 1, 20, 3, 300000, "NO₂", FALSE },
  { "chart-wall-ar.png", "ar", "dark", 400, 220, 1, 20, 3, 300000, "ثاني أكسيد النيتروجين", FALSE },
  { "chart-wall-en-hidpi.png", "en", "light", 400, 220, 2, 20, 3, 300000, "NO₂", FALSE },
  { "chart-focus-light.png", "fr", "light", 1600, 800, 1, 32, 4, 60000, "NO₂", TRUE },
  { "chart-focus-contrast.png", "fr", "contrast", 1280, 720, 1, 28, 4, 300000, "NO₂", TRUE },
  { "chart-tiny.png", "fr", "dark", 150, 60, 1, 11, 1.5, 300000, "NO₂", FALSE },
  { "chart-narrow.png", "fr", "dark", 90, 400, 1, 14, 2, 300000, "NO₂", TRUE },
  { "chart-flat.png", "fr", "dark", 900, 40, 1, 14, 2, 300000, "NO₂", TRUE },
  { "chart-4k.png", "fr", "dark", 3840, 2160, 1, 64, 8, 20000, "NO₂", TRUE },
};

static void
paint_look(const Look *look)
{
  Picture p;
  picture_init(&p, look->width, look->height, look->scale, look->theme);
  casa_lang_set(look->lang);
  const CasaTheme *theme = p.chart.theme;
  p.chart.font_px = look->font_px;
  p.chart.line_px = look->line_px;
  p.chart.show_values = look->focus;
  p.chart.unit = look->focus ? "µg/m³" : NULL;
  add_line(&p, "PM10", theme->good, 50, 25, look->step_ms);
  add_line(&p, look->second, theme->second, 47, 20, look->step_ms);
  p.chart.lines[0].fill = TRUE;
  p.chart.lines[1].dashed = TRUE;
  p.chart.limits[0] = (CasaChartLimit){ 45, "OMS 24 h", theme->warning };
  p.chart.n_limits = 1;
  const CasaChartLayout layout = paint(&p);
  keep(&p, look->png);
  assert_names_fit(&layout);
  assert_times_apart(&layout);
  assert_edges_free(&p, theme->good);
  assert_edges_free(&p, theme->second);
  g_assert_cmpfloat(layout.w, >, look->width * 0.3);
  g_assert_cmpfloat(layout.h, >, look->height * 0.3);
  g_assert_cmpuint(layout.values.n_ticks, <=, 4);
  const gint left = (gint)(layout.x * look->scale), right = (gint)((layout.x + layout.w) * look->scale);
  g_assert_cmpuint(count_colour(&p, theme->good, left, 0, right, G_MAXINT), >, (guint)(layout.w / 4));
  picture_clear(&p);
}

static void
test_looks(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(looks); i++) {
    g_test_message("%s", looks[i].png);
    paint_look(&looks[i]);
  }
}

/* The same latest value four times: four names, one below the other. */
static void
test_names_keep_apart(void)
{
  Picture p;
  picture_init(&p, 500, 240, 1, "dark");
  const char *names[] = { "trafic", "charge", "solaire", "un nom de station bien trop long pour sa place" };
  for (guint i = 0; i < 4; i++)
    add_line(&p, names[i], (CasaRgb){ 1, i / 4.0, 1 }, 50 + i * 0.1, 20, 300000);
  const CasaChartLayout layout = paint(&p);
  keep(&p, "chart-names.png");
  g_assert_cmpuint(layout.n_names, ==, 4);
  assert_names_fit(&layout);
  for (guint i = 0; i < 4; i++) /* each is written right of "now" */
    g_assert_cmpuint(
      count_colour(&p, p.chart.lines[i].colour, (gint)casa_chart_layout_x(&layout, NOW) + 4, 0, p.width, p.height), >, 15);
  picture_clear(&p);
}

static void
test_empty(void)
{
  Picture p;
  picture_init(&p, 400, 200, 1, "dark");
  casa_lang_set("ar");
  p.series[0] = casa_pyramid_new(10);
  casa_pyramid_add(p.series[0], NOW - 100 * HOUR, 5); /* long before the window */
  p.chart.lines[0] = (CasaChartLine){ .data = p.series[0], .name = "PM10", .colour = magenta, .fill = TRUE };
  p.chart.n_lines = 1;
  p.chart.empty_text = "لا توجد قياسات منذ 24 ساعة";
  paint(&p);
  keep(&p, "chart-empty.png");
  g_assert_cmpuint(count_colour(&p, p.chart.theme->muted, 60, 60, 340, 130), >, 40);
  g_assert_cmpuint(count_colour(&p, magenta, 0, 0, 400, 200), ==, 0);
  picture_clear(&p);
}

/* In Arabic the page is mirrored, time is not. */
static void
test_time_runs_left_to_right(void)
{
  Picture p;
  picture_init(&p, 400, 200, 1, "dark");
  casa_lang_set("ar");
  p.series[0] = casa_pyramid_new(1000);
  for (gint i = 0; i <= 240; i++)
    casa_pyramid_add(p.series[0], NOW - 24 * HOUR + i * HOUR / 10, i);
  p.chart.lines[0] = (CasaChartLine){ .data = p.series[0], .colour = magenta };
  p.chart.n_lines = 1;
  const CasaChartLayout layout = paint(&p);
  const gint middle = (gint)(layout.x + layout.w / 2), half = (gint)(layout.y + layout.h / 2);
  g_assert_cmpuint(count_colour(&p, magenta, 0, half + 20, middle - 20, p.height), >, 100);
  g_assert_cmpuint(count_colour(&p, magenta, 0, 0, middle - 40, half - 40), ==, 0);
  picture_clear(&p);
}

static gint
abs_difference(Picture *a, Picture *b)
{
  const guchar *x = cairo_image_surface_get_data(a->surface), *y = cairo_image_surface_get_data(b->surface);
  const gsize size = (gsize)cairo_image_surface_get_stride(a->surface) * (gsize)cairo_image_surface_get_height(a->surface);
  gint most = 0;
  for (gsize i = 0; i < size; i++)
    most = MAX(most, ABS(x[i] - y[i]));
  return most;
}

/* An export (PDF, SVG: told here by a recording) shows the same lines as the screen. */
static void
test_same_on_any_surface(void)
{
  Picture direct, recorded;
  picture_init(&direct, 400, 200, 2, "dark");
  picture_init(&recorded, 400, 200, 2, "dark");
  add_line(&direct, NULL, magenta, 50, 20, 5000);
  add_line(&recorded, NULL, magenta, 50, 20, 5000);
  paint(&direct);
  cairo_surface_t *recording = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create(recording);
  casa_chart_paint(cr, recorded.pango, 400, 200, &recorded.chart);
  cairo_destroy(cr);
  const CasaRgb panel = recorded.chart.theme->panel;
  cairo_set_source_rgb(recorded.cr, panel.r, panel.g, panel.b);
  cairo_paint(recorded.cr);
  cairo_set_source_surface(recorded.cr, recording, 0, 0);
  cairo_paint(recorded.cr);
  cairo_surface_destroy(recording);
  cairo_surface_flush(recorded.surface);
  const guint here = count_colour(&direct, magenta, 0, 0, 800, 400), there = count_colour(&recorded, magenta, 0, 0, 800, 400);
  g_assert_cmpuint(here, >, 2000);
  g_assert_cmpfloat(fabs((double)here - there), <, here * 0.05);
  picture_clear(&direct);
  picture_clear(&recorded);
}

/* Filling pixels directly keeps to the clip and to the place of the context, as drawing would. */
static void
test_clip_and_place(void)
{
  Picture whole, part;
  picture_init(&whole, 400, 200, 1, "dark");
  picture_init(&part, 400, 200, 1, "dark");
  add_line(&whole, NULL, magenta, 50, 20, 5000);
  add_line(&part, NULL, magenta, 50, 20, 5000);
  cairo_rectangle(part.cr, 0, 0, 200, 200);
  cairo_clip(part.cr);
  paint(&whole);
  paint(&part);
  g_assert_cmpuint(count_colour(&part, magenta, 200, 0, 400, 200), ==, 0);
  g_assert_cmpuint(count_colour(&part, magenta, 0, 0, 200, 200), ==, count_colour(&whole, magenta, 0, 0, 200, 200));
  picture_clear(&part);

  picture_init(&part, 500, 260, 1, "dark");
  part.width = 400;
  part.height = 200;
  add_line(&part, NULL, magenta, 50, 20, 5000);
  cairo_translate(part.cr, 100, 60);
  paint(&part);
  g_assert_cmpuint(count_colour(&part, magenta, 0, 0, 100, 260), ==, 0);
  g_assert_cmpuint(count_colour(&part, magenta, 100, 60, 500, 260), ==, count_colour(&whole, magenta, 0, 0, 400, 200));
  picture_clear(&part);
  picture_clear(&whole);
}

/* As the window scrolls by less than a pixel the picture stands still; it does not shimmer. */
static void
test_steady_while_scrolling(void)
{
  Picture before, after;
  picture_init(&before, 400, 200, 1, "dark");
  picture_init(&after, 400, 200, 1, "dark");
  add_line(&before, NULL, magenta, 50, 20, 5000);
  add_line(&after, NULL, magenta, 50, 20, 5000);
  const CasaChartLayout layout = paint(&before);
  const gint64 column_ms = (layout.to_ms - layout.from_ms) / layout.columns;
  /* From just after a column's edge to the middle of the column. */
  before.chart.from_ms = layout.from_ms - column_ms + 1000;
  after.chart.from_ms = layout.from_ms - column_ms / 2;
  before.chart.to_ms = before.chart.from_ms + 27 * HOUR;
  after.chart.to_ms = after.chart.from_ms + 27 * HOUR;
  before.chart.now_ms = after.chart.now_ms = 0;
  paint(&before);
  paint(&after);
  g_assert_cmpint(abs_difference(&before, &after), <=, 1);
  picture_clear(&before);
  picture_clear(&after);
}

/* What is drawn beyond "now" is dots, never a line that could be taken for a measurement; names stand right of both. */
static void
test_beyond_now(void)
{
  Picture p;
  picture_init(&p, 600, 300, 1, "dark");
  add_line(&p, "trafic", magenta, 50, 20, 120000);
  p.series[1] = casa_pyramid_new(1000);
  for (gint64 t = NOW; t <= NOW + 3 * HOUR; t += 120000)
    casa_pyramid_add(p.series[1], t, 60);
  p.chart.lines[p.chart.n_lines++] = (CasaChartLine){ .data = p.series[1], .name = "hier", .colour = yellow, .dotted = TRUE };
  const CasaChartLayout layout = paint(&p);
  keep(&p, "chart-beyond-now.png");
  const gint now = (gint)casa_chart_layout_x(&layout, NOW), end = (gint)(layout.x + layout.w);
  const gint y = (gint)casa_chart_layout_y(&layout, 60);
  g_assert_cmpuint(count_dashes(&p, yellow, now, end, y), >=, 5);
  g_assert_cmpuint(count_colour(&p, yellow, 0, 0, now - 2, p.height), ==, 0);
  g_assert_cmpuint(layout.n_names, ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpfloat(layout.names[i].x, >, casa_chart_layout_x(&layout, NOW + 3 * HOUR - 120000));
  assert_names_fit(&layout);
  picture_clear(&p);
}

/* Where nobody listened is hatched, named when there is room, and seen when it is short. */
static void
test_gaps(void)
{
  const CasaChartGap gaps[] = { { NOW - 21 * HOUR, NOW - 19 * HOUR }, { NOW - 10 * HOUR, NOW - 10 * HOUR + 20000 } };
  Picture p;
  picture_init(&p, 1200, 300, 1, "dark");
  add_line(&p, NULL, magenta, 50, 20, 60000);
  p.chart.gaps = gaps;
  p.chart.n_gaps = G_N_ELEMENTS(gaps);
  p.chart.gap_text = "lacune";
  const CasaChartLayout layout = paint(&p);
  keep(&p, "chart-gaps.png");
  const CasaRgb panel = p.chart.theme->panel;
  for (guint i = 0; i < 2; i++) {
    const gint middle = (gint)casa_chart_layout_x(&layout, (gaps[i].from_ms + gaps[i].to_ms) / 2), reach = i == 0 ? 40 : 1;
    const gint left = middle - reach, right = middle + reach, top = (gint)layout.y + 40,
               bottom = (gint)(layout.y + layout.h) - 2;
    g_assert_cmpuint(count_colour(&p, panel, left, top, right, bottom), <, (guint)((right - left) * (bottom - top)) / 4);
  }
  const gint quiet = (gint)casa_chart_layout_x(&layout, NOW - 15 * HOUR);
  g_assert_cmpuint(count_colour(&p, panel, quiet, (gint)layout.y, quiet + 10, (gint)(layout.y + layout.h)), >,
                   (guint)layout.h * 7);
  g_assert_cmpuint(count_colour(&p, p.chart.theme->warning, 0, 0, p.width / 2, p.height), >,
                   15); /* the word, in whatever ink */
  picture_clear(&p);
}

/* How wide the word in a gap is, told by its ink: hatching is paler. */
static gint
word_width(gint64 length_ms)
{
  const CasaChartGap gap = { NOW - 12 * HOUR, NOW - 12 * HOUR + length_ms };
  Picture p;
  gint first = G_MAXINT, last = 0;
  picture_init(&p, 1200, 300, 1, "dark");
  add_line(&p, NULL, magenta, 50, 20, 60000);
  p.chart.gaps = &gap;
  p.chart.n_gaps = 1;
  p.chart.gap_text = "lacune";
  const CasaChartLayout layout = paint(&p);
  for (gint x = 0; x < p.width; x++)
    if (count_colour(&p, p.chart.theme->warning, x, (gint)layout.y, x + 1, (gint)layout.y + 24) > 0) {
      first = MIN(first, x);
      last = x;
    }
  picture_clear(&p);
  return MAX(0, last - first);
}

/* A gap says how long it lasted when there is room, else only what it is, else nothing. */
static void
test_gap_says_its_length(void)
{
  const gint both = word_width(6 * HOUR), word = word_width(100 * 60000), none = word_width(20 * 60000);
  g_assert_cmpint(none, ==, 0);
  g_assert_cmpint(word, >, 30);
  g_assert_cmpint(both, >, word + 15);
}

/* A day as on the wall: today over yesterday, its last hour on a pane of its own. */
static void
picture_of_a_day(Picture *p, const char *theme)
{
  picture_init(p, 620, 240, 1, theme);
  p->chart.to_ms = NOW;
  p->chart.last_pane_ms = HOUR;
  p->chart.show_values = TRUE;
  p->chart.font_px = 20;
  add_line(p, "retard", (CasaRgb){ 0.34, 0.71, 0.91 }, 80, 40, 2 * 60000);
  add_line(p, "hier", p->chart.theme->muted, 60, 30, 2 * 60000);
  for (gint64 t = NOW + 60000; t < NOW + 4 * HOUR; t += 120000) /* of yesterday more is known */
    casa_pyramid_add(p->series[1], t, 60);
  p->chart.lines[0].fill = TRUE;
  p->chart.lines[1].behind = TRUE;
  p->chart.limits[0] = (CasaChartLimit){ 100, "OMS 24 h", p->chart.theme->warning };
  p->chart.n_limits = 1;
}

static void
test_two_panes(void)
{
  Picture p;
  double before = -1;
  picture_of_a_day(&p, "dark");
  const CasaChartLayout layout = paint(&p);
  keep(&p, "chart-panes.png");
  g_assert_cmpuint(layout.n_panes, ==, 2);
  const CasaChartPane *day = &layout.panes[0], *hour = &layout.panes[1];
  g_assert_cmpfloat_with_epsilon(day->w / (day->w + hour->w), 0.6, 0.01);
  /* Time goes on from left to right, and every place has a time that stands there. */
  for (gint64 t = p.chart.from_ms + HOUR; t < NOW; t += 7 * 60000 + 1) {
    const double x = casa_chart_layout_x(&layout, t);
    const gint64 column_ms = (t < layout.split_ms ? 23 * HOUR : HOUR) / (t < layout.split_ms ? day->columns : hour->columns);
    g_assert_cmpfloat(x, >, before);
    g_assert_cmpint(ABS(casa_chart_layout_time(&layout, x) - t), <=, column_ms);
    before = x;
  }
  /* Nothing between the panes, a fill in the last one only. */
  const gint gap_left = (gint)(day->x + day->w), gap_right = (gint)hour->x, bottom = (gint)(layout.y + layout.h) - 4;
  for (gint y = 0; y < bottom; y++)
    g_assert_cmpfloat(distance(&p, (gap_left + gap_right) / 2, y, p.chart.theme->panel), <, 0.02);
  picture_clear(&p);
}

/* The day's hours, and when the last hour began and what time it is: as many of them as stand apart. */
static void
test_two_panes_say_their_hours(void)
{
  const gint widths[] = { 620, 560, 500, 440, 400 };
  guint begins = 0, nows = 0;
  for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
    Picture p;
    picture_of_a_day(&p, "dark");
    const CasaRgb panel = p.chart.theme->panel;
    p.width = widths[i];
    const CasaChartLayout layout = paint(&p);
    const CasaChartPane *day = &layout.panes[0], *hour = &layout.panes[1];
    g_assert_cmpuint(layout.n_panes, ==, 2);
    g_assert_cmpuint(day->n_times, >, 0);
    g_assert_true(hour->ends);
    g_assert_cmpint(hour->times[hour->n_times - 1], ==, NOW);
    nows++;
    if (hour->n_times == 2) {
      g_assert_cmpint(hour->times[0], ==, NOW - HOUR);
      begins++;
    }
    const gint top = (gint)(layout.height - layout.text_height) + 2, right = (gint)(hour->x + hour->w);
    const gint gap = (gint)hour->x - 3, line_top = (gint)(layout.y + layout.h) + 4;
    /* Nothing of the day's hours reaches the other pane's; now is told in ink, at its line. */
    g_assert_cmpuint(count_colour(&p, panel, gap, MAX(top, line_top), gap + 2, p.height), ==,
                     (guint)(2 * (p.height - MAX(top, line_top))));
    g_assert_cmpuint(count_colour(&p, p.chart.theme->ink, right - 20, line_top, MIN(p.width, right + 30), p.height), >, 20);
    picture_clear(&p);
  }
  g_assert_cmpuint(begins, >, 0);
  g_assert_cmpuint(begins, <, nows); /* narrow: only now */
}

/* Hours are wider in Arabic: where not all of them have room, those that have are told, and no date in their place. */
static void
test_narrow_day_tells_hours(void)
{
  guint seen = 0;
  for (gint width = 100; width <= 500; width += 5) {
    Picture p;
    casa_lang_set("ar");
    picture_of_a_day(&p, "dark");
    p.width = width;
    const CasaChartLayout layout = paint(&p);
    /* A day on one pane has hours or nothing, never a date. */
    if (layout.n_panes == 1 && layout.panes[0].n_times > 0)
      g_assert_cmpint(layout.panes[0].time_step, <=, 12 * HOUR);
    if (layout.n_panes == 2 && width >= 300) {
      g_assert_cmpuint(layout.panes[0].n_times, >, 0);
      g_assert_cmpint(layout.panes[0].time_step, <=, 12 * HOUR);
      seen++;
    }
    picture_clear(&p);
  }
  g_assert_cmpuint(seen, >, 20);
}

static void
test_yesterday_behind(void)
{
  Picture p;
  picture_of_a_day(&p, "dark");
  p.chart.lines[1].colour = magenta;
  p.chart.lines[1].name = NULL;
  const CasaRgb panel = p.chart.theme->panel;
  const CasaRgb pale = { 0.62 + 0.38 * panel.r, 0.38 * panel.g, 0.62 + 0.38 * panel.b };
  p.chart.to_ms = NOW + 4 * HOUR;
  p.chart.last_pane_ms = 0;
  const CasaChartLayout layout = paint(&p);
  const gint now = (gint)casa_chart_layout_x(&layout, NOW), bottom = (gint)(layout.y + layout.h);
  g_assert_cmpuint(count_colour(&p, pale, (gint)layout.x, 0, now, bottom), >, 200);
  /* Beyond now nothing of it. */
  for (gint x = now + 3; x < p.width; x++)
    g_assert_cmpuint(count_colour(&p, pale, x, 0, x + 1, bottom), ==, 0);
  picture_clear(&p);
}

/* The name of a limit stands beside the plot: of its colour there are only dashes within. */
static void
test_limit_named_outside(void)
{
  Picture p;
  picture_of_a_day(&p, "dark");
  p.chart.limits[0].colour = yellow;
  const CasaChartLayout layout = paint(&p);
  const gint right = (gint)(layout.x + layout.w), y = (gint)casa_chart_layout_y(&layout, 100);
  g_assert_cmpuint(count_colour(&p, yellow, (gint)layout.x, y - 2, right, y + 3), >, 20);
  g_assert_cmpuint(count_colour(&p, yellow, (gint)layout.x, 0, right, y - 3), ==, 0);
  g_assert_cmpuint(count_colour(&p, yellow, (gint)layout.x, y + 4, right, p.height), ==, 0);
  g_assert_cmpuint(count_colour(&p, yellow, right, 0, p.width, p.height), >, 20);
  /* Names are near their lines' ends, and apart. */
  for (guint i = 0; i < layout.n_names; i++) {
    g_assert_cmpfloat(layout.names[i].x, <=, right + 20);
    if (i > 0)
      g_assert_cmpfloat(layout.names[i].middle - layout.names[i - 1].middle, >=, 20 * 1.05);
  }
  g_assert_cmpuint(layout.n_names, ==, 3);
  picture_clear(&p);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  casa_lang_set("fr");
  g_test_add_func("/ui/chart/paint/line-and-gap", test_line_and_gap);
  g_test_add_func("/ui/chart/paint/limits-when-near", test_limits_when_near);
  g_test_add_func("/ui/chart/paint/gap-says-its-length", test_gap_says_its_length);
  g_test_add_func("/ui/chart/paint/two-panes", test_two_panes);
  g_test_add_func("/ui/chart/paint/two-panes-say-their-hours", test_two_panes_say_their_hours);
  g_test_add_func("/ui/chart/paint/narrow-day-tells-hours", test_narrow_day_tells_hours);
  g_test_add_func("/ui/chart/paint/yesterday-behind", test_yesterday_behind);
  g_test_add_func("/ui/chart/paint/limit-named-outside", test_limit_named_outside);
  g_test_add_func("/ui/chart/paint/looks", test_looks);
  g_test_add_func("/ui/chart/paint/names-keep-apart", test_names_keep_apart);
  g_test_add_func("/ui/chart/paint/beyond-now", test_beyond_now);
  g_test_add_func("/ui/chart/paint/gaps", test_gaps);
  g_test_add_func("/ui/chart/paint/empty", test_empty);
  g_test_add_func("/ui/chart/paint/time-runs-left-to-right", test_time_runs_left_to_right);
  g_test_add_func("/ui/chart/paint/same-on-any-surface", test_same_on_any_surface);
  g_test_add_func("/ui/chart/paint/clip-and-place", test_clip_and_place);
  g_test_add_func("/ui/chart/paint/steady-while-scrolling", test_steady_while_scrolling);
  return g_test_run();
}
