/* SPDX-License-Identifier: Apache-2.0 */
/* Each fault alone: what it does, how often, how much; and what it leaves alone. */
#include <math.h>
#include <string.h>

#include "casa-build.h"
#include "publish/delay-queue.h"
#include "events/faults.h"
#include "process.h"
#include "maths/rng.h"
#include "model/sensor.h"

#define MINUTE_MS G_GINT64_CONSTANT(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define T0 G_GINT64_CONSTANT(1779364800000) /* 2026-05-21T12:00Z */

static const CasaSimMakeup any = { .on_battery = TRUE, .freezes = TRUE };

static guint64
stream_of(guint i)
{
  g_autofree char *id = g_strdup_printf("station-%u", i);
  return casa_sim_stream(1, id);
}

/* ---- the fate of a message ---- */

typedef struct {
  double silent, frozen, late, twice, wrong; /* shares */
  gint64 latest_ms;
} Shares;

/* @n stations over 30 days, looked at every @step_ms. */
static Shares
shares_of(guint faults, guint n, gint64 step_ms)
{
  Shares s = { 0 };
  double all = 0;
  for (guint i = 0; i < n; i++) {
    guint64 stream = stream_of(i);
    for (gint64 t_ms = T0; t_ms < T0 + 30 * DAY_MS; t_ms += step_ms, all++) {
      CasaSimFate f;
      casa_sim_fate(faults, stream, any, t_ms, &f);
      s.silent += f.silent;
      s.frozen += f.frozen;
      s.late += f.delay_ms > 0;
      s.twice += f.again_ms >= 0;
      s.wrong += f.said_ms != t_ms;
      s.latest_ms = MAX(s.latest_ms, f.delay_ms);
      g_assert_true(!f.frozen || (f.frozen_ms <= t_ms && f.frozen_ms > t_ms - 12 * HOUR_MS - 1));
    }
  }
  s.silent /= all, s.frozen /= all, s.late /= all, s.twice /= all, s.wrong /= all;
  return s;
}

/* Mean length of a log-uniform trouble over the time between two. */
static double
expected_share(double min, double max, double every)
{
  return (max - min) / log(max / min) / every;
}

static void
test_rates(void)
{
  Shares clean = shares_of(CASA_SIM_CLEAN, 20, 5 * MINUTE_MS);
  g_assert_cmpfloat(clean.silent + clean.frozen + clean.late + clean.twice + clean.wrong, ==, 0);
  Shares s = shares_of(CASA_SIM_FAULT_DROPOUTS, 200, 7 * MINUTE_MS);
  double dropouts = expected_share(2, 60, 2 * 1440);
  g_assert_cmpfloat_with_epsilon(s.silent / dropouts, 1, 0.1);
  g_assert_cmpfloat(s.frozen + s.late + s.twice + s.wrong, ==, 0);
  s = shares_of(CASA_SIM_FAULT_STUCK, 400, 20 * MINUTE_MS);
  g_assert_cmpfloat_with_epsilon(s.frozen / expected_share(0.5, 12, 120), 1, 0.12);
  g_assert_cmpfloat(s.silent + s.late + s.twice + s.wrong, ==, 0);
  s = shares_of(CASA_SIM_FAULT_BATTERY, 1000, HOUR_MS);
  g_assert_cmpfloat_with_epsilon(s.silent / (expected_share(18, 72, 2880) + 3.0 / 2880), 1, 0.2);
  s = shares_of(CASA_SIM_FAULT_LATE, 200, 3 * MINUTE_MS);
  g_assert_cmpfloat_with_epsilon(s.late / (0.005 + expected_share(1, 10, 1440)), 1, 0.1);
  g_assert_cmpint(s.latest_ms, >, 8 * MINUTE_MS);
  g_assert_cmpint(s.latest_ms, <=, CASA_SIM_LATEST_MS);
  s = shares_of(CASA_SIM_FAULT_DUPLICATES, 50, 3 * MINUTE_MS);
  g_assert_cmpfloat_with_epsilon(s.twice, 0.01, 0.001);
  s = shares_of(CASA_SIM_FAULT_CLOCK, 3000, DAY_MS);
  g_assert_cmpfloat_with_epsilon(s.wrong, 0.03, 0.01);
}

