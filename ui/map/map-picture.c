/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-picture.h"
#include "city/sun.h"
#include "ui/map/event-rim.h"
#include "ui/map/lamps.h"
#include "ui/map/layer.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-text.h"
#include "ui/map/roads.h"
#include <math.h>
#include <string.h>

#define LIGHTS_OUT_US (350 * 1000)
#define LIGHTS_ON_US (1200 * 1000)
#define EVENT_ZOOM 2.8
#define EVENT_MARGIN 0.35
#define EVENT_HOLD_US (90 * G_USEC_PER_SEC) /* so long the camera stays, when nobody moves it */
#define SETTLE_US 90000                     /* the camera stood still for so long: it has arrived */
#define BACKDROP 2                          /* the whole city is kept so much smaller, for flights home */
#define STREAKS 220
#define FRUGAL_FRAME_US 500000
#define LATE_US 25000 /* a frame that took longer is late */

typedef struct {
  CasaLonLat at;
  guint32 rgb;
  double strength;
} Boarding;

struct _CasaMapPicture {
  const CasaCity *city;
  CasaMapBase base;           /* strings, districts, field, roads and veils in it are ours */
  CasaMapDistrict *districts; /* [n_districts] */
  double *lit;                /* [n_districts] what districts[].lit goes to */
  gint64 lit_us;              /* when that was last advanced */
  double *roads;
  CasaMapBadge *badges;
  guint n_badges;
  CasaMapCallout callout;
  GHashTable *boardings; /* CasaStop → Boarding */
  double wind_from, wind_speed;
  double room[4];
  CasaMapBox *veils; /* fractions */
  guint n_veils;
  CasaMapBox *veil_boxes; /* pixels */
  CasaLonLat mark_at;
  double mark_radius;

  gint64 now_ms, now_us; /* the data's clock was now_ms at now_us */
  double rate;
  gboolean still, frugal;

  CasaMapEventRim event;
  gint64 fly_us;       /* the camera goes to the event then; 0: it has gone */
  gint64 return_us;    /* … and comes back then, if it still stands there; 0: it does not */
  CasaMapStance visit; /* where it stands meanwhile */

  CasaMapCamera *camera;
  CasaMapFleet *fleet;
  GArray *vehicles;   /* CasaMapVehicle */
  GArray *heads;      /* CasaMapBox */
  GHashTable *places; /* char * → CasaMapPlaced */
  CasaMapComets *comets;
  CasaMapGrains *grains;
  CasaMapLamps *lamps;
  CasaMapTiles *tiles;
  cairo_surface_t *land;     /* device pixels; NULL = to be painted */
  cairo_surface_t *backdrop; /* the whole city, smaller; NULL until it was seen */
  CasaMapView view;          /* what the layers show */
  CasaMapView backdrop_view;
  CasaMapView shown;      /* what the last frame showed */
  gint64 view_changed_us; /* when @shown last changed */
  int w, h, device_scale;
  CasaMapLayer ground_layer, signs_layer, moving_layer;
  guint land_paints;
  guint frugality, late, early;
};

CasaMapPicture *
casa_map_picture_new(const CasaCity *city)
{
  CasaMapPicture *self = g_new0(CasaMapPicture, 1);

  self->city = city;
  self->base = (CasaMapBase){ .city = city, .theme = casa_theme_get(NULL), .font = g_strdup("Inter"), .font_px = 20 };
  self->base.scale = (CasaMapScale){ .max = 1, .limit = NAN };
  self->districts = g_new(CasaMapDistrict, MAX(city->n_districts, 1));
  self->lit = g_new(double, MAX(city->n_districts, 1));
  for (guint i = 0; i < city->n_districts; i++) {
    self->districts[i] = (CasaMapDistrict){ NAN, 1 };
    self->lit[i] = 1;
  }
  self->base.districts = self->districts;
  self->boardings = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  self->wind_from = self->wind_speed = NAN;
  self->room[2] = self->room[3] = 1;
  self->rate = 1;
  self->camera = casa_map_camera_new(city);
  self->fleet = casa_map_fleet_new();
  self->vehicles = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));
  self->heads = g_array_new(FALSE, FALSE, sizeof(CasaMapBox));
  self->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->comets = casa_map_comets_new();
  self->ground_layer = (CasaMapLayer){ .every_us = 400000, .stale = TRUE };
  self->signs_layer = (CasaMapLayer){ .every_us = 1000000, .stale = TRUE };
  self->moving_layer = (CasaMapLayer){ .every_us = CASA_MAP_FRAME_US, .stale = TRUE };
  return self;
}

