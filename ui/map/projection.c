/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include <math.h>

#define PAD 0.03        /* free border, of the smaller side */
#define SHRINK_STEPS 20 /* 2 % each: 60 % at the end */
#define SHIFTS 7        /* positions tried each way */

static double
city_k(const CasaCity *city)
{
  return cos((city->min.lat + city->max.lat) / 2 * G_PI / 180);
}

/* Box of the districts and of the lines, some of which go beyond. */
static void
bounds(const CasaCity *city, CasaLonLat *min, CasaLonLat *max)
{
  *min = city->min;
  *max = city->max;
  for (guint l = 0; l < city->n_lines; l++)
    for (guint i = 0; i < city->lines[l].track.n; i++) {
      CasaLonLat p = city->lines[l].track.points[i];

      *min = (CasaLonLat){ MIN(min->lon, p.lon), MIN(min->lat, p.lat) };
      *max = (CasaLonLat){ MAX(max->lon, p.lon), MAX(max->lat, p.lat) };
    }
}

/* Scale at which the city fills @w × @h less the border; a city without size gives 1. */
static double
full_scale(const CasaCity *city, double w, double h, double k)
{
  double pad = MIN(w, h) * PAD;
  CasaLonLat min, max;
  double span_x, span_y, scale;

  bounds(city, &min, &max);
  span_x = (max.lon - min.lon) * k;
  span_y = max.lat - min.lat;
  scale = MIN((w - 2 * pad) / span_x, (h - 2 * pad) / span_y);
  return isfinite(scale) && scale > 0 ? scale : 1;
}

static CasaMapView
centred(const CasaCity *city, double w, double h)
{
  double k = city_k(city);
  CasaLonLat min, max;

  bounds(city, &min, &max);
  return (CasaMapView){
    .w = w,
    .h = h,
    .k = k,
    .scale = full_scale(city, w, h, k),
    .cx = (min.lon + max.lon) / 2 * k,
    .cy = (min.lat + max.lat) / 2,
  };
}

static CasaMapView
zoomed(CasaMapView view, double zoom, const CasaLonLat *centre)
{
  view.scale *= MAX(zoom, 1);
  if (centre != NULL) {
    view.cx = centre->lon * view.k;
    view.cy = centre->lat;
  }
  return view;
}

CasaMapView
casa_map_view_fit(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre)
{
  return zoomed(centred(city, w, h), zoom, centre);
}

void
casa_map_project(const CasaMapView *view, CasaLonLat at, double *x, double *y)
{
  *x = view->x + view->w / 2 + (at.lon * view->k - view->cx) * view->scale;
  *y = view->y + view->h / 2 - (at.lat - view->cy) * view->scale;
}

CasaLonLat
casa_map_unproject(const CasaMapView *view, double x, double y)
{
  return (CasaLonLat){
    ((x - view->x - view->w / 2) / view->scale + view->cx) / view->k,
    view->cy - (y - view->y - view->h / 2) / view->scale,
  };
}

/* Narrows [*t0, *t1], the part of a segment inside, by one side of the box (Liang and Barsky, ACM TOG 3(1), 1984). */
static gboolean
clip_side(double direction, double distance, double *t0, double *t1)
{
  if (direction == 0)
    return distance >= 0;
  if (direction < 0)
    *t0 = MAX(*t0, distance / direction);
  else
    *t1 = MIN(*t1, distance / direction);
  return *t0 <= *t1;
}

static gboolean
segment_in_box(double x0, double y0, double x1, double y1, const CasaMapBox *b)
{
  double t0 = 0, t1 = 1, dx = x1 - x0, dy = y1 - y0;

  return clip_side(-dx, x0 - b->x, &t0, &t1) && clip_side(dx, b->x + b->w - x0, &t0, &t1) &&
         clip_side(-dy, y0 - b->y, &t0, &t1) && clip_side(dy, b->y + b->h - y0, &t0, &t1);
}

