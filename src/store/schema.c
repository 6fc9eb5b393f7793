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

/* One byte of plane @k of column @column of a block: where it stands among all bytes. Beyond the last plane substr() is
 * empty, and instr() of nothing is 1: absent planes read as 0. */
#define BYTE(column, k) "(instr(bytes, substr(block." column ", 1 + i + " k " * n, 1)) - 1)"
#define REST(column)                                                                                                           \
  "CASE WHEN length(block." column ") THEN " BYTE(column, "0") " + CASE WHEN length(block." column ") > n THEN (" BYTE(        \
    column, "1") " << 8)"                                                                                                      \
                 " + CASE WHEN length(block." column ") > 2 * n THEN (" BYTE(column, "2") " << 16) + (" BYTE(                  \
                   column, "3") " << 24)"                                                                                      \
                                " + (" BYTE(column, "4") " << 32) + (" BYTE(column, "5") " << 40) + (" BYTE(                   \
                                  column, "6") " << 48)"                                                                       \
                                               " + (" BYTE(column, "7") " << 56) ELSE 0 END ELSE 0 END ELSE 0 END"
#define BLOCK_T "((block.id & 8796093022207) - 4398046511104 + t_add + i * t_step + " REST("t") ")"
#define SAMPLE_KEY "(block.id + t_add + i * t_step + " REST("t") ")"
#define WHO " station.source AS source, station.domain AS domain, station.station AS station, series.metric AS metric,"

/* The view, with how @lag is read, and which of the samples in blocks it leaves out. */
#define READING(lag, sealed)                                                                                                             \
  "CREATE VIEW reading AS SELECT " BLOCK_T " AS t_ms," WHO " CAST(v_base + " REST(                                                       \
    "v") " AS REAL) / v_div AS value,"                                                                                                   \
         " r_base + " REST(                                                                                                              \
           "r") " + CASE WHEN r_follows THEN " BLOCK_T " ELSE 0 END AS received_ms"                                                      \
                " FROM code CROSS JOIN station CROSS JOIN series ON series.station = station.id"                                         \
                " CROSS JOIN block ON block.id >= series.id << 43 AND block.id < (series.id + 1) << 43"                                  \
                " CROSS JOIN counting ON i < n" sealed " UNION ALL SELECT sample.t_ms," WHO                                              \
                " CASE typeof(v) WHEN 'real' THEN v ELSE CAST(v >> 3 AS REAL) / CASE v & 7 WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100" \
                " WHEN 3 THEN 1000 WHEN 4 THEN 10000 WHEN 5 THEN 100000 WHEN 6 THEN 1000000 ELSE 10000000 END END,"                      \
                " sample.t_ms + " lag                                                                                                    \
                " FROM sample CROSS JOIN series ON series.id = sample.series CROSS JOIN station ON station.id = series.station"          \
                " WHERE sample.id > (SELECT value FROM meta WHERE key = 'sealed') AND sample.id > series.sealed_id;"

/* `sample` becomes a journal: no index (its appends cost half), values as decimals, arrival as a delay; 24 bytes a row.
 * What has been sealed into blocks (ids up to meta.sealed, and up to series.sealed_id of its series) stays in it only
 * until it has been forwarded, unseen by readers.
 * `block` has a key of series and first time in one number: (series << 43) + first time + 2^42. `counting` and `code`
 * are what plain SQL needs to unpack blocks: the numbers from 0, and all bytes in their order.
 * Minutes are reckoned when they are read, so their rollups go. */
