/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/reader-wait.h"
#include <errno.h>

void
casa_reader_wait_init(pthread_cond_t *wake)
{
  pthread_condattr_t monotonic;

  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(wake, &monotonic);
  pthread_condattr_destroy(&monotonic);
}

void
casa_reader_wait(CasaReader *reader, gint64 patience_us, pthread_cond_t *wake, pthread_mutex_t *lock)
{
  const gint64 read_us = reader ? casa_reader_kept_since_us(reader) : 0, due_us = read_us + patience_us;
  const struct timespec due = { .tv_sec = due_us / G_USEC_PER_SEC, .tv_nsec = due_us % G_USEC_PER_SEC * 1000 };

  if (read_us == 0) {
    pthread_cond_wait(wake, lock);
  } else if (pthread_cond_timedwait(wake, lock, &due) == ETIMEDOUT) {
    pthread_mutex_unlock(lock);
    casa_reader_rest(reader);
    pthread_mutex_lock(lock);
  }
}
