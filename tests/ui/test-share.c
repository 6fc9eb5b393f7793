/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "casa-build.h"
#include "ui/chart/chart.h"
#include "ui/scenes/scene-world.h"
#include "ui/share/share.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <string.h>

/* What is taken along of the wall's charts: files that say where they come from, a table for who does not see, a menu in the
 * wall's own language and colours. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaSceneList *scenes;
  CasaWindow *window;
} Show;

static AdwApplication *app; /* one for the whole program: it cannot be registered twice */

static void
spin(double seconds)
{
  gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static gboolean
is_live(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static GtkWidget *
page(Show *show)
{
  return gtk_stack_get_visible_child(GTK_STACK(casa_window_picture(show->window)));
}

static void
open_show(Show *show)
{
  *show = (Show){ 0 };
  app_fixture_init(&show->fixture);
  app_fixture_fill(&show->fixture, casa_clock_now_ms(), 26 * 60);
  show->model = app_fixture_model(&show->fixture);
  app_fixture_report(&show->fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(show->model, is_live, 60));
  show->scenes = casa_scene_list_new(CASA_SOURCE_ROOT "/config/scenes.conf", casa_scene_world(show->fixture.indicators));
  casa_lang_set("fr");
  show->window = casa_window_new(app, show->model, show->scenes, "light");
  show->ticker = casa_ticker_new(show->model);
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->window));
  casa_window_pose(show->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(show->window));
  while (gtk_widget_get_width(casa_window_picture(show->window)) != 1280)
    spin(0.01);
}

static void
close_show(Show *show)
{
  gtk_window_destroy(GTK_WINDOW(show->window));
  spin(0.05);
  casa_ticker_free(show->ticker);
  g_object_unref(show->scenes);
  casa_model_free(show->model);
  app_fixture_clear(&show->fixture);
}

/* Charts of all kinds below @widget. */
static void
collect(GtkWidget *widget, GPtrArray *charts)
{
  if (CASA_IS_CHART(widget) || CASA_IS_PLOT_VIEW(widget))
    g_ptr_array_add(charts, widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    collect(child, charts);
}

/* The newest file that ends in @suffix at home, taken away after it was read. (transfer full); NULL: none */
static char *
take_file(const char *suffix, gsize *length)
{
  g_autoptr(GDir) dir = g_dir_open(g_get_home_dir(), 0, NULL);
  const char *name;
  char *text = NULL;

  while ((name = g_dir_read_name(dir)))
    if (g_str_has_prefix(name, "Casa Pulse ") && g_str_has_suffix(name, suffix)) {
      g_autofree char *path = g_build_filename(g_get_home_dir(), name, NULL);
      g_assert_null(text); /* one at a time */
      g_assert_true(g_file_get_contents(path, &text, length, NULL));
      g_assert_cmpint(remove(path), ==, 0);
    }
  return text;
}

static gboolean
has_values(const char *csv)
{
  guint lines = 0;

  for (const char *c = csv; *c; c++)
    lines += *c == '\n';
  return lines > 1;
}

/* Each row says where it comes from. Time charts are waited for when they @must have some; other kinds, and domains of which
 * the toy city measures nothing, may have none. FALSE: there was none. */
static gboolean
check_values(GtkWidget *chart, gboolean must)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  gsize length;

  for (;;) {
    g_assert_true(casa_share_do(chart, "csv"));
    g_autofree char *csv = take_file(".csv", &length);
    g_assert_nonnull(csv);
    g_auto(GStrv) rows = g_strsplit(csv, "\n", -1);
    g_assert_true(g_str_has_suffix(rows[0], ",provenance"));
    if (has_values(csv)) {
      for (guint i = 1; rows[i] && *rows[i]; i++) {
        const char *origin = strrchr(rows[i], ',') + 1;
        g_assert_true(g_str_has_prefix(origin, "simulated") || g_str_has_prefix(origin, "real") ||
                      g_str_equal(origin, "forecast"));
      }
      return TRUE;
    }
    if (!CASA_IS_CHART(chart) || !must)
      return FALSE;
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.2);
  }
}

static GtkWindow *
side_window(void)
{
  GListModel *all = gtk_window_get_toplevels();

  for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
    g_autoptr(GtkWindow) window = g_list_model_get_item(all, i);
    if (gtk_widget_has_css_class(GTK_WIDGET(window), "casa-side"))
      return window;
  }
  return NULL;
}

/* A window of rows and columns, in the wall's colours. */
static void
check_table(GtkWidget *chart)
{
  g_assert_true(casa_share_do(chart, "table"));
  GtkWindow *table = side_window();
  g_assert_nonnull(table);
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  GtkWidget *cell;
  while (!(cell = app_look_find(GTK_WIDGET(table), "casa-side-cell", 0)) || !*gtk_label_get_text(GTK_LABEL(cell))) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  GdkRGBA ink;
  gtk_style_context_get_color(gtk_widget_get_style_context(cell), &ink);
  g_assert_cmpfloat_with_epsilon(ink.red, casa_theme_get("light")->ink.r, 0.01);
  gtk_window_destroy(table);
  spin(0.02);
  g_assert_null(side_window());
}