static void
drop_layers(CasaMapPicture *self)
{
  g_clear_pointer(&self->land, cairo_surface_destroy);
  g_clear_pointer(&self->lamps, casa_map_lamps_free);
  g_clear_pointer(&self->grains, casa_map_grains_free);
  g_hash_table_remove_all(self->places);
  casa_map_comets_clear(self->comets);
  self->ground_layer.stale = self->signs_layer.stale = self->moving_layer.stale = TRUE;
}

static void
drop_pictures(CasaMapPicture *self)
{
  drop_layers(self);
  g_clear_pointer(&self->backdrop, cairo_surface_destroy);
}

static void
free_scale(CasaMapScale *scale)
{
  g_free((char *)scale->title);
  g_free((char *)scale->unit);
  g_free((char *)scale->note);
  g_free((char *)scale->limit_name);
}

void
casa_map_picture_free(CasaMapPicture *self)
{
  if (self == NULL)
    return;
  drop_pictures(self);
  g_clear_pointer(&self->tiles, casa_map_tiles_free);
  casa_map_comets_free(self->comets);
  casa_map_fleet_free(self->fleet);
  casa_map_camera_free(self->camera);
  g_array_unref(self->vehicles);
  g_array_unref(self->heads);
  g_hash_table_unref(self->places);
  g_hash_table_unref(self->boardings);
  free_scale(&self->base.scale);
  g_free((char *)self->base.font);
  g_free((char *)self->callout.text);
  g_free((char *)self->base.event_text);
  g_free((CasaMapPoint *)self->base.field);
  g_free(self->districts);
  g_free(self->lit);
  g_free(self->roads);
  g_free(self->badges);
  g_free(self->veils);
  g_free(self->veil_boxes);
  g_free(self);
}

/* The legend's place follows the room, the city's place the legend. */
static void
fit(CasaMapPicture *self, PangoContext *pango)
{
  const double *r = self->room;
  CasaMapLegend legend;
  CasaMapBox avoid[2];
  double m = self->base.font_px * 0.4;

  self->base.room = (CasaMapBox){ self->w * r[0], self->h * r[1], self->w * r[2], self->h * r[3] };
  if (r[2] >= 1 && r[3] >= 1)
    self->base.room = (CasaMapBox){ 0 };
  self->veil_boxes = g_renew(CasaMapBox, self->veil_boxes, MAX(self->n_veils, 1));
  for (guint i = 0; i < self->n_veils; i++)
    self->veil_boxes[i] = (CasaMapBox){ self->veils[i].x * self->w, self->veils[i].y * self->h, self->veils[i].w * self->w,
                                        self->veils[i].h * self->h };
  self->base.veils = self->veil_boxes;
  self->base.n_veils = self->n_veils;
  legend = casa_map_legend_measure(pango, &self->base, self->w, self->h);
  avoid[0] = legend.attribution;
  avoid[1] = legend.box;
  for (guint i = 0; i < 2; i++)
    avoid[i] = (CasaMapBox){ avoid[i].x - m, avoid[i].y - m, avoid[i].w + 2 * m, avoid[i].h + 2 * m };
  casa_map_camera_set_frame(self->camera, r[0], r[1], r[2], r[3]);
  casa_map_camera_set_picture(self->camera, self->w, self->h, avoid, legend.box.w > 0 ? 2 : 1);
}

void
casa_map_picture_set_size(CasaMapPicture *self, PangoContext *pango, int w, int h, int device_scale)
{
  if (self->tiles != NULL && w == self->w && h == self->h && device_scale == self->device_scale)
    return;
  self->w = w;
  self->h = h;
  self->device_scale = device_scale;
  g_clear_pointer(&self->tiles, casa_map_tiles_free);
  self->tiles = casa_map_tiles_new(w * device_scale, h * device_scale, device_scale);
  drop_pictures(self);
  fit(self, pango);
}

static void
replace(const char **place, const char *text)
{
  char *copy = g_strdup(text);

  g_free((char *)*place);
  *place = copy;
}

/* The next frame measures anew. */
static void
refit(CasaMapPicture *self)
{
  drop_pictures(self);
  g_clear_pointer(&self->tiles, casa_map_tiles_free);
}

void
casa_map_picture_set_style(CasaMapPicture *self, const CasaTheme *theme, const char *font, double font_px, gboolean rtl)
{
  CasaMapBase *base = &self->base;

  if (theme == base->theme && g_strcmp0(font, base->font) == 0 && fabs(font_px - base->font_px) < 0.01 && rtl == base->rtl)
    return;
  base->theme = theme;
  replace(&base->font, font);
  base->font_px = font_px;
  base->rtl = rtl;
  refit(self);
}

