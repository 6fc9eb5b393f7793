/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "city/indicators.h"
#include "ui/kit/theme.h"
#include <math.h>

typedef struct {
  double l, a, b;
} Lab;

static const char *const ids[] = { "dark", "light", "contrast" };

static double
linear(double v)
{
  return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double
lab_f(double t)
{
  return t > 216.0 / 24389.0 ? cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
}

/* CIE 1976 L*a*b* of a linear sRGB colour, white D65 (CIE 15:2004). */
static Lab
lab(const double rgb[3])
{
  double x = 0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2];
  double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
  double z = 0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2];
  double fx = lab_f(x / 0.95047), fy = lab_f(y), fz = lab_f(z / 1.08883);

  return (Lab){ 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz) };
}

/* Severity 1.0 matrices of G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, for linear RGB. The first is normal vision. */
static const double visions[4][9] = {
  { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
};
static const char *const vision_names[] = { "normal", "protanopia", "deuteranopia", "tritanopia" };

static Lab
seen(CasaRgb c, guint vision)
{
  const double in[3] = { linear(c.r), linear(c.g), linear(c.b) };
  const double *m = visions[vision];
  double out[3];

  for (int i = 0; i < 3; i++)
    out[i] = CLAMP(m[3 * i] * in[0] + m[3 * i + 1] * in[1] + m[3 * i + 2] * in[2], 0, 1);
  return lab(out);
}

static double
distance(Lab a, Lab b)
{
  return sqrt((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
}

static void
test_ramp_keeps_its_order(void)
{
  for (guint t = 0; t < G_N_ELEMENTS(ids); t++) {
    const CasaTheme *theme = casa_theme_get(ids[t]);
    double sign = theme->dark ? 1 : -1;

    for (guint v = 0; v < 4; v++)
      for (guint i = 1; i < 6; i++) {
        Lab lo = seen(theme->ramp[i - 1], v), hi = seen(theme->ramp[i], v);

        g_test_message("%s %s %u-%u: L* %.1f -> %.1f, distance %.1f", ids[t], vision_names[v], i - 1, i, lo.l, hi.l,
                       distance(lo, hi));
        /* 5 L* is a step that a projector still shows; a distance of 9 is several times a just noticeable one (2.3). */
        g_assert_cmpfloat(sign * (hi.l - lo.l), >=, 5);
        g_assert_cmpfloat(distance(lo, hi), >=, 9);
      }
  }
}

static void
test_no_data_is_not_a_class(void)
{
  for (guint t = 0; t < G_N_ELEMENTS(ids); t++) {
    const CasaTheme *theme = casa_theme_get(ids[t]);

    for (guint i = 0; i < 6; i++)
      g_assert_cmpfloat(distance(seen(theme->district, 0), seen(theme->ramp[i], 0)), >, 5);
  }
}

static void
assert_readable(const CasaTheme *theme, const char *what, CasaRgb c, double ratio)
{
  char hex[8];

  g_test_message("%s %s %s: %.2f on panel, %.2f on ground", theme->id, what, casa_rgb_hex(c, hex),
                 casa_rgb_contrast(c, theme->panel), casa_rgb_contrast(c, theme->ground));
  g_assert_cmpfloat(casa_rgb_contrast(c, theme->panel), >=, ratio);
  g_assert_cmpfloat(casa_rgb_contrast(c, theme->ground), >=, ratio);
}

/* Of the shipped domains; a domain without colours of its own among them. */
static void
assert_domains_readable(const CasaTheme *theme, double ratio)
{
  g_autoptr(CasaIndicators) set = casa_indicators_load(CASA_SOURCE_ROOT "/config", NULL);
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(set, &n);

  for (guint i = 0; i < n; i++) {
    const CasaDomainColours *colours = casa_city_domain_colours(domains[i], theme->id);
    assert_readable(theme, domains[i]->id, casa_rgb_from_hex(colours->first), ratio);
    assert_readable(theme, domains[i]->id, casa_rgb_from_hex(colours->second), ratio);
  }
}

/* WCAG 2.1: AA 4.5:1 (1.4.3), AAA 7:1 (1.4.6). */
static void
test_text_is_readable(void)
{
  for (guint t = 0; t < G_N_ELEMENTS(ids); t++) {
    const CasaTheme *theme = casa_theme_get(ids[t]);
    double ratio = g_str_equal(theme->id, "contrast") ? 7 : 4.5;

    assert_readable(theme, "ink", theme->ink, 7);
    assert_readable(theme, "muted", theme->muted, ratio);
    assert_readable(theme, "accent", theme->accent, ratio);
    assert_readable(theme, "second", theme->second, ratio);
    assert_domains_readable(theme, ratio);
    assert_readable(theme, "provenance", theme->provenance, ratio);
    assert_readable(theme, "warning", theme->warning, ratio);
    assert_readable(theme, "bad", theme->bad, ratio);
    assert_readable(theme, "good", theme->good, ratio);
    for (guint i = 0; i < 6; i++)
      g_assert_cmpfloat(casa_rgb_contrast(casa_rgb_readable(theme->ramp[i], theme->ground, ratio), theme->ground), >=, ratio);
  }
}

static void
test_lookup(void)
{
  char hex[8];

  g_assert_cmpstr(casa_theme_get(NULL)->id, ==, "dark");
  g_assert_cmpstr(casa_theme_get("sepia")->id, ==, "dark");
  g_assert_cmpstr(casa_theme_get("light")->id, ==, "light");
  g_assert_cmpstr(casa_rgb_hex(casa_rgb_from_hex(0xE8A33D), hex), ==, "#E8A33D");
  g_assert_cmpfloat_with_epsilon(casa_rgb_contrast((CasaRgb){ 0, 0, 0 }, (CasaRgb){ 1, 1, 1 }), 21, 1e-9);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/theme/lookup", test_lookup);
  g_test_add_func("/theme/ramp-keeps-its-order", test_ramp_keeps_its_order);
  g_test_add_func("/theme/no-data-is-not-a-class", test_no_data_is_not_a_class);
  g_test_add_func("/theme/text-is-readable", test_text_is_readable);
  return g_test_run();
}
