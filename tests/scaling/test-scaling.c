/* SPDX-License-Identifier: Apache-2.0 */
/* docs/SCALING.md, tried: several recorders on one broker, some of them killed; every message that the broker acknowledged
 * is in one of their stores, and once in the InfluxDB that they share. */
#include "sharing-fixture.h"
#include "other-broker.h"

#include <string.h>

/* In mid-stream, in turn: one is killed and stays away while messages come, another is killed and comes back at once. */
static void
send_among_kills(SharingFixture *fixture, Recorder *a, Recorder *b, guint step)
{
  sharing_send(fixture, step);
  recorder_kill(b);
  sharing_send(fixture, step);
  recorder_start(b);
  sharing_send(fixture, step);
  recorder_kill(a);
  recorder_start(a);
  sharing_send(fixture, step);
  sharing_flush(fixture);
}

/* --- mosquitto: shared subscriptions --- */

static void
test_share(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  SharingFixture fixture;
  sharing_init(&fixture, test_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "part-1", NULL, "", "--share hall");
  g_autoptr(Recorder) b = recorder_new(&fixture, "part-2", NULL, "", "--share hall");
  send_among_kills(&fixture, a, b, 3000);
  Recorder *both[] = { a, b };
  g_assert_cmpuint(sharing_account(&fixture, both, 2), ==, 0);
  g_autoptr(GHashTable) part = recorder_rows(a);
  g_assert_cmpuint(g_hash_table_size(part), >, fixture.sent->len / 4);
  g_assert_cmpuint(g_hash_table_size(part), <, fixture.sent->len * 3 / 4);
  sharing_clear(&fixture);
}

/* A machine that is gone for good: another one takes its client id, and with it what the broker kept for it. */
static void
test_successor(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  SharingFixture fixture;
  sharing_init(&fixture, test_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "part-1", NULL, "", "--share hall");
  g_autoptr(Recorder) b = recorder_new(&fixture, "part-2", NULL, "", "--share hall");
  sharing_send(&fixture, 3000);
  recorder_kill(b);
  sharing_send(&fixture, 3000);
  g_autoptr(Recorder) c = recorder_new(&fixture, "part-3", "part-2", "", "--share hall");
  g_assert_true(recorder_said(c, "connected to"));
  sharing_send(&fixture, 3000);
  sharing_flush(&fixture);
  /* The dead machine's store still counts here: its disk was not lost. What it had not copied yet, a start copies. */
  recorder_stop(c);
  recorder_start(b);
  recorder_stop(b);
  recorder_start(c);
  Recorder *all[] = { a, b, c };
  sharing_account(&fixture, all, 3);
  sharing_clear(&fixture);
}

static gboolean
broker_let_go(gpointer broker)
{
  g_autofree char *path = g_build_filename(test_broker_dir(broker), "mosquitto.err", NULL);
  g_autofree char *log = NULL;
  return g_file_get_contents(path, &log, NULL, NULL) && strstr(log, "Expiring client part-2") != NULL;
}

/* With an expiry the broker lets go of a member that stays away. From then on the others get everything; and when it comes
 * back, its store says from when to when it may have missed something. */
static void
test_expired(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  SharingFixture fixture;
  sharing_init(&fixture, test_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "part-1", NULL, "", "--share hall");
  g_autoptr(Recorder) b = recorder_new(&fixture, "part-2", NULL, "session_expiry = 1s", "--share hall");
  sharing_send(&fixture, 2000);
  sharing_flush(&fixture);
  g_assert_true(sharing_wait_copied(&fixture, 120));
  recorder_kill(b);
  g_assert_true(test_wait_for(broker_let_go, broker, 60));
  sharing_send(&fixture, 2000);
  sharing_flush(&fixture);
  g_assert_true(sharing_wait_copied(&fixture, 120));
  recorder_start(b);
  sharing_send(&fixture, 2000);
  sharing_flush(&fixture);
  Recorder *both[] = { a, b };
  g_assert_cmpuint(sharing_account(&fixture, both, 2), ==, 0);
  g_assert_cmpuint(recorder_gaps(b), ==, 1);
  g_assert_cmpuint(recorder_gaps(a), ==, 0);
  sharing_clear(&fixture);
}

