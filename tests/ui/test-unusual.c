/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "ui/data/unusual.h"
#include "ui/scenes/story.h"
#include "ui/scenes/unusual-words.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

/* What the wall finds unusual in a store: where, since when, how rare; nothing of what comes later; and in which words. */

#define NOW_MS G_GINT64_CONSTANT(1779285900000) /* Wednesday 20 May 2026, 14:05 UTC */
#define DAYS 9
#define CUT_MS (NOW_MS - 40 * CASA_MINUTE_MS)

typedef struct {
  AppFixture fixture;
  CasaUnusual *unusual;
  guint n_answers;
} Fixture;

static void
changed_cb(gpointer data)
{
  ((Fixture *)data)->n_answers++;
}

static double
usual_at(gint64 t_ms, guint salt)
{
  const double hour = (double)(t_ms % CASA_DAY_MS) / CASA_HOUR_MS;
  const guint noise = (guint)((guint64)(t_ms / 300000) * 2654435761u + salt * 40503u) >> 8;

  return 40 + 10 * sin((hour - 9) * G_PI / 12) + 0.4 * ((double)(noise % 1000) / 1000 - 0.5);
}

static void
describe(Fixture *f, const char *station, const char *district)
{
  const CasaDistrict *d = casa_city_district(f->fixture.city, district);

  app_fixture_describe(&f->fixture, "energy", station, station, d->centroid.lat, d->centroid.lon);
}

