/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A process that takes whatever is POSTed to it and answers 204: what sending costs when receiving costs nothing. */
typedef struct _Sink Sink;

Sink *sink_new(void); /* forks: call it before any thread is started */
void sink_free(Sink *self);
const char *sink_address(Sink *self); /* http://127.0.0.1:port */

G_END_DECLS
