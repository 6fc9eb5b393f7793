/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-callout.h"
#include "ui/map/badges.h"
#include "ui/map/map-text.h"
#include <math.h>
#include <string.h>

#define WIDEST 0.6 /* of the picture */

#define TRACK_AIR 0.5 /* body sizes between a bubble and a line: a vehicle's head is as wide */

/* Middles of the bubble around the place: sideways in its own widths, up and down in its heights. Above first. */
static const double around[][2] = {
  { 0, -2.6 },    { 0.3, -2.6 },  { -0.3, -2.6 },  { 0.55, -2.6 }, { -0.55, -2.6 }, { 0, -3.8 },    { 0.3, -3.8 },
  { -0.3, -3.8 }, { 0.55, -3.8 }, { -0.55, -3.8 }, { 0, 2.6 },     { 0.3, 2.6 },    { -0.3, 2.6 },  { 0.55, 2.6 },
  { -0.55, 2.6 }, { 0, 3.8 },     { 0.4, 3.8 },    { -0.4, 3.8 },  { 0, -5.2 },     { 0.4, -5.2 },  { -0.4, -5.2 },
  { 0, 5.2 },     { 0.4, 5.2 },   { -0.4, 5.2 },   { 0.9, 0 },     { -0.9, 0 },     { 0, -6.8 },    { 0.4, -6.8 },
  { -0.4, -6.8 }, { 0, 6.8 },     { 0.4, 6.8 },    { -0.4, 6.8 },  { 0.7, -6.8 },   { -0.7, -6.8 }, { 0.7, 6.8 },
  { -0.7, 6.8 },  { 0, -8.6 },    { 0.4, -8.6 },   { -0.4, -8.6 }, { 0, 8.6 },      { 0.4, 8.6 },   { -0.4, 8.6 },
};

static gboolean
is_inside(double x, double y, const CasaMapBox *box)
{
  return x >= box->x && y >= box->y && x <= box->x + box->w && y <= box->y + box->h;
}

/* The places off every line come first, each kind in its order: a bubble on a line would hide the vehicles that pass there. */
static void
put_free_ones_first(const CasaMapView *view, const CasaMapBase *base, double w, double h, double (*corners)[2])
{
  double sorted[G_N_ELEMENTS(around)][2];
  const double air = base->font_px * TRACK_AIR;
  guint n = 0;

  for (guint on_track = 0; on_track <= 1; on_track++)
    for (guint i = 0; i < G_N_ELEMENTS(around); i++) {
      const CasaMapBox box = { corners[i][0] - air, corners[i][1] - air, w + 2 * air, h + 2 * air };

      if ((casa_map_view_tracks(view, base->city, &box) > 0) != on_track)
        continue;
      sorted[n][0] = corners[i][0];
      sorted[n++][1] = corners[i][1];
    }
  memcpy(corners, sorted, sizeof sorted);
}

void
casa_map_bubble_init(CasaMapBubble *self, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                     const CasaMapBox *bounds, double gap, GArray *taken)
{
  double corners[G_N_ELEMENTS(around)][2], em = base->font_px, w, h;

  *self = (CasaMapBubble){ 0 };
  if (base->callout == NULL || base->callout->text == NULL)
    return;
  casa_map_project(view, base->callout->at, &self->x, &self->y);
  if (!isfinite(self->x) || !isfinite(self->y) || !is_inside(self->x, self->y, bounds))
    return;
  self->layout = casa_map_text(pango, base->font, em * 1.1, PANGO_WEIGHT_SEMIBOLD, bounds->w * WIDEST, base->callout->text);
  casa_map_text_size(self->layout, &w, &h);
  w += em * 1.8;
  h += em * 0.9;
  for (guint i = 0; i < G_N_ELEMENTS(around); i++) {
    double left = self->x + around[i][0] * w - w / 2, top = self->y + around[i][1] * em * 1.3 - h / 2;

    /* Near the edge it is moved inwards rather than left out. */
    corners[i][0] = CLAMP(left, bounds->x, MAX(bounds->x, bounds->x + bounds->w - w));
    corners[i][1] = top;
  }
  put_free_ones_first(view, base, w, h, corners);
  casa_map_place_one((const double(*)[2])corners, G_N_ELEMENTS(around), w, h, bounds, gap, taken, &self->box);
}

void
casa_map_bubble_clear(CasaMapBubble *self)
{
  g_clear_object(&self->layout);
}

static void
rounded(cairo_t *cr, const CasaMapBase *base, const CasaMapBox *box)
{
  cairo_new_path(cr);
  casa_map_rounded(cr, box->x, box->y, box->w, box->h, base->font_px * 0.45);
}

/* Where the pointer leaves the bubble's middle. */
static void
pointer_from(const CasaMapBubble *self, double em, double *x, double *y)
{
  *x = CLAMP(self->x, self->box.x + em * 0.8, self->box.x + self->box.w - em * 0.8);
  *y = self->box.y + self->box.h / 2;
}

void
casa_map_bubble_reserve(const CasaMapBubble *self, const CasaMapBase *base, GArray *taken)
{
  const double em = base->font_px, side = em * 0.3;
  double x, y;

  if (self->box.w <= 0)
    return;
  pointer_from(self, em, &x, &y);
  const guint n = (guint)ceil(hypot(self->x - x, self->y - y) / side);
  for (guint i = 0; i <= n; i++) {
    const double t = n > 0 ? (double)i / n : 0;
    const CasaMapBox box = { x + (self->x - x) * t - side / 2, y + (self->y - y) * t - side / 2, side, side };
    g_array_append_val(taken, box);
  }
}

void
casa_map_bubble_point(cairo_t *cr, const CasaMapBase *base, const CasaMapBubble *bubble)
{
  const CasaMapBox *box = &bubble->box;
  double r = base->font_px * 0.2, x, y;

  if (box->w <= 0)
    return;
  pointer_from(bubble, base->font_px, &x, &y);
  cairo_new_path(cr);
  cairo_move_to(cr, x, y);
  cairo_line_to(cr, bubble->x, bubble->y);
  casa_map_colour(cr, base->theme->ground, 0.8);
  cairo_set_line_width(cr, MAX(base->font_px * 0.26, 3));
  cairo_stroke_preserve(cr);
  casa_map_colour(cr, base->theme->ink, 1);
  cairo_set_line_width(cr, MAX(base->font_px * 0.1, 1.2));
  cairo_stroke(cr);
  cairo_arc(cr, bubble->x, bubble->y, r, 0, 2 * G_PI);
  cairo_fill(cr);
}

void
casa_map_bubble_paint(cairo_t *cr, const CasaMapBase *base, const CasaMapBubble *bubble)
{
  const CasaMapBox *box = &bubble->box;
  double w, h;

  if (box->w <= 0)
    return;
  rounded(cr, base, box);
  casa_map_colour(cr, base->theme->ink, 1);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, base->theme->ground, 1);
  cairo_set_line_width(cr, MAX(base->font_px * 0.09, 1));
  cairo_stroke(cr);
  casa_map_text_size(bubble->layout, &w, &h);
  casa_map_text_show(cr, bubble->layout, box->x + (box->w - w) / 2, box->y + (box->h - h) / 2, base->theme->ground);
}
