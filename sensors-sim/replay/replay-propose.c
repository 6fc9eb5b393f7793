/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-propose.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/time-units.h"
#include "replay-map.h"
#include "replay-series.h"
#include "replay-shapes.h"
#include "replay-table.h"
#include "wire/emit.h"

#define NONE CASA_SIM_NO_COLUMN

typedef struct {
  CasaSimTable *table;
  GString *out;
  const char *file_name;
  const char *zone; /* of all tables of this origin; NULL: not known */
  guint series;     /* column that tells station and metric in one; NONE */
} Proposal;

static CasaSimColumn *
column(const Proposal *p, guint i)
{
  return casa_sim_table_column(p->table, i);
}

#define ask(p, ...) casa_sim_propose_question((p)->out, __VA_ARGS__)

static void
write_key(Proposal *p, const char *key, guint i)
{
  g_autofree char *name = casa_sim_table_naming(p->table, i);
  g_string_append_printf(p->out, "%s = %s\n", key, name);
  column(p, i)->taken = TRUE;
}

static gboolean
has_column(const Proposal *p, const char *bare)
{
  const char *const one[] = { bare, NULL };
  return casa_sim_table_by_words(p->table, one, -1) != NONE;
}

/* Archives of Sensor.Community call dust P1 and P2, give pressure in Pa, and write times in UTC. */
static void
know_origin(Proposal *p)
{
  static const char *const names[][2] = { { "p1", "pm10" }, { "p2", "pm2_5" } };
  if (!has_column(p, "sensor_id") || !has_column(p, "sensor_type") || !has_column(p, "timestamp"))
    return;
  p->zone = "UTC";
  for (guint i = 0; i < p->table->columns->len; i++) {
    CasaSimColumn *c = column(p, i);
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      if (strcmp(c->bare, names[k][0]) == 0)
        c->metric = casa_metrics_find(p->table->metrics, names[k][1], strlen(names[k][1]));
    }
  }
}

/* ---- the time ---- */

static guint
time_column(const Proposal *p, CasaSimTimeFound *out)
{
  static const char *const words[] = {
    "t",          "time",          "timestamp",      "datetime",      "date_time",    "date",
    "horodatage", "horodate",      "date_heure",     "date_et_heure", "datetime_utc", "datetimeutc",
    "utc",        "datetimebegin", "datetime_begin", "start",         "last_changed", "_time",
    "ts",         "jour",          "fecha",          "day",           "heure",        NULL
  };
  for (const char *const *w = words; *w; w++) {
    const char *const one[] = { *w, NULL };
    guint i = casa_sim_table_by_words(p->table, one, -1);
    if (i != NONE && casa_sim_time_guess_found(column(p, i)->time, out))
      return i;
  }
  for (guint i = 0; i < p->table->columns->len; i++) {
    const CasaSimColumn *c = column(p, i);
    if (!c->metric && casa_sim_time_guess_found(c->time, out) && strcmp(out->format, "excel") != 0)
      return i;
  }
  return NONE;
}

/* The hour beside a date. */
static guint
clock_column(const Proposal *p, guint date, CasaSimTimeFound *out)
{
  static const char *const words[] = { "heure", "time", "hour", "heures", "hours", "heure_locale", "hora", "h", NULL };
  for (const char *const *w = words; *w; w++) {
    const char *const one[] = { *w, NULL };
    guint i = casa_sim_table_by_words(p->table, one, -1);
    if (i != NONE && i != date && casa_sim_time_guess_found(column(p, i)->clock, out))
      return i;
  }
  return NONE;
}

static char *
span_text(gint64 ms)
{
  return ms >= CASA_DAY_MS ? g_strdup_printf("%.0f days", (double)ms / CASA_DAY_MS)
                           : g_strdup_printf("%.0f minutes", (double)ms / CASA_MINUTE_MS);
}

