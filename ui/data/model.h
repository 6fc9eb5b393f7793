/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "series/pyramid.h"
#include "pulse.h"
#include "replay.h"
#include "ui/data/curves.h"
#include "ui/data/figures.h"
#include "ui/data/flags.h"
#include "ui/data/forecasts.h"
#include "ui/data/governance.h"
#include "ui/data/history-service.h"
#include "ui/data/keepsakes.h"
#include "ui/data/listeners.h"
#include "ui/data/peaks.h"
#include "ui/data/reports.h"
#include "ui/data/team-gate.h"
#include "ui/data/summary.h"
#include "ui/data/twin.h"
#include "ui/data/unusual.h"
#include "ui/data/doubtful.h"

G_BEGIN_DECLS

/* What the screen shows, without the screen: drains the live hub, keeps the newest values, the curves of the last day and
 * a summary worked out once a second. GTK thread only; draws nothing, never waits for disk or network. */
typedef struct _CasaModel CasaModel;

typedef struct {
  CasaHub *hub;
  CasaCatalogue *catalogue;
  const char *store_path;
  CasaPulse *pulse;           /* counters, link and forwarder; NULL in tests: all quiet, link up */
  const CasaClock *clock;     /* by which ages and silences are judged; NULL: the real one */
  CasaReplay *replay;         /* whose hub, catalogue, store and clock these are; NULL: live */
  CasaIndicators *indicators; /* what is shown; held by the model */
  CasaStore *store;           /* where it is written which report may be seen; NULL: in the pulse's, or nowhere */
  const char *config_dir;     /* where governance.conf is; NULL: nothing is held against it */
  const CasaConfig *config;   /* how teams join by themselves; outlives the model; NULL: nobody does */
  CasaKeepsakes *keepsakes;   /* what the organiser chose; held by the model; NULL: nothing is, and every team may be seen */
  CasaTeamGate *gate;         /* shuts teams out; NULL: nobody may */
} CasaModelSource;

/* Nothing in @source is owned. @city outlives the model. */
CasaModel *casa_model_new(const CasaModelSource *source, const CasaCity *city);
void casa_model_free(CasaModel *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaModel, casa_model_free)

/* Adds one who looks on, and tells it of every vehicle in service at once. Its id, for casa_model_unlisten(); never 0. */
guint casa_model_listen(CasaModel *self, const CasaModelListener *listener);
/* 0, or an id that is gone already, changes nothing. */
void casa_model_unlisten(CasaModel *self, guint id);
/* Takes what has arrived, and once a second works out summary and figures. Called some times a second, however many windows
 * there are; once a frame in a replay. */
void casa_model_tick(CasaModel *self, gint64 now_ms);

/* Its clock was set to another time, in either direction: newest values go, curves are read anew, and whoever looks on is told
 * that something changed. Curves stay what they are until then. */
void casa_model_forget_time(CasaModel *self);

const CasaSummary *casa_model_summary(CasaModel *self); /* As it was worked out last. (transfer none) */
/* What is shown: indicators, domains, scales. (transfer none) Another set takes its place when the file was saved; a listener's
 * `rebuild` is told, and must let go of everything that it has from the one before. */
CasaIndicators *casa_model_indicators(CasaModel *self);
/* Another set, held by the model; tells every `rebuild`. */
void casa_model_set_indicators(CasaModel *self, CasaIndicators *indicators);
/* What is wrong with what was saved last in the configuration; NULL: nothing. Its place becomes part of the summary. */
void casa_model_set_config_fault(CasaModel *self, const GError *fault);

/* Everything about one indicator of casa_model_indicators(). */
const CasaFigure *casa_model_figure(CasaModel *self, const CasaIndicator *indicator); /* (transfer none) */
/* The last two days. NULL: no domain's chart shows it. Same pointer until the indicators change. */
const CasaPyramid *casa_model_curve(CasaModel *self, const CasaIndicator *indicator);
/* The same curve a day earlier, at today's times: from now on, CASA_YESTERDAY_MS long. To be labelled as such, never as a
 * forecast. Empty when the store does not reach back. */
const CasaPyramid *casa_model_yesterday(CasaModel *self, const CasaIndicator *indicator);
/* The same curve a day earlier, at today's times: of the day up to now and a little more. To be drawn behind today, never
 * beyond now. Empty when the store does not reach back. */
const CasaPyramid *casa_model_day_before(CasaModel *self, const CasaIndicator *indicator);
/* The figure itself of the last two hours or so that it was watched, every other second: what happened suddenly is seen at
 * once, where a step of the curve spreads it over two minutes. NULL: no domain's chart shows it. */
