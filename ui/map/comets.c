/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/comets.h"
#include "ui/map/map-text.h"
#include <math.h>
#include <string.h>

#define SEGMENTS 26
#define ASIDE 3.2 /* pixels right of the track's middle */
#define HALO_R 19.0
#define GLINT_EVERY 4.0 /* seconds */
#define GLINT_RUN 2.0
#define MOVED 0.25       /* device pixels that are worth a new picture */
#define MOVED_FRUGAL 0.5 /* likewise, at two frames a second */
#define WARM                                                                                                                   \
  (CasaRgb)                                                                                                                    \
  {                                                                                                                            \
    1, .70, .42                                                                                                                \
  }

typedef struct {
  cairo_surface_t *surface; /* device pixels */
  int x, y, w, h;           /* in the picture, device pixels */
  double head_x, head_y;
  double points[SEGMENTS + 1][2]; /* of the tail, from the head backwards */
  guint n;
  double alpha;
  gboolean hollow;
  guint32 rgb;
  gint64 looked_ms;
  gboolean used;
} Comet;

struct _CasaMapComets {
  GHashTable *comets; /* key → Comet */
};

static void
comet_free(gpointer data)
{
  Comet *comet = data;

  g_clear_pointer(&comet->surface, cairo_surface_destroy);
  g_free(comet);
}

CasaMapComets *
casa_map_comets_new(void)
{
  CasaMapComets *self = g_new0(CasaMapComets, 1);

  self->comets = g_hash_table_new_full(NULL, NULL, NULL, comet_free);
  return self;
}

void
casa_map_comets_free(CasaMapComets *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref(self->comets);
  g_free(self);
}

void
casa_map_comets_clear(CasaMapComets *self)
{
  g_hash_table_remove_all(self->comets);
}

static double
size_of(const CasaMapView *view, const CasaMapBase *base)
{
  return casa_map_unit(base) * casa_map_thickness(view, base);
}

void
casa_map_comet_head(const CasaMapView *view, const CasaMapBase *base, const CasaMapVehicle *vehicle, double *x, double *y)
{
  double aside = ASIDE * size_of(view, base);

  casa_map_project(view, vehicle->at, x, y);
  *x += vehicle->course_y * aside; /* right of the way it goes; y grows downwards */
  *y += vehicle->course_x * aside;
}

/* The tail's points, each moved to the right of the way; returns how many. */
static guint
read_tail(CasaMapFleet *fleet, const CasaMapMoment *m, const CasaMapVehicle *vehicle, double (*points)[2])
{
  CasaLonLat way[SEGMENTS + 1];
  guint n = casa_map_fleet_tail(fleet, vehicle->key, m->now_ms, way, SEGMENTS + 1);
  double aside = ASIDE * size_of(m->view, m->base), last[2] = { vehicle->course_y, vehicle->course_x };
  double plain[SEGMENTS + 1][2];

  for (guint i = 0; i < n; i++)
    casa_map_project(m->view, way[i], &plain[i][0], &plain[i][1]);
  for (guint i = 0; i < n; i++) {
    guint a = MIN(i + 1, n - 1), b = i > 0 ? i - 1 : 0;
    double dx = plain[b][0] - plain[a][0], dy = plain[b][1] - plain[a][1], length = hypot(dx, dy);

    if (length > 1e-6 && i > 0) {
      last[0] = -dy / length;
      last[1] = dx / length;
    }
    points[i][0] = plain[i][0] + last[0] * aside;
    points[i][1] = plain[i][1] + last[1] * aside;
  }
  return n;
}

static void
measure(Comet *comet, const CasaMapMoment *m)
{
  double reach = HALO_R * size_of(m->view, m->base) + 2, s = m->device_scale;
  double x0 = comet->head_x, y0 = comet->head_y, x1 = x0, y1 = y0;

  for (guint i = 0; i < comet->n; i++) {
    x0 = MIN(x0, comet->points[i][0]);
    y0 = MIN(y0, comet->points[i][1]);
    x1 = MAX(x1, comet->points[i][0]);
    y1 = MAX(y1, comet->points[i][1]);
  }
  comet->x = (int)floor((x0 - reach) * s);
  comet->y = (int)floor((y0 - reach) * s);
  comet->w = (int)ceil((x1 + reach) * s) - comet->x;
  comet->h = (int)ceil((y1 + reach) * s) - comet->y;
}

