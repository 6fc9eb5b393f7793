/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-export.h"
#include "base/clock.h"
#include "base/error.h"
#include "ui/text/lang.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define WIDTH 1280
#define HEAD 56
#define CHART 220
#define TITLE 26
#define FOOT 34
#define MARGIN 24

/* --- A table --- */

/* RFC 4180: quoted where it must be; what a spreadsheet would take for a formula is quoted with an apostrophe. */
static void
append_field(GString *csv, const char *text)
{
  const gboolean formula = *text && strchr("=+-@\t\r", *text);

  if (!formula && !strpbrk(text, ",\"\r\n")) {
    g_string_append(csv, text);
    return;
  }
  g_string_append(csv, formula ? "\"'" : "\"");
  for (; *text; text++) {
    if (*text == '"')
      g_string_append_c(csv, '"');
    g_string_append_c(csv, *text);
  }
  g_string_append_c(csv, '"');
}

static void
append_number(GString *csv, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c(csv, ',');
  if (isfinite(value))
    g_string_append(csv, g_ascii_formatd(text, sizeof text, "%.6g", value));
}

static void
append_curve(GString *csv, CasaExploreCurve *curve, gint64 from_ms, gint64 to_ms)
{
  const CasaColumns *columns = casa_explore_curve_columns(curve);
  g_auto(GStrv) path = g_strsplit(casa_explore_curve_path(curve), "/", 4);

  for (guint i = 0; columns && i < columns->n; i++) {
    const CasaTimeColumn *c = &columns->columns[i];
    const gint64 t = columns->from_ms + (gint64)i * columns->width_ms;
    char time[32];
    if (c->n == 0 || t + columns->width_ms <= from_ms || t >= to_ms)
      continue;
    g_string_append(csv, casa_time_format(t, time));
    for (guint k = 0; k < 4; k++) {
      g_string_append_c(csv, ',');
      append_field(csv, path[k]);
    }
    g_string_append_c(csv, ',');
    append_field(csv, casa_explore_curve_unit(curve));
    append_number(csv, c->mean);
    append_number(csv, c->min);
    append_number(csv, c->max);
    g_string_append_printf(csv, ",%u,%" G_GINT64_FORMAT ",%s\n", c->n, columns->width_ms,
                           casa_explore_curve_is_simulated(curve) ? "simulated" : "real");
  }
}

static gboolean
write_csv(const GPtrArray *curves, CasaViewport *viewport, const char *path, GError **error)
{
  g_autoptr(GString) csv = g_string_new("time,source,domain,station,metric,unit,mean,min,max,samples,column_ms,provenance\n");
  gint64 from, to;

  casa_viewport_range(viewport, &from, &to);
  for (guint i = 0; i < curves->len; i++)
    append_curve(csv, curves->pdata[i], from, to);
  return g_file_set_contents(path, csv->str, (gssize)csv->len, error);
}

/* --- A picture --- */

static void
text(const CasaDesk *desk, cairo_t *cr, PangoContext *pango, double px, gboolean strong, const char *words, double x,
     double middle, CasaRgb colour)
{
  const CasaChartType type = { pango, desk->font, px, strong };

  casa_chart_text_draw(cr, &type, words, x, middle, WIDTH - x - MARGIN, colour, NULL);
}

static void
paint_curve(const CasaDesk *desk, cairo_t *cr, PangoContext *pango, CasaExploreCurve *curve, double y)
{
  CasaChartPicture picture = *casa_chart_picture(casa_explore_curve_chart(curve));
  g_autofree char *title = casa_explore_curve_title(curve);
  const gboolean simulated = casa_explore_curve_is_simulated(curve);
  g_autofree char *head = g_strdup_printf("%s  %s   %s %s", title, casa_explore_curve_unit(curve), simulated ? "◆" : "■",
                                          simulated ? _("simulé") : _("capteur réel"));

  text(desk, cr, pango, 15, TRUE, head, MARGIN, y + TITLE / 2.0, desk->theme->ink);
  picture.left_px = 56;
  picture.right_px = 90;
  cairo_save(cr);
  cairo_translate(cr, MARGIN, y + TITLE);
  casa_chart_paint(cr, pango, WIDTH - 2 * MARGIN, CHART, &picture);
  cairo_restore(cr);
}

static void
paint(const CasaDesk *desk, cairo_t *cr, PangoContext *pango, const GPtrArray *curves, CasaViewport *viewport, double height)
{
  const CasaRgb ground = desk->theme->panel;
  g_autoptr(GString) sources = g_string_new(NULL);
  gint64 from, to;
  char begin[32], end[32];

  casa_viewport_range(viewport, &from, &to);
  cairo_set_source_rgb(cr, ground.r, ground.g, ground.b);
  cairo_paint(cr);
  g_autofree char *date = casa_lang_date(from), *until = casa_lang_date(to), *clock = casa_lang_clock(from, FALSE),
                  *clock_until = casa_lang_clock(to, FALSE);
  g_autofree char *span = g_strdup_printf("%s %s → %s %s", date, clock, until, clock_until);
  text(desk, cr, pango, 22, TRUE, "Casa Pulse", MARGIN, HEAD / 2.0, desk->theme->ink);
  text(desk, cr, pango, 16, FALSE, span, MARGIN + 150, HEAD / 2.0, desk->theme->muted);
  for (guint i = 0; i < curves->len; i++) {
    paint_curve(desk, cr, pango, curves->pdata[i], HEAD + i * (TITLE + CHART));
    g_string_append_printf(sources, "%s%s", i ? " · " : "", casa_explore_curve_path(curves->pdata[i]));
  }
  /* TR: below a picture that was saved: begin and end as UTC times, and the series */
  g_autofree char *foot =
    g_strdup_printf(_("Source : %s · %s à %s (UTC)"), sources->str, casa_time_format(from, begin), casa_time_format(to, end));
  text(desk, cr, pango, 13, FALSE, foot, MARGIN, height - FOOT / 2.0, desk->theme->muted);
}

static cairo_surface_t *
surface_for(const char *path, double height)
{
  if (g_str_has_suffix(path, ".svg"))
    return cairo_svg_surface_create(path, WIDTH, height);
  if (g_str_has_suffix(path, ".pdf"))
    return cairo_pdf_surface_create(path, WIDTH, height);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 2 * WIDTH, (int)(2 * height));
  cairo_surface_set_device_scale(surface, 2, 2);
  return surface;
}

static gboolean
write_picture(const CasaDesk *desk, const GPtrArray *curves, CasaViewport *viewport, const char *path, GError **error)
{
  const double height = HEAD + FOOT + MAX(curves->len, 1) * (TITLE + CHART);
  cairo_surface_t *surface = surface_for(path, height);
  cairo_t *cr = cairo_create(surface);
  PangoContext *pango = pango_cairo_create_context(cr);

  paint(desk, cr, pango, curves, viewport, height);
  cairo_status_t status = cairo_status(cr);
  g_object_unref(pango);
  cairo_destroy(cr);
  if (status == CAIRO_STATUS_SUCCESS && g_str_has_suffix(path, ".png"))
    status = cairo_surface_write_to_png(surface, path);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "cannot write the picture %s: %s; check that the folder exists and is writable",
              path, cairo_status_to_string(status));
  return FALSE;
}

gboolean
casa_explore_export(const CasaDesk *desk, const GPtrArray *curves, CasaViewport *viewport, const char *path, GError **error)
{
  if (g_str_has_suffix(path, ".csv"))
    return write_csv(curves, viewport, path, error);
  return write_picture(desk, curves, viewport, path, error);
}
