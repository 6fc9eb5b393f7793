/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/catalogue.h"
#include "store/columns.h"

G_BEGIN_DECLS

/* A question to the past, as a value: what, from when to when, how fine. Two equal values have equal answers, whoever asks.
 * history-service.h answers them. */

typedef struct {
  /* What. Either the series of these ids… */
  const guint *series;
  guint n_series;
  /* …or, with n_series 0, every series of @metric whose station fits all of these that are not NULL. @kind is what the station
   * says itself; of one that said nothing, the beginning of its id is taken for it (@prefix). They are looked up when the
   * question is answered, so that stations that appear later are in later answers. */
  const char *metric, *source, *domain, *kind, *prefix;
  CasaColumnFold fold; /* ONE: the first series, in the order of ids */
  double limit;        /* of CASA_COLUMNS_ABOVE and BELOW, in the metric's unit */
  double least_share;  /* 0 to 1: columns with fewer of the series are empty; 0.8 is what the wall's sums ask for */
  /* Which stretch, UTC ms; to exclusive. */
  gint64 from_ms, to_ms;
  /* How fine. */
  guint columns;  /* pixels across, 1 to CASA_COLUMNS_MOST */
  gint64 step_ms; /* columns are a multiple of this wide; 0: any. See CasaColumnQuery */
} CasaHistoryQuery;

/* Deep. (transfer full); casa_history_query_free() */
CasaHistoryQuery *casa_history_query_copy(const CasaHistoryQuery *self);
void casa_history_query_free(CasaHistoryQuery *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaHistoryQuery, casa_history_query_free)

gboolean casa_history_query_equal(const CasaHistoryQuery *a, const CasaHistoryQuery *b); /* Whether they ask the same */
/* The same but for where the stretch begins: what scrolling changes. */
gboolean casa_history_query_equal_but_time(const CasaHistoryQuery *a, const CasaHistoryQuery *b);

/* Ids of the series that it means, rising, each once (as they are listed when they are). Any thread.
 * (element-type guint) (transfer full) */
GArray *casa_history_query_series(const CasaHistoryQuery *self, CasaCatalogue *catalogue);

G_END_DECLS
