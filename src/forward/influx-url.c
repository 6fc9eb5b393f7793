/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/influx-url.h"

#include "base/error.h"

#include <string.h>

#define EXAMPLES "http://host:8086/?db=casa (v1), …/?org=o&bucket=b (v2) or …/?database=d (v3)"

/* One parameter may be written once; all are optional here, and combined below. */
typedef struct {
  char *db, *rp, *org, *bucket, *database;
} Params;

static void
params_clear(Params *self)
{
  g_free(self->db);
  g_free(self->rp);
  g_free(self->org);
  g_free(self->bucket);
  g_free(self->database);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Params, params_clear)

static gboolean
fail(GError **error, const char *what)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "influx URL: %s; write it as " EXAMPLES, what);
  return FALSE;
}

static char **
param_slot(Params *params, const char *key)
{
  if (g_str_equal(key, "db"))
    return &params->db;
  if (g_str_equal(key, "rp"))
    return &params->rp;
  if (g_str_equal(key, "org"))
    return &params->org;
  if (g_str_equal(key, "bucket"))
    return &params->bucket;
  return g_str_equal(key, "database") ? &params->database : NULL;
}

static gboolean
is_secret_key(const char *key)
{
  static const char *const secrets[] = { "u",     "p",    "user",          "username", "password", "pass",
                                         "token", "auth", "authorization", "key",      NULL };

  return g_strv_contains(secrets, key);
}

static gboolean
read_param(Params *params, const char *key, const char *value, GError **error)
{
  char **slot = param_slot(params, key);

  if (is_secret_key(key)) {
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_USAGE,
                        "influx URL: user names, passwords and tokens do not belong in it (they would show in `ps` and "
                        "logs); put them in pulse.conf, [influx] token_file= or user= with password_file=");
    return FALSE;
  }
  if (!slot) {
    g_autofree char *shown = g_utf8_substring(key, 0, MIN(g_utf8_strlen(key, -1), 40));
    g_autofree char *what = g_strdup_printf("it does not know the parameter \"%s\"", shown);
    return fail(error, what);
  }
  if (*slot || !*value) {
    g_autofree char *what = g_strdup_printf("\"%s\" is %s", key, *slot ? "given twice" : "empty");
    return fail(error, what);
  }
  *slot = g_strdup(value);
  return TRUE;
}

static gboolean
read_params(const char *query, Params *params, GError **error)
{
  GUriParamsIter iter;
  g_autoptr(GError) broken = NULL;
  char *key, *value;

  g_uri_params_iter_init(&iter, query ? query : "", -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next(&iter, &key, &value, &broken)) {
    g_autofree char *k = key, *v = value;
    if (!read_param(params, k, v, error))
      return FALSE;
  }
  return broken ? fail(error, "its part after ? cannot be read") : TRUE;
}

/* The database's place on the server, by the API its parameters belong to. */
static gboolean
choose_api(const Params *p, CasaInfluxUrl *out, GError **error)
{
  gboolean v1 = p->db != NULL, v2 = p->org || p->bucket, v3 = p->database != NULL;

  if (v1 + v2 + v3 == 0)
    return fail(error, "it names no database");
  if (v1 + v2 + v3 > 1)
    return fail(error, "db=, org=/bucket= and database= belong to different versions; keep one of them");
  if (v2 && !(p->org && p->bucket))
    return fail(error, "org= and bucket= go together");
  if (p->rp && !v1)
    return fail(error, "rp= goes with db= only");
  out->api = v1 ? CASA_INFLUX_V1 : v2 ? CASA_INFLUX_V2 : CASA_INFLUX_V3;
  out->database = g_strdup(v1 ? p->db : v2 ? p->bucket : p->database);
  return TRUE;
}

static void
append_param(GString *url, const char *key, const char *value)
{
  if (!value)
    return;
  g_string_append_c(url, strchr(url->str, '?') ? '&' : '?');
  g_string_append_printf(url, "%s=", key);
  g_string_append_uri_escaped(url, value, NULL, FALSE);
}

static char *
make_write_url(const char *base, CasaInfluxApi api, const Params *p)
{
  static const char *const paths[] = { "/write", "/api/v2/write", "/api/v3/write_lp" };
  GString *url = g_string_new(base);

  g_string_append(url, paths[api]);
  append_param(url, "db", api == CASA_INFLUX_V3 ? p->database : p->db);
  append_param(url, "rp", p->rp);
  append_param(url, "org", p->org);
  append_param(url, "bucket", p->bucket);
  append_param(url, "precision", api == CASA_INFLUX_V3 ? "millisecond" : "ms");
  return g_string_free(url, FALSE);
}

