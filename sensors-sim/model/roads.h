/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* Speed and flow of one road axis by Greenshields' fundamental diagram (1935): v = vf (1 - k/kj), q = k v. */
typedef struct {
  double free_kmh; /* door-to-door speed on an empty road, signals always green */
  double lanes;    /* both directions together */
  double pull;     /* how much of the city's demand it draws: 1 = an average axis */
} CasaSimAxis;

typedef struct {
  double density; /* k/kj, signals and parking included */
  double speed_kmh, flow_vph;
} CasaSimRoadUse;

/* What is presumed of a road from its class and district. */
void casa_sim_axis_init(CasaSimAxis *self, const CasaRoad *road);

/* @demand: CasaSimActivity.traffic, with this road's own chance in it. Pure. */
void casa_sim_axis_use(const CasaSimAxis *self, double demand, CasaSimRoadUse *out);

/* How crowded a district's streets are beside the city's mean: 1.5 in the centre, 0.75 at the edge. NULL: outside. */
double casa_sim_district_pull(const char *district);

/* Report of a `road-` station; @axis is that road's. */
void casa_sim_axis_report(const CasaSimAxis *axis, CasaSimReport *report);

G_END_DECLS
