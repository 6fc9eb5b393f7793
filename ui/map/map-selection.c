/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-selection.h"
#include "city/track.h"
#include <math.h>

#define BADGE_EM 1.5 /* reach in body sizes */
#define HEAD_EM 0.6
#define STOP_EM 0.45
#define LINE_EM 0.35

gboolean
casa_map_item_equal(const CasaMapItem *a, const CasaMapItem *b)
{
  if (a->kind != b->kind)
    return FALSE;
  switch (a->kind) {
  case CASA_MAP_STATION:
  case CASA_MAP_VEHICLE: return a->key == b->key;
  case CASA_MAP_STOP: return a->stop == b->stop;
  case CASA_MAP_LINE: return a->line == b->line;
  case CASA_MAP_DISTRICT: return a->district == b->district;
  default: return TRUE;
  }
}

static double
distance(const CasaMapView *view, CasaLonLat at, double x, double y)
{
  double px, py;

  casa_map_project(view, at, &px, &py);
  return hypot(px - x, py - y);
}

static gboolean
stops_are_drawn(CasaMapPicture *picture)
{
  return casa_map_picture_view(picture)->scale / 111.2 * 0.5 >= casa_map_picture_base(picture)->font_px * 2;
}

/* Everything that can be touched, in the order of the keys' walk. */
static GArray *
all_items(CasaMapPicture *picture)
{
  GArray *items = g_array_new(FALSE, FALSE, sizeof(CasaMapItem));
  const CasaCity *city = casa_map_picture_base(picture)->city;
  const GArray *vehicles = casa_map_picture_vehicles(picture);
  guint n_badges;
  const CasaMapBadge *badges = casa_map_picture_badges(picture, &n_badges);

  for (guint i = 0; i < n_badges; i++) {
    CasaMapItem item = { .kind = CASA_MAP_STATION, .key = badges[i].key, .at = badges[i].at };
    if (badges[i].key != CASA_MAP_NOBODY)
      g_array_append_val(items, item);
  }
  for (guint i = 0; i < vehicles->len; i++) {
    const CasaMapVehicle *v = &g_array_index(vehicles, CasaMapVehicle, i);
    CasaMapItem item = { .kind = CASA_MAP_VEHICLE, .key = v->key, .line = v->line, .at = v->at };
    g_array_append_val(items, item);
  }
  for (guint l = 0; stops_are_drawn(picture) && l < city->n_lines; l++)
    for (guint s = 0; s < city->lines[l].n_stops; s++) {
      const CasaStop *stop = &city->lines[l].stops[s];
      CasaMapItem item = { .kind = CASA_MAP_STOP, .stop = stop, .line = &city->lines[l], .at = stop->at };
      g_array_append_val(items, item);
    }
  for (guint l = 0; l < city->n_lines; l++) {
    const CasaLine *line = &city->lines[l];
    CasaMapItem item = { .kind = CASA_MAP_LINE, .line = line };

    if (line->track.n == 0)
      continue;
    item.at = casa_line_at(line, line->length_km / 2);
    g_array_append_val(items, item);
  }
  for (guint d = 0; d < city->n_districts; d++) {
    CasaMapItem item = { .kind = CASA_MAP_DISTRICT, .district = &city->districts[d], .at = city->districts[d].centroid };
    g_array_append_val(items, item);
  }
  return items;
}

static double
reach_of(CasaMapPicture *picture, const CasaMapItem *item)
{
  double em = casa_map_picture_base(picture)->font_px;

  switch (item->kind) {
  case CASA_MAP_STATION: return em * BADGE_EM;
  case CASA_MAP_VEHICLE: return em * HEAD_EM;
  case CASA_MAP_STOP: return em * STOP_EM;
  default: return 0;
  }
}

static gboolean
line_under(CasaMapPicture *picture, double x, double y, CasaMapItem *item)
{
  const CasaMapView *view = casa_map_picture_view(picture);
  const CasaMapBase *base = casa_map_picture_base(picture);
  CasaLonLat here = casa_map_unproject(view, x, y);
  double best = base->font_px * LINE_EM;

  for (guint l = 0; l < base->city->n_lines; l++) {
    const CasaLine *line = &base->city->lines[l];
    CasaTrackFix fix;

    if (!casa_track_match(&line->track, line->track_km, here, &fix) || distance(view, fix.at, x, y) >= best)
      continue;
    best = distance(view, fix.at, x, y);
    *item = (CasaMapItem){ .kind = CASA_MAP_LINE, .line = line, .at = fix.at };
  }
  return item->kind == CASA_MAP_LINE;
}

CasaMapItem
casa_map_lookup_item(CasaMapPicture *picture, double x, double y)
{
  const CasaMapView *view = casa_map_picture_view(picture);
  g_autoptr(GArray) items = all_items(picture);
  CasaMapItem best = { .kind = CASA_MAP_NOTHING };
  double nearest = INFINITY;

  for (guint i = 0; i < items->len; i++) {
    const CasaMapItem *item = &g_array_index(items, CasaMapItem, i);
    double away = distance(view, item->at, x, y);

    if (away > reach_of(picture, item) || away >= nearest)
      continue;
    nearest = away;
    best = *item;
  }
  if (best.kind != CASA_MAP_NOTHING || line_under(picture, x, y, &best))
    return best;
  best.district = casa_city_district_at(casa_map_picture_base(picture)->city, casa_map_unproject(view, x, y));
  if (best.district != NULL) {
    best.kind = CASA_MAP_DISTRICT;
    best.at = best.district->centroid;
  }
  return best;
}

typedef struct {
  CasaMapItem item;
  double x;
} Step;

static gint
compare_steps(gconstpointer a, gconstpointer b)
{
  const Step *sa = a, *sb = b;

  if (sa->item.kind != sb->item.kind)
    return sa->item.kind < sb->item.kind ? -1 : 1;
  return sa->x < sb->x ? -1 : sa->x > sb->x;
}

CasaMapItem
casa_map_step_item(CasaMapPicture *picture, const CasaMapItem *item, int direction)
{
  const CasaMapView *view = casa_map_picture_view(picture);
  g_autoptr(GArray) items = all_items(picture), steps = g_array_new(FALSE, FALSE, sizeof(Step));
  int at = direction > 0 ? -1 : 0;

  for (guint i = 0; i < items->len; i++) {
    Step step = { g_array_index(items, CasaMapItem, i), 0 };
    double y;

    casa_map_project(view, step.item.at, &step.x, &y);
    if (step.x >= 0 && y >= 0 && step.x <= view->w && y <= view->h)
      g_array_append_val(steps, step);
  }
  g_array_sort(steps, compare_steps);
  if (item->kind == CASA_MAP_NOTHING && direction < 0)
    at = (int)steps->len;
  for (guint i = 0; i < steps->len; i++)
    if (casa_map_item_equal(&g_array_index(steps, Step, i).item, item))
      at = (int)i;
  at += direction;
  if (at < 0 || at >= (int)steps->len)
    return (CasaMapItem){ .kind = CASA_MAP_NOTHING };
  return g_array_index(steps, Step, (guint)at).item;
}

double
casa_map_item_radius(CasaMapPicture *picture, const CasaMapItem *item)
{
  return reach_of(picture, item) * 1.1;
}
