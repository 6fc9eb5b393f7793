/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/wind-rose.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

#define SECTOR_DEG (360.0 / CASA_WIND_SECTORS)

static guint
class_of(double speed, const double *bounds)
{
  guint class = 0;
  while (class < CASA_WIND_CLASSES - 1 && speed >= bounds[class])
    class ++;
  return class;
}

static guint
sector_of(double from_deg)
{
  const double turned = fmod(fmod(from_deg + SECTOR_DEG / 2, 360) + 360, 360);
  return MIN((guint)(turned / SECTOR_DEG), CASA_WIND_SECTORS - 1);
}

void
casa_wind_rose_count(CasaWindRose *self, const double *from_deg, const double *speed, guint n, double calm_below,
                     const double *bounds)
{
  memset(self, 0, sizeof *self);
  memcpy(self->bounds, bounds, sizeof self->bounds);
  for (guint i = 0; i < n; i++) {
    if (!isfinite(from_deg[i]) || !isfinite(speed[i]))
      continue;
    self->n++;
    if (speed[i] < calm_below)
      self->calm++;
    else
      self->share[sector_of(from_deg[i])][class_of(speed[i], bounds)]++;
  }
  self->calm /= MAX(self->n, 1);
  for (guint s = 0; s < CASA_WIND_SECTORS; s++)
    for (guint c = 0; c < CASA_WIND_CLASSES; c++)
      self->share[s][c] /= MAX(self->n, 1);
}

typedef struct {
  const CasaPlot *plot;
  double x, y, radius, hub; /* centre; of the outermost ring; of the middle */
  double most;              /* share at the outermost ring */
} Layout;

static double
sector_share(const CasaWindRose *rose, guint sector)
{
  double sum = 0;
  for (guint c = 0; c < CASA_WIND_CLASSES; c++)
    sum += rose->share[sector][c];
  return sum;
}

static double
radius_of(const Layout *l, double share)
{
  return l->hub + (l->radius - l->hub) * share / l->most;
}

/* The outermost ring stands at a multiple of 5 %. */
static double
round_up(double share)
{
  return MAX(0.05, ceil(share * 20 - 1e-9) / 20);
}

static void
draw_rings(const Layout *l)
{
  const CasaPlot *plot = l->plot;
  casa_plot_set_colour(plot, plot->theme->grid, 1);
  cairo_set_line_width(plot->cr, 1);
  for (guint i = 1; i <= 2; i++) {
    cairo_new_sub_path(plot->cr);
    cairo_arc(plot->cr, l->x, l->y, radius_of(l, l->most * i / 2), 0, 2 * G_PI);
  }
  cairo_stroke(plot->cr);
}

static void
draw_petal(const Layout *l, const CasaWindRose *rose, guint sector)
{
  const double middle = sector * SECTOR_DEG * G_PI / 180 - G_PI_2, half = SECTOR_DEG * 0.4 * G_PI / 180;
  double inner = l->hub, share = 0;
  for (guint c = 0; c < CASA_WIND_CLASSES; c++) {
    share += rose->share[sector][c];
    const double outer = radius_of(l, share);
    if (rose->share[sector][c] <= 0)
      continue;
    cairo_new_sub_path(l->plot->cr);
    cairo_arc(l->plot->cr, l->x, l->y, outer, middle - half, middle + half);
    cairo_arc_negative(l->plot->cr, l->x, l->y, inner, middle + half, middle - half);
    cairo_close_path(l->plot->cr);
    casa_plot_set_colour(l->plot, casa_plot_mark(l->plot, l->plot->theme->ramp[c + 1]), 1);
    cairo_fill(l->plot->cr);
    inner = outer;
  }
}

static char *
percent(double share)
{
  g_autofree char *number = casa_lang_number(share * 100, 0);
  return g_strdup_printf("%s\u202f%%", number);
}

static void
draw_words(const Layout *l, const CasaWindRose *rose, const CasaWindRoseWords *words)
{
  const CasaPlot *plot = l->plot;
  const double line = casa_plot_line_height(plot), px = plot->font_px, out = l->radius + line * 0.55;
  g_autofree char *ring = percent(l->most), *calm = percent(rose->calm);
  for (guint i = 0; i < 4; i++) {
    const double angle = i * G_PI_2 - G_PI_2;
    casa_plot_text(plot, words->directions[i], l->x + cos(angle) * out, l->y + sin(angle) * out, 0.5, plot->width,
                   plot->theme->ink, TRUE);
  }
  casa_plot_text(plot, ring, l->x + l->radius * M_SQRT1_2, l->y - l->radius * M_SQRT1_2 - px * 0.3, 0, plot->width,
                 plot->theme->muted, FALSE);
  g_autofree char *text = g_strdup_printf("%s %s", words->calm_text, calm);
  casa_plot_text(plot, text, 0, plot->height - line / 2, 0, plot->width, plot->theme->muted, FALSE);
}

/* Which colour is how strong. */
static void
draw_key(const Layout *l, const CasaWindRose *rose, const CasaWindRoseWords *words)
{
  const CasaPlot *plot = l->plot;
  const double line = casa_plot_line_height(plot), px = plot->font_px;
  for (guint c = 0; c < CASA_WIND_CLASSES; c++) {
    g_autofree char *from = c > 0 ? casa_lang_number(rose->bounds[c - 1], 0) : g_strdup("0");
    g_autofree char *text = c + 1 < CASA_WIND_CLASSES ? g_strdup(from) : g_strdup_printf("≥ %s %s", from, words->unit);
    const double y = (c + 0.5) * line;
    casa_plot_set_colour(plot, casa_plot_mark(plot, plot->theme->ramp[c + 1]), 1);
    cairo_rectangle(plot->cr, 0, y - px * 0.35, px * 0.7, px * 0.7);
    cairo_fill(plot->cr);
    g_autofree char *next = c + 1 < CASA_WIND_CLASSES ? casa_lang_number(rose->bounds[c], 0) : NULL;
    g_autofree char *range = next ? g_strdup_printf("%s–%s", text, next) : g_strdup(text);
    casa_plot_text(plot, range, px, y, 0, plot->width / 3, plot->theme->muted, FALSE);
  }
}

/* Of its longest text. */
static double
key_width(const Layout *l, const CasaWindRose *rose, const CasaWindRoseWords *words)
{
  g_autofree char *bound = casa_lang_number(rose->bounds[CASA_WIND_CLASSES - 2], 0);
  g_autofree char *text = g_strdup_printf("≥ %s %s", bound, words->unit);
  return l->plot->font_px + casa_plot_text_width(l->plot, text, FALSE);
}

void
casa_wind_rose_paint(const CasaPlot *plot, const CasaWindRose *rose, const CasaWindRoseWords *words)
{
  const double line = casa_plot_line_height(plot);
  Layout l = { .plot = plot, .x = plot->width / 2, .y = plot->height / 2 };
  double most = 0;
  l.radius = MAX(MIN(plot->width, plot->height) / 2 - line * 1.2, 1);
  l.x = MAX(l.x, MIN(key_width(&l, rose, words) + line * 1.3 + l.radius, plot->width - line * 1.2 - l.radius));
  l.hub = l.radius * 0.08;
  for (guint s = 0; s < CASA_WIND_SECTORS; s++)
    most = MAX(most, sector_share(rose, s));
  l.most = round_up(most);
  draw_rings(&l);
  for (guint s = 0; s < CASA_WIND_SECTORS; s++)
    draw_petal(&l, rose, s);
  draw_words(&l, rose, words);
  draw_key(&l, rose, words);
}
