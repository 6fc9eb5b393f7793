/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/comets.h"
#include "ui/map/map-text.h"
#include <math.h>

#define POINTS 8
#define PX_PER_S 12.0 /* for each m/s of wind */

/* splitmix64 (G. L. Steele et al., OOPSLA 2014). */
double
casa_map_chance(guint64 a, guint64 b)
{
  guint64 z = a * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) + b * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
  return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

/* From a light breeze (0) to a dust wind (1). */
static double
force_of(double speed)
{
  return CLAMP((speed - 2) / 10, 0, 1);
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

/* In a field of dust a streak is pale or brown; in clean air pale or blue on the dark, pale or slate on the light. */
static CasaRgb
colour_of(const CasaMapBase *base, gboolean pale)
{
  const gboolean dusty = base->field != NULL && base->n_field > 0;

  if (dusty)
    return pale ? (CasaRgb){ 1, .965, .874 } : base->theme->dark ? (CasaRgb){ .85, .66, .4 } : (CasaRgb){ .478, .29, .11 };
  if (base->theme->dark)
    return pale ? (CasaRgb){ .90, .95, 1 } : (CasaRgb){ .60, .76, .94 };
  return pale ? (CasaRgb){ 1, 1, 1 } : (CasaRgb){ .25, .40, .54 };
}

static void
paint_streak(cairo_t *cr, const CasaMapMoment *m, guint i, double course, double speed)
{
  const double u = casa_map_unit(m->base), life = 1.5 + 1.5 * casa_map_chance(i, 1), b = casa_map_chance(i, 3);
  const double age = m->s / life + casa_map_chance(i, 2);
  const guint64 cycle = (guint64)floor(age);
  const double part = m->still ? 0.5 : age - floor(age), run = part * life * speed * PX_PER_S * u;
  const double x = (casa_map_chance(i, 4 + 2 * cycle) * 1.2 - 0.1) * m->view->w + cos(course) * run;
  const double y = (casa_map_chance(i, 5 + 2 * cycle) * 1.2 - 0.1) * m->view->h + sin(course) * run;
  const gboolean pale = b > .45;
  const double alpha = (pale ? .2 + .45 * b : .5) * sin(G_PI * part) * (.5 + .5 * force_of(speed));
  const double length = (80 + 140 * casa_map_chance(i, 6)) * u * (.45 + .75 * force_of(speed));
  CasaMapBox box;

  trace_streak(cr, x, y, course, length, (1.2 + 2 * b + 1.2 * force_of(speed)) * u, u, &box);
  m->mark(&box, m->data);
  casa_map_colour(cr, colour_of(m->base, pale), alpha);
  cairo_fill(cr);
}

void
casa_map_streaks_paint(cairo_t *cr, const CasaMapMoment *m, double from_deg, double speed, guint n)
{
  double course = (from_deg + 90) * G_PI / 180; /* blows to from + 180; 0 = east, clockwise on the picture */

  if (!isfinite(from_deg) || !(speed > 0))
    return;
  n = (guint)lround(n * (.35 + .65 * force_of(speed)));
  cairo_save(cr);
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < n; i++)
    paint_streak(cr, m, i, course, speed);
  cairo_restore(cr);
}
