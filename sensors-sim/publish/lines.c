/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sink.h"

#define FULL_BYTES 65536 /* written in one go: a system call per line would cost more than the simulation */

typedef struct {
  CasaSimSink sink;
  int fd;
  GString *buffer;
  gboolean broken, failed; /* nobody takes any more; and that is an error */
} Lines;

static gboolean
flush(Lines *self)
{
  gsize done = 0;
  while (!self->broken && done < self->buffer->len) {
    gssize n = write(self->fd, self->buffer->str + done, self->buffer->len - done);
    if (n >= 0) {
      done += (gsize)n;
    } else if (errno != EINTR) {
      self->broken = TRUE;
      self->failed = errno != EPIPE; /* `casa-sim --stdout | head` is no error */
      if (self->failed)
        g_printerr("casa-sim: cannot write to standard output: %s\n", g_strerror(errno));
    }
  }
  g_string_truncate(self->buffer, 0);
  return !self->broken;
}

static gboolean
send_line(CasaSimSink *sink, const char *topic, const GString *payload, guint n_values)
{
  Lines *self = (Lines *)sink;
  g_string_append(self->buffer, topic);
  g_string_append_c(self->buffer, '\t');
  g_string_append_len(self->buffer, payload->str, (gssize)payload->len);
  g_string_append_c(self->buffer, '\n');
  return self->buffer->len < FULL_BYTES || flush(self);
}

static gboolean
finish_lines(CasaSimSink *sink)
{
  Lines *self = (Lines *)sink;
  flush(self);
  return !self->failed;
}

CasaSimSink *
casa_sim_lines_new(int fd)
{
  Lines *self = g_new0(Lines, 1);
  self->sink.send = send_line;
  self->sink.finish = finish_lines;
  self->fd = fd;
  self->buffer = g_string_sized_new(FULL_BYTES + 4096);
  return &self->sink;
}

void
casa_sim_lines_free(CasaSimSink *sink)
{
  Lines *self = (Lines *)sink;
  if (!self)
    return;
  g_string_free(self->buffer, TRUE);
  g_free(self);
}
