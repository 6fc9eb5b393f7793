/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-legend.h"
#include "ui/text/lang.h"
#include "ui/map/map-text.h"
#include <math.h>

#define TITLE 1.15 /* sizes in body sizes */
#define SMALL 0.9
#define SWATCH_H 0.6
#define GAP 0.35

static gboolean
has_gaps(const CasaMapBase *base)
{
  for (guint i = 0; base->districts != NULL && i < base->city->n_districts; i++)
    if (!isfinite(base->districts[i].value))
      return TRUE;
  return FALSE;
}

static PangoLayout *
title(PangoContext *pango, const CasaMapBase *base, double max_w)
{
  return casa_map_text(pango, base->font, base->font_px * TITLE, PANGO_WEIGHT_SEMIBOLD, max_w, base->title);
}

static PangoLayout *
small(PangoContext *pango, const CasaMapBase *base, double max_w, const char *text)
{
  return casa_map_text(pango, base->font, base->font_px * SMALL, PANGO_WEIGHT_NORMAL, max_w, text);
}

static PangoLayout *
attribution(PangoContext *pango, const CasaMapBase *base, double max_w)
{
  const char *text = base->attribution != NULL ? base->attribution : _("© contributeurs OpenStreetMap");

  return casa_map_text(pango, base->font, MAX(base->font_px * 0.85, 9), PANGO_WEIGHT_NORMAL, max_w, text);
}

static char *
break_label(const CasaMapBase *base, guint i)
{
  guint decimals = 0;

  for (guint k = 0; k < 6; k++)
    if (fabs(base->breaks[k] - round(base->breaks[k])) > 1e-6)
      decimals = 1;
  return casa_lang_number(base->breaks[i], decimals);
}

static void
text_size(PangoLayout *layout, double *w, double *h)
{
  casa_map_text_size(layout, w, h);
  g_object_unref(layout);
}

static double
margin(const CasaMapBase *base)
{
  return base->font_px * 0.95;
}

/* Six swatches side by side, as wide as the longest number wants. */
static double
swatch_width(PangoContext *pango, const CasaMapBase *base)
{
  double widest = base->font_px * 2;

  for (guint i = 0; i < 6; i++) {
    g_autofree char *label = break_label(base, i);
    double w, h;

    text_size(small(pango, base, 0, label), &w, &h);
    widest = MAX(widest, w + base->font_px * 0.5);
  }
  return widest;
}

static void
measure_box(PangoContext *pango, const CasaMapBase *base, CasaMapLegend *legend, double max_w)
{
  double em = base->font_px, w, h, widest = legend->swatch_w * 6, height;

  text_size(title(pango, base, max_w), &w, &h);
  widest = MAX(widest, w);
  height = h + em * GAP;
  if (legend->subtitle) {
    text_size(small(pango, base, max_w, base->subtitle), &w, &h);
    widest = MAX(widest, w);
    height += h + em * GAP;
  }
  height += em * SWATCH_H;
  if (legend->labels) {
    text_size(small(pango, base, 0, "0"), &w, &h);
    height += h * (has_gaps(base) ? 2 : 1) + em * GAP;
  }
  legend->box.w = widest;
  legend->box.h = height;
}

CasaMapLegend
casa_map_legend_measure(PangoContext *pango, const CasaMapBase *base, double w, double h)
{
  CasaMapLegend legend = { .swatch_w = swatch_width(pango, base), .labels = TRUE };
  double m = margin(base), max_w = MAX(w - 2 * m, 1);

  text_size(attribution(pango, base, max_w), &legend.attribution.w, &legend.attribution.h);
  legend.attribution.x = base->rtl ? m : w - m - legend.attribution.w;
  legend.attribution.y = h - m * 0.8 - legend.attribution.h;

  legend.subtitle = base->subtitle != NULL && *base->subtitle != '\0';
  measure_box(pango, base, &legend, max_w);
  if (legend.subtitle && (legend.box.h > h * 0.36 || legend.box.w > w * 0.6)) {
    legend.subtitle = FALSE;
    measure_box(pango, base, &legend, max_w);
  }
  if (legend.box.h > h * 0.36 || legend.box.w > w * 0.6) {
    legend.labels = FALSE;
    legend.swatch_w = base->font_px * 1.2;
    measure_box(pango, base, &legend, max_w);
  }
  if (base->title == NULL || legend.box.h > h * 0.4 || legend.box.w > w * 0.9)
    legend.box.w = legend.box.h = 0;
  legend.box.x = base->rtl ? w - m - legend.box.w : m;
  legend.box.y = m;
  return legend;
}

