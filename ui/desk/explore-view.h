/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What the explore page shows, as a value: it is written into a link and read from it again. Pure. */

#define CASA_EXPLORE_CURVES_MAX 4

typedef enum { CASA_COMPARE_NONE, CASA_COMPARE_DAY, CASA_COMPARE_WEEK, CASA_N_COMPARES } CasaCompare;

/* Which rows the list has. */
typedef enum {
  CASA_LIST_ALL,
  CASA_LIST_LIVE,
  CASA_LIST_SILENT,
  CASA_LIST_FAVOURITES,
  CASA_N_LIST_STATES,
} CasaListState;

typedef struct {
  char *curves[CASA_EXPLORE_CURVES_MAX]; /* "source/domain/station/metric", each once */
  guint n_curves;
  gint64 span_ms;        /* of the overview, back from now */
  gint64 from_ms, to_ms; /* what is looked at; 0, 0: the whole span, following now */
  CasaCompare compare;
  CasaListState list;
  char *find; /* what is searched for, never NULL */
} CasaExploreView;

/* No curve, the last 24 hours, following. casa_explore_view_clear() */
void casa_explore_view_init(CasaExploreView *self);
void casa_explore_view_clear(CasaExploreView *self); /* Frees what it holds, not itself */

/* FALSE: it is there already, or there is no room for it, or it is no path of four parts. */
gboolean casa_explore_view_add(CasaExploreView *self, const char *curve);
void casa_explore_view_remove(CasaExploreView *self, guint i);                /* i < n_curves */
guint casa_explore_view_find(const CasaExploreView *self, const char *curve); /* G_MAXUINT: it is not there */

/* "casa-pulse:explore?curve=…&span=24h…": what casa-pulse --explore takes. (transfer full) */
char *casa_explore_view_link(const CasaExploreView *self);
/* Reads a link, or the paths of curves alone, parted by commas; "" is the empty view. @self is not initialised before, and is
 * in any case afterwards. FALSE: CASA_ERROR_USAGE says which part is wrong. */
gboolean casa_explore_view_parse(CasaExploreView *self, const char *link, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
