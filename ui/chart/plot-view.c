/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/plot-view.h"
#include "ui/kit/pixels.h"

struct _CasaPlotView {
  GtkWidget parent_instance;
  CasaPlotPaint paint; /* NULL: detached */
  gpointer data;
  const CasaTheme *theme; /* NULL: no style yet */
  char *font;
  double font_px;
  GskRenderNode *pixels; /* NULL: to be painted */
  int width, height, scale;
};

G_DEFINE_FINAL_TYPE(CasaPlotView, casa_plot_view, GTK_TYPE_WIDGET)

static void
repaint(CasaPlotView *self)
{
  cairo_surface_t *surface =
    cairo_image_surface_create(CAIRO_FORMAT_ARGB32, self->width * self->scale, self->height * self->scale);
  cairo_surface_set_device_scale(surface, self->scale, self->scale);
  cairo_t *cr = cairo_create(surface);
  const CasaPlot plot = { .cr = cr,
                          .pango = gtk_widget_get_pango_context(GTK_WIDGET(self)),
                          .theme = self->theme,
                          .font = self->font,
                          .font_px = self->font_px,
                          .width = self->width,
                          .height = self->height };
  self->paint(&plot, self->data);
  cairo_destroy(cr);
  g_clear_pointer(&self->pixels, gsk_render_node_unref);
  self->pixels =
    casa_pixels_node(GTK_WIDGET(self), surface, &GRAPHENE_RECT_INIT(0, 0, (float)self->width, (float)self->height));
  cairo_surface_destroy(surface);
}

static void
snapshot_cb(GtkWidget *widget, GtkSnapshot *snapshot)
{
  CasaPlotView *self = CASA_PLOT_VIEW(widget);
  const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  const int scale = gtk_widget_get_scale_factor(widget);
  if (width <= 0 || height <= 0 || self->theme == NULL || self->paint == NULL)
    return;
  if (width != self->width || height != self->height || scale != self->scale) {
    self->width = width;
    self->height = height;
    self->scale = scale;
    g_clear_pointer(&self->pixels, gsk_render_node_unref);
  }
  if (self->pixels == NULL)
    repaint(self);
  gtk_snapshot_append_node(snapshot, self->pixels);
}

static void
measure_cb(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
           int *natural_baseline)
{
  *minimum = 30;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 160;
  *minimum_baseline = *natural_baseline = -1;
}

static void
css_changed_cb(GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS(casa_plot_view_parent_class)->css_changed(widget, change);
  casa_plot_view_changed(CASA_PLOT_VIEW(widget));
}

static void
unrealize_cb(GtkWidget *widget)
{
  g_clear_pointer(&CASA_PLOT_VIEW(widget)->pixels, gsk_render_node_unref);
  GTK_WIDGET_CLASS(casa_plot_view_parent_class)->unrealize(widget);
}

static void
dispose_cb(GObject *object)
{
  g_clear_pointer(&CASA_PLOT_VIEW(object)->pixels, gsk_render_node_unref);
  g_clear_pointer(&CASA_PLOT_VIEW(object)->font, g_free);
  G_OBJECT_CLASS(casa_plot_view_parent_class)->dispose(object);
}

static void
casa_plot_view_class_init(CasaPlotViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose_cb;
  widget_class->snapshot = snapshot_cb;
  widget_class->measure = measure_cb;
  widget_class->css_changed = css_changed_cb;
  widget_class->unrealize = unrealize_cb;
  gtk_widget_class_set_css_name(widget_class, "plot");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
casa_plot_view_init(CasaPlotView *self)
{
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
}

GtkWidget *
casa_plot_view_new(CasaPlotPaint paint, gpointer data)
{
  CasaPlotView *self = g_object_new(CASA_TYPE_PLOT_VIEW, NULL);
  self->paint = paint;
  self->data = data;
  return GTK_WIDGET(self);
}

void
casa_plot_view_set_style(CasaPlotView *self, const CasaTheme *theme, const char *font, double font_px)
{
  if (g_strcmp0(font, self->font) != 0) {
    g_free(self->font);
    self->font = g_strdup(font);
  }
  self->theme = theme;
  self->font_px = font_px;
  casa_plot_view_changed(self);
}

void
casa_plot_view_changed(CasaPlotView *self)
{
  g_clear_pointer(&self->pixels, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_plot_view_detach(CasaPlotView *self)
{
  self->paint = NULL;
  self->data = NULL;
}

void
casa_plot_view_set_accessible(CasaPlotView *self, const char *label, const char *description)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}
