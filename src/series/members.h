/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "store/catalogue.h"

G_BEGIN_DECLS

/* Which of the first @n_series series of @catalogue an indicator is made of: guint CasaSeriesInfo.id, rising. Empty for one
 * that has no metric of its own. The catalogue grows meanwhile, in another thread: so the caller says how much of it it knows.
 * @catalogue is safe from any thread, and so is this. (transfer full) */
GArray *casa_members_of(CasaCatalogue *catalogue, guint n_series, const CasaIndicators *set, const CasaIndicator *indicator);

/* Whether a series is one of @indicator's. */
gboolean casa_members_has(CasaCatalogue *catalogue, const CasaIndicators *set, const CasaIndicator *indicator,
                          const CasaSeriesInfo *series);

/* How many values become one. Pure. Reorders @values. NAN: nothing there, or an indicator that is not made of values. */
double casa_members_fold(const CasaIndicator *indicator, double *values, guint n);

G_END_DECLS
