/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "app-look.h"
#include "base/clock.h"
#include "casa-build.h"
#include "ui/desk/desk-window.h"
#include "ui/desk/diagnose-command.h"
#include "ui/desk/diagnose-page.h"
#include "ui/kit/screenshot.h"
#include "ui/shell/ticker.h"
#include "ui/text/lang.h"

#include <sqlite3.h>
#include <string.h>

/* The diagnose page over a real store and what a guard wrote, in a real window. */

typedef struct {
  AppFixture fixture;
  CasaConfig *config;
  CasaModel *model;
  CasaTicker *ticker;
  CasaKeepsakes *keepsakes;
  CasaTeamGate *gate;
  CasaDeskWindow *window;
} Show;

static AdwApplication *app;

static void
spin(double seconds)
{
  const gint64 until = casa_clock_mono_us() + (gint64)(seconds * G_USEC_PER_SEC);

  while (casa_clock_mono_us() < until) {
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static gboolean
has(Show *show, const char *text)
{
  return app_look_has_text(GTK_WIDGET(show->window), text);
}

static void
wait_for_text(Show *show, const char *text)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;

  while (!has(show, text)) {
    if (casa_clock_mono_us() > until)
      g_error("waited in vain for \"%s\"", text);
    spin(0.02);
  }
}

/* As the recorder writes it. */
static void
refuse(Show *show, const char *topic, const char *payload, const char *code, const char *args)
{
  sqlite3 *db;
  sqlite3_stmt *stmt;

  g_assert_cmpint(sqlite3_open(show->fixture.path, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_busy_timeout(db, 30000), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db,
                                     "INSERT INTO rejection_log(received_ms, topic, payload, code, reason, args)"
                                     " VALUES(?1, ?2, ?3, ?4, '', ?5)",
                                     -1, &stmt, NULL),
                  ==, SQLITE_OK);
  sqlite3_bind_int64(stmt, 1, casa_clock_now_ms());
  sqlite3_bind_text(stmt, 2, topic, -1, SQLITE_STATIC);
  sqlite3_bind_blob(stmt, 3, payload, (int)strlen(payload), SQLITE_STATIC);
  sqlite3_bind_text(stmt, 4, code, -1, SQLITE_STATIC);
  sqlite3_bind_text(stmt, 5, args, -1, SQLITE_STATIC);
  g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_DONE);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
}

static void
write_file(Show *show, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(show->fixture.dir, name, NULL);

  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
open_show(Show *show)
{
  g_autoptr(GError) error = NULL;

  casa_lang_set("fr");
  app_fixture_init(&show->fixture);
  CasaConfigOverrides overrides = { .dir = CASA_SOURCE_ROOT "/config", .store = show->fixture.path };
  show->config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  g_free(show->config->teams_folder);
  show->config->teams_folder = g_strdup(show->fixture.dir);
  write_file(show, "equipe-4.password", "x");
  write_file(show, "equipe-7.password", "x");
  write_file(show, "city.password", "x");
  show->config->teams_user = g_strdup("teams");
  show->config->teams_password = g_strdup("x");
  g_free(show->config->broker_url);
  show->config->broker_url = g_strdup("mqtt://127.0.0.1:1"); /* where nobody answers */
  show->gate = casa_team_gate_new(show->config);
  show->keepsakes = casa_keepsakes_new(NULL);
  const CasaModelSource source = { show->fixture.hub,
                                   casa_store_catalogue(show->fixture.store),
                                   show->fixture.path,
                                   .indicators = show->fixture.indicators,
                                   .store = show->fixture.store,
                                   .keepsakes = show->keepsakes,
                                   .gate = show->gate };
  show->model = casa_model_new(&source, show->fixture.city);
  show->ticker = casa_ticker_new(show->model);
  show->window = casa_desk_window_new(app, show->model, show->keepsakes, "dark");
  casa_ticker_follow(show->ticker, GTK_WIDGET(show->window));
  casa_desk_window_diagnose(show->window, show->config, "equipe-4");
  casa_desk_window_pose(show->window, 1200, 800);
  gtk_window_present(GTK_WINDOW(show->window));
}

static void
close_show(Show *show)
{
  if (show->window)
    gtk_window_destroy(GTK_WINDOW(show->window));
  spin(0.05);
  casa_ticker_free(show->ticker);
  casa_model_free(show->model);
  casa_team_gate_free(show->gate);
  g_object_unref(show->keepsakes);
  casa_config_free(show->config);
  app_fixture_clear(&show->fixture);
}

static void
press(Show *show, guint key)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(show->window));

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    gboolean handled = FALSE;
    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", key, 0u, (GdkModifierType)0, &handled);
  }
}

