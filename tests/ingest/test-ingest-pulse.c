/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "casa-build.h"
#include "pipeline-fixture.h"

#include <math.h>
#include <string.h>

static PipelineFixture *
open_house(void)
{
  PipelineFixture *pipeline = pipeline_new(NULL, NULL);
  pipeline_open(pipeline);
  return pipeline;
}

/* One of each kind: counted once each, kept where it belongs, and none disturbs the next. */
static void
test_outcomes(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  static const char nul[] = "{\"pm10\":1}\0";
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  g_autofree char *huge = g_strnfill(65536, '7');
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  gint64 now_ms = casa_clock_now_ms();
  g_autofree char *good = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"seq\":5,\"pm10\":74.2,\"no2\":\"bad\"}", now_ms);
  test_publisher_send(p, "casa/v1/t/air/a", good, -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", good, -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", nul, sizeof nul - 1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "\xff\xfe\x00\x01", 4, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", huge, 65536, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/nowhere", "1", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/a", "{\"domain\":\"air\",\"name\":\"A\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/a", "{\"domain\":\"air\",\"name\":\"A\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/a", "", 0, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$event/works", "{\"event\":\"works\",\"place\":\"t1\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$event/works", "{\"event\":\"Road Works\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$event/works", "", 0, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$event/works", "", 0, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$status", "online", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a/pm2_5", "19.1", -1, 0, FALSE);
  g_assert_true(test_publisher_flush(p, 30));

  /* 16 published; the verdicts that come back on $feedback are ignored, and may come between. */
  CasaCounts c;
  test_until((c = pipeline_counts(pipeline), c.stored + c.duplicates + c.rejected >= 14 && c.ignored >= 3), 60);
  g_assert_cmpuint(c.stored, ==, 5);
  g_assert_cmpuint(c.duplicates, ==, 3);
  g_assert_cmpuint(c.rejected, ==, 6);
  g_assert_cmpuint(c.samples, ==, 2);
  g_assert_cmpuint(c.fields_rejected, ==, 2); /* the text in `good`, twice */
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading"), ==, 2);
  g_assert_cmpint(
    pipeline_query(pipeline, "select count(*) from event where kind = 'works' and place = 't1' and end_ms >= start_ms"), ==, 1);
  /* The six, and the good message for the sake of its bad field; not again for its duplicate. */
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection"), ==, 7);
  g_assert_cmpint(
    pipeline_query(pipeline, "select count(*) from rejection where reason like 'field \"no2\": text, wanted a number%'"), ==,
    1);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection where payload = x'fffe0001' and code = 'utf8'"), ==,
                  1);
  g_assert_cmpint(pipeline_query(pipeline, "select length(payload) from rejection where code = 'payload-size'"), ==, 8192);
  g_assert_cmpint(
    pipeline_query(pipeline, "select count(*) from rejection where code = 'topic' and topic = 'casa/v1/t/nowhere'"), ==, 1);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection where reason like '%NUL%'"), ==, 1);
}

/* A description that names no domain takes that of the readings before it, or of its kind; else the choices are told. */
static void
test_descriptor_without_domain(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  test_publisher_send(p, "casa/v1/t/water/tap/level_pct", "40", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/tap", "{\"name\":\"Robinet\",\"kind\":\"thing\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/roof", "{\"name\":\"Toit\",\"kind\":\"weather\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/lost", "{\"name\":\"Perdu\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/two/temp_c", "20", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/water/two/level_pct", "20", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/$station/two", "{\"name\":\"Deux\"}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, 30));
  CasaCounts c;
  test_until((c = pipeline_counts(pipeline), c.stored + c.rejected >= 7), 30);
  g_assert_cmpuint(c.stored, ==, 5);
  CasaCatalogue *catalogue = casa_pulse_catalogue(pipeline->pulse);
  const CasaStation *tap = casa_catalogue_station(catalogue, casa_catalogue_find_station(catalogue, "t", "water", "tap")),
                    *roof = casa_catalogue_station(catalogue, casa_catalogue_find_station(catalogue, "t", "air", "roof"));
  g_assert_cmpstr(tap->name, ==, "Robinet");
  g_assert_cmpstr(roof->name, ==, "Toit");
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection where topic like '%/lost' and code = 'domain' and "
                                           "reason like '%: mobility, energy, air, water, waste, civic'"),
                  ==, 1);
  g_assert_cmpint(
    pipeline_query(pipeline, "select count(*) from rejection where topic like '%/two' and reason like '%: air, water'"), ==, 1);
}

/* The screen's queue gets what is new, once, and knows what was retained. */
static void
test_hub(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  CasaLive live[16];
  guint n = 0;
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"seq\":1,\"t\":1,\"pm10\":50,\"no2\":10}");
  test_until((n += casa_hub_drain(casa_pulse_hub(pipeline->pulse), live + n, 16 - n)) >= 2, 30);
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpfloat(live[0].value, ==, 50);
  g_assert_false(live[0].retained);
  const CasaSeriesInfo *series = casa_catalogue_series(casa_pulse_catalogue(pipeline->pulse), live[1].series);
  g_assert_cmpstr(series->metric, ==, "no2");
}