void
casa_map_picture_set_still(CasaMapPicture *self, gboolean still)
{
  self->still = still;
  casa_map_fleet_set_glide(self->fleet, !still);
  casa_map_camera_set_eased(self->camera, !still);
}

void
casa_map_picture_set_frugal(CasaMapPicture *self, gboolean frugal)
{
  self->frugal = frugal;
  self->frugality = frugal ? 4 : 0;
  self->moving_layer.every_us = frugal ? FRUGAL_FRAME_US : CASA_MAP_FRAME_US;
}

void
casa_map_picture_set_room(CasaMapPicture *self, double x, double y, double w, double h)
{
  const double room[4] = { x, y, w, h };

  if (memcmp(room, self->room, sizeof room) == 0)
    return;
  memcpy(self->room, room, sizeof room);
  refit(self);
}

void
casa_map_picture_set_veils(CasaMapPicture *self, const CasaMapBox *veils, guint n)
{
  if (n == self->n_veils && (n == 0 || memcmp(veils, self->veils, n * sizeof *veils) == 0))
    return;
  g_free(self->veils);
  self->veils = n > 0 ? g_memdup2(veils, n * sizeof *veils) : NULL;
  self->n_veils = n;
  refit(self);
}

void
casa_map_picture_set_now(CasaMapPicture *self, gint64 now_ms, double rate, gint64 mono_us)
{
  double darkness = casa_sun_darkness(casa_map_camera_home(self->camera).centre, now_ms);

  self->now_ms = now_ms;
  self->now_us = mono_us;
  self->rate = rate;
  if (fabs(darkness - self->base.darkness) < (darkness == 0 || darkness == 1 ? 1e-9 : 0.01))
    return;
  self->base.darkness = darkness;
  self->ground_layer.stale = TRUE;
}

gint64
casa_map_picture_now_ms(CasaMapPicture *self, gint64 mono_us)
{
  return self->now_ms + (gint64)((double)(mono_us - self->now_us) / 1000 * self->rate);
}

static gboolean
same_scale(const CasaMapScale *a, const CasaMapScale *b)
{
  return g_strcmp0(a->title, b->title) == 0 && g_strcmp0(a->unit, b->unit) == 0 && g_strcmp0(a->note, b->note) == 0 &&
         g_strcmp0(a->limit_name, b->limit_name) == 0 && a->ramp == b->ramp && a->min == b->min && a->max == b->max &&
         (a->limit == b->limit || (isnan(a->limit) && isnan(b->limit))) && a->isoline == b->isoline;
}

void
casa_map_picture_set_scale(CasaMapPicture *self, const CasaMapScale *scale)
{
  CasaMapScale copy = *scale;

  if (same_scale(scale, &self->base.scale))
    return;
  copy.title = g_strdup(scale->title);
  copy.unit = g_strdup(scale->unit);
  copy.note = g_strdup(scale->note);
  copy.limit_name = g_strdup(scale->limit_name);
  free_scale(&self->base.scale);
  self->base.scale = copy;
  refit(self);
}

/* A change of a colour by less than this share of the scale is not seen. */
static gboolean
differs(const CasaMapScale *scale, double a, double b)
{
  if (isnan(a) || isnan(b))
    return isnan(a) != isnan(b);
  return fabs(a - b) > (scale->max - scale->min) * 0.01;
}

void
casa_map_picture_set_districts(CasaMapPicture *self, const double *values)
{
  for (guint i = 0; i < self->city->n_districts; i++) {
    if (!differs(&self->base.scale, values[i], self->districts[i].value))
      continue;
    if (isnan(values[i]) != isnan(self->districts[i].value))
      self->signs_layer.stale = TRUE; /* the legend tells of gaps */
    self->districts[i].value = values[i];
    self->ground_layer.stale = TRUE;
  }
}

void
casa_map_picture_set_lit(CasaMapPicture *self, const double *lit, gint64 mono_us)
{
  gboolean lamps = lit != NULL;

  if (lamps != self->base.lamps)
    self->ground_layer.stale = self->signs_layer.stale = TRUE;
  self->base.lamps = lamps;
  self->lit_us = mono_us;
  for (guint i = 0; lamps && i < self->city->n_districts; i++)
    self->lit[i] = CLAMP(isfinite(lit[i]) ? lit[i] : 1, 0, 1);
}

