/* SPDX-License-Identifier: Apache-2.0 */
/* What cannot be made or lost: vehicles, passengers, megawatts, cars, bicycles. */
#include <math.h>
#include <string.h>

#include "model/energy.h"
#include "model/parking-bikes.h"
#include "town.h"

#define THURSDAY 20594 /* 2026-05-21 */

static void
set_up(Town *t, gconstpointer data)
{
  town_load(t);
  town_build(t, 3, 0);
}

static void
tear_down(Town *t, gconstpointer data)
{
  town_free(t);
}

/* A vehicle comes into service and goes out of it at a terminus only, and between two moments it moves no further than
 * it can drive. */
static void
test_no_vehicle_appears_in_mid_line(Town *t, gconstpointer data)
{
  CasaSimTransit *transit = casa_sim_world_transit(t->world);
  gint64 start = casa_sim_transit_on(transit, 0, THURSDAY)->start_ms;
  guint comings = 0;
  for (guint l = 0; l < t->city->n_lines; l++) {
    const CasaSimLine *line = casa_sim_transit_line(transit, l);
    double a = line->line->stops[0].km, b = line->line->stops[line->n_calls - 1].km;
    for (guint v = 0; v < line->fleet; v++) {
      gboolean was_there = FALSE;
      CasaSimVehicle was = { 0 };
      for (gint64 at = start; at < start + TOWN_DAY_MS + 2 * TOWN_HOUR_MS; at += 20000) {
        CasaSimVehicle now;
        gboolean there = casa_sim_transit_vehicle(transit, l, v, at, &now);
        double km = there ? now.km : was.km;
        if (there && was_there)
          g_assert_cmpfloat(fabs(now.km - was.km), <, 20 / 3600.0 * 75);
        else if (there != was_there) {
          g_assert_cmpfloat(MIN(fabs(km - a), fabs(km - b)), <, 0.25);
          comings++;
        }
        was_there = there;
        was = now;
      }
      g_assert_false(was_there); /* all are back in the depot */
    }
  }
  g_assert_cmpuint(comings, >, 2 * 60);
}

/* Passengers that have got on and off at the stops of @day up to @at. */
static void
exchanged(const CasaSimTransitDay *day, gint64 at, double *on, double *off)
{
  for (guint d = 0; d < 2; d++) {
    for (guint i = 0; i < day->n_trips[d]; i++) {
      for (guint k = 0; k < day->line->n_calls; k++) {
        const CasaSimCall *c = &day->trips[d][i].calls[k];
        if (day->start_ms + c->arrive <= at) {
          *on += c->boarded;
          *off += c->alighted;
        }
      }
    }
  }
}

/* At any moment those on board are those who got on and not yet off; at the end of the day nobody is. */
static void
test_passengers_on_board(Town *t, gconstpointer data)
{
  CasaSimTransit *transit = casa_sim_world_transit(t->world);
  for (guint l = 0; l < t->city->n_lines; l++) {
    const CasaSimTransitDay *day = casa_sim_transit_on(transit, l, THURSDAY);
    double on = 0, off = 0;
    for (gint64 at = day->start_ms + 5 * TOWN_HOUR_MS + 1; at < day->start_ms + TOWN_DAY_MS; at += 67 * TOWN_MINUTE_MS) {
      double aboard = 0;
      on = off = 0;
      exchanged(day, at, &on, &off);
      for (guint v = 0; v < day->line->fleet; v++) {
        CasaSimVehicle now;
        if (casa_sim_transit_vehicle(transit, l, v, at, &now))
          aboard += now.occupancy_pct / 100 * day->line->capacity;
      }
      g_assert_cmpfloat_with_epsilon(aboard, on - off, 1e-6);
    }
    on = off = 0;
    exchanged(day, day->start_ms + 2 * TOWN_DAY_MS, &on, &off);
    g_assert_cmpfloat(on, ==, off);
    g_assert_cmpfloat(on, >, 10000);
  }
}

