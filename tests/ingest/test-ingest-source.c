/* SPDX-License-Identifier: Apache-2.0 */
#include "link-recorder.h"

#include "source/mqtt/link-watch.h"

#include "broker.h"
#include "process.h"
#include "relay.h"

#include <string.h>

/* What is published while nobody listens waits in the broker's session. */
static void
test_session_waits(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  LinkRecorder *first = link_recorder_new(test_broker_url(broker), "recorder-session");
  link_recorder_wait_state(first, CASA_LINK_UP, 30);
  g_assert_true(first->link.first && first->link.session_lost);
  test_broker_publish(broker, "casa/v1/a/air/x", "1");
  link_recorder_wait_arrived(first, 1);
  link_recorder_free(first);

  for (guint i = 2; i <= 4; i++)
    test_broker_publish(broker, "casa/v1/a/air/x", "later");
  g_autoptr(LinkRecorder) second = link_recorder_new(test_broker_url(broker), "recorder-session");
  link_recorder_wait_arrived(second, 3);
  link_recorder_wait_state(second, CASA_LINK_UP, 30);
  g_assert_true(second->link.first);
  g_assert_false(second->link.session_lost);
}

static void
test_broker_comes_late(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  test_broker_stop(broker);
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), "recorder-late");
  g_autofree char *where = g_strdup_printf("no broker answers at 127.0.0.1:%u", test_broker_port(broker));
  test_until(link_recorder_said(recorder, where), 20);
  g_assert_cmpint(recorder->link.state, ==, CASA_LINK_CONNECTING);
  test_broker_start(broker);
  link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
}

/* Killed and started again: said at once, connected and subscribed again by itself. */
static void
test_broker_restarts(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), "recorder-restart");
  double soonest = G_MAXDOUBLE; /* a busy machine may be late once */
  link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
  for (guint i = 0; i < 2; i++) {
    test_broker_kill(broker);
    soonest = MIN(soonest, link_recorder_wait_state(recorder, CASA_LINK_LOST, 30));
    g_assert_true(link_recorder_said(recorder, "broke; trying again"));
    test_broker_forget(broker);
    test_broker_start(broker);
    link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
    g_assert_true(recorder->link.session_lost);
    g_assert_false(recorder->link.first);
    g_assert_cmpuint(recorder->link.connections, ==, i + 2);
    test_broker_publish(broker, "casa/v1/a/air/x", "after");
    link_recorder_wait_arrived(recorder, i + 1);
  }
  g_assert_cmpfloat(soonest, <, 3);
}

/* A half-open link: the connection stands, nobody answers. Said within 3 s; when the answer comes, nothing was lost. A busy
 * machine may be late now and then: the promise is broken when it is never kept. */
static void
test_broker_hangs(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), "recorder-frozen");
  link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
  gint64 frozen_us, thawed_us;
  double seconds;
  guint tries = 0;
  do {
    frozen_us = g_get_monotonic_time();
    test_broker_freeze(broker);
    seconds = link_recorder_wait_state(recorder, CASA_LINK_LOST, 60);
    test_broker_thaw(broker);
    thawed_us = g_get_monotonic_time();
    g_assert_true(link_recorder_said(recorder, "no answer from 127.0.0.1"));
    link_recorder_wait_state(recorder, CASA_LINK_UP, 60);
    g_assert_false(recorder->link.session_lost);
  } while (seconds >= 3.5 && ++tries < 8);
  g_assert_cmpfloat(seconds, <, 3.5);
  if (tries == 0 && thawed_us - frozen_us < 4 * G_USEC_PER_SEC) /* given up after 6 s of silence */
    g_assert_cmpuint(recorder->link.connections, ==, 1);
  test_broker_publish(broker, "casa/v1/a/air/x", "after");
  link_recorder_wait_arrived(recorder, 1);
}

/* So long a silence that the connection is given up. */
static void
test_broker_hangs_long(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), "recorder-frozen-long");
  link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
  test_broker_freeze(broker);
  test_until(link_recorder_said(recorder, "connecting anew"), 40);
  test_broker_thaw(broker);
  link_recorder_wait_state(recorder, CASA_LINK_UP, 40);
  g_assert_cmpuint(recorder->link.connections, ==, 2);
  g_assert_false(recorder->link.session_lost);
  test_broker_publish(broker, "casa/v1/a/air/x", "after");
  link_recorder_wait_arrived(recorder, 1);
}

