/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/camera.h"
#include <math.h>

#define HOME_US (2400 * 1000)
#define HOMELY 1.01 /* a zoom below this is the whole city */
#define CASA_MAP_AVOID_MAX 4

struct _CasaMapCamera {
  const CasaCity *city;
  double frame[4];   /* x, y, w, h: fractions of the picture */
  CasaMapView whole; /* the picture of the whole city */
  CasaLonLat home;   /* what the frame's middle shows in it */
  CasaMapBox avoid[CASA_MAP_AVOID_MAX];
  guint n_avoid;
  CasaMapStance from, to;
  gint64 start_us, span_us; /* span 0: stands at @to */
  gboolean eased, following;
  gboolean has_rest; /* it rests elsewhere than home: */
  CasaLonLat rest_min, rest_max;
  double rest_margin, rest_zoom;
  CasaMapStance rest; /* where it rests in this picture */
  GHashTable *kept;   /* name → CasaMapStance */
};

CasaMapStance
casa_map_camera_home(const CasaMapCamera *self)
{
  return (CasaMapStance){ self->home, 1 };
}

static CasaMapStance
clamped(const CasaMapCamera *self, CasaMapStance s)
{
  const CasaCity *city = self->city;

  s.zoom = isfinite(s.zoom) ? CLAMP(s.zoom, 1, CASA_MAP_ZOOM_MAX) : 1;
  if (s.zoom < HOMELY || !isfinite(s.centre.lon) || !isfinite(s.centre.lat))
    return casa_map_camera_home(self);
  s.centre.lon = CLAMP(s.centre.lon, city->min.lon, city->max.lon);
  s.centre.lat = CLAMP(s.centre.lat, city->min.lat, city->max.lat);
  return s;
}

/* From where the box fills the frame. */
static CasaMapStance
stance_of_box(const CasaMapCamera *self, CasaLonLat min, CasaLonLat max, double margin, double zoom_max)
{
  const CasaMapView *whole = &self->whole;
  double box_w = (max.lon - min.lon) * whole->k * whole->scale * (1 + margin);
  double box_h = (max.lat - min.lat) * whole->scale * (1 + margin);
  double zoom = MIN(whole->w * self->frame[2] / MAX(box_w, 1), whole->h * self->frame[3] / MAX(box_h, 1));

  return (CasaMapStance){ { (min.lon + max.lon) / 2, (min.lat + max.lat) / 2 }, MIN(zoom, zoom_max) };
}

static CasaMapStance
find_rest(const CasaMapCamera *self)
{
  return self->has_rest ? clamped(self, stance_of_box(self, self->rest_min, self->rest_max, self->rest_margin, self->rest_zoom))
                        : casa_map_camera_home(self);
}

static gboolean
is_at_rest(const CasaMapCamera *self)
{
  const CasaMapStance there = self->rest, here = self->to;

  if (there.zoom < HOMELY || here.zoom < HOMELY)
    return there.zoom < HOMELY && here.zoom < HOMELY;
  return here.zoom == there.zoom && here.centre.lon == there.centre.lon && here.centre.lat == there.centre.lat;
}

/* Fits the whole city into the frame, beside what it is not to lie under. */
static void
fit(CasaMapCamera *self, double w, double h)
{
  const double *f = self->frame;
  gboolean rested = is_at_rest(self), was_home = self->to.zoom < HOMELY;

  self->whole = casa_map_view_fit_beside(self->city, w * f[2], h * f[3], 1, NULL, NULL, 0);
  self->whole.x = w * f[0];
  self->whole.y = h * f[1];
  if (self->n_avoid > 0) {
    CasaMapBox boxes[CASA_MAP_AVOID_MAX];

    for (guint i = 0; i < self->n_avoid; i++)
      boxes[i] = (CasaMapBox){ self->avoid[i].x - w * f[0], self->avoid[i].y - h * f[1], self->avoid[i].w, self->avoid[i].h };
    self->whole = casa_map_view_fit_beside(self->city, w * f[2], h * f[3], 1, NULL, boxes, self->n_avoid);
  }
  self->home = (CasaLonLat){ self->whole.cx / self->whole.k, self->whole.cy };
  /* The centre stands in the middle of the frame; the picture goes on beyond it. */
  self->whole.cx += (0.5 - f[0] - f[2] / 2) * w / self->whole.scale;
  self->whole.cy -= (0.5 - f[1] - f[3] / 2) * h / self->whole.scale;
  self->whole.x = self->whole.y = 0;
  self->whole.w = w;
  self->whole.h = h;
  self->rest = find_rest(self);
  if (rested)
    casa_map_camera_jump(self, self->rest);
  else if (was_home)
    casa_map_camera_jump(self, casa_map_camera_home(self));
}

