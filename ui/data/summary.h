/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/counters.h"
#include "forward/forwarder.h"
#include "replay.h"
#include "source/source.h"
#include "ingest/series-limiter.h"
#include "ingest/quota.h"
#include "ui/data/board.h"

G_BEGIN_DECLS

/* The city in one table, worked out from the board once a second. Pure: no widget, no clock, no thread of its own.
 * City figures are of source "city" only; teams are counted apart. */

typedef enum {
  CASA_STATE_NONE, /* nothing known */
  CASA_STATE_LAST, /* last known value; show its age */
  CASA_STATE_LIVE,
} CasaState;

typedef struct {
  double value; /* NAN when NONE */
  CasaState state;
  gint64 t_ms;    /* newest sample in it */
  guint n, known; /* stations in it, stations that have this quantity */
} CasaFigure;

/* Mean over time of one air series, from the store; NAN unknown. */
typedef struct {
  guint station; /* CasaStation.id */
  CasaQuantity quantity;
  double mean_1h, mean_24h;
  double recent, hour_ago; /* mean of the last ten minutes, and of the same ten minutes an hour before */
} CasaAirMean;

typedef struct {
  gint64 now_ms;
  CasaFigure speed;                   /* km/h, mean over road axes */
  CasaFigure load;                    /* MW, sum over substations; NONE when under 80 % of them are fresh */
  CasaFigure solar;                   /* MW, sum */
  CasaFigure lighting;                /* MW, sum */
  CasaFigure pm10, no2;               /* µg/m³, highest of the air stations */
  CasaFigure delay;                   /* s, median over vehicles in service */
  guint worst_air;                    /* CasaStation.id of pm10's, G_MAXUINT none */
  guint vehicles, fleet;              /* in service now; known */
  guint sensors_alive, sensors_known; /* fixed stations, every source */
  guint teams_active, teams_known;
  guint air_band;     /* EAQI 1..6 from hourly (PM: 24 h) means, 0 unknown */
  guint air_stations; /* that have a PM10 mean of the last hour */
  gboolean simulated; /* anything on the screen is */
  gint64 live_ms;     /* arrival of the newest live sample, 0 none */
  gint64 newest_ms;   /* newest sample at all, 0 none */
  gboolean replaying; /* a past is shown; counts (but for the rate), link and store are of what is recorded meanwhile */
  CasaReplayState replay;
  CasaCounts counts;
  CasaLink link;
  CasaFault blocked; /* why the store refuses; CASA_FAULT_NONE: it takes */
  gboolean erased;   /* the store's file has lost its name: see CasaHistory */
  CasaForwardStatus forward;
  CasaQuotaTally over[2]; /* who sent most over quota */
  guint n_over;
  gboolean flooding;       /* somebody does right now */
  CasaSeriesTally crowded; /* who wanted most series beyond what it may have; refused 0: nobody */
  gboolean crowding;       /* somebody does right now */
} CasaSummary;

/* Fills everything that comes from the board and @means; leaves counts, link, blocked, forward and quotas alone. */
void casa_summary_compute(CasaSummary *self, CasaBoard *board, const CasaAirMean *means, guint n_means, gint64 now_ms);

/* PM10, mean of the last hour, per district of @city into @out[n_districts]: the stations in it, else interpolated from
 * all by inverse squared distance to the district's centre. NAN without any station. */
void casa_summary_districts(CasaBoard *board, const CasaCity *city, const CasaAirMean *means, guint n_means, double *out);

/* Whether this vehicle reported recently enough to be in service. */
gboolean casa_summary_is_alive(const CasaBoardStation *station, gint64 now_ms);

G_END_DECLS