void
casa_map_picture_set_field(CasaMapPicture *self, const CasaMapPoint *points, guint n)
{
  gboolean same = n == self->base.n_field;

  for (guint i = 0; same && i < n; i++)
    same = points[i].at.lon == self->base.field[i].at.lon && points[i].at.lat == self->base.field[i].at.lat &&
           !differs(&self->base.scale, points[i].value, self->base.field[i].value);
  if (same)
    return;
  g_free((CasaMapPoint *)self->base.field);
  self->base.field = n > 0 ? g_memdup2(points, n * sizeof *points) : NULL;
  self->base.n_field = n;
  self->ground_layer.stale = TRUE;
}

void
casa_map_picture_set_roads(CasaMapPicture *self, const double *speeds)
{
  guint n = self->city->n_roads;
  gboolean had = self->base.roads != NULL;

  if (speeds != NULL && self->roads == NULL) {
    self->roads = g_new(double, MAX(n, 1));
    for (guint i = 0; i < n; i++)
      self->roads[i] = NAN;
  }
  self->base.roads = speeds != NULL ? self->roads : NULL;
  if (had != (speeds != NULL))
    self->ground_layer.stale = self->signs_layer.stale = TRUE;
  for (guint i = 0; speeds != NULL && i < n; i++) {
    if (isnan(speeds[i]) == isnan(self->roads[i]) && !(fabs(speeds[i] - self->roads[i]) > 0.03))
      continue;
    self->roads[i] = speeds[i];
    self->ground_layer.stale = TRUE;
  }
}

void
casa_map_picture_set_badges(CasaMapPicture *self, const CasaMapBadge *badges, guint n)
{
  gboolean same = n == self->n_badges;

  for (guint i = 0; same && i < n; i++) {
    const CasaMapBadge *a = &badges[i], *b = &self->badges[i];

    same = a->at.lon == b->at.lon && a->at.lat == b->at.lat && a->band == b->band && a->stale == b->stale &&
           a->team == b->team && a->priority == b->priority && strncmp(a->text, b->text, sizeof a->text) == 0;
  }
  if (same)
    return;
  g_free(self->badges);
  self->badges = n > 0 ? g_memdup2(badges, n * sizeof *badges) : NULL;
  self->n_badges = n;
  self->signs_layer.stale = TRUE;
}

void
casa_map_picture_set_callout(CasaMapPicture *self, CasaLonLat at, const char *text)
{
  if (g_strcmp0(text, self->callout.text) == 0 && at.lon == self->callout.at.lon && at.lat == self->callout.at.lat)
    return;
  replace(&self->callout.text, text);
  self->callout.at = at;
  self->base.callout = text != NULL ? &self->callout : NULL;
  self->signs_layer.stale = TRUE;
}

void
casa_map_picture_set_wind(CasaMapPicture *self, double from_deg, double speed)
{
  self->wind_from = from_deg;
  self->wind_speed = speed;
  self->moving_layer.stale = TRUE;
}

void
casa_map_picture_set_boarding(CasaMapPicture *self, const CasaStop *stop, guint32 rgb, double strength)
{
  Boarding boarding = { stop->at, rgb, CLAMP(strength, 0, 1) };

  if (strength > 0)
    g_hash_table_insert(self->boardings, (gpointer)stop, g_memdup2(&boarding, sizeof boarding));
  else
    g_hash_table_remove(self->boardings, stop);
  self->moving_layer.stale = TRUE;
}

void
casa_map_picture_report(CasaMapPicture *self, const CasaMapReport *report)
{
  casa_map_fleet_set(self->fleet, report);
  self->moving_layer.stale = TRUE;
}

/* Not for who has moved the camera since: it is theirs then. */
static void
return_from_event(CasaMapPicture *self, gint64 mono_us)
{
  CasaMapStance here = casa_map_camera_stance(self->camera, G_MAXINT64 / 2);

  self->return_us = 0;
  if (here.zoom == self->visit.zoom && here.centre.lon == self->visit.centre.lon && here.centre.lat == self->visit.centre.lat)
    casa_map_camera_go_home(self->camera, mono_us);
}

