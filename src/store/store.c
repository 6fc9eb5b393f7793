/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/clock.h"
#include "store/schema.h"
#include "store/store-private.h"

/* More than upkeep ever leaves behind. */
#define MUCH_UNSEALED 1000000u

static const char *const statements[CASA_SQL_N] = {
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
  [CASA_SQL_ADD_REJECTION] = "INSERT INTO rejection_log(received_ms, topic, payload, code, reason)"
                             " VALUES(?1, ?2, ?3, ?4, ?5)",
  [CASA_SQL_TRIM_REJECTION] = "DELETE FROM rejection_log WHERE id <= ?1",
  [CASA_SQL_ADD_GAP] = "INSERT INTO gap_log(start_ms, end_ms, cause) VALUES(?1, ?2, ?3)",
  [CASA_SQL_OUTBOX_FIND] = "SELECT acked_id FROM outbox WHERE target = ?1",
  [CASA_SQL_OUTBOX_ADD] = "INSERT INTO outbox(target, acked_id) VALUES(?1, ?2)",
  [CASA_SQL_OUTBOX_ACK] = "UPDATE outbox SET acked_id = max(acked_id, ?2) WHERE target = ?1",
  [CASA_SQL_QUARANTINE] = "INSERT INTO quarantine(at_ms, target, sample_id, line, reason) VALUES(?1, ?2, ?3, ?4, ?5)",
  [CASA_SQL_QUARANTINED_AFTER] = "SELECT count(*) FROM quarantine WHERE target = ?1 AND sample_id > ?2",
  [CASA_SQL_FORGET_REFUSED] = "DELETE FROM quarantine WHERE target = ?1 AND sample_id > ?2",
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
  [CASA_SQL_SEALED_ID] = "UPDATE series SET sealed_id = ?2 WHERE id = ?1",
  [CASA_SQL_GET_HOUR] = "SELECT n, sum, min, max FROM rollup_hour WHERE series = ?1 AND t_ms = ?2",
  [CASA_SQL_PUT_HOUR] = "INSERT OR REPLACE INTO rollup_hour VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
  [CASA_SQL_DROP_HOUR] = "DELETE FROM rollup_hour WHERE series = ?1 AND t_ms = ?2",
  [CASA_SQL_TRIM_JOURNAL] = "DELETE FROM sample WHERE id <= ?1",
  [CASA_SQL_OUTBOX_ALL] = "SELECT target, acked_id FROM outbox",
  /* Keys as block-row.h has them. */
  [CASA_SQL_SEALED_ROWS] = "SELECT (series << 43) + t_ms + 4398046511104 FROM sample"
                           " CROSS JOIN series ON series.id = sample.series WHERE sample.id <= sealed_id",
  [CASA_SQL_FIRST_SAMPLE] = "SELECT min(id) FROM sample",
  [CASA_SQL_BLOCK_KEYS] = "SELECT id FROM block ORDER BY id DESC",
  [CASA_SQL_RECEIVED_AT] = "SELECT t_ms + " CASA_LAG_SQL " FROM sample WHERE id <= ?1 ORDER BY id DESC LIMIT 1",
};

void
casa_store_lock(CasaStore *self)
{
  g_atomic_int_inc(&self->waiting);
  pthread_mutex_lock(&self->lock);
  g_atomic_int_add(&self->waiting, -1);
}

void
casa_store_unlock(CasaStore *self)
{
  pthread_mutex_unlock(&self->lock);
}

sqlite3_stmt *
casa_store_sql(CasaStore *self, guint which)
{
  return casa_statements_get(&self->statements, which);
}

gboolean
casa_store_begin(CasaStore *self)
{
  self->written_stations = self->saved_stations;
  self->written_series = self->saved_series;
  return casa_store_run(self, casa_store_sql(self, CASA_SQL_BEGIN));
}

gboolean
casa_store_commit(CasaStore *self)
{
  if (!casa_stmt_run(casa_store_sql(self, CASA_SQL_COMMIT)))
    return FALSE;
  self->saved_stations = self->written_stations;
  self->saved_series = self->written_series;
  return TRUE;
}