static guint
count_of(const char *text, const char *word)
{
  guint n = 0;
  for (; (text = strstr(text, word)); text += strlen(word))
    n++;
  return n;
}

static void
test_feedback(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  g_autofree char *port = g_strdup_printf("%u", test_broker_port(pipeline->broker));
  const char *argv[] = { "mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-t", "casa/v1/t/$feedback", "-t", "ready", NULL };
  g_autoptr(TestProcess) sub = test_process_start(pipeline->dir, "sub", argv);
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  do /* until the subscription stands */
    test_broker_publish(pipeline->broker, "ready", "ready");
  while (!test_process_wait_out(sub, "ready", 0.2) && g_get_monotonic_time() < until_us);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  gint64 flood_us = g_get_monotonic_time();
  /* Two mistakes in one breath are both told. */
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":\"much\"}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{pm10}", -1, 1, FALSE);
  g_assert_true(test_process_wait_out(sub, "wanted a number", 30));
  g_assert_true(test_process_wait_out(sub, "not JSON", 30));
  for (guint i = 0; i < 20; i++)
    test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":\"much\"}", -1, 1, FALSE);
  CasaCounts c;
  test_until((c = pipeline_counts(pipeline)).rejected >= 22, 60);
  guint seconds = (guint)((g_get_monotonic_time() - flood_us) / G_USEC_PER_SEC) + 1;
  /* Of the flood only the first were told; the next verdict says how many were kept back. */
  until_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
  do
    test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":1,\"no2\":null}", -1, 1, FALSE);
  while (!test_process_wait_out(sub, "\"verdict\":\"partly stored\"", 0.3) && g_get_monotonic_time() < until_us);
  g_autofree char *out = test_process_out(sub);
  const char *next = strstr(out, "partly stored");
  g_assert_nonnull(next);
  guint told = count_of(out, "\"rejected\"");
  g_assert_cmpuint(told, <=, 5 + seconds);
  g_assert_cmpint(g_ascii_strtoll(strstr(next, "\"suppressed\":") + strlen("\"suppressed\":"), NULL, 10), >=, 22 - told);
}

/* What the store answers to @question within some seconds; "" when it says nothing. (transfer full) */
static char *
ask_store(PipelineFixture *pipeline, const char *question)
{
  g_autofree char *port = g_strdup_printf("%u", test_broker_port(pipeline->broker));
  const char *argv[] = {
    "mosquitto_rr",           "-h", "127.0.0.1", "-p", port, "-W", "2", "-e", "casa/v1/$control/store/reply", "-t",
    "casa/v1/$control/store", "-m", question,    NULL
  };
  char *out = NULL;
  test_run(argv, NULL, &out, NULL);
  return g_strchomp(out);
}

