/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/counters.h"
#include "base/latency.h"

#include <math.h>

#define MESSAGES 40000

static void
count(CasaCounters *counters, CasaOutcome outcome, guint samples, guint refused, double latency_ms)
{
  casa_counters_message(
    counters, &(CasaMessageCount){ .outcome = outcome, .samples = samples, .refused = refused, .latency_ms = latency_ms });
}

static void
outcomes(void)
{
  CasaCounters *counters = casa_counters_new();
  CasaCounts c;
  casa_counters_read(counters, &c);
  g_assert_cmpuint(c.received, ==, 0);
  g_assert_true(isnan(c.latency_ms));
  g_assert_cmpfloat(c.rate, ==, 0);

  count(counters, CASA_OUTCOME_STORED, 3, 1, 40);
  count(counters, CASA_OUTCOME_STORED, 2, 0, 60);
  count(counters, CASA_OUTCOME_STORED, 1, 0, NAN); /* history: no latency */
  count(counters, CASA_OUTCOME_DUPLICATE, 0, 0, 1000);
  count(counters, CASA_OUTCOME_REJECTED, 0, 2, NAN);
  count(counters, CASA_OUTCOME_IGNORED, 0, 0, NAN);
  count(counters, CASA_OUTCOME_OVER_QUOTA, 0, 0, NAN);
  casa_counters_add_forwarded(counters, 5);
  casa_counters_set_pending(counters, 9);
  casa_counters_set_pending(counters, 1);
  casa_counters_add_quarantined(counters, 2);
  casa_counters_add_dropped_display(counters, 7);
  casa_counters_add_reconnect(counters);
  casa_counters_add_gap(counters);

  casa_counters_read(counters, &c);
  g_assert_cmpuint(c.received, ==, 7);
  g_assert_cmpuint(c.stored, ==, 3);
  g_assert_cmpuint(c.duplicates, ==, 1);
  g_assert_cmpuint(c.rejected, ==, 1);
  g_assert_cmpuint(c.ignored, ==, 2);
  g_assert_cmpuint(c.over_quota, ==, 1);
  g_assert_cmpuint(c.samples, ==, 6);
  g_assert_cmpuint(c.fields_rejected, ==, 3);
  g_assert_cmpuint(c.forwarded, ==, 5);
  g_assert_cmpuint(c.pending, ==, 1);
  g_assert_cmpuint(c.quarantined, ==, 2);
  g_assert_cmpuint(c.dropped_display, ==, 7);
  g_assert_cmpuint(c.reconnects, ==, 1);
  g_assert_cmpuint(c.gaps, ==, 1);
  g_assert_cmpfloat(c.latency_ms, ==, 60); /* of 40, 60, 1000 */
  casa_counters_free(counters);
  casa_counters_free(NULL);
}

static void
latency_is_recent(void)
{
  CasaCounters *counters = casa_counters_new();
  CasaCounts c;
  for (guint i = 0; i < 1000; i++)
    count(counters, CASA_OUTCOME_STORED, 1, 0, 5000);
  for (guint i = 0; i < 300; i++)
    count(counters, CASA_OUTCOME_STORED, 1, 0, 20);
  casa_counters_read(counters, &c);
  g_assert_cmpfloat(c.latency_ms, ==, 20);
  casa_counters_free(counters);
}

static void
near(double value, double wanted)
{
  g_assert_cmpfloat(value, >, wanted * 0.955);
  g_assert_cmpfloat(value, <, wanted * 1.045);
}

/* A thousand of 1 to 1000 ms: the percentiles are told within the promised 4.5 %. */
static void
latency_percentiles(void)
{
  CasaCounters *counters = casa_counters_new();
  CasaCounts c;
  casa_counters_read(counters, &c);
  g_assert_true(isnan(c.latency_p50_ms) && isnan(c.latency_p95_ms) && isnan(c.latency_p99_ms));
  for (guint i = 1; i <= 1000; i++)
    count(counters, CASA_OUTCOME_STORED, 1, 0, (i * 7919) % 1000 + 1);
  casa_counters_read(counters, &c);
  near(c.latency_p50_ms, 500);
  near(c.latency_p95_ms, 950);
  near(c.latency_p99_ms, 990);
  casa_counters_free(counters);
}

