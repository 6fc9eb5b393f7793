/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/heat-strip.h"
#include "ui/text/lang.h"
#include <math.h>

#define HOURS 24

CasaRgb
casa_heat_strip_colour(const CasaTheme *theme, const CasaHeatStrip *strip, double value)
{
  const guint last = G_N_ELEMENTS(theme->ramp) - 1;
  const double part = strip->high > strip->low ? CLAMP((value - strip->low) / (strip->high - strip->low), 0, 1) : 0;
  const guint step = MIN((guint)(part * last), last - 1);
  return casa_rgb_mix(theme->ramp[step], theme->ramp[step + 1], part * last - step);
}

typedef struct {
  double x, y, w, h;
} Box;

static void
draw_missing(const CasaPlot *plot, Box box)
{
  cairo_t *cr = plot->cr;
  cairo_save(cr);
  cairo_rectangle(cr, box.x, box.y, box.w, box.h);
  cairo_clip(cr);
  casa_plot_set_colour(plot, plot->theme->muted, 0.45);
  cairo_set_line_width(cr, 1);
  for (double x = box.x - box.h; x < box.x + box.w; x += MAX(4, plot->font_px * 0.4)) {
    cairo_move_to(cr, x, box.y + box.h);
    cairo_line_to(cr, x + box.h, box.y);
  }
  cairo_stroke(cr);
  cairo_restore(cr);
}

static void
draw_cell(const CasaPlot *plot, const CasaHeatStrip *strip, double value, Box box)
{
  if (isnan(value)) {
    draw_missing(plot, box);
    return;
  }
  casa_plot_set_colour(plot, casa_heat_strip_colour(plot->theme, strip, value), 1);
  cairo_rectangle(plot->cr, box.x, box.y, box.w, box.h);
  cairo_fill(plot->cr);
}

static void
draw_key(const CasaPlot *plot, const CasaHeatStrip *strip, Box box)
{
  g_autofree char *low = casa_lang_number(strip->low, strip->decimals), *high = casa_lang_number(strip->high, strip->decimals);
  g_autofree char *top = strip->unit ? g_strdup_printf("%s %s", high, strip->unit) : g_strdup(high);
  const double half = casa_plot_line_height(plot) / 2, x = box.x + box.w + plot->font_px * 0.3;
  for (guint i = 0; i < 32; i++) {
    const double value = strip->low + (strip->high - strip->low) * (31 - i + 0.5) / 32;
    casa_plot_set_colour(plot, casa_heat_strip_colour(plot->theme, strip, value), 1);
    cairo_rectangle(plot->cr, box.x, box.y + box.h * i / 32, box.w, box.h / 32 + 0.5);
    cairo_fill(plot->cr);
  }
  casa_plot_text(plot, top, x, box.y + half, 0, plot->width - x, plot->theme->muted, FALSE);
  casa_plot_text(plot, low, x, box.y + box.h - half, 0, plot->width - x, plot->theme->muted, FALSE);
}

static double
widest_day(const CasaPlot *plot, const CasaHeatStrip *strip)
{
  double widest = 0;
  for (guint i = 0; i < strip->n_days; i++)
    widest = MAX(widest, casa_plot_text_width(plot, strip->days[i], FALSE));
  return MIN(widest, plot->width * 0.3);
}

void
casa_heat_strip_paint(const CasaPlot *plot, const CasaHeatStrip *strip)
{
  const double px = plot->font_px, line = casa_plot_line_height(plot), left = widest_day(plot, strip) + px * 0.5;
  g_autofree char *high = casa_lang_number(strip->high, strip->decimals);
  g_autofree char *top = g_strdup_printf("%s %s", high, strip->unit ? strip->unit : "");
  const double key = px * 1.6 + casa_plot_text_width(plot, top, FALSE);
  const Box all = { left, 0, MAX(plot->width - left - key, 1), MAX(plot->height - line - px * 0.3, 1) };
  const double w = all.w / HOURS, h = all.h / MAX(strip->n_days, 1), gap = MIN(1, w * 0.1);
  for (guint day = 0; day < strip->n_days; day++) {
    if (h >= line * 0.8)
      casa_plot_text(plot, strip->days[day], left - px * 0.5, (day + 0.5) * h, 1, left, plot->theme->muted, FALSE);
    for (guint hour = 0; hour < HOURS; hour++)
      draw_cell(plot, strip, strip->values[day * HOURS + hour], (Box){ left + hour * w, day * h, w - gap, h - gap });
  }
  for (guint hour = 0; hour<HOURS; hour += w * 3> px * 3 ? 3 : 6) {
    g_autofree char *label = g_strdup_printf("%u h", hour);
    casa_plot_text(plot, label, left + hour * w, plot->height - line / 2, 0, plot->width, plot->theme->muted, FALSE);
  }
  draw_key(plot, strip, (Box){ plot->width - key + px * 0.6, 0, px * 0.6, all.h });
}
