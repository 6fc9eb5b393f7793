/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The shape of the file, as numbered steps. `PRAGMA user_version` says how many of them a file has seen; a step, once
 * released, is never edited: a change is a new step. Private to src/store (and its tests). */

#define CASA_SCHEMA_APPLICATION_ID 0x43415341 /* "CASA" */

/* How long after its time a sample of the journal arrived, ms. `lag` says so itself, unless that would take more than the three
 * bytes (signed) that SQLite has for it: history does. Such a sample counts from a moment that it shares with others, in
 * `arrival`, so that three bytes do. In the lower quarter of what three bytes can say stand the ms since that moment, so a
 * lag of its own is never in there. */
#define CASA_LAG_LEAST G_GINT64_CONSTANT(-4194304)
#define CASA_LAG_MOST G_GINT64_CONSTANT(8388607)
#define CASA_LAG_SHARED G_GINT64_CONSTANT(-8388608) /* the very moment; from here to CASA_LAG_LEAST: 70 minutes */

/* A sample that carries our own time arrived then, or was moved on by some ms, so that its lag says next to nothing. One of a
 * message that only its bytes can tell from another has room for their hash there (deliveries.c), where a column more would
 * cost every other row a byte: the lag is -2^63 + hash << 20 + the ms that it was moved on, which is always below -2^62. */
#define CASA_LAG_MOVED_BITS 20 /* 17 minutes: no time is more than ten ahead of ours */
#define CASA_LAG_HASH_BITS 42
#define CASA_LAG_HASHED_SQL "-4611686018427387904"
#define CASA_LAG_MOVED_SQL "1048575"

#define CASA_LAG_SQL                                                                                                           \
  "CASE WHEN lag >= -4194304 THEN lag WHEN lag < " CASA_LAG_HASHED_SQL " THEN -(lag & " CASA_LAG_MOVED_SQL ")"                 \
  " ELSE coalesce((SELECT arrival.received_ms FROM arrival WHERE arrival.id <= sample.id"                                      \
  " ORDER BY arrival.id DESC LIMIT 1) + lag + 8388608 - sample.t_ms, 0) END"

/* Columns of `rollup_day` out of the rows of `rollup_hour` that make a day of one series. */
#define CASA_DAY_PART_SQL "((t_ms % 86400000) + 86400000) % 86400000"
#define CASA_QUARTER_SQL(i)                                                                                                    \
  "sum(n) FILTER (WHERE " CASA_DAY_PART_SQL " / 21600000 = " i "), sum(sum) FILTER (WHERE " CASA_DAY_PART_SQL                  \
  " / 21600000 = " i "), min(min) FILTER (WHERE " CASA_DAY_PART_SQL " / 21600000 = " i                                         \
  "), max(max) FILTER (WHERE " CASA_DAY_PART_SQL " / 21600000 = " i ")"
#define CASA_DAY_SQL CASA_QUARTER_SQL("0") ", " CASA_QUARTER_SQL("1") ", " CASA_QUARTER_SQL("2") ", " CASA_QUARTER_SQL("3")

/* Steps this program knows. */
guint casa_schema_newest(void);

/* Brings @db to @version (0 ≤ version ≤ newest; only upwards), each step in one transaction with its number.
 * CASA_ERROR_STORE_NEWER when the file is ahead of this program; CASA_ERROR_IO when it belongs to another program. */
gboolean casa_schema_migrate(sqlite3 *db, const char *path, guint version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
