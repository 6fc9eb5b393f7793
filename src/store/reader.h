/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/store.h"

G_BEGIN_DECLS

/* A read-only connection. Use from one thread at a time; open one per worker. Reads never block ingest. */
typedef struct _CasaReader CasaReader;

/* Opens the store at @path. Errors: CASA_ERROR_STORE_… or CASA_ERROR_IO. (transfer full) */
CasaReader *casa_reader_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_reader_close(CasaReader *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaReader, casa_reader_close)

/* Whether the file was erased, moved or replaced under it. A store that runs puts it back within some seconds, and this
 * and the next read follow it there; until then reads give what the nameless file has. */
gboolean casa_reader_is_lost(CasaReader *self);
/* Gives back what it keeps for reading on: pages of the file, and what is in no block yet. For whoever has read much, and will
 * wait long; the next reading reads that again. */
void casa_reader_rest(CasaReader *self);
/* When samples were read last, monotonic microseconds (casa_clock_mono_us()); 0: never, or it has rested since. */
gint64 casa_reader_kept_since_us(const CasaReader *self);

/* What time it is for whoever writes the store, UTC milliseconds: the clock of a rehearsal is shifted (CASA_CLOCK_SHIFT), and a
 * command that is given in another terminal has no such variable. Where this program's own clock is shifted, that holds. */
gint64 casa_reader_now_ms(CasaReader *self);

/* All stations and series that the store has at this moment: for whoever reads it without writing. It does not follow what
 * comes later. NULL: as other reads. (transfer full) */