void
casa_map_hatch(cairo_t *cr, const CasaMapBase *base)
{
  double x0, y0, x1, y1, step = MAX(base->font_px * 0.42, 4);

  cairo_clip_extents(cr, &x0, &y0, &x1, &y1);
  casa_map_colour(cr, base->theme->district, 1);
  cairo_paint(cr);
  cairo_new_path(cr);
  for (double x = floor((x0 - (y1 - y0)) / step) * step; x < x1; x += step) {
    cairo_move_to(cr, x, y1);
    cairo_line_to(cr, x + (y1 - y0), y0);
  }
  casa_map_colour(cr, base->theme->muted, 0.4);
  cairo_set_line_width(cr, MAX(base->font_px * 0.06, 1));
  cairo_stroke(cr);
}

void
casa_map_legend_ground(cairo_t *cr, const CasaMapBase *base, const CasaMapLegend *legend)
{
  double m = base->font_px * 0.5;

  casa_map_rounded(cr, legend->box.x - m, legend->box.y - m, legend->box.w + 2 * m, legend->box.h + 2 * m, m);
  casa_map_colour(cr, base->theme->panel, 0.88);
  cairo_fill(cr);
}

/* Paints @layout at the reading edge of the legend, frees it and returns the y below it. */
static double
put_line(cairo_t *cr, const CasaMapBase *base, const CasaMapLegend *legend, PangoLayout *layout, double y, CasaRgb colour)
{
  double w, h;

  casa_map_text_size(layout, &w, &h);
  casa_map_text_show(cr, layout, base->rtl ? legend->box.x + legend->box.w - w : legend->box.x, y, colour);
  g_object_unref(layout);
  return y + h + base->font_px * GAP;
}

static double
swatch_x(const CasaMapBase *base, const CasaMapLegend *legend, guint i)
{
  if (base->rtl)
    return legend->box.x + legend->box.w - (i + 1) * legend->swatch_w;
  return legend->box.x + i * legend->swatch_w;
}

static void
swatches(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend, double y)
{
  double em = base->font_px, h = em * SWATCH_H, gap = MAX(em * 0.08, 1);

  for (guint i = 0; i < 6; i++) {
    double x = swatch_x(base, legend, i);

    cairo_rectangle(cr, x, y, legend->swatch_w - gap, h);
    casa_map_colour(cr, base->theme->ramp[i], 1);
    cairo_fill_preserve(cr);
    casa_map_colour(cr, base->theme->muted, 0.5);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
    if (legend->labels) {
      g_autofree char *text = break_label(base, i);
      g_autoptr(PangoLayout) label = small(pango, base, 0, text);
      double w, lh;

      casa_map_text_size(label, &w, &lh);
      casa_map_text_show(cr, label, base->rtl ? x + legend->swatch_w - gap - w : x, y + h + em * GAP * 0.5, base->theme->muted);
    }
  }
}

/* "▨ sans donnée", below the numbers. */
static void
no_data(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend)
{
  g_autoptr(PangoLayout) label = small(pango, base, 0, _("sans donnée"));
  double em = base->font_px, side = em * 1.4, w, h, y, x, edge;

  casa_map_text_size(label, &w, &h);
  y = legend->box.y + legend->box.h - h;
  edge = legend->box.x + (base->rtl ? legend->box.w : 0);
  x = base->rtl ? edge - side : edge;
  cairo_save(cr);
  cairo_rectangle(cr, x, y + (h - em * SWATCH_H) / 2, side, em * SWATCH_H);
  cairo_clip(cr);
  casa_map_hatch(cr, base);
  cairo_restore(cr);
  casa_map_text_show(cr, label, base->rtl ? x - em * 0.5 - w : x + side + em * 0.5, y, base->theme->muted);
}

void
casa_map_legend_paint(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend)
{
  const CasaTheme *theme = base->theme;
  g_autoptr(PangoLayout) credit = attribution(pango, base, legend->attribution.w + 1);
  double y = legend->box.y;

  casa_map_text_show_halo(cr, credit, legend->attribution.x, legend->attribution.y, theme->muted, theme->land,
                          base->font_px * 0.15);
  if (legend->box.w <= 0)
    return;
  y = put_line(cr, base, legend, title(pango, base, legend->box.w + 1), y, theme->ink);
  if (legend->subtitle)
    y = put_line(cr, base, legend, small(pango, base, legend->box.w + 1, base->subtitle), y, theme->muted);
  swatches(cr, pango, base, legend, y);
  if (legend->labels && has_gaps(base))
    no_data(cr, pango, base, legend);
}
