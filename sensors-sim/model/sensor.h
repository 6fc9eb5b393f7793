/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "report.h"

G_BEGIN_DECLS

/* What a sensor makes of the true value: resolution, noise, drift, outliers. Pure: a function of (faults, station, metric,
 * value, time). Metrics and kinds without an entry in the table of sensors are told as they are. */
double casa_sim_sensor_read(guint faults, const CasaSimStation *station, const char *metric, double value, double min,
                            double max, gint64 t_ms);

/* Which faults the station's make allows. */
CasaSimMakeup casa_sim_sensor_makeup(CasaSimKind kind);

/* Smallest step of @metric's sensor at stations of @kind; 0 = it has no entry. */
double casa_sim_sensor_resolution(CasaSimKind kind, const char *metric);

G_END_DECLS
