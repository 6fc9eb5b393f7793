/* SPDX-License-Identifier: Apache-2.0 */
#include "sensor.h"

#include <math.h> /* floor, sqrt, fabs: exact by IEEE 754 */
#include <string.h>

#include "maths/rng.h"
#include "base/time-units.h"

#define YEAR_DAYS 365.25

#define OUTLIER_CHANCE 0.0005 /* of a value; estimate */
#define ERROR_CODE_SHARE 0.2  /* of the outliers: the number a driver returns when it cannot read its sensor */
#define ERROR_CODE -999.0

/* One sensor: absolute parts in the metric's unit, relative ones as a share of the value. Noise is the standard deviation
 * of one reading. Drift is the standard deviation, over sensors and calibrations, of the error that a year would bring;
 * calibration sets it back to what it leaves, `offset` and `gain`. */
typedef struct {
  const char *metric;
  double resolution;
  double noise, noise_share;
  double offset, gain; /* left by a calibration, standard deviation */
  double drift_year, drift_share_year;
  guint calibrated_days;
} Sensor;

/* Fixed air stations. Gas analysers and PM monitors of the EU's reference methods: what is left must stay within the data
 * quality objectives of Directive 2008/50/EC annex I (15 % for gases, 25 % for PM, 95 %), so half of that is a standard
 * deviation of about 7 and 12 %; parts of it as noise and drift are estimates. Calibrated every three months (as EN 14211
 * requires of NO2). Sound level: IEC 61672-1 class 1. */
static const Sensor reference[] = {
  { "pm10", 1, 2, 0.03, 0.8, 0.04, 3, 0.08, 90 },    { "pm2_5", 0.1, 1, 0.03, 0.4, 0.04, 1.5, 0.08, 90 },
  { "no2", 0.1, 0.8, 0.01, 0.5, 0.02, 4, 0.06, 90 }, { "o3", 0.1, 1, 0.01, 0.5, 0.02, 3, 0.06, 90 },
  { "so2", 0.1, 1, 0.01, 0.5, 0.02, 4, 0.06, 90 },   { "co", 0.01, 0.03, 0.01, 0.02, 0.02, 0.1, 0.06, 90 },
  { "temp_c", 0.1, 0.1, 0, 0.1, 0, 0.1, 0, 365 },    { "rh_pct", 1, 0.8, 0, 1, 0, 1, 0, 365 },
  { "noise_dba", 0.1, 0.3, 0, 0.3, 0, 0.3, 0, 365 }, { NULL }
};

/* Small air sensors. PM: Sensirion SPS30 datasheet (precision 10 ug/m3 or 10 % for PM2.5 and 25 ug/m3 or 25 % for PM10, taken
 * as two standard deviations over units; drift 1.25 ug/m3 or 1.25 % a year; resolution 1 ug/m3). Temperature: 0.2 K
 * (typical digital sensor); sound: IEC 61672-1 class 2. Nobody calibrates them within two years. */
static const Sensor small[] = { { "pm2_5", 1, 1.5, 0.03, 3, 0.05, 1.25, 0.0125, 730 },
                                { "pm10", 1, 2.5, 0.05, 6, 0.12, 1.25, 0.0125, 730 },
                                { "temp_c", 0.1, 0.1, 0, 0.2, 0, 0.05, 0, 730 },
                                { "noise_dba", 1, 0.7, 0, 0.7, 0, 0.5, 0, 730 },
                                { NULL } };

/* Weather stations: achievable uncertainty at two standard deviations in the WMO Guide to Instruments (No. 8), vol. I,
 * annex 1.A: 0.2 K, 3 %, 0.5 m/s or 10 %, 5 degrees, 0.15 hPa, with its resolutions. */
static const Sensor weather[] = {
  { "temp_c", 0.1, 0.05, 0, 0.1, 0, 0.05, 0, 365 },         { "rh_pct", 1, 0.7, 0, 1, 0, 1, 0, 365 },
  { "wind_ms", 0.5, 0.15, 0.03, 0.05, 0.03, 0, 0.02, 730 }, { "wind_dir", 1, 2, 0, 1.5, 0, 0, 0, 730 },
  { "pressure_hpa", 0.1, 0.03, 0, 0.06, 0, 0.05, 0, 365 },  { NULL }
};