void
casa_map_picture_set_event(CasaMapPicture *self, const CasaDistrict *district, const char *text, gboolean fly, gint64 mono_us)
{
  if (g_strcmp0(text, self->base.event_text) != 0) {
    replace(&self->base.event_text, text);
    self->signs_layer.stale = TRUE;
  }
  if (district == self->event.district)
    return;
  casa_map_event_rim_set(&self->event, district, mono_us);
  self->base.event = district;
  self->signs_layer.stale = TRUE;
  self->fly_us = district != NULL && fly ? mono_us + (self->still ? 0 : LIGHTS_OUT_US) : 0;
  if (district == NULL && self->return_us > 0)
    return_from_event(self, mono_us);
  self->ground_layer.stale = TRUE;
}

void
casa_map_picture_set_mark(CasaMapPicture *self, CasaLonLat at, double radius)
{
  self->mark_at = at;
  self->mark_radius = radius;
  self->moving_layer.stale = TRUE;
}

void
casa_map_picture_moved(CasaMapPicture *self)
{
  self->moving_layer.stale = TRUE;
}

static cairo_surface_t *
new_surface(const CasaMapPicture *self, int smaller)
{
  double scale = (double)self->device_scale / smaller;
  cairo_surface_t *surface =
    cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(self->w * scale), (int)ceil(self->h * scale));

  cairo_surface_set_device_scale(surface, scale, scale);
  return surface;
}

static void
paint_land(CasaMapPicture *self)
{
  cairo_t *cr;

  self->land = new_surface(self, 1);
  cr = cairo_create(self->land);
  casa_map_paint_land(cr, &self->view, &self->base);
  cairo_destroy(cr);
  self->land_paints++;
}

static void
keep_backdrop(CasaMapPicture *self)
{
  cairo_t *cr;

  g_clear_pointer(&self->backdrop, cairo_surface_destroy);
  self->backdrop = new_surface(self, BACKDROP);
  self->backdrop_view = self->view;
  cr = cairo_create(self->backdrop);
  cairo_set_source_surface(cr, casa_map_tiles_ground(self->tiles), 0, 0);
  cairo_paint(cr);
  cairo_destroy(cr);
}

/* All of the ground, or the part of it under @box. */
static void
paint_ground(CasaMapPicture *self, const CasaMapBox *box, gint64 mono_us)
{
  cairo_t *cr = cairo_create(casa_map_tiles_ground(self->tiles));

  if (self->land == NULL)
    paint_land(self);
  if (self->lamps == NULL && self->base.lamps && self->base.darkness > 0)
    self->lamps = casa_map_lamps_new(&self->view, &self->base, self->device_scale);
  if (box != NULL) {
    cairo_rectangle(cr, box->x, box->y, box->w, box->h);
    cairo_clip(cr);
    casa_map_tiles_touch(self->tiles, box);
  } else {
    casa_map_tiles_touch_all(self->tiles);
  }
  cairo_set_source_surface(cr, self->land, 0, 0);
  cairo_paint(cr);
  casa_map_paint_ground(cr, &self->view, &self->base, self->lamps);
  casa_map_event_rim_paint(&self->event, cr, &self->view, &self->base, mono_us, self->still);
  cairo_destroy(cr);
  if (box == NULL && self->event.district == NULL && casa_map_camera_is_home(self->camera, mono_us))
    keep_backdrop(self);
}

/* Boxes about the heads of the vehicles, which names keep clear of. */
static void
measure_heads(CasaMapPicture *self)
{
  double r = casa_map_unit(&self->base) * casa_map_thickness(&self->view, &self->base) * 7;

  g_array_set_size(self->heads, self->vehicles->len);
  for (guint i = 0; i < self->vehicles->len; i++) {
    CasaMapBox *box = &g_array_index(self->heads, CasaMapBox, i);
    double x, y;

    casa_map_comet_head(&self->view, &self->base, &g_array_index(self->vehicles, CasaMapVehicle, i), &x, &y);
    *box = (CasaMapBox){ x - r, y - r, 2 * r, 2 * r };
  }
  self->base.heads = (const CasaMapBox *)(gpointer)self->heads->data;
  self->base.n_heads = self->heads->len;
}

static void
paint_signs(CasaMapPicture *self, PangoContext *pango, gint64 mono_us)
{
  cairo_t *cr = cairo_create(casa_map_tiles_signs(self->tiles));

  measure_heads(self);
  self->base.places = self->places;
  self->base.now_us = mono_us;
  cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint(cr);
  cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
  casa_map_paint_signs(cr, pango, &self->view, &self->base, self->badges, self->n_badges);
  cairo_destroy(cr);
  casa_map_tiles_touch_all(self->tiles);
}

