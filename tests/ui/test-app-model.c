/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "ui/data/trails.h"
#include "ui/scenes/callout.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include <math.h>

static gboolean
has_history(CasaModel *model)
{
  return casa_model_ready(model);
}

static gboolean
is_live(CasaModel *model)
{
  return app_figure(model, "speed")->state == CASA_STATE_LIVE;
}

static guint moved;

static void
vehicle_cb(guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gpointer data)
{
  const CasaCity *city = data;

  g_assert_cmpfloat(at.lat, >, city->min.lat - 0.2);
  g_assert_cmpfloat(at.lon, <, city->max.lon + 0.2);
  moved++;
}

/* Opening again shows the day at once, as last known values, never as live ones. */
static void
test_reopen(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();
  double before;
  gboolean yesterday;

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 25 * 60); /* the hour around the same moment yesterday, too */
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));

  const CasaSummary *s = casa_model_summary(model);
  g_assert_cmpint(app_figure(model, "speed")->state, ==, CASA_STATE_LAST);
  g_assert_cmpint(app_figure(model, "load")->state, ==, CASA_STATE_LAST);
  g_assert_cmpuint(app_figure(model, "load")->n, ==, 2);
  g_assert_true(s->simulated);
  g_assert_cmpint(s->live_ms, ==, 0);
  g_assert_cmpuint(casa_pyramid_length(casa_model_curve(model, app_indicator(model, "speed"))), >, 650);
  g_assert_true(casa_model_before(model, app_indicator(model, "load"), &before, &yesterday));
  g_assert_true(yesterday);
  g_assert_cmpfloat_with_epsilon(before, app_figure(model, "load")->value, 25);

  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static void
test_live(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now - 60000, 120);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  moved = 0;
  guint id = casa_model_listen(model, &(CasaModelListener){ .vehicle = vehicle_cb, .data = fixture.city });
  app_fixture_report(&fixture, casa_clock_now_ms());
  app_fixture_put(&fixture, "equipe-7", "air", "esp32-1", "temp_c", 21, casa_clock_now_ms(), APP_LIVE);
  g_assert_true(app_fixture_wait(model, is_live, 60));

  const CasaSummary *s = casa_model_summary(model);
  g_assert_cmpuint(moved, ==, 4);
  g_assert_cmpuint(app_figure(model, "vehicles")->n, ==, 4);
  g_assert_cmpuint(app_figure(model, "vehicles")->known, ==, 4);
  g_assert_cmpfloat_with_epsilon(app_figure(model, "delay")->value, 130, 0.01); /* median of 40, 100, 160, 220 */
  g_assert_cmpuint(s->teams_active, ==, 1);
  g_assert_cmpuint(s->sensors_known, ==, 9); /* 8 fixed stations and the team's */
  g_assert_cmpuint(s->sensors_alive, ==, 9);
  g_assert_cmpuint(app_figure(model, "speed")->n, ==, 2);

  casa_model_unlisten(model, id);
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static void
count_ways_cb(guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gpointer data)
{
  gint64 *last_ms = data; /* of up to 512 */

  g_assert_cmpint(t_ms, >, last_ms[key % 512]); /* each way in its order, nothing twice */
  last_ms[key % 512] = t_ms;
  moved++;
}

/* Who comes late is told the way that each vehicle came. */
static void
test_late_listener(void)
{
  AppFixture f;
  gint64 now = casa_clock_now_ms() - 60000, heard[512] = { 0 };

  app_fixture_init(&f);
  CasaModel *model = app_fixture_model(&f);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  for (guint i = 0; i < 10; i++) {
    app_fixture_report(&f, now += 5000);
    casa_model_tick(model, now);
  }
  moved = 0;
  guint id = casa_model_listen(model, &(CasaModelListener){ .vehicle = count_ways_cb, .data = heard });
  g_assert_cmpuint(moved, ==, 4 * 10);
  app_fixture_report(&f, now += 5000);
  casa_model_tick(model, now);
  g_assert_cmpuint(moved, ==, 4 * 11);
  casa_model_unlisten(model, id);
  casa_model_free(model);
  app_fixture_clear(&f);
}