/* Where light is added, the soft ends of two pieces make one whole; where paint lies over paint, they must overlap. */
static void
paint_tail(cairo_t *cr, const Comet *comet, CasaRgb colour, double z, double overlap)
{
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
  for (guint i = 0; i + 1 < comet->n; i++) {
    const double *p = comet->points[i], *q = comet->points[i + 1];
    double u = 1 - (double)i / (comet->n - 1), ex = q[0] - p[0], ey = q[1] - p[1], length = hypot(ex, ey);
    CasaRgb c = casa_rgb_mix(colour, (CasaRgb){ 1, 1, 1 }, .35 * pow(u, 4));

    if (length <= 0)
      continue;
    casa_map_colour(cr, c, .9 * pow(u, 1.25));
    cairo_set_line_width(cr, z * (1.4 + 5.4 * u));
    cairo_move_to(cr, p[0], p[1]);
    cairo_line_to(cr, q[0] + ex / length * overlap, q[1] + ey / length * overlap);
    cairo_stroke(cr);
  }
}

static void
paint_halo(cairo_t *cr, double x, double y, double r, CasaRgb c, double strength)
{
  cairo_pattern_t *halo = cairo_pattern_create_radial(x, y, 0, x, y, r);

  cairo_pattern_add_color_stop_rgba(halo, 0, c.r, c.g, c.b, .62 * strength);
  cairo_pattern_add_color_stop_rgba(halo, .4, c.r, c.g, c.b, .22 * strength);
  cairo_pattern_add_color_stop_rgba(halo, 1, c.r, c.g, c.b, 0);
  cairo_set_source(cr, halo); /* beyond the last stop it has no colour: whole pixels need no edge */
  cairo_rectangle(cr, floor(x - r), floor(y - r), ceil(x + r) - floor(x - r), ceil(y + r) - floor(y - r));
  cairo_fill(cr);
  cairo_pattern_destroy(halo);
}

/* White, so that it is seen on its line; a ring only while it waits for news. */
static void
paint_head(cairo_t *cr, const Comet *comet, const CasaTheme *theme, CasaRgb colour, double z)
{
  double x = comet->head_x, y = comet->head_y;

  cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
  cairo_new_path(cr);
  cairo_arc(cr, x, y, 6.2 * z, 0, 2 * G_PI);
  if (comet->hollow) {
    casa_map_colour(cr, theme->land, 0.9);
    cairo_fill_preserve(cr);
    casa_map_colour(cr, colour, 1);
    cairo_set_line_width(cr, MAX(1.8 * z, 1));
    cairo_stroke(cr);
    return;
  }
  casa_map_colour(cr, theme->dark ? colour : casa_rgb_mix(colour, theme->ink, 0.35), 1);
  cairo_fill(cr);
  cairo_arc(cr, x, y, 4.2 * z, 0, 2 * G_PI);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_fill(cr);
}

static void
paint_comet(Comet *comet, const CasaMapMoment *m, const CasaMapVehicle *vehicle)
{
  const CasaTheme *theme = m->base->theme;
  CasaRgb colour = casa_map_line_colour(theme, vehicle->rgb);
  double z = size_of(m->view, m->base), s = m->device_scale;
  cairo_t *cr;

  g_clear_pointer(&comet->surface, cairo_surface_destroy);
  comet->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, comet->w, comet->h);
  cr = cairo_create(comet->surface);
  cairo_translate(cr, -comet->x, -comet->y);
  cairo_scale(cr, s, s);
  if (theme->dark)
    cairo_set_operator(cr, CAIRO_OPERATOR_ADD);
  if (!comet->hollow)
    paint_tail(cr, comet, colour, z, theme->dark ? 0 : .4);
  paint_halo(cr, comet->head_x, comet->head_y, HALO_R * z, colour, comet->hollow ? 0.3 : theme->dark ? 1 : 0.7);
  paint_head(cr, comet, theme, colour, z);
  cairo_destroy(cr);
}

static double
worth(const CasaMapMoment *m)
{
  return (m->frugal ? MOVED_FRUGAL : MOVED) / m->device_scale;
}

