/* SPDX-License-Identifier: Apache-2.0 */
#include "stub-http.h"

#include <gio/gio.h>
#include <string.h>

struct _StubHttp {
  StubJudge judge;
  gpointer data;
  guint16 port;
  GSocket *listener;
  GCancellable *over;
  GThread *thread;
  GMutex lock;
  GPtrArray *requests; /* guarded by lock */
  char *fault;         /* first breach of HTTP; guarded by lock */
};

static void
request_free(gpointer data)
{
  StubRequest *request = data;

  g_free(request->method);
  g_free(request->target);
  g_free(request->headers);
  g_free(request->body);
  g_free(request);
}

static void
note_fault(StubHttp *self, const char *what)
{
  g_mutex_lock(&self->lock);
  if (!self->fault)
    self->fault = g_strdup(what);
  g_mutex_unlock(&self->lock);
}

char *
stub_http_header(const StubRequest *request, const char *name)
{
  g_auto(GStrv) lines = g_strsplit(request->headers, "\r\n", -1);

  for (guint i = 0; lines[i]; i++) {
    gsize len = strlen(name);
    if (g_ascii_strncasecmp(lines[i], name, len) == 0 && lines[i][len] == ':')
      return g_strstrip(g_strdup(lines[i] + len + 1));
  }
  return NULL;
}

static char *
unpack(StubHttp *self, const char *data, gsize len)
{
  g_autoptr(GConverter) gunzip = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr(GInputStream) packed = g_memory_input_stream_new_from_data(data, (gssize)len, NULL);
  g_autoptr(GInputStream) plain = g_converter_input_stream_new(packed, gunzip);
  GString *text = g_string_new(NULL);
  char part[8192];
  gssize n;

  while ((n = g_input_stream_read(plain, part, sizeof part, NULL, NULL)) > 0)
    g_string_append_len(text, part, n);
  if (n < 0)
    note_fault(self, "the body is not gzip");
  return g_string_free(text, FALSE);
}

/* Reads until @in holds a whole head; FALSE: the client left. */
static gboolean
receive_more(StubHttp *self, GSocket *client, GString *in)
{
  char part[8192];
  gssize n = g_socket_receive(client, part, sizeof part, self->over, NULL);

  if (n <= 0)
    return FALSE;
  g_string_append_len(in, part, n);
  return TRUE;
}

static gsize
body_length(StubHttp *self, const StubRequest *request)
{
  g_autofree char *length = stub_http_header(request, "Content-Length");
  g_autofree char *host = stub_http_header(request, "Host");

  if (!host || (!length && !g_str_equal(request->method, "GET")))
    note_fault(self, "no Content-Length or no Host");
  return length ? (gsize)g_ascii_strtoull(length, NULL, 10) : 0;
}

static StubRequest *
receive_request(StubHttp *self, GSocket *client, GString *in)
{
  StubRequest *request;
  char *end;

  while (!(end = strstr(in->str, "\r\n\r\n")))
    if (!receive_more(self, client, in))
      return NULL;

  gsize head = (gsize)(end - in->str) + 4;
  char *line_end = strstr(in->str, "\r\n");
  g_autofree char *line = g_strndup(in->str, (gsize)(line_end - in->str));
  g_auto(GStrv) words = g_strsplit(line, " ", -1);

  if (g_strv_length(words) != 3 || !g_str_equal(words[2], "HTTP/1.1")) {
    note_fault(self, "bad request line");
    return NULL;
  }
  request = g_new0(StubRequest, 1);
  request->method = g_strdup(words[0]);
  request->target = g_strdup(words[1]);
  request->headers = g_strndup(line_end + 2, head - 2 - (gsize)(line_end + 2 - in->str));
  gsize length = body_length(self, request);
  while (in->len < head + length)
    if (!receive_more(self, client, in)) {
      request_free(request);
      return NULL;
    }
  g_autofree char *encoding = stub_http_header(request, "Content-Encoding");
  request->gzip = g_strcmp0(encoding, "gzip") == 0;
  request->body = request->gzip ? unpack(self, in->str + head, length) : g_strndup(in->str + head, length);
  g_string_erase(in, 0, (gssize)(head + length));
  return request;
}

