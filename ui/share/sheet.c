/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/share/sheet.h"
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
#define TITLE 26
#define FOOT 34
#define MARGIN 24
#define SCALE 2 /* pixels a unit */
#define FONT_PX 13
#define LINE_PX 2

static void
picture_clear(gpointer data)
{
  g_free(((CasaSheetPicture *)data)->head);
}

CasaSheet *
casa_sheet_new(const CasaTheme *theme, const char *font, const char *title, const char *source, gint64 from_ms, gint64 to_ms)
{
  CasaSheet *self = g_new0(CasaSheet, 1);

  *self = (CasaSheet){ .theme = theme,
                       .font = font,
                       .title = g_strdup(title),
                       .source = g_strdup(source),
                       .from_ms = from_ms,
                       .to_ms = to_ms,
                       .pictures = g_array_new(FALSE, FALSE, sizeof(CasaSheetPicture)),
                       .data = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev),
                       .table = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev) };
  g_array_set_clear_func(self->pictures, picture_clear);
  return self;
}

void
casa_sheet_free(CasaSheet *self)
{
  if (!self)
    return;
  g_array_unref(self->pictures);
  g_ptr_array_unref(self->data);
  g_ptr_array_unref(self->table);
  g_free(self->title);
  g_free(self->source);
  g_free(self);
}

void
casa_sheet_add(CasaSheet *self, const char *head, double height, CasaPlotPaint paint, gpointer data)
{
  const CasaSheetPicture picture = { g_strdup(head), height, paint, data };

  g_array_append_val(self->pictures, picture);
}

static void
paint_chart(const CasaPlot *plot, gpointer data)
{
  CasaChartPicture picture = *casa_chart_picture(data);

  picture.font_px = plot->font_px;
  picture.line_px = LINE_PX;
  picture.show_values = TRUE;
  picture.left_px = 56;
  picture.right_px = 110;
  casa_chart_paint(plot->cr, plot->pango, plot->width, plot->height, &picture);
}

void
casa_sheet_add_chart(CasaSheet *self, const char *head, double height, CasaChart *chart)
{
  casa_sheet_add(self, head, height, paint_chart, chart);
}

void
casa_sheet_row(GPtrArray *rows, ...)
{
  GPtrArray *row = g_ptr_array_new();
  va_list texts;
  const char *text;

  va_start(texts, rows);
  while ((text = va_arg(texts, const char *)))
    g_ptr_array_add(row, g_strdup(text));
  va_end(texts);
  g_ptr_array_add(row, NULL);
  g_ptr_array_add(rows, g_ptr_array_free(row, FALSE));
}

