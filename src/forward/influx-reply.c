/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/influx-reply.h"

#include "base/error.h"

#include <jansson.h>
#include <string.h>

/* Some hundred thousand rows; a server that keeps to the pieces asked for stays far below it. jansson takes some twenty
 * times as much while it reads one. */
#define LINE_MAX_BYTES (8 * 1024 * 1024)
#define SAID_MAX 300 /* bytes of a server's words in a message */

struct _CasaInfluxReply {
  CasaInfluxRowFunc each;
  gpointer data;
  GString *line; /* the beginning of one */
  GArray *cells; /* CasaInfluxCell, of the row under way */
  guint64 n_lines, n_malformed;
  gboolean partial; /* the newest line promised another */
};

CasaInfluxReply *
casa_influx_reply_new(CasaInfluxRowFunc each, gpointer data)
{
  CasaInfluxReply *self = g_new0(CasaInfluxReply, 1);

  self->each = each;
  self->data = data;
  self->line = g_string_new(NULL);
  self->cells = g_array_new(FALSE, FALSE, sizeof(CasaInfluxCell));
  return self;
}

void
casa_influx_reply_free(CasaInfluxReply *self)
{
  if (!self)
    return;
  g_string_free(self->line, TRUE);
  g_array_unref(self->cells);
  g_free(self);
}

guint64
casa_influx_reply_n_malformed(CasaInfluxReply *self)
{
  return self->n_malformed;
}

static gboolean
fail_data(CasaInfluxReply *self, const char *what, GError **error)
{
  g_set_error(error, CASA_ERROR, CASA_ERROR_DATA,
              "the answer's line %" G_GUINT64_FORMAT ": %s; is this an InfluxDB, and no proxy cuts its answers?",
              self->n_lines + 1, what);
  return FALSE;
}

/* The server's own words, short and on one line. */
static gboolean
check_said(json_t *object, GError **error)
{
  const char *said = json_string_value(json_object_get(object, "error"));

  if (!said)
    return TRUE;
  g_autofree char *cut = g_utf8_substring(said, 0, MIN(g_utf8_strlen(said, -1), SAID_MAX));
  for (char *p = cut; *p; p++)
    *p = g_ascii_iscntrl(*p) ? ' ' : *p;
  g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED, "the server says: %s", cut);
  return FALSE;
}

static gboolean
read_cell(json_t *value, CasaInfluxCell *out)
{
  out->text = NULL;
  out->number = 0;
  out->kind = CASA_CELL_NUMBER;
  if (json_is_real(value))
    out->number = json_real_value(value);
  else if (json_is_boolean(value))
    out->number = json_is_true(value) ? 1 : 0;
  else if (json_is_string(value)) {
    out->kind = CASA_CELL_TEXT;
    out->text = json_string_value(value);
  } else if (json_is_null(value))
    out->kind = CASA_CELL_NULL;
  else
    return FALSE;
  return TRUE;
}

/* FALSE: this row cannot be used. */
static gboolean
read_row(CasaInfluxReply *self, json_t *columns, json_t *values)
{
  gsize n = json_array_size(values);

  if (!json_is_array(values) || n != json_array_size(columns))
    return FALSE;
  g_array_set_size(self->cells, 0);
  for (gsize i = 0; i < n; i++) {
    CasaInfluxCell cell = { .column = json_string_value(json_array_get(columns, i)) };
    if (!cell.column || !read_cell(json_array_get(values, i), &cell))
      return FALSE;
    g_array_append_val(self->cells, cell);
  }
  return TRUE;
}

static const char *
tag(json_t *series, const char *key)
{
  const char *value = json_string_value(json_object_get(json_object_get(series, "tags"), key));

  return value ? value : "";
}

static gboolean
read_series(CasaInfluxReply *self, json_t *series, GError **error)
{
  json_t *columns = json_object_get(series, "columns"), *values = json_object_get(series, "values"), *row;
  const char *name = json_string_value(json_object_get(series, "name"));
  CasaInfluxRow out = { .name = name ? name : "", .source = tag(series, "source"), .station = tag(series, "station") };
  gsize i;

  json_array_foreach (values, i, row) {
    if (!read_row(self, columns, row)) {
      self->n_malformed++;
      continue;
    }
    out.cells = &g_array_index(self->cells, CasaInfluxCell, 0);
    out.n = self->cells->len;
    if (!self->each(&out, self->data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_document(CasaInfluxReply *self, json_t *document, GError **error)
{
  json_t *results = json_object_get(document, "results"), *result, *series;
  gsize i, k;

  if (!check_said(document, error))
    return FALSE;
  if (!json_is_array(results))
    return fail_data(self, "it holds no \"results\"", error);
  self->partial = FALSE;
  json_array_foreach (results, i, result) {
    if (!check_said(result, error))
      return FALSE;
    self->partial |= json_is_true(json_object_get(result, "partial"));
    json_array_foreach (json_object_get(result, "series"), k, series)
      if (!read_series(self, series, error))
        return FALSE;
  }
  return TRUE;
}

/* Numbers are doubles here, so that 100000000000000000000, which InfluxDB writes for 1e20, is one. */
static gboolean
read_line(CasaInfluxReply *self, GError **error)
{
  json_error_t why;
  json_t *document = json_loadb(self->line->str, self->line->len, JSON_DECODE_INT_AS_REAL, &why);
  gboolean ok;

  if (document) {
    ok = read_document(self, document, error);
  } else {
    g_autofree char *valid = g_utf8_make_valid(why.text, -1);
    g_autofree char *what = g_strdup_printf("byte %d: %s", why.position, valid);
    ok = fail_data(self, what, error);
  }
  json_decref(document);
  self->n_lines++;
  g_string_truncate(self->line, 0);
  return ok;
}

static gboolean
is_blank(const GString *line)
{
  return strspn(line->str, " \t\r") == line->len;
}

gboolean
casa_influx_reply_push(CasaInfluxReply *self, const char *bytes, gsize len, GError **error)
{
  for (const char *end = bytes + len; bytes < end;) {
    const char *newline = memchr(bytes, '\n', (gsize)(end - bytes));
    gsize n = (gsize)((newline ? newline : end) - bytes);
    if (self->line->len + n > LINE_MAX_BYTES)
      return fail_data(self, "it is longer than 8 MiB: ask for less at once with --from and --to", error);
    g_string_append_len(self->line, bytes, (gssize)n);
    bytes += n + (newline != NULL);
    if (newline && !is_blank(self->line) && !read_line(self, error))
      return FALSE;
    if (newline)
      g_string_truncate(self->line, 0);
  }
  return TRUE;
}

gboolean
casa_influx_reply_end(CasaInfluxReply *self, GError **error)
{
  if (!is_blank(self->line) && !read_line(self, error))
    return FALSE;
  if (self->n_lines == 0)
    return fail_data(self, "there is none", error);
  return self->partial ? fail_data(self, "it was promised and did not come", error) : TRUE;
}
