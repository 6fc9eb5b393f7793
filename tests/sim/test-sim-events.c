/* SPDX-License-Identifier: Apache-2.0 */
/* Each event moves what it should, with the right sign, and leaves the rest byte-equal. */
#include <math.h>
#include <string.h>

#include "casa-build.h"
#include "city/metrics.h"
#include "control.h"
#include "event-delays.h"
#include "wire/decoder.h"
#include "stations/world.h"

#define MINUTE_MS G_GINT64_CONSTANT(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define TUESDAY G_GINT64_CONSTANT(1779145200000) /* 2026-05-19 00:00 in Casablanca */
#define EVENING (TUESDAY + 17 * HOUR_MS + 45 * MINUTE_MS)

/* The same city twice: one as usual, one to which things happen. */
typedef struct {
  CasaMetrics *metrics;
  CasaCity *city;
  CasaSimScenario *scenario;
  CasaSimModel *usual_model, *model;
  CasaSimWorld *usual, *world;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  f->city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  f->scenario = casa_sim_scenario_new();
  f->scenario->climate = FALSE; /* nothing happens but what a test lets happen */
  f->usual_model = casa_sim_model_new(f->city, f->scenario, 4);
  f->model = casa_sim_model_new(f->city, f->scenario, 4);
  f->usual = casa_sim_world_new(f->usual_model, "casa/v1", 0);
  f->world = casa_sim_world_new(f->model, "casa/v1", 0);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_sim_world_free(f->world);
  casa_sim_world_free(f->usual);
  casa_sim_model_free(f->model);
  casa_sim_model_free(f->usual_model);
  casa_sim_scenario_free(f->scenario);
  casa_city_free(f->city);
  casa_metrics_free(f->metrics);
}

static void
command(Fixture *f, gint64 t_ms, const char *text)
{
  g_autoptr(GString) reply = g_string_new(NULL);
  if (!casa_sim_control(f->model, text, t_ms, reply))
    g_error("%s: %s", text, reply->str);
  g_assert_true(g_str_has_prefix(reply->str, "{\"ok\":true"));
}

/* Mean of a metric of the stations whose id begins with @prefix; NAN when nobody says it. */
static double
mean(CasaSimWorld *w, const char *prefix, const char *metric, gint64 t_ms)
{
  g_autoptr(GString) payload = g_string_new(NULL);
  g_autofree char *key = g_strdup_printf("\"%s\":", metric);
  double sum = 0;
  guint n = 0;
  casa_sim_world_set_time(w, t_ms);
  for (guint i = 0; i < casa_sim_world_size(w); i++) {
    if (!g_str_has_prefix(casa_sim_world_station(w, i)->id, prefix) || casa_sim_world_report(w, i, t_ms - 10000, payload) == 0)
      continue;
    const char *at = strstr(payload->str, key);
    sum += at ? g_ascii_strtod(at + strlen(key), NULL) : 0;
    n += at != NULL;
  }
  return n ? sum / n : NAN;
}

/* Number of stations that say something else than usual, whose ids begin with @prefix. */
static guint
n_changed(Fixture *f, const char *prefix, gint64 t_ms)
{
  g_autoptr(GString) a = g_string_new(NULL);
  g_autoptr(GString) b = g_string_new(NULL);
  guint n = 0;
  casa_sim_world_set_time(f->usual, t_ms);
  casa_sim_world_set_time(f->world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(f->usual); i++) {
    if (!g_str_has_prefix(casa_sim_world_station(f->usual, i)->id, prefix))
      continue;
    casa_sim_world_report(f->usual, i, t_ms - 10000, a);
    casa_sim_world_report(f->world, i, t_ms - 10000, b);
    n += strcmp(a->str, b->str) != 0;
  }
  return n;
}

static void
none_changed(Fixture *f, const char *const *prefixes, gint64 t_ms)
{
  for (; *prefixes; prefixes++)
    g_assert_cmpuint(n_changed(f, *prefixes, t_ms), ==, 0);
}

