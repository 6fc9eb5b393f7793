/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader-private.h"

#include "base/clock.h"
#include "store/schema.h"
#include "store/store.h"

static const char *const statements[CASA_READ_N] = {
  [CASA_READ_BEGIN] = "BEGIN",
  [CASA_READ_END] = "COMMIT",
  [CASA_READ_META] = "SELECT value FROM meta WHERE key = ?1",
  /* As shares.c writes them. */
  [CASA_READ_OWN_FLOORS] = "SELECT coalesce(max(value), 0) FROM meta WHERE key > 'raw_floor_ms ' AND key < 'raw_floor_ms!'",
  [CASA_READ_OWN_FLOOR] = "SELECT value FROM meta WHERE key = 'raw_floor_ms ' || (SELECT source FROM series JOIN station"
                          " ON station.id = series.station WHERE series.id = ?1)",
  [CASA_READ_TAIL] = "SELECT id, series, t_ms, v, " CASA_LAG_SQL " FROM sample WHERE id > ?1 ORDER BY id",
  [CASA_READ_SEALED_ID] = "SELECT sealed_id FROM series WHERE id = ?1",
  [CASA_READ_SPOT_BEFORE] = "SELECT id, n, span FROM block WHERE id <= ?1 AND id >= ?2 ORDER BY id DESC LIMIT 1",
  [CASA_READ_SPOT_AFTER] = "SELECT id, n, span FROM block WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT 1",
  [CASA_READ_AMOUNTS] = "SELECT n FROM block WHERE id >= ?1 AND id < ?2 ORDER BY id",
  [CASA_READ_BLOCKS] = "SELECT " CASA_BLOCK_COLUMNS " FROM block WHERE id >= ?1 AND id < ?2 ORDER BY id",
  [CASA_READ_BLOCK] = "SELECT " CASA_BLOCK_COLUMNS " FROM block WHERE id = ?1",
  [CASA_READ_HOURS] = "SELECT t_ms, n, sum, min, max, last FROM rollup_hour WHERE series = ?1 AND t_ms >= ?2"
                      " AND t_ms < ?3 ORDER BY t_ms",
  [CASA_READ_DAYS] = "SELECT * FROM rollup_day WHERE series = ?1 AND t_ms >= ?2 AND t_ms < ?3 ORDER BY t_ms",
  [CASA_READ_FIRST_HOUR] = "SELECT min(t_ms) FROM rollup_hour WHERE series = ?1",
  [CASA_READ_LAST_HOUR] = "SELECT max(t_ms) + 3599999 FROM rollup_hour WHERE series = ?1",
  [CASA_READ_SERIES] = "SELECT series.id, source, domain, station.station, metric FROM series"
                       " JOIN station ON station.id = series.station ORDER BY series.id",
  [CASA_READ_MEMBERS] = "SELECT series.id FROM series JOIN station ON station.id = series.station"
                        " WHERE series.metric = ?1 AND station.domain = ?2 AND (?3 IS NULL OR station.source = ?3)"
                        " AND substr(station.station, 1, length(?4)) = ?4",
  [CASA_READ_GAPS] = "SELECT start_ms, end_ms FROM gap_log WHERE end_ms > ?1 AND start_ms < ?2 ORDER BY start_ms, id",
  [CASA_READ_DROPPED] = "SELECT coalesce(max(end_ms), 0) FROM gap_log WHERE cause LIKE '" CASA_GAP_DROPPED " %'",
  [CASA_READ_EVENTS] = "SELECT source, id, kind, place, district, line, start_ms, end_ms, intensity, simulated FROM event"
                       " WHERE start_ms < ?2 AND (end_ms IS NULL OR end_ms > ?1) ORDER BY start_ms, source, id",
  [CASA_READ_REPORTS] = "SELECT source, name, service, lat, lon, text, status, received_ms, shown FROM report_log"
                        " WHERE shown = ?1 ORDER BY id DESC LIMIT ?2",
  [CASA_READ_OUTBOX] = "SELECT id, series, t_ms, v FROM sample WHERE id > ?1 ORDER BY id LIMIT ?2",
  [CASA_READ_REFUSALS] = "SELECT received_ms, topic, code, reason, args FROM rejection_log ORDER BY id DESC LIMIT ?1",
  [CASA_READ_REFUSED] =
    "SELECT received_ms, topic, code, reason, args, payload FROM (SELECT * FROM rejection_log ORDER BY id DESC"
    " LIMIT ?1) WHERE substr(topic, 1, length(?2)) = ?2 ORDER BY id DESC",
};

sqlite3_stmt *
casa_reader_sql(CasaReader *self, guint which)
{
  return casa_statements_get(&self->statements, which);
}

gboolean
casa_reader_fail(CasaReader *self, const char *doing, GError **error)
{
  return casa_db_fail(self->db, self->path, doing, error);
}