/* 2.x and 3.x answer InfluxQL on the 1.x path too, the bucket or database standing for `db`. */
static char *
make_read_url(const char *base, const char *database, const Params *p)
{
  GString *url = g_string_new(base);

  g_string_append(url, "/query");
  append_param(url, "db", database);
  append_param(url, "rp", p->rp);
  append_param(url, "epoch", "ms");
  return g_string_free(url, FALSE);
}

static gboolean
is_loopback(const char *host)
{
  return g_ascii_strcasecmp(host, "localhost") == 0 || g_str_equal(host, "::1") || g_str_has_prefix(host, "127.");
}

/* scheme://host[:port]/path without the slash at its end. */
static char *
make_base(GUri *uri)
{
  const char *host = g_uri_get_host(uri), *path = g_uri_get_path(uri);
  gboolean v6 = strchr(host, ':') != NULL;
  GString *base = g_string_new(NULL);
  gsize len = strlen(path);

  g_string_append_printf(base, "%s://%s%s%s", g_uri_get_scheme(uri), v6 ? "[" : "", host, v6 ? "]" : "");
  if (g_uri_get_port(uri) > 0)
    g_string_append_printf(base, ":%d", g_uri_get_port(uri));
  while (len > 0 && path[len - 1] == '/')
    len--;
  g_string_append_len(base, path, (gssize)len);
  return g_string_free(base, FALSE);
}

/* Such bytes would break the request line, or a terminal that shows the URL. */
static gboolean
has_unprintable(const char *url)
{
  for (const char *p = url; *p; p++)
    if ((guchar)*p <= ' ' || *p == 0x7f)
      return TRUE;
  return FALSE;
}

static gboolean
check_uri(GUri *uri, GError **error)
{
  const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);

  if (g_uri_get_userinfo(uri)) {
    Params none = { NULL };
    return read_param(&none, "user", "", error);
  }
  if (!g_str_equal(scheme, "http") && !g_str_equal(scheme, "https"))
    return fail(error, "it must begin with http:// or https://");
  if (!host || !*host)
    return fail(error, "it names no host");
  if (has_unprintable(host) || strpbrk(host, "/?#@\\"))
    return fail(error, "its host holds what no host name can"); /* %20, %2f…: they are decoded by now */
  return g_uri_get_fragment(uri) ? fail(error, "it holds a #") : TRUE;
}

gboolean
casa_influx_url_parse(const char *url, CasaInfluxUrl *out, GError **error)
{
  g_auto(Params) params = { NULL };
  g_autofree char *base = NULL;
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY, NULL);

  memset(out, 0, sizeof *out);
  if (has_unprintable(url))
    return fail(error, "it holds a space or a control character (a space in a name is written %20)");
  if (!uri)
    return fail(error, "it cannot be read");
  if (!check_uri(uri, error) || !read_params(g_uri_get_query(uri), &params, error) || !choose_api(&params, out, error))
    return FALSE;

  base = make_base(uri);
  out->name = g_strdup_printf("%s/?%s", base, g_uri_get_query(uri));
  out->write_url = make_write_url(base, out->api, &params);
  out->query_url = out->api == CASA_INFLUX_V1 ? g_strconcat(base, "/query", NULL) : NULL;
  out->read_url = make_read_url(base, out->database, &params);
  out->export_url = out->api == CASA_INFLUX_V1 ? g_strconcat(base, "/api/v1/export", NULL) : NULL;
  out->metrics_url = out->api == CASA_INFLUX_V1 ? g_strconcat(base, "/metrics", NULL) : NULL;
  out->loopback = is_loopback(g_uri_get_host(uri));
  return TRUE;
}

void
casa_influx_url_clear(CasaInfluxUrl *self)
{
  g_clear_pointer(&self->name, g_free);
  g_clear_pointer(&self->database, g_free);
  g_clear_pointer(&self->write_url, g_free);
  g_clear_pointer(&self->query_url, g_free);
  g_clear_pointer(&self->read_url, g_free);
  g_clear_pointer(&self->export_url, g_free);
  g_clear_pointer(&self->metrics_url, g_free);
}