/* What is commanded on stage must show while it is spoken of, and never the other way round first. */
static void
test_chergui_shows_at_once(Fixture *f, gconstpointer data)
{
  gint64 start = TUESDAY + 14 * HOUR_MS;
  command(f, start, "{\"event\":\"chergui\",\"intensity\":0.8,\"minutes\":30}");
  for (guint s = 0; s <= 1200; s += s < 120 ? 5 : 30) {
    gint64 at = start + s * 1000;
    double usual = mean(f->usual, "air-", "pm10", at), now = mean(f->world, "air-", "pm10", at);
    g_assert_cmpfloat(now, >=, usual);
    if (s >= 50)
      g_assert_cmpfloat(now, >, 2 * usual);
  }
}

/* Each event is plain to see within its half hour, the strongest at once. */
static void
test_delays(Fixture *f, gconstpointer data)
{
  g_autoptr(GArray) delays = casa_sim_event_delays(f->city, f->scenario, 4, EVENING);
  g_assert_cmpuint(delays->len, ==, CASA_SIM_N_EVENTS); /* each has its figure */
  for (guint i = 0; i < delays->len; i++) {
    const CasaSimEventDelay *d = &g_array_index(delays, CasaSimEventDelay, i);
    g_assert_cmpint(d->event, ==, (int)i);
    g_assert_cmpint(d->seconds, >, 0);
    if (d->event == CASA_SIM_CHERGUI || d->event == CASA_SIM_POWER_CUT)
      g_assert_cmpint(d->seconds, <=, 60);
  }
  g_autofree char *text = casa_sim_event_delays_text(delays);
  g_assert_nonnull(strstr(text, "| `power-cut` | maarif | `load_mw` | × 0.5 | "));
}

static void
test_chergui(Fixture *f, gconstpointer data)
{
  const char *const untouched[] = { "veh-", "stop-", "road-", "light-", "park-", "bike-", "ev-", NULL };
  const double strengths[] = { 0.3, 0.8, 1 };
  for (guint i = 0; i < G_N_ELEMENTS(strengths); i++) {
    gint64 start = TUESDAY + (10 + 168 * i) * HOUR_MS, at = start + 4 * HOUR_MS;
    g_autofree char *text = g_strdup_printf("{\"event\":\"chergui\",\"intensity\":%.1f,\"minutes\":480}", strengths[i]);
    command(f, start, text);
    double pm10 = mean(f->world, "air-", "pm10", at), pm2_5 = mean(f->world, "air-", "pm2_5", at);
    double factor = pm10 / mean(f->usual, "air-", "pm10", at);
    double warmer = mean(f->world, "wx-", "temp_c", at) - mean(f->usual, "wx-", "temp_c", at);
    double from = mean(f->world, "wx-", "wind_dir", at);
    g_assert_cmpfloat(factor, >=, 2.7);
    g_assert_cmpfloat(factor, <=, 8.5);
    g_assert_cmpfloat(pm2_5 / pm10, >=, 0.19);
    g_assert_cmpfloat(pm2_5 / pm10, <=, 0.31);
    g_assert_cmpfloat(warmer, >=, 5.5);
    g_assert_cmpfloat(warmer, <=, 12.5);
    g_assert_cmpfloat(mean(f->world, "wx-", "rh_pct", at), <, 0.6 * mean(f->usual, "wx-", "rh_pct", at));
    g_assert_true(from > 50 && from < 160);
    g_assert_cmpfloat(mean(f->world, "sub-", "load_mw", at), >, 1.01 * mean(f->usual, "sub-", "load_mw", at));
    g_assert_cmpfloat(mean(f->world, "solar-", "solar_mw", at), <, 0.95 * mean(f->usual, "solar-", "solar_mw", at));
    none_changed(f, untouched, at);
    /* Dust goes with the wind; only the walls keep some of the warmth. */
    g_assert_cmpfloat(mean(f->world, "air-", "pm10", start + 10 * HOUR_MS), <,
                      1.05 * mean(f->usual, "air-", "pm10", start + 10 * HOUR_MS));
    g_assert_cmpuint(n_changed(f, "air-", start + 16 * HOUR_MS), ==, 0);
    /* A night's flow is that of a day until five, which the warmth of the day before has a part in. */
    g_assert_cmpuint(n_changed(f, "", start + 120 * HOUR_MS), ==, 0);
  }
}

