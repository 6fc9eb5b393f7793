/* SPDX-License-Identifier: Apache-2.0 */
#include "broker.h"

#include "process.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

struct _TestBroker {
  char *dir, *config, *url;
  guint16 port;
  TestProcess *process;
};

static gboolean
answers(gpointer data)
{
  TestBroker *self = data;
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons(self->port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return ok || !test_process_running(self->process);
}

void
test_broker_start(TestBroker *self)
{
  g_assert_null(self->process);
  const char *program = g_file_test("/usr/sbin/mosquitto", G_FILE_TEST_IS_EXECUTABLE) ? "/usr/sbin/mosquitto" : "mosquitto";
  const char *argv[] = { program, "-c", self->config, NULL };
  self->process = test_process_start(self->dir, "mosquitto", argv);
  g_assert_true(test_wait_for(answers, self, 30));
  if (test_process_running(self->process))
    return;
  g_autofree char *err = test_process_err(self->process);
  g_error("mosquitto did not start: %s", err);
}

TestBroker *
test_broker_new(const char *extra)
{
  TestBroker *self = g_new0(TestBroker, 1);
  self->dir = test_dir_new();
  self->port = test_free_port();
  self->url = g_strdup_printf("mqtt://127.0.0.1:%u", self->port);
  self->config = g_build_filename(self->dir, "mosquitto.conf", NULL);
  /* mosquitto gives root up by default, and could then not write into a folder of root's. */
  g_autofree char *text = g_strdup_printf("listener %u 127.0.0.1\n"
                                          "allow_anonymous true\n"
                                          "persistence true\n"
                                          "persistence_location %s/\n"
                                          "autosave_interval 1\n"
                                          "max_queued_messages 0\n"
                                          "log_dest stderr\n"
                                          "%s%s\n",
                                          self->port, self->dir, getuid() == 0 ? "user root\n" : "", extra ? extra : "");
  g_assert_true(g_file_set_contents(self->config, text, -1, NULL));
  test_broker_start(self);
  return self;
}

static void
end(TestBroker *self, int signal)
{
  if (!self->process)
    return;
  test_process_signal(self->process, signal);
  test_process_signal(self->process, SIGCONT);
  test_process_wait(self->process, 30);
  g_clear_pointer(&self->process, test_process_free);
}

void
test_broker_stop(TestBroker *self)
{
  end(self, SIGTERM);
}

void
test_broker_kill(TestBroker *self)
{
  end(self, SIGKILL);
}

void
test_broker_forget(TestBroker *self)
{
  g_assert_null(self->process);
  g_autofree char *path = g_build_filename(self->dir, "mosquitto.db", NULL);
  g_unlink(path);
}

void
test_broker_freeze(TestBroker *self)
{
  test_process_signal(self->process, SIGSTOP);
}

void
test_broker_thaw(TestBroker *self)
{
  test_process_signal(self->process, SIGCONT);
}

void
test_broker_free(TestBroker *self)
{
  if (!self)
    return;
  end(self, SIGKILL);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->config);
  g_free(self->url);
  g_free(self);
}

const char *
test_broker_url(TestBroker *self)
{
  return self->url;
}

guint16
test_broker_port(TestBroker *self)
{
  return self->port;
}

const char *
test_broker_dir(TestBroker *self)
{
  return self->dir;
}

void
test_broker_publish(TestBroker *self, const char *topic, const char *payload)
{
  g_autoptr(TestPublisher) publisher = test_publisher_new(self->url);
  test_publisher_send(publisher, topic, payload, -1, 1, FALSE);
  g_assert_true(test_publisher_flush(publisher, 30));
}
