/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/line-box.h"
#include <math.h>

#define GAP_LEAST 1.0 /* distance between two, in heights of a child: a stroke stands in its middle */
#define GAP_MOST 2.4

struct _CasaLineBox {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE(CasaLineBox, casa_line_box, GTK_TYPE_WIDGET)

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
        int *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
}

static int
width_of(GtkWidget *child)
{
  int natural;

  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

/* Of the text in it. */
static int
height_of(GtkWidget *widget)
{
  GtkWidget *first = gtk_widget_get_first_child(widget);
  int natural = 0;

  if (first)
    gtk_widget_measure(first, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

/* How many of the first children fit; *@used: their widths together. */
static guint
count_fitting(GtkWidget *widget, int width, double gap, int *used)
{
  guint n = 0;

  *used = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    int more = width_of(child);
    if (n > 0 && *used + more + n * gap > width)
      break;
    *used += more;
    n++;
  }
  return n;
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  gboolean rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  int used;
  guint n = count_fitting(widget, width, height_of(widget) * GAP_LEAST, &used), i = 0;
  double gap = n > 1 ? MIN((double)(width - used) / (n - 1), height_of(widget) * GAP_MOST) : 0, at = 0;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child), i++) {
    gtk_widget_set_child_visible(child, i < n);
    if (i >= n)
      continue;
    int own = MIN(width_of(child), width), x = (int)lround(at);
    gtk_widget_size_allocate(child, &(GtkAllocation){ rtl ? width - x - own : x, 0, own, height }, -1);
    at += own + gap;
  }
}

static void
stroke(GtkWidget *widget, GtkSnapshot *snapshot, double x)
{
  GdkRGBA ink;
  float height = (float)height_of(widget), top = ((float)gtk_widget_get_height(widget) - height) / 2;
  graphene_rect_t line = GRAPHENE_RECT_INIT((float)floor(x), top, 1, height);

  gtk_style_context_get_color(gtk_widget_get_style_context(widget), &ink);
  ink.alpha *= 0.22f;
  gtk_snapshot_append_color(snapshot, &ink, &line);
}

/* Strokes stand in the middle between two neighbours. */
static void
snapshot_cb(GtkWidget *widget, GtkSnapshot *snapshot)
{
  GtkWidget *before = NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    graphene_rect_t a, b;
    if (!gtk_widget_get_child_visible(child))
      break;
    gtk_widget_snapshot_child(widget, child, snapshot);
    if (before && gtk_widget_compute_bounds(before, widget, &a) && gtk_widget_compute_bounds(child, widget, &b)) {
      gboolean rtl = b.origin.x < a.origin.x;
      double left = rtl ? b.origin.x + b.size.width : a.origin.x + a.size.width, right = rtl ? a.origin.x : b.origin.x;
      stroke(widget, snapshot, (left + right) / 2);
    }
    before = child;
  }
}

static void
dispose(GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(casa_line_box_parent_class)->dispose(object);
}

static void
casa_line_box_class_init(CasaLineBoxClass *klass)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = dispose;
  widget->measure = measure;
  widget->size_allocate = size_allocate;
  widget->snapshot = snapshot_cb;
  gtk_widget_class_set_css_name(widget, "line");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
casa_line_box_init(CasaLineBox *self)
{
}

GtkWidget *
casa_line_box_new(void)
{
  return g_object_new(CASA_TYPE_LINE_BOX, NULL);
}

void
casa_line_box_append(CasaLineBox *self, GtkWidget *child)
{
  gtk_widget_insert_before(child, GTK_WIDGET(self), NULL);
}
