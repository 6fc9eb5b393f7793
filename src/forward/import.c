/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/import.h"

#include "base/clock.h"
#include "forward/influx-reply.h"
#include "forward/line-protocol.h"

#include <math.h>
#include <string.h>

#define PIECE_ROWS 2000
#define REPORTS_MAX 20
/* InfluxQL reckons in 64 bits of nanoseconds; times beyond are written as no bound at all. */
#define INFLUXQL_MS_MAX (G_MAXINT64 / 1000000 - 1)

typedef struct {
  const CasaImportOptions *options;
  CasaImportCounts *counts;
  GPtrArray *measurements; /* their names */
  GHashTable *reported;    /* reasons said already */
  const char *current;     /* measurement */
  gint64 now_ms;
} Import;

/* --- What cannot be stored is said, once for each kind --- */

static void G_GNUC_PRINTF(2, 3) report(Import *self, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  if (g_hash_table_size(self->reported) >= REPORTS_MAX || g_hash_table_contains(self->reported, text))
    return;
  g_hash_table_add(self->reported, g_strdup(text));
  if (self->options->report)
    self->options->report(text, self->options->data);
  if (g_hash_table_size(self->reported) == REPORTS_MAX && self->options->report)
    self->options->report("and so on: what else is left out is only counted", self->options->data);
}

/* Names as every topic has them (docs/WIRE.md); whoever else writes to this InfluxDB may use others. */
static gboolean
copy_name(Import *self, const char *what, const char *name, char out[CASA_NAME_MAX + 1])
{
  char quoted[CASA_QUOTE_SIZE];
  gsize len = strlen(name), good = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

  if (len > 0 && len <= CASA_NAME_MAX && good == len) {
    memcpy(out, name, len + 1);
    return TRUE;
  }
  casa_reason_quote(quoted, name, len);
  if (len == 0)
    report(self, "%s: rows without the tag \"%s\" are left out: they are not of Casa Pulse", self->current, what);
  else
    report(self, "%s: the %s \"%s\" is left out: a name has 1 to %d of a-z, 0-9, _ and -", self->current, what, quoted,
           CASA_NAME_MAX);
  return FALSE;
}

/* --- Rows to readings --- */

static gboolean
read_time(Import *self, const CasaInfluxRow *row, gint64 *out)
{
  const CasaInfluxCell *cell = row->n > 0 ? &row->cells[0] : NULL;
  char text[32];

  if (!cell || !g_str_equal(cell->column, "time") || cell->kind != CASA_CELL_NUMBER || fabs(cell->number) > 1e15) {
    report(self, "%s: rows without a time in milliseconds are left out", self->current);
    return FALSE;
  }
  *out = (gint64)floor(cell->number);
  if (*out < self->options->oldest_ms)
    report(self, "%s: rows before %s are left out: the store would not keep them ([store] retention in pulse.conf)",
           self->current, casa_time_format(self->options->oldest_ms, text));
  else if (*out > self->options->newest_ms)
    report(self, "%s: rows after %s are left out: that has not been yet", self->current,
           casa_time_format(self->options->newest_ms, text));
  return *out >= self->options->oldest_ms && *out <= self->options->newest_ms;
}

static gboolean
store_reading(Import *self, CasaReading *reading, GError **error)
{
  CasaPut put;

  if (reading->n_fields == 0)
    return TRUE;
  if (!casa_store_put_reading(self->options->store, reading, self->now_ms, &put, error))
    return FALSE;
  self->counts->stored += put.fresh;
  self->counts->duplicates += put.duplicates;
  self->counts->skipped_values += put.refused;
  if (put.refused > 0)
    report(self, "%s: the store has as many series as it may: raise max_series in [limits] of pulse.conf", self->current);
  reading->n_fields = 0;
  return TRUE;
}

static gboolean
add_field(Import *self, CasaReading *reading, const CasaInfluxCell *cell)
{
  CasaField *field = &reading->fields[reading->n_fields];

  if (cell->kind == CASA_CELL_TEXT)
    report(self, "%s: the field \"%s\" is text and left out: only numbers are stored", self->current, cell->column);
  if (cell->kind == CASA_CELL_TEXT || !isfinite(cell->number) ||
      !copy_name(self, "field", casa_line_metric(cell->column), field->metric))
    return FALSE;
  field->value = cell->number + 0.0;
  reading->n_fields++;
  return TRUE;
}

