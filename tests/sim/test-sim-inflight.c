/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/inflight.h"

static CasaSimSlot *
take(CasaSimInflight *w, const char *payload, gboolean aside)
{
  return casa_sim_inflight_take(w, "t", payload, 1, 1, aside);
}

static void
test_bounded(void)
{
  CasaSimInflight *w = casa_sim_inflight_new(3, NULL);
  CasaSimSlot *a = take(w, "a", FALSE);
  g_assert_nonnull(a);
  g_assert_nonnull(take(w, "b", FALSE));
  g_assert_nonnull(take(w, "c", FALSE));
  g_assert_null(take(w, "d", FALSE));
  casa_sim_inflight_release(w, a);
  casa_sim_inflight_release(w, a); /* an acknowledgement that comes twice frees once */
  g_assert_cmpuint(casa_sim_inflight_used(w), ==, 2);
  g_assert_nonnull(take(w, "d", FALSE));
  g_assert_null(take(w, "e", FALSE));
  casa_sim_inflight_free(w);
}

static void
test_lost_connection_sends_again_in_order(void)
{
  CasaSimInflight *w = casa_sim_inflight_new(8, NULL);
  CasaSimSlot *gone = take(w, "x", FALSE);
  const char *const payloads[] = { "a", "b", "c" };
  for (guint i = 0; i < 3; i++)
    take(w, payloads[i], FALSE)->state = CASA_SIM_SLOT_SENT;
  take(w, "status", TRUE)->state = CASA_SIM_SLOT_SENT;
  casa_sim_inflight_release(w, gone);
  take(w, "d", FALSE)->state = CASA_SIM_SLOT_SENT; /* newer, in the older slot */
  g_assert_null(casa_sim_inflight_next(w));
  g_assert_cmpuint(casa_sim_inflight_rewind(w), ==, 4); /* without the status */
  GString *order = g_string_new(NULL);
  CasaSimSlot *slot;
  while ((slot = casa_sim_inflight_next(w))) {
    g_string_append(order, slot->payload->str);
    slot->state = CASA_SIM_SLOT_SENT;
  }
  g_assert_cmpstr(order->str, ==, "abcd");
  g_string_free(order, TRUE);
  casa_sim_inflight_free(w);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/inflight/bounded", test_bounded);
  g_test_add_func("/sim/inflight/lost-connection-sends-again-in-order", test_lost_connection_sends_again_in_order);
  return g_test_run();
}