/* A store that recorded everything, and is then given to a share: what its session had subscribed before is given up. */
static void
test_join(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  SharingFixture fixture;
  sharing_init(&fixture, test_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "part-1", NULL, "", "");
  sharing_send(&fixture, 1000);
  sharing_flush(&fixture);
  g_assert_true(sharing_wait_copied(&fixture, 120));
  recorder_stop(a);
  recorder_set_options(a, "--share hall");
  recorder_start(a);
  g_autoptr(Recorder) b = recorder_new(&fixture, "part-2", NULL, "", "--share hall");
  sharing_send(&fixture, 4000);
  sharing_flush(&fixture);
  Recorder *both[] = { a, b };
  g_assert_cmpuint(sharing_account(&fixture, both, 2), ==, 0);
  g_autoptr(GHashTable) part = recorder_rows(b);
  g_assert_cmpuint(g_hash_table_size(part), >, 1000);
  sharing_clear(&fixture);
}

/* A member that leaves takes what waited for it, and is dealt nothing more. */
static void
test_leave(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  SharingFixture fixture;
  sharing_init(&fixture, test_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "part-1", NULL, "", "--share hall");
  g_autoptr(Recorder) b = recorder_new(&fixture, "part-2", NULL, "", "--share hall");
  sharing_send(&fixture, 1000);
  recorder_kill(b);
  sharing_send(&fixture, 1000);
  sharing_flush(&fixture);
  recorder_set_options(b, "--filter nothing");
  recorder_start(b);
  g_assert_true(sharing_wait_copied(&fixture, 120));
  g_autoptr(GHashTable) before = recorder_rows(b);
  sharing_send(&fixture, 1000);
  sharing_flush(&fixture);
  Recorder *both[] = { a, b };
  g_assert_cmpuint(sharing_account(&fixture, both, 2), ==, 0);
  g_autoptr(GHashTable) after = recorder_rows(b);
  g_assert_cmpuint(g_hash_table_size(after), ==, g_hash_table_size(before));
  sharing_clear(&fixture);
}

/* A database that clusters, in InfluxDB's words: every sample there, though it may have been sent twice. */
static void
test_victoria(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  SharingFixture fixture;
  sharing_init(&fixture, test_broker_url(broker), test_influxd_new_victoria());
  fixture.victoria = TRUE;
  g_autoptr(Recorder) a = recorder_new(&fixture, "part-1", NULL, "", "--share hall");
  g_autoptr(Recorder) b = recorder_new(&fixture, "part-2", NULL, "", "--share hall");
  send_among_kills(&fixture, a, b, 2000);
  Recorder *both[] = { a, b };
  g_assert_cmpuint(sharing_account(&fixture, both, 2), ==, 0);
  sharing_clear(&fixture);
}

/* --- Topics split by hand: any broker --- */

typedef struct {
  const char *package;
  OtherBroker *(*start)(void);
} Other;

/* The simulator finds out too when its MQTT 5 is not wanted, however that is told. Whether it is (RabbitMQ 4). */
static gboolean
assert_simulator_is_taken(OtherBroker *broker)
{
  const char *argv[] = { g_getenv("CASA_SIM_PROGRAM"),
                         "--config",
                         g_getenv("CASA_TEST_CONFIG"),
                         "--broker",
                         other_broker_url(broker),
                         "--stations",
                         "20",
                         "--duration",
                         "2s",
                         NULL };
  g_autofree char *err = NULL;
  g_assert_cmpint(test_run(argv, NULL, NULL, &err), ==, 0);
  gboolean speaks_5 = strstr(err, ", MQTT 5") != NULL;
  g_assert_true(speaks_5 || strstr(err, "MQTT 3.1.1"));
  g_assert_nonnull(strstr(err, "refused 0"));
  g_assert_nonnull(strstr(err, "unanswered 0"));
  return speaks_5;
}

/* Without MQTT 5 there is no share, nor with that of RabbitMQ 4; what looks like one would get nothing: it is said, not
 * tried. */
static void
assert_share_is_refused(OtherBroker *broker, gboolean speaks_5)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  const char *argv[] = { g_getenv("CASA_PROGRAM"),
                         "record",
                         "--config",
                         g_getenv("CASA_TEST_CONFIG"),
                         "--broker",
                         other_broker_url(broker),
                         "--store",
                         store,
                         "--share",
                         "hall",
                         "--duration",
                         "6s",
                         NULL };
  g_autofree char *err = NULL;
  g_assert_cmpint(test_run(argv, NULL, NULL, &err), ==, 1);
  g_assert_nonnull(strstr(err, speaks_5 ? "it has no shared subscriptions" : "speak MQTT 5"));
  test_dir_remove(dir);
}

