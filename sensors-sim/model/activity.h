/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "calendar.h"

G_BEGIN_DECLS

/* What Casablancais are doing at one moment, as shares of the busiest ordinary moment (about 0..1). Every domain model
 * starts from here: that is why the domains move together. Pure; any thread. */
typedef struct {
  double traffic;  /* demand for road trips; 1 = weekday 18:15 */
  double transit;  /* demand for tram and busway trips */
  double awake;    /* share of people awake */
  double home;     /* share of households awake at home */
  double settled;  /* of them, the part that cooks, lights and watches: all in the evening, some in the morning */
  double work;     /* offices, shops, services */
  double industry; /* factories and port; part of it never stops */
  double evening;  /* going out: cafés, sea front, malls */
  /* What takes electricity, as shares of the most there is of each. */
  double up;       /* households in which somebody is up: machines, water, some light */
  double watching; /* of them, those in for the evening: screens and lamps of every room */
  double cooking;  /* supper, and a quarter of it at noon */
  double open;     /* offices and shops that are open */
  double washing;  /* getting up, and before Friday's prayer: water, as a share of an ordinary morning's height */
} CasaSimActivity;

/* At @hour (0..24, local) of @day. */
void casa_sim_activity(const CasaSimDay *day, double hour, CasaSimActivity *out);

G_END_DECLS