/* Format of date and hour, and what is to be said about day and month. */
static void
write_format(Proposal *p, const CasaSimTimeFound *date, const char *clock)
{
  const char *joint = clock ? " " : "", *hour = clock ? clock : "";
  if (date->day == CASA_SIM_DAY_OPEN || date->day == CASA_SIM_DAY_MIXED) {
    if (date->day == CASA_SIM_DAY_OPEN)
      ask(p, "is the day or the month first? No row of the whole table tells it. Write one of the two formats:");
    else
      ask(
        p,
        "is the day or the month first? Some rows can only be read one way, some only the other: a spreadsheet took "
        "part of them for other dates. Mend the table, or write one of the two formats (the other rows are then told and left out):");
    g_string_append_printf(p->out, "# format = %s%s%s\n# format = %s%s%s\nformat = ?\n", date->format, joint, hour, date->other,
                           joint, hour);
    return;
  }
  if (date->day == CASA_SIM_DAY_BY_ORDER) {
    g_autofree char *gap = span_text(date->gap_ms), *other = span_text(date->other_gap_ms);
    g_string_append_printf(
      p->out, "# Day and month could be read either way; so read, rows are at most %s apart, otherwise %s (%s%s%s).\n", gap,
      other, date->other, joint, hour);
  }
  g_string_append_printf(p->out, "format = %s%s%s\n", date->format, joint, hour);
}

static void
write_zone(Proposal *p, guint time)
{
  const char *bare = column(p, time)->bare;
  if (p->zone) {
    g_string_append_printf(p->out, "zone = %s\n", p->zone);
  } else if (strstr(bare, "utc") || strstr(bare, "gmt")) {
    g_string_append(p->out, "zone = UTC\n");
  } else {
    ask(p, "in which zone are these times? The table does not tell it; UTC and +01:00 can be written, too.");
    g_string_append(p->out, "zone = Africa/Casablanca\n");
  }
}

static void
write_time(Proposal *p)
{
  CasaSimTimeFound date, clock = { 0 };
  guint i = time_column(p, &date), k = NONE;
  g_string_append(p->out, "\n[time]\n");
  if (i == NONE) {
    g_string_append(
      p->out,
      "# No column was recognised as a time: write its name and its format (rfc3339, epoch, excel, or a pattern as below).\n"
      "column = \nformat = %d/%m/%Y %H:%M\nzone = Africa/Casablanca\n");
    return;
  }
  write_key(p, "column", i);
  if (!date.has_hour && (k = clock_column(p, i, &clock)) != NONE)
    write_key(p, "column2", k);
  write_format(p, &date, k == NONE ? NULL : clock.format);
  if (date.needs_zone)
    write_zone(p, i);
}

/* ---- the station ---- */

/* Whether stations are at more than one place, or have been without a fix. */
static gboolean
places_change(const Proposal *p, guint id, guint lat, guint lon)
{
  g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < p->table->rows->len; i++) {
    char **row = g_ptr_array_index(p->table->rows, i);
    const char *station = id == NONE ? "" : row[id];
    char **first = g_hash_table_lookup(places, station);
    if (!*row[lat] || !*row[lon])
      continue;
    if (!first)
      g_hash_table_insert(places, (gpointer)station, row);
    else if (fabs(g_ascii_strtod(first[lat], NULL) - g_ascii_strtod(row[lat], NULL)) > 0.0005 ||
             fabs(g_ascii_strtod(first[lon], NULL) - g_ascii_strtod(row[lon], NULL)) > 0.0005)
      return TRUE;
  }
  return FALSE;
}

static guint
station_column(const Proposal *p)
{
  static const char *const ids[] = { "station_id",
                                     "airqualitystationeoicode",
                                     "airqualitystation",
                                     "samplingpoint",
                                     "station",
                                     "site",
                                     "sensor_id",
                                     "sensor",
                                     "capteur",
                                     "device",
                                     "device_id",
                                     "location_id",
                                     "code",
                                     "code_station",
                                     "id_station",
                                     "id",
                                     "location",
                                     "nom_station",
                                     "station_name",
                                     "nom",
                                     "name",
                                     "ville",
                                     "city",
                                     NULL };
  guint found = casa_sim_table_by_words(p->table, ids, -1);
  for (guint i = 0; found == NONE && i < p->table->columns->len; i++) {
    const CasaSimColumn *c = column(p, i);
    if (!c->taken && !c->metric && (g_str_has_suffix(c->bare, "_id") || g_str_has_suffix(c->bare, "-id")))
      found = i;
  }
  return found;
}

