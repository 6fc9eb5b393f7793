/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "pipeline-fixture.h"
#include "relay.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

/* Faults of the link and of the store, one at a time: each test asserts the data and the words. */

/* By another process: the library has one lock for all connections of a process, and a store that refuses holds it. */
static void
publish(PipelineFixture *pipeline, guint from, guint to)
{
  g_autoptr(GString) lines = g_string_new(NULL);
  g_autofree char *port = g_strdup_printf("%u", test_broker_port(pipeline->broker));
  const char *argv[] = { "mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", "casa/v1/t/air/a", "-l", NULL };
  for (guint i = from; i < to; i++)
    g_string_append_printf(lines, "{\"t\":%" G_GINT64_FORMAT ",\"pm10\":%u}\n", casa_clock_now_ms() + (gint64)i, i % 500);
  g_assert_cmpint(test_run(argv, lines->str, NULL, NULL), ==, 0);
}

/* Until @n samples are in the store. */
static void
wait_stored(PipelineFixture *pipeline, guint64 n)
{
  test_until(pipeline_counts(pipeline).samples >= n, 60);
  g_assert_cmpuint(pipeline_counts(pipeline).samples, ==, n);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from reading"), ==, n);
}

/* 01: killed, but its session was on its disk: nothing is missing, and no gap is claimed. */
static void
test_broker_killed_session_kept(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  g_autofree char *db = g_build_filename(test_broker_dir(pipeline->broker), "mosquitto.db", NULL);
  GStatBuf st = { 0 };
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  publish(pipeline, 0, 1);
  wait_stored(pipeline, 1);
  gint64 up_s = g_get_real_time() / G_USEC_PER_SEC;
  test_until(g_stat(db, &st) == 0 && st.st_mtime > up_s + 1, 30); /* autosave */
  test_broker_kill(pipeline->broker);
  pipeline_wait_said(pipeline, "broke; trying again");
  test_broker_start(pipeline->broker);
  g_assert_false(pipeline_wait_link(pipeline, CASA_LINK_UP, 2).session_lost);
  pipeline_wait_said(pipeline, "connected to 127.0.0.1:");
  publish(pipeline, 1, 20);
  wait_stored(pipeline, 20);
  g_assert_cmpuint(pipeline_counts(pipeline).gaps, ==, 0);
  g_assert_cmpuint(pipeline_counts(pipeline).reconnects, ==, 1);
}

/* 02: its session is lost: a gap from the last that came until the connection, and everything after it. */
static void
test_session_lost(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  publish(pipeline, 0, 5);
  wait_stored(pipeline, 5);
  gint64 before_ms = casa_clock_now_ms();
  test_broker_kill(pipeline->broker);
  pipeline_wait_link(pipeline, CASA_LINK_LOST, 1);
  test_broker_forget(pipeline->broker);
  test_broker_start(pipeline->broker);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 2);
  pipeline_wait_gaps(pipeline, 1);
  gint64 after_ms = casa_clock_now_ms();
  g_assert_cmpint(pipeline_query(pipeline, "select start_ms from gap"), <=, before_ms + 1000);
  g_assert_cmpint(pipeline_query(pipeline, "select start_ms from gap"), >=, before_ms - 10000);
  g_assert_cmpint(pipeline_query(pipeline, "select end_ms from gap"), >, before_ms);
  g_assert_cmpint(pipeline_query(pipeline, "select end_ms from gap"), <=, after_ms);
  g_autofree char *cause = pipeline_query_text(pipeline, "select cause from gap");
  g_assert_cmpstr(cause, ==, "session lost");
  publish(pipeline, 5, 8);
  wait_stored(pipeline, 8);
}

static gpointer
publish_beside(gpointer data)
{
  publish(data, 0, 30);
  return NULL;
}

/* 03: half-open: the socket stands, nothing goes through. Said within the keep-alive; what was published meanwhile comes. A
 * busy machine may be late now and then: the promise is broken when it is never kept. */
static void
test_half_open(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  g_autoptr(TestRelay) relay = test_relay_new(test_broker_port(pipeline->broker));
  pipeline_connect_by(pipeline, test_relay_url(relay));
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  GThread *thread = NULL;
  guint tries = 0;
  double seconds;
  do {
    gint64 from_us = g_get_monotonic_time();
    test_relay_hold(relay, TRUE);
    if (!thread)
      thread = g_thread_new("publish", publish_beside, pipeline);
    pipeline_wait_said(pipeline, "no answer from 127.0.0.1:");
    seconds = (double)(g_get_monotonic_time() - from_us) / G_USEC_PER_SEC;
    g_assert_cmpint(pipeline_wait_link(pipeline, CASA_LINK_LOST, 1).state, ==, CASA_LINK_LOST);
    if (tries == 0)
      g_thread_join(thread);
    test_relay_hold(relay, FALSE);
    pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  } while (seconds >= 5 && ++tries < 5);
  g_assert_cmpfloat(seconds, <, 5);
  wait_stored(pipeline, 30);
  if (tries == 0) { /* given up after 6 s of silence */
    pipeline_wait_said(pipeline, "answers again");
    g_assert_cmpuint(test_relay_connections(relay), ==, 1);
  }
  g_assert_cmpuint(pipeline_counts(pipeline).gaps, ==, 0);
}