/* Who can send its past again may ask what is there: stretches with something in them, of that source alone. */
static void
test_tells_what_is_stored(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  gint64 t = (casa_clock_now_ms() - 7200000) / 60000 * 60000;
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  for (guint i = 0; i < 60; i++) { /* an hour of minutes without the twenty in its middle, and one more of another source */
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}", t + i * 60000, i);
    test_publisher_send(p, i < 20 || i >= 40 ? "casa/v1/kit/air/a" : "casa/v1/other/air/a", payload, -1, 1, FALSE);
  }
  g_assert_true(test_publisher_flush(p, 30));
  pipeline_wait_received(pipeline, 60);
  g_autofree char *question = g_strdup_printf(
    "{\"source\":\"kit\",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT ",\"step\":60000}", t - 600000, t + 3600000);
  g_autofree char *expected =
    g_strdup_printf("{\"source\":\"kit\",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT ",\"have\":[[%" G_GINT64_FORMAT
                    ",%" G_GINT64_FORMAT "],[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]]}",
                    t - 600000, t + 3600000, t, t + 20 * 60000, t + 40 * 60000, t + 3600000);
  g_autofree char *answer = ask_store(pipeline, question);
  g_assert_cmpstr(answer, ==, expected);
  /* Nobody's source has nothing; what is no question is not answered, and does no harm. */
  g_autofree char *nobody = ask_store(pipeline, "{\"source\":\"x\",\"from\":0,\"to\":1000}");
  g_assert_cmpstr(nobody, ==, "{\"source\":\"x\",\"from\":0,\"to\":1000,\"have\":[]}");
  const char *const wrong[] = { "{", "[]", "{\"source\":\"x\",\"from\":0,\"to\":1e300}",
                                "{\"source\":\"x\",\"from\":5,\"to\":4}" };
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autofree char *nothing = ask_store(pipeline, wrong[i]);
    g_assert_cmpstr(nothing, ==, "");
  }
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from rejection"), ==, 0);
}

/* A broker that forgot us: from when to when messages may be missing is in the store. */
static void
test_gap_session_lost(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"pm10\":50}");
  pipeline_wait_received(pipeline, 1);
  gint64 before_ms = casa_clock_now_ms();
  test_broker_kill(pipeline->broker);
  pipeline_wait_link(pipeline, CASA_LINK_LOST, 1);
  test_broker_forget(pipeline->broker);
  test_broker_start(pipeline->broker);
  CasaLink link = pipeline_wait_link(pipeline, CASA_LINK_UP, 2);
  g_assert_true(link.session_lost);
  CasaCounts c = pipeline_wait_gaps(pipeline, 1);
  g_assert_cmpuint(c.gaps, ==, 1);
  g_assert_cmpuint(c.reconnects, ==, 1);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from gap where cause = 'session lost' and end_ms > start_ms"), ==,
                  1);
  g_assert_cmpint(pipeline_query(pipeline, "select start_ms from gap"), <=, before_ms + 3000);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"pm10\":51}");
  pipeline_wait_received(pipeline, 2);
}

/* A broker that kept our session lost nothing: no gap. */
static void
test_no_gap_when_session_kept(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"pm10\":50}");
  pipeline_wait_received(pipeline, 1);
  test_broker_stop(pipeline->broker);
  pipeline_wait_link(pipeline, CASA_LINK_LOST, 1);
  test_broker_start(pipeline->broker);
  CasaLink link = pipeline_wait_link(pipeline, CASA_LINK_UP, 2);
  g_assert_false(link.session_lost);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"pm10\":51}");
  CasaCounts c = pipeline_wait_received(pipeline, 2);
  g_assert_cmpuint(c.gaps, ==, 0);
}

/* The program was off and the broker kept nothing for it. */
static void
test_gap_not_running(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  test_broker_publish(pipeline->broker, "casa/v1/t/air/a", "{\"pm10\":50}");
  pipeline_wait_received(pipeline, 1);
  pipeline_close(pipeline);
  test_broker_stop(pipeline->broker);
  test_broker_forget(pipeline->broker);
  test_broker_start(pipeline->broker);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  pipeline_wait_gaps(pipeline, 1);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from gap where cause = 'program not running'"), ==, 1);
}

