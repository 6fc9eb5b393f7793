/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ingest-fixture.h"

#include <string.h>

#define S G_USEC_PER_SEC
#define START (1000 * (gint64)S)

typedef struct {
  char *dir;
  CasaConfig *config;
  CasaQuota *quota;
} Fixture;

static void
set_up(Fixture *f, gconstpointer conf)
{
  g_autoptr(GError) error = NULL;
  f->dir = test_dir_new();
  g_autofree char *file = g_build_filename(f->dir, "pulse.conf", NULL);
  g_autofree char *store = g_build_filename(f->dir, "pulse.db", NULL);
  CasaConfigOverrides overrides = { .dir = f->dir, .store = store };
  g_assert_true(g_file_set_contents(file, conf, -1, NULL));
  f->config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  f->quota = casa_quota_new(f->config);
}

static void
tear_down(Fixture *f, gconstpointer conf)
{
  casa_quota_free(f->quota);
  casa_config_free(f->config);
  test_dir_remove(f->dir);
  g_free(f->dir);
}

/* How many of @n messages of @bytes pass at @now_us. */
static guint
clean_session(Fixture *f, const char *source, guint n, gsize bytes, gint64 now_us)
{
  guint passed = 0;
  CasaReason why;
  for (guint i = 0; i < n; i++)
    passed += casa_quota_take(f->quota, source, bytes, now_us, &why);
  return passed;
}

static void
test_rate(Fixture *f, gconstpointer conf)
{
  g_assert_cmpuint(clean_session(f, "a", 100, 1, START), ==, 20);
  g_assert_cmpuint(clean_session(f, "a", 100, 1, START + S / 2), ==, 5);
  g_assert_cmpuint(clean_session(f, "a", 100, 1, START + 3 * S / 2), ==, 10);
  g_assert_cmpuint(clean_session(f, "b", 100, 1, START + 3 * S / 2), ==, 20); /* others have their own */
  g_assert_cmpuint(clean_session(f, "a", 100, 1, START + 3600 * (gint64)S), ==, 20);
  g_assert_cmpuint(clean_session(f, "city", 10000, 1000000, START), ==, 10000);
  g_assert_cmpuint(clean_session(f, "own", 100, 1, START), ==, 3);
}

/* A message may be larger than a second's bytes: it passes, and is paid back. */
static void
test_bytes(Fixture *f, gconstpointer conf)
{
  g_assert_cmpuint(clean_session(f, "a", 100, 1000, START), ==, 2); /* 2 s worth of 1000: the burst's seconds */
  g_assert_cmpuint(clean_session(f, "a", 1, 1000, START + S / 2), ==, 1);
  g_assert_cmpuint(clean_session(f, "a", 1, 1, START + S / 2 + 1000), ==, 0);
  g_assert_cmpuint(clean_session(f, "b", 2, 50000, START), ==, 1);
  g_assert_cmpuint(clean_session(f, "b", 1, 1, START + 40 * (gint64)S), ==, 0);
  g_assert_cmpuint(clean_session(f, "b", 1, 1, START + 50 * (gint64)S), ==, 1);
}

/* What piled up while we took nothing is no flood. */
static void
test_credit(Fixture *f, gconstpointer conf)
{
  g_assert_cmpuint(clean_session(f, "a", 100, 1, START), ==, 20);
  casa_quota_credit(f->quota, 60 * (gint64)S, START);
  g_assert_cmpuint(clean_session(f, "a", 10000, 1, START), ==, 600);
  g_assert_cmpuint(clean_session(f, "new", 10000, 1, START + S), ==, 620);
  g_assert_cmpuint(clean_session(f, "late", 10000, 1, START + 3600 * (gint64)S), ==, 20);
}