/* A dead battery belongs to those who have one. */
static void
test_makeup(void)
{
  guint silent = 0, frozen = 0;
  for (guint i = 0; i < 200; i++) {
    CasaSimFate f;
    casa_sim_fate(CASA_SIM_FIELD & ~(guint)CASA_SIM_FAULT_DROPOUTS, stream_of(i), (CasaSimMakeup){ FALSE, FALSE }, T0, &f);
    silent += f.silent;
    frozen += f.frozen;
  }
  g_assert_cmpuint(silent + frozen, ==, 0);
  g_assert_true(casa_sim_sensor_makeup(CASA_SIM_AIR_MICRO).on_battery);
  g_assert_false(casa_sim_sensor_makeup(CASA_SIM_SUBSTATION).on_battery);
  g_assert_false(casa_sim_sensor_makeup(CASA_SIM_VEHICLE).freezes);
}

/* What one fault draws does not depend on which others are on. */
static void
test_faults_are_independent(void)
{
  for (guint i = 0; i < 100; i++) {
    for (gint64 t_ms = T0; t_ms < T0 + DAY_MS; t_ms += 7 * MINUTE_MS) {
      CasaSimFate all, late, clock;
      casa_sim_fate(CASA_SIM_FIELD, stream_of(i), any, t_ms, &all);
      casa_sim_fate(CASA_SIM_FAULT_LATE, stream_of(i), any, t_ms, &late);
      casa_sim_fate(CASA_SIM_FAULT_CLOCK, stream_of(i), any, t_ms, &clock);
      if (all.silent)
        continue;
      g_assert_cmpint(all.delay_ms, ==, late.delay_ms);
      g_assert_cmpint(all.said_ms, ==, clock.said_ms);
    }
  }
}

static void
test_clocks(void)
{
  guint fast = 0, slow = 0, hour = 0, uptime = 0;
  for (guint i = 0; i < 5000; i++) {
    CasaSimFate f, later;
    casa_sim_fate(CASA_SIM_FAULT_CLOCK, stream_of(i), any, T0, &f);
    casa_sim_fate(CASA_SIM_FAULT_CLOCK, stream_of(i), any, T0 + 10000, &later);
    gint64 off_ms = f.said_ms - T0;
    hour += off_ms == HOUR_MS;
    uptime += f.said_ms < 1000000000;
    fast += off_ms > 0 && off_ms <= 8 * MINUTE_MS;
    slow += off_ms < 0 && off_ms >= -8 * MINUTE_MS;
    if (f.said_ms >= 1000000000)
      g_assert_cmpint(later.said_ms - f.said_ms, ==, 10000); /* wrong, but it runs */
    else
      g_assert_true(later.said_ms - f.said_ms == 10 || later.said_ms <= 10); /* seconds; or just started again */
  }
  g_assert_cmpuint(hour, >, 20);
  g_assert_cmpuint(uptime, >, 20);
  g_assert_cmpuint(fast, >, 5);
  g_assert_cmpuint(slow, >, 5);
}

static void
test_names(void)
{
  guint faults = 77;
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_sim_faults_parse("late, clock", &faults, &error));
  g_assert_cmpuint(faults, ==, CASA_SIM_FAULT_LATE | CASA_SIM_FAULT_CLOCK);
  g_autofree char *text = casa_sim_faults_text(faults);
  g_assert_cmpstr(text, ==, "late,clock");
  g_assert_false(casa_sim_faults_parse("late,rust", &faults, &error));
  g_assert_nonnull(strstr(error->message, "duplicates"));
  g_assert_cmpuint(faults, ==, CASA_SIM_FAULT_LATE | CASA_SIM_FAULT_CLOCK);
  g_clear_error(&error);
  g_assert_false(casa_sim_faults_parse("", &faults, &error));
}

/* ---- what a sensor makes of a value ---- */

typedef struct {
  double mean, deviation;
} Spread;

