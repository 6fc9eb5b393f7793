/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/field.h"
#include "ui/map/map-text.h"
#include <math.h>

#define SOFTEN_KM 1.5 /* a station speaks for its surroundings, not for its own street corner */
#define AROUND 0.28   /* opacity on the land outside the city */
#define POWER 1.25

double
casa_map_field_value(const double (*xy)[2], const double *values, guint n, double soften, double x, double y)
{
  double sum = 0, weights = 0;

  for (guint i = 0; i < n; i++) {
    double dx = xy[i][0] - x, dy = xy[i][1] - y, weight = 1 / pow(dx * dx + dy * dy + soften * soften, POWER);

    sum += weight * values[i];
    weights += weight;
  }
  return weights > 0 ? sum / weights : NAN;
}

void
casa_map_field_init(CasaMapField *self, const CasaMapView *view, const CasaMapPoint *points, guint n)
{
  g_autofree double(*xy)[2] = g_malloc_n(MAX(n, 1), sizeof *xy);
  g_autofree double *values = g_new(double, MAX(n, 1));
  double soften = SOFTEN_KM * view->scale / 111.2;

  *self = (CasaMapField){ .cell = CASA_MAP_FIELD_CELL };
  self->w = (int)ceil(view->w / self->cell) + 1;
  self->h = (int)ceil(view->h / self->cell) + 1;
  self->values = g_new(double, (gsize)self->w *(gsize)self->h);
  for (guint i = 0; i < n; i++) {
    casa_map_project(view, points[i].at, &xy[i][0], &xy[i][1]);
    values[i] = points[i].value;
  }
  for (int j = 0; j < self->h; j++)
    for (int i = 0; i < self->w; i++)
      self->values[j * self->w + i] = casa_map_field_value((const double(*)[2])xy, values, n, soften,
                                                           view->x + (i + 0.5) * self->cell, view->y + (j + 0.5) * self->cell);
}

void
casa_map_field_clear(CasaMapField *self)
{
  g_clear_pointer(&self->values, g_free);
}

/* Where the edge from corner @a to the next crosses @level, in cells from the corner 0. */
static gboolean
crossing(const double corner[4], int a, double level, double *x, double *y)
{
  static const double at[4][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };
  int b = (a + 1) % 4;
  double t;

  if ((corner[a] - level) * (corner[b] - level) >= 0)
    return FALSE;
  t = (level - corner[a]) / (corner[b] - corner[a]);
  *x = at[a][0] + (at[b][0] - at[a][0]) * t;
  *y = at[a][1] + (at[b][1] - at[a][1]) * t;
  return TRUE;
}

guint
casa_map_field_isoline(const CasaMapField *self, cairo_t *cr, double level, double *x, double *y)
{
  guint pieces = 0;

  for (int j = 0; j + 1 < self->h; j++)
    for (int i = 0; i + 1 < self->w; i++) {
      const double *v = self->values + j * self->w + i;
      const double corner[4] = { v[0], v[1], v[self->w + 1], v[self->w] };
      double points[4][2];
      guint n = 0;

      for (int edge = 0; edge < 4; edge++)
        n += crossing(corner, edge, level, &points[n][0], &points[n][1]);
      for (guint k = 0; k + 1 < n; k += 2, pieces++) {
        *x = (i + 0.5 + points[k][0]) * self->cell;
        *y = (j + 0.5 + points[k][1]) * self->cell;
        cairo_move_to(cr, *x, *y);
        cairo_line_to(cr, (i + 0.5 + points[k + 1][0]) * self->cell, (j + 0.5 + points[k + 1][1]) * self->cell);
      }
    }
  return pieces;
}

static guint32
argb(CasaRgb c)
{
  return 0xff000000u | (guint32)lround(c.r * 255) << 16 | (guint32)lround(c.g * 255) << 8 | (guint32)lround(c.b * 255);
}

static cairo_surface_t *
to_surface(const CasaMapField *self, const CasaMapBase *base)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, self->w, self->h);
  int stride = cairo_image_surface_get_stride(surface);
  guint8 *data = cairo_image_surface_get_data(surface);

  for (int j = 0; j < self->h; j++)
    for (int i = 0; i < self->w; i++) {
      double t = (self->values[j * self->w + i] - base->scale.min) / (base->scale.max - base->scale.min);

      ((guint32 *)(gpointer)(data + (gsize)j * (gsize)stride))[i] = argb(casa_map_ramp(base->theme, base->scale.ramp, t));
    }
  cairo_surface_mark_dirty(surface);
  return surface;
}

static void
fill(const CasaMapField *self, cairo_t *cr, const CasaMapView *view, cairo_surface_t *surface, double alpha)
{
  cairo_translate(cr, view->x, view->y);
  cairo_scale(cr, self->cell, self->cell);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_paint_with_alpha(cr, alpha);
}

static void
paint_isolines(const CasaMapField *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  const CasaMapScale *scale = &base->scale;
  double x, y;

  cairo_translate(cr, view->x, view->y);
  casa_map_colour(cr, base->theme->dark ? (CasaRgb){ 1, .93, .8 } : (CasaRgb){ .35, .17, .04 }, 0.5);
  cairo_set_line_width(cr, MAX(casa_map_unit(base) * 1.8, 1));
  for (double level = scale->isoline * ceil(scale->min / scale->isoline); level < scale->max; level += scale->isoline) {
    cairo_new_path(cr);
    if (casa_map_field_isoline(self, cr, level, &x, &y) > 0)
      cairo_stroke(cr);
  }
}

static void
clip_city(cairo_t *cr, const CasaMapView *view, const CasaCity *city)
{
  cairo_new_path(cr);
  for (guint i = 0; i < city->n_districts; i++)
    casa_map_trace_district(cr, view, &city->districts[i]);
  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_clip(cr);
}

void
casa_map_field_paint(const CasaMapField *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base)
{
  cairo_surface_t *surface = to_surface(self, base);

  cairo_save(cr);
  casa_map_trace_land(cr, view, base->city);
  cairo_clip(cr);
  fill(self, cr, view, surface, AROUND);
  cairo_restore(cr);

  cairo_save(cr);
  clip_city(cr, view, base->city);
  cairo_save(cr);
  fill(self, cr, view, surface, base->theme->dark ? 0.8 : 1);
  cairo_restore(cr);
  if (base->scale.isoline > 0)
    paint_isolines(self, cr, view, base);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}