static void
write_position(Proposal *p, guint id)
{
  static const char *const lats[] = { "lat", "latitude", "y", NULL }, *const lons[] = { "lon",       "lng", "long",
                                                                                        "longitude", "x",   NULL };
  guint lat = casa_sim_table_by_words(p->table, lats, TRUE), lon = casa_sim_table_by_words(p->table, lons, TRUE);
  if (lat == NONE || lon == NONE) {
    g_string_append(p->out, "# Where it is, in degrees; without it, it is not on the map.\n# lat = 33.5731\n# lon = -7.5898\n");
    return;
  }
  write_key(p, "lat_column", lat);
  write_key(p, "lon_column", lon);
  if (places_change(p, id, lat, lon)) {
    ask(p, "do these stations move? Their positions change, so they are readings, too; take the line away when they do not.");
    g_string_append(p->out, "moves = true\n");
  } else {
    g_string_append(p->out, "# A station that moves says so: its position is then a reading too.\n# moves = true\n");
  }
}

/* The station that a row is of. FALSE: no column tells it. */
static gboolean
write_station(Proposal *p)
{
  static const char *const names[] = { "name",  "nom", "station_name", "location_name", "nom_station", "location", "libelle",
                                       "label", NULL };
  guint id = p->series == NONE ? station_column(p) : NONE, name;
  g_string_append(p->out, "\n[station]\n");
  if (p->series != NONE) {
    ask(p, "does \"%s\" tell the station before the metric, as in roof_humidity?", column(p, p->series)->name);
    g_string_append(p->out, "in_metric = true\n");
  } else if (id != NONE) {
    write_key(p, "column", id);
  } else {
    g_autofree char *base = g_path_get_basename(p->file_name);
    char *dot = strrchr(base, '.');
    if (dot && dot != base)
      *dot = '\0';
    g_autofree char *slug = casa_sim_map_slug(base, '-');
    g_string_append_printf(p->out, "# No column tells the station: the whole table is one.\nid = %s\n",
                           *slug ? slug : "station");
  }
  if ((name = casa_sim_table_by_words(p->table, names, FALSE)) != NONE)
    write_key(p, "name_column", name);
  write_position(p, id);
  return id != NONE || p->series != NONE;
}

/* ---- the values ---- */

static const char *const metric_words[] = { "parameter", "parametre", "metric",     "variable", "airpollutant",
                                            "pollutant", "polluant",  "indicateur", "grandeur", "quantity",
                                            "_field",    "field",     "measurand",  "series",   "serie",
                                            "entity_id", NULL };

/* Looks whether the column of metrics tells stations, too, as Home Assistant's entities and a chart's series do. */
static void
find_series(Proposal *p)
{
  guint metric = casa_sim_table_by_words(p->table, metric_words, FALSE), n_plain = 0, n_series = 0;
  for (guint i = 0; metric != NONE && i < p->table->rows->len; i++) {
    const char *name = ((char **)g_ptr_array_index(p->table->rows, i))[metric];
    const CasaMetric *known = casa_metrics_find(p->table->metrics, name, strlen(name));
    g_auto(CasaSimSeriesName) series = casa_sim_series_split(p->table->metrics, name);
    n_plain += known != NULL;
    n_series += !known && series.known && *series.station;
    if (!p->table->akin)
      p->table->akin = known ? known : series.known;
  }
  if (n_series > n_plain) {
    p->series = metric;
    column(p, metric)->taken = TRUE; /* no station's column */
  }
}

/* A row per metric? Then there are a column of names and one of values. */
static gboolean
write_long(Proposal *p)
{
  static const char *const values[] = { "value", "valeur", "concentration", "mesure", "measurement", "_value", NULL };
  static const char *const units[] = { "unit", "unite", "units", "unitofmeasurement", "unit_of_measurement", NULL };
  static const char *const states[] = { "state", NULL };
  guint metric = p->series != NONE ? p->series : casa_sim_table_by_words(p->table, metric_words, FALSE);
  guint value = casa_sim_table_by_words(p->table, values, TRUE), unit;
  if (value == NONE)
    value = casa_sim_table_by_words(p->table, states, -1); /* "on" and "unavailable" stand there, too */
  if (metric == NONE || value == NONE)
    return FALSE;
  g_string_append(p->out, "\n[long]\n");
  write_key(p, "metric_column", metric);
  write_key(p, "value_column", value);
  if ((unit = casa_sim_table_by_words(p->table, units, FALSE)) != NONE)
    write_key(p, "unit_column", unit);
  return TRUE;
}

