/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/drops.h"

#include <string.h>

/* What the broker says of what it threw away. With a real one: tests/cli/test-cli-drops.c. */

#define T0 G_GINT64_CONSTANT(1779321600000)

static gboolean
take(CasaDrops *drops, const char *topic, const char *payload, gint64 now_ms, CasaDropped *out)
{
  CasaMessage message = { .topic = topic, .topic_len = strlen(topic), .payload = payload, .payload_len = strlen(payload) };
  return casa_drops_take(drops, &message, now_ms, out);
}

static CasaDropped
tick(CasaDrops *drops, const char *uptime, const char *dropped, gint64 now_ms)
{
  CasaDropped out;
  g_assert_true(take(drops, "$SYS/broker/uptime", uptime, now_ms, &out));
  g_assert_cmpuint(out.n, ==, 0);
  if (dropped)
    g_assert_true(take(drops, "$SYS/broker/publish/messages/dropped", dropped, now_ms, &out));
  return out;
}

static void
test_words_of_the_broker(void)
{
  CasaDrops *drops = casa_drops_new();
  CasaDropped out;
  g_assert_false(take(drops, "casa/v1/city/air/a", "{}", T0, &out));
  g_assert_false(take(drops, "$SYS/broker/uptimes", "1", T0, &out));
  g_assert_cmpuint(tick(drops, "1000 seconds", "7", T0).n, ==, 0); /* since when is not known */
  g_assert_cmpuint(tick(drops, "1010 seconds", "7", T0 + 10000).n, ==, 0);
  out = tick(drops, "1020 seconds", "19", T0 + 20000);
  g_assert_cmpuint(out.n, ==, 12);
  g_assert_cmpint(out.start_ms, ==, T0 + 9000);
  g_assert_cmpint(out.end_ms, ==, T0 + 20000);
  /* We are slow: what it says comes a minute late, and is still of its own time. */
  g_assert_cmpuint(tick(drops, "1030 seconds", NULL, T0 + 90000).n, ==, 0);
  out = tick(drops, "1040 seconds", "20", T0 + 100000);
  g_assert_cmpuint(out.n, ==, 1);
  g_assert_cmpint(out.start_ms, ==, T0 + 29000);
  g_assert_cmpint(out.end_ms, ==, T0 + 41000);
  /* It began anew, and so does its count. */
  out = tick(drops, "10 seconds", "3", T0 + 200000);
  g_assert_cmpuint(out.n, ==, 3);
  g_assert_cmpint(out.start_ms, <=, T0 + 190000);
  g_assert_cmpint(out.end_ms, ==, T0 + 200000);
  /* What is no number says nothing. */
  g_assert_cmpuint(tick(drops, "", "many", T0 + 210000).n, ==, 0);
  g_assert_cmpuint(tick(drops, "-5", "-1", T0 + 220000).n, ==, 0);
  g_assert_cmpuint(tick(drops, "20 seconds", "3", T0 + 230000).n, ==, 0);
  casa_drops_free(drops);
}

/* What the broker threw away while the program did not run, or before it listened again. */
static void
test_next_start(void)
{
  CasaDrops *drops = casa_drops_new();
  CasaDropped out;
  guint64 n;
  gint64 since_ms;
  g_assert_false(casa_drops_known(drops, &n, &since_ms));
  tick(drops, "1000 seconds", "7", T0);
  tick(drops, "1010 seconds", "19", T0 + 10000);
  tick(drops, "1020 seconds", NULL, T0 + 20000);
  g_assert_true(casa_drops_known(drops, &n, &since_ms));
  g_assert_cmpuint(n, ==, 19);
  g_assert_cmpint(since_ms, ==, T0 + 10000);
  casa_drops_free(drops);

  drops = casa_drops_new();
  casa_drops_resume(drops, n, since_ms);
  g_assert_false(casa_drops_known(drops, &n, &since_ms)); /* not before the broker says it: the next start would know less */
  out = tick(drops, "4620 seconds", "519", T0 + 3620000);
  g_assert_cmpuint(out.n, ==, 500);
  g_assert_cmpint(out.start_ms, ==, T0 + 10000);
  g_assert_cmpint(out.end_ms, ==, T0 + 3620000);
  out = tick(drops, "4630 seconds", "520", T0 + 3630000); /* and later ones are of their own time */
  g_assert_cmpint(out.start_ms, ==, T0 + 3619000);
  casa_drops_free(drops);

  drops = casa_drops_new(); /* nothing meanwhile; then a broker that began anew meanwhile */
  casa_drops_resume(drops, 520, T0 + 3630000);
  g_assert_cmpuint(tick(drops, "5000 seconds", "520", T0 + 4000000).n, ==, 0);
  casa_drops_resume(drops, 520, T0 + 4000000);
  g_assert_cmpuint(tick(drops, "10 seconds", "2", T0 + 5000000).n, ==, 2);
  casa_drops_free(drops);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/drops/words-of-the-broker", test_words_of_the_broker);
  g_test_add_func("/ingest/drops/next-start", test_next_start);
  return g_test_run();
}
