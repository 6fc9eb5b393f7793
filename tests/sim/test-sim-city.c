/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "casa-build.h"
#include "city/metrics.h"
#include "run.h"
#include "stations/schedule.h"
#include "wire/decoder.h"

#define HOUR_MS G_GINT64_CONSTANT(3600000)
#define MONDAY G_GINT64_CONSTANT(1779058800000) /* 2026-05-18 00:00 in Casablanca */

typedef struct {
  CasaMetrics *metrics;
  CasaDecoder *decoder;
  CasaDecoded *decoded;
  CasaCity *city;
  CasaSimScenario *scenario;
} Fixture;

static const CasaWireLimits limits = {
  .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = G_MAXINT64 / 4, .retention_ms = G_MAXINT64 / 4
};

static void
set_up(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  f->decoder = casa_decoder_new(f->metrics, &limits);
  f->decoded = casa_decoded_new();
  f->city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  f->scenario = casa_sim_scenario_new();
  f->scenario->climate = FALSE; /* nothing happens but what a test lets happen */
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_sim_scenario_free(f->scenario);
  casa_city_free(f->city);
  casa_decoder_free(f->decoder);
  casa_decoded_free(f->decoded);
  casa_metrics_free(f->metrics);
}

/* Reads a payload back as the application would: nothing may be refused. @out is valid until the next. */
static void
decode(Fixture *f, const CasaSimStation *s, const GString *payload, CasaReading *out)
{
  CasaTopic topic;
  CasaReason why;
  char words[CASA_REASON_SIZE];
  if (!casa_topic_parse("casa/v1", s->topic, strlen(s->topic), &topic, &why))
    g_error("%s: %s", s->topic, casa_reason_text(&why, words));
  casa_decoder_decode(f->decoder, &topic, payload->str, payload->len, MONDAY, f->decoded);
  if (casa_decoded_why(f->decoded))
    g_error("%s: %s: %s", s->topic, payload->str, casa_reason_text(casa_decoded_why(f->decoded), words));
  g_assert_cmpuint(f->decoded->readings->len, ==, 1);
  *out = *casa_decoded_reading(f->decoded, 0);
}

static gboolean
field(const CasaReading *r, const char *metric, double *out)
{
  for (guint i = 0; i < r->n_fields; i++) {
    if (strcmp(r->fields[i].metric, metric) == 0) {
      *out = r->fields[i].value;
      return TRUE;
    }
  }
  return FALSE;
}

/* Mean (or sum) of a metric over all stations whose id begins with @prefix, at @t_ms. */
static double
over(Fixture *f, CasaSimWorld *w, const char *prefix, const char *metric, gint64 t_ms, gboolean sum)
{
  g_autoptr(GString) payload = g_string_new(NULL);
  double total = 0, x;
  guint n = 0;
  casa_sim_world_set_time(w, t_ms);
  for (guint i = 0; i < casa_sim_world_size(w); i++) {
    const CasaSimStation *s = casa_sim_world_station(w, i);
    CasaReading r;
    if (!g_str_has_prefix(s->id, prefix) || casa_sim_world_report(w, i, t_ms - 10000, payload) == 0)
      continue;
    decode(f, s, payload, &r);
    if (field(&r, metric, &x)) {
      total += x;
      n++;
    }
  }
  return sum ? total : total / MAX(n, 1);
}

typedef struct {
  CasaSimModel *model;
  CasaSimWorld *world;
} Town;

static Town
town_in(Fixture *f, const CasaSimScenario *scenario, guint64 seed, guint n_stations)
{
  Town t;
  t.model = casa_sim_model_new(f->city, scenario, seed);
  t.world = casa_sim_world_new(t.model, "casa/v1", n_stations);
  return t;
}

static Town
town(Fixture *f, guint64 seed, guint n_stations)
{
  return town_in(f, f->scenario, seed, n_stations);
}

static void
town_free(Town *t)
{
  casa_sim_world_free(t->world);
  casa_sim_model_free(t->model);
}

