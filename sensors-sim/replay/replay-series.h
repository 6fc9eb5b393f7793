/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"

G_BEGIN_DECLS

/* Names that tell both where and what was measured: "Maârif PM10", "temperature {station=\"roof\"}", "sensor.roof_humidity". */
typedef struct {
  char *station;           /* "" when nothing is left for it, or only the name of a sensor's chip */
  const CasaMetric *known; /* NULL: no metric of metrics.conf stands at either end */
} CasaSimSeriesName;

/* Takes @text apart; clear what it gives. A statistic ("min", "mean") is no station: then nothing is known. Pure. */
CasaSimSeriesName casa_sim_series_split(const CasaMetrics *metrics, const char *text);
void casa_sim_series_clear(CasaSimSeriesName *self); /* Frees its texts */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CasaSimSeriesName, casa_sim_series_clear)

G_END_DECLS
