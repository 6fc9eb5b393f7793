/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* One HTTP conversation with an InfluxDB-compatible server. One thread at a time, except casa_influx_cancel(). */
typedef struct _CasaInflux CasaInflux;

typedef enum {
  CASA_WRITE_OK,        /* 204. Another 2xx is no InfluxDB speaking: DENIED */
  CASA_WRITE_BAD_LINES, /* 400/422: some line is bad; halve to find it */
  CASA_WRITE_TOO_LARGE, /* 413: halve */
  CASA_WRITE_DENIED,    /* 401/403/404, a redirect, any other answer that waiting does not mend: pause and say so */
  CASA_WRITE_RETRY,     /* 408, 429, 5xx, network, cancelled: back off */
} CasaWriteResult;

/* @url as CONTRACT §6 (…/?db= v1, ?org=&bucket= v2, ?database= v3; a path before ? is kept). Secrets in the URL are an
 * error. @token, @user, @password may be NULL: a token goes as `Authorization: Token` (v1, v2) or `Bearer` (v3), user
 * and password as Basic; a token wins. */
CasaInflux *casa_influx_new(const char *url, const char *token, const char *user, const char *password, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void casa_influx_free(CasaInflux *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaInflux, casa_influx_free)
/* The URL without any secret, for messages and as outbox target name. */
const char *casa_influx_name(CasaInflux *self);
/* Longest wait for a connection, for a whole request, and for a stalled one (whole seconds); before the first call. */
void casa_influx_set_timeouts(CasaInflux *self, guint connect_ms, guint total_ms, guint stalled_s);
/* Creates the database where the API allows it (v1). FALSE is not fatal: CASA_ERROR_NETWORK when nobody answered,
 * CASA_ERROR_REFUSED when the server would not (the database may exist all the same). */
gboolean casa_influx_prepare(CasaInflux *self, GError **error);
/* POSTs @lines (gzip inside). @retry_after_ms from Retry-After (at most ten minutes), else 0. @error says what and how
 * to mend when not OK; it never holds a secret. */
CasaWriteResult casa_influx_write(CasaInflux *self, const char *lines, gsize len, guint *retry_after_ms, GError **error);
/* Any thread: makes a running call return within some milliseconds, and every later one at once. */
void casa_influx_cancel(CasaInflux *self);

G_END_DECLS
