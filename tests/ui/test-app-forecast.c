/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "ui/chart/chart.h"
#include "ui/scenes/scene-world.h"
#include "ui/shell/ticker.h"
#include "ui/shell/window.h"
#include "ui/stage/clicker.h"
#include "ui/text/lang.h"
#include <adwaita.h>
#include <string.h>

/* The panel that shows the hours to come: dotted, in its band, with a badge; with too little stored it says so and keeps no
 * room. */

#define SCENE "[scene wall]\ntitle_fr = Demain\ngrid = 1920 1080\npanel = panel 32 112 900 600 domain=energy ahead=6\n"

typedef struct {
  AppFixture fixture;
  CasaModel *model;
  CasaTicker *ticker;
  CasaSceneList *scenes;
  CasaWindow *window;
} Stage;

static AdwApplication *app; /* one for the whole program: it cannot be registered twice */

static gboolean
is_ready(CasaModel *model)
{
  return casa_model_ready(model);
}

static double
load_at(gint64 t_ms)
{
  return 120 + 40 * (double)(t_ms / CASA_HOUR_MS % 24) / 24;
}

/* Hours of both substations before the day that the fixture fills. */
static void
put_weeks(Stage *stage, gint64 now_ms, guint days)
{
  for (gint64 t = now_ms - days * CASA_DAY_MS; t < now_ms - 25 * CASA_HOUR_MS; t += CASA_HOUR_MS) {
    app_fixture_put(&stage->fixture, "city", "energy", "sub-anfa", "load_mw", load_at(t), t, APP_STORED);
    app_fixture_put(&stage->fixture, "city", "energy", "sub-maarif", "load_mw", load_at(t), t, APP_STORED);
  }
}

static void
stage_open(Stage *stage, const char *language, guint days)
{
  const gint64 now = casa_clock_now_ms();

  *stage = (Stage){ 0 };
  app_fixture_init(&stage->fixture);
  put_weeks(stage, now, days);
  app_fixture_fill(&stage->fixture, now, 24 * 60);
  g_autofree char *path = g_build_filename(stage->fixture.dir, "scenes.conf", NULL);
  g_assert_true(g_file_set_contents(path, SCENE, -1, NULL));
  stage->model = app_fixture_model(&stage->fixture);
  g_assert_true(app_fixture_wait(stage->model, is_ready, 60));
  stage->scenes = casa_scene_list_new(path, casa_scene_world(stage->fixture.indicators));
  g_assert_null(casa_scene_list_fault(stage->scenes));
  casa_lang_set(language);
  stage->window = casa_window_new(app, stage->model, stage->scenes, "dark");
  stage->ticker = casa_ticker_new(stage->model);
  casa_ticker_follow(stage->ticker, GTK_WIDGET(stage->window));
  casa_window_pose(stage->window, 1280, 720);
  gtk_window_present(GTK_WINDOW(stage->window));
}

static void
stage_close(Stage *stage)
{
  gtk_window_destroy(GTK_WINDOW(stage->window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
  casa_ticker_free(stage->ticker);
  g_object_unref(stage->scenes);
  casa_model_free(stage->model);
  app_fixture_clear(&stage->fixture);
}

static CasaChart *
find_chart(GtkWidget *widget)
{
  if (CASA_IS_CHART(widget))
    return CASA_CHART(widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    CasaChart *found = find_chart(child);
    if (found)
      return found;
  }
  return NULL;
}

/* Until the chart has a badge: the store has answered. */
static const CasaChartPicture *
wait_for_badge(Stage *stage)
{
  const gint64 until = casa_clock_mono_us() + 120 * G_USEC_PER_SEC;

  for (;;) {
    CasaChart *chart = find_chart(casa_window_picture(stage->window));
    if (chart && casa_chart_picture(chart)->ahead.badge)
      return casa_chart_picture(chart);
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static const CasaChartLine *
ahead_line(const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_lines; i++)
    if (picture->lines[i].ahead)
      return &picture->lines[i];
  return NULL;
}

/* What a screen reader says of the chart. (transfer full) */
static char *
spoken(Stage *stage)
{
  return gtk_test_accessible_check_property(GTK_ACCESSIBLE(find_chart(casa_window_picture(stage->window))),
                                            GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
}

/* In the French of the source: the end of the sentence that is looked for. */
static void
wait_spoken(Stage *stage, const char *words)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  for (;;) {
    g_autofree char *text = spoken(stage);
    if (text && strstr(text, words))
      return;
    if (casa_clock_mono_us() > until)
      g_error("\"%s\" is not said: %s", words, text ? text : "nothing");
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static void
test_known(gconstpointer data)
{
  const char *language = data;
  Stage stage;
  double low, middle, high;

  stage_open(&stage, language, 18);
  const CasaChartPicture *picture = wait_for_badge(&stage);
  g_assert_cmpstr(picture->ahead.badge, ==, casa_tr("◇ prévu · 80 %"));
  g_assert_true(g_str_equal(language, "fr") || !g_str_equal(picture->ahead.badge, "◇ prévu · 80 %"));
  g_assert_cmpint(picture->to_ms - picture->now_ms, ==, 6 * CASA_HOUR_MS);
  g_assert_cmpint(picture->last_pane_ms, ==, 0);
  const CasaChartLine *line = ahead_line(picture);
  g_assert_nonnull(line);
  g_assert_true(line->dotted);
  const gint64 t_ms = picture->now_ms + 5 * CASA_HOUR_MS;
  g_assert_true(casa_pyramid_at(line->data, t_ms, CASA_HOUR_MS, &middle));
  g_assert_true(casa_pyramid_at(picture->ahead.low, t_ms, CASA_HOUR_MS, &low));
  g_assert_true(casa_pyramid_at(picture->ahead.high, t_ms, CASA_HOUR_MS, &high));
  g_assert_cmpfloat(low, <=, middle);
  g_assert_cmpfloat(middle, <=, high);
  g_assert_cmpfloat(low, <, high);
  wait_spoken(&stage, g_str_equal(language, "fr")   ? "prévu pour"
                      : g_str_equal(language, "en") ? "forecast for"
                                                    : "المتوقع عند");
  wait_spoken(&stage, "80 %");
  stage_close(&stage);
}

static void
test_not_yet(void)
{
  Stage stage;

  stage_open(&stage, "fr", 3);
  const CasaChartPicture *picture = wait_for_badge(&stage);
  g_assert_cmpstr(picture->ahead.badge, ==, "◇ prévision : pas encore");
  g_assert_null(picture->ahead.low);
  g_assert_null(ahead_line(picture));
  g_assert_cmpint(picture->to_ms, ==, picture->now_ms);
  wait_spoken(&stage, "pas encore");
  stage_close(&stage);
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  g_test_init(&argc, &argv, NULL);
  app = adw_application_new("io.github.casapulse.TestForecast", G_APPLICATION_NON_UNIQUE);
  gboolean registered = g_application_register(G_APPLICATION(app), NULL, &error);
  g_assert_no_error(error);
  g_assert_true(registered);
  g_test_add_data_func("/app/forecast/known/fr", "fr", test_known);
  g_test_add_data_func("/app/forecast/known/ar", "ar", test_known);
  g_test_add_data_func("/app/forecast/known/en", "en", test_known);
  g_test_add_func("/app/forecast/not-yet", test_not_yet);
  int status = g_test_run();
  g_object_unref(app);
  return status;
}
