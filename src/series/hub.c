/* SPDX-License-Identifier: Apache-2.0 */
#include "series/hub.h"
#include <pthread.h>
#include <string.h>

/* The lock is only ever held for a copy within memory, so neither side waits on the other's work. POSIX's and not GLib's
 * mutex: GLib's is made of futexes inside the library, where ThreadSanitizer cannot see it. */
struct _CasaHub {
  pthread_mutex_t lock;
  CasaLive *ring;  /* guarded by lock */
  guint capacity;  /* constant */
  guint head;      /* oldest; guarded by lock */
  guint length;    /* guarded by lock */
  gboolean closed; /* guarded by lock */
};

CasaHub *
casa_hub_new(guint capacity)
{
  CasaHub *self = g_new0(CasaHub, 1);
  pthread_mutex_init(&self->lock, NULL);
  self->capacity = MAX(capacity, 1);
  self->ring = g_new(CasaLive, self->capacity);
  return self;
}

void
casa_hub_free(CasaHub *self)
{
  if (self == NULL)
    return;
  pthread_mutex_destroy(&self->lock);
  g_free(self->ring);
  g_free(self);
}

guint
casa_hub_push(CasaHub *self, const CasaLive *live)
{
  guint dropped = 0;
  pthread_mutex_lock(&self->lock);
  if (!self->closed) {
    if (self->length == self->capacity) {
      self->head = (self->head + 1) % self->capacity;
      self->length--;
      dropped = 1;
    }
    /* 64 bits: head + length may pass G_MAXUINT for a huge capacity. */
    self->ring[((guint64)self->head + self->length) % self->capacity] = *live;
    self->length++;
  }
  pthread_mutex_unlock(&self->lock);
  return dropped;
}

guint
casa_hub_drain(CasaHub *self, CasaLive *out, guint max)
{
  pthread_mutex_lock(&self->lock);
  const guint n = MIN(self->length, max);
  const guint straight = MIN(n, self->capacity - self->head);
  if (n > 0) {
    memcpy(out, self->ring + self->head, straight * sizeof *out);
    memcpy(out + straight, self->ring, (n - straight) * sizeof *out);
    self->head = (guint)(((guint64)self->head + n) % self->capacity);
    self->length -= n;
  }
  pthread_mutex_unlock(&self->lock);
  return n;
}

void
casa_hub_close(CasaHub *self)
{
  pthread_mutex_lock(&self->lock);
  self->closed = TRUE;
  pthread_mutex_unlock(&self->lock);
}