static void
test_tram_incident(Fixture *f, gconstpointer data)
{
  const char *const untouched[] = { "veh-t2", "veh-t3", "veh-t4", "stop-t2", "sub-", "light-",
                                    "wx-",    "solar-", "park-",  "bike-",   "ev-",  NULL };
  command(f, EVENING,
          "{\"event\":\"tram-incident\",\"intensity\":0.6,\"minutes\":40,\"place\":\"t1-place-des-nations-unies\"}");
  gint64 early = EVENING + 5 * MINUTE_MS, late = EVENING + 35 * MINUTE_MS;
  double before = mean(f->usual, "veh-t1", "delay_s", late);
  double delay = mean(f->world, "veh-t1", "delay_s", late);
  g_assert_cmpfloat(delay, >, before + 600);
  g_assert_cmpfloat(mean(f->world, "veh-t1", "delay_s", early), <, delay - 600);
  g_assert_cmpfloat(mean(f->world, "veh-t1", "headway_s", late), >, 2 * mean(f->usual, "veh-t1", "headway_s", late));
  g_assert_cmpfloat(mean(f->world, "veh-t1", "speed_kmh", late), <, 0.3 * mean(f->usual, "veh-t1", "speed_kmh", late));
  none_changed(f, untouched, late);
  /* Streets beside the line, and after them the air; not those far away. */
  guint roads = n_changed(f, "road-", late);
  g_assert_true(roads > 4 && roads < 21);
  g_assert_cmpfloat(mean(f->world, "road-", "speed_kmh", late), <, mean(f->usual, "road-", "speed_kmh", late) - 0.7);
  guint air = n_changed(f, "air-", late);
  g_assert_true(air > 0 && air < 10);
  /* The air answers later than the street, and keeps it when the street is as ever again. */
  double soon = mean(f->world, "air-", "no2", early) - mean(f->usual, "air-", "no2", early);
  double lag = mean(f->world, "air-", "no2", late) - mean(f->usual, "air-", "no2", late);
  gint64 over = EVENING + 41 * MINUTE_MS;
  g_assert_cmpfloat(soon, >=, 0);
  g_assert_cmpfloat(lag, >, soon + 0.5);
  g_assert_cmpuint(n_changed(f, "road-", over), ==, 0);
  g_assert_cmpfloat(mean(f->world, "air-", "no2", over), >, mean(f->usual, "air-", "no2", over) + 0.3);
  /* Two hours later the line runs again. */
  gint64 after = EVENING + 175 * MINUTE_MS;
  g_assert_cmpfloat(mean(f->world, "veh-t1", "delay_s", after), <, 500);
  g_assert_cmpuint(n_changed(f, "road-", after), ==, 0);
}

static void
test_incident_loses_no_passenger(Fixture *f, gconstpointer data)
{
  command(f, EVENING, "{\"event\":\"tram-incident\",\"intensity\":1,\"minutes\":60,\"place\":\"t1\"}");
  const CasaSimTransitDay *day = casa_sim_transit_on(casa_sim_world_transit(f->world), 0, 20592);
  guint held = 0;
  g_assert_cmpint(day->start_ms, ==, TUESDAY);
  for (guint d = 0; d < 2; d++) {
    for (guint i = 0; i < day->n_trips[d]; i++) {
      guint load = 0;
      for (guint k = 0; k < day->line->n_calls; k++) {
        const CasaSimCall *c = &day->trips[d][i].calls[k];
        load = load + c->boarded - c->alighted;
        g_assert_cmpuint(load, ==, c->load);
        g_assert_cmpfloat(load, <=, day->line->capacity);
        g_assert_cmpint(c->arrive, <=, c->depart);
        held += c->depart - c->arrive > 20 * MINUTE_MS;
        if (i > 0)
          g_assert_cmpint(day->trips[d][i - 1].calls[k].depart, <, c->depart);
      }
      g_assert_cmpuint(load, ==, 0);
    }
  }
  g_assert_cmpuint(held, >, 15);
}

