/* SPDX-License-Identifier: Apache-2.0 */
/* A whole year, Ramadan and the change of the clock in it: every value is finite, and one that such a sensor can say. */
#include <math.h>
#include <string.h>

#include "casa-build.h"
#include "city/metrics.h"
#include "model/climate.h"
#include "town.h"
#include "wire/decoder.h"

/* Narrower than what config/metrics.conf takes for possible. */
static const struct {
  const char *metric;
  double least, most;
} bounds[] = { { "speed_kmh", 0, 90 },
               { "flow_vph", 0, 12000 },
               { "occupancy_pct", 0, 100 },
               { "delay_s", -60, 3600 },
               { "headway_s", 0, 7200 },
               { "passengers", 0, 5000 },
               { "load_mw", 4, 250 },
               { "solar_mw", 0, 12 },
               { "lighting_mw", 0, 6 },
               { "voltage_v", 207, 253 },
               { "frequency_hz", 49.9, 50.1 },
               { "ev_kw", 0, 400 },
               { "pm10", 2, 600 },
               { "pm2_5", 2, 160 },
               { "no2", 0.5, 200 },
               { "o3", 0.5, 160 },
               { "so2", 0.5, 500 },
               { "co", 0.05, 10 },
               { "temp_c", -2, 43 },
               { "rh_pct", 5, 100 },
               { "wind_ms", 0, 20 },
               { "wind_dir", 0, 360 },
               { "pressure_hpa", 990, 1040 },
               { "noise_dba", 35, 85 } };

typedef struct {
  double least, most;
  guint64 n;
} Seen;

static void
check(const CasaField *field, gint64 t_ms, const char *station, Seen *seen)
{
  for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
    if (strcmp(bounds[i].metric, field->metric) != 0)
      continue;
    if (!isfinite(field->value) || field->value < bounds[i].least || field->value > bounds[i].most)
      g_error("%s at %" G_GINT64_FORMAT ": %s = %g, wanted %g to %g", station, t_ms, field->metric, field->value,
              bounds[i].least, bounds[i].most);
    seen[i].least = MIN(seen[i].least, field->value);
    seen[i].most = MAX(seen[i].most, field->value);
    seen[i].n++;
  }
}

static void
test_a_year(void)
{
  static const CasaWireLimits limits = {
    .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = G_MAXINT64 / 4, .retention_ms = G_MAXINT64 / 4
  };
  const gint64 step = 5 * TOWN_HOUR_MS + 7 * TOWN_MINUTE_MS; /* every hour of the day gets its turn */
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  g_autoptr(CasaDecoder) decoder = casa_decoder_new(metrics, &limits);
  g_autoptr(CasaDecoded) decoded = casa_decoded_new();
  g_autoptr(GString) payload = g_string_new(NULL);
  Seen seen[G_N_ELEMENTS(bounds)] = { 0 };
  Town t;
  town_load(&t);
  town_build(&t, 6, 0);
  for (guint i = 0; i < G_N_ELEMENTS(bounds); i++)
    seen[i].least = 1e9;
  for (gint64 at = town_utc(2025, 11, 1, 0); at < town_utc(2026, 11, 1, 0); at += step) {
    casa_sim_world_set_time(t.world, at);
    for (guint i = 0; i < casa_sim_world_size(t.world); i++) {
      const CasaSimStation *s = casa_sim_world_station(t.world, i);
      CasaTopic topic;
      CasaReason why;
      if (casa_sim_world_report(t.world, i, at - 10000, payload) == 0)
        continue;
      if (!casa_topic_parse("casa/v1", s->topic, strlen(s->topic), &topic, &why) ||
          !casa_decoder_decode(decoder, &topic, payload->str, payload->len, at, decoded) || decoded->n_refused)
        g_error("%s: %s", s->topic, payload->str);
      const CasaReading *r = casa_decoded_reading(decoded, 0);
      for (guint k = 0; k < r->n_fields; k++)
        check(&r->fields[k], at, s->id, seen);
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
    g_test_message("%s: %g to %g, %" G_GUINT64_FORMAT " times", bounds[i].metric, seen[i].least, seen[i].most, seen[i].n);
    g_assert_cmpuint(seen[i].n, >, 1000);
  }
  town_free(&t);
}

/* As many rainy days as the climate has (52 a year, none in July), and a few to a dozen dust winds. */
static void
test_climate(void)
{
  guint rain = 0, july = 0, december = 0, dust[10] = { 0 };
  g_autoptr(CasaSimScenario) scenario = casa_sim_scenario_new();
  g_autoptr(CasaSimCalendar) calendar = casa_sim_calendar_new(scenario);
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
  for (guint seed = 0; seed < 10; seed++) {
    for (gint64 number = town_utc(2025, 1, 1, 0) / TOWN_DAY_MS; number < town_utc(2026, 1, 1, 0) / TOWN_DAY_MS; number++) {
      const CasaSimDay *day = casa_sim_calendar_day(calendar, number);
      g_array_set_size(events, 0);
      casa_sim_climate_events(seed, day, events);
      g_assert_cmpuint(events->len, <=, 1);
      for (guint i = 0; i < events->len; i++) {
        const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
        gboolean wet = e->kind == CASA_SIM_RAIN;
        g_assert_true(e->start_ms >= day->start_ms && e->start_ms < day->start_ms + TOWN_DAY_MS);
        g_assert_true(e->intensity >= CASA_SIM_EVENT_MIN_INTENSITY && e->intensity <= 1);
        rain += wet;
        july += wet && day->yday > 183 && day->yday < 212;
        december += wet && day->yday > 336;
        dust[seed] += !wet;
      }
    }
    g_assert_true(dust[seed] >= 2 && dust[seed] <= 14);
  }
  g_assert_cmpfloat_with_epsilon(rain / 10.0, 53, 8);
  g_assert_cmpuint(july, ==, 0);
  g_assert_cmpfloat_with_epsilon(december / 10.0, 8.7, 2.5);
}

static gboolean
among(const GArray *events, const CasaSimEvent *wanted)
{
  for (guint i = 0; i < events->len; i++) {
    const CasaSimEvent *e = &g_array_index(events, CasaSimEvent, i);
    if (e->start_ms == wanted->start_ms && e->kind == wanted->kind && e->duration_ms == wanted->duration_ms)
      return TRUE;
  }
  return FALSE;
}

/* What a day knows of the rain before it, the next day knows too: nothing changes at midnight. */
static void
test_climate_stands(void)
{
  Town t;
  guint compared = 0;
  town_load(&t);
  town_build(&t, 6, 0);
  for (gint64 noon = town_utc(2025, 11, 1, 12); noon < town_utc(2026, 2, 1, 12); noon += TOWN_DAY_MS) {
    g_autoptr(GArray) today = g_array_new(FALSE, FALSE, sizeof(CasaSimEvent));
    const GArray *events = casa_sim_model_events(t.model, noon);
    g_array_append_vals(today, events->data, events->len);
    const GArray *next = casa_sim_model_events(t.model, noon + TOWN_DAY_MS);
    for (guint i = 0; i < today->len; i++) {
      const CasaSimEvent *e = &g_array_index(today, CasaSimEvent, i);
      if (e->start_ms < noon - TOWN_DAY_MS) /* from then on its effect is over */
        continue;
      g_assert_true(among(next, e));
      compared++;
    }
  }
  g_assert_cmpuint(compared, >, 20);
  town_free(&t);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/year/in-range", test_a_year);
  g_test_add_func("/sim/year/climate", test_climate);
  g_test_add_func("/sim/year/climate-stands", test_climate_stands);
  return g_test_run();
}
