/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/history-query.h"

G_BEGIN_DECLS

/* Answers kept so that the next one need only read what is new. What is old in them is found by the store
 * (casa_reader_columns); here they are only remembered, the last ones used. History worker only. */
typedef struct _CasaHistoryCache CasaHistoryCache;

CasaHistoryCache *casa_history_cache_new(void);       /* An empty one. (transfer full) */
void casa_history_cache_free(CasaHistoryCache *self); /* NULL is fine */

/* The answer that spares most of the reading of @query. (transfer none), NULL: none does. Valid until put. */
const CasaColumns *casa_history_cache_find(CasaHistoryCache *self, const CasaHistoryQuery *query);
/* Takes @columns, and gives it back as long as it is kept, which is until the next put at least. */
const CasaColumns *casa_history_cache_put(CasaHistoryCache *self, const CasaHistoryQuery *query, CasaColumns *columns);

G_END_DECLS
