/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "state.h"

G_BEGIN_DECLS

/* What the mixed layer over one district holds. */
typedef struct {
  double nox, ox;      /* ppb: NO + NO2, and O3 + NO2: what the quick chemistry between the three leaves alone */
  double so2;          /* µg/m3 */
  double co;           /* mg/m3 */
  double fine, raised; /* µg/m3: PM2.5 of burning and what becomes of gases; coarse dust raised by wheels and works */
  double dust;         /* µg/m3 of desert dust */
} CasaSimBox;

/* NO, NO2 and O3, ppb, in the photostationary state. */
typedef struct {
  double no, no2, o3;
} CasaSimNitrogen;

/* A box model: one well-mixed box per district, in which traffic and industry of that district emit, which the wind
 * airs into its neighbours, whose lid is the mixing height, and on whose floor things settle (docs/SIMULATOR.md).
 * Played in steps of two minutes from a day before, so that it is a pure function of time; caches: one thread. */
typedef struct _CasaSimBoxModel CasaSimBoxModel;

/* @model outlives it. */
CasaSimBoxModel *casa_sim_box_model_new(CasaSimModel *model);
void casa_sim_box_model_free(CasaSimBoxModel *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimBoxModel, casa_sim_box_model_free)

/* Fills @out[n_districts] with the air at @t_ms. What events do is felt from the step after. */
void casa_sim_box_model_at(CasaSimBoxModel *self, gint64 t_ms, CasaSimBox *out);

/* Rate of NO2's photolysis over that of NO with ozone, ppb. */
double casa_sim_leighton_ppb(const CasaSimWeather *weather);

/* Splits @nox and @ox (ppb) for that ratio. */
void casa_sim_nitrogen(double nox, double ox, double leighton_ppb, CasaSimNitrogen *out);

/* µg/m3 per ppb at 25 °C and 1013.25 hPa, as config/metrics.conf. */
#define CASA_SIM_NO2_UG 1.880
#define CASA_SIM_O3_UG 1.962

G_END_DECLS
