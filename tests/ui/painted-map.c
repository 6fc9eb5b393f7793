/* SPDX-License-Identifier: Apache-2.0 */
#include "painted-map.h"
#include "ui/text/lang.h"
#include <math.h>

void
painted_map_init(PaintedMap *p, const CasaCity *city, const char *theme, const char *lang, int w, int h, double em)
{
  casa_lang_set(lang);
  *p = (PaintedMap){ .w = w, .h = h };
  p->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
  p->cr = cairo_create(p->surface);
  p->pango = pango_cairo_create_context(p->cr);
  for (guint i = 0; i < 32; i++)
    p->districts[i] = (CasaMapDistrict){ (i * 37 % 100) * 1.9, 1 };
  p->base = (CasaMapBase){
    .city = city,
    .theme = casa_theme_get(theme),
    .font = "Inter",
    .font_px = em,
    .districts = p->districts,
    .scale = { "PM10 par arrondissement", "µg/m³", "moyenne 1 h · 10 stations", CASA_MAP_RAMP_DUST, 0, 200, NAN, NULL, 0 },
    .attribution = _("© contributeurs OpenStreetMap"),
    .rtl = casa_lang_rtl(),
  };
}

void
painted_map_base(PaintedMap *p)
{
  p->view = casa_map_view_for(p->pango, &p->base, p->w, p->h, 1, NULL);
  casa_map_paint_base(p->cr, p->pango, &p->view, &p->base);
}

void
painted_map_signs(PaintedMap *p, const CasaMapBadge *badges, guint n)
{
  casa_map_paint_signs(p->cr, p->pango, &p->view, &p->base, badges, n);
}

void
painted_map_clear(PaintedMap *p)
{
  g_object_unref(p->pango);
  cairo_destroy(p->cr);
  cairo_surface_destroy(p->surface);
  casa_lang_set("fr");
}

void
painted_map_keep(PaintedMap *p, const char *name)
{
  g_autofree char *path = g_test_build_filename(G_TEST_BUILT, name, NULL);

  g_assert_cmpint(cairo_surface_write_to_png(p->surface, path), ==, CAIRO_STATUS_SUCCESS);
}

static guint32
pixel(PaintedMap *p, int x, int y)
{
  const guint8 *data;

  g_assert_true(x >= 0 && y >= 0 && x < p->w && y < p->h);
  cairo_surface_flush(p->surface);
  data = cairo_image_surface_get_data(p->surface) + y * cairo_image_surface_get_stride(p->surface) + x * 4;
  return *(const guint32 *)(gconstpointer)data & 0xffffff;
}

static guint32
rgb24(CasaRgb c)
{
  return (guint32)lround(c.r * 255) << 16 | (guint32)lround(c.g * 255) << 8 | (guint32)lround(c.b * 255);
}

static gboolean
close_to(guint32 a, guint32 b, int tolerance)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (ABS((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > tolerance)
      return FALSE;
  return TRUE;
}

double
painted_map_share(PaintedMap *p, const CasaMapBox *box, CasaRgb colour, int tolerance)
{
  guint hit = 0, all = 0;

  for (int y = (int)box->y; y < box->y + box->h; y++)
    for (int x = (int)box->x; x < box->x + box->w; x++, all++)
      hit += close_to(pixel(p, x, y), rgb24(colour), tolerance);
  return (double)hit / MAX(all, 1);
}

CasaMapBox
painted_map_around(PaintedMap *p, CasaLonLat at, double r)
{
  double x, y;

  casa_map_project(&p->view, at, &x, &y);
  return (CasaMapBox){ x - r, y - r, 2 * r, 2 * r };
}
