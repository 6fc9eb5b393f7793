/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ingest-fixture.h"

#include <string.h>

/* Messages of many readings; messages that come again; readings that the broker keeps. */

static void
give(IngestFixture *f, const char *topic, const char *payload, gboolean retained, gboolean duplicate)
{
  CasaMessage message = { .topic = topic,
                          .topic_len = strlen(topic),
                          .payload = payload,
                          .payload_len = strlen(payload),
                          .retained = retained,
                          .duplicate = duplicate,
                          .qos = 1 };
  g_assert_true(casa_ingest_message(&message, f->ingest));
}

static char *
batch_of(guint n, gint64 newest_ms)
{
  GString *text = g_string_new("[");
  for (guint i = 0; i < n; i++)
    g_string_append_printf(text, "%s{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}", i ? "," : "", newest_ms - i * 1000, i % 90);
  g_string_append_c(text, ']');
  return g_string_free(text, FALSE);
}

/* One message, many values: each is accounted for, and those of the message as one. */
static void
test_sums(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  g_autofree char *batch = batch_of(500, casa_clock_now_ms());
  ingest_fixture_give(f, "casa/v1/t/air/a", batch);
  CasaCounts c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.stored, ==, 1);
  g_assert_cmpuint(c.samples, ==, 500);
  ingest_fixture_give(f, "casa/v1/t/air/a", batch);
  c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.duplicates, ==, 1);
  g_assert_cmpuint(c.samples_duplicate, ==, 500);
  ingest_fixture_give(f, "casa/v1/t/air/a", "[{\"pm10\":\"x\",\"no2\":\"y\"},{\"t\":\"never\",\"o3\":1,\"so2\":2},{\"o3\":3}]");
  c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.stored, ==, 2);
  g_assert_cmpuint(c.samples, ==, 501);
  g_assert_cmpuint(c.fields_rejected, ==, 4);
  g_assert_cmpuint(c.samples_received, ==, 1005);
}

/* What is refused is written down one by one, in one row with the message. */
static void
test_refused_one_by_one(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  ingest_fixture_give(f, "casa/v1/t/air/a", "[{\"pm10\":\"x\"},{\"t\":\"never\",\"o3\":1},{\"o3\":3}]");
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection"), ==, 1);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection where code = 'type' and reason like "
                                              "'%\"pm10\": text%|%\"never\" is no time%'"),
                  ==, 1);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection where json_array_length(args) = 2 and"
                                              " args ->> '$[0].why' = 'not-number' and args ->> '$[0].field' = 'pm10' and"
                                              " args ->> '$[1].why' = 'time-text' and args ->> '$[1].got' = 'never'"),
                  ==, 1);
  g_autoptr(GString) many = g_string_new("[");
  for (guint i = 0; i < 300; i++)
    g_string_append_printf(many, "%s{\"pm10\":\"x\"}", i ? "," : "");
  g_string_append_c(many, ']');
  ingest_fixture_give(f, "casa/v1/t/air/a", many->str);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection where reason like '%| and % more'"), ==, 1);
  g_assert_cmpint(pipeline_query(f->pipeline, "select max(length(reason)) from rejection"), <, 8192);
  g_assert_cmpint(pipeline_query(f->pipeline, "select json_array_length(args) - 1 + (args ->> '$[#-1].left_out') from rejection"
                                              " where args like '%left_out%'"),
                  ==, 300);
}

/* A message that comes again may have been cut off after its good part was stored, before the bad one was written down. */
static void
test_cut_off(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  g_autofree char *half = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":1,\"no2\":\"x\"}", casa_clock_now_ms());
  give(f, "casa/v1/t/air/a", half, FALSE, FALSE);
  give(f, "casa/v1/t/air/a", half, FALSE, FALSE);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection"), ==, 1);
  give(f, "casa/v1/t/air/a", half, FALSE, TRUE);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection"), ==, 2);
}

/* No more series than its source may have, also when one message brings them all. */
static void
test_series_quota(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new("[quota]\nseries = 5\n");
  ingest_fixture_give(f, "casa/v1/t/air/a",
                      "[{\"a\":1,\"b\":2},{\"a\":3,\"b\":4,\"c\":5},{\"d\":6,\"e\":7,\"f\":8,\"a\":9},{\"g\":1}]");
  CasaCounts c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.samples, ==, 8);
  g_assert_cmpuint(c.fields_rejected, ==, 2);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(distinct metric) from reading"), ==, 5);
}

/* Said to come again, and equal in topic and bytes: the same. The same bytes without that: another. */
static void
test_redelivered(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  give(f, "casa/v1/t/air/a/temp_c", "17.5", FALSE, FALSE);
  give(f, "casa/v1/t/air/a/temp_c", "17.5", FALSE, TRUE);
  give(f, "casa/v1/t/air/b/temp_c", "17.5", FALSE, TRUE);
  give(f, "casa/v1/t/air/a/temp_c", "17.5", FALSE, FALSE);
  CasaCounts c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.stored, ==, 3);
  g_assert_cmpuint(c.duplicates, ==, 1);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from reading"), ==, 3);
}

/* A device's uptime and an array without times are no times of their own either. */
static void
test_redelivered_without_time(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  static const char batch[] = "[{\"t\":4711,\"pm10\":1},{\"pm10\":2,\"no2\":3}]";
  for (guint i = 0; i < 3; i++)
    give(f, "casa/v1/t/air/a", batch, FALSE, i > 0);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from reading"), ==, 3);
  CasaCounts c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.samples_duplicate, ==, 6);
}

/* An empty message is what clears a retained one at the broker. */
static void
test_clearing(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  give(f, "casa/v1/t/air/a/temp_c", "", FALSE, FALSE);
  CasaCounts c = ingest_fixture_counts(f);
  g_assert_cmpuint(c.ignored, ==, 1);
  g_assert_cmpint(pipeline_query(f->pipeline, "select count(*) from rejection"), ==, 0);
}

/* Three starts beside a broker that keeps 17.5: one value, not three. */
static void
test_three_starts(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  g_autofree char *own = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"no2\":41}", casa_clock_now_ms() - 3600000);
  test_publisher_send(p, "casa/v1/t/air/a/temp_c", "17.5", -1, 1, TRUE);
  test_publisher_send(p, "casa/v1/t/air/b", own, -1, 1, TRUE);
  g_assert_true(test_publisher_flush(p, 30));
  for (guint start = 0; start < 3; start++) {
    pipeline_open(pipeline);
    CasaCounts c = pipeline_wait_received(pipeline, 2);
    g_assert_cmpuint(c.stored, ==, start == 0 ? 2 : 0);
    g_assert_cmpuint(c.duplicates, ==, start == 0 ? 0 : 2);
    pipeline_close(pipeline);
  }
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading where value = 17.5"), ==, 1);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading where value = 41"), ==, 1);
  g_assert_cmpint(pipeline_query(pipeline, "select received_ms - t_ms >= 3600000 from reading where value = 41"), ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/batch/sums", test_sums);
  g_test_add_func("/ingest/batch/refused-one-by-one", test_refused_one_by_one);
  g_test_add_func("/ingest/batch/cut-off", test_cut_off);
  g_test_add_func("/ingest/batch/series-quota", test_series_quota);
  g_test_add_func("/ingest/batch/redelivered", test_redelivered);
  g_test_add_func("/ingest/batch/redelivered-without-time", test_redelivered_without_time);
  g_test_add_func("/ingest/batch/clearing", test_clearing);
  g_test_add_func("/ingest/batch/three-starts", test_three_starts);
  return g_test_run();
}
