/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/influx-private.h"

#include "base/error.h"
#include "casa-build.h"

#include <string.h>

/* Enough of an answer to quote its error; the rest is read and thrown away. */
#define ANSWER_MAX 2048
/* A server that asks for a longer pause is asked again after this one: it may have lied, or been mended. */
#define RETRY_AFTER_MAX_S 600
#define POLL_MS 60000 /* libcurl wakes earlier for its own time-outs, casa_influx_cancel() for ours */

static gpointer
init_curl_once(gpointer unused)
{
  return GINT_TO_POINTER(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

static size_t
answer_cb(char *data, size_t size, size_t n, void *user_data)
{
  CasaInflux *self = user_data;
  gsize room = ANSWER_MAX - MIN(self->answer->len, ANSWER_MAX);
  long status = 0;

  if (self->body)
    curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
  if (status == 200)
    return self->body(data, size * n, self->body_data, &self->body_error) ? size * n : 0;
  g_string_append_len(self->answer, data, (gssize)MIN(room, size * n));
  return size * n;
}

static gboolean
is_header_safe(const char *text)
{
  for (const char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      return FALSE;
  return TRUE;
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *header)
{
  struct curl_slist *longer = curl_slist_append(list, header);

  return longer ? longer : list;
}

static void
make_headers(CasaInflux *self, const char *token)
{
  const char *scheme = self->url.api == CASA_INFLUX_V3 ? "Bearer" : "Token";
  g_autofree char *auth = token ? g_strdup_printf("Authorization: %s %s", scheme, token) : NULL;

  self->write_headers = add_header(NULL, "Content-Type: text/plain; charset=utf-8");
  self->write_headers = add_header(self->write_headers, "Content-Encoding: gzip");
  /* `Expect: 100-continue` costs a second per batch on servers that do not answer it. */
  self->write_headers = add_header(self->write_headers, "Expect:");
  self->query_headers = add_header(NULL, "Content-Type: application/x-www-form-urlencoded");
  self->query_headers = add_header(self->query_headers, "Expect:");
  self->read_headers = add_header(NULL, "Accept: application/json");
  if (auth) {
    self->read_headers = add_header(self->read_headers, auth);
    self->write_headers = add_header(self->write_headers, auth);
    self->query_headers = add_header(self->query_headers, auth);
  }
}

static void
set_options(CasaInflux *self)
{
  CURL *easy = self->easy;

  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, self->curl_error);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_cb);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, self);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "casa-pulse/" CASA_VERSION);
  /* A redirect would carry the token to a host nobody named. */
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#endif
  if (self->url.loopback)
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (self->basic_user) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, self->basic_user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, self->basic_password ? self->basic_password : "");
  }
}

static gboolean
check_secrets(const char *token, const char *user, const char *password, GError **error)
{
  if ((!token || is_header_safe(token)) && (!user || (is_header_safe(user) && !strchr(user, ':'))) &&
      (!password || is_header_safe(password)))
    return TRUE;
  g_set_error_literal(error, CASA_ERROR, CASA_ERROR_CONFIG,
                      "[influx] the token, user or password holds a control character (a line break?), or the user a "
                      "colon; write it alone on the first line of its file");
  return FALSE;
}

CasaInflux *
casa_influx_new(const char *url, const char *token, const char *user, const char *password, GError **error)
{
  static GOnce once = G_ONCE_INIT;
  g_autoptr(CasaInflux) self = g_new0(CasaInflux, 1);

  self->answer = g_string_sized_new(ANSWER_MAX);
  if (!casa_influx_url_parse(url, &self->url, error) || !check_secrets(token, user, password, error))
    return NULL;

  self->gzip = casa_gzip_new();
  if (g_once(&once, init_curl_once, NULL)) {
    self->multi = curl_multi_init();
    self->easy = curl_easy_init();
  }
  if (!self->multi || !self->easy || !self->gzip) {
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_IO, "libcurl or zlib could not be started: out of memory?");
    return NULL;
  }
  self->secrets[0] = g_strdup(token);
  self->secrets[1] = g_strdup(password);
  self->basic_user = token ? NULL : g_strdup(user);
  self->basic_password = token ? NULL : g_strdup(password);
  make_headers(self, token);
  set_options(self);
  casa_influx_set_timeouts(self, 5000, 30000, 15);
  return g_steal_pointer(&self);
}

static void
free_secret(char *secret)
{
  if (secret)
    explicit_bzero(secret, strlen(secret));
  g_free(secret);
}

static void
free_headers(CasaInflux *self)
{
  g_clear_pointer(&self->write_headers, curl_slist_free_all);
  g_clear_pointer(&self->query_headers, curl_slist_free_all);
  g_clear_pointer(&self->read_headers, curl_slist_free_all);
}

