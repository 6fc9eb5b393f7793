/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct _TestProcess {
  GPid pid; /* 0 once it was waited for */
  int status;
  char *out, *err;
};

/* After fork: nothing but async-signal-safe calls. */
static void
die_with_parent(gpointer data)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static int
open_log(const char *path)
{
  int fd = g_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0)
    g_error("%s: %s", path, g_strerror(errno));
  return fd;
}

TestProcess *
test_process_start(const char *dir, const char *name, const char *const *argv)
{
  TestProcess *self = g_new0(TestProcess, 1);
  g_autoptr(GError) error = NULL;
  self->out = g_strdup_printf("%s/%s.out", dir, name);
  self->err = g_strdup_printf("%s/%s.err", dir, name);
  int out = open_log(self->out), err = open_log(self->err);
  if (!g_spawn_async_with_fds(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL,
                              &self->pid, -1, out, err, &error))
    g_error("%s: %s", argv[0], error->message);
  close(out);
  close(err);
  return self;
}

void
test_process_signal(TestProcess *self, int signal)
{
  if (self->pid)
    kill(self->pid, signal);
}

static int
status_of(int status)
{
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

double
test_process_cpu_s(TestProcess *self)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)self->pid), *text = NULL;
  unsigned long user, system;
  /* proc(5): fields 14 and 15; the second is a name in brackets that may hold anything. */
  if (!g_file_get_contents(path, &text, NULL, NULL) ||
      sscanf(strrchr(text, ')') + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &system) != 2)
    return 0;
  return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

gboolean
test_process_running(TestProcess *self)
{
  int status;
  if (!self->pid)
    return FALSE;
  if (waitpid(self->pid, &status, WNOHANG) != self->pid)
    return TRUE;
  self->status = status_of(status);
  self->pid = 0;
  return FALSE;
}

static gboolean
has_ended(gpointer data)
{
  return !test_process_running(data);
}

int
test_process_wait(TestProcess *self, double seconds)
{
  if (test_wait_for(has_ended, self, seconds))
    return self->status;
  test_process_signal(self, SIGKILL);
  test_wait_for(has_ended, self, 30);
  return -1;
}

static char *
read_all(const char *path)
{
  char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

char *
test_process_out(TestProcess *self)
{
  return read_all(self->out);
}

char *
test_process_err(TestProcess *self)
{
  return read_all(self->err);
}

typedef struct {
  const char *path, *text;
} Wanted;

static gboolean
file_holds(gpointer data)
{
  Wanted *wanted = data;
  g_autofree char *text = read_all(wanted->path);
  return strstr(text, wanted->text) != NULL;
}

gboolean
test_process_wait_out(TestProcess *self, const char *text, double seconds)
{
  Wanted wanted = { self->out, text };
  return test_wait_for(file_holds, &wanted, seconds);
}

gboolean
test_process_wait_err(TestProcess *self, const char *text, double seconds)
{
  Wanted wanted = { self->err, text };
  return test_wait_for(file_holds, &wanted, seconds);
}

void
test_process_free(TestProcess *self)
{
  if (!self)
    return;
  if (test_process_running(self)) {
    test_process_signal(self, SIGKILL);
    test_process_wait(self, 30);
  }
  g_free(self->out);
  g_free(self->err);
  g_free(self);
}

int
test_run(const char *const *argv, const char *input, char **out, char **err)
{
  g_autofree char *dir = test_dir_new();
  g_autofree char *in_path = g_build_filename(dir, "in", NULL);
  g_assert_true(g_file_set_contents(in_path, input ? input : "", -1, NULL));
  g_autoptr(GPtrArray) args = g_ptr_array_new();
  g_ptr_array_add(args, (gpointer) "/bin/sh");
  g_ptr_array_add(args, (gpointer) "-c");
  g_ptr_array_add(args, (gpointer) "in=$1; shift; exec \"$@\" < \"$in\"");
  g_ptr_array_add(args, (gpointer) "sh");
  g_ptr_array_add(args, in_path);
  for (guint i = 0; argv[i]; i++)
    g_ptr_array_add(args, (gpointer)argv[i]);
  g_ptr_array_add(args, NULL);
  g_autoptr(TestProcess) process = test_process_start(dir, "run", (const char *const *)args->pdata);
  int status = test_process_wait(process, 120);
  if (out)
    *out = test_process_out(process);
  if (err)
    *err = test_process_err(process);
  test_dir_remove(dir);
  return status;
}

char **
test_lines(const char *text)
{
  GPtrArray *lines = g_ptr_array_new();
  const char *end = text + strlen(text), *at = text, *newline;
  while ((newline = memchr(at, '\n', (gsize)(end - at)))) {
    g_ptr_array_add(lines, g_strndup(at, (gsize)(newline - at)));
    at = newline + 1;
  }
  g_ptr_array_add(lines, g_strdup(at));
  g_ptr_array_add(lines, NULL);
  return (char **)g_ptr_array_free(lines, FALSE);
}

char *
test_dir_new(void)
{
  g_autoptr(GError) error = NULL;
  char *dir = g_dir_make_tmp("casa-test-XXXXXX", &error);
  if (!dir)
    g_error("%s", error->message);
  return dir;
}

void
test_dir_remove(const char *dir)
{
  GDir *entries = g_dir_open(dir, 0, NULL);
  const char *name;
  while (entries && (name = g_dir_read_name(entries))) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
      test_dir_remove(path);
    else
      g_unlink(path);
  }
  if (entries)
    g_dir_close(entries);
  g_rmdir(dir);
}

/* Stays bound without listening, until this process ends: the kernel then gives the port to nobody who asks for any port, and
 * lets in a server that asks for this one. All of ours set SO_REUSEADDR, which both sides must. */
guint16
test_free_port(void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd, (struct sockaddr *)&address, size) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
    g_error("no free port: %s", g_strerror(errno));
  return ntohs(address.sin_port);
}

int
test_listen(guint16 *out_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 16) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &size) != 0)
    g_error("nothing to listen on: %s", g_strerror(errno));
  *out_port = ntohs(address.sin_port);
  return fd;
}

gboolean
test_wait_for(TestCheck check, gpointer data, double seconds)
{
  gint64 until_us = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  while (!check(data)) {
    if (g_get_monotonic_time() > until_us)
      return FALSE;
    g_usleep(20000);
  }
  return TRUE;
}