static void
test_catalogue(Fixture *f, gconstpointer data)
{
  Town t = town(f, 1, 0);
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  g_assert_cmpuint(casa_sim_world_size(t.world), >=, 350);
  g_assert_cmpuint(casa_sim_world_size(t.world), <=, 500);
  for (guint i = 0; i < casa_sim_world_size(t.world); i++) {
    const CasaSimStation *s = casa_sim_world_station(t.world, i);
    g_autoptr(GString) topic = g_string_new(NULL);
    g_autoptr(GString) payload = g_string_new(NULL);
    CasaTopic parsed;
    CasaReason why;
    CasaDescriptor d;
    g_assert_true(g_hash_table_add(ids, s->id));
    casa_sim_world_descriptor(t.world, i, topic, payload);
    g_assert_true(casa_topic_parse("casa/v1", topic->str, topic->len, &parsed, &why));
    g_assert_cmpint(parsed.kind, ==, CASA_TOPIC_DESCRIPTOR);
    g_assert_true(casa_decode_descriptor(f->metrics, &limits, &parsed, payload->str, payload->len, &d, &why));
    g_assert_true(d.simulated);
    g_assert_true(d.has_position);
    g_assert_cmpstr(d.name, !=, "");
  }
  town_free(&t);
}

/* A week, all stations, every ten minutes: every value finite and within what its metric allows. */
static void
test_a_week_within_range(Fixture *f, gconstpointer data)
{
  Town t = town(f, 5, 0);
  g_autoptr(GString) payload = g_string_new(NULL);
  guint64 values = 0;
  for (gint64 at = MONDAY; at < MONDAY + 7 * 24 * HOUR_MS; at += HOUR_MS / 6) {
    casa_sim_world_set_time(t.world, at);
    for (guint i = 0; i < casa_sim_world_size(t.world); i++) {
      CasaReading r;
      guint n = casa_sim_world_report(t.world, i, at - HOUR_MS / 6, payload);
      if (n == 0)
        continue;
      decode(f, casa_sim_world_station(t.world, i), payload, &r);
      g_assert_cmpuint(r.n_fields, ==, n);
      g_assert_cmpint(r.t_ms, ==, at);
      values += n;
    }
  }
  g_assert_cmpuint(values, >, 600000);
  town_free(&t);
}

/* The order of asking, and who else is there, must not matter. */
static void
test_stations_do_not_disturb_each_other(Fixture *f, gconstpointer data)
{
  Town small = town(f, 9, 40), large = town(f, 9, 600);
  g_autoptr(GString) a = g_string_new(NULL);
  g_autoptr(GString) b = g_string_new(NULL);
  g_autoptr(GHashTable) where = g_hash_table_new(g_str_hash, g_str_equal);
  guint compared = 0;
  g_assert_cmpuint(casa_sim_world_size(small.world), ==, 40);
  g_assert_cmpuint(casa_sim_world_size(large.world), ==, 600);
  for (guint i = 0; i < 600; i++)
    g_hash_table_insert(where, casa_sim_world_station(large.world, i)->id, GUINT_TO_POINTER(i + 1));
  casa_sim_world_set_time(large.world, MONDAY + 90 * HOUR_MS); /* a different past */
  for (guint step = 0; step < 20; step++) {
    gint64 at = MONDAY + 8 * HOUR_MS + step * 37 * 61000;
    casa_sim_world_set_time(small.world, at);
    casa_sim_world_set_time(large.world, at);
    for (guint i = 0; i < 40; i++) {
      guint j = GPOINTER_TO_UINT(g_hash_table_lookup(where, casa_sim_world_station(small.world, i)->id));
      g_assert_cmpuint(j, >, 0);
      guint n = casa_sim_world_report(small.world, i, at - 10000, a);
      g_assert_cmpuint(casa_sim_world_report(large.world, j - 1, at - 10000, b), ==, n);
      g_assert_cmpstr(a->str, ==, b->str);
      compared += n > 0;
    }
  }
  g_assert_cmpuint(compared, >, 400);
  town_free(&small);
  town_free(&large);
}

