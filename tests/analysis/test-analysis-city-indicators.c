/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/city-indicators.h"
#include "analysis/city-past.h"
#include "base/time-units.h"
#include "fixture.h"
#include <math.h>
#include <string.h>

/* Each formula against a store small enough to reckon by hand. The days are of the city's clock: UTC+1 in May 2026. */

#define MAY_20 G_GINT64_CONSTANT(1779231600000) /* 2026-05-19T23:00Z: midnight of 20 May in Casablanca */
#define HOUR CASA_HOUR_MS
#define MINUTE CASA_MINUTE_MS

typedef struct {
  Fixture store; /* first: what its functions take */
  CasaCity *city;
  CasaYardsticks *yardsticks;
} City;

static void
set_up(City *self, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture_set_up(&self->store, NULL);
  g_autoptr(CasaIndicators) indicators = casa_indicators_load(TEST_CONFIG_DIR, &error);
  g_assert_no_error(error);
  self->yardsticks = casa_yardsticks_load(TEST_CONFIG_DIR, indicators, &error);
  g_assert_no_error(error);
  self->city = casa_city_load(TEST_CONFIG_DIR, &error);
  g_assert_no_error(error);
}

static void
tear_down(City *self, gconstpointer data)
{
  casa_yardsticks_unref(self->yardsticks);
  casa_city_free(self->city);
  fixture_tear_down(&self->store, NULL);
}

static void
describe(City *self, const char *domain, const char *station, const char *kind, CasaLonLat at)
{
  g_autoptr(GError) error = NULL;
  gboolean changed;
  CasaDescriptor about = { .lat = at.lat, .lon = at.lon, .has_position = TRUE, .simulated = TRUE };

  g_strlcpy(about.source, "city", sizeof about.source);
  g_strlcpy(about.domain, domain, sizeof about.domain);
  g_strlcpy(about.station, station, sizeof about.station);
  g_strlcpy(about.kind, kind, sizeof about.kind);
  g_assert_true(casa_store_put_descriptor(self->store.store, &about, MAY_20, &changed, &error));
  g_assert_no_error(error);
}

static void
put(City *self, const char *domain, const char *station, gint64 t_ms, const char *metric, double value)
{
  CasaReading reading = reading_of(station, t_ms, metric, value);

  g_strlcpy(reading.source, "city", sizeof reading.source);
  g_strlcpy(reading.domain, domain, sizeof reading.domain);
  put_reading(&self->store, &reading, t_ms + 5);
}

/* One value an hour, in its middle, from @from_ms on. */
static void
put_hours(City *self, const char *station, const char *metric, gint64 from_ms, guint n, double value)
{
  for (guint i = 0; i < n; i++)
    put(self, "air", station, from_ms + i * HOUR + HOUR / 2, metric, value);
}

static GPtrArray *
findings_at(City *self, gint64 at_ms)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(self->store.path, &error);
  g_assert_no_error(error);
  GPtrArray *out = casa_city_indicators(reader, self->city, self->yardsticks, at_ms, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(out);
  g_assert_cmpuint(out->len, ==, casa_yardsticks_n(self->yardsticks));
  return out;
}

static const CasaFinding *
find(const GPtrArray *findings, const char *id)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal(((const CasaFinding *)findings->pdata[i])->yardstick->id, id))
      return findings->pdata[i];
  g_error("no yardstick %s", id);
}

static void
assert_near(double value, double wanted)
{
  g_assert_cmpfloat_with_epsilon(value, wanted, 1e-6 * MAX(fabs(wanted), 1));
}

static void
assert_value(const GPtrArray *findings, const char *id, double wanted, double covered, CasaJudgement judgement)
{
  const CasaFinding *f = find(findings, id);

  g_assert_cmpint(f->state, ==, CASA_FINDING_VALUE);
  assert_near(f->value, wanted);
  assert_near(f->covered, covered);
  g_assert_cmpint(f->judgement, ==, judgement);
}

static void
assert_state(const GPtrArray *findings, const char *id, CasaFindingState state)
{
  const CasaFinding *f = find(findings, id);

  g_assert_cmpint(f->state, ==, state);
  g_assert_true(isnan(f->value));
  g_assert_cmpint(f->judgement, ==, CASA_JUDGED_NOTHING);
}

