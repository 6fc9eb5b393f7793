/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "city/metrics.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static CasaMetrics *
shipped(void)
{
  g_autoptr(GError) error = NULL;
  CasaMetrics *metrics = casa_metrics_load(TEST_CONFIG_DIR, &error);
  g_assert_no_error(error);
  return metrics;
}

static const CasaMetric *
find(const CasaMetrics *metrics, const char *name)
{
  return casa_metrics_find(metrics, name, strlen(name));
}

/* Every metric that docs/WIRE.md promises, in its domain and unit. */
static void
contract(void)
{
  static const struct {
    const char *domain, *id, *unit;
  } wanted[] = {
    { "mobility", "speed_kmh", "km/h" },
    { "mobility", "flow_vph", "véh/h" },
    { "mobility", "occupancy_pct", "%" },
    { "mobility", "delay_s", "s" },
    { "mobility", "headway_s", "s" },
    { "mobility", "passengers", "" },
    { "mobility", "parking_free", "" },
    { "mobility", "bikes_free", "" },
    { "energy", "load_mw", "MW" },
    { "energy", "solar_mw", "MW" },
    { "energy", "lighting_mw", "MW" },
    { "energy", "voltage_v", "V" },
    { "energy", "frequency_hz", "Hz" },
    { "energy", "ev_kw", "kW" },
    { "air", "pm10", "µg/m³" },
    { "air", "pm2_5", "µg/m³" },
    { "air", "no2", "µg/m³" },
    { "air", "o3", "µg/m³" },
    { "air", "so2", "µg/m³" },
    { "air", "co", "mg/m³" },
    { "air", "temp_c", "°C" },
    { "air", "rh_pct", "%" },
    { "air", "wind_ms", "m/s" },
    { "air", "wind_dir", "°" },
    { "air", "pressure_hpa", "hPa" },
    { "air", "noise_dba", "dBA" },
    { "water", "flow_m3h", "m³/h" },
    { "water", "level_pct", "%" },
    { "water", "pressure_bar", "bar" },
    { "water", "night_flow_pct", "%" },
    { "waste", "fill_pct", "%" },
    { "civic", "reports", "" },
    { "any", "lat", "°" },
    { "any", "lon", "°" },
  };
  g_autoptr(CasaMetrics) metrics = shipped();
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
    const CasaMetric *m = find(metrics, wanted[i].id);
    g_test_message("%s", wanted[i].id);
    g_assert_nonnull(m);
    g_assert_cmpstr(m->domain, ==, wanted[i].domain);
    g_assert_cmpstr(m->unit, ==, wanted[i].unit);
  }
}

/* What holds for all that the file has. */
static void
sound(void)
{
  g_autoptr(CasaMetrics) metrics = shipped();
  guint n;
  const CasaMetric *const *all = casa_metrics_all(metrics, &n);
  for (guint i = 0; i < n; i++) {
    const CasaMetric *m = all[i];
    g_test_message("%s", m->id);
    g_assert_true(strcmp(m->domain, "any") == 0 || casa_metrics_has_domain(metrics, m->domain));
    g_assert_cmpfloat(m->min, <, m->max);
    g_assert_true(isfinite(m->min) && isfinite(m->max));
    g_assert_cmpstr(m->name_ar, !=, m->name_fr);
    g_assert_true(g_utf8_validate(m->name_ar, -1, NULL));
    g_assert_true(all[i] == find(metrics, all[i]->id));
  }
  static const char *const domains[] = { "mobility", "energy", "air", "water", "waste", "civic" };
  for (guint i = 0; i < G_N_ELEMENTS(domains); i++)
    g_assert_true(casa_metrics_has_domain(metrics, domains[i]));
  g_assert_false(casa_metrics_has_domain(metrics, "any"));
  g_assert_false(casa_metrics_has_domain(metrics, "Air"));
  g_assert_false(casa_metrics_has_domain(metrics, ""));
}

