/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-picture-private.h"
#include "city/sun.h"
#include "ui/map/map-legend.h"
#include <math.h>
#include <string.h>

#define LIGHTS_OUT_US (350 * 1000)
#define GROUND_US 400000 /* least time between two paintings of each layer */
#define SIGNS_US 1000000
#define FRUGAL_FRAME_US 500000
#define FRUGAL_LAYER_US 2000000 /* of ground and signs */

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
  self->base.standing = self->standing = g_new0(gboolean, MAX(city->n_lines, 1));
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
  self->ground_layer = (CasaMapLayer){ .every_us = GROUND_US, .stale = TRUE };
  self->signs_layer = (CasaMapLayer){ .every_us = SIGNS_US, .stale = TRUE };
  self->moving_layer = (CasaMapLayer){ .every_us = CASA_MAP_FRAME_US, .stale = TRUE };
  return self;
}

void
casa_map_picture_drop_layers(CasaMapPicture *self)
{
  g_clear_pointer(&self->land, casa_map_runs_free);
  g_clear_pointer(&self->lamps, casa_map_lamps_free);
  g_clear_pointer(&self->grains, casa_map_grains_free);
  g_clear_pointer(&self->split.grains, casa_map_grains_free);
  g_hash_table_remove_all(self->places);
  casa_map_comets_clear(self->comets);
  self->ground_layer.stale = self->signs_layer.stale = self->moving_layer.stale = TRUE;
}

static void
drop_pictures(CasaMapPicture *self)
{
  casa_map_picture_drop_layers(self);
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
  g_free(self->visiting);
  g_free((CasaMapPoint *)self->base.field);
  g_free(self->districts);
  g_clear_pointer(&self->dots, g_ptr_array_unref);
  g_free(self->lit);
  g_free(self->standing);
  g_free(self->unusual);
  g_free(self->roads);
  g_free(self->badges);
  g_free(self->veils);
  g_free(self->veil_boxes);
  casa_map_split_clear(&self->split);
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
  self->ground_layer.every_us = frugal ? FRUGAL_LAYER_US : GROUND_US;
  self->signs_layer.every_us = frugal ? FRUGAL_LAYER_US : SIGNS_US;
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
casa_map_picture_set_unusual(CasaMapPicture *self, const gboolean *unusual)
{
  const gsize size = MAX(self->city->n_districts, 1) * sizeof *unusual;

  if (unusual == NULL ? self->unusual == NULL : self->unusual != NULL && memcmp(unusual, self->unusual, size) == 0)
    return;
  g_free(self->unusual);
  self->base.unusual = self->unusual = unusual != NULL ? g_memdup2(unusual, size) : NULL;
  self->signs_layer.stale = TRUE;
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

    same = a->at.lon == b->at.lon && a->at.lat == b->at.lat && a->band == b->band && a->bad == b->bad && a->stale == b->stale &&
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
casa_map_picture_set_rain(CasaMapPicture *self, double strength)
{
  strength = isfinite(strength) ? CLAMP(strength, 0, 1) : 0;
  if (strength == self->rain)
    return;
  self->rain = strength;
  self->moving_layer.stale = TRUE;
}

void
casa_map_picture_set_boarding(CasaMapPicture *self, const CasaStop *stop, guint32 rgb, double strength)
{
  CasaMapBoarding boarding = { stop->at, rgb, CLAMP(strength, 0, 1) };

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
void
casa_map_picture_return_from_event(CasaMapPicture *self, gint64 mono_us)
{
  CasaMapStance here = casa_map_camera_stance(self->camera, G_MAXINT64 / 2);

  self->return_us = 0;
  if (here.zoom == self->visit.zoom && here.centre.lon == self->visit.centre.lon && here.centre.lat == self->visit.centre.lat)
    casa_map_camera_go_back(self->camera, mono_us);
}

void
casa_map_picture_visit(CasaMapPicture *self, const char *what, CasaLonLat min, CasaLonLat max, gint64 mono_us)
{
  if (g_strcmp0(what, self->visiting) == 0)
    return;
  g_free(self->visiting);
  self->visiting = g_strdup(what);
  if (what != NULL) {
    self->fly_min = min;
    self->fly_max = max;
    self->fly_us = mono_us + (self->still ? 0 : LIGHTS_OUT_US);
  } else if (self->event.district == NULL) {
    self->fly_us = 0;
    if (self->return_us > 0)
      casa_map_picture_return_from_event(self, mono_us);
  }
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
  self->fly_us = 0;
  if (district != NULL && fly) {
    casa_district_box(district, &self->fly_min, &self->fly_max);
    self->fly_us = mono_us + (self->still ? 0 : LIGHTS_OUT_US);
  }
  if (district == NULL && self->return_us > 0)
    casa_map_picture_return_from_event(self, mono_us);
  self->ground_layer.stale = TRUE;
}

void
casa_map_picture_set_event_line(CasaMapPicture *self, const CasaLine *line)
{
  if (line == self->event_line)
    return;
  self->event_line = line;
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
