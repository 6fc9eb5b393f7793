/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/theme.h"
#include <math.h>

#define HEX(v)                                                                                                                 \
  {                                                                                                                            \
    ((v) >> 16 & 0xff) / 255.0, ((v) >> 8 & 0xff) / 255.0, ((v)&0xff) / 255.0                                                  \
  }

/* Each ramp keeps one direction of lightness (CIE L*) from class to class, away from the ground, so that order survives
 * a colour-vision deficiency, a grey print and a tired projector. The hue says the same a second time.
 * tests/ui/test-theme.c measures both. */
static const CasaTheme themes[] = {
  {
    .id = "dark",
    .dark = TRUE,
    .ground = HEX(0x0A101C),
    .panel = HEX(0x111A2A),
    .grid = HEX(0x22304A),
    .ink = HEX(0xF2F6FC),
    .muted = HEX(0x9FB0C6),
    .accent = HEX(0x56B4E9),
    .second = HEX(0x8FB4FF),
    .provenance = HEX(0xC9A7FF),
    .warning = HEX(0xF2C14E),
    .bad = HEX(0xE07B36),
    .good = HEX(0x2FC79A),
    .sea = HEX(0x0A1526),
    .land = HEX(0x0C1220),
    .district = HEX(0x1E2A3E),
    .district_edge = HEX(0x0A101C),
    .road = HEX(0x41506B),
    .ramp = { HEX(0x132F38), HEX(0x194847), HEX(0x236451), HEX(0x577139), HEX(0x957930), HEX(0xE3863F) },
  },
  {
    .id = "light",
    .dark = FALSE,
    .ground = HEX(0xEEF2F7),
    .panel = HEX(0xFFFFFF),
    .grid = HEX(0xD3DBE6),
    .ink = HEX(0x0E1726),
    .muted = HEX(0x4A5A72),
    .accent = HEX(0x00639C),
    .second = HEX(0x2F55B8),
    .provenance = HEX(0x6A3FB5),
    .warning = HEX(0x8A6100),
    .bad = HEX(0xB0430E),
    .good = HEX(0x006B50),
    .sea = HEX(0xD5E3EA),
    .land = HEX(0xEDE8DC),
    .district = HEX(0xE4E4DF),
    .district_edge = HEX(0xFFFFFF),
    .road = HEX(0xA9B1BC),
    .ramp = { HEX(0xDDEFE9), HEX(0xAAD7C6), HEX(0x7FBB96), HEX(0x9DA04C), HEX(0xB9782C), HEX(0xA2431B) },
  },
  {
    .id = "contrast",
    .dark = TRUE,
    .ground = HEX(0x000000),
    .panel = HEX(0x000000),
    .grid = HEX(0x6B6B6B),
    .ink = HEX(0xFFFFFF),
    .muted = HEX(0xE6E6E6),
    .accent = HEX(0x7FD4FF),
    .second = HEX(0xB9CCFF),
    .provenance = HEX(0xE3CCFF),
    .warning = HEX(0xFFE100),
    .bad = HEX(0xFFA070),
    .good = HEX(0x7CF5C4),
    .sea = HEX(0x000000),
    .land = HEX(0x0F0F0F),
    .district = HEX(0x2A2A2A),
    .district_edge = HEX(0xFFFFFF),
    .road = HEX(0x8A8A8A),
    .ramp = { HEX(0x1B1B22), HEX(0x423F2A), HEX(0x6E662A), HEX(0x9D9024), HEX(0xCFBC16), HEX(0xFFF04D) },
  },
};

const CasaTheme *
casa_theme_get(const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS(themes); i++)
    if (g_strcmp0(id, themes[i].id) == 0)
      return &themes[i];
  return &themes[0];
}

CasaRgb
casa_rgb_from_hex(guint32 rgb)
{
  return (CasaRgb)HEX(rgb);
}

static guint
byte(double v)
{
  return (guint)lround(CLAMP(v, 0.0, 1.0) * 255.0);
}

char *
casa_rgb_hex(CasaRgb c, char *buf)
{
  g_snprintf(buf, 8, "#%02X%02X%02X", byte(c.r), byte(c.g), byte(c.b));
  return buf;
}

/* Transfer function of IEC 61966-2-1 (sRGB). */
static double
linear(double v)
{
  return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double
casa_rgb_luminance(CasaRgb c)
{
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double
casa_rgb_contrast(CasaRgb a, CasaRgb b)
{
  double la = casa_rgb_luminance(a), lb = casa_rgb_luminance(b);

  return (MAX(la, lb) + 0.05) / (MIN(la, lb) + 0.05);
}

CasaRgb
casa_rgb_mix(CasaRgb a, CasaRgb b, double t)
{
  return (CasaRgb){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t };
}

CasaRgb
casa_rgb_readable(CasaRgb c, CasaRgb on, double ratio)
{
  const CasaRgb white = { 1, 1, 1 }, black = { 0, 0, 0 };
  gboolean dark = casa_rgb_luminance(on) < 0.18;
  CasaRgb towards = dark ? white : black;
  double most = MAX(c.r, MAX(c.g, c.b));

  if (dark && most > 0.1 && most < 0.88) /* brighter at the same hue first: white alone would wash it out */
    c = casa_rgb_mix(black, c, 0.88 / most);

  for (int step = 0; step <= 20; step++) {
    CasaRgb mixed = casa_rgb_mix(c, towards, step / 20.0);

    if (casa_rgb_contrast(mixed, on) >= ratio)
      return mixed;
  }
  return towards;
}
