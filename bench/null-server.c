/* SPDX-License-Identifier: Apache-2.0 */
#include "null-server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct _Sink {
  pid_t child;
  char *address;
};

/* Reads one request; FALSE: the client left. *@written: it was one that writes. */
static gboolean
swallow(int client, gboolean *written)
{
  static char buf[1 << 20];
  gsize len = 0, left = 0;
  char *end = NULL;
  while (!end) {
    ssize_t n = recv(client, buf + len, sizeof buf - 1 - len, 0);
    if (n <= 0 || len + (gsize)n >= sizeof buf - 1)
      return FALSE;
    len += (gsize)n;
    buf[len] = '\0';
    end = strstr(buf, "\r\n\r\n");
  }
  *written = strstr(buf, "/write") != NULL && strstr(buf, "/write") < end;
  const char *length = strstr(buf, "Content-Length: ");
  left = length ? g_ascii_strtoull(length + strlen("Content-Length: "), NULL, 10) : 0;
  left -= MIN(left, len - (gsize)(end + 4 - buf));
  while (left > 0) {
    ssize_t n = recv(client, buf, MIN(left, sizeof buf), 0);
    if (n <= 0)
      return FALSE;
    left -= (gsize)n;
  }
  return TRUE;
}

/* Nothing can be read back here, and it says so: 404. */
static void
serve(int listener)
{
  static const char taken[] = "HTTP/1.1 204 No Content\r\n\r\n";
  static const char unknown[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  for (;;) {
    int client = accept(listener, NULL, NULL);
    gboolean written;
    while (client >= 0 && swallow(client, &written)) {
      const char *answer = written ? taken : unknown;
      if (send(client, answer, strlen(answer), MSG_NOSIGNAL) < 0)
        break;
    }
    if (client >= 0)
      close(client);
  }
}

NullServer *
null_server_new(void)
{
  NullServer *self = g_new0(NullServer, 1);
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof at;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 8) < 0 ||
      getsockname(listener, (struct sockaddr *)&at, &size) < 0)
    g_error("the null server cannot listen: %s", g_strerror(errno));
  self->address = g_strdup_printf("http://127.0.0.1:%u", ntohs(at.sin_port));
  self->child = fork();
  if (self->child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(listener);
    _exit(0);
  }
  close(listener);
  return self;
}

void
null_server_free(NullServer *self)
{
  if (!self)
    return;
  kill(self->child, SIGKILL);
  waitpid(self->child, NULL, 0);
  g_free(self->address);
  g_free(self);
}

const char *
null_server_address(NullServer *self)
{
  return self->address;
}