static void
test_words(Fixture *f, gconstpointer conf)
{
  CasaReason why = { 0 };
  char source[CASA_NAME_MAX + 1] = "", words[CASA_REASON_SIZE];
  g_assert_false(casa_quota_report(f->quota, START, source, &why));
  clean_session(f, "a", 20, 1, START);
  g_assert_false(casa_quota_take(f->quota, "a", 1, START, &why));
  g_assert_cmpstr(why.code, ==, "quota");
  why.code = NULL;
  g_assert_false(casa_quota_take(f->quota, "a", 1, START, &why));
  g_assert_null(why.code); /* once a second is enough */
  g_assert_true(casa_quota_report(f->quota, START, source, &why));
  g_assert_cmpstr(source, ==, "a");
  g_assert_cmpstr(casa_reason_text(&why, words), ==,
                  "quota: source \"a\": 2 messages over its 10 messages a second were not stored; send less, or raise "
                  "[quota a] messages in pulse.conf");
  clean_session(f, "a", 30, 1, START + S);
  g_assert_false(casa_quota_report(f->quota, START + 9 * (gint64)S, source, &why));
  g_assert_true(casa_quota_report(f->quota, START + 10 * (gint64)S, source, &why));
  g_assert_nonnull(strstr(casa_reason_text(&why, words), " 20 messages over"));
  g_assert_false(casa_quota_report(f->quota, START + 60 * (gint64)S, source, &why));
  clean_session(f, CASA_QUOTA_NOBODY, 25, 1, START);
  g_assert_true(casa_quota_report(f->quota, START, source, &why));
  g_assert_nonnull(strstr(casa_reason_text(&why, words), "topics without a source: 5 messages"));
  CasaQuotaTally tallies[4];
  g_assert_cmpuint(casa_quota_read(f->quota, tallies, 4), ==, 2);
  g_assert_cmpstr(tallies[0].source, ==, "a");
  g_assert_cmpuint(tallies[0].over, ==, 22);
  g_assert_cmpstr(tallies[1].source, ==, CASA_QUOTA_NOBODY);
}

/* A hundred thousand invented sources get no more than those that are remembered, and cost bounded memory. */
static void
test_many_sources(Fixture *f, gconstpointer conf)
{
  guint passed = 0;
  char name[32];
  for (guint i = 0; i < 100000; i++) {
    g_snprintf(name, sizeof name, "x%u", i);
    passed += clean_session(f, name, 3, 1, START);
  }
  g_assert_cmpuint(passed, ==, 3 * CASA_QUOTA_SOURCES + 20);
  CasaQuotaTally tallies[2];
  CasaReason why;
  char source[CASA_NAME_MAX + 1], words[CASA_REASON_SIZE];
  g_assert_cmpuint(casa_quota_read(f->quota, tallies, 2), ==, 1);
  g_assert_true(casa_quota_report(f->quota, START, source, &why));
  g_assert_nonnull(strstr(casa_reason_text(&why, words), "sources beyond the first 4096"));
  /* The silent ones make room. */
  g_assert_cmpuint(clean_session(f, "honest", 10, 1, START + 3600 * (gint64)S), ==, 10);
  g_assert_cmpuint(clean_session(f, "honest", 20, 1, START + 3600 * (gint64)S), ==, 10);
}

/* --- Without a link ---------------------------------------------------------------------------------------------- */

static void
give(IngestFixture *f, const char *topic, gsize payload_len, gsize extra_len)
{
  g_autofree char *payload = g_strnfill(payload_len, '1');
  CasaMessage message = {
    .topic = topic,
    .topic_len = strlen(topic),
    .payload = payload,
    .payload_len = payload_len,
    .qos = 1,
    .extra_len = extra_len,
  };
  g_assert_true(casa_ingest_message(&message, f->ingest));
}

/* No topic is a way round the quota, nor are bytes beside the payload. */
static void
test_every_topic(void)
{
  static const char *const topics[] = { "casa/v1/t1/$status", "casa/v1/t2/$feedback", "casa/v1/t3/$station/x",
                                        "casa/v1/t4/$made/up", "casa/v1/t5/$event/x" };
  g_autoptr(IngestFixture) f = ingest_fixture_new("[quota]\nmessages = 1\nburst = 20\nbytes = 1000\n");
  CasaQuotaTally over[8];
  for (guint t = 0; t < G_N_ELEMENTS(topics); t++)
    for (guint i = 0; i < 100; i++)
      give(f, topics[t], 10, 0);
  for (guint i = 0; i < 10; i++) {
    give(f, "casa/v1/t6/air/x/temp_c", 2, 10000);
    give(f, "casa/v1/t7/air/x/temp_c", 2, 0);
  }
  g_assert_cmpuint(casa_ingest_read_over_quota(f->ingest, over, 8), ==, 6);
  for (guint i = 0; i < 6; i++) {
    gboolean by_bytes = strcmp(over[i].source, "t6") == 0;
    g_assert_cmpuint(over[i].over, >=, by_bytes ? 7 : 60);
    g_assert_cmpstr(over[i].source, !=, "t7");
  }
}

