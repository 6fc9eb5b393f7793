/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/link-watch.h"
#include "ingest/mqtt-source.h"

#include "broker.h"
#include "process.h"
#include "relay.h"

#include <string.h>

/* What the source told, kept for the test's thread. */
typedef struct {
  CasaMqttSource *source;
  GMutex lock;
  GCond changed;
  CasaLink link;      /* guarded by lock */
  GPtrArray *words;   /* guarded by lock: every text of the link */
  GPtrArray *arrived; /* guarded by lock: payloads */
  guint retained;     /* guarded by lock */
  guint gets_up;      /* guarded by lock: how often the link came up */
} Ear;

static gboolean
message_cb(const CasaMqttMessage *message, gpointer data)
{
  Ear *ear = data;
  g_mutex_lock(&ear->lock);
  g_ptr_array_add(ear->arrived, g_strndup(message->payload, message->payload_len));
  ear->retained += message->retained;
  g_cond_broadcast(&ear->changed);
  g_mutex_unlock(&ear->lock);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  Ear *ear = data;
  g_mutex_lock(&ear->lock);
  ear->gets_up += link->state == CASA_LINK_UP;
  ear->link = *link;
  g_ptr_array_add(ear->words, g_strdup(link->text));
  g_cond_broadcast(&ear->changed);
  g_mutex_unlock(&ear->lock);
}

static Ear *
ear_new_full(const char *url, const char *client_id, guint version, const char *share)
{
  g_auto(GStrv) filters = casa_mqtt_filters("casa/v1", NULL, share);
  Ear *ear = g_new0(Ear, 1);
  g_autoptr(GError) error = NULL;
  CasaMqttOptions options = {
    .url = url,
    .client_id = client_id,
    .filters = (const char *const *)filters,
    .mqtt_version = version,
    .keepalive_s = 5,
    .on_message = message_cb,
    .on_link = link_cb,
    .data = ear,
  };
  g_mutex_init(&ear->lock);
  g_cond_init(&ear->changed);
  ear->words = g_ptr_array_new_with_free_func(g_free);
  ear->arrived = g_ptr_array_new_with_free_func(g_free);
  ear->source = casa_mqtt_source_new(&options, &error);
  g_assert_no_error(error);
  g_assert_true(casa_mqtt_source_start(ear->source, &error));
  return ear;
}

static Ear *
ear_new(const char *url, const char *client_id)
{
  return ear_new_full(url, client_id, 0, NULL);
}

static void
ear_free(Ear *ear)
{
  casa_mqtt_source_stop(ear->source, 5000);
  casa_mqtt_source_free(ear->source);
  g_ptr_array_unref(ear->words);
  g_ptr_array_unref(ear->arrived);
  g_mutex_clear(&ear->lock);
  g_cond_clear(&ear->changed);
  g_free(ear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ear, ear_free)

/* Seconds until the link was in @state. */
static double
wait_state(Ear *ear, CasaLinkState state, double seconds)
{
  gint64 from_us = g_get_monotonic_time();
  g_mutex_lock(&ear->lock);
  while (ear->link.state != state)
    if (!g_cond_wait_until(&ear->changed, &ear->lock, from_us + (gint64)(seconds * G_USEC_PER_SEC)))
      g_error("the link is in state %d (%s), not %d", ear->link.state, ear->link.text, state);
  g_mutex_unlock(&ear->lock);
  return (double)(g_get_monotonic_time() - from_us) / G_USEC_PER_SEC;
}

static void
wait_arrived(Ear *ear, guint n)
{
  gint64 until_us = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  g_mutex_lock(&ear->lock);
  while (ear->arrived->len < n)
    if (!g_cond_wait_until(&ear->changed, &ear->lock, until_us))
      g_error("%u of %u messages arrived", ear->arrived->len, n);
  g_mutex_unlock(&ear->lock);
}

static guint
count(Ear *ear, const char *payload)
{
  guint n = 0;
  g_mutex_lock(&ear->lock);
  for (guint i = 0; i < ear->arrived->len; i++)
    n += g_str_equal(ear->arrived->pdata[i], payload);
  g_mutex_unlock(&ear->lock);
  return n;
}

static gboolean
said(Ear *ear, const char *text)
{
  gboolean found = FALSE;
  g_mutex_lock(&ear->lock);
  for (guint i = 0; i < ear->words->len; i++)
    found |= strstr(ear->words->pdata[i], text) != NULL;
  g_mutex_unlock(&ear->lock);
  return found;
}

/* What is published while nobody listens waits in the broker's session. */
static void
test_session_waits(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  Ear *first = ear_new(test_broker_url(broker), "ear-session");
  wait_state(first, CASA_LINK_UP, 30);
  g_assert_true(first->link.first && first->link.session_lost);
  test_broker_publish(broker, "casa/v1/a/air/x", "1");
  wait_arrived(first, 1);
  ear_free(first);

  for (guint i = 2; i <= 4; i++)
    test_broker_publish(broker, "casa/v1/a/air/x", "later");
  g_autoptr(Ear) second = ear_new(test_broker_url(broker), "ear-session");
  wait_arrived(second, 3);
  wait_state(second, CASA_LINK_UP, 30);
  g_assert_true(second->link.first);
  g_assert_false(second->link.session_lost);
}

static void
test_broker_comes_late(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  test_broker_stop(broker);
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), "ear-late");
  g_autofree char *where = g_strdup_printf("no broker answers at 127.0.0.1:%u", test_broker_port(broker));
  test_until(said(ear, where), 20);
  g_assert_cmpint(ear->link.state, ==, CASA_LINK_CONNECTING);
  test_broker_start(broker);
  wait_state(ear, CASA_LINK_UP, 30);
}

