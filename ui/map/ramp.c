/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-paint.h"
#include "ui/map/map-text.h"
#include <math.h>

#define STOPS 6

/* Each keeps one direction of lightness, away from its ground, so that order survives a colour-vision deficiency and a grey
 * print. Speed and delay also speak by the length of grains and by thickness. */
static const struct {
  guint n;
  guint32 stops[STOPS];
} dark_ramps[] = {
  [CASA_MAP_RAMP_DENSITY] = { 5, { 0x101A2E, 0x191F3F, 0x2A2650, 0x43304F, 0x6A4247 } },
  [CASA_MAP_RAMP_DUST] = { 6, { 0x1B1A1C, 0x3A2C1C, 0x63441D, 0x936522, 0xC58E36, 0xF2C678 } },
  [CASA_MAP_RAMP_DELAY] = { 5, { 0x3F6E93, 0x6F93A8, 0xE8CE6A, 0xF59A3C, 0xFF5A3D } },
  [CASA_MAP_RAMP_SPEED] = { 3, { 0xFF5D52, 0xE9A15B, 0x4E7FA8 } },
}, light_ramps[] = {
  [CASA_MAP_RAMP_DENSITY] = { 5, { 0xEBE6DA, 0xE6D8BE, 0xDFC197, 0xD3A26C, 0xBE7C48 } },
  [CASA_MAP_RAMP_DUST] = { 6, { 0xF6F0E1, 0xF3DFA8, 0xEBC066, 0xD99A36, 0xB9701F, 0x8A4413 } },
  [CASA_MAP_RAMP_DELAY] = { 5, { 0x2F6591, 0x5A86A0, 0xB08A1E, 0xC2661A, 0xB83218 } },
  [CASA_MAP_RAMP_SPEED] = { 3, { 0xC2352B, 0xB5701F, 0x3A6E99 } },
};

CasaRgb
casa_map_ramp(const CasaTheme *theme, CasaMapRamp ramp, double t)
{
  const guint32 *stops = theme->dark ? dark_ramps[ramp].stops : light_ramps[ramp].stops;
  guint n = (theme->dark ? dark_ramps[ramp].n : light_ramps[ramp].n) - 1, i;

  t = CLAMP(isfinite(t) ? t : 0, 0, 1) * n;
  i = MIN((guint)t, n - 1);
  return casa_rgb_mix(casa_map_rgb(stops[i]), casa_map_rgb(stops[i + 1]), t - i);
}

CasaRgb
casa_map_line_colour(const CasaTheme *theme, guint32 rgb)
{
  return theme->dark ? casa_rgb_readable(casa_map_rgb(rgb), theme->land, 6) : casa_map_rgb(rgb);
}
