/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Which refused messages are kept: how many rows and bytes each source has in `rejection_log`, and whose oldest goes when there
 * are too many. A source never loses a row to another one that has more. Pure: ids and numbers only, no file. One thread at a
 * time. */
typedef struct _CasaRefusedLedger CasaRefusedLedger;

#define CASA_REFUSED_ROWS 100000              /* of all */
#define CASA_REFUSED_BYTES (64 * 1000 * 1000) /* of all */
#define CASA_REFUSED_SHARE 4                  /* one source has a fourth of either at most */
#define CASA_REFUSED_SOURCES 1024             /* those beyond share one account, with those who name none */

/* @root: of the topics; the level after it is the source. NULL: all have one account. */
CasaRefusedLedger *casa_refused_new(const char *root);
void casa_refused_free(CasaRefusedLedger *self); /* NULL is fine */

/* A row was added; ids rise. @bytes: of its topic, payload and words. */
void casa_refused_add(CasaRefusedLedger *self, const char *topic, gsize topic_len, gint64 id, gsize bytes);
/* The row that has to go for there to be @max_bytes at most (and CASA_REFUSED_ROWS), of one source and of all; it is out of the
 * account at once. FALSE: none has to. */
gboolean casa_refused_take(CasaRefusedLedger *self, gint64 max_bytes, gint64 *out_id);
gboolean casa_refused_is_over(const CasaRefusedLedger *self, gint64 max_bytes); /* Whether one has to */
void casa_refused_forget(CasaRefusedLedger *self);                              /* Every row: they will be added anew */

G_END_DECLS
