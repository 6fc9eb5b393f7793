/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* One HTTP conversation with an InfluxDB-compatible server. One thread at a time, except casa_influx_cancel(). */
typedef struct _CasaInflux CasaInflux;

typedef enum {
  CASA_WRITE_OK,        /* 2xx */
  CASA_WRITE_BAD_LINES, /* 400/422: some line is bad; halve to find it */
  CASA_WRITE_TOO_LARGE, /* 413: halve */
  CASA_WRITE_DENIED,    /* 401/403/404: pause and say so */
  CASA_WRITE_RETRY,     /* 429, 5xx, network: back off */
} CasaWriteResult;

/* @url as CONTRACT §6 (…/?db= v1, ?org=&bucket= v2, ?database= v3; a path before ? is kept). Secrets in the URL are an
 * error. @token, @user, @password may be NULL. */
CasaInflux *casa_influx_new(const char *url, const char *token, const char *user, const char *password, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void casa_influx_free(CasaInflux *self);
/* The URL without any secret, for messages and as outbox target name. */
const char *casa_influx_name(CasaInflux *self);
/* Creates the database where the API allows it (v1). FALSE is not fatal. */
gboolean casa_influx_prepare(CasaInflux *self, GError **error);
/* POSTs @lines (gzip inside). @retry_after_ms from Retry-After, else 0. @error says what and how to mend when not OK. */
CasaWriteResult casa_influx_write(CasaInflux *self, const char *lines, gsize len, guint *retry_after_ms, GError **error);
/* Any thread: makes a running call return soon. */
void casa_influx_cancel(CasaInflux *self);

G_END_DECLS
