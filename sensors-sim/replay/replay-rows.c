/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-rows-private.h"

#include <string.h>

#include "base/error.h"
#include "base/time-units.h"

#define MAX_CLOCKS 100000 /* series whose order is followed through an hour that comes twice */

static void
station_free(gpointer data)
{
  CasaSimReplayStation *s = data;
  g_free(s->id);
  g_free(s->topic);
  g_free(s->name);
  g_free(s);
}

static void
pending_free(gpointer data)
{
  Pending *p = data;
  g_free(p->values);
  g_free(p);
}

/* ---- the header ---- */

/* By its words without regard to case, or by number. */
static guint
find_column(const CasaSimRows *self, const char *wanted)
{
  guint64 number;
  g_autofree char *folded = g_utf8_casefold(wanted, -1);
  for (guint i = 0; i < self->header->len; i++) {
    g_autofree char *name = g_utf8_casefold(g_ptr_array_index(self->header, i), -1);
    if (strcmp(name, folded) == 0)
      return i;
  }
  if (g_ascii_string_to_unsigned(wanted, 10, 1, MAX(self->header->len, 1), &number, NULL))
    return (guint)number - 1;
  return NOWHERE;
}

static gboolean
need(const CasaSimRows *self, const char *wanted, const char *group, const char *key, guint *out, GError **error)
{
  *out = NOWHERE;
  if (!wanted || (*out = find_column(self, wanted)) != NOWHERE)
    return TRUE;
  g_autofree char *all = NULL;
  g_ptr_array_add(self->header, NULL);
  all = g_strjoinv("\", \"", (char **)self->header->pdata);
  g_ptr_array_set_size(self->header, (int)self->header->len - 1);
  g_autofree char *shown = g_utf8_substring(all, 0, MIN(g_utf8_strlen(all, -1), 400));
  g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "[%s] %s = %s: the table has no such column; it has \"%s\"", group, key,
              wanted, shown);
  return FALSE;
}

/* Behind the last of its station, so that a station's readings go together. */
static void
insert_cell(CasaSimRows *self, const Cell *cell)
{
  guint at = self->cells->len;
  while (at > 0 && g_strcmp0(g_array_index(self->cells, Cell, at - 1).station, cell->station) != 0)
    at--;
  g_array_insert_val(self->cells, at > 0 ? at : self->cells->len, *cell);
}

static gboolean
find_columns(CasaSimRows *self, GError **error)
{
  const CasaSimMap *m = self->map;
  if (!need(self, m->time_columns[0], "time", "column", &self->time[0], error) ||
      !need(self, m->time_columns[1], "time", "column2", &self->time[1], error) ||
      !need(self, m->valid_column, "replay", "valid_column", &self->valid, error) ||
      !need(self, m->station_column, "station", "column", &self->station, error) ||
      !need(self, m->name_column, "station", "name_column", &self->name, error) ||
      !need(self, m->lat_column, "station", "lat_column", &self->lat, error) ||
      !need(self, m->lon_column, "station", "lon_column", &self->lon, error) ||
      !need(self, m->metric_column, m->hour_columns ? "hours" : "long", "metric_column", &self->metric, error) ||
      !need(self, m->value_column, "long", "value_column", &self->value, error) ||
      !need(self, m->unit_column, m->hour_columns ? "hours" : "long", "unit_column", &self->unit, error))
    return FALSE;
  for (guint i = 0; i < m->values->len; i++) {
    const CasaSimMapValue *v = &g_array_index(m->values, CasaSimMapValue, i);
    g_autofree char *group = g_strconcat("value ", v->metric, NULL);
    Cell c = { NOWHERE, v->metric, v->factor, v->offset, v->known, v->station };
    if (!need(self, v->column, group, "column", &c.column, error))
      return FALSE;
    insert_cell(self, &c);
  }
  for (char **hour = m->hour_columns; hour && *hour; hour++) {
    guint column;
    if (!need(self, *hour, "hours", "columns", &column, error))
      return FALSE;
    g_array_append_val(self->hours, column);
  }
  return TRUE;
}

