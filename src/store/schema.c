/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"
#include "base/error.h"
#include "store/db.h"

/* `sample` is in arrival order: an append is the cheapest thing SQLite does, and every cursor (rollups, outbox) is a
 * place in that order. Ids are given by the writer and never used twice (see put.c). The index finds a sample again by
 * series and time, and says that there is one at most.
 * `untimed` marks the few samples that carry our arrival time: because the device sent its uptime, or with the sequence
 * number that recognises a redelivery. */
static const char step_1[] =
  "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
  "CREATE TABLE station(id INTEGER PRIMARY KEY, source TEXT NOT NULL, domain TEXT NOT NULL, station TEXT NOT NULL,"
  " kind TEXT, name TEXT, name_ar TEXT, lat REAL, lon REAL, simulated INTEGER NOT NULL DEFAULT 0,"
  " UNIQUE(source, domain, station));"
  "CREATE TABLE series(id INTEGER PRIMARY KEY, station INTEGER NOT NULL REFERENCES station(id), metric TEXT NOT NULL,"
  " UNIQUE(station, metric));"
  "CREATE INDEX series_metric ON series(metric);"
  "CREATE TABLE sample(id INTEGER PRIMARY KEY, series INTEGER NOT NULL, t_ms INTEGER NOT NULL, value REAL NOT NULL,"
  " received_ms INTEGER NOT NULL);"
  "CREATE UNIQUE INDEX sample_series_t ON sample(series, t_ms);"
  "CREATE TABLE untimed(id INTEGER PRIMARY KEY, uptime INTEGER NOT NULL, seq INTEGER);"
  "CREATE TABLE rejection_log(id INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, topic TEXT NOT NULL,"
  " payload BLOB NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL);"
  "CREATE TABLE gap_log(id INTEGER PRIMARY KEY, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,"
  " cause TEXT NOT NULL);"
  "CREATE TABLE outbox(target TEXT PRIMARY KEY, acked_id INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE quarantine(id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, target TEXT NOT NULL,"
  " sample_id INTEGER NOT NULL, line TEXT NOT NULL, reason TEXT NOT NULL);"
  "CREATE TABLE rollup_minute(series INTEGER NOT NULL, t_ms INTEGER NOT NULL, n INTEGER NOT NULL, sum REAL NOT NULL,"
  " min REAL NOT NULL, max REAL NOT NULL, last REAL NOT NULL, PRIMARY KEY(series, t_ms)) WITHOUT ROWID;"
  "CREATE TABLE rollup_hour(series INTEGER NOT NULL, t_ms INTEGER NOT NULL, n INTEGER NOT NULL, sum REAL NOT NULL,"
  " min REAL NOT NULL, max REAL NOT NULL, last REAL NOT NULL, PRIMARY KEY(series, t_ms)) WITHOUT ROWID;"
  "INSERT INTO meta VALUES('watermark', 0), ('raw_floor_ms', 0), ('minute_floor_ms', 0);"
  "CREATE VIEW reading AS SELECT sample.t_ms AS t_ms, station.source AS source, station.domain AS domain,"
  " station.station AS station, series.metric AS metric, sample.value AS value, sample.received_ms AS received_ms"
  " FROM sample JOIN series ON series.id = sample.series JOIN station ON station.id = series.station;"
  "CREATE VIEW rejection AS SELECT received_ms, topic, payload, code, reason FROM rejection_log;"
  "CREATE VIEW gap AS SELECT start_ms, end_ms, cause FROM gap_log;";

static const char *const steps[] = { step_1 };

guint
casa_schema_newest(void)
{
  return G_N_ELEMENTS(steps);
}

/* A file that SQLite can read but that is not ours must not be touched. */
static gboolean
check_owner(sqlite3 *db, const char *path, GError **error)
{
  gint64 owner = casa_db_int(db, "PRAGMA application_id", 0);
  if (owner == CASA_SCHEMA_APPLICATION_ID)
    return TRUE;
  if (owner == 0 && casa_db_int(db, "SELECT count(*) FROM sqlite_master", 0) == 0)
    return TRUE;
  g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
              "store %s: is a database of another program; name another file with --store or [store] path", path);
  return FALSE;
}

static gboolean
run_step(sqlite3 *db, const char *path, guint version, GError **error)
{
  g_autofree char *sql = g_strdup_printf("BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %u; COMMIT;",
                                         steps[version - 1], CASA_SCHEMA_APPLICATION_ID, version);
  if (casa_db_exec(db, path, sql, error))
    return TRUE;
  if (!sqlite3_get_autocommit(db))
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

gboolean
casa_schema_migrate(sqlite3 *db, const char *path, guint version, GError **error)
{
  g_return_val_if_fail(version <= G_N_ELEMENTS(steps), FALSE);
  if (!check_owner(db, path, error))
    return FALSE;
  gint64 at = casa_db_int(db, "PRAGMA user_version", 0);
  if (at > (gint64) G_N_ELEMENTS(steps)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_NEWER,
                "store %s: was written by a newer program (schema %" G_GINT64_FORMAT ", this one knows %u); "
                "update Casa Pulse or name another file with --store",
                path, at, casa_schema_newest());
    return FALSE;
  }
  for (guint next = (guint) MAX(at, 0) + 1; next <= version; next++)
    if (!run_step(db, path, next, error))
      return FALSE;
  return TRUE;
}
