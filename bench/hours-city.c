/* SPDX-License-Identifier: Apache-2.0 */
#include "hours.h"
#include "base/time-units.h"
#include "casa-build.h"
#include "stations/world.h"
#include <math.h>
#include <string.h>

#define FROM_MS G_GINT64_CONSTANT(1751328000000) /* Tuesday 1 July 2025 */
#define DAYS 365
#define SAMPLES 3 /* an hour */

/* As the indicators of the same names fold them. */
typedef struct {
  CasaSimKind kind;
  const char *metric;
  gboolean sum;
} Figure;

static const Figure figures[] = {
  { CASA_SIM_SUBSTATION, "load_mw", TRUE }, { CASA_SIM_SOLAR, "solar_mw", TRUE },   { CASA_SIM_LIGHTING, "lighting_mw", TRUE },
  { CASA_SIM_ROAD, "speed_kmh", FALSE },    { CASA_SIM_VEHICLE, "delay_s", FALSE }, { CASA_SIM_AIR, "pm10", FALSE },
  { CASA_SIM_AIR, "no2", FALSE },           { CASA_SIM_AIR, "o3", FALSE },
};
static const char *const names[] = { "simulated load",       "simulated solar power", "simulated lighting",
                                     "simulated road speed", "simulated delay",       "simulated PM10",
                                     "simulated NO2",        "simulated O3",          NULL };

static double
value_of(const char *payload, const char *metric)
{
  char key[32];
  g_snprintf(key, sizeof key, "\"%s\":", metric);
  const char *at = strstr(payload, key);

  return at ? g_ascii_strtod(at + strlen(key), NULL) : NAN;
}

static gboolean
is_watched(CasaSimKind kind)
{
  for (guint f = 0; f < G_N_ELEMENTS(figures); f++)
    if (figures[f].kind == kind)
      return TRUE;
  return FALSE;
}

static void
sample(CasaSimWorld *world, gint64 t_ms, GString *text, double *sums, guint *counts)
{
  double now[G_N_ELEMENTS(figures)] = { 0 };
  guint n[G_N_ELEMENTS(figures)] = { 0 };

  casa_sim_world_set_time(world, t_ms);
  for (guint i = 0; i < casa_sim_world_size(world); i++) {
    const CasaSimKind kind = casa_sim_world_station(world, i)->kind;
    if (!is_watched(kind) || !casa_sim_world_report(world, i, t_ms - CASA_HOUR_MS / SAMPLES, text))
      continue;
    for (guint f = 0; f < G_N_ELEMENTS(figures); f++) {
      const double value = figures[f].kind == kind ? value_of(text->str, figures[f].metric) : NAN;
      now[f] += isnan(value) ? 0 : value;
      n[f] += !isnan(value);
    }
  }
  for (guint f = 0; f < G_N_ELEMENTS(figures); f++)
    if (n[f]) {
      sums[f] += figures[f].sum ? now[f] : now[f] / n[f];
      counts[f]++;
    }
}

Series **
hours_simulate(guint64 seed, const char *const **names_out)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  CasaCity *city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  if (!city)
    g_error("%s", error->message);
  CasaSimScenario *scenario = casa_sim_scenario_new();
  CasaSimModel *model = casa_sim_model_new(city, scenario, seed);
  CasaSimWorld *world = casa_sim_world_new(model, "casa/v1", 0);
  Series **all = g_new0(Series *, G_N_ELEMENTS(figures) + 1);

  for (guint f = 0; f < G_N_ELEMENTS(figures); f++)
    all[f] = g_new0(Series, 1);
  for (gint64 t_ms = FROM_MS; t_ms < FROM_MS + DAYS * CASA_DAY_MS; t_ms += CASA_HOUR_MS) {
    double sums[G_N_ELEMENTS(figures)] = { 0 };
    guint counts[G_N_ELEMENTS(figures)] = { 0 };
    const gint64 hour = (t_ms + casa_sim_utc_offset_ms(t_ms)) / CASA_HOUR_MS;
    for (guint k = 0; k < SAMPLES; k++)
      sample(world, t_ms + (2 * k + 1) * CASA_HOUR_MS / (2 * SAMPLES), text, sums, counts);
    for (guint f = 0; f < G_N_ELEMENTS(figures); f++) {
      Series *s = all[f];
      if (s->n && hour <= s->hour[s->n - 1])
        continue; /* the clock was set back */
      for (gint64 h = s->n ? s->hour[s->n - 1] + 1 : hour; h <= hour; h++, s->n++) {
        s->hour[s->n] = h;
        s->value[s->n] = h == hour && counts[f] ? sums[f] / counts[f] : NAN;
        s->weather[s->n] = (CasaForecastWeather){ NAN, NAN };
      }
    }
  }
  casa_sim_world_free(world);
  casa_sim_model_free(model);
  casa_sim_scenario_free(scenario);
  casa_city_free(city);
  *names_out = names;
  return all;
}