static Spread
read_many(guint faults, CasaSimKind kind, const char *metric, double value, gint64 step_ms, guint n_stations)
{
  double sum = 0, squares = 0;
  guint n = 0;
  for (guint i = 0; i < n_stations; i++) {
    CasaSimStation s = { .kind = kind, .stream = stream_of(i) };
    for (guint k = 0; k < 2000; k++, n++) {
      double x = casa_sim_sensor_read(faults, &s, metric, value, 0, 1500, T0 + k * step_ms);
      sum += x;
      squares += x * x;
    }
  }
  return (Spread){ sum / n, sqrt(MAX(squares / n - sum / n * sum / n, 0)) };
}

static void
test_noise(void)
{
  Spread s = read_many(CASA_SIM_FAULT_NOISE, CASA_SIM_AIR, "pm10", 100, 10000, 20);
  g_assert_cmpfloat_with_epsilon(s.mean, 100, 0.2);
  g_assert_cmpfloat_with_epsilon(s.deviation, sqrt(2 * 2 + 3 * 3), 0.1);
  s = read_many(CASA_SIM_FAULT_NOISE, CASA_SIM_SUBSTATION, "frequency_hz", 50, 5000, 20);
  g_assert_cmpfloat_with_epsilon(s.deviation, 0.003, 0.0001);
}

/* Nothing within an hour, something between calibrations, and about as much as the table says between sensors. */
static void
test_drift(void)
{
  Spread hour = read_many(CASA_SIM_FAULT_DRIFT, CASA_SIM_AIR, "no2", 50, 1800, 1);
  Spread years = read_many(CASA_SIM_FAULT_DRIFT, CASA_SIM_AIR, "no2", 50, DAY_MS, 40);
  g_assert_cmpfloat(hour.deviation, <, 0.05);
  g_assert_cmpfloat_with_epsilon(years.mean, 50, 0.3);
  /* Left by a calibration: 0.5 and 2 % of 50; drift, on average over a quarter of a year with a mean square of a third:
   * 4 and 6 % of 50 a year. */
  double age = 90 / 365.25, drift = sqrt((16 + 9) * age * age / 3), left = sqrt(0.25 + 1);
  g_assert_cmpfloat_with_epsilon(years.deviation, sqrt(drift * drift + left * left), 0.15);
}

static void
test_resolution(void)
{
  CasaSimStation s = { .kind = CASA_SIM_WEATHER_STATION, .stream = stream_of(1) };
  g_assert_cmpfloat(casa_sim_sensor_resolution(CASA_SIM_WEATHER_STATION, "wind_ms"), ==, 0.5);
  g_assert_cmpfloat(casa_sim_sensor_read(CASA_SIM_FAULT_RESOLUTION, &s, "wind_ms", 3.3, 0, 60, T0), ==, 3.5);
  g_assert_cmpfloat(casa_sim_sensor_read(CASA_SIM_FAULT_RESOLUTION, &s, "unheard_of", 3.3, 0, 60, T0), ==, 3.3);
  g_assert_cmpfloat(casa_sim_sensor_resolution(CASA_SIM_AIR, "unheard_of"), ==, 0);
}

static void
test_outliers(void)
{
  guint spikes = 0, codes = 0;
  const guint n = 400000;
  CasaSimStation s = { .kind = CASA_SIM_AIR, .stream = stream_of(3) };
  for (guint k = 0; k < n; k++) {
    double x = casa_sim_sensor_read(CASA_SIM_FAULT_OUTLIERS, &s, "no2", 40, 0, 600, T0 + k * 10000);
    codes += x == -999;
    spikes += x > 80 && x <= 600;
    g_assert_true(x == 40 || x == -999 || (x > 80 && x <= 600));
  }
  g_assert_cmpfloat_with_epsilon((double)(codes + spikes) / n, 0.0005, 0.0001);
  g_assert_cmpfloat_with_epsilon((double)codes / (codes + spikes), 0.2, 0.08);
}

