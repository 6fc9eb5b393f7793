/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Of the messages handed over with send(). */
typedef struct {
  guint64 acked, refused;
  guint in_flight; /* not yet answered */
} CasaSimSinkCounts;

typedef gboolean (*CasaSimAnswerFunc)(const char *answer, gpointer data);

/* Where messages go: to a broker, or to standard output. Simulation thread only. */
typedef struct _CasaSimSink CasaSimSink;
struct _CasaSimSink {
  /* Hands over one message of @n_values values; may block. FALSE: no more can be taken, end the run. @topic outlives the
   * sink; @payload is copied. */
  gboolean (*send)(CasaSimSink *self, const char *topic, const GString *payload, guint n_values);
  /* Lets time pass until the monotonic clock shows @until_us (or a stop is asked for). NULL: never waits. */
  void (*wait)(CasaSimSink *self, gint64 until_us);
  /* Publishes retained, now and at every later connection, in place of what @topic had; an empty payload clears it. For what a
   * station is, where that becomes known in the middle of a run, and for events. Copies both. NULL: send() does. */
  gboolean (*announce)(CasaSimSink *self, const char *topic, const GString *payload);
  /* What became of them so far. NULL: there is no answer to count. */
  void (*counts)(CasaSimSink *self, CasaSimSinkCounts *out);
  /* Topic of an event of ours that the broker still retained when we connected, or NULL (transfer full). NULL: it has none. */
  char *(*take_leftover)(CasaSimSink *self);
  /* Puts @question to the keeper of the store and waits some seconds for @is_answer to take what comes back (it may be somebody
   * else's: FALSE, wait on). FALSE: nobody answered. NULL: there is nobody to ask. */
  gboolean (*ask_store)(CasaSimSink *self, const char *question, CasaSimAnswerFunc is_answer, gpointer data);
  /* The run is to end when the monotonic clock shows @end_us: where the broker is away then, it is not waited for any more.
   * NULL: never waits. */
  void (*set_end)(CasaSimSink *self, gint64 end_us);
  /* A command that came in, or NULL (transfer full); and the answer to it. NULL: takes none. */
  char *(*take_command)(CasaSimSink *self);
  void (*answer)(CasaSimSink *self, const GString *reply);
  /* Everything handed over has arrived, or cannot. FALSE: it cannot, or nobody was ever there to take it. */
  gboolean (*finish)(CasaSimSink *self);
};

/* Prints `topic<TAB>payload` lines to file descriptor @fd. Free with casa_sim_lines_free() after finish(). */
CasaSimSink *casa_sim_lines_new(int fd);
void casa_sim_lines_free(CasaSimSink *self); /* NULL is fine */

/* Set by SIGINT and SIGTERM, once casa_sim_stop_on_signals() was called; by tests through casa_sim_stop_request(). */
void casa_sim_stop_on_signals(void);
void casa_sim_stop_request(void);       /* As if a signal had come */
gboolean casa_sim_stop_requested(void); /* Whether it is time to end. Any thread. */

G_END_DECLS
