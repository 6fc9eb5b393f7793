/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "casa-build.h"
#include "ingest-fixture.h"
#include "store/refused.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* Resident memory may grow by so much in a flood that is refused, whatever its length. Sanitizers keep what was freed. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GROWTH_MIB 1024
#else
#define GROWTH_MIB 48
#endif

static double
resident_mib(void)
{
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
  return (double)g_ascii_strtoull(strchr(text, ' '), NULL, 10) * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void
assert_grown_little(double before_mib)
{
  double grown = resident_mib() - before_mib;
  g_test_message("resident memory grew by %.1f MiB", grown);
  g_assert_cmpfloat(grown, <, GROWTH_MIB);
}

/* 01: topics as long as MQTT can carry. Refused with a reason that does not carry them along, and kept short. */
static void
test_long_topics(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  g_autofree char *tail = g_strnfill(65535 - strlen("casa/v1/t/air/"), 'x');
  g_autofree char *topic = g_strconcat("casa/v1/t/air/", tail, NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  double before = resident_mib();
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  for (guint i = 0; i < 300; i++)
    test_publisher_send(p, topic, "1", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":1}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, 60));
  CasaCounts c;
  test_until((c = pipeline_counts(pipeline)).stored >= 1, 60);
  g_assert_cmpuint(c.rejected, ==, 300);
  g_assert_cmpuint(c.stored, ==, 1);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection where code = 'topic' and length(topic) = 1024 and "
                                           "reason like '%has 65521 bytes; use at most 64%'"),
                  ==, 300);
  assert_grown_little(before);
}

/* 02: what pretends to be the broker's or ours. */
static void
test_spoofs(void)
{
  static const char *const wrong[] = { "$SYS/broker/clients/total",
                                       "casa/v1/$SYS/air/a",
                                       "casa/v1/$share/air/a",
                                       "casa/v1",
                                       "casa/v1/",
                                       "casa/v1//air/a",
                                       "casa/v1x/t/air/a",
                                       "casa/v1/t/$feedback/a",
                                       "casa/v1/t/$station",
                                       "casa/v1/t/$status/a",
                                       "casa/v1/t/$other",
                                       "casa/v1/T/air/a",
                                       "casa/v1/t/air/a/b/c",
                                       "casa/v1/t/air/\xff\xfe",
                                       "casa/v1/../air/a",
                                       "/" };
  static const char *const ours[] = { "casa/v1/$control/sim", "casa/v1/t/$feedback", "casa/v1/t/$status" };
  g_autoptr(IngestFixture) fixture = ingest_fixture_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
    ingest_fixture_give(fixture, wrong[i], "{\"pm10\":1}");
  g_assert_cmpuint(ingest_fixture_counts(fixture).rejected, ==, G_N_ELEMENTS(wrong));
  for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
    ingest_fixture_give(fixture, ours[i], "{\"pm10\":1}");
  g_assert_cmpuint(ingest_fixture_counts(fixture).ignored, ==, G_N_ELEMENTS(ours));
  g_assert_cmpuint(ingest_fixture_counts(fixture).samples, ==, 0);
  g_assert_cmpint(
    pipeline_query(fixture->pipeline, "select count(*) from rejection where code = 'topic' and length(reason) > 20"), ==,
    G_N_ELEMENTS(wrong));
}

/* 03: a hundred thousand topics of one team. */
static void
test_many_topics(void)
{
  g_autoptr(IngestFixture) fixture = ingest_fixture_new("[quota]\nseries = 1000\n");
  char topic[64];
  double before = resident_mib();
  for (guint i = 0; i < 100000; i++) {
    g_snprintf(topic, sizeof topic, "casa/v1/t/air/s%u", i);
    ingest_fixture_give(fixture, topic, "{\"pm10\":1}");
  }
  CasaCounts c = ingest_fixture_counts(fixture);
  g_assert_cmpuint(c.stored, ==, 1000);
  g_assert_cmpuint(c.rejected, ==, 99000);
  g_assert_cmpint(pipeline_query(fixture->pipeline, "select count(*) from rejection where code = 'series-limit'"), ==,
                  CASA_REFUSED_ROWS / CASA_REFUSED_SHARE); /* the newest: one source keeps no more */
  ingest_fixture_give(fixture, "casa/v1/u/air/a", "{\"pm10\":1}");
  ingest_fixture_give(fixture, "casa/v1/t/air/s7", "{\"pm10\":2}");
  g_assert_cmpuint(ingest_fixture_counts(fixture).stored, ==, 1002);
  assert_grown_little(before);
}

/* 04: a hundred thousand sources, as of somebody who may write anywhere. The store's own limit ends it. */
static void
test_many_sources(void)
{
  g_autoptr(IngestFixture) fixture = ingest_fixture_new("[limits]\nmax_series = 2000\n[quota]\nmessages = 1\nburst = 1000\n");
  char topic[64];
  double before = resident_mib();
  for (guint i = 0; i < 100000; i++) {
    g_snprintf(topic, sizeof topic, "casa/v1/src%u/air/a", i);
    ingest_fixture_give(fixture, topic, "{\"pm10\":1}");
  }
  CasaCounts c = ingest_fixture_counts(fixture);
  g_assert_cmpuint(c.stored, ==, 2000);
  g_assert_cmpuint(c.stored + c.rejected, >=, CASA_QUOTA_SOURCES); /* each of those remembered had its message */
  g_assert_cmpuint(c.over_quota, >, 80000);                        /* the others share one quota */
  g_assert_cmpint(pipeline_query(fixture->pipeline, "select count(*) from rejection where code = 'quota' and reason like "
                                                    "'%sources beyond the first 4096%'"),
                  >=, 1);
  assert_grown_little(before);
}

/* 05: retained messages that wait for whoever subscribes. They are no live readings. */
static void
test_retained_flood(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new("[quota]\nmessages = 100\nburst = 3000\n", NULL);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  char topic[64];
  for (guint i = 0; i < 5000; i++) {
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":1}", casa_clock_now_ms());
    g_snprintf(topic, sizeof topic, "casa/v1/t/air/s%u", i);
    test_publisher_send(p, topic, payload, -1, 1, TRUE);
  }
  g_assert_true(test_publisher_flush(p, 60));
  double before = resident_mib();
  pipeline_open(pipeline);
  CasaCounts c = pipeline_wait_received(pipeline, 5000);
  g_assert_cmpuint(c.stored, >=, 3000);
  g_assert_cmpuint(c.over_quota, >, 0);
  g_assert_true(isnan(c.latency_p50_ms));
  CasaLive live[64];
  guint n;
  while ((n = casa_hub_drain(casa_pulse_hub(pipeline->pulse), live, 64)))
    for (guint i = 0; i < n; i++)
      g_assert_true(live[i].retained);
  assert_grown_little(before);
}

