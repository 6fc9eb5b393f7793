/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/roads.h"
#include "ui/map/map-text.h"
#include <math.h>

#define CRAWL 16.0 /* pixels a second at free speed */

typedef struct {
  double (*xy)[2]; /* [n] */
  double *along;   /* [n] pixels from the start */
  guint n;
} Run;

struct _CasaMapGrains {
  guint n;
  Run *runs; /* [n] one a road */
  double u;  /* pixels per pixel of the direction pictures, with the zoom's thickness */
  double w, h;
};

static double
speed_of(const CasaMapBase *base, guint i)
{
  return base->roads != NULL ? base->roads[i] : NAN;
}

static double
heat(double v)
{
  return MAX(0, 1 - v * 2.2);
}

static CasaRgb
colour_of(const CasaMapBase *base, double v)
{
  return casa_map_ramp(base->theme, CASA_MAP_RAMP_SPEED, v);
}

static void
stroke_road(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaRoad *road, double width, CasaRgb c,
            double alpha)
{
  cairo_new_path(cr);
  casa_map_trace_path(cr, view, &road->path);
  casa_map_colour(cr, c, alpha);
  cairo_set_line_width(cr, MAX(width, 0.8));
  cairo_stroke(cr);
}

void
casa_map_roads_paint(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  double u = casa_map_unit(base) * casa_map_thickness(view, base), strength = base->theme->dark ? 1 : 1.5;

  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < base->city->n_roads; i++) {
    const CasaRoad *road = &base->city->roads[i];
    double v = speed_of(base, i), hot = heat(v);

    if (!isfinite(v)) {
      stroke_road(cr, view, base, road, 1.3 * u, base->theme->road, 0.55);
      continue;
    }
    stroke_road(cr, view, base, road, 26 * u, colour_of(base, v), (.07 + .16 * hot) * strength);
    stroke_road(cr, view, base, road, 13 * u, colour_of(base, v), (.22 + .30 * hot) * strength);
  }
}

void
casa_map_grain_lengths(double v, double *on, double *off)
{
  *on = 4 + 9 * CLAMP(v, 0, 1);
  *off = 4 + 26 * CLAMP(v, 0, 1);
}

static void
run_init(Run *run, const CasaMapView *view, const CasaPath *path)
{
  run->n = path->n;
  run->xy = g_malloc_n(MAX(path->n, 1), sizeof *run->xy);
  run->along = g_new0(double, MAX(path->n, 1));
  for (guint i = 0; i < path->n; i++) {
    casa_map_project(view, path->points[i], &run->xy[i][0], &run->xy[i][1]);
    if (i > 0)
      run->along[i] = run->along[i - 1] + hypot(run->xy[i][0] - run->xy[i - 1][0], run->xy[i][1] - run->xy[i - 1][1]);
  }
}

CasaMapGrains *
casa_map_grains_new(const CasaMapView *view, const CasaMapBase *base)
{
  CasaMapGrains *self = g_new0(CasaMapGrains, 1);

  self->n = base->city->n_roads;
  self->runs = g_new0(Run, MAX(self->n, 1));
  self->u = casa_map_unit(base) * casa_map_thickness(view, base);
  self->w = view->w;
  self->h = view->h;
  for (guint i = 0; i < self->n; i++)
    run_init(&self->runs[i], view, &base->city->roads[i].path);
  return self;
}

void
casa_map_grains_free(CasaMapGrains *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++) {
    g_free(self->runs[i].xy);
    g_free(self->runs[i].along);
  }
  g_free(self->runs);
  g_free(self);
}

/* The point @at pixels along, from segment *@i on. */
static void
point_at(const Run *run, guint *i, double at, double *x, double *y)
{
  double span, t;

  while (*i + 2 < run->n && run->along[*i + 1] < at)
    (*i)++;
  span = run->along[*i + 1] - run->along[*i];
  t = span > 0 ? CLAMP((at - run->along[*i]) / span, 0, 1) : 0;
  *x = run->xy[*i][0] + (run->xy[*i + 1][0] - run->xy[*i][0]) * t;
  *y = run->xy[*i][1] + (run->xy[*i + 1][1] - run->xy[*i][1]) * t;
}

/* Grains are short: each is one straight stroke. All of a road go into one path. */
static void
paint_run(const CasaMapGrains *self, const Run *run, cairo_t *cr, double v, double s, double width,
          void (*mark)(const CasaMapBox *box, gpointer data), gpointer data)
{
  double on, off, length = run->along[run->n - 1];
  guint from = 0;

  casa_map_grain_lengths(v, &on, &off);
  on *= self->u;
  off *= self->u;
  cairo_new_path(cr);
  for (double at = fmod(s * CRAWL * self->u * CLAMP(v, 0.06, 1), on + off) - on; at < length; at += on + off) {
    double x0, y0, x1, y1;
    CasaMapBox box;

    point_at(run, &from, MAX(at, 0), &x0, &y0);
    point_at(run, &from, MIN(at + on, length), &x1, &y1);
    box = (CasaMapBox){ MIN(x0, x1) - width, MIN(y0, y1) - width, fabs(x1 - x0) + 2 * width, fabs(y1 - y0) + 2 * width };
    if (box.x > self->w || box.y > self->h || box.x + box.w < 0 || box.y + box.h < 0)
      continue;
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
    mark(&box, data);
  }
  cairo_stroke(cr);
}

void
casa_map_grains_paint(const CasaMapGrains *self, cairo_t *cr, const CasaMapBase *base, double s,
                      void (*mark)(const CasaMapBox *box, gpointer data), gpointer data)
{
  cairo_save(cr);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < self->n; i++) {
    double v = speed_of(base, i), hot = heat(v), width = (3.2 + 5 * hot) * self->u;
    CasaRgb white = base->theme->dark ? (CasaRgb){ 1, 1, 1 } : base->theme->ink;

    if (!isfinite(v) || self->runs[i].n < 2)
      continue;
    casa_map_colour(cr, casa_rgb_mix(colour_of(base, v), white, .18), .60 + .3 * hot);
    cairo_set_line_width(cr, width);
    paint_run(self, &self->runs[i], cr, v, s, width, mark, data);
  }
  cairo_restore(cr);
}
