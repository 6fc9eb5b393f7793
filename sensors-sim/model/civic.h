/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* What citizens report, and what becomes of it: counts alone, nobody's words. A pure function of time; caches: one thread
 * (docs/SIMULATOR.md, "Citizens' reports"). */
typedef struct _CasaSimCivic CasaSimCivic;

typedef enum {
  CASA_SIM_CLEANLINESS,
  CASA_SIM_LAMPS,
  CASA_SIM_STREETS,
  CASA_SIM_SEWERS, /* and water */
  CASA_SIM_ELSE,
  CASA_SIM_N_SERVICES
} CasaSimService;

/* What the city does with a report. Closed is not fixed: its file is shut, and nothing was mended. */
typedef enum {
  CASA_SIM_OPEN,
  CASA_SIM_INVESTIGATING,
  CASA_SIM_SCHEDULED,
  CASA_SIM_FIXED,
  CASA_SIM_CLOSED,
  CASA_SIM_N_STATES
} CasaSimReportState;

/* Reports of one district in the last seven days, by what they are about and how they stand. */
typedef struct {
  guint count[CASA_SIM_N_SERVICES][CASA_SIM_N_STATES];
  guint today; /* of them, those of the last 24 hours */
} CasaSimReports;

/* @model outlives it. */
CasaSimCivic *casa_sim_civic_new(CasaSimModel *model);
void casa_sim_civic_free(CasaSimCivic *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimCivic, casa_sim_civic_free)

/* Fills @out for district @i (the city's index) at @t_ms. */
void casa_sim_civic_count(CasaSimCivic *self, guint i, gint64 t_ms, CasaSimReports *out);

/* Report of a `reports-` station: district @i. */
void casa_sim_civic_report(CasaSimCivic *self, guint i, CasaSimReport *report);

G_END_DECLS
