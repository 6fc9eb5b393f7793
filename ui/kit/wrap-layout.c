/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/wrap-layout.h"

struct _CasaWrapLayout {
  GtkLayoutManager parent_instance;
  int gap;
};

G_DEFINE_FINAL_TYPE(CasaWrapLayout, casa_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Where the next child goes. */
typedef struct {
  int x, y, row_height;
  int width, room; /* of all; of this row */
  gboolean place;  /* else it is only measured */
  gboolean rtl;
} Pen;

static int
natural_width(GtkWidget *child, int width)
{
  int minimum, natural;

  gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX(minimum, MIN(natural, width));
}

static int
height_for(GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

static GtkWidget *
last_shown(GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_last_child(widget);

  while (child && !gtk_widget_should_layout(child))
    child = gtk_widget_get_prev_sibling(child);
  return child;
}

static GtkWidget *
next_shown(GtkWidget *child)
{
  while (child && !gtk_widget_should_layout(child))
    child = gtk_widget_get_next_sibling(child);
  return child;
}

static void
put(const Pen *pen, GtkWidget *child, int x, int w, int row_height)
{
  const int h = height_for(child, w), left = pen->rtl ? pen->width - x - w : x;

  if (pen->place)
    gtk_widget_size_allocate(child, &(GtkAllocation){ left, pen->y + (row_height - h) / 2, w, h }, -1);
}

/* The first child from @first on, up to @end, that does not fit into the row; @pen has the height of the highest that does. */
static GtkWidget *
fill_row(CasaWrapLayout *self, Pen *pen, GtkWidget *first, GtkWidget *end)
{
  GtkWidget *child = first;

  pen->x = 0;
  for (; child && child != end; child = next_shown(gtk_widget_get_next_sibling(child))) {
    const int w = natural_width(child, pen->room);
    if (child != first && pen->x + w > pen->room)
      break;
    pen->row_height = MAX(pen->row_height, height_for(child, w));
    pen->x += w + self->gap;
  }
  return child;
}

static void
put_row(CasaWrapLayout *self, Pen *pen, GtkWidget *first, GtkWidget *end)
{
  pen->x = 0;
  for (GtkWidget *child = first; child && child != end; child = next_shown(gtk_widget_get_next_sibling(child))) {
    const int w = natural_width(child, pen->room);
    put(pen, child, pen->x, w, pen->row_height);
    pen->x += w + self->gap;
  }
}

/* Height of all in @width; they are placed when @place. */
static int
arrange(CasaWrapLayout *self, GtkWidget *widget, int width, gboolean place)
{
  Pen pen = { .width = width, .room = width, .place = place, .rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL };
  GtkWidget *first = next_shown(gtk_widget_get_first_child(widget)), *last = last_shown(widget);
  const int last_width = last ? natural_width(last, width) : 0;
  const gboolean pinned = last && last != first && natural_width(first, width) + self->gap + last_width <= width;

  GtkWidget *end = pinned ? last : NULL;

  while (first) {
    const gboolean beside = pinned && pen.y == 0;
    pen.room = beside ? width - last_width - self->gap : width;
    pen.row_height = beside ? height_for(last, last_width) : 0;
    GtkWidget *next = fill_row(self, &pen, first, end);
    put_row(self, &pen, first, next);
    if (beside)
      put(&pen, last, width - last_width, last_width, pen.row_height);
    first = next == end ? NULL : next;
    pen.y += pen.row_height + (first ? self->gap / 2 + 2 : 0);
  }
  return pen.y;
}

static GtkSizeRequestMode
get_request_mode(GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure(GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
        int *minimum_baseline, int *natural_baseline)
{
  CasaWrapLayout *self = CASA_WRAP_LAYOUT(manager);
  int widest = 0, sum = 0;

  *minimum_baseline = *natural_baseline = -1;
  for (GtkWidget *child = next_shown(gtk_widget_get_first_child(widget)); child;
       child = next_shown(gtk_widget_get_next_sibling(child))) {
    int least, wished;
    gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &wished, NULL, NULL);
    widest = MAX(widest, least);
    sum += wished + (sum > 0 ? self->gap : 0);
  }
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = widest;
    *natural = MAX(sum, widest);
    return;
  }
  *minimum = *natural = arrange(self, widget, for_size >= 0 ? MAX(for_size, widest) : MAX(sum, widest), FALSE);
}

static void
allocate(GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  arrange(CASA_WRAP_LAYOUT(manager), widget, width, TRUE);
}

static void
casa_wrap_layout_class_init(CasaWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager = GTK_LAYOUT_MANAGER_CLASS(klass);

  manager->get_request_mode = get_request_mode;
  manager->measure = measure;
  manager->allocate = allocate;
}

static void
casa_wrap_layout_init(CasaWrapLayout *self)
{
}

GtkLayoutManager *
casa_wrap_layout_new(int gap)
{
  CasaWrapLayout *self = g_object_new(CASA_TYPE_WRAP_LAYOUT, NULL);

  self->gap = gap;
  return GTK_LAYOUT_MANAGER(self);
}

GtkWidget *
casa_wrap_box_new(int gap)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager(box, casa_wrap_layout_new(gap));
  return box;
}