/* What only says that somebody is there has no business to be large: it is told, and kept as any refused message. */
static void
test_large_status(void)
{
  g_autoptr(IngestFixture) f = ingest_fixture_new(NULL);
  give(f, "casa/v1/t/$status", 100, 0);
  give(f, "casa/v1/t/$status", 60000, 0);
  give(f, "casa/v1/t/$feedback", 60000, 0);
  g_assert_cmpuint(ingest_fixture_counts(f).rejected, ==, 2);
  g_assert_cmpuint(ingest_fixture_counts(f).ignored, ==, 1);
}

/* --- With a real broker ------------------------------------------------------------------------------------------ */

typedef struct {
  char *url;
  gint stop;  /* atomic */
  guint sent; /* after the thread's end */
} Flood;

static gpointer
flood(gpointer data)
{
  Flood *self = data;
  g_autoptr(TestPublisher) publisher = test_publisher_new(self->url);
  while (!g_atomic_int_get(&self->stop)) {
    test_publisher_send(publisher, "casa/v1/flood/air/x", "{\"pm10\":50}", -1, 1, FALSE);
    self->sent++;
  }
  g_assert_true(test_publisher_flush(publisher, 60));
  return NULL;
}

/* One team floods, another sends a little: the other's messages are all stored, and soon. */
static void
test_flood_and_slow(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new("[quota]\nmessages = 100\nburst = 500\n", NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  Flood f = { .url = (char *)test_broker_url(pipeline->broker) };
  GThread *thread = g_thread_new("flood", flood, &f);
  CasaCounts c;
  gint64 begin_us = g_get_monotonic_time();
  test_until(pipeline_counts(pipeline).over_quota >= 1000, 60);
  g_autoptr(TestPublisher) slow = test_publisher_new(test_broker_url(pipeline->broker));
  for (guint i = 0; i < 150; i++) {
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}", casa_clock_now_ms(), i % 100);
    test_publisher_send(slow, "casa/v1/slow/air/x", payload, -1, 1, FALSE);
    g_assert_true(test_publisher_flush(slow, 60));
    g_usleep(20000);
  }
  g_atomic_int_set(&f.stop, 1);
  g_thread_join(thread);
  double seconds = (double)(g_get_monotonic_time() - begin_us) / S;
  /* Not what was received: the verdicts that come back on $feedback are among that. */
  test_until((c = pipeline_counts(pipeline), c.stored + c.over_quota >= f.sent + 150), 60);

  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading where source = 'slow'"), ==, 150);
  gint64 p95 =
    pipeline_query(pipeline, "select received_ms - t_ms from reading where source = 'slow' order by 1 limit 1 offset 142");
  g_test_message("%u flooded in %.1f s, %" G_GUINT64_FORMAT " over quota; the other's p95 %" G_GINT64_FORMAT " ms", f.sent,
                 seconds, c.over_quota, p95);
  g_assert_cmpint(p95, <, 1500);
  g_assert_cmpfloat(c.latency_p50_ms, <, 1500);
  g_assert_cmpuint(f.sent - (guint)c.over_quota, <=, 500 + (guint)(100 * (seconds + 1)));
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading where source = 'flood'"), ==, f.sent - c.over_quota);
  CasaQuotaTally tally;
  g_assert_cmpuint(casa_pulse_read_over_quota(pipeline->pulse, &tally, 1), ==, 1);
  g_assert_cmpstr(tally.source, ==, "flood");
  g_assert_cmpuint(tally.over, ==, c.over_quota);
  g_assert_cmpuint(c.rejected, ==, 0);
  gint64 rows = pipeline_query(pipeline, "select count(*) from rejection where code = 'quota' and topic = 'casa/v1/flood' and "
                                         "reason like '%raise [quota flood] messages%'");
  g_assert_cmpint(rows, >=, 1);
  g_assert_cmpint(rows, <=, 2 + (gint64)(seconds / 10));
}

