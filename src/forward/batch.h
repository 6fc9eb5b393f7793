/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/store.h"

G_BEGIN_DECLS

/* One batch of outbox rows, made ready for line protocol: rows of the same station and time stand together and become
 * one line, groups keep the order of their first arrival, and of several values for the same series and time the last
 * stays. One thread at a time; memory is reused from batch to batch. */
typedef struct _CasaBatch CasaBatch;

typedef struct {
  const CasaStation *station; /* casa_catalogue_identity(): a batch may wait for hours */
  const char *metric;
  guint series;
  guint group;  /* items of one line share it */
  guint order;  /* of arrival */
  guint weight; /* outbox rows it stands for: 1, more when it replaced earlier ones */
  gint64 id, t_ms;
  double value;
} CasaBatchItem;

CasaBatch *casa_batch_new(void);       /* An empty one. (transfer full) */
void casa_batch_free(CasaBatch *self); /* NULL is fine */

/* Replaces the content by the first rows of @rows, up to one whose series @catalogue does not know yet (the writer is
 * about to add it). Returns how many rows were taken. */
guint casa_batch_load(CasaBatch *self, CasaCatalogue *catalogue, const CasaOutboxRow *rows, guint n);

guint casa_batch_n_items(CasaBatch *self);                      /* Values that lines can carry */
const CasaBatchItem *casa_batch_item(CasaBatch *self, guint i); /* valid until the next load */
/* Sum of the weights of items [@lo, @hi). */
guint casa_batch_weight(CasaBatch *self, guint lo, guint hi);

/* Items that no line can carry (CasaLineField rules); they are not among the others. */
guint casa_batch_n_unwritable(CasaBatch *self);
const CasaBatchItem *casa_batch_unwritable(CasaBatch *self, guint i); /* Valid until the next load */

/* Replaces @out by the lines of items [@lo, @hi). */
void casa_batch_encode(CasaBatch *self, guint lo, guint hi, GString *out);
/* Where to cut [@lo, @hi) in two to find a bad line: between lines while there are several, then between fields.
 * Needs hi - lo >= 2; the result lies strictly between. */
guint casa_batch_middle(CasaBatch *self, guint lo, guint hi);

G_END_DECLS
