/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"
#include "transit-day.h"

G_BEGIN_DECLS

/* Trams and busways of the whole network, at any moment. Keeps the service days it played lately: one thread. */
typedef struct _CasaSimTransit CasaSimTransit;

/* @model outlives it. */
CasaSimTransit *casa_sim_transit_new(CasaSimModel *model);
void casa_sim_transit_free(CasaSimTransit *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimTransit, casa_sim_transit_free)

/* @line: its index in the city. (transfer none) */
const CasaSimLine *casa_sim_transit_line(const CasaSimTransit *self, guint line);

/* The service day @day_number of @line; valid until four later or earlier days were asked for. */
const CasaSimTransitDay *casa_sim_transit_on(CasaSimTransit *self, guint line, gint64 day_number);

typedef struct {
  CasaLonLat at;
  double km; /* along the track from terminus A */
  double speed_kmh, occupancy_pct, delay_s;
  double headway_s; /* behind the vehicle ahead at the last stop; negative = unknown */
} CasaSimVehicle;

/* FALSE when @vehicle (0-based) is not in service at @t_ms. */
gboolean casa_sim_transit_vehicle(CasaSimTransit *self, guint line, guint vehicle, gint64 t_ms, CasaSimVehicle *out);

typedef struct {
  guint boarded;    /* in (since, t], both directions */
  double headway_s; /* between the last two departures of the direction served last; negative = none lately */
} CasaSimStopUse;

/* @stop: its position from terminus A. */
void casa_sim_transit_stop(CasaSimTransit *self, guint line, guint stop, gint64 since_ms, gint64 t_ms, CasaSimStopUse *out);

/* Reports for a `veh-` and a `stop-` station. */
void casa_sim_transit_report_vehicle(CasaSimTransit *self, CasaSimReport *report);
void casa_sim_transit_report_stop(CasaSimTransit *self, CasaSimReport *report); /* `stop-` */

G_END_DECLS
