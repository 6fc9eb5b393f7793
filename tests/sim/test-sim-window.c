/* SPDX-License-Identifier: Apache-2.0 */
#include "window.h"

static CasaSimSlot *
take(CasaSimWindow *w, const char *payload, gboolean aside)
{
  return casa_sim_window_take(w, "t", payload, 1, 1, aside);
}

static void
test_bounded(void)
{
  CasaSimWindow *w = casa_sim_window_new(3, NULL);
  CasaSimSlot *a = take(w, "a", FALSE);
  g_assert_nonnull(a);
  g_assert_nonnull(take(w, "b", FALSE));
  g_assert_nonnull(take(w, "c", FALSE));
  g_assert_null(take(w, "d", FALSE));
  casa_sim_window_release(w, a);
  casa_sim_window_release(w, a); /* an acknowledgement that comes twice frees once */
  g_assert_cmpuint(casa_sim_window_used(w), ==, 2);
  g_assert_nonnull(take(w, "d", FALSE));
  g_assert_null(take(w, "e", FALSE));
  casa_sim_window_free(w);
}

static void
test_lost_connection_sends_again_in_order(void)
{
  CasaSimWindow *w = casa_sim_window_new(8, NULL);
  CasaSimSlot *gone = take(w, "x", FALSE);
  const char *const payloads[] = { "a", "b", "c" };
  for (guint i = 0; i < 3; i++)
    take(w, payloads[i], FALSE)->state = CASA_SIM_SLOT_SENT;
  take(w, "status", TRUE)->state = CASA_SIM_SLOT_SENT;
  casa_sim_window_release(w, gone);
  take(w, "d", FALSE)->state = CASA_SIM_SLOT_SENT; /* newer, in the older slot */
  g_assert_null(casa_sim_window_next(w));
  g_assert_cmpuint(casa_sim_window_rewind(w), ==, 4); /* without the status */
  GString *order = g_string_new(NULL);
  CasaSimSlot *slot;
  while ((slot = casa_sim_window_next(w))) {
    g_string_append(order, slot->payload->str);
    slot->state = CASA_SIM_SLOT_SENT;
  }
  g_assert_cmpstr(order->str, ==, "abcd");
  g_string_free(order, TRUE);
  casa_sim_window_free(w);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/window/bounded", test_bounded);
  g_test_add_func("/sim/window/lost-connection-sends-again-in-order", test_lost_connection_sends_again_in_order);
  return g_test_run();
}
