/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/error.h"
#include "store/catalogue.h"
#include "wire/event.h"
#include "wire/report.h"
#include "wire/reading.h"

G_BEGIN_DECLS

/* The journal: one SQLite file in WAL mode, one connection that writes (this one), any number that read.
 * Samples are appended in arrival order (table `sample`), and later sealed into packed blocks of one series (table `block`).
 * Everything else is a cursor over that order: how far it is sealed, how far each target has it. Stable views:
 * docs/STORE.md. */

typedef struct _CasaStore CasaStore;

typedef struct {
  const char *path;    /* created with its folders when absent */
  gint64 retention_ms; /* raw samples; 0 = for ever */
  gint64 max_size;     /* bytes that the file may use; above it old things go, see docs/STORE.md; 0 = no limit */
  gboolean power_safe; /* synchronous=FULL instead of NORMAL */
  guint max_series;    /* further series are refused ("series-limit"); 0 = no limit */
  const char *root;    /* of the topics: the level after it says whose a refused message is; NULL: nobody's */
  const char *own;     /* the city's source, whose samples go last; NULL: none */
} CasaStoreOptions;

/* Opens or creates, migrates by numbered steps, loads the catalogue. A corrupt file is renamed
 * "<path>.corrupt-<UTC time>" (with its -wal and -shm), a fresh one is begun, and *out_set_aside (transfer full) names
 * it; never deleted. Errors: CASA_ERROR_STORE_NEWER, CASA_ERROR_STORE_BUSY (another casa writes it: lock file
 * "<path>.lock", flock), CASA_ERROR_IO; messages name the path. */
