/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/block.h"

G_BEGIN_DECLS

/* Samples of one series that are in the journal and in no block yet, by time, each time once. The writer keeps one for
 * every series, and so does every reader. No lock of its own. Private to src/store. */
typedef struct {
  CasaSample *rows; /* ascending by t_ms */
  guint n, size;
} CasaTail;

/* A sample of the same time is replaced when it has a lower id. */
void casa_tail_put(CasaTail *self, const CasaSample *sample);
/* NULL: none of this time. */
const CasaSample *casa_tail_find(const CasaTail *self, gint64 t_ms);
/* First row not before @t_ms; n when there is none. */
guint casa_tail_at(const CasaTail *self, gint64 t_ms);
/* Lets rows with ids up to @id go. */
void casa_tail_drop(CasaTail *self, gint64 id);
void casa_tail_clear(CasaTail *self); /* Removes all rows, and frees their room */

G_END_DECLS