/* Without power there is nothing to be wrong about, and no noise leaves the range. */
static void
test_range(void)
{
  CasaSimStation grid = { .kind = CASA_SIM_SUBSTATION, .stream = stream_of(4) },
                 wx = { .kind = CASA_SIM_WEATHER_STATION, .stream = stream_of(5) };
  for (guint k = 0; k < 20000; k++) {
    gint64 t_ms = T0 + k * 5000;
    g_assert_cmpfloat(casa_sim_sensor_read(CASA_SIM_FIELD, &grid, "voltage_v", 0, 0, 0, t_ms), ==, 0);
    double dir = casa_sim_sensor_read(CASA_SIM_FAULT_NOISE | CASA_SIM_FAULT_DRIFT, &wx, "wind_dir", 359, 0, 359, t_ms);
    g_assert_true(dir >= 0 && dir <= 359);
    double rh = casa_sim_sensor_read(CASA_SIM_FAULT_NOISE | CASA_SIM_FAULT_DRIFT, &wx, "rh_pct", 100, 0, 100, t_ms);
    g_assert_true(rh > 90 && rh <= 100);
  }
}

/* ---- the queue of those under way ---- */

static void
test_delivery_order(void)
{
  CasaSimDelayQueue *d = casa_sim_delay_queue_new();
  g_autoptr(GString) payload = g_string_new(NULL);
  CasaSimParcel p;
  for (guint i = 0; i < 5000; i++) {
    g_string_printf(payload, "%u", i);
    casa_sim_delay_queue_put(d, (gint64)(casa_sim_draw(9, i) % 500), "t", payload, 1);
  }
  gint64 last_ms = -1;
  guint64 last_order = 0;
  for (guint i = 0; i < 5000; i++) {
    g_assert_true(casa_sim_delay_queue_take(d, 1000, &p));
    g_assert_true(p.due_ms > last_ms || (p.due_ms == last_ms && p.order > last_order));
    g_assert_cmpuint(g_ascii_strtoull(p.payload, NULL, 10), ==, p.order);
    last_ms = p.due_ms;
    last_order = p.order;
    g_free(p.payload);
  }
  g_assert_false(casa_sim_delay_queue_take(d, 1000, &p));
  casa_sim_delay_queue_put(d, 2000, "t", payload, 1);
  g_assert_false(casa_sim_delay_queue_take(d, 1999, &p));
  g_assert_cmpuint(casa_sim_delay_queue_waiting(d), ==, 1);
  casa_sim_delay_queue_free(d);
}

/* ---- the program ---- */

static char **
lines_of(const char *arguments)
{
  g_autofree char *line =
    g_strdup_printf("%s --config %s/config --stdout --seed 4 %s", CASA_SIM_PATH, CASA_SOURCE_ROOT, arguments);
  g_auto(GStrv) argv = NULL;
  g_autofree char *out = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_assert_cmpint(test_run((const char *const *)argv, NULL, &out, NULL), ==, 0);
  g_assert_cmpuint(strlen(out), >, 1000);
  return test_lines(out);
}

/* line → how often */
static GHashTable *
count_lines(char **lines)
{
  GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
  for (char **l = lines; *l; l++) {
    if (**l)
      g_hash_table_insert(counts, *l, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, *l)) + 1));
  }
  return counts;
}

typedef struct {
  guint same, missing, fresh, more; /* lines of the clean run found and not; lines it has not; found again */
} Comparison;

static Comparison
compare(char **clean, char **other)
{
  g_autoptr(GHashTable) a = count_lines(clean), b = count_lines(other);
  Comparison c = { 0 };
  GHashTableIter iter;
  gpointer line, n;
  g_hash_table_iter_init(&iter, a);
  while (g_hash_table_iter_next(&iter, &line, &n))
    *(g_hash_table_contains(b, line) ? &c.same : &c.missing) += 1;
  g_hash_table_iter_init(&iter, b);
  while (g_hash_table_iter_next(&iter, &line, &n)) {
    c.fresh += !g_hash_table_contains(a, line);
    c.more += GPOINTER_TO_UINT(n) - 1;
  }
  return c;
}

#define HOUR "--start 2026-05-21T12:00:00Z --duration 1h"
#define A_WHILE "--start 2026-05-21T12:00:00Z --duration 12min"

