/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/tls-probe.h"

#include "broker.h"
#include "certificates.h"
#include "process.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_MS 20000 /* slow machines under sanitizers */

static char *dir;
static guint16 ports[6], plain;
static const char *const names[G_N_ELEMENTS(ports)] = { "good", "wrong-name", "expired", "future", "client", "self" };

/* A mosquitto with a listener for each certificate, and a plain one. */
static TestBroker *
broker_new(void)
{
  g_autoptr(GString) extra = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(ports); i++) {
    ports[i] = test_free_port();
    g_string_append_printf(extra, "listener %u 127.0.0.1\ncertfile %s/%s.pem\nkeyfile %s/%s.key\n", ports[i], dir, names[i],
                           dir, names[i]);
  }
  TestBroker *broker = test_broker_new(extra->str);
  plain = test_broker_port(broker);
  return broker;
}

static guint16
port_of(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(ports); i++)
    if (strcmp(names[i], name) == 0)
      return ports[i];
  return plain;
}

/* @words NULL: nothing is wrong. @ca: its name in the folder, or NULL: the system's. */
static void
assert_verdict(const char *host, guint16 port, const char *ca, const char *words)
{
  g_autofree char *path = ca ? g_strdup_printf("%s/%s", dir, ca) : NULL;
  gboolean certificate;
  g_autofree char *verdict = casa_tls_probe(host, port, path, TIMEOUT_MS, &certificate);
  g_test_message("%s, %s: %s", host, ca ? ca : "system", verdict ? verdict : "nothing wrong");
  if (words)
    g_assert_nonnull(verdict);
  else
    g_assert_null(verdict);
  if (words && !strstr(verdict, words))
    g_error("\"%s\" says nothing of \"%s\"", verdict, words);
}

static void
test_certificates(void)
{
  static const struct {
    const char *name, *host, *ca, *words;
  } cases[] = {
    { "good", "localhost", "ca.pem", NULL },
    { "good", "127.0.0.1", "ca.pem", NULL },
    { "wrong-name", "localhost", "ca.pem",
      "its certificate is not for \"localhost\" (but elsewhere.example); connect by a name" },
    { "wrong-name", "127.0.0.1", "ca.pem", "its certificate is not for \"127.0.0.1\" (but elsewhere.example)" },
    { "expired", "localhost", "ca.pem", "its certificate has expired; renew it at the broker" },
    { "future", "localhost", "ca.pem", "its certificate is not valid yet; check the clock of this machine" },
    { "client", "localhost", "ca.pem", "its certificate is refused: " },
    { "self", "localhost", "ca.pem", "signed by an authority that is not trusted here; set [broker] ca_file" },
    { "self", "localhost", "self.pem", NULL },
    { "good", "localhost", "other.pem", "signed by an authority that is not trusted here; set [broker] ca_file" },
    { "good", "localhost", NULL, "signed by an authority that is not trusted here; set [broker] ca_file" },
    { "good", "localhost", "absent.pem", "absent.pem holds no certificate in PEM; correct [broker] ca_file" },
    { "good", "localhost", "ca.key", "ca.key holds no certificate in PEM; correct [broker] ca_file" },
    { "plain", "localhost", "ca.pem", "it does not speak TLS on this port; use its TLS port" },
  };
  TestBroker *broker = broker_new();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_verdict(cases[i].host, port_of(cases[i].name), cases[i].ca, cases[i].words);
  test_broker_free(broker);
}

/* Answers whoever connects with the same bytes, and waits until he goes. */
typedef struct {
  const char *bytes;
  gsize len;
  gboolean hang_up;
  int listener;
} Server;

static gpointer
serve(gpointer data)
{
  Server *self = data;
  char sink[4096];
  int fd = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC);
  if (fd >= 0 && !self->hang_up)
    recv(fd, sink, 1, 0); /* its first byte */
  if (fd >= 0 && self->len > 0)
    send(fd, self->bytes, self->len, MSG_NOSIGNAL);
  while (fd >= 0 && !self->hang_up && recv(fd, sink, sizeof sink, 0) > 0)
    ;
  close(fd);
  return NULL;
}

/* What is no TLS server at all. */
static void
test_other_servers(void)
{
  static const struct {
    Server server;
    guint timeout_ms;
    const char *words;
  } cases[] = {
    { { "\x15\x03\x03\x00\x02\x02\x28", 7, FALSE, -1 },
      TIMEOUT_MS,
      "the handshake failed: " }, /* an alert: handshake_failure */
    { { "HTTP/1.1 400 Bad Request\r\n\r\n", 28, FALSE, -1 }, TIMEOUT_MS, "it does not speak TLS on this port" },
    { { "", 0, TRUE, -1 }, TIMEOUT_MS, "it does not speak TLS on this port" },
    { { "", 0, FALSE, -1 }, 300, "it does not answer as a TLS server would" },
  };
  g_autofree char *ca = g_build_filename(dir, "ca.pem", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Server server = cases[i].server;
    guint16 port;
    server.listener = test_listen(&port);
    GThread *thread = g_thread_new("server", serve, &server);
    gboolean certificate;
    g_autofree char *verdict = casa_tls_probe("127.0.0.1", port, ca, cases[i].timeout_ms, &certificate);
    g_thread_join(thread);
    close(server.listener);
    g_test_message("%s", verdict);
    g_assert_nonnull(verdict);
    g_assert_nonnull(strstr(verdict, cases[i].words));
  }
}

/* That nobody answers is not TLS's fault: no words, so that others are found for it. */
static void
test_nobody(void)
{
  assert_verdict("127.0.0.1", test_free_port(), "ca.pem", NULL);
  assert_verdict("no-such-host.invalid", 8883, "ca.pem", NULL);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  signal(SIGPIPE, SIG_IGN); /* see tls-probe.h */
  dir = test_dir_new();
  test_certificates_make(dir);
  g_test_add_func("/ingest/tls/certificates", test_certificates);
  g_test_add_func("/ingest/tls/other-servers", test_other_servers);
  g_test_add_func("/ingest/tls/nobody", test_nobody);
  int status = g_test_run();
  test_dir_remove(dir);
  g_free(dir);
  return status;
}