/* Meters: active power class 0.5S with its transformers, about 1 % (IEC 62053-22); voltage 0.5 % and frequency 50 mHz at two
 * to three standard deviations (IEC 61000-4-30 class S). The split into noise and drift is an estimate. */
static const Sensor meters[] = { { "load_mw", 0.01, 0, 0.002, 0, 0.005, 0, 0.002, 1461 },
                                 { "voltage_v", 0.1, 0.2, 0, 0.3, 0, 0.1, 0, 1461 },
                                 { "frequency_hz", 0.001, 0.003, 0, 0.002, 0, 0, 0, 1461 },
                                 { "solar_mw", 0.001, 0, 0.005, 0, 0.01, 0, 0.003, 1461 },
                                 { "lighting_mw", 0.001, 0, 0.003, 0, 0.005, 0, 0.002, 1461 },
                                 { "ev_kw", 0.1, 0, 0.003, 0, 0.005, 0, 0.002, 1461 },
                                 { NULL } };

/* Roads: loops and radars miscount by 3 to 5 % and misjudge speed by 3 % (estimates within what their makers promise).
 * Vehicles: satellite positions within 2.5 m in half of the cases (typical receiver); weighing suspensions know the load to
 * 5 %. Parking and bikes: one miscounted space now and then. */
static const Sensor roads[] = { { "speed_kmh", 1, 0.5, 0.02, 0, 0.02, 0, 0.02, 730 },
                                { "flow_vph", 10, 0, 0.03, 0, 0.03, 0, 0.02, 730 },
                                { NULL } };
static const Sensor vehicles[] = { { "lat", 0.000001, 0.000019, 0, 0, 0, 0, 0, 0 },
                                   { "lon", 0.000001, 0.000023, 0, 0, 0, 0, 0, 0 },
                                   { "speed_kmh", 0.1, 0.3, 0, 0, 0, 0, 0, 0 },
                                   { "occupancy_pct", 1, 2, 0, 0, 0.05, 0, 0.01, 365 },
                                   { NULL } };
static const Sensor counted_spaces[] = { { "parking_free", 1, 0.5, 0, 1, 0, 0, 0, 30 },
                                         { "bikes_free", 1, 0, 0, 0.4, 0, 0, 0, 30 },
                                         { NULL } };

/* Water meters: class 2, 2 % (ISO 4064-1); pressure transmitters of 10 bar, 0.25 %; level: 0.5 % of the depth (estimates within
 * what their makers promise). */
static const Sensor water[] = { { "flow_m3h", 0.1, 0, 0.004, 0, 0.007, 0, 0.003, 1461 },
                                { "pressure_bar", 0.01, 0.01, 0, 0.012, 0, 0.01, 0, 730 },
                                { "level_pct", 0.1, 0.1, 0, 0.2, 0, 0.1, 0, 730 },
                                { NULL } };

/* Ultrasonic level sensors below a lid: a centimetre or two of a metre and a half (estimate). */
static const Sensor container[] = { { "fill_pct", 1, 1, 0, 1, 0, 0.5, 0, 730 }, { NULL } };

static const Sensor *const sensors[CASA_SIM_N_KINDS] = {
  [CASA_SIM_VEHICLE] = vehicles,        [CASA_SIM_ROAD] = roads,
  [CASA_SIM_PARKING] = counted_spaces,  [CASA_SIM_BIKES] = counted_spaces,
  [CASA_SIM_SUBSTATION] = meters,       [CASA_SIM_SOLAR] = meters,
  [CASA_SIM_LIGHTING] = meters,         [CASA_SIM_CHARGING] = meters,
  [CASA_SIM_AIR] = reference,           [CASA_SIM_AIR_MICRO] = small,
  [CASA_SIM_WEATHER_STATION] = weather, [CASA_SIM_WATER] = water,
  [CASA_SIM_RESERVOIR] = water,         [CASA_SIM_CONTAINER] = container,
};

/* Row number in the table, which names the sensor's streams; NULL: no such sensor. */
static const Sensor *
sensor_of(CasaSimKind kind, const char *metric, guint *row)
{
  const Sensor *s = sensors[kind];
  for (*row = 0; s && s->metric; s++, (*row)++) {
    if (strcmp(s->metric, metric) == 0)
      return s;
  }
  return NULL;
}

