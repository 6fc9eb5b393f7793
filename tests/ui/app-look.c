/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "casa-build.h"
#include "ui/fit.h"

typedef struct {
  double min_scale, smallest_px;
  guint labels;
  gboolean quiet;
} Walk;

static void check_label(Walk *walk, GtkLabel *label, double scale) {
  PangoLayout *layout = gtk_label_get_layout(label);
  const PangoFontDescription *font = pango_context_get_font_description(gtk_widget_get_pango_context(GTK_WIDGET(label)));
  double px = pango_font_description_get_size(font) / (double) PANGO_SCALE;
  int natural;

  if (!pango_font_description_get_size_is_absolute(font)) px *= 96.0 / 72;
  walk->labels++;
  walk->smallest_px = MIN(walk->smallest_px, px * scale);
  if (walk->quiet) return;
  gtk_widget_measure(GTK_WIDGET(label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  if (pango_layout_is_ellipsized(layout) || gtk_widget_get_allocated_width(GTK_WIDGET(label)) < natural - 1) {
    g_test_message("label \"%s\" is cut: %d px of %d", gtk_label_get_text(label),
                   gtk_widget_get_allocated_width(GTK_WIDGET(label)), natural);
    g_test_fail();
  }
  if (scale < walk->min_scale) {
    g_test_message("label \"%s\" is shrunk to %.2f", gtk_label_get_text(label), scale);
    g_test_fail();
  }
}

static void walk_tree(Walk *walk, GtkWidget *widget, double scale) {
  if (!gtk_widget_get_visible(widget) || GTK_IS_POPOVER(widget)) return;
  if (CASA_IS_FIT(widget)) scale *= casa_fit_scale(CASA_FIT(widget));
  if (GTK_IS_LABEL(widget) && *gtk_label_get_text(GTK_LABEL(widget))) check_label(walk, GTK_LABEL(widget), scale);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    walk_tree(walk, child, scale);
}

guint app_look_check_labels(GtkWidget *root, double min_scale) {
  Walk walk = {.min_scale = min_scale, .smallest_px = G_MAXDOUBLE};

  walk_tree(&walk, root, 1);
  return walk.labels;
}

double app_look_smallest_px(GtkWidget *root) {
  Walk walk = {.smallest_px = G_MAXDOUBLE, .quiet = TRUE};

  walk_tree(&walk, root, 1);
  return walk.smallest_px;
}

static GtkWidget *find(GtkWidget *widget, const char *css_class, guint *nth) {
  if (gtk_widget_has_css_class(widget, css_class) && (*nth)-- == 0) return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, css_class, nth);
    if (found) return found;
  }
  return NULL;
}

GtkWidget *app_look_find(GtkWidget *root, const char *css_class, guint nth) {
  return find(root, css_class, &nth);
}

const char *app_look_text(GtkWidget *root, const char *css_class) {
  GtkWidget *label = app_look_find(root, css_class, 0);

  return label ? gtk_label_get_text(GTK_LABEL(label)) : NULL;
}

gboolean app_look_has_text(GtkWidget *widget, const char *text) {
  if (!gtk_widget_get_visible(widget)) return FALSE;
  if (GTK_IS_LABEL(widget) && strstr(gtk_label_get_text(GTK_LABEL(widget)), text)) return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    if (app_look_has_text(child, text)) return TRUE;
  return FALSE;
}

static gboolean is_near(guint32 pixel, guint32 rgb, int tolerance) {
  for (int shift = 0; shift <= 16; shift += 8)
    if (ABS((int) (pixel >> shift & 0xFF) - (int) (rgb >> shift & 0xFF)) > tolerance) return FALSE;
  return TRUE;
}

guint app_look_ink(const char *path, int x, int y, int w, int h, guint32 rgb, int tolerance) {
  cairo_surface_t *picture = cairo_image_surface_create_from_png(path);
  guint ink = 0;

  g_assert_cmpint(cairo_surface_status(picture), ==, CAIRO_STATUS_SUCCESS);
  int width = cairo_image_surface_get_width(picture), height = cairo_image_surface_get_height(picture);
  int stride = cairo_image_surface_get_stride(picture);
  const guchar *data = cairo_image_surface_get_data(picture);
  g_assert_cmpint(x + w, <=, width);
  g_assert_cmpint(y + h, <=, height);
  for (int j = y; j < y + h; j++)
    for (int i = x; i < x + w; i++) {
      guint32 pixel;
      memcpy(&pixel, data + (gsize) j * (gsize) stride + (gsize) i * 4, 4);
      ink += is_near(pixel, rgb, tolerance);
    }
  cairo_surface_destroy(picture);
  return ink;
}

char *app_look_artifact(const char *name) {
  g_autofree char *dir = g_build_filename(CASA_BUILD_ROOT, "artifacts", NULL);

  g_mkdir_with_parents(dir, 0755);
  return g_build_filename(dir, name, NULL);
}