static void
test_seed_changes_chance(Fixture *f, gconstpointer data)
{
  Town a = town(f, 1, 0), b = town(f, 2, 0);
  double no2_a = over(f, a.world, "air-", "no2", MONDAY + 9 * HOUR_MS, FALSE);
  g_assert_cmpfloat(no2_a, !=, over(f, b.world, "air-", "no2", MONDAY + 9 * HOUR_MS, FALSE));
  town_free(&a);
  town_free(&b);
}

static void
test_day_and_night(Fixture *f, gconstpointer data)
{
  Town t = town(f, 4, 0);
  for (guint day = 0; day < 3; day++) {
    gint64 midnight = MONDAY + day * 24 * HOUR_MS;
    gint64 night = midnight + 3 * HOUR_MS, noon = midnight + 13 * HOUR_MS + HOUR_MS / 2;
    g_assert_cmpfloat(over(f, t.world, "solar-", "solar_mw", night, TRUE), ==, 0);
    g_assert_cmpfloat(over(f, t.world, "solar-", "solar_mw", noon, TRUE), >, 5);
    g_assert_cmpfloat(over(f, t.world, "light-", "lighting_mw", noon, TRUE), ==, 0);
    g_assert_cmpfloat_with_epsilon(over(f, t.world, "light-", "lighting_mw", night, TRUE), 28.5, 0.6);
    g_assert_cmpfloat(over(f, t.world, "road-", "speed_kmh", midnight + 4 * HOUR_MS, FALSE), >,
                      1.12 * over(f, t.world, "road-", "speed_kmh", midnight + 18 * HOUR_MS, FALSE));
    g_assert_cmpfloat(over(f, t.world, "road-", "flow_vph", midnight + 18 * HOUR_MS, FALSE), >,
                      5 * over(f, t.world, "road-", "flow_vph", midnight + 4 * HOUR_MS, FALSE));
    g_assert_cmpfloat(over(f, t.world, "air-", "noise_dba", noon, FALSE), >,
                      4 + over(f, t.world, "air-", "noise_dba", night, FALSE));
  }
  town_free(&t);
}

/* The city's load on one day, every ten minutes from the local midnight. */
typedef struct {
  double mw[144], mean, peak, trough;
  double peak_h, trough_h;
} LoadDay;

/* The mean of @n_days from @midnight on: no day is quite like the next. */
static LoadDay
load_of(Fixture *f, Town *t, gint64 midnight, guint n_days)
{
  LoadDay d = { .trough = 1e9 };
  for (guint i = 0; i < 144; i++) {
    for (guint k = 0; k < n_days; k++)
      d.mw[i] += over(f, t->world, "sub-", "load_mw", midnight + k * 24 * HOUR_MS + i * HOUR_MS / 6, TRUE) / n_days;
    d.mean += d.mw[i] / 144;
    if (d.mw[i] > d.peak) {
      d.peak = d.mw[i];
      d.peak_h = i / 6.0;
    }
    if (d.mw[i] < d.trough) {
      d.trough = d.mw[i];
      d.trough_h = i / 6.0;
    }
  }
  return d;
}

static double
mean_between(const LoadDay *d, guint from_h, guint to_h)
{
  double sum = 0;
  for (guint i = from_h * 6; i < to_h * 6; i++)
    sum += d->mw[i] / ((to_h - from_h) * 6);
  return sum / d->mean;
}

