/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/counters.h"

#include <math.h>

#define MESSAGES 40000

static void outcomes(void) {
  CasaCounters *counters = casa_counters_new();
  CasaCounts c;
  casa_counters_read(counters, &c);
  g_assert_cmpuint(c.received, ==, 0);
  g_assert_true(isnan(c.latency_ms));
  g_assert_cmpfloat(c.rate, ==, 0);

  casa_counters_message(counters, CASA_OUTCOME_STORED, 3, 1, 40);
  casa_counters_message(counters, CASA_OUTCOME_STORED, 2, 0, 60);
  casa_counters_message(counters, CASA_OUTCOME_STORED, 1, 0, NAN); /* history: no latency */
  casa_counters_message(counters, CASA_OUTCOME_DUPLICATE, 0, 0, 1000);
  casa_counters_message(counters, CASA_OUTCOME_REJECTED, 0, 2, NAN);
  casa_counters_message(counters, CASA_OUTCOME_IGNORED, 0, 0, NAN);
  casa_counters_add_forwarded(counters, 5);
  casa_counters_set_pending(counters, 9);
  casa_counters_set_pending(counters, 1);
  casa_counters_add_quarantined(counters, 2);
  casa_counters_add_dropped_display(counters, 7);
  casa_counters_add_reconnect(counters);
  casa_counters_add_gap(counters);

  casa_counters_read(counters, &c);
  g_assert_cmpuint(c.received, ==, 6);
  g_assert_cmpuint(c.stored, ==, 3);
  g_assert_cmpuint(c.duplicates, ==, 1);
  g_assert_cmpuint(c.rejected, ==, 1);
  g_assert_cmpuint(c.ignored, ==, 1);
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

static void latency_is_recent(void) {
  CasaCounters *counters = casa_counters_new();
  CasaCounts c;
  for (guint i = 0; i < 1000; i++)
    casa_counters_message(counters, CASA_OUTCOME_STORED, 1, 0, 5000);
  for (guint i = 0; i < 300; i++)
    casa_counters_message(counters, CASA_OUTCOME_STORED, 1, 0, 20);
  casa_counters_read(counters, &c);
  g_assert_cmpfloat(c.latency_ms, ==, 20);
  casa_counters_free(counters);
}

/* Feeds 2000 samples a second and waits, with a generous deadline, for the rate to say so within a quarter. */
static void rate_is_per_second(void) {
  CasaCounters *counters = casa_counters_new();
  gint64 start = casa_clock_mono_us(), deadline = start + 60 * G_USEC_PER_SEC;
  guint64 fed = 0;
  CasaCounts c;
  gboolean seen = FALSE;
  while (!seen && casa_clock_mono_us() < deadline) {
    guint64 due = (guint64)(casa_clock_mono_us() - start) * 2000 / G_USEC_PER_SEC;
    if (due > fed)
      casa_counters_message(counters, CASA_OUTCOME_STORED, (guint)(due - fed), 0, NAN);
    fed = MAX(fed, due);
    casa_counters_read(counters, &c);
    seen = fed > 2000 && c.rate > 1500 && c.rate < 2500;
    g_usleep(1000);
  }
  g_assert_true(seen);
  casa_counters_free(counters);
}

static gpointer write_messages(gpointer data) {
  CasaCounters *counters = data;
  for (guint i = 0; i < MESSAGES; i++) {
    casa_counters_message(counters, (CasaOutcome)(i % 4), i % 4 == CASA_OUTCOME_STORED ? 2 : 0, 0, i % 100);
    casa_counters_add_forwarded(counters, 1);
  }
  return NULL;
}

/* The promise holds in every copy taken while two threads count, not only at the end. */
static void every_copy_adds_up(void) {
  CasaCounters *counters = casa_counters_new();
  GThread *a = g_thread_new("a", write_messages, counters), *b = g_thread_new("b", write_messages, counters);
  CasaCounts c;
  guint64 before = 0;
  do {
    casa_counters_read(counters, &c);
    g_assert_cmpuint(c.received, ==, c.stored + c.duplicates + c.rejected + c.ignored);
    g_assert_cmpuint(c.samples, ==, c.stored * 2);
    g_assert_cmpuint(c.received, >=, before);
    before = c.received;
  } while (c.received < 2 * MESSAGES);
  g_thread_join(a);
  g_thread_join(b);
  casa_counters_read(counters, &c);
  g_assert_cmpuint(c.stored, ==, 2 * MESSAGES / 4);
  g_assert_cmpuint(c.ignored, ==, 2 * MESSAGES / 4);
  g_assert_cmpuint(c.forwarded, ==, 2 * MESSAGES);
  casa_counters_free(counters);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/counters/outcomes", outcomes);
  g_test_add_func("/base/counters/latency-is-recent", latency_is_recent);
  g_test_add_func("/base/counters/rate-is-per-second", rate_is_per_second);
  g_test_add_func("/base/counters/every-copy-adds-up", every_copy_adds_up);
  return g_test_run();
}
