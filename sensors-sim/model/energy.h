/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* One district's part of the city's electricity. Shares of the city's total; each sums to 1 over all districts. */
typedef struct {
  const char *district;             /* id, owned by the city */
  double homes, services, industry; /* of the demand of each */
  double roofs;                     /* of rooftop solar */
  double lamps;                     /* of street lights */
  double inland;                    /* 0 on the shore, 1 far from it */
  double dusk;                      /* its street lights come on with the sun this far below the horizon (sine) */
  double rated_mw;                  /* transformers: a little above the highest load */
} CasaSimGrid;

/* @grids: [city->n_districts]. */
void casa_sim_grid_init(CasaSimGrid *grids, const CasaCity *city);

/* What @scenario presumes of lamps and roofs; once, after that. */
void casa_sim_grid_presume(CasaSimGrid *grids, const CasaCity *city, const CasaSimScenario *scenario);

/* MW, without the sensor's chance. Demand is what is consumed (rooftop solar is not taken off). */
double casa_sim_grid_demand_mw(const CasaSimGrid *self, const CasaSimState *state);
double casa_sim_grid_solar_mw(const CasaSimGrid *self, const CasaSimState *state);    /* What its roofs feed in, MW */
double casa_sim_grid_lighting_mw(const CasaSimGrid *self, const CasaSimState *state); /* What its street lights take, MW */

/* What cuts among the @n districts do to the frequency of the grid, Hz: it rises when their load falls away, and falls
 * when it comes back, until secondary control has made up for it. */
double casa_sim_grid_swing_hz(const CasaSimGrid *grids, guint n, const CasaSimState *state, const GArray *events, gint64 t_ms);

/* Reports of `sub-`, `solar-`, `light-` stations of the district @self, and of an `ev-` hub. */
void casa_sim_grid_report_substation(const CasaSimGrid *self, CasaSimReport *report);
void casa_sim_grid_report_solar(const CasaSimGrid *self, CasaSimReport *report);    /* `solar-` */
void casa_sim_grid_report_lighting(const CasaSimGrid *self, CasaSimReport *report); /* `light-` */
void casa_sim_grid_report_charging(CasaSimReport *report, double size_kw);          /* `ev-`: a hub of @size_kw */

G_END_DECLS