/* Ratios of a Moroccan city's load curve (docs/SIMULATOR.md), in spring and in November, and no jumps in it. */
static void
test_load_curve(Fixture *f, gconstpointer data)
{
  Town t = town(f, 4, 0);
  const gint64 days[] = { MONDAY + 24 * HOUR_MS, MONDAY + 64 * 24 * HOUR_MS,
                          MONDAY + 190 * 24 * HOUR_MS + HOUR_MS }; /* UTC+0 */
  const double dawn[] = { 0.72, 0.72, 0.76 }; /* the lamps are on for longer in November; Tetouan 2017, spring and autumn */
  for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
    LoadDay d = load_of(f, &t, days[i], 4), one = load_of(f, &t, days[i], 1);
    g_assert_cmpfloat(d.mean, >, 550);
    g_assert_cmpfloat(d.mean, <, 720);
    g_assert_true(d.peak_h >= 19 && d.peak_h <= 21.7);
    g_assert_true(d.trough_h >= 5 && d.trough_h <= 8.5); /* after the lamps go out, at daybreak */
    g_assert_cmpfloat(d.peak / d.mean, >, 1.32);
    g_assert_cmpfloat(d.peak / d.mean, <, 1.48);
    g_assert_cmpfloat_with_epsilon(mean_between(&d, 5, 7), dawn[i], 0.05);
    g_assert_cmpfloat_with_epsilon(mean_between(&d, 10, 13), 1.04, 0.05); /* Tetouan 2017: 1.05 in spring, 1.03 in autumn */
    g_test_message("mean %.0f peak %.2f at %.1f, dawn %.3f, noon %.3f", d.mean, d.peak / d.mean, d.peak_h,
                   mean_between(&d, 5, 7), mean_between(&d, 10, 13));
    for (guint k = 1; k < 144; k++)
      g_assert_cmpfloat(fabs(one.mw[k] / one.mw[k - 1] - 1), <, 0.06);
  }
  town_free(&t);
}

static void
test_sunday_needs_less(Fixture *f, gconstpointer data)
{
  Town t = town(f, 4, 0);
  gint64 monday = MONDAY + 189 * 24 * HOUR_MS; /* 2026-11-23 */
  double ratio = load_of(f, &t, monday + 6 * 24 * HOUR_MS, 1).mean / load_of(f, &t, monday, 4).mean;
  g_assert_cmpfloat(ratio, >, 0.93);
  g_assert_cmpfloat(ratio, <, 0.96);
  town_free(&t);
}

/* The city lights up district by district: begun by one, done by all, in about twenty minutes after sunset. */
static void
test_lights_come_on_one_by_one(Fixture *f, gconstpointer data)
{
  Town t = town(f, 4, 0);
  gint64 first = 0, full = 0, noon = MONDAY + 189 * 24 * HOUR_MS + 13 * HOUR_MS;
  for (gint64 at = noon; at < noon + 9 * HOUR_MS && !full; at += HOUR_MS / 60) {
    double mw = over(f, t.world, "light-", "lighting_mw", at, TRUE);
    if (mw > 0 && !first)
      first = at;
    if (mw > 28)
      full = at;
  }
  g_assert_cmpint(full - first, >=, HOUR_MS * 12 / 60);
  g_assert_cmpint(full - first, <=, HOUR_MS * 26 / 60);
  g_assert_cmpint(first - noon, >, HOUR_MS * 5); /* sunset is at 18:21 */
  g_assert_cmpint(full - noon, <, HOUR_MS * 6);
  town_free(&t);
}

