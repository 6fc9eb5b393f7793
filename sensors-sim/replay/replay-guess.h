/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Finds out how a column writes its times, from all of its cells: 13/05 in the last row shows that the first was no 5th of
 * January. Memory does not grow with the cells. One thread. */
typedef struct _CasaSimTimeGuess CasaSimTimeGuess;

/* How it is known which of two numbers is the day. */
typedef enum {
  CASA_SIM_DAY_CERTAIN,  /* the form tells it, or a number above 12 does */
  CASA_SIM_DAY_BY_ORDER, /* both can be read; so read, the rows follow each other, and otherwise they jump */
  CASA_SIM_DAY_OPEN,     /* nothing tells it */
  CASA_SIM_DAY_MIXED,    /* some cells can only be read so, some only the other way round */
} CasaSimDay;

typedef struct {
  const char *format; /* for CasaSimTimeFormat; of a clock: the hour's part alone */
  const char *other;  /* with day and month changed; NULL: the form tells it */
  CasaSimDay day;
  gboolean needs_zone, has_hour;
  guint n_cells, n_read;       /* cells, and those that @format reads */
  gint64 gap_ms, other_gap_ms; /* the longest way from a row to the next, either way round */
} CasaSimTimeFound;

/* @clock: hours without a date ("14:30", "2:30 PM", "14"). */
CasaSimTimeGuess *casa_sim_time_guess_new(gboolean clock);
void casa_sim_time_guess_free(CasaSimTimeGuess *self); /* NULL is fine */

void casa_sim_time_guess_look(CasaSimTimeGuess *self, const char *cell); /* The next cell, stripped and not empty */

/* FALSE: most cells are no times of any usual form. */
gboolean casa_sim_time_guess_found(const CasaSimTimeGuess *self, CasaSimTimeFound *out);

G_END_DECLS