CasaSimMakeup
casa_sim_sensor_makeup(CasaSimKind kind)
{
  return (CasaSimMakeup){
    .on_battery =
      kind == CASA_SIM_AIR_MICRO || kind == CASA_SIM_PARKING || kind == CASA_SIM_BIKES || kind == CASA_SIM_CONTAINER,
    .freezes = kind != CASA_SIM_VEHICLE && kind != CASA_SIM_STOP && kind != CASA_SIM_REPORTS,
  };
}

double
casa_sim_sensor_resolution(CasaSimKind kind, const char *metric)
{
  guint row;
  const Sensor *s = sensor_of(kind, metric, &row);
  return s ? s->resolution : 0;
}

/* The error since the last calibration: what that left, and a straight line from there. Each calibration draws anew. */
static double
drifted(const Sensor *s, guint64 stream, double value, gint64 t_ms)
{
  if (s->calibrated_days == 0)
    return value;
  double period = (double)s->calibrated_days, now = (double)t_ms / (double)CASA_DAY_MS + period * casa_sim_uniform(stream, 0);
  double number = floor(now / period), years = (now - number * period) / YEAR_DAYS;
  guint64 n = 4 * (guint64)(gint64)number;
  double gain = s->gain * casa_sim_normal(stream + 1, n) + s->drift_share_year * years * casa_sim_normal(stream + 1, n + 1);
  double offset = s->offset * casa_sim_normal(stream + 1, n + 2) + s->drift_year * years * casa_sim_normal(stream + 1, n + 3);
  return value * (1 + gain) + offset;
}

static gboolean
is_position(const Sensor *s)
{
  return strcmp(s->metric, "lat") == 0 || strcmp(s->metric, "lon") == 0;
}

/* Positions wander, for the same satellites are seen for minutes; everything else errs anew each time. */
static double
noisy(const Sensor *s, guint64 stream, double value, gint64 t_ms)
{
  double deviation = sqrt(s->noise * s->noise + s->noise_share * value * s->noise_share * value);
  return value + deviation *
                   (is_position(s) ? casa_sim_noise(stream, t_ms, 2 * CASA_MINUTE_MS) : casa_sim_normal(stream, (guint64)t_ms));
}

/* A spike of two to six times the value (a position: up to a kilometre away), or an error code, which no sensor's range
 * holds back. */
static gboolean
outlier(const Sensor *s, guint64 stream, double *value, double max, gint64 t_ms)
{
  guint64 n = (guint64)t_ms;
  if (casa_sim_uniform(stream, n) >= OUTLIER_CHANCE)
    return FALSE;
  if (casa_sim_uniform(stream + 1, n) < ERROR_CODE_SHARE)
    *value = ERROR_CODE;
  else if (is_position(s))
    *value += 0.02 * (casa_sim_uniform(stream + 2, n) - 0.5);
  else
    *value = MIN(*value * (2 + 4 * casa_sim_uniform(stream + 2, n)) + 10 * s->resolution, max);
  return TRUE;
}

double
casa_sim_sensor_read(guint faults, const CasaSimStation *station, const char *metric, double value, double min, double max,
                     gint64 t_ms)
{
  guint row;
  const Sensor *s = sensor_of(station->kind, metric, &row);
  if (!s || !(min < max) || (value == 0 && strcmp(metric, "voltage_v") == 0)) /* a dead network is no error */
    return value;
  if (faults & CASA_SIM_FAULT_DRIFT)
    value = drifted(s, casa_sim_fault_stream(station->stream, CASA_SIM_FAULT_DRIFT, row), value, t_ms);
  if (faults & CASA_SIM_FAULT_NOISE)
    value = noisy(s, casa_sim_fault_stream(station->stream, CASA_SIM_FAULT_NOISE, row), value, t_ms);
  if (strcmp(metric, "wind_dir") == 0)
    value -= 360 * floor(value / 360);
  value = CLAMP(value, min, max);
  if ((faults & CASA_SIM_FAULT_OUTLIERS) &&
      outlier(s, casa_sim_fault_stream(station->stream, CASA_SIM_FAULT_OUTLIERS, row), &value, max, t_ms))
    return value;
  if (faults & CASA_SIM_FAULT_RESOLUTION)
    value = CLAMP(s->resolution * floor(value / s->resolution + 0.5), min, max);
  return value;
}