const CasaPyramid *casa_model_recent(CasaModel *self, const CasaIndicator *indicator);
/* What the indicator will be in the next hours. NULL: it is not marked to be forecast. Same pointer until the indicators
 * change. */
const CasaForecastLines *casa_model_forecast(CasaModel *self, const CasaIndicator *indicator);
/* What is unusual now, or was until lately (casa_unusual_alerts()). (transfer none), until the next tick. */
const GArray *casa_model_unusual(CasaModel *self);
/* Which of the city's sensors are doubtful now. (transfer none), until the next tick. */
const CasaDoubtful *casa_model_doubtful(CasaModel *self);
/* What the indicator would have been without the events that work, from a simulated city beside this one; every other second
 * while one tells it. NULL: it has never been told of, or cannot be. Never measured: whoever shows it says that it is
 * simulated. */
const CasaPyramid *casa_model_without(CasaModel *self, const CasaIndicator *indicator);
/* What the event that began at @start_ms costs by that simulation: "passenger_min" (docs/WIRE.md, "Without it"). NAN: not
 * known. */
double casa_model_toll(CasaModel *self, const char *name, gint64 start_ms);
/* What one station says of itself, with the indicator's fold over time and scale. */
CasaFigure casa_model_station_figure(CasaModel *self, const CasaIndicator *indicator, guint station);
/* The indicator over the districts of casa_model_city(), as it is written, where it is the field of a domain; NAN unknown.
 * NULL: it is none. *@out_stations (may be NULL): how many stations it is made of. */
const double *casa_model_field(CasaModel *self, const CasaIndicator *indicator, guint *out_stations);
/* Series that the indicator is made of: guint, rising. (transfer none), valid until the next tick. */
const GArray *casa_model_members(CasaModel *self, const CasaIndicator *indicator);
/* Means of one series; NULL: no indicator asks for them. (transfer none), valid until the next tick. */
const CasaSeriesMeans *casa_model_means(CasaModel *self, guint series);
/* What the indicator was a day before its newest sample (mean of the hour around), else an hour before. FALSE: neither is
 * known, or the past is still being read: nothing can be compared yet. */
gboolean casa_model_before(CasaModel *self, const CasaIndicator *indicator, double *value, gboolean *yesterday);
/* Whether the curve holds nearly the whole day up to the indicator's newest sample. FALSE while the past is being read. */
gboolean casa_model_has_day(CasaModel *self, const CasaIndicator *indicator);

/* Stretches of the curves' time in which nobody listened, rising; the last one may be lasting. (transfer none) */
const CasaGap *casa_model_gaps(CasaModel *self, guint *n);
/* What the store says that happens now, or ended within the last CASA_HISTORY_ENDED_MS: CasaEvent, by their start. (transfer
 * none), valid until the next tick. */
const GArray *casa_model_events(CasaModel *self);
CasaLatestValues *casa_model_latest(CasaModel *self); /* (transfer none) */
/* Answers questions to the past of the model's store; made when first asked for. (transfer none), for the model's life. */
CasaHistoryService *casa_model_history_service(CasaModel *self);
CasaFlags *casa_model_flags(CasaModel *self); /* What all charts flag: events, notes. (transfer none), for the model's life */
/* What citizens reported; of a replay, nothing. (transfer none), for the model's life */
CasaReports *casa_model_reports(CasaModel *self);
/* How the city stands beside its yardsticks, asked by who shows it. (transfer none), for the model's life */
CasaGovernance *casa_model_governance(CasaModel *self);
/* The file of its store, as casa_model_new() was told. (transfer none) */
const char *casa_model_store_path(CasaModel *self);
/* As casa_model_new() was told; NULL: nowhere. (transfer none) */
const char *casa_model_config_dir(CasaModel *self);
const CasaTwin *casa_model_twin(CasaModel *self); /* The city without what happens. (transfer none), for its life */
CasaPeaks *casa_model_peaks(CasaModel *self);     /* What was most since the model began. (transfer none), for its life */
/* What the organiser chose: which teams the hall may see. (transfer none); NULL: nothing is kept. */
const CasaConfig *casa_model_config(CasaModel *self); /* NULL: none. (transfer none) */
CasaKeepsakes *casa_model_keepsakes(CasaModel *self);
CasaTeamGate *casa_model_gate(CasaModel *self);     /* NULL: nobody may shut teams out */
const CasaClock *casa_model_clock(CasaModel *self); /* by which it is ticked; whoever animates goes by it too */
const CasaCity *casa_model_city(CasaModel *self);   /* (transfer none) */

/* TRUE once the day's history has been read for the first time. */
gboolean casa_model_ready(CasaModel *self);
/* TRUE while all that the store has of the day is on the curves; FALSE while it is read, or while history still arrives. */
gboolean casa_model_settled(CasaModel *self);

G_END_DECLS
