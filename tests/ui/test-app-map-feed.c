/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/time-units.h"
#include "ui/map/map-picture-private.h"
#include "ui/map/map-private.h"
#include "ui/scenes/map-card.h"
#include "ui/scenes/map-feed.h"
#include "ui/scenes/map-stations.h"
#include <gtk/gtk.h>
#include <malloc.h>

/* What stations say, and what the map is told of it. */

typedef struct {
  AppFixture app;
  CasaModel *model;
  CasaMap *map;
  CasaMapFeed *feed;
  gint64 now_ms;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  app_fixture_init(&f->app);
  f->model = app_fixture_model(&f->app);
  f->map = CASA_MAP(g_object_ref_sink(casa_map_new(casa_model_city(f->model))));
  f->feed = casa_map_feed_new(f->model, f->map);
  f->now_ms = casa_clock_now_ms();
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_map_feed_free(f->feed);
  g_object_unref(f->map);
  casa_model_free(f->model);
  app_fixture_clear(&f->app);
}

/* Every district's substation says @mw, but that of Maârif @maarif_mw; a moment later the model knows. */
static void
report_load(Fixture *f, double mw, double maarif_mw)
{
  const CasaCity *city = casa_model_city(f->model);

  f->now_ms += 1000;
  for (guint i = 0; i < city->n_districts; i++) {
    g_autofree char *id = g_strconcat("sub-", city->districts[i].id, NULL);
    gboolean here = g_str_equal(city->districts[i].id, "maarif");

    app_fixture_put(&f->app, "city", "energy", id, "load_mw", here ? maarif_mw : mw, f->now_ms, APP_LIVE);
  }
  casa_model_tick(f->model, f->now_ms);
}

/* Where nobody says anything, the caller has the map. */
static void
test_nothing_said(Fixture *f, gconstpointer data)
{
  double share;

  g_assert_false(casa_map_feed_update(f->feed));
  g_assert_null(casa_map_feed_dark_district(f->feed, &share));
}

/* A district is pointed at when it takes less than half of what is usual, not when all the city takes less. */
static void
test_dark_district(Fixture *f, gconstpointer data)
{
  double share = 1;

  report_load(f, 50, 54);
  g_assert_true(casa_map_feed_update(f->feed));
  g_assert_null(casa_map_feed_dark_district(f->feed, &share));
  report_load(f, 50, 0.8);
  casa_map_feed_update(f->feed);
  g_assert_nonnull(casa_map_feed_dark_district(f->feed, &share));
  g_assert_cmpstr(casa_map_feed_dark_district(f->feed, &share)->id, ==, "maarif");
  g_assert_cmpfloat(share, <, 0.05);
  report_load(f, 50, 54);
  casa_map_feed_update(f->feed);
  g_assert_null(casa_map_feed_dark_district(f->feed, &share));
  report_load(f, 20, 22); /* night falls */
  casa_map_feed_update(f->feed);
  g_assert_null(casa_map_feed_dark_district(f->feed, &share));
}

/* Whoever turns the page and comes back while a district is dark sees it dark: the map of the new page knows what was usual. */
static void
test_dark_on_next_page(Fixture *f, gconstpointer data)
{
  double share = 1;

  report_load(f, 50, 54);
  casa_map_feed_update(f->feed);
  report_load(f, 50, 0.8);
  casa_map_feed_free(f->feed);
  f->feed = casa_map_feed_new(f->model, f->map);
  casa_map_feed_update(f->feed);
  g_assert_nonnull(casa_map_feed_dark_district(f->feed, &share));
  g_assert_cmpfloat(share, <, 0.05);
}

