/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/fraction-layout.h"
#include <math.h>

struct _CasaFractionLayout {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE(CasaFractionLayout, casa_fraction_layout, GTK_TYPE_WIDGET)

static GQuark
slot_quark(void)
{
  return g_quark_from_static_string("casa-slot");
}

/* The container asks for nothing: its place is decided by whoever shows it, never by a text in it. */
static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
}

static void
allocate_child(GtkWidget *child, const CasaFractions *slot, int width, int height, gboolean rtl)
{
  double left = rtl ? 1 - slot->x - slot->w : slot->x;
  int x = (int)lround(left * width), y = (int)lround(slot->y * height);
  int w = MAX((int)lround((left + slot->w) * width) - x, 1), h = MAX((int)lround((slot->y + slot->h) * height) - y, 1);
  int min_w, min_h;

  /* Below its minimum a child would complain: it gets that much and is cut by the container instead. */
  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &min_w, NULL, NULL, NULL);
  w = MAX(w, min_w);
  gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, w, &min_h, NULL, NULL, NULL);
  gtk_widget_size_allocate(child, &(GtkAllocation){ x, y, w, MAX(h, min_h) }, -1);
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  gboolean rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    const CasaFractions *slot = g_object_get_qdata(G_OBJECT(child), slot_quark());
    if (slot && gtk_widget_should_layout(child))
      allocate_child(child, slot, width, height, rtl);
  }
}

/* Tab goes through the children in the order they were added, which is that of reading; arrows go by place. */
static gboolean
focus(GtkWidget *widget, GtkDirectionType direction)
{
  gboolean forward = direction == GTK_DIR_TAB_FORWARD;

  if (!forward && direction != GTK_DIR_TAB_BACKWARD)
    return GTK_WIDGET_CLASS(casa_fraction_layout_parent_class)->focus(widget, direction);
  GtkWidget *child = gtk_widget_get_focus_child(widget);
  if (gtk_widget_is_focus(widget))
    return FALSE;
  if (!child && gtk_widget_get_focusable(widget))
    return gtk_widget_grab_focus(widget);
  if (!child)
    child = forward ? gtk_widget_get_first_child(widget) : gtk_widget_get_last_child(widget);
  for (; child; child = forward ? gtk_widget_get_next_sibling(child) : gtk_widget_get_prev_sibling(child))
    if (gtk_widget_child_focus(child, direction))
      return TRUE;
  return FALSE;
}

static void
dispose(GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(casa_fraction_layout_parent_class)->dispose(object);
}

static void
casa_fraction_layout_class_init(CasaFractionLayoutClass *klass)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = dispose;
  widget->measure = measure;
  widget->size_allocate = size_allocate;
  widget->focus = focus;
  gtk_widget_class_set_css_name(widget, "slots");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
casa_fraction_layout_init(CasaFractionLayout *self)
{
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
casa_fraction_layout_new(void)
{
  return g_object_new(CASA_TYPE_FRACTION_LAYOUT, NULL);
}

void
casa_fraction_layout_add(CasaFractionLayout *self, GtkWidget *child, CasaFractions slot)
{
  g_return_if_fail(CASA_IS_FRACTION_LAYOUT(self) && GTK_IS_WIDGET(child));

  g_object_set_qdata_full(G_OBJECT(child), slot_quark(), g_memdup2(&slot, sizeof slot), g_free);
  gtk_widget_insert_before(child, GTK_WIDGET(self), NULL);
}

void
casa_fraction_layout_move(CasaFractionLayout *self, GtkWidget *child, CasaFractions slot)
{
  g_return_if_fail(gtk_widget_get_parent(child) == GTK_WIDGET(self));
  g_object_set_qdata_full(G_OBJECT(child), slot_quark(), g_memdup2(&slot, sizeof slot), g_free);
  gtk_widget_queue_allocate(GTK_WIDGET(self));
}
