/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-rows.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "replay-number.h"
#include "wire/emit.h"

#define NOWHERE G_MAXUINT
#define MAX_NUMBER CASA_SIM_NUMBER_MAX
#define MAX_CLOCKS 100000 /* series whose order is followed through an hour that comes twice */

/* A column of the table with what becomes of it. */
typedef struct {
  guint column;
  const char *metric;
  double factor, offset;
  const CasaMetric *known;
} Cell;

/* Where a series was last: of an hour that comes twice, its order tells which one is meant. */
typedef struct {
  gint64 last_ms;
  int direction; /* of the table's rows: 1, -1, or 0 as long as it is not known */
} Clock;

struct _CasaSimRows {
  CasaSimCsv *csv;
  const CasaSimMap *map;
  const CasaMetrics *metrics;
  char *root, *source;
  CasaSimComplain complain;
  gpointer data;
  GPtrArray *header;                                           /* char*, as written */
  guint time[2], station, name, lat, lon, metric, value, unit; /* columns; NOWHERE */
  GArray *cells;                                               /* Cell */
  GPtrArray *stations;                                         /* CasaSimReplayStation* */
  GHashTable *by_name;                                         /* as in the table → CasaSimReplayStation*, not owned */
  GPtrArray *news;                                             /* those to tell of: new, or placed only now; not owned */
  GHashTable *ids;                                             /* set of id, owned by the stations */
  GHashTable *clocks;                                          /* "station\nmetric" → Clock* */
  GString *values;
  guint n_values, n_bad; /* of the row */
  guint n_told;          /* news before this row */
  gboolean units_row;    /* the next one tells units, no readings */
  CasaSimRowCounts counts;
};

static void
station_free(gpointer data)
{
  CasaSimReplayStation *s = data;
  g_free(s->id);
  g_free(s->topic);
  g_free(s->name);
  g_free(s);
}

