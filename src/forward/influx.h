/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/line-protocol.h"

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

/* @url as docs/FORWARD.md has it (…/?db= v1, ?org=&bucket= v2, ?database= v3; a path before ? is kept). Secrets in the URL are
 * an error. @token, @user, @password may be NULL: a token goes as `Authorization: Token` (v1, v2) or `Bearer` (v3), user and
 * password as Basic; a token wins. */
CasaInflux *casa_influx_new(const char *url, const char *token, const char *user, const char *password,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_influx_free(CasaInflux *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaInflux, casa_influx_free)
/* The URL without any secret, for messages and as outbox target name. */
const char *casa_influx_name(CasaInflux *self);
/* From now on @secret is the token or, without one, the password. FALSE and CASA_ERROR_CONFIG: it cannot be one; the old one
 * stays. *@out_changed: it is another one. */
gboolean casa_influx_renew(CasaInflux *self, const char *secret, gboolean *out_changed,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Longest wait for a connection, for a whole request, and for a stalled one (whole seconds); before the first call. */
void casa_influx_set_timeouts(CasaInflux *self, guint connect_ms, guint total_ms, guint stalled_s);
/* Creates the database where the API allows it (v1). FALSE is not fatal: CASA_ERROR_NETWORK when nobody answered,
 * CASA_ERROR_REFUSED when the server would not (the database may exist all the same). */
gboolean casa_influx_prepare(CasaInflux *self, GError **error);
/* POSTs @lines (gzip inside). @retry_after_ms from Retry-After (at most ten minutes), else 0. @error says what and how
 * to mend when not OK; it never holds a secret. */
CasaWriteResult casa_influx_write(CasaInflux *self, const char *lines, gsize len, guint *retry_after_ms, GError **error);
/* Part of the answer's body, as it comes. FALSE with an error ends the reading. */
typedef gboolean (*CasaInfluxBodyFunc)(const char *data, gsize len, gpointer data_for_it, GError **error);

/* Asks the InfluxQL @query (1.x, and the same path of 2.x and 3.x) in pieces of at most @rows rows, times in ms, and
 * gives the answer's body to @each piece by piece: memory does not grow with the answer. CASA_ERROR_NETWORK: nobody
 * answered, or the answer broke off; CASA_ERROR_REFUSED: it answered, and said no; else what @each said. */
gboolean casa_influx_read(CasaInflux *self, const char *query, guint rows, CasaInfluxBodyFunc each, gpointer data,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The series of our own that shows that a server keeps what it is given. No data. */
#define CASA_INFLUX_CHECK CASA_LINE_TRIAL

typedef enum {
  CASA_PROOF_KEPT,    /* it is there */
  CASA_PROOF_ABSENT,  /* the server answers, and it is not there (yet: some show new points after a second) */
  CASA_PROOF_UNKNOWN, /* nothing can be read here (no right to, no such path): a 204 must do */
  CASA_PROOF_RETRY,   /* nobody answered, with @error */
} CasaInfluxProof;

/* Writes the check's one sample for time @t_ms, twice; result and errors as casa_influx_write(). */
CasaWriteResult casa_influx_write_check(CasaInflux *self, gint64 t_ms, guint *retry_after_ms, GError **error);
/* Looks for the sample that casa_influx_write_check() wrote for @t_ms: a 204 alone has been seen from servers that keep
 * nothing. */
CasaInfluxProof casa_influx_read_check(CasaInflux *self, gint64 t_ms, GError **error);

/* What reading the check has shown so far. Forgetful: a VictoriaMetrics or vmagent, which answers 204 some seconds before
 * anything is on its disk (nine were seen, 1.79.5): killed meanwhile, it forgets. Doubling: it shows twice what came twice. */
gboolean casa_influx_is_forgetful(CasaInflux *self);
gboolean casa_influx_is_doubling(CasaInflux *self); /* Whether it shows twice what came twice */
/* When the process of a forgetful server began, as it says it: another answer means that it was restarted. "" when it does
 * not say. NULL with an error: it could not be asked. (transfer full) */
char *casa_influx_read_birth(CasaInflux *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @name between double quotes, as InfluxQL wants it. (transfer full). Pure. */
char *casa_influx_quote_name(const char *name);

/* Any thread: makes a running call return within some milliseconds, and every later one at once. */
void casa_influx_cancel(CasaInflux *self);

G_END_DECLS
