/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "store/store.h"

G_BEGIN_DECLS

/* How many series and stations each source has in the store, held against its quota before something new is stored. One
 * thread, the only one that stores readings. */
typedef struct _CasaCensus CasaCensus;

/* Both must outlive it. */
CasaCensus *casa_census_new(const CasaConfig *config, CasaCatalogue *catalogue);
void casa_census_free(CasaCensus *self);

/* Takes those fields out of @reading whose series would be new and over its source's quota; they count as refused, with
 * their reason. FALSE: none is left, @why is filled. What is known already always stays. */
gboolean casa_census_admit(CasaCensus *self, CasaReading *reading, CasaReason *why);
/* The same for a station that a descriptor names: a source has no more stations than it may have series. */
gboolean casa_census_admit_station(CasaCensus *self, const CasaDescriptor *descriptor, CasaReason *why);

G_END_DECLS