gboolean
casa_store_undo(CasaStore *self, const char *doing, GError **error)
{
  if (self->lost)
    g_set_error(error, CASA_ERROR, CASA_ERROR_IO, "store %s: its file was erased or moved, and cannot be put back: %s",
                self->path, self->lost);
  else
    casa_db_fail(self->db, self->path, doing, error);
  /* A full disk may already have ended the transaction by itself. */
  if (!sqlite3_get_autocommit(self->db))
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
  casa_store_let_go(self);
  return FALSE;
}

CasaRecent *
casa_store_recent(CasaStore *self, guint series)
{
  if (series >= self->recent->len)
    g_array_set_size(self->recent, MAX(series + 1, casa_catalogue_n_series(self->catalogue)));
  return &g_array_index(self->recent, CasaRecent, series);
}

gboolean
casa_store_set_meta(CasaStore *self, const char *key, gint64 value)
{
  sqlite3_stmt *stmt = casa_store_sql(self, CASA_SQL_SET_META);
  if (!stmt)
    return FALSE;
  sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_int64(stmt, 2, value);
  return casa_stmt_run(stmt);
}

gboolean
casa_store_is_full(CasaStore *self, guint n)
{
  return n >= CASA_SERIES_LIMIT || (self->options.max_series != 0 && n >= self->options.max_series);
}

static char *
column_text(sqlite3_stmt *stmt, int i)
{
  return g_strdup((const char *) sqlite3_column_text(stmt, i));
}

static void
load_station(CasaCatalogue *catalogue, sqlite3_stmt *stmt)
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
load_rows(CasaStore *self, const char *sql, gboolean stations, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int code = sqlite3_prepare_v2(self->db, sql, -1, &stmt, NULL);
  gint64 expected = 1;
  while (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW && sqlite3_column_int64(stmt, 0) == expected) {
    if (stations)
      load_station(self->catalogue, stmt);
    else
      casa_catalogue_add_series(self->catalogue, (guint) sqlite3_column_int64(stmt, 1) - 1,
                                (const char *) sqlite3_column_text(stmt, 2));
    expected++;
    code = SQLITE_OK;
  }
  if (code == SQLITE_ROW)
    g_set_error(error, CASA_ERROR, CASA_ERROR_STORE_CORRUPT,
                "store %s: row %" G_GINT64_FORMAT " of table %s is missing; restore it from a backup", self->path,
                expected, stations ? "station" : "series");
  else if (code != SQLITE_DONE)
    casa_db_fail(self->db, self->path, "read it", error);
  sqlite3_finalize(stmt);
  return code == SQLITE_DONE;
}

static void
load_sample(CasaStore *self, sqlite3_stmt *stmt)
{
  gint64 t_ms = sqlite3_column_int64(stmt, 2), received = t_ms + sqlite3_column_int64(stmt, 4);
  CasaSample sample = { sqlite3_column_int64(stmt, 0), t_ms, received, casa_value_column(stmt, 3) };
  CasaTail *tail = &casa_store_recent(self, (guint) sqlite3_column_int64(stmt, 1) - 1)->tail;
  self->unsealed -= tail->n;
  casa_tail_put(tail, &sample);
  self->unsealed += tail->n;
  if (received > atomic_load(&self->last_received))
    atomic_store(&self->last_received, received);
}

/* Up to MUCH_UNSEALED rows after @after; *out_last: id of the last one. */
static gboolean
load_chunk(CasaStore *self, gint64 after, guint *out_rows, gint64 *out_last)
{
  sqlite3_stmt *stmt = NULL;
  *out_rows = 0;
  int code = sqlite3_prepare_v2(self->db, "SELECT sample.id, series, t_ms, v, " CASA_LAG_SQL " FROM sample CROSS JOIN series"
                                          " ON series.id = sample.series WHERE sample.id > ?1 AND sample.id > sealed_id"
                                          " ORDER BY sample.id LIMIT ?2",
                                -1, &stmt, NULL);
  if (code == SQLITE_OK) {
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int64(stmt, 2, MUCH_UNSEALED);
    for (; (code = sqlite3_step(stmt)) == SQLITE_ROW; (*out_rows)++) {
      load_sample(self, stmt);
      *out_last = sqlite3_column_int64(stmt, 0);
    }
  }
  sqlite3_finalize(stmt);
  return code == SQLITE_DONE;
}