static gboolean
take_row(Import *self, const CasaInfluxRow *row, GError **error)
{
  CasaField fields[CASA_FIELDS_MAX];
  CasaReading reading = { .fields = fields };

  reading.time_source = CASA_TIME_PAYLOAD;
  reading.has_seq = FALSE;
  reading.n_fields = 0;
  self->counts->rows++;
  if (!copy_name(self, "source", row->source, reading.source) || !copy_name(self, "station", row->station, reading.station) ||
      !copy_name(self, "measurement", casa_line_domain(row->name), reading.domain) || !read_time(self, row, &reading.t_ms)) {
    self->counts->skipped_rows++;
    return TRUE;
  }
  for (guint i = 1; i < row->n; i++) {
    if (row->cells[i].kind == CASA_CELL_NULL)
      continue;
    if (!add_field(self, &reading, &row->cells[i]))
      self->counts->skipped_values++;
    if (reading.n_fields == CASA_FIELDS_MAX && !store_reading(self, &reading, error))
      return FALSE;
  }
  return store_reading(self, &reading, error);
}

static gboolean
row_cb(const CasaInfluxRow *row, gpointer data, GError **error)
{
  Import *self = data;

  if (!take_row(self, row, error))
    return FALSE;
  if (self->options->progress && self->counts->rows % 1000 == 0)
    self->options->progress(self->counts, self->current, self->options->data);
  return TRUE;
}

/* --- Asking --- */

static gboolean
body_cb(const char *bytes, gsize len, gpointer data, GError **error)
{
  return casa_influx_reply_push(data, bytes, len, error);
}

static gboolean
ask(Import *self, const char *query, CasaInfluxRowFunc each, GError **error)
{
  g_autoptr(CasaInfluxReply) reply = casa_influx_reply_new(each, self);
  gboolean ok =
    casa_influx_read(self->options->influx, query, PIECE_ROWS, body_cb, reply, error) && casa_influx_reply_end(reply, error);
  guint64 malformed = casa_influx_reply_n_malformed(reply);

  self->counts->rows += malformed;
  self->counts->skipped_rows += malformed;
  if (malformed > 0)
    report(self, "%s: rows that do not fit their columns are left out", self->current);
  return ok;
}

static gboolean
measurement_cb(const CasaInfluxRow *row, gpointer data, GError **error)
{
  Import *self = data;
  const CasaInfluxCell *cell = row->n > 0 ? &row->cells[0] : NULL;

  if (g_str_equal(row->name, "databases")) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_REFUSED,
                "%s answers InfluxQL as VictoriaMetrics does, with nothing: read it back by its own /api/v1/export",
                casa_influx_name(self->options->influx));
    return FALSE;
  }
  if (cell && g_str_equal(cell->column, "name") && cell->kind == CASA_CELL_TEXT &&
      !g_str_equal(cell->text, CASA_INFLUX_CHECK) &&
      (!self->options->measurement || g_pattern_match_simple(self->options->measurement, cell->text)))
    g_ptr_array_add(self->measurements, g_strdup(cell->text));
  return TRUE;
}

static void
append_bound(GString *query, const char *comparison, gint64 t_ms, const char **joint)
{
  if (t_ms <= -INFLUXQL_MS_MAX || t_ms >= INFLUXQL_MS_MAX)
    return;
  g_string_append_printf(query, "%stime %s %" G_GINT64_FORMAT "ms", *joint, comparison, t_ms);
  *joint = " AND ";
}

static gboolean
import_measurement(Import *self, const char *name, GError **error)
{
  g_autofree char *quoted = casa_influx_quote_name(name);
  g_autoptr(GString) query = g_string_new("SELECT *::field FROM ");
  const char *joint = " WHERE ";
  char shown[CASA_QUOTE_SIZE];

  self->current = casa_reason_quote(shown, name, strlen(name));
  g_string_append(query, quoted);
  append_bound(query, ">=", self->options->from_ms, &joint);
  append_bound(query, "<", self->options->to_ms, &joint);
  g_string_append(query, " GROUP BY \"source\", \"station\"");
  gboolean ok = ask(self, query->str, row_cb, error);
  if (ok)
    self->counts->measurements++;
  if (self->options->progress)
    self->options->progress(self->counts, self->current, self->options->data);
  self->current = NULL;
  return ok;
}

gboolean
casa_import_run(const CasaImportOptions *options, CasaImportCounts *out, GError **error)
{
  g_autoptr(GPtrArray) measurements = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) reported = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Import self = { .options = options,
                  .counts = out,
                  .measurements = measurements,
                  .reported = reported,
                  .current = "SHOW MEASUREMENTS",
                  .now_ms = casa_clock_now_ms() };

  *out = (CasaImportCounts){ 0 };
  gboolean ok = ask(&self, "SHOW MEASUREMENTS", measurement_cb, error);
  for (guint i = 0; ok && i < measurements->len; i++)
    ok = import_measurement(&self, measurements->pdata[i], error);
  return ok;
}
