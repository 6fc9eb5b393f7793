/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/side-link.h"

#include "broker.h"
#include "process.h"

#include <string.h>

#define TOPIC "casa/v1/a/talk"
#define PATIENCE_US ((gint64)60 * G_USEC_PER_SEC)

static const char *const TOPICS[] = { "a/#", NULL };

/* What test_broker_new() needs for a broker that knows one user, "stage" with the password "right"; in @dir. (transfer full) */
static char *
one_user(const char *dir)
{
  g_autofree char *path = g_build_filename(dir, "passwd", NULL);
  const char *argv[] = { "mosquitto_passwd", "-b", "-c", path, "stage", "right", NULL };
  g_assert_cmpint(test_run(argv, NULL, NULL, NULL), ==, 0);
  return g_strdup_printf("allow_anonymous false\npassword_file %s\n", path);
}

static CasaSideLink *
make(const char *url, CasaSideLinkOptions options)
{
  CasaConfig config = { .broker_url = (char *)url, .root = (char *)"casa/v1", .keepalive_s = 5 };
  options.name = "test";
  options.topics = TOPICS;
  return casa_side_link_new(&config, &options);
}

static void
connect_and_wait(CasaSideLink *link)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_side_link_connect(link, &error));
  g_assert_no_error(error);
  g_assert_true(casa_side_link_wait(link, g_get_monotonic_time() + PATIENCE_US, NULL));
}

static void
assert_hears(CasaSideLink *link, const char *wanted)
{
  g_autoptr(GBytes) message = casa_side_link_hear(link, g_get_monotonic_time() + PATIENCE_US);
  g_assert_nonnull(message);
  g_assert_cmpmem(g_bytes_get_data(message, NULL), g_bytes_get_size(message), wanted, strlen(wanted));
}

/* Asked, and said later, in order; what was kept by the broker is no answer. */
static void
test_talk(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestPublisher) publisher = test_publisher_new(test_broker_url(broker));
  test_publisher_send(publisher, TOPIC, "retained", -1, 1, TRUE);
  g_assert_true(test_publisher_flush(publisher, 60));
  g_autoptr(CasaSideLink) link = make(test_broker_url(broker), (CasaSideLinkOptions){ 0 });
  casa_side_link_say(link, TOPIC, "nobody is there");
  connect_and_wait(link);
  casa_side_link_ask(link, TOPIC, "question");
  assert_hears(link, "question");
  for (guint i = 0; i < 40; i++) {
    g_autofree char *text = g_strdup_printf("%u", i);
    casa_side_link_say_later(link, TOPIC, text);
  }
  for (guint i = 0; i < 40; i++) {
    g_autofree char *text = g_strdup_printf("%u", i);
    assert_hears(link, text);
  }
}

/* Only so much waits to be taken, and an answer is never one to an earlier question. */
static void
test_bounds(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(CasaSideLink) link = make(test_broker_url(broker), (CasaSideLinkOptions){ 0 });
  g_autoptr(CasaSideLink) beside = make(test_broker_url(broker), (CasaSideLinkOptions){ 0 });
  connect_and_wait(link);
  connect_and_wait(beside);
  for (guint i = 0; i < CASA_SIDE_LINK_WAITING + 3; i++) {
    g_autofree char *text = g_strdup_printf("%u", i);
    casa_side_link_say(link, TOPIC, text);
    assert_hears(beside, text);
  }
  casa_side_link_ask(link, TOPIC, "new");
  for (GBytes *message; (message = casa_side_link_hear(link, g_get_monotonic_time() + PATIENCE_US)) != NULL;) {
    gboolean last = g_bytes_get_size(message) == 3;
    g_assert_true(last || atoi(g_bytes_get_data(message, NULL)) >= 3); /* the oldest three are gone */
    g_bytes_unref(message);
    if (last)
      return;
  }
  g_assert_not_reached();
}

