/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* What `casa record` tells systemd, heard on a real socket of sd_notify(3), and what it takes from it. */

typedef struct {
  GSocket *socket;
  GString *heard;
} Ear;

static Ear
ear_open(CliFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(fixture->dir, "notify", NULL);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
  Ear ear = { .heard = g_string_new(NULL) };

  ear.socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error(error);
  g_assert_true(g_socket_bind(ear.socket, address, FALSE, &error));
  g_setenv("NOTIFY_SOCKET", path, TRUE);
  return ear;
}

static void
ear_close(Ear *ear)
{
  g_unsetenv("NOTIFY_SOCKET");
  g_unsetenv("WATCHDOG_USEC");
  g_object_unref(ear->socket);
  g_string_free(ear->heard, TRUE);
}

/* Waits until @words were heard @times; each message becomes a line. */
static void
ear_wait(Ear *ear, const char *words, guint times)
{
  const gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;

  for (;;) {
    g_auto(GStrv) parts = g_strsplit(ear->heard->str, words, -1);
    if (g_strv_length(parts) > times)
      return;
    if (g_get_monotonic_time() > until)
      g_error("\"%s\" was not heard; but: %s", words, ear->heard->str);
    char buf[1024];
    if (!g_socket_condition_timed_wait(ear->socket, G_IO_IN, G_USEC_PER_SEC, NULL, NULL))
      continue;
    gssize len = g_socket_receive(ear->socket, buf, sizeof buf, NULL, NULL);
    g_assert_cmpint(len, >, 0);
    g_string_append_len(ear->heard, buf, len);
    g_string_append_c(ear->heard, '\n');
  }
}

static void
test_told(CliFixture *fixture, gconstpointer data)
{
  Ear ear = ear_open(fixture);

  g_setenv("WATCHDOG_USEC", "400000", TRUE);
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0.2");
  ear_wait(&ear, "READY=1", 1);
  ear_wait(&ear, "STATUS=recording; ", 1);
  ear_wait(&ear, "WATCHDOG=1", 3);
  test_broker_stop(fixture->broker);
  ear_wait(&ear, "STATUS=the broker is lost", 1);
  test_process_signal(record, SIGTERM);
  ear_wait(&ear, "STOPPING=1", 1);
  g_assert_cmpint(test_process_wait(record, 60), ==, 0);
  ear_close(&ear);
}

/* One that hangs tells nothing: systemd would start it anew. */
static void
test_hangs(CliFixture *fixture, gconstpointer data)
{
  Ear ear = ear_open(fixture);

  g_setenv("WATCHDOG_USEC", "200000", TRUE);
  g_autoptr(TestProcess) record = cli_fixture_record(fixture, "record", "0");
  ear_wait(&ear, "WATCHDOG=1", 2);
  test_process_signal(record, SIGSTOP);
  while (g_socket_condition_timed_wait(ear.socket, G_IO_IN, G_USEC_PER_SEC, NULL, NULL)) {
    char buf[1024];
    g_assert_cmpint(g_socket_receive(ear.socket, buf, sizeof buf, NULL, NULL), >, 0);
  }
  test_process_signal(record, SIGCONT);
  ear_wait(&ear, "WATCHDOG=1", 3);
  test_process_signal(record, SIGTERM);
  g_assert_cmpint(test_process_wait(record, 60), ==, 0);
  ear_close(&ear);
}

