/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "casa-build.h"
#include "app-look.h"
#include "base/clock.h"
#include "ui/map/map.h"
#include "ui/kit/badge.h"
#include "ui/text/lang.h"
#include "ui/kit/screenshot.h"
#include "ui/kit/label.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include <adwaita.h>
#include <math.h>

/* WCAG 2.1, 1.4.3, measured on the pixels of a picture: the words of the wall against the ground that lies behind them. */

#define LARGE_PX 24 /* 18 pt; of the height that the letters have in the picture */
#define SHARE 0.006 /* of a label's pixels are its ink at full strength, at the least; the rest are edges of letters */

static AdwApplication *app;   /* one for the whole program: it cannot be registered twice */
static CasaSceneList *scenes; /* as shipped */

typedef struct {
  cairo_surface_t *surface;
  const char *theme;
  guint words;
} Picture;

static void
spin_until(gboolean (*done)(gpointer data), gpointer data)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!done(data)) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static guint32
pixel(const Picture *p, int x, int y)
{
  const guchar *row = cairo_image_surface_get_data(p->surface) + (gsize)y * (gsize)cairo_image_surface_get_stride(p->surface);
  guint32 value;

  memcpy(&value, row + (gsize)x * 4, 4);
  return value & 0xFFFFFF;
}

static CasaRgb
colour_of(guint32 rgb)
{
  return (CasaRgb){ (rgb >> 16 & 0xFF) / 255.0, (rgb >> 8 & 0xFF) / 255.0, (rgb & 0xFF) / 255.0 };
}

static int
compare_guint32(gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return x < y ? -1 : x > y;
}

static int
compare_falling(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x > y ? -1 : x < y;
}

/* The colour that most pixels have. */
static CasaRgb
ground_of(GArray *sorted)
{
  guint32 best = 0;
  guint most = 0, run = 0;

  for (guint i = 0; i < sorted->len; i++) {
    guint32 here = g_array_index(sorted, guint32, i);
    run = i > 0 && here == g_array_index(sorted, guint32, i - 1) ? run + 1 : 1;
    if (run > most) {
      most = run;
      best = here;
    }
  }
  return colour_of(best);
}

/* Contrast that the strongest pixels of a rectangle have against its ground. */
static double
contrast_in(const Picture *p, int x, int y, int w, int h)
{
  g_autoptr(GArray) pixels = g_array_new(FALSE, FALSE, sizeof(guint32));
  g_autoptr(GArray) contrasts = g_array_new(FALSE, FALSE, sizeof(double));

  for (int j = MAX(y, 0); j < MIN(y + h, cairo_image_surface_get_height(p->surface)); j++)
    for (int i = MAX(x, 0); i < MIN(x + w, cairo_image_surface_get_width(p->surface)); i++) {
      guint32 value = pixel(p, i, j);
      g_array_append_val(pixels, value);
    }
  g_assert_cmpuint(pixels->len, >, 0);
  g_array_sort(pixels, compare_guint32);
  CasaRgb ground = ground_of(pixels);
  for (guint i = 0; i < pixels->len; i++) {
    double contrast = casa_rgb_contrast(colour_of(g_array_index(pixels, guint32, i)), ground);
    g_array_append_val(contrasts, contrast);
  }
  g_array_sort(contrasts, compare_falling);
  return g_array_index(contrasts, double, (guint)(SHARE * contrasts->len));
}

static void
check(Picture *p, const char *what, double px, int x, int y, int w, int h)
{
  double wanted = px >= LARGE_PX ? 3 : 4.5, found = contrast_in(p, x, y, w, h);

  p->words++;
  g_test_message("%s: \"%s\", %.0f px: %.2f", p->theme, what, px, found);
  if (found >= wanted)
    return;
  g_test_message("that is less than %.1f", wanted);
  g_test_fail();
}

