/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-propose.h"

#include <string.h>

#include "base/error.h"
#include "replay-map.h"
#include "wire/emit.h"

#define LOOK 50 /* rows looked at */
#define NONE G_MAXUINT

/* A column and what its first cells look like. */
typedef struct {
  char *name;        /* as in the header */
  char *slug, *bare; /* its words for topics; without a unit in brackets */
  char *unit;        /* within brackets, or NULL */
  const CasaMetric *metric;
  const char *time; /* format that the first cell has, or NULL */
  gboolean needs_zone, taken;
  guint n_cells, n_numbers, n_commas, n_no_times;
} Column;

typedef struct {
  GArray *columns; /* Column */
  GString *out;
  const CasaMetrics *metrics;
} Proposal;

static void
column_clear(gpointer data)
{
  Column *c = data;
  g_free(c->name);
  g_free(c->slug);
  g_free(c->bare);
  g_free(c->unit);
}

static Column *
column(const Proposal *p, guint i)
{
  return &g_array_index(p->columns, Column, i);
}

/* "PM10 (µg/m³)" → "PM10" and "µg/m³"; square brackets too. */
static void
split_unit(Column *c)
{
  const char *open = strpbrk(c->name, "(["), *close = open ? strpbrk(open, ")]") : NULL;
  g_autofree char *bare = open ? g_strndup(c->name, (gsize)(open - c->name)) : g_strdup(c->name);
  if (close && close > open + 1)
    c->unit = g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1)));
  g_strstrip(bare);
  c->bare = casa_sim_map_slug(bare, '_');
  c->slug = casa_sim_map_slug(c->name, '_');
}

static void
add_column(Proposal *p, const char *name)
{
  Column c = { .name = g_strstrip(g_strdup(name)) };
  split_unit(&c);
  g_autofree char *words = g_strndup(c.name, strcspn(c.name, "(["));
  g_strchomp(words);
  c.metric = casa_metrics_find(p->metrics, words, strlen(words));
  if (!c.metric)
    c.metric = casa_metrics_find(p->metrics, c.bare, strlen(c.bare));
  g_array_append_val(p->columns, c);
}

static void
look_at_number(Column *c, const char *cell)
{
  g_autofree char *text = g_strdup(cell);
  char *comma = strchr(text, ','), *end = NULL;
  if (comma)
    *comma = '.';
  g_ascii_strtod(text, &end);
  if (end == text || *end || text[strspn(text, "0123456789+-.eE")] != '\0')
    return;
  c->n_numbers++;
  c->n_commas += comma != NULL;
}

static void
look_at_cell(Column *c, const char *text)
{
  g_autofree char *cell = g_strstrip(g_strdup(text));
  gboolean needs_zone = FALSE;
  gint64 t_ms;
  if (!*cell)
    return;
  CasaSimTimeFormat kept = { .format = (char *)c->time, .zone = (char *)"UTC" };
  if (c->n_cells == 0) {
    c->time = casa_sim_time_guess(cell, &needs_zone);
    c->needs_zone = needs_zone;
  } else if (c->time && !casa_sim_time_read(&kept, cell, &t_ms)) {
    /* 13/05 shows that 01/05 was the first of May; 05/13, that it was not. */
    const char *swapped = g_str_has_prefix(c->time, "%d/%m/%Y") ? casa_sim_time_guess(cell, &needs_zone) : NULL;
    if (swapped && g_str_has_prefix(swapped, "%m/%d/%Y") && strlen(swapped) == strlen(c->time))
      c->time = swapped;
    else
      c->n_no_times++;
  }
  c->n_cells++;
  look_at_number(c, cell);
}

static gboolean
is_numeric(const Column *c)
{
  return c->n_cells > 0 && c->n_numbers * 10 >= c->n_cells * 6; /* the rest: "NA", "-" and the like */
}

/* A column whose words are one of @names (slugs, NULL-terminated); @numeric as wanted. */
static guint
by_words(const Proposal *p, const char *const *names, int numeric)
{
  for (; *names; names++) {
    for (guint i = 0; i < p->columns->len; i++) {
      const Column *c = column(p, i);
      if (!c->taken && strcmp(c->bare, *names) == 0 && (numeric < 0 || is_numeric(c) == numeric))
        return i;
    }
  }
  return NONE;
}

/* A wrong cell or two are no reason to know nothing. */
static gboolean
is_time(const Column *c)
{
  return c->time && c->n_no_times * 10 <= c->n_cells * 3;
}

static guint
time_column(const Proposal *p)
{
  static const char *const words[] = { "t",          "time",         "timestamp", "datetime", "date_time", "date", "horodatage",
                                       "date_heure", "datetime_utc", "utc",       "ts",       "heure",     "jour", NULL };
  for (const char *const *w = words; *w; w++) {
    const char *const one[] = { *w, NULL };
    guint i = by_words(p, one, -1);
    if (i != NONE && is_time(column(p, i)))
      return i;
  }
  for (guint i = 0; i < p->columns->len; i++) {
    if (is_time(column(p, i)) && !column(p, i)->metric)
      return i;
  }
  return NONE;
}

