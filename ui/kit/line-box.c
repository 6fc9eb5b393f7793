/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/line-box.h"
#include <math.h>

#define GAP_LEAST 1.0 /* distance between two, in heights of a child: a stroke stands in its middle */
#define GAP_MOST 2.4

struct _CasaLineBox {
  GtkWidget parent_instance;
  guint turn;
};

/* Which of them are shown, and where. */
typedef struct {
  guint fixed;       /* the first ones, which stand still */
  guint first, last; /* those in their turn: [first, last) */
  guint n;           /* of all */
  double gap;
} Layout;

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

/* (transfer full): widths of all children */
static GArray *
widths_of(GtkWidget *widget)
{
  GArray *widths = g_array_new(FALSE, FALSE, sizeof(int));

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    const int width = width_of(child);
    g_array_append_val(widths, width);
  }
  return widths;
}

/* How many from @from on fit into @width, one at least; *@used: their widths together. */
static guint
count_fitting(const GArray *widths, guint from, double width, double gap, double *used)
{
  guint n = 0;

  *used = 0;
  for (guint i = from; i < widths->len; i++, n++) {
    const int more = g_array_index(widths, int, i);
    if (n > 0 && *used + more + n * gap > width)
      break;
    *used += more;
  }
  return n;
}

/* Those that stand still: so many of the first that each of the others has room beside them, alone at least. */
static guint
count_fixed(const GArray *widths, guint fitting, double width, double gap, double *used)
{
  guint n = fitting - 1;
  double widest = 0;

  *used = 0;
  for (guint i = 0; i < n; i++)
    *used += g_array_index(widths, int, i);
  for (guint i = n; i < widths->len; i++)
    widest = MAX(widest, g_array_index(widths, int, i));
  while (n > 0 && *used + n * gap + widest > width) {
    n--;
    *used -= g_array_index(widths, int, n);
    widest = MAX(widest, g_array_index(widths, int, n));
  }
  return n;
}

/* The distance is the same at every turn, so that what stands still does. */
static Layout
lay_out(GtkWidget *widget, int width)
{
  g_autoptr(GArray) widths = widths_of(widget);
  const double least = height_of(widget) * GAP_LEAST, most = height_of(widget) * GAP_MOST;
  double used, fixed;
  guint turns = 0, n = count_fitting(widths, 0, width, least, &used);
  Layout layout = { .last = n, .n = widths->len, .gap = n > 1 ? MIN((width - used) / (n - 1), most) : 0 };

  if (n == widths->len)
    return layout;
  layout.fixed = count_fixed(widths, n, width, least, &fixed);
  layout.gap = most;
  for (guint i = layout.fixed; i < widths->len; i += n, turns++) {
    n = count_fitting(widths, i, width - fixed - layout.fixed * least, least, &used);
    if (layout.fixed + n > 1)
      layout.gap = CLAMP((width - fixed - used) / (layout.fixed + n - 1), 0, layout.gap);
  }
  layout.first = layout.fixed;
  for (guint turn = CASA_LINE_BOX(widget)->turn % turns;; turn--) {
    layout.last = layout.first + count_fitting(widths, layout.first, width - fixed - layout.fixed * least, least, &used);
    if (turn == 0)
      return layout;
    layout.first = layout.last;
  }
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  const gboolean rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
  const Layout layout = lay_out(widget, width);
  double at = 0;
  guint i = 0;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child), i++) {
    const gboolean shown = i < layout.fixed || (i >= layout.first && i < layout.last);
    gtk_widget_set_child_visible(child, shown);
    if (!shown)
      continue;
    int own = MIN(width_of(child), width), x = (int)lround(at);
    gtk_widget_size_allocate(child, &(GtkAllocation){ rtl ? width - x - own : x, 0, own, height }, -1);
    at += own + layout.gap;
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
      continue;
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

void
casa_line_box_set_turn(CasaLineBox *self, guint turn)
{
  if (turn == self->turn || gtk_widget_get_focus_child(GTK_WIDGET(self)))
    return;
  self->turn = turn;
  gtk_widget_queue_allocate(GTK_WIDGET(self));
}
