/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest-fixture.h"

/* feeds.conf is read again once it was saved, while messages come. */

#define FEED "[mast]\ntopic = masts/+/report\nstation = $2\nvalue.temp_c = "
#define TOPIC "casa/v1/t/kit/masts/m1/report"

static void
save(IngestFixture *f, const char *text)
{
  g_autofree char *path = g_build_filename(f->pipeline->config_dir, "feeds.conf", NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Gives messages until one of them is stored with @value. */
static void
wait_for(IngestFixture *f, const char *payload, double value)
{
  g_autofree char *sql = g_strdup_printf("select count(*) from reading where station = 'm1' and value = %g", value);
  test_until((ingest_fixture_give(f, TOPIC, payload), pipeline_query(f->pipeline, sql) > 0), 60);
}

static void
test_saved(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  ingest_fixture_give(f, TOPIC, "{\"odd\":{\"a\":21,\"b\":22,\"c\":23}}");
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from reading where station = 'm1' and value = 21"), ==, 0);
  save(f, FEED "odd.a\n");
  wait_for(f, "{\"odd\":{\"a\":21,\"b\":22,\"c\":23}}", 21);
  save(f, FEED "odd.b\n");
  wait_for(f, "{\"odd\":{\"a\":21,\"b\":22,\"c\":23}}", 22);
}

/* A mistake leaves what there was, and says where it is. */
static void
test_mistake(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  save(f, FEED "odd.a\n");
  wait_for(f, "{\"odd\":{\"a\":21}}", 21);
  g_test_expect_message(NULL, G_LOG_LEVEL_WARNING, "*feeds.conf:1:*the feeds stay as they were");
  save(f, "[mast]\ntopik = x\n");
  gint64 until_us = g_get_monotonic_time() + 1200 * 1000; /* it is looked at once a second */
  for (guint i = 0; g_get_monotonic_time() < until_us; i++) {
    g_autofree char *payload = g_strdup_printf("{\"odd\":{\"a\":%u}}", i % 30);
    ingest_fixture_give(f, TOPIC, payload);
    g_usleep(20000);
  }
  g_test_assert_expected_messages();
  wait_for(f, "{\"odd\":{\"a\":39}}", 39);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/feeds/saved", test_saved);
  g_test_add_func("/ingest/feeds/mistake", test_mistake);
  return g_test_run();
}
