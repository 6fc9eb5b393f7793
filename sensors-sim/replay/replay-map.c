/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-map.h"

#include <string.h>

#include "base/error.h"
#include "wire/emit.h"

#define VALUE_GROUP "value "

static void
value_clear(gpointer data)
{
  CasaSimMapValue *v = data;
  g_free(v->column);
  g_free(v->metric);
  g_free(v->station);
}

void
casa_sim_map_free(CasaSimMap *self)
{
  if (!self)
    return;
  char *texts[] = { self->source,          self->domain,         self->kind,          self->encoding,     self->time_columns[0],
                    self->time_columns[1], self->station_column, self->station_id,    self->name_column,  self->name,
                    self->lat_column,      self->lon_column,     self->metric_column, self->value_column, self->unit_column,
                    self->valid_column };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(self->missing);
  casa_sim_time_format_clear(&self->time);
  casa_sim_time_format_clear(&self->hour_time);
  g_strfreev(self->hour_columns);
  value_clear(&self->hour_value);
  g_array_unref(self->values);
  casa_keyfile_free(self->file);
  g_free(self);
}

char *
casa_sim_map_slug(const char *text, char joint)
{
  g_autofree char *ascii = g_str_to_ascii(text, "C"); /* é → e */
  GString *out = g_string_new(NULL);
  for (const char *p = ascii; *p && out->len < CASA_NAME_MAX; p++) {
    gboolean kept = g_ascii_isalnum(*p) || *p == '_' || *p == '-';
    if (kept)
      g_string_append_c(out, g_ascii_tolower(*p));
    else if (out->len > 0 && out->str[out->len - 1] != joint)
      g_string_append_c(out, joint);
  }
  while (out->len > 0 && out->str[out->len - 1] == joint)
    g_string_truncate(out, out->len - 1);
  return g_string_free(out, FALSE);
}

