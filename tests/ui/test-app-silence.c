/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

/* When a wall says that nobody is heard, that a past still comes in, or that all is well. */

static gboolean
is_settled(CasaModel *model)
{
  return casa_model_settled(model);
}

static void
push(AppFixture *fixture, guint series, gint64 t_ms)
{
  casa_hub_push(fixture->hub, &(CasaLive){ series, FALSE, t_ms, t_ms, 30 });
}

/* The first badge, and whether another calls what is shown a last value. */
static CasaBadgeKind
first_badge(CasaModel *model, gboolean *last)
{
  CasaBadgeWords words[CASA_BADGES_MAX];
  guint n = casa_phrases_badges(casa_model_summary(model), words);
  CasaBadgeKind first = words[0].kind;

  *last = FALSE;
  for (guint i = 0; i < n; i++) {
    *last |= words[i].kind == CASA_BADGE_LAST;
    g_free(words[i].text);
  }
  return first;
}

static gboolean
is_mute(CasaModel *model)
{
  gboolean last;

  return first_badge(model, &last) == CASA_BADGE_MUTE;
}

static guint
add_series(AppFixture *fixture, const char *source, guint i)
{
  CasaCatalogue *catalogue = casa_store_catalogue(fixture->store);
  g_autofree char *id = g_strdup_printf("road-%u", i);

  app_fixture_put(fixture, source, "mobility", id, "speed_kmh", 30, casa_clock_now_ms() - 7200000, APP_STORED);
  return casa_catalogue_find_series(catalogue, casa_catalogue_find_station(catalogue, source, "mobility", id), "speed_kmh");
}

/* A busy city whose sensors all stop is silent after three seconds, and stays it: the fewer there are left, the less is no
 * calm. */