CasaMapCamera *
casa_map_camera_new(const CasaCity *city)
{
  CasaMapCamera *self = g_new0(CasaMapCamera, 1);

  self->city = city;
  self->eased = TRUE;
  self->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->to.zoom = self->rest.zoom = 1;
  self->frame[2] = self->frame[3] = 1;
  fit(self, 1, 1);
  return self;
}

void
casa_map_camera_free(CasaMapCamera *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref(self->kept);
  g_free(self);
}

void
casa_map_camera_set_frame(CasaMapCamera *self, double x, double y, double w, double h)
{
  self->frame[0] = CLAMP(x, 0, 0.95);
  self->frame[1] = CLAMP(y, 0, 0.95);
  self->frame[2] = CLAMP(w, 0.05, 1 - self->frame[0]);
  self->frame[3] = CLAMP(h, 0.05, 1 - self->frame[1]);
  fit(self, self->whole.w, self->whole.h);
}

void
casa_map_camera_set_picture(CasaMapCamera *self, double w, double h, const CasaMapBox *avoid, guint n)
{
  self->n_avoid = MIN(n, CASA_MAP_AVOID_MAX);
  for (guint i = 0; i < self->n_avoid; i++)
    self->avoid[i] = avoid[i];
  fit(self, MAX(w, 1), MAX(h, 1));
}

void
casa_map_camera_set_eased(CasaMapCamera *self, gboolean eased)
{
  self->eased = eased;
}

/* Cubic in and out. */
static double
ease(double t)
{
  return t < 0.5 ? 4 * t * t * t : 1 - pow(-2 * t + 2, 3) / 2;
}

/* The centre moves with the width of what is seen, so that the goal does not rush through the picture. */
static CasaMapStance
between(CasaMapStance a, CasaMapStance b, double t)
{
  double zoom = exp(log(a.zoom) + (log(b.zoom) - log(a.zoom)) * t);
  double part = fabs(a.zoom - b.zoom) > 1e-9 ? (1 / zoom - 1 / a.zoom) / (1 / b.zoom - 1 / a.zoom) : t;

  return (CasaMapStance){
    { a.centre.lon + (b.centre.lon - a.centre.lon) * part, a.centre.lat + (b.centre.lat - a.centre.lat) * part }, zoom
  };
}

gboolean
casa_map_camera_is_moving(CasaMapCamera *self, gint64 mono_us)
{
  return self->span_us > 0 && mono_us < self->start_us + self->span_us;
}

CasaMapStance
casa_map_camera_stance(CasaMapCamera *self, gint64 mono_us)
{
  if (!casa_map_camera_is_moving(self, mono_us))
    return self->to;
  return between(self->from, self->to, ease(CLAMP((double)(mono_us - self->start_us) / (double)self->span_us, 0, 1)));
}

gboolean
casa_map_camera_is_home(CasaMapCamera *self, gint64 mono_us)
{
  return !casa_map_camera_is_moving(self, mono_us) && self->to.zoom < HOMELY;
}

CasaMapView
casa_map_camera_view_of(const CasaMapCamera *self, CasaMapStance stance)
{
  CasaMapView view = self->whole;
  const double *f = self->frame;

  view.scale *= stance.zoom;
  view.cx = stance.centre.lon * view.k + (0.5 - f[0] - f[2] / 2) * view.w / view.scale;
  view.cy = stance.centre.lat - (0.5 - f[1] - f[3] / 2) * view.h / view.scale;
  return view;
}