/* 06: a flood of rubbish, every message of it another kind of wrong; the honest one in its midst is stored. */
static void
test_rubbish(void)
{
  g_autoptr(IngestFixture) fixture = ingest_fixture_new(NULL);
  g_autofree char *deep = g_strnfill(16000, '[');
  g_autofree char *number = g_strdup_printf("{\"pm10\":1%s}", deep + 15900);
  const char *const payloads[] = { " ",
                                   "{",
                                   deep,
                                   number,
                                   "{\"pm10\":1e999}",
                                   "{\"pm10\":1,\"pm10\":2}",
                                   "\xff",
                                   "null",
                                   "[]",
                                   "{\"t\":1e300,\"pm10\":1}",
                                   "{\"t\":\"9999-99-99T99:99:99Z\",\"pm10\":1}" };
  double before = resident_mib();
  for (guint i = 0; i < 11000; i++)
    ingest_fixture_give(fixture, "casa/v1/t/air/a", payloads[i % G_N_ELEMENTS(payloads)]);
  ingest_fixture_give(fixture, "casa/v1/t/air/a", "{\"pm10\":1}");
  CasaCounts c = ingest_fixture_counts(fixture);
  g_assert_cmpuint(c.stored, ==, 1);
  g_assert_cmpuint(c.rejected, ==, 11000);
  g_assert_cmpint(pipeline_query(fixture->pipeline, "select count(distinct code) from rejection"), >=, 6);
  assert_grown_little(before);
}

/* 07: invented sources that ask for more at once than they may have, in a store that is full. Nothing of them is remembered for
 * ever: neither that they were refused, nor that they said to be there. */
static void
test_refused_sources(void)
{
  g_autoptr(IngestFixture) fixture = ingest_fixture_new("[limits]\nmax_series = 100\n[quota]\nseries = 1\n");
  g_autofree CasaSeriesTally *over = g_new(CasaSeriesTally, 30000);
  char topic[64];
  double before = resident_mib();
  for (guint i = 0; i < 30000; i++) {
    g_snprintf(topic, sizeof topic, "casa/v1/src%u/air/a", i);
    ingest_fixture_give(fixture, topic, "{\"pm10\":1,\"no2\":2}");
    g_snprintf(topic, sizeof topic, "casa/v1/src%u/$status", i);
    ingest_fixture_give(fixture, topic, "{\"online\":true}");
  }
  CasaCounts c = ingest_fixture_counts(fixture);
  g_assert_cmpuint(c.samples, ==, 100);
  g_assert_cmpuint(c.rejected, ==, 30000 - 100);
  g_assert_cmpuint(casa_ingest_read_over_series(fixture->ingest, over, 30000), <=, 4097);
  ingest_fixture_give(fixture, "casa/v1/src7/air/a", "{\"pm10\":2}"); /* who was there goes on */
  g_assert_cmpuint(ingest_fixture_counts(fixture).samples, ==, 101);
  assert_grown_little(before);
}