static void
test_power_cut(Fixture *f, gconstpointer data)
{
  const char *const untouched[] = {
    "sub-anfa", "light-anfa", "solar-anfa", "wx-", "veh-bw", "stop-bw", "park-", "bike-", NULL
  };
  gint64 start = TUESDAY + 21 * HOUR_MS + 30 * MINUTE_MS, at = start + 20 * MINUTE_MS;
  command(f, start, "{\"event\":\"power-cut\",\"intensity\":1,\"minutes\":30,\"place\":\"maarif\"}");
  g_assert_cmpfloat(mean(f->world, "sub-maarif", "load_mw", at), <, 0.03 * mean(f->usual, "sub-maarif", "load_mw", at));
  g_assert_cmpfloat(mean(f->world, "sub-maarif", "voltage_v", at), ==, 0);
  g_assert_true(isnan(mean(f->world, "sub-maarif", "frequency_hz", at)));
  g_assert_cmpfloat(mean(f->usual, "light-maarif", "lighting_mw", at), >, 1);
  g_assert_cmpfloat(mean(f->world, "light-maarif", "lighting_mw", at), ==, 0);
  g_assert_cmpuint(n_changed(f, "sub-", at), ==, 1);
  g_assert_cmpuint(n_changed(f, "light-", at), ==, 1);
  g_assert_cmpfloat(mean(f->world, "veh-t1", "delay_s", at), >, mean(f->usual, "veh-t1", "delay_s", at) + 200);
  none_changed(f, untouched, at);
  /* Everything starts at once when the power is back; later all is as ever. */
  gint64 back = start + 31 * MINUTE_MS;
  g_assert_cmpfloat(mean(f->world, "sub-maarif", "load_mw", back), >, 1.1 * mean(f->usual, "sub-maarif", "load_mw", back));
  g_assert_cmpuint(n_changed(f, "sub-", start + 2 * HOUR_MS), ==, 0);
}

static void
test_rain(Fixture *f, gconstpointer data)
{
  const char *const untouched[] = { "veh-", "stop-", "light-", "park-", NULL };
  gint64 at = EVENING + 50 * MINUTE_MS;
  command(f, EVENING, "{\"event\":\"rain\",\"intensity\":0.9,\"minutes\":90}");
  g_assert_cmpfloat(mean(f->world, "air-", "pm10", at), <, 0.8 * mean(f->usual, "air-", "pm10", at));
  g_assert_cmpfloat(mean(f->world, "wx-", "rh_pct", at), >, 88);
  g_assert_cmpfloat(mean(f->world, "road-", "speed_kmh", at), <, 0.95 * mean(f->usual, "road-", "speed_kmh", at));
  none_changed(f, untouched, at);
}

static double
boardings(CasaSimWorld *w, const char *stop, gint64 from_ms, gint64 to_ms)
{
  g_autoptr(GString) payload = g_string_new(NULL);
  double sum = 0;
  for (guint i = 0; i < casa_sim_world_size(w); i++) {
    if (!g_str_has_prefix(casa_sim_world_station(w, i)->id, stop))
      continue;
    casa_sim_world_set_time(w, to_ms);
    casa_sim_world_report(w, i, from_ms, payload);
    const char *at = strstr(payload->str, "\"passengers\":");
    sum += at ? g_ascii_strtod(at + strlen("\"passengers\":"), NULL) : 0;
  }
  return sum;
}

/* Before the match people come, by car and by tram; while it lasts the streets are as ever; afterwards all go at once. */
static void
test_derby_night(Fixture *f, gconstpointer data)
{
  const char *const untouched[] = { "sub-", "light-", "solar-", "wx-", "veh-t3", "stop-t3", NULL };
  gint64 start = TUESDAY + 17 * HOUR_MS, coming = start + 95 * MINUTE_MS, match = start + 180 * MINUTE_MS,
         going = start + 245 * MINUTE_MS;
  command(f, start, "{\"event\":\"derby-night\",\"intensity\":1,\"minutes\":285}");
  guint roads = n_changed(f, "road-", coming);
  g_assert_true(roads > 2 && roads < 21);
  g_assert_cmpfloat(mean(f->world, "road-", "speed_kmh", coming), <, mean(f->usual, "road-", "speed_kmh", coming) - 0.3);
  g_assert_cmpfloat(mean(f->world, "road-", "speed_kmh", going), <, mean(f->usual, "road-", "speed_kmh", going) - 0.3);
  g_assert_cmpuint(n_changed(f, "road-", match), ==, 0);
  g_assert_cmpfloat(mean(f->world, "air-", "noise_dba", coming), >, mean(f->usual, "air-", "noise_dba", coming));
  g_assert_cmpfloat(mean(f->world, "air-", "no2", going), >, mean(f->usual, "air-", "no2", going));
  g_assert_cmpfloat(mean(f->world, "park-", "parking_free", match), <, mean(f->usual, "park-", "parking_free", match) - 20);
  /* Full trams before, and at the stop beside the stadium when it is over. */
  g_assert_cmpfloat(mean(f->world, "veh-t2", "occupancy_pct", coming), >,
                    1.1 * mean(f->usual, "veh-t2", "occupancy_pct", coming));
  const char *stop = "stop-t2-"; /* some of them are within 2.4 km */
  g_assert_cmpfloat(boardings(f->world, stop, match, start + 300 * MINUTE_MS), >,
                    1.3 * boardings(f->usual, stop, match, start + 300 * MINUTE_MS));
  none_changed(f, untouched, coming);
  none_changed(f, untouched, going);
}

