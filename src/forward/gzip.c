/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/gzip.h"

#include <zlib.h>

#define WINDOW_BITS_GZIP (15 + 16) /* zlib.h: 16 more asks for a gzip header */

struct _CasaGzip {
  z_stream stream;
  GByteArray *out;
};

CasaGzip *
casa_gzip_new(void)
{
  CasaGzip *self = g_new0(CasaGzip, 1);

  if (deflateInit2(&self->stream, 1, Z_DEFLATED, WINDOW_BITS_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    g_free(self);
    return NULL;
  }
  self->out = g_byte_array_new();
  return self;
}

void
casa_gzip_free(CasaGzip *self)
{
  if (!self)
    return;
  deflateEnd(&self->stream);
  g_byte_array_unref(self->out);
  g_free(self);
}

const guint8 *
casa_gzip_pack(CasaGzip *self, const void *data, gsize len, gsize *out_len)
{
  deflateReset(&self->stream);
  g_byte_array_set_size(self->out, (guint)deflateBound(&self->stream, len));
  self->stream.next_in = (z_const Bytef *)data;
  self->stream.avail_in = (uInt)len;
  self->stream.next_out = self->out->data;
  self->stream.avail_out = self->out->len;
  /* deflateBound() bytes always hold the whole result, so one call ends the stream. */
  deflate(&self->stream, Z_FINISH);
  *out_len = self->stream.total_out;
  return self->out->data;
}
