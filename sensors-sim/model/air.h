/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* What a place's air is made of: the box of its district, and what stands beside the inlet. */
typedef struct {
  guint box;     /* district index */
  double street; /* of the box's own exhaust: 1 an ordinary site, less at the edge of town */
  double kerb;   /* exhaust that comes straight from the street: 0 in a yard, 1 at a busy kerb */
  double dust;   /* bare ground, works, resuspension: 1 at an ordinary urban site */
  double inland;
  double plume;            /* what reaches it of the Aïn Sebaâ stacks when the wind blows straight here */
  double near;             /* what reaches it of them with any wind, next door */
  double plume_u, plume_v; /* unit vector from the stacks to the site: east, north */
  double road_db;          /* dBA at full traffic */
} CasaSimSite;

typedef struct {
  double pm10, pm2_5, no2, o3, so2; /* µg/m3 */
  double co;                        /* mg/m3 */
  double temp_c, rh_pct, noise_dba;
} CasaSimAir;

/* @category as in the city's places ("industrial", "urban traffic", …), or NULL. Outside the city the nearest district's
 * box counts. */
void casa_sim_site_init(CasaSimSite *self, const CasaCity *city, CasaLonLat at, const char *category);

/* Air at the report's station and moment, before the sensor. Pure. */
void casa_sim_site_air(const CasaSimSite *self, const CasaSimReport *report, CasaSimAir *out);

/* Reports of an `air-` station, of a small sensor (PM, temperature, noise), and of a `wx-` station. */
void casa_sim_site_report(const CasaSimSite *self, CasaSimReport *report);
void casa_sim_site_report_micro(const CasaSimSite *self, CasaSimReport *report);   /* Of a small sensor */
void casa_sim_site_report_weather(const CasaSimSite *self, CasaSimReport *report); /* Of a `wx-` station */

G_END_DECLS
