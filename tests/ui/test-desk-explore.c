/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "process.h"
#include "ui/chart/chart.h"
#include "ui/desk/desk-window.h"
#include "ui/desk/series-list.h"
#include "ui/chart/spark.h"
#include "ui/kit/screenshot.h"
#include "ui/shell/ticker.h"
#include "ui/text/lang.h"
#include <string.h>

/* The explore page over a real store, in a real window. */

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaKeepsakes *keepsakes;
  CasaDeskWindow *window;
} Show;

static AdwApplication *app;

static const char PM10[] = "city/air/air-maarif/pm10", SPEED[] = "city/mobility/road-bd-anfa/speed_kmh",
                  LOAD[] = "city/energy/sub-maarif/load_mw", NO2[] = "city/air/air-maarif/no2",
                  SUN[] = "city/energy/solar-anfa/solar_mw";

static void
spin(double seconds)
{
  const gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static void
wait_until(gboolean (*done)(Show *show), Show *show, const char *what)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!done(show)) {
    if (casa_clock_mono_us() > until)
      g_error("waited in vain: %s", what);
    spin(0.01);
  }
}

static void
open_show(Show *show, guint minutes)
{
  const gint64 now = casa_clock_now_ms();

  casa_lang_set("fr");
  app_fixture_init(&show->fixture);
  app_fixture_fill(&show->fixture, now, minutes);
  app_fixture_report(&show->fixture, now);
  show->model = app_fixture_model(&show->fixture);
  show->ticker = casa_ticker_new(show->model);
  show->keepsakes = casa_keepsakes_new(NULL);
  show->window = casa_desk_window_new(app, show->model, show->keepsakes, "dark");
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->window));
  casa_desk_window_pose(show->window, 1600, 1000);
  gtk_window_present(GTK_WINDOW(show->window));
}

static void
close_show(Show *show)
{
  gtk_window_destroy(GTK_WINDOW(show->window));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  g_object_unref(show->keepsakes);
  app_fixture_clear(&show->fixture);
}

static void
set_link(Show *show, const char *link)
{
  g_autoptr(GError) error = NULL;
  CasaExploreView view;

  const gboolean right = casa_explore_view_parse(&view, link, &error);
  g_assert_no_error(error);
  g_assert_true(right);
  casa_desk_window_set_view(show->window, &view);
  casa_explore_view_clear(&view);
  casa_desk_window_pose(show->window, 1600, 1000);
}

static void
count_type(GtkWidget *root, GType type, guint *n)
{
  *n += G_TYPE_CHECK_INSTANCE_TYPE(root, type) && gtk_widget_get_mapped(root);
  for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child))
    count_type(child, type, n);
}

static guint
n_of(Show *show, GType type)
{
  guint n = 0;

  count_type(GTK_WIDGET(show->window), type, &n);
  return n;
}

static gboolean
has(Show *show, const char *text)
{
  return app_look_has_text(GTK_WIDGET(show->window), text);
}

static gboolean
is_drawn(Show *show)
{
  return n_of(show, CASA_TYPE_CHART) > 0 && casa_desk_window_is_settled(show->window);
}

/* Every chart has been painted: a picture taken now shows them. */
static gboolean
is_painted_below(GtkWidget *root)
{
  if (CASA_IS_CHART(root) && casa_chart_n_paints(CASA_CHART(root)) == 0)
    return FALSE;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child))
    if (!is_painted_below(child))
      return FALSE;
  return TRUE;
}

static gboolean
is_painted(Show *show)
{
  return is_drawn(show) && is_painted_below(GTK_WIDGET(show->window));
}

static gboolean
has_statistics(Show *show)
{
  return is_drawn(show) && !has(show, "…") && has(show, "couverture");
}

static gboolean
has_sun(Show *show)
{
  return casa_explore_view_find(casa_desk_window_view(show->window), SUN) == 3;
}