static void
district_box(const CasaMapView *view, const CasaDistrict *district, CasaMapBox *box)
{
  double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;

  for (guint r = 0; r < district->n_rings; r++)
    for (guint i = 0; i < district->rings[r].n; i++) {
      double x, y;

      casa_map_project(view, district->rings[r].points[i], &x, &y);
      x0 = MIN(x0, x);
      y0 = MIN(y0, y);
      x1 = MAX(x1, x);
      y1 = MAX(y1, y);
    }
  *box = (CasaMapBox){ x0 - 40, y0 - 40, x1 - x0 + 80, y1 - y0 + 80 };
}

/* Lights go out faster than they come back. TRUE while some are on their way; their districts are painted at once. */
static gboolean
advance_lights(CasaMapPicture *self, gint64 mono_us)
{
  double passed = (double)MAX(mono_us - self->lit_us, 0);
  gboolean busy = FALSE;

  self->lit_us = mono_us;
  for (guint i = 0; self->base.lamps && i < self->city->n_districts; i++) {
    double *lit = &self->districts[i].lit, goal = self->lit[i], step;
    CasaMapBox box;

    if (fabs(*lit - goal) < 0.004)
      continue;
    step = self->still ? 1 : passed / (goal < *lit ? LIGHTS_OUT_US : LIGHTS_ON_US);
    *lit = goal < *lit ? MAX(goal, *lit - step) : MIN(goal, *lit + step);
    district_box(&self->view, &self->city->districts[i], &box);
    if (!self->ground_layer.stale && self->land != NULL)
      paint_ground(self, &box, mono_us);
    busy = TRUE;
  }
  return busy;
}

static void
paint_boardings(CasaMapPicture *self, cairo_t *cr, const CasaMapMoment *moment)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init(&iter, self->boardings);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const Boarding *boarding = value;

    casa_map_rings_paint(cr, moment, boarding->at, casa_map_line_colour(self->base.theme, boarding->rgb), boarding->strength);
  }
}

static void
paint_mark(CasaMapPicture *self, cairo_t *cr, const CasaMapMoment *moment)
{
  double r = self->mark_radius, x, y;
  CasaMapBox box;

  if (r <= 0)
    return;
  casa_map_project(moment->view, self->mark_at, &x, &y);
  box = (CasaMapBox){ x - r - 4, y - r - 4, 2 * r + 8, 2 * r + 8 };
  moment->mark(&box, moment->data);
  cairo_new_path(cr);
  cairo_arc(cr, x, y, r, 0, 2 * G_PI);
  casa_map_colour(cr, self->base.theme->ground, 0.7);
  cairo_set_line_width(cr, 6);
  cairo_stroke_preserve(cr);
  casa_map_colour(cr, self->base.theme->ink, 1);
  cairo_set_line_width(cr, 2.5);
  cairo_stroke(cr);
}

static gboolean
has_wind(const CasaMapPicture *self)
{
  return isfinite(self->wind_from) && self->wind_speed > 0;
}

/* In the order of the layers; what is left out first when frames run late: grains, half the streaks, rings, streaks. */
static void
paint_moving(CasaMapPicture *self, cairo_t *cr, const CasaMapView *view, gint64 mono_us, gboolean flying)
{
  CasaMapMoment moment = { .view = view,
                           .base = &self->base,
                           .device_scale = self->device_scale,
                           .now_ms = casa_map_picture_now_ms(self, mono_us),
                           .s = self->still ? 0 : (double)(mono_us % G_GINT64_CONSTANT(86400000000)) / 1e6,
                           .still = self->still,
                           .mark = casa_map_tiles_mark,
                           .data = self->tiles };

  if (!flying && self->frugality < 1 && self->base.roads != NULL) {
    if (self->grains == NULL)
      self->grains = casa_map_grains_new(view, &self->base);
    casa_map_grains_paint(self->grains, cr, &self->base, moment.s, moment.mark, moment.data);
  }
  casa_map_comets_paint(self->comets, cr, &moment, self->fleet, (const CasaMapVehicle *)(gpointer)self->vehicles->data,
                        self->vehicles->len);
  if (self->frugality < 3)
    paint_boardings(self, cr, &moment);
  if (has_wind(self) && self->frugality < 4)
    casa_map_streaks_paint(cr, &moment, self->wind_from, self->wind_speed, self->frugality < 2 ? STREAKS : STREAKS / 2);
  paint_mark(self, cr, &moment);
}

static gboolean
same_view(const CasaMapView *a, const CasaMapView *b)
{
  return fabs(a->scale / b->scale - 1) < 1e-9 && fabs(a->cx - b->cx) * b->scale < 0.01 &&
         fabs(a->cy - b->cy) * b->scale < 0.01 && a->w == b->w && a->h == b->h;
}

