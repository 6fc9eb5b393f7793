/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "series/pyramid.h"
#include "pulse.h"
#include "replay.h"
#include "ui/data/history.h"
#include "ui/data/listeners.h"
#include "ui/data/summary.h"

G_BEGIN_DECLS

/* What the screen shows, without the screen: drains the live hub, keeps the newest values, the curves of the last day and
 * a summary worked out once a second. GTK thread only; draws nothing, never waits for disk or network. */
typedef struct _CasaModel CasaModel;

typedef struct {
  CasaHub *hub;
  CasaCatalogue *catalogue;
  const char *store_path;
  CasaPulse *pulse;       /* counters, link and forwarder; NULL in tests: all quiet, link up */
  const CasaClock *clock; /* by which ages and silences are judged; NULL: the real one */
  CasaReplay *replay;     /* whose hub, catalogue, store and clock these are; NULL: live */
} CasaModelSource;

/* Nothing in @source is owned. @city outlives the model. */
CasaModel *casa_model_new(const CasaModelSource *source, const CasaCity *city);
void casa_model_free(CasaModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaModel, casa_model_free)

/* Adds one who looks on, and tells it of every vehicle in service at once. Its id, for casa_model_unlisten(); never 0. */
guint casa_model_listen(CasaModel *self, const CasaModelListener *listener);
/* 0, or an id that is gone already, changes nothing. */
void casa_model_unlisten(CasaModel *self, guint id);
/* Call once a frame of the application, however many windows look on, and now and then when none is shown: takes what has arrived; once a second works the summary out anew. */
void casa_model_tick(CasaModel *self, gint64 now_ms);

const CasaSummary *casa_model_summary(CasaModel *self);
const CasaPyramid *casa_model_curve(CasaModel *self, CasaCurve curve); /* same pointer for the model's life */
/* The same curve a day earlier, at today's times: from now on, CASA_ECHO_MS long. To be labelled as such, never as a forecast.
 * Empty when the store does not reach back. Same pointer for the model's life. */
#define CASA_ECHO_MS (4 * 60 * 60 * 1000LL)
const CasaPyramid *casa_model_echo(CasaModel *self, CasaCurve curve);
/* Stretches of the curves' time in which nobody listened, rising; the last one may be lasting. (transfer none) */
const CasaGap *casa_model_gaps(CasaModel *self, guint *n);
const GArray *casa_model_means(CasaModel *self); /* CasaAirMean (transfer none) */
/* [city->n_districts] PM10, mean of the last hour; NAN unknown. */
const double *casa_model_districts(CasaModel *self);
CasaBoard *casa_model_board(CasaModel *self);
const CasaClock *casa_model_clock(CasaModel *self); /* by which it is ticked; whoever animates goes by it too */
const CasaCity *casa_model_city(CasaModel *self);

/* What the curve was at the same hour yesterday (mean of the hour around it), else one hour ago. FALSE: neither known. */
gboolean casa_model_before(CasaModel *self, CasaCurve curve, double *value, gboolean *yesterday);

/* TRUE once the day's history has been read for the first time. */
gboolean casa_model_ready(CasaModel *self);

G_END_DECLS