gboolean
casa_influx_renew(CasaInflux *self, const char *secret, gboolean *out_changed, GError **error)
{
  gboolean is_token = self->secrets[0] != NULL;
  char **slot = &self->secrets[is_token ? 0 : 1];

  *out_changed = g_strcmp0(*slot, secret) != 0;
  if (!check_secrets(secret, NULL, NULL, error))
    return FALSE;
  free_secret(*slot);
  *slot = g_strdup(secret);
  if (is_token) {
    curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, NULL);
    free_headers(self);
    make_headers(self, secret);
  } else if (self->basic_user)
    curl_easy_setopt(self->easy, CURLOPT_PASSWORD, secret);
  return TRUE;
}

void
casa_influx_free(CasaInflux *self)
{
  if (!self)
    return;
  if (self->easy)
    curl_easy_cleanup(self->easy);
  if (self->multi)
    curl_multi_cleanup(self->multi);
  free_headers(self);
  casa_gzip_free(self->gzip);
  free_secret(self->secrets[0]);
  free_secret(self->secrets[1]);
  g_free(self->basic_user);
  free_secret(self->basic_password);
  g_string_free(self->answer, TRUE);
  casa_influx_url_clear(&self->url);
  g_free(self);
}

const char *
casa_influx_name(CasaInflux *self)
{
  return self->url.name;
}

void
casa_influx_set_timeouts(CasaInflux *self, guint connect_ms, guint total_ms, guint stalled_s)
{
  curl_easy_setopt(self->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
  curl_easy_setopt(self->easy, CURLOPT_TIMEOUT_MS, (long)total_ms);
  curl_easy_setopt(self->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(self->easy, CURLOPT_LOW_SPEED_TIME, (long)stalled_s);
}

void
casa_influx_cancel(CasaInflux *self)
{
  g_atomic_int_set(&self->cancelled, TRUE);
  curl_multi_wakeup(self->multi);
}

static CURLcode
finished_code(CasaInflux *self)
{
  int left;
  CURLMsg *msg = curl_multi_info_read(self->multi, &left);

  return msg && msg->msg == CURLMSG_DONE ? msg->data.result : CURLE_RECV_ERROR;
}

/* Runs the prepared request; the wait can be ended from another thread. */
static CURLcode
run_request(CasaInflux *self)
{
  CURLcode code = CURLE_ABORTED_BY_CALLBACK;
  int running = 1;

  self->curl_error[0] = '\0';
  g_string_truncate(self->answer, 0);
  if (g_atomic_int_get(&self->cancelled))
    return code;
  if (curl_multi_add_handle(self->multi, self->easy) != CURLM_OK)
    return CURLE_FAILED_INIT;
  while (!g_atomic_int_get(&self->cancelled)) {
    if (curl_multi_perform(self->multi, &running) != CURLM_OK || !running) {
      code = finished_code(self);
      break;
    }
    curl_multi_poll(self->multi, NULL, 0, POLL_MS, NULL);
  }
  curl_multi_remove_handle(self->multi, self->easy);
  return code;
}

char *
casa_influx_quote_answer(CasaInflux *self)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *valid = g_utf8_make_valid(self->answer->str, (gssize)self->answer->len);

  for (const char *p = g_strstrip(valid); *p; p = g_utf8_next_char(p))
    g_string_append_unichar(text, g_unichar_iscntrl(g_utf8_get_char(p)) ? ' ' : g_utf8_get_char(p));
  for (guint i = 0; i < G_N_ELEMENTS(self->secrets); i++)
    if (self->secrets[i] && *self->secrets[i])
      g_string_replace(text, self->secrets[i], "…", 0);
  if (text->len == 0)
    return g_strdup("no explanation");
  return g_utf8_strlen(text->str, -1) > 300 ? g_utf8_substring(text->str, 0, 300) : g_strdup(text->str);
}

static void
set_network_error(CasaInflux *self, CURLcode code, GError **error)
{
  const char *why = self->curl_error[0] ? self->curl_error : curl_easy_strerror(code);

  if (code == CURLE_ABORTED_BY_CALLBACK)
    g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK, "%s: stopped before an answer", self->url.name);
  else
    g_set_error(error, CASA_ERROR, CASA_ERROR_NETWORK,
                "%s does not answer (%s); check that the server runs and the address is right", self->url.name, why);
}