/* The unit in the header, when the metric knows it; a comment when not; and when none is told, what the numbers show. */
static void
write_unit(Proposal *p, const CasaSimColumn *c)
{
  double factor, offset;
  const char *by_size = c->unit ? NULL : casa_sim_table_unit_by_size(p->table, c);
  if (by_size) {
    ask(p, "which unit is it? None is told; the numbers are only possible in %s.", by_size);
    g_string_append_printf(p->out, "unit = %s\n", by_size);
  }
  if (!c->unit || g_str_equal(c->unit, c->metric->unit))
    return;
  if (casa_metrics_convert(p->table->metrics, c->metric, c->unit, &factor, &offset)) {
    g_string_append_printf(p->out, "unit = %s\n", c->unit);
  } else {
    ask(p, "which unit is it? \"%s\" is none that %s is known in, so the numbers are taken for %s.", c->unit, c->metric->id,
        c->metric->unit);
  }
}

static gboolean
metric_is_free(const Proposal *p, const char *metric, guint before)
{
  for (guint i = 0; i < before; i++) {
    const CasaSimColumn *c = column(p, i);
    if (c->taken && g_strcmp0(c->metric ? c->metric->id : c->bare, metric) == 0)
      return FALSE;
  }
  return *metric != '\0' && !casa_emit_is_reserved(metric);
}

/* Known metrics are taken. How many. */
static guint
write_known(Proposal *p)
{
  guint n = 0;
  for (guint i = 0; i < p->table->columns->len; i++) {
    CasaSimColumn *c = column(p, i);
    if (c->taken || !c->metric || c->n_numbers == 0 || !metric_is_free(p, c->metric->id, i))
      continue;
    g_autofree char *name = casa_sim_table_naming(p->table, i);
    g_string_append_printf(p->out, "\n[value %s]\ncolumn = %s\n", c->metric->id, name);
    write_unit(p, c);
    c->taken = TRUE;
    n++;
  }
  return n;
}

/* Other columns of numbers are offered, not taken: an identifier is a number too. */
static void
offer_others(Proposal *p)
{
  for (guint i = 0; i < p->table->columns->len; i++) {
    const CasaSimColumn *c = column(p, i);
    g_autofree char *name = casa_sim_table_naming(p->table, i);
    if (!c->taken && !c->metric && casa_sim_column_is_numeric(c) && metric_is_free(p, c->bare, i))
      g_string_append_printf(p->out,
                             "\n# Numbers, of no metric that metrics.conf knows: take the signs away to publish them.\n"
                             "# [value %s]\n# column = %s\n",
                             c->bare, name);
  }
}

/* TRUE: all columns tell their stations themselves. */
static gboolean
write_values(Proposal *p, gboolean has_station)
{
  guint n, n_own, n_placed;
  if (casa_sim_propose_hours(p->table, p->file_name, p->out) || write_long(p))
    return FALSE;
  n = write_known(p);
  n_own = casa_sim_propose_stations(p->table, p->file_name, !has_station, n == 0 && !has_station, p->out, &n_placed);
  if (n + n_own == 0)
    g_string_append(
      p->out,
      "\n# No column was recognised as a metric: write one of metrics.conf, or a name of your own.\n[value temp_c]\ncolumn = \n");
  offer_others(p);
  return n == 0 && n_placed > 0 && n_placed == n_own && !has_station;
}

/* The domain of most of the metrics. Weather stands beside every kind of measurement and decides nothing there. */
static const char *
domain_of(const Proposal *p)
{
  static const char *const weather[] = { "temp_c", "rh_pct", "wind_ms", "wind_dir", "pressure_hpa", NULL };
  const CasaMetric *akin = p->table->akin && strcmp(p->table->akin->domain, "any") != 0 ? p->table->akin : NULL;
  const char *best = akin ? akin->domain : "air";
  guint most = akin ? 50 : 0; /* between weather and a column of its own */
  for (guint i = 0; i < p->table->columns->len; i++) {
    const CasaMetric *m = column(p, i)->metric;
    guint n = 0;
    for (guint k = 0; m && strcmp(m->domain, "any") != 0 && k < p->table->columns->len; k++) {
      const CasaMetric *other = column(p, k)->metric;
      if (other && strcmp(other->domain, m->domain) == 0)
        n += g_strv_contains(weather, other->id) ? 1 : 100;
    }
    if (n > most) {
      most = n;
      best = m->domain;
    }
  }
  return best;
}