static gboolean
ring_touches(const CasaMapView *view, const CasaPath *ring, const CasaMapBox *box)
{
  double x0, y0, x1, y1;

  if (ring->n == 0)
    return FALSE;
  casa_map_project(view, ring->points[ring->n - 1], &x0, &y0);
  for (guint i = 0; i < ring->n; i++, x0 = x1, y0 = y1) {
    casa_map_project(view, ring->points[i], &x1, &y1);
    if (segment_in_box(x0, y0, x1, y1, box))
      return TRUE;
  }
  return FALSE;
}

static guint
crossings(const CasaMapView *view, const CasaPath *path, const CasaMapBox *box)
{
  double x0, y0, x1, y1;
  guint n = 0;

  if (path->n == 0)
    return 0;
  casa_map_project(view, path->points[0], &x0, &y0);
  for (guint i = 1; i < path->n; i++, x0 = x1, y0 = y1) {
    casa_map_project(view, path->points[i], &x1, &y1);
    n += segment_in_box(x0, y0, x1, y1, box);
  }
  return n;
}

gboolean
casa_map_view_touches_district(const CasaMapView *view, const CasaCity *city, const CasaDistrict *district,
                               const CasaMapBox *box)
{
  const CasaLonLat middle = casa_map_unproject(view, box->x + box->w / 2, box->y + box->h / 2);

  if (casa_city_district_at(city, middle) == district)
    return TRUE;
  for (guint r = 0; r < district->n_rings; r++)
    if (ring_touches(view, &district->rings[r], box))
      return TRUE;
  return FALSE;
}

gboolean
casa_map_view_touches(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box)
{
  for (guint d = 0; d < city->n_districts; d++)
    if (casa_map_view_touches_district(view, city, &city->districts[d], box))
      return TRUE;
  for (guint l = 0; l < city->n_lines; l++)
    if (crossings(view, &city->lines[l].track, box) > 0)
      return TRUE;
  return FALSE;
}

guint
casa_map_view_tracks(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box)
{
  guint n = 0;

  for (guint i = 0; i < city->n_lines; i++)
    n += crossings(view, &city->lines[i].track, box);
  return n;
}

guint
casa_map_view_crossings(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box)
{
  guint n = casa_map_view_tracks(view, city, box);

  for (guint i = 0; i < city->n_land; i++)
    n += crossings(view, &city->land[i], box);
  return n;
}

static gboolean
all_free(const CasaMapView *view, const CasaCity *city, const CasaMapBox *avoid, guint n)
{
  for (guint i = 0; i < n; i++)
    if (casa_map_view_touches(view, city, &avoid[i]))
      return FALSE;
  return TRUE;
}

/* 0, 1, -1, 2, -2 … as a share of the room to the side: the middle is tried first. */
static double
nth_shift(guint i)
{
  double step = 2.0 / (SHIFTS - 1);

  return (i + 1) / 2 * step * (i % 2 == 1 ? 1 : -1);
}

static gboolean
shift_free(CasaMapView *view, const CasaCity *city, const CasaMapBox *avoid, guint n)
{
  double pad = MIN(view->w, view->h) * PAD;
  const CasaMapView start = *view;
  double room_x, room_y;
  CasaLonLat min, max;

  bounds(city, &min, &max);
  room_x = (view->w - (max.lon - min.lon) * view->k * view->scale) / 2 - pad;
  room_y = (view->h - (max.lat - min.lat) * view->scale) / 2 - pad;
  for (guint j = 0; j < SHIFTS; j++)
    for (guint i = 0; i < SHIFTS; i++) {
      view->cx = start.cx + nth_shift(i) * MAX(room_x, 0) / view->scale;
      view->cy = start.cy + nth_shift(j) * MAX(room_y, 0) / view->scale;
      if (all_free(view, city, avoid, n))
        return TRUE;
    }
  *view = start;
  return FALSE;
}

CasaMapView
casa_map_view_fit_beside(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre,
                         const CasaMapBox *avoid, guint n)
{
  const CasaMapView whole = centred(city, w, h);

  for (guint step = 0; step <= SHRINK_STEPS; step++) {
    CasaMapView view = whole;

    view.scale *= 1 - 0.02 * step;
    if (shift_free(&view, city, avoid, n))
      return zoomed(view, zoom, centre);
  }
  return zoomed(whole, zoom, centre);
}
