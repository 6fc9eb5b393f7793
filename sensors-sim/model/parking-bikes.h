/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* Car parks, shared bicycles and charging points. Casablanca publishes none of these: places, sizes and use are this
 * project's assumptions, so that the wall can show what such sensors would tell. */
typedef struct {
  const char *id, *name, *name_ar;
  CasaLonLat at;
  double size;            /* spaces, docks, kW */
  double office, evening; /* who comes: shares of the size filled at the height of the working day, of the evening */
} CasaSimFacility;

/* The tables; @n may be NULL. */
const CasaSimFacility *casa_sim_parkings(guint *n);
const CasaSimFacility *casa_sim_bikes(guint *n);    /* Docks of shared bicycles */
const CasaSimFacility *casa_sim_chargers(guint *n); /* Charging hubs */

/* Shared bicycles there are, in docks or on the way. */
#define CASA_SIM_BIKE_FLEET 72

/* Of them, those that are being ridden at the report's moment. */
double casa_sim_bikes_ridden(const CasaSimReport *report);

/* Reports for a `park-` and a `bike-` station; @self is of casa_sim_parkings(), of casa_sim_bikes(). */
void casa_sim_parking_report(const CasaSimFacility *self, CasaSimReport *report);
void casa_sim_bikes_report(const CasaSimFacility *self, CasaSimReport *report); /* `bike-` */

G_END_DECLS