static const char step_2[] =
  "DROP VIEW reading;"
  "ALTER TABLE series ADD COLUMN sealed_id INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE sample RENAME TO sample_1;"
  "ALTER TABLE untimed RENAME TO untimed_1;"
  "CREATE TABLE sample(id INTEGER PRIMARY KEY, series INTEGER NOT NULL, t_ms INTEGER NOT NULL, v NOT NULL,"
  " lag INTEGER NOT NULL);"
  "INSERT INTO sample SELECT id, series, t_ms, CAST(value AS REAL), received_ms - t_ms FROM sample_1 ORDER BY id;"
  "CREATE TABLE untimed(series INTEGER NOT NULL, id INTEGER NOT NULL, uptime INTEGER NOT NULL, seq INTEGER,"
  " value REAL NOT NULL, PRIMARY KEY(series, id)) WITHOUT ROWID;"
  "INSERT INTO untimed SELECT series, untimed_1.id, uptime, seq, value FROM untimed_1 JOIN sample_1 USING(id);"
  "DROP TABLE untimed_1;"
  "DROP TABLE sample_1;"
  "DROP TABLE rollup_minute;"
  "DELETE FROM meta WHERE key IN ('watermark', 'minute_floor_ms');"
  "INSERT INTO meta VALUES('sealed', 0), ('last_received_ms', 0);"
  "CREATE TABLE block(id INTEGER PRIMARY KEY, n INTEGER NOT NULL, span INTEGER NOT NULL, t_add INTEGER NOT NULL,"
  " t_step INTEGER NOT NULL, r_base INTEGER NOT NULL, r_follows INTEGER NOT NULL, v_base NOT NULL,"
  " v_div INTEGER NOT NULL, t BLOB NOT NULL, r BLOB NOT NULL, v BLOB NOT NULL);"
  "CREATE TABLE damaged(id INTEGER, n, span, t_add, t_step, r_base, r_follows, v_base, v_div, t, r, v);"
  "CREATE TABLE counting(i INTEGER PRIMARY KEY);"
  "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 511) INSERT INTO counting SELECT i FROM c;"
  "CREATE TABLE code(bytes BLOB NOT NULL);"
  "INSERT INTO code VALUES(x'"
  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
  "303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
  "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f"
  "909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
  "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
  "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');" READING("lag", "");

/* How the view read a lag before step 10. */
#define LAG_3                                                                                                                  \
  "CASE WHEN lag < -4194304 THEN coalesce((SELECT arrival.received_ms FROM arrival WHERE arrival.id <= sample.id"              \
  " ORDER BY arrival.id DESC LIMIT 1) + lag + 8388608 - sample.t_ms, 0) ELSE lag END"

/* Samples that arrive long after their time no longer need six bytes to say so: see CASA_LAG_SHARED. A
 * lag that looks like the new kind gets a moment of its own. */
static const char step_3[] = "DROP VIEW reading;"
                             "CREATE TABLE arrival(id INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL);"
                             "INSERT INTO arrival SELECT id, t_ms + lag FROM sample WHERE lag < -4194304;"
                             "UPDATE sample SET lag = -8388608 WHERE lag < -4194304;" READING(LAG_3, "");

/* What the city was told to happen, or simulates. `over_ms`: when its end was told, which may be before the planned one. */
static const char step_4[] =
  "CREATE TABLE event_log(id INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,"
  " place TEXT NOT NULL, district TEXT NOT NULL, line TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER,"
  " over_ms INTEGER, intensity REAL NOT NULL, simulated INTEGER NOT NULL, received_ms INTEGER NOT NULL,"
  " UNIQUE(source, name, start_ms));"
  "CREATE INDEX event_start ON event_log(start_ms);"
  "CREATE VIEW event AS SELECT start_ms, coalesce(over_ms, end_ms) AS end_ms, kind, place, intensity, source, simulated,"
  " name AS id, district, line, received_ms FROM event_log;";

/* A year of hundreds of series is millions of hours: too many rows for a chart. A row here is a day of one, in quarters of
 * six hours; an empty quarter is NULL. Always what CASA_DAY_SQL makes of the hours. */
static const char step_5[] =
  "CREATE TABLE rollup_day(series INTEGER NOT NULL, t_ms INTEGER NOT NULL,"
  " n_0, sum_0, min_0, max_0, n_1, sum_1, min_1, max_1, n_2, sum_2, min_2, max_2, n_3, sum_3, min_3, max_3,"
  " PRIMARY KEY(series, t_ms)) WITHOUT ROWID;"
  "INSERT INTO rollup_day SELECT series, t_ms - " CASA_DAY_PART_SQL " AS day, " CASA_DAY_SQL
  " FROM rollup_hour GROUP BY series, day;";

