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
  CasaRgb mobility, energy, air, other;  /* domains */
  CasaRgb solar, no2;                    /* second lines of energy and air */
  CasaRgb provenance, warning, bad, good;
  CasaRgb sea, land, district, district_edge, road;
  CasaRgb ramp[6]; /* sequential choropleth, low → high, distinguishable with colour-vision deficiency */
} CasaTheme;

/* By id; unknown or NULL gives dark. Static. */
const CasaTheme *casa_theme_get(const char *id);
CasaRgb casa_theme_domain(const CasaTheme *theme, const char *domain);
/* "#RRGGBB" into @buf of 8 bytes. */
char *casa_rgb_hex(CasaRgb c, char *buf);

G_END_DECLS