CasaStore *casa_store_open(const CasaStoreOptions *options, char **out_set_aside, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Checkpoints and closes. NULL is fine. */
void casa_store_close(CasaStore *self);

/* The shared catalogue, owned by the store. */
CasaCatalogue *casa_store_catalogue(CasaStore *self);
const char *casa_store_path(CasaStore *self); /* Where the store is. (transfer none) */

/* What one put did. @series[i] is the id of @fields[i], @is_fresh[i] whether it was new or changed. */
typedef struct {
  guint fresh, duplicates, refused; /* fields; refused: over max_series, or a time before 1830 or after 2109 */
  guint series[CASA_FIELDS_MAX];
  gboolean is_fresh[CASA_FIELDS_MAX];
} CasaPut;

/* Writers below: any thread, serialised by the store's lock; durable (committed) when they return TRUE. FALSE with
 * CASA_ERROR_STORE_… or CASA_ERROR_IO: nothing of the call is stored (disk full…); the caller may try again.
 *
 * Same series and time again: same value is a duplicate; another value replaces the old one (last wins). A seq that the
 * station already used (and is not older than its restart, i.e. seq 0/1) with the same time is a duplicate. */
gboolean casa_store_put_reading(CasaStore *self, const CasaReading *reading, gint64 received_ms, CasaPut *out,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What became of a value. */
typedef enum {
  CASA_FATE_FRESH,     /* new, or other than what was stored of its series and time */
  CASA_FATE_DUPLICATE, /* stored already */
  CASA_FATE_REFUSED,   /* as in CasaPut */
} CasaFate;

typedef struct {
  guint series; /* G_MAXUINT: refused */
  CasaFate fate;
} CasaPutField;

typedef struct {
  guint fresh, duplicates, refused; /* values: together all of them */
  GArray *fields; /* CasaPutField of all fields of all readings, in their order; the caller's, cleared first */
} CasaPutResult;

/* How a message came, for values without a time and a seq of their own, which only this can tell from others. */
typedef struct {
  gboolean retained;    /* kept by the broker: stored only when it is the first that is known of its series */
  gboolean redelivered; /* perhaps stored before: the same if its hash is among the last CASA_DELIVERIES of those */
  guint64 hash;         /* of topic and payload; 0: it cannot be delivered twice */
} CasaDelivery;

/* How many deliveries are remembered: more than a broker has in flight (config/mosquitto.conf allows 200). */
#define CASA_DELIVERIES 512

/* All readings of one message, in one transaction: all that is fresh is stored, or nothing. @delivery NULL: it can come only
 * once. The same series and time twice in a message is as if it came in two. */
gboolean casa_store_put_readings(CasaStore *self, const CasaReading *readings, guint n, const CasaDelivery *delivery,
                                 gint64 received_ms, CasaPutResult *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *out_changed FALSE: it said nothing new. */
gboolean casa_store_put_descriptor(CasaStore *self, const CasaDescriptor *descriptor, gint64 received_ms, gboolean *out_changed,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps a refused message: topic and payload as they came (payload cut at 8 KiB), @code and @reason of why; @args the same as
 * JSON (an array of casa_reason_append_json()), NULL: not known. The newest 100,000 are kept. */
gboolean casa_store_put_rejection(CasaStore *self, gint64 received_ms, const char *topic, gsize topic_len, const void *payload,
                                  gsize len, const char *code, const char *reason, const char *args,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From when to when readings may be missing, and why ("broker lost", "session lost", "program not running"). */
#define CASA_GAP_DROPPED "the broker dropped" /* how the @cause of a gap begins that is the broker's fault */
gboolean casa_store_put_gap(CasaStore *self, gint64 start_ms, gint64 end_ms, const char *cause,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Numbers to be found again at the next start, by name. */
#define CASA_META_CLOCK_SHIFT "clock_shift_ms" /* of these: how far the clock of whoever writes is shifted for a rehearsal */
gboolean casa_store_put_number(CasaStore *self, const char *key, gint64 value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE: there is none of that name, or it cannot be read. */
gboolean casa_store_get_number(CasaStore *self, const char *key, gint64 *out);

/* What an `$event` message said. *out_changed FALSE: nothing new. An event that is over ends at @received_ms, unless its
 * planned end came before. The newest 100,000 are kept. */
gboolean casa_store_put_event(CasaStore *self, const CasaEvent *event, gint64 received_ms, gboolean *out_changed,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a `$report` message said. *out_changed FALSE: nothing new. Of a source the newest 500 are kept, 20,000 in all. A report
 * whose words or place change is hidden again until the organiser has seen it. */
gboolean casa_store_put_report(CasaStore *self, const CasaReport *report, gint64 received_ms, gboolean *out_changed,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The organiser shows a report to the hall, or hides it again. One that is gone: nothing happens. */
gboolean casa_store_show_report(CasaStore *self, const char *source, const char *id, gboolean shown,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A number that grows with every change of an event, so that a reader asks the file only then. Any thread. */
guint casa_store_event_revision(CasaStore *self);

/* Newest received_ms in the store, 0 when empty: where a gap begins after a restart. */
gint64 casa_store_last_received(CasaStore *self);

/* --- Outbox: samples after the forwarder's watermark, in arrival order. --- */
typedef struct {
  gint64 id; /* arrival order */
  guint series;
  gint64 t_ms;
  double value;
} CasaOutboxRow;

/* Registers forwarding to @target (a name such as the URL without secrets): a new target starts at the oldest sample
 * kept, and what is sealed is put back into the journal for it (about a second for each 500,000 samples, once). For a
 * known target the quarantined lines after its watermark are deleted, because their samples are sent again. Returns the
 * watermark (last acknowledged id), or -1 on error. */
gint64 casa_store_outbox_open(CasaStore *self, const char *target, GError **error);
/* Moves the watermark of @target to @id, durably. */
gboolean casa_store_outbox_ack(CasaStore *self, const char *target, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps a line that Influx refuses for good (table `quarantine`), so that it never blocks the rest. */
gboolean casa_store_quarantine(CasaStore *self, const char *target, gint64 id, const char *line, const char *reason,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Highest sample id stored so far. Cheap. Any thread. */
gint64 casa_store_last_id(CasaStore *self);

/* --- Upkeep: sealing, hours, retention, checkpoint; a thread of the store's own runs it every few seconds in short steps so
 * that ingest never waits long. casa_store_upkeep() does all that is due at once (tests, imports). */
void casa_store_start_upkeep(CasaStore *self);
/* @now_ms: wall clock. FALSE: @error says why; what was done stays. */
gboolean casa_store_upkeep(CasaStore *self, gint64 now_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for who must end in time: begins no step more after @at_most_us microseconds. What is left stays readable as it is,
 * and is done after the next start; *@out_left says whether there is any. */
gboolean casa_store_upkeep_for(CasaStore *self, gint64 now_ms, gint64 at_most_us, gboolean *out_left,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