/* Killed and started again: said at once, connected and subscribed again by itself. */
static void
test_broker_restarts(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), "ear-restart");
  wait_state(ear, CASA_LINK_UP, 30);
  for (guint i = 0; i < 2; i++) {
    test_broker_kill(broker);
    g_assert_cmpfloat(wait_state(ear, CASA_LINK_LOST, 10), <, 3);
    g_assert_true(said(ear, "broke; trying again"));
    test_broker_forget(broker);
    test_broker_start(broker);
    wait_state(ear, CASA_LINK_UP, 30);
    g_assert_true(ear->link.session_lost);
    g_assert_false(ear->link.first);
    g_assert_cmpuint(ear->link.connections, ==, i + 2);
    test_broker_publish(broker, "casa/v1/a/air/x", "after");
    wait_arrived(ear, i + 1);
  }
}

/* A half-open link: the connection stands, nobody answers. Said within 3 s; when the answer comes, nothing was lost. */
static void
test_broker_hangs(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), "ear-frozen");
  wait_state(ear, CASA_LINK_UP, 30);
  test_broker_freeze(broker);
  double seconds = wait_state(ear, CASA_LINK_LOST, 20);
  test_broker_thaw(broker);
  g_assert_cmpfloat(seconds, <, 3.5);
  g_assert_true(said(ear, "no answer from 127.0.0.1"));
  wait_state(ear, CASA_LINK_UP, 30);
  g_assert_cmpuint(ear->link.connections, ==, 1);
  g_assert_false(ear->link.session_lost);
  test_broker_publish(broker, "casa/v1/a/air/x", "after");
  wait_arrived(ear, 1);
}

/* So long a silence that the connection is given up. */
static void
test_broker_hangs_long(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), "ear-frozen-long");
  wait_state(ear, CASA_LINK_UP, 30);
  test_broker_freeze(broker);
  test_until(said(ear, "connecting anew"), 40);
  test_broker_thaw(broker);
  wait_state(ear, CASA_LINK_UP, 40);
  g_assert_cmpuint(ear->link.connections, ==, 2);
  g_assert_false(ear->link.session_lost);
  test_broker_publish(broker, "casa/v1/a/air/x", "after");
  wait_arrived(ear, 1);
}

/* A quiet city is no dead link, whatever our client id: asking for a sign of life must not offend the broker. */
static void
test_quiet_is_not_lost(gconstpointer client_id)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), client_id);
  wait_state(ear, CASA_LINK_UP, 30);
  /* Longer than the silence that would be told; nothing to wait for but time itself. */
  g_mutex_lock(&ear->lock);
  gint64 until_us = g_get_monotonic_time() + 4 * G_USEC_PER_SEC;
  while (g_cond_wait_until(&ear->changed, &ear->lock, until_us))
    ;
  g_mutex_unlock(&ear->lock);
  g_assert_cmpuint(ear->gets_up, ==, 1);
  g_assert_cmpint(ear->link.state, ==, CASA_LINK_UP);
}

static void
test_refused(void)
{
  g_autoptr(TestBroker) broker = test_broker_new("allow_anonymous false\n");
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), "ear-refused");
  wait_state(ear, CASA_LINK_REFUSED, 30);
  g_assert_true(said(ear, "refuses"));
  g_assert_true(said(ear, "password_file"));
}

static void
test_retained_and_binary(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(broker));
  test_publisher_send(publisher, "casa/v1/a/air/x", "old", -1, 1, TRUE);
  g_assert_true(test_publisher_flush(publisher, 30));
  g_autoptr(Ear) ear = ear_new(test_broker_url(broker), "ear-retained");
  wait_arrived(ear, 1);
  g_assert_cmpuint(ear->retained, ==, 1);
  test_publisher_send(publisher, "casa/v1/a/air/x", "", 0, 1, FALSE);
  test_publisher_send(publisher, "casa/v1/a/air/x", "live", -1, 1, FALSE);
  wait_arrived(ear, 3);
  g_assert_cmpuint(ear->retained, ==, 1);
}

