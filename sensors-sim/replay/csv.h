/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads comma-separated values row by row, however long the file: RFC 4180 with its quotes, and what else is met: `;`, tab
 * or `|` between fields, a byte order mark, CRLF, LF or CR at line ends, Windows-1252, Excel's `sep=;` and lines with # before
 * the header. UTF-16 is told as an error. One thread. */
typedef struct _CasaSimCsv CasaSimCsv;

#define CASA_SIM_CSV_MAX_ROW 65536
#define CASA_SIM_CSV_MAX_FIELDS 1024

typedef enum {
  CASA_SIM_CSV_ROW,
  CASA_SIM_CSV_BAD, /* a line that is no row: why() says so, and reading goes on with the next line */
  CASA_SIM_CSV_END,
} CasaSimCsvResult;

/* For @encoding: UTF-8, and from the first row on that is none, Windows-1252. */
#define CASA_SIM_CSV_GUESS "guess"

/* @separator 0: the one of `,` `;` tab `|` that the first line has most of. @encoding NULL or "utf-8"; else what iconv
 * knows. Takes a reference on @stream. */
CasaSimCsv *casa_sim_csv_new(GInputStream *stream, char separator, const char *encoding);
void casa_sim_csv_free(CasaSimCsv *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSimCsv, casa_sim_csv_free)

/* The next row; empty lines are passed over. A failure to read ends the file, and casa_sim_csv_error() is set. */
CasaSimCsvResult casa_sim_csv_next(CasaSimCsv *self);

/* Of the last row, valid until the next: its fields, UTF-8 and NUL-terminated, and the line it began on (1-based). */
guint casa_sim_csv_n_fields(const CasaSimCsv *self);
const char *casa_sim_csv_field(const CasaSimCsv *self, guint i); /* "" beyond the last */
guint64 casa_sim_csv_line(const CasaSimCsv *self);               /* The line it began on, from 1 */
const char *casa_sim_csv_why(const CasaSimCsv *self);            /* What is wrong with a BAD line */

char casa_sim_csv_separator(const CasaSimCsv *self);               /* What stands between fields */
const char *casa_sim_csv_guessed_encoding(const CasaSimCsv *self); /* NULL: all was UTF-8, or it was said */
guint64 casa_sim_csv_n_comments(const CasaSimCsv *self);           /* Lines with # before the header, passed over */
const GError *casa_sim_csv_error(const CasaSimCsv *self);          /* NULL: none */

G_END_DECLS
