/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "store/block-row.h"
#include "store/db.h"
#include "store/refused.h"
#include "store/store.h"
#include "store/tail.h"

G_BEGIN_DECLS

/* How many sequence numbers of a series are remembered: paho and mosquitto keep some 20 messages in flight, so a
 * redelivery after a reconnect lies well within. */
#define CASA_SEQ_RING 64
/* So many rings (a kilobyte each) are in memory, those that were read last: any number of series may count their samples. */
#define CASA_SEQ_RINGS 8192

typedef struct {
  guint n, next;
  gint64 seq[CASA_SEQ_RING];
  double value[CASA_SEQ_RING];
} CasaSeqRing;

/* What the writer remembers of a series, so that a sample in time order needs no lookup. */
typedef struct {
  gboolean known;  /* newest_* were read from the file, or the series is new */
  gint64 newest_t; /* G_MININT64: no sample */
  double newest_value;
  gint64 raw_floor;  /* its samples before this time may be gone, as those before CasaStore.raw_floor; 0: all are there */
  CasaTail tail;     /* what is in the journal and not sealed yet */
  CasaSeqRing *ring; /* NULL until a sample with our time and a seq comes, and when others' came since */
  guint untimed;     /* about how many rows of `untimed` it has */
  guint staged;      /* while readings are put: its last one in store->staged, plus one; else 0 */
} CasaRecent;

/* The last messages whose samples have our time and no number: a ring. */
typedef struct {
  gint64 n;  /* how many there were, ever */
  gint64 id; /* the journal has none of them beyond this row */
  guint64 hash[CASA_DELIVERIES];
} CasaDeliveries;

enum {
  CASA_SQL_HOLD,
  CASA_SQL_BEGIN,
  CASA_SQL_COMMIT,
  CASA_SQL_ADD_STATION,
  CASA_SQL_DESCRIBE_STATION,
  CASA_SQL_ADD_SERIES,
  CASA_SQL_ADD_SAMPLE,
  CASA_SQL_ADD_ARRIVAL,
  CASA_SQL_TRIM_ARRIVAL,
  CASA_SQL_DELETE_SAMPLE,
  CASA_SQL_ADD_UNTIMED,
  CASA_SQL_DELETE_UNTIMED,
  CASA_SQL_TRIM_UNTIMED,
  CASA_SQL_RECENT_SEQ,
  CASA_SQL_ADD_REJECTION,
  CASA_SQL_TRIM_REJECTION,
  CASA_SQL_ADD_GAP,
  CASA_SQL_TRIM_GAP,
  CASA_SQL_PUT_EVENT,
  CASA_SQL_END_EVENT,
  CASA_SQL_TRIM_EVENT,
  CASA_SQL_TRIM_EVENTS_OF,
  CASA_SQL_PUT_REPORT,
  CASA_SQL_DELETE_REPORT,
  CASA_SQL_SHOW_REPORT,
  CASA_SQL_TRIM_REPORT,
  CASA_SQL_OUTBOX_FIND,
  CASA_SQL_OUTBOX_ADD,
  CASA_SQL_OUTBOX_ACK,
  CASA_SQL_QUARANTINE,
  CASA_SQL_TRIM_QUARANTINE,
  CASA_SQL_QUARANTINED_AFTER,
  CASA_SQL_FORGET_REFUSED,
  CASA_SQL_GET_META,
  CASA_SQL_SET_META,
  CASA_SQL_SPOT_BEFORE,
  CASA_SQL_SPOT_AFTER,
  CASA_SQL_LOAD_BLOCK,
  CASA_SQL_ADD_BLOCK,
  CASA_SQL_DROP_BLOCK,
  CASA_SQL_KEEP_DAMAGED,
  CASA_SQL_EXPIRE_BLOCKS,
  CASA_SQL_WEIGH_BLOCKS,
  CASA_SQL_SEALED_ID,
  CASA_SQL_GET_HOUR,
  CASA_SQL_PUT_HOUR,
  CASA_SQL_DROP_HOUR,
  CASA_SQL_PUT_DAY,
  CASA_SQL_DROP_DAY,
  CASA_SQL_TRIM_JOURNAL,
  CASA_SQL_OUTBOX_ALL,
  CASA_SQL_RECEIVED_AT,
  CASA_SQL_SEALED_ROWS,
  CASA_SQL_FIRST_SAMPLE,
  CASA_SQL_BLOCK_KEYS,
  CASA_SQL_NOTE_DELIVERY,
  CASA_SQL_FIND_BLOCK,
  CASA_SQL_SUPERSEDE,
  CASA_SQL_SUPERSEDE_AGAIN,
  CASA_SQL_DROP_SUPERSEDED,
  CASA_SQL_N,
};