/* A wall that starts while a district is dark knows from the store what it takes else. */
static void
test_dark_from_the_start(Fixture *f, gconstpointer data)
{
  const CasaCity *city = casa_model_city(f->model);
  const gint64 until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  double share = 1;

  for (guint i = 0; i < city->n_districts; i++) {
    g_autofree char *id = g_strconcat("sub-", city->districts[i].id, NULL);
    for (guint k = 1; k < 60; k++)
      app_fixture_put(&f->app, "city", "energy", id, "load_mw", 50, f->now_ms - k * 60000, APP_STORED);
  }
  do {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    report_load(f, 50, 0.8);
    casa_map_feed_update(f->feed);
    g_main_context_iteration(NULL, FALSE);
  } while (!casa_map_feed_dark_district(f->feed, &share));
  g_assert_cmpstr(casa_map_feed_dark_district(f->feed, &share)->id, ==, "maarif");
  g_assert_cmpfloat(share, <, 0.05);
}

static void
answered_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  *(gboolean *)data = TRUE;
}

/* Until all questions so far are answered: they are in the order in which they were asked. */
static void
settle_history(Fixture *f)
{
  const guint series = 0;
  const CasaHistoryQuery query = {
    .series = &series, .n_series = 1, .from_ms = f->now_ms - CASA_HOUR_MS, .to_ms = f->now_ms, .columns = 1
  };
  gboolean answered = FALSE;

  casa_history_service_ask(casa_model_history_service(f->model), &query, answered_cb, &answered);
  while (!answered)
    g_main_context_iteration(NULL, TRUE);
}

/* So does one whose past comes in only after it has started, as that of a simulator that fills what lacks. */
static void
test_dark_before_the_past(Fixture *f, gconstpointer data)
{
  const CasaCity *city = casa_model_city(f->model);
  const gint64 started_ms = f->now_ms, until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
  double share = 1;

  report_load(f, 50, 0.8);
  casa_map_feed_update(f->feed);
  settle_history(f);
  for (guint i = 0; i < city->n_districts; i++) {
    g_autofree char *id = g_strconcat("sub-", city->districts[i].id, NULL);
    for (guint k = 1; k < 60; k++)
      app_fixture_put(&f->app, "city", "energy", id, "load_mw", 50, started_ms - k * 60000, APP_STORED);
  }
  do {
    g_assert_cmpint(casa_clock_mono_us(), <, until);
    report_load(f, 50, 0.8);
    casa_map_feed_update(f->feed);
    g_main_context_iteration(NULL, FALSE);
  } while (!casa_map_feed_dark_district(f->feed, &share));
  g_assert_cmpfloat(share, <, 0.05);
}

/* The field takes the place of the districts when the middle station says much, and goes again. */
static void
test_field_comes_and_goes(Fixture *f, gconstpointer data)
{
  static const double levels[] = { 30, 200, 60, 45 };
  static const gboolean shown[] = { FALSE, TRUE, TRUE, FALSE };

  for (guint i = 0; i < 4; i++) {
    g_autofree char *id = g_strdup_printf("air-%u", i);

    app_fixture_describe(&f->app, "air", id, id, 33.55 + i * 0.01, -7.6);
  }
  for (guint k = 0; k < G_N_ELEMENTS(levels); k++) {
    f->now_ms += 1000;
    for (guint i = 0; i < 4; i++) {
      g_autofree char *id = g_strdup_printf("air-%u", i);

      app_fixture_put(&f->app, "city", "air", id, "pm10", levels[k], f->now_ms, APP_LIVE);
    }
    casa_model_tick(f->model, f->now_ms);
    g_assert_cmpint(casa_map_feed_update(f->feed), ==, shown[k]);
  }
}

/* Every word on the card, one after the other. */
static void
collect(GtkWidget *widget, GString *words)
{
  if (!gtk_widget_get_visible(widget))
    return;
  if (GTK_IS_LABEL(widget))
    g_string_append_printf(words, "%s|", gtk_label_get_text(GTK_LABEL(widget)));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    collect(child, words);
}

static char *
words_of_card(CasaMapCard *card, CasaMap *map, const CasaMapItem *item)
{
  GString *words = g_string_new(NULL);

  casa_map_select(map, item);
  casa_map_card_update(card);
  collect(casa_map_card_widget(card), words);
  return g_string_free(words, FALSE);
}

