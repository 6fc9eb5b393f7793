/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <math.h>
#include <string.h>

/* A value whose unit is said is stored in the canonical unit, or refused: never as another. */

#define STATION "casa/v1/equipe-7/air/toit"
#define METRIC "casa/v1/equipe-7/air/toit/temp_c"

typedef struct {
  const char *topic, *payload, *metric;
  double value; /* NAN: it is not stored */
  const char *code;
} Case;

static void
check(const Case *c)
{
  const CasaDecoded *d = reader_decode(c->topic, c->payload, -1, NULL);
  double value = reader_value(d, c->metric);
  gboolean right = isnan(c->value) ? isnan(value) : fabs(value - c->value) < 1e-6;
  if (!right)
    g_error("%s: %s is %g", c->payload, c->metric, value);
  const CasaReason *why = casa_decoded_why(d);
  if (g_strcmp0(c->code, why ? why->code : NULL) != 0)
    g_error("%s: %s", c->payload, reader_words(why));
}

static void
check_all(const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    check(&cases[i]);
}

/* 68 °F is 20 °C. */
static void
test_one_value(void)
{
  static const Case cases[] = {
    { METRIC, "{\"value\":68,\"unit\":\"F\"}", "temp_c", 20, NULL },
    { METRIC, "{\"value\":68,\"unit\":\"f\"}", "temp_c", 20, NULL },
    { METRIC, "{\"value\":68,\"Unit\":\"°F\"}", "temp_c", 20, NULL },
    { METRIC, "{\"Value\":68,\"UNIT\":\"fahrenheit\"}", "temp_c", 20, NULL },
    { METRIC, "{\"value\":68,\"units\":\"deg F\"}", "temp_c", 20, NULL },
    { METRIC, "{\"value\":68,\"uom\":\"FAHRENHEIT\"}", "temp_c", 20, NULL },
    { METRIC, "{\"value\":68,\"unit_of_measurement\":\"\\u00b0F\"}", "temp_c", 20, NULL },
    { METRIC, "{\"temp_c\":68,\"unit\":\"F\"}", "temp_c", 20, NULL },
    { METRIC, "{\"temperature\":68,\"temperature_unit\":\"F\"}", "temp_c", 20, NULL },
    { METRIC, "{\"value\":21,\"unit\":null}", "temp_c", 21, NULL },
    { METRIC, "{\"value\":21,\"unit\":\"\"}", "temp_c", 21, NULL },
    { METRIC, "{\"value\":21,\"unit\":\"celsius\"}", "temp_c", 21, NULL },
    { METRIC, "{\"value\":21,\"unit\":\"furlongs\"}", "temp_c", NAN, "unit" },
    { METRIC, "{\"value\":21,\"unit\":\"hPa\"}", "temp_c", NAN, "unit" },
  };
  check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_beside_metrics(void)
{
  static const Case cases[] = {
    { STATION, "{\"temp_c\":68,\"unit\":\"F\"}", "temp_c", 20, NULL },
    { STATION, "{\"unit_of_measurement\":\"°F\",\"temp\":68}", "temp_c", 20, NULL },
    { STATION, "{\"temp_c\":68,\"rh_pct\":40,\"unit\":\"F\"}", "temp_c", 20, NULL },
    { STATION, "{\"temp_c\":68,\"rh_pct\":40,\"unit\":\"F\"}", "rh_pct", 40, NULL },
    { STATION, "{\"pm10\":0.05,\"pm2_5\":0.02,\"temp_c\":21,\"unit\":\"mg/m3\"}", "pm2_5", 20, NULL },
    { STATION, "{\"pm10\":0.05,\"pm2_5\":0.02,\"temp_c\":21,\"unit\":\"mg/m3\"}", "temp_c", 21, NULL },
    /* Nobody knows what it means: nothing of the catalogue's is stored, and a name of one's own keeps its own unit. */
    { STATION, "{\"temp_c\":68,\"rh_pct\":40,\"units\":\"imperial\"}", "temp_c", NAN, "unit" },
    { STATION, "{\"temp_c\":68,\"rh_pct\":40,\"units\":\"imperial\"}", "rh_pct", NAN, "unit" },
    { STATION, "{\"radon\":5,\"temp_c\":21,\"unit\":\"Bq/m3\"}", "temp_c", 21, NULL },
    { STATION, "{\"radon\":5,\"temp_c\":21,\"unit\":\"Bq/m3\"}", "radon", 5, NULL },
    { STATION, "{\"lat\":33.5,\"lon\":-7.6,\"temp_c\":21,\"unit\":\"K/s\"}", "lat", 33.5, "unit" },
    { STATION, "{\"temp\":68,\"temp_unit\":\"F\",\"pressure\":1013}", "temp_c", 20, NULL },
    { STATION, "{\"temp\":68,\"tempUnit\":\"F\",\"pressure\":1013}", "pressure_hpa", 1013, NULL },
    { STATION, "{\"unit_temp\":\"F\",\"temp\":68}", "temp_c", 20, NULL },
    { STATION, "{\"temp\":68,\"pressure\":101.3,\"units\":{\"temp\":\"F\",\"pressure\":\"kPa\"}}", "temp_c", 20, NULL },
    { STATION, "{\"temp\":68,\"pressure\":101.3,\"units\":{\"temp\":\"F\",\"pressure\":\"kPa\"}}", "pressure_hpa", 1013, NULL },
    { STATION, "{\"temp\":21,\"unit\":7}", "temp_c", 21, "unit" },
    { STATION, "{\"temp\":21,\"remote_unit\":\"kitchen\"}", "temp_c", 21, "type" },
    { STATION, "{\"value\":21,\"unit\":\"F\"}", "value", NAN, "no-metric" },
  };
  check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_nested(void)
{
  static const Case cases[] = {
    { STATION, "{\"temperature\":{\"value\":68,\"unit\":\"°F\"},\"humidity\":{\"value\":47.5,\"unit\":\"%\"}}", "temp_c", 20,
      NULL },
    { STATION, "{\"temperature\":{\"value\":68,\"unit\":\"°F\"},\"humidity\":{\"value\":47.5,\"unit\":\"%\"}}", "rh_pct", 47.5,
      NULL },
    { STATION, "{\"unit\":\"F\",\"temperature\":{\"value\":68}}", "temp_c", 20, NULL },
    { STATION, "{\"temperature\":{\"value\":{\"value\":68},\"unit\":\"F\"}}", "temp_c", 20, NULL },
    { STATION, "{\"temperature\":{\"value\":68,\"unit\":\"hPa\"}}", "temp_c", NAN, "unit" },
    { STATION, "{\"temperature\":{\"value\":68,\"min\":50,\"unit\":\"F\"}}", "temperature_min", 50, NULL },
  };
  check_all(cases, G_N_ELEMENTS(cases));
}

/* Milli is not mega, whatever the case of the letters around it. */
static void
test_case(void)
{
  static const Case cases[] = {
    { "casa/v1/e/energy/s/load_mw", "{\"value\":5,\"unit\":\"MW\"}", "load_mw", 5, NULL },
    { "casa/v1/e/energy/s/load_mw", "{\"value\":5000,\"unit\":\"KW\"}", "load_mw", 5, NULL },
    { "casa/v1/e/energy/s/load_mw", "{\"value\":5000,\"unit\":\"kw\"}", "load_mw", 5, NULL },
    { "casa/v1/e/energy/s/load_mw", "{\"value\":5,\"unit\":\"mW\"}", "load_mw", NAN, "unit" },
    { "casa/v1/e/energy/s/load_mw", "{\"value\":5,\"unit\":\"mw\"}", "load_mw", NAN, "unit" },
    { "casa/v1/e/energy/s/voltage_v", "{\"value\":2915,\"unit\":\"mV\"}", "voltage_v", 2.915, NULL },
    { "casa/v1/e/energy/s/voltage_v", "{\"value\":2915,\"unit\":\"mv\"}", "voltage_v", 2.915, NULL },
    { "casa/v1/e/energy/s/voltage_v", "{\"value\":2915,\"unit\":\"MV\"}", "voltage_v", NAN, "unit" },
    { "casa/v1/e/energy/s/voltage_v", "{\"value\":2915,\"unit\":\"v\"}", "voltage_v", 2915, NULL },
    { "casa/v1/e/mobility/s/speed_kmh", "{\"value\":10,\"unit\":\"MPH\"}", "speed_kmh", 16.09344, NULL },
    { "casa/v1/e/mobility/s/speed_kmh", "{\"value\":10,\"unit\":\"M/S\"}", "speed_kmh", 36, NULL },
    { "casa/v1/e/air/s/pressure_hpa", "{\"value\":1013,\"unit\":\"HPA\"}", "pressure_hpa", 1013, NULL },
    { "casa/v1/e/air/s/pressure_hpa", "{\"value\":1013,\"unit\":\"MBAR\"}", "pressure_hpa", NAN, "unit" },
  };
  check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_names(void)
{
  static const Case cases[] = {
    { STATION, "{\"temp_f\":68}", "temp_c", 20, NULL },
    /* names of their own that end in a unit: the values are brought to it */
    { STATION, "{\"battery_v\":3700,\"unit\":\"mV\"}", "battery_v", 3.7, NULL },
    { STATION, "{\"soil_c\":70.5,\"unit\":\"F\"}", "soil_c", 21.3888888889, NULL },
    { STATION, "{\"cell_mV\":{\"value\":3.7,\"unit\":\"V\"}}", "cell_mv", 3700, NULL },
    { STATION, "{\"soil_c\":21,\"battery_v\":3700,\"unit\":\"mV\"}", "soil_c", 21, NULL },
    { STATION, "{\"channel_v\":7,\"unit\":\"km/h\"}", "channel_v", 7, NULL },
    { STATION, "{\"temperature_F\":68}", "temp_c", 20, NULL },
    { STATION, "{\"pressure_kpa\":101.3}", "pressure_hpa", 1013, NULL },
    { "casa/v1/e/energy/s", "{\"load_kw\":5000}", "load_mw", 5, NULL },
    /* millivolts and milliamperes are written small too: nobody measures mega of these */
    { "casa/v1/e/energy/s", "{\"voltage_mv\":2915}", "voltage_v", 2.915, NULL },
    { "casa/v1/e/energy/s/voltage_mv", "2915", "voltage_v", 2.915, NULL },
    { "casa/v1/e/energy/s", "{\"voltage_mV\":2915}", "voltage_v", 2.915, NULL },
    { "casa/v1/e/energy/s", "{\"intensite_ma\":350}", "current_a", 0.35, NULL },
    { STATION, "{\"battery_mv\":3700}", "battery_mv", 3700, NULL },
    { STATION, "{\"battery_mv\":{\"value\":3.7,\"unit\":\"V\"}}", "battery_mv", 3700, NULL },
    { STATION, "{\"battery_v\":{\"value\":3700,\"unit\":\"mv\"}}", "battery_v", 3.7, NULL },
    { STATION, "{\"voltage_v\":3.7,\"voltage_mv\":3700}", "voltage_v", 3.7, "duplicate-key" },
    /* what is written as milli is not the name that says mega */
    { "casa/v1/e/energy/s", "{\"power_mW\":350}", "power_w", 0.35, NULL },
    { "casa/v1/e/energy/s", "{\"load_mW\":350}", "load_mw", NAN, "unit" },
    { "casa/v1/e/energy/s", "{\"load_mW\":{\"value\":350,\"unit\":\"MW\"}}", "load_mw", 350, NULL },
    { "casa/v1/e/energy/s", "{\"LOAD_MW\":350}", "load_mw", 350, NULL },
    /* written small, it may be either of two metrics: only a unit beside it tells */
    { "casa/v1/e/energy/s", "{\"power_mw\":350}", "load_mw", NAN, "unit" },
    { "casa/v1/e/energy/s/power_mw", "350", "load_mw", NAN, "unit" },
    { "casa/v1/e/energy/s", "{\"Power_mw\":350,\"load\":2}", "load_mw", 2, "unit" },
    { "casa/v1/e/energy/s", "{\"power_mw\":350,\"power_mw_unit\":\"mW\"}", "power_w", 0.35, NULL },
    { "casa/v1/e/energy/s", "{\"power_mw\":{\"value\":350,\"unit\":\"MW\"}}", "load_mw", 350, NULL },
    { "casa/v1/e/energy/s", "{\"power_mw\":{\"value\":350,\"unit\":\"hp\"}}", "load_mw", NAN, "unit" },
    { "casa/v1/e/energy/s", "{\"POWER_MW\":350}", "load_mw", 350, NULL },
    /* nobody measures milli of these: the city's own names say mega however they are written */
    { "casa/v1/e/energy/s", "{\"demand_mw\":350}", "load_mw", 350, NULL },
    { "casa/v1/e/energy/s", "{\"pv_mw\":3.5}", "solar_mw", 3.5, NULL },
    { "casa/v1/e/energy/s", "{\"lighting_mw\":3.5}", "lighting_mw", 3.5, NULL },
    /* of energy no name says mega: it stays the publisher's own */
    { "casa/v1/e/energy/s", "{\"energy_mwh\":350}", "energy_mwh", 350, NULL },
    { STATION, "{\"temp_probe\":68}", "temp_probe", 68, NULL },
    { STATION, "{\"temp_f\":500}", "temp_c", NAN, "out-of-range" },
  };
  check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_not_a_quantity(void)
{
  static const Case cases[] = {
    { "casa/v1/e/mobility/s", "{\"occupancy\":true}", "occupancy_pct", NAN, "type" },
    { "casa/v1/e/mobility/s", "{\"occupancy\":false,\"battery\":93}", "occupancy_pct", NAN, "type" },
    { STATION, "{\"temp_c\":true}", "temp_c", NAN, "type" },
    { METRIC, "true", "temp_c", NAN, "type" },
    { STATION, "{\"window_open\":true}", "window_open", 1, NULL },
    { "casa/v1/e/mobility/s", "{\"lat\":0,\"lon\":0,\"speed\":12}", "lat", NAN, "no-fix" },
    { "casa/v1/e/mobility/s", "{\"lat\":0,\"lon\":0,\"speed\":12}", "speed_kmh", 12, "no-fix" },
    { "casa/v1/e/mobility/s", "{\"lat\":0,\"lon\":-7.6}", "lat", 0, NULL },
    { "casa/v1/e/mobility/s", "{\"gps\":1,\"lat\":\"0\",\"lng\":-0.0}", "lon", NAN, "no-fix" },
    /* Thousandths, as devices with batteries tell it. */
    { STATION, "{\"battery\":71,\"temperature\":22.4,\"voltage\":2915}", "voltage_v", NAN, "unit" },
    { STATION, "{\"battery\":71,\"temperature\":22.4,\"voltage\":2915}", "temp_c", 22.4, "unit" },
    { STATION, "{\"linkquality\":60,\"voltage\":3005,\"voltage_unit\":\"mV\"}", "voltage_v", 3.005, NULL },
    { STATION, "{\"battery\":71,\"voltage\":2.9}", "voltage_v", 2.9, NULL },
    { STATION, "{\"battery\":71,\"voltage_v\":5000}", "voltage_v", 5000, NULL },
    { STATION, "{\"voltage\":22000}", "voltage_v", 22000, NULL },
  };
  check_all(cases, G_N_ELEMENTS(cases));
}

/* Names of the time are known in capitals; T alone is more often a temperature. */
static void
test_time_names(void)
{
  static const char *const payloads[] = { "{\"Time\":\"2026-05-21T17:41:00Z\",\"pm10\":1}", "{\"TS\":1779385260,\"pm10\":1}",
                                          "{\"Timestamp\":\"1779385260000\",\"pm10\":1}" };
  for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
    const CasaDecoded *d = reader_decode(STATION, payloads[i], -1, NULL);
    g_assert_cmpuint(d->refusals->len, ==, 0);
    g_assert_cmpint(casa_decoded_reading(d, 0)->t_ms, ==, 1779385260000);
    g_assert_cmpint(casa_decoded_reading(d, 0)->time_source, ==, CASA_TIME_PAYLOAD);
  }
  const CasaDecoded *d = reader_decode(STATION, "{\"T\":21.5}", -1, NULL);
  g_assert_cmpint(casa_decoded_reading(d, 0)->time_source, ==, CASA_TIME_ARRIVAL);
  g_assert_cmpfloat(reader_value(d, "t"), ==, 21.5);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  reader_open();
  g_test_add_func("/wire/units/one-value", test_one_value);
  g_test_add_func("/wire/units/beside-metrics", test_beside_metrics);
  g_test_add_func("/wire/units/nested", test_nested);
  g_test_add_func("/wire/units/case", test_case);
  g_test_add_func("/wire/units/names", test_names);
  g_test_add_func("/wire/units/not-a-quantity", test_not_a_quantity);
  g_test_add_func("/wire/units/time-names", test_time_names);
  int status = g_test_run();
  reader_close();
  return status;
}