/* statements.c, by CASA_SQL_. */
extern const char *const casa_store_statements[CASA_SQL_N];

/* Refused messages beyond their bounds; samples by age; then, as long as the file is too large: refused messages down to the
 * few that are always kept; find the oldest samples, and let them go. */
typedef enum {
  CASA_RETENTION_REFUSED,
  CASA_RETENTION_AGE,
  CASA_RETENTION_SQUEEZE,
  CASA_RETENTION_LOOK,
  CASA_RETENTION_SIZE,
  CASA_RETENTION_DONE
} CasaRetentionPhase;

/* What one source has in blocks. */
typedef struct {
  const char *source; /* of the catalogue, which keeps it */
  gint64 bytes;       /* 0: nothing that may go */
  gint64 oldest, newest;
} CasaShare;

/* Where a retention pass stands. All zero: at its beginning. */
typedef struct {
  CasaRetentionPhase phase;
  guint series;           /* those below are done in this phase */
  gboolean any;           /* something went in this phase */
  gint64 key;             /* LOOK: the last block of `series` that was weighed */
  const CasaShare *share; /* SIZE: whose samples go */
  gint64 used;            /* SIZE: bytes of the file when it began */
} CasaRetentionPass;

/* Where the late samples of the series stand that is being sealed (late.c). */
typedef struct {
  guint turn;       /* the series, plus one; 0: none */
  gint64 limit, at; /* those up to the first time go into their blocks; those before the second have done so */
} CasaLatePass;

struct _CasaStore {
  char *path;
  CasaStoreOptions options; /* immutable; its path is ours */
  int lock_fd;
  CasaCatalogue *catalogue; /* has its own lock */

  /* POSIX's locks and not GLib's: those are futexes inside the library, where ThreadSanitizer cannot see them. */
  pthread_mutex_t lock; /* the write connection and everything marked "lock" */
  gint waiting;         /* atomic: writers that want the lock; upkeep lets them in first */

  sqlite3 *db;                            /* lock */
  CasaStatements statements;              /* lock */
  gboolean holding;                       /* a reading transaction is open (connection.c); lock */
  int ask_at;                             /* pages of -wal at which a checkpoint is asked for; lock */
  int checkpoint_at;                      /* pages of -wal at which a commit makes one itself; lock */
  GArray *recent;                         /* CasaRecent by series; lock */
  GArray *ringed;                         /* guint: series whose ring was read, CASA_SEQ_RINGS at most, in a circle; lock */
  guint ring_at;                          /* the one of them that was read longest ago, once they are so many; lock */
  guint saved_stations, saved_series;     /* rows the file has; lock */
  guint written_stations, written_series; /* rows the running transaction will have added; lock */
  GPtrArray *targets;                     /* outbox targets opened by this process, char *; lock */
  gint64 sealed;                          /* samples up to this id are in blocks; lock */
  gint64 trimmed;                         /* the journal has none up to this id; lock */
  gboolean has_arrival;                   /* this run wrote a row of `arrival`; lock */
  gint64 arrival_ms;                      /* the moment of the newest; lock */
  gint64 raw_floor;                       /* samples before this time may be gone; lock */
  guint unsealed;                         /* samples in all tails; lock */
  gint64 unsealed_since;                  /* monotonic us: none of them is older; lock */
  gint64 pass_end;                        /* last id when the sealing pass began, 0: none is under way; lock */
  guint pass_at;                          /* series below are sealed in this pass; lock */
  CasaLatePass late;                      /* lock */
  gboolean said_size, said_damage;        /* lock */
  guint64 wal_inode, wal_device;          /* of the file's -wal; lock */
  char *lost;                             /* why the file cannot be put back in its place, NULL: it is there; lock */
  CasaDeliveries deliveries;              /* lock */
  gint64 saved_deliveries;                /* of them, those up to this one are in their table; lock */
  gint64 written_deliveries;              /* likewise, when the running transaction is committed; lock */
  GHashTable *shares;                     /* source → CasaShare, of the retention pass under way; lock */
  CasaRefusedLedger *refused;             /* rows of rejection_log; lock */
  gboolean refused_stale;                 /* a transaction failed: the ledger is read anew first; lock */
  GArray *staged;                         /* CasaStaged, of whoever has the lock */
  GArray *scratch, *merged, *bite;        /* CasaSample, of whoever has the lock */
  GArray *cuts;                           /* gint64, likewise */
  CasaBlockRoom room;                     /* likewise */

  _Atomic gint64 last_id, last_received;
  _Atomic guint event_revision;