static GtkWidget *
answer_number(GtkWidget *from, guint number)
{
  if (gtk_widget_has_css_class(from, "casa-answer") &&
      GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(from), "casa-answer")) == number)
    return from;
  for (GtkWidget *at = gtk_widget_get_first_child(from); at; at = gtk_widget_get_next_sibling(at)) {
    GtkWidget *found = answer_number(at, number);
    if (found)
      return found;
  }
  return NULL;
}

static void
test_curves(void)
{
  Show show;

  open_show(&show, 26 * 60);
  spin(0.2);
  g_assert_true(has(&show, "Cochez une mesure à gauche"));
  set_link(&show, PM10);
  wait_until(has_statistics, &show, "the curve and its statistics");
  g_assert_cmpuint(n_of(&show, CASA_TYPE_CHART), ==, 1);
  g_assert_true(has(&show, "PM10 · Maârif"));
  casa_explore_page_toggle(casa_desk_window_explore(show.window), SPEED);
  casa_explore_page_toggle(casa_desk_window_explore(show.window), LOAD);
  casa_explore_page_toggle(casa_desk_window_explore(show.window), NO2);
  wait_until(has_statistics, &show, "four curves");
  g_assert_cmpuint(n_of(&show, CASA_TYPE_CHART), ==, 4);
  /* A fifth asks; until it is answered there are four. */
  casa_explore_page_toggle(casa_desk_window_explore(show.window), SUN);
  g_assert_cmpuint(casa_desk_window_view(show.window)->n_curves, ==, 4);
  GtkWindow *dialog = NULL;
  GListModel *windows = gtk_window_get_toplevels();
  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWindow) it = g_list_model_get_item(windows, i);
    if (g_strcmp0(gtk_window_get_title(it), "Quatre courbes au plus") == 0)
      dialog = it;
  }
  g_assert_nonnull(dialog);
  spin(0.1);
  GtkWidget *answer = answer_number(GTK_WIDGET(dialog), 1);
  g_assert_nonnull(answer);
  g_assert_true(gtk_widget_activate(answer));
  wait_until(has_sun, &show, "the answer");
  g_assert_cmpuint(casa_desk_window_view(show.window)->n_curves, ==, 4);
  g_assert_cmpuint(casa_explore_view_find(casa_desk_window_view(show.window), SPEED), ==, G_MAXUINT);
  close_show(&show);
}

/* A copied link opens the same view in another window, following or not. */
static void
test_link(void)
{
  Show show;
  const gint64 now = casa_clock_now_ms();
  char from[32], to[32];

  open_show(&show, 26 * 60);
  g_autofree char *link =
    g_strdup_printf("casa-pulse:explore?curve=%s&curve=%s&span=1440min&from=%s&to=%s&compare=day&list=live&find=maarif", PM10,
                    LOAD, casa_time_format(now - 5 * CASA_HOUR_MS, from), casa_time_format(now - 2 * CASA_HOUR_MS, to));
  set_link(&show, link);
  wait_until(has_statistics, &show, "the view of the link");
  g_autofree char *again = casa_explore_view_link(casa_desk_window_view(show.window));
  g_assert_cmpstr(again, ==, link);
  /* Another language builds all anew, with the same view. */
  casa_desk_window_set_language(show.window, "en");
  casa_desk_window_pose(show.window, 1600, 1000);
  spin(0.3);
  g_autofree char *english = casa_explore_view_link(casa_desk_window_view(show.window));
  g_assert_cmpstr(english, ==, link);
  g_assert_true(has(&show, "coverage"));
  close_show(&show);
}

static void
press(Show *show, guint key, GdkModifierType state)
{
  casa_explore_page_key(casa_desk_window_explore(show->window), key, state);
}

static gboolean
is_twelve_hours(Show *show)
{
  const CasaExploreView *view = casa_desk_window_view(show->window);

  return view->to_ms - view->from_ms == 12 * CASA_HOUR_MS && has(show, "▶ Suivre le direct · en pause : vue déplacée");
}

static gboolean
is_following(Show *show)
{
  return casa_desk_window_view(show->window)->to_ms == 0 && !has(show, "▶ Suivre le direct · en pause : vue déplacée");
}

