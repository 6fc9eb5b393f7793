/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "replay-number.h"
#include "replay-rows.h"
#include "wire/emit.h"

G_BEGIN_DECLS

/* Only for replay-rows.c, replay-cells.c and replay-stations.c. */

#define NOWHERE G_MAXUINT
#define MAX_NUMBER CASA_SIM_NUMBER_MAX

/* A column of the table with what becomes of it. */
typedef struct {
  guint column;
  const char *metric;
  double factor, offset;
  const CasaMetric *known;
  const char *station; /* of this column alone; NULL: the row's */
} Cell;

/* Where a series was last: of an hour that comes twice, its order tells which one is meant. */
typedef struct {
  gint64 last_ms;
  int direction; /* of the table's rows: 1, -1, or 0 as long as it is not known */
} Clock;

/* Readings of a row that is of several stations or hours. */
typedef struct {
  gint64 t_ms;
  const CasaSimReplayStation *station;
  char *values;
  guint n_values;
} Pending;

struct _CasaSimRows {
  CasaSimCsv *csv;
  const CasaSimMap *map;
  const CasaMetrics *metrics;
  char *root, *source;
  CasaSimComplain complain;
  gpointer data;
  GPtrArray *header;                                                  /* char*, as written */
  guint time[2], station, name, lat, lon, metric, value, unit, valid; /* columns; NOWHERE */
  GArray *hours;                                                      /* guint: the columns of the hours */
  GArray *cells;                                                      /* Cell */
  GPtrArray *stations;                                                /* CasaSimReplayStation* */
  GHashTable *by_name;                                                /* as in the table → CasaSimReplayStation*, not owned */
  GPtrArray *news;                                                    /* those to tell of: new, or placed only now; not owned */
  GHashTable *ids;                                                    /* set of id, owned by the stations */
  GHashTable *clocks;                                                 /* "station\nmetric" → Clock* */
  GString *values;
  guint n_values, n_bad; /* of the row */
  GPtrArray *pending;    /* Pending*: the readings of the row */
  guint n_handed;        /* of them, handed out */
  guint n_told;          /* stations that had a reading */
  gboolean units_row;    /* the next one tells units, no readings */
  CasaSimRowCounts counts;
};

/* Tells what is wrong with the row that was read last. */
void casa_sim_rows_complain(CasaSimRows *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same of one cell, which is counted. */
void casa_sim_rows_bad_cell(CasaSimRows *self, guint column, const char *why);
/* Foreign text as part of a message. */
const char *casa_sim_rows_quoted(char buf[CASA_QUOTE_SIZE], const char *text);
const char *casa_sim_rows_header(const CasaSimRows *self, guint column); /* A column's name; "" when there is none */
/* A cell without the blanks about it; "" when it means that there is no reading. */
const char *casa_sim_rows_text(const CasaSimRows *self, guint column, char buf[MAX_NUMBER + 1]);

/* Converts a cell, holds it against what is physically possible and appends it to `values`. */
void casa_sim_rows_take_cell(CasaSimRows *self, const Cell *cell);
/* Metric and unit that a row tells in its own cells, @column being that of the value; FALSE: told as wrong. @slug keeps what
 * @out points to. */
gboolean casa_sim_rows_metric(CasaSimRows *self, guint column, Cell *out, char **slug);
void casa_sim_rows_append(CasaSimRows *self, const char *metric, double value); /* To `values` */

/* The station of the row, new or known. NULL: it names none, and that was told. */
CasaSimReplayStation *casa_sim_rows_station_of(CasaSimRows *self);
CasaSimReplayStation *casa_sim_rows_station_named(CasaSimRows *self, const char *name); /* The same by its name */
/* The station has something to tell: the first time, it is among the news. */
void casa_sim_rows_tell(CasaSimRows *self, CasaSimReplayStation *station);
/* A station has its place from the first row that tells it; one that moves says it as a reading, too. */
void casa_sim_rows_take_position(CasaSimRows *self, CasaSimReplayStation *station);

G_END_DECLS