char *
casa_sheet_number(double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup(isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.6g", value) : "");
}

/* --- Where it comes from --- */

char *
casa_sheet_provenance(CasaProvenance from)
{
  GString *text = g_string_new(from & CASA_FROM_SIMULATOR ? "simulated" : "real");

  if (from & CASA_FROM_REPLAY)
    g_string_append(text, "+replay");
  if (from & CASA_FROM_ESTIMATE)
    g_string_append(text, "+estimate");
  return g_string_free(text, FALSE);
}

char *
casa_sheet_provenance_words(CasaProvenance from)
{
  const gboolean simulated = from & CASA_FROM_SIMULATOR;
  GString *text = g_string_new(NULL);

  g_string_append_printf(text, "%s %s", simulated ? "◆" : "■", simulated ? _("simulé") : _("capteur réel"));
  if (from & CASA_FROM_REPLAY)
    /* TR: of a chart that was taken along: the past was being played again */
    g_string_append_printf(text, " · %s", _("rejeu"));
  if (from & CASA_FROM_ESTIMATE)
    /* TR: of a chart that was taken along: some of it is interpolated */
    g_string_append_printf(text, " · %s", _("en partie interpolé"));
  return g_string_free(text, FALSE);
}

/* --- A table for programs --- */

static gboolean
is_number(const char *text)
{
  char *end;

  g_ascii_strtod(text, &end);
  return end != text && *end == 0;
}

static void
append_field(GString *csv, const char *text)
{
  const gboolean formula = *text && strchr("=+-@\t\r", *text) && !is_number(text);

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

char *
casa_sheet_csv(const CasaSheet *self)
{
  GString *csv = g_string_new(NULL);

  for (guint i = 0; i < self->data->len; i++) {
    const GStrv row = self->data->pdata[i];
    for (guint k = 0; row[k]; k++) {
      if (k)
        g_string_append_c(csv, ',');
      append_field(csv, row[k]);
    }
    g_string_append_c(csv, '\n');
  }
  return g_string_free(csv, FALSE);
}

static gboolean
write_csv(const CasaSheet *self, const char *path, GError **error)
{
  g_autofree char *csv = casa_sheet_csv(self);
  g_autoptr(GError) why = NULL;

  if (g_file_set_contents(path, csv, -1, &why))
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "cannot write the table %s: %s; check that the folder exists and is writable",
              path, why->message);
  return FALSE;
}

/* --- A picture --- */

static double
height_of(const CasaSheet *self)
{
  double height = HEAD + FOOT;

  for (guint i = 0; i < self->pictures->len; i++)
    height += TITLE + g_array_index(self->pictures, CasaSheetPicture, i).height;
  return height;
}

static double
text(const CasaPlot *page, double px, gboolean strong, const char *words, double x, double middle, CasaRgb colour)
{
  const CasaChartType type = { page->pango, page->font, px, strong };
  const CasaPlot sized = { .pango = page->pango, .font = page->font, .font_px = px };

  casa_chart_text_draw(page->cr, &type, words, x, middle, WIDTH - x - MARGIN, colour, NULL);
  return casa_plot_text_width(&sized, words, strong);
}

static void
paint_picture(const CasaPlot *page, const CasaSheetPicture *picture, double y)
{
  CasaPlot plot = *page;

  text(page, 15, TRUE, picture->head, MARGIN, y + TITLE / 2.0, page->theme->ink);
  plot.width = WIDTH - 2 * MARGIN;
  plot.height = picture->height;
  cairo_save(page->cr);
  cairo_translate(page->cr, MARGIN, y + TITLE);
  picture->paint(&plot, picture->data);
  cairo_restore(page->cr);
}

static void
paint_head(const CasaSheet *self, const CasaPlot *page)
{
  g_autofree char *date = casa_lang_date(self->from_ms), *until = casa_lang_date(self->to_ms),
                  *clock = casa_lang_clock(self->from_ms, FALSE), *clock_until = casa_lang_clock(self->to_ms, FALSE);
  g_autofree char *span = self->to_ms > self->from_ms
                            ? g_strdup_printf("%s · %s %s → %s %s", self->title, date, clock, until, clock_until)
                            : g_strdup_printf("%s · %s %s", self->title, date, clock);
  const double width = text(page, 22, TRUE, "Casa Pulse", MARGIN, HEAD / 2.0, page->theme->ink);

  text(page, 16, FALSE, span, MARGIN + width + 20, HEAD / 2.0, page->theme->muted);
}

static void
paint(const CasaSheet *self, cairo_t *cr, PangoContext *pango)
{
  const CasaRgb ground = self->theme->panel;
  const double height = height_of(self);
  const CasaPlot page = {
    .cr = cr, .pango = pango, .theme = self->theme, .font = self->font, .font_px = FONT_PX, .width = WIDTH, .height = height
  };
  double y = HEAD;
  char begin[32], end[32];

  cairo_set_source_rgb(cr, ground.r, ground.g, ground.b);
  cairo_paint(cr);
  paint_head(self, &page);
  for (guint i = 0; i < self->pictures->len; i++) {
    const CasaSheetPicture *picture = &g_array_index(self->pictures, CasaSheetPicture, i);
    paint_picture(&page, picture, y);
    y += TITLE + picture->height;
  }
  /* TR: below a picture that was saved: begin and end as UTC times, and the series */
  g_autofree char *foot = g_strdup_printf(_("Source : %s · %s à %s (UTC)"), self->source,
                                          casa_time_format(self->from_ms, begin), casa_time_format(self->to_ms, end));
  text(&page, FONT_PX, FALSE, foot, MARGIN, height - FOOT / 2.0, page.theme->muted);
}

static cairo_status_t
draw(const CasaSheet *self, cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create(surface);
  PangoContext *pango = pango_cairo_create_context(cr);

  paint(self, cr, pango);
  const cairo_status_t status = cairo_status(cr);
  g_object_unref(pango);
  cairo_destroy(cr);
  return status;
}

static cairo_surface_t *
image_for(const CasaSheet *self)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SCALE * WIDTH, (int)ceil(SCALE * height_of(self)));

  cairo_surface_set_device_scale(surface, SCALE, SCALE);
  return surface;
}

static cairo_surface_t *
surface_for(const CasaSheet *self, const char *path)
{
  if (g_str_has_suffix(path, ".svg"))
    return cairo_svg_surface_create(path, WIDTH, height_of(self));
  if (g_str_has_suffix(path, ".pdf"))
    return cairo_pdf_surface_create(path, WIDTH, height_of(self));
  return image_for(self);
}

static gboolean
write_picture(const CasaSheet *self, const char *path, GError **error)
{
  cairo_surface_t *surface = surface_for(self, path);
  cairo_status_t status = draw(self, surface);

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
casa_sheet_write(const CasaSheet *self, const char *path, GError **error)
{
  if (g_str_has_suffix(path, ".csv"))
    return write_csv(self, path, error);
  return write_picture(self, path, error);
}

GdkTexture *
casa_sheet_texture(const CasaSheet *self)
{
  cairo_surface_t *surface = image_for(self);

  draw(self, surface);
  cairo_surface_flush(surface);
  const gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  g_autoptr(GBytes) bytes = g_bytes_new(cairo_image_surface_get_data(surface), stride * (gsize)height);
  cairo_surface_destroy(surface);
  return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}
