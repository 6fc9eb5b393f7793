/* SPDX-License-Identifier: Apache-2.0 */
/* What casa-sim says and does when a broker refuses, is old, is not who it claims to be, or dies. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "broker.h"
#include "casa-build.h"
#include "process.h"
#include "publish/refusal.h"
#include "relay.h"

#define PATIENCE 60 /* seconds; slow machines under sanitizers */
#define RUN "--seed 3 --start 2026-05-21T17:00:00Z --stations 40 --backfill 30min --duration 1s"

static TestProcess *
start_sim(TestBroker *broker, const char *url, const char *config, const char *arguments)
{
  g_autofree char *line = g_strdup_printf("%s --config %s --broker %s %s", CASA_SIM_PATH,
                                          config ? config : CASA_SOURCE_ROOT "/config", url, arguments);
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  return test_process_start(test_broker_dir(broker), "sim", (const char *const *)argv);
}

static void
write_in(TestBroker *broker, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(test_broker_dir(broker), name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static guint64
number_after(const char *text, const char *words)
{
  const char *at = g_strrstr(text, words);
  if (!at)
    g_error("no \"%s\" in \"%s\"", words, text);
  return g_ascii_strtoull(at + strlen(words), NULL, 10);
}

static void
has(const char *text, const char *words)
{
  if (!strstr(text, words))
    g_error("\"%s\" says nothing of \"%s\"", text, words);
}

#define ENERGY_ALONE "topic write casa/v1/city/energy/#\ntopic write casa/v1/city/$status\n"

/* A broker where only what @allowed says may be published. */
static TestBroker *
choosy_broker(const char *allowed, gboolean hangs_up, const char *extra)
{
  TestBroker *broker = test_broker_new(extra);
  g_autofree char *acl = g_build_filename(test_broker_dir(broker), "acl", NULL);
  write_in(broker, "acl", allowed);
  g_autofree char *config = g_build_filename(test_broker_dir(broker), "mosquitto.conf", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(config, &text, NULL, NULL));
  /* mosquitto 2.0.11 with max_queued_messages 0 hangs up on whoever is refused something: that is another test. */
  g_autofree char *with_acl = g_strdup_printf("%smax_queued_messages %u\nacl_file %s\n", text, hangs_up ? 0 : 1000000, acl);
  g_assert_true(g_file_set_contents(config, with_acl, -1, NULL));
  test_broker_stop(broker);
  test_broker_start(broker);
  return broker;
}

/* What is refused is told once, with topic and what to do, and counted to the last. */
static void
test_refused_by_acl(void)
{
  g_autoptr(TestBroker) broker = choosy_broker(ENERGY_ALONE, FALSE, NULL);
  g_autoptr(TestProcess) sim = start_sim(broker, test_broker_url(broker), NULL, RUN);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, ": not authorized (user none): may this user publish there? see the broker's ACL");
  has(err, "the broker refuses casa/v1/city/");
  guint64 messages = number_after(err, " samples in "), acked = number_after(err, "acknowledged "),
          refused = number_after(err, ", refused ");
  g_assert_cmpuint(acked, >, 10);
  g_assert_cmpuint(refused, >, 100);
  g_assert_cmpuint(messages, ==, acked + refused);
  has(err, "the broker refused: not authorized ");
  char *first = strstr(err, "the broker refuses ");
  g_assert_null(strstr(first + 5, "the broker refuses ")); /* not a line for each */
}

static guint
occurrences(const char *text, const char *words)
{
  guint n = 0;
  for (const char *at = text; (at = strstr(at, words)); at++)
    n++;
  return n;
}

/* What was published is acknowledged, refused, or given up in words. */
static void
accounted_for(const char *err, guint64 given_up)
{
  g_assert_cmpuint(number_after(err, "unanswered "), ==, given_up);
  g_assert_cmpuint(number_after(err, " samples in "), ==,
                   number_after(err, "acknowledged ") + number_after(err, ", refused ") + given_up);
  if (given_up > 0)
    g_assert_cmpuint(number_after(err, "gave up "), ==, given_up);
  else
    g_assert_null(strstr(err, "gave up "));
}

/* Even where each refusal costs the connection, the run comes to its end, and what may be published arrives. That the broker
 * hangs up is told once, not each time. (Twice it may go before its first answer is heard.) */
static void
test_refused_with_a_hang_up(void)
{
  g_autoptr(TestBroker) broker = choosy_broker(ENERGY_ALONE, TRUE, NULL);
  g_autoptr(TestProcess) sim =
    start_sim(broker, test_broker_url(broker), NULL, "--start 2026-05-21T17:00:00Z --stations 8 --backfill 5min --duration 1s");
  g_assert_cmpint(test_process_wait(sim, 2 * PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, "not authorized");
  g_assert_cmpuint(number_after(err, "acknowledged "), >, 0);
  accounted_for(err, 0);
  g_assert_cmpuint(occurrences(err, "hung up after a refusal"), ==, 1);
  g_assert_cmpuint(occurrences(err, "trying again in"), <=, 2);
}

#define ROOMY "max_inflight_messages 60\n" /* for all of a late run: with less the run would wait before its end */
#define LATE_RUN "--start 2026-05-21T17:00:00Z --stations 60 --rate 0.1 --duration 8s --report 1s"

/* A run that has published all it had, of which the broker, frozen meanwhile, has not answered the last seconds. */
static TestProcess *
start_unanswered(TestBroker *broker)
{
  TestProcess *sim = start_sim(broker, test_broker_url(broker), NULL, LATE_RUN);
  g_assert_true(test_process_wait_err(sim, ", on their way 0", PATIENCE));
  test_broker_freeze(broker);
  g_assert_true(test_process_wait_err(sim, "waiting for the broker to answer ", PATIENCE));
  return sim;
}

/* The broker comes back with another ACL, and hangs up at each of the last messages: they take their time, but as long as
 * answers come none is given up. (As many descriptions as the broker takes messages at once: the greeting alone does not
 * fit.) */
static void
test_refused_at_the_end(void)
{
  g_autoptr(TestBroker) broker = choosy_broker("topic readwrite #\n", TRUE, ROOMY);
  g_autoptr(TestProcess) sim = start_unanswered(broker);
  test_broker_kill(broker);
  write_in(broker, "acl", ENERGY_ALONE);
  test_broker_start(broker);
  g_assert_cmpint(test_process_wait(sim, 2 * PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  g_assert_cmpuint(number_after(err, ", refused "), >, 10);
  accounted_for(err, 0);
}

static void
test_gives_up_in_words(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(ROOMY);
  g_autoptr(TestProcess) sim = start_unanswered(broker);
  g_autofree char *waiting = test_process_err(sim);
  guint64 n = number_after(waiting, "waiting for the broker to answer ");
  g_assert_cmpuint(n, >, 0);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, " messages that the broker has not answered: no answer for 15 s");
  accounted_for(err, n);
}

/* Who ends it while the broker is away need not wait for it. */
static void
test_stopped_without_a_broker(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(ROOMY);
  g_autoptr(TestProcess) sim = start_unanswered(broker);
  test_broker_kill(broker);
  g_assert_true(test_process_wait_err(sim, "lost the connection", PATIENCE));
  test_process_signal(sim, SIGTERM);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, " messages that the broker has not answered: stopped while the connection was lost");
  accounted_for(err, number_after(err, "gave up "));
}

/* A broker that takes small packets only: it is not sent larger ones, which would end the connection again and again. */
static void
test_packets_too_large(void)
{
  g_autoptr(TestBroker) broker = test_broker_new("max_packet_size 110\n");
  g_autoptr(TestProcess) sim = start_sim(broker, test_broker_url(broker), NULL, RUN);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, ": packet too large (user none): the broker takes smaller messages only");
  g_assert_null(strstr(err, "lost the connection"));
  g_assert_cmpuint(number_after(err, "acknowledged "), >, 100);
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged ") + number_after(err, ", refused "));
}

static void
test_falls_back_to_3_1_1(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestRelay) relay = test_relay_new(test_broker_port(broker));
  test_relay_only_3_1_1(relay, TRUE);
  g_autoptr(TestProcess) sim = start_sim(broker, test_relay_url(relay), NULL, RUN);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  g_autofree char *err = test_process_err(sim);
  has(err, "does not speak MQTT 5, trying 3.1.1");
  has(err, ", MQTT 3.1.1\n");
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged "));
}

