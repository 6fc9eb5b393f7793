/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* What a place's air is made of: the strength of the sources around it, each 1 at an ordinary urban site. */
typedef struct {
  double traffic;  /* exhaust near the inlet */
  double industry; /* factories near by, whatever the wind */
  double dust;     /* bare ground, works, resuspension */
  double inland;
  double plume;    /* what reaches it of the Aïn Sebaâ stacks when the wind blows straight here */
  double near;     /* what reaches it of them with any wind, next door */
  double plume_u, plume_v; /* unit vector from the stacks to the site: east, north */
  double road_db;  /* dBA at full traffic */
} CasaSimSite;

typedef struct {
  double pm10, pm2_5, no2, o3, so2; /* µg/m3 */
  double co;                        /* mg/m3 */
  double temp_c, rh_pct, noise_dba;
} CasaSimAir;

/* @category as in the city's places ("industrial", "urban traffic", …); @district may be NULL. */
void casa_sim_site_init(CasaSimSite *self, CasaLonLat at, const char *category, const char *district);

/* What events near the site add to its traffic, as a share of the busiest hour's: now, and what the air remembers. */
typedef struct {
  double now, lately;
} CasaSimCrowd;

/* Air at the site, with the chance of its own surroundings (@stream). Pure. */
void casa_sim_site_air(const CasaSimSite *self, const CasaSimState *state, const CasaSimCrowd *crowd, guint64 stream,
                       gint64 t_ms, CasaSimAir *out);

/* Reports of an `air-` station, of a small sensor (PM, temperature, noise), and of a `wx-` station. */
void casa_sim_site_report(const CasaSimSite *self, CasaSimReport *report);
void casa_sim_site_report_micro(const CasaSimSite *self, CasaSimReport *report);
void casa_sim_site_report_weather(const CasaSimSite *self, CasaSimReport *report);

G_END_DECLS
