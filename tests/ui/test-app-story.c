/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "ui/scenes/story.h"
#include "ui/text/lang.h"
#include <math.h>
#include <string.h>

/* The sentence under the title: true, of the most surprising thing, and saying who says so. */

typedef struct {
  AppFixture app;
  CasaModel *model;
  CasaStoryteller *teller;
  CasaPageNotice notice;
  gint64 now_ms;
} Fixture;

static gboolean
is_live(CasaModel *model)
{
  return casa_model_ready(model) && app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  app_fixture_init(&f->app);
  f->now_ms = casa_clock_now_ms();
  app_fixture_fill(&f->app, f->now_ms, 3 * 60);
  f->model = app_fixture_model(&f->app);
  f->teller = casa_storyteller_new();
  app_fixture_report(&f->app, f->now_ms);
  g_assert_true(app_fixture_wait(f->model, is_live, 60));
  casa_lang_set("fr");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_storyteller_free(f->teller);
  casa_model_free(f->model);
  app_fixture_clear(&f->app);
  casa_lang_set("fr");
}

static char *
told(Fixture *f)
{
  CasaStory story;

  casa_storyteller_read(f->teller, f->model, &f->notice, NULL, &story);
  char *text = g_strdup(story.text);
  casa_story_clear(&story);
  return text;
}

static void
assert_told(Fixture *f, const char *part)
{
  g_autofree char *text = told(f);

  if (!strstr(text, part))
    g_error("\"%s\" does not say \"%s\"", text, part);
}

static void
put_event(Fixture *f, const char *kind, const char *place, const char *line, gint64 start_ms, gint64 end_ms, gboolean simulated)
{
  CasaEvent event = { .start_ms = start_ms, .end_ms = end_ms, .intensity = 1, .simulated = simulated };
  g_autoptr(GError) error = NULL;
  gboolean changed;

  g_strlcpy(event.source, simulated ? "city" : "equipe-7", sizeof event.source);
  g_snprintf(event.id, sizeof event.id, "%s-1", kind);
  g_strlcpy(event.event, kind, sizeof event.event);
  g_strlcpy(event.place, place, sizeof event.place);
  g_strlcpy(event.line, line, sizeof event.line);
  g_assert_true(casa_store_put_event(f->app.store, &event, start_ms, &changed, &error));
  g_assert_no_error(error);
}

static gboolean
has_event(CasaModel *model)
{
  return casa_model_events(model)->len > 0;
}

static gboolean
knows_the_day(CasaModel *model)
{
  return casa_model_settled(model) && casa_pyramid_length(casa_model_day_before(model, app_indicator(model, "speed"))) > 0;
}

/* What it cost is told against yesterday's same hours, and not at all by a store that does not reach back to them. */
static void
test_cost(Fixture *f, gconstpointer data)
{
  const gboolean has_yesterday = GPOINTER_TO_INT(data);
  CasaStoryFigure more;

  if (has_yesterday) {
    app_fixture_fill(&f->app, f->now_ms, 26 * 60);
    casa_model_free(f->model);
    f->model = app_fixture_model(&f->app);
    g_assert_true(app_fixture_wait(f->model, knows_the_day, 60));
  }
  /* As if traffic had been half as fast since. */
  app_fixture_put(&f->app, "city", "mobility", "road-late", "speed_kmh", 1, casa_clock_now_ms(), APP_LIVE);
  put_event(f, "rain", "", "", f->now_ms - 20 * 60000, f->now_ms + 600000, TRUE);
  g_assert_true(app_fixture_wait(f->model, has_event, 60));
  const CasaHappening rain = { .words = casa_stories_event(casa_model_city(f->model)->stories, "rain"),
                               .start_ms = f->now_ms - 20 * 60000,
                               .end_ms = f->now_ms + 600000,
                               .share = NAN };
  const CasaStoryMoment moment = { f->model, &f->notice, &rain, NULL };
  g_assert_cmpint(casa_story_figure(&moment, "speed:more", &more), ==, has_yesterday);
  if (!has_yesterday)
    return;
  g_assert_true(isfinite(more.number));
  g_assert_cmpstr(more.domain, ==, "mobility");
  casa_story_figure_clear(&more);
  /* Outside of an event nothing has a cost. */
  const CasaStoryMoment calm = { f->model, &f->notice, NULL, NULL };
  g_assert_false(casa_story_figure(&calm, "speed:more", &more));
}

static gboolean
has_two_events(CasaModel *model)
{
  return casa_model_events(model)->len == 2;
}

/* Nothing happens: calm words, with the number of the panel, and no bracket. */
static void
test_calm(Fixture *f, gconstpointer data)
{
  g_autofree char *text = told(f), *speed = casa_lang_number(app_figure(f->model, "speed")->value, 1);

  g_assert_cmpstr(text, !=, "");
  g_assert_null(strstr(text, "("));
  g_assert_true(strstr(text, "calme") || strstr(text, "hier") || strstr(text, "allume"));
  if (strstr(text, "calme"))
    g_assert_nonnull(strstr(text, speed));
}

/* No sentence is calm beside a line that stands or any other event, from the moment on that the model knows of it. */
static void
test_simulated(Fixture *f, gconstpointer data)
{
  g_autofree char *before = told(f);

  g_assert_null(strstr(before, "T1"));
  put_event(f, "tram-incident", "t1", "t1", f->now_ms - 60000, f->now_ms + 600000, TRUE);
  g_assert_true(app_fixture_wait(f->model, has_event, 60));
  assert_told(f, "igne T1");
  assert_told(f, "(simulation)");
  casa_lang_set("en");
  assert_told(f, "ine T1");
  casa_lang_set("ar");
  assert_told(f, "T1");
  assert_told(f, "(محاكاة)");
}