  GThread *upkeep; /* owner: who starts and closes the store */
  pthread_mutex_t stop_lock;
  pthread_cond_t stop_cond; /* monotonic clock */
  gboolean stop;            /* stop_lock */
  gint checkpoint_asked;    /* atomic; set with stop_lock held, so that upkeep does not oversleep it */
};

/* store-file.c: the lock file, the connection, names beside the file, a file set aside under one. @word: "corrupt", say. */
int casa_store_file_lock(const char *path, GError **error);
/* Opens or creates the database. NULL on error. */
sqlite3 *casa_store_file_open(const CasaStoreOptions *options, GError **error);
/* A free name beside @path, with @word and the time in it. (transfer full) */
char *casa_store_file_beside(const char *path, const char *word);
/* Moves the file and its companions there; the new name, NULL on error. (transfer full) */
char *casa_store_file_set_aside(const char *path, const char *word, GError **error);

/* place.c, under the lock. Looks whether the file still is where it was, and puts it back if not. FALSE: that cannot be done,
 * and nothing is taken until it can. */
gboolean casa_store_keep_place(CasaStore *self, GError **error);
/* When a file has been opened. */
void casa_store_note_place(CasaStore *self);

/* connection.c; but for the lock itself, all under the lock. */
void casa_store_lock(CasaStore *self);
void casa_store_unlock(CasaStore *self); /* Ends casa_store_lock() */
/* Begins with a connection, which becomes the store's. */
void casa_store_use_file(CasaStore *self, sqlite3 *db);
/* Goes on with another one, to a file with the same rows. */
void casa_store_change_file(CasaStore *self, sqlite3 *db);
/* NULL when it cannot be prepared. */
sqlite3_stmt *casa_store_sql(CasaStore *self, guint which);
/* Text where it is text; bytes that are not UTF-8 stay bytes, so that nothing is lost and no reader chokes. */
void casa_store_bind_foreign(sqlite3_stmt *stmt, int i, const char *bytes, gsize len);
/* Keeps a reading transaction open, which makes the commits that follow cheaper. */
void casa_store_hold(CasaStore *self);
void casa_store_let_go(CasaStore *self); /* Ends the held transaction */
/* Runs a statement that is a writing transaction, or begins one; once more when only what is held stood in its way. */
gboolean casa_store_run(CasaStore *self, sqlite3_stmt *stmt);
gboolean casa_store_begin(CasaStore *self);  /* FALSE: SQLite said no */
gboolean casa_store_commit(CasaStore *self); /* FALSE: SQLite said no; casa_store_undo() then */
/* Words for what failed, then the transaction (if any) is undone. Always FALSE. */
gboolean casa_store_undo(CasaStore *self, const char *doing, GError **error);
/* Writes a number of table `meta`. FALSE: SQLite said no. */
gboolean casa_store_set_meta(CasaStore *self, const char *key, gint64 value);

/* load.c: once, when the file is open. */
gboolean casa_store_load(CasaStore *self, GError **error);

/* shares.c, under the lock. Weighs some blocks of series @series after block @key into the shares. *out_done: there are no
 * more. FALSE: SQLite said no. */
gboolean casa_store_weigh(CasaStore *self, guint series, gint64 *key, gboolean *out_done);
/* Whose oldest samples go next; NULL: nobody has any. */
CasaShare *casa_store_largest_share(CasaStore *self);
gboolean casa_store_is_of(CasaStore *self, guint series, const CasaShare *share); /* Whether it is a series of this source */
/* In a transaction: samples of @source before @floor may be gone from now on. casa_store_set_floor() when it is committed. */
gboolean casa_store_note_floor(CasaStore *self, const char *source, gint64 floor);
void casa_store_set_floor(CasaStore *self, const char *source, gint64 floor); /* as was noted */
/* load.c: the floors that the file has. FALSE: SQLite said no. */
gboolean casa_store_load_floors(CasaStore *self);

/* refusals.c, under the lock. What is in the file, into the ledger. FALSE: SQLite said no. */
gboolean casa_store_load_refused(CasaStore *self);
/* Lets go of refused messages beyond what there may be, some at once. @squeeze: the file is too large, so of all but the few
 * that are always kept. *out_more FALSE: none has to go any more. FALSE: SQLite said no. */
gboolean casa_store_expire_refused(CasaStore *self, gboolean squeeze, gboolean *out_more);