/* The last messages whose samples carry our own time and no number, by a hash of topic and payload (CasaDelivery): a ring. */
static const char step_6[] = "CREATE TABLE delivery(slot INTEGER PRIMARY KEY, n INTEGER NOT NULL, hash INTEGER NOT NULL);";

#define NOT_SUPERSEDED                                                                                                         \
  " WHERE NOT EXISTS (SELECT 1 FROM superseded WHERE key >= block.id AND key <= block.id + span)"                              \
  " OR NOT EXISTS (SELECT 1 FROM superseded WHERE key = " SAMPLE_KEY " AND superseded.id > series.sealed_id)"

/* Samples of blocks whose time the journal has too, in the row @id: a corrected value, say, that upkeep has not put into the
 * block yet. The journal's counts for as long as it is not sealed. @key is a block's key with the sample's time. */
static const char step_7[] =
  "DROP VIEW reading; CREATE TABLE superseded(key INTEGER PRIMARY KEY, id INTEGER NOT NULL);" READING(LAG_3, NOT_SUPERSEDED);

/* Why a message was refused, so that it can be told in any language: an array of casa_reason_append_json(); NULL of older
 * rows. */
static const char step_8[] =
  "ALTER TABLE rejection_log ADD COLUMN args TEXT;"
  "DROP VIEW rejection;"
  "CREATE VIEW rejection AS SELECT received_ms, topic, payload, code, reason, args FROM rejection_log;";

/* What citizens report. `shown`: whether the organiser lets the hall see it. */
static const char step_9[] =
  "CREATE TABLE report_log(id INTEGER PRIMARY KEY, source TEXT NOT NULL, name TEXT NOT NULL, service TEXT NOT NULL, lat REAL NOT NULL,"
  " lon REAL NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL, received_ms INTEGER NOT NULL, shown INTEGER NOT NULL,"
  " UNIQUE(source, name));"
  "CREATE INDEX report_source ON report_log(source, id);"
  "CREATE VIEW report AS SELECT received_ms, source, name AS id, service, lat, lon, text, status, shown FROM report_log;";

/* The hash of a message of table `delivery` stands in a lag of the journal until that row leaves: with a row of its own beside,
 * every such message took a transaction of several statements and a second page of the -wal. */
static const char step_10[] = "DROP VIEW reading;" READING(CASA_LAG_SQL, NOT_SUPERSEDED);

static const char *const steps[] = { step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8, step_9, step_10 };

guint
casa_schema_newest(void)
{
  return G_N_ELEMENTS(steps);
}

/* A file that SQLite can read but that is not ours must not be touched. */
static gboolean
check_owner(sqlite3 *db, const char *path, GError **error)
{
  gint64 owner = 0, n = 0;
  if (!casa_db_int(db, "PRAGMA application_id", &owner) || !casa_db_int(db, "SELECT count(*) FROM sqlite_master", &n))
    return casa_db_fail(db, path, "read it", error);
  if (owner == CASA_SCHEMA_APPLICATION_ID || (owner == 0 && n == 0))
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
  gint64 at = 0;
  if (!casa_db_int(db, "PRAGMA user_version", &at))
    return casa_db_fail(db, path, "read it", error);
  if (at > (gint64)G_N_ELEMENTS(steps)) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_NEWER,
                "store %s: was written by a newer program (schema %" G_GINT64_FORMAT ", this one knows %u); "
                "update Casa Pulse or name another file with --store",
                path, at, casa_schema_newest());
    return FALSE;
  }
  for (guint next = (guint)MAX(at, 0) + 1; next <= version; next++)
    if (!run_step(db, path, next, error))
      return FALSE;
  return TRUE;
}