static OtherBroker *
start_or_skip(const Other *other)
{
  OtherBroker *broker = other->start();
  g_autofree char *words = g_strdup_printf("%s is not installed (apt-get install %s)", other->package, other->package);
  if (!broker)
    g_test_skip(words);
  return broker;
}

static void
test_split(gconstpointer data)
{
  const Other *other = data;
  g_autoptr(OtherBroker) broker = start_or_skip(other);
  if (!broker)
    return;
  gboolean speaks_5 = assert_simulator_is_taken(broker);
  assert_share_is_refused(broker, speaks_5);
  SharingFixture fixture;
  sharing_init(&fixture, other_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "mobility", NULL, "", "--filter +/mobility/# --filter +/$station/+");
  g_autoptr(Recorder) b = recorder_new(&fixture, "rest", NULL, "", "--filter +/air/# --filter +/energy/#");
  send_among_kills(&fixture, a, b, 1000);
  Recorder *both[] = { a, b };
  g_assert_cmpuint(sharing_account(&fixture, both, 2), ==, 0);
  sharing_clear(&fixture);
}

/* The broker itself is killed, once while what it acknowledged waits for a recorder that is away, once while it streams. */
static void
test_broker_killed(gconstpointer data)
{
  const Other *other = data;
  g_autoptr(OtherBroker) broker = start_or_skip(other);
  if (!broker)
    return;
  SharingFixture fixture;
  sharing_init(&fixture, other_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "all", NULL, "", "");
  sharing_send(&fixture, 500);
  recorder_kill(a);
  sharing_send(&fixture, 1000);
  sharing_flush(&fixture);
  other_broker_kill(broker);
  other_broker_start(broker);
  sharing_connect_again(&fixture);
  recorder_start(a);
  sharing_send(&fixture, 1000);
  sharing_flush(&fixture);
  other_broker_kill(broker);
  other_broker_start(broker);
  sharing_connect_again(&fixture);
  sharing_send(&fixture, 500);
  sharing_flush(&fixture);
  g_assert_cmpuint(sharing_account(&fixture, &a, 1), ==, 0);
  g_assert_cmpuint(recorder_gaps(a), ==, 0);
  sharing_clear(&fixture);
}

/* It comes back with an empty disk, and the session with what waited in it is gone: the store says from when to when. */
static void
test_broker_forgets(gconstpointer data)
{
  g_autoptr(OtherBroker) broker = start_or_skip(data);
  if (!broker)
    return;
  SharingFixture fixture;
  sharing_init(&fixture, other_broker_url(broker), test_influxd_new());
  g_autoptr(Recorder) a = recorder_new(&fixture, "all", NULL, "", "");
  sharing_send(&fixture, 500);
  sharing_flush(&fixture);
  g_assert_true(sharing_wait_copied(&fixture, 120));
  recorder_kill(a);
  other_broker_kill(broker);
  other_broker_empty(broker);
  other_broker_start(broker);
  sharing_connect_again(&fixture);
  recorder_start(a);
  sharing_send(&fixture, 500);
  sharing_flush(&fixture);
  g_assert_cmpuint(sharing_account(&fixture, &a, 1), ==, 0);
  g_assert_cmpuint(recorder_gaps(a), ==, 1);
  sharing_clear(&fixture);
}

int
main(int argc, char **argv)
{
  static const Other rabbitmq = { "rabbitmq-server", other_broker_new_rabbitmq };
  static const Other nats = { "nats-server", other_broker_new_nats };
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/scaling/share/killed", test_share);
  g_test_add_func("/scaling/share/successor", test_successor);
  g_test_add_func("/scaling/share/expired", test_expired);
  g_test_add_func("/scaling/share/join", test_join);
  g_test_add_func("/scaling/share/leave", test_leave);
  g_test_add_func("/scaling/share/victoria-metrics", test_victoria);
  g_test_add_data_func("/scaling/split/rabbitmq", &rabbitmq, test_split);
  g_test_add_data_func("/scaling/split/nats", &nats, test_split);
  g_test_add_data_func("/scaling/broker-killed/rabbitmq", &rabbitmq, test_broker_killed);
  g_test_add_data_func("/scaling/broker-killed/nats", &nats, test_broker_killed);
  g_test_add_data_func("/scaling/broker-forgets/rabbitmq", &rabbitmq, test_broker_forgets);
  g_test_add_data_func("/scaling/broker-forgets/nats", &nats, test_broker_forgets);
  return g_test_run();
}
