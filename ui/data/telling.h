/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* How a worker thread lets its owner know of answers: a callback in the owner's loop, due once however many answers there
 * are. Both guard *@telling (NULL: none is due) by a lock of their own, held around each call but the last. */

/* Makes @func due in @context unless it is; it must call casa_telling_done() before it returns, and remove itself. */
void casa_telling_due(GSource **telling, GMainContext *context, GSourceFunc func, gpointer data);
void casa_telling_done(GSource **telling); /* In the callback: the next answer makes it due again */
void casa_telling_end(GSource **telling);  /* By the owner, when no worker runs any more: it is never called again */

G_END_DECLS
