/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/gzip.h"
#include "forward/influx-url.h"
#include "forward/influx.h"

#include <curl/curl.h>

G_BEGIN_DECLS

/* What influx.c (the conversation, writing) and influx-read.c (reading) share. */

struct _CasaInflux {
  CasaInfluxUrl url;
  char *secrets[2]; /* token, password: to strike them out of quoted answers */
  struct curl_slist *write_headers, *query_headers, *read_headers;
  char *basic_user, *basic_password;
  CURLM *multi;
  CURL *easy;
  CasaGzip *gzip;
  GString *answer;         /* of the request under way, its beginning */
  CasaInfluxBodyFunc body; /* NULL: the answer is only kept in @answer; else where that of a 200 goes */
  gpointer body_data;
  GError *body_error;
  guint n_checks;               /* read so far */
  gboolean forgetful, doubling; /* seen so far: casa_influx_is_forgetful(), casa_influx_is_doubling() */
  char curl_error[CURL_ERROR_SIZE];
  gint cancelled; /* atomic; any thread */
};

/* Runs the request that was prepared in @easy; the HTTP status, or 0 with @error when there was none. */
long casa_influx_perform(CasaInflux *self, GError **error);
/* The answer's text fit for one line of a message: valid UTF-8, no control characters, no secret. (transfer full) */
char *casa_influx_quote_answer(CasaInflux *self);
/* What status @status means to people, with the answer's words. */
void casa_influx_set_status_error(CasaInflux *self, long status, GError **error);
CasaWriteResult casa_influx_judge_status(long status); /* What HTTP status @status asks of who wrote */

G_END_DECLS
