/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk.h"
#include "ui/desk/explore-view.h"

G_BEGIN_DECLS

/* A row of the list: a series, or the head of a group of them. */
#define CASA_TYPE_SERIES_ROW (casa_series_row_get_type())
G_DECLARE_FINAL_TYPE(CasaSeriesRow, casa_series_row, CASA, SERIES_ROW, GObject)

gboolean casa_series_row_is_group(CasaSeriesRow *self);  /* It heads a group, and is no series */
guint casa_series_row_group(CasaSeriesRow *self);        /* Number of the group that it is in, or heads */
guint casa_series_row_series(CasaSeriesRow *self);       /* CasaSeriesInfo.id; of a group G_MAXUINT */
const char *casa_series_row_path(CasaSeriesRow *self);   /* "source/domain/station/metric"; of a group NULL */
const char *casa_series_row_name(CasaSeriesRow *self);   /* of the station, tamed; of a group its own */
const char *casa_series_row_metric(CasaSeriesRow *self); /* in words; of a group "" */
const char *casa_series_row_domain(CasaSeriesRow *self); /* id; of a group NULL */
gboolean casa_series_row_is_team(CasaSeriesRow *self);   /* not of the city's own source */

/* Every station and metric there is, as a GListModel of CasaSeriesRow: below the head of its domain, teams last. Rows are
 * looked up by words and by state; objects are made when they are asked for, so that 10,000 rows cost what is seen of them. GTK
 * thread only. */
#define CASA_TYPE_SERIES_LIST (casa_series_list_get_type())
G_DECLARE_FINAL_TYPE(CasaSeriesList, casa_series_list, CASA, SERIES_LIST, GObject)

/* @desk (not owned) outlives it. In the language of the desk. */
CasaSeriesList *casa_series_list_new(const CasaDesk *desk);
/* Looks again: new series, states that have changed. Tells only what is another. */
void casa_series_list_refresh(CasaSeriesList *self);
/* Only rows that have all words of @find in station, metric, source or name, whatever their accents and case; copied. */
void casa_series_list_find(CasaSeriesList *self, const char *find);
void casa_series_list_set_state(CasaSeriesList *self, CasaListState state); /* Only rows of this state */
void casa_series_list_toggle_group(CasaSeriesList *self, guint group);      /* Folds it, or unfolds it */
gboolean casa_series_list_is_folded(CasaSeriesList *self, guint group);
/* How many series of the group are listed, and how many it has. */
void casa_series_list_count_group(CasaSeriesList *self, guint group, guint *listed, guint *all);
/* How many series are in a state, whatever is searched for. */
guint casa_series_list_count(CasaSeriesList *self, CasaListState state);

/* Whether a series' station reports as it promised. */
gboolean casa_desk_is_live(const CasaDesk *desk, guint series);
/* "source/domain/station/metric" of a series; NULL: no such. (transfer full) */
char *casa_desk_path(const CasaDesk *desk, guint series);
guint casa_desk_series(const CasaDesk *desk, const char *path); /* G_MAXUINT: no such */
/* What a metric is called: as metrics.conf says, else its id, tamed. (transfer full) */
char *casa_desk_metric_name(const CasaDesk *desk, guint series);

G_END_DECLS
