/* SPDX-License-Identifier: Apache-2.0 */
/* Two recorders that are wrong on purpose, so that the chaos check can be seen to fail. Linked into a test program only:
 * it takes the place of paho's MQTTAsync_setCallbacks() and puts itself between paho and the message callback.
 *
 * BREAK_HANDOFF: the message is handed to another thread and acknowledged at once; the commit comes later.
 * BREAK_RETURN0: at times the callback says "not now" (0), as one would with a store that is busy, trusting paho to bring
 * the message again: it does, from memory, and has acknowledged it meanwhile. */
#include <MQTTAsync.h>
#include <dlfcn.h>
#include <glib.h>

static MQTTAsync_messageArrived *real_cb;

typedef int SetCallbacks(MQTTAsync, void *, MQTTAsync_connectionLost *, MQTTAsync_messageArrived *,
                         MQTTAsync_deliveryComplete *);

#ifdef BREAK_HANDOFF

typedef struct {
  void *context;
  char *topic;
  int topic_len;
  MQTTAsync_message *message;
} Parcel;

static GAsyncQueue *parcels;

static gpointer
store_later(gpointer data)
{
  for (;;) {
    g_autofree Parcel *parcel = g_async_queue_pop(parcels);
    real_cb(parcel->context, parcel->topic, parcel->topic_len, parcel->message);
  }
  return NULL;
}

static int
broken_cb(void *context, char *topic, int topic_len, MQTTAsync_message *message)
{
  Parcel *parcel = g_new(Parcel, 1);
  *parcel = (Parcel){ context, topic, topic_len, message };
  g_async_queue_push(parcels, parcel);
  return 1;
}

static void
prepare(void)
{
  if (parcels)
    return;
  parcels = g_async_queue_new();
  g_thread_unref(g_thread_new("store-later", store_later, NULL));
}

#else

#define BUSY_EVERY 200 /* messages */
#define BUSY_US 5000

static int
broken_cb(void *context, char *topic, int topic_len, MQTTAsync_message *message)
{
  static gint64 busy_until_us;
  static guint taken;
  if (g_get_monotonic_time() < busy_until_us)
    return 0;
  if (++taken % BUSY_EVERY == 0)
    busy_until_us = g_get_monotonic_time() + BUSY_US;
  return real_cb(context, topic, topic_len, message);
}

static void
prepare(void)
{
}

#endif

int
MQTTAsync_setCallbacks(MQTTAsync handle, void *context, MQTTAsync_connectionLost *lost, MQTTAsync_messageArrived *arrived,
                       MQTTAsync_deliveryComplete *complete)
{
  SetCallbacks *real = (SetCallbacks *)dlsym(RTLD_NEXT, "MQTTAsync_setCallbacks");
  g_assert_nonnull(real);
  real_cb = arrived;
  prepare();
  return real(handle, context, lost, broken_cb, complete);
}
