/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"
#include "csv.h"
#include "replay-guess.h"

G_BEGIN_DECLS

/* What a table looks like, for a mapping to be proposed: its columns over all rows, and its first rows as they stand. */

#define CASA_SIM_TABLE_SAMPLE 500 /* rows kept as they stand */
#define CASA_SIM_NO_COLUMN G_MAXUINT

typedef struct {
  char *name;        /* as in the header */
  char *slug, *bare; /* its words for topics; without a unit in brackets */
  char *unit;        /* in brackets, behind the metric's name, or of the row of units; NULL */
  const CasaMetric *metric;
  CasaSimTimeGuess *time, *clock;
  gboolean taken;                             /* the proposal has it */
  guint n_cells, n_numbers;                   /* not empty; of them, numbers */
  guint n_commas, n_points, n_maybe_thousand; /* decimal commas and points for sure; "1,021", either */
  GArray *values;                             /* double: the first CASA_SIM_TABLE_SAMPLE */
} CasaSimColumn;

typedef struct {
  GPtrArray *columns; /* CasaSimColumn* */
  GPtrArray *rows;    /* char**: the sample, a cell per column */
  GPtrArray *missing; /* char*: cells of it that are no reading, such as "n.d." */
  guint64 n_rows;
  gboolean units_row;     /* the row behind the header tells units */
  const CasaMetric *akin; /* a metric that cells or names tell, without a column of its own; NULL */
  const CasaMetrics *metrics;
} CasaSimTable;

/* Reads @csv to its end. CASA_ERROR_DATA: there is no header. @metrics outlives it. */
CasaSimTable *casa_sim_table_look(CasaSimCsv *csv, const CasaMetrics *metrics, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_sim_table_free(CasaSimTable *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimTable, casa_sim_table_free)

CasaSimColumn *casa_sim_table_column(const CasaSimTable *self, guint i); /* @i less than their number */
gboolean casa_sim_column_is_numeric(const CasaSimColumn *self);          /* Most cells are numbers */

/* The first column that is not taken and whose words are one of @names (slugs, NULL-terminated, in the order in which they are
 * wanted); @numeric: TRUE, FALSE, or -1 for either. CASA_SIM_NO_COLUMN: none. */
guint casa_sim_table_by_words(const CasaSimTable *self, const char *const *names, int numeric);

/* The unit that most of the numbers must be in to be possible at all; NULL: the canonical one will do, or nothing tells it. */
const char *casa_sim_table_unit_by_size(const CasaSimTable *self, const CasaSimColumn *column);

G_END_DECLS