/* Escape goes back to the other window, if there is one; where the desk is all there is, it stays. */
static void
test_way_out(void)
{
  Show show;

  open_show(&show);
  gpointer desk = show.window;
  g_object_add_weak_pointer(G_OBJECT(desk), &desk);
  press(&show, GDK_KEY_Escape);
  spin(0.05);
  g_assert_nonnull(desk);
  GtkWidget *hall = gtk_application_window_new(GTK_APPLICATION(app));
  press(&show, GDK_KEY_x);
  spin(0.05);
  g_assert_nonnull(desk);
  press(&show, GDK_KEY_Escape);
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  while (desk && casa_clock_mono_us() < until)
    spin(0.02);
  g_assert_null(desk);
  show.window = NULL;
  close_show(&show);
  gtk_window_destroy(GTK_WINDOW(hall));
}

static const char BRANCH[] = "casa/v1/equipe-4/air/toit/pressure_hpa";

/* Each trouble in turn, as a team meets them; the page follows by itself. */
static void
test_way(void)
{
  Show show;

  open_show(&show);
  g_auto(GStrv) teams = casa_diagnose_teams(show.config);
  g_assert_cmpstr(teams[0], ==, "equipe-4");
  g_assert_cmpstr(teams[1], ==, "equipe-7");
  g_assert_null(teams[2]);
  wait_for_text(&show, "J'attends votre premier message.");
  const gint64 now = casa_clock_now_ms();
  g_autofree char *denied = g_strdup_printf("[equipe-4]\nactive=1\nsince_ms=%" G_GINT64_FORMAT
                                            "\ndenied=1\ndenied_ms=%" G_GINT64_FORMAT "\ndenied_topic=casa/v1/equipe-5/air/x\n",
                                            now, now);
  write_file(&show, "teams-seen", denied);
  wait_for_text(&show, "Vos messages vont à un sujet qui n'est pas à vous.");
  g_assert_true(has(&show, "casa/v1/equipe-5/air/x"));
  refuse(&show, BRANCH, "1,013.25", "number",
         "[{\"why\":\"thousands\",\"field\":\"value\",\"got\":\"1,013.25\",\"wanted\":\"1013.25\"}]");
  wait_for_text(&show, "Vos messages arrivent, mais ne sont pas compris.");
  g_assert_true(has(&show, "1,013.25 → 1013.25"));
  g_assert_true(has(&show, "« 1,013.25 » n'est pas un nombre ; pas de séparateur de milliers : 1013.25"));
  g_assert_true(has(&show, "-t 'casa/v1/equipe-4/air/toit/pressure_hpa' -m '1013.25'"));
  refuse(&show, BRANCH, "<b>\x01</b>", "json", "[]");
  wait_for_text(&show, "<b>\\x01</b>");               /* never markup */
  g_assert_true(has(&show, "Ce n'est pas du JSON.")); /* of which only the code is known */
  app_fixture_put(&show.fixture, "equipe-4", "air", "toit", "pressure_hpa", 1013.25, casa_clock_now_ms() + 5, APP_STORED);
  wait_for_text(&show, "Tout est stocké ; la salle ne le voit pas encore.");
  casa_keepsakes_show(show.keepsakes, "equipe-4", TRUE);
  wait_for_text(&show, "Tout arrive");
  close_show(&show);
}

/* Nothing is cut, small or wordless in three languages; pictures stay to be looked at. */
static void
test_languages(void)
{
  static const char *const languages[] = { "fr", "ar", "en" }, *const themes[] = { "dark", "light", "contrast" };
  static const char *const titles[] = { "Vos messages arrivent, mais ne sont pas compris.", "رسائلكم تصل لكنها غير مفهومة.",
                                        "Your messages arrive, but are not understood." };
  Show show;

  open_show(&show);
  refuse(&show, "casa/v1/equipe-4/Air/toit/pressure_hpa", "1013.02", "topic",
         "[{\"why\":\"topic-chars\",\"field\":\"domain\",\"got\":\"Air\"}]");
  refuse(&show, BRANCH, "1,013.18", "number",
         "[{\"why\":\"thousands\",\"field\":\"value\",\"got\":\"1,013.18\",\"wanted\":\"1013.18\"}]");
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("diagnose-%s.png", languages[i]), *path = app_look_artifact(name);
    g_autoptr(GError) error = NULL;
    casa_desk_window_set_language(show.window, languages[i]);
    casa_desk_window_set_theme(show.window, themes[i]);
    casa_desk_window_pose(show.window, 1200, 800);
    wait_for_text(&show, titles[i]);
    spin(0.3);
    const gboolean done = casa_screenshot_save(casa_desk_window_picture(show.window), path, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    g_assert_true(has(&show, "Air → air"));
    g_assert_cmpfloat(app_look_smallest_px(casa_desk_window_picture(show.window)), >=, 13);
  }
  g_assert_null(casa_desk_window_explore(show.window));
  casa_desk_window_go(show.window, CASA_DESK_EXPLORE);
  g_assert_nonnull(casa_desk_window_explore(show.window));
  close_show(&show);
}

