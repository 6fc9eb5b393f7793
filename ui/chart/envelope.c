/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/envelope.h"
#include "ui/chart/lanes.h"
#include <math.h>

/* Up to so many samples per pixel column the line is followed sample by sample; above, it is told from minima and maxima. */
#define FOLLOWED_PER_COLUMN 4

typedef struct {
  gint begin, end; /* knots */
} Run;

struct _CasaEnvelope {
  CasaEnvelopeView view;
  CasaInk *knots; /* 2·columns + 1 */
  gint n_knots;
  GArray *runs; /* Run, rising, apart */
};

typedef struct {
  double x, y; /* pixels */
} Point;

static double
x_of(const CasaEnvelope *self, gint64 t_ms)
{
  const CasaEnvelopeView *view = &self->view;
  return (double)(t_ms - view->from_ms) / (double)(view->to_ms - view->from_ms) * view->columns;
}

static double
y_of(const CasaEnvelope *self, double value)
{
  const CasaEnvelopeView *view = &self->view;
  const double y = (view->high - value) / (view->high - view->low) * view->height;
  /* What is far outside is not seen, and must not cost either. */
  return CLAMP(y, -view->height - 64, 2 * view->height + 64);
}

/* Ink at one knot of the run that is being told, which begins with it when @starts. */
static void
ink(CasaEnvelope *self, gint knot, double top, double bottom, gboolean starts)
{
  if (knot < 0 || knot >= self->n_knots)
    return;
  Run *last = self->runs->len > 0 ? &g_array_index(self->runs, Run, self->runs->len - 1) : NULL;
  if (last == NULL || (starts && knot >= last->end) || knot > last->end) {
    g_array_append_val(self->runs, ((Run){ knot, knot }));
    last = &g_array_index(self->runs, Run, self->runs->len - 1);
  }
  CasaInk *at = &self->knots[knot];
  if (knot >= last->end) {
    *at = (CasaInk){ (float)top, (float)bottom };
    last->end = knot + 1;
  } else {
    at->top = MIN(at->top, (float)top);
    at->bottom = MAX(at->bottom, (float)bottom);
  }
}

static void
straight(CasaEnvelope *self, Point a, Point b, gboolean starts)
{
  const gint first = (gint)MAX(0, ceil(2 * a.x)), last = (gint)MIN(self->n_knots - 1, floor(2 * b.x));
  const double slope = b.x > a.x ? (b.y - a.y) / (b.x - a.x) : 0;
  for (gint k = first; k <= last; k++) {
    const double y = a.y + slope * (k / 2.0 - a.x);
    ink(self, k, y, y, starts && k == first);
  }
}

static gboolean
joined(const CasaPyramid *data, guint index, gint64 gap_ms)
{
  gint64 t0, t1;
  double v0, v1;
  if (index == 0 || index >= casa_pyramid_length(data))
    return FALSE;
  casa_pyramid_get(data, index - 1, &t0, &v0);
  casa_pyramid_get(data, index, &t1, &v1);
  return !isnan(v0) && !isnan(v1) && (gap_ms <= 0 || t1 - t0 <= gap_ms);
}

static Point
point_at(const CasaEnvelope *self, const CasaPyramid *data, guint index)
{
  gint64 t;
  double value;
  casa_pyramid_get(data, index, &t, &value);
  return (Point){ x_of(self, t), isnan(value) ? NAN : y_of(self, value) };
}

/* One sample with the line that leads to it. Samples fall between knots, so only turning points leave ink of their own:
 * on a slope the knots on both sides tell it already, and more would thicken it. */
static void
follow_sample(CasaEnvelope *self, const CasaPyramid *data, guint index)
{
  const Point at = point_at(self, data, index);
  if (isnan(at.y))
    return;
  const gboolean before = joined(data, index, self->view.gap_ms), after = joined(data, index + 1, self->view.gap_ms);
  gboolean turns = !before || !after;
  if (before) {
    const Point from = point_at(self, data, index - 1);
    straight(self, from, at, FALSE);
    turns = turns || (point_at(self, data, index + 1).y - at.y) * (at.y - from.y) <= 0;
  }
  if (turns)
    ink(self, (gint)lround(CLAMP(2 * at.x, -9.0, self->n_knots + 9.0)), at.y, at.y, !before);
}

static void
follow_samples(CasaEnvelope *self, const CasaPyramid *data, guint begin, guint end)
{
  if (begin > 0)
    begin--;
  end = MIN(end + 1, casa_pyramid_length(data));
  for (guint i = begin; i < end; i++)
    follow_sample(self, data, i);
}

/* The knot in the middle of a column. On a slope the line passes half way between first and last; a value beyond both is a
 * peak. Where a run ends there is no neighbour to show first and last. */
