/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* One series in memory, ready to be drawn at any zoom for a cost in pixels, not points: samples in time order, plus
 * min/max levels, each an eighth as long as the one below. One thread at a time. */

typedef struct _CasaPyramid CasaPyramid;

/* Keeps at most @capacity samples (oldest go first, in blocks). */
CasaPyramid *casa_pyramid_new(guint capacity);
void casa_pyramid_free(CasaPyramid *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaPyramid, casa_pyramid_free)

/* Adds one sample. Times normally rise; an older one is inserted at its place (slower), an equal one replaces.
 * A NaN value is a break: the line is not drawn across it. */
void casa_pyramid_add(CasaPyramid *self, gint64 t_ms, double value);
void casa_pyramid_clear(CasaPyramid *self); /* Removes all samples */
/* Another number whenever what it holds has changed; also from one pyramid to the next, so that an address used again does not
 * pass for the old one. */
guint64 casa_pyramid_revision(const CasaPyramid *self);
/* The same, but for another value of the newest sample: the mean of a minute that is not over changes with each second. */
guint64 casa_pyramid_body_revision(const CasaPyramid *self);
guint casa_pyramid_length(const CasaPyramid *self); /* How many samples it holds */
/* The newest sample. FALSE: there is none. */
gboolean casa_pyramid_last(const CasaPyramid *self, gint64 *t_ms, double *value);
/* Smallest and largest value with @from_ms ≤ t ≤ @to_ms; FALSE when there is none. */
gboolean casa_pyramid_range(const CasaPyramid *self, gint64 from_ms, gint64 to_ms, double *min, double *max);
/* Value at or before @t_ms, not older than @max_age_ms. */
gboolean casa_pyramid_at(const CasaPyramid *self, gint64 t_ms, gint64 max_age_ms, double *value);

/* Samples by place, oldest first, for drawing few of them one by one. Index of the first with t ≥ @t_ms; may equal length. */
guint casa_pyramid_search(const CasaPyramid *self, gint64 t_ms);
/* @index < length. The value may be NaN (a break). */
void casa_pyramid_get(const CasaPyramid *self, guint index, gint64 *t_ms, double *value);

/* What one pixel column shows. n = 0: nothing there. first/last join columns to their neighbours; @gap_before: a break
 * (NaN, or more than the gap limit since the previous sample) lies between this column and the last non-empty one. */
typedef struct {
  float min, max, first, last;
  guint32 n;
  gboolean gap_before;
} CasaColumn;

/* Fills @columns[@n], column i covering [from + i·(to-from)/n, from + (i+1)·(to-from)/n). Cost O(n · log samples).
 * NaN samples are not counted in n. The first non-empty column looks back to the samples before @from_ms for its gap_before.
 * @gap_ms: samples further apart than this are not joined (0 = always joined). */
void casa_pyramid_columns(const CasaPyramid *self, gint64 from_ms, gint64 to_ms, guint n, gint64 gap_ms, CasaColumn *columns);

G_END_DECLS
