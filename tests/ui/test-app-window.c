/* SPDX-License-Identifier: Apache-2.0 */
#include "app-look.h"
#include "base/clock.h"
#include "ui/text/lang.h"
#include "ui/shell/shortcuts.h"
#include "ui/shell/window.h"
#include <adwaita.h>

/* The window by itself, without a city: what it lets go of, and the help that it opens. */

static AdwApplication *app; /* one for the whole program: it cannot be registered twice */

static CasaWindow *
open_window(void)
{
  CasaWindow *window = casa_window_new(app, NULL, NULL, "dark");

  casa_window_pose(window, 800, 600);
  gtk_window_present(GTK_WINDOW(window));
  return window;
}

static gboolean
wait_for(gboolean (*done)(gpointer data), gpointer data)
{
  gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!done(data)) {
    if (casa_clock_mono_us() > until)
      return FALSE;
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
  return TRUE;
}

static gboolean
has_content(gpointer window)
{
  return gtk_widget_get_width(casa_window_picture(window)) > 0;
}

static gboolean
is_null(gpointer place)
{
  return *(gpointer *)place == NULL;
}

/* Fonts of sizes that the window no longer has are let go: a wall that was resized a hundred times keeps none of them. */
static void
test_fonts(void)
{
  CasaWindow *window = open_window();
  PangoFontDescription *odd = pango_font_description_from_string("Sans");
  PangoFont *font = NULL;

  g_assert_true(wait_for(has_content, window));
  pango_font_description_set_absolute_size(odd, 37.25 * PANGO_SCALE);
  g_autoptr(PangoFont) loaded = pango_context_load_font(gtk_widget_get_pango_context(GTK_WIDGET(window)), odd);
  g_assert_nonnull(loaded);
  g_set_weak_pointer(&font, loaded);
  g_clear_object(&loaded);
  pango_font_description_free(odd);
  casa_window_pose(window, 1280, 960);
  g_assert_true(wait_for(is_null, &font));
  gtk_window_destroy(GTK_WINDOW(window));
}

/* The help speaks the wall's language from its title to its last word, whatever the system's is; it is in the wall's colours,
 * no larger than the wall, and no row is out of reach. */
static void
test_help(void)
{
  static const char *const says[][4] = {
    { "fr", "Raccourcis clavier", "Le lire en tableau", "Échap" },
    { "ar", "اختصارات لوحة المفاتيح", "قراءته كجدول", "Esc" },
    { "en", "Keyboard shortcuts", "Read it as a table", "Esc" },
  };
  CasaWindow *window = open_window();

  g_assert_true(wait_for(has_content, window));
  for (guint i = 0; i < G_N_ELEMENTS(says); i++) {
    GdkRGBA ink;
    int width, height;
    casa_lang_set(says[i][0]);
    casa_window_set_theme(window, i == 0 ? "light" : "dark");
    GtkWindow *help = casa_shortcuts_show(GTK_WINDOW(window), 4);
    g_assert_cmpstr(gtk_window_get_title(help), ==, says[i][1]);
    for (guint k = 1; k < 4; k++)
      g_assert_true(app_look_has_text(GTK_WIDGET(help), says[i][k]));
    g_assert_false(app_look_has_text(GTK_WIDGET(help), "Page_"));
    gtk_window_get_default_size(help, &width, &height);
    g_assert_cmpint(width, <=, gtk_widget_get_width(GTK_WIDGET(window)));
    g_assert_cmpint(height, <=, gtk_widget_get_height(GTK_WIDGET(window)));
    gtk_style_context_get_color(gtk_widget_get_style_context(app_look_find(GTK_WIDGET(help), "casa-side-words", 0)), &ink);
    g_assert_cmpfloat_with_epsilon(ink.red, casa_theme_get(i == 0 ? "light" : "dark")->ink.r, 0.01);
    gtk_window_destroy(help);
    while (g_main_context_iteration(NULL, FALSE))
      ;
  }
  casa_lang_set("fr");
  gtk_window_destroy(GTK_WINDOW(window));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestWindow", G_APPLICATION_NON_UNIQUE);
  g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_test_add_func("/app/window/fonts", test_fonts);
  g_test_add_func("/app/window/help", test_help);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