static CasaInk
middle(const CasaEnvelope *self, const CasaColumn *column, gboolean at_end)
{
  const double half = ((double)column->first + column->last) / 2;
  const gboolean peak = at_end || column->max > MAX(column->first, column->last);
  const gboolean trough = at_end || column->min < MIN(column->first, column->last);
  return (CasaInk){
    .top = (float)y_of(self, peak ? column->max : half),
    .bottom = (float)y_of(self, trough ? column->min : half),
  };
}

/* From the end of the last column with values to the start of this one. */
static void
join_columns(CasaEnvelope *self, const CasaColumn *columns, gint last, gint now)
{
  const double from = y_of(self, columns[last].last), to = y_of(self, columns[now].first);
  if (now == last + 1)
    ink(self, 2 * now, MIN(from, to), MAX(from, to), FALSE);
  else
    straight(self, (Point){ last + 1, from }, (Point){ now, to }, FALSE);
}

static void
follow_columns(CasaEnvelope *self, const CasaPyramid *data)
{
  const CasaEnvelopeView *view = &self->view;
  g_autofree CasaColumn *columns = g_new(CasaColumn, view->columns);
  casa_pyramid_columns(data, view->from_ms, view->to_ms, view->columns, view->gap_ms, columns);
  gint last = -1;
  for (gint i = 0; i < (gint)view->columns; i++) {
    if (columns[i].n == 0)
      continue;
    const gboolean starts = last < 0 || columns[i].gap_before;
    if (!starts)
      join_columns(self, columns, last, i);
    gint next = i + 1;
    while (next < (gint)view->columns && columns[next].n == 0)
      next++;
    const gboolean ends = next == (gint)view->columns || columns[next].gap_before;
    const CasaInk at = middle(self, &columns[i], starts || ends);
    ink(self, 2 * i + 1, at.top, at.bottom, starts);
    last = i;
  }
}

CasaEnvelope *
casa_envelope_new(const CasaPyramid *data, const CasaEnvelopeView *view)
{
  CasaEnvelope *self = g_new0(CasaEnvelope, 1);
  self->view = *view;
  self->n_knots = 2 * (gint)view->columns + 1;
  self->knots = g_new(CasaInk, self->n_knots);
  self->runs = g_array_new(FALSE, FALSE, sizeof(Run));
  if (view->to_ms <= view->from_ms || !(view->high > view->low))
    return self;
  const guint begin = casa_pyramid_search(data, view->from_ms), end = casa_pyramid_search(data, view->to_ms);
  if ((guint64)(end - begin) <= (guint64)view->columns * FOLLOWED_PER_COLUMN)
    follow_samples(self, data, begin, end);
  else
    follow_columns(self, data);
  return self;
}

void
casa_envelope_free(CasaEnvelope *self)
{
  if (self == NULL)
    return;
  g_array_unref(self->runs);
  g_free(self->knots);
  g_free(self);
}

void
casa_envelope_foreach_run(const CasaEnvelope *self, CasaEnvelopeRun run, gpointer data)
{
  for (guint i = 0; i < self->runs->len; i++) {
    const Run *at = &g_array_index(self->runs, Run, i);
    run(self->knots, at->begin, at->end, data);
  }
}

/* Told at whole knots, and at two more places where a steep line touches it: its very edge, and just inside. */
typedef struct {
  gint reach;     /* whole knots on either side */
  float *height;  /* of the disc, by distance in knots; reach + 1 of them */
  double ring[2]; /* distances in knots */
  float ring_height[2];
  struct {
    gint knot;  /* the one before the place, from the knot in the middle */
    float part; /* of the way to the next */
  } places[4];  /* both sides of both rings */
} Disc;

static float
disc_height(double width, double knots)
{
  return (float)(sqrt(MAX(0, width * width - knots * knots)) / 2);
}

/* @width in pixels, which is the radius in knots. */
static void
disc_init(Disc *self, double width)
{
  self->reach = MAX(1, (gint)floor(width));
  self->height = g_new(float, (gsize)self->reach + 1);
  for (gint k = 0; k <= self->reach; k++)
    self->height[k] = disc_height(width, k);
  self->ring[0] = width;
  self->ring[1] = MAX(width, 1) - 0.5;
  for (guint i = 0; i < 2; i++)
    self->ring_height[i] = disc_height(width, self->ring[i]);
  for (guint i = 0; i < 4; i++) {
    const double distance = i % 2 == 0 ? -self->ring[i / 2] : self->ring[i / 2];
    self->places[i].knot = (gint)floor(distance);
    self->places[i].part = (float)(distance - floor(distance));
  }
}

/* The line somewhere between two knots. */
static inline CasaInk
between(const CasaInk *knots, Run run, double at)
{
  gint k = (gint)at;
  k -= k > at; /* floor(), without a call */
  if (k < run.begin || k + 1 >= run.end)
    return (CasaInk){ INFINITY, -INFINITY };
  const float part = (float)(at - k);
  return (CasaInk){
    .top = knots[k].top + (knots[k + 1].top - knots[k].top) * part,
    .bottom = knots[k].bottom + (knots[k + 1].bottom - knots[k].bottom) * part,
  };
}

