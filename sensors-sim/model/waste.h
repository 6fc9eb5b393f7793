/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "energy.h"

G_BEGIN_DECLS

/* Household waste: containers in every district fill by what people do, and trucks empty them on their rounds. Where containers
 * stand, how large they are and when the trucks come is assumed. A pure function of time; caches: one thread
 * (docs/SIMULATOR.md, "Waste"). */
typedef struct _CasaSimWaste CasaSimWaste;

#define CASA_SIM_CONTAINERS 4 /* in each district */

/* @model and @grids (of casa_sim_grid_init(), for the districts' shares) outlive it. */
CasaSimWaste *casa_sim_waste_new(CasaSimModel *model, const CasaSimGrid *grids);
void casa_sim_waste_free(CasaSimWaste *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimWaste, casa_sim_waste_free)

/* When a truck last emptied container @k of district @i (the city's index), at @t_ms or before. */
gint64 casa_sim_waste_emptied_ms(CasaSimWaste *self, guint i, guint k, gint64 t_ms);

/* How full that container is, %: above 100 it is heaped, and 180 at most; without the sensor's chance. */
double casa_sim_waste_fill(CasaSimWaste *self, guint i, guint k, gint64 t_ms);

/* Report of a `bin-` station: container @k of district @i. */
void casa_sim_waste_report(CasaSimWaste *self, guint i, guint k, CasaSimReport *report);

G_END_DECLS