static void
note_cb(CasaLonLat at, gint64 t_ms, gpointer data)
{
  gint64 *span = data; /* first and last */

  span[0] = span[0] ? span[0] : t_ms;
  g_assert_cmpint(t_ms, >, span[1]);
  span[1] = t_ms;
}

/* A trail is as long as it is said to be, and ends where its reader is. */
static void
test_trails(void)
{
  CasaTrails *trails = casa_trails_new();
  gint64 span[2] = { 0 };

  for (gint64 t = 15000; t <= 3600000; t += 15000) {
    casa_trails_put(trails, 7, (CasaLonLat){ -7.6, 33.5 }, t);
    casa_trails_put(trails, 7, (CasaLonLat){ -7.6, 33.5 }, t - 15000); /* too late to count */
  }
  casa_trails_each(trails, 7, 3600000, note_cb, span);
  g_assert_cmpint(span[0], ==, 3600000 - CASA_TRAILS_MS);
  g_assert_cmpint(span[1], ==, 3600000 - 15000);
  casa_trails_each(trails, 8, 3600000, note_cb, span);
  g_assert_cmpint(span[1], ==, 3600000 - 15000);
  casa_trails_clear(trails);
  span[1] = 0;
  casa_trails_each(trails, 7, 3600000, note_cb, span);
  g_assert_cmpint(span[1], ==, 0);
  casa_trails_free(trails);
}

/* What nobody says again is not counted on: an event would cost more and more while the city is silent. */
static void
test_silence_costs_nothing(void)
{
  AppFixture f;
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&f);
  g_autoptr(CasaModel) model = app_fixture_model(&f);
  const CasaPyramid *recent = casa_model_recent(model, app_indicator(model, "load"));
  app_fixture_report(&f, now);
  for (guint i = 0; i < 10; i++)
    casa_model_tick(model, now += 3000);
  g_assert_cmpint(app_figure(model, "load")->state, ==, CASA_STATE_LIVE); /* it would be told */
  g_assert_cmpuint(casa_pyramid_length(recent), ==, 1);
  app_fixture_report(&f, now += 3000);
  casa_model_tick(model, now += 3000);
  g_assert_cmpuint(casa_pyramid_length(recent), ==, 2);
  g_clear_pointer(&model, casa_model_free);
  app_fixture_clear(&f);
}

/* A retained value is the last known one; a partial total is no total. */
static void
test_honesty(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&fixture);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  for (guint i = 0; i < 10; i++) {
    g_autofree char *id = g_strdup_printf("sub-%u", i);
    /* Four of ten stopped an hour ago. */
    app_fixture_put(&fixture, "city", "energy", id, "load_mw", 50, i < 4 ? now - 3600000 : now, APP_LIVE);
  }
  app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", 33, now, APP_RETAINED);
  casa_model_tick(model, casa_clock_now_ms() + 2000);

  g_assert_cmpint(app_figure(model, "load")->state, ==, CASA_STATE_NONE);
  g_assert_true(isnan(app_figure(model, "load")->value));
  g_assert_cmpuint(app_figure(model, "load")->known, ==, 10);
  g_assert_cmpint(app_figure(model, "speed")->state, ==, CASA_STATE_LAST);
  g_assert_cmpfloat(app_figure(model, "speed")->value, ==, 33);

  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static gboolean
has_day(CasaModel *model)
{
  return casa_pyramid_length(casa_model_curve(model, app_indicator(model, "speed"))) > 100;
}

/* History that arrives late (a backfill) gets onto the charts by itself. */
static void
test_late(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&fixture);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  for (guint i = 240; i > 0; i--)
    app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", 30, now - (gint64)i * 120000, APP_LIVE);
  g_assert_true(app_fixture_wait(model, has_day, 60));

  casa_model_free(model);
  app_fixture_clear(&fixture);
}