static gboolean
send_all(StubHttp *self, GSocket *client, const char *text, gsize len)
{
  while (len > 0) {
    gssize n = g_socket_send(client, text, len, self->over, NULL);
    if (n <= 0)
      return FALSE;
    text += n;
    len -= (gsize)n;
  }
  return TRUE;
}

/* A byte, a pause, a byte… until done or the client had enough. */
static void
drip(StubHttp *self, GSocket *client, const char *text)
{
  for (; *text && !g_cancellable_is_cancelled(self->over) && send_all(self, client, text, 1); text++)
    g_usleep(20 * 1000);
}

/* TRUE: the connection stays. */
static gboolean
give_answer(StubHttp *self, GSocket *client, GString *in, const StubAnswer *answer)
{
  const char *body = answer->body ? answer->body : "";
  g_autofree char *text = g_strdup_printf("HTTP/1.1 %d Stub\r\nContent-Length: %zu\r\n%s\r\n%s", answer->status, strlen(body),
                                          answer->headers ? answer->headers : "", body);

  switch (answer->mode) {
  case STUB_ANSWER: return send_all(self, client, text, strlen(text));
  case STUB_HANG:
    while (receive_more(self, client, in))
      ;
    break;
  case STUB_CUT: send_all(self, client, text, 10); break;
  case STUB_DRIP: drip(self, client, text); break;
  }
  return FALSE;
}

static void
serve(StubHttp *self, GSocket *client)
{
  g_autoptr(GString) in = g_string_new(NULL);
  StubRequest *request;
  StubAnswer answer;

  do {
    request = receive_request(self, client, in);
    if (!request)
      return;
    g_mutex_lock(&self->lock);
    guint number = self->requests->len;
    g_mutex_unlock(&self->lock);
    answer = self->judge(request, number, self->data);
    g_mutex_lock(&self->lock);
    g_ptr_array_add(self->requests, request);
    g_mutex_unlock(&self->lock);
  } while (give_answer(self, client, in, &answer));
}

static gpointer
stub_thread(gpointer data)
{
  StubHttp *self = data;

  while (!g_cancellable_is_cancelled(self->over)) {
    g_autoptr(GSocket) client = g_socket_accept(self->listener, self->over, NULL);
    if (client)
      serve(self, client);
  }
  return NULL;
}

StubHttp *
stub_http_new(StubJudge judge, gpointer data)
{
  StubHttp *self = g_new0(StubHttp, 1);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  g_autoptr(GError) error = NULL;

  self->judge = judge;
  self->data = data;
  self->over = g_cancellable_new();
  self->requests = g_ptr_array_new_with_free_func(request_free);
  g_mutex_init(&self->lock);
  self->listener = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error(error);
  g_socket_bind(self->listener, any, FALSE, &error);
  g_assert_no_error(error);
  g_socket_listen(self->listener, &error);
  g_assert_no_error(error);
  g_autoptr(GSocketAddress) local = g_socket_get_local_address(self->listener, &error);
  g_assert_no_error(error);
  self->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(local));
  self->thread = g_thread_new("stub-http", stub_thread, self);
  return self;
}

void
stub_http_free(StubHttp *self)
{
  if (!self)
    return;
  g_cancellable_cancel(self->over);
  g_thread_join(self->thread);
  g_assert_cmpstr(self->fault, ==, NULL);
  g_object_unref(self->listener);
  g_object_unref(self->over);
  g_ptr_array_unref(self->requests);
  g_mutex_clear(&self->lock);
  g_free(self);
}

guint16
stub_http_port(StubHttp *self)
{
  return self->port;
}

guint
stub_http_n_requests(StubHttp *self)
{
  g_mutex_lock(&self->lock);
  guint n = self->requests->len;
  g_mutex_unlock(&self->lock);
  return n;
}

const StubRequest *
stub_http_request(StubHttp *self, guint i)
{
  g_mutex_lock(&self->lock);
  const StubRequest *request = i < self->requests->len ? g_ptr_array_index(self->requests, i) : NULL;
  g_mutex_unlock(&self->lock);
  g_assert_nonnull(request);
  return request;
}
