/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/flags.h"

/* What is flagged stands in the order of its times, once each, and on the charts of its domain alone. */
static void
test_flags(void)
{
  g_autoptr(CasaFlags) flags = casa_flags_new();
  char text[] = "coupure";
  CasaFlag flag = {
    .id = "event/2", .domain = "energy", .from_ms = 2000, .to_ms = CASA_FLAG_OPEN, .text = { text, text, text }
  };

  casa_flags_put(flags, &flag);
  guint generation = casa_flags_generation(flags);
  casa_flags_put(flags, &flag);
  g_assert_cmpuint(casa_flags_generation(flags), ==, generation); /* the same again is no news */
  flag.to_ms = 3000;
  casa_flags_put(flags, &flag);
  g_assert_cmpuint(casa_flags_n(flags), ==, 1);
  g_assert_cmpint(casa_flags_find(flags, "event/2")->to_ms, ==, 3000);
  g_assert_cmpuint(casa_flags_generation(flags), !=, generation);
  casa_flags_put(flags, &(CasaFlag){ .id = "note/1", .from_ms = 1000, .to_ms = 1000, .note = TRUE });
  g_assert_cmpstr(casa_flags_get(flags, 0)->id, ==, "note/1");
  g_assert_true(casa_flag_concerns(casa_flags_get(flags, 0), "air"));
  g_assert_false(casa_flag_concerns(casa_flags_get(flags, 1), "air"));
  g_assert_true(casa_flags_remove(flags, "event/2"));
  g_assert_false(casa_flags_remove(flags, "event/2"));
  g_assert_null(casa_flags_find(flags, "event/2"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/flags/order", test_flags);
  return g_test_run();
}
