/* SPDX-License-Identifier: Apache-2.0 */
#include "chart-picture.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

void
picture_init(Picture *p, gint width, gint height, double scale, const char *theme)
{
  *p = (Picture){ .width = width, .height = height, .scale = scale };
  p->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (gint)(width * scale), (gint)(height * scale));
  cairo_surface_set_device_scale(p->surface, scale, scale);
  p->cr = cairo_create(p->surface);
  p->pango = pango_cairo_create_context(p->cr);
  p->chart = (CasaChartPicture){
    .from_ms = NOW - 24 * HOUR,
    .to_ms = NOW + 3 * HOUR,
    .now_ms = NOW,
    .gap_ms = HOUR / 2,
    .zero_based = TRUE,
    .theme = casa_theme_get(theme),
    .font = "Inter, sans-serif",
    .font_px = 16,
    .line_px = 3,
    .empty_text = "Aucune mesure depuis 24 h",
  };
}

void
picture_clear(Picture *p)
{
  for (guint i = 0; i < G_N_ELEMENTS(p->series); i++)
    casa_pyramid_free(p->series[i]);
  g_object_unref(p->pango);
  cairo_destroy(p->cr);
  cairo_surface_destroy(p->surface);
  casa_lang_set("fr");
}

void
add_line(Picture *p, const char *name, CasaRgb colour, double base, double swing, gint64 step_ms)
{
  const guint i = p->chart.n_lines++;
  p->series[i] = casa_pyramid_new(1 << 20);
  for (gint64 t = p->chart.from_ms; t <= NOW; t += step_ms) {
    const double hour = (double)(t - p->chart.from_ms) / HOUR;
    if (hour <= 3 || hour >= 5)
      casa_pyramid_add(p->series[i], t, base + swing * sin(hour / 3));
  }
  p->chart.lines[i] = (CasaChartLine){ .data = p->series[i], .name = name, .colour = colour };
}

CasaChartLayout
paint(Picture *p)
{
  CasaChartLayout layout;
  const CasaRgb panel = p->chart.theme->panel;
  cairo_set_source_rgb(p->cr, panel.r, panel.g, panel.b);
  cairo_paint(p->cr);
  casa_chart_paint(p->cr, p->pango, p->width, p->height, &p->chart);
  cairo_surface_flush(p->surface);
  casa_chart_layout_init(&layout, p->pango, p->width, p->height, p->scale, &p->chart);
  return layout;
}

void
keep(Picture *p, const char *name)
{
  g_autofree char *path = g_test_build_filename(G_TEST_BUILT, name, NULL);
  g_assert_cmpint(cairo_surface_write_to_png(p->surface, path), ==, CAIRO_STATUS_SUCCESS);
}

static CasaRgb
colour_at(Picture *p, gint x, gint y)
{
  const guchar *data = cairo_image_surface_get_data(p->surface);
  const guchar *at = data + (gsize)y * (gsize)cairo_image_surface_get_stride(p->surface) + 4 * (gsize)x;
  guint32 pixel;
  memcpy(&pixel, at, sizeof pixel);
  return (CasaRgb){ (pixel >> 16 & 0xff) / 255.0, (pixel >> 8 & 0xff) / 255.0, (pixel & 0xff) / 255.0 };
}

double
distance(Picture *p, gint x, gint y, CasaRgb c)
{
  const CasaRgb at = colour_at(p, x, y);
  return MAX(fabs(at.r - c.r), MAX(fabs(at.g - c.g), fabs(at.b - c.b)));
}

double
strongest(Picture *p, gint left, gint top, gint right, gint bottom)
{
  double most = 1;
  for (gint y = MAX(0, top); y < MIN(bottom, cairo_image_surface_get_height(p->surface)); y++)
    for (gint x = MAX(0, left); x < MIN(right, cairo_image_surface_get_width(p->surface)); x++)
      most = MAX(most, casa_rgb_contrast(colour_at(p, x, y), p->chart.theme->panel));
  return most;
}

guint
count_colour(Picture *p, CasaRgb colour, gint left, gint top, gint right, gint bottom)
{
  guint n = 0;
  for (gint y = MAX(0, top); y < MIN(bottom, cairo_image_surface_get_height(p->surface)); y++)
    for (gint x = MAX(0, left); x < MIN(right, cairo_image_surface_get_width(p->surface)); x++)
      n += distance(p, x, y, colour) < 0.06 ? 1 : 0;
  return n;
}