/* A program that was away takes what the broker kept, however much that is for a quota. */
static void
test_backlog_is_no_flood(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new("[quota]\nmessages = 20\nburst = 20\n", NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"pm10\":1}");
  pipeline_wait_received(pipeline, 1);
  pipeline_close(pipeline);
  gint64 away_from_us = g_get_monotonic_time();
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  guint n = 0;
  /* At its rate, for longer than its burst: nothing to wait for but time itself. */
  do {
    test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":2}", -1, 1, FALSE);
    n++;
    g_usleep(S / 20);
  } while (g_get_monotonic_time() - away_from_us < 4 * S);
  g_assert_true(test_publisher_flush(p, 30));
  pipeline_open(pipeline);
  CasaCounts c = pipeline_wait_received(pipeline, n);
  g_assert_cmpuint(c.over_quota, ==, 0);
  g_assert_cmpuint(c.stored, ==, n);
}

static void
test_series(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new("[quota]\nseries = 3\n[quota big]\nseries = 0\n", NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":1,\"no2\":2}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/b", "{\"pm10\":1,\"no2\":2}", -1, 1, FALSE); /* one of two fits */
  test_publisher_send(p, "casa/v1/t/air/c", "{\"pm10\":1}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":3,\"no2\":4}", -1, 1, FALSE); /* what is known goes on */
  for (guint i = 0; i < 5; i++) {
    g_autofree char *topic = g_strdup_printf("casa/v1/%s/$station/s%u", i % 2 ? "big" : "t", i);
    test_publisher_send(p, topic, "{\"domain\":\"air\",\"name\":\"S\"}", -1, 1, FALSE);
    g_autofree char *reading = g_strdup_printf("casa/v1/big/air/s%u", i);
    test_publisher_send(p, reading, "{\"pm10\":1}", -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 30));
  CasaCounts c;
  test_until((c = pipeline_counts(pipeline), c.stored + c.duplicates + c.rejected >= 14), 30);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading where source = 'big'"), ==, 5);
  g_assert_cmpint(pipeline_query(pipeline, "select count(distinct station || metric) from reading where source = 't'"), ==, 3);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading where source = 't'"), ==, 5);
  /* Of stations t had two, a and b, when the first descriptor came. */
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection where code = 'series-limit' and reason like "
                                           "'stations: source \"t\" has its 3 stations%[quota t] series%'"),
                  ==, 2);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection where code = 'series-limit' and reason like "
                                           "'series: source \"t\" has its 3 series%[quota t] series%'"),
                  ==, 2);
  CasaSeriesTally over[2];
  g_assert_cmpuint(casa_pulse_read_over_series(pipeline->pulse, over, 2), ==, 1);
  g_assert_cmpstr(over[0].source, ==, "t");
  g_assert_cmpuint(over[0].refused, ==, 4); /* two values, two stations */
  g_assert_cmpuint(over[0].limit, ==, 3);
}

/* A source pays for what its messages cost, when they are done, and others do not. */
static void
test_work(Fixture *f, gconstpointer data)
{
  CasaQuotaTally tally;
  char words[CASA_REASON_SIZE];
  CasaReason why;
  /* Ten seconds' worth of a tenth of a processor. */
  for (int i = 0; i < 10; i++) {
    g_assert_true(casa_quota_take(f->quota, "dear", 10, START, &why));
    casa_quota_charge(f->quota, 100000);
  }
  g_assert_false(casa_quota_take(f->quota, "dear", 10, START, &why));
  g_assert_nonnull(strstr(casa_reason_text(&why, words), "over its 100 ms of work a second"));
  g_assert_true(casa_quota_take(f->quota, "cheap", 10, START, &why));
  g_assert_cmpuint(casa_quota_read(f->quota, &tally, 1), ==, 1);
  g_assert_cmpstr(tally.source, ==, "dear");
  g_assert_cmpint(tally.kind, ==, CASA_QUOTA_WORK);
  g_assert_cmpuint(tally.limit, ==, 100);
  g_assert_true(casa_quota_take(f->quota, "dear", 10, START + S, &why));
  casa_quota_charge(f->quota, 100000);
  g_assert_false(casa_quota_take(f->quota, "dear", 10, START + S, &why));
}