/* The card says what a thing is, what it measures, and whose it is; nothing is chosen, nothing is shown. */
static void
test_card(Fixture *f, gconstpointer data)
{
  CasaMapCard *card = casa_map_card_new(f->model, f->map);
  GtkWidget *held = g_object_ref_sink(casa_map_card_widget(card));
  const CasaCity *city = casa_model_city(f->model);
  CasaLatestValues *latest = casa_model_latest(f->model);
  guint team;

  app_fixture_describe(&f->app, "energy", "sub-maarif", "Poste de Maârif", 33.57, -7.63);
  report_load(f, 50, 54);
  app_fixture_put(&f->app, "equipe-7", "air", "kit-1", "pm10", 21, f->now_ms, APP_LIVE);
  casa_model_tick(f->model, f->now_ms + 1000);
  {
    guint key = casa_catalogue_find_station(casa_latest_values_catalogue(latest), "city", "energy", "sub-maarif");
    g_autofree char *words = words_of_card(card, f->map, &(CasaMapItem){ .kind = CASA_MAP_STATION, .key = key });

    g_assert_nonnull(strstr(words, "Poste de Maârif|"));
    g_assert_nonnull(strstr(words, "54"));
    g_assert_nonnull(strstr(words, "simulé"));
  }
  team = casa_catalogue_find_station(casa_latest_values_catalogue(latest), "equipe-7", "air", "kit-1");
  g_autofree char *theirs = words_of_card(card, f->map, &(CasaMapItem){ .kind = CASA_MAP_STATION, .key = team });
  g_assert_nonnull(strstr(theirs, "équipe equipe-7"));
  g_assert_nonnull(strstr(theirs, "21"));
  g_assert_null(strstr(theirs, "54"));
  g_autofree char *line = words_of_card(card, f->map, &(CasaMapItem){ .kind = CASA_MAP_LINE, .line = &city->lines[0] });
  g_assert_nonnull(strstr(line, "T1|"));
  g_autofree char *place =
    words_of_card(card, f->map, &(CasaMapItem){ .kind = CASA_MAP_DISTRICT, .district = casa_city_district(city, "maarif") });
  g_assert_nonnull(strstr(place, "Maârif|"));
  g_autofree char *stop = words_of_card(
    card, f->map, &(CasaMapItem){ .kind = CASA_MAP_STOP, .stop = &city->lines[0].stops[2], .line = &city->lines[0] });
  g_assert_nonnull(strstr(stop, city->lines[0].stops[2].name_fr));
  g_autofree char *nothing = words_of_card(card, f->map, &(CasaMapItem){ .kind = CASA_MAP_NOTHING });
  g_assert_cmpstr(nothing, ==, "");
  g_object_unref(held);
}

/* What the heap holds; 0 where a sanitizer has it. */
static gsize
held_bytes(void)
{
  return mallinfo2().uordblks;
}

/* The wall as it goes on: news, badges, rings. Returns how many badges there are. */
static guint
look(Fixture *f)
{
  f->now_ms += 1000;
  casa_model_tick(f->model, f->now_ms);
  casa_map_feed_update(f->feed);
  while (g_main_context_iteration(NULL, FALSE)) /* answers of other threads */
    ;
  g_autoptr(GArray) badges = casa_map_stations_read(f->model, app_indicator(f->model, "pm10"), FALSE);
  return badges->len;
}

static void
rename_often(Fixture *f, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("Capteur %u, qui change de nom à chaque message", i);

    app_fixture_describe_of(&f->app, "equipe-7", "air", "kit-1", name, 33.58, -7.6);
    g_assert_cmpuint(look(f), ==, 1);
  }
}

/* A stranger may rename a station all day, and the wall holds no more for it. Other threads take memory once, each name would
 * take some every time. */