static void
test_clean_is_the_same(void)
{
  g_auto(GStrv) usual = lines_of(A_WHILE), clean = lines_of(A_WHILE " --sensors clean");
  g_assert_cmpuint(g_strv_length(usual), ==, g_strv_length(clean));
  for (guint i = 0; usual[i]; i++)
    g_assert_cmpstr(usual[i], ==, clean[i]);
}

static void
test_messages_in_the_program(void)
{
  g_auto(GStrv) clean = lines_of(A_WHILE);
  g_auto(GStrv) late = lines_of(A_WHILE " --sensors late"), twice = lines_of(A_WHILE " --sensors duplicates");
  g_auto(GStrv) silent = lines_of(A_WHILE " --sensors dropouts"), clock = lines_of(A_WHILE " --sensors clock");
  double n = g_strv_length(clean);
  Comparison c = compare(clean, late); /* the last are still under way, and some of the hour before arrive */
  g_assert_cmpuint(c.missing, <, n * 0.005);
  g_assert_cmpuint(c.fresh, <, n * 0.005);
  g_assert_cmpuint(c.fresh, >, 0);
  g_assert_cmpuint(c.more, ==, 0);
  c = compare(clean, twice);
  g_assert_cmpuint(c.missing, ==, 0);
  g_assert_cmpfloat_with_epsilon(c.more / n, 0.01, 0.002);
  c = compare(clean, silent);
  g_assert_cmpuint(c.missing, >, 100);
  g_assert_cmpuint(c.fresh + c.more, ==, 0);
  c = compare(clean, clock);
  g_assert_cmpuint(g_strv_length(clock), ==, g_strv_length(clean));
  g_assert_cmpuint(c.missing, ==, c.fresh);
  for (guint i = 0; clean[i]; i++) { /* the values behind the time are the same, message by message */
    const char *a = strchr(clean[i], ','), *b = strchr(clock[i], ',');
    g_assert_cmpstr(a, ==, b);
  }
}

/* A late message comes after its station's later ones, with its own time, at most CASA_SIM_LATEST_MS behind. */
static void
test_late_keep_their_time(void)
{
  g_auto(GStrv) late = lines_of(HOUR " --sensors late");
  gint64 now_ms = 0;
  guint behind = 0, n = 0;
  for (char **l = late; *l; l++) {
    const char *t = strstr(*l, "{\"t\":");
    if (!t)
      continue;
    gint64 t_ms = g_ascii_strtoll(t + 5, NULL, 10);
    behind += t_ms < now_ms;
    n++;
    g_assert_cmpint(t_ms, >=, now_ms - CASA_SIM_LATEST_MS);
    now_ms = MAX(now_ms, t_ms);
  }
  g_assert_cmpfloat_with_epsilon((double)behind / n, 0.0077, 0.0025); /* 0.5 % alone, and in outages of 3.9 min a day */
}

/* A run begun in the middle of another says the same from there on (but for counters that the other began earlier). */
static void
test_begins_in_the_middle(void)
{
  g_auto(GStrv) whole = lines_of("--start 2026-05-21T12:00:00Z --duration 24min --sensors field");
  g_auto(GStrv) half = lines_of("--start 2026-05-21T12:12:00Z --duration 12min --sensors field");
  g_autoptr(GHashTable) known = count_lines(whole);
  guint n = 0;
  for (char **l = half; *l; l++) {
    if (!**l || strstr(*l, "\"passengers\"") || strstr(*l, "/$station/") || strstr(*l, "/$event/"))
      continue;
    n++;
    if (!g_hash_table_contains(known, *l))
      g_error("only in the run begun later: %s", *l);
  }
  g_assert_cmpuint(n, >, 10000);
}

static void
test_field_is_repeatable(void)
{
  g_auto(GStrv) a = lines_of(A_WHILE " --sensors field"), b = lines_of(A_WHILE " --sensors field");
  g_autofree char *x = g_strjoinv("\n", a), *y = g_strjoinv("\n", b);
  g_assert_true(strcmp(x, y) == 0);
}

