/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The shape of the file, as numbered steps. `PRAGMA user_version` says how many of them a file has seen; a step, once
 * released, is never edited: a change is a new step. Private to src/store (and its tests). */

#define CASA_SCHEMA_APPLICATION_ID 0x43415341 /* "CASA" */

/* Steps this program knows. */
guint casa_schema_newest(void);

/* Brings @db to @version (0 ≤ version ≤ newest; only upwards), each step in one transaction with its number.
 * CASA_ERROR_STORE_NEWER when the file is ahead of this program; CASA_ERROR_IO when it belongs to another program. */
gboolean casa_schema_migrate(sqlite3 *db, const char *path, guint version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
