/* SPDX-License-Identifier: Apache-2.0 */
/* A whole year, Ramadan and the change of the clock in it: every value is finite, and one that such a sensor can say. */
#include <math.h>
#include <string.h>

#include "casa-build.h"
#include "city/metrics.h"
#include "town.h"
#include "wire/decode.h"

/* Narrower than what config/metrics.conf takes for possible. */
static const struct {
  const char *metric;
  double least, most;
} bounds[] = {{"speed_kmh", 0, 90},   {"flow_vph", 0, 12000},  {"occupancy_pct", 0, 100}, {"delay_s", -60, 3600},
              {"headway_s", 0, 7200}, {"passengers", 0, 5000}, {"load_mw", 4, 250},       {"solar_mw", 0, 12},
              {"lighting_mw", 0, 6},  {"voltage_v", 207, 253}, {"frequency_hz", 49.9, 50.1}, {"ev_kw", 0, 400},
              {"pm10", 2, 200},       {"pm2_5", 2, 90},        {"no2", 0.5, 200},         {"o3", 0.5, 160},
              {"so2", 0.5, 500},      {"co", 0.05, 10},        {"temp_c", -2, 42},        {"rh_pct", 10, 100},
              {"wind_ms", 0, 20},     {"wind_dir", 0, 360},    {"pressure_hpa", 990, 1040}, {"noise_dba", 35, 85}};

typedef struct {
  double least, most;
  guint64 n;
} Seen;

static void check(const CasaField *field, gint64 t_ms, const char *station, Seen *seen) {
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

static void test_a_year(void) {
  static const CasaWireLimits limits = {16384, 8, 64, G_MAXINT64 / 4, G_MAXINT64 / 4};
  const gint64 step = 5 * TOWN_HOUR_MS + 7 * TOWN_MINUTE_MS; /* every hour of the day gets its turn */
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  g_autoptr(GString) payload = g_string_new(NULL);
  Seen seen[G_N_ELEMENTS(bounds)] = {0};
  Town t;
  town_load(&t);
  town_build(&t, 6, 0);
  for (guint i = 0; i < G_N_ELEMENTS(bounds); i++)
    seen[i].least = 1e9;
  for (gint64 at = town_utc(2025, 11, 1, 0); at < town_utc(2026, 11, 1, 0); at += step) {
    casa_sim_world_set_time(t.world, at);
    for (guint i = 0; i < casa_sim_world_size(t.world); i++) {
      const CasaSimStation *s = casa_sim_world_station(t.world, i);
      CasaReading r;
      CasaTopic topic;
      CasaReason why;
      if (casa_sim_world_report(t.world, i, at - 10000, payload) == 0)
        continue;
      if (!casa_topic_parse("casa/v1", s->topic, strlen(s->topic), &topic, &why) ||
          !casa_decode_reading(metrics, &limits, &topic, payload->str, payload->len, at, &r, &why) || r.n_refused)
        g_error("%s: %s", s->topic, payload->str);
      for (guint k = 0; k < r.n_fields; k++)
        check(&r.fields[k], at, s->id, seen);
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
    g_test_message("%s: %g to %g, %" G_GUINT64_FORMAT " times", bounds[i].metric, seen[i].least, seen[i].most, seen[i].n);
    g_assert_cmpuint(seen[i].n, >, 1000);
  }
  town_free(&t);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/year/in-range", test_a_year);
  return g_test_run();
}
