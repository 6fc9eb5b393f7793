/* SPDX-License-Identifier: Apache-2.0 */
#include "series/hub.h"

static guint
push(CasaHub *hub, guint series)
{
  return casa_hub_push(hub, &(CasaLive){ .series = series, .t_ms = series, .value = series });
}

static void
test_order(void)
{
  CasaHub *hub = casa_hub_new(4);
  CasaLive out[8];
  g_assert_cmpuint(casa_hub_drain(hub, out, 8), ==, 0);
  /* Several turns around the ring, so that its end falls within a drain. */
  for (guint round = 0; round < 5; round++) {
    for (guint i = 0; i < 3; i++)
      g_assert_cmpuint(push(hub, round * 3 + i), ==, 0);
    g_assert_cmpuint(casa_hub_drain(hub, out, 2), ==, 2);
    g_assert_cmpuint(casa_hub_drain(hub, out + 2, 8), ==, 1);
    for (guint i = 0; i < 3; i++)
      g_assert_cmpuint(out[i].series, ==, round * 3 + i);
  }
  casa_hub_free(hub);
}

static void
test_overload_drops_oldest(void)
{
  CasaHub *hub = casa_hub_new(3);
  CasaLive out[4];
  guint dropped = 0;
  for (guint i = 0; i < 10; i++)
    dropped += push(hub, i);
  g_assert_cmpuint(dropped, ==, 7);
  g_assert_cmpuint(casa_hub_drain(hub, out, 4), ==, 3);
  g_assert_cmpuint(out[0].series, ==, 7);
  g_assert_cmpuint(out[2].series, ==, 9);
  casa_hub_free(hub);
}

/* Larger than what it begins with, filled while it has been turned: nothing is lost or out of order when it grows, nor after it
 * gave its room back. */
static void
test_grows_and_shrinks(void)
{
  enum { CAPACITY = 5000, MORE = 300, READ = 700 };
  CasaHub *hub = casa_hub_new(CAPACITY);
  g_autofree CasaLive *out = g_new(CasaLive, CAPACITY);
  for (guint round = 0; round < 3; round++) {
    guint pushed = 0, dropped = 0;
    for (; pushed < 1000; pushed++)
      g_assert_cmpuint(push(hub, pushed), ==, 0);
    g_assert_cmpuint(casa_hub_drain(hub, out, READ), ==, READ);
    for (; pushed < READ + CAPACITY + MORE; pushed++)
      dropped += push(hub, pushed);
    g_assert_cmpuint(dropped, ==, MORE);
    g_assert_cmpuint(casa_hub_drain(hub, out, CAPACITY), ==, CAPACITY);
    for (guint i = 0; i < CAPACITY; i++)
      g_assert_cmpuint(out[i].series, ==, READ + MORE + i);
    g_assert_cmpuint(casa_hub_drain(hub, out, CAPACITY), ==, 0);
  }
  casa_hub_free(hub);
}

static void
test_close(void)
{
  CasaHub *hub = casa_hub_new(3);
  CasaLive out[4];
  push(hub, 1);
  casa_hub_close(hub);
  g_assert_cmpuint(push(hub, 2), ==, 0);
  g_assert_cmpuint(casa_hub_drain(hub, out, 4), ==, 1);
  g_assert_cmpuint(out[0].series, ==, 1);
  casa_hub_free(hub);
  casa_hub_free(NULL);
}

enum { FLOOD = 200000 };

static gpointer
flood(gpointer data)
{
  guint dropped = 0;
  for (guint i = 0; i < FLOOD; i++)
    dropped += push(data, i);
  casa_hub_close(data);
  return GUINT_TO_POINTER(dropped);
}

/* One thread floods, the other drains: every sample is either seen, in order, or counted as dropped. */
static void
test_threads_account_for_everything(void)
{
  CasaHub *hub = casa_hub_new(64);
  GThread *producer = g_thread_new("flood", flood, hub);
  CasaLive out[16];
  guint seen = 0, next = 0;
  while (next < FLOOD) {
    const guint n = casa_hub_drain(hub, out, G_N_ELEMENTS(out));
    for (guint i = 0; i < n; i++) {
      g_assert_cmpuint(out[i].series, >=, next);
      next = out[i].series + 1;
    }
    seen += n;
    if (n == 0)
      g_thread_yield();
  }
  const guint dropped = GPOINTER_TO_UINT(g_thread_join(producer));
  g_assert_cmpuint(seen + dropped, ==, FLOOD);
  casa_hub_free(hub);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/series/hub/order", test_order);
  g_test_add_func("/series/hub/overload-drops-oldest", test_overload_drops_oldest);
  g_test_add_func("/series/hub/grows-and-shrinks", test_grows_and_shrinks);
  g_test_add_func("/series/hub/close", test_close);
  g_test_add_func("/series/hub/threads-account-for-everything", test_threads_account_for_everything);
  return g_test_run();
}