/* 08: fifty thousand series that count their samples, one of each: what is remembered to know a number again does not grow with
 * them, and the first one's is known all the same. */
static void
test_counted_series(void)
{
  g_autoptr(IngestFixture) fixture = ingest_fixture_new("[quota]\nseries = 0\nwork = 0\n");
  g_autoptr(GString) payload = g_string_new(NULL);
  double before = resident_mib();
  for (guint i = 0; i <= 1000; i++) {
    g_string_assign(payload, "{\"seq\":7");
    for (guint k = 0; k < 50; k++)
      g_string_append_printf(payload, ",\"m%u_%u\":%u", i % 1000, k, k);
    g_string_append_c(payload, '}');
    ingest_fixture_give(fixture, "casa/v1/t/air/a", payload->str);
  }
  CasaCounts c = ingest_fixture_counts(fixture);
  g_assert_cmpuint(c.samples, ==, 50000);
  g_assert_cmpuint(c.samples_duplicate, ==, 50);
  assert_grown_little(before);
}

static guint
rows_of(IngestFixture *fixture, const char *source)
{
  g_autofree char *sql = g_strdup_printf("select count(*) from reading where source = '%s'", source);
  return (guint)pipeline_query(fixture->pipeline, sql);
}

/* 09: two teams take all the series, or all the stations, that they can; whoever comes later has room, and is told when it is
 * used up; one that the configuration names has what that says. */
static void
test_room_for_others(gconstpointer described)
{
  g_autoptr(IngestFixture) fixture =
    ingest_fixture_new("[limits]\nmax_series = 400\n[quota]\nseries = 300\n[quota guest]\nseries = 40\n");
  char topic[64];
  for (guint i = 0; i < 1000; i++) {
    g_snprintf(topic, sizeof topic, "casa/v1/greedy-%u/%s/s%u", i % 2, described && i < 700 ? "$station" : "air", i);
    ingest_fixture_give(fixture, topic, described && i < 700 ? "{\"domain\":\"air\",\"name\":\"S\"}" : "{\"pm10\":1}");
  }
  g_assert_cmpint(pipeline_query(fixture->pipeline, described ? "select count(*) from station" : "select count(*) from series"),
                  ==, 300);
  g_assert_cmpint(pipeline_query(fixture->pipeline,
                                 "select count(*) from rejection where reason like '%\"greedy-_\"% is for sources that "
                                 "have few%'"),
                  >, 0);
  for (guint i = 0; i < 45; i++) {
    g_snprintf(topic, sizeof topic, "casa/v1/guest/air/s%u", i);
    ingest_fixture_give(fixture, topic, "{\"pm10\":1}");
    g_snprintf(topic, sizeof topic, "casa/v1/late/air/s%u", i);
    ingest_fixture_give(fixture, topic, "{\"pm10\":1}");
  }
  g_assert_cmpuint(rows_of(fixture, "guest"), ==, 40);
  g_assert_cmpuint(rows_of(fixture, "late"), ==, 10);
  ingest_fixture_give(fixture, "casa/v1/late/air/s3", "{\"pm10\":2}"); /* what is known goes on */
  g_assert_cmpuint(rows_of(fixture, "late"), ==, 11);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/hostile/01-long-topics", test_long_topics);
  g_test_add_func("/ingest/hostile/02-spoofs", test_spoofs);
  g_test_add_func("/ingest/hostile/03-many-topics", test_many_topics);
  g_test_add_func("/ingest/hostile/04-many-sources", test_many_sources);
  g_test_add_func("/ingest/hostile/05-retained-flood", test_retained_flood);
  g_test_add_func("/ingest/hostile/06-rubbish", test_rubbish);
  g_test_add_func("/ingest/hostile/07-refused-sources", test_refused_sources);
  g_test_add_func("/ingest/hostile/08-counted-series", test_counted_series);
  g_test_add_data_func("/ingest/hostile/09-room-for-others/series", NULL, test_room_for_others);
  g_test_add_data_func("/ingest/hostile/09-room-for-others/stations", "$station", test_room_for_others);
  return g_test_run();
}
