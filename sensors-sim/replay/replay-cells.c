/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-rows-private.h"

#include <math.h>
#include <string.h>

#include "replay-series.h"
#include "wire/emit.h"

void
casa_sim_rows_complain(CasaSimRows *self, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  self->complain(self->data, casa_sim_csv_line(self->csv), text);
}

const char *
casa_sim_rows_quoted(char buf[CASA_QUOTE_SIZE], const char *text)
{
  return casa_reason_quote(buf, text, strlen(text));
}

const char *
casa_sim_rows_header(const CasaSimRows *self, guint column)
{
  return column < self->header->len ? g_ptr_array_index(self->header, column) : "";
}

const char *
casa_sim_rows_text(const CasaSimRows *self, guint column, char buf[MAX_NUMBER + 1])
{
  const char *text = casa_sim_csv_field(self->csv, column);
  while (g_ascii_isspace(*text))
    text++;
  gsize len = strlen(text);
  if (len > MAX_NUMBER) { /* no number is as long: any text that is none will do */
    text = "?";
    len = 1;
  }
  while (len > 0 && g_ascii_isspace(text[len - 1]))
    len--;
  memcpy(buf, text, len);
  buf[len] = '\0';
  for (char **m = self->map->missing; m && *m; m++) {
    if (strcmp(buf, *m) == 0)
      buf[0] = '\0';
  }
  return buf;
}

void
casa_sim_rows_bad_cell(CasaSimRows *self, guint column, const char *why)
{
  char name[CASA_QUOTE_SIZE], text[CASA_QUOTE_SIZE];
  self->n_bad++;
  casa_sim_rows_complain(self, "column \"%s\": \"%s\" %s", casa_sim_rows_quoted(name, casa_sim_rows_header(self, column)),
                         casa_sim_rows_quoted(text, casa_sim_csv_field(self->csv, column)), why);
}

void
casa_sim_rows_append(CasaSimRows *self, const char *metric, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(number, sizeof number, "%.10g", value == 0 ? 0 : value); /* no -0 */
  g_string_append(self->values, ",\"");
  g_string_append(self->values, metric);
  g_string_append(self->values, "\":");
  g_string_append(self->values, number);
  self->n_values++;
}

void
casa_sim_rows_take_cell(CasaSimRows *self, const Cell *c)
{
  char text[MAX_NUMBER + 1], why[160], low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  const char *unit;
  double value, factor = c->factor, offset = c->offset;
  if (!*casa_sim_rows_text(self, c->column, text))
    return;
  if (!casa_sim_number_read(text, self->map->decimal, &value, &unit)) {
    casa_sim_rows_bad_cell(self, c->column,
                           "is no number: write digits with one decimal point or comma, or add it to missing =");
    return;
  }
  if (*unit && (!c->known || !casa_metrics_convert(self->metrics, c->known, unit, &factor, &offset))) {
    casa_sim_rows_bad_cell(
      self, c->column, "has more behind its number than a unit of the metric: write the number alone, or add it to missing =");
    return;
  }
  value = value * factor + offset;
  if (c->known && !(value >= c->known->min && value <= c->known->max)) {
    g_snprintf(why, sizeof why, "is outside of what %s can be, %s to %s %s: is the unit right?", c->known->id,
               g_ascii_formatd(low, sizeof low, "%g", c->known->min), g_ascii_formatd(high, sizeof high, "%g", c->known->max),
               c->known->unit);
    casa_sim_rows_bad_cell(self, c->column, why);
  } else if (!isfinite(value)) {
    casa_sim_rows_bad_cell(self, c->column, "is too large");
  } else {
    casa_sim_rows_append(self, c->metric, value);
  }
}

gboolean
casa_sim_rows_metric(CasaSimRows *self, guint column, Cell *out, char **slug)
{
  char unit[MAX_NUMBER + 1];
  const char *name = casa_sim_csv_field(self->csv, self->metric);
  *slug = casa_sim_map_slug(name, '_');
  *out = (Cell){ column, *slug, 1, 0, casa_metrics_find(self->metrics, name, strlen(name)), NULL };
  if (!out->known)
    out->known = casa_metrics_find(self->metrics, *slug, strlen(*slug));
  if (!out->known && self->map->in_metric) {
    g_auto(CasaSimSeriesName) series = casa_sim_series_split(self->metrics, name);
    out->known = series.known;
  }
  if (out->known)
    out->metric = out->known->id;
  if (!*out->metric || (!out->known && casa_emit_is_reserved(out->metric))) {
    casa_sim_rows_bad_cell(self, self->metric, "is no name of a metric");
    return FALSE;
  }
  casa_sim_rows_text(self, self->unit, unit);
  if (out->known && *unit && !casa_metrics_convert(self->metrics, out->known, unit, &out->factor, &out->offset)) {
    casa_sim_rows_bad_cell(self, self->unit, "is no unit of this metric: metrics.conf lists them");
    return FALSE;
  }
  return TRUE;
}
