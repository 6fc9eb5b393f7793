/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/columns.h"
#include "store/reader-private.h"
#include "store/reader-private.h"

G_BEGIN_DECLS

/* One series read into columns. Private to src/store; inside a snapshot (reader-private.h). */

/* A column that is being filled. n 0: nothing yet. */
typedef struct {
  double min, max, sum, first, last;
  guint n;
} CasaColumnSum;

/* Columns that follow one another: @n of @width_ms from @from_ms on. */
typedef struct {
  gint64 from_ms, width_ms;
  guint n;
} CasaColumnGrid;

/* Reads series @row into @sums[grid->n], which are cleared first. @grain_ms 0, CASA_HOUR_MS or CASA_QUARTER_MS, which divides
 * grid->width_ms and grid->from_ms. *@out_last: newest time read, G_MININT64 when there was nothing. FALSE: SQLite said no, or
 * @cancelled. */
gboolean casa_reader_fill_columns(CasaReader *self, gint64 row, gint64 grain_ms, const CasaColumnGrid *grid,
                                  const gint *cancelled, CasaColumnSum *sums, gint64 *out_last);

/* Earliest time from @from_ms on that was stored in @row after @stamp_id: G_MAXINT64 when nothing was, G_MININT64 when that can
 * no longer be told. FALSE: SQLite said no. */
gboolean casa_reader_changed_from(CasaReader *self, gint64 row, gint64 stamp_id, gint64 from_ms, gint64 *out_t_ms);

G_END_DECLS