/* Nothing is stored: no number anywhere but for what rests on the map alone. */
static void
test_empty(City *self, gconstpointer data)
{
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20);

  for (guint i = 0; i < all->len; i++) {
    const CasaFinding *f = all->pdata[i];
    if (f->yardstick->kind != CASA_YARDSTICK_ACCESS)
      assert_state(all, f->yardstick->id, CASA_FINDING_NO_DATA);
  }
  const CasaFinding *access = find(all, "access-stop");
  g_assert_cmpint(access->state, ==, CASA_FINDING_VALUE);
  g_assert_cmpfloat(access->value, >, 20);
  g_assert_cmpfloat(access->value, <, 60);
}

/* Means of 60 and 40, and a day of which 17 hours of 24 are known: less than three quarters, so it does not count. */
static void
test_days(City *self, gconstpointer data)
{
  put_hours(self, "air-a", "pm10", MAY_20, 24, 60);
  put_hours(self, "air-a", "pm10", MAY_20 + 24 * HOUR, 12, 30);
  put_hours(self, "air-a", "pm10", MAY_20 + 36 * HOUR, 12, 50);
  put_hours(self, "air-a", "pm10", MAY_20 + 48 * HOUR, 17, 300);
  put_hours(self, "air-b", "pm10", MAY_20, 24, 20);
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 72 * HOUR);
  assert_value(all, "pm10-eu-day", 1, 2, CASA_JUDGED_NOT_YET);
  assert_value(all, "pm10-who-day", 1, 2, CASA_JUDGED_NOT_YET);
  g_assert_cmpstr(find(all, "pm10-eu-day")->place_fr, ==, "air-a");
  assert_state(all, "pm10-sdg", CASA_FINDING_NOT_ENOUGH); /* two days are no year */
  assert_state(all, "pm2_5-who-day", CASA_FINDING_NO_DATA);
  /* One more hour makes the third day count, and a fourth is more than WHO lets pass, whatever the rest of the year was. */
  put_hours(self, "air-a", "pm10", MAY_20 + 65 * HOUR, 1, 300);
  put_hours(self, "air-a", "pm10", MAY_20 + 72 * HOUR, 48, 46);
  g_autoptr(GPtrArray) more = findings_at(self, MAY_20 + 120 * HOUR);
  assert_value(more, "pm10-eu-day", 2, 5, CASA_JUDGED_NOT_YET);
  assert_value(more, "pm10-who-day", 4, 5, CASA_JUDGED_BAD);
}

/* The running mean of eight hours is 130; of the next day, four hours of 150 among 50: exactly 100, which is not above it. */
static void
test_eight_hours(City *self, gconstpointer data)
{
  put_hours(self, "air-a", "o3", MAY_20, 10, 20);
  put_hours(self, "air-a", "o3", MAY_20 + 10 * HOUR, 8, 130);
  put_hours(self, "air-a", "o3", MAY_20 + 18 * HOUR, 6, 20);
  put_hours(self, "air-a", "o3", MAY_20 + 24 * HOUR, 12, 50);
  put_hours(self, "air-a", "o3", MAY_20 + 36 * HOUR, 4, 150);
  put_hours(self, "air-a", "o3", MAY_20 + 40 * HOUR, 8, 50);
  put_hours(self, "air-a", "no2", MAY_20, 22, 50);
  put_hours(self, "air-a", "no2", MAY_20 + 22 * HOUR, 2, 201);
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 48 * HOUR);
  assert_value(all, "o3-eu-8h", 1, 2, CASA_JUDGED_NOT_YET);
  assert_value(all, "o3-who-8h", 1, 2, CASA_JUDGED_NOT_YET);
  assert_value(all, "no2-eu-hour", 2, 1, CASA_JUDGED_NOT_YET);
  assert_value(all, "no2-who-day", 1, 1, CASA_JUDGED_NOT_YET);
}

