/* SPDX-License-Identifier: Apache-2.0 */
#include "chart-picture.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

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

/* WCAG 2.1, 1.4.3 and 1.4.11, on the pixels: whatever colours it is given, names are read (4.5:1), curves and limits seen
 * (3:1). */
static void
check_contrast(const char *theme, CasaRgb colour)
{
  Picture p;
  picture_init(&p, 900, 300, 2, theme);
  p.chart.to_ms = NOW;
  add_line(&p, "haute", colour, 90, 0, 300000);
  add_line(&p, "hier", p.chart.theme->muted, 30, 0, 300000);
  p.chart.lines[1].behind = TRUE;
  p.chart.limits[0] = (CasaChartLimit){ 60, "OMS 24 h", colour };
  p.chart.n_limits = 1;
  const CasaChartLayout layout = paint(&p);
  g_assert_cmpuint(layout.n_names, ==, 3);
  for (guint i = 0; i < layout.n_names; i++) {
    const CasaChartName *name = &layout.names[i];
    const gint x = (gint)(name->x * 2), y = (gint)(name->middle * 2);
    g_assert_cmpfloat(strongest(&p, x, y - 16, x + (gint)(name->width * 2), y + 16), >=, 4.5);
  }
  const double values[] = { 90, 30, 60 };
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    const gint x = (gint)((layout.x + layout.w / 2) * 2), y = (gint)(casa_chart_layout_y(&layout, values[i]) * 2);
    g_assert_cmpfloat(strongest(&p, x, y - 2, x + 40, y + 3), >=, 3);
  }
  picture_clear(&p);
}

static void
test_contrast(void)
{
  static const char *const themes[] = { "dark", "light", "contrast" };
  static const CasaRgb colours[] = { { 0.1, 0.12, 0.3 }, { 0.95, 0.9, 0.3 }, { 0.5, 0.5, 0.5 } };
  for (guint i = 0; i < G_N_ELEMENTS(themes); i++)
    for (guint k = 0; k < G_N_ELEMENTS(colours); k++)
      check_contrast(themes[i], colours[k]);
}

/* A line that ended a while ago is named beyond the line "now" where its name would lie across that. */
static void
test_name_not_on_now(void)
{
  static const gint64 minutes[] = { 0, 30, 90, 180 };
  for (guint i = 0; i < G_N_ELEMENTS(minutes); i++) {
    Picture p;
    picture_init(&p, 900, 300, 1, "dark");
    add_line(&p, "Toit de la faculté · PM2,5", p.chart.theme->good, 50, 10, 300000);
    p.chart.now_ms = p.chart.to_ms = NOW + minutes[i] * 60000;
    const CasaChartLayout layout = paint(&p);
    g_assert_cmpuint(layout.n_names, ==, 1);
    g_assert_cmpfloat(layout.names[0].x, >, casa_chart_layout_x(&layout, p.chart.now_ms));
    g_assert_cmpfloat(layout.names[0].x + layout.names[0].width, <=, p.width);
    picture_clear(&p);
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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  casa_lang_set("fr");
  g_test_add_func("/ui/chart/paint/line-and-gap", test_line_and_gap);
  g_test_add_func("/ui/chart/paint/limits-when-near", test_limits_when_near);
  g_test_add_func("/ui/chart/paint/gap-says-its-length", test_gap_says_its_length);
  g_test_add_func("/ui/chart/paint/looks", test_looks);
  g_test_add_func("/ui/chart/paint/contrast", test_contrast);
  g_test_add_func("/ui/chart/paint/names-keep-apart", test_names_keep_apart);
  g_test_add_func("/ui/chart/paint/beyond-now", test_beyond_now);
  g_test_add_func("/ui/chart/paint/gaps", test_gaps);
  g_test_add_func("/ui/chart/paint/empty", test_empty);
  g_test_add_func("/ui/chart/paint/time-runs-left-to-right", test_time_runs_left_to_right);
  g_test_add_func("/ui/chart/paint/same-on-any-surface", test_same_on_any_surface);
  g_test_add_func("/ui/chart/paint/name-not-on-now", test_name_not_on_now);
  g_test_add_func("/ui/chart/paint/clip-and-place", test_clip_and_place);
  g_test_add_func("/ui/chart/paint/steady-while-scrolling", test_steady_while_scrolling);
  return g_test_run();
}
