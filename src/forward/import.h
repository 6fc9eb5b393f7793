/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/influx.h"
#include "store/store.h"

G_BEGIN_DECLS

/* History back from InfluxDB into a store: every row of every measurement that has the tags `source` and `station` becomes a
 * reading. What the store has already is not stored again, so it may be broken off and repeated. */

typedef struct {
  guint64 rows;                         /* read */
  guint64 stored;                       /* samples that are new in the store, or changed */
  guint64 duplicates;                   /* samples it had */
  guint64 skipped_rows, skipped_values; /* left out, with the reason reported */
  guint measurements;
} CasaImportCounts;

typedef struct {
  CasaInflux *influx;      /* not owned */
  CasaStore *store;        /* not owned */
  const char *measurement; /* glob as in GPatternSpec; NULL: all */
  gint64 from_ms, to_ms;   /* to exclusive; G_MININT64 and G_MAXINT64: open */
  gint64 oldest_ms;        /* older rows would be removed by the store's retention at once: they are left out */
  gint64 newest_ms;        /* later ones are no measurement: left out */
  /* May be NULL. @measurement is under way. */
  void (*progress)(const CasaImportCounts *counts, const char *measurement, gpointer data);
  /* A row or value that is left out: what, where, why. Each kind once, and not more than twenty. */
  void (*report)(const char *text, gpointer data);
  gpointer data;
} CasaImportOptions;

/* FALSE: it broke off; @out counts what was done until then. Errors: of casa_influx_read(), CASA_ERROR_DATA (no answer of an
 * InfluxDB), CASA_ERROR_IO (the store). One thread. */
gboolean casa_import_run(const CasaImportOptions *options, CasaImportCounts *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
