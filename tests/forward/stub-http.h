/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A strict little HTTP server that plays any InfluxDB, well or badly behaved. One connection at a time, on a thread of
 * its own. */
typedef struct _StubHttp StubHttp;

typedef struct {
  char *method, *target; /* target: path?query as sent */
  char *headers;         /* "Name: value\r\n…" as sent */
  char *body;            /* unpacked */
  gboolean gzip;
} StubRequest;

typedef enum {
  STUB_ANSWER,
  STUB_HANG, /* never answers; waits for the client to leave */
  STUB_CUT,  /* closes in the middle of the status line */
  STUB_DRIP, /* a byte every 20 ms */
} StubMode;

typedef struct {
  StubMode mode;
  int status;
  const char *headers; /* further ones, each ending in \r\n; may be NULL */
  const char *body;    /* may be NULL */
} StubAnswer;

/* Decides the answer; on the server's thread, one at a time. */
typedef StubAnswer (*StubJudge)(const StubRequest *request, guint number, gpointer data);

StubHttp *stub_http_new(StubJudge judge, gpointer data);
void stub_http_free(StubHttp *self); /* fails the test when a request broke the rules of HTTP */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StubHttp, stub_http_free)

guint16 stub_http_port(StubHttp *self);
guint stub_http_n_requests(StubHttp *self);
const StubRequest *stub_http_request(StubHttp *self, guint i);        /* valid until free */
char *stub_http_header(const StubRequest *request, const char *name); /* (transfer full), NULL when absent */

G_END_DECLS
