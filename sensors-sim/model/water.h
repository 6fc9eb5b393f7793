/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "energy.h"

G_BEGIN_DECLS

/* Drinking water: what each district takes by its people's day, what leaks, the pressure that is left, and two reservoirs
 * between the plants and the city. A pure function of time; caches: one thread (docs/SIMULATOR.md, "Water"). */
typedef struct _CasaSimWater CasaSimWater;

/* One district at one moment, without the meters' chance. */
typedef struct {
  double used_m3h;     /* taken by people, services and industry: less than wanted where the pressure is too low */
  double leak_m3h;     /* what always seeps away, and the leaks that come and are mended */
  double burst_m3h;    /* what a burst main lets out */
  double pressure_bar; /* where it is lowest in the district */
} CasaSimWaterUse;

/* A reservoir and what it feeds. Names are those of where the water comes from; places and sizes are assumed. */
typedef struct {
  const char *id, *name, *name_ar;
  CasaLonLat at;
} CasaSimReservoir;

/* The table; @n may be NULL. (transfer none) */
const CasaSimReservoir *casa_sim_reservoirs(guint *n);

/* @model and @grids (of casa_sim_grid_init(), for the districts' shares) outlive it. */
CasaSimWater *casa_sim_water_new(CasaSimModel *model, const CasaSimGrid *grids);
void casa_sim_water_free(CasaSimWater *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimWater, casa_sim_water_free)

/* District @i (the city's index) in @state with @events, both of @t_ms. */
void casa_sim_water_use(CasaSimWater *self, guint i, const CasaSimState *state, const GArray *events, gint64 t_ms,
                        CasaSimWaterUse *out);

/* Reservoir @i at @t_ms: its level, %, and what comes in from the plants and goes out to its districts, m³/h. What it gains is
 * what comes in less what goes out, in steps of ten minutes that know nothing later than their beginning. */
typedef struct {
  double level_pct, in_m3h, out_m3h;
  double size_m3; /* when full */
} CasaSimReservoirState;

/* Fills @out. */
void casa_sim_water_reservoir(CasaSimWater *self, guint i, gint64 t_ms, CasaSimReservoirState *out);

/* Mean flow of district @i from two to five in the last night that is over at @t_ms, as a percentage of its mean over the day
 * until that five o'clock. */
double casa_sim_water_night_pct(CasaSimWater *self, guint i, gint64 t_ms);

/* Reports of a `water-` and a `tank-` station; @i as above. */
void casa_sim_water_report_district(CasaSimWater *self, guint i, CasaSimReport *report);
void casa_sim_water_report_reservoir(CasaSimWater *self, guint i, CasaSimReport *report); /* `tank-` */

G_END_DECLS
