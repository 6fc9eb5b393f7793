/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "city/indicators.h"
#include "casa-build.h"
#include "ui/kit/shrink-bin.h"
#include <math.h>

typedef struct {
  double min_scale, smallest_px;
  guint labels;
  gboolean quiet;
} Walk;

static void
check_label(Walk *walk, GtkLabel *label, double scale)
{
  PangoLayout *layout = gtk_label_get_layout(label);
  const PangoFontDescription *font = pango_context_get_font_description(gtk_widget_get_pango_context(GTK_WIDGET(label)));
  double px = pango_font_description_get_size(font) / (double)PANGO_SCALE;
  int natural;

  if (!pango_font_description_get_size_is_absolute(font))
    px *= 96.0 / 72;
  walk->labels++;
  walk->smallest_px = MIN(walk->smallest_px, px * scale);
  if (walk->quiet)
    return;
  gtk_widget_measure(GTK_WIDGET(label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  gboolean narrow = !gtk_label_get_wrap(label) && gtk_widget_get_allocated_width(GTK_WIDGET(label)) < natural - 1;
  if (pango_layout_is_ellipsized(layout) || narrow) {
    g_test_message("label \"%s\" is cut: %d px of %d", gtk_label_get_text(label),
                   gtk_widget_get_allocated_width(GTK_WIDGET(label)), natural);
    g_test_fail();
  }
  int lines;
  pango_layout_get_pixel_size(layout, NULL, &lines);
  if (gtk_label_get_wrap(label) && lines > gtk_widget_get_height(gtk_widget_get_parent(GTK_WIDGET(label))) + 1) {
    g_test_message("label \"%s\" is cut below: %d px of %d", gtk_label_get_text(label),
                   gtk_widget_get_height(gtk_widget_get_parent(GTK_WIDGET(label))), lines);
    g_test_fail();
  }
  if (scale < walk->min_scale) {
    g_test_message("label \"%s\" is shrunk to %.2f", gtk_label_get_text(label), scale);
    g_test_fail();
  }
}

static void
walk_tree(Walk *walk, GtkWidget *widget, double scale)
{
  if (!gtk_widget_get_visible(widget) || !gtk_widget_get_child_visible(widget) || GTK_IS_POPOVER(widget))
    return;
  if (CASA_IS_SHRINK_BIN(widget))
    scale *= casa_shrink_bin_scale(CASA_SHRINK_BIN(widget));
  if (GTK_IS_LABEL(widget) && *gtk_label_get_text(GTK_LABEL(widget)))
    check_label(walk, GTK_LABEL(widget), scale);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    walk_tree(walk, child, scale);
}

guint
app_look_check_labels(GtkWidget *root, double min_scale)
{
  Walk walk = { .min_scale = min_scale, .smallest_px = G_MAXDOUBLE };

  walk_tree(&walk, root, 1);
  return walk.labels;
}

double
app_look_smallest_px(GtkWidget *root)
{
  Walk walk = { .smallest_px = G_MAXDOUBLE, .quiet = TRUE };

  walk_tree(&walk, root, 1);
  return walk.smallest_px;
}

/* All visible widgets below @widget with @css_class. */
static void
collect(GtkWidget *widget, const char *css_class, GPtrArray *out)
{
  if (!gtk_widget_get_visible(widget))
    return;
  if (gtk_widget_has_css_class(widget, css_class))
    g_ptr_array_add(out, widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    collect(child, css_class, out);
}

static graphene_rect_t
bounds_in(GtkWidget *root, GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_assert_true(gtk_widget_compute_bounds(widget, root, &bounds));
  return bounds;
}

static void
check_inside(GtkWidget *root, GtkWidget *widget)
{
  graphene_rect_t b = bounds_in(root, widget);
  float width = (float)gtk_widget_get_width(root), height = (float)gtk_widget_get_height(root);

  if (b.origin.x > -1 && b.origin.y > -1 && b.origin.x + b.size.width < width + 1 && b.origin.y + b.size.height < height + 1)
    return;
  g_test_message("\"%s\" reaches out of %g×%g: %g, %g, %g×%g", gtk_widget_get_name(widget), width, height, b.origin.x,
                 b.origin.y, b.size.width, b.size.height);
  g_test_fail();
}

static void
check_apart(GtkWidget *root, GtkWidget *one, GtkWidget *other)
{
  graphene_rect_t a = bounds_in(root, one), b = bounds_in(root, other), common;

  if (!graphene_rect_intersection(&a, &b, &common) || common.size.width < 1.5f || common.size.height < 1.5f)
    return;
  g_test_message("\"%s\" stands on \"%s\": %g×%g", gtk_widget_get_name(one), gtk_widget_get_name(other), common.size.width,
                 common.size.height);
  g_test_fail();
}

guint
app_look_check_places(GtkWidget *root)
{
  static const char *const classes[] = { "casa-part", "casa-tile" };
  guint seen = 0;

  for (guint c = 0; c < G_N_ELEMENTS(classes); c++) {
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    collect(root, classes[c], all);
    seen += all->len;
    for (guint i = 0; i < all->len; i++) {
      check_inside(root, all->pdata[i]);
      for (guint k = 0; k < i; k++)
        if (!gtk_widget_has_css_class(all->pdata[i], "casa-under") && !gtk_widget_has_css_class(all->pdata[k], "casa-under"))
          check_apart(root, all->pdata[i], all->pdata[k]);
    }
  }
  return seen;
}

static GtkWidget *
find(GtkWidget *widget, const char *css_class, guint *nth)
{
  if (gtk_widget_has_css_class(widget, css_class) && (*nth)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, css_class, nth);
    if (found)
      return found;
  }
  return NULL;
}

GtkWidget *
app_look_find(GtkWidget *root, const char *css_class, guint nth)
{
  return find(root, css_class, &nth);
}

const char *
app_look_text(GtkWidget *root, const char *css_class)
{
  GtkWidget *label = app_look_find(root, css_class, 0);

  return label ? gtk_label_get_text(GTK_LABEL(label)) : NULL;
}

gboolean
app_look_has_text(GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_visible(widget))
    return FALSE;
  if (GTK_IS_LABEL(widget) && strstr(gtk_label_get_text(GTK_LABEL(widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    if (app_look_has_text(child, text))
      return TRUE;
  return FALSE;
}

static gboolean
is_near(guint32 pixel, guint32 rgb, int tolerance)
{
  for (int shift = 0; shift <= 16; shift += 8)
    if (ABS((int)(pixel >> shift & 0xFF) - (int)(rgb >> shift & 0xFF)) > tolerance)
      return FALSE;
  return TRUE;
}

guint
app_look_ink(const char *path, int x, int y, int w, int h, CasaRgb c, int tolerance)
{
  cairo_surface_t *picture = cairo_image_surface_create_from_png(path);
  guint32 rgb = (guint32)lround(c.r * 255) << 16 | (guint32)lround(c.g * 255) << 8 | (guint32)lround(c.b * 255);
  guint ink = 0;

  g_assert_cmpint(cairo_surface_status(picture), ==, CAIRO_STATUS_SUCCESS);
  int stride = cairo_image_surface_get_stride(picture);
  const guchar *data = cairo_image_surface_get_data(picture);
  g_assert_cmpint(x + w, <=, cairo_image_surface_get_width(picture));
  g_assert_cmpint(y + h, <=, cairo_image_surface_get_height(picture));
  for (int j = y; j < y + h; j++)
    for (int i = x; i < x + w; i++) {
      guint32 pixel;
      memcpy(&pixel, data + (gsize)j * (gsize)stride + (gsize)i * 4, 4);
      ink += is_near(pixel, rgb, tolerance);
    }
  cairo_surface_destroy(picture);
  return ink;
}

/* A rectangle of the 1920×1080 wall in a picture of another size, mirrored for Arabic. */
static guint
wall_ink(const char *path, int width, int height, gboolean rtl, cairo_rectangle_int_t r, CasaRgb colour)
{
  double ux = width / 1920.0, uy = height / 1080.0;
  int x = rtl ? 1920 - r.x - r.width : r.x;

  return app_look_ink(path, (int)(x * ux), (int)(r.y * uy), (int)(r.width * ux), (int)(r.height * uy), colour, 24);
}

static void
check_size(const char *path, int width, int height)
{
  cairo_surface_t *picture = cairo_image_surface_create_from_png(path);

  g_assert_cmpint(cairo_image_surface_get_width(picture), ==, width);
  g_assert_cmpint(cairo_image_surface_get_height(picture), ==, height);
  cairo_surface_destroy(picture);
}

CasaRgb
app_look_domain(guint i, const char *theme)
{
  g_autoptr(CasaIndicators) set = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(set, &n);

  g_assert_cmpuint(i, <, n);
  return casa_rgb_from_hex(casa_city_domain_colours(domains[i], theme)->first);
}

void
app_look_check_wall(const char *path, int width, int height, gboolean rtl)
{
  const cairo_rectangle_int_t map = { 32, 112, 1064, 756 };
  double area = width / 1920.0 * (height / 1080.0);
  guint classes = 0;

  check_size(path, width, height);
  for (int i = 0; i < 3; i++) {
    cairo_rectangle_int_t chart = { 1460, 112 + 258 * i, 420, 240 };
    g_assert_cmpuint(wall_ink(path, width, height, rtl, chart, app_look_domain((guint)i, "dark")), >, (guint)(200 * area));
  }
  /* Its legend shows every class of the map, whatever the air is like today. */
  for (guint i = 0; i < 6; i++)
    classes += wall_ink(path, width, height, rtl, map, casa_theme_get("dark")->ramp[i]) > 20 * area;
  g_assert_cmpuint(classes, >=, 4);
  g_assert_cmpuint(wall_ink(path, width, height, rtl, map, casa_theme_get("dark")->ink), >, (guint)(100 * area));
}

char *
app_look_artifact(const char *name)
{
  g_autofree char *dir = g_build_filename(CASA_BUILD_ROOT, "artifacts", NULL);

  g_mkdir_with_parents(dir, 0755);
  return g_build_filename(dir, name, NULL);
}