static gboolean
is_pinned(Show *show)
{
  GtkWidget *chart = app_look_find(GTK_WIDGET(show->window), "casa-explore-chart", 0);
  gboolean pinned = FALSE;

  return chart && casa_viewport_cursor(casa_chart_viewport(CASA_CHART(chart)), NULL, &pinned) && pinned;
}

static void
test_keys(void)
{
  Show show;

  open_show(&show, 26 * 60);
  set_link(&show, PM10);
  wait_until(has_statistics, &show, "the curve");
  gtk_window_set_focus(GTK_WINDOW(show.window), NULL);
  const CasaExploreView *view = casa_desk_window_view(show.window);
  press(&show, GDK_KEY_plus, 0);
  wait_until(is_twelve_hours, &show, "half of the day, and the word that it is paused");
  press(&show, GDK_KEY_End, 0);
  wait_until(is_following, &show, "live again");
  press(&show, GDK_KEY_2, GDK_CONTROL_MASK);
  g_assert_cmpint(view->span_ms, ==, CASA_HOUR_MS);
  press(&show, GDK_KEY_c, 0);
  g_assert_cmpint(view->compare, ==, CASA_COMPARE_DAY);
  wait_until(is_drawn, &show, "the day before");
  g_assert_true(has(&show, "hier"));
  press(&show, GDK_KEY_c, 0);
  g_assert_cmpint(view->compare, ==, CASA_COMPARE_WEEK);
  press(&show, GDK_KEY_Left, 0);
  wait_until(is_pinned, &show, "the crosshair on a sample");
  close_show(&show);
}

/* 10,000 series more: found at once, and only those in sight have widgets. */
static void
add_many(Show *show, guint n)
{
  const gint64 now = casa_clock_now_ms();

  for (guint i = 0; i < n; i++) {
    g_autofree char *station = g_strdup_printf("kit-%05u", i);
    app_fixture_put(&show->fixture, i % 2 ? "equipe-7" : "equipe-12", "air", station, "temp_c", 20 + i % 7, now, APP_STORED);
  }
}

static gboolean
has_ten_thousand(Show *show)
{
  return has(show, "10\u202f000") || has(show, "10 000");
}

static void
test_many(void)
{
  Show show;

  open_show(&show, 60);
  add_many(&show, 10000);
  wait_until(has_ten_thousand, &show, "10,000 rows of teams");
  const guint before = n_of(&show, CASA_TYPE_SPARK);
  g_assert_cmpuint(before, >, 5);
  g_assert_cmpuint(before, <, 300);
  CasaDesk desk = { .model = show.model, .keepsakes = show.keepsakes, .theme = casa_theme_get("dark"), .language = "fr" };
  g_autoptr(CasaSeriesList) list = casa_series_list_new(&desk);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), >=, 10000);
  casa_series_list_find(list, "EQUIPE-7 temperature 00123");
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 2); /* its group, and it */
  g_autoptr(CasaSeriesRow) row = g_list_model_get_item(G_LIST_MODEL(list), 1);
  g_assert_cmpstr(casa_series_row_path(row), ==, "equipe-7/air/kit-00123/temp_c");
  casa_series_list_find(list, "aïn sebaa PM10");
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 2);
  /* From top to bottom: rows go by, widgets do not add up. */
  GtkWidget *scroller = GTK_WIDGET(show.window);
  while (scroller && !GTK_IS_SCROLLED_WINDOW(scroller)) {
    GtkWidget *view = app_look_find(scroller, "side", 0);
    g_assert_nonnull(view);
    for (scroller = gtk_widget_get_first_child(view); scroller && !GTK_IS_SCROLLED_WINDOW(scroller);)
      scroller = gtk_widget_get_next_sibling(scroller);
  }
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scroller));
  for (guint i = 0; i <= 20; i++) {
    gtk_adjustment_set_value(place, gtk_adjustment_get_upper(place) * i / 20);
    spin(0.02);
    g_assert_cmpuint(n_of(&show, CASA_TYPE_SPARK), <, 300);
  }
  close_show(&show);
}

