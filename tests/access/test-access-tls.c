/* SPDX-License-Identifier: Apache-2.0 */
#include "certificates.h"
#include "fixture.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A broker that speaks TLS with certificates made here, and `casa` with its own idea of whom to trust. */
typedef struct {
  char *dir, *config, *url;
  guint16 port;
  TestProcess *broker;
} Tls;

static gboolean
answers(gpointer data)
{
  Tls *self = data;
  g_autofree char *err = test_process_err(self->broker);
  return strstr(err, "running") || !test_process_running(self->broker);
}

static void
write_file(Tls *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(self->dir, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* @certificate NULL: plain MQTT. @ca: which authority to trust, or NULL: those of the system. */
static Tls *
tls_new(const char *certificate, const char *ca)
{
  Tls *self = g_new0(Tls, 1);
  self->dir = test_dir_new();
  self->config = g_strdup(self->dir);
  self->port = test_free_port();
  self->url = g_strdup_printf("mqtts://localhost:%u", self->port);
  test_certificates_make(self->dir);
  g_autofree char *tls =
    certificate ? g_strdup_printf("certfile %s/%s.pem\nkeyfile %s/%s.key\n", self->dir, certificate, self->dir, certificate)
                : g_strdup("");
  g_autofree char *conf = g_strdup_printf("listener %u 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n%s%s", self->port, tls,
                                          getuid() == 0 ? "user root\n" : "");
  g_autofree char *pulse = ca ? g_strdup_printf("[broker]\nca_file = %s.pem\n", ca) : g_strdup("");
  g_autofree char *path = g_build_filename(self->dir, "mosquitto.conf", NULL);
  g_autofree char *metrics = g_build_filename(self->dir, "metrics.conf", NULL);
  g_autofree char *shipped = g_build_filename(g_getenv("CASA_CONFIG"), "metrics.conf", NULL);
  g_assert_cmpint(symlink(shipped, metrics), ==, 0);
  write_file(self, "mosquitto.conf", conf);
  write_file(self, "pulse.conf", pulse);
  const char *program = g_file_test("/usr/sbin/mosquitto", G_FILE_TEST_IS_EXECUTABLE) ? "/usr/sbin/mosquitto" : "mosquitto";
  const char *argv[] = { program, "-c", path, NULL };
  self->broker = test_process_start(self->dir, "mosquitto", argv);
  g_assert_true(test_wait_for(answers, self, 30));
  return self;
}

static void
tls_free(Tls *self)
{
  test_process_free(self->broker);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->config);
  g_free(self->url);
  g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tls, tls_free)

static TestProcess *
record(Tls *self, const char *url)
{
  g_autofree char *store = g_build_filename(self->dir, "pulse.db", NULL);
  const char *argv[] = {
    g_getenv("CASA_PROGRAM"), "record", "--config", self->config, "--broker", url, "--store", store, "--stats", "0.2", NULL
  };
  return test_process_start(self->dir, "record", argv);
}

static void
assert_refused(Tls *self, const char *url, const char *words)
{
  g_autoptr(TestProcess) process = record(self, url);
  gboolean said = test_process_wait_err(process, words, 30);
  g_autofree char *err = test_process_err(process);
  g_test_message("%s", err);
  g_assert_true(said);
  g_assert_nonnull(strstr(err, "no TLS with "));
  g_assert_null(strstr(err, "connected to"));
  g_assert_true(test_process_wait_out(process, "\"link\":\"refused\"", 30));
}

/* 01 */
static void
test_good(void)
{
  g_autoptr(Tls) tls = tls_new("good", "ca");
  g_autofree char *ca = g_build_filename(tls->dir, "ca.pem", NULL);
  g_autofree char *port = g_strdup_printf("%u", tls->port);
  g_autofree char *by_address = g_strdup_printf("mqtts://127.0.0.1:%u", tls->port);
  g_autoptr(TestProcess) process = record(tls, tls->url);
  g_assert_true(test_process_wait_err(process, "connected to localhost:", 30));
  const char *argv[] = { "mosquitto_pub",   "-h", "localhost",    "-p", port, "--cafile", ca, "-q", "1", "-t",
                         "casa/v1/t/air/a", "-m", "{\"pm10\":1}", NULL };
  g_assert_cmpint(test_run(argv, NULL, NULL, NULL), ==, 0);
  g_assert_true(test_process_wait_out(process, "\"stored\":1,", 30));
  g_clear_pointer(&process, test_process_free);
  g_autoptr(TestProcess) other = record(tls, by_address);
  g_assert_true(test_process_wait_err(other, "connected to 127.0.0.1:", 30));
}

/* 02 */
static void
test_wrong_name(void)
{
  g_autoptr(Tls) tls = tls_new("wrong-name", "ca");
  g_autofree char *by_address = g_strdup_printf("mqtts://127.0.0.1:%u", tls->port);
  assert_refused(tls, tls->url,
                 "its certificate is not for \"localhost\" (but elsewhere.example); connect by a name that it is for");
  assert_refused(tls, by_address, "its certificate is not for \"127.0.0.1\"");
}

/* 03 */
static void
test_expired(void)
{
  g_autoptr(Tls) tls = tls_new("expired", "ca");
  assert_refused(tls, tls->url, "its certificate has expired; renew it at the broker");
}

/* 04: an authority that we do not trust, given or by the system. */
static void
test_other_authority(void)
{
  g_autoptr(Tls) tls = tls_new("good", "other");
  assert_refused(tls, tls->url, "signed by an authority that is not trusted here; set [broker] ca_file");
  write_file(tls, "pulse.conf", "");
  assert_refused(tls, tls->url, "signed by an authority that is not trusted here; set [broker] ca_file");
}

/* 05 */
static void
test_broker_without_tls(void)
{
  g_autoptr(Tls) tls = tls_new(NULL, "ca");
  assert_refused(tls, tls->url, "it does not speak TLS on this port; use its TLS port");
}

/* 06 */
static void
test_bad_ca_file(void)
{
  g_autoptr(Tls) tls = tls_new("good", "ca");
  write_file(tls, "ca.pem", "no certificate\n");
  assert_refused(tls, tls->url, "ca.pem holds no certificate in PEM; correct [broker] ca_file");
}

/* 07: whatever the other side does, nothing goes out but TLS: no CONNECT, no user, no password. */
static void
test_no_downgrade(void)
{
  g_autoptr(Tls) tls = tls_new(NULL, NULL);
  guint16 port;
  int listener = test_listen(&port);
  g_autofree char *url = g_strdup_printf("mqtts://wall-user@127.0.0.1:%u", port);
  g_autoptr(TestProcess) process = record(tls, url);
  for (guint i = 0; i < 4; i++) {
    char bytes[4096];
    int fd = accept(listener, NULL, NULL);
    gssize n = recv(fd, bytes, sizeof bytes, 0);
    if (n > 0) {
      g_assert_cmpint(bytes[0], ==, 0x16); /* a TLS handshake */
      g_assert_null(memmem(bytes, (gsize)n, "MQTT", 4));
      g_assert_null(memmem(bytes, (gsize)n, "wall-user", 9));
    }
    close(fd);
  }
  g_assert_true(test_process_running(process));
  close(listener);
}

/* 08: the doctor says the same. */
static void
test_doctor(void)
{
  g_autoptr(Tls) tls = tls_new("expired", "ca");
  g_autofree char *store = g_build_filename(tls->dir, "pulse.db", NULL);
  const char *argv[] = {
    g_getenv("CASA_PROGRAM"), "doctor", "--config", tls->config, "--broker", tls->url, "--store", store, NULL
  };
  g_autofree char *out = NULL;
  g_assert_cmpint(test_run(argv, NULL, &out, NULL), ==, 1);
  g_assert_nonnull(strstr(out, "fail  broker   no TLS with localhost:"));
  g_assert_nonnull(strstr(out, "its certificate has expired"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/access/tls/01-good", test_good);
  g_test_add_func("/access/tls/02-wrong-name", test_wrong_name);
  g_test_add_func("/access/tls/03-expired", test_expired);
  g_test_add_func("/access/tls/04-other-authority", test_other_authority);
  g_test_add_func("/access/tls/05-broker-without-tls", test_broker_without_tls);
  g_test_add_func("/access/tls/06-bad-ca-file", test_bad_ca_file);
  g_test_add_func("/access/tls/07-no-downgrade", test_no_downgrade);
  g_test_add_func("/access/tls/08-doctor", test_doctor);
  return g_test_run();
}