/* Streets of the centre without cars: calm and cleaner there, a little more traffic round it, fuller trams. */
static void
test_car_free_day(Fixture *f, gconstpointer data)
{
  const char *const untouched[] = { "sub-", "light-", "solar-", "wx-", NULL };
  gint64 start = TUESDAY + 9 * HOUR_MS, at = start + 8 * HOUR_MS + 30 * MINUTE_MS;
  command(f, start, "{\"event\":\"car-free-day\",\"intensity\":1,\"minutes\":600}");
  g_assert_cmpfloat(mean(f->world, "road-bd-mohammed-zerktouni", "flow_vph", at), <,
                    0.35 * mean(f->usual, "road-bd-mohammed-zerktouni", "flow_vph", at));
  g_assert_cmpfloat(mean(f->world, "road-bd-mohammed-zerktouni", "speed_kmh", at), >,
                    mean(f->usual, "road-bd-mohammed-zerktouni", "speed_kmh", at) + 3);
  g_assert_cmpfloat(mean(f->world, "air-wilaya", "no2", at), <, 0.6 * mean(f->usual, "air-wilaya", "no2", at));
  g_assert_cmpfloat(mean(f->world, "air-wilaya", "o3", at), >, mean(f->usual, "air-wilaya", "o3", at));
  g_assert_cmpfloat(mean(f->world, "air-wilaya", "noise_dba", at), <, mean(f->usual, "air-wilaya", "noise_dba", at) - 4);
  g_assert_cmpfloat(mean(f->world, "park-nations-unies", "parking_free", at), >,
                    mean(f->usual, "park-nations-unies", "parking_free", at) + 100);
  g_assert_cmpfloat(mean(f->world, "veh-t1", "occupancy_pct", at), >, 1.05 * mean(f->usual, "veh-t1", "occupancy_pct", at));
  g_assert_cmpfloat(mean(f->world, "bike-", "bikes_free", at), <, mean(f->usual, "bike-", "bikes_free", at));
  none_changed(f, untouched, at);
  g_assert_cmpuint(n_changed(f, "road-", start + 11 * HOUR_MS), ==, 0);
}

/* What was published before an event began is never altered by it, whatever is asked for again. */
static void
test_the_past_stands(Fixture *f, gconstpointer data)
{
  gint64 start = EVENING + 12345; /* in the middle of a minute */
  n_changed(f, "", start);        /* caches are warm */
  command(f, start, "{\"event\":\"tram-incident\",\"intensity\":1,\"minutes\":60,\"place\":\"t1\"}");
  command(f, start, "{\"event\":\"power-cut\",\"intensity\":1,\"minutes\":60,\"place\":\"sidi-belyout\"}");
  command(f, start, "{\"event\":\"chergui\",\"intensity\":1,\"minutes\":60}");
  command(f, start, "{\"event\":\"rain\",\"intensity\":1,\"minutes\":60}");
  command(f, start, "{\"event\":\"derby-night\",\"intensity\":1,\"minutes\":60}");
  command(f, start, "{\"event\":\"car-free-day\",\"intensity\":1,\"minutes\":60}");
  for (gint64 t = start - 20 * MINUTE_MS; t <= start; t += 15000)
    g_assert_cmpuint(n_changed(f, "", t), ==, 0);
  g_assert_cmpuint(n_changed(f, "", start), ==, 0);
  g_assert_cmpuint(n_changed(f, "", start + 10 * MINUTE_MS), >, 100);
}