/* Nothing waits at the broker for whoever is away. */
static void
test_no_session(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(CasaSideLink) link = make(test_broker_url(broker), (CasaSideLinkOptions){ 0 });
  connect_and_wait(link);
  casa_side_link_disconnect(link);
  casa_side_link_disconnect(link);
  test_broker_publish(broker, TOPIC, "while away");
  connect_and_wait(link);
  test_broker_publish(broker, TOPIC, "back again");
  assert_hears(link, "back again");
}

static void
test_password(void)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *extra = one_user(dir);
  g_autoptr(TestBroker) broker = test_broker_new(extra);
  g_autoptr(GError) error = NULL;
  CasaLink how;
  g_autoptr(CasaSideLink) wrong = make(test_broker_url(broker), (CasaSideLinkOptions){ .user = "stage", .password = "wrong" });
  g_assert_true(casa_side_link_connect(wrong, &error));
  g_assert_false(casa_side_link_wait(wrong, g_get_monotonic_time() + PATIENCE_US, &how));
  g_assert_cmpint(how.state, ==, CASA_LINK_REFUSED);
  g_assert_true(how.fault.code == CASA_FAULT_LINK_PASSWORD || how.fault.code == CASA_FAULT_LINK_NOT_AUTHORISED);
  g_autoptr(CasaSideLink) right = make(test_broker_url(broker), (CasaSideLinkOptions){ .user = "stage", .password = "right" });
  connect_and_wait(right);
  test_dir_remove(dir);
}

static void
state_cb(const CasaLink *link, gpointer state)
{
  g_atomic_int_set((gint *)state, (gint)link->state);
}

/* The broker comes late, dies and comes back: heard again each time without a word of ours. */
static void
test_comes_back(void)
{
  gint state = CASA_LINK_OFF;
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSideLink) link = make(test_broker_url(broker), (CasaSideLinkOptions){ .on_link = state_cb, .data = &state });
  CasaLink how;
  test_broker_stop(broker);
  g_assert_true(casa_side_link_connect(link, &error));
  g_assert_false(casa_side_link_wait(link, g_get_monotonic_time() + G_USEC_PER_SEC / 2, &how));
  g_assert_cmpint(how.state, ==, CASA_LINK_CONNECTING);
  for (guint i = 0; i < 2; i++) {
    test_broker_start(broker);
    test_until(g_atomic_int_get(&state) == CASA_LINK_UP, 60);
    test_broker_publish(broker, TOPIC, "here");
    assert_hears(link, "here");
    test_broker_kill(broker);
    test_until(g_atomic_int_get(&state) == CASA_LINK_LOST, 60);
    g_assert_false(casa_side_link_wait(link, 0, NULL));
  }
}

static gpointer
interrupt_soon(gpointer link)
{
  g_usleep(50000);
  casa_side_link_interrupt(link);
  return NULL;
}

/* Whoever waits is woken, now and ever after; without that this would last for an hour. */
static void
test_interrupt(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(CasaSideLink) link = make(test_broker_url(broker), (CasaSideLinkOptions){ 0 });
  connect_and_wait(link);
  gint64 hour_us = g_get_monotonic_time() + 60 * PATIENCE_US;
  GThread *thread = g_thread_new("interrupt", interrupt_soon, link);
  g_assert_null(casa_side_link_hear(link, hour_us));
  g_thread_join(thread);
  casa_side_link_disconnect(link);
  test_broker_stop(broker);
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_side_link_connect(link, &error));
  g_assert_false(casa_side_link_wait(link, hour_us, NULL));
}

static void
test_bad_url(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaSideLink) link = make("http://x", (CasaSideLinkOptions){ 0 });
  g_assert_false(casa_side_link_connect(link, &error));
  g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/side-link/talk", test_talk);
  g_test_add_func("/ingest/side-link/bounds", test_bounds);
  g_test_add_func("/ingest/side-link/no-session", test_no_session);
  g_test_add_func("/ingest/side-link/password", test_password);
  g_test_add_func("/ingest/side-link/comes-back", test_comes_back);
  g_test_add_func("/ingest/side-link/interrupt", test_interrupt);
  g_test_add_func("/ingest/side-link/bad-url", test_bad_url);
  return g_test_run();
}