static void
write_decimal(Proposal *p)
{
  guint commas = 0, points = 0, either = 0;
  for (guint i = 0; i < p->table->columns->len; i++) {
    const CasaSimColumn *c = column(p, i);
    CasaSimTimeFound found;
    if (casa_sim_time_guess_found(c->time, &found) && !c->metric)
      continue;
    commas += c->n_commas;
    points += c->n_points;
    either += c->n_maybe_thousand;
  }
  if (either > 0 && commas == 0 && points == 0)
    ask(p, "does the comma part thousands (decimal = point) or decimals? All numbers with a comma look like 1,021.");
  if (commas > points || (either > 0 && points == 0))
    g_string_append(p->out, "decimal = comma\n");
  else if (either > 0)
    g_string_append(p->out, "decimal = point\n");
}

static void
write_missing(Proposal *p)
{
  static const char *const usual[] = { "NA", "NaN", "null", "-", "-999", NULL };
  g_string_append(p->out, "missing = NA; NaN; null; -; -999");
  for (guint i = 0; i < p->table->missing->len; i++) {
    const char *word = g_ptr_array_index(p->table->missing, i);
    if (!g_strv_contains(usual, word))
      g_string_append_printf(p->out, "; %s", word);
  }
  g_string_append_c(p->out, '\n');
}

/* A table's own word on its rows. */
static void
write_valid(Proposal *p)
{
  static const char *const flags[] = { "validity", NULL };
  guint valid = casa_sim_table_by_words(p->table, flags, -1);
  if (valid == NONE)
    return;
  g_string_append(p->out, "# Rows where this is 0 or less are left aside: the table calls them invalid.\n");
  write_key(p, "valid_column", valid);
}

static void
write_replay(Proposal *p, const CasaSimCsv *csv)
{
  g_autofree char *base = g_path_get_basename(p->file_name);
  g_autofree char *shown = g_utf8_make_valid(base, -1);
  g_string_append_printf(p->out, "# How %s becomes readings. Proposed by casa-sim --print-map: look it over.\n",
                         g_strdelimit(shown, "\n\r", ' '));
  if (casa_sim_csv_n_comments(csv) > 0)
    g_string_append_printf(p->out, "# %" G_GUINT64_FORMAT " lines that begin with # are passed over.\n",
                           casa_sim_csv_n_comments(csv));
  g_string_append_printf(p->out, "\n[replay]\n# source = your team's user name\ndomain = %s\n", domain_of(p));
  char s = casa_sim_csv_separator(csv);
  g_string_append_printf(p->out, "separator = %s\n", s == ';' ? "semicolon" : s == '\t' ? "tab" : s == '|' ? "bar" : "comma");
  if (casa_sim_csv_guessed_encoding(csv)) {
    ask(p, "is this the encoding? The table is not in UTF-8; this is what spreadsheets write in Western Europe and Morocco.");
    g_string_append_printf(p->out, "encoding = %s\n", casa_sim_csv_guessed_encoding(csv));
  }
  if (p->table->units_row)
    g_string_append(p->out, "# The first row below the header tells units.\nunits_row = true\n");
  write_valid(p);
  write_decimal(p);
  write_missing(p);
}

/* The groups, each in its own text: what a table's station is depends on what its columns are. */
static char *
write_groups(Proposal *p, const CasaSimCsv *csv)
{
  g_autoptr(GString) time = g_string_new(NULL), station = g_string_new(NULL), values = g_string_new(NULL);
  p->out = time;
  write_time(p);
  p->out = station;
  find_series(p);
  gboolean has_station = write_station(p);
  p->out = values;
  if (write_values(p, has_station) && !strstr(station->str, "lat_column"))
    g_string_assign(station, "\n[station]\n# Each column tells its own.\n");
  p->out = g_string_new(NULL);
  write_replay(p, csv);
  g_string_append_printf(p->out, "%s%s%s", time->str, station->str, values->str);
  return g_string_free(p->out, FALSE);
}

char *
casa_sim_propose_map(CasaSimCsv *csv, const CasaMetrics *metrics, const char *file_name, GError **error)
{
  g_autoptr(CasaSimTable) table = casa_sim_table_look(csv, metrics, error);
  if (!table)
    return NULL;
  Proposal p = { .table = table, .file_name = file_name, .series = NONE };
  know_origin(&p);
  return write_groups(&p, csv);
}
