/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "model/report.h"
#include "model/transit.h"

G_BEGIN_DECLS

/* Who there is: fills an array of CasaSimStation (element-free function set) in a fixed order: vehicles, stops, roads,
 * car parks and bikes, districts' energy, air, weather, water, waste,
 * reports. @n_stations as in casa_sim_world_new(). (transfer full) */
GArray *casa_sim_catalogue_new(CasaSimModel *model, const CasaSimTransit *transit, const char *root, guint n_stations);

/* As the topic and the descriptor of its stations say it, and how often they report. */
typedef struct {
  const char *kind, *domain;
  gint64 interval_ms;
} CasaSimKindInfo;

/* @kind below CASA_SIM_N_KINDS. (transfer none) */
const CasaSimKindInfo *casa_sim_kind_info(CasaSimKind kind);

G_END_DECLS