static inline void
take_in(CasaInk *ink_here, CasaInk at, float height)
{
  ink_here->top = MIN(ink_here->top, at.top - height);
  ink_here->bottom = MAX(ink_here->bottom, at.bottom + height);
}

static inline CasaInk
widen(const CasaInk *knots, Run run, const Disc *disc, gint knot)
{
  CasaInk ink_here = { INFINITY, -INFINITY };
  const gint first = MAX(knot - disc->reach, run.begin), last = MIN(knot + disc->reach, run.end - 1);
  for (gint k = first; k <= last; k++)
    take_in(&ink_here, knots[k], disc->height[ABS(k - knot)]);
  for (guint i = 0; i < 2; i++) {
    take_in(&ink_here, between(knots, run, knot - disc->ring[i]), disc->ring_height[i]);
    take_in(&ink_here, between(knots, run, knot + disc->ring[i]), disc->ring_height[i]);
  }
  return ink_here;
}

/* Two knots at once, around which the disc is within the run. @knots have their bottoms negated, so that all is a minimum. */
static inline CasaFloats
widen_inside(const CasaInk *knots, const Disc *disc, gint knot)
{
  CasaFloats least = casa_floats_load(&knots[knot]) - disc->height[0];
  for (gint k = 1; k <= disc->reach; k++) {
    least = casa_floats_least(casa_floats_load(&knots[knot - k]) - disc->height[k], least);
    least = casa_floats_least(casa_floats_load(&knots[knot + k]) - disc->height[k], least);
  }
  for (guint i = 0; i < G_N_ELEMENTS(disc->places); i++) {
    const CasaInk *at = &knots[knot + disc->places[i].knot];
    const CasaFloats a = casa_floats_load(at), b = casa_floats_load(at + 1);
    least = casa_floats_least(a + (b - a) * disc->places[i].part - disc->ring_height[i / 2], least);
  }
  return least;
}

/* Knots [@first, …) two by two. Returns the first that is not widened. */
static gint
widen_pairs(const CasaInk *negated, const Disc *disc, gint first, gint last, CasaInk *out)
{
  for (; first + 1 < last; first += 2) {
    const CasaFloats pair = widen_inside(negated, disc, first);
    out[first] = (CasaInk){ pair[0], -pair[1] };
    out[first + 1] = (CasaInk){ pair[2], -pair[3] };
  }
  return first;
}

/* @negated: room for as many knots as there are. */
static void
stroke_run(const CasaEnvelope *self, Run at, const Disc *disc, CasaInk *negated, CasaInk *out, CasaEnvelopeRun run,
           gpointer data)
{
  const gint begin = at.begin - disc->reach, end = at.end + disc->reach, margin = disc->reach + 2;
  for (gint k = at.begin; k < at.end; k++)
    negated[k] = (CasaInk){ self->knots[k].top, -self->knots[k].bottom };
  gint k = begin;
  for (; k < MIN(at.begin + margin, end); k++)
    out[k] = widen(self->knots, at, disc, k);
  k = widen_pairs(negated, disc, k, at.end - margin, out);
  for (; k < end; k++)
    out[k] = widen(self->knots, at, disc, k);
  run(out, begin, end, data);
}

/* The dashes within a run, each a run of its own. */
static void
dash_run(const CasaEnvelope *self, Run at, double dash, double pause, const Disc *disc, CasaInk *negated, CasaInk *out,
         CasaEnvelopeRun run, gpointer data)
{
  const CasaEnvelopeView *view = &self->view;
  const double pixel_ms = (double)(view->to_ms - view->from_ms) / view->columns;
  const double phase = 2 * fmod((double)view->from_ms / pixel_ms, dash + pause);
  const double period = 2 * (dash + pause);
  for (double start = floor((at.begin + phase) / period) * period - phase; start < at.end; start += period) {
    const Run part = { MAX(at.begin, (gint)lround(start)), MIN(at.end, (gint)lround(start + 2 * dash) + 1) };
    if (part.begin < part.end)
      stroke_run(self, part, disc, negated, out, run, data);
  }
}

void
casa_envelope_foreach_stroke(const CasaEnvelope *self, double width, double dash, double pause, CasaEnvelopeRun run,
                             gpointer data)
{
  Disc disc;
  disc_init(&disc, width);
  g_autofree CasaInk *out = g_new(CasaInk, (gsize)self->n_knots + 2 * (gsize)disc.reach);
  g_autofree CasaInk *negated = g_new(CasaInk, self->n_knots);
  for (guint i = 0; i < self->runs->len; i++) {
    const Run at = g_array_index(self->runs, Run, i);
    if (dash > 0)
      dash_run(self, at, dash, pause, &disc, negated, out + disc.reach, run, data);
    else
      stroke_run(self, at, &disc, negated, out + disc.reach, run, data);
  }
  g_free(disc.height);
}
