/* SPDX-License-Identifier: Apache-2.0 */
#include "influxd.h"

#include "process.h"

#include <gio/gio.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#define START_SECONDS 60

struct _TestInfluxd {
  gboolean victoria;
  char *flag; /* of victoria-metrics, NULL: none more */
  guint16 port;
  char *dir, *address;
  TestProcess *process;
};

static void
write_config(TestInfluxd *self)
{
  g_autofree char *path = g_build_filename(self->dir, "influxdb.conf", NULL);
  g_autofree char *text = g_strdup_printf("reporting-disabled = true\n"
                                          "bind-address = \"127.0.0.1:%u\"\n"
                                          "[meta]\n  dir = \"%s/meta\"\n"
                                          "[data]\n  dir = \"%s/data\"\n  wal-dir = \"%s/wal\"\n  query-log-enabled = false\n"
                                          "[http]\n  bind-address = \"127.0.0.1:%u\"\n  log-enabled = false\n"
                                          "[monitor]\n  store-enabled = false\n",
                                          test_free_port(), self->dir, self->dir, self->dir, self->port);

  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static TestProcess *
launch(TestInfluxd *self)
{
  g_autofree char *config = g_build_filename(self->dir, "influxdb.conf", NULL);
  g_autofree char *listen = g_strdup_printf("-httpListenAddr=127.0.0.1:%u", self->port);
  g_autofree char *data = g_strdup_printf("-storageDataPath=%s/data", self->dir);
  const char *influxd[] = { "influxd", "-config", config, NULL };
  const char *victoria[] = { "victoria-metrics", listen, data, "-retentionPeriod=100y", self->flag, NULL };

  return test_process_start(self->dir, "server", self->victoria ? victoria : influxd);
}

static void
fail_with_log(TestInfluxd *self)
{
  g_autofree char *text = test_process_err(self->process);

  g_error("%s did not answer on %s within %d s; its log:\n%s", self->victoria ? "victoria-metrics" : "influxd", self->address,
          START_SECONDS, text);
}

void
test_influxd_start(TestInfluxd *self)
{
  gint64 deadline = g_get_monotonic_time() + START_SECONDS * G_USEC_PER_SEC;

  g_assert_null(self->process);
  self->process = launch(self);
  for (;;) {
    g_autofree char *pong = test_influxd_get(self, self->victoria ? "/health" : "/ping");
    if (pong)
      return;
    if (g_get_monotonic_time() > deadline)
      fail_with_log(self);
    g_usleep(20 * 1000);
  }
}

static TestInfluxd *
make(gboolean victoria, const char *flag)
{
  TestInfluxd *self = g_new0(TestInfluxd, 1);

  self->victoria = victoria;
  self->flag = g_strdup(flag);
  self->dir = test_dir_new();
  self->port = test_free_port();
  self->address = g_strdup_printf("http://127.0.0.1:%u", self->port);
  if (!victoria)
    write_config(self);
  test_influxd_start(self);
  return self;
}

TestInfluxd *
test_influxd_new(void)
{
  return make(FALSE, NULL);
}

TestInfluxd *
test_influxd_new_victoria(void)
{
  return make(TRUE, NULL);
}

TestInfluxd *
test_influxd_new_victoria_with(const char *flag)
{
  return make(TRUE, flag);
}

static void
end_process(TestInfluxd *self, int number)
{
  if (!self->process)
    return;
  test_process_signal(self->process, number);
  test_process_wait(self->process, 60);
  g_clear_pointer(&self->process, test_process_free);
}

void
test_influxd_stop(TestInfluxd *self)
{
  end_process(self, SIGTERM);
}

void
test_influxd_kill(TestInfluxd *self)
{
  end_process(self, SIGKILL);
}

void
test_influxd_free(TestInfluxd *self)
{
  if (!self)
    return;
  test_influxd_kill(self);
  test_dir_remove(self->dir);
  g_free(self->dir);
  g_free(self->address);
  g_free(self->flag);
  g_free(self);
}

double
test_influxd_cpu_s(TestInfluxd *self)
{
  return self->process ? test_process_cpu_s(self->process) : 0;
}

const char *
test_influxd_address(TestInfluxd *self)
{
  return self->address;
}

/* HTTP/1.0 with CSV: no chunks to put together, no JSON to take apart. */
char *
test_influxd_get(TestInfluxd *self, const char *path_and_query)
{
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autofree char *request =
    g_strdup_printf("GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: application/csv\r\n\r\n", path_and_query);
  g_autoptr(GString) answer = g_string_new(NULL);
  char part[4096];
  gssize n;

  g_socket_client_set_enable_proxy(client, FALSE);
  g_autoptr(GSocketConnection) link = g_socket_client_connect_to_host(client, "127.0.0.1", self->port, NULL, NULL);
  if (!link)
    return NULL;
  if (!g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(link)), request, strlen(request), NULL, NULL, NULL))
    return NULL;
  while ((n = g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(link)), part, sizeof part, NULL, NULL)) > 0)
    g_string_append_len(answer, part, n);
  const char *body = strstr(answer->str, "\r\n\r\n");
  return body ? g_strdup(body + 4) : NULL;
}

char *
test_influxd_query(TestInfluxd *self, const char *db, const char *q)
{
  g_autofree char *escaped = g_uri_escape_string(q, NULL, FALSE);
  g_autofree char *path = g_strdup_printf("/query?db=%s&epoch=ms&q=%s", db, escaped);

  return test_influxd_get(self, path);
}

double
test_influxd_number(TestInfluxd *self, const char *db, const char *q)
{
  g_autofree char *csv = test_influxd_query(self, db, q);
  g_auto(GStrv) lines = g_strsplit(csv ? g_strchomp(csv) : "", "\n", -1);
  guint n = g_strv_length(lines);
  const char *comma = n > 1 ? strrchr(lines[n - 1], ',') : NULL;

  return comma ? g_ascii_strtod(comma + 1, NULL) : NAN;
}