/* Work is told once there is some, whose it is, and only once. */
static void
test_untold_work(Fixture *f, gconstpointer data)
{
  char source[CASA_NAME_MAX + 1];
  CasaReason why;
  g_assert_true(casa_quota_take(f->quota, "dear", 10, START, &why));
  casa_quota_charge(f->quota, 15000);
  g_assert_cmpint(casa_quota_take_untold(f->quota, source), ==, 0);
  g_assert_true(casa_quota_take(f->quota, "cheap", 10, START, &why));
  casa_quota_charge(f->quota, 15000);
  g_assert_cmpint(casa_quota_take_untold(f->quota, source), ==, 0);
  g_assert_true(casa_quota_take(f->quota, "dear", 10, START, &why));
  casa_quota_charge(f->quota, 15000);
  g_assert_cmpint(casa_quota_take_untold(f->quota, source), ==, 30000);
  g_assert_cmpstr(source, ==, "dear");
  g_assert_cmpint(casa_quota_take_untold(f->quota, source), ==, 0);
  g_assert_true(casa_quota_take(f->quota, CASA_QUOTA_NOBODY, 10, START, &why));
  casa_quota_charge(f->quota, 90000);
  g_assert_cmpint(casa_quota_take_untold(f->quota, source), ==, 0);
}

/* Whom the broker's guard holds back is named with the guard's limit, until one of ours is passed. */
static void
test_held(Fixture *f, gconstpointer data)
{
  CasaQuotaTally tally;
  casa_quota_note_held(f->quota, "dear", CASA_QUOTA_WORK, 77, START);
  g_assert_cmpuint(casa_quota_read(f->quota, &tally, 1), ==, 1);
  g_assert_cmpstr(tally.source, ==, "dear");
  g_assert_cmpint(tally.kind, ==, CASA_QUOTA_WORK);
  g_assert_cmpuint(tally.limit, ==, 77);
  g_assert_cmpuint(tally.over, ==, 1);
  CasaReason why;
  for (int i = 0; i < 21; i++)
    (void)casa_quota_take(f->quota, "dear", 10, START, &why);
  g_assert_cmpuint(casa_quota_read(f->quota, &tally, 1), ==, 1);
  g_assert_cmpint(tally.kind, ==, CASA_QUOTA_MESSAGES);
  g_assert_cmpuint(tally.limit, ==, 10);
}

int
main(int argc, char **argv)
{
  static const char small[] = "[quota]\nmessages = 10\nburst = 20\n[quota own]\nburst = 3\n";
  static const char bytes[] = "[quota]\nmessages = 1000\nburst = 2000\nbytes = 1000\n";
  static const char work[] = "[quota]\nmessages = 1000\nburst = 10000\nwork = 100\n";
  g_test_init(&argc, &argv, NULL);
  g_test_add("/ingest/quota/rate", Fixture, small, set_up, test_rate, tear_down);
  g_test_add("/ingest/quota/bytes", Fixture, bytes, set_up, test_bytes, tear_down);
  g_test_add("/ingest/quota/work", Fixture, work, set_up, test_work, tear_down);
  g_test_add("/ingest/quota/untold-work", Fixture, work, set_up, test_untold_work, tear_down);
  g_test_add("/ingest/quota/held", Fixture, small, set_up, test_held, tear_down);
  g_test_add("/ingest/quota/credit", Fixture, small, set_up, test_credit, tear_down);
  g_test_add("/ingest/quota/words", Fixture, small, set_up, test_words, tear_down);
  g_test_add("/ingest/quota/many-sources", Fixture, small, set_up, test_many_sources, tear_down);
  g_test_add_func("/ingest/quota/every-topic", test_every_topic);
  g_test_add_func("/ingest/quota/large-status", test_large_status);
  g_test_add_func("/ingest/quota/flood-and-slow", test_flood_and_slow);
  g_test_add_func("/ingest/quota/backlog-is-no-flood", test_backlog_is_no_flood);
  g_test_add_func("/ingest/quota/series", test_series);
  return g_test_run();
}
