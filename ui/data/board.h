/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "series/hub.h"
#include "store/catalogue.h"

G_BEGIN_DECLS

/* The newest value of every series, sorted by what the wall asks for: kind of station and quantity. Fed from the hub and,
 * once at start, from the store. Knows no widget and does no arithmetic on values. GTK thread only. */

typedef enum { /* from the station id's first part, as the contract fixes it */
               CASA_KIND_OTHER,
               CASA_KIND_VEHICLE,
               CASA_KIND_ROAD,
               CASA_KIND_SUBSTATION,
               CASA_KIND_SOLAR,
               CASA_KIND_LIGHT,
               CASA_KIND_AIR,
} CasaKind;

typedef enum {
  CASA_QUANTITY_SPEED,
  CASA_QUANTITY_DELAY,
  CASA_QUANTITY_LOAD,
  CASA_QUANTITY_SOLAR,
  CASA_QUANTITY_LIGHTING,
  CASA_QUANTITY_PM10,
  CASA_QUANTITY_PM2_5,
  CASA_QUANTITY_NO2,
  CASA_QUANTITY_O3,
  CASA_QUANTITY_SO2,
  CASA_QUANTITY_LAT,
  CASA_QUANTITY_LON,
  CASA_N_QUANTITIES,
  CASA_QUANTITY_OTHER = CASA_N_QUANTITIES,
} CasaQuantity;

typedef struct {
  gint64 t_ms; /* 0: never seen */
  double value;
  gboolean live; /* arrived as it was measured, in this run; else retained or read from the store */
} CasaValue;

typedef struct {
  guint id;       /* CasaStation.id */
  gboolean known; /* has at least one series */
  CasaKind kind;
  gboolean city; /* source "city": else a team's */
  gboolean simulated;
  const CasaLine *line; /* vehicles: the line they run on; NULL unknown */
  gint64 t_ms;          /* newest sample */
  gint64 live_ms;       /* arrival of the newest live sample, 0 none */
  gint64 first_ms;      /* arrival of the very first live sample, 0: none yet, or known before this run */
  double interval_ms;   /* between reports, smoothed; 0 unknown */
  CasaValue values[CASA_N_QUANTITIES];
} CasaBoardStation;

/* A time further ahead of the clock than the contract takes: the clock has been set back since. */
#define CASA_BOARD_AHEAD_MS (10 * 60 * 1000)

typedef struct _CasaBoard CasaBoard;

/* None owned; both outlive it. @city may be NULL. */
CasaBoard *casa_board_new(CasaCatalogue *catalogue, const CasaCity *city);
void casa_board_free(CasaBoard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaBoard, casa_board_free)

/* Takes one sample in. Older than what the board has: only counted as history. Returns the station it belongs to, or NULL
 * (history, or an unknown series). *out_quantity may be NULL. */
const CasaBoardStation *casa_board_put(CasaBoard *self, const CasaLive *sample, CasaQuantity *out_quantity);
/* A value from the store: last known, never live. */
void casa_board_put_stored(CasaBoard *self, guint series, gint64 t_ms, double value);

/* Every value and time goes, stations and their intervals stay: a replay begins again. */
void casa_board_forget(CasaBoard *self);

guint casa_board_n_stations(CasaBoard *self);
const CasaBoardStation *casa_board_station(CasaBoard *self, guint i); /* i = CasaStation.id */
CasaCatalogue *casa_board_catalogue(CasaBoard *self);
/* Reads descriptions anew (simulated flags) when the catalogue has changed. Cheap otherwise. */
void casa_board_refresh(CasaBoard *self);

/* Longest silence after which a station counts as silent: three of its reporting intervals, at least 10 s, at most 15 min;
 * 3 min while the interval is unknown. */
gint64 casa_board_patience_ms(const CasaBoardStation *station);
CasaQuantity casa_quantity_from_metric(const char *metric);

G_END_DECLS