static void
test_renamed_all_day(Fixture *f, gconstpointer data)
{
  gssize least = G_MAXSSIZE;

  casa_catalogue_set_patience(casa_store_catalogue(f->app.store), 0);
  app_fixture_put(&f->app, "equipe-7", "air", "kit-1", "pm10", 21, f->now_ms, APP_LIVE);
  rename_often(f, 1000);
  for (guint i = 0; i < 4; i++) {
    gssize before = (gssize)held_bytes();
    rename_often(f, 1000);
    least = MIN(least, (gssize)held_bytes() - before);
  }
  g_test_message("1,000 names more: %zd bytes", least);
  g_assert_cmpint(least, <, 20000); /* a name has some 50 */
}

/* However many stations a stranger invents (the store bounds them), the map shows few. */
static void
test_invented(Fixture *f, gconstpointer data)
{
  guint most = 0;

  for (guint i = 0; i < 3000; i++) {
    g_autofree char *id = g_strdup_printf("st-%u", i);

    app_fixture_describe_of(&f->app, "equipe-7", "air", id, id, 33.4 + i % 100 * 0.003, -7.7 + i / 100 * 0.01);
    app_fixture_put(&f->app, "equipe-7", "air", id, "pm10", 9999, f->now_ms, APP_LIVE);
    if (i % 100 == 0)
      most = MAX(most, look(f));
  }
  most = MAX(most, look(f));
  g_assert_cmpuint(most, >, 0);
  g_assert_cmpuint(most, <=, 24);
  g_assert_cmpuint(casa_latest_values_n_stations(casa_model_latest(f->model)), ==, 3000);
}

/* It rains on the map while that is told, as strongly as the strongest that is on; and no longer. */
static void
test_rain(Fixture *f, gconstpointer data)
{
  const double expected[] = { 0, 0.4, 0.9, 0.4, 0 };
  const gint64 begin = f->now_ms;
  gboolean changed;

  for (guint i = 0; i < 2; i++) {
    CasaEvent event = { .source = "city", .event = "rain", .intensity = i ? 0.9 : 0.4 };
    g_snprintf(event.id, sizeof event.id, "rain-%u", i);
    event.start_ms = begin + (i ? 20000 : 10000);
    event.end_ms = begin + (i ? 30000 : 40000);
    g_assert_true(casa_store_put_event(f->app.store, &event, begin, &changed, NULL));
  }
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    const gint64 now_ms = begin + (i * 10 + 5) * 1000, until = casa_clock_mono_us() + 60 * G_USEC_PER_SEC;
    guint tick = 0;
    do { /* the store answers when it has */
      g_assert_cmpint(casa_clock_mono_us(), <, until);
      casa_model_tick(f->model, now_ms + (tick++ % 2) * 1000);
      g_main_context_iteration(NULL, FALSE);
      g_usleep(1000);
      casa_map_feed_update(f->feed);
    } while (f->map->picture->rain != expected[i]);
  }
}

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  g_test_add("/app/map-feed/nothing-said", Fixture, NULL, set_up, test_nothing_said, tear_down);
  g_test_add("/app/map-feed/dark-district", Fixture, NULL, set_up, test_dark_district, tear_down);
  g_test_add("/app/map-feed/dark-on-next-page", Fixture, NULL, set_up, test_dark_on_next_page, tear_down);
  g_test_add("/app/map-feed/dark-before-the-past", Fixture, NULL, set_up, test_dark_before_the_past, tear_down);
  g_test_add("/app/map-feed/dark-from-the-start", Fixture, NULL, set_up, test_dark_from_the_start, tear_down);
  g_test_add("/app/map-feed/field-comes-and-goes", Fixture, NULL, set_up, test_field_comes_and_goes, tear_down);
  g_test_add("/app/map-feed/card", Fixture, NULL, set_up, test_card, tear_down);
  g_test_add("/app/map-feed/renamed-all-day", Fixture, NULL, set_up, test_renamed_all_day, tear_down);
  g_test_add("/app/map-feed/rain", Fixture, NULL, set_up, test_rain, tear_down);
  g_test_add("/app/map-feed/invented", Fixture, NULL, set_up, test_invented, tear_down);
  return g_test_run();
}