/* What no block holds yet, a million rows a second. There are more than some 100,000 only after a migration: then they are
 * sealed bit by bit, before memory fills with them and before anybody has to look through them. */
static gboolean
load_tails(CasaStore *self, GError **error)
{
  gint64 last_id = atomic_load(&self->last_id), at = self->sealed;
  guint rows = MUCH_UNSEALED;
  while (rows == MUCH_UNSEALED) {
    gboolean more = TRUE;
    if (!load_chunk(self, at, &rows, &at))
      return casa_db_fail(self->db, self->path, "read it", error);
    if (rows < MUCH_UNSEALED)
      break;
    g_message("store %s: is being packed, once: %u samples of some %" G_GINT64_FORMAT, self->path, rows, last_id - at + rows);
    atomic_store(&self->last_id, at);
    while (more)
      if (!casa_store_seal_step(self, TRUE, &more, error))
        return FALSE;
  }
  atomic_store(&self->last_id, last_id);
  self->unsealed_since = casa_clock_mono_us();
  return TRUE;
}

/* Ids are never used twice, even when the newest rows were replaced or have left the journal: cursors count on it. */
static gboolean
load_cursors(CasaStore *self, GError **error)
{
  gint64 last = 0, acked = 0, received = 0, rejected = 0, first = G_MAXINT64;
  const struct {
    const char *sql;
    gint64 *to;
  } numbers[] = {
    { "SELECT value FROM meta WHERE key = 'sealed'", &self->sealed },
    { "SELECT value FROM meta WHERE key = 'raw_floor_ms'", &self->raw_floor },
    { "SELECT value FROM meta WHERE key = 'last_received_ms'", &received },
    { "SELECT received_ms FROM rejection_log ORDER BY id DESC LIMIT 1", &rejected },
    { "SELECT min(id) FROM sample", &first },
    { "SELECT max(id) FROM sample", &last },
    { "SELECT max(acked_id) FROM outbox", &acked },
  };
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    sqlite3_stmt *stmt = NULL;
    sqlite3_prepare_v2(self->db, numbers[i].sql, -1, &stmt, NULL);
    gboolean ok = casa_stmt_int(stmt, numbers[i].to);
    sqlite3_finalize(stmt);
    if (!ok)
      return casa_db_fail(self->db, self->path, "read it", error);
  }
  atomic_store(&self->last_id, MAX(MAX(last, acked), self->sealed));
  self->trimmed = MIN(first - 1, self->sealed);
  atomic_store(&self->last_received, MAX(received, rejected));
  return TRUE;
}

static gboolean
load(CasaStore *self, GError **error)
{
  if (!load_rows(self, "SELECT id, source, domain, station, kind, name, name_ar, lat, lon, simulated FROM station ORDER BY id",
                 TRUE, error) ||
      !load_rows(self, "SELECT id, station, metric FROM series ORDER BY id", FALSE, error))
    return FALSE;
  self->saved_stations = casa_catalogue_n_stations(self->catalogue);
  self->saved_series = casa_catalogue_n_series(self->catalogue);
  /* How a reader knows the file again when it has been put back in its place. Not worth refusing a full disk for. */
  sqlite3_exec(self->db, "INSERT INTO meta SELECT 'identity', random() WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'identity')",
               NULL, NULL, NULL);
  return load_cursors(self, error) && load_tails(self, error);
}

static void
recent_clear(gpointer data)
{
  CasaRecent *recent = data;
  casa_tail_clear(&recent->tail);
  g_free(recent->ring);
}

