/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-picture-private.h"
#include "ui/map/inset.h"
#include "ui/map/map-legend.h"
#include "ui/map/map-text.h"
#include <math.h>

#define LIGHTS_OUT_US (350 * 1000)
#define LIGHTS_ON_US (1200 * 1000)
#define EVENT_ZOOM 2.8
#define EVENT_HOLD_US (90 * G_USEC_PER_SEC) /* so long the camera stays, when nobody moves it */
#define SETTLE_US 90000                     /* the camera stood still for so long: it has arrived */
#define BACKDROP 2                          /* the whole city is kept so much smaller, for flights home */
#define STREAKS 220
#define RAIN_COMES_US (2 * G_USEC_PER_SEC) /* and goes */
#define LATE_US 25000                      /* a frame that took longer is late */

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
  cairo_surface_t *surface = new_surface(self, 1);
  cairo_t *cr = cairo_create(surface);

  casa_map_paint_land(cr, &self->view, &self->base);
  cairo_destroy(cr);
  self->land = casa_map_runs_new(surface);
  cairo_surface_destroy(surface);
  self->land_paints++;
}

static void
keep_backdrop(CasaMapPicture *self)
{
  cairo_t *cr;

  if (self->backdrop == NULL)
    self->backdrop = new_surface(self, BACKDROP);
  self->backdrop_view = self->view;
  cr = cairo_create(self->backdrop);
  cairo_set_source_surface(cr, casa_map_tiles_ground(self->tiles), 0, 0);
  cairo_paint(cr);
  cairo_destroy(cr);
}

/* Whole device pixels: what is laid there and what is painted over it end at the same edge. */
static void
lay_land(CasaMapPicture *self, cairo_surface_t *ground, CasaMapBox *box)
{
  const double s = self->device_scale, x = floor(box->x * s), y = floor(box->y * s);
  const double w = ceil((box->x + box->w) * s) - x, h = ceil((box->y + box->h) * s) - y;

  *box = (CasaMapBox){ x / s, y / s, w / s, h / s };
  casa_map_runs_lay(self->land, ground, (int)CLAMP(x, -1e6, 1e6), (int)CLAMP(y, -1e6, 1e6), (int)CLAMP(w, 0, 1e6),
                    (int)CLAMP(h, 0, 1e6));
}

/* Beyond the line: as it would be without what happens. */
static void
paint_other_side(CasaMapPicture *self, cairo_surface_t *ground, const CasaMapBox *part)
{
  const CasaMapBox *all = &self->base.without;
  const double x0 = MAX(all->x, part->x), x1 = MIN(all->x + all->w, part->x + part->w);
  CasaMapBox box = { x0, part->y, x1 - x0, part->h };
  const CasaMapBase other = casa_map_split_base(&self->split, &self->base);
  cairo_t *cr;

  if (all->w <= 0 || box.w <= 0)
    return;
  lay_land(self, ground, &box);
  cr = cairo_create(ground);
  cairo_rectangle(cr, box.x, box.y, box.w, box.h);
  cairo_clip(cr);
  casa_map_paint_ground(cr, &self->view, &other, self->lamps);
  cairo_destroy(cr);
}

