/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The command line, read and checked. Strings owned. */
typedef struct {
  char *scenario, *config_dir, *broker, *password_file, *keep;
  guint64 seed;
  gboolean has_start;
  gint64 start_ms; /* UTC */
  double speed;    /* simulated seconds per second; 0 = as fast as possible (replay only) */
  gint64 backfill_ms, backfill_step_ms;
  gint64 duration_ms; /* simulated; -1 = until stopped */
  gint64 step_ms;
  guint stations;      /* 0 = the catalogue */
  guint part, n_parts; /* of the stations, from 0; 0 of 1: all */
  double rate_hz;      /* 0 = by kind of station */
  guint qos;
  gint64 report_ms;    /* between two lines about the load; 0 = none */
  gboolean has_faults; /* else the scenario's */
  guint faults;        /* CasaSimFault bits */
  gboolean to_stdout, version, event_delays;
  char *what_if, *figures; /* two futures instead of a run */
  /* Replay of a table instead of the city. */
  char *from_csv, *map, *print_map;
  gboolean as_recorded, json; /* json: the mapping for programs */
  gint64 from_ms, to_ms;      /* recorded times; G_MININT64, G_MAXINT64: all */
} CasaSimOptions;

#define CASA_SIM_DEFAULT_STEP_MS 100

/* Start of a --stdout run without --start: a fixed moment, because the same arguments give the same bytes. */
#define CASA_SIM_STDOUT_START "2026-05-21T00:00:00Z"

/* CASA_ERROR_USAGE: what is wrong and how to mend it. */
gboolean casa_sim_options_parse(CasaSimOptions *self, int *argc, char ***argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_sim_options_clear(CasaSimOptions *self); /* Frees what it holds, not itself */

G_END_DECLS
