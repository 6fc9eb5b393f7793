/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/spark.h"
#include "ui/chart/sparkline.h"
#include <string.h>

struct _CasaSpark {
  GtkWidget parent_instance;
  const CasaTheme *theme;
  int width, height;
  double values[CASA_SPARK_POINTS];
  gboolean known, silent;
  CasaRgb colour;
};

G_DEFINE_FINAL_TYPE(CasaSpark, casa_spark, GTK_TYPE_WIDGET)

static void
snapshot_cb(GtkWidget *widget, GtkSnapshot *snapshot)
{
  CasaSpark *self = CASA_SPARK(widget);
  const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);

  if (!self->known || width <= 0 || height <= 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
  const CasaPlot plot = { .cr = cr,
                          .pango = gtk_widget_get_pango_context(widget),
                          .theme = self->theme,
                          .font_px = 13,
                          .width = width,
                          .height = height };
  casa_sparkline_paint(&plot, &(CasaSparkline){ self->values, CASA_SPARK_POINTS, self->colour, self->silent });
  cairo_destroy(cr);
}

static void
measure_cb(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
           int *natural_baseline)
{
  CasaSpark *self = CASA_SPARK(widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
  *minimum_baseline = *natural_baseline = -1;
}

static void
casa_spark_class_init(CasaSparkClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

  widget->snapshot = snapshot_cb;
  widget->measure = measure_cb;
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
casa_spark_init(CasaSpark *self)
{
}

GtkWidget *
casa_spark_new(const CasaTheme *theme, int width, int height)
{
  CasaSpark *self = g_object_new(CASA_TYPE_SPARK, NULL);

  self->theme = theme;
  self->width = width;
  self->height = height;
  return GTK_WIDGET(self);
}

void
casa_spark_set_theme(CasaSpark *self, const CasaTheme *theme)
{
  self->theme = theme;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_spark_set(CasaSpark *self, const double *values, CasaRgb colour, gboolean silent)
{
  self->known = values != NULL;
  self->colour = colour;
  self->silent = silent;
  if (values)
    memcpy(self->values, values, sizeof self->values);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
