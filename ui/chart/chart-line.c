/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-line.h"
#include "ui/chart/envelope.h"
#include "ui/chart/pixel-layer.h"
#include <math.h>

/* Stroking a path costs more than its length (measured: 4,000 points in one path 100 ms, in strokes of 64 17 ms). */
#define STROKE_POINTS 64

/* Dash and pause in line widths; the round ends take one width from the pause, and make a dot of next to nothing. */
#define DASH 2.8
#define DOT 0.05
#define PAUSE 2.2

/* An earlier day behind this one: 2.2 px beside 3, at 62 %. */
#define BEHIND_WIDTH (2.2 / 3)
#define BEHIND_STRENGTH 0.62

typedef struct {
  double x, y;
} Point;

/* A polyline as it grows: stroked whenever it has become long. */
typedef struct {
  cairo_t *cr;
  Point last;
  guint n; /* points in the path; 0: none begun */
} Pen;

static void
pen_lift(Pen *pen)
{
  if (pen->n == 1) /* a lone sample is a dot */
    cairo_line_to(pen->cr, pen->last.x, pen->last.y);
  if (pen->n > 0)
    cairo_stroke(pen->cr);
  pen->n = 0;
}

static void
pen_to(Pen *pen, Point to)
{
  if (pen->n >= STROKE_POINTS) {
    cairo_line_to(pen->cr, to.x, to.y);
    cairo_stroke(pen->cr);
    pen->n = 0;
  }
  if (pen->n == 0)
    cairo_move_to(pen->cr, to.x, to.y);
  else
    cairo_line_to(pen->cr, to.x, to.y);
  pen->last = to;
  pen->n++;
}

static Point
between(Point a, Point b, double x)
{
  return (Point){ x, b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : b.y };
}

/* Dashes by place along the time axis: @phase moves with the data, so that a scrolling line takes its dashes along. */
static void
pen_dash(Pen *pen, Point a, Point b, double phase, double dash, double period)
{
  for (double start = floor((a.x - phase) / period) * period + phase; start < b.x; start += period) {
    const double from = MAX(a.x, start), to = MIN(b.x, start + dash);
    if (from > to)
      continue;
    if (from > a.x || pen->n == 0)
      pen_to(pen, between(a, b, from));
    pen_to(pen, between(a, b, to));
    if (to < b.x)
      pen_lift(pen);
  }
}

/* In line widths; 0: a solid line. */
static double
dash_of(const CasaChartLine *line)
{
  return line->dotted ? DOT : line->dashed ? DASH : 0;
}

typedef struct {
  const CasaChartLayout *layout;
  const CasaChartPicture *picture;
  const CasaChartLine *line;
  guint begin, end; /* samples to go through: those in view and their neighbours */
} Samples;

static Samples
samples_in_view(const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  const guint begin = casa_pyramid_search(line->data, layout->from_ms), end = casa_pyramid_search(line->data, layout->to_ms);
  return (Samples){ layout, picture, line, begin > 0 ? begin - 1 : 0, MIN(end + 1, casa_pyramid_length(line->data)) };
}

/* FALSE: a break. @joined: no gap since the sample before. */
static gboolean
sample_point(const Samples *self, guint index, Point *point, gboolean *joined)
{
  gint64 t, before = 0;
  double value, value_before = NAN;
  casa_pyramid_get(self->line->data, index, &t, &value);
  if (isnan(value))
    return FALSE;
  if (index > self->begin)
    casa_pyramid_get(self->line->data, index - 1, &before, &value_before);
  *joined = !isnan(value_before) && (self->picture->gap_ms <= 0 || t - before <= self->picture->gap_ms);
  *point = (Point){ casa_chart_layout_x(self->layout, t), casa_chart_layout_y(self->layout, value) };
  return TRUE;
}

static void
draw_polyline(cairo_t *cr, const Samples *samples)
{
  const CasaChartLayout *layout = samples->layout;
  const double width = samples->picture->line_px, dash = dash_of(samples->line) * width, period = dash + PAUSE * width;
  const double pixel_ms = (double)(layout->to_ms - layout->from_ms) / layout->w;
  const double phase = layout->x - fmod((double)layout->from_ms / pixel_ms, period);
  Pen pen = { .cr = cr };
  Point last = { 0, 0 }, point;
  gboolean joined;
  for (guint i = samples->begin; i < samples->end; i++) {
    if (!sample_point(samples, i, &point, &joined))
      continue;
    if (!joined)
      pen_lift(&pen);
    if (dash <= 0)
      pen_to(&pen, point);
    else
      pen_dash(&pen, joined ? last : point, point, phase, dash, period);
    last = point;
  }
  pen_lift(&pen);
}