static void
set_up(Fixture *f, gconstpointer data)
{
  app_fixture_init(&f->fixture);
  describe(f, "sub-anfa", "anfa");
  describe(f, "sub-maarif", "maarif");
  for (gint64 t = NOW_MS - DAYS * CASA_DAY_MS; t < NOW_MS; t += 5 * CASA_MINUTE_MS) {
    app_fixture_put(&f->fixture, "city", "energy", "sub-anfa", "load_mw", usual_at(t, 1), t, APP_STORED);
    app_fixture_put(&f->fixture, "city", "energy", "sub-maarif", "load_mw", usual_at(t, 2) * (t >= CUT_MS ? 0.3 : 1), t,
                    APP_STORED);
  }
  f->unusual = casa_unusual_new(f->fixture.path, casa_store_catalogue(f->fixture.store), f->fixture.city, changed_cb, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_unusual_free(f->unusual);
  app_fixture_clear(&f->fixture);
}

static const GArray *
ask(Fixture *f, gint64 now_ms)
{
  const guint before = f->n_answers;

  /* As the model does: the store is not asked more often than every two seconds. */
  while (f->n_answers == before) {
    casa_unusual_want(f->unusual, f->fixture.indicators, now_ms);
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
  }
  return casa_unusual_alerts(f->unusual);
}

static void
test_found(Fixture *f, gconstpointer data)
{
  const GArray *alerts = ask(f, NOW_MS);

  g_assert_cmpuint(alerts->len, ==, 1);
  const CasaUnusualAlert *alert = &g_array_index(alerts, CasaUnusualAlert, 0);
  g_assert_cmpstr(alert->indicator->id, ==, "load");
  g_assert_cmpstr(alert->place, ==, "maarif");
  g_assert_true(alert->lasts);
  g_assert_cmpint(ABS(alert->since_ms - CUT_MS), <=, 10 * CASA_MINUTE_MS);
  g_assert_cmpfloat(alert->value, <, 0.5 * alert->expected);
  g_assert_cmpuint(alert->rank, ==, 1);
  g_assert_cmpuint(alert->of, >=, 3);
  g_assert_cmpint(alert->day, ==, CASA_DAY_WORKING);
  g_assert_cmpuint(alert->n_stations, ==, 1);
}

/* Before it began nobody knows of it, whatever is stored already. */
static void
test_looks_not_ahead(Fixture *f, gconstpointer data)
{
  g_assert_cmpuint(ask(f, CUT_MS)->len, ==, 0);
  g_assert_cmpuint(ask(f, NOW_MS)->len, ==, 1);
  g_assert_cmpuint(ask(f, CUT_MS - CASA_HOUR_MS)->len, ==, 0); /* a clock that is set back */
}

static void
test_words(Fixture *f, gconstpointer data)
{
  const CasaUnusualAlert alert = { .indicator = casa_indicators_find(f->fixture.indicators, "load"),
                                   .place = "maarif",
                                   .since_ms = CUT_MS,
                                   .until_ms = NOW_MS,
                                   .lasts = TRUE,
                                   .value = 14,
                                   .expected = 47,
                                   .rank = 1,
                                   .of = 12,
                                   .day = CASA_DAY_FRIDAY,
                                   .n_stations = 6,
                                   .n_agree = 5 };
  CasaUnusualAlert alone = alert;
  g_autoptr(CasaModel) model = app_fixture_model(&f->fixture);

  alone.n_agree = 1;
  casa_lang_set("fr");
  g_autofree char *fr = casa_unusual_line(model, &alert), *one = casa_unusual_not(&alone);
  g_assert_nonnull(strstr(fr, "Maârif : 14 au lieu de 47 MW"));
  g_assert_nonnull(strstr(fr, "1 vendredi sur 12"));
  g_assert_nonnull(strstr(fr, "aucun événement annoncé"));
  g_assert_nonnull(strstr(fr, "5 capteurs sur 6"));
  g_assert_nonnull(strstr(one, "peut-être une panne"));
  casa_lang_set("en");
  g_autofree char *en = casa_unusual_line(model, &alert);
  g_test_message("%s", en);
  g_assert_nonnull(strstr(en, "14 instead of 47 MW"));
  g_assert_nonnull(strstr(en, "1 Friday in 12"));
  casa_lang_set("ar");
  g_autofree char *ar = casa_unusual_line(model, &alert);
  g_assert_nonnull(strstr(ar, "المعاريف"));
}

/* The model's own clock: what the wall says and marks at that moment. */
static void
test_wall(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaClock) clock = casa_clock_new_replayed(NOW_MS, 1);
  const CasaModelSource source = { f->fixture.hub, casa_store_catalogue(f->fixture.store), f->fixture.path, .clock = clock,
                                   .indicators = f->fixture.indicators };
  g_autoptr(CasaModel) model = casa_model_new(&source, f->fixture.city);
  const gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  const char *const domains[] = { "energy", NULL };
  CasaStoryteller *teller = casa_storyteller_new();
  CasaPageNotice notice = { 0 };
  CasaStory story;
  gint64 now_ms = NOW_MS;

  casa_lang_set("fr");
  while (casa_model_unusual(model)->len == 0) {
    g_assert_cmpint(g_get_monotonic_time(), <, until);
    casa_model_tick(model, now_ms += 1000); /* it looks once a second of its clock */
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
  }
  casa_storyteller_read(teller, model, &notice, domains, &story);
  g_assert_nonnull(strstr(story.text, "Maârif"));
  g_assert_nonnull(strstr(story.text, "au lieu de"));
  g_assert_nonnull(strstr(story.text, "1 jour ouvrable sur"));
  g_assert_nonnull(strstr(story.text, "aucun événement annoncé"));
  casa_story_clear(&story);
  casa_unusual_flags_put(model);
  g_assert_cmpuint(casa_flags_n(casa_model_flags(model)), ==, 1);
  const CasaFlag *flag = casa_flags_get(casa_model_flags(model), 0);
  g_assert_cmpstr(flag->sign, ==, "≠");
  g_assert_cmpstr(flag->domain, ==, "energy");
  g_assert_cmpint(flag->to_ms, ==, CASA_FLAG_OPEN);
  casa_storyteller_free(teller);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/unusual/found", Fixture, NULL, set_up, test_found, tear_down);
  g_test_add("/unusual/looks-not-ahead", Fixture, NULL, set_up, test_looks_not_ahead, tear_down);
  g_test_add("/unusual/wall", Fixture, NULL, set_up, test_wall, tear_down);
  g_test_add("/unusual/words", Fixture, NULL, set_up, test_words, tear_down);
  return g_test_run();
}