/* All of the ground, or the part of it under @box. */
static void
paint_ground(CasaMapPicture *self, const CasaMapBox *box, gint64 mono_us)
{
  cairo_surface_t *ground = casa_map_tiles_ground(self->tiles);
  CasaMapBox part = box != NULL ? *box : (CasaMapBox){ 0, 0, self->w, self->h };
  cairo_t *cr;

  if (self->land == NULL)
    paint_land(self);
  if (self->lamps == NULL && self->base.lamps && self->base.darkness > 0) {
    if (self->dots == NULL)
      self->dots = casa_map_lamps_spread(self->city);
    self->lamps = casa_map_lamps_new(&self->view, &self->base, self->dots, self->device_scale);
  }
  lay_land(self, ground, &part);
  cr = cairo_create(ground);
  if (box != NULL) {
    cairo_rectangle(cr, part.x, part.y, part.w, part.h);
    cairo_clip(cr);
    casa_map_tiles_touch(self->tiles, &part);
  } else {
    casa_map_tiles_touch_all(self->tiles);
  }
  casa_map_paint_ground(cr, &self->view, &self->base, self->lamps);
  if (self->event_line != NULL)
    casa_map_event_line_paint(cr, &self->view, &self->base, self->event_line);
  if (box != NULL)
    casa_map_event_rim_paint_again(&self->event, cr, &self->view, &self->base);
  else
    casa_map_event_rim_paint(&self->event, cr, &self->view, &self->base, mono_us, self->still);
  cairo_destroy(cr);
  paint_other_side(self, ground, &part);
  if (box == NULL && self->event.district == NULL && self->event_line == NULL && !self->split.on &&
      casa_map_camera_is_home(self->camera, mono_us))
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

/* Nothing that is measured there has a place in the picture. */
static gboolean
is_beyond(const CasaMapPicture *self, CasaLonLat at)
{
  double x, y;

  casa_map_project(&self->view, at, &x, &y);
  return casa_map_is_without(&self->base, x, y);
}

static void
paint_signs(CasaMapPicture *self, PangoContext *pango, gint64 mono_us)
{
  cairo_t *cr;

  casa_map_tiles_clear_signs(self->tiles);
  cr = cairo_create(casa_map_tiles_signs(self->tiles));
  measure_heads(self);
  self->base.places = self->places;
  self->base.now_us = mono_us;
  const CasaMapCallout *callout = self->base.callout;
  if (callout != NULL && is_beyond(self, callout->at))
    self->base.callout = NULL;
  casa_map_paint_signs(cr, pango, &self->view, &self->base, self->badges, self->n_badges);
  self->base.callout = callout;
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
    const CasaMapBoarding *boarding = value;

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

/* The grains of the roads beyond the line. */
static void
paint_other_grains(CasaMapPicture *self, cairo_t *cr, const CasaMapMoment *moment)
{
  const CasaMapBox *box = &self->base.without;
  const CasaMapBase other = casa_map_split_base(&self->split, &self->base);

  if (box->w <= 0 || other.roads == NULL)
    return;
  if (self->split.grains == NULL)
    self->split.grains = casa_map_grains_new(moment->view, &other);
  cairo_save(cr);
  cairo_rectangle(cr, box->x, box->y, box->w, box->h);
  cairo_clip(cr);
  casa_map_grains_paint(self->split.grains, cr, &other, moment->s, moment->mark, moment->data);
  cairo_restore(cr);
}

/* What moves is measured: it ends at the line. */
static void
clip_to_measured(const CasaMapPicture *self, cairo_t *cr)
{
  const CasaMapBox *box = &self->base.without;

  if (box->w <= 0)
    return;
  cairo_rectangle(cr, self->base.rtl ? box->w : 0, 0, self->w - box->w, self->h);
  cairo_clip(cr);
}

/* Rain stands where nothing may move: it is no adornment, it says something. */
static gboolean
is_rain_still(const CasaMapPicture *self)
{
  return self->still || self->frugal;
}

static gboolean
rain_changes(const CasaMapPicture *self)
{
  return fabs(self->rain_shown - self->rain) > 1e-6;
}

static void
paint_rain(CasaMapPicture *self, cairo_t *cr, const CasaMapMoment *moment, gint64 mono_us)
{
  const double step = (double)(mono_us - self->rain_us) / RAIN_COMES_US;
  const double blown = has_wind(self) ? -self->wind_speed * sin(self->wind_from * G_PI / 180) : 0;

  self->rain_us = mono_us;
  if (is_rain_still(self))
    self->rain_shown = self->rain;
  else
    self->rain_shown += CLAMP(self->rain - self->rain_shown, -CLAMP(step, 0, 0.1), CLAMP(step, 0, 0.1));
  if (self->rain_shown > 0)
    casa_map_rain_paint(cr, moment, self->rain_shown * (self->frugality < 2 || self->frugal ? 1 : 0.6), blown,
                        is_rain_still(self));
}

/* In the order of the layers; what is left out first when frames run late: grains, half of wind and rain, rings, half of
 * the wind that is left. Who saves power has no wind at all. */
static void
paint_moving(CasaMapPicture *self, cairo_t *cr, const CasaMapView *view, gint64 mono_us, gboolean flying)
{
  CasaMapMoment moment = { .view = view,
                           .base = &self->base,
                           .device_scale = self->device_scale,
                           .now_ms = casa_map_picture_now_ms(self, mono_us),
                           .s = self->still ? 0 : (double)(mono_us % G_GINT64_CONSTANT(86400000000)) / 1e6,
                           .still = self->still,
                           .frugal = self->frugal,
                           .mark = casa_map_tiles_mark,
                           .data = self->tiles };

  if (!flying && self->frugality < 1)
    paint_other_grains(self, cr, &moment);
  cairo_save(cr);
  clip_to_measured(self, cr);
  if (!flying && self->frugality < 1 && self->base.roads != NULL) {
    if (self->grains == NULL)
      self->grains = casa_map_grains_new(view, &self->base);
    casa_map_grains_paint(self->grains, cr, &self->base, moment.s, moment.mark, moment.data);
  }
  casa_map_comets_paint(self->comets, cr, &moment, self->fleet, (const CasaMapVehicle *)(gpointer)self->vehicles->data,
                        self->vehicles->len);
  if (self->frugality < 3)
    paint_boardings(self, cr, &moment);
  if (has_wind(self) && !self->frugal)
    casa_map_streaks_paint(cr, &moment, self->wind_from, self->wind_speed,
                           self->frugality < 2   ? STREAKS
                           : self->frugality < 4 ? STREAKS / 2
                                                 : STREAKS / 4);
  paint_rain(self, cr, &moment, mono_us);
  paint_mark(self, cr, &moment);
  cairo_restore(cr);
}

static gboolean
same_view(const CasaMapView *a, const CasaMapView *b)
{
  return fabs(a->scale / b->scale - 1) < 1e-9 && fabs(a->cx - b->cx) * b->scale < 0.01 &&
         fabs(a->cy - b->cy) * b->scale < 0.01 && a->w == b->w && a->h == b->h;
}

/* Paints @surface, which shows @from, as @to sees it; without what is in the @n boxes of it. */
static void
paint_scaled(cairo_t *cr, cairo_surface_t *surface, const CasaMapView *from, const CasaMapView *to, double alpha,
             const CasaMapBox *without, guint n)
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
  cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
  for (guint i = 0; i < n; i++) {
    cairo_rectangle(cr, 0, 0, from->w, from->h);
    cairo_rectangle(cr, without[i].x, without[i].y, without[i].w, without[i].h);
    cairo_clip(cr);
  }
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

/* The signs as they were placed, without the legend and the inset among them: these stay where they are. */
static void
paint_signs_scaled(CasaMapPicture *self, cairo_t *cr, PangoContext *pango, const CasaMapView *view, double alpha)
{
  const CasaMapLegend legend = casa_map_legend_measure(pango, &self->base, self->w, self->h);
  const CasaMapInset inset = casa_map_inset_measure(&self->view, &self->base, &legend);
  const double rim = self->base.font_px; /* of its ground */
  CasaMapBox without[] = { legend.box, legend.attribution, inset.box };

  for (guint i = 0; i < G_N_ELEMENTS(without); i++)
    without[i] = (CasaMapBox){ without[i].x - rim, without[i].y - rim, without[i].w + 2 * rim, without[i].h + 2 * rim };
  paint_scaled(cr, casa_map_tiles_signs(self->tiles), &self->view, view, alpha, without, inset.box.w > 0 ? 3 : 2);
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
    paint_scaled(cr, self->backdrop, &self->backdrop_view, view, 1, NULL, 0);
  paint_scaled(cr, casa_map_tiles_ground(self->tiles), &self->view, view, 1, NULL, 0);
  casa_map_event_rim_paint_rest(&self->event, cr, view, &self->base, mono_us, self->still);
  paint_moving(self, cr, view, mono_us, TRUE);
  if (away < 1)
    paint_signs_scaled(self, cr, pango, view, 1 - away);
  paint_legend(self, cr, pango);
  casa_map_tiles_end(self->tiles);
  self->ground_layer.stale = self->signs_layer.stale = TRUE;
}

/* Puts the layers where the camera has come to rest. */
static void
arrive(CasaMapPicture *self, const CasaMapView *view)
{
  casa_map_picture_drop_layers(self);
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
  return !self->still &&
         (self->vehicles->len > 0 || g_hash_table_size(self->boardings) > 0 || has_wind(self) || rain_changes(self) ||
          (self->rain > 0 && !is_rain_still(self)) || (self->base.roads != NULL && self->frugality < 1));
}

/* Looked at once a second. */
static void
watch_lines(CasaMapPicture *self, gint64 mono_us)
{
  if (mono_us - self->standing_us < G_USEC_PER_SEC)
    return;
  self->standing_us = mono_us;
  for (guint i = 0; i < self->city->n_lines; i++) {
    gboolean stands = casa_map_fleet_line_stands(self->fleet, &self->city->lines[i], casa_map_picture_now_ms(self, mono_us));

    if (stands == self->standing[i])
      continue;
    self->standing[i] = stands;
    self->ground_layer.stale = self->signs_layer.stale = TRUE;
  }
}

static void
paint_due(CasaMapPicture *self, PangoContext *pango, gint64 mono_us)
{
  gboolean fresh = self->land == NULL;
  cairo_t *cr;

  watch_lines(self, mono_us);
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
  self->fly_us = 0;
  casa_map_camera_fly_to_box(self->camera, self->fly_min, self->fly_max, CASA_MAP_MARGIN, EVENT_ZOOM, mono_us);
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
    casa_map_picture_return_from_event(self, mono_us);
  casa_map_picture_place_line(self, mono_us);
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
      casa_map_event_rim_is_moving(&self->event, mono_us) || casa_map_split_is_moving(&self->split, mono_us) ||
      (self->split.on && self->split.goal >= 1))
    next_us = MIN(next_us, self->moving_layer.painted_us + self->moving_layer.every_us);
  return next_us;
}