/* Districts with a station show its mean, the others something between the stations. */
static void
test_districts(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();
  guint stations;

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 60);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  const double *values = casa_model_field(model, app_indicator(model, "pm10"), &stations);
  for (guint i = 0; i < fixture.city->n_districts; i++) {
    g_assert_cmpfloat(values[i], >, 20);
    g_assert_cmpfloat(values[i], <, 90);
  }
  g_assert_cmpuint(stations, ==, 2);
  g_assert_cmpuint(app_figure(model, "air-index")->class, !=, G_MAXUINT);

  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static void
assert_callout(CasaModel *model, const char *wanted)
{
  CasaCallout callout;

  gboolean any = casa_callout_read(model, app_indicator(model, "pm10"), &callout);
  g_assert_cmpstr(callout.text, ==, wanted);
  g_assert_cmpint(any, ==, wanted != NULL);
  casa_callout_clear(&callout);
}

static gboolean
air_is_live(CasaModel *model)
{
  return app_figure(model, "pm10")->state == CASA_STATE_LIVE;
}

static gboolean
air_is_dust(CasaModel *model)
{
  return app_figure(model, "pm10")->value == 120;
}

/* The map speaks about the station with the highest value; about air that rose; about a sensor that has just come. */
static void
test_callout(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  app_fixture_describe(&fixture, "air", "air-maarif", "Maârif", 33.57, -7.63);
  for (gint64 t = now - 2 * 3600000; t < now; t += 120000)
    app_fixture_put(&fixture, "city", "air", "air-maarif", "pm10", t < now - 1800000 ? 30 : 61, t, APP_STORED);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  assert_callout(model, NULL); /* nothing of it is live */
  app_fixture_put(&fixture, "city", "air", "air-maarif", "pm10", 61, casa_clock_now_ms(), APP_LIVE);
  g_assert_true(app_fixture_wait(model, air_is_live, 60));
  assert_callout(model, "Maârif : PM10 × 2 en 1 h");
  casa_lang_set("en");
  assert_callout(model, "Maârif: PM10 × 2 in 1 h");
  casa_lang_set("fr");
  app_fixture_put(&fixture, "city", "air", "air-maarif", "pm10", 120, casa_clock_now_ms(), APP_LIVE);
  g_assert_true(app_fixture_wait(model, air_is_dust, 60));
  CasaCallout none;
  g_assert_false(casa_callout_read(model, NULL, &none)); /* a map of another domain */
  assert_callout(model, "Maârif : PM10 × 4 en 1 h"); /* of what stands on the map, though the mean of ten minutes is behind */
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static gboolean
has_team(CasaModel *model)
{
  return casa_model_summary(model)->teams_active > 0;
}

static void
test_callout_team(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 120);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  app_fixture_report(&fixture, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(model, air_is_live, 60));
  CasaCallout callout;
  g_assert_true(casa_callout_read(model, app_indicator(model, "pm10"), &callout));
  g_assert_true(g_str_has_prefix(callout.text, "Aïn Sebaâ : PM10 "));
  g_assert_cmpfloat(callout.at.lon, ==, -7.53);
  casa_callout_clear(&callout);
  app_fixture_describe_of(&fixture, "equipe-7", "air", "esp32-1", "Toit du lycée", 33.58, -7.6);
  app_fixture_put(&fixture, "equipe-7", "air", "esp32-1", "temp_c", 21, casa_clock_now_ms(), APP_LIVE);
  g_assert_true(app_fixture_wait(model, has_team, 60));
  assert_callout(model, "nouveau capteur : Toit du lycée (équipe equipe-7)");
  casa_lang_set("ar");
  assert_callout(model, "مستشعر جديد: Toit du lycée (فريق equipe-7)");
  casa_lang_set("fr");
  /* A name that nobody can see is none. */
  app_fixture_describe_of(&fixture, "equipe-7", "air", "esp32-1", "\u3164\u200b\u2800", 33.58, -7.6);
  assert_callout(model, "nouveau capteur : esp32-1 (équipe equipe-7)");
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static void
tick_with(CasaModel *model, AppFixture *fixture, const char *station, double value, gint64 now_ms)
{
  CasaCatalogue *catalogue = casa_store_catalogue(fixture->store);
  guint id = casa_catalogue_find_station(catalogue, "city", "mobility", station);

  casa_hub_push(fixture->hub,
                &(CasaLive){ casa_catalogue_find_series(catalogue, id, "speed_kmh"), FALSE, now_ms, now_ms, value });
  casa_model_tick(model, now_ms + 1500);
}

/* Somebody sets the machine's clock back by hours: the wall goes on with what comes in, and what stays silent is silent. */
static void
test_clock_set_back(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), back = now - 5 * 3600000;

  app_fixture_init(&fixture);
  app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", 30, now - 7200000, APP_STORED);
  app_fixture_put(&fixture, "city", "mobility", "road-b", "speed_kmh", 30, now - 7200000, APP_STORED);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  now = casa_clock_now_ms(); /* the model was told the time while it was waited for: no going back yet */
  back = now - 5 * 3600000;
  tick_with(model, &fixture, "road-a", 30, now);
  tick_with(model, &fixture, "road-b", 50, now + 2000);
  g_assert_cmpfloat(app_figure(model, "speed")->value, ==, 40);
  tick_with(model, &fixture, "road-a", 20, back);
  tick_with(model, &fixture, "road-a", 22, back + 2000);
  const CasaSummary *s = casa_model_summary(model);
  g_assert_cmpint(app_figure(model, "speed")->state, ==, CASA_STATE_LIVE);
  g_assert_cmpfloat(app_figure(model, "speed")->value, ==, 22);
  g_assert_cmpuint(s->sensors_alive, ==, 1);
  g_assert_cmpint(s->live_ms, ==, back + 2000);
  g_assert_cmpint(s->newest_ms, ==, back + 2000);
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static gboolean
no_future(CasaModel *model)
{
  gint64 t = 0;
  double value;

  return casa_pyramid_last(casa_model_curve(model, app_indicator(model, "speed")), &t, &value) && t <= casa_clock_now_ms();
}

/* …and no point stays on the curves beyond "now". */
static void
test_curve_set_back(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 120);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  tick_with(model, &fixture, "road-bd-anfa", 30, now + 7200000);
  g_assert_false(no_future(model));
  casa_model_tick(model, casa_clock_now_ms());
  g_assert_true(app_fixture_wait(model, no_future, 60));
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

/* Yesterday beside what is to come, at today's times and no further than it is known. */
static void
test_echo(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), t;
  double value;

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 24 * 60);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  const CasaPyramid *yesterday = casa_model_yesterday(model, app_indicator(model, "load"));
  g_assert_cmpuint(casa_pyramid_length(yesterday), >, 20);
  casa_pyramid_get(yesterday, 0, &t, &value);
  g_assert_cmpint(t, >=, now);
  g_assert_true(casa_pyramid_last(yesterday, &t, &value));
  g_assert_cmpint(t, <, casa_clock_now_ms() + CASA_YESTERDAY_MS + 60000);
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

