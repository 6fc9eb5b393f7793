/* SPDX-License-Identifier: Apache-2.0 */
/* What a run says of its own progress, at moments that the test makes up. */
#include <string.h>

#include "publish/pace.h"

#define S G_GINT64_CONSTANT(1000000)

static void
says(const GString *out, const char *words)
{
  if (!strstr(out->str, words))
    g_error("\"%s\" says nothing of \"%s\"", out->str, words);
}

static void
test_plain_lines(void)
{
  CasaSimPace *p = casa_sim_pace_new(FALSE, 0);
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_false(casa_sim_pace_fill(p, 100 * S, 0, 0, out));
  g_assert_false(casa_sim_pace_fill(p, 105 * S, 0.1, 1000, out));
  g_assert_true(casa_sim_pace_fill(p, 110 * S, 0.2, 2000, out));
  g_assert_cmpstr(out->str, ==, "casa-sim: filling the past:  20 %, 2000 messages, 200/s, left 0:40\n");
  g_assert_false(casa_sim_pace_fill(p, 111 * S, 0.21, 2100, out)); /* a log is no cinema */
  g_assert_true(casa_sim_pace_fill(p, 7300 * S, 0.5, 5000, out));
  says(out, "left 2:00:00");
  g_assert_true(casa_sim_pace_fill(p, 7301 * S, 1, 9000, out));
  says(out, "the past is filled: 9000 messages in 7201.0 s (1/s)\n");
  casa_sim_pace_free(p);
}

static void
test_bar(void)
{
  CasaSimPace *p = casa_sim_pace_new(TRUE, 0);
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_false(casa_sim_pace_fill(p, 0, 0, 0, out));
  g_assert_true(casa_sim_pace_fill(p, S, 0.5, 100, out));
  g_assert_true(g_str_has_prefix(out->str, "\r"));
  says(out, "[###############...............]  50 %, 100 messages, 100/s, left 0:01");
  g_assert_null(strchr(out->str, '\n'));
  g_assert_false(casa_sim_pace_fill(p, S + S / 10, 0.5, 100, out));
  g_assert_true(casa_sim_pace_fill(p, 2 * S, 1, 200, out));
  g_assert_true(g_str_has_suffix(out->str, "\n"));
  casa_sim_pace_free(p);
}

/* Asked is what the simulated time held, whatever was achieved of it. */
static void
test_load(void)
{
  CasaSimPace *p = casa_sim_pace_new(FALSE, 5 * S);
  g_autoptr(GString) out = g_string_new(NULL);
  CasaSimSinkCounts c = { 100, 0, 7 };
  g_assert_false(casa_sim_pace_live(p, 10 * S, 1000, 1, 100, 0, &c, out));
  g_assert_false(casa_sim_pace_live(p, 14 * S, 5000, 1, 500, 0, &c, out));
  c = (CasaSimSinkCounts){ 580, 10, 11 };
  g_assert_true(casa_sim_pace_live(p, 15 * S, 6000, 1, 600, 0, &c, out));
  g_assert_cmpstr(out->str, ==,
                  "casa-sim: asked 100/s, sent 100/s, acknowledged 96/s, refused 2/s, on their way 11, keeping up\n");
  /* half of the time that should have passed did */
  g_assert_true(casa_sim_pace_live(p, 20 * S, 8500, 1, 850, 2500, &c, out));
  says(out, "asked 100/s, sent 50/s, acknowledged 0/s");
  says(out, "behind by 2.5 s\n");
  g_assert_true(casa_sim_pace_live(p, 25 * S, 58500, 10, 5850, 0, NULL, out));
  says(out, "asked 1000/s, sent 1000/s, keeping up");
  casa_sim_pace_free(p);
}

/* Without load it is silent, but for falling behind and having caught up. */
static void
test_behind(void)
{
  CasaSimPace *p = casa_sim_pace_new(FALSE, 0);
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_false(casa_sim_pace_live(p, 10 * S, 1000, 1, 100, 4000, NULL, out));
  g_assert_true(casa_sim_pace_live(p, 11 * S, 1000, 1, 100, 6000, NULL, out));
  says(out, "6.0 s behind the clock");
  g_assert_false(casa_sim_pace_live(p, 12 * S, 1000, 1, 100, 7000, NULL, out));
  g_assert_true(casa_sim_pace_live(p, 27 * S, 1000, 1, 100, 9000, NULL, out));
  g_assert_false(casa_sim_pace_live(p, 28 * S, 1000, 1, 100, 3000, NULL, out));
  g_assert_true(casa_sim_pace_live(p, 29 * S, 1000, 1, 100, 500, NULL, out));
  says(out, "caught up");
  g_assert_false(casa_sim_pace_live(p, 30 * S, 1000, 1, 100, 500, NULL, out));
  casa_sim_pace_free(p);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/pace/plain-lines", test_plain_lines);
  g_test_add_func("/sim/pace/bar", test_bar);
  g_test_add_func("/sim/pace/load", test_load);
  g_test_add_func("/sim/pace/behind", test_behind);
  return g_test_run();
}
