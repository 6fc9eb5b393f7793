/* SPDX-License-Identifier: Apache-2.0 */
/* For builds under ThreadSanitizer only, preloaded by ./check --tsan: GLib's GMutex, GCond and GOnce made of pthread's, and
 * GThreadPool and GAsyncQueue told of. GLib's own locks are made of futexes in a library that is not instrumented, so
 * ThreadSanitizer sees neither the lock nor the order it makes, and calls what they guard a race. Built without the
 * sanitizer, so that a shell or a broker that inherits LD_PRELOAD can carry it. */
#include <dlfcn.h>
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

/* --- Hand-overs: GLib takes its own locks, within itself, where nothing above is called ------------------------------- */

static void
acquire(void *place)
{
  if (__tsan_acquire)
    __tsan_acquire(place);
}

static void
release(void *place)
{
  if (__tsan_release)
    __tsan_release(place);
}

#define REAL(name) ((__typeof__(&name))real(#name))

static gpointer
real(const char *name)
{
  gpointer function = dlsym(RTLD_NEXT, name);
  must(!function);
  return function;
}

/* What a pool's user_data points to. Lives for ever: a pool that is not waited for runs on after its end. */
typedef struct {
  GFunc func;
  gpointer user_data;
} Pool;

/* What was pushed happens before it is worked on; what the work did happens before the end of a pool that is waited for. */
static void
work_cb(gpointer item, gpointer data)
{
  Pool *pool = data;

  acquire(pool);
  pool->func(item, pool->user_data);
  release(pool);
}

static Pool *
pool_new(GFunc func, gpointer user_data)
{
  Pool *pool = g_new0(Pool, 1);
  *pool = (Pool){ func, user_data };
  release(pool);
  return pool;
}

GThreadPool *
g_thread_pool_new(GFunc func, gpointer user_data, gint max_threads, gboolean exclusive, GError **error)
{
  return REAL(g_thread_pool_new)(work_cb, pool_new(func, user_data), max_threads, exclusive, error);
}

GThreadPool *
g_thread_pool_new_full(GFunc func, gpointer user_data, GDestroyNotify free_item, gint max_threads, gboolean exclusive,
                       GError **error)
{
  return REAL(g_thread_pool_new_full)(work_cb, pool_new(func, user_data), free_item, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push(GThreadPool *self, gpointer item, GError **error)
{
  release(self->user_data);
  return REAL(g_thread_pool_push)(self, item, error);
}

void
g_thread_pool_free(GThreadPool *self, gboolean immediate, gboolean wait)
{
  gpointer pool = self->user_data;

  release(pool);
  REAL(g_thread_pool_free)(self, immediate, wait);
  if (wait)
    acquire(pool);
}

void
g_async_queue_push(GAsyncQueue *self, gpointer item)
{
  release(self);
  REAL(g_async_queue_push)(self, item);
}

gpointer
g_async_queue_pop(GAsyncQueue *self)
{
  gpointer item = REAL(g_async_queue_pop)(self);
  acquire(self);
  return item;
}

gpointer
g_async_queue_try_pop(GAsyncQueue *self)
{
  gpointer item = REAL(g_async_queue_try_pop)(self);
  acquire(self);
  return item;
}

gpointer
g_async_queue_timeout_pop(GAsyncQueue *self, guint64 timeout_us)
{
  gpointer item = REAL(g_async_queue_timeout_pop)(self, timeout_us);
  acquire(self);
  return item;
}