/* Sensors that report every five minutes: still one unbroken line of dots. */
static void
test_echo_seldom(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), before = 0, t;
  double value;

  app_fixture_init(&fixture);
  for (gint64 at = now - 24 * 3600000; at < now; at += 300000)
    app_fixture_put(&fixture, "city", "mobility", "road-a", "speed_kmh", 30, at, APP_STORED);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  const CasaPyramid *yesterday = casa_model_yesterday(model, app_indicator(model, "speed"));
  g_assert_cmpuint(casa_pyramid_length(yesterday), >=, 23);
  for (guint i = 0; i < casa_pyramid_length(yesterday); i++) {
    casa_pyramid_get(yesterday, i, &t, &value);
    if (i)
      g_assert_cmpint(t - before, <=, 600000);
    before = t;
  }
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

/* Yesterday behind today: the whole day up to now, as it was measured at the same hour. */
static void
test_day_before(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), t;
  double value, then;

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 49 * 60);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  const CasaPyramid *curve = casa_model_curve(model, app_indicator(model, "load"));
  const CasaPyramid *before = casa_model_day_before(model, app_indicator(model, "load"));
  g_assert_cmpuint(casa_pyramid_length(before), >, 24 * 10);
  casa_pyramid_get(before, 0, &t, &value);
  g_assert_cmpint(t, <=, now - 24 * 3600000 + 600000);
  g_assert_cmpint(t, >=, now - 24 * 3600000 - 600000);
  g_assert_true(casa_pyramid_last(before, &t, &value));
  g_assert_cmpint(t, >=, now);
  g_assert_cmpint(t, <=, casa_clock_now_ms() + 1800000);
  for (guint i = 0; i < casa_pyramid_length(before); i += 10) {
    casa_pyramid_get(before, i, &t, &value);
    g_assert_true(casa_pyramid_at(curve, t - 24 * 3600000, 0, &then));
    g_assert_cmpfloat(value, ==, then);
  }
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

