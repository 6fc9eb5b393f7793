/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "store/store.h"

G_BEGIN_DECLS

/* How many series and stations each source has in the store, held against its quota before something new is stored. One
 * thread, the only one that stores readings, except where it says otherwise. */
typedef struct _CasaCensus CasaCensus;

typedef struct {
  char source[CASA_NAME_MAX + 1]; /* "": the store itself is full, whoever sends */
  guint64 refused;                /* values and stations that were new and too many, since start */
  guint limit;                    /* series that it may have */
} CasaSeriesTally;

/* Both must outlive it. */
CasaCensus *casa_census_new(const CasaConfig *config, CasaCatalogue *catalogue);
void casa_census_free(CasaCensus *self);

/* Takes those fields out of @reading whose series would be new and over its source's quota; they count as refused, with
 * their reason. FALSE: none is left, @why is filled. What is known already always stays. */
gboolean casa_census_admit(CasaCensus *self, CasaReading *reading, CasaReason *why);
/* The same for a station that a descriptor names: a source has no more stations than it may have series. */
gboolean casa_census_admit_station(CasaCensus *self, const CasaDescriptor *descriptor, CasaReason *why);
/* @n values that were admitted were refused by the store, which has all the series it may have. */
void casa_census_store_full(CasaCensus *self, guint n);

/* Who wanted more series than it may have, most refused first; returns how many were written to @out. Any thread. */
guint casa_census_read(CasaCensus *self, CasaSeriesTally *out, guint max);

G_END_DECLS
