/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"
#include "store/store-private.h"

/* All that the writer says to SQLite while it runs. */

const char *const casa_store_statements[CASA_SQL_N] = {
  [CASA_SQL_HOLD] = "SELECT 1 FROM code",
  [CASA_SQL_BEGIN] = "BEGIN IMMEDIATE",
  [CASA_SQL_COMMIT] = "COMMIT",
  [CASA_SQL_ADD_STATION] = "INSERT INTO station(id, source, domain, station, kind, name, name_ar, lat, lon, simulated)"
                           " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
  [CASA_SQL_DESCRIBE_STATION] = "UPDATE station SET kind = ?5, name = ?6, name_ar = ?7, lat = ?8, lon = ?9,"
                                " simulated = ?10 WHERE id = ?1",
  [CASA_SQL_ADD_SERIES] = "INSERT INTO series(id, station, metric) VALUES(?1, ?2, ?3)",
  [CASA_SQL_ADD_SAMPLE] = "INSERT INTO sample(id, series, t_ms, v, lag) VALUES(?1, ?2, ?3, ?4, ?5)",
  [CASA_SQL_ADD_ARRIVAL] = "INSERT INTO arrival(id, received_ms) VALUES(?1, ?2)",
  [CASA_SQL_TRIM_ARRIVAL] = "DELETE FROM arrival WHERE id < (SELECT max(id) FROM arrival"
                            " WHERE id <= (SELECT min(id) FROM sample))",
  [CASA_SQL_DELETE_SAMPLE] = "DELETE FROM sample WHERE id = ?1",
  [CASA_SQL_ADD_UNTIMED] = "INSERT INTO untimed(series, id, uptime, seq, value) VALUES(?1, ?2, ?3, ?4, ?5)",
  [CASA_SQL_DELETE_UNTIMED] = "DELETE FROM untimed WHERE series = ?1 AND id = ?2",
  [CASA_SQL_TRIM_UNTIMED] = "DELETE FROM untimed WHERE series = ?1 AND id < (SELECT min(id) FROM"
                            " (SELECT id FROM untimed WHERE series = ?1 ORDER BY id DESC LIMIT 64))",
  [CASA_SQL_RECENT_SEQ] = "SELECT seq, value FROM (SELECT id, seq, value FROM untimed WHERE series = ?1"
                          " ORDER BY id DESC LIMIT 64) WHERE seq IS NOT NULL ORDER BY id",
  [CASA_SQL_ADD_REJECTION] = "INSERT INTO rejection_log(received_ms, topic, payload, code, reason, args)"
                             " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
  [CASA_SQL_TRIM_REJECTION] = "DELETE FROM rejection_log WHERE id = ?1",
  [CASA_SQL_ADD_GAP] = "INSERT INTO gap_log(start_ms, end_ms, cause) VALUES(?1, ?2, ?3)",
  [CASA_SQL_TRIM_GAP] = "DELETE FROM gap_log WHERE id <= (SELECT max(id) FROM gap_log) - ?1",
  [CASA_SQL_PUT_EVENT] =
    "INSERT INTO event_log(source, name, kind, place, district, line, start_ms, end_ms, intensity, simulated,"
    " received_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    " ON CONFLICT(source, name, start_ms) DO UPDATE SET kind = ?3, place = ?4, district = ?5, line = ?6,"
    " end_ms = ?8, over_ms = NULL, intensity = ?9, simulated = ?10"
    " WHERE over_ms IS NOT NULL OR end_ms IS NOT ?8 OR intensity <> ?9 OR kind <> ?3 OR place <> ?4"
    " OR district <> ?5 OR line <> ?6 OR simulated <> ?10",
  [CASA_SQL_END_EVENT] = "UPDATE event_log SET over_ms = max(?3, start_ms) WHERE source = ?1 AND name = ?2 AND over_ms IS NULL"
                         " AND (end_ms IS NULL OR end_ms > ?3)",
  [CASA_SQL_TRIM_EVENT] = "DELETE FROM event_log WHERE id <= (SELECT max(id) FROM event_log) - ?1",
  [CASA_SQL_TRIM_EVENTS_OF] = "DELETE FROM event_log WHERE source = ?1 AND id <= (SELECT id FROM event_log WHERE source = ?1"
                              " ORDER BY id DESC LIMIT 1 OFFSET ?2)",
  [CASA_SQL_PUT_REPORT] = "INSERT INTO report_log(source, name, service, lat, lon, text, status, received_ms, shown)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0) ON CONFLICT(source, name) DO UPDATE SET"
                          " shown = shown AND service = ?3 AND lat = ?4 AND lon = ?5 AND text = ?6,"
                          " service = ?3, lat = ?4, lon = ?5, text = ?6, status = ?7, received_ms = ?8"
                          " WHERE service <> ?3 OR lat <> ?4 OR lon <> ?5 OR text <> ?6 OR status <> ?7",
  [CASA_SQL_DELETE_REPORT] = "DELETE FROM report_log WHERE source = ?1 AND name = ?2",
  [CASA_SQL_SHOW_REPORT] = "UPDATE report_log SET shown = ?3 WHERE source = ?1 AND name = ?2",
  [CASA_SQL_TRIM_REPORT] =
    "DELETE FROM report_log WHERE id IN (SELECT id FROM report_log WHERE source = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2)"
    " OR id <= (SELECT max(id) FROM report_log) - ?3",
  [CASA_SQL_OUTBOX_FIND] = "SELECT acked_id FROM outbox WHERE target = ?1",
  [CASA_SQL_OUTBOX_ADD] = "INSERT INTO outbox(target, acked_id) VALUES(?1, ?2)",
  [CASA_SQL_OUTBOX_ACK] = "UPDATE outbox SET acked_id = max(acked_id, ?2) WHERE target = ?1",
  [CASA_SQL_QUARANTINE] = "INSERT INTO quarantine(at_ms, target, sample_id, line, reason) VALUES(?1, ?2, ?3, ?4, ?5)",
  [CASA_SQL_TRIM_QUARANTINE] = "DELETE FROM quarantine WHERE id <= ?1",
  [CASA_SQL_QUARANTINED_AFTER] = "SELECT count(*) FROM quarantine WHERE target = ?1 AND sample_id > ?2",
  [CASA_SQL_FORGET_REFUSED] = "DELETE FROM quarantine WHERE target = ?1 AND sample_id > ?2",
  [CASA_SQL_GET_META] = "SELECT value FROM meta WHERE key = ?1",
  [CASA_SQL_SET_META] = "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
  [CASA_SQL_SPOT_BEFORE] = "SELECT id, n, span FROM block WHERE id <= ?1 AND id >= ?2 ORDER BY id DESC LIMIT 1",
  [CASA_SQL_SPOT_AFTER] = "SELECT id, n, span FROM block WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT 1",
  [CASA_SQL_LOAD_BLOCK] = "SELECT " CASA_BLOCK_COLUMNS " FROM block WHERE id = ?1",
  [CASA_SQL_ADD_BLOCK] = "INSERT INTO block(" CASA_BLOCK_COLUMNS ")"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
  [CASA_SQL_DROP_BLOCK] = "DELETE FROM block WHERE id = ?1",
  [CASA_SQL_KEEP_DAMAGED] = "INSERT INTO damaged SELECT " CASA_BLOCK_COLUMNS " FROM block WHERE id = ?1",
  [CASA_SQL_EXPIRE_BLOCKS] = "DELETE FROM block WHERE id IN (SELECT id FROM block WHERE id >= ?1 AND id < ?2"
                             " ORDER BY id LIMIT ?3)",
  [CASA_SQL_WEIGH_BLOCKS] = "SELECT coalesce(max(id), 0), count(*), coalesce(sum(length(t) + length(r) + length(v)), 0) FROM"
                            " (SELECT id, t, r, v FROM block WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT 500)",
  [CASA_SQL_SEALED_ID] = "UPDATE series SET sealed_id = ?2 WHERE id = ?1",
  [CASA_SQL_GET_HOUR] = "SELECT n, sum, min, max FROM rollup_hour WHERE series = ?1 AND t_ms = ?2",
  [CASA_SQL_PUT_HOUR] = "INSERT OR REPLACE INTO rollup_hour VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
  [CASA_SQL_DROP_HOUR] = "DELETE FROM rollup_hour WHERE series = ?1 AND t_ms = ?2",
  [CASA_SQL_PUT_DAY] = "INSERT OR REPLACE INTO rollup_day SELECT ?1, ?2, " CASA_DAY_SQL " FROM rollup_hour WHERE series = ?1"
                       " AND t_ms >= ?2 AND t_ms < ?2 + 86400000 HAVING count(*) > 0",
  [CASA_SQL_DROP_DAY] = "DELETE FROM rollup_day WHERE series = ?1 AND t_ms = ?2",
  [CASA_SQL_TRIM_JOURNAL] = "DELETE FROM sample WHERE id <= ?1",
  [CASA_SQL_OUTBOX_ALL] = "SELECT target, acked_id FROM outbox",
  /* Keys as block-row.h has them. */
  [CASA_SQL_SEALED_ROWS] = "SELECT (series << 43) + t_ms + 4398046511104 FROM sample"
                           " CROSS JOIN series ON series.id = sample.series WHERE sample.id <= sealed_id"
                           " UNION ALL SELECT key FROM superseded CROSS JOIN series ON series.id = key >> 43"
                           " WHERE superseded.id > sealed_id",
  [CASA_SQL_FIRST_SAMPLE] = "SELECT min(id) FROM sample",
  [CASA_SQL_BLOCK_KEYS] = "SELECT id FROM block ORDER BY id DESC",
  [CASA_SQL_RECEIVED_AT] = "SELECT t_ms + " CASA_LAG_SQL " FROM sample WHERE id <= ?1 ORDER BY id DESC LIMIT 1",
  [CASA_SQL_FIND_BLOCK] = "SELECT " CASA_BLOCK_COLUMNS " FROM block WHERE id <= ?1 AND id >= ?2 ORDER BY id DESC LIMIT 1",
  [CASA_SQL_SUPERSEDE] = "REPLACE INTO superseded(key, id) VALUES(?1, ?2)",
  [CASA_SQL_SUPERSEDE_AGAIN] = "UPDATE superseded SET id = ?2 WHERE key = ?1",
  [CASA_SQL_DROP_SUPERSEDED] = "DELETE FROM superseded WHERE key = ?1 AND id <= ?2",
  [CASA_SQL_NOTE_DELIVERY] = "REPLACE INTO delivery(slot, n, hash) VALUES(?1, ?2, ?3)",
};