/* 50 days are not enough, 51 are; two stations share the people by which is nearer. */
static void
test_year(City *self, gconstpointer data)
{
  const CasaLonLat west = { -7.66, 33.57 }, east = { -7.52, 33.60 };
  double people = 0, sum = 0;

  describe(self, "air", "air-west", "air", west);
  describe(self, "air", "air-east", "air", east);
  put_hours(self, "air-west", "pm2_5", MAY_20, 51 * 24, 10);
  put_hours(self, "air-east", "pm2_5", MAY_20, 51 * 24, 30);
  for (guint i = 0; i < self->city->n_districts; i++) {
    const CasaDistrict *d = &self->city->districts[i];
    const gboolean is_west = casa_distance_km(d->centroid, west) < casa_distance_km(d->centroid, east);
    people += d->population;
    sum += d->population * (is_west ? 10.0 : 30.0);
  }
  g_autoptr(GPtrArray) before = findings_at(self, MAY_20 + 51 * 24 * HOUR - 1);
  assert_state(before, "pm2_5-sdg", CASA_FINDING_NOT_ENOUGH);
  g_assert_cmpfloat(find(before, "pm2_5-sdg")->covered, ==, 50);
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 51 * 24 * HOUR);
  assert_value(all, "pm2_5-sdg", sum / people, 51, CASA_JUDGED_NOT_YET);
  g_assert_cmpfloat(find(all, "pm2_5-sdg")->period, ==, 365);
  g_assert_true(find(all, "pm2_5-sdg")->simulated);
}

/* Of each hour half an hour on time, a quarter 250 s late, a quarter 400 s; 300 people aboard lose 400 s each hour. */
static void
test_transit(City *self, gconstpointer data)
{
  const gint64 seven = MAY_20 + 7 * HOUR;

  for (guint i = 0; i < 6 * 60; i++) {
    const gint64 t = seven + i * MINUTE + MINUTE / 2;
    put(self, "mobility", "veh-t1-001", t, "delay_s", i % 60 < 30 ? 0 : i % 60 < 45 ? 250 : 400);
    put(self, "mobility", "veh-t1-001", t, "occupancy_pct", 50);
    put(self, "mobility", "veh-t1-001", t, "headway_s", 480);
    put(self, "mobility", "veh-t1-002", t, "headway_s", i % 60 < 15 ? 100 : 480);
  }
  g_autoptr(GPtrArray) few = findings_at(self, seven + 5 * HOUR);
  assert_state(few, "punctual-5", CASA_FINDING_NOT_ENOUGH);
  g_autoptr(GPtrArray) all = findings_at(self, seven + 6 * HOUR);
  assert_value(all, "punctual-5", 75, 6, CASA_JUDGED_NOTHING);
  assert_value(all, "punctual-3", 50, 6, CASA_JUDGED_NOTHING);
  assert_value(all, "delay-people", 6 * 400 * 300 / 3600.0, 6, CASA_JUDGED_NOTHING);
  assert_value(all, "bunching", 100.0 * 15 / 120, 6, CASA_JUDGED_NOTHING);
}

static void
put_minutes(City *self, const char *station, const char *metric, gint64 from_ms, guint n, double value)
{
  for (guint i = 0; i < n; i++)
    put(self, "energy", station, from_ms + i * MINUTE + MINUTE / 2, metric, value);
}

/* A day of 10 MW: half an hour at 2 MW across two hours is one cut of four fifths; five minutes are none. */
static void
test_cuts(City *self, gconstpointer data)
{
  const CasaDistrict *district = &self->city->districts[0];

  describe(self, "energy", "sub-a", "substation", district->centroid);
  put_minutes(self, "sub-a", "load_mw", MAY_20, 10 * 60 + 45, 10);
  put_minutes(self, "sub-a", "load_mw", MAY_20 + 10 * HOUR + 45 * MINUTE, 30, 2);
  put_minutes(self, "sub-a", "load_mw", MAY_20 + 11 * HOUR + 15 * MINUTE, 3 * 60, 10);
  put_minutes(self, "sub-a", "load_mw", MAY_20 + 14 * HOUR + 15 * MINUTE, 5, 1);
  put_minutes(self, "sub-a", "load_mw", MAY_20 + 14 * HOUR + 20 * MINUTE, 10 * 60 - 20, 10);
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 24 * HOUR);
  assert_value(all, "saifi", 0.8, 1, CASA_JUDGED_NOTHING);
  assert_value(all, "saidi", 24, 1, CASA_JUDGED_NOTHING);
  g_autoptr(GPtrArray) early = findings_at(self, MAY_20 + 20 * HOUR);
  assert_state(early, "saifi", CASA_FINDING_NOT_ENOUGH);
}