/* The frame of a badge is no word. */
static void
check_label(Picture *p, GtkWidget *root, GtkWidget *label)
{
  const PangoFontDescription *font = pango_context_get_font_description(gtk_widget_get_pango_context(label));
  double px = pango_font_description_get_size(font) / (double)PANGO_SCALE;
  double inset = gtk_widget_has_css_class(label, "casa-badge") ? px * 0.5 : 0;
  graphene_rect_t box;

  if (!pango_font_description_get_size_is_absolute(font))
    px *= 96.0 / 72;
  if (!gtk_widget_compute_bounds(label, root, &box) || box.size.width < 1)
    return;
  check(p, gtk_label_get_text(GTK_LABEL(label)), px, (int)(box.origin.x + inset), (int)(box.origin.y + inset / 2),
        (int)(box.size.width - 2 * inset), (int)(box.size.height - inset));
}

static void
check_labels(Picture *p, GtkWidget *root, GtkWidget *widget)
{
  if (!gtk_widget_get_visible(widget) || GTK_IS_POPOVER(widget))
    return;
  if (GTK_IS_LABEL(widget) && *gtk_label_get_text(GTK_LABEL(widget)))
    check_label(p, root, widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    check_labels(p, root, child);
}

static void
open_picture(Picture *p, GtkWidget *root, const char *theme, const char *lang, const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = g_strdup_printf("contrast-%s-%s-%s.png", name, theme, lang);
  g_autofree char *path = app_look_artifact(file);
  gboolean saved = casa_screenshot_save(root, path, &error);

  g_assert_no_error(error);
  g_assert_true(saved);
  *p = (Picture){ cairo_image_surface_create_from_png(path), theme, 0 };
  g_assert_cmpint(cairo_surface_status(p->surface), ==, CAIRO_STATUS_SUCCESS);
}

static gboolean
ready(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

/* Laid out in the size that it was asked for, with letters of that size. */
static gboolean
is_posed(gpointer window)
{
  GtkWidget *root = casa_window_picture(window);

  return gtk_widget_get_width(root) == 1920 && app_look_smallest_px(root) >= 19.9;
}

static void
count_frame_cb(GdkFrameClock *clock, gpointer data)
{
  guint *frames = data;

  (*frames)++;
}

static gboolean
has_four(gpointer frames)
{
  return *(guint *)frames >= 4;
}

/* …and drawn so. */
static void
wait_drawn(GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(window);
  guint frames = 0;
  gulong id = g_signal_connect(clock, "after-paint", G_CALLBACK(count_frame_cb), &frames);

  gdk_frame_clock_begin_updating(clock);
  spin_until(has_four, &frames);
  gdk_frame_clock_end_updating(clock);
  g_signal_handler_disconnect(clock, id);
}

static const char *const THEMES[] = { "dark", "light", "contrast" };

static GtkWidget *
find_map(GtkWidget *widget)
{
  GtkWidget *found = CASA_IS_MAP(widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found; child = gtk_widget_get_next_sibling(child))
    found = find_map(child);
  return found;
}

/* Its first row has a title, its last one words; where they stand depends on the hour and on who reports. */
static void
check_legend(Picture *p, GtkWidget *root)
{
  GtkWidget *map = find_map(root);
  CasaMapBox legend, attribution;
  graphene_rect_t box;

  g_assert_nonnull(map);
  g_assert_true(gtk_widget_compute_bounds(map, root, &box));
  casa_map_get_legend(CASA_MAP(map), &legend, &attribution);
  g_assert_cmpfloat(legend.w, >, 0);
  int x = (int)(box.origin.x + legend.x), y = (int)(box.origin.y + legend.y), bottom = y + (int)legend.h;
  check(p, "title of the map", 22, x, y, (int)legend.w, 28);
  check(p, "last row of the legend", 20, x + (int)(legend.w * 0.45), bottom - 34, (int)(legend.w * 0.5), 27);
  check(p, "attribution", 20, (int)(box.origin.x + attribution.x), (int)(box.origin.y + attribution.y), (int)attribution.w,
        (int)attribution.h);
}

/* What is no label but painted: legend and attribution of the map, hours and scale of a chart. */
static void
check_paintings(Picture *p, GtkWidget *root)
{
  check_legend(p, root);
  for (int i = 0; i < 3; i++) {
    check(p, "scale of a chart", 21, 1452, 130 + 258 * i, 44, 180);
    check(p, "hours of a chart", 21, 1510, 316 + 258 * i, 280, 26);
  }
}

static void
test_wall(gconstpointer data)
{
  AppFixture fixture;
  const char *theme = data;

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, casa_clock_now_ms(), 24 * 60);
  CasaModel *model = app_fixture_model(&fixture);
  app_fixture_report(&fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(model, ready, 60));
  for (guint rtl = 0; rtl < 2; rtl++) {
    Picture p;
    casa_lang_set(rtl ? "ar" : "fr");
    CasaWindow *window = casa_window_new(app, model, scenes, theme);
    CasaTicker *ticker = casa_ticker_new(model);
    casa_ticker_follow(ticker, GTK_WIDGET(window));
    casa_window_pose(window, 1920, 1080);
    gtk_window_present(GTK_WINDOW(window));
    spin_until(is_posed, window);
    wait_drawn(GTK_WIDGET(window));
    open_picture(&p, casa_window_picture(window), theme, casa_lang_get(), "wall");
    check_labels(&p, casa_window_picture(window), casa_window_picture(window));
    g_assert_cmpuint(p.words, >, 30);
    if (!rtl)
      check_paintings(&p, casa_window_picture(window));
    cairo_surface_destroy(p.surface);
    gtk_window_destroy(GTK_WINDOW(window));
    casa_ticker_free(ticker);
  }
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static gboolean
is_wide(gpointer widget)
{
  return gtk_widget_get_width(widget) > 100;
}

/* The class that the style of @window stands under; its content has it. */
static void
wear_style(GtkWidget *widget, CasaWindow *window)
{
  for (GtkWidget *w = casa_window_picture(window); w; w = gtk_widget_get_parent(w)) {
    g_auto(GStrv) classes = gtk_widget_get_css_classes(w);
    for (guint i = 0; classes[i]; i++) {
      if (!g_str_has_prefix(classes[i], "casa-window-"))
        continue;
      gtk_widget_add_css_class(widget, classes[i]);
      return;
    }
  }
  g_assert_not_reached();
}

/* What is seen when something is wrong: each kind of badge, and the line at the bottom when it warns. */
static void
test_faults(gconstpointer data)
{
  const char *theme = data;
  CasaWindow *window = casa_window_new(app, NULL, NULL, theme);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8), *line = casa_label_new("casa-status");
  GtkWidget *holder = gtk_window_new();
  Picture p;

  casa_lang_set("fr");
  wear_style(holder, window);
  gtk_widget_add_css_class(box, "casa-page");
  for (guint kind = CASA_BADGE_LIVE; kind <= CASA_BADGE_LOST; kind++) {
    CasaBadgeWords words = { (CasaBadgeKind)kind, (char *)"LIAISON PERDUE · 42 s" };
    GtkWidget *badge = casa_badge_new();
    casa_badge_set(badge, &words);
    gtk_box_append(GTK_BOX(box), badge);
  }
  casa_label_set(line, "12 000 hors quota : equipe-7 (5 000/s)");
  gtk_widget_add_css_class(line, "casa-warning");
  gtk_box_append(GTK_BOX(box), line);
  gtk_window_set_child(GTK_WINDOW(holder), box);
  gtk_window_present(GTK_WINDOW(holder));
  spin_until(is_wide, box);
  spin_until(is_wide, line);
  wait_drawn(holder);
  open_picture(&p, box, theme, "fr", "faults");
  check_labels(&p, box, box);
  g_assert_cmpuint(p.words, ==, CASA_BADGE_LOST + 2);
  cairo_surface_destroy(p.surface);
  gtk_window_destroy(GTK_WINDOW(holder));
  gtk_window_destroy(GTK_WINDOW(window));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new(NULL, G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  for (guint i = 0; i < G_N_ELEMENTS(THEMES); i++) {
    g_autofree char *wall = g_strdup_printf("/app/contrast/wall/%s", THEMES[i]);
    g_autofree char *faults = g_strdup_printf("/app/contrast/faults/%s", THEMES[i]);
    g_test_add_data_func(wall, THEMES[i], test_wall);
    g_test_add_data_func(faults, THEMES[i], test_faults);
  }
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/talks/grid.conf", casa_scene_world(indicators));
  int status = g_test_run();
  g_object_unref(scenes);
  g_object_unref(app);
  return status;
}
