/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/influx.h"

G_BEGIN_DECLS

/* Before a server is trusted with data: the database is there, and what it takes it keeps. The forwarder and `casa doctor`
 * put it to the same trial. One thread. */
typedef struct {
  guint within_ms; /* until a sample that was taken must be there to be read */
  /* Sleeps between looks; FALSE: there is no time for another. NULL: only sleeps. */
  gboolean (*rest)(guint ms, gpointer data);
  gpointer data;
} CasaInfluxTrial;

/* Creates the database where that is ours to do, writes a sample of its own (CASA_INFLUX_CHECK) and reads it back. OK: it was
 * there or, with *@out_unread, nothing can be read there. DENIED: it says 204 and keeps nothing, or refuses even that
 * sample. Errors and @retry_after_ms as casa_influx_write(). */
CasaWriteResult casa_influx_try(CasaInflux *influx, const CasaInfluxTrial *trial, gboolean *out_unread, guint *retry_after_ms,
                                GError **error);

G_END_DECLS
