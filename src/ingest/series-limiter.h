/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "store/store.h"
#include "wire/decoded.h"

G_BEGIN_DECLS

/* How many series and stations each source has in the store, held against its quota before something new is stored. One
 * thread, the only one that stores readings, except where it says otherwise. */
typedef struct _CasaSeriesLimiter CasaSeriesLimiter;

typedef struct {
  char source[CASA_NAME_MAX + 1]; /* "": the store itself is full, whoever sends */
  guint64 refused;                /* values and stations that were new and too many, since start */
  guint limit;                    /* series that it may have */
} CasaSeriesTally;

/* Both must outlive it. */
CasaSeriesLimiter *casa_series_limiter_new(const CasaConfig *config, CasaCatalogue *catalogue);
void casa_series_limiter_free(CasaSeriesLimiter *self); /* NULL is fine */

/* Takes those fields out of the readings of @decoded, which are all @source's, whose series would be new and over its quota;
 * they count as refused, with their reason. What is known already always stays. */
void casa_series_limiter_admit(CasaSeriesLimiter *self, const char *source, CasaDecoded *decoded);
/* The same for a station that a descriptor names: a source has no more stations than it may have series. */
gboolean casa_series_limiter_admit_station(CasaSeriesLimiter *self, const CasaDescriptor *descriptor, CasaReason *why);
/* @n values that were admitted were refused by the store, which has all the series it may have. */
void casa_series_limiter_store_full(CasaSeriesLimiter *self, guint n);

/* Who wanted more series than it may have, most refused first; returns how many were written to @out. Any thread. */
guint casa_series_limiter_read(CasaSeriesLimiter *self, CasaSeriesTally *out, guint max);

G_END_DECLS