static gboolean
read_header(CasaSimRows *self, GError **error)
{
  CasaSimCsvResult result = casa_sim_csv_next(self->csv);
  if (result != CASA_SIM_CSV_ROW) {
    const GError *why = casa_sim_csv_error(self->csv);
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "no header: %s",
                why                          ? why->message
                : result == CASA_SIM_CSV_END ? "the table is empty"
                                             : casa_sim_csv_why(self->csv));
    return FALSE;
  }
  for (guint i = 0; i < casa_sim_csv_n_fields(self->csv); i++)
    g_ptr_array_add(self->header, g_strstrip(g_strdup(casa_sim_csv_field(self->csv, i))));
  return find_columns(self, error);
}

CasaSimRows *
casa_sim_rows_new(CasaSimCsv *csv, const CasaSimMap *map, const CasaMetrics *metrics, const char *root, const char *source,
                  CasaSimComplain complain_func, gpointer data, GError **error)
{
  CasaSimRows *self = g_new0(CasaSimRows, 1);
  self->csv = csv;
  self->map = map;
  self->metrics = metrics;
  self->root = g_strdup(root);
  self->source = g_strdup(source);
  self->complain = complain_func;
  self->data = data;
  self->header = g_ptr_array_new_with_free_func(g_free);
  self->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
  self->hours = g_array_new(FALSE, FALSE, sizeof(guint));
  self->pending = g_ptr_array_new_with_free_func(pending_free);
  self->stations = g_ptr_array_new_with_free_func(station_free);
  self->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  self->news = g_ptr_array_new();
  self->ids = g_hash_table_new(g_str_hash, g_str_equal);
  self->clocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->values = g_string_sized_new(256);
  self->units_row = map->units_row;
  if (read_header(self, error))
    return self;
  casa_sim_rows_free(self);
  return NULL;
}

void
casa_sim_rows_free(CasaSimRows *self)
{
  if (!self)
    return;
  g_free(self->root);
  g_free(self->source);
  g_ptr_array_unref(self->header);
  g_array_unref(self->cells);
  g_array_unref(self->hours);
  g_ptr_array_unref(self->pending);
  g_hash_table_unref(self->by_name);
  g_hash_table_unref(self->ids);
  g_hash_table_unref(self->clocks);
  g_ptr_array_unref(self->news);
  g_ptr_array_unref(self->stations);
  g_string_free(self->values, TRUE);
  g_free(self);
}

/* ---- rows ---- */

static gboolean
read_time(CasaSimRows *self, const CasaSimTimeFormat *format, const char *text, gint64 out[2])
{
  char buf[CASA_QUOTE_SIZE];
  const char *column = casa_sim_rows_header(self, self->time[0]);
  CasaSimMoment found = casa_sim_time_moments(format, text, out);
  if (found == CASA_SIM_TIME_ONE)
    out[1] = out[0];
  else if (found == CASA_SIM_TIME_SKIPPED)
    casa_sim_rows_complain(
      self, "column \"%s\": \"%s\" never was in %s, whose clock left that hour out: is the zone another, such as UTC?", column,
      casa_sim_rows_quoted(buf, text), format->zone);
  else if (found == CASA_SIM_TIME_NOT && !*text)
    casa_sim_rows_complain(self, "column \"%s\" is empty: the row tells no time", column);
  else if (found == CASA_SIM_TIME_NOT)
    casa_sim_rows_complain(self, "column \"%s\": \"%s\" is no time of the form %s", column, casa_sim_rows_quoted(buf, text),
                           format->format);
  return found == CASA_SIM_TIME_ONE || found == CASA_SIM_TIME_TWICE;
}

/* Date and hour of the row as they are written. (transfer full) */
static char *
time_text(const CasaSimRows *self)
{
  const char *date = casa_sim_csv_field(self->csv, self->time[0]);
  if (self->time[1] == NOWHERE)
    return g_strstrip(g_strdup(date));
  return g_strstrip(g_strconcat(date, " ", casa_sim_csv_field(self->csv, self->time[1]), NULL));
}

