/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* Height of the sun's middle over the horizon at @at, degrees, refraction left out; negative by night. After the
 * Astronomical Almanac's low-precision formulae (0.01° in declination until 2050). @t_ms is UTC. Pure; any thread. */
double casa_sun_elevation(CasaLonLat at, gint64 t_ms);

/* How much of the street lighting one sees from above: 0 while the sun is more than 4° high, 1 once it is 8° below the
 * horizon, the middle of civil twilight about half. */
double casa_sun_darkness(CasaLonLat at, gint64 t_ms);

G_END_DECLS