/* A tail's end creeps on while the head waits: it is looked at again once a second. */
static gboolean
is_fresh(const Comet *comet, const CasaMapMoment *m, const CasaMapVehicle *vehicle, double x, double y)
{
  return comet->surface != NULL && hypot(x - comet->head_x, y - comet->head_y) < worth(m) && comet->hollow == vehicle->hollow &&
         ABS(m->now_ms - comet->looked_ms) < 1500 + vehicle->key % 16 * 60;
}

/* Head and tail stand where they were painted. */
static gboolean
stands(const Comet *comet, const CasaMapMoment *m, double x, double y, double (*points)[2], guint n)
{
  if (comet->surface == NULL || n != comet->n || hypot(x - comet->head_x, y - comet->head_y) >= worth(m))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (hypot(points[i][0] - comet->points[i][0], points[i][1] - comet->points[i][1]) >= worth(m))
      return FALSE;
  return TRUE;
}

static Comet *
refresh(CasaMapComets *self, const CasaMapMoment *m, CasaMapFleet *fleet, const CasaMapVehicle *vehicle)
{
  Comet *comet = g_hash_table_lookup(self->comets, GUINT_TO_POINTER(vehicle->key));
  double x, y, points[SEGMENTS + 1][2];
  guint n;

  casa_map_comet_head(m->view, m->base, vehicle, &x, &y);
  if (comet == NULL) {
    comet = g_new0(Comet, 1);
    g_hash_table_insert(self->comets, GUINT_TO_POINTER(vehicle->key), comet);
  }
  comet->used = TRUE;
  comet->alpha = vehicle->alpha;
  if (is_fresh(comet, m, vehicle, x, y))
    return comet;
  comet->looked_ms = m->now_ms;
  n = read_tail(fleet, m, vehicle, points);
  if (comet->hollow == vehicle->hollow && comet->rgb == vehicle->rgb && stands(comet, m, x, y, points, n))
    return comet;
  comet->head_x = x;
  comet->head_y = y;
  comet->hollow = vehicle->hollow;
  comet->rgb = vehicle->rgb;
  comet->n = n;
  memcpy(comet->points, points, sizeof points);
  measure(comet, m);
  paint_comet(comet, m, vehicle);
  return comet;
}

static void
paint_glint(cairo_t *cr, const Comet *comet, const CasaMapMoment *m, guint key)
{
  double run = fmod(m->s + (key * 0.618034 - floor(key * 0.618034)) * GLINT_EVERY, GLINT_EVERY) / GLINT_RUN, at, t, x, y, z;
  guint i;

  if (m->still || comet->n < 2 || comet->hollow || run >= 1)
    return;
  z = size_of(m->view, m->base);
  at = (1 - run) * (comet->n - 1);
  i = MIN((guint)at, comet->n - 2);
  t = at - i;
  x = comet->points[i][0] + (comet->points[i + 1][0] - comet->points[i][0]) * t;
  y = comet->points[i][1] + (comet->points[i + 1][1] - comet->points[i][1]) * t;
  paint_halo(cr, x, y, 9 * z, (CasaRgb){ 1, 1, 1 }, (0.35 + 0.65 * run) * 1.5 * comet->alpha);
}

/* A pause sign and rings that breathe: it stands where it should not. */
static void
paint_held(cairo_t *cr, const Comet *comet, const CasaMapMoment *m)
{
  double z = size_of(m->view, m->base), x = comet->head_x, y = comet->head_y;
  CasaRgb warm = m->base->theme->dark ? WARM : m->base->theme->bad;
  CasaMapBox box = { x - 34 * z, y - 34 * z, 68 * z, 68 * z };

  m->mark(&box, m->data);
  for (guint i = 0; i < 3; i++) {
    double u = m->still ? i / 3.0 : fmod(m->s / 2.4 + i / 3.0, 1);

    casa_map_colour(cr, warm, comet->alpha * .8 * pow(1 - u, .8));
    cairo_set_line_width(cr, (3 - 1.6 * u) * z);
    cairo_new_path(cr);
    cairo_arc(cr, x, y, (11 + 20 * u) * z, 0, 2 * G_PI);
    cairo_stroke(cr);
  }
  cairo_arc(cr, x, y, 9.5 * z, 0, 2 * G_PI);
  casa_map_colour(cr, m->base->theme->dark ? m->base->theme->ground : (CasaRgb){ 1, 1, 1 }, comet->alpha);
  cairo_fill_preserve(cr);
  casa_map_colour(cr, warm, comet->alpha);
  cairo_set_line_width(cr, 2 * z);
  cairo_stroke(cr);
  cairo_rectangle(cr, x - 3.6 * z, y - 4.4 * z, 2.5 * z, 8.8 * z);
  cairo_rectangle(cr, x + 1.1 * z, y - 4.4 * z, 2.5 * z, 8.8 * z);
  casa_map_colour(cr, m->base->theme->ink, comet->alpha);
  cairo_fill(cr);
}

