/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "analysis/city-indicators.h"

G_BEGIN_DECLS

/* How the city stands beside its yardsticks: worked out on a thread of its own, with a read-only connection of its own, only
 * while somebody wants it, once a minute. All functions: from the thread that made it. */
typedef struct _CasaGovernance CasaGovernance;

/* What was found. (transfer none: lives until the next casa_governance_want()) */
typedef struct {
  GPtrArray *findings; /* CasaFinding, in the order of the file; NULL: nothing is known yet, or @fault */
  char *fault;         /* why there is none, in English; NULL: nothing is wrong */
  guint revision;      /* another one whenever any of it changes; 0: nothing yet */
} CasaGovernanceView;

/* @path of the store, @dir of the configuration: copied; NULL: there is never anything. @city outlives it. */
CasaGovernance *casa_governance_new(const char *path, const char *dir, const CasaCity *city);
void casa_governance_free(CasaGovernance *self); /* NULL is fine; waits for its thread */

/* Somebody looks on: takes what the thread has found, and asks again where that is a minute old, or later than @now_ms. */
const CasaGovernanceView *casa_governance_want(CasaGovernance *self, gint64 now_ms);

G_END_DECLS
