/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "casa-build.h"
#include "model/transit.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)

typedef struct {
  CasaCity *city;
  CasaSimScenario *scenario;
  CasaSimModel *model;
  CasaSimTransit *transit;
  gint64 thursday; /* day number */
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  f->city = casa_city_load(CASA_SOURCE_ROOT "/config", &error);
  g_assert_no_error(error);
  f->scenario = casa_sim_scenario_new();
  f->model = casa_sim_model_new(f->city, f->scenario, 3);
  f->transit = casa_sim_transit_new(f->model);
  f->thursday = 20594; /* 2026-05-21 */
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  casa_sim_transit_free(f->transit);
  casa_sim_model_free(f->model);
  casa_sim_scenario_free(f->scenario);
  casa_city_free(f->city);
}

/* Metres from @at to the line's track. */
static double
off_track_m(const CasaLine *line, CasaLonLat at)
{
  double best = 1e9;
  for (guint i = 0; i + 1 < line->track.n; i++) {
    CasaLonLat a = line->track.points[i], b = line->track.points[i + 1];
    double kx = 92700, ky = 110900, dx = (b.lon - a.lon) * kx, dy = (b.lat - a.lat) * ky;
    double px = (at.lon - a.lon) * kx, py = (at.lat - a.lat) * ky, len2 = dx * dx + dy * dy;
    double u = len2 > 0 ? CLAMP((px * dx + py * dy) / len2, 0, 1) : 0;
    best = MIN(best, hypot(px - u * dx, py - u * dy));
  }
  return best;
}

static void
test_vehicles_lie_on_their_line(Fixture *f, gconstpointer data)
{
  gint64 start = casa_sim_transit_on(f->transit, 0, f->thursday)->start_ms;
  guint seen = 0;
  for (guint l = 0; l < f->city->n_lines; l++) {
    for (guint v = 0; v < casa_sim_transit_line(f->transit, l)->fleet; v++) {
      for (gint64 t = start; t < start + DAY_MS; t += 17 * 60000) {
        CasaSimVehicle at;
        if (!casa_sim_transit_vehicle(f->transit, l, v, t, &at))
          continue;
        seen++;
        g_assert_cmpfloat(off_track_m(&f->city->lines[l], at.at), <, 50);
        g_assert_cmpfloat(at.occupancy_pct, >=, 0);
        g_assert_cmpfloat(at.occupancy_pct, <=, 100);
        g_assert_cmpfloat(at.speed_kmh, <, 70);
      }
    }
  }
  g_assert_cmpuint(seen, >, 4000);
}

/* Where a vehicle is and how fast it says it is going must tell the same story. */
static void
test_speed_is_the_change_of_place(Fixture *f, gconstpointer data)
{
  gint64 t0 = casa_sim_transit_on(f->transit, 0, f->thursday)->start_ms + 8 * 3600000;
  CasaSimVehicle a, b;
  guint compared = 0;
  for (guint i = 0; i < 1800; i++) {
    gint64 t = t0 + i * 2000;
    if (!casa_sim_transit_vehicle(f->transit, 0, 0, t, &a) || !casa_sim_transit_vehicle(f->transit, 0, 0, t + 200, &b))
      continue;
    double kmh = fabs(b.km - a.km) / 0.2 * 3600;
    g_assert_cmpfloat(fabs(kmh - (a.speed_kmh + b.speed_kmh) / 2), <, 3.5);
    compared++;
  }
  g_assert_cmpuint(compared, >, 1000);
}

static guint
in_service(Fixture *f, guint l, gint64 t)
{
  guint n = 0;
  CasaSimVehicle at;
  for (guint v = 0; v < casa_sim_transit_line(f->transit, l)->fleet; v++)
    n += casa_sim_transit_vehicle(f->transit, l, v, t, &at) ? 1 : 0;
  return n;
}