static void
test_export(void)
{
  Show show;
  static const char *const names[] = { "a.csv", "a.png", "a.svg", "a.pdf" };

  open_show(&show, 26 * 60);
  set_link(&show, "city/air/air-ain-sebaa/pm10,city/energy/sub-maarif/load_mw");
  wait_until(has_statistics, &show, "two curves");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(show.fixture.dir, names[i], NULL), *text = NULL;
    gsize length;
    const gboolean done = casa_explore_page_export(casa_desk_window_explore(show.window), path, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    g_assert_cmpuint(length, >, 1000);
    if (i == 0) {
      g_assert_true(
        g_str_has_prefix(text, "time,source,domain,station,metric,unit,mean,min,max,samples,column_ms,provenance\n"));
      g_assert_nonnull(strstr(text, "city,air,air-ain-sebaa,pm10,µg/m³,"));
      g_assert_nonnull(strstr(text, ",simulated\n"));
    }
  }
  g_autoptr(GError) error = NULL;
  g_assert_false(casa_explore_page_export(casa_desk_window_explore(show.window), "/nowhere/at/all.png", &error));
  g_assert_nonnull(error);
  close_show(&show);
}

/* Nothing is cut or wordless in three languages; pictures stay to be looked at. */
static void
test_languages(void)
{
  static const char *const languages[] = { "fr", "ar", "en" }, *const themes[] = { "dark", "light", "contrast" };
  Show show;

  open_show(&show, 26 * 60);
  g_autofree char *link = g_strdup_printf("casa-pulse:explore?curve=%s&curve=%s&curve=%s&compare=day", PM10, SPEED, LOAD);
  set_link(&show, link);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("explore-%s.png", languages[i]), *path = app_look_artifact(name);
    g_autoptr(GError) error = NULL;
    casa_desk_window_set_language(show.window, languages[i]);
    casa_desk_window_set_theme(show.window, themes[i]);
    casa_desk_window_pose(show.window, 1600, 1000);
    wait_until(is_painted, &show, languages[i]);
    spin(0.3);
    const gboolean done = casa_screenshot_save(casa_desk_window_picture(show.window), path, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    /* Sparklines that come later speak the window's language, too: 37.4 in English, 37,4 in French and Arabic. */
    const gboolean english = strcmp(languages[i], "en") == 0;
    g_assert_cmpint(has(&show, "30.0"), ==, english);
    g_assert_cmpint(has(&show, "30,0"), ==, !english);
    g_assert_cmpuint(app_look_ink(path, 0, 0, 1600, 1000, casa_theme_get(themes[i])->ink, 40), >, 1000);
    g_assert_cmpfloat(app_look_smallest_px(casa_desk_window_picture(show.window)), >=, 13);
  }
  close_show(&show);
}

static void
activate_cb(GApplication *application, gpointer data)
{
}

static GtkWidget *
find_chart(GtkWidget *root)
{
  if (CASA_IS_CHART(root) && gtk_widget_get_mapped(root))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *chart = find_chart(child);
    if (chart)
      return chart;
  }
  return NULL;
}

static gboolean
is_foreseen(Show *show)
{
  GtkWidget *chart = find_chart(GTK_WIDGET(show->window));
  const CasaChartPicture *p = chart ? casa_chart_picture(CASA_CHART(chart)) : NULL;

  return p && p->ahead.low && casa_pyramid_length(p->ahead.low) > 0 && p->to_ms > p->now_ms;
}