static gboolean
check_version(CasaReader *self, GError **error)
{
  gint64 version = 0, owner = 0;
  if (!casa_db_int(self->db, "PRAGMA user_version", &version) || !casa_db_int(self->db, "PRAGMA application_id", &owner)) {
    casa_reader_fail(self, "read it", error);
    return FALSE;
  }
  gboolean ours = owner == CASA_SCHEMA_APPLICATION_ID;
  if (ours && version == casa_schema_newest())
    return TRUE;
  if (ours && version > casa_schema_newest())
    g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_NEWER,
                "store %s: was written by a newer program; update Casa Pulse or name another file with --store", self->path);
  else if (ours)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO,
                "store %s: was written by an older program; start casa record or casa-pulse once, it brings the file up to "
                "date",
                self->path);
  else
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "store %s: is not a store of Casa Pulse; name another file with --store",
                self->path);
  return FALSE;
}

static void
tail_clear(gpointer data)
{
  casa_tail_clear(data);
}

CasaReader *
casa_reader_open(const char *path, GError **error)
{
  CasaReader *self = g_new0(CasaReader, 1);
  self->path = g_canonicalize_filename(path, NULL);
  self->tails = g_array_new(FALSE, TRUE, sizeof(CasaTail));
  g_array_set_clear_func(self->tails, tail_clear);
  int code = sqlite3_open_v2(path, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK && !g_file_test(self->path, G_FILE_TEST_EXISTS)) {
    g_set_error(
      error, CASA_ERROR, CASA_ERROR_STORE_ABSENT,
      "store %s: there is no such file; name the store with --store, or with --config the folder of the configuration that "
      "names it (DIR/config of ./demo --dir DIR)",
      self->path);
  } else if (code != SQLITE_OK) {
    casa_reader_fail(self, "open it for reading", error);
  } else {
    sqlite3_extended_result_codes(self->db, 1);
    sqlite3_busy_timeout(self->db, 2000);
    sqlite3_exec(self->db, "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    casa_statements_init(&self->statements, self->db, statements, CASA_READ_N);
    if (check_version(self, error))
      return self;
  }
  casa_reader_close(self);
  return NULL;
}

gint64
casa_reader_now_ms(CasaReader *self)
{
  static const char sql[] = "SELECT value FROM meta WHERE key = '" CASA_META_CLOCK_SHIFT "'";
  gint64 shift_ms = 0;
  if (casa_clock_shift_ms() == 0 && !casa_db_int(self->db, sql, &shift_ms))
    shift_ms = 0;
  return casa_clock_now_ms() + shift_ms;
}

void
casa_reader_close(CasaReader *self)
{
  if (!self)
    return;
  casa_statements_clear(&self->statements);
  sqlite3_close(self->db);
  g_array_unref(self->tails);
  g_free(self->path);
  g_free(self);
}

static gboolean
has_moved(CasaReader *self)
{
  int moved = 0;
  return sqlite3_file_control(self->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

static gboolean
is_same_store(const CasaReader *a, const CasaReader *b)
{
  static const char sql[] = "SELECT value FROM meta WHERE key = 'identity'";
  gint64 x = 0, y = 0;
  return casa_db_int(a->db, sql, &x) && casa_db_int(b->db, sql, &y) && x == y;
}

/* A file that was erased and put back by its writer (place.c) is followed there; one of another store is not. */
void
casa_reader_follow(CasaReader *self)
{
  if (G_LIKELY(!has_moved(self)))
    return;
  CasaReader *other = casa_reader_open(self->path, NULL);
  if (other && is_same_store(other, self)) {
    CasaReader old = *self;
    *self = *other;
    *other = old;
  }
  casa_reader_close(other);
}

gboolean
casa_reader_is_lost(CasaReader *self)
{
  casa_reader_follow(self);
  return has_moved(self);
}

void
casa_reader_rest(CasaReader *self)
{
  g_array_set_size(self->tails, 0);
  self->tail_seen = self->tail_sealed;
  self->begun_us = 0;
  sqlite3_db_release_memory(self->db);
}

gint64
casa_reader_kept_since_us(const CasaReader *self)
{
  return self->begun_us;
}

GArray *
casa_reader_gaps(CasaReader *self, gint64 from_ms, gint64 to_ms, GError **error)
{
  casa_reader_follow(self);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(CasaGap));
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_GAPS);
  int code = SQLITE_ERROR;
  if (stmt) {
    sqlite3_bind_int64(stmt, 1, from_ms);
    sqlite3_bind_int64(stmt, 2, to_ms);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
      CasaGap gap = { sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1) };
      g_array_append_val(found, gap);
    }
    sqlite3_reset(stmt);
  }
  if (code == SQLITE_DONE)
    return g_steal_pointer(&found);
  casa_reader_fail(self, "read the gaps", error);
  return NULL;
}

GArray *
casa_reader_outbox(CasaReader *self, gint64 after, guint max, GError **error)
{
  casa_reader_follow(self);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(CasaOutboxRow));
  sqlite3_stmt *stmt = casa_reader_sql(self, CASA_READ_OUTBOX);
  int code = SQLITE_ERROR;
  if (stmt) {
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int64(stmt, 2, max);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
      CasaOutboxRow row = { sqlite3_column_int64(stmt, 0), (guint)sqlite3_column_int64(stmt, 1) - 1,
                            sqlite3_column_int64(stmt, 2), casa_value_column(stmt, 3) };
      g_array_append_val(found, row);
    }
    sqlite3_reset(stmt);
  }
  if (code == SQLITE_DONE)
    return g_steal_pointer(&found);
  casa_reader_fail(self, "read the outbox", error);
  return NULL;
}