static gboolean
accepts(gpointer url)
{
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) connection = g_socket_client_connect_to_host(client, url, 0, NULL, NULL);
  return connection != NULL;
}

/* A server of another house, which knows no MQTT 5. */
static void
test_nats_server(void)
{
  g_autofree char *program = g_find_program_in_path("nats-server");
  if (!program) {
    g_test_skip("nats-server is not installed");
    return;
  }
  g_autoptr(TestBroker) folder = test_broker_new(NULL); /* for its folder alone */
  guint16 port = test_free_port(), mqtt_port = test_free_port();
  g_autofree char *text = g_strdup_printf("listen: 127.0.0.1:%u\nserver_name: test\njetstream { store_dir: \"%s/nats\" }\n"
                                          "mqtt { listen: \"127.0.0.1:%u\" }\n",
                                          port, test_broker_dir(folder), mqtt_port);
  write_in(folder, "nats.conf", text);
  g_autofree char *config = g_build_filename(test_broker_dir(folder), "nats.conf", NULL);
  g_autofree char *address = g_strdup_printf("127.0.0.1:%u", mqtt_port), *url = g_strconcat("mqtt://", address, NULL);
  const char *const argv[] = { program, "-c", config, NULL };
  g_autoptr(TestProcess) nats = test_process_start(test_broker_dir(folder), "nats", argv);
  g_assert_true(test_wait_for(accepts, address, PATIENCE) && test_process_running(nats));
  g_autoptr(TestProcess) sim = start_sim(folder, url, NULL, RUN);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  g_autofree char *err = test_process_err(sim);
  has(err, "does not speak MQTT 5, trying 3.1.1");
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged "));
}

