/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "city/indicators.h"
#include "series/hub.h"
#include "store/catalogue.h"
#include "ui/data/flow.h"

G_BEGIN_DECLS

/* The newest value of every series, of every station and metric there is. Fed from the hub and, once at start, from the store.
 * Knows no widget and does no arithmetic on values. GTK thread only. */

typedef struct {
  gint64 t_ms; /* 0: never seen */
  double value;
  gboolean live; /* arrived as it was measured, in this run; else retained or read from the store */
} CasaValue;

/* One station. */
typedef struct {
  guint id;       /* CasaStation.id */
  gboolean known; /* has at least one series */
  gboolean city;  /* of the city's source: else a team's */
  gboolean simulated;
  const CasaStationKind *kind; /* of the city's; NULL: unknown, or a team's */
  const CasaLine *line;        /* the line it runs on; NULL unknown, or it runs on none */
  gint64 t_ms;                 /* newest sample */
  gint64 live_ms;              /* arrival of the newest live sample, 0 none */
  gint64 first_ms;             /* arrival of the very first live sample, 0: none yet, or known before this run */
  gint64 report_t_ms;          /* newest report that came fresh: when it was measured, 0 none… */
  gint64 report_ms;            /* …and when it arrived */
  gint64 late_t_ms, late_ms;   /* the same of the newest report that came late */
  double interval_ms; /* between live reports, smoothed; 0 unknown. What a station has kept so far is what it promises */
  GArray *series;     /* guint, CasaSeriesInfo.id: what it measures */
} CasaStationValues;

/* A time further ahead of the clock than the contract takes: the clock has been set back since. */
#define CASA_LATEST_AHEAD_MS (10 * 60 * 1000)
/* Older than this on arrival: history, not news. */
#define CASA_LATEST_LATE_MS (3 * 60 * 1000)

typedef struct _CasaLatestValues CasaLatestValues;

/* @catalogue and @city are not owned and outlive it; @indicators is held. @city may be NULL. */
CasaLatestValues *casa_latest_values_new(CasaCatalogue *catalogue, const CasaCity *city, CasaIndicators *indicators);
void casa_latest_values_free(CasaLatestValues *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaLatestValues, casa_latest_values_free)

/* Another set decides what stations are; values stay. */
void casa_latest_values_set_indicators(CasaLatestValues *self, CasaIndicators *indicators);
CasaIndicators *casa_latest_values_indicators(CasaLatestValues *self); /* (transfer none) */

/* Takes one sample in. Older than what is there: only counted as history. Returns the station it belongs to, or NULL (history,
 * or an unknown series). */
const CasaStationValues *casa_latest_values_put(CasaLatestValues *self, const CasaLive *sample);
/* A value from the store: last known, never live. */
void casa_latest_values_put_stored(CasaLatestValues *self, guint series, gint64 t_ms, double value);

/* Every value and time goes, stations and their intervals stay: a replay begins again. */
void casa_latest_values_forget(CasaLatestValues *self);

guint casa_latest_values_n_stations(CasaLatestValues *self);                          /* Ids of stations are below this */
const CasaStationValues *casa_latest_values_station(CasaLatestValues *self, guint i); /* i = CasaStation.id; NULL: no such */
/* Newest value of a series (CasaSeriesInfo.id), or NULL: never seen. Valid until the next put. */
const CasaValue *casa_latest_values_get(CasaLatestValues *self, guint series);
/* Of @metric at @station; NULL: it has none. Valid until the next put. */
const CasaValue *casa_latest_values_of(CasaLatestValues *self, const CasaStationValues *station, const char *metric);
/* Newest position of a station that moves: both halves of one report. FALSE: not known. *out_t_ms may be NULL. */
gboolean casa_latest_values_position(CasaLatestValues *self, const CasaStationValues *station, CasaLonLat *out,
                                     gint64 *out_t_ms);
/* Whether @series is part of a moving station's position. */
gboolean casa_latest_values_is_position(CasaLatestValues *self, guint series);
/* The metric of @series as metrics.conf has it; NULL: not in it. */
const CasaMetric *casa_latest_values_metric(CasaLatestValues *self, guint series);
guint casa_latest_values_n_series(CasaLatestValues *self); /* Ids of series are below this */
/* Station of @series; NULL: not there yet. */
const CasaStationValues *casa_latest_values_owner(CasaLatestValues *self, guint series);

/* How reports came in of the city's stations, or of all. Valid as long as @self. */
const CasaFlow *casa_latest_values_flow(CasaLatestValues *self, gboolean city);

/* Arrival of the newest late report of the city's stations, or of all, that was measured well after its station's one before
 * but arrived close behind it: somebody sends a past. 0: none yet. A sensor whose clock is wrong does not, it only stays
 * behind. */
gint64 casa_latest_values_loading_ms(CasaLatestValues *self, gboolean city);

CasaCatalogue *casa_latest_values_catalogue(CasaLatestValues *self); /* (transfer none) */
/* Reads descriptions anew when the catalogue has changed. Cheap otherwise. */
void casa_latest_values_refresh(CasaLatestValues *self);
/* Changes when a station or series came or was described anew. */
guint casa_latest_values_generation(CasaLatestValues *self);

/* Longest silence after which a station counts as silent: three of its reporting intervals, at least 10 s, at most 15 min;
 * 3 min while the interval is unknown. */
gint64 casa_station_patience_ms(const CasaStationValues *station);
/* Whether it reported recently enough to be in service. */
gboolean casa_station_is_alive(const CasaStationValues *station, gint64 now_ms);

G_END_DECLS
