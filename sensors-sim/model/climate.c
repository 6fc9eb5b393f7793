/* SPDX-License-Identifier: Apache-2.0 */
#include "climate.h"

#include "maths/rng.h"
#include "base/time-units.h"

#define MINUTE_MS 60000.0

/* Days with rain by month, January first (climatestotravel.com). */
static const double rain_days[12] = { 8, 6, 7, 5, 4, 1, 0, 0, 1, 5, 7, 9 };
/* Chance of a chergui on a day of the month: seven a year, most of them from spring to autumn (the facts: "a few to a
 * dozen events a year, more in spring-autumn", an estimate). */
static const double chergui_chance[12] = { .005, .008, .02, .03, .03, .03, .02, .02, .03, .03, .012, .005 };

static void
add(GArray *events, const CasaSimDay *day, CasaSimEventKind kind, double intensity, double hour, double minutes)
{
  CasaSimEvent e;
  casa_sim_event_init(&e, kind, intensity, minutes, -1, NULL);
  e.start_ms = day->start_ms + (gint64)(hour * 60) * (gint64)MINUTE_MS;
  g_array_append_val(events, e);
}

void
casa_sim_climate_events(guint64 seed, const CasaSimDay *day, GArray *events)
{
  guint64 rain = casa_sim_stream(seed, "weather/rain"), dust = casa_sim_stream(seed, "weather/chergui");
  guint64 sky = casa_sim_stream(seed, "weather/cloud"), n = (guint64)day->number * 4;
  guint month = MIN((guint)((day->yday - 1) / 30.5), 11);
  /* Nine wet days of ten fall where the course of the clouds is above its middle. */
  double fronts = casa_sim_noise(sky, day->start_ms + 12 * CASA_HOUR_MS, 60 * CASA_HOUR_MS) > 0 ? 1.8 : 0.2;
  gboolean wet = casa_sim_uniform(rain, n) < rain_days[month] / 30.4 * fronts;
  if (wet)
    add(events, day, CASA_SIM_RAIN, 0.2 + 0.6 * casa_sim_uniform(rain, n + 1), 22 * casa_sim_uniform(rain, n + 2),
        60 + 420 * casa_sim_uniform(rain, n + 3));
  if (!wet && casa_sim_uniform(dust, n) < chergui_chance[month])
    add(events, day, CASA_SIM_CHERGUI, 0.2 + 0.4 * casa_sim_uniform(dust, n + 1), 8 + 5 * casa_sim_uniform(dust, n + 2),
        360 + 900 * casa_sim_uniform(dust, n + 3));
}
