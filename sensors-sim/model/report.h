/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "box-model.h"
#include "events/faults.h"
#include "state.h"

G_BEGIN_DECLS

typedef enum {
  CASA_SIM_VEHICLE,
  CASA_SIM_STOP,
  CASA_SIM_ROAD,
  CASA_SIM_PARKING,
  CASA_SIM_BIKES,
  CASA_SIM_SUBSTATION,
  CASA_SIM_SOLAR,
  CASA_SIM_LIGHTING,
  CASA_SIM_CHARGING,
  CASA_SIM_AIR,
  CASA_SIM_AIR_MICRO, /* made up beyond the catalogue, for load (--stations) */
  CASA_SIM_WEATHER_STATION,
  CASA_SIM_WATER, /* a district's meter */
  CASA_SIM_RESERVOIR,
  CASA_SIM_CONTAINER, /* of household waste */
  CASA_SIM_REPORTS,   /* counts of what citizens of a district report */
  CASA_SIM_N_KINDS
} CasaSimKind;

/* A publishing station. Immutable; owned by the world. */
typedef struct {
  CasaSimKind kind;
  char *id, *topic;     /* "air-wilaya", "casa/v1/city/air/air-wilaya" */
  char *name, *name_ar; /* name_ar may be NULL */
  CasaLonLat at;
  const char *district; /* id, or NULL outside the city */
  guint a, b;           /* what the kind counts by: line and vehicle, line and stop, or an index into its table */
  guint64 stream;       /* its own chance */
} CasaSimStation;

/* A report being written. */
typedef struct {
  CasaSimModel *model;
  const CasaSimState *state; /* at t_ms */
  const CasaSimStation *station;
  const GArray *events;    /* at t_ms */
  const CasaSimBox *boxes; /* air over each district at t_ms, by the city's index */
  double leighton_ppb;     /* of that moment's light: casa_sim_leighton_ppb() */
  gint64 since_ms, t_ms;   /* counters cover (since, t] */
  GString *out;            /* the payload */
  guint faults;            /* CasaSimFault bits: what its sensors do to the values */
  guint n;                 /* values so far */
} CasaSimReport;

/* Adds one value at the sensor's resolution (@decimals); values are held within [@min, @max]. */
void casa_sim_report_add(CasaSimReport *self, const char *metric, double value, double min, double max, guint decimals);

G_END_DECLS