CasaCatalogue *casa_reader_catalogue(CasaReader *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One bucket of time: [t_ms, t_ms + width). n = 0 never appears: an absent bucket is a gap. For raw rows n = 1 and
 * min = max = mean = last. */
typedef struct {
  gint64 t_ms;
  guint n;
  double min, max, mean, last;
} CasaBucket;

/* Buckets of one series in [from, to), ascending, at most about @max_buckets: raw rows, or samples or
 * hours merged to a width that fits; exact at every moment, with what has just come. Where samples have expired: hours.
 * Returns: (element-type CasaBucket) (transfer full), never NULL on success. *out_width_ms 0 = raw rows. */
GArray *casa_reader_series(CasaReader *self, guint series, gint64 from_ms, gint64 to_ms, guint max_buckets,
                           gint64 *out_width_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Buckets of one series in [from, to), ascending, each @width_ms (>= 1000) wide and beginning at a multiple of it, from single
 * samples. Returns: (element-type CasaBucket) (transfer full), NULL on error. */
GArray *casa_reader_steps(CasaReader *self, guint series, gint64 from_ms, gint64 to_ms, gint64 width_ms,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  CASA_FOLD_MEAN, /* mean over stations of each bucket's mean */
  CASA_FOLD_SUM,  /* sum over stations of each bucket's mean (a city total). Buckets where fewer than 80 % of the
                   * stations seen in the range reported are left out: a partial sum is no total */
  CASA_FOLD_MAX,
  CASA_FOLD_MIN,
} CasaFold;

/* The same over all series of @metric in @domain whose station id begins with @prefix ("" = all) and whose source is
 * @source (NULL = all). bucket width @width_ms (>= 60000). */
GArray *casa_reader_fold(CasaReader *self, const char *source, const char *domain, const char *prefix, const char *metric,
                         gint64 from_ms, gint64 to_ms, gint64 width_ms, CasaFold fold,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Latest sample of every series, for a screen that opens. (element-type CasaLatest) (transfer full). */
typedef struct {
  guint series;
  gint64 t_ms, received_ms;
  double value;
} CasaLatest;
GArray *casa_reader_latest(CasaReader *self, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* NULL on error */

/* Gaps that touch [from, to). (element-type CasaGap). */
typedef struct {
  gint64 start_ms, end_ms;
} CasaGap;
/* (transfer full), NULL on error. */
GArray *casa_reader_gaps(CasaReader *self, gint64 from_ms, gint64 to_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When the broker last threw messages away that it had acknowledged, as far as `gap` knows; 0: never. FALSE: @error. */
gboolean casa_reader_dropped(CasaReader *self, gint64 *out_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Events that touch [from, to), by their start. An event that was ended early has that as its end; one without an end has
 * CASA_EVENT_OPEN; `over` is not set. (element-type CasaEvent) (transfer full) */
GArray *casa_reader_events(CasaReader *self, gint64 from_ms, gint64 to_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a citizen reported, as it is kept. */
typedef struct {
  CasaReport about; /* `withdrawn` is not set */
  gint64 received_ms;
  gboolean shown; /* the organiser lets the hall see it */
} CasaStoredReport;

/* Reports that the hall may see, or those that it may not, newest first, at most @max. (element-type CasaStoredReport)
 * (transfer full) */
GArray *casa_reader_reports(CasaReader *self, gboolean shown, guint max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Outbox rows with id > @after, at most @max. */
GArray *casa_reader_outbox(CasaReader *self, gint64 after, guint max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What one source sent that could not be used, for one reason code. */
typedef struct {
  char *source; /* "": the topic named none */
  char *code;
  guint n;          /* rows of `rejection`: messages, but with code "quota" one for ten seconds of them */
  gboolean more;    /* at least so many: not all were looked at */
  gint64 newest_ms; /* when the last of them arrived */
  char *reason;     /* of the last, in English */
  CasaReason
    why; /* the same to be told in another language: the first thing that was wrong with it; CASA_WHY_NONE: not known */
} CasaRefusal;
void casa_refusal_free(CasaRefusal *self); /* For a GPtrArray of CasaRefusal */

/* What arrived from @from_ms on and was refused below the topic root @root, newest first; of more than 20,000 messages, the
 * last so many. (element-type CasaRefusal) (transfer full) */
GPtrArray *casa_reader_refusals(CasaReader *self, const char *root, gint64 from_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One refused message, as it came. */
typedef struct {
  gint64 received_ms;
  char *topic;
  GBytes *payload;
  char *code, *reason; /* in English */
  CasaReason why;      /* the same to be told otherwise; CASA_WHY_NONE: not known */
} CasaRefusedMessage;

/* The newest refused messages of @source below @root, at most @max; @out_n: how many of the last 20,000 refusals of all are
 * its own and arrived from @from_ms on. (element-type CasaRefusedMessage) (transfer full) */
GPtrArray *casa_reader_refused_of(CasaReader *self, const char *root, const char *source, guint max, gint64 from_ms,
                                  guint *out_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Export: calls @each for every sample (or bucket, when @every_ms > 0) that matches the globs (NULL = all), ordered by
 * series then time. @each returns FALSE to stop. */
typedef struct {
  const char *source, *domain, *station, *metric; /* globs as in GPatternSpec; NULL = all */
  gint64 from_ms, to_ms;                          /* to exclusive */
  gint64 every_ms;                                /* 0 = raw */
} CasaExportQuery;
typedef struct {
  const char *source, *domain, *station, *metric;
  gint64 t_ms, received_ms;
  double value; /* mean when every_ms > 0 */
  double min, max;
  guint n;
} CasaExportRow;
typedef gboolean (*CasaExportFunc)(const CasaExportRow *row, gpointer data);
/* FALSE: SQLite failed; @error says why. A caller that stops is no error. */
gboolean casa_reader_export(CasaReader *self, const CasaExportQuery *query, CasaExportFunc each, gpointer data,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How far a copy is, in bytes; the whole is a guess. FALSE: break off. */
typedef gboolean (*CasaBackupFunc)(gint64 done, gint64 all, gpointer data);
/* Copies the store, as it is at this moment, into a new file @path, while others read and write it. Until it is whole and on
 * the disk it is called "@path.part". @each may be NULL. Errors: CASA_ERROR_IO (@path is there already, disk full, broken off)
 * and those of the store; then nothing is left. */
gboolean casa_reader_backup(CasaReader *self, const char *path, CasaBackupFunc each, gpointer data,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
