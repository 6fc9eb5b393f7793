/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-text.h"
#include <math.h>
#include <pango/pangocairo.h>

CasaRgb
casa_chart_colour(CasaRgb colour, CasaRgb ground, double least)
{
  return casa_rgb_contrast(colour, ground) >= least ? colour : casa_rgb_readable(colour, ground, least);
}

static PangoLayout *
make_layout(const CasaChartType *type, const char *text, double px)
{
  PangoLayout *layout = pango_layout_new(type->pango);
  PangoFontDescription *font = pango_font_description_from_string(type->font != NULL ? type->font : "Inter, sans-serif");
  pango_font_description_set_absolute_size(font, MAX(px, 1) * PANGO_SCALE);
  pango_font_description_set_weight(font, type->strong ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  PangoAttrList *attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum"));
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

static void
layout_size(PangoLayout *layout, double *width, double *height)
{
  PangoRectangle logical;
  pango_layout_get_extents(layout, NULL, &logical);
  *width = (double)logical.width / PANGO_SCALE;
  *height = (double)logical.height / PANGO_SCALE;
}

void
casa_chart_text_measure(const CasaChartType *type, const char *text, double *width, double *height)
{
  g_autoptr(PangoLayout) layout = make_layout(type, text, type->px);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  layout_size(layout, width, height);
}

static void
set_colour(cairo_t *cr, CasaRgb colour)
{
  cairo_set_source_rgb(cr, colour.r, colour.g, colour.b);
}

void
casa_chart_text_draw(cairo_t *cr, const CasaChartType *type, const char *text, double x, double middle, double max_width,
                     CasaRgb colour, const CasaRgb *halo)
{
  g_autoptr(PangoLayout) layout = make_layout(type, text, type->px);
  double width, height;
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  layout_size(layout, &width, &height);
  if (width > max_width) {
    g_debug("chart: cut: \"%s\", %.0f of %.0f px", text, max_width, width);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout, (gint)(MAX(max_width, 1) * PANGO_SCALE));
  }
  cairo_move_to(cr, x, middle - height / 2);
  if (halo != NULL) {
    cairo_save(cr);
    pango_cairo_layout_path(cr, layout);
    set_colour(cr, *halo);
    cairo_set_line_width(cr, MAX(2, type->px / 7));
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
    cairo_restore(cr);
    cairo_move_to(cr, x, middle - height / 2);
  }
  set_colour(cr, colour);
  pango_cairo_show_layout(cr, layout);
}

void
casa_chart_text_draw_centred(cairo_t *cr, const CasaChartType *type, const char *text, double x, double y, double width,
                             double height, CasaRgb colour)
{
  for (double px = type->px; px >= 5; px *= 0.85) {
    g_autoptr(PangoLayout) layout = make_layout(type, text, px);
    double used_width, used_height;
    pango_layout_set_width(layout, (gint)(MAX(width, 1) * PANGO_SCALE));
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    layout_size(layout, &used_width, &used_height);
    if (used_width > width || used_height > height)
      continue;
    cairo_move_to(cr, x, y + (height - used_height) / 2);
    set_colour(cr, colour);
    pango_cairo_show_layout(cr, layout);
    return;
  }
}