CasaMapView
casa_map_camera_view(CasaMapCamera *self, gint64 mono_us)
{
  return casa_map_camera_view_of(self, casa_map_camera_stance(self, mono_us));
}

void
casa_map_camera_jump(CasaMapCamera *self, CasaMapStance to)
{
  self->from = self->to = clamped(self, to);
  self->span_us = 0;
  self->following = FALSE;
}

void
casa_map_camera_fly(CasaMapCamera *self, CasaMapStance to, gint64 duration_us, gint64 mono_us)
{
  CasaMapStance here = casa_map_camera_stance(self, mono_us);

  casa_map_camera_jump(self, to);
  if (!self->eased || duration_us <= 0)
    return;
  self->from = here;
  self->start_us = mono_us;
  self->span_us = duration_us;
}

void
casa_map_camera_go_home(CasaMapCamera *self, gint64 mono_us)
{
  casa_map_camera_fly(self, casa_map_camera_home(self), HOME_US, mono_us);
}

void
casa_map_camera_go_back(CasaMapCamera *self, gint64 mono_us)
{
  casa_map_camera_fly(self, self->rest, HOME_US, mono_us);
}

void
casa_map_camera_set_rest(CasaMapCamera *self, CasaLonLat min, CasaLonLat max, double margin, double zoom_max)
{
  const gboolean rested = is_at_rest(self);

  self->has_rest = TRUE;
  self->rest_min = min;
  self->rest_max = max;
  self->rest_margin = margin;
  self->rest_zoom = zoom_max;
  self->rest = find_rest(self);
  if (rested)
    casa_map_camera_jump(self, self->rest);
}

void
casa_map_camera_fly_to_box(CasaMapCamera *self, CasaLonLat min, CasaLonLat max, double margin, double zoom_max, gint64 mono_us)
{
  casa_map_camera_fly(self, stance_of_box(self, min, max, margin, zoom_max), CASA_MAP_FLIGHT_US, mono_us);
}

void
casa_map_camera_zoom_about(CasaMapCamera *self, double factor, double x, double y, gint64 duration_us, gint64 mono_us)
{
  double zoom = CLAMP(self->to.zoom * factor, 1, CASA_MAP_ZOOM_MAX), ratio = zoom / self->to.zoom;
  CasaMapView view = casa_map_camera_view_of(self, self->to);
  CasaLonLat here = casa_map_unproject(&view, x, y), from = self->to.centre;
  CasaMapStance to = { { here.lon + (from.lon - here.lon) / ratio, here.lat + (from.lat - here.lat) / ratio }, zoom };

  if (ratio != 1)
    casa_map_camera_fly(self, to, duration_us, mono_us);
}

void
casa_map_camera_follow(CasaMapCamera *self, CasaLonLat at, double zoom, gint64 mono_us)
{
  CasaMapStance to = clamped(self, (CasaMapStance){ at, MAX(zoom, HOMELY) });

  if (!self->following) {
    casa_map_camera_fly(self, to, CASA_MAP_FLIGHT_US, mono_us);
    self->following = TRUE;
  }
  self->to = to; /* a flight under way bends to where it is now */
}

gboolean
casa_map_camera_is_following(const CasaMapCamera *self)
{
  return self->following;
}

void
casa_map_camera_keep(CasaMapCamera *self, const char *name, gint64 mono_us)
{
  CasaMapStance here = casa_map_camera_stance(self, mono_us);

  g_hash_table_insert(self->kept, g_strdup(name), g_memdup2(&here, sizeof here));
}

gboolean
casa_map_camera_recall(CasaMapCamera *self, const char *name, gint64 mono_us)
{
  const CasaMapStance *kept = g_hash_table_lookup(self->kept, name);

  if (kept == NULL)
    return FALSE;
  casa_map_camera_fly(self, *kept, CASA_MAP_FLIGHT_US, mono_us);
  return TRUE;
}
