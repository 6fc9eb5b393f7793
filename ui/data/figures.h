/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/latest-values.h"
#include "ui/data/twin.h"

G_BEGIN_DECLS

/* What the indicators say now, worked out from the newest values once a second. Pure: no widget, no clock, no thread. */

typedef enum {
  CASA_STATE_NONE, /* nothing known */
  CASA_STATE_LAST, /* last known value; show its age */
  CASA_STATE_LIVE,
} CasaState;

/* Where a figure comes from, besides its state. Flags. */
typedef enum {
  CASA_FROM_SIMULATOR = 1 << 0, /* some of it is simulated */
  CASA_FROM_REPLAY = 1 << 1,    /* the past is played again */
  CASA_FROM_ESTIMATE = 1 << 2,  /* some of it is interpolated, not measured */
} CasaProvenance;

typedef struct {
  double value; /* NAN when NONE */
  CasaState state;
  CasaProvenance from;
  gint64 t_ms;       /* newest sample in it */
  guint n, known;    /* stations in it, stations that have this quantity; of a count: those heard within CASA_COUNTED_MS */
  guint station;     /* CasaStation.id of a highest or lowest value, or of the only one; G_MAXUINT: it is of many */
  guint part;        /* of an index: which of its indicator's parts is the worst; G_MAXUINT: none, or no index */
  guint class;       /* on its indicator's scale, from 0; G_MAXUINT none: no scale, or too little of the mean is there */
  gint64 covered_ms; /* of a mean over time: how much of that time is in it; less than CASA_MEAN_WHOLE of it is no verdict */
} CasaFigure;

/* A count says of how many it is: of those that were heard within a day, milliseconds. A fleet is out once a day; what has been
 * silent for longer is no part of it any more. */
#define CASA_COUNTED_MS G_GINT64_CONSTANT(86400000)

/* Share of the time of a mean that must be there before it is judged: what EU directive 2008/50/EC, annex XI, asks of an hourly
 * mean. */
#define CASA_MEAN_WHOLE 0.75

/* Mean of one series over the time up to now. */
typedef struct {
  double value; /* NAN: nothing there */
  gint64 covered_ms;
} CasaMean;

/* Means of one series, read from the store. */
typedef struct {
  guint series; /* CasaSeriesInfo.id */
  CasaMean ten_minutes, hour, day;
  double hour_ago; /* mean of the same ten minutes an hour before; NAN unknown */
} CasaSeriesMeans;

/* What figures are made of. Nothing is owned. */
typedef struct {
  CasaLatestValues *latest;
  const GArray *means; /* CasaSeriesMeans, series rising */
  gint64 now_ms;
  gboolean link_up;     /* else nobody is heard, which is no count of who runs */
  const CasaTwin *twin; /* NULL: as it is measured. Else its newest values stand in place of those that are measured */
} CasaFigureSource;

/* NULL: none of @series. (transfer none) */
const CasaSeriesMeans *casa_figures_means(const GArray *means, guint series);

/* @indicator's figure; @members: see casa_members_of(). For those that are not made of others. */
CasaFigure casa_figure_of_stations(const CasaFigureSource *source, const CasaIndicator *indicator, const GArray *members);
/* The same of others' figures: a ratio or an index. @figures by index. */
CasaFigure casa_figure_of_figures(const CasaIndicator *indicator, const CasaFigure *figures);
/* What one series says of itself, with @indicator's fold over time and scale. NONE: it says nothing. */
CasaFigure casa_figure_of_series(const CasaFigureSource *source, const CasaIndicator *indicator, guint series);

/* @indicator per district of @city into @out[n_districts], as it is written: mean of the stations in it, else interpolated
 * from all by inverse squared distance to the district's centre. NAN: no station at all. Returns how many stations that is
 * made of. */
guint casa_figures_field(const CasaFigureSource *source, const CasaIndicator *indicator, const GArray *members,
                         const CasaCity *city, double *out);

G_END_DECLS
