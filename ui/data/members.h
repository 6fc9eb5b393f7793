/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "store/catalogue.h"

G_BEGIN_DECLS

/* Which series an indicator is made of: guint CasaSeriesInfo.id, rising. Empty for one that has no metric of its own.
 * @catalogue is safe from any thread, and so is this. (transfer full) */
GArray *casa_members_of(CasaCatalogue *catalogue, const CasaIndicators *set, const CasaIndicator *indicator);

/* Whether a series is one of @indicator's. */
gboolean casa_members_has(CasaCatalogue *catalogue, const CasaIndicators *set, const CasaIndicator *indicator,
                          const CasaSeriesInfo *series);

G_END_DECLS
