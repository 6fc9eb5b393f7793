/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/screenshot.h"
#include "base/error.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>

enum { PATIENCE_US = 2 * G_USEC_PER_SEC };

static cairo_surface_t *
surface_for(const char *path, int width, int height)
{
  if (g_str_has_suffix(path, ".svg"))
    return cairo_svg_surface_create(path, width, height);
  if (g_str_has_suffix(path, ".pdf"))
    return cairo_pdf_surface_create(path, width, height);
  return cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
}

static GskRenderNode *
node_of(GtkWidget *widget, int width, int height)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
  GtkSnapshot *snapshot = gtk_snapshot_new();

  gdk_paintable_snapshot(paintable, GDK_SNAPSHOT(snapshot), width, height);
  return gtk_snapshot_free_to_node(snapshot);
}

/* GTK draws nothing of a widget whose new layout is pending, and any label that has changed asks for one. */
static GskRenderNode *
node_when_laid_out(GtkWidget *widget)
{
  const gint64 until = g_get_monotonic_time() + PATIENCE_US;
  GdkFrameClock *clock = gtk_widget_get_frame_clock(widget);
  GskRenderNode *node = node_of(widget, gtk_widget_get_width(widget), gtk_widget_get_height(widget));

  while (!node && clock && g_get_monotonic_time() < until) {
    gdk_frame_clock_request_phase(clock, GDK_FRAME_CLOCK_PHASE_LAYOUT);
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(1000);
    node = node_of(widget, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
  }
  return node;
}

static cairo_status_t
draw(GskRenderNode *node, const char *path, int width, int height)
{
  cairo_surface_t *surface = surface_for(path, width, height);
  cairo_t *cr = cairo_create(surface);
  cairo_status_t status;

  gsk_render_node_draw(node, cr);
  status = cairo_status(cr);
  cairo_destroy(cr);
  if (status == CAIRO_STATUS_SUCCESS && g_str_has_suffix(path, ".png"))
    status = cairo_surface_write_to_png(surface, path);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return status;
}

gboolean
casa_screenshot_save(GtkWidget *widget, const char *path, GError **error)
{
  GskRenderNode *node = node_when_laid_out(widget);

  if (!node) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "cannot write the picture %s: the window shows nothing yet; try again", path);
    return FALSE;
  }
  cairo_status_t status = draw(node, path, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
  gsk_render_node_unref(node);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "cannot write the picture %s: %s; check that the folder exists and is writable",
              path, cairo_status_to_string(status));
  return FALSE;
}
