/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader.h"

G_BEGIN_DECLS

/* Columns of time: what a chart of any width shows of any stretch of one series, or of several folded into one.
 * docs/STORE.md says what is kept to make that quick. */

/* One column, [t, t + width). n = 0: nothing there, and the rest is NAN. */
typedef struct {
  double min, max;    /* of all samples in it: true extremes, however long it is */
  double mean;        /* of the samples; of a fold: see CasaColumnFold */
  double first, last; /* first and last sample; NAN where hours were read, which do not keep both, and of folds */
  guint n;            /* samples; of a fold: series that have any */
} CasaTimeColumn;

/* How the columns of several series become one. `mean` is what is named here, reckoned over each series' own mean in that
 * column, so that a series that reports more often does not weigh more. */
typedef enum {
  CASA_COLUMNS_ONE,    /* the first series alone */
  CASA_COLUMNS_MEAN,   /* min and max: lowest and highest sample of any series; the same for MEDIAN, HIGHEST and LOWEST */
  CASA_COLUMNS_MEDIAN, /* of an even number: the mean of the middle two */
  CASA_COLUMNS_HIGHEST,
  CASA_COLUMNS_LOWEST,
  CASA_COLUMNS_SUM,   /* min = max = mean: so they are for COUNT, ABOVE and BELOW */
  CASA_COLUMNS_COUNT, /* series that have any sample */
  CASA_COLUMNS_ABOVE, /* share, 0 to 1, of those whose mean is over `limit` */
  CASA_COLUMNS_BELOW, /* of those whose mean is under it */
} CasaColumnFold;

/* A value: holds nothing. */
typedef struct {
  const guint *series; /* CasaSeriesInfo.id; not owned */
  guint n_series;
  CasaColumnFold fold;
  double limit;          /* of ABOVE and BELOW */
  double least_share;    /* a column of a fold is empty where a smaller share of the series seen in the stretch have samples: a
                          * partial sum is no total. 0: never */
  gint64 from_ms, to_ms; /* to exclusive */
  guint columns;         /* about so many: pixels. At most CASA_COLUMNS_MOST */
  gint64 step_ms;        /* a column's width is a multiple of this, a day at most; 0 = any. For folds: not less than stations'
                          * own interval, or neighbouring columns hold different stations */
} CasaColumnQuery;

#define CASA_COLUMNS_MOST 16384

typedef struct {
  gint64 from_ms, width_ms; /* column i covers [from + i * width, from + (i + 1) * width); from is a multiple of width */
  guint n;
  CasaTimeColumn *columns;
  gint64 grain_ms;  /* what they were made of. 0: samples. Else an hour, or a quarter of a day, whole ones of which make a
                     * column: where columns are that wide, where samples have expired, and where they are too many to be read
                     * in a moment */
  guint n_seen;     /* series that have anything in the stretch */
  gint64 newest_ms; /* newest time of a sample or an hour in the stretch; G_MININT64: none */
  /* Private: what tells whether it still holds. */
  gint64 stamp_id, stamp_floor_ms;
  guint *series;
  guint n_series;
  gint64 *last_ms;     /* of each series; G_MININT64: nothing seen */
  CasaTimeColumn *all; /* before least_share */
  CasaColumnFold fold;
  double limit;
} CasaColumns;

void casa_columns_free(CasaColumns *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaColumns, casa_columns_free)

/* Columns of @query, exact at every moment, with what has just come, late and corrected samples too.
 * @known: an earlier answer, or NULL. Where it is one of the same series, fold and width, what of it still holds is taken over:
 * only columns in which something was stored since, and new ones, are read. The answer is the same without it.
 * @cancelled: read often; whoever sets it (g_atomic_int_set, any thread) to other than 0 ends the reading soon, with
 * CASA_ERROR_CANCELLED. NULL: nobody does.
 * Returns: (transfer full), NULL on error. An empty or upside-down stretch gives no columns. */
CasaColumns *casa_reader_columns(CasaReader *self, const CasaColumnQuery *query, const CasaColumns *known,
                                 const gint *cancelled, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