/* Paints @surface, which shows @from, as @to sees it. */
static void
paint_scaled(cairo_t *cr, cairo_surface_t *surface, const CasaMapView *from, const CasaMapView *to, double alpha)
{
  double ratio = to->scale / from->scale, x, y;

  casa_map_project(to, casa_map_unproject(from, 0, 0), &x, &y);
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, ratio, ratio);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BILINEAR);
  cairo_rectangle(cr, 0, 0, from->w, from->h);
  cairo_clip(cr);
  if (alpha < 1)
    cairo_paint_with_alpha(cr, alpha);
  else
    cairo_paint(cr);
  cairo_restore(cr);
}

static void
paint_legend(CasaMapPicture *self, cairo_t *cr, PangoContext *pango)
{
  CasaMapLegend legend = casa_map_legend_measure(pango, &self->base, self->w, self->h);

  if (legend.box.w > 0)
    casa_map_legend_ground(cr, &self->base, &legend);
  casa_map_legend_paint(cr, pango, &self->base, &legend);
}

/* While the camera flies: the layers as they are, scaled; names fade the further it gets from where they were placed. */
static void
fly(CasaMapPicture *self, PangoContext *pango, const CasaMapView *view, gint64 mono_us)
{
  cairo_t *cr = casa_map_tiles_begin_whole(self->tiles);
  double away = fabs(log(view->scale / self->view.scale)) * 4;

  casa_map_comets_clear(self->comets);
  casa_map_colour(cr, self->base.theme->land, 1);
  cairo_paint(cr);
  if (self->backdrop != NULL)
    paint_scaled(cr, self->backdrop, &self->backdrop_view, view, 1);
  paint_scaled(cr, casa_map_tiles_ground(self->tiles), &self->view, view, 1);
  casa_map_event_rim_paint_rest(&self->event, cr, view, &self->base, mono_us, self->still);
  paint_moving(self, cr, view, mono_us, TRUE);
  if (away < 1)
    paint_scaled(cr, casa_map_tiles_signs(self->tiles), &self->view, view, 1 - away);
  paint_legend(self, cr, pango);
  casa_map_tiles_end(self->tiles);
  self->ground_layer.stale = self->signs_layer.stale = TRUE;
}

/* Puts the layers where the camera has come to rest. */
static void
arrive(CasaMapPicture *self, const CasaMapView *view)
{
  drop_layers(self);
  self->view = *view;
}

/* Frames that take too long leave out more; quick ones take it in again. */
static void
watch_lateness(CasaMapPicture *self, gint64 took_us)
{
  if (self->frugal)
    return;
  self->late = took_us > LATE_US ? self->late + 1 : 0;
  self->early = took_us < LATE_US / 3 ? self->early + 1 : 0;
  if (self->late >= 8 && self->frugality < 4) {
    self->frugality++;
    self->late = 0;
  } else if (self->early >= 300 && self->frugality > 0) {
    self->frugality--;
    self->early = 0;
  }
}

static gboolean
has_restless(CasaMapPicture *self)
{
  return !self->still && (self->vehicles->len > 0 || g_hash_table_size(self->boardings) > 0 || has_wind(self) ||
                          (self->base.roads != NULL && self->frugality < 1));
}

static void
paint_due(CasaMapPicture *self, PangoContext *pango, gint64 mono_us)
{
  gboolean fresh = self->land == NULL;
  cairo_t *cr;

  advance_lights(self, mono_us);
  if (fresh || casa_map_layer_is_due(&self->ground_layer, mono_us) || casa_map_event_rim_is_moving(&self->event, mono_us)) {
    paint_ground(self, NULL, mono_us);
    casa_map_layer_painted(&self->ground_layer, mono_us);
  }
  if (self->vehicles->len > 0 && mono_us - self->signs_layer.painted_us > CASA_MAP_PLACE_US)
    self->signs_layer.stale = TRUE; /* some may have come under a name */
  if (fresh || casa_map_layer_is_due(&self->signs_layer, mono_us)) {
    paint_signs(self, pango, mono_us);
    casa_map_layer_painted(&self->signs_layer, mono_us);
  }
  cr = casa_map_tiles_begin(self->tiles);
  paint_moving(self, cr, &self->view, mono_us, FALSE);
  casa_map_tiles_end(self->tiles);
}

