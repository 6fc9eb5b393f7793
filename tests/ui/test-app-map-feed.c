/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "ui/scenes/map-feed.h"
#include <gtk/gtk.h>

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

/* The field takes the place of the districts when the middle station says much, and goes again. */
static void
test_field_comes_and_goes(Fixture *f, gconstpointer data)
{
  static const double levels[] = { 30, 200, 80, 60 };
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

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  g_test_add("/app/map-feed/nothing-said", Fixture, NULL, set_up, test_nothing_said, tear_down);
  g_test_add("/app/map-feed/dark-district", Fixture, NULL, set_up, test_dark_district, tear_down);
  g_test_add("/app/map-feed/field-comes-and-goes", Fixture, NULL, set_up, test_field_comes_and_goes, tear_down);
  return g_test_run();
}