/* recent.c, under the lock. (element-type CasaRecent) (transfer full) */
GArray *casa_recents_new(void);
/* Valid until a series is added. */
CasaRecent *casa_store_recent(CasaStore *self, guint series);
/* Remembers a sequence number with its value; the oldest goes. */
void casa_seq_ring_add(CasaSeqRing *ring, gint64 seq, double value);
/* Whether it is remembered, with the same value. */
gboolean casa_seq_ring_has(const CasaSeqRing *ring, gint64 seq, double value);
/* deliveries.c. What is written for a @lag that fits, with the hash of its message. */
gint64 casa_delivery_lag(guint64 hash, gint64 lag);
gboolean casa_delivery_fits(gint64 lag); /* Whether a @lag can be written so */
/* Remembers the hash of a message that was stored, up to row @id of the journal; the oldest goes. */
void casa_deliveries_add(CasaDeliveries *self, guint64 hash, gint64 id);
gboolean casa_deliveries_has(const CasaDeliveries *self, guint64 hash); /* Whether it is remembered */
/* In a transaction, before a row of the journal leaves: what only the journal has of them goes into their table. FALSE: SQLite
 * said no. */
gboolean casa_store_save_deliveries(CasaStore *self);
/* The same, then a message that none of its samples' rows has room for. */
gboolean casa_store_save_delivery(CasaStore *self, guint64 hash);
/* When the file has been opened and self->sealed is known. FALSE: SQLite said no. */
gboolean casa_store_load_deliveries(CasaStore *self);
/* Sees to it that @recent has its ring. FALSE: SQLite said no. */
gboolean casa_store_load_ring(CasaStore *self, CasaRecent *recent, guint series);

/* station.c, under the lock. Adds the rows of stations and series the file does not have yet. In a transaction. */
gboolean casa_store_save_catalogue(CasaStore *self);
/* Whether @n stations, or series, are all that it may have. */
gboolean casa_store_is_full(CasaStore *self, guint n);

/* sealed.c: blocks of series @row (row id). All under the lock; writers in a transaction. FALSE: SQLite said no.
 * Block that begins last at or before @t_ms, or first @after it. */
gboolean casa_store_spot(CasaStore *self, gboolean after, gint64 row, gint64 t_ms, CasaSpot *out);
/* Appends the samples of a block to @into; of a damaged one nothing (and says so in the log). */
gboolean casa_store_load_block(CasaStore *self, gint64 key, GArray *into, gboolean *out_damaged);
/* The same, and removes the block; a damaged one is kept in table `damaged`. */
gboolean casa_store_take_block(CasaStore *self, gint64 key, GArray *into);
/* Writes blocks of at most @size samples. */
gboolean casa_store_write_blocks(CasaStore *self, gint64 row, const CasaSample *samples, guint n, guint size);
/* The sealed sample of this very time, if there is one. */
gboolean casa_store_find_sealed(CasaStore *self, gint64 row, gint64 t_ms, gboolean *out_found, double *out_value);
/* Says that row @id of the journal takes the place of the sample that a block has of this very time. */
gboolean casa_store_supersede(CasaStore *self, gint64 row, gint64 t_ms, gint64 id);
/* The newest sealed sample. */
gboolean casa_store_newest_sealed(CasaStore *self, gint64 row, gboolean *out_found, CasaSample *out);

/* replay.c: puts what is sealed back into the journal, for a new target that has acknowledged up to *out_acked. Under the
 * lock, in a transaction. */
gboolean casa_store_replay(CasaStore *self, gint64 *out_acked);

/* rollup.c: the hours that @added touches, in the transaction that wrote its blocks. @newest_t: time of the newest sample
 * that was in a block before, or G_MININT64. */
gboolean casa_store_reckon_hours(CasaStore *self, gint64 row, const CasaTail *added, gint64 newest_t);

/* seal-group.c: puts the first of @rows (in their order of time, at least one) into a block; *out_n: how many went there. Under
 * the lock, in a transaction. */
gboolean casa_store_seal_group(CasaStore *self, gint64 row, const CasaTail *rows, guint *out_n);
/* late.c, likewise: one step of putting the late samples of @series into their blocks, where they are many. *out_more: there
 * are more. When there are none, those up to store->late.limit need no block any more in this pass. */
gboolean casa_store_seal_late(CasaStore *self, guint series, gboolean *out_more);

/* upkeep.c: waits for its thread to end, if there is one. */
void casa_store_stop_upkeep(CasaStore *self);

/* seal.c, trim.c, retention.c: one step each, under the lock, in one transaction. *out_more FALSE: nothing is left to do.
 * @all: begins a pass even if little is unsealed. */
gboolean casa_store_seal_step(CasaStore *self, gboolean all, gboolean *out_more, GError **error);
/* Removes the oldest samples while the file is larger than it may be. */
gboolean casa_store_trim_step(CasaStore *self, gint64 now_ms, gboolean *out_more, GError **error);
/* Removes samples that are older than they may be. */
gboolean casa_store_retention_step(CasaStore *self, CasaRetentionPass *pass, gint64 now_ms, gboolean *out_more, GError **error);

G_END_DECLS
