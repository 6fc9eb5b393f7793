/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"

G_BEGIN_DECLS

/* The one station that the map speaks about: what just changed, else the one that a domain's figure comes from. */
typedef struct {
  CasaLonLat at;
  char *text; /* "Aïn Sebaâ : PM10 × 2 en 1 h" */
} CasaCallout;

/* A team's sensor that has just begun to report, else a station of a domain's field that rose by half within an hour, else
 * one that fell silent, else the one that the field's figure comes from. @field: what the stations on the map carry; of another
 * domain's nothing is said; NULL: nothing. Only live data speak: FALSE when there is nothing to say. */
gboolean casa_callout_read(CasaModel *model, const CasaIndicator *field, CasaCallout *out);
void casa_callout_clear(CasaCallout *self); /* Frees its text */

G_END_DECLS
