/* SPDX-License-Identifier: Apache-2.0 */
#include "chart-picture.h"
#include "ui/text/lang.h"

static const CasaRgb magenta = { 1, 0, 1 }, yellow = { 1, 1, 0 };

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
  guint begins = 0, nows = 0;
  for (gint width = 620; width > 0; width -= 10) { /* until there is no room for two */
    Picture p;
    picture_of_a_day(&p, "dark");
    const CasaRgb panel = p.chart.theme->panel;
    p.width = width;
    const CasaChartLayout layout = paint(&p);
    const CasaChartPane *day = &layout.panes[0], *hour = &layout.panes[1];
    if (layout.n_panes < 2) {
      picture_clear(&p);
      break;
    }
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
  g_test_add_func("/ui/chart/day/two-panes", test_two_panes);
  g_test_add_func("/ui/chart/day/two-panes-say-their-hours", test_two_panes_say_their_hours);
  g_test_add_func("/ui/chart/day/narrow-day-tells-hours", test_narrow_day_tells_hours);
  g_test_add_func("/ui/chart/day/yesterday-behind", test_yesterday_behind);
  g_test_add_func("/ui/chart/day/limit-named-outside", test_limit_named_outside);
  return g_test_run();
}
