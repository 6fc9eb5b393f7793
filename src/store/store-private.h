/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "store/db.h"
#include "store/store.h"

G_BEGIN_DECLS

/* How many sequence numbers of a series are remembered: paho and mosquitto keep some 20 messages in flight, so a
 * redelivery after a reconnect lies well within. */
#define CASA_SEQ_RING 64

typedef struct {
  guint n, next;
  gint64 seq[CASA_SEQ_RING];
  double value[CASA_SEQ_RING];
} CasaSeqRing;

/* What the writer remembers of a series, so that a sample in time order needs no lookup. */
typedef struct {
  gboolean known;       /* newest_* were read from the file, or the series is new */
  gint64 newest_t;      /* G_MININT64: no sample */
  double newest_value;
  CasaSeqRing *ring;    /* NULL until a sample with our time and a seq comes */
} CasaRecent;

enum {
  CASA_SQL_BEGIN,
  CASA_SQL_COMMIT,
  CASA_SQL_ADD_STATION,
  CASA_SQL_DESCRIBE_STATION,
  CASA_SQL_ADD_SERIES,
  CASA_SQL_ADD_SAMPLE,
  CASA_SQL_FIND_SAMPLE,
  CASA_SQL_NEWEST_SAMPLE,
  CASA_SQL_DELETE_SAMPLE,
  CASA_SQL_ADD_UNTIMED,
  CASA_SQL_DELETE_UNTIMED,
  CASA_SQL_RECENT_SEQ,
  CASA_SQL_ADD_REJECTION,
  CASA_SQL_TRIM_REJECTION,
  CASA_SQL_ADD_GAP,
  CASA_SQL_OUTBOX_FIND,
  CASA_SQL_OUTBOX_ADD,
  CASA_SQL_OUTBOX_ACK,
  CASA_SQL_QUARANTINE,
  CASA_SQL_SET_META,
  CASA_SQL_TOUCHED,
  CASA_SQL_MINUTE_ROWS,
  CASA_SQL_PUT_MINUTE,
  CASA_SQL_DROP_MINUTE,
  CASA_SQL_HOUR_ROWS,
  CASA_SQL_PUT_HOUR,
  CASA_SQL_DROP_HOUR,
  CASA_SQL_CHUNK_END,
  CASA_SQL_EXPIRE_SAMPLES,
  CASA_SQL_EXPIRE_UNTIMED,
  CASA_SQL_FIRST_MINUTE,
  CASA_SQL_EXPIRE_MINUTES,
  CASA_SQL_N,
};

/* A minute or hour of a series (row id) that needs reckoning. */
typedef struct {
  gint64 series, t_ms;
} CasaTouched;

/* Where a retention pass stands. */
typedef struct {
  gint64 sample;  /* ids up to here were looked at */
  guint series;   /* minute rollups of series below are done */
  gboolean samples_done, minutes_done;
} CasaRetentionPass;

struct _CasaStore {
  char *path;
  CasaStoreOptions options; /* immutable; its path is ours */
  int lock_fd;
  CasaCatalogue *catalogue; /* has its own lock */

  /* POSIX's locks and not GLib's: those are futexes inside the library, where ThreadSanitizer cannot see them. */
  pthread_mutex_t lock; /* the write connection and everything marked "lock" */
  gint waiting;         /* atomic: writers that want the lock; upkeep lets them in first */

  sqlite3 *db;               /* lock */
  CasaStatements statements; /* lock */
  GArray *recent;            /* CasaRecent by series; lock */
  guint saved_stations, saved_series;     /* rows the file has; lock */
  guint written_stations, written_series; /* rows the running transaction will have added; lock */
  GPtrArray *targets;        /* outbox targets opened by this process, char *; lock */
  gint64 watermark;          /* samples up to this id are in the rollups; lock */
  gint64 raw_floor, minute_floor; /* raw samples / minutes before these may be gone; lock */
  GArray *pending;           /* CasaTouched, sorted: minutes of the range (watermark, pending_last]; lock */
  guint pending_at;          /* how far they are worked off; lock */
  gint64 pending_last;       /* not above the watermark: no range is under way; lock */
  gboolean pending_full;     /* more of the journal may follow the range; lock */
  guint expire_chunk;        /* samples per retention step, adapts; lock */

  _Atomic gint64 last_id, last_received;

  GThread *upkeep; /* owner: who starts and closes the store */
  pthread_mutex_t stop_lock;
  pthread_cond_t stop_cond; /* monotonic clock */
  gboolean stop; /* stop_lock */
};

/* store-file.c: the lock file, the connection, the corrupt file set aside. */
int casa_store_file_lock(const char *path, GError **error);
sqlite3 *casa_store_file_open(const CasaStoreOptions *options, GError **error);
char *casa_store_file_set_aside(const char *path, GError **error);

/* store.c */
void casa_store_lock(CasaStore *self);
void casa_store_unlock(CasaStore *self);
sqlite3_stmt *casa_store_sql(CasaStore *self, guint which);
gboolean casa_store_begin(CasaStore *self);
gboolean casa_store_commit(CasaStore *self);
/* Words for what failed, then the transaction (if any) is undone. Always FALSE. */
gboolean casa_store_undo(CasaStore *self, const char *doing, GError **error);
/* Adds the rows of stations and series the file does not have yet. In a transaction. */
gboolean casa_store_save_catalogue(CasaStore *self);
CasaRecent *casa_store_recent(CasaStore *self, guint series);
gboolean casa_store_set_meta(CasaStore *self, const char *key, gint64 value);
gboolean casa_store_is_full(CasaStore *self, guint n);

/* rollup.c, retention.c: one step each, under the lock, in one transaction. *out_more FALSE: nothing is left to do. */
gboolean casa_store_rollup_step(CasaStore *self, gboolean *out_more, GError **error);
gboolean casa_store_retention_step(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms, gboolean *out_more,
                                   GError **error);

G_END_DECLS