/* Vehicles in service = running time both ways, and rests, over the headway. */
static void
test_counts_follow_headway(Fixture *f, gconstpointer data)
{
  gint64 start = casa_sim_transit_on(f->transit, 0, f->thursday)->start_ms;
  for (guint l = 0; l < f->city->n_lines; l++) {
    const CasaSimLine *line = casa_sim_transit_line(f->transit, l);
    double run_min = line->sched_arrive[0][line->n_calls - 1] / 60000.0;
    double expected = 2 * (run_min + 5) / line->line->headway_peak_min;
    guint peak = in_service(f, l, start + (gint64)(18.9 * 3600000));
    g_assert_cmpfloat(peak, >=, expected * 0.75);
    g_assert_cmpfloat(peak, <=, expected * 1.25 + 1);
    g_assert_cmpuint(in_service(f, l, start + 11 * 3600000), <, peak);
    g_assert_cmpuint(in_service(f, l, start + 3 * 3600000), ==, 0);
  }
}

static void
test_no_passenger_is_lost(Fixture *f, gconstpointer data)
{
  for (guint l = 0; l < f->city->n_lines; l++) {
    const CasaSimTransitDay *day = casa_sim_transit_on(f->transit, l, f->thursday);
    const CasaSimLine *line = day->line;
    guint64 on = 0, off = 0;
    for (guint d = 0; d < 2; d++) {
      for (guint i = 0; i < day->n_trips[d]; i++) {
        guint load = 0;
        for (guint k = 0; k < line->n_calls; k++) {
          const CasaSimCall *c = &day->trips[d][i].calls[k];
          load = load + c->boarded - c->alighted;
          g_assert_cmpuint(load, ==, c->load);
          g_assert_cmpfloat(load, <=, line->capacity);
          on += c->boarded;
          off += c->alighted;
        }
        g_assert_cmpuint(load, ==, 0);
      }
    }
    g_assert_cmpuint(on, ==, off);
    g_assert_cmpfloat((double)on / line->riders_per_day, >, 0.85);
    g_assert_cmpfloat((double)on / line->riders_per_day, <, 1.1);
  }
}

static void
test_time_and_order_hold(Fixture *f, gconstpointer data)
{
  for (guint l = 0; l < f->city->n_lines; l++) {
    const CasaSimTransitDay *day = casa_sim_transit_on(f->transit, l, f->thursday);
    for (guint d = 0; d < 2; d++) {
      for (guint i = 0; i < day->n_trips[d]; i++) {
        const CasaSimTrip *t = &day->trips[d][i];
        for (guint k = 0; k < day->line->n_calls; k++) {
          g_assert_cmpint(t->calls[k].arrive, <=, t->calls[k].depart);
          if (k > 0)
            g_assert_cmpint(t->calls[k - 1].depart, <, t->calls[k].arrive);
          if (i > 0) /* none overtakes */
            g_assert_cmpint(t[-1].calls[k].depart, <, t->calls[k].depart);
        }
      }
    }
    for (guint v = 0; v < day->line->fleet; v++) { /* a vehicle leaves where it arrived, and not before */
      for (guint i = 1; i < day->by_vehicle[v]->len; i++) {
        const CasaSimTrip *a = g_ptr_array_index(day->by_vehicle[v], i - 1), *b = g_ptr_array_index(day->by_vehicle[v], i);
        g_assert_cmpuint(a->direction, ==, 1 - b->direction);
        g_assert_cmpint(a->calls[day->line->n_calls - 1].depart, <, b->calls[0].depart);
      }
    }
  }
}

/* Counters cover exactly the time between two reports: cut the day as you like, the sum is the same. */
static void
test_boardings_add_up(Fixture *f, gconstpointer data)
{
  gint64 start = casa_sim_transit_on(f->transit, 0, f->thursday)->start_ms;
  CasaSimStopUse use;
  casa_sim_transit_stop(f->transit, 0, 5, start, start + DAY_MS, &use);
  guint whole = use.boarded, sum = 0;
  for (gint64 t = start; t < start + DAY_MS; t += 450000) {
    casa_sim_transit_stop(f->transit, 0, 5, t, t + 450000, &use);
    sum += use.boarded;
  }
  g_assert_cmpuint(whole, >, 500);
  g_assert_cmpuint(sum, ==, whole);
}