/* The one of two moments that goes on with what the series told before. */
static gint64
choose_moment(CasaSimRows *self, const CasaSimReplayStation *station, const gint64 moments[2])
{
  g_autofree char *metric =
    self->metric == NOWHERE ? NULL : casa_sim_map_slug(casa_sim_csv_field(self->csv, self->metric), '_');
  g_autofree char *key = g_strconcat(station->id, "\n", metric, NULL);
  Clock *clock = g_hash_table_lookup(self->clocks, key);
  gint64 t = moments[0];
  if (clock && moments[1] != t && (clock->direction < 0 ? moments[1] < clock->last_ms : t <= clock->last_ms))
    t = moments[1];
  if (clock && t != clock->last_ms)
    clock->direction = t > clock->last_ms ? 1 : -1;
  if (clock)
    clock->last_ms = t;
  else if (g_hash_table_size(self->clocks) < MAX_CLOCKS)
    g_hash_table_insert(self->clocks, g_steal_pointer(&key), g_memdup2(&(Clock){ .last_ms = t }, sizeof *clock));
  return t;
}

/* What was appended to `values` is one station's at one moment. */
static void
hand_out(CasaSimRows *self, gint64 t_ms, CasaSimReplayStation *station)
{
  if (self->n_values > 0) {
    Pending p = { t_ms, station, g_strdup(self->values->str), self->n_values };
    g_ptr_array_add(self->pending, g_memdup2(&p, sizeof p));
    casa_sim_rows_tell(self, station);
  }
  self->n_values = 0;
  g_string_truncate(self->values, 0);
}

/* The columns of the row's station, then those of each station that has columns of its own. */
static void
take_cells(CasaSimRows *self, CasaSimReplayStation *row, const gint64 moments[2])
{
  CasaSimReplayStation *now = row;
  if (row)
    casa_sim_rows_take_position(self, row);
  for (guint i = 0; i < self->cells->len; i++) {
    const Cell *c = &g_array_index(self->cells, Cell, i);
    CasaSimReplayStation *next = c->station ? casa_sim_rows_station_named(self, c->station) : row;
    if (!next)
      continue;
    if (now && next != now)
      hand_out(self, choose_moment(self, now, moments), now);
    now = next;
    casa_sim_rows_take_cell(self, c);
  }
  if (now)
    hand_out(self, choose_moment(self, now, moments), now);
}

static void
take_long(CasaSimRows *self, CasaSimReplayStation *s, const gint64 moments[2])
{
  Cell c;
  g_autofree char *slug = NULL;
  casa_sim_rows_take_position(self, s);
  if (casa_sim_rows_metric(self, self->value, &c, &slug))
    casa_sim_rows_take_cell(self, &c);
  hand_out(self, choose_moment(self, s, moments), s);
}

/* One reading for each hour of the day that the row is of. */
static void
take_hours(CasaSimRows *self, CasaSimReplayStation *s, const char *date, const gint64 midnight[2])
{
  const CasaSimMapValue *v = &self->map->hour_value;
  Cell c = { NOWHERE, v->metric, v->factor, v->offset, v->known, NULL };
  g_autofree char *slug = NULL;
  if (self->metric != NOWHERE && !casa_sim_rows_metric(self, NOWHERE, &c, &slug))
    return;
  for (guint i = 0; i < self->hours->len; i++) {
    char text[MAX_NUMBER + 1];
    gint64 moments[2] = { midnight[0] + (gint64)(self->map->first_hour + i) * CASA_HOUR_MS, 0 };
    moments[1] = moments[0];
    c.column = g_array_index(self->hours, guint, i);
    if (!*casa_sim_rows_text(self, c.column, text))
      continue;
    g_autofree char *hour = g_strdup_printf("%s %02u:00", date, self->map->first_hour + i);
    if (self->map->hour_time.format && !read_time(self, &self->map->hour_time, hour, moments)) {
      self->n_bad++;
      continue;
    }
    casa_sim_rows_take_cell(self, &c);
    hand_out(self, choose_moment(self, s, moments), s);
  }
}

