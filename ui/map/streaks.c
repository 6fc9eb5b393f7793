/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/comets.h"
#include "ui/map/map-text.h"
#include <math.h>

#define POINTS 8
#define PX_PER_S 12.0 /* for each m/s of wind */

/* Uniform in 0…1, the same for the same numbers (splitmix64, G. L. Steele et al., OOPSLA 2014). */
static double
chance(guint64 a, guint64 b)
{
  guint64 z = a * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) + b * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

/* A tapered curve from its thin end at @x, @y on, as one outline. */
static void
trace_streak(cairo_t *cr, double x, double y, double course, double length, double width, double u, CasaMapBox *box)
{
  double points[POINTS + 1][3];

  for (guint i = 0; i <= POINTS; i++) {
    double bend = course + .16 * sin(x / u * .0052 + y / u * .0071) + .09 * sin(y / u * .013 - x / u * .004);

    points[i][0] = x;
    points[i][1] = y;
    points[i][2] = bend;
    x += cos(bend) * length / POINTS;
    y += sin(bend) * length / POINTS;
  }
  cairo_new_path(cr);
  for (guint i = 0; i <= POINTS; i++)
    cairo_line_to(cr, points[i][0] - sin(points[i][2]) * width * i / POINTS / 2,
                  points[i][1] + cos(points[i][2]) * width * i / POINTS / 2);
  for (guint i = POINTS; i > 0; i--)
    cairo_line_to(cr, points[i][0] + sin(points[i][2]) * width * i / POINTS / 2,
                  points[i][1] - cos(points[i][2]) * width * i / POINTS / 2);
  cairo_close_path(cr);
  *box = (CasaMapBox){ MIN(points[0][0], points[POINTS][0]) - width, MIN(points[0][1], points[POINTS][1]) - width,
                       fabs(points[0][0] - points[POINTS][0]) + 2 * width, fabs(points[0][1] - points[POINTS][1]) + 2 * width };
}

static void
paint_streak(cairo_t *cr, const CasaMapMoment *m, guint i, double course, double speed)
{
  double u = casa_map_unit(m->base), life = 1.5 + 1.5 * chance(i, 1), age = m->s / life + chance(i, 2), b = chance(i, 3);
  guint64 cycle = (guint64)floor(age);
  double part = m->still ? 0.6 : age - floor(age), run = part * life * speed * PX_PER_S * u;
  double x = (chance(i, 4 + 2 * cycle) * 1.2 - 0.1) * m->view->w + cos(course) * run;
  double y = (chance(i, 5 + 2 * cycle) * 1.2 - 0.1) * m->view->h + sin(course) * run;
  gboolean pale = b > .45;
  CasaRgb c = pale ? (CasaRgb){ 1, .965, .874 } : (CasaRgb){ .478, .29, .11 };
  double alpha = (pale ? .08 + .4 * b : .28) * sin(G_PI * part) * (m->base->theme->dark ? 0.6 : 1);
  CasaMapBox box;

  trace_streak(cr, x, y, course, (70 + 140 * chance(i, 6)) * u * CLAMP(speed / 14, 0.4, 1.3), (.8 + 2 * (.4 + b)) * u, u, &box);
  m->mark(&box, m->data);
  casa_map_colour(cr, m->base->theme->dark && !pale ? (CasaRgb){ .85, .66, .4 } : c, alpha);
  cairo_fill(cr);
}

void
casa_map_streaks_paint(cairo_t *cr, const CasaMapMoment *m, double from_deg, double speed, guint n)
{
  double course = (from_deg + 90) * G_PI / 180; /* blows to from + 180; 0 = east, clockwise on the picture */

  if (!isfinite(from_deg) || !(speed > 0))
    return;
  cairo_save(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < n; i++)
    paint_streak(cr, m, i, course, speed);
  cairo_restore(cr);
}
