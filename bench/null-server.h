/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A process that takes whatever is POSTed to it and answers 204: what sending costs when receiving costs nothing. */
typedef struct _Sink NullServer;

NullServer *null_server_new(void); /* forks: call it before any thread is started */
void null_server_free(NullServer *self);
const char *null_server_address(NullServer *self); /* http://127.0.0.1:port */

G_END_DECLS