static void
test_announced(Fixture *f, gconstpointer data)
{
  put_event(f, "marathon", "maarif", "", f->now_ms - 60000, CASA_EVENT_OPEN, FALSE);
  g_assert_true(app_fixture_wait(f->model, has_event, 60));
  assert_told(f, "Maârif : marathon");
  assert_told(f, "(annoncé par equipe-7)");
}

/* Of two, the graver is told first; what ended is no longer told as if it lasted. */
static void
test_two(Fixture *f, gconstpointer data)
{
  put_event(f, "rain", "", "", f->now_ms - 60000, f->now_ms + 600000, TRUE);
  put_event(f, "power-cut", "maarif", "", f->now_ms - 120000, f->now_ms + 600000, TRUE);
  g_assert_true(app_fixture_wait(f->model, has_two_events, 60));
  assert_told(f, "Maârif");
  g_autoptr(GArray) all = casa_happenings_read(f->model, &f->notice);
  g_assert_cmpuint(all->len, ==, 2);
  g_assert_cmpstr(g_array_index(all, CasaHappening, 0).kind, ==, "power-cut");
}

static void
test_over(Fixture *f, gconstpointer data)
{
  put_event(f, "power-cut", "maarif", "", f->now_ms - 120000, f->now_ms - 5000, TRUE);
  g_assert_true(app_fixture_wait(f->model, has_event, 60));
  g_autofree char *text = told(f);
  g_assert_null(strstr(text, "Maârif"));
  g_autoptr(GArray) all = casa_happenings_read(f->model, &f->notice);
  g_assert_cmpuint(all->len, ==, 1);
  g_assert_true(g_array_index(all, CasaHappening, 0).over);
}

/* What the wall sees by itself is told as such, unless somebody announced it: then it is told once. */
static void
test_noticed(Fixture *f, gconstpointer data)
{
  const CasaCity *city = casa_model_city(f->model);

  f->notice = (CasaPageNotice){ .stands = casa_city_line(city, "t1"), .stands_ms = f->now_ms - 90000, .has_map = TRUE };
  assert_told(f, "La ligne T1 ne bouge plus");
  assert_told(f, "(constaté par les capteurs)");
  f->notice.dark = casa_city_district(city, "maarif");
  f->notice.share = 0.1;
  f->notice.dark_ms = f->now_ms - 1000;
  assert_told(f, "Maârif prend 90 % de courant en moins");
  put_event(f, "power-cut", "maarif", "", f->now_ms - 60000, f->now_ms + 600000, TRUE);
  g_assert_true(app_fixture_wait(f->model, has_event, 60));
  g_autoptr(GArray) all = casa_happenings_read(f->model, &f->notice);
  g_assert_cmpuint(all->len, ==, 2);
  g_assert_cmpstr(g_array_index(all, CasaHappening, 0).kind, ==, "power-cut");
  g_assert_cmpstr(g_array_index(all, CasaHappening, 1).kind, ==, CASA_NOTICED_LINE_STANDS);
}

/* What is true beside it has its turn: nothing is said for minutes on end. */
static void
test_turns(Fixture *f, gconstpointer data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  guint changes = 0;
  g_autofree char *last = told(f);

  for (guint i = 1; i <= 12; i++) {
    gint64 now_ms = f->now_ms + i * 10000;
    app_fixture_report(&f->app, now_ms);
    casa_model_tick(f->model, now_ms);
    char *text = told(f);
    g_assert_cmpstr(text, !=, "");
    changes += strcmp(text, last) != 0;
    g_free(last);
    last = g_strdup(text);
    g_hash_table_add(seen, text);
  }
  g_assert_cmpuint(g_hash_table_size(seen), >=, 3);
  g_assert_cmpuint(changes, <=, 6); /* and each stays long enough to be read */
}

/* A scene of one domain is told of that alone, and is never without a sentence. */
static void
test_one_domain(Fixture *f, gconstpointer data)
{
  static const char *const scenes[][2] = { { "mobility", NULL }, { "energy", NULL }, { "air", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS(scenes); i++) {
    CasaStoryteller *teller = casa_storyteller_new();
    CasaStory story;
    casa_storyteller_read(teller, f->model, &f->notice, scenes[i], &story);
    g_test_message("%s: %s", scenes[i][0], story.text);
    g_assert_cmpstr(story.text, !=, "");
    casa_story_clear(&story);
    casa_storyteller_free(teller);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/app/story/calm", Fixture, NULL, set_up, test_calm, tear_down);
  g_test_add("/app/story/simulated", Fixture, NULL, set_up, test_simulated, tear_down);
  g_test_add("/app/story/announced", Fixture, NULL, set_up, test_announced, tear_down);
  g_test_add("/app/story/cost/known", Fixture, GINT_TO_POINTER(TRUE), set_up, test_cost, tear_down);
  g_test_add("/app/story/cost/unknown", Fixture, GINT_TO_POINTER(FALSE), set_up, test_cost, tear_down);
  g_test_add("/app/story/two", Fixture, NULL, set_up, test_two, tear_down);
  g_test_add("/app/story/over", Fixture, NULL, set_up, test_over, tear_down);
  g_test_add("/app/story/noticed", Fixture, NULL, set_up, test_noticed, tear_down);
  g_test_add("/app/story/one-domain", Fixture, NULL, set_up, test_one_domain, tear_down);
  g_test_add("/app/story/turns", Fixture, NULL, set_up, test_turns, tear_down);
  return g_test_run();
}
