/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/backoff.h"
#include "forward/batch.h"
#include "forward/forwarder.h"
#include "forward/influx.h"
#include "store/reader.h"

#include <pthread.h>

G_BEGIN_DECLS

/* How quickly the forwarder goes about its work; tests make it hurry. 0 keeps the default. */
typedef struct {
  guint idle_ms;        /* between looks at an empty outbox: 250 */
  guint denied_ms;      /* between tries at a server that says no: 30000 */
  guint backoff_min_ms; /* 500 */
  guint backoff_max_ms; /* 30000 */
  guint rows;           /* of one batch at most: 10000 */
  guint total_ms;       /* one request at most: 30000 */
  guint proof_ms;       /* until a sample that was taken must be there to be read: 20000 */
  guint hold_ms;        /* until a forgetful server has on its disk what it took: 20000, twice the longest seen */
  guint review_ms;      /* between looks whether such a server was restarted: 5000 */
} CasaForwardPace;

void casa_forwarder_set_pace(CasaForwarder *self, const CasaForwardPace *pace); /* before start */

/* A batch that was taken and may yet be forgotten. */
typedef struct {
  gint64 at_us; /* when it was taken; monotonic */
  gint64 id;    /* of its last row */
  guint sent;   /* its rows that were counted as forwarded */
} CasaHeldBatch;

struct _CasaForwarder {
  CasaStore *store;       /* not owned; any thread */
  CasaCounters *counters; /* not owned; any thread */
  CasaInflux *influx;     /* NULL: forwarding is off. Forward thread, except casa_influx_cancel() */
  CasaForwardPace pace;   /* constant after start */
  char *secret_file;      /* of the token or password, NULL: none; constant */
  GThread *thread;        /* owner's thread only */

  /* forward thread only, after start */
  CasaReader *reader;
  CasaBatch *batch;
  GString *lines;
  CasaBackoff backoff;
  gint64 watermark;      /* last id acknowledged by the server */
  gint64 kept;           /* last id that the server cannot forget any more, acknowledged by the store; <= watermark */
  GArray *held;          /* CasaHeldBatch: what lies between kept and watermark, oldest first */
  char *birth;           /* of a forgetful server, "" while it is not known */
  gint64 next_review_us; /* monotonic */
  gint64 put_aside;      /* up to this id, what is refused was put aside already: it is being sent again */
  gint64 seen_empty;     /* nothing waited up to this id: ids have holes where samples were replaced or aged out */
  guint rows;            /* of a batch at most */
  guint nameless_looks;
  gboolean prepared;      /* the database was created, or that was refused; and what is written there is kept */
  gboolean unproved;      /* prepared, but nothing can be read back there */
  gboolean proved;        /* the server took a line since this batch began */
  guint sent, refused;    /* rows of this batch with a verdict */
  gboolean one_too_large; /* a single sample of this batch was too large for the server */

  /* POSIX's and not GLib's: those are made of futexes inside the library, where ThreadSanitizer cannot see them. */
  pthread_mutex_t lock;
  pthread_cond_t changed;   /* on the monotonic clock */
  gboolean stopping, ended; /* guarded by lock */
  gint64 deadline_us;       /* guarded by lock; monotonic */
  CasaForwardStatus status; /* guarded by lock */
};

/* --- forwarder-wait.c; forward thread, but for wait_until --- */

/* With the lock held; @until_us as g_get_monotonic_time(). May return early. */
void casa_forwarder_wait_until(CasaForwarder *self, gint64 until_us);
/* Sets what casa_forwarder_read() gives; takes the lock. */
void casa_forwarder_set_status(CasaForwarder *self, CasaForwardState state, const char *format, ...) G_GNUC_PRINTF(3, 4);
void casa_forwarder_say_ok(CasaForwarder *self);        /* The same, when all is well */
void casa_forwarder_count_pending(CasaForwarder *self); /* Counts anew how many samples wait */
/* Whether there is no time left, not even for one more try. */
gboolean casa_forwarder_must_end(CasaForwarder *self);
/* These sleep, keeping the count of waiting samples fresh. FALSE: somebody wants the thread to end. */
gboolean casa_forwarder_pause(CasaForwarder *self, guint ms);
/* Sleeps also while the thread is to end, as long as there is time. FALSE: there is none left. */
gboolean casa_forwarder_rest(CasaForwarder *self, guint ms);
/* After a failure that may pass; @why: for people. */
gboolean casa_forwarder_pause_retrying(CasaForwarder *self, guint at_least_ms, const char *why);
/* After a refusal that needs a human; @why: for people. */
gboolean casa_forwarder_pause_denied(CasaForwarder *self, const char *why);

/* --- forwarder-greet.c; forward thread --- */

/* Creates the database where that is ours to do, then writes a sample of its own and reads it back: a server that says
 * 204 and keeps nothing is DENIED, with words. OK once it was done. */
CasaWriteResult casa_forwarder_prepare(CasaForwarder *self, guint *retry_after_ms, GError **error);
/* The same until it is done, or somebody wants the thread to end. */
void casa_forwarder_greet(CasaForwarder *self);

/* --- forwarder-hold.c; forward thread --- */

/* Moves the place in the store to @id. FALSE only when told to end. */
gboolean casa_forwarder_note_place(CasaForwarder *self, gint64 id);
/* The same, at once or, where the server may yet forget what it took, by casa_forwarder_review() later. */
gboolean casa_forwarder_hold(CasaForwarder *self, gint64 id);
/* From time to time: looks whether a forgetful server was restarted, and goes back to what it may have forgotten. */
void casa_forwarder_review(CasaForwarder *self);
/* At the end of a forwarder that had its time. */
void casa_forwarder_release_all(CasaForwarder *self);

/* --- forwarder-deliver.c; forward thread --- */

/* Puts one sample aside, durably. FALSE only when told to end. */
gboolean casa_forwarder_quarantine(CasaForwarder *self, const CasaBatchItem *item, const char *line, const char *reason);
/* Gives every item of the batch its verdict and counts it in sent or refused. FALSE: told to end before that. */
gboolean casa_forwarder_settle_batch(CasaForwarder *self);

G_END_DECLS