static void
lookup(void)
{
  g_autoptr(CasaMetrics) metrics = shipped();
  g_assert_cmpstr(find(metrics, "PM2.5")->id, ==, "pm2_5");
  g_assert_cmpstr(find(metrics, "pm25")->id, ==, "pm2_5");
  g_assert_cmpstr(find(metrics, "Temperature")->id, ==, "temp_c");
  g_assert_cmpstr(find(metrics, "HUMIDITY")->id, ==, "rh_pct");
  g_assert_null(find(metrics, "pm"));
  g_assert_null(find(metrics, "pm2_55"));
  g_assert_null(find(metrics, ""));
  g_assert_null(find(metrics, "declared"));
  g_assert_null(find(metrics, "domains"));
  /* Only the given bytes count: neither a NUL nor anything behind them is read. */
  static const char text[4] = { 'p', 'm', '1', '0' };
  g_autofree char *exact = g_memdup2(text, sizeof text);
  g_assert_cmpstr(casa_metrics_find(metrics, exact, 4)->id, ==, "pm10");
  g_assert_null(casa_metrics_find(metrics, exact, 3));
  g_assert_null(casa_metrics_find(metrics, "pm10\0", 5));
  /* All ids and aliases lead home, in any case. */
  guint n;
  const CasaMetric *const *all = casa_metrics_all(metrics, &n);
  for (guint i = 0; i < n; i++)
    for (guint a = 0; all[i]->aliases[a]; a++) {
      g_autofree char *upper = g_ascii_strup(all[i]->aliases[a], -1);
      g_assert_true(find(metrics, all[i]->aliases[a]) == all[i]);
      g_assert_true(find(metrics, upper) == all[i]);
    }
}

static double
convert(const CasaMetrics *metrics, const char *metric, double value, const char *unit)
{
  double factor, offset;
  g_test_message("%g %s of %s", value, unit, metric);
  g_assert_true(casa_metrics_convert(metrics, find(metrics, metric), unit, &factor, &offset));
  return value * factor + offset;
}

/* Expected values are worked by hand from the definitions, not from metrics.conf. */
static void
conversions(void)
{
  g_autoptr(CasaMetrics) m = shipped();
  g_assert_cmpfloat(convert(m, "pm10", 74.2, "µg/m³"), ==, 74.2);
  g_assert_cmpfloat(convert(m, "pm10", 74.2, "μg/m3"), ==, 74.2); /* Greek mu */
  g_assert_cmpfloat(convert(m, "pm10", 74.2, "ug/m3"), ==, 74.2);
  g_assert_cmpfloat_with_epsilon(convert(m, "pm10", 0.0742, "mg/m³"), 74.2, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "speed_kmh", 10, "m/s"), 36, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "speed_kmh", 60, "mph"), 96.56064, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "load_mw", 58310, "kW"), 58.31, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "load_mw", 58310000, "W"), 58.31, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "temp_c", 32, "°F"), 0, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "temp_c", 212, "F"), 100, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "temp_c", 300, "K"), 26.85, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "pressure_hpa", 101325, "Pa"), 1013.25, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "pressure_hpa", 760, "mmHg"), 1013.25, 1e-3);
  g_assert_cmpfloat_with_epsilon(convert(m, "rh_pct", 0.62, "1"), 62, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "wind_ms", 36, "km/h"), 10, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "wind_dir", G_PI, "rad"), 180, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "delay_s", 1.5, "min"), 90, 1e-9);
  g_assert_cmpfloat_with_epsilon(convert(m, "flow_m3h", 1, "l/s"), 3.6, 1e-9);
  /* At 25 °C and 1013.25 hPa, to the three digits that tables give. */
  g_assert_cmpfloat_with_epsilon(convert(m, "no2", 1, "ppb"), 1.88, 0.005);
  g_assert_cmpfloat_with_epsilon(convert(m, "o3", 1, "ppb"), 1.96, 0.005);
  g_assert_cmpfloat_with_epsilon(convert(m, "so2", 1, "ppb"), 2.62, 0.005);
  g_assert_cmpfloat_with_epsilon(convert(m, "co", 1, "ppm"), 1.145, 0.0005);
  g_assert_cmpfloat_with_epsilon(convert(m, "no2", 0.02, "ppm"), 37.6, 0.05);
}