/* TRUE: the link was up all the time. */
static gboolean
stays_up(TestBroker *broker, const char *client_id)
{
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), client_id);
  link_recorder_wait_state(recorder, CASA_LINK_UP, 60);
  /* Longer than the silence that would be told; nothing to wait for but time itself. */
  g_mutex_lock(&recorder->lock);
  gint64 until_us = g_get_monotonic_time() + 4 * G_USEC_PER_SEC;
  while (g_cond_wait_until(&recorder->changed, &recorder->lock, until_us))
    ;
  gboolean up = recorder->gets_up == 1 && recorder->link.state == CASA_LINK_UP;
  g_mutex_unlock(&recorder->lock);
  return up;
}

/* A quiet city is no dead link, whatever our client id: asking for a sign of life must not offend the broker. One that gets no
 * processor for two seconds is silent indeed: then once more. */
static void
test_quiet_is_not_lost(gconstpointer client_id)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  guint tries = 0;
  while (!stays_up(broker, client_id))
    g_assert_cmpuint(++tries, <, 8);
}

static void
test_refused(void)
{
  g_autoptr(TestBroker) broker = test_broker_new("allow_anonymous false\n");
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), "recorder-refused");
  link_recorder_wait_state(recorder, CASA_LINK_REFUSED, 30);
  g_assert_true(link_recorder_said(recorder, "refuses"));
  g_assert_true(link_recorder_said(recorder, "password_file"));
}

static void
test_retained_and_binary(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(broker));
  test_publisher_send(publisher, "casa/v1/a/air/x", "old", -1, 1, TRUE);
  g_assert_true(test_publisher_flush(publisher, 30));
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_broker_url(broker), "recorder-retained");
  link_recorder_wait_arrived(recorder, 1);
  g_assert_cmpuint(recorder->retained, ==, 1);
  test_publisher_send(publisher, "casa/v1/a/air/x", "", 0, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/a/air/x", "live", -1, 1, FALSE);
  link_recorder_wait_arrived(recorder, 3);
  g_assert_cmpuint(recorder->retained, ==, 1);
}

static void
test_bad_url(void)
{
  static const char *const filters[] = { "a/#", NULL };
  static const char *const urls[] = { "http://x", "mqtt://u:secret@x", "mqtt://", "mqtt://x:0" };
  for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
    g_autoptr(GError) error = NULL;
    CasaMqttOptions options = { .url = urls[i], .client_id = "x", .filters = filters, .keepalive_s = 5 };
    g_assert_null(casa_mqtt_source_new(&options, &error));
    g_assert_nonnull(error);
    g_assert_null(strstr(error->message, "secret"));
  }
}

/* Each version of MQTT takes over the session of the other. */
static void
test_versions(void)
{
  static const guint versions[] = { 5, 3, 0 };
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(versions); i++) {
    g_autoptr(LinkRecorder) recorder =
      link_recorder_new_full(test_broker_url(broker), "recorder-versions", versions[i], NULL, NULL);
    link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
    g_assert_cmpuint(recorder->link.mqtt_version, ==, versions[i] ? versions[i] : 5);
    g_assert_true(recorder->link.session_lost == (i == 0));
    link_recorder_wait_arrived(recorder, i > 0);
    test_broker_publish(broker, "casa/v1/a/air/x", "with");
    link_recorder_wait_arrived(recorder, i > 0 ? 2 : 1);
    g_clear_pointer(&recorder, link_recorder_free);
    test_broker_publish(broker, "casa/v1/a/air/x", "without");
  }
}

static void
test_old_broker(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestRelay) relay = test_relay_new(test_broker_port(broker));
  test_relay_only_3_1_1(relay, TRUE);
  g_autoptr(LinkRecorder) recorder = link_recorder_new(test_relay_url(relay), "recorder-old");
  link_recorder_wait_state(recorder, CASA_LINK_UP, 30);
  g_assert_cmpuint(recorder->link.mqtt_version, ==, 3);
  test_broker_publish(broker, "casa/v1/a/air/x", "1");
  link_recorder_wait_arrived(recorder, 1);

  g_autoptr(LinkRecorder) strict = link_recorder_new_full(test_relay_url(relay), "recorder-strict", 5, NULL, NULL);
  link_recorder_wait_state(strict, CASA_LINK_REFUSED, 30);
  g_assert_true(link_recorder_said(strict, "does not speak MQTT 5; set [broker] mqtt_version"));
}

/* Whether the broker keeps a session for @client_id. */
static gboolean
has_session(const char *url, const char *client_id, guint version)
{
  g_autoptr(LinkRecorder) next = link_recorder_new_full(url, client_id, version, NULL, NULL);
  link_recorder_wait_state(next, CASA_LINK_UP, 30);
  g_mutex_lock(&next->lock);
  gboolean lost = next->link.session_lost;
  g_mutex_unlock(&next->lock);
  return !lost;
}

/* Who only looks in leaves no session that would hoard messages, however the connection ends: while messages pour in, closing
 * it may take the words of farewell with it, and MQTT 3.1.1 has none for it. */