static void
check_picture(GtkWidget *chart)
{
  gsize length;

  g_assert_true(casa_share_do(chart, "png"));
  g_autofree char *png = take_file(".png", &length);
  g_assert_nonnull(png);
  g_assert_cmpmem(png + 1, 3, "PNG", 3);
  g_assert_true(casa_share_do(chart, "copy"));
  g_assert_true(
    gdk_content_formats_contain_gtype(gdk_clipboard_get_formats(gtk_widget_get_clipboard(chart)), GDK_TYPE_TEXTURE));
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (!app_look_has_text(GTK_WIDGET(gtk_widget_get_root(chart)), "Image copiée")) { /* at once: nothing waits before it */
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
}

#define TOLD 8 /* charts of what the toy city measures; they come first */

/* Every chart of every scene. */
static void
test_scenes(void)
{
  Show show;
  guint n = 0, n_told = 0;

  open_show(&show);
  for (guint i = 0; i < casa_scene_file_n(casa_scene_list_file(show.scenes)); i++) {
    g_autoptr(GPtrArray) charts = g_ptr_array_new();
    casa_window_go(show.window, i);
    spin(0.5);
    collect(page(&show), charts);
    for (guint k = 0; k < charts->len; k++, n++) {
      check_picture(charts->pdata[k]);
      if (check_values(charts->pdata[k], n_told < TOLD)) {
        check_table(charts->pdata[k]);
        n_told++;
      }
    }
  }
  g_assert_cmpuint(n, >=, 13); /* three panels of the wall, and what the domains have */
  g_assert_cmpuint(n_told, >=, TOLD);
  close_show(&show);
}

static gboolean
press(GtkWidget *widget, guint key, GdkModifierType state)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(controllers) && !taken; i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", key, 0u, state, &taken);
  }
  return taken;
}

/* By key: the menu is in Arabic, and its row acts in Arabic. */
static void
test_menu(void)
{
  Show show;
  g_autoptr(GPtrArray) charts = g_ptr_array_new();

  open_show(&show);
  casa_window_set_language(show.window, "ar");
  spin(0.5);
  collect(page(&show), charts);
  GtkWidget *chart = charts->pdata[0];
  {
    CASA_LANG_SCOPE("ar");
    g_assert_true(press(chart, GDK_KEY_F10, GDK_SHIFT_MASK));
  }
  GtkWidget *popover = gtk_widget_get_last_child(chart);
  g_assert_true(GTK_IS_POPOVER_MENU(popover));
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (!app_look_has_text(popover, "القراءة كجدول")) {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    spin(0.02);
  }
  GdkRGBA ink;
  gtk_style_context_get_color(gtk_widget_get_style_context(gtk_widget_get_first_child(popover)), &ink);
  g_assert_cmpfloat_with_epsilon(ink.red, casa_theme_get("light")->ink.r, 0.01);
  gtk_popover_popdown(GTK_POPOVER(popover));
  gtk_widget_activate_action(chart, "share.copy", NULL);
  g_assert_true(app_look_has_text(GTK_WIDGET(show.window), "نُسخت الصورة"));
  close_show(&show);
}

/* No cell is a formula, no number is a text; no file takes the place of another. */
static void
test_safe(void)
{
  g_autoptr(CasaSheet) sheet = casa_sheet_new(casa_theme_get("dark"), "Sans", "a/b: \"c\"", "x", 0, 1);
  g_autofree char *folder = g_dir_make_tmp("casa-share-XXXXXX", NULL);

  casa_sheet_row(sheet->data, "-1.5", "=1+1", "-1+cmd", "a,\"b\"", "@x", NULL);
  g_autofree char *csv = casa_sheet_csv(sheet);
  g_assert_cmpstr(csv, ==, "-1.5,\"'=1+1\",\"'-1+cmd\",\"a,\"\"b\"\"\",\"'@x\"\n");
  g_autofree char *first = casa_share_name(folder, sheet->title, "csv", 0);
  g_autofree char *base = g_path_get_basename(first);
  g_assert_null(strchr(base, ':'));
  g_assert_null(strchr(base, '"'));
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_sheet_write(sheet, first, &error));
  g_assert_no_error(error);
  g_autofree char *second = casa_share_name(folder, sheet->title, "csv", 0);
  g_assert_cmpstr(first, !=, second);
  g_assert_false(casa_sheet_write(sheet, "/nowhere/at/all.csv", &error));
  g_assert_nonnull(strstr(error->message, "/nowhere/at/all.csv"));
  g_assert_cmpint(remove(first), ==, 0);
  g_assert_cmpint(remove(folder), ==, 0);
}

int
main(int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp("casa-home-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;

  g_setenv("HOME", home, TRUE);
  g_setenv("XDG_CONFIG_HOME", home, TRUE);
  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestShare", G_APPLICATION_NON_UNIQUE);
  g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_test_add_func("/share/safe", test_safe);
  g_test_add_func("/share/menu", test_menu);
  g_test_add_func("/share/scenes", test_scenes);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
