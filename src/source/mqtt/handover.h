/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Where the client's threads hand over to ours, and where that ends. The library acknowledges a message when its callback
 * returns, whatever it returns: so a message that must not be acknowledged (it could not be stored, or nobody is there to
 * store it any more) is parked: its thread never comes back, and the broker sends it again to the next process. */
typedef struct _CasaHandover CasaHandover;

CasaHandover *casa_handover_new(void);
/* When a thread is parked in it, it is left to the end of the process. NULL is fine. */
void casa_handover_free(CasaHandover *self);

/* Around a message, on the client's thread, one at a time. Begin returns when the message may be handed on; with @refuse, or
 * after casa_handover_close(), never. End does not return unless @kept. */
void casa_handover_begin_message(CasaHandover *self, gboolean refuse);
void casa_handover_end_message(CasaHandover *self, gboolean kept);
/* A message is being handed on. Any thread. */
gboolean casa_handover_in_message(CasaHandover *self);

/* Around a word about the link, on the source's own thread. FALSE: it is no longer wanted, and there is nothing to end. */
gboolean casa_handover_begin_link(CasaHandover *self);
void casa_handover_end_link(CasaHandover *self);

/* The source's own thread: it has let go of the client. */
void casa_handover_done(CasaHandover *self);
/* Waits until that, until a message is parked (then it never comes), or @until_us (monotonic); and then, however long that
 * takes, for the message or the word that is being handed on. None is handed on afterwards. Returns whether it is done. */
gboolean casa_handover_close(CasaHandover *self, gint64 until_us);

G_END_DECLS