/* Of a day that the store does not reach back to there is no line. */
static void
test_no_day_before(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms(), t;
  double value;

  app_fixture_init(&fixture);
  app_fixture_fill(&fixture, now, 20 * 60);
  CasaModel *model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(model, has_history, 60));
  const CasaPyramid *before = casa_model_day_before(model, app_indicator(model, "load"));
  for (guint i = 0; i < casa_pyramid_length(before); i++) {
    casa_pyramid_get(before, i, &t, &value);
    g_assert_true(isnan(value));
  }
  casa_model_free(model);
  app_fixture_clear(&fixture);
}

static void
test_names(void)
{
  static const struct {
    const char *raw, *tame;
  } cases[] = {
    { "Aïn Sebaâ", "Aïn Sebaâ" },
    { "عين السبع", "عين السبع" },
    { "\u202eevil\u202c \u2066x", "evil x" },
    { "  a\n\tb\u2028c ", "a b c" },
    { "bad \xff\xfe", "bad \ufffd\ufffd" },
    { "z\u0301\u0302\u0303\u0304\u0305", "z\u0301\u0302" },
    { "👩\u200d🚒 pompiers", "👩\u200d🚒 pompiers" },
    { NULL, "" },
    { "\u200d\u200c\u00ad", "" },
    { "\u3164\u115f\uffa0 \u2800", "" },
    { "\ufe0f\u034f\u180b\U000e0101\U000e0041", "" },
    { " \u0301 ", "" },
    { "\u3164a", "\u3164a" },
    { "\x07\x1b[31m", "[31m" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *tame = casa_name_tame(cases[i].raw);
    g_assert_cmpstr(tame, ==, cases[i].tame);
  }
  g_autofree char *endless = g_strnfill(500, 'W'), *tame = casa_name_tame(endless);
  g_assert_cmpint(g_utf8_strlen(tame, -1), ==, CASA_NAME_LETTERS + 1);
  g_assert_true(g_str_has_suffix(tame, "…"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/model/reopen", test_reopen);
  g_test_add_func("/app/model/live", test_live);
  g_test_add_func("/app/model/late-listener", test_late_listener);
  g_test_add_func("/app/model/trails", test_trails);
  g_test_add_func("/app/model/honesty", test_honesty);
  g_test_add_func("/app/model/silence-costs-nothing", test_silence_costs_nothing);
  g_test_add_func("/app/model/late", test_late);
  g_test_add_func("/app/model/districts", test_districts);
  g_test_add_func("/app/model/callout", test_callout);
  g_test_add_func("/app/model/callout-team", test_callout_team);
  g_test_add_func("/app/model/clock-set-back", test_clock_set_back);
  g_test_add_func("/app/model/curve-set-back", test_curve_set_back);
  g_test_add_func("/app/model/echo", test_echo);
  g_test_add_func("/app/model/echo-seldom", test_echo_seldom);
  g_test_add_func("/app/model/day-before", test_day_before);
  g_test_add_func("/app/model/no-day-before", test_no_day_before);
  g_test_add_func("/app/model/names", test_names);
  return g_test_run();
}