/* An event of a scenario file and the same one commanded live are the same city. */
static void
test_live_is_as_planned(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaSimScenario) planned = casa_sim_scenario_new();
  planned->climate = FALSE;
  g_autoptr(GError) error = NULL;
  CasaSimEvent e;
  casa_sim_event_init(&e, CASA_SIM_TRAM_INCIDENT, 0.6, 40, -1, "t1-place-des-nations-unies");
  e.start_ms = EVENING - TUESDAY;
  e.daily = TRUE;
  g_assert_true(casa_sim_event_settle(&e, f->city, &error));
  g_array_append_val(planned->events, e);
  casa_sim_world_free(f->usual);
  casa_sim_model_free(f->usual_model);
  f->usual_model = casa_sim_model_new(f->city, planned, 4);
  f->usual = casa_sim_world_new(f->usual_model, "casa/v1", 0);
  command(f, EVENING,
          "{\"event\":\"tram-incident\",\"intensity\":0.6,\"minutes\":40,\"place\":\"t1-place-des-nations-unies\"}");
  for (gint64 i = 0; i < 8; i++)
    g_assert_cmpuint(n_changed(f, "", EVENING + (17 * i - 20) * MINUTE_MS), ==, 0);
}

static void
refused(Fixture *f, const char *text, const char *word)
{
  g_autoptr(GString) reply = g_string_new(NULL);
  g_assert_false(casa_sim_control(f->model, text, EVENING, reply));
  g_assert_true(g_str_has_prefix(reply->str, "{\"ok\":false,\"error\":\""));
  if (!strstr(reply->str, word))
    g_error("%s: said %s, wanted %s", text, reply->str, word);
  g_assert_cmpuint(casa_sim_model_n_changes(f->model), ==, 0);
}

static void
test_wrong_commands_change_nothing(Fixture *f, gconstpointer data)
{
  refused(f, "", "");
  refused(f, "chergui", "");
  refused(f, "[1]", "event");
  refused(f, "{}", "event");
  refused(f, "{\"event\":7}", "text");
  refused(f, "{\"event\":\"flood\"}", "tram-incident");
  refused(f, "{\"event\":\"chergui\",\"intensity\":1.5}", "0.05 to 1");
  refused(f, "{\"event\":\"chergui\",\"intensity\":\"strong\"}", "intensity");
  refused(f, "{\"event\":\"chergui\",\"minutes\":0}", "minutes");
  refused(f, "{\"event\":\"chergui\",\"minutes\":1e9}", "minutes");
  refused(f, "{\"event\":\"chergui\",\"ramp\":20}", "ramp");
  refused(f, "{\"event\":\"chergui\",\"place\":\"anfa\"}", "whole city");
  refused(f, "{\"event\":\"chergui\",\"wind\":3}", "wind");
  refused(f, "{\"event\":\"tram-incident\"}", "t1");
  refused(f, "{\"event\":\"tram-incident\",\"place\":\"t9\"}", "t9");
  refused(f, "{\"event\":\"power-cut\",\"place\":\"paris\"}", "ain-sebaa");
  refused(f, "{\"event\":\"derby-night\",\"place\":\"nowhere\"}", "stadium");
  refused(f, "{\"event\":\"car-free-day\",\"place\":\"t1\"}", "ain-sebaa");
  refused(f, "{\"event\":\"calm\",\"minutes\":3}", "calm");
  refused(f, "{\"event\":\"calm\",\"place\":\"maarif\"}", "of");
  refused(f, "{\"event\":\"calm\",\"of\":\"earthquake\"}", "chergui");
  refused(f, "{\"event\":\"chergui\",\"of\":\"rain\"}", "calm");
  g_assert_cmpuint(n_changed(f, "", EVENING + HOUR_MS), ==, 0);
}

static void
test_calm(Fixture *f, gconstpointer data)
{
  command(f, EVENING, "{\"event\":\"chergui\",\"intensity\":0.9,\"minutes\":300,\"ramp\":5}");
  command(f, EVENING, "{\"event\":\"tram-incident\",\"minutes\":200,\"place\":\"t2\"}");
  command(f, EVENING + 30 * MINUTE_MS, "{\"event\":\"calm\"}");
  g_assert_cmpuint(n_changed(f, "air-", EVENING + 29 * MINUTE_MS), >, 0);
  g_assert_cmpuint(n_changed(f, "air-", EVENING + 10 * HOUR_MS), ==, 0);
  g_assert_cmpfloat(mean(f->world, "veh-t2", "delay_s", EVENING + 180 * MINUTE_MS), <, 600);
}