static void
stroke_samples(cairo_t *cr, const Samples *samples)
{
  const CasaChartLayout *layout = samples->layout;
  const double width = samples->picture->line_px;
  const CasaRgb colour = samples->line->colour;
  cairo_save(cr);
  cairo_rectangle(cr, layout->x - width / 2, 0, layout->w + width, layout->height);
  cairo_clip(cr);
  cairo_set_source_rgb(cr, colour.r, colour.g, colour.b);
  cairo_set_line_width(cr, width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_tolerance(cr, 0.2 / layout->scale);
  draw_polyline(cr, samples);
  cairo_restore(cr);
}

static CasaEnvelope *
make_envelope(const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  return casa_envelope_new(line->data, &(CasaEnvelopeView){
                                         .from_ms = layout->from_ms,
                                         .to_ms = layout->to_ms,
                                         .columns = layout->columns,
                                         .low = layout->values.low,
                                         .high = layout->values.high,
                                         .height = layout->h * layout->scale,
                                         .gap_ms = picture->gap_ms,
                                       });
}

typedef struct {
  const CasaCanvas *canvas;
  CasaRgb colour;
} Fill;

static void
fill_run_cb(const CasaInk *knots, gint begin, gint end, gpointer data)
{
  const Fill *fill = data;
  casa_column_fill(fill->canvas, knots, begin, end, fill->colour);
}

static void
fill_columns(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  g_autoptr(CasaEnvelope) envelope = make_envelope(layout, picture, line);
  const double width = picture->line_px, pixels = width * layout->scale;
  CasaPixelLayer layer;
  casa_pixel_layer_begin(&layer, cr, layout->x, layout->y, layout->x - width / 2, 0, layout->x + layout->w + width / 2,
                         layout->height);
  Fill fill = { &layer.canvas, line->colour };
  casa_envelope_foreach_stroke(envelope, pixels, pixels * dash_of(line), pixels * PAUSE, fill_run_cb, &fill);
  casa_pixel_layer_end(&layer);
}

static void
draw_any(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  const Samples samples = samples_in_view(layout, picture, line);
  if (samples.end - samples.begin <= layout->columns / 2)
    stroke_samples(cr, &samples);
  else
    fill_columns(cr, layout, picture, line);
}

/* As pale as can be seen on @ground. */
static CasaRgb
pale_of(CasaRgb colour, CasaRgb ground)
{
  double strength = BEHIND_STRENGTH;
  CasaRgb pale = casa_rgb_mix(ground, colour, strength);
  while (strength < 1 && casa_rgb_contrast(pale, ground) < CASA_CHART_MARK_LEAST) {
    strength = MIN(strength + 0.02, 1);
    pale = casa_rgb_mix(ground, colour, strength);
  }
  return pale;
}

/* Columns are filled in one opaque colour, so that the pale one is mixed beforehand. */
static void
draw_behind(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  const CasaRgb ground = picture->theme->panel;
  CasaChartPicture thin = *picture;
  CasaChartLine pale = *line;
  thin.line_px *= BEHIND_WIDTH;
  pale.colour = pale_of(line->colour, ground);
  cairo_save(cr);
  if (picture->now_ms != 0) {
    cairo_rectangle(cr, 0, 0, MAX(0, casa_chart_layout_x(layout, picture->now_ms)), layout->height);
    cairo_clip(cr);
  }
  draw_any(cr, layout, &thin, &pale);
  cairo_restore(cr);
}

static void
draw_ahead(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  const double now = MAX(0, casa_chart_layout_x(layout, picture->now_ms));

  cairo_save(cr);
  cairo_rectangle(cr, now, 0, MAX(0, layout->width - now), layout->height);
  cairo_clip(cr);
  draw_any(cr, layout, picture, line);
  cairo_restore(cr);
}

void
casa_chart_line_draw(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, const CasaChartLine *line)
{
  CasaChartLine seen = *line;
  if (line->behind) {
    draw_behind(cr, layout, picture, line);
    return;
  }
  seen.colour = casa_chart_colour(line->colour, picture->theme->panel, CASA_CHART_MARK_LEAST);
  if (line->ahead)
    draw_ahead(cr, layout, picture, &seen);
  else
    draw_any(cr, layout, picture, &seen);
}

typedef struct {
  cairo_t *cr;
  const CasaChartLayout *layout;
} Area;

static void
area_run_cb(const CasaInk *knots, gint begin, gint end, gpointer data)
{
  const Area *area = data;
  const CasaChartLayout *layout = area->layout;
  const double bottom = layout->y + layout->h;
  cairo_move_to(area->cr, layout->x + begin / (2 * layout->scale), bottom);
  for (gint k = begin; k < end; k += k + 2 < end ? 2 : 1) {
    const double x = layout->x + k / (2 * layout->scale), y = layout->y + (double)knots[k].top / layout->scale;
    cairo_line_to(area->cr, x, MIN(y, bottom));
  }
  cairo_line_to(area->cr, layout->x + (end - 1) / (2 * layout->scale), bottom);
  cairo_close_path(area->cr);
}

void
casa_chart_line_draw_area(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture,
                          const CasaChartLine *line)
{
  double min, max;
  if (!casa_pyramid_range(line->data, layout->from_ms, layout->to_ms, &min, &max))
    return;
  g_autoptr(CasaEnvelope) envelope = make_envelope(layout, picture, line);
  Area area = { cr, layout };
  casa_envelope_foreach_run(envelope, area_run_cb, &area);
  /* From its own highest point down, so that a low line has a visible area too. */
  cairo_pattern_t *fade = cairo_pattern_create_linear(0, casa_chart_layout_y(layout, max), 0, layout->y + layout->h);
  const CasaRgb c = line->colour;
  const double strength = picture->theme != NULL && !picture->theme->dark ? 0.26 : 0.34;
  cairo_pattern_add_color_stop_rgba(fade, 0, c.r, c.g, c.b, strength);
  cairo_pattern_add_color_stop_rgba(fade, 1, c.r, c.g, c.b, 0.02);
  cairo_set_source(cr, fade);
  cairo_fill(cr);
  cairo_pattern_destroy(fade);
}
