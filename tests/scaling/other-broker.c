/* SPDX-License-Identifier: Apache-2.0 */
#include "other-broker.h"

#include "process.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define START_SECONDS 120 /* RabbitMQ takes 10 s on an idle machine, half of them waiting for a cluster to join */

struct _OtherBroker {
  char *dir, *url;
  guint16 port;
  TestProcess *epmd, *server; /* epmd: Erlang's name server, RabbitMQ only */
  GPtrArray *argv;            /* of the server, with NULL at its end */
  const char *log;            /* name of its output */
};

static gboolean
listens(guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return ok;
}

static gboolean
port_listens(gpointer port)
{
  return listens((guint16)GPOINTER_TO_UINT(port));
}

static gboolean
up_or_over(gpointer data)
{
  OtherBroker *self = data;
  return listens(self->port) || !test_process_running(self->server);
}

void
other_broker_start(OtherBroker *self)
{
  g_assert_null(self->server);
  self->server = test_process_start(self->dir, self->log, (const char *const *)self->argv->pdata);
  if (test_wait_for(up_or_over, self, START_SECONDS) && test_process_running(self->server))
    return;
  g_autofree char *out = test_process_out(self->server), *err = test_process_err(self->server);
  g_error("%s did not start:\n%s%s", self->url, out, err);
}

void
other_broker_kill(OtherBroker *self)
{
  test_process_signal(self->server, SIGKILL);
  g_assert_cmpint(test_process_wait(self->server, 60), ==, 128 + SIGKILL);
  g_clear_pointer(&self->server, test_process_free);
}

void
other_broker_empty(OtherBroker *self)
{
  g_autofree char *kept = g_build_filename(self->dir, "kept", NULL);
  g_assert_null(self->server);
  test_dir_remove(kept);
}

static OtherBroker *
make(void)
{
  OtherBroker *self = g_new0(OtherBroker, 1);
  self->dir = test_dir_new();
  self->port = test_free_port();
  self->url = g_strdup_printf("mqtt://127.0.0.1:%u", self->port);
  return self;
}

static void G_GNUC_PRINTF(3, 4) write_file(OtherBroker *self, const char *name, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  g_autofree char *path = g_build_filename(self->dir, name, NULL);
  va_end(args);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* --- RabbitMQ --- */

static void add_variable(GPtrArray *argv, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
add_variable(GPtrArray *argv, const char *name, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *value = g_strdup_vprintf(format, args);
  va_end(args);
  g_ptr_array_add(argv, g_strdup_printf("%s=%s", name, value));
}

/* "env" and everything that keeps the server inside its folder and on 127.0.0.1. */
static GPtrArray *
environment(OtherBroker *self, guint16 epmd_port)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(argv, g_strdup("env"));
  add_variable(argv, "HOME", "%s", self->dir);
  add_variable(argv, "ERL_EPMD_PORT", "%u", epmd_port);
  add_variable(argv, "ERL_EPMD_ADDRESS", "127.0.0.1");
  add_variable(argv, "RABBITMQ_NODENAME", "casa-%u@localhost", self->port);
  add_variable(argv, "RABBITMQ_DIST_PORT", "%u", test_free_port());
  add_variable(argv, "RABBITMQ_MNESIA_BASE", "%s/kept", self->dir);
  add_variable(argv, "RABBITMQ_LOG_BASE", "%s", self->dir);
  add_variable(argv, "RABBITMQ_CONF_ENV_FILE", "/dev/null");
  add_variable(argv, "RABBITMQ_CONFIG_FILE", "%s/rabbitmq.conf", self->dir);
  add_variable(argv, "RABBITMQ_ADVANCED_CONFIG_FILE", "%s/none.config", self->dir);
  add_variable(argv, "RABBITMQ_ENABLED_PLUGINS_FILE", "%s/plugins", self->dir);
  add_variable(argv, "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}");
  add_variable(argv, "RUNNING_UNDER_SYSTEMD", "true"); /* the script becomes the server instead of watching it */
  return argv;
}

OtherBroker *
other_broker_new_rabbitmq(void)
{
  static const char program[] = "/usr/lib/rabbitmq/bin/rabbitmq-server"; /* Debian's wrapper would change user and folder */
  if (!g_file_test(program, G_FILE_TEST_IS_EXECUTABLE))
    return NULL;
  OtherBroker *self = make();
  write_file(self, "rabbitmq.conf",
             "listeners.tcp = none\n"
             "mqtt.listeners.tcp.1 = 127.0.0.1:%u\n"
             "mqtt.allow_anonymous = true\n"
             "mqtt.prefetch = 200\n"
             "log.console = true\n"
             "log.file = false\n",
             self->port);
  write_file(self, "plugins", "[rabbitmq_mqtt].\n");
  guint16 epmd_port = test_free_port();
  g_autofree char *epmd_text = g_strdup_printf("%u", epmd_port);
  const char *epmd[] = { "epmd", "-port", epmd_text, "-address", "127.0.0.1", NULL };
  self->epmd = test_process_start(self->dir, "epmd", epmd);
  /* Without one, Erlang would start one that outlives the test. */
  g_assert_true(test_wait_for(port_listens, GUINT_TO_POINTER(epmd_port), START_SECONDS));
  self->argv = environment(self, epmd_port);
  g_ptr_array_add(self->argv, g_strdup(program));
  g_ptr_array_add(self->argv, NULL);
  self->log = "rabbitmq";
  other_broker_start(self);
  return self;
}

/* --- NATS --- */

OtherBroker *
other_broker_new_nats(void)
{
  g_autofree char *program = g_find_program_in_path("nats-server");
  if (!program)
    return NULL;
  OtherBroker *self = make();
  write_file(self, "nats.conf",
             "server_name: casa\n"
             "listen: 127.0.0.1:%u\n"
             "jetstream { store_dir: \"%s/kept\" }\n"
             "mqtt { host: 127.0.0.1, port: %u, max_ack_pending: 1000, ack_wait: \"3s\" }\n",
             test_free_port(), self->dir, self->port);
  self->argv = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(self->argv, g_steal_pointer(&program));
  g_ptr_array_add(self->argv, g_strdup("-c"));
  g_ptr_array_add(self->argv, g_build_filename(self->dir, "nats.conf", NULL));
  g_ptr_array_add(self->argv, NULL);
  self->log = "nats";
  other_broker_start(self);
  return self;
}

void
other_broker_free(OtherBroker *self)
{
  if (!self)
    return;
  test_process_free(self->server);
  test_process_free(self->epmd);
  g_ptr_array_unref(self->argv);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->url);
  g_free(self);
}

const char *
other_broker_url(OtherBroker *self)
{
  return self->url;
}