static void
refused_units(void)
{
  static const struct {
    const char *metric, *unit;
  } wrong[] = {
    { "pm10", "ppb" }, /* particles have no molar mass */
    { "load_mw", "mW" },
    { "load_mw", "MWh" },
    { "temp_c", "hPa" },
    { "passengers", "%" },
    { "speed_kmh", "" },
    { "pm10", "\xFF\xFE" },
    { "pm10", "a unit longer than any that could be written in the file" },
  };
  g_autoptr(CasaMetrics) metrics = shipped();
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    double factor = 7, offset = 7;
    g_assert_false(casa_metrics_convert(metrics, find(metrics, wrong[i].metric), wrong[i].unit, &factor, &offset));
    g_assert_cmpfloat(factor, ==, 7);
  }
}

/* Each change of a small sound file is refused with its line. */
static void
complaints(void)
{
  static const char head[] = "[domains]\ndeclared=air\n";
  static const struct {
    const char *rest, *message;
  } cases[] = {
    { "kinds_air = Fresh Air\n", "metrics.conf:3: [domains] kinds_air: \"Fresh Air\" is not made of" },
    { "kinds_ari = air\n", "metrics.conf:3: [domains] kinds_ari: unknown key; known here: declared, kinds_air" },
    { "[pm10]\ndomain=aire\n", "metrics.conf:4: [pm10] domain: \"aire\" is not declared; write any, or one of: air" },
    { "[pm10]\n", "metrics.conf:3: [pm10] domain: \"\" is not declared" },
    { "[PM10]\ndomain=air\n", "metrics.conf:3: [PM10]: a metric's id" },
    { "[a]\ndomain=air\nmin=low\n", "metrics.conf:5: [a] min: \"low\" is not a number" },
    { "[a]\ndomain=air\nmin=5\nmax=5\n", "metrics.conf:6: [a] max: not above min" },
    { "[a]\ndomain=air\ndecimals=7\n", "metrics.conf:5: [a] decimals: \"7\" is not a whole number from 0 to 6" },
    { "[a]\ndomain=air\nunits=kW\n", "metrics.conf:5: [a] units: \"kW\" is not \"unit factor [offset]\"" },
    { "[a]\ndomain=air\nunits=kW 0\n", "metrics.conf:5: [a] units: " },
    { "[a]\ndomain=air\nunits=kW 1 2 3\n", "metrics.conf:5: [a] units: " },
    { "[a]\ndomain=air\nunit=W\nunits=kW 1000; W 1\n", "metrics.conf:6: [a] units: unit \"W\" stands twice" },
    { "[a]\ndomain=air\ncolour=red\n", "metrics.conf:5: [a] colour: unknown key; known here: domain, unit" },
    { "[a]\ndomain=air\naliases=x\n[b]\ndomain=air\naliases=X\n", "metrics.conf:8: [b] aliases: \"X\" already stands for a" },
    { "[a]\ndomain=air\naliases=b\n[b]\ndomain=air\n", "metrics.conf:5: [a] aliases: \"b\" already stands for b" },
  };
  g_autofree char *dir = g_dir_make_tmp("casa-metrics-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "metrics.conf", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(head, cases[i].rest, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_null(casa_metrics_load(dir, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].message));
  }
  g_autoptr(GError) twice = NULL, none = NULL;
  g_assert_true(g_file_set_contents(path, "[domains]\ndeclared=air; water\nkinds_air = roof; water\n", -1, NULL));
  g_assert_null(casa_metrics_load(dir, &twice));
  g_assert_nonnull(strstr(twice->message, "\"water\" already tells water; a kind has one domain"));
  g_assert_true(g_file_set_contents(path, "[pm10]\ndomain=any\n", -1, NULL));
  g_assert_null(casa_metrics_load(dir, &none));
  g_assert_nonnull(strstr(none->message, "[domains] declared: missing"));
  g_unlink(path);
  g_autoptr(GError) missing = NULL;
  g_assert_null(casa_metrics_load(dir, &missing));
  g_assert_nonnull(strstr(missing->message, path));
  g_rmdir(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/city/metrics/contract", contract);
  g_test_add_func("/city/metrics/sound", sound);
  g_test_add_func("/city/metrics/lookup", lookup);
  g_test_add_func("/city/metrics/conversions", conversions);
  g_test_add_func("/city/metrics/refused-units", refused_units);
  g_test_add_func("/city/metrics/complaints", complaints);
  return g_test_run();
}