/* Beyond now: dotted, in a band, named; a quarter more than the hours that were asked for. */
static void
test_forecast(void)
{
  Show show = { 0 };
  const gint64 now = casa_clock_now_ms();

  open_show(&show, 120);
  for (gint64 t = now - 20 * CASA_DAY_MS; t < now - 3 * CASA_HOUR_MS; t += CASA_HOUR_MS)
    app_fixture_put(&show.fixture, "city", "energy", "sub-maarif", "load_mw", 120 + (double)(t / CASA_HOUR_MS % 24), t,
                    APP_STORED);
  set_link(&show, LOAD);
  wait_until(is_foreseen, &show, "a forecast");
  const CasaChartPicture *p = casa_chart_picture(CASA_CHART(find_chart(GTK_WIDGET(show.window))));
  const CasaChartLine *last = &p->lines[p->n_lines - 1];
  g_assert_true(last->dotted && last->ahead);
  g_assert_cmpstr(p->ahead.badge, ==, "◇ prévu · 80 %");
  g_assert_cmpint(p->to_ms - p->now_ms, <=, (p->to_ms - p->from_ms) / 4);
  close_show(&show);
}

/* The labels of a widget that are cut, one a line. */
static void
collect_cut(GtkWidget *widget, GString *cut)
{
  if (!gtk_widget_get_mapped(widget))
    return;
  if (GTK_IS_LABEL(widget) && pango_layout_is_ellipsized(gtk_label_get_layout(GTK_LABEL(widget))))
    g_string_append_printf(cut, "%s\n", gtk_label_get_text(GTK_LABEL(widget)));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    collect_cut(child, cut);
}

static GtkWidget *
find_class(GtkWidget *root, const char *css_class)
{
  GtkWidget *found = gtk_widget_has_css_class(root, css_class) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found; child = gtk_widget_get_next_sibling(child))
    found = find_class(child, css_class);
  return found;
}

/* All of @widget is within the window. */
static void
assert_within(GtkWidget *widget, GtkWidget *window, int width)
{
  graphene_rect_t box;

  g_assert_nonnull(widget);
  g_assert_true(gtk_widget_compute_bounds(widget, window, &box));
  g_assert_cmpfloat(box.origin.x, >=, 0);
  g_assert_cmpfloat(box.origin.x + box.size.width, <=, width);
}

static int wished_width;

static gboolean
has_width(Show *show)
{
  return gtk_widget_get_width(GTK_WIDGET(show->window)) == wished_width;
}

/* Badges, buttons and clock are whole and within the window from a small laptop's width on, in every language. */
static void
test_narrow(void)
{
  static const char *const languages[] = { "fr", "en", "ar" };
  static const int widths[] = { 900, 970, 1100, 1366 };
  Show show = { 0 };

  open_show(&show, 120);
  set_link(&show, LOAD);
  for (guint l = 0; l < G_N_ELEMENTS(languages); l++) {
    casa_desk_window_set_language(show.window, languages[l]);
    for (guint i = 0; i < G_N_ELEMENTS(widths); i++) {
      g_autoptr(GString) cut = g_string_new(NULL);
      casa_desk_window_pose(show.window, widths[i], 700);
      wished_width = widths[i];
      wait_until(has_width, &show, "the width");
      spin(0.2);
      GtkWidget *window = GTK_WIDGET(show.window), *bar = find_class(window, "bar"), *save = find_class(window, "explore-out");
      assert_within(bar, window, widths[i]);
      assert_within(find_class(bar, "pill"), window, widths[i]);
      assert_within(save, window, widths[i]);
      collect_cut(bar, cut);
      collect_cut(gtk_widget_get_parent(save), cut);
      g_assert_cmpstr(cut->str, ==, "");
    }
  }
  casa_lang_set("fr");
  close_show(&show);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  adw_init();
  app = adw_application_new("io.github.casapulse.Test", G_APPLICATION_NON_UNIQUE);
  g_signal_connect(app, "activate", G_CALLBACK(activate_cb), NULL);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  g_test_add_func("/desk/explore/curves", test_curves);
  g_test_add_func("/desk/explore/link", test_link);
  g_test_add_func("/desk/explore/keys", test_keys);
  g_test_add_func("/desk/explore/forecast", test_forecast);
  g_test_add_func("/desk/explore/many", test_many);
  g_test_add_func("/desk/explore/export", test_export);
  g_test_add_func("/desk/explore/languages", test_languages);
  g_test_add_func("/desk/explore/narrow", test_narrow);
  const int status = g_test_run();
  g_object_unref(app);
  return status;
}
