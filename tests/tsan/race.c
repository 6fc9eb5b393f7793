/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads on one counter: `race locked` guards it with GLib's locks and must be quiet under ThreadSanitizer, `race bare`
 * must be reported. `race handed` hands everything over by GLib's pool and queue, without a lock of its own: quiet, too. */
#include <glib.h>
#include <string.h>

#define ROUNDS 1000

static GMutex lock; /* never initialised, as GLib allows */
static GCond changed;
static GOnce once = G_ONCE_INIT;
static gboolean locked;
static guint counter, finished;
static gint64 limit; /* written once, by whoever comes first */

static gpointer
make_limit(gpointer data)
{
  limit = ROUNDS;
  return &limit;
}

static gint64
read_start(void)
{
  static gsize ready;
  static gint64 start;
  if (g_once_init_enter(&ready)) {
    start = 1;
    g_once_init_leave(&ready, 1);
  }
  return start;
}

static gpointer
count(gpointer data)
{
  const gint64 *until = g_once(&once, make_limit, NULL);
  for (gint64 i = read_start(); i <= *until; i++) {
    if (locked)
      g_mutex_lock(&lock);
    counter++;
    if (locked)
      g_mutex_unlock(&lock);
  }
  g_mutex_lock(&lock);
  finished++;
  g_cond_signal(&changed);
  g_mutex_unlock(&lock);
  return NULL;
}

static void
work(gpointer item, gpointer answers)
{
  gint64 *number = item;
  counter++; /* one thread at a time works here */
  *number += 1;
  g_async_queue_push(answers, number);
}

static gboolean
hand_over(void)
{
  GAsyncQueue *answers = g_async_queue_new_full(g_free);
  GThreadPool *pool = g_thread_pool_new(work, answers, 1, FALSE, NULL);
  gint64 sum = 0;

  for (gint64 i = 0; i < ROUNDS; i++) {
    gint64 *number = g_new(gint64, 1);
    *number = i;
    g_thread_pool_push(pool, number, NULL);
  }
  for (gint64 i = 0; i < ROUNDS; i++) {
    gint64 *number = g_async_queue_pop(answers);
    sum += *number;
    g_free(number);
  }
  g_thread_pool_free(pool, FALSE, TRUE);
  g_async_queue_unref(answers);
  return counter == ROUNDS && sum == ROUNDS * (ROUNDS + 1) / 2;
}

int
main(int argc, char **argv)
{
  if (argc == 2 && strcmp(argv[1], "handed") == 0)
    return hand_over() ? 0 : 1;
  locked = argc == 2 && strcmp(argv[1], "locked") == 0;
  GThread *a = g_thread_new("a", count, NULL), *b = g_thread_new("b", count, NULL);
  gint64 deadline = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  g_mutex_lock(&lock);
  while (finished < 2 && g_cond_wait_until(&changed, &lock, deadline))
    ;
  gboolean done = finished == 2 && (!locked || counter == 2 * ROUNDS);
  g_mutex_unlock(&lock);
  g_thread_join(a);
  g_thread_join(b);
  return done ? 0 : 1;
}
