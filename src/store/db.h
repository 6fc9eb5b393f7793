/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What the store and its readers share about SQLite: errors in words, statements prepared once. Private to src/store. */

/* Sets the code of CASA_ERROR that fits the connection's last error (CASA_ERROR_STORE_…, else CASA_ERROR_IO). The message says
 * what was being done (@doing), in which file, and how to mend it. Always FALSE. */
gboolean casa_db_fail(sqlite3 *db, const char *path, const char *doing, GError **error);

/* Runs @sql (one or many statements) to its end. */
gboolean casa_db_exec(sqlite3 *db, const char *path, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* First column of the first row of @sql; *@value stays when there is no row, or it is NULL. FALSE: SQLite said no, and
 * casa_db_fail() says why. */
gboolean casa_db_int(sqlite3 *db, const char *sql, gint64 *value) G_GNUC_WARN_UNUSED_RESULT;

/* A value as column `v` of the journal has it: a packed decimal (block.h), or the double itself. */
void casa_value_bind(sqlite3_stmt *stmt, int i, double value);
double casa_value_column(sqlite3_stmt *stmt, int i); /* Reads what casa_value_bind() wrote, from column @i */

/* A fixed list of statements, each prepared when first wanted and kept for the life of the connection. */
typedef struct {
  sqlite3 *db;
  const char *const *sql; /* static */
  sqlite3_stmt **prepared;
  guint n;
} CasaStatements;

/* @sql: @n statements, static. Nothing is prepared yet. */
void casa_statements_init(CasaStatements *self, sqlite3 *db, const char *const *sql, guint n);
void casa_statements_clear(CasaStatements *self); /* Finalises all that were prepared */
/* NULL when it cannot be prepared: casa_db_fail() then says why. */
sqlite3_stmt *casa_statements_get(CasaStatements *self, guint i);

/* Steps a statement that returns no rows, and resets it. */
gboolean casa_stmt_run(sqlite3_stmt *stmt);

/* First column of the first row that a statement gives, and resets it; *@value stays when there is none, or it is NULL.
 * FALSE: SQLite said no. */
gboolean casa_stmt_int(sqlite3_stmt *stmt, gint64 *value);

G_END_DECLS
