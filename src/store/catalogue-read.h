/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sqlite3.h>

#include "store/catalogue.h"

G_BEGIN_DECLS

/* Fills an empty @catalogue with the stations and series of the file @db, called @path in messages. FALSE:
 * CASA_ERROR_STORE_CORRUPT where rows are missing, else as casa_db_fail(). Private to src/store. */
gboolean casa_catalogue_read(CasaCatalogue *catalogue, sqlite3 *db, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