/* Nobody was ever there: that is a failure, also when it was stopped by hand. */
static void
test_broker_never_came(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  test_broker_stop(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, test_broker_url(broker), NULL, RUN);
  g_assert_true(test_process_wait_err(sim, "cannot connect", PATIENCE));
  test_process_signal(sim, SIGTERM);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, "the broker was never there");
}

/* A run that has an end comes to it, broker or not. */
static void
test_closed_port_ends(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  test_broker_stop(broker);
  g_autoptr(TestProcess) sim = start_sim(broker, test_broker_url(broker), NULL, "--duration 2s");
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, "the time of the run is over, and no broker answers at tcp://127.0.0.1:");
  has(err, "the broker was never there");
}

static void
test_wrong_password(void)
{
  g_autoptr(TestBroker) broker = test_broker_new("allow_anonymous false\n");
  g_autoptr(TestProcess) sim = start_sim(broker, test_broker_url(broker), NULL, RUN);
  g_assert_true(test_process_wait_err(sim, "cannot connect", PATIENCE));
  test_process_signal(sim, SIGTERM);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, "not authorized: may this user publish there? see the broker's ACL and --password-file; trying again");
  g_assert_null(strstr(err, "is it running?"));
}

/* Killed in the middle of the backfill, it comes back and misses nothing: the sum is the same. */
static void
test_killed_in_mid_backfill(void)
{
  g_autoptr(TestBroker) broker = test_broker_new(NULL);
  g_autoptr(TestProcess) sim =
    start_sim(broker, test_broker_url(broker), NULL, "--seed 3 --start 2026-05-21T17:00:00Z --backfill 24h --duration 1s");
  g_assert_true(test_process_wait_err(sim, "connected to", PATIENCE));
  test_broker_kill(broker);
  g_assert_true(test_process_wait_err(sim, "lost the connection", PATIENCE));
  test_broker_start(broker);
  g_assert_cmpint(test_process_wait(sim, 2 * PATIENCE), ==, 0);
  g_autofree char *err = test_process_err(sim);
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged "));
  g_assert_cmpuint(number_after(err, "unanswered "), ==, 0);
}

/* ---- TLS ---- */

typedef struct {
  TestBroker *broker;
  char *dir, *config, *url; /* url: mqtts://localhost:… */
} Secure;

static void
openssl(const char *dir, const char *arguments)
{
  g_autofree char *line = g_strdup_printf("openssl %s", arguments), *out = NULL, *err = NULL;
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_autofree char *here = g_get_current_dir();
  g_assert_cmpint(g_chdir(dir), ==, 0);
  if (test_run((const char *const *)argv, NULL, &out, &err) != 0)
    g_error("openssl %s: %s", arguments, err);
  g_assert_cmpint(g_chdir(here), ==, 0);
}

/* An authority of the test's own, and a certificate of it for @host. */
static void
secure_set_up(Secure *s, const char *host)
{
  s->dir = test_dir_new();
  openssl(s->dir,
          "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Test-CA -keyout ca.key -out ca.pem");
  g_autofree char *request =
    g_strdup_printf("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%s -addext subjectAltName=DNS:%s "
                    "-keyout broker.key -out broker.csr",
                    host, host);
  openssl(s->dir, request);
  g_autofree char *extensions = g_build_filename(s->dir, "ext", NULL),
                  *names = g_strdup_printf("subjectAltName=DNS:%s\n", host);
  g_assert_true(g_file_set_contents(extensions, names, -1, NULL));
  openssl(s->dir, "x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out broker.pem");
  guint16 port = test_free_port();
  g_autofree char *extra =
    g_strdup_printf("listener %u\ncertfile %s/broker.pem\nkeyfile %s/broker.key\n", port, s->dir, s->dir);
  s->broker = test_broker_new(extra);
  s->url = g_strdup_printf("mqtts://localhost:%u", port);
  s->config = g_build_filename(s->dir, "config", NULL);
  const char *const argv[] = { "cp", "-r", CASA_SOURCE_ROOT "/config", s->config, NULL };
  g_assert_cmpint(test_run(argv, NULL, NULL, NULL), ==, 0);
}

