/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Decides which messages may still be acknowledged. The MQTT library acknowledges a message when its callback returns, whatever
 * it returns. So a message that must not be acknowledged (it could not be stored, or nobody is there to store it any more) is
 * parked: its callback never returns, and the broker sends the message again to the next process. */
typedef struct _CasaAckGate CasaAckGate;

CasaAckGate *casa_ack_gate_new(void); /* Open: messages may be handed on. (transfer full) */
/* When a thread is parked in it, it is left to the end of the process. NULL is fine. */
void casa_ack_gate_free(CasaAckGate *self);

/* Around a message, on the client's thread, one at a time. Begin returns when the message may be handed on; with @refuse, or
 * after casa_ack_gate_close(), never. End does not return unless @kept. */
void casa_ack_gate_begin_message(CasaAckGate *self, gboolean refuse);
void casa_ack_gate_end_message(CasaAckGate *self, gboolean kept); /* @kept FALSE: parks the thread */
/* A message is being handed on. Any thread. */
gboolean casa_ack_gate_in_message(CasaAckGate *self);

/* Around a word about the link, on the source's own thread. FALSE: it is no longer wanted, and there is nothing to end. */
gboolean casa_ack_gate_begin_link(CasaAckGate *self);
void casa_ack_gate_end_link(CasaAckGate *self); /* Ends what casa_ack_gate_begin_link() began */

/* The source's own thread: it has let go of the client. */
void casa_ack_gate_done(CasaAckGate *self);
/* Waits until that, until a message is parked (then it never comes), or @until_us (monotonic); and then, however long that
 * takes, for the message or the word that is being handed on. None is handed on afterwards. Returns whether it is done. */
gboolean casa_ack_gate_close(CasaAckGate *self, gint64 until_us);

G_END_DECLS
