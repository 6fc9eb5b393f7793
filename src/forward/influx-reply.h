/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Reads what InfluxDB answers to InfluxQL (1.x documentation, "InfluxDB API reference", /query with chunked=true): JSON
 * documents, one a line, each with some rows. The bytes come in pieces of any size; memory is bounded by the longest line,
 * which is bounded too. Pure; one thread at a time. */
typedef struct _CasaInfluxReply CasaInfluxReply;

typedef enum {
  CASA_CELL_NULL,
  CASA_CELL_NUMBER, /* true and false are 1 and 0 */
  CASA_CELL_TEXT,
} CasaCellKind;

typedef struct {
  const char *column;
  CasaCellKind kind;
  double number;
  const char *text; /* UTF-8; CASA_CELL_TEXT only */
} CasaInfluxCell;

typedef struct {
  const char *name;             /* of the measurement */
  const char *source, *station; /* its tags, "" where there are none */
  const CasaInfluxCell *cells;
  guint n;
} CasaInfluxRow;

/* Valid during the call only. FALSE with an error ends the reading. */
typedef gboolean (*CasaInfluxRowFunc)(const CasaInfluxRow *row, gpointer data, GError **error);

CasaInfluxReply *casa_influx_reply_new(CasaInfluxRowFunc each, gpointer data); /* @each gets every row. (transfer full) */
void casa_influx_reply_free(CasaInfluxReply *self);                            /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaInfluxReply, casa_influx_reply_free)

/* The next bytes. CASA_ERROR_DATA: this is no answer of an InfluxDB, or a line of it is longer than any should be;
 * CASA_ERROR_REFUSED: it is one, and says what is wrong; else what the row function said. No use after an error. */
gboolean casa_influx_reply_push(CasaInfluxReply *self, const char *bytes, gsize len, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* There are no more bytes. CASA_ERROR_DATA: but there should be. */
gboolean casa_influx_reply_end(CasaInfluxReply *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows that had not one cell for each column, or cells of a kind that no column holds. They were left out. */
guint64 casa_influx_reply_n_malformed(CasaInfluxReply *self);

G_END_DECLS