static void complain(CasaSimRows *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
complain(CasaSimRows *self, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  self->complain(self->data, casa_sim_csv_line(self->csv), text);
}

/* Foreign text as part of a message. */
static const char *
quoted(char buf[CASA_QUOTE_SIZE], const char *text)
{
  return casa_reason_quote(buf, text, strlen(text));
}

static const char *
header_name(const CasaSimRows *self, guint column)
{
  return column < self->header->len ? g_ptr_array_index(self->header, column) : "";
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

static gboolean
find_columns(CasaSimRows *self, GError **error)
{
  const CasaSimMap *m = self->map;
  if (!need(self, m->time_columns[0], "time", "column", &self->time[0], error) ||
      !need(self, m->time_columns[1], "time", "column2", &self->time[1], error) ||
      !need(self, m->station_column, "station", "column", &self->station, error) ||
      !need(self, m->name_column, "station", "name_column", &self->name, error) ||
      !need(self, m->lat_column, "station", "lat_column", &self->lat, error) ||
      !need(self, m->lon_column, "station", "lon_column", &self->lon, error) ||
      !need(self, m->metric_column, "long", "metric_column", &self->metric, error) ||
      !need(self, m->value_column, "long", "value_column", &self->value, error) ||
      !need(self, m->unit_column, "long", "unit_column", &self->unit, error))
    return FALSE;
  for (guint i = 0; i < m->values->len; i++) {
    const CasaSimMapValue *v = &g_array_index(m->values, CasaSimMapValue, i);
    g_autofree char *group = g_strconcat("value ", v->metric, NULL);
    Cell c = { NOWHERE, v->metric, v->factor, v->offset, v->known };
    if (!need(self, v->column, group, "column", &c.column, error))
      return FALSE;
    g_array_append_val(self->cells, c);
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
  g_hash_table_unref(self->by_name);
  g_hash_table_unref(self->ids);
  g_hash_table_unref(self->clocks);
  g_ptr_array_unref(self->news);
  g_ptr_array_unref(self->stations);
  g_string_free(self->values, TRUE);
  g_free(self);
}

/* ---- cells ---- */

/* Without the blanks about it; "" when it means that there is no reading. */
static const char *
cell_text(const CasaSimRows *self, guint column, char buf[MAX_NUMBER + 1])
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

static void
bad_cell(CasaSimRows *self, guint column, const char *why)
{
  char name[CASA_QUOTE_SIZE], text[CASA_QUOTE_SIZE];
  self->n_bad++;
  complain(self, "column \"%s\": \"%s\" %s", quoted(name, header_name(self, column)),
           quoted(text, casa_sim_csv_field(self->csv, column)), why);
}

static void
append(CasaSimRows *self, const char *metric, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(number, sizeof number, "%.10g", value == 0 ? 0 : value); /* no -0 */
  g_string_append(self->values, ",\"");
  g_string_append(self->values, metric);
  g_string_append(self->values, "\":");
  g_string_append(self->values, number);
  self->n_values++;
}

/* Converted, held against what is physically possible, and written. */
static void
take_cell(CasaSimRows *self, const Cell *c)
{
  char text[MAX_NUMBER + 1], why[160], low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  const char *unit;
  double value, factor = c->factor, offset = c->offset;
  if (!*cell_text(self, c->column, text))
    return;
  if (!casa_sim_number_read(text, self->map->decimal, &value, &unit)) {
    bad_cell(self, c->column, "is no number: write digits with one decimal point or comma, or add it to missing =");
    return;
  }
  if (*unit && (!c->known || !casa_metrics_convert(self->metrics, c->known, unit, &factor, &offset))) {
    bad_cell(self, c->column,
             "has more behind its number than a unit of the metric: write the number alone, or add it to missing =");
    return;
  }
  value = value * factor + offset;
  if (c->known && !(value >= c->known->min && value <= c->known->max)) {
    g_snprintf(why, sizeof why, "is outside of what %s can be, %s to %s %s: is the unit right?", c->known->id,
               g_ascii_formatd(low, sizeof low, "%g", c->known->min), g_ascii_formatd(high, sizeof high, "%g", c->known->max),
               c->known->unit);
    bad_cell(self, c->column, why);
  } else if (!isfinite(value)) {
    bad_cell(self, c->column, "is too large");
  } else {
    append(self, c->metric, value);
  }
}

/* A table with a row per metric tells metric and unit in cells. */
static void
take_long(CasaSimRows *self)
{
  char unit[MAX_NUMBER + 1];
  const char *name = casa_sim_csv_field(self->csv, self->metric);
  g_autofree char *slug = casa_sim_map_slug(name, '_');
  Cell c = { self->value, slug, 1, 0, casa_metrics_find(self->metrics, name, strlen(name)) };
  if (!c.known)
    c.known = casa_metrics_find(self->metrics, slug, strlen(slug));
  if (c.known)
    c.metric = c.known->id;
  if (!*c.metric || (!c.known && casa_emit_is_reserved(c.metric))) {
    bad_cell(self, self->metric, "is no name of a metric");
    return;
  }
  cell_text(self, self->unit, unit);
  if (c.known && *unit && !casa_metrics_convert(self->metrics, c.known, unit, &c.factor, &c.offset)) {
    bad_cell(self, self->unit, "is no unit of this metric: metrics.conf lists them");
    return;
  }
  take_cell(self, &c);
}

/* ---- stations ---- */

static gboolean
read_degrees(CasaSimRows *self, guint column, double limit, double *out)
{
  char text[MAX_NUMBER + 1];
  const char *unit = "";
  if (!*cell_text(self, column, text))
    return FALSE;
  if (casa_sim_number_read(text, self->map->decimal, out, &unit) && (!*unit || g_str_equal(unit, "°")) && fabs(*out) <= limit)
    return TRUE;
  bad_cell(self, column, "is no position in degrees");
  return FALSE;
}

/* 0, 0 lies in the sea off Ghana: it is what receivers say without a fix. */
static gboolean
read_position(CasaSimRows *self, CasaLonLat *out)
{
  double lat, lon;
  if (self->lat == NOWHERE || !read_degrees(self, self->lat, 90, &lat) || !read_degrees(self, self->lon, 180, &lon))
    return FALSE;
  if (lat == 0 && lon == 0) {
    bad_cell(self, self->lat, "and 0 is the position of a receiver without a fix: left out");
    return FALSE;
  }
  *out = (CasaLonLat){ .lon = lon, .lat = lat };
  return TRUE;
}

/* An id that no other station has: "quai", then "quai-2". */
static char *
free_id(const CasaSimRows *self, const char *name)
{
  g_autofree char *slug = casa_sim_map_slug(name, '-');
  if (*slug && !g_hash_table_contains(self->ids, slug))
    return g_steal_pointer(&slug);
  for (guint n = 2;; n++) {
    g_autofree char *id = g_strdup_printf("%.*s-%u", CASA_NAME_MAX - 7, *slug ? slug : "station", n);
    if (!g_hash_table_contains(self->ids, id))
      return g_steal_pointer(&id);
  }
}

static CasaSimReplayStation *
add_station(CasaSimRows *self, const char *name)
{
  const CasaSimMap *m = self->map;
  CasaSimReplayStation *s = g_new0(CasaSimReplayStation, 1);
  const char *shown = self->name != NOWHERE      ? casa_sim_csv_field(self->csv, self->name)
                      : m->station_id && m->name ? m->name
                                                 : name;
  s->id = m->station_id ? g_strdup(m->station_id) : free_id(self, name);
  s->topic = g_strdup_printf("%s/%s/%s/%s", self->root, self->source, m->domain, s->id);
  s->name = g_strstrip(g_strdup(*shown ? shown : s->id));
  s->has_position = m->has_position;
  s->at = (CasaLonLat){ .lon = m->lon, .lat = m->lat };
  g_ptr_array_add(self->stations, s);
  g_ptr_array_add(self->news, s);
  g_hash_table_add(self->ids, s->id);
  g_hash_table_insert(self->by_name, g_strdup(name), s);
  return s;
}

/* NULL: the row names none. */
static CasaSimReplayStation *
station_of(CasaSimRows *self)
{
  g_autofree char *name =
    g_strstrip(g_strdup(self->map->station_id ? self->map->station_id : casa_sim_csv_field(self->csv, self->station)));
  if (!*name) {
    complain(self, "column \"%s\" is empty: the row tells no station", header_name(self, self->station));
    return NULL;
  }
  CasaSimReplayStation *s = g_hash_table_lookup(self->by_name, name);
  if (s)
    return s;
  if (self->stations->len < CASA_SIM_REPLAY_MAX_STATIONS)
    return add_station(self, name);
  complain(self, "more than %d stations: is column \"%s\" the station's?", CASA_SIM_REPLAY_MAX_STATIONS,
           header_name(self, self->station));
  return NULL;
}

/* ---- rows ---- */

static gboolean
read_time(CasaSimRows *self, gint64 out[2])
{
  char buf[CASA_QUOTE_SIZE];
  g_autofree char *text = g_strdup(casa_sim_csv_field(self->csv, self->time[0]));
  if (self->time[1] != NOWHERE) {
    char *both = g_strconcat(text, " ", casa_sim_csv_field(self->csv, self->time[1]), NULL);
    g_free(text);
    text = both;
  }
  g_strstrip(text);
  CasaSimMoment found = casa_sim_time_moments(&self->map->time, text, out);
  if (found == CASA_SIM_TIME_ONE)
    out[1] = out[0];
  else if (found == CASA_SIM_TIME_SKIPPED)
    complain(self, "column \"%s\": \"%s\" never was in %s, whose clock left that hour out: is the zone another, such as UTC?",
             header_name(self, self->time[0]), quoted(buf, text), self->map->time.zone);
  else if (found == CASA_SIM_TIME_NOT && !*text)
    complain(self, "column \"%s\" is empty: the row tells no time", header_name(self, self->time[0]));
  else if (found == CASA_SIM_TIME_NOT)
    complain(self, "column \"%s\": \"%s\" is no time of the form %s", header_name(self, self->time[0]), quoted(buf, text),
             self->map->time.format);
  return found == CASA_SIM_TIME_ONE || found == CASA_SIM_TIME_TWICE;
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

/* A station has its place from the first row that tells it; one that moves says it as a reading, too. */
static void
take_position(CasaSimRows *self, CasaSimReplayStation *s)
{
  CasaLonLat at;
  if ((s->has_position && !self->map->moves) || !read_position(self, &at))
    return;
  if (!s->has_position) {
    s->has_position = TRUE;
    s->at = at;
    if (self->news->len == self->n_told) /* else this row brought it, and it has yet to be told of */
      g_ptr_array_add(self->news, s);
  }
  if (self->map->moves) {
    append(self, "lat", at.lat);
    append(self, "lon", at.lon);
  }
}

/* FALSE: nothing of the row can be used. */
static gboolean
take_row(CasaSimRows *self, CasaSimRow *out)
{
  CasaSimReplayStation *s = NULL;
  gint64 moments[2] = { 0, 0 };
  if (casa_sim_csv_n_fields(self->csv) > self->header->len + 1) { /* one more: a separator at the end of the line */
    complain(self, "%u fields, the header has %u: is a text with a separator in it not quoted?",
             casa_sim_csv_n_fields(self->csv), self->header->len);
    self->counts.bad_rows++;
    return FALSE;
  }
  self->n_values = self->n_bad = 0;
  self->n_told = self->news->len;
  g_string_truncate(self->values, 0);
  if (!read_time(self, moments) || !(s = station_of(self))) {
    self->counts.bad_rows++;
    return FALSE;
  }
  out->t_ms = choose_moment(self, s, moments);
  take_position(self, s);
  for (guint i = 0; i < self->cells->len; i++)
    take_cell(self, &g_array_index(self->cells, Cell, i));
  if (self->metric != NOWHERE)
    take_long(self);
  if (self->n_values == 0) {
    *(self->n_bad ? &self->counts.bad_rows : &self->counts.empty_rows) += 1;
    return FALSE;
  }
  self->counts.bad_cells += self->n_bad;
  out->topic = s->topic;
  out->values = self->values;
  out->n_values = self->n_values;
  return TRUE;
}

/* "# sensor replaced" between the rows; a station may be called "#4". */
static gboolean
is_comment(const CasaSimRows *self)
{
  return *casa_sim_csv_field(self->csv, 0) == '#' && casa_sim_csv_n_fields(self->csv) < self->header->len;
}

gboolean
casa_sim_rows_next(CasaSimRows *self, CasaSimRow *out)
{
  CasaSimCsvResult result;
  while ((result = casa_sim_csv_next(self->csv)) != CASA_SIM_CSV_END) {
    if (result == CASA_SIM_CSV_ROW && (is_comment(self) || self->units_row)) {
      self->units_row = FALSE;
      continue;
    }
    self->counts.rows++;
    if (result == CASA_SIM_CSV_BAD) {
      complain(self, "%s", casa_sim_csv_why(self->csv));
      self->counts.bad_rows++;
    } else if (take_row(self, out)) {
      return TRUE;
    }
  }
  return FALSE;
}

void
casa_sim_rows_counts(const CasaSimRows *self, CasaSimRowCounts *out)
{
  *out = self->counts;
}

guint
casa_sim_rows_n_stations(const CasaSimRows *self)
{
  return self->stations->len;
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
