/* SPDX-License-Identifier: Apache-2.0 */
#include "series/hub.h"
#include <pthread.h>
#include <string.h>

#define SIZE_SMALL 1024 /* samples: the room that it begins with, and keeps when it is empty */

/* The lock is only ever held for a copy within memory, so neither side waits on the other's work. POSIX's and not GLib's
 * mutex: GLib's is made of futexes inside the library, where ThreadSanitizer cannot see it. */
struct _CasaHub {
  pthread_mutex_t lock;
  CasaLive *ring;  /* guarded by lock; NULL: none now */
  guint size;      /* guarded by lock: that it has room for */
  guint capacity;  /* constant: the most that it may have room for */
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

/* A backlog fills megabytes; a screen that keeps up leaves some hundred samples. */
static void
make_room(CasaHub *self)
{
  const guint size = self->size > self->capacity / 2 ? self->capacity : MIN(self->capacity, MAX(SIZE_SMALL, self->size * 2));
  CasaLive *ring = g_new(CasaLive, size);
  const guint straight = MIN(self->length, self->size - self->head);

  if (self->length > 0) {
    memcpy(ring, self->ring + self->head, straight * sizeof *ring);
    memcpy(ring + straight, self->ring, (self->length - straight) * sizeof *ring);
  }
  g_free(self->ring);
  self->ring = ring;
  self->size = size;
  self->head = 0;
}

guint
casa_hub_push(CasaHub *self, const CasaLive *live)
{
  guint dropped = 0;
  pthread_mutex_lock(&self->lock);
  if (!self->closed) {
    if (self->length == self->capacity) {
      self->head = (self->head + 1) % self->size;
      self->length--;
      dropped = 1;
    } else if (self->length == self->size) {
      make_room(self);
    }
    /* 64 bits: head + length may pass G_MAXUINT for a huge capacity. */
    self->ring[((guint64)self->head + self->length) % self->size] = *live;
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
  const guint straight = MIN(n, self->size - self->head);
  if (n > 0) {
    memcpy(out, self->ring + self->head, straight * sizeof *out);
    memcpy(out + straight, self->ring, (n - straight) * sizeof *out);
    self->head = (guint)(((guint64)self->head + n) % self->size);
    self->length -= n;
    if (self->length == 0 && self->size > SIZE_SMALL) {
      g_clear_pointer(&self->ring, g_free);
      self->size = self->head = 0;
    }
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