static void
test_series_limit(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new("[limits]\nmax_series = 2\n", NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":1,\"no2\":2,\"o3\":3}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/b", "{\"pm10\":1}", -1, 1, FALSE);
  test_publisher_send(p, "casa/v1/t/air/a", "{\"pm10\":2}", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(p, 30));
  CasaCounts c;
  test_until((c = pipeline_counts(pipeline), c.stored + c.rejected >= 3), 30);
  g_assert_cmpuint(c.stored, ==, 2);
  g_assert_cmpuint(c.rejected, ==, 1);
  g_assert_cmpuint(c.samples, ==, 3);
  g_assert_cmpint(
    pipeline_query(pipeline, "select count(*) from rejection where code = 'series-limit' and reason like '%max_series%'"), ==,
    2); /* the third metric of the first message, and the second message */
  CasaSeriesTally over[2];
  g_assert_cmpuint(casa_pulse_read_over_series(pipeline->pulse, over, 2), ==, 1);
  g_assert_cmpstr(over[0].source, ==, "");
  g_assert_cmpuint(over[0].refused, ==, 2);
  g_assert_cmpuint(over[0].limit, ==, 2);
}

static void
send_old(TestPublisher *p, guint n, gint64 age_ms)
{
  gint64 now_ms = casa_clock_now_ms();
  for (guint i = 0; i < n; i++) {
    g_autofree char *payload = g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}", now_ms - age_ms + i, i);
    test_publisher_send(p, "casa/v1/t/air/a", payload, -1, 1, FALSE);
  }
}

/* How fast measurements come is told by those that did not wait: not by a past that is sent, nor by what gathered meanwhile. */
static void
test_latency_is_live(void)
{
  g_autoptr(PipelineFixture) pipeline = open_house();
  g_autoptr(TestPublisher) p = test_publisher_new(test_broker_url(pipeline->broker));
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  send_old(p, 200, 3600 * 1000);
  send_old(p, 200, 40 * 1000);
  g_assert_true(test_publisher_flush(p, 30));
  CasaCounts c = pipeline_wait_received(pipeline, 400);
  g_assert_cmpuint(c.stored, ==, 400);
  g_assert_true(isnan(c.latency_ms) && isnan(c.latency_p50_ms));
  send_old(p, 50, 0);
  g_assert_true(test_publisher_flush(p, 30));
  c = pipeline_wait_received(pipeline, 450);
  g_assert_cmpfloat(c.latency_p50_ms, >, 0);
  g_assert_cmpfloat(c.latency_p95_ms, <, 20 * 1000);
}

/* Half-built things can be thrown away. */
static void
test_free_unstarted(void)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *store = g_build_filename(dir, "pulse.db", NULL);
  g_autoptr(GError) error = NULL;
  CasaConfigOverrides overrides = { .dir = CASA_SOURCE_ROOT "/config", .store = store };
  g_autoptr(CasaConfig) config = casa_config_load(&overrides, &error);
  g_assert_no_error(error);
  CasaPulse *pulse = casa_pulse_new(config, FALSE, &error);
  g_assert_no_error(error);
  g_assert_null(casa_pulse_hub(pulse));
  g_assert_null(casa_pulse_set_aside(pulse));
  g_assert_null(casa_pulse_new(config, FALSE, &error)); /* the store is in use */
  g_assert_error(error, CASA_ERROR, CASA_ERROR_STORE_BUSY);
  casa_pulse_stop(pulse);
  casa_pulse_stop(pulse);
  casa_pulse_free(pulse);
  casa_pulse_free(NULL);
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/pulse/descriptor-without-domain", test_descriptor_without_domain);
  g_test_add_func("/ingest/pulse/tells-what-is-stored", test_tells_what_is_stored);
  g_test_add_func("/ingest/pulse/outcomes", test_outcomes);
  g_test_add_func("/ingest/pulse/hub", test_hub);
  g_test_add_func("/ingest/pulse/feedback", test_feedback);
  g_test_add_func("/ingest/pulse/gap-session-lost", test_gap_session_lost);
  g_test_add_func("/ingest/pulse/no-gap-when-session-kept", test_no_gap_when_session_kept);
  g_test_add_func("/ingest/pulse/gap-not-running", test_gap_not_running);
  g_test_add_func("/ingest/pulse/series-limit", test_series_limit);
  g_test_add_func("/ingest/pulse/latency-is-live", test_latency_is_live);
  g_test_add_func("/ingest/pulse/free-unstarted", test_free_unstarted);
  return g_test_run();
}