static void
fly_to_event(CasaMapPicture *self, gint64 mono_us)
{
  CasaLonLat min = { INFINITY, INFINITY }, max = { -INFINITY, -INFINITY };
  const CasaDistrict *district = self->event.district;

  self->fly_us = 0;
  for (guint r = 0; r < district->n_rings; r++)
    for (guint i = 0; i < district->rings[r].n; i++) {
      CasaLonLat p = district->rings[r].points[i];

      min = (CasaLonLat){ MIN(min.lon, p.lon), MIN(min.lat, p.lat) };
      max = (CasaLonLat){ MAX(max.lon, p.lon), MAX(max.lat, p.lat) };
    }
  casa_map_camera_fly_to_box(self->camera, min, max, EVENT_MARGIN, EVENT_ZOOM, mono_us);
  self->visit = casa_map_camera_stance(self->camera, G_MAXINT64 / 2);
  self->return_us = mono_us + EVENT_HOLD_US;
}

gboolean
casa_map_picture_frame(CasaMapPicture *self, PangoContext *pango, gint64 mono_us)
{
  gint64 began_us = g_get_monotonic_time();
  CasaMapView view;
  gboolean moves;

  if (self->w <= 0 || self->h <= 0)
    return FALSE;
  if (self->tiles == NULL)
    casa_map_picture_set_size(self, pango, self->w, self->h, self->device_scale);
  if (self->fly_us > 0 && mono_us >= self->fly_us)
    fly_to_event(self, mono_us);
  if (self->return_us > 0 && mono_us >= self->return_us)
    return_from_event(self, mono_us);
  view = casa_map_camera_view(self->camera, mono_us);
  if (!same_view(&view, &self->shown))
    self->view_changed_us = mono_us;
  self->shown = view;
  casa_map_fleet_read(self->fleet, casa_map_picture_now_ms(self, mono_us), self->vehicles);
  moves = casa_map_camera_is_moving(self->camera, mono_us) || mono_us - self->view_changed_us < SETTLE_US;
  if (!same_view(&view, &self->view) && (!moves || self->land == NULL))
    arrive(self, &view);
  if (same_view(&view, &self->view))
    paint_due(self, pango, mono_us);
  else
    fly(self, pango, &view, mono_us);
  casa_map_layer_painted(&self->moving_layer, mono_us);
  watch_lateness(self, g_get_monotonic_time() - began_us);
  return TRUE;
}

gint64
casa_map_picture_next_us(CasaMapPicture *self, gint64 mono_us)
{
  gint64 next_us = MIN(casa_map_layer_next_us(&self->ground_layer), casa_map_layer_next_us(&self->signs_layer));
  gboolean lights = FALSE;

  if (self->fly_us > 0)
    next_us = MIN(next_us, self->fly_us);
  if (self->return_us > 0)
    next_us = MIN(next_us, self->return_us);
  for (guint i = 0; self->base.lamps && i < self->city->n_districts; i++)
    lights = lights || fabs(self->districts[i].lit - self->lit[i]) >= 0.004;
  if (self->tiles == NULL || self->moving_layer.stale || lights || has_restless(self) || self->land == NULL ||
      !same_view(&self->shown, &self->view) || casa_map_camera_is_moving(self->camera, mono_us) ||
      casa_map_event_rim_is_moving(&self->event, mono_us))
    next_us = MIN(next_us, self->moving_layer.painted_us + self->moving_layer.every_us);
  return next_us;
}

CasaMapTiles *
casa_map_picture_tiles(CasaMapPicture *self)
{
  return self->tiles;
}

CasaMapCamera *
casa_map_picture_camera(CasaMapPicture *self)
{
  return self->camera;
}

CasaMapFleet *
casa_map_picture_fleet(CasaMapPicture *self)
{
  return self->fleet;
}

const CasaMapView *
casa_map_picture_view(CasaMapPicture *self)
{
  return &self->shown;
}

const CasaMapBase *
casa_map_picture_base(CasaMapPicture *self)
{
  return &self->base;
}

const GArray *
casa_map_picture_vehicles(CasaMapPicture *self)
{
  return self->vehicles;
}

const CasaMapBadge *
casa_map_picture_badges(CasaMapPicture *self, guint *n)
{
  *n = self->n_badges;
  return self->badges;
}

void
casa_map_picture_paints(CasaMapPicture *self, guint *land, guint *ground, guint *signs)
{
  *land = self->land_paints;
  *ground = self->ground_layer.paints;
  *signs = self->signs_layer.paints;
}

guint
casa_map_picture_frugality(CasaMapPicture *self)
{
  return self->frugality;
}
