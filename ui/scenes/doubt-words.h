/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* How a doubtful sensor is told, in the language of the moment. All strings (transfer full). GTK thread only. */

/* What is wrong with it: "figé à 58 µg/m³ depuis 18:02"; with the day where it is long before @now_ms. */
char *casa_doubt_fault(const CasaDoubtfulSensor *sensor, gint64 now_ms);
/* With what it measures and where: "PM10 · Aïn Sebaâ : figé à 58 µg/m³ depuis 18:02 ; ses voisins bougent". */
char *casa_doubt_line(CasaModel *model, const CasaDoubtfulSensor *sensor);

G_END_DECLS