/* A name that a key file can hold on one line; a column whose name cannot be is told by its number. */
static char *
naming(const Proposal *p, guint i)
{
  const char *name = column(p, i)->name;
  for (const char *c = name; *c; c++) {
    if ((guchar)*c < 0x20 || *c == '\\')
      return g_strdup_printf("%u", i + 1);
  }
  return *name ? g_strdup(name) : g_strdup_printf("%u", i + 1);
}

static void
write_key(Proposal *p, const char *key, guint i)
{
  g_autofree char *name = naming(p, i);
  g_string_append_printf(p->out, "%s = %s\n", key, name);
  column(p, i)->taken = TRUE;
}

static void
write_time(Proposal *p)
{
  guint i = time_column(p);
  g_string_append(p->out, "\n[time]\n");
  if (i == NONE) {
    g_string_append(
      p->out, "# No column was recognised as a time: write its name and its format (rfc3339, epoch, or a pattern as below).\n"
              "column = \nformat = %d/%m/%Y %H:%M\nzone = Africa/Casablanca\n");
    return;
  }
  write_key(p, "column", i);
  g_string_append_printf(p->out, "format = %s\n", column(p, i)->time);
  if (g_str_has_prefix(column(p, i)->time, "%d/%m/"))
    g_string_append(p->out, "# Day before month is a guess where both are below 13.\n");
  if (column(p, i)->needs_zone)
    g_string_append(p->out, "# The zone is a guess: the table does not tell it.\nzone = Africa/Casablanca\n");
}

static void
write_station(Proposal *p, const char *file_name)
{
  static const char *const ids[] = { "station_id",  "station", "site", "sensor_id", "sensor", "capteur", "device", "device_id",
                                     "location_id", "code",    "id",   "location",  "nom",    "name",    NULL };
  static const char *const names[] = { "name",  "nom", "station_name", "location_name", "nom_station", "location", "libelle",
                                       "label", NULL };
  static const char *const lats[] = { "lat", "latitude", "y", NULL }, *const lons[] = { "lon",       "lng", "long",
                                                                                        "longitude", "x",   NULL };
  guint id = by_words(p, ids, -1), lat, lon, name;
  g_string_append(p->out, "\n[station]\n");
  if (id != NONE) {
    write_key(p, "column", id);
  } else {
    g_autofree char *base = g_path_get_basename(file_name);
    char *dot = strrchr(base, '.');
    if (dot && dot != base)
      *dot = '\0';
    g_autofree char *slug = casa_sim_map_slug(base, '-');
    g_string_append_printf(p->out, "# No column tells the station: the whole table is one.\nid = %s\n",
                           *slug ? slug : "station");
  }
  if ((name = by_words(p, names, -1)) != NONE)
    write_key(p, "name_column", name);
  lat = by_words(p, lats, TRUE);
  lon = by_words(p, lons, TRUE);
  if (lat != NONE && lon != NONE) {
    write_key(p, "lat_column", lat);
    write_key(p, "lon_column", lon);
    g_string_append(p->out, "# A station that moves says so: its position is then a reading too.\n# moves = true\n");
  } else {
    g_string_append(p->out, "# Where it is, in degrees; without it, it is not on the map.\n# lat = 33.5731\n# lon = -7.5898\n");
  }
}

/* A row per metric? Then there are a column of names and one of values. */
static gboolean
write_long(Proposal *p)
{
  static const char *const metrics[] = { "parameter", "parametre", "metric",     "variable",
                                         "pollutant", "polluant",  "indicateur", NULL };
  static const char *const values[] = { "value", "valeur", "mesure", "measurement", NULL }, *const units[] = { "unit", "unite",
                                                                                                               "units", NULL };
  guint metric = by_words(p, metrics, FALSE), value = by_words(p, values, TRUE), unit;
  if (metric == NONE || value == NONE)
    return FALSE;
  g_string_append(p->out, "\n[long]\n");
  write_key(p, "metric_column", metric);
  write_key(p, "value_column", value);
  if ((unit = by_words(p, units, FALSE)) != NONE)
    write_key(p, "unit_column", unit);
  return TRUE;
}

/* The unit in the header, when the metric knows it; a comment when not. */
static void
write_unit(Proposal *p, const Column *c)
{
  double factor, offset;
  if (!c->unit || !c->metric || g_str_equal(c->unit, c->metric->unit))
    return;
  gboolean known = casa_metrics_convert(p->metrics, c->metric, c->unit, &factor, &offset);
  g_string_append_printf(p->out, known ? "unit = %s\n" : "# Not a unit of this metric: \"%s\"\n", c->unit);
}