static gboolean
is_name(const char *text)
{
  gsize len = strlen(text);
  return len > 0 && len <= CASA_NAME_MAX && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static char *
get(const CasaKeyfile *file, const char *group, const char *key)
{
  return g_strdup(casa_keyfile_get(file, group, key));
}

static gboolean
read_name(const CasaKeyfile *file, const char *key, char **out, GError **error)
{
  *out = get(file, "replay", key);
  return !*out || is_name(*out) ||
         casa_keyfile_fail(file, "replay", key, error, "\"%s\": write a-z, 0-9, _ and - only, at most %d of them", *out,
                           CASA_NAME_MAX);
}

/* One of @n words; its letter. */
static gboolean
read_choice(const CasaKeyfile *file, const char *key, const char *const *words, const char *letters, guint n, char *out,
            const char *mend, GError **error)
{
  const char *text = casa_keyfile_get(file, "replay", key);
  if (!text)
    return TRUE;
  for (guint i = 0; i < n; i++) {
    if (strcmp(text, words[i]) == 0) {
      *out = letters[i];
      return TRUE;
    }
  }
  return casa_keyfile_fail(file, "replay", key, error, "\"%s\": write %s", text, mend);
}

static gboolean
read_encoding(CasaSimMap *self, const CasaKeyfile *file, GError **error)
{
  self->encoding = get(file, "replay", "encoding");
  if (!self->encoding)
    return TRUE;
  GIConv converter = g_iconv_open("UTF-8", self->encoding);
  if (converter == (GIConv)-1)
    return casa_keyfile_fail(file, "replay", "encoding", error, "\"%s\" is not known: write utf-8, windows-1252 or iso-8859-1",
                             self->encoding);
  g_iconv_close(converter);
  return TRUE;
}

static gboolean
read_replay(CasaSimMap *self, const CasaKeyfile *file, const CasaMetrics *metrics, GError **error)
{
  static const char *const keys[] = { "source",  "domain",    "kind",      "separator",    "encoding", "decimal",
                                      "missing", "simulated", "units_row", "valid_column", NULL };
  static const char *const separators[] = { "comma", "semicolon", "tab", "bar" }, *const decimals[] = { "point", "comma" };
  if (!casa_keyfile_check_keys(file, "replay", keys, error) || !read_name(file, "source", &self->source, error) ||
      !read_name(file, "domain", &self->domain, error) || !read_name(file, "kind", &self->kind, error) ||
      !read_choice(file, "separator", separators, ",;\t|", 4, &self->separator,
                   "comma, semicolon, tab or bar (left out: as the header shows)", error) ||
      !read_choice(file, "decimal", decimals, ".,", 2, &self->decimal, "point or comma (left out: either)", error) ||
      !casa_keyfile_get_bool(file, "replay", "simulated", &self->simulated, error) ||
      !casa_keyfile_get_bool(file, "replay", "units_row", &self->units_row, error) || !read_encoding(self, file, error))
    return FALSE;
  if (!self->domain || !casa_metrics_has_domain(metrics, self->domain))
    return casa_keyfile_fail(file, "replay", self->domain ? "domain" : NULL, error,
                             "write domain = mobility, energy, air, or another that metrics.conf declares");
  self->missing = casa_keyfile_get_list(file, "replay", "missing");
  self->valid_column = get(file, "replay", "valid_column");
  return TRUE;
}

static gboolean
read_time(CasaSimMap *self, const CasaKeyfile *file, GError **error)
{
  static const char *const keys[] = { "column", "column2", "format", "zone", NULL };
  g_autoptr(GError) why = NULL;
  const char *format = casa_keyfile_get(file, "time", "format");
  if (!casa_keyfile_check_keys(file, "time", keys, error))
    return FALSE;
  self->time_columns[0] = get(file, "time", "column");
  self->time_columns[1] = get(file, "time", "column2");
  if (!self->time_columns[0])
    return casa_keyfile_fail(file, "time", NULL, error, "write column = NAME, the column that holds the time");
  if (!format)
    return casa_keyfile_fail(file, "time", NULL, error,
                             "write format = rfc3339, epoch, or a pattern such as %%d/%%m/%%Y %%H:%%M");
  if (strcmp(format, "?") == 0)
    return casa_keyfile_fail(
      file, "time", "format", error,
      "the question above it is still open: is the day or the month first? Write %%d/%%m/%%Y or %%m/%%d/%%Y with "
      "the hour's part, as proposed there");
  const char *zone = casa_keyfile_get(file, "time", "zone");
  g_autofree char *hour = strchr(format, '%') ? g_strconcat(format, " %H:%M", NULL) : NULL;
  if (casa_sim_time_format_init(&self->time, format, zone, &why) &&
      (!self->hour_columns || !hour || casa_sim_time_format_init(&self->hour_time, hour, zone, &why)))
    return TRUE;
  return casa_keyfile_fail(file, "time", g_error_matches(why, CASA_ERROR, CASA_ERROR_ZONE) ? "zone" : "format", error, "%s",
                           why->message);
}

static gboolean
read_position(CasaSimMap *self, const CasaKeyfile *file, GError **error)
{
  const char *lat = casa_keyfile_get(file, "station", "lat"), *lon = casa_keyfile_get(file, "station", "lon");
  self->lat_column = get(file, "station", "lat_column");
  self->lon_column = get(file, "station", "lon_column");
  if (!lat != !lon || !self->lat_column != !self->lon_column || (lat && self->lat_column))
    return casa_keyfile_fail(file, "station", NULL, error, "a position is lat and lon, or lat_column and lon_column");
  self->has_position = lat != NULL;
  if (!casa_keyfile_get_bool(file, "station", "moves", &self->moves, error))
    return FALSE;
  if (self->moves && !self->lat_column)
    return casa_keyfile_fail(file, "station", "moves", error, "what moves needs lat_column and lon_column");
  return casa_keyfile_get_double(file, "station", "lat", -90, 90, &self->lat, error) &&
         casa_keyfile_get_double(file, "station", "lon", -180, 180, &self->lon, error);
}

static gboolean
read_station(CasaSimMap *self, const CasaKeyfile *file, GError **error)
{
  static const char *const keys[] = { "column",     "id",         "name",  "name_column", "lat", "lon",
                                      "lat_column", "lon_column", "moves", "in_metric",   NULL };
  gboolean none = self->values->len > 0; /* no column needs the row's station */
  for (guint i = 0; i < self->values->len; i++)
    none = none && g_array_index(self->values, CasaSimMapValue, i).station;
  if (!casa_keyfile_check_keys(file, "station", keys, error) ||
      !casa_keyfile_get_bool(file, "station", "in_metric", &self->in_metric, error))
    return FALSE;
  if (self->in_metric && !self->metric_column)
    return casa_keyfile_fail(file, "station", "in_metric", error, "this goes with [long] metric_column");
  self->station_column = get(file, "station", "column");
  self->station_id = get(file, "station", "id");
  self->name_column = get(file, "station", "name_column");
  self->name = get(file, "station", "name");
  if (none && !self->station_column && !self->station_id)
    return read_position(self, file, error);
  if (!self->in_metric && !self->station_column == !self->station_id)
    return casa_keyfile_fail(file, "station", NULL, error,
                             "write column = NAME, the column that tells the station, or id = NAME when there is only one");
  if (self->station_id && !is_name(self->station_id))
    return casa_keyfile_fail(file, "station", "id", error, "\"%s\": write a-z, 0-9, _ and - only, at most %d of them",
                             self->station_id, CASA_NAME_MAX);
  return read_position(self, file, error);
}

/* The metric of @group, by its key or else by the group's own name, and the unit. */
static gboolean
read_metric(CasaSimMapValue *v, const CasaKeyfile *file, const char *group, const char *name, const CasaMetrics *metrics,
            GError **error)
{
  const char *key = casa_keyfile_get(file, group, "metric") ? "metric" : NULL, *unit = casa_keyfile_get(file, group, "unit");
  if (key)
    name = casa_keyfile_get(file, group, "metric");
  if (strcmp(name, "?") == 0)
    return casa_keyfile_fail(file, group, key, error, "the question above it is still open: which metric do the numbers tell?");
  v->factor = 1;
  v->offset = 0;
  v->known = casa_metrics_find(metrics, name, strlen(name));
  if (!v->known && !is_name(name))
    return casa_keyfile_fail(file, group, key, error, "\"%s\": write a metric of metrics.conf, or a name of a-z, 0-9, _ and -",
                             name);
  if (!v->known && casa_emit_is_reserved(name))
    return casa_keyfile_fail(file, group, key, error, "\"%s\" has a meaning of its own in a message: give it another name",
                             name);
  if (unit && !v->known)
    return casa_keyfile_fail(file, group, "unit", error,
                             "\"%s\" is not in metrics.conf, so its unit cannot be converted: leave unit out", name);
  if (unit && !casa_metrics_convert(metrics, v->known, unit, &v->factor, &v->offset))
    return casa_keyfile_fail(file, group, "unit", error, "\"%s\" is no unit of %s: write %s or one that metrics.conf lists",
                             unit, v->known->id, v->known->unit);
  v->metric = g_strdup(v->known ? v->known->id : name);
  return TRUE;
}

static gboolean
read_value(CasaSimMap *self, const CasaKeyfile *file, const char *group, const CasaMetrics *metrics, GError **error)
{
  static const char *const keys[] = { "column", "unit", "metric", "station", NULL };
  CasaSimMapValue v = { 0 };
  if (!casa_keyfile_check_keys(file, group, keys, error))
    return FALSE;
  if (!casa_keyfile_get(file, group, "column"))
    return casa_keyfile_fail(file, group, NULL, error, "write column = NAME, the column that holds it");
  if (!read_metric(&v, file, group, group + strlen(VALUE_GROUP), metrics, error))
    return FALSE;
  v.column = get(file, group, "column");
  v.station = get(file, group, "station");
  g_array_append_val(self->values, v);
  for (guint i = 0; i + 1 < self->values->len; i++) {
    const CasaSimMapValue *other = &g_array_index(self->values, CasaSimMapValue, i);
    if (strcmp(other->metric, v.metric) == 0 && g_strcmp0(other->station, v.station) == 0)
      return casa_keyfile_fail(file, group, NULL, error, "%s is there twice: one column per metric%s", v.metric,
                               v.station ? " of a station" : "");
  }
  return TRUE;
}

/* A column for each hour of the day. */
static gboolean
read_hours(CasaSimMap *self, const CasaKeyfile *file, const CasaMetrics *metrics, GError **error)
{
  static const char *const keys[] = { "columns", "first_hour", "metric", "metric_column", "unit", "unit_column", NULL };
  if (!casa_keyfile_check_keys(file, "hours", keys, error) ||
      !casa_keyfile_get_uint(file, "hours", "first_hour", 0, 24, &self->first_hour, error))
    return FALSE;
  self->hour_columns = casa_keyfile_get_list(file, "hours", "columns");
  self->metric_column = get(file, "hours", "metric_column");
  self->unit_column = get(file, "hours", "unit_column");
  if (!self->hour_columns || g_strv_length(self->hour_columns) + self->first_hour > 25)
    return casa_keyfile_fail(file, "hours", self->hour_columns ? "columns" : NULL, error,
                             "write columns = H00; H01; …, the columns of a day's hours in their order");
  if (!self->metric_column == !casa_keyfile_get(file, "hours", "metric"))
    return casa_keyfile_fail(file, "hours", NULL, error,
                             "write metric = NAME, or metric_column = NAME, the column that tells it");
  return self->metric_column || read_metric(&self->hour_value, file, "hours", "", metrics, error);
}

static gboolean
read_long(CasaSimMap *self, const CasaKeyfile *file, GError **error)
{
  static const char *const keys[] = { "metric_column", "value_column", "unit_column", NULL };
  if (!casa_keyfile_check_keys(file, "long", keys, error))
    return FALSE;
  self->metric_column = get(file, "long", "metric_column");
  self->value_column = get(file, "long", "value_column");
  self->unit_column = get(file, "long", "unit_column");
  return (self->metric_column && self->value_column) ||
         casa_keyfile_fail(file, "long", NULL, error, "a table with a row per metric needs metric_column and value_column");
}

static gboolean
read_groups(CasaSimMap *self, const CasaKeyfile *file, const CasaMetrics *metrics, GError **error)
{
  static const char *const required[] = { "replay", "time", "station" };
  static const char *const others[] = { "replay", "time", "station", "long", "hours", NULL };
  for (guint i = 0; i < G_N_ELEMENTS(required); i++) {
    if (!casa_keyfile_has_group(file, required[i]))
      return casa_keyfile_fail(file, required[i], NULL, error,
                               "this group is missing (casa-sim --print-map FILE proposes a mapping)");
  }
  for (const char *const *g = casa_keyfile_groups(file); *g; g++) {
    if (g_str_has_prefix(*g, VALUE_GROUP)) {
      if (!read_value(self, file, *g, metrics, error))
        return FALSE;
    } else if (!g_strv_contains(others, *g)) {
      return casa_keyfile_fail(file, *g, NULL, error,
                               "unknown group: write [replay], [time], [station], [value METRIC], [long] or [hours]");
    }
  }
  if (casa_keyfile_has_group(file, "hours")) {
    if (self->values->len > 0 || casa_keyfile_has_group(file, "long"))
      return casa_keyfile_fail(file, "hours", NULL, error, "a table of hours has no [value METRIC] and no [long]");
    return read_hours(self, file, metrics, error);
  }
  if (casa_keyfile_has_group(file, "long") && self->values->len > 0)
    return casa_keyfile_fail(file, "long", NULL, error,
                             "a table has a column per metric ([value METRIC]) or a row per metric ([long]), not both");
  if (casa_keyfile_has_group(file, "long"))
    return read_long(self, file, error);
  if (self->values->len > CASA_FIELDS_MAX)
    return casa_keyfile_fail(file, "replay", NULL, error, "more than %d values: a message takes no more", CASA_FIELDS_MAX);
  return self->values->len > 0 ||
         casa_keyfile_fail(file, "replay", NULL, error, "no [value METRIC]: nothing would be published");
}

CasaSimMap *
casa_sim_map_new(CasaKeyfile *file, const CasaMetrics *metrics, GError **error)
{
  CasaSimMap *self = g_new0(CasaSimMap, 1);
  self->file = file;
  self->values = g_array_new(FALSE, TRUE, sizeof(CasaSimMapValue));
  g_array_set_clear_func(self->values, value_clear);
  if (read_groups(self, file, metrics, error) && read_replay(self, file, metrics, error) && read_time(self, file, error) &&
      read_station(self, file, error))
    return self;
  casa_sim_map_free(self);
  return NULL;
}

CasaSimMap *
casa_sim_map_load(const char *path, const CasaMetrics *metrics, GError **error)
{
  CasaKeyfile *file = casa_keyfile_load(path, error);
  return file ? casa_sim_map_new(file, metrics, error) : NULL;
}