static void
test_silence(void)
{
  AppFixture fixture = { 0 };
  guint series[20], team;
  gint64 now;

  app_fixture_init(&fixture);
  for (guint i = 0; i < G_N_ELEMENTS(series); i++)
    series[i] = add_series(&fixture, "city", i);
  team = add_series(&fixture, "equipe-7", 0);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  now = casa_clock_now_ms() + 1000;
  for (guint s = 0; s < 20; s++, now += 1000) {
    for (guint i = 0; i < G_N_ELEMENTS(series); i++)
      push(&fixture, series[i], now);
    casa_model_tick(model, now);
  }
  now -= 1000;
  casa_model_tick(model, now + 2000);
  g_assert_false(is_mute(model));
  for (guint s = 4; s < 600; s += s < 60 ? 1 : 60) {
    push(&fixture, team, now + s * 1000); /* somebody else's sensor does not speak for the city */
    casa_model_tick(model, now + s * 1000);
    g_assert_true(is_mute(model));
  }
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* A busy city whose sensors stop before any of them has reported twice: silent all the same. One that reports as much in one
 * burst may do so once a minute. */
static void
test_silence_at_first(void)
{
  for (guint apart_ms = 0; apart_ms <= 100; apart_ms += 100) {
    AppFixture fixture = { 0 };
    guint series[20];

    app_fixture_init(&fixture);
    for (guint i = 0; i < G_N_ELEMENTS(series); i++)
      series[i] = add_series(&fixture, "city", i);
    g_autoptr(CasaModel) model = app_fixture_model(&fixture);
    g_assert_true(app_fixture_wait(model, is_settled, 60));
    gint64 now = casa_clock_now_ms() + 1000;
    for (guint i = 0; i < G_N_ELEMENTS(series); i++, now += apart_ms)
      push(&fixture, series[i], now);
    casa_model_tick(model, now + 2500);
    g_assert_false(is_mute(model));
    for (guint s = 4; s < 60; s++) {
      casa_model_tick(model, now + s * 1000);
      g_assert_cmpint(is_mute(model), ==, apart_ms > 0 || s > 30);
    }
    g_clear_pointer(&model, casa_model_free);
    app_fixture_clear(&fixture);
  }
}

/* A past that comes in is no silence, until it stops; a sensor whose clock is wrong sends no past. */
static void
test_loading(void)
{
  AppFixture fixture = { 0 };
  guint series[4], sick;
  gboolean last;

  app_fixture_init(&fixture);
  casa_lang_set("fr");
  for (guint i = 0; i < G_N_ELEMENTS(series); i++)
    series[i] = add_series(&fixture, "city", i);
  sick = add_series(&fixture, "city", 9);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  gint64 now = casa_clock_now_ms() + 1000;
  const CasaIndicator *speed = app_indicator(model, "speed");
  for (guint s = 0; s < 20; s++, now += 1000) {
    casa_hub_push(fixture.hub, &(CasaLive){ sick, FALSE, now - 3600000, now, 30 });
    casa_model_tick(model, now);
    g_assert_cmpint(first_badge(model, &last), ==, CASA_BADGE_MUTE);
    g_assert_true(last);
  }
  for (guint step = 0; step < 48; step++, now += 500) {
    for (guint i = 0; i < G_N_ELEMENTS(series); i++)
      casa_hub_push(fixture.hub, &(CasaLive){ series[i], FALSE, now - (48 - step) * 3600000, now, 30 });
    casa_model_tick(model, now);
    if (step < 4)
      continue;
    g_assert_cmpint(first_badge(model, &last), ==, CASA_BADGE_LOADING);
    g_assert_false(last);
    CasaHeadline headline = { 0 };
    casa_phrases_headline(model, speed, &headline);
    g_assert_cmpstr(headline.trend, ==, "● en chargement");
    casa_headline_clear(&headline);
  }
  now -= 500;
  for (guint s = 1; s < 60; s++) {
    casa_model_tick(model, now + s * 1000);
    g_assert_cmpint(first_badge(model, &last), ==, s < 3 ? CASA_BADGE_LOADING : CASA_BADGE_MUTE);
  }
  g_assert_true(last);
  now += 60000;
  for (guint i = 0; i < G_N_ELEMENTS(series); i++)
    push(&fixture, series[i], now);
  casa_model_tick(model, now);
  g_assert_cmpint(first_badge(model, &last), ==, CASA_BADGE_LIVE);
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* A wall that has just connected waits for the first report; it calls nobody silent. */
static void
test_greeting(void)
{
  CasaSummary s = { .now_ms = 100000, .patience_ms = 3000, .link = { .state = CASA_LINK_UP, .since_ms = 99000 } };

  g_assert_true(casa_summary_is_mute(&s) && casa_summary_is_loading(&s));
  s.now_ms = 104500;
  g_assert_false(casa_summary_is_loading(&s));
  s.link.since_ms = 104000;
  s.link.state = CASA_LINK_LOST;
  g_assert_false(casa_summary_is_loading(&s));
  s.link.state = CASA_LINK_UP;
  s.live_ms = 104000;
  g_assert_false(casa_summary_is_mute(&s) || casa_summary_is_loading(&s));
}

/* A city sends six hours of its past in one go, then speaks: the time between the two is no interval that it keeps. */
static void
test_silence_after_history(void)
{
  AppFixture fixture = { 0 };
  guint series[20];

  app_fixture_init(&fixture);
  for (guint i = 0; i < G_N_ELEMENTS(series); i++)
    series[i] = add_series(&fixture, "city", i);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  gint64 now = casa_clock_now_ms() + 1000;
  for (guint i = 0; i < G_N_ELEMENTS(series); i++)
    for (gint64 ago = 100000 + 71 * 300000; ago > 0; ago -= 300000)
      casa_hub_push(fixture.hub, &(CasaLive){ series[i], FALSE, now - ago, now, 30 });
  casa_model_tick(model, now);
  for (guint report = 0; report < 2; report++, now += 10000) {
    for (guint i = 0; i < G_N_ELEMENTS(series); i++)
      push(&fixture, series[i], now + 1000);
    casa_model_tick(model, now + 1000);
    casa_model_tick(model, now + 3500);
    g_assert_false(is_mute(model));
    /* Once is no interval: nobody has promised anything yet. */
    casa_model_tick(model, now + 4500);
    g_assert_cmpint(is_mute(model), ==, report == 1);
  }
  for (guint s = 0; s < 600; s += 7) {
    casa_model_tick(model, now + s * 1000);
    g_assert_true(is_mute(model));
  }
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

/* A sensor that reports once a minute is not silent between two reports. */
static void
test_calm(void)
{
  AppFixture fixture = { 0 };

  app_fixture_init(&fixture);
  guint series = add_series(&fixture, "city", 0);
  g_autoptr(CasaModel) model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, is_settled, 60));
  gint64 now = casa_clock_now_ms();
  for (guint m = 0; m < 5; m++) {
    push(&fixture, series, now + m * 60000);
    casa_model_tick(model, now + m * 60000);
  }
  now += 4 * 60000;
  casa_model_tick(model, now + 59000);
  g_assert_false(is_mute(model));
  casa_model_tick(model, now + 181000);
  g_assert_true(is_mute(model));
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/silence/busy", test_silence);
  g_test_add_func("/app/silence/at-first", test_silence_at_first);
  g_test_add_func("/app/silence/after-history", test_silence_after_history);
  g_test_add_func("/app/silence/calm", test_calm);
  g_test_add_func("/app/silence/loading", test_loading);
  g_test_add_func("/app/silence/greeting", test_greeting);
  return g_test_run();
}