void
casa_influx_set_status_error(CasaInflux *self, long status, GError **error)
{
  g_autofree char *said = casa_influx_quote_answer(self);
  const char *mend;

  if (status == 401)
    mend = "check the token or user and password in [influx]";
  else if (status == 403)
    mend = "give the token or user the right to write here";
  else if (status == 404)
    mend = "check the name of the database or bucket, and the path and version of the URL";
  else if (status == 400 || status == 422)
    mend = "a line it cannot take";
  else if (status == 413)
    mend = "more than it takes at once";
  else if (status == 408 || status == 429 || status >= 500)
    mend = "it is overloaded or broken; it will be asked again";
  else if (status >= 300 && status < 400)
    mend = "it points elsewhere; write the final address";
  else
    mend = "InfluxDB answers 204; is this its address?";
  g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "%s answers %ld: %s (%s)", self->url.name, status, mend, said);
}

CasaWriteResult
casa_influx_judge_status(long status)
{
  if (status == 204)
    return CASA_WRITE_OK;
  if (status == 400 || status == 422)
    return CASA_WRITE_BAD_LINES;
  if (status == 413)
    return CASA_WRITE_TOO_LARGE;
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return CASA_WRITE_RETRY;
  return CASA_WRITE_DENIED;
}

long
casa_influx_perform(CasaInflux *self, GError **error)
{
  CURLcode code = run_request(self);
  long status = 0;

  if (code == CURLE_OK)
    curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
  else if (self->body_error)
    g_propagate_error(error, g_steal_pointer(&self->body_error));
  else
    set_network_error(self, code, error);
  return status;
}

/* POSTs @body; returns the HTTP status, or 0 with @error when there was none. */
static long
post(CasaInflux *self, const char *url, struct curl_slist *headers, const void *body, gsize len, GError **error)
{
  curl_easy_setopt(self->easy, CURLOPT_URL, url);
  curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(self->easy, CURLOPT_POST, 1L);
  curl_easy_setopt(self->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
  curl_easy_setopt(self->easy, CURLOPT_POSTFIELDS, body);
  long status = casa_influx_perform(self, error);
  curl_easy_setopt(self->easy, CURLOPT_POSTFIELDS, NULL);
  return status;
}

static guint
read_retry_after(CasaInflux *self)
{
  curl_off_t seconds = 0;

  curl_easy_getinfo(self->easy, CURLINFO_RETRY_AFTER, &seconds);
  return (guint)CLAMP(seconds, 0, RETRY_AFTER_MAX_S) * 1000;
}

CasaWriteResult
casa_influx_write(CasaInflux *self, const char *lines, gsize len, guint *retry_after_ms, GError **error)
{
  gsize packed_len;
  const guint8 *packed = casa_gzip_pack(self->gzip, lines, len, &packed_len);
  CasaWriteResult result;
  long status;

  *retry_after_ms = 0;
  status = post(self, self->url.write_url, self->write_headers, packed, packed_len, error);
  if (status == 0)
    return CASA_WRITE_RETRY;
  result = casa_influx_judge_status(status);
  if (result != CASA_WRITE_OK)
    casa_influx_set_status_error(self, status, error);
  if (result == CASA_WRITE_RETRY)
    *retry_after_ms = read_retry_after(self);
  return result;
}

char *
casa_influx_quote_name(const char *name)
{
  GString *quoted = g_string_new("\"");

  for (const char *p = name; *p; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c(quoted, '\\');
    if (*p == '\n')
      g_string_append(quoted, "\\n");
    else
      g_string_append_c(quoted, *p);
  }
  g_string_append_c(quoted, '"');
  return g_string_free(quoted, FALSE);
}

/* `q=CREATE DATABASE "…"`, quoted for InfluxQL, then for a form. */
static char *
make_create_form(const char *database)
{
  g_autofree char *name = casa_influx_quote_name(database);
  g_autofree char *query = g_strconcat("CREATE DATABASE ", name, NULL);
  g_autofree char *escaped = g_uri_escape_string(query, NULL, FALSE);

  return g_strconcat("q=", escaped, NULL);
}

gboolean
casa_influx_prepare(CasaInflux *self, GError **error)
{
  g_autofree char *form = NULL;
  long status;

  if (!self->url.query_url)
    return TRUE;
  form = make_create_form(self->url.database);
  status = post(self, self->url.query_url, self->query_headers, form, strlen(form), error);
  if (status == 0)
    return FALSE;
  /* 1.x answers 200 also when it refuses; the refusal is in the body. */
  if (status == 200 && !strstr(self->answer->str, "\"error\""))
    return TRUE;
  g_autofree char *said = casa_influx_quote_answer(self);
  g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "%s: the database \"%s\" could not be created (%ld: %s)", self->url.name,
              self->url.database, status, said);
  return FALSE;
}