static CasaStore *
new_store(const CasaStoreOptions *options)
{
  CasaStore *self = g_new0(CasaStore, 1);
  self->path = g_canonicalize_filename(options->path, NULL);
  self->options = *options;
  self->options.path = self->path;
  self->lock_fd = -1;
  self->catalogue = casa_catalogue_new();
  self->targets = g_ptr_array_new_with_free_func(g_free);
  self->recent = g_array_new(FALSE, TRUE, sizeof(CasaRecent));
  self->scratch = g_array_new(FALSE, FALSE, sizeof(CasaSample));
  self->merged = g_array_new(FALSE, FALSE, sizeof(CasaSample));
  self->bite = g_array_new(FALSE, FALSE, sizeof(CasaSample));
  self->cuts = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_array_set_clear_func(self->recent, recent_clear);
  pthread_mutex_init(&self->lock, NULL);
  pthread_mutex_init(&self->stop_lock, NULL);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&self->stop_cond, &monotonic);
  pthread_condattr_destroy(&monotonic);
  return self;
}

static void
take_file(CasaStore *self, sqlite3 *db)
{
  self->db = db;
  casa_statements_init(&self->statements, db, statements, CASA_SQL_N);
  casa_store_begin_bursts(self);
  casa_store_note_place(self);
}

void
casa_store_change_file(CasaStore *self, sqlite3 *db)
{
  casa_store_let_go(self);
  casa_statements_clear(&self->statements);
  sqlite3_db_config(self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close(self->db);
  take_file(self, db);
}

/* One second try: with the damaged file out of the way. */
static gboolean
open_database(CasaStore *self, char **out_set_aside, GError **error)
{
  g_autoptr(GError) why = NULL;
  sqlite3 *db = casa_store_file_open(&self->options, &why);
  if (!db && g_error_matches(why, CASA_ERROR, CASA_ERROR_STORE_CORRUPT)) {
    g_autofree char *aside = casa_store_file_set_aside(self->path, "corrupt", error);
    if (!aside)
      return FALSE;
    g_clear_error(&why);
    db = casa_store_file_open(&self->options, &why);
    if (out_set_aside)
      *out_set_aside = g_steal_pointer(&aside);
  }
  if (!db) {
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
  }
  take_file(self, db);
  return TRUE;
}

CasaStore *
casa_store_open(const CasaStoreOptions *options, char **out_set_aside, GError **error)
{
  if (out_set_aside)
    *out_set_aside = NULL;
  CasaStore *self = new_store(options);
  self->lock_fd = casa_store_file_lock(self->path, error);
  if (self->lock_fd >= 0 && open_database(self, out_set_aside, error) && load(self, error))
    return self;
  casa_store_close(self);
  return NULL;
}

static void
stop_upkeep(CasaStore *self)
{
  if (!self->upkeep)
    return;
  pthread_mutex_lock(&self->stop_lock);
  self->stop = TRUE;
  pthread_cond_signal(&self->stop_cond);
  pthread_mutex_unlock(&self->stop_lock);
  g_thread_join(g_steal_pointer(&self->upkeep));
}

/* What has no name ends with the connection. */
static void
keep_at_last(CasaStore *self)
{
  g_autoptr(GError) error = NULL;
  if (self->db && !casa_store_keep_place(self, &error))
    g_message("%s", error->message);
}

void
casa_store_close(CasaStore *self)
{
  if (!self)
    return;
  stop_upkeep(self);
  keep_at_last(self);
  casa_statements_clear(&self->statements);
  /* Checkpoints when no reader is open; otherwise the -wal stays, and whoever opens it next reads it. */
  sqlite3_close(self->db);
  if (self->lock_fd >= 0)
    close(self->lock_fd);
  casa_catalogue_free(self->catalogue);
  g_array_unref(self->recent);
  g_array_unref(self->scratch);
  g_array_unref(self->merged);
  g_array_unref(self->bite);
  g_array_unref(self->cuts);
  g_ptr_array_unref(self->targets);
  pthread_mutex_destroy(&self->lock);
  pthread_mutex_destroy(&self->stop_lock);
  pthread_cond_destroy(&self->stop_cond);
  g_free(self->lost);
  g_free(self->path);
  g_free(self);
}

CasaCatalogue *
casa_store_catalogue(CasaStore *self)
{
  return self->catalogue;
}

const char *
casa_store_path(CasaStore *self)
{
  return self->path;
}

gint64
casa_store_last_received(CasaStore *self)
{
  return atomic_load(&self->last_received);
}

gint64
casa_store_last_id(CasaStore *self)
{
  return atomic_load(&self->last_id);
}