/* What the stops publish over a day is what the vehicles took. */
static void
test_stops_publish_every_boarding(Town *t, gconstpointer data)
{
  CasaSimTransit *transit = casa_sim_world_transit(t->world);
  const CasaSimTransitDay *day = casa_sim_transit_on(transit, 1, THURSDAY);
  double on = 0, off = 0, published = 0;
  gint64 end = day->start_ms + TOWN_DAY_MS + 3 * TOWN_HOUR_MS;
  exchanged(day, end, &on, &off);
  for (gint64 at = day->start_ms + 4 * TOWN_HOUR_MS; at < end; at += TOWN_HOUR_MS) {
    for (guint k = 0; k < day->line->n_calls; k++) {
      CasaSimStopUse use;
      casa_sim_transit_stop(transit, 1, k, at, at + TOWN_HOUR_MS, &use);
      published += use.boarded;
    }
  }
  g_assert_cmpfloat(published, ==, on);
}

/* The districts' shares are the whole city, and what they publish is what they consume, but for the meters' chance. */
static void
test_districts_are_the_city(Town *t, gconstpointer data)
{
  g_autofree CasaSimGrid *grids = g_new0(CasaSimGrid, t->city->n_districts);
  double homes = 0, services = 0, industry = 0, roofs = 0, lamps = 0;
  casa_sim_grid_init(grids, t->city);
  for (guint i = 0; i < t->city->n_districts; i++) {
    homes += grids[i].homes;
    services += grids[i].services;
    industry += grids[i].industry;
    roofs += grids[i].roofs;
    lamps += grids[i].lamps;
  }
  g_assert_cmpfloat_with_epsilon(homes, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(services, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(industry, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(roofs, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(lamps, 1, 1e-12);
  for (guint h = 0; h < 24; h += 3) {
    gint64 at = town_utc(2026, 5, 21, h);
    CasaSimState state;
    double demand = 0, sun = 0;
    casa_sim_model_at(t->model, at, &state);
    for (guint i = 0; i < t->city->n_districts; i++) {
      demand += casa_sim_grid_demand_mw(&grids[i], &state);
      sun += casa_sim_grid_solar_mw(&grids[i], &state);
    }
    g_assert_cmpfloat_with_epsilon(town_sum(t, "sub-", "load_mw", at) / demand, 1, 0.03);
    g_assert_cmpfloat_with_epsilon(town_sum(t, "solar-", "solar_mw", at), sun, 0.15 * sun + 0.01);
  }
}

/* More load, less voltage and frequency. */
static void
test_grid_answers_to_load(Town *t, gconstpointer data)
{
  double night = 0, evening = 0, calm = 0, busy = 0;
  for (guint day = 18; day < 23; day++) {
    gint64 trough = town_utc(2026, 5, day, 3), peak = town_utc(2026, 5, day, 20);
    night += town_mean(t, "sub-", "voltage_v", trough) / 5;
    evening += town_mean(t, "sub-", "voltage_v", peak) / 5;
    for (guint m = 0; m < 12; m++) {
      calm += town_mean(t, "sub-", "frequency_hz", trough + m * 5 * TOWN_MINUTE_MS) / 60;
      busy += town_mean(t, "sub-", "frequency_hz", peak + m * 5 * TOWN_MINUTE_MS) / 60;
    }
  }
  g_assert_cmpfloat(evening, <, night - 2);
  g_assert_cmpfloat(busy, <, calm - 0.003);
  g_assert_cmpfloat_with_epsilon(calm, 50, 0.03);
}

/* A cut takes its load off the country's grid: the frequency rises by what 27 GW/Hz make of it, and falls back. */
static void
test_cut_swings_the_frequency(Town *t, gconstpointer data)
{
  Town usual;
  CasaSimEvent e;
  g_autoptr(GError) error = NULL;
  gint64 start = town_utc(2026, 5, 21, 19), at = start + 2 * TOWN_MINUTE_MS;
  town_load(&usual);
  town_build(&usual, 3, 0);
  casa_sim_event_init(&e, CASA_SIM_POWER_CUT, 1, 60, 3, "hay-hassani");
  e.start_ms = start;
  g_assert_true(casa_sim_event_settle(&e, t->city, &error));
  casa_sim_model_add_event(t->model, &e);
  double lost = town_value(&usual, "sub-hay-hassani", "load_mw", at);
  double swing = town_value(t, "sub-anfa", "frequency_hz", at) - town_value(&usual, "sub-anfa", "frequency_hz", at);
  g_assert_cmpfloat_with_epsilon(swing, lost / 27000, 0.0015);
  double later = town_value(t, "sub-anfa", "frequency_hz", start + 40 * TOWN_MINUTE_MS);
  g_assert_cmpfloat_with_epsilon(later, town_value(&usual, "sub-anfa", "frequency_hz", start + 40 * TOWN_MINUTE_MS), 0.0011);
  town_free(&usual);
}

/* Cars come and go through the gate: what is taken changes by no more than that lets through. */
static void
test_car_parks_fill_through_their_gates(Town *t, gconstpointer data)
{
  guint n;
  const CasaSimFacility *parks = casa_sim_parkings(&n);
  for (guint i = 0; i < n; i++) {
    double before = NAN, most = 0, least = 1e9;
    for (gint64 at = town_utc(2026, 5, 20, 23); at < town_utc(2026, 5, 21, 23); at += 5 * TOWN_MINUTE_MS) {
      double taken = parks[i].size - town_value(t, parks[i].id, "parking_free", at);
      g_assert_true(taken >= 0 && taken <= parks[i].size);
      if (!isnan(before))
        g_assert_cmpfloat(fabs(taken - before), <, 900 / 12.0); /* two lanes at 450 cars an hour */
      before = taken;
      most = MAX(most, taken);
      least = MIN(least, taken);
    }
    g_assert_cmpfloat(most - least, >, 0.3 * parks[i].size); /* and it lives */
  }
}

static void
test_bicycles_are_always_as_many(Town *t, gconstpointer data)
{
  guint n;
  const CasaSimFacility *docks = casa_sim_bikes(&n);
  double fewest = 1e9, most = 0;
  for (gint64 at = town_utc(2026, 5, 20, 23); at < town_utc(2026, 5, 22, 23); at += 7 * TOWN_MINUTE_MS) {
    CasaSimState state;
    CasaSimReport r = { .model = t->model, .state = &state, .events = casa_sim_model_events(t->model, at), .t_ms = at };
    casa_sim_model_at(t->model, at, &state);
    double docked = 0;
    for (guint i = 0; i < n; i++) {
      double here = town_value(t, docks[i].id, "bikes_free", at);
      g_assert_true(here >= 0 && here <= docks[i].size);
      docked += here;
    }
    g_assert_cmpfloat(docked + casa_sim_bikes_ridden(&r), ==, CASA_SIM_BIKE_FLEET);
    fewest = MIN(fewest, docked);
    most = MAX(most, docked);
  }
  g_assert_cmpfloat(most - fewest, >=, 4); /* some are ridden */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/sim/conserve/" name, Town, NULL, set_up, func, tear_down)
  ADD("no-vehicle-appears-in-mid-line", test_no_vehicle_appears_in_mid_line);
  ADD("passengers-on-board", test_passengers_on_board);
  ADD("stops-publish-every-boarding", test_stops_publish_every_boarding);
  ADD("districts-are-the-city", test_districts_are_the_city);
  ADD("grid-answers-to-load", test_grid_answers_to_load);
  ADD("cut-swings-the-frequency", test_cut_swings_the_frequency);
  ADD("car-parks-fill-through-their-gates", test_car_parks_fill_through_their_gates);
  ADD("bicycles-are-always-as-many", test_bicycles_are_always_as_many);
  return g_test_run();
}