/* 24 hours of 10 MW with 1 MW of sun in twelve of them; lamps of 30 MW for ten hours. */
static void
test_energy(City *self, gconstpointer data)
{
  for (guint h = 0; h < 24; h++) {
    const gint64 t = MAY_20 + h * HOUR + HOUR / 2;
    put(self, "energy", "sub-a", t, "load_mw", 10);
    put(self, "energy", "solar-a", t, "solar_mw", h >= 7 && h < 19 ? 1 : 0);
    put(self, "energy", "light-a", t, "lighting_mw", h < 10 ? 30 : 0);
  }
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 24 * HOUR);
  assert_value(all, "solar-day", 5, 24, CASA_JUDGED_NOTHING);
  assert_value(all, "lighting-point", 300000 / 151000.0, 24, CASA_JUDGED_NOTHING);
}

/* Two districts at 100 and 60 by day, 40 and 30 for the three hours of the night: (40 + 30) of (92.5 + 56.25). What flows into
 * a reservoir flows out through the districts, and is not counted a second time. */
static void
test_night_flow(City *self, gconstpointer data)
{
  static const struct {
    const char *station, *kind;
    double day, night;
  } flows[] = { { "water-a", "district-meter", 100, 40 },
                { "water-b", "district-meter", 60, 30 },
                { "tank-a", "reservoir", 900, 900 } };
  const CasaLonLat at = { -7.64, 33.58 };

  for (guint i = 0; i < G_N_ELEMENTS(flows); i++) {
    describe(self, "water", flows[i].station, flows[i].kind, at);
    for (guint h = 0; h < 24; h++)
      put(self, "water", flows[i].station, MAY_20 + h * HOUR + HOUR / 2, "flow_m3h",
          h >= 2 && h < 5 ? flows[i].night : flows[i].day);
  }
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 24 * HOUR);
  assert_value(all, "night-flow", 100 * 70 / 148.75, 24, CASA_JUDGED_NOTHING);
}

/* Levels add up as energy: 60 by day, 55 in the evening, 50 by night make Lden 60, as 5 and 10 are added. */
static void
test_noise(City *self, gconstpointer data)
{
  for (guint m = 0; m < 24 * 60; m++)
    put(self, "air", "air-a", MAY_20 + m * MINUTE + MINUTE / 2, "noise_dba",
        m < 7 * 60 || m >= 23 * 60 ? 50
        : m < 19 * 60              ? 60
                                   : 55);
  g_autoptr(GPtrArray) all = findings_at(self, MAY_20 + 24 * HOUR);
  assert_value(all, "noise-den", 60, 24, CASA_JUDGED_NOT_YET);
  assert_value(all, "noise-night", 50, 24, CASA_JUDGED_NOT_YET);
}

/* Ten minutes' wait, half of the lamps, 15 people: 40·2/3 + 40/2 + 20/2. */
static void
test_way_home(City *self, gconstpointer data)
{
  const CasaStop *stop = &self->city->lines[0].stops[0];
  const gint64 ten = MAY_20 + 22 * HOUR - HOUR; /* 21 h: dark in May, and the line still runs */
  g_autofree char *station = g_strconcat("stop-", stop->id, NULL);

  describe(self, "energy", "light-a", "lighting", casa_city_district(self->city, stop->district)->centroid);
  put(self, "energy", "light-a", ten - 20 * HOUR, "lighting_mw", 2);
  put(self, "energy", "light-a", ten + MINUTE, "lighting_mw", 1);
  put(self, "mobility", station, ten + MINUTE, "headway_s", 600);
  put(self, "mobility", station, ten + MINUTE, "passengers", 10);
  put(self, "mobility", station, ten + 2 * MINUTE, "passengers", 5);
  g_autoptr(GPtrArray) all = findings_at(self, ten + HOUR);
  const CasaFinding *f = find(all, "way-home");
  g_assert_cmpuint(f->worst->len, ==, 1);
  const CasaWayHome *way = &g_array_index(f->worst, CasaWayHome, 0);
  g_assert_true(way->stop == stop);
  g_assert_cmpint(way->hour_ms, ==, ten);
  assert_near(way->wait_min, 10);
  assert_near(way->lit, 0.5);
  assert_near(way->people, 15);
  assert_near(way->score, 40 * 2 / 3.0 + 20 + 10);
  /* One stop of all is no picture of the city. */
  g_assert_cmpint(f->state, ==, CASA_FINDING_NOT_ENOUGH);
}

