/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-legend.h"
#include "ui/map/lamps.h"
#include "ui/map/map-text.h"
#include "ui/map/roads.h"
#include "ui/text/lang.h"
#include <math.h>

#define TITLE 0.95 /* sizes in body sizes */
#define SMALL 0.87
#define BAR_W 11.5
#define BAR_H 0.62
#define GAP 0.3
#define STEPS 64

static gboolean
has_gaps(const CasaMapBase *base)
{
  for (guint i = 0; base->n_field == 0 && base->districts != NULL && i < base->city->n_districts; i++)
    if (!isfinite(base->districts[i].value))
      return TRUE;
  return FALSE;
}

static gboolean
has_traffic(const CasaMapBase *base)
{
  for (guint i = 0; base->roads != NULL && i < base->city->n_roads; i++)
    if (isfinite(base->roads[i]))
      return TRUE;
  return FALSE;
}

static PangoLayout *
title(PangoContext *pango, const CasaMapBase *base)
{
  return casa_map_text(pango, base->font, base->font_px * TITLE, PANGO_WEIGHT_SEMIBOLD, 0, base->scale.title);
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

/* What a row is made of: (transfer full) text, NULL for those that are drawn. */
static char *
row_text(const CasaMapBase *base, CasaMapLegendRows row)
{
  switch (row) {
  case CASA_MAP_LEGEND_NOTE: return g_strdup(base->scale.note);
  case CASA_MAP_LEGEND_NO_DATA: return g_strdup(_("sans donnée"));
  case CASA_MAP_LEGEND_TRAFFIC: return g_strdup(_("trafic lent → fluide"));
  case CASA_MAP_LEGEND_LAMPS: {
    g_autofree char *n = casa_lang_number(CASA_MAP_LAMPS_PER_DOT, 0);

    return g_strdup_printf(_("1 point = %s lampadaires"), n);
  }
  default: return NULL;
  }
}

/* What stands left (or right) of a row's words, in body sizes. */
static double
row_mark(CasaMapLegendRows row)
{
  return row == CASA_MAP_LEGEND_TRAFFIC ? 6.5 : row == CASA_MAP_LEGEND_NO_DATA ? 1.9 : row == CASA_MAP_LEGEND_LAMPS ? 0.9 : 0;
}

static void
measure_box(PangoContext *pango, const CasaMapBase *base, CasaMapLegend *legend)
{
  double em = base->font_px, w, h, unit_w, widest = em * BAR_W;

  text_size(title(pango, base), &w, &h);
  text_size(small(pango, base, 0, base->scale.unit), &unit_w, &h);
  widest = MAX(widest, w + unit_w + em);
  legend->row_h = h + em * GAP;
  legend->bar_h = em * BAR_H;
  legend->box.h = legend->row_h + legend->bar_h + em * GAP;
  for (guint i = 0; i < 5; i++) {
    CasaMapLegendRows row = legend->rows & (1u << i);
    g_autofree char *text = row_text(base, row);

    if (row == 0)
      continue;
    legend->box.h += legend->row_h;
    if (text != NULL) {
      text_size(small(pango, base, 0, text), &w, &h);
      widest = MAX(widest, w + row_mark(row) * em);
    }
  }
  legend->box.w = widest;
}

static CasaMapLegendRows
rows_of(const CasaMapBase *base)
{
  CasaMapLegendRows rows = CASA_MAP_LEGEND_NUMBERS;

  if (base->scale.note != NULL && *base->scale.note != '\0')
    rows |= CASA_MAP_LEGEND_NOTE;
  if (has_gaps(base))
    rows |= CASA_MAP_LEGEND_NO_DATA;
  if (has_traffic(base))
    rows |= CASA_MAP_LEGEND_TRAFFIC;
  if (base->lamps && base->darkness > 0.1)
    rows |= CASA_MAP_LEGEND_LAMPS;
  return rows;
}

CasaMapLegend
casa_map_legend_measure(PangoContext *pango, const CasaMapBase *base, double w, double h)
{
  static const CasaMapLegendRows drop[] = { CASA_MAP_LEGEND_LAMPS, CASA_MAP_LEGEND_TRAFFIC, CASA_MAP_LEGEND_NOTE,
                                            CASA_MAP_LEGEND_NO_DATA, CASA_MAP_LEGEND_NUMBERS };
  CasaMapLegend legend = { .rows = rows_of(base) };
  double m = margin(base), max_w = MAX(w - 2 * m, 1), bottom = base->room.h > 0 ? base->room.y + base->room.h : h - m * 0.8;
  double left = base->room.h > 0 ? base->room.x + m : m;
  double right = base->room.h > 0 ? base->room.x + base->room.w - m : w - m;

  text_size(attribution(pango, base, max_w), &legend.attribution.w, &legend.attribution.h);
  legend.attribution.x = base->rtl ? right - legend.attribution.w : left;
  legend.attribution.y = bottom - legend.attribution.h;
  measure_box(pango, base, &legend);
  for (guint i = 0; i < G_N_ELEMENTS(drop) && (legend.box.h > h * 0.3 || legend.box.w > w * 0.6); i++) {
    legend.rows &= ~drop[i];
    measure_box(pango, base, &legend);
  }
  if (base->scale.title == NULL || legend.box.h > h * 0.4 || legend.box.w > w * 0.9)
    legend.box.w = legend.box.h = 0;
  legend.box.x = base->rtl ? right - legend.box.w : left;
  legend.box.y = legend.attribution.y - legend.box.h;
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
  double m = base->font_px * 0.5, w = MAX(legend->box.w, legend->attribution.w);
  double x = MIN(legend->box.x, legend->attribution.x);

  casa_map_rounded(cr, x - m, legend->box.y - m, w + 2 * m, legend->box.h + legend->attribution.h + 2 * m, m);
  casa_map_colour(cr, base->theme->panel, 0.88);
  cairo_fill(cr);
}

/* Paints @layout at the reading edge (or the far one), @inset from it, and frees it. */
static void
put(cairo_t *cr, const CasaMapBase *base, const CasaMapBox *box, PangoLayout *layout, gboolean far, double inset, double y,
    CasaRgb colour)
{
  double w, h;

  casa_map_text_size(layout, &w, &h);
  casa_map_text_show_halo(cr, layout, base->rtl != far ? box->x + box->w - w - inset : box->x + inset, y, colour,
                          base->theme->land, base->font_px * 0.12);
  g_object_unref(layout);
}

/* The x of share @t of the scale: mirrored for who reads from the right. */
static double
bar_x(const CasaMapBase *base, const CasaMapLegend *legend, double t)
{
  return legend->box.x + legend->box.w * (base->rtl ? 1 - t : t);
}

static void
paint_bar(cairo_t *cr, const CasaMapBase *base, const CasaMapLegend *legend, double y)
{
  for (guint i = 0; i < STEPS; i++) {
    double a = bar_x(base, legend, (double)i / STEPS), b = bar_x(base, legend, (double)(i + 1) / STEPS);

    casa_map_colour(cr, casa_map_ramp(base->theme, base->scale.ramp, (i + 0.5) / STEPS), 1);
    cairo_rectangle(cr, floor(MIN(a, b)), y, ceil(fabs(b - a)) + 0.5, legend->bar_h);
    cairo_fill(cr);
  }
  cairo_rectangle(cr, legend->box.x, y, legend->box.w, legend->bar_h);
  casa_map_colour(cr, base->theme->muted, 0.5);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
}

static void
paint_number(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend, double t, const char *text,
             double y, CasaRgb colour)
{
  g_autoptr(PangoLayout) layout = small(pango, base, 0, text);
  double w, h, x;

  casa_map_text_size(layout, &w, &h);
  x = CLAMP(bar_x(base, legend, t) - w / 2, legend->box.x, legend->box.x + legend->box.w - w);
  casa_map_text_show_halo(cr, layout, x, y, colour, base->theme->land, base->font_px * 0.12);
}

static void
paint_numbers(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend, double bar_y, double y)
{
  const CasaMapScale *scale = &base->scale;
  guint decimals = scale->max - scale->min < 5 ? 1 : 0;
  g_autofree char *min = casa_lang_number(scale->min, decimals), *max = casa_lang_number(scale->max, decimals);
  double t = (scale->limit - scale->min) / (scale->max - scale->min), x;

  if (!isfinite(t) || t < 0.25) /* a limit near the start takes the place of its number */
    t = isfinite(t) && t >= 0 ? t : NAN;
  if (!(t < 0.2))
    paint_number(cr, pango, base, legend, 0, min, y, base->theme->muted);
  paint_number(cr, pango, base, legend, 1, max, y, base->theme->muted);
  if (!isfinite(t) || t > 0.8)
    return;
  x = bar_x(base, legend, t);
  casa_map_colour(cr, base->theme->bad, 1);
  cairo_rectangle(cr, x - 1.5, bar_y - 3, 3, legend->bar_h + 6);
  cairo_fill(cr);
  paint_number(cr, pango, base, legend, t, scale->limit_name, y, casa_rgb_readable(base->theme->bad, base->theme->land, 4.5));
}

/* From slow to fast, as on the roads: colour and length of the grains. */
static void
paint_traffic(cairo_t *cr, const CasaMapBase *base, double x, double y, double w, double h)
{
  double u = casa_map_unit(base);

  for (double at = 0, on, off; at < w; at += on + off) {
    double v = at / w, from;

    casa_map_grain_lengths(v, &on, &off);
    on *= u;
    off *= u * 0.7;
    from = base->rtl ? x + w - at - MIN(on, w - at) : x + at;
    casa_map_colour(cr, casa_map_ramp(base->theme, CASA_MAP_RAMP_SPEED, v), 1);
    cairo_rectangle(cr, from, y + h / 2 - 2.2 * u, MIN(on, w - at), 4.4 * u);
    cairo_fill(cr);
  }
}

static void
paint_mark(cairo_t *cr, const CasaMapBase *base, CasaMapLegendRows row, double x, double y, double w, double h)
{
  if (row == CASA_MAP_LEGEND_TRAFFIC) {
    paint_traffic(cr, base, x, y, w - base->font_px * 0.5, h);
  } else if (row == CASA_MAP_LEGEND_LAMPS) {
    cairo_new_path(cr);
    cairo_arc(cr, x + w * 0.35, y + h / 2, MAX(casa_map_unit(base) * 2.2, 1.2), 0, 2 * G_PI);
    cairo_set_source_rgb(cr, 1, .80, .54);
    cairo_fill(cr);
  } else if (row == CASA_MAP_LEGEND_NO_DATA) {
    cairo_save(cr);
    cairo_rectangle(cr, x, y + h * 0.2, w - base->font_px * 0.5, h * 0.6);
    cairo_clip(cr);
    casa_map_hatch(cr, base);
    cairo_restore(cr);
  }
}

static double
paint_row(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend, CasaMapLegendRows row,
          double y)
{
  g_autofree char *text = row_text(base, row);
  double mark = row_mark(row) * base->font_px, x = base->rtl ? legend->box.x + legend->box.w - mark : legend->box.x;

  if ((legend->rows & row) == 0)
    return y;
  if (mark > 0)
    paint_mark(cr, base, row, base->rtl ? x + base->font_px * 0.5 : x, y, mark, legend->row_h - base->font_px * GAP);
  put(cr, base, &legend->box, small(pango, base, 0, text), FALSE, mark, y, base->theme->muted);
  return y + legend->row_h;
}

void
casa_map_legend_paint(cairo_t *cr, PangoContext *pango, const CasaMapBase *base, const CasaMapLegend *legend)
{
  const CasaTheme *theme = base->theme;
  double y = legend->box.y, bar_y;

  put(cr, base, &legend->attribution, attribution(pango, base, legend->attribution.w + 1), FALSE, 0, legend->attribution.y,
      theme->muted);
  if (legend->box.w <= 0)
    return;
  put(cr, base, &legend->box, title(pango, base), FALSE, 0, y, theme->ink);
  put(cr, base, &legend->box, small(pango, base, 0, base->scale.unit), TRUE, 0, y, theme->muted);
  y += legend->row_h;
  bar_y = y;
  paint_bar(cr, base, legend, y);
  y += legend->bar_h + base->font_px * GAP * 0.6;
  if (legend->rows & CASA_MAP_LEGEND_NUMBERS) {
    paint_numbers(cr, pango, base, legend, bar_y, y);
    y += legend->row_h;
  }
  y = paint_row(cr, pango, base, legend, CASA_MAP_LEGEND_NOTE, y);
  y = paint_row(cr, pango, base, legend, CASA_MAP_LEGEND_NO_DATA, y);
  y = paint_row(cr, pango, base, legend, CASA_MAP_LEGEND_TRAFFIC, y);
  paint_row(cr, pango, base, legend, CASA_MAP_LEGEND_LAMPS, y);
}
