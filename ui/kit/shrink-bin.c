/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/shrink-bin.h"

#define LINE_AIR 1.7

struct _CasaShrinkBin {
  GtkWidget parent_instance;
  GtkWidget *child;
  double xalign, yalign, scale;
};

G_DEFINE_FINAL_TYPE(CasaShrinkBin, casa_shrink_bin, GTK_TYPE_WIDGET)

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  CasaShrinkBin *self = CASA_SHRINK_BIN(widget);

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (self->child)
    gtk_widget_measure(self->child, orientation, -1, NULL, natural, NULL, NULL);
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  CasaShrinkBin *self = CASA_SHRINK_BIN(widget);
  GtkRequisition natural, minimum;
  double x = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL ? 1 - self->xalign : self->xalign;

  if (!self->child || width <= 0 || height <= 0)
    return;
  gtk_widget_get_preferred_size(self->child, &minimum, &natural);
  /* A line's height is mostly air above and below its letters, more of it in some scripts: it may reach over the edge. */
  double fit = MIN((double)width / MAX(natural.width, 1), height * LINE_AIR / MAX(natural.height, 1));
  self->scale = CLAMP(fit, CASA_SHRINK_BIN_FLOOR, 1);
  /* Shrunk it has all its width; a pixel lost in rounding would cut a word. */
  int w = fit >= CASA_SHRINK_BIN_FLOOR ? natural.width
                                       : CLAMP((int)(width / self->scale), MIN(minimum.width, natural.width), natural.width);

  graphene_point_t at = GRAPHENE_POINT_INIT((float)(x * (width - w * self->scale)),
                                            (float)(self->yalign * (height - natural.height * self->scale)));
  GskTransform *transform = gsk_transform_translate(NULL, &at);
  if (self->scale < 1)
    transform = gsk_transform_scale(transform, (float)self->scale, (float)self->scale);
  gtk_widget_allocate(self->child, w, natural.height, -1, transform);
}

static void
dispose(GObject *object)
{
  g_clear_pointer(&CASA_SHRINK_BIN(object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS(casa_shrink_bin_parent_class)->dispose(object);
}

static void
casa_shrink_bin_class_init(CasaShrinkBinClass *klass)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = dispose;
  widget->measure = measure;
  widget->size_allocate = size_allocate;
  gtk_widget_class_set_css_name(widget, "fit");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
casa_shrink_bin_init(CasaShrinkBin *self)
{
  self->scale = 1;
}

GtkWidget *
casa_shrink_bin_new(GtkWidget *child, double xalign, double yalign)
{
  CasaShrinkBin *self = g_object_new(CASA_TYPE_SHRINK_BIN, NULL);

  self->child = child;
  self->xalign = xalign;
  self->yalign = yalign;
  gtk_widget_set_parent(child, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

double
casa_shrink_bin_scale(CasaShrinkBin *self)
{
  return self->scale;
}
