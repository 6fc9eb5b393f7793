/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-table.h"

#include <string.h>

#include "base/error.h"
#include "replay-map.h"
#include "replay-number.h"

#define SAMPLE_BYTES (4 * 1024 * 1024)

static void
column_free(gpointer data)
{
  CasaSimColumn *c = data;
  g_free(c->name);
  g_free(c->slug);
  g_free(c->bare);
  g_free(c->unit);
  casa_sim_time_guess_free(c->time);
  casa_sim_time_guess_free(c->clock);
  g_array_unref(c->values);
  g_free(c);
}

static void
row_free(gpointer data)
{
  g_strfreev(data);
}

void
casa_sim_table_free(CasaSimTable *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->columns);
  g_ptr_array_unref(self->rows);
  g_ptr_array_unref(self->missing);
  g_free(self);
}

CasaSimColumn *
casa_sim_table_column(const CasaSimTable *self, guint i)
{
  return g_ptr_array_index(self->columns, i);
}

/* "PM10 (µg/m³)" → "PM10" and "µg/m³"; square brackets too. */
static void
split_unit(CasaSimColumn *c)
{
  const char *open = strpbrk(c->name, "(["), *close = open ? strpbrk(open, ")]") : NULL;
  g_autofree char *bare = open ? g_strndup(c->name, (gsize)(open - c->name)) : g_strdup(c->name);
  if (close && close > open + 1)
    c->unit = g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1)));
  g_strstrip(bare);
  c->bare = casa_sim_map_slug(bare, '_');
  c->slug = casa_sim_map_slug(c->name, '_');
}

static const CasaMetric *
metric_of(const CasaMetrics *metrics, const char *words)
{
  g_autofree char *slug = casa_sim_map_slug(words, '_');
  const CasaMetric *m = casa_metrics_find(metrics, words, strlen(words));
  return m ? m : casa_metrics_find(metrics, slug, strlen(slug));
}

/* "power kW", "temp_f": the last word is a unit of what the others name. */
static void
split_tail(CasaSimColumn *c, const CasaMetrics *metrics)
{
  const char *tail = c->name + strlen(c->name);
  double factor, offset;
  while (tail > c->name && !strchr(" _,", tail[-1]))
    tail--;
  g_autofree char *words = g_strndup(c->name, (gsize)(MAX(tail, c->name + 1) - c->name - 1));
  g_strdelimit(words, ",", ' ');
  const CasaMetric *m = *tail && tail > c->name ? metric_of(metrics, g_strstrip(words)) : NULL;
  if (!m || !casa_metrics_convert(metrics, m, tail, &factor, &offset))
    return;
  c->metric = m;
  c->unit = g_strdup(tail);
}

static void
add_column(CasaSimTable *self, const char *name)
{
  CasaSimColumn *c = g_new0(CasaSimColumn, 1);
  c->name = g_strstrip(g_strdup(name));
  c->time = casa_sim_time_guess_new(FALSE);
  c->clock = casa_sim_time_guess_new(TRUE);
  c->values = g_array_new(FALSE, FALSE, sizeof(double));
  split_unit(c);
  g_autofree char *words = g_strndup(c->name, strcspn(c->name, "(["));
  c->metric = metric_of(self->metrics, g_strchomp(words));
  if (!c->metric && !c->unit)
    split_tail(c, self->metrics);
  g_ptr_array_add(self->columns, c);
}