static gint
by_value(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Median and tenth percentile of the delays of all vehicles between two hours. */
static void
delays(Fixture *f, double from_h, double to_h, double *tenth, double *median)
{
  gint64 start = casa_sim_transit_on(f->transit, 0, f->thursday)->start_ms;
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
  for (gint64 t = start + (gint64)(from_h * 3.6e6); t < start + (gint64)(to_h * 3.6e6); t += 120000) {
    for (guint l = 0; l < f->city->n_lines; l++) {
      CasaSimVehicle at;
      for (guint v = 0; v < casa_sim_transit_line(f->transit, l)->fleet; v++) {
        if (casa_sim_transit_vehicle(f->transit, l, v, t, &at))
          g_array_append_val(all, at.delay_s);
      }
    }
  }
  g_assert_cmpuint(all->len, >, 500);
  g_array_sort(all, by_value);
  *tenth = g_array_index(all, double, all->len / 10);
  *median = g_array_index(all, double, all->len / 2);
}

static void
test_delays_are_believable(Fixture *f, gconstpointer data)
{
  double calm_tenth, calm, busy_tenth, busy;
  delays(f, 10, 12, &calm_tenth, &calm);
  delays(f, 17, 19, &busy_tenth, &busy);
  g_assert_cmpfloat(calm, >, 5);
  g_assert_cmpfloat(calm, <, 90);
  g_assert_cmpfloat(busy, >, calm + 20);
  g_assert_cmpfloat(busy, <, 180);
  g_assert_cmpfloat(calm_tenth, >=, -10); /* nobody runs ahead of the timetable */
  g_assert_cmpfloat(busy_tenth, >=, -10);
}

/* A late vehicle finds more people, stands longer and gets later, the one behind it earlier: the gaps between vehicles,
 * even at the terminus, are uneven at the line's other end. */
static void
test_vehicles_bunch(Fixture *f, gconstpointer data)
{
  const CasaSimTransitDay *day = casa_sim_transit_on(f->transit, 0, f->thursday);
  guint third = day->line->n_calls / 3, n = 0, with_gap = 0, without = 0;
  double spread[3] = { 0, 0, 0 }, heavy = 0, light = 0;
  for (guint i = 1; i < day->n_trips[0]; i++) {
    const CasaSimTrip *t = &day->trips[0][i];
    if (t->sched_ms < 17 * 3600000 || t->sched_ms > 19 * 3600000)
      continue;
    for (guint s = 0; s < 3; s++) {
      guint k = s * third + third / 2;
      double gap = (t->calls[k].depart - (double)t[-1].calls[k].depart) / 1000 - 60 * day->line->line->headway_peak_min;
      spread[s] += gap * gap;
    }
    guint k = 2 * third;
    double gap = (t->calls[k].depart - (double)t[-1].calls[k].depart) / 1000;
    if (gap > 60 * day->line->line->headway_peak_min) {
      heavy += t->calls[k].load;
      with_gap++;
    } else {
      light += t->calls[k].load;
      without++;
    }
    n++;
  }
  g_assert_cmpuint(n, >, 15);
  g_assert_cmpfloat(spread[2], >, 2 * spread[0]);
  g_assert_cmpfloat(heavy / MAX(with_gap, 1), >, 1.1 * light / MAX(without, 1));
}

static void
test_busiest_stop(Fixture *f, gconstpointer data)
{
  const CasaSimTransitDay *day = casa_sim_transit_on(f->transit, 0, f->thursday);
  guint best = 0, best_k = 0;
  for (guint k = 0; k < day->line->n_calls; k++) {
    CasaSimStopUse use;
    casa_sim_transit_stop(f->transit, 0, k, day->start_ms, day->start_ms + DAY_MS, &use);
    if (use.boarded > best) {
      best = use.boarded;
      best_k = k;
    }
  }
  g_assert_nonnull(strstr(day->line->line->stops[best_k].id, "nations-unies"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/sim/transit/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("vehicles-lie-on-their-line", test_vehicles_lie_on_their_line);
  ADD("speed-is-the-change-of-place", test_speed_is_the_change_of_place);
  ADD("counts-follow-headway", test_counts_follow_headway);
  ADD("no-passenger-is-lost", test_no_passenger_is_lost);
  ADD("time-and-order-hold", test_time_and_order_hold);
  ADD("boardings-add-up", test_boardings_add_up);
  ADD("delays-are-believable", test_delays_are_believable);
  ADD("vehicles-bunch", test_vehicles_bunch);
  ADD("busiest-stop", test_busiest_stop);
  return g_test_run();
}