static void
blit(cairo_t *cr, const Comet *comet, const CasaMapMoment *m)
{
  double s = m->device_scale;
  CasaMapBox box = { comet->x / s, comet->y / s, comet->w / s, comet->h / s };

  m->mark(&box, m->data);
  cairo_save(cr);
  cairo_scale(cr, 1 / s, 1 / s);
  if (m->base->theme->dark && !comet->hollow)
    cairo_set_operator(cr, CAIRO_OPERATOR_ADD);
  cairo_set_source_surface(cr, comet->surface, comet->x, comet->y);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cr, comet->x, comet->y, comet->w, comet->h);
  if (comet->alpha < 1) {
    cairo_clip(cr);
    cairo_paint_with_alpha(cr, comet->alpha);
  } else {
    cairo_fill(cr);
  }
  cairo_restore(cr);
}

static gboolean
is_in_sight(const CasaMapMoment *m, const CasaMapVehicle *vehicle)
{
  double x, y, far = MAX(m->view->w, m->view->h);

  casa_map_project(m->view, vehicle->at, &x, &y);
  return isfinite(x) && isfinite(y) && x > -far && y > -far && x < m->view->w + far && y < m->view->h + far;
}

static gboolean
is_out_of_use(gpointer key, gpointer value, gpointer data)
{
  Comet *comet = value;
  gboolean gone = !comet->used;

  comet->used = FALSE;
  return gone;
}

void
casa_map_comets_paint(CasaMapComets *self, cairo_t *cr, const CasaMapMoment *m, CasaMapFleet *fleet,
                      const CasaMapVehicle *vehicles, guint n)
{
  for (guint i = 0; i < n; i++) {
    Comet *comet;

    if (!is_in_sight(m, &vehicles[i]))
      continue;
    comet = refresh(self, m, fleet, &vehicles[i]);
    if ((comet->x + comet->w) / m->device_scale < 0 || (comet->y + comet->h) / m->device_scale < 0 ||
        comet->x / m->device_scale > m->view->w || comet->y / m->device_scale > m->view->h)
      continue;
    blit(cr, comet, m);
    if (vehicles[i].held)
      paint_held(cr, comet, m);
    else
      paint_glint(cr, comet, m, vehicles[i].key);
  }
  g_hash_table_foreach_remove(self->comets, is_out_of_use, NULL);
}

void
casa_map_rings_paint(cairo_t *cr, const CasaMapMoment *m, CasaLonLat at, CasaRgb colour, double strength)
{
  double z = size_of(m->view, m->base), x, y, reach;
  CasaRgb pale = m->base->theme->dark ? casa_rgb_mix(colour, (CasaRgb){ 1, 1, 1 }, .5) : colour;
  CasaMapBox box;

  casa_map_project(m->view, at, &x, &y);
  reach = (13 + 30 * strength) * z;
  if (x < -reach || y < -reach || x > m->view->w + reach || y > m->view->h + reach)
    return;
  box = (CasaMapBox){ x - reach, y - reach, 2 * reach, 2 * reach };
  m->mark(&box, m->data);
  for (guint i = 0; i < (m->still ? 1 : 3); i++) {
    double u = m->still ? 0.3 : fmod(m->s / 2.4 + at.lon * 1000 - floor(at.lon * 1000) + i / 3.0, 1);

    casa_map_colour(cr, pale, .95 * pow(1 - u, .8));
    cairo_set_line_width(cr, (3.2 - 1.6 * u) * z);
    cairo_new_path(cr);
    cairo_arc(cr, x, y, (9 + 30 * strength * u) * z, 0, 2 * G_PI);
    cairo_stroke(cr);
  }
}
