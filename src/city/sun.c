/* SPDX-License-Identifier: Apache-2.0 */
#include "city/sun.h"
#include <math.h>

#define J2000_MS G_GINT64_CONSTANT(946728000000) /* 2000-01-01T12:00:00Z */
#define DAY_MS 86400000.0
#define DAYLIGHT 4.0 /* degrees */
#define NIGHT (-8.0)

static double
radians(double degrees)
{
  return fmod(degrees, 360) * G_PI / 180;
}

double
casa_sun_elevation(CasaLonLat at, gint64 t_ms)
{
  double days = (double)(t_ms - J2000_MS) / DAY_MS;
  double anomaly = radians(357.528 + 0.9856003 * days);
  double longitude = radians(280.460 + 0.9856474 * days + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly));
  double obliquity = radians(23.439 - 0.0000004 * days);
  double declination = asin(sin(obliquity) * sin(longitude));
  double ascension = atan2(cos(obliquity) * sin(longitude), cos(longitude));
  double sidereal = radians(280.46062 + 360.98564737 * days + at.lon), hour = sidereal - ascension, lat = radians(at.lat);

  return asin(sin(lat) * sin(declination) + cos(lat) * cos(declination) * cos(hour)) * 180 / G_PI;
}

double
casa_sun_darkness(CasaLonLat at, gint64 t_ms)
{
  double t = CLAMP((DAYLIGHT - casa_sun_elevation(at, t_ms)) / (DAYLIGHT - NIGHT), 0, 1);

  return t * t * (3 - 2 * t);
}
