/* SPDX-License-Identifier: Apache-2.0 */
/* For builds under ThreadSanitizer only, preloaded by ./check --tsan: GLib's GMutex, GCond and GOnce made of pthread's.
 * GLib's own are made of futexes in a library that is not instrumented, so ThreadSanitizer sees neither the lock nor the
 * order it makes, and calls what they guard a race. Built without the sanitizer, so that a shell or a broker that inherits
 * LD_PRELOAD can carry it. */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

/* There when the process runs under ThreadSanitizer. */
void __tsan_acquire(void *addr) __attribute__((weak));
void __tsan_release(void *addr) __attribute__((weak));

static void
must(int failed)
{
  if (failed)
    abort();
}

/* Places for locks: zeroed, which is how pthread's are born, and in static memory. Were they allocated or initialised at
 * first use, ThreadSanitizer would see that as a write by one thread, before any order, and every other thread's first
 * lock as a race with it. Never used twice, for the same reason. */
typedef union {
  pthread_mutex_t mutex;
  pthread_cond_t cond;
} Place;

static Place places[1 << 19]; /* pages that are not used cost nothing */
static guint n_places;

/* What the first pointer of a GMutex or GCond leads to; given at first use, for a zeroed one is a ready one. */
static gpointer
place_of(gpointer *slot)
{
  gpointer place = __atomic_load_n(slot, __ATOMIC_ACQUIRE), none = NULL;
  if (place)
    return place;
  guint i = __atomic_fetch_add(&n_places, 1, __ATOMIC_RELAXED);
  must(i >= G_N_ELEMENTS(places));
  place = &places[i];
  return __atomic_compare_exchange_n(slot, &none, place, FALSE, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ? place : none;
}

/* --- GMutex -------------------------------------------------------------------------------------------- */

void
g_mutex_init(GMutex *mutex)
{
  mutex->p = NULL;
}

/* Forgotten, not destroyed: its place is not used again. ThreadSanitizer takes a destruction for a write, and GLib orders
 * it after the last lock by a reference count that it cannot see (a main context that its worker thread woke). */
void
g_mutex_clear(GMutex *mutex)
{
  mutex->p = NULL;
}

void
g_mutex_lock(GMutex *mutex)
{
  must(pthread_mutex_lock(place_of(&mutex->p)));
}

void
g_mutex_unlock(GMutex *mutex)
{
  must(pthread_mutex_unlock(place_of(&mutex->p)));
}

gboolean
g_mutex_trylock(GMutex *mutex)
{
  return pthread_mutex_trylock(place_of(&mutex->p)) == 0;
}

/* --- GCond -------------------------------------------------------------------------------------------- */

void
g_cond_init(GCond *cond)
{
  cond->p = NULL;
}

void
g_cond_clear(GCond *cond)
{
  cond->p = NULL;
}

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
  must(pthread_cond_wait(place_of(&cond->p), place_of(&mutex->p)));
}

/* A zeroed pthread_cond_t goes by the wall clock. Nobody sets that during a test. */
gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
  gint64 end_us = g_get_real_time() + MAX(end_time - g_get_monotonic_time(), 0);
  struct timespec until = { .tv_sec = end_us / G_USEC_PER_SEC, .tv_nsec = end_us % G_USEC_PER_SEC * 1000 };
  return pthread_cond_timedwait(place_of(&cond->p), place_of(&mutex->p), &until) == 0;
}

void
g_cond_signal(GCond *cond)
{
  must(pthread_cond_signal(place_of(&cond->p)));
}

void
g_cond_broadcast(GCond *cond)
{
  must(pthread_cond_broadcast(place_of(&cond->p)));
}

/* --- Once: the reader's quick look is inlined where it is used; what it sees is told to ThreadSanitizer here ------------- */

static pthread_mutex_t once_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t once_changed = PTHREAD_COND_INITIALIZER;
/* Places that somebody is filling now, guarded by once_lock; a handful at most. */
static volatile void *filling[64];

static volatile void **
find_filling(volatile void *place)
{
  for (guint i = 0; i < G_N_ELEMENTS(filling); i++)
    if (filling[i] == place)
      return &filling[i];
  return NULL;
}

static void
leave(volatile void *place)
{
  must(pthread_mutex_lock(&once_lock));
  *find_filling(place) = NULL;
  must(pthread_cond_broadcast(&once_changed));
  must(pthread_mutex_unlock(&once_lock));
}

/* TRUE: the caller fills it. FALSE: it is filled. */
static gboolean
enter(volatile void *place, gboolean (*is_filled)(volatile void *place))
{
  must(pthread_mutex_lock(&once_lock));
  while (!is_filled(place) && find_filling(place))
    must(pthread_cond_wait(&once_changed, &once_lock));
  gboolean ours = !is_filled(place);
  if (ours) {
    volatile void **slot = find_filling(NULL);
    must(slot == NULL);
    *slot = place;
  }
  must(pthread_mutex_unlock(&once_lock));
  return ours;
}

static gboolean
is_set(volatile void *place)
{
  return __atomic_load_n((gsize *)place, __ATOMIC_ACQUIRE) != 0;
}

gboolean(g_once_init_enter)(volatile void *location)
{
  return enter(location, is_set);
}

void(g_once_init_leave)(volatile void *location, gsize result)
{
  if (__tsan_release)
    __tsan_release((void *)location);
  __atomic_store_n((gsize *)location, result, __ATOMIC_RELEASE);
  leave(location);
}

static gboolean
is_ready(volatile void *once)
{
  return __atomic_load_n(&((GOnce *)once)->status, __ATOMIC_ACQUIRE) == G_ONCE_STATUS_READY;
}

gpointer
g_once_impl(GOnce *once, GThreadFunc func, gpointer arg)
{
  if (enter(once, is_ready)) {
    once->retval = func(arg);
    if (__tsan_release)
      __tsan_release((void *)&once->status);
    __atomic_store_n(&once->status, G_ONCE_STATUS_READY, __ATOMIC_RELEASE);
    leave(once);
  } else if (__tsan_acquire) {
    __tsan_acquire((void *)&once->status);
  }
  return once->retval;
}
