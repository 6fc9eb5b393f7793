/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/comets.h"
#include "ui/map/map-text.h"
#include <math.h>

/* A drop falls, and where it ends a ring spreads. Lengths in pixels of the direction pictures (casa_map_unit()). */
#define DROPS 420      /* of the strongest rain, on the whole picture */
#define FALL 620.0     /* a second */
#define FALLEN 0.6     /* share of its life that a drop falls */
#define RING 15.0      /* radius at its widest */
#define FLAT 0.45      /* a ring lies on the ground */
#define LEAN 0.03      /* radians for each m/s of wind across the picture… */
#define LEAN_LEAST 0.1 /* …and without any */
#define STILL_PART 0.4 /* where a drop stands when nothing moves */
#define SHADES 3       /* those of a shade are stroked together */

typedef struct {
  double x, y;   /* lower end of the streak, or middle of the ring */
  double length; /* of the streak; 0: a ring… */
  double radius; /* …of this radius */
  guint shade;   /* 0, the palest, to SHADES - 1 */
} Drop;

static guint
shade_of(double strength)
{
  return MIN((guint)(MAX(strength, 0) * SHADES), SHADES - 1);
}

/* @lean: from straight down, radians; to the right above 0. */
static void
place_drop(const CasaMapMoment *m, guint i, double lean, gboolean still, Drop *out)
{
  const double u = casa_map_unit(m->base), near = casa_map_chance(i, 3), life = 0.9 + 0.5 * casa_map_chance(i, 1);
  const double age = (still ? 0 : m->s / life) + casa_map_chance(i, 2);
  const guint64 cycle = (guint64)floor(age);
  const double part = still ? STILL_PART : age - floor(age);
  const double left = MAX(FALLEN - part, 0) * life * FALL * u * (0.7 + 0.6 * near), ring = (part - FALLEN) / (1 - FALLEN);

  *out = (Drop){ .x = (casa_map_chance(i, 4 + 2 * cycle) * 1.2 - 0.1) * m->view->w - sin(lean) * left,
                 .y = casa_map_chance(i, 5 + 2 * cycle) * m->view->h - cos(lean) * left,
                 .length = part < FALLEN ? (32 + 50 * near) * u : 0,
                 .radius = part < FALLEN ? 0 : MAX(RING * u * (0.55 + 0.45 * near) * sqrt(ring), 0.5),
                 .shade = shade_of(part < FALLEN ? near : (1 - ring) * 0.99) };
}

static void
mark_drop(const CasaMapMoment *m, const Drop *drop, double lean, double width)
{
  const double across = fabs(sin(lean)) * drop->length;
  const double x0 = sin(lean) > 0 ? drop->x - across : drop->x;
  const CasaMapBox streak = { x0 - width, drop->y - drop->length - width, across + 2 * width, drop->length + 2 * width };
  const double r = drop->radius + width;
  const CasaMapBox ring = { drop->x - r, drop->y - r, 2 * r, 2 * r };

  m->mark(drop->length > 0 ? &streak : &ring, m->data);
}

static void
trace_drop(cairo_t *cr, const Drop *drop, double lean)
{
  if (drop->length > 0) {
    cairo_move_to(cr, drop->x - sin(lean) * drop->length, drop->y - cos(lean) * drop->length);
    cairo_line_to(cr, drop->x, drop->y);
    return;
  }
  cairo_save(cr);
  cairo_translate(cr, drop->x, drop->y);
  cairo_scale(cr, 1, FLAT);
  cairo_new_sub_path(cr);
  cairo_arc(cr, 0, 0, drop->radius, 0, 2 * G_PI);
  cairo_restore(cr);
}

void
casa_map_rain_paint(cairo_t *cr, const CasaMapMoment *m, double strength, double east_ms, gboolean still)
{
  const double u = casa_map_unit(m->base), lean = CLAMP(east_ms * LEAN + (east_ms < 0 ? -LEAN_LEAST : LEAN_LEAST), -0.5, 0.5);
  const guint n = (guint)lround(DROPS * CLAMP(strength, 0, 1));
  const CasaRgb colour = m->base->theme->dark ? (CasaRgb){ .69, .84, 1 } : (CasaRgb){ .12, .33, .55 };
  g_autofree Drop *drops = g_new(Drop, MAX(n, 1));

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    place_drop(m, i, lean, still, &drops[i]);
  cairo_save(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (guint shade = 0; shade < SHADES; shade++) {
    const double width = (1.7 + 0.7 * shade) * u;
    cairo_new_path(cr);
    for (guint i = 0; i < n; i++) {
      if (drops[i].shade != shade)
        continue;
      mark_drop(m, &drops[i], lean, width + 1);
      trace_drop(cr, &drops[i], lean);
    }
    casa_map_colour(cr, colour, 0.42 + 0.2 * shade);
    cairo_set_line_width(cr, width);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}