/* Values at rest for half an hour and more, and only of stations that can freeze. */
static void
test_frozen_in_the_program(void)
{
  g_auto(GStrv) lines = lines_of("--start 2026-05-21T00:00:00Z --duration 2d --step 20min --sensors stuck");
  g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL); /* topic → values */
  guint held = 0, n = 0;
  for (char **l = lines; *l; l++) {
    const char *tab = strchr(*l, '\t'), *values = tab ? strchr(tab, ',') : NULL;
    if (!values || !strstr(*l, "/air-")) /* ten decimals together: never twice the same by chance */
      continue;
    char *topic = g_strndup(*l, (gsize)(tab - *l));
    held += g_strcmp0(g_hash_table_lookup(last, topic), values) == 0;
    n++;
    g_hash_table_replace(last, topic, (char *)values);
  }
  double share = (double)held / n;
  g_assert_cmpfloat(share, >, 0.005);
  g_assert_cmpfloat(share, <, 0.12);
}

/* A scenario may bring its sensors; the command line wins. */
static void
test_scenario(void)
{
  g_autofree char *dir = test_dir_new(), *config = g_build_filename(dir, "config", NULL);
  const char *const copy[] = { "cp", "-r", CASA_SOURCE_ROOT "/config", config, NULL };
  g_assert_cmpint(test_run(copy, NULL, NULL, NULL), ==, 0);
  g_autofree char *path = g_build_filename(config, "scenarios", "street.conf", NULL);
  g_assert_true(g_file_set_contents(path, "[scenario]\nsensors = noise, late\n[weather]\nclimate = true\n", -1, NULL));
  g_autofree char *by_scenario = g_strdup_printf("--config %s --scenario street " A_WHILE, config);
  g_autofree char *by_option = g_strdup_printf(A_WHILE " --sensors noise,late");
  g_autofree char *option_wins = g_strconcat(by_scenario, " --sensors clean", NULL);
  g_auto(GStrv) a = lines_of(by_scenario), b = lines_of(by_option), c = lines_of(option_wins), d = lines_of(A_WHILE);
  g_autofree char *x = g_strjoinv("\n", a), *y = g_strjoinv("\n", b), *z = g_strjoinv("\n", c), *clean = g_strjoinv("\n", d);
  g_assert_true(strcmp(x, y) == 0 && strcmp(z, clean) == 0 && strcmp(x, clean) != 0);
  g_assert_true(g_file_set_contents(path, "[scenario]\nsensors = rusty\n", -1, NULL));
  const char *const argv[] = { CASA_SIM_PATH, "--config", config, "--scenario", "street", "--stdout", NULL };
  g_autofree char *err = NULL;
  g_assert_cmpint(test_run(argv, NULL, NULL, &err), ==, 2);
  g_assert_nonnull(strstr(err, "street.conf:2: [scenario] sensors: \"rusty\": write clean, field"));
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/faults/rates", test_rates);
  g_test_add_func("/sim/faults/makeup", test_makeup);
  g_test_add_func("/sim/faults/independent", test_faults_are_independent);
  g_test_add_func("/sim/faults/clocks", test_clocks);
  g_test_add_func("/sim/faults/names", test_names);
  g_test_add_func("/sim/faults/noise", test_noise);
  g_test_add_func("/sim/faults/drift", test_drift);
  g_test_add_func("/sim/faults/resolution", test_resolution);
  g_test_add_func("/sim/faults/outliers", test_outliers);
  g_test_add_func("/sim/faults/range", test_range);
  g_test_add_func("/sim/faults/delivery-order", test_delivery_order);
  g_test_add_func("/sim/faults/clean-is-the-same", test_clean_is_the_same);
  g_test_add_func("/sim/faults/messages-in-the-program", test_messages_in_the_program);
  g_test_add_func("/sim/faults/late-keep-their-time", test_late_keep_their_time);
  g_test_add_func("/sim/faults/begins-in-the-middle", test_begins_in_the_middle);
  g_test_add_func("/sim/faults/field-is-repeatable", test_field_is_repeatable);
  g_test_add_func("/sim/faults/frozen-in-the-program", test_frozen_in_the_program);
  g_test_add_func("/sim/faults/scenario", test_scenario);
  return g_test_run();
}
