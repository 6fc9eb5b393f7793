/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Colours of the screen, one table per theme; CSS and cairo both take them from here. */
typedef struct {
  double r, g, b;
} CasaRgb;

typedef struct {
  const char *id; /* "dark", "light", "contrast" */
  gboolean dark;
  CasaRgb ground, panel, grid, ink, muted;
  CasaRgb accent, second; /* of what belongs to no domain: the focus ring, a chart's lines. Domains' are in indicators.conf */
  CasaRgb provenance, warning, bad, good;
  CasaRgb sea, land, district, district_edge, road;
  CasaRgb ramp[6]; /* sequential choropleth, low → high, distinguishable with colour-vision deficiency */
} CasaTheme;

/* By id; unknown or NULL gives dark. Static. */
const CasaTheme *casa_theme_get(const char *id);
/* A colour of a domain or of a line. */
CasaRgb casa_rgb_from_hex(guint32 rgb); /* 0xRRGGBB */
/* "#RRGGBB" into @buf of 8 bytes. */
char *casa_rgb_hex(CasaRgb c, char *buf);

/* WCAG 2.1: relative luminance 0..1, contrast ratio 1..21. */
double casa_rgb_luminance(CasaRgb c);
double casa_rgb_contrast(CasaRgb a, CasaRgb b); /* The ratio of two colours */
/* @a at @t = 0, @b at 1. */
CasaRgb casa_rgb_mix(CasaRgb a, CasaRgb b, double t);
/* A class colour that must be read as text: @c as bright (on a dark @on) or as dark as the contrast @ratio asks for. */
CasaRgb casa_rgb_readable(CasaRgb c, CasaRgb on, double ratio);

G_END_DECLS