/* One of several ends early: the others go on. */
static void
test_calm_of_one(Fixture *f, gconstpointer data)
{
  command(f, EVENING, "{\"event\":\"power-cut\",\"intensity\":1,\"minutes\":120,\"ramp\":1,\"place\":\"maarif\"}");
  command(f, EVENING, "{\"event\":\"power-cut\",\"intensity\":1,\"minutes\":120,\"ramp\":1,\"place\":\"anfa\"}");
  command(f, EVENING + 20 * MINUTE_MS, "{\"event\":\"calm\",\"of\":\"power-cut\",\"place\":\"anfa\"}");
  command(f, EVENING + 20 * MINUTE_MS, "{\"event\":\"calm\",\"of\":\"rain\"}");
  g_assert_cmpuint(n_changed(f, "sub-anfa", EVENING + 10 * MINUTE_MS), >, 0);
  g_assert_cmpfloat(mean(f->world, "sub-anfa", "voltage_v", EVENING + 30 * MINUTE_MS), >, 150);
  g_assert_cmpfloat(mean(f->world, "sub-maarif", "voltage_v", EVENING + 30 * MINUTE_MS), <, 50);
}

/* Everything at once, on a hot day: whatever is said can be stored. */
static void
test_all_values_stay_in_range(Fixture *f, gconstpointer data)
{
  static const CasaWireLimits limits = {
    .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = G_MAXINT64 / 4, .retention_ms = G_MAXINT64 / 4
  };
  g_autoptr(CasaDecoder) decoder = casa_decoder_new(f->metrics, &limits);
  g_autoptr(CasaDecoded) decoded = casa_decoded_new();
  g_autoptr(GString) payload = g_string_new(NULL);
  gint64 start = TUESDAY + 62 * 24 * HOUR_MS + 9 * HOUR_MS; /* July */
  command(f, start, "{\"event\":\"chergui\",\"intensity\":1,\"minutes\":700}");
  command(f, start, "{\"event\":\"rain\",\"intensity\":1,\"minutes\":600}");
  command(f, start, "{\"event\":\"derby-night\",\"intensity\":1,\"minutes\":600}");
  command(f, start, "{\"event\":\"car-free-day\",\"intensity\":1,\"minutes\":400}");
  command(f, start, "{\"event\":\"car-free-day\",\"intensity\":1,\"minutes\":400,\"place\":\"maarif\"}");
  command(f, start, "{\"event\":\"tram-incident\",\"intensity\":1,\"minutes\":300,\"place\":\"bw1\"}");
  command(f, start, "{\"event\":\"power-cut\",\"intensity\":1,\"minutes\":300,\"place\":\"maarif\"}");
  for (gint64 t = start; t < start + 15 * HOUR_MS; t += 10 * MINUTE_MS) {
    casa_sim_world_set_time(f->world, t);
    for (guint i = 0; i < casa_sim_world_size(f->world); i++) {
      const CasaSimStation *s = casa_sim_world_station(f->world, i);
      CasaTopic topic;
      CasaReason why;
      if (casa_sim_world_report(f->world, i, t - 10 * MINUTE_MS, payload) == 0)
        continue;
      g_assert_true(casa_topic_parse("casa/v1", s->topic, strlen(s->topic), &topic, &why));
      if (!casa_decoder_decode(decoder, &topic, payload->str, payload->len, t, decoded) || decoded->n_refused)
        g_error("%s: %s", s->topic, payload->str);
    }
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/sim/events/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("chergui-shows-at-once", test_chergui_shows_at_once);
  ADD("delays", test_delays);
  ADD("chergui", test_chergui);
  ADD("tram-incident", test_tram_incident);
  ADD("incident-loses-no-passenger", test_incident_loses_no_passenger);
  ADD("power-cut", test_power_cut);
  ADD("rain", test_rain);
  ADD("derby-night", test_derby_night);
  ADD("car-free-day", test_car_free_day);
  ADD("the-past-stands", test_the_past_stands);
  ADD("live-is-as-planned", test_live_is_as_planned);
  ADD("wrong-commands-change-nothing", test_wrong_commands_change_nothing);
  ADD("calm", test_calm);
  ADD("calm-of-one", test_calm_of_one);
  ADD("all-values-stay-in-range", test_all_values_stay_in_range);
  return g_test_run();
}
