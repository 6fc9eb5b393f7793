/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A gzip packer whose memory is reused from batch to batch. One thread at a time. */
typedef struct _CasaGzip CasaGzip;

CasaGzip *casa_gzip_new(void);       /* NULL: out of memory */
void casa_gzip_free(CasaGzip *self); /* NULL is fine */
/* Level 1: line protocol shrinks some eightfold already, and more effort would cost more than the wire.
 * Returns: (transfer none), valid until the next call. */
const guint8 *casa_gzip_pack(CasaGzip *self, const void *data, gsize len, gsize *out_len);

G_END_DECLS
