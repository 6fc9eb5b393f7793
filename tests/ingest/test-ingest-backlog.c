/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/backlog.h"

#define BEGAN 1000000000000
#define SECOND 1000
#define HOUR (3600 * SECOND)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaBacklog, casa_backlog_free)

/* A reading of @source made @age_ms before it came at @now_ms. */
static gboolean
waited(CasaBacklog *b, const char *source, gint64 age_ms, gint64 now_ms)
{
  return casa_backlog_take(b, source, now_ms - age_ms, now_ms);
}

static void
test_live(void)
{
  g_autoptr(CasaBacklog) b = casa_backlog_new(BEGAN);
  g_assert_true(waited(b, "city", 20, BEGAN + 10)); /* made before we began */
  g_assert_false(waited(b, "city", 20, BEGAN + 50));
  g_assert_false(waited(b, "city", 30 * SECOND, BEGAN + 60 * SECOND)); /* slow, and honestly so */
  g_assert_true(waited(b, "city", 61 * SECOND, BEGAN + 80 * SECOND));
}

/* A day is sent within some seconds; what was measured during these comes late on that account. */
static void
test_source_catches_up(void)
{
  g_autoptr(CasaBacklog) b = casa_backlog_new(BEGAN);
  gint64 now = BEGAN + HOUR, end = now + 5 * SECOND;
  for (gint64 age = 24 * HOUR; age > 61 * SECOND; age -= 60 * SECOND)
    g_assert_true(waited(b, "city", age, now));
  g_assert_true(waited(b, "city", 61 * SECOND, end));
  g_assert_true(waited(b, "city", 4 * SECOND, end));
  g_assert_false(waited(b, "city", 4 * SECOND, end + 5 * SECOND));
  g_assert_false(waited(b, "equipe-1", 4 * SECOND, end)); /* another one's past is not theirs */
}

/* Late ones among live ones are no past that is being sent: the live ones still count, however slow they are. */
static void
test_single_late(void)
{
  g_autoptr(CasaBacklog) b = casa_backlog_new(BEGAN);
  for (gint64 now = BEGAN + HOUR; now < BEGAN + HOUR + 100 * SECOND; now += SECOND) {
    g_assert_true(waited(b, "city", 5 * 60 * SECOND, now));
    g_assert_false(waited(b, "city", 2 * SECOND, now));
  }
}

static void
test_held(void)
{
  g_autoptr(CasaBacklog) b = casa_backlog_new(BEGAN);
  gint64 up = BEGAN + HOUR;
  casa_backlog_hold(b, G_MAXINT64); /* the link is down: whatever comes now was kept for us */
  g_assert_true(waited(b, "city", 5, up - 1));
  casa_backlog_hold(b, up);
  g_assert_true(waited(b, "city", 5 * SECOND, up + 2 * SECOND));
  g_assert_false(waited(b, "city", 5 * SECOND, up + 6 * SECOND));
  casa_backlog_hold_source(b, "equipe-1", up + 8 * SECOND); /* it was away, and says that it is back */
  g_assert_true(waited(b, "equipe-1", 3 * SECOND, up + 9 * SECOND));
  g_assert_false(waited(b, "equipe-1", 3 * SECOND, up + 12 * SECOND));
  g_assert_false(waited(b, "city", 3 * SECOND, up + 9 * SECOND));
}

/* Invented sources cost a bounded memory, and take nothing from real ones for longer than a run. */
static void
test_many_sources(void)
{
  g_autoptr(CasaBacklog) b = casa_backlog_new(BEGAN);
  gint64 now = BEGAN + HOUR;
  for (guint i = 0; i < 5000; i++) {
    g_autofree char *name = g_strdup_printf("s%u", i);
    g_assert_false(waited(b, name, 5, now));
  }
  for (guint i = 0; i < 20; i++)
    waited(b, "city", HOUR, now);
  g_assert_true(waited(b, "city", 5, now));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/backlog/live", test_live);
  g_test_add_func("/ingest/backlog/source-catches-up", test_source_catches_up);
  g_test_add_func("/ingest/backlog/single-late", test_single_late);
  g_test_add_func("/ingest/backlog/held", test_held);
  g_test_add_func("/ingest/backlog/many-sources", test_many_sources);
  return g_test_run();
}
