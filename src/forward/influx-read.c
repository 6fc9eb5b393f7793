/* SPDX-License-Identifier: Apache-2.0 */
/* Reading from an InfluxDB-compatible server: history in pieces, and the proof that what was written is there. */
#include "forward/influx-private.h"

#include "base/error.h"

#include <string.h>

/* The metrics of a VictoriaMetrics are some 40 KB. */
#define METRICS_MAX (1 << 20)
#define BIRTH "\nprocess_start_time_seconds "

/* GETs @url; returns the HTTP status, or 0 with @error when there was none. */
static long
get(CasaInflux *self, const char *url, GError **error)
{
  curl_easy_setopt(self->easy, CURLOPT_URL, url);
  curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->read_headers);
  curl_easy_setopt(self->easy, CURLOPT_HTTPGET, 1L);
  /* Answers shrink tenfold on the wire; on this machine packing them would only cost. */
  curl_easy_setopt(self->easy, CURLOPT_ACCEPT_ENCODING, self->url.loopback ? NULL : "gzip");
  long status = casa_influx_perform(self, error);
  curl_easy_setopt(self->easy, CURLOPT_ACCEPT_ENCODING, NULL);
  return status;
}

static void
set_read_error(CasaInflux *self, long status, GError **error)
{
  g_autofree char *said = casa_influx_quote_answer(self);
  const char *mend = "is this an InfluxDB's address?";

  if (status == 401 || status == 403)
    mend = "give the token or user in [influx] the right to read here";
  else if (status == 404)
    mend = "check the name of the database or bucket, and the path of the URL";
  else if (status == 400 || status == 422)
    mend = "it does not take the question";
  else if (status == 429 || status >= 500)
    mend = "it is overloaded or broken; try again later";
  g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "%s answers %ld: %s (%s)", self->url.name, status, mend, said);
}

static void
append_query(GString *url, const char *query)
{
  g_string_append(url, "&q=");
  g_string_append_uri_escaped(url, query, NULL, FALSE);
}

gboolean
casa_influx_read(CasaInflux *self, const char *query, guint rows, CasaInfluxBodyFunc each, gpointer data, GError **error)
{
  g_autoptr(GString) url = g_string_new(self->url.read_url);

  g_string_append_printf(url, "&chunked=true&chunk_size=%u", rows);
  append_query(url, query);
  self->body = each;
  self->body_data = data;
  long status = get(self, url->str, error);
  self->body = NULL;
  if (status == 200)
    return TRUE;
  if (status != 0)
    set_read_error(self, status, error);
  return FALSE;
}

/* The value names the moment, so that an old check is not taken for this one. */
static guint
check_value(gint64 t_ms)
{
  return (guint)(t_ms % 1000000 + 1000000);
}

CasaWriteResult
casa_influx_write_check(CasaInflux *self, gint64 t_ms, guint *retry_after_ms, GError **error)
{
  g_autofree char *line =
    g_strdup_printf(CASA_INFLUX_CHECK ",check=write ok=%u %" G_GINT64_FORMAT "\n", check_value(t_ms), t_ms);
  g_autofree char *twice = g_strconcat(line, line, NULL);

  return casa_influx_write(self, twice, strlen(twice), retry_after_ms, error);
}

/* VictoriaMetrics gives this list to whatever InfluxQL it is asked (seen in 1.79.5): enough for Telegraf, never data. */
static gboolean
is_no_database(const char *answer)
{
  return strstr(answer, "\"name\":\"databases\"") != NULL;
}

/* Times are left out: their digits may be the value's by chance. */
static gboolean
shows_twice(const char *answer, const char *wanted)
{
  const char *values = strstr(answer, "\"values\":["), *end = values ? strchr(values, ']') : NULL;
  const char *first = values ? strstr(values, wanted) : NULL, *second = first ? strstr(first + 1, wanted) : NULL;

  return end && second && second < end;
}

/* VictoriaMetrics remembers for some ten seconds that it found nothing, so every question is a little different: a label
 * that no series has. */
static CasaInfluxProof
read_exported_check(CasaInflux *self, gint64 t_ms, const char *wanted, GError **error)
{
  g_autofree char *time = g_strdup_printf("%" G_GINT64_FORMAT ".%03d", t_ms / 1000, (int)(t_ms % 1000));
  g_autofree char *filter =
    g_strdup_printf("{__name__=\"" CASA_INFLUX_CHECK "_ok\",check=\"write\",try%u=\"\"}", ++self->n_checks);
  g_autofree char *escaped = g_uri_escape_string(filter, NULL, FALSE);
  g_autofree char *url = g_strdup_printf("%s?match[]=%s&start=%s&end=%s", self->url.export_url, escaped, time, time);
  long status = get(self, url, error);

  if (status == 0)
    return CASA_PROOF_RETRY;
  if (status != 200)
    return CASA_PROOF_UNKNOWN;
  self->doubling = shows_twice(self->answer->str, wanted);
  return strstr(self->answer->str, wanted) ? CASA_PROOF_KEPT : CASA_PROOF_ABSENT;
}

CasaInfluxProof
casa_influx_read_check(CasaInflux *self, gint64 t_ms, GError **error)
{
  g_autoptr(GString) url = g_string_new(self->url.read_url);
  g_autofree char *wanted = g_strdup_printf("%u", check_value(t_ms));
  g_autofree char *query =
    g_strdup_printf("SELECT \"ok\" FROM \"" CASA_INFLUX_CHECK "\" WHERE time = %" G_GINT64_FORMAT "ms", t_ms);

  append_query(url, query);
  long status = get(self, url->str, error);
  if (status == 0)
    return CASA_PROOF_RETRY;
  if (status >= 500 || status == 429) {
    casa_influx_set_status_error(self, status, error);
    return CASA_PROOF_RETRY;
  }
  /* Without "results" it is no InfluxDB that answers here: a sink, a relay. */
  if (status != 200 || !strstr(self->answer->str, "\"results\"") || strstr(self->answer->str, "\"error\""))
    return CASA_PROOF_UNKNOWN;
  if (strstr(self->answer->str, wanted))
    return CASA_PROOF_KEPT;
  self->forgetful = self->url.export_url && is_no_database(self->answer->str);
  return self->forgetful ? read_exported_check(self, t_ms, wanted, error) : CASA_PROOF_ABSENT;
}

gboolean
casa_influx_is_forgetful(CasaInflux *self)
{
  return self->forgetful;
}

gboolean
casa_influx_is_doubling(CasaInflux *self)
{
  return self->doubling;
}

static gboolean
gather_cb(const char *data, gsize len, gpointer text, GError **error)
{
  if (((GString *)text)->len < METRICS_MAX)
    g_string_append_len(text, data, (gssize)len);
  return TRUE;
}

char *
casa_influx_read_birth(CasaInflux *self, GError **error)
{
  g_autoptr(GString) text = g_string_new("\n");

  if (!self->url.metrics_url)
    return g_strdup("");
  self->body = gather_cb;
  self->body_data = text;
  long status = get(self, self->url.metrics_url, error);
  self->body = NULL;
  if (status == 0)
    return NULL;
  if (status >= 500 || status == 429) {
    set_read_error(self, status, error);
    return NULL;
  }
  const char *line = status == 200 ? strstr(text->str, BIRTH) : NULL;
  return line ? g_strndup(line + strlen(BIRTH), strcspn(line + strlen(BIRTH), "\r\n")) : g_strdup("");
}
