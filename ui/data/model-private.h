/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "series/members.h"
#include "ui/data/model.h"
#include "ui/data/trails.h"

G_BEGIN_DECLS

/* The inside of the model, for ui/data/model*.c only: from the bottom up: model-summary.c works out what is shown,
 * model-history.c asks the store and takes its answers, model-views.c hands out what is known, model.c makes time go on. */
#define CASA_MODEL_BATCH 1024 /* samples taken from the hub at once */

/* Of one indicator. */
typedef struct {
  GArray *members; /* guint, CasaSeriesInfo.id */
  double *field;   /* [city->n_districts]; NULL: it is no domain's */
  guint n_field;   /* stations that it is made of */
} CasaModelEntry;

struct _CasaModel {
  CasaModelSource source;
  const CasaCity *city;
  CasaLatestValues *latest;
  CasaHistorian *historian;
  CasaHistoryService *history_service; /* NULL until somebody asks */
  CasaListeners *listeners;
  CasaFlags *flags;
  CasaPeaks *peaks;
  CasaGovernance *governance;
  char *config_dir;
  CasaReports *reports;
  gulong notes; /* handler of the keepsakes; 0: none */
  CasaIndicators *indicators;
  CasaFigure *figures; /* by CasaIndicator.index, as are entries */
  CasaModelEntry *entries;
  guint generation; /* of the catalogue, when the members were looked for */
  CasaCurves *curves;
  CasaForecasts *forecasts;
  CasaUnusual *unusual;
  CasaDoubtful *doubtful;
  CasaTwin *twin;
  CasaTrails *trails;
  GArray *means;             /* CasaSeriesMeans */
  GArray *events;            /* CasaEvent */
  GArray *gaps, *gaps_shown; /* CasaGap: of the journal; and with the one that lasts */
  CasaSummary summary;
  CasaLive *batch;
  gint64 summed_ms, asked_ms, checked_ms;
  gint64 summed_us, asked_us;         /* monotonic, the same moments */
  gint64 late_first_ms, late_last_ms; /* late samples seen since the last full reading, 0 none */
  guint64 dropped, gaps_counted, over_counted, crowd_counted, broker_counted;
  gint64 flood_ms, crowd_ms, broker_ms; /* when those counts last rose */
  CasaLinkState link_state;
  gboolean ready;
  gboolean reading; /* a full reading was asked for and has not been answered */
};

/* model-summary.c */
void casa_model_summarise(CasaModel *self, gint64 now_ms);  /* All figures anew */
CasaFigureSource casa_model_figure_source(CasaModel *self); /* What figures are worked out from, as last summarised */

/* model-history.c */
void casa_model_ask_history(CasaModel *self, CasaHistoryJob jobs, gint64 now_ms); /* Jobs without waiting for them */
void casa_model_keep_history_fresh(CasaModel *self,
                                   gint64 now_ms); /* When the store knows more than the curves, they are read again */
void casa_model_take_history(const CasaHistory *history, gpointer data); /* An answer of the historian; @data is the model */

G_END_DECLS