static void
latency_is_forgotten(void)
{
  g_autofree CasaLatency *latency = g_new0(CasaLatency, 1);
  gint64 s = G_USEC_PER_SEC, now = 1000003 * s;
  double p50, p95, p99;
  casa_latency_add(latency, now, 0);
  casa_latency_read(latency, now, &p50, &p95, &p99);
  g_assert_cmpfloat(p99, ==, 0.5);
  casa_latency_add(latency, now + 30 * s, 1e9);
  casa_latency_read(latency, now + 59 * s, &p50, &p95, &p99);
  g_assert_cmpfloat(p50, ==, 0.5);
  near(p99, 65536);
  casa_latency_read(latency, now + 75 * s, &p50, &p95, &p99);
  near(p50, 65536);
  casa_latency_read(latency, now + 3600 * s, &p50, &p95, &p99);
  g_assert_true(isnan(p50));
}

/* Feeds 2000 samples a second and waits, with a generous deadline, for the rate to say so within a quarter. */
static void
rate_is_per_second(void)
{
  CasaCounters *counters = casa_counters_new();
  gint64 start = casa_clock_mono_us(), deadline = start + 60 * G_USEC_PER_SEC;
  guint64 fed = 0;
  CasaCounts c;
  gboolean seen = FALSE;
  while (!seen && casa_clock_mono_us() < deadline) {
    guint64 due = (guint64)(casa_clock_mono_us() - start) * 2000 / G_USEC_PER_SEC;
    if (due > fed)
      count(counters, CASA_OUTCOME_STORED, (guint)(due - fed), 0, NAN);
    fed = MAX(fed, due);
    casa_counters_read(counters, &c);
    seen = fed > 2000 && c.rate > 1500 && c.rate < 2500;
    g_usleep(1000);
  }
  g_assert_true(seen);
  casa_counters_free(counters);
}

static gpointer
write_messages(gpointer data)
{
  CasaCounters *counters = data;
  for (guint i = 0; i < MESSAGES; i++) {
    count(counters, (CasaOutcome)(i % 5), i % 5 == CASA_OUTCOME_STORED ? 2 : 0, 0, i % 100);
    casa_counters_add_forwarded(counters, 1);
  }
  return NULL;
}

/* The promise holds in every copy taken while two threads count, not only at the end. */
static void
every_copy_adds_up(void)
{
  CasaCounters *counters = casa_counters_new();
  GThread *a = g_thread_new("a", write_messages, counters), *b = g_thread_new("b", write_messages, counters);
  CasaCounts c;
  guint64 before = 0;
  do {
    casa_counters_read(counters, &c);
    g_assert_cmpuint(c.received, ==, c.stored + c.duplicates + c.rejected + c.ignored);
    g_assert_cmpuint(c.samples, ==, c.stored * 2);
    g_assert_cmpuint(c.over_quota, <=, c.ignored);
    g_assert_cmpuint(c.received, >=, before);
    before = c.received;
  } while (c.received < 2 * MESSAGES);
  g_thread_join(a);
  g_thread_join(b);
  casa_counters_read(counters, &c);
  g_assert_cmpuint(c.stored, ==, 2 * MESSAGES / 5);
  g_assert_cmpuint(c.ignored, ==, 2 * MESSAGES / 5 * 2);
  g_assert_cmpuint(c.over_quota, ==, 2 * MESSAGES / 5);
  g_assert_cmpuint(c.forwarded, ==, 2 * MESSAGES);
  casa_counters_free(counters);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/counters/outcomes", outcomes);
  g_test_add_func("/base/counters/latency-is-recent", latency_is_recent);
  g_test_add_func("/base/counters/latency-percentiles", latency_percentiles);
  g_test_add_func("/base/counters/latency-is-forgotten", latency_is_forgotten);
  g_test_add_func("/base/counters/rate-is-per-second", rate_is_per_second);
  g_test_add_func("/base/counters/every-copy-adds-up", every_copy_adds_up);
  return g_test_run();
}