/* What comes later changes nothing of what was said of a moment. */
static void
test_no_look_ahead(City *self, gconstpointer data)
{
  const gint64 at = MAY_20 + 47 * HOUR + 20 * MINUTE;

  put_hours(self, "air-a", "pm10", MAY_20, 47, 60);
  g_autoptr(GPtrArray) before = findings_at(self, at);
  put_hours(self, "air-a", "pm10", MAY_20 + 47 * HOUR, 400, 900);
  for (guint m = 0; m < 300; m++)
    put(self, "energy", "sub-a", at + m * MINUTE, "load_mw", 7);
  g_autoptr(GPtrArray) after = findings_at(self, at);
  for (guint i = 0; i < before->len; i++) {
    const CasaFinding *one = before->pdata[i], *other = after->pdata[i];
    g_assert_cmpint(one->state, ==, other->state);
    g_assert_cmpfloat(one->covered, ==, other->covered);
    g_assert_true(one->value == other->value || (isnan(one->value) && isnan(other->value)));
  }
  assert_value(after, "pm10-eu-day", 1, 1, CASA_JUDGED_NOT_YET);
}

/* Days of 25 and 23 hours, where Ramadan's clock begins and ends; each hour belongs to the day that the clock shows. */
static void
test_ramadan(City *self, gconstpointer data)
{
  const gint64 begins = casa_city_day(G_GINT64_CONSTANT(1771156800000)); /* 2026-02-15T12:00Z */
  const gint64 ends = casa_city_day(G_GINT64_CONSTANT(1774180800000));   /* 2026-03-22T12:00Z */
  const gint64 midnight = casa_city_midnight(begins);

  if (casa_city_midnight(begins + 1) - midnight != 25 * HOUR) {
    g_test_skip("this machine's zone data do not know the Ramadan of 2026");
    return;
  }
  g_assert_cmpint(casa_city_midnight(ends + 1) - casa_city_midnight(ends), ==, 23 * HOUR);
  g_assert_cmpint(casa_city_day(midnight), ==, begins);
  g_assert_cmpint(casa_city_day(midnight - 1), ==, begins - 1);
  g_assert_cmpuint(casa_city_minute(midnight + 90 * MINUTE), ==, 90);
  /* The 25 hours of that day: a mean of 51 is above 50; 24 of them would have 48.9. */
  put_hours(self, "air-a", "pm10", midnight, 24, 48.9);
  put_hours(self, "air-a", "pm10", midnight + 24 * HOUR, 1, 101.4);
  put_hours(self, "air-a", "pm10", midnight + 25 * HOUR, 24, 10);
  g_autoptr(GPtrArray) all = findings_at(self, midnight + 49 * HOUR);
  assert_value(all, "pm10-eu-day", 1, 2, CASA_JUDGED_NOT_YET);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *path;
    void (*run)(City *self, gconstpointer data);
  } tests[] = {
    { "/city-indicators/empty", test_empty },
    { "/city-indicators/days", test_days },
    { "/city-indicators/eight-hours", test_eight_hours },
    { "/city-indicators/year", test_year },
    { "/city-indicators/transit", test_transit },
    { "/city-indicators/cuts", test_cuts },
    { "/city-indicators/energy", test_energy },
    { "/city-indicators/night-flow", test_night_flow },
    { "/city-indicators/noise", test_noise },
    { "/city-indicators/way-home", test_way_home },
    { "/city-indicators/looks-not-ahead", test_no_look_ahead },
    { "/city-indicators/ramadan", test_ramadan },
  };
  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    g_test_add(tests[i].path, City, NULL, set_up, tests[i].run, tear_down);
  return g_test_run();
}
