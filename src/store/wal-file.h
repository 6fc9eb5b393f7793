/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Name of a VFS for the writing connection: SQLite's usual one, with fewer calls to write the -wal. What is in the files after
 * a commit is the same. Any thread. Private to src/store. */
const char *casa_wal_file_vfs(void);

G_END_DECLS
