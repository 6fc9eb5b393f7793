/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/reader.h"
#include "ui/data/figures.h"

G_BEGIN_DECLS

/* Reads the past on a thread of its own, with its own read-only connection, so that no frame ever waits for the disk.
 * Answers come back on the thread-default main context of whoever made it. */

#define CASA_CURVE_STEP_MS (2 * 60 * 1000)         /* one point of a curve: 720 of them a day, about a pixel each */
#define CASA_HISTORY_ENDED_MS (60 * 1000)          /* an event that ended so long ago is still among the answers */
#define CASA_CURVE_SPAN_MS (49 * 60 * 60 * 1000LL) /* a day, the day before, and the hour that a comparison with it needs */

typedef enum {
  CASA_HISTORY_FULL = 1 << 0,   /* the curve of every indicator that a chart shows, over the whole span */
  CASA_HISTORY_TAIL = 1 << 1,   /* the same, last 20 minutes */
  CASA_HISTORY_MEANS = 1 << 2,  /* means of every series that an indicator folds over time */
  CASA_HISTORY_LATEST = 1 << 3, /* newest stored value of every series */
  CASA_HISTORY_CHECK = 1 << 4,  /* only whether the file is still there: part of every answer */
  CASA_HISTORY_EVENTS = 1 << 5, /* what happens, or has just ended */
} CasaHistoryJob;

/* [t_ms, t_ms + CASA_CURVE_STEP_MS). A step without enough in it is left out: a gap. */
typedef struct {
  gint64 t_ms;
  double value;
} CasaCurvePoint;

typedef struct _CasaHistory CasaHistory;
struct _CasaHistory {
  CasaHistory *next; /* private */
  CasaHistoryJob jobs;
  CasaIndicators *indicators; /* what the curves are of */
  gint64 from_ms, to_ms;      /* of the curves */
  GPtrArray *curves; /* GArray of CasaCurvePoint by CasaIndicator.index, NULL where no chart shows it; NULL: not asked for */
  GArray *latest;    /* CasaLatest; NULL: not asked for */
  GArray *means;     /* CasaSeriesMeans, series rising; NULL: not asked for */
  GArray *gaps;      /* CasaGap in the curves' time, from the store's journal; NULL: not asked for */
  GArray *events;    /* CasaEvent, by their start; NULL: not asked for */
  gboolean erased;   /* the store's file is not where it was; it is put back within a second or two, if it can */
  char *error;       /* what could not be read, for people; NULL none */
};

typedef void (*CasaHistoryFunc)(const CasaHistory *history, gpointer data); /* history is freed afterwards */

typedef struct _CasaHistorian CasaHistorian;

/* @catalogue outlives it; @path is copied. */
CasaHistorian *casa_historian_new(const char *path, CasaCatalogue *catalogue, CasaHistoryFunc func, gpointer data);
/* Joins the thread; no answer comes after it. */
void casa_historian_free(CasaHistorian *self);
/* Requests that are still waiting are merged into one: a flood costs at most one more read. @indicators is held. */
void casa_historian_ask(CasaHistorian *self, CasaHistoryJob jobs, CasaIndicators *indicators, gint64 now_ms);

G_END_DECLS
