/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-text.h"
#include "ui/text/lang.h"

PangoLayout *
casa_map_text(PangoContext *pango, const char *font, double px, PangoWeight weight, double max_w, const char *text)
{
  PangoLayout *layout;
  PangoFontDescription *description = pango_font_description_new();
  PangoAttrList *attributes = pango_attr_list_new();
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);

  /* The language decides, not the first letter: "PM10 …" in Arabic still begins at the right. */
  pango_context_set_base_dir(pango, casa_lang_rtl() ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  layout = pango_layout_new(pango);
  pango_layout_set_auto_dir(layout, FALSE);
  pango_font_description_set_family(description, font != NULL ? font : "Sans");
  pango_font_description_set_weight(description, weight);
  pango_font_description_set_absolute_size(description, px * PANGO_SCALE);
  pango_layout_set_font_description(layout, description);
  pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum"));
  pango_layout_set_attributes(layout, attributes);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_text(layout, valid, -1);
  if (max_w > 0) {
    int w;

    pango_layout_get_size(layout, &w, NULL);
    if (w > max_w * PANGO_SCALE) {
      pango_layout_set_width(layout, (int)(max_w * PANGO_SCALE));
      pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
  }
  pango_attr_list_unref(attributes);
  pango_font_description_free(description);
  return layout;
}

void
casa_map_text_size(PangoLayout *layout, double *w, double *h)
{
  PangoRectangle logical;

  pango_layout_get_extents(layout, NULL, &logical);
  *w = (double)logical.width / PANGO_SCALE;
  *h = (double)logical.height / PANGO_SCALE;
}

/* A shortened right-to-left line stands at the right of its width: its own box begins at logical.x. */
static void
move_to(cairo_t *cr, PangoLayout *layout, double x, double y)
{
  PangoRectangle logical;

  pango_layout_get_extents(layout, NULL, &logical);
  cairo_move_to(cr, x - (double)logical.x / PANGO_SCALE, y - (double)logical.y / PANGO_SCALE);
}

void
casa_map_text_show(cairo_t *cr, PangoLayout *layout, double x, double y, CasaRgb colour)
{
  casa_map_colour(cr, colour, 1);
  move_to(cr, layout, x, y);
  pango_cairo_show_layout(cr, layout);
}

void
casa_map_text_show_halo(cairo_t *cr, PangoLayout *layout, double x, double y, CasaRgb colour, CasaRgb halo, double halo_px)
{
  cairo_new_path(cr);
  move_to(cr, layout, x, y);
  pango_cairo_layout_path(cr, layout);
  casa_map_colour(cr, halo, 0.75);
  cairo_set_line_width(cr, halo_px * 2);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cr);
  casa_map_text_show(cr, layout, x, y, colour);
}

void
casa_map_rounded(cairo_t *cr, double x, double y, double w, double h, double radius)
{
  double r = MIN(radius, MIN(w, h) / 2);

  cairo_new_sub_path(cr);
  cairo_arc(cr, x + w - r, y + r, r, -G_PI_2, 0);
  cairo_arc(cr, x + w - r, y + h - r, r, 0, G_PI_2);
  cairo_arc(cr, x + r, y + h - r, r, G_PI_2, G_PI);
  cairo_arc(cr, x + r, y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}

void
casa_map_colour(cairo_t *cr, CasaRgb colour, double alpha)
{
  cairo_set_source_rgba(cr, colour.r, colour.g, colour.b, alpha);
}

CasaRgb
casa_map_rgb(guint32 rgb)
{
  return (CasaRgb){ (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0 };
}