/* 04: so for long: the connection is given up, and made anew when the network is back. */
static void
test_half_open_long(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  g_autoptr(TestRelay) relay = test_relay_new(test_broker_port(pipeline->broker));
  pipeline_connect_by(pipeline, test_relay_url(relay));
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  publish(pipeline, 0, 10);
  wait_stored(pipeline, 10);
  test_relay_hold(relay, TRUE);
  publish(pipeline, 10, 40);
  pipeline_wait_said(pipeline, "connecting anew");
  test_relay_cut(relay);
  test_relay_refuse(relay, TRUE);
  pipeline_wait_said(pipeline, "no broker answers at 127.0.0.1:");
  publish(pipeline, 40, 60);
  test_relay_refuse(relay, FALSE);
  test_relay_hold(relay, FALSE);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 2);
  wait_stored(pipeline, 60);
  g_assert_cmpuint(pipeline_counts(pipeline).gaps, ==, 0);
}

/* 05: a cable that is pulled again and again while messages come: each is stored, and once. */
static void
test_cut_again_and_again(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  g_autoptr(TestRelay) relay = test_relay_new(test_broker_port(pipeline->broker));
  pipeline_connect_by(pipeline, test_relay_url(relay));
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  for (guint i = 0; i < 4; i++) {
    publish(pipeline, i * 100, i * 100 + 100);
    test_relay_cut(relay);
    pipeline_wait_link(pipeline, CASA_LINK_UP, i + 2);
  }
  publish(pipeline, 400, 401);
  wait_stored(pipeline, 401);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from (select distinct t_ms from reading)"), ==, 401);
  g_assert_cmpuint(pipeline_counts(pipeline).gaps, ==, 0);
  g_assert_cmpuint(pipeline_counts(pipeline).reconnects, ==, 4);
}

static sqlite3 *
lock_store(PipelineFixture *pipeline)
{
  sqlite3 *db;
  g_assert_cmpint(sqlite3_open(pipeline->store, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout(db, 10000);
  g_assert_cmpint(sqlite3_exec(db, "begin immediate", NULL, NULL, NULL), ==, SQLITE_OK);
  return db;
}

/* 06: another program holds the database: said, nothing is lost, and it goes on by itself. */
static void
test_locked_database(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  publish(pipeline, 0, 1);
  wait_stored(pipeline, 1);
  sqlite3 *db = lock_store(pipeline);
  publish(pipeline, 1, 50);
  pipeline_wait_blocked(pipeline, "locked");
  g_assert_cmpuint(pipeline_counts(pipeline).samples, ==, 1);
  sqlite3_exec(db, "rollback", NULL, NULL, NULL);
  sqlite3_close(db);
  wait_stored(pipeline, 50);
  CasaFault blocked;
  CasaLink link;
  casa_pulse_read_link(pipeline->pulse, &link, &blocked);
  g_assert_cmpint(blocked.code, ==, CASA_FAULT_NONE);
  g_assert_cmpuint(pipeline_counts(pipeline).rejected, ==, 0);
  g_assert_cmpuint(pipeline_counts(pipeline).gaps, ==, 0);
}

/* 07: locked for so long that the broker gives the connection up: sent again, stored once. */
static void
test_locked_beyond_keepalive(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new("[broker]\nkeepalive = 1\n", NULL);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  sqlite3 *db = lock_store(pipeline);
  publish(pipeline, 0, 300);
  pipeline_wait_blocked(pipeline, "locked");
  /* Longer than one and a half keep-alives: nothing to wait for but time itself. */
  g_usleep(4 * G_USEC_PER_SEC);
  sqlite3_exec(db, "rollback", NULL, NULL, NULL);
  sqlite3_close(db);
  wait_stored(pipeline, 300);
  g_assert_cmpint(pipeline_query(pipeline, "select count(*) from (select distinct t_ms from reading)"), ==, 300);
  g_assert_cmpuint(pipeline_counts(pipeline).gaps, ==, 0);
}

static void
limit_files(rlim_t bytes)
{
  struct rlimit limit;
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* 08: no file may grow any more, as on a full disk: said, and everything is stored once there is room. */
static void
test_disk_full(void)
{
  g_autoptr(PipelineFixture) pipeline = pipeline_new(NULL, NULL);
  struct rlimit before;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  pipeline_open(pipeline);
  pipeline_wait_link(pipeline, CASA_LINK_UP, 1);
  publish(pipeline, 0, 5);
  wait_stored(pipeline, 5);
  limit_files(4096);
  publish(pipeline, 5, 100);
  CasaFault blocked;
  CasaLink link;
  test_until((casa_pulse_read_link(pipeline->pulse, &link, &blocked), blocked.code != CASA_FAULT_NONE), 30);
  limit_files(before.rlim_cur);
  g_test_message("%s", blocked.detail);
  g_assert_true(blocked.code == CASA_FAULT_STORE_FULL || blocked.code == CASA_FAULT_STORE_DISK);
  g_assert_true(strstr(blocked.detail, "disk") || strstr(blocked.detail, "full"));
  g_assert_nonnull(strstr(blocked.detail, pipeline->store));
  wait_stored(pipeline, 100);
  g_assert_cmpuint(pipeline_counts(pipeline).rejected, ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/faults/01-broker-killed-session-kept", test_broker_killed_session_kept);
  g_test_add_func("/ingest/faults/02-session-lost", test_session_lost);
  g_test_add_func("/ingest/faults/03-half-open", test_half_open);
  g_test_add_func("/ingest/faults/04-half-open-long", test_half_open_long);
  g_test_add_func("/ingest/faults/05-cut-again-and-again", test_cut_again_and_again);
  g_test_add_func("/ingest/faults/06-locked-database", test_locked_database);
  g_test_add_func("/ingest/faults/07-locked-beyond-keepalive", test_locked_beyond_keepalive);
  g_test_add_func("/ingest/faults/08-disk-full", test_disk_full);
  return g_test_run();
}
