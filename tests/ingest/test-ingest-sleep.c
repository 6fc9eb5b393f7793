/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ingest-fixture.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A machine that sleeps: CLOCK_BOOTTIME and the wall clock go on, CLOCK_MONOTONIC stands. */
static gint64 asleep_s;

/* Instead of the C library's, for what is linked into this program. */
int clock_gettime(clockid_t id, struct timespec *out);

int
clock_gettime(clockid_t id, struct timespec *out)
{
  int rc = (int)syscall(SYS_clock_gettime, id, out);
  if (rc == 0 && (id == CLOCK_BOOTTIME || id == CLOCK_REALTIME))
    out->tv_sec += asleep_s;
  return rc;
}

static void
test_clock(void)
{
  gint64 boot_us = casa_clock_boot_us(), mono_us = casa_clock_mono_us();
  asleep_s += 3600;
  g_assert_cmpint(casa_clock_boot_us() - boot_us, >=, 3600 * (gint64)G_USEC_PER_SEC);
  g_assert_cmpint(casa_clock_mono_us() - mono_us, <, 3600 * (gint64)G_USEC_PER_SEC);
  g_assert_cmpint(casa_clock_boot_us(), >=, casa_clock_mono_us());
}

/* The lid was closed for the night: what the broker kept meanwhile is a backlog, and no flood to be thrown away. */
static void
test_backlog_after_sleep(void)
{
  g_autoptr(IngestFixture) fixture = ingest_fixture_new("[quota]\nmessages = 1\nburst = 10\n");
  for (guint i = 0; i < 10; i++)
    ingest_fixture_give(fixture, "casa/v1/t/air/a", "{\"pm10\":1}");
  g_assert_cmpuint(ingest_fixture_counts(fixture).over_quota, ==, 0);
  asleep_s += 3600;
  for (guint i = 0; i < 3600; i++) {
    g_autofree char *payload =
      g_strdup_printf("{\"t\":%" G_GINT64_FORMAT ",\"pm10\":2}", casa_clock_now_ms() - 3600000 + i * 1000);
    ingest_fixture_give(fixture, "casa/v1/t/air/a", payload);
  }
  g_assert_cmpuint(ingest_fixture_counts(fixture).over_quota, ==, 0);
  g_assert_cmpuint(ingest_fixture_counts(fixture).samples, >=, 3600);
  for (guint i = 0; i < 100; i++)
    ingest_fixture_give(fixture, "casa/v1/t/air/a", "{\"pm10\":3}");
  g_assert_cmpuint(ingest_fixture_counts(fixture).over_quota, >, 50); /* and then its quota holds again */
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/sleep/clock", test_clock);
  g_test_add_func("/ingest/sleep/backlog", test_backlog_after_sleep);
  return g_test_run();
}