static void
test_peek_leaves_nothing(gconstpointer data)
{
  guint version = GPOINTER_TO_UINT(data);
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  const char *url = test_broker_url(broker);
  TestPublisher *publisher = test_publisher_new(url);
  for (guint i = 0; i < 5000; i++) { /* of QoS 0, which no receive maximum holds back */
    g_autofree char *topic = g_strdup_printf("casa/v1/a/air/s%u/pm10", i);
    test_publisher_send(publisher, topic, "1", -1, i % 100 ? 0 : 1, TRUE);
  }
  g_assert_true(test_publisher_flush(publisher, 30));
  test_publisher_free(publisher); /* paho serves the sockets of a process in turn, a second apart: keep ours alone */
  for (guint try = 0; try < 5; try++) {
    g_autofree char *client_id = g_strdup_printf("looks-in-%u-%u", version, try);
    LinkRecorder *peek = link_recorder_new_peek(url, client_id, version);
    link_recorder_wait_state(peek, CASA_LINK_UP, 30);
    link_recorder_wait_arrived(peek, 1);
    g_assert_false(peek->link.session_waits);
    link_recorder_free(peek);
    g_assert_false(has_session(url, client_id, version));
  }
}

/* Each message goes to one of the group; a station's descriptor to all. */
static void
test_share(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(broker));
  test_publisher_send(publisher, "casa/v1/a/$station/x", "descriptor", -1, 1, TRUE);
  g_assert_true(test_publisher_flush(publisher, 30));
  g_autoptr(LinkRecorder) one = link_recorder_new_full(test_broker_url(broker), "recorder-share-1", 5, "hall", NULL);
  g_autoptr(LinkRecorder) two = link_recorder_new_full(test_broker_url(broker), "recorder-share-2", 5, "hall", NULL);
  link_recorder_wait_state(one, CASA_LINK_UP, 30);
  link_recorder_wait_state(two, CASA_LINK_UP, 30);
  link_recorder_wait_arrived(one, 1);
  link_recorder_wait_arrived(two, 1);
  for (guint i = 0; i < 100; i++)
    test_publisher_send(publisher, "casa/v1/a/air/x", "1", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(publisher, 30));
  guint n_one, n_two;
  test_until((n_one = link_recorder_count(one, "1")) + (n_two = link_recorder_count(two, "1")) >= 100, 30);
  g_assert_cmpuint(n_one + n_two, ==, 100);
  g_assert_cmpuint(n_one, >, 10);
  g_assert_cmpuint(n_two, >, 10);
  g_assert_cmpuint(link_recorder_count(one, "descriptor"), >, 0);
  g_assert_cmpuint(link_recorder_count(two, "descriptor"), >, 0);
}

/* Two with one client id put each other off: said, and no quick fight over it. */
static void
test_twins(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(LinkRecorder) first = link_recorder_new(test_broker_url(broker), "recorder-twin");
  link_recorder_wait_state(first, CASA_LINK_UP, 30);
  g_autoptr(LinkRecorder) second = link_recorder_new(test_broker_url(broker), "recorder-twin");
  test_until(link_recorder_said(first, "give it a user of its own") || link_recorder_said(second, "give it a user of its own"),
             60);
  g_assert_true(link_recorder_said(first, "does another program use our user or client id?") ||
                link_recorder_said(second, "does another program use our user or client id?"));
}

static void
test_filters(void)
{
  static const char *const two[] = { "city/mobility/#", "+/$station/+", NULL };
  g_auto(GStrv) all = casa_mqtt_filters("casa/v1", NULL, NULL);
  g_auto(GStrv) some = casa_mqtt_filters("casa/v1", two, NULL);
  g_auto(GStrv) shared = casa_mqtt_filters("casa/v1", two, "hall");
  g_autofree char *words = g_strjoinv(" ", all);
  g_assert_cmpstr(words, ==, "casa/v1/#");
  g_autofree char *some_words = g_strjoinv(" ", some);
  g_assert_cmpstr(some_words, ==, "casa/v1/city/mobility/# casa/v1/+/$station/+");
  g_autofree char *shared_words = g_strjoinv(" ", shared);
  g_assert_cmpstr(shared_words, ==,
                  "$share/hall/casa/v1/city/mobility/# $share/hall/casa/v1/+/$station/+ casa/v1/+/$station/+");
}

static void
assert_left(const char *store, const char *const *filters, const char *wanted)
{
  g_auto(GStrv) stale = casa_mqtt_stale_filters(store, "casa/v1", filters);
  g_autofree char *words = g_strjoinv(" ", stale);
  g_assert_cmpstr(words, ==, wanted);
}