static double
correlation(const double *x, const double *y, guint n)
{
  double mx = 0, my = 0, xy = 0, xx = 0, yy = 0;
  for (guint i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  for (guint i = 0; i < n; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / sqrt(xx * yy);
}

static void
test_air_answers_to_traffic(Fixture *f, gconstpointer data)
{
  Town t = town(f, 4, 0);
  double no2[120], flow[120], o3[120], bus[120], kerb[120];
  for (guint i = 0; i < 120; i++) {
    gint64 at = MONDAY + i * HOUR_MS;
    no2[i] = over(f, t.world, "air-", "no2", at, FALSE);
    o3[i] = over(f, t.world, "air-", "o3", at, FALSE);
    flow[i] = over(f, t.world, "road-", "flow_vph", at, FALSE);
    kerb[i] = over(f, t.world, "air-chu", "no2", at, FALSE);
    bus[i] = over(f, t.world, "air-wilaya", "no2", at, FALSE);
  }
  g_assert_cmpfloat(correlation(no2, flow, 120), >, 0.2); /* noon has the traffic, but also the highest lid */
  g_assert_cmpfloat(correlation(no2, o3, 120), <, 0.15);  /* ozone is eaten where NO2 is made */
  g_assert_cmpfloat(correlation(kerb, bus, 120), >, 0.6); /* neighbours breathe the same air */
  town_free(&t);
}

static void
test_empty_roads_clean_the_air(Fixture *f, gconstpointer data)
{
  Town busy = town(f, 4, 0);
  g_autoptr(CasaSimScenario) car_free = casa_sim_scenario_new();
  car_free->climate = FALSE;
  car_free->traffic_factor = 0.2;
  Town calm = town_in(f, car_free, 4, 0);
  gint64 evening = MONDAY + 19 * HOUR_MS;
  g_assert_cmpfloat(over(f, calm.world, "road-", "speed_kmh", evening, FALSE), >,
                    over(f, busy.world, "road-", "speed_kmh", evening, FALSE) + 2);
  g_assert_cmpfloat(over(f, calm.world, "air-", "no2", evening, FALSE), <,
                    0.75 * over(f, busy.world, "air-", "no2", evening, FALSE));
  g_assert_cmpfloat(over(f, calm.world, "sub-", "load_mw", evening, TRUE), ==,
                    over(f, busy.world, "sub-", "load_mw", evening, TRUE));
  town_free(&busy);
  town_free(&calm);
}

static void
test_warmth_costs_power(Fixture *f, gconstpointer data)
{
  Town mild = town(f, 4, 0);
  g_autoptr(CasaSimScenario) heat = casa_sim_scenario_new();
  heat->climate = FALSE;
  heat->temp_offset_c = 9;
  Town hot = town_in(f, heat, 4, 0);
  gint64 evening = MONDAY + 45 * HOUR_MS;
  double ratio = over(f, hot.world, "sub-", "load_mw", evening, TRUE) / over(f, mild.world, "sub-", "load_mw", evening, TRUE);
  g_assert_cmpfloat(ratio, >, 1.08);
  g_assert_cmpfloat(ratio, <, 1.45);
  town_free(&mild);
  town_free(&hot);
}

static void
test_even_flow(Fixture *f, gconstpointer data)
{
  Town t = town(f, 1, 0);
  g_autoptr(CasaSimSchedule) s = casa_sim_schedule_new(t.world, 100, 0);
  g_autofree guint *count = g_new0(guint, casa_sim_world_size(t.world));
  guint most = 0, all = 0;
  for (gint64 step = 1000; step < 1600; step++) { /* a minute */
    guint here = 0;
    for (guint g = 0; g < casa_sim_schedule_n_groups(s); g++) {
      guint n;
      gint64 interval;
      const guint *due = casa_sim_schedule_due(s, g, step, &n, &interval);
      here += n;
      for (guint i = 0; i < n; i++)
        count[due[i]]++;
    }
    most = MAX(most, here);
    all += here;
  }
  for (guint i = 0; i < casa_sim_world_size(t.world); i++)
    g_assert_cmpuint(count[i], ==, 60000 / casa_sim_kind_interval_ms(casa_sim_world_station(t.world, i)->kind));
  g_assert_cmpfloat_with_epsilon(all / 60.0, casa_sim_schedule_rate(s), 0.01);
  g_assert_cmpuint(most, <, all / 600 * 3); /* no tenth of a second has more than three times its share */
  town_free(&t);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/sim/city/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("catalogue", test_catalogue);
  ADD("a-week-within-range", test_a_week_within_range);
  ADD("stations-do-not-disturb-each-other", test_stations_do_not_disturb_each_other);
  ADD("seed-changes-chance", test_seed_changes_chance);
  ADD("day-and-night", test_day_and_night);
  ADD("load-curve", test_load_curve);
  ADD("sunday-needs-less", test_sunday_needs_less);
  ADD("lights-come-on-one-by-one", test_lights_come_on_one_by_one);
  ADD("air-answers-to-traffic", test_air_answers_to_traffic);
  ADD("empty-roads-clean-the-air", test_empty_roads_clean_the_air);
  ADD("warmth-costs-power", test_warmth_costs_power);
  ADD("even-flow", test_even_flow);
  return g_test_run();
}