/* Cells that people write where there is no reading; told apart from a wrong number. */
static gboolean
is_known_missing(const char *cell)
{
  static const char *const words[] = { "NA",     "N/A",    "n/a",   "NaN",     "nan",         "null",    "NULL",
                                       "None",   "none",   "-",     "--",      "—",           "n.d.",    "n.d",
                                       "nd",     "ND",     "#N/A",  "#N/D",    "#VALEUR!",    "#VALUE!", "-999",
                                       "-999.0", "-999,0", "-9999", "-9999.0", "unavailable", "unknown", "?" };
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    if (strcmp(cell, words[i]) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
note_missing(CasaSimTable *self, const char *cell)
{
  for (guint i = 0; i < self->missing->len; i++) {
    if (strcmp(g_ptr_array_index(self->missing, i), cell) == 0)
      return;
  }
  g_ptr_array_add(self->missing, g_strdup(cell));
}

/* "41,5" has a decimal comma, "1,021" may have one. */
static void
count_signs(CasaSimColumn *c, const char *cell)
{
  const char *comma = strrchr(cell, ','), *point = strrchr(cell, '.');
  gboolean last_comma = comma && (!point || comma > point);
  if (comma && point)
    *(last_comma ? &c->n_commas : &c->n_points) += 1;
  else if (comma && strspn(comma + 1, "0123456789") == 3 && comma > cell && comma - cell <= 4 && *cell != '0')
    c->n_maybe_thousand++;
  else if (comma && strchr(cell, ',') == comma)
    c->n_commas++;
  else if (point && strchr(cell, '.') == point)
    c->n_points++;
}

static void
look_at_cell(CasaSimTable *self, CasaSimColumn *c, const char *text)
{
  g_autofree char *cell = g_strstrip(g_strdup(text));
  const char *unit;
  double value;
  if (!*cell)
    return;
  if (is_known_missing(cell)) {
    note_missing(self, cell);
    return;
  }
  casa_sim_time_guess_look(c->time, cell);
  casa_sim_time_guess_look(c->clock, cell);
  c->n_cells++;
  if (strlen(cell) >= CASA_SIM_NUMBER_MAX || !casa_sim_number_read(cell, 0, &value, &unit))
    return;
  double factor, offset;
  if (*unit && !(c->metric && casa_metrics_convert(self->metrics, c->metric, unit, &factor, &offset)))
    return;
  c->n_numbers++;
  count_signs(c, cell);
  if (c->values->len < CASA_SIM_TABLE_SAMPLE && !*unit)
    g_array_append_val(c->values, value);
}

gboolean
casa_sim_column_is_numeric(const CasaSimColumn *self)
{
  return self->n_cells > 0 && self->n_numbers * 10 >= self->n_cells * 6; /* the rest: "<2" and the like */
}

static gboolean
takes_unit(const CasaSimTable *self, const CasaSimColumn *c, const char *text)
{
  double factor, offset;
  g_autofree char *unit = g_strstrip(g_strdup(text));
  char *end = unit + strlen(unit);
  if (*unit && strchr("([", *unit) && strchr(")]", end[-1])) {
    end[-1] = '\0';
    memmove(unit, unit + 1, strlen(unit));
  }
  return c->metric && casa_metrics_convert(self->metrics, c->metric, unit, &factor, &offset);
}

/* A row right behind the header that has no number, and a unit for one of the metrics at least. */
static gboolean
read_units_row(CasaSimTable *self, const CasaSimCsv *csv)
{
  guint n_units = 0;
  for (guint i = 0; i < self->columns->len; i++) {
    const char *cell = casa_sim_csv_field(csv, i), *rest;
    double value;
    if (strlen(cell) < CASA_SIM_NUMBER_MAX && casa_sim_number_read(cell, 0, &value, &rest))
      return FALSE;
    n_units += takes_unit(self, casa_sim_table_column(self, i), cell);
  }
  for (guint i = 0; n_units > 0 && i < self->columns->len; i++) {
    CasaSimColumn *c = casa_sim_table_column(self, i);
    g_autofree char *unit = g_strstrip(g_strdelimit(g_strdup(casa_sim_csv_field(csv, i)), "()[]", ' '));
    if (*unit && !c->unit)
      c->unit = g_steal_pointer(&unit);
  }
  return n_units > 0;
}

static void
keep_row(CasaSimTable *self, const CasaSimCsv *csv, gsize *left)
{
  char **row = g_new0(char *, self->columns->len + 1);
  for (guint i = 0; i < self->columns->len; i++) {
    row[i] = g_strstrip(g_strdup(casa_sim_csv_field(csv, i)));
    *left -= MIN(*left, strlen(row[i]) + 16);
  }
  g_ptr_array_add(self->rows, row);
}

static gboolean
look(CasaSimTable *self, CasaSimCsv *csv, GError **error)
{
  CasaSimCsvResult result = casa_sim_csv_next(csv);
  gsize left = SAMPLE_BYTES;
  if (result != CASA_SIM_CSV_ROW) {
    const GError *why = casa_sim_csv_error(csv);
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "there is no header: %s",
                why                      ? why->message
                : *casa_sim_csv_why(csv) ? casa_sim_csv_why(csv)
                                         : "the table is empty");
    return FALSE;
  }
  for (guint i = 0; i < casa_sim_csv_n_fields(csv); i++)
    add_column(self, casa_sim_csv_field(csv, i));
  while ((result = casa_sim_csv_next(csv)) != CASA_SIM_CSV_END) {
    if (result != CASA_SIM_CSV_ROW || (*casa_sim_csv_field(csv, 0) == '#' && casa_sim_csv_n_fields(csv) < self->columns->len))
      continue;
    if (self->n_rows++ == 0 && (self->units_row = read_units_row(self, csv)))
      continue;
    for (guint i = 0; i < self->columns->len; i++)
      look_at_cell(self, casa_sim_table_column(self, i), casa_sim_csv_field(csv, i));
    if (self->rows->len < CASA_SIM_TABLE_SAMPLE && left > 0)
      keep_row(self, csv, &left);
  }
  return TRUE;
}

CasaSimTable *
casa_sim_table_look(CasaSimCsv *csv, const CasaMetrics *metrics, GError **error)
{
  CasaSimTable *self = g_new0(CasaSimTable, 1);
  self->columns = g_ptr_array_new_with_free_func(column_free);
  self->rows = g_ptr_array_new_with_free_func(row_free);
  self->missing = g_ptr_array_new_with_free_func(g_free);
  self->metrics = metrics;
  if (look(self, csv, error))
    return self;
  casa_sim_table_free(self);
  return NULL;
}

guint
casa_sim_table_by_words(const CasaSimTable *self, const char *const *names, int numeric)
{
  for (; *names; names++) {
    for (guint i = 0; i < self->columns->len; i++) {
      const CasaSimColumn *c = casa_sim_table_column(self, i);
      if (!c->taken && strcmp(c->bare, *names) == 0 && (numeric < 0 || casa_sim_column_is_numeric(c) == numeric))
        return i;
    }
  }
  return CASA_SIM_NO_COLUMN;
}

/* How many numbers are possible when they are in a unit. 0 tells nothing: broken sensors say it in all of them. */
static guint
n_possible(const CasaSimColumn *c, double factor, double offset)
{
  guint n = 0;
  for (guint i = 0; i < c->values->len; i++) {
    double told = g_array_index(c->values, double, i), value = told * factor + offset;
    n += told != 0 && value >= c->metric->min && value <= c->metric->max;
  }
  return n;
}

const char *
casa_sim_table_unit_by_size(const CasaSimTable *self, const CasaSimColumn *column)
{
  static const char *const units[] = { "K", "°F", "Pa", "kPa", "mmHg", "inHg", "bar", "ng/m³", "mV", "kV", "W", "kW", "Wh" };
  const char *found = NULL;
  guint canonical = n_possible(column, 1, 0), most = canonical;
  gboolean alone = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
    double factor, offset;
    if (!casa_metrics_convert(self->metrics, column->metric, units[i], &factor, &offset))
      continue;
    guint n = n_possible(column, factor, offset);
    alone = n > most || (alone && n < most);
    if (n > most) {
      most = n;
      found = units[i];
    }
  }
  return alone && canonical * 2 < most ? found : NULL;
}