/* The button of @label; NULL: none is seen. */
static GtkWidget *
find_button(GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON(widget) && g_strcmp0(gtk_button_get_label(GTK_BUTTON(widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_button(child, label);
    if (found)
      return found;
  }
  return NULL;
}

static void
click(Show *show, const char *label)
{
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  GtkWidget *button;

  while (!(button = find_button(GTK_WIDGET(show->window), label))) {
    if (casa_clock_mono_us() > until)
      g_error("there is no button \"%s\"", label);
    spin(0.02);
  }
  g_signal_emit_by_name(button, "clicked");
}

static void
type_into(GtkWidget *widget, const char *old, const char *text)
{
  if (GTK_IS_ENTRY(widget) && g_strcmp0(gtk_editable_get_text(GTK_EDITABLE(widget)), old) == 0)
    gtk_editable_set_text(GTK_EDITABLE(widget), text);
  else
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
      type_into(child, old, text);
}

/* What is typed is judged as it would be stored, and nothing of it is. */
static void
test_try(void)
{
  Show show;

  open_show(&show);
  wait_for_text(&show, "J'attends votre premier message.");
  click(&show, "Essayer sans envoyer · F3");
  wait_for_text(&show, "Collez ici ce que votre appareil envoie.");
  type_into(GTK_WIDGET(show.window), "", "{\"pm10\": 74.2}");
  wait_for_text(&show, "✓ Serait stocké : 1");
  g_assert_true(has(&show, "toit/pm10 74.2 µg/m³"));
  type_into(GTK_WIDGET(show.window), "casa/v1/equipe-4/air/toit", "casa/v1/equipe-4/air/toit/pressure_hpa");
  type_into(GTK_WIDGET(show.window), "{\"pm10\": 74.2}", "1,013.25");
  wait_for_text(&show, "✕ Serait refusé");
  g_assert_true(has(&show, "1,013.25 → 1013.25"));
  type_into(GTK_WIDGET(show.window), "casa/v1/equipe-4/air/toit/pressure_hpa", "casa/v1/equipe-4/air/toit");
  type_into(GTK_WIDGET(show.window), "1,013.25", "{\"temp_c\": 21, \"pm10\": \"lots\"}");
  wait_for_text(&show, "▲ En partie : 1, le reste est refusé");
  type_into(GTK_WIDGET(show.window), "{\"temp_c\": 21, \"pm10\": \"lots\"}", "<b>");
  wait_for_text(&show, "✕ Serait refusé");
  spin(0.3);
  wait_for_text(&show, "J'attends votre premier message."); /* none of it came to the store */
  close_show(&show);
}

/* Each language quotes as it must, whatever a stranger wrote. */
static void
test_command(void)
{
  Show show;
  g_autofree char *pub = casa_diagnose_command_line(CASA_COMMAND_PUB, "hôte", 1883, "equipe-4", "a/b", "it's $HOME");
  g_autofree char *python = casa_diagnose_command_line(CASA_COMMAND_PYTHON, "h", 1883, "equipe-4", "a/\xc3\xa9", "\"\\\n");
  g_autofree char *arduino = casa_diagnose_command_line(CASA_COMMAND_ARDUINO, "h", 1883, "equipe-4", "a/b", "\"21\"");

  g_assert_cmpstr(pub, ==, "mosquitto_pub -h hôte -p 1883 -u equipe-4 -t 'a/b' -m 'it'\\''s $HOME'");
  g_assert_nonnull(strstr(python, "mqtt.single(\"a/\xc3\xa9\", \"\\\"\\\\\\n\", hostname=\"h\", port=1883"));
  g_assert_cmpstr(arduino, ==, "client.publish(\"a/b\", \"\\\"21\\\"\");");
  open_show(&show);
  refuse(&show, BRANCH, "1,013.25", "number",
         "[{\"why\":\"thousands\",\"field\":\"value\",\"got\":\"1,013.25\",\"wanted\":\"1013.25\"}]");
  wait_for_text(&show, "mosquitto_pub -h");
  click(&show, "Python");
  wait_for_text(&show, "mqtt.single(\"casa/v1/equipe-4/air/toit/pressure_hpa\", \"1013.25\"");
  click(&show, "Arduino");
  wait_for_text(&show, "client.publish(\"casa/v1/equipe-4/air/toit/pressure_hpa\", \"1013.25\");");
  close_show(&show);
}

/* Calling for help is seen on the organiser's page, where teams and reports are shown and hidden. */
static void
test_teams(void)
{
  static const char *const languages[] = { "fr", "ar", "en" }, *const themes[] = { "dark", "light", "contrast" };
  const CasaReport lamp = {
    .source = "equipe-4", .id = "r-1", .service = "eclairage", .lat = 33.58, .lon = -7.6, .text = "<b>Lampe</b> éteinte"
  };
  g_autoptr(GError) error = NULL;
  gboolean changed;
  Show show;

  open_show(&show);
  app_fixture_put(&show.fixture, "equipe-4", "air", "toit", "pressure_hpa", 1013.25, casa_clock_now_ms(), APP_LIVE);
  g_assert_true(casa_store_put_report(show.fixture.store, &lamp, casa_clock_now_ms(), &changed, &error));
  click(&show, "Appeler un organisateur · F2");
  wait_for_text(&show, "✓ L'organisateur est appelé · F2 : annuler");
  g_assert_true(casa_keepsakes_is_called(show.keepsakes, "equipe-4"));
  casa_desk_window_go(show.window, CASA_DESK_TEAMS);
  wait_for_text(&show, "▲ à aider");
  wait_for_text(&show, "<b>Lampe</b> éteinte"); /* never markup */
  casa_keepsakes_call(show.keepsakes, "equipe-4", FALSE);
  wait_for_text(&show, "Équipes · en attente : 1");
  click(&show, "Montrer"); /* the first: the team */
  wait_for_text(&show, "● montrée");
  g_assert_true(casa_keepsakes_is_shown(show.keepsakes, "equipe-4"));
  wait_for_text(&show, "Signalements · en attente : 1");
  click(&show, "Montrer"); /* the report, which is the only one left */
  wait_for_text(&show, "● montré");
  wait_for_text(&show, "Signalements · en attente : 0");
  for (guint i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("desk-teams-%s.png", languages[i]), *path = app_look_artifact(name);
    casa_desk_window_set_language(show.window, languages[i]);
    casa_desk_window_set_theme(show.window, themes[i]);
    casa_desk_window_pose(show.window, 1200, 800);
    spin(0.5);
    g_assert_true(casa_screenshot_save(casa_desk_window_picture(show.window), path, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(app_look_smallest_px(casa_desk_window_picture(show.window)), >=, 13);
  }
  close_show(&show);
}

/* K on the row of a team asks the broker to shut it out; that nobody answers stands in the row, and it is not shut out then. */
static void
test_shut_out(void)
{
  Show show;

  open_show(&show);
  app_fixture_put(&show.fixture, "equipe-4", "air", "toit", "pressure_hpa", 1013.25, casa_clock_now_ms(), APP_LIVE);
  casa_desk_window_go(show.window, CASA_DESK_TEAMS);
  wait_for_text(&show, "○ attend");
  GtkWidget *row = gtk_widget_get_ancestor(app_look_find(GTK_WIDGET(show.window), "quiet", 1), GTK_TYPE_LIST_BOX_ROW);
  g_assert_true(gtk_widget_grab_focus(row));
  press(&show, GDK_KEY_k);
  wait_for_text(&show, "… demandé");
  wait_for_text(&show, "127.0.0.1:1"); /* of the fault */
  wait_for_text(&show, "○ attend");
  g_assert_cmpint(casa_team_gate_state(show.gate, "equipe-4"), ==, CASA_GATE_OPEN);
  close_show(&show);
}

static void
activate_cb(GApplication *application, gpointer data)
{
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  adw_init();
  app = adw_application_new("io.github.casapulse.Test", G_APPLICATION_NON_UNIQUE);
  g_signal_connect(app, "activate", G_CALLBACK(activate_cb), NULL);
  g_assert_true(g_application_register(G_APPLICATION(app), NULL, NULL));
  g_test_add_func("/desk/diagnose/way", test_way);
  g_test_add_func("/desk/diagnose/languages", test_languages);
  g_test_add_func("/desk/diagnose/try", test_try);
  g_test_add_func("/desk/diagnose/command", test_command);
  g_test_add_func("/desk/diagnose/teams", test_teams);
  g_test_add_func("/desk/diagnose/shut-out", test_shut_out);
  g_test_add_func("/desk/diagnose/way-out", test_way_out);
  const int status = g_test_run();
  g_object_unref(app);
  return status;
}
