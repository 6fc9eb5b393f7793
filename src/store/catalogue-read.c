/* SPDX-License-Identifier: Apache-2.0 */
#include "store/catalogue-read.h"
#include "base/error.h"
#include "store/db.h"
#include "store/reader-private.h"

static char *
column_text(sqlite3_stmt *stmt, int i)
{
  return g_strdup((const char *)sqlite3_column_text(stmt, i));
}

static void
read_station(CasaCatalogue *catalogue, sqlite3_stmt *stmt)
{
  g_autofree char *source = column_text(stmt, 1), *domain = column_text(stmt, 2), *name = column_text(stmt, 3);
  g_autofree char *kind = column_text(stmt, 4), *shown = column_text(stmt, 5), *shown_ar = column_text(stmt, 6);
  gboolean placed = sqlite3_column_type(stmt, 7) != SQLITE_NULL && sqlite3_column_type(stmt, 8) != SQLITE_NULL;
  casa_catalogue_add_station(catalogue, &(CasaStation){
                                          .source = source,
                                          .domain = domain,
                                          .station = name,
                                          .kind = kind,
                                          .name = shown,
                                          .name_ar = shown_ar,
                                          .has_position = placed,
                                          .lat = placed ? sqlite3_column_double(stmt, 7) : 0,
                                          .lon = placed ? sqlite3_column_double(stmt, 8) : 0,
                                          .simulated = sqlite3_column_int(stmt, 9) != 0,
                                        });
}

/* Row ids are dense from 1 because only the catalogue gives them; anything else is not a file of ours. */
static gboolean
read_rows(CasaCatalogue *catalogue, sqlite3 *db, const char *path, gboolean stations, GError **error)
{
  const char *sql = stations
                      ? "SELECT id, source, domain, station, kind, name, name_ar, lat, lon, simulated FROM station ORDER BY id"
                      : "SELECT id, station, metric FROM series ORDER BY id";
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
  gint64 expected = 1;
  while (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW && sqlite3_column_int64(stmt, 0) == expected) {
    if (stations)
      read_station(catalogue, stmt);
    else
      casa_catalogue_add_series(catalogue, (guint)sqlite3_column_int64(stmt, 1) - 1,
                                (const char *)sqlite3_column_text(stmt, 2));
    expected++;
    code = SQLITE_OK;
  }
  if (code == SQLITE_ROW)
    g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_CORRUPT,
                "store %s: row %" G_GINT64_FORMAT " of table %s is missing; restore it from a backup", path, expected,
                stations ? "station" : "series");
  else if (code != SQLITE_DONE)
    casa_db_fail(db, path, "read it", error);
  sqlite3_finalize(stmt);
  return code == SQLITE_DONE;
}

gboolean
casa_catalogue_read(CasaCatalogue *catalogue, sqlite3 *db, const char *path, GError **error)
{
  return read_rows(catalogue, db, path, TRUE, error) && read_rows(catalogue, db, path, FALSE, error);
}

CasaCatalogue *
casa_reader_catalogue(CasaReader *self, GError **error)
{
  g_autoptr(CasaCatalogue) catalogue = casa_catalogue_new();
  gboolean ok = casa_reader_begin(self) || casa_reader_fail(self, "read its stations", error);

  ok = ok && casa_catalogue_read(catalogue, self->db, self->path, error);
  casa_reader_end(self);
  return ok ? g_steal_pointer(&catalogue) : NULL;
}