/* A file instead of a folder; a secret as systemd lays it down: of another's group, by an access list. */
static void
test_file_and_credential(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename(fixture->dir, "credentials", NULL), *secret = g_build_filename(folder, "it", NULL),
                  *conf = g_build_filename(fixture->dir, "hall.conf", NULL),
                  *words = g_strdup_printf("[broker]\nurl = %s\nuser = x\npassword_file = $CREDENTIALS_DIRECTORY/it\n",
                                           test_broker_url(fixture->broker));

  g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
  g_assert_true(g_file_set_contents(secret, "guess\n", -1, NULL));
  g_assert_cmpint(g_chmod(secret, 0440), ==, 0);
  g_assert_true(g_file_set_contents(conf, words, -1, NULL));
  g_unsetenv("CREDENTIALS_DIRECTORY");
  {
    g_auto(Answer) without = ask(NULL, "record", "--config", conf, "--store", fixture->store, "--duration", "0.1s", NULL);
    g_assert_cmpint(without.status, ==, 2);
    g_assert_nonnull(strstr(without.err, "hall.conf"));
    g_assert_nonnull(strstr(without.err, "password_file"));
  }
  g_setenv("CREDENTIALS_DIRECTORY", folder, TRUE);
  g_auto(Answer) with = ask(NULL, "record", "--config", conf, "--store", fixture->store, "--duration", "1s", NULL);
  g_assert_cmpstr(with.err, !=, "");
  g_assert_null(strstr(with.err, "password_file"));
  g_assert_nonnull(strstr(with.out, "\"received\":"));
  g_assert_cmpint(g_chmod(secret, 0444), ==, 0);
  g_auto(Answer) open = ask(NULL, "record", "--config", conf, "--store", fixture->store, "--duration", "0.1s", NULL);
  g_assert_cmpint(open.status, ==, 2);
  g_assert_nonnull(strstr(open.err, "others can read it"));
  g_unsetenv("CREDENTIALS_DIRECTORY");
}

/* The counters as Prometheus reads them, and who else asks. */
static void
test_metrics(CliFixture *fixture, gconstpointer data)
{
  g_autofree char *script = g_strdup_printf(
    "port=$(python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); print(s.getsockname()[1])')\n"
    "\"$CASA\" record --config \"$CONFIG\" --broker %s --store \"$STORE\" --stats 0 --metrics-port $port & pid=$!\n"
    "page=http://127.0.0.1:$port; n=300\n"
    "until curl --noproxy '*' -s $page/metrics | grep -qx 'casa_up 1'; do n=$((n - 1)); [ $n -gt 0 ] || break; sleep 0.2; done\n"
    "mosquitto_pub -p %u -q 1 -t casa/v1/t/air/a -m '{\"pm10\":50,\"no2\":3}'; mosquitto_pub -p %u -q 1 -t casa/v1/t/air/a -m nonsense\n"
    "until curl --noproxy '*' -s $page/metrics | grep -qx 'casa_messages_total{outcome=\"rejected\"} 1'; do n=$((n - 1)); [ $n -gt 0 ] || break; sleep "
    "0.2; done\n"
    "curl --noproxy '*' -s $page/metrics; curl --noproxy '*' -s -o /dev/null -w 'other %%{http_code}\\n' $page/; curl --noproxy '*' -s -o /dev/null -w 'post %%{http_code}\\n' -d x "
    "$page/metrics\n"
    "\"$CASA\" record --config \"$CONFIG\" --broker %s --store \"$STORE.2\" --duration 1s --metrics-port $port; echo \"taken $?\"\n"
    "kill $pid; wait $pid",
    test_broker_url(fixture->broker), test_broker_port(fixture->broker), test_broker_port(fixture->broker),
    test_broker_url(fixture->broker));
  g_auto(Answer) answer = ask_shell(fixture->store, script);
  static const char *const lines[] = { "casa_messages_total{outcome=\"stored\"} 1\n",
                                       "casa_values_total{outcome=\"stored\"} 2\n",
                                       "# TYPE casa_messages_total counter\n",
                                       "casa_up 1\n",
                                       "other 404\n",
                                       "post 405\n",
                                       "taken 1\n" };
  for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
    if (!strstr(answer.out, lines[i]))
      g_error("\"%s\" is not in: %s%s", lines[i], answer.out, answer.err);
  g_assert_nonnull(strstr(answer.err, "is the port taken?"));
}

int
main(int argc, char **argv)
{
  cli_test_init(&argc, &argv);
  g_test_add("/cli/service/told", CliFixture, NULL, cli_fixture_set_up, test_told, cli_fixture_tear_down);
  g_test_add("/cli/service/hangs", CliFixture, NULL, cli_fixture_set_up, test_hangs, cli_fixture_tear_down);
  g_test_add("/cli/service/file-and-credential", CliFixture, NULL, cli_fixture_set_up, test_file_and_credential,
             cli_fixture_tear_down);
  g_test_add("/cli/service/metrics", CliFixture, NULL, cli_fixture_set_up, test_metrics, cli_fixture_tear_down);
  return g_test_run();
}