static gboolean
metric_is_free(const Proposal *p, const char *metric, guint before)
{
  for (guint i = 0; i < before; i++) {
    const Column *c = column(p, i);
    if (c->taken && g_strcmp0(c->metric ? c->metric->id : c->bare, metric) == 0)
      return FALSE;
  }
  return *metric != '\0' && !casa_emit_is_reserved(metric);
}

/* Known metrics are taken; other columns of numbers are offered, not taken: an identifier is a number too. */
static guint
write_values(Proposal *p)
{
  guint n = 0;
  for (guint i = 0; i < p->columns->len; i++) {
    Column *c = column(p, i);
    const char *metric = c->metric ? c->metric->id : c->bare;
    g_autofree char *name = naming(p, i);
    if (c->taken || !(c->metric ? c->n_numbers > 0 : is_numeric(c)) || !metric_is_free(p, metric, i))
      continue;
    if (!c->metric) {
      g_string_append_printf(p->out,
                             "\n# Numbers, of no metric that metrics.conf knows: take the signs away to publish them.\n"
                             "# [value %s]\n# column = %s\n",
                             metric, name);
      continue;
    }
    g_string_append_printf(p->out, "\n[value %s]\ncolumn = %s\n", metric, name);
    write_unit(p, c);
    c->taken = TRUE;
    n++;
  }
  return n;
}

/* The domain of most of the metrics. */
static const char *
domain_of(const Proposal *p)
{
  const char *best = "air";
  guint most = 0;
  for (guint i = 0; i < p->columns->len; i++) {
    const CasaMetric *m = column(p, i)->metric;
    guint n = 0;
    for (guint k = 0; m && strcmp(m->domain, "any") != 0 && k < p->columns->len; k++)
      n += column(p, k)->metric && strcmp(column(p, k)->metric->domain, m->domain) == 0;
    if (n > most) {
      most = n;
      best = m->domain;
    }
  }
  return best;
}

static void
write_replay(Proposal *p, const CasaSimCsv *csv, const char *file_name)
{
  guint commas = 0;
  for (guint i = 0; i < p->columns->len; i++)
    commas += column(p, i)->n_commas;
  g_autofree char *base = g_path_get_basename(file_name);
  g_autofree char *shown = g_utf8_make_valid(base, -1);
  g_string_append_printf(p->out, "# How %s becomes readings. Proposed by casa-sim --print-map: look it over.\n",
                         g_strdelimit(shown, "\n\r", ' '));
  g_string_append_printf(p->out, "\n[replay]\n# source = your team's user name\ndomain = %s\n", domain_of(p));
  char s = casa_sim_csv_separator(csv);
  g_string_append_printf(p->out, "separator = %s\n", s == ';' ? "semicolon" : s == '\t' ? "tab" : s == '|' ? "bar" : "comma");
  if (commas > 0)
    g_string_append(p->out, "decimal = comma\n");
  g_string_append(p->out, "missing = NA; NaN; null; -; -999\n");
}

static gboolean
look(Proposal *p, CasaSimCsv *csv, GError **error)
{
  if (casa_sim_csv_next(csv) != CASA_SIM_CSV_ROW) {
    const GError *why = casa_sim_csv_error(csv);
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "there is no header: %s",
                why                      ? why->message
                : *casa_sim_csv_why(csv) ? casa_sim_csv_why(csv)
                                         : "the table is empty");
    return FALSE;
  }
  for (guint i = 0; i < casa_sim_csv_n_fields(csv); i++)
    add_column(p, casa_sim_csv_field(csv, i));
  for (guint n = 0; n < LOOK; n++) {
    CasaSimCsvResult result = casa_sim_csv_next(csv);
    if (result == CASA_SIM_CSV_END)
      break;
    for (guint i = 0; result == CASA_SIM_CSV_ROW && i < p->columns->len; i++)
      look_at_cell(column(p, i), casa_sim_csv_field(csv, i));
  }
  return TRUE;
}

char *
casa_sim_propose_map(CasaSimCsv *csv, const CasaMetrics *metrics, const char *file_name, GError **error)
{
  Proposal p = { g_array_new(FALSE, TRUE, sizeof(Column)), g_string_new(NULL), metrics };
  g_array_set_clear_func(p.columns, column_clear);
  gboolean ok = look(&p, csv, error);
  if (ok) {
    write_replay(&p, csv, file_name);
    write_time(&p);
    write_station(&p, file_name);
    if (!write_long(&p) && write_values(&p) == 0)
      g_string_append(
        p.out,
        "\n# No column was recognised as a metric: write one of metrics.conf, or a name of your own.\n[value temp_c]\ncolumn = \n");
  }
  g_array_unref(p.columns);
  return g_string_free(p.out, !ok);
}
