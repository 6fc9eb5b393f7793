/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-cursor.h"
#include "ui/chart/chart-readout.h"
#include "ui/text/lang.h"
#include <math.h>

static void
draw_dots(cairo_t *cr, const CasaChartLayout *layout, const CasaChartPicture *picture, gint64 t_ms)
{
  const CasaRgb ground = picture->theme->panel;
  const double r = MAX(3, picture->line_px * 1.4);
  for (guint i = picture->n_lines; i > 0; i--) {
    const CasaChartLine *line = &picture->lines[i - 1];
    const CasaChartReading reading = casa_chart_reading_at(picture, line, t_ms);
    if (!reading.known)
      continue;
    const double x = casa_chart_layout_x(layout, reading.t_ms), y = casa_chart_layout_y(layout, reading.value);
    cairo_set_source_rgb(cr, ground.r, ground.g, ground.b);
    cairo_arc(cr, x, y, r + 1.5, 0, 2 * G_PI);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, line->colour.r, line->colour.g, line->colour.b);
    cairo_arc(cr, x, y, r, 0, 2 * G_PI);
    if (line->behind) {
      cairo_set_line_width(cr, 1.5);
      cairo_stroke(cr);
    } else {
      cairo_fill(cr);
    }
  }
}

/* A plate of ink with the time in the colour of the ground. */
static void
draw_time(cairo_t *cr, const CasaChartType *type, const CasaChartLayout *layout, const CasaChartPicture *picture, double x,
          gint64 t_ms)
{
  g_autofree char *clock = casa_lang_clock(t_ms, TRUE);
  const CasaRgb ink = picture->theme->ink;
  double width, height;
  casa_chart_text_measure(type, clock, &width, &height);
  const double pad = type->px * 0.3, plate = width + 2 * pad, middle = layout->height - height / 2;
  const double left = CLAMP(x - plate / 2, 0, MAX(0, layout->width - plate));
  if (layout->height - layout->y - layout->h < height * 0.8)
    return; /* no room below the plot */
  cairo_set_source_rgb(cr, ink.r, ink.g, ink.b);
  cairo_rectangle(cr, left, layout->height - height, plate, height);
  cairo_fill(cr);
  casa_chart_text_draw(cr, type, clock, left + pad, middle, width + 1, picture->theme->panel, NULL);
}

/* Ends where the plot does; where it is longer than that, it reaches to the end of the picture. */
static void
draw_top_right(cairo_t *cr, const CasaChartType *type, const CasaChartLayout *layout, const CasaChartPicture *picture,
               const char *text)
{
  double width, height;
  casa_chart_text_measure(type, text, &width, &height);
  const double room = MIN(width + 1, layout->width),
               left = MAX(layout->x + layout->w - room, MIN(layout->width - room, layout->x));
  const CasaRgb ground = picture->theme->panel;
  cairo_set_source_rgb(cr, ground.r, ground.g, ground.b); /* where it reaches over the unit */
  cairo_rectangle(cr, left - type->px * 0.2, 0, room + type->px * 0.2, height);
  cairo_fill(cr);
  casa_chart_text_draw(cr, type, text, left, height / 2, room, picture->theme->ink, &picture->theme->panel);
}

static void
draw_readout(cairo_t *cr, const CasaChartType *type, const CasaChartLayout *layout, const CasaChartPicture *picture,
             gint64 t_ms)
{
  g_autofree char *text = casa_chart_readout(picture, t_ms);
  draw_top_right(cr, type, layout, picture, text);
}

/* The layout's own types may have outlived their font's name. */
static CasaChartType
type_now(PangoContext *pango, const CasaChartPicture *picture)
{
  return (CasaChartType){ pango, picture->font, picture->font_px > 0 ? picture->font_px : 14, TRUE };
}

void
casa_chart_cursor_draw_statistics(cairo_t *cr, PangoContext *pango, const CasaChartLayout *layout,
                                  const CasaChartPicture *picture)
{
  const CasaChartType type = type_now(pango, picture);
  g_autofree char *text = casa_chart_statistics(picture);
  if (text != NULL && layout->y >= layout->text_height)
    draw_top_right(cr, &type, layout, picture, text);
}

void
casa_chart_cursor_draw(cairo_t *cr, PangoContext *pango, const CasaChartLayout *layout, const CasaChartPicture *picture,
                       gint64 t_ms, gboolean pinned)
{
  const CasaChartType type = type_now(pango, picture);
  const CasaRgb ink = picture->theme->ink;
  if (t_ms < layout->from_ms || t_ms > layout->to_ms || layout->empty)
    return;
  const double x = casa_chart_layout_x(layout, t_ms), thickness = pinned ? 2 : 1;
  cairo_set_source_rgb(cr, ink.r, ink.g, ink.b);
  cairo_rectangle(cr, round(x - thickness / 2), layout->y, thickness, layout->h);
  cairo_fill(cr);
  draw_dots(cr, layout, picture, t_ms);
  draw_time(cr, &type, layout, picture, x, t_ms);
  if (!picture->readout_elsewhere)
    draw_readout(cr, &type, layout, picture, t_ms);
}
