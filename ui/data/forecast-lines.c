/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/forecast-lines.h"
#include "base/time-units.h"
#include "city/city-calendar.h"
#include "city/city-zone.h"
#include <math.h>

#define STEP_MS (5 * CASA_MINUTE_MS)

typedef struct {
  CasaPyramid *middle, *low, *high;
} Lines;

gint64
casa_forecast_local_hour(gint64 t_ms)
{
  GTimeZone *zone = casa_city_zone(t_ms);
  const gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, t_ms / 1000);

  return (t_ms + g_time_zone_get_offset(zone, interval) * G_GINT64_CONSTANT(1000)) / CASA_HOUR_MS;
}

static gboolean
is_holiday_cb(gint64 day, gpointer unused)
{
  return casa_city_holiday(day) != CASA_HOLIDAY_NONE;
}

CasaForecaster *
casa_forecast_of_the_city(void)
{
  const CasaForecastOptions options = { .is_holiday = is_holiday_cb };

  return casa_forecaster_new(&options);
}

static void
add_point(const Lines *lines, gint64 t_ms, const CasaForecastPoint *point)
{
  casa_pyramid_add(lines->middle, t_ms, point->middle);
  casa_pyramid_add(lines->low, t_ms, point->low);
  casa_pyramid_add(lines->high, t_ms, point->high);
}

/* From one hour's middle straight to the next's. */
static void
add_hour(const Lines *lines, gint64 t_ms, const CasaForecastPoint *from, const CasaForecastPoint *to)
{
  const guint n = CASA_HOUR_MS / STEP_MS;

  for (guint k = 1; k <= n; k++) {
    const double share = (double)k / n;
    add_point(lines, t_ms + (gint64)k * STEP_MS,
              &(CasaForecastPoint){ from->middle + share * (to->middle - from->middle),
                                    from->low + share * (to->low - from->low), from->high + share * (to->high - from->high) });
  }
}

void
casa_forecast_lines_fill(CasaPyramid *middle, CasaPyramid *low, CasaPyramid *high, const CasaForecastPoint *points, double last,
                         gint64 end_ms)
{
  const Lines lines = { middle, low, high };
  gint64 t_ms = end_ms - CASA_HOUR_MS / 2;
  CasaForecastPoint from = { last, last, last };

  casa_pyramid_clear(middle);
  casa_pyramid_clear(low);
  casa_pyramid_clear(high);
  for (guint i = 0; points && i < CASA_FORECAST_HOURS; i++, t_ms += CASA_HOUR_MS) {
    const CasaForecastPoint *to = &points[i];
    if (isfinite(from.middle) && isfinite(to->middle) && casa_pyramid_length(middle) == 0)
      add_point(&lines, t_ms, &from);
    if (isfinite(from.middle) && isfinite(to->middle))
      add_hour(&lines, t_ms, &from, to);
    from = *to;
  }
}