/* The European archives write 1, 2 and 3 for valid, -1 and -99 for invalid (Validity of the EEA's data dictionary). A word is
 * no flag. */
static gboolean
is_invalid(const CasaSimRows *self)
{
  char text[MAX_NUMBER + 1], *end;
  const char *flag = self->valid == NOWHERE ? "" : casa_sim_rows_text(self, self->valid, text);
  double number = g_ascii_strtod(flag, &end);
  return end != flag && *end == '\0' && number <= 0;
}

/* Leaves in `pending` what can be used of the row. */
static void
take_row(CasaSimRows *self)
{
  CasaSimReplayStation *s = NULL;
  gint64 moments[2] = { 0, 0 };
  gboolean has_station = self->map->station_column || self->map->station_id || self->map->in_metric;
  if (casa_sim_csv_n_fields(self->csv) > self->header->len + 1) { /* one more: a separator at the end of the line */
    casa_sim_rows_complain(self, "%u fields, the header has %u: is a text with a separator in it not quoted?",
                           casa_sim_csv_n_fields(self->csv), self->header->len);
    self->counts.bad_rows++;
    return;
  }
  if (is_invalid(self)) {
    self->counts.invalid_rows++;
    return;
  }
  self->n_values = self->n_bad = 0;
  g_string_truncate(self->values, 0);
  g_autofree char *time = time_text(self);
  if (!read_time(self, &self->map->time, time, moments) || (has_station && !(s = casa_sim_rows_station_of(self)))) {
    self->counts.bad_rows++;
    return;
  }
  if (self->hours->len > 0)
    take_hours(self, s, time, moments);
  else if (self->metric != NOWHERE)
    take_long(self, s, moments);
  else
    take_cells(self, s, moments);
  if (self->pending->len == 0)
    *(self->n_bad ? &self->counts.bad_rows : &self->counts.empty_rows) += 1;
  else
    self->counts.bad_cells += self->n_bad;
}

/* "# sensor replaced" between the rows; a station may be called "#4". */
static gboolean
is_comment(const CasaSimRows *self)
{
  return *casa_sim_csv_field(self->csv, 0) == '#' && casa_sim_csv_n_fields(self->csv) < self->header->len;
}

/* Reads on until a row gives something. */
static gboolean
fill_pending(CasaSimRows *self)
{
  CasaSimCsvResult result;
  g_ptr_array_set_size(self->pending, 0);
  self->n_handed = 0;
  while (self->pending->len == 0 && (result = casa_sim_csv_next(self->csv)) != CASA_SIM_CSV_END) {
    if (result == CASA_SIM_CSV_ROW && (is_comment(self) || self->units_row)) {
      self->units_row = FALSE;
      continue;
    }
    self->counts.rows++;
    if (result == CASA_SIM_CSV_BAD) {
      casa_sim_rows_complain(self, "%s", casa_sim_csv_why(self->csv));
      self->counts.bad_rows++;
    } else {
      take_row(self);
    }
  }
  return self->pending->len > 0;
}

gboolean
casa_sim_rows_next(CasaSimRows *self, CasaSimRow *out)
{
  if (self->n_handed >= self->pending->len && !fill_pending(self))
    return FALSE;
  const Pending *p = g_ptr_array_index(self->pending, self->n_handed++);
  g_string_assign(self->values, p->values);
  *out = (CasaSimRow){ p->t_ms, p->station->topic, self->values, p->n_values };
  return TRUE;
}

void
casa_sim_rows_counts(const CasaSimRows *self, CasaSimRowCounts *out)
{
  *out = self->counts;
}

guint
casa_sim_rows_n_stations(const CasaSimRows *self)
{
  return self->n_told;
}

guint
casa_sim_rows_n_news(const CasaSimRows *self)
{
  return self->news->len;
}

const CasaSimReplayStation *
casa_sim_rows_news(const CasaSimRows *self, guint i)
{
  return g_ptr_array_index(self->news, i);
}
