/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/inset.h"
#include "ui/map/event-rim.h"
#include "ui/map/map-text.h"
#include <math.h>

#define NEAR_FROM 1.15 /* times larger than the whole city would be: a part of it is shown */
#define HIGH 6.6       /* body sizes */
#define WIDEST 0.3     /* of the picture */
#define FRAME_LEAST 4  /* pixels: a frame no smaller is seen */

/* Beside the legend (@far: at the other side of the picture), on one line with it. */
static CasaMapInset
placed(const CasaMapView *view, const CasaMapBase *base, const CasaMapLegend *legend, double w, double h, gboolean far)
{
  const double edge = base->font_px * 0.5, gap = base->font_px * 1.4;
  const CasaMapBox room = base->room.h > 0 ? base->room : (CasaMapBox){ view->x, view->y, view->w, view->h };
  const double low = MIN(legend->box.x, legend->attribution.x);
  const double high = MAX(legend->box.x + legend->box.w, legend->attribution.x + legend->attribution.w);
  const double bottom = legend->attribution.y + legend->attribution.h;
  const double x = far         ? base->rtl ? room.x + gap : room.x + room.w - gap - w
                   : base->rtl ? low - gap - edge - w
                               : high + gap + edge;

  return (CasaMapInset){ { x - edge, bottom - h - edge, w + 2 * edge, h + 2 * edge }, { x, bottom - h, w, h } };
}

CasaMapInset
casa_map_inset_measure(const CasaMapView *view, const CasaMapBase *base, const CasaMapLegend *legend)
{
  const CasaMapView whole = casa_map_view_fit(base->city, view->w, view->h, 1, NULL);
  const double h = MIN(base->font_px * HIGH, legend->attribution.y + legend->attribution.h - legend->box.y);
  const double w = h * whole.w / whole.h;

  if (legend->box.w <= 0 || base->city->n_districts == 0 || view->scale < NEAR_FROM * whole.scale || !(w > 0) ||
      w > view->w * WIDEST)
    return (CasaMapInset){ 0 };
  const CasaMapInset beside = placed(view, base, legend, w, h, FALSE);
  /* What is told must be seen. */
  if (base->event != NULL && casa_map_view_touches_district(view, base->city, base->event, &beside.box))
    return placed(view, base, legend, w, h, TRUE);
  return beside;
}

static void
trace_districts(cairo_t *cr, const CasaMapView *small, const CasaCity *city)
{
  cairo_new_path(cr);
  for (guint i = 0; i < city->n_districts; i++)
    casa_map_trace_district(cr, small, &city->districts[i]);
}

/* What @view shows, on @small. */
static CasaMapBox
frame_of(const CasaMapView *view, const CasaMapView *small, const CasaMapBox *room)
{
  const CasaMapBox shown = room->h > 0 ? *room : (CasaMapBox){ view->x, view->y, view->w, view->h };
  double x0, y0, x1, y1;

  casa_map_project(small, casa_map_unproject(view, shown.x, shown.y), &x0, &y0);
  casa_map_project(small, casa_map_unproject(view, shown.x + shown.w, shown.y + shown.h), &x1, &y1);
  x0 = round(x0);
  y0 = round(y0);
  return (CasaMapBox){ x0, y0, MAX(round(x1 - x0), FRAME_LEAST), MAX(round(y1 - y0), FRAME_LEAST) }; /* sharp */
}

void
casa_map_inset_paint(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaMapInset *inset)
{
  const CasaTheme *theme = base->theme;
  const double u = casa_map_unit(base);

  if (inset->box.w <= 0)
    return;
  CasaMapView small = casa_map_view_fit(base->city, inset->inside.w, inset->inside.h, 1, NULL);
  small.x = inset->inside.x;
  small.y = inset->inside.y;
  const CasaMapBox frame = frame_of(view, &small, &base->room);
  cairo_save(cr);
  cairo_new_path(cr);
  casa_map_rounded(cr, inset->box.x, inset->box.y, inset->box.w, inset->box.h, base->font_px * 0.5);
  casa_map_colour(cr, theme->panel, 0.88);
  cairo_fill_preserve(cr);
  cairo_clip(cr);
  trace_districts(cr, &small, base->city);
  casa_map_colour(cr, casa_rgb_mix(theme->panel, theme->muted, 0.45), 1);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, theme->panel, 1);
  cairo_set_line_width(cr, MAX(u * 1.4, 0.8));
  cairo_stroke(cr);
  if (base->event != NULL) {
    cairo_new_path(cr);
    casa_map_trace_district(cr, &small, base->event);
    casa_map_colour(cr, casa_map_event_colour(theme), 1);
    cairo_fill(cr);
  }
  cairo_rectangle(cr, frame.x, frame.y, frame.w, frame.h);
  casa_map_colour(cr, theme->ink, 1);
  cairo_set_line_width(cr, 2 * MAX(round(u), 1));
  cairo_stroke(cr);
  cairo_restore(cr);
}