static void
trust(Secure *s)
{
  g_autofree char *path = g_build_filename(s->config, "pulse.conf", NULL),
                  *text = g_strdup_printf("[broker]\nca_file = %s/ca.pem\n", s->dir);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
secure_tear_down(Secure *s)
{
  test_broker_free(s->broker);
  test_dir_remove(s->dir);
  g_free(s->dir);
  g_free(s->config);
  g_free(s->url);
}

static void
test_tls(void)
{
  Secure s = { NULL };
  secure_set_up(&s, "localhost");
  trust(&s);
  g_autoptr(TestProcess) sim = start_sim(s.broker, s.url, s.config, RUN);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 0);
  g_autofree char *err = test_process_err(sim);
  has(err, "connected to ssl://localhost");
  g_assert_cmpuint(number_after(err, " samples in "), ==, number_after(err, "acknowledged "));
  secure_tear_down(&s);
}

/* Not one byte goes to a broker that cannot prove its name: no message is sent, and it is said why. */
static void
not_trusted(Secure *s, const char *words)
{
  g_autoptr(TestProcess) sim = start_sim(s->broker, s->url, s->config, RUN);
  g_assert_true(test_process_wait_err(sim, "cannot connect", PATIENCE));
  test_process_signal(sim, SIGTERM);
  g_assert_cmpint(test_process_wait(sim, PATIENCE), ==, 1);
  g_autofree char *err = test_process_err(sim);
  has(err, words);
  has(err, "is its certificate for this host name, and signed by [broker] ca_file");
  g_assert_null(strstr(err, "connected to"));
}

static void
test_tls_wrong_name(void)
{
  Secure s = { NULL };
  secure_set_up(&s, "somebody-else");
  trust(&s);
  not_trusted(&s, "localhost");
  secure_tear_down(&s);
}

static void
test_tls_unknown_authority(void)
{
  Secure s = { NULL };
  secure_set_up(&s, "localhost");
  not_trusted(&s, "certificate verify failed");
  secure_tear_down(&s);
}

/* ---- words ---- */

static void
test_words(void)
{
  guint64 counts[256] = { 0 };
  g_autofree char *none = casa_sim_refusal_list(counts);
  g_assert_cmpstr(none, ==, "");
  counts[0x87] = 10;
  counts[0x97] = 2;
  g_autofree char *some = casa_sim_refusal_list(counts);
  g_assert_cmpstr(some, ==, ": not authorized 10, quota exceeded 2");
  g_assert_cmpstr(casa_sim_refusal_name(0xfe), ==, "unknown reason");
  g_assert_cmpuint(casa_sim_refusal_of_connack(5), ==, 0x87);
  g_assert_cmpuint(casa_sim_refusal_of_connack(1), ==, 0x84);
}

int
main(int argc, char **argv)
{
  g_unsetenv("http_proxy"); /* the library would ask it for 127.0.0.1 */
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sim/publisher/refused-by-acl", test_refused_by_acl);
  g_test_add_func("/sim/publisher/refused-with-a-hang-up", test_refused_with_a_hang_up);
  g_test_add_func("/sim/publisher/refused-at-the-end", test_refused_at_the_end);
  g_test_add_func("/sim/publisher/gives-up-in-words", test_gives_up_in_words);
  g_test_add_func("/sim/publisher/stopped-without-a-broker", test_stopped_without_a_broker);
  g_test_add_func("/sim/publisher/packets-too-large", test_packets_too_large);
  g_test_add_func("/sim/publisher/falls-back-to-3.1.1", test_falls_back_to_3_1_1);
  g_test_add_func("/sim/publisher/nats-server", test_nats_server);
  g_test_add_func("/sim/publisher/broker-never-came", test_broker_never_came);
  g_test_add_func("/sim/publisher/closed-port-ends", test_closed_port_ends);
  g_test_add_func("/sim/publisher/wrong-password", test_wrong_password);
  g_test_add_func("/sim/publisher/killed-in-mid-backfill", test_killed_in_mid_backfill);
  g_test_add_func("/sim/publisher/tls", test_tls);
  g_test_add_func("/sim/publisher/tls-wrong-name", test_tls_wrong_name);
  g_test_add_func("/sim/publisher/tls-unknown-authority", test_tls_unknown_authority);
  g_test_add_func("/sim/publisher/words", test_words);
  return g_test_run();
}