static void
test_bad_url(void)
{
  static const char *const filters[] = {"a/#", NULL};
  static const char *const urls[] = {"http://x", "mqtt://u:secret@x", "mqtt://", "mqtt://x:0"};
  for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
    g_autoptr(GError) error = NULL;
    CasaMqttOptions options = {.url = urls[i], .client_id = "x", .filters = filters, .keepalive_s = 5};
    g_assert_null(casa_mqtt_source_new(&options, &error));
    g_assert_nonnull(error);
    g_assert_null(strstr(error->message, "secret"));
  }
}

/* Each version of MQTT takes over the session of the other. */
static void
test_versions(void)
{
  static const guint versions[] = {5, 3, 0};
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(versions); i++) {
    g_autoptr(Ear) ear = ear_new_full(test_broker_url(broker), "ear-versions", versions[i], NULL);
    wait_state(ear, CASA_LINK_UP, 30);
    g_assert_cmpuint(ear->link.mqtt_version, ==, versions[i] ? versions[i] : 5);
    g_assert_true(ear->link.session_lost == (i == 0));
    wait_arrived(ear, i > 0);
    test_broker_publish(broker, "casa/v1/a/air/x", "with");
    wait_arrived(ear, i > 0 ? 2 : 1);
    g_clear_pointer(&ear, ear_free);
    test_broker_publish(broker, "casa/v1/a/air/x", "without");
  }
}

static void
test_old_broker(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestRelay) relay = test_relay_new(test_broker_port(broker));
  test_relay_only_3_1_1(relay, TRUE);
  g_autoptr(Ear) ear = ear_new(test_relay_url(relay), "ear-old");
  wait_state(ear, CASA_LINK_UP, 30);
  g_assert_cmpuint(ear->link.mqtt_version, ==, 3);
  test_broker_publish(broker, "casa/v1/a/air/x", "1");
  wait_arrived(ear, 1);

  g_autoptr(Ear) strict = ear_new_full(test_relay_url(relay), "ear-strict", 5, NULL);
  wait_state(strict, CASA_LINK_REFUSED, 30);
  g_assert_true(said(strict, "does not speak MQTT 5; set [broker] mqtt_version"));
}

/* Each message goes to one of the group; a station's descriptor to all. */
static void
test_share(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(broker));
  test_publisher_send(publisher, "casa/v1/a/$station/x", "descriptor", -1, 1, TRUE);
  g_assert_true(test_publisher_flush(publisher, 30));
  g_autoptr(Ear) one = ear_new_full(test_broker_url(broker), "ear-share-1", 5, "hall");
  g_autoptr(Ear) two = ear_new_full(test_broker_url(broker), "ear-share-2", 5, "hall");
  wait_state(one, CASA_LINK_UP, 30);
  wait_state(two, CASA_LINK_UP, 30);
  wait_arrived(one, 1);
  wait_arrived(two, 1);
  for (guint i = 0; i < 100; i++)
    test_publisher_send(publisher, "casa/v1/a/air/x", "1", -1, 1, FALSE);
  g_assert_true(test_publisher_flush(publisher, 30));
  guint n_one, n_two;
  test_until((n_one = count(one, "1")) + (n_two = count(two, "1")) >= 100, 30);
  g_assert_cmpuint(n_one + n_two, ==, 100);
  g_assert_cmpuint(n_one, >, 10);
  g_assert_cmpuint(n_two, >, 10);
  g_assert_cmpuint(count(one, "descriptor"), >, 0);
  g_assert_cmpuint(count(two, "descriptor"), >, 0);
}

/* Two with one client id put each other off: said, and no quick fight over it. */
static void
test_twins(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(Ear) first = ear_new(test_broker_url(broker), "ear-twin");
  wait_state(first, CASA_LINK_UP, 30);
  g_autoptr(Ear) second = ear_new(test_broker_url(broker), "ear-twin");
  test_until(said(first, "give it a user of its own") || said(second, "give it a user of its own"), 60);
  g_assert_true(said(first, "does another program use our user or client id?")
                || said(second, "does another program use our user or client id?"));
}

static void
test_filters(void)
{
  static const char *const two[] = {"city/mobility/#", "+/$station/+", NULL};
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

/* What counts as silence, and what does not. Times in ms. */
static void
test_watch(void)
{
  enum { MS = 1000 };
  CasaLinkWatch w = {0};
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
  t += 3600000; /* asleep for an hour */
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
  g_test_add_data_func("/ingest/source/quiet", "ear-quiet", test_quiet_is_not_lost);
  g_test_add_data_func("/ingest/source/quiet-odd-name", "ear #1/+é", test_quiet_is_not_lost);
  g_test_add_func("/ingest/source/refused", test_refused);
  g_test_add_func("/ingest/source/retained", test_retained_and_binary);
  g_test_add_func("/ingest/source/bad-url", test_bad_url);
  g_test_add_func("/ingest/source/versions", test_versions);
  g_test_add_func("/ingest/source/old-broker", test_old_broker);
  g_test_add_func("/ingest/source/share", test_share);
  g_test_add_func("/ingest/source/twins", test_twins);
  g_test_add_func("/ingest/source/watch", test_watch);
  g_test_add_func("/ingest/source/filters", test_filters);
  return g_test_run();
}
