/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Decides whether the other side of a connection is still alive. It is given the time (monotonic), and leaves the asking to its
 * caller. One thread, except where it says any. */
typedef struct {
  gint64 heard_us;  /* atomic: the last sign of life */
  gint asking;      /* atomic: a question is open */
  gint64 looked_us; /* the last look */
  gint64 next_ask_us;
  gboolean silent;
} CasaLinkWatch;

typedef enum {
  CASA_WATCH_FINE,
  CASA_WATCH_SILENT, /* since 2.2 s (told once): within 3 s of the fault with a question a second */
  CASA_WATCH_BACK,   /* after a silence (told once) */
  CASA_WATCH_DEAD,   /* since 6 s: connect anew */
} CasaWatchVerdict;

void casa_link_watch_begin(CasaLinkWatch *self, gint64 now_us); /* a connection came up */
void casa_link_watch_heard(CasaLinkWatch *self, gint64 now_us); /* any thread */
gint64 casa_link_watch_heard_us(const CasaLinkWatch *self);     /* any thread: the last sign of life; 0: none yet */
void casa_link_watch_settle(CasaLinkWatch *self);               /* any thread: the question is no longer open */
/* @busy: a message is being stored, so an answer cannot be read; that silence is not counted. Nor is one during which this was
 * not called for a second (SIGSTOP, a closed lid). */
CasaWatchVerdict casa_link_watch_look(CasaLinkWatch *self, gint64 now_us, gboolean busy);
/* TRUE: a question is due, and from now on open. */
gboolean casa_link_watch_ask(CasaLinkWatch *self, gint64 now_us, gboolean busy);

G_END_DECLS