/* What a store's session may still hold: whatever was ever subscribed with it, and everything when that is not known. */
static void
test_stale_filters(void)
{
  static const char *const all[] = { "casa/v1/#", NULL }, *const air[] = { "casa/v1/+/air/#", NULL };
  static const char *const both[] = { "casa/v1/+/air/#", "casa/v1/+/energy/#", NULL };
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  assert_left(store, all, "");
  assert_left(store, air, "casa/v1/#");
  assert_left(store, both, "casa/v1/#");
  assert_left(store, air, "casa/v1/# casa/v1/+/energy/#"); /* until the broker has surely forgotten, which nobody tells us */
  assert_left(store, both, "casa/v1/#");
  g_autofree char *other = g_build_filename(dir, "other.db", NULL);
  assert_left(other, air, "casa/v1/#");                    /* it may be older than its note */
  assert_left("/proc/nowhere/pulse.db", air, "casa/v1/#"); /* told; not being able to note it stops nothing */
  test_dir_remove(dir);
}

/* What counts as silence, and what does not. Times in ms. */
static void
test_watch(void)
{
  enum { MS = 1000 };
  CasaLinkWatch w = { 0 };
  casa_link_watch_begin(&w, 0);
  g_assert_true(casa_link_watch_ask(&w, 0, FALSE));
  g_assert_false(casa_link_watch_ask(&w, 1500 * MS, FALSE)); /* the last question is still open */
  gint64 t = 0;
  for (; t < 2200; t += 50)
    g_assert_cmpint(casa_link_watch_look(&w, t * MS, FALSE), ==, CASA_WATCH_FINE);
  g_assert_cmpint(casa_link_watch_look(&w, t * MS, FALSE), ==, CASA_WATCH_SILENT);
  for (t += 50; t < 3000; t += 50)
    g_assert_cmpint(casa_link_watch_look(&w, t * MS, FALSE), ==, CASA_WATCH_FINE); /* said once */
  casa_link_watch_heard(&w, t * MS);
  casa_link_watch_settle(&w);
  g_assert_cmpint(casa_link_watch_look(&w, t * MS, FALSE), ==, CASA_WATCH_BACK);
  g_assert_true(casa_link_watch_ask(&w, t * MS, FALSE));
  casa_link_watch_settle(&w);
  g_assert_false(casa_link_watch_ask(&w, (t + 1100) * MS, TRUE)); /* a message is being stored */
  for (gint64 from = t; t < from + 20000; t += 50)
    g_assert_cmpint(casa_link_watch_look(&w, t * MS, TRUE), ==, CASA_WATCH_FINE); /* so is the disk waited for */
  t += 3600000;                                                                   /* asleep for an hour */
  for (gint64 from = t; t < from + 2200; t += 50)
    g_assert_cmpint(casa_link_watch_look(&w, t * MS, FALSE), ==, CASA_WATCH_FINE);
  for (; casa_link_watch_look(&w, t * MS, FALSE) != CASA_WATCH_DEAD; t += 50)
    g_assert_cmpint(t, <, 4000000);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/source/session-waits", test_session_waits);
  g_test_add_func("/ingest/source/broker-comes-late", test_broker_comes_late);
  g_test_add_func("/ingest/source/broker-restarts", test_broker_restarts);
  g_test_add_func("/ingest/source/broker-hangs", test_broker_hangs);
  g_test_add_func("/ingest/source/broker-hangs-long", test_broker_hangs_long);
  g_test_add_data_func("/ingest/source/quiet", "recorder-quiet", test_quiet_is_not_lost);
  g_test_add_data_func("/ingest/source/quiet-odd-name", "recorder #1/+é", test_quiet_is_not_lost);
  g_test_add_func("/ingest/source/refused", test_refused);
  g_test_add_func("/ingest/source/retained", test_retained_and_binary);
  g_test_add_func("/ingest/source/bad-url", test_bad_url);
  g_test_add_func("/ingest/source/versions", test_versions);
  g_test_add_func("/ingest/source/old-broker", test_old_broker);
  g_test_add_data_func("/ingest/source/peek-leaves-nothing/v5", GUINT_TO_POINTER(5), test_peek_leaves_nothing);
  g_test_add_data_func("/ingest/source/peek-leaves-nothing/v3", GUINT_TO_POINTER(3), test_peek_leaves_nothing);
  g_test_add_func("/ingest/source/share", test_share);
  g_test_add_func("/ingest/source/twins", test_twins);
  g_test_add_func("/ingest/source/watch", test_watch);
  g_test_add_func("/ingest/source/filters", test_filters);
  g_test_add_func("/ingest/source/stale-filters", test_stale_filters);
  return g_test_run();
}
