/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-shapes.h"

#include <string.h>

#include "replay-map.h"
#include "replay-series.h"
#include "wire/emit.h"

#define NONE CASA_SIM_NO_COLUMN
#define MIN_HOURS 20 /* fewer are no day */
#define MIN_STATIONS 2

void
casa_sim_propose_question(GString *out, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_string_append_printf(out, "# QUESTION: %s\n", g_strdelimit(text, "\n\r", ' '));
}

char *
casa_sim_table_naming(const CasaSimTable *table, guint i)
{
  const char *name = casa_sim_table_column(table, i)->name;
  for (const char *c = name; *c; c++) {
    if ((guchar)*c < 0x20 || *c == '\\')
      return g_strdup_printf("%u", i + 1);
  }
  return *name ? g_strdup(name) : g_strdup_printf("%u", i + 1);
}

/* "air_2026_pm10.csv" names a metric. NULL: it names none. */
static const CasaMetric *
metric_of_file(const CasaSimTable *table, const char *file_name)
{
  g_autofree char *base = g_path_get_basename(file_name);
  char *dot = strrchr(base, '.');
  if (dot)
    *dot = '\0';
  g_auto(CasaSimSeriesName) series = casa_sim_series_split(table->metrics, base);
  if (series.known)
    return series.known;
  g_auto(GStrv) words = g_strsplit_set(base, " _-.", -1);
  for (char **w = words; *w; w++) {
    const CasaMetric *m = **w ? casa_metrics_find(table->metrics, *w, strlen(*w)) : NULL;
    if (m)
      return m;
  }
  return NULL;
}

/* ---- hours ---- */

/* "H05", "5", "05:00", "5h", "hour_5" → 5; -1: no hour. */
static int
hour_of(const char *name)
{
  static const char *const before[] = { "heure", "hour", "hora", "hr", "h", "" };
  g_autofree char *text = g_ascii_strdown(name, -1);
  const char *p = g_strstrip(text);
  for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
    if (g_str_has_prefix(p, before[i])) {
      p += strlen(before[i]);
      break;
    }
  }
  while (*p == '_' || *p == ' ' || *p == '-')
    p++;
  gsize digits = strspn(p, "0123456789");
  int hour = digits >= 1 && digits <= 2 ? (int)g_ascii_strtoll(p, NULL, 10) : -1;
  p += digits;
  gboolean ends = !*p || strcmp(p, ":00") == 0 || strcmp(p, "h") == 0 || strcmp(p, "h00") == 0 || strcmp(p, ":00:00") == 0;
  return ends && hour <= 24 ? hour : -1;
}

/* The columns of hours that follow each other: where, how many, and the first one's number. */
static guint
find_hours(const CasaSimTable *table, GArray *out, int *first)
{
  *first = -1;
  for (guint i = 0; i < table->columns->len; i++) {
    const CasaSimColumn *c = casa_sim_table_column(table, i);
    int hour = c->taken ? -1 : hour_of(c->name);
    if (hour < 0 || (out->len == 0 && hour > 1) || (out->len > 0 && hour != *first + (int)out->len))
      continue;
    if (out->len == 0)
      *first = hour;
    g_array_append_val(out, i);
  }
  return out->len;
}

gboolean
casa_sim_table_has_hours(const CasaSimTable *table)
{
  int first;
  g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(guint));
  return find_hours(table, hours, &first) >= MIN_HOURS;
}

static void
write_hours_metric(CasaSimTable *table, const char *file_name, GString *out)
{
  static const char *const metrics[] = { "parameter", "parametre", "metric",   "variable",   "pollutant",
                                         "polluant",  "magnitude", "magnitud", "indicateur", NULL };
  guint metric = casa_sim_table_by_words(table, metrics, FALSE);
  const CasaMetric *named = metric_of_file(table, file_name);
  if (metric != NONE) {
    g_autofree char *name = casa_sim_table_naming(table, metric);
    g_string_append_printf(out, "metric_column = %s\n", name);
    casa_sim_table_column(table, metric)->taken = TRUE;
  } else if (named) {
    casa_sim_propose_question(out, "is it %s that these hours tell? Only the file's name says so.", named->id);
    g_string_append_printf(out, "metric = %s\n", named->id);
    table->akin = named;
  } else {
    casa_sim_propose_question(out, "which metric do these hours tell? Nothing in the table names one.");
    g_string_append(out, "metric = ?\n");
  }
}

gboolean
casa_sim_propose_hours(CasaSimTable *table, const char *file_name, GString *out)
{
  int first;
  g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(guint));
  if (find_hours(table, hours, &first) < MIN_HOURS)
    return FALSE;
  g_string_append(out, "\n[hours]\n");
  write_hours_metric(table, file_name, out);
  if (first > 0)
    casa_sim_propose_question(out,
                              "is the hour %u the one from 00:00 to 01:00, dated with its beginning (first_hour = 0), or the "
                              "moment 01:00 (first_hour = 1)?",
                              (guint)first);
  g_string_append(out, "first_hour = 0\ncolumns = ");
  for (guint i = 0; i < hours->len; i++) {
    guint k = g_array_index(hours, guint, i);
    g_autofree char *name = casa_sim_table_naming(table, k);
    g_string_append_printf(out, "%s%s", i ? "; " : "", name);
    casa_sim_table_column(table, k)->taken = TRUE;
  }
  g_string_append_c(out, '\n');
  return TRUE;
}

/* ---- stations ---- */

/* A column of one station. */
typedef struct {
  guint column;
  char *station, *metric;
  const CasaMetric *known;
} Own;

static void
own_clear(gpointer data)
{
  Own *o = data;
  g_free(o->station);
  g_free(o->metric);
}

static gboolean
is_open(const CasaSimColumn *c)
{
  return !c->taken && !c->metric && casa_sim_column_is_numeric(c);
}

/* "Zone 1 Power Consumption" → "Zone 1" and "power_consumption"; so is "Power Consumption Zone 1". */
static gboolean
split_numbered(const char *name, Own *out)
{
  g_auto(GStrv) words = g_strsplit_set(name, " _", -1);
  g_autoptr(GString) before = g_string_new(NULL), after = g_string_new(NULL);
  int number = -1; /* of the word that is one */
  for (int i = 0; words[i] && number < 0; i++)
    number = i > 0 && *words[i] && words[i][strspn(words[i], "0123456789")] == '\0' ? i : -1;
  if (number < 1)
    return FALSE;
  for (int i = 0; words[i]; i++) {
    if (*words[i] && i < number - 1)
      g_string_append_printf(before, "%s%s", before->len ? " " : "", words[i]);
    if (*words[i] && i > number)
      g_string_append_printf(after, "%s%s", after->len ? " " : "", words[i]);
  }
  if (after->len == 0 && before->len == 0)
    return FALSE;
  gboolean front = after->len > 0;
  out->metric = casa_sim_map_slug(front ? after->str : before->str, '_');
  out->station = front && before->len ? g_strdup_printf("%s %s %s", before->str, words[number - 1], words[number])
                                      : g_strdup_printf("%s %s", words[number - 1], words[number]);
  if (*out->metric && !casa_emit_is_reserved(out->metric))
    return TRUE;
  own_clear(out);
  return FALSE;
}

static guint
n_alike(const GArray *own, const char *metric)
{
  guint n = 0;
  for (guint i = 0; i < own->len; i++)
    n += strcmp(g_array_index(own, Own, i).metric, metric) == 0;
  return n;
}

/* Whether a metric of a station is told by another column already. */
static gboolean
is_told(const CasaSimTable *table, const GArray *own, const Own *now)
{
  for (guint i = 0; !*now->station && i < table->columns->len; i++) {
    const CasaSimColumn *c = casa_sim_table_column(table, i);
    if (c->taken && c->metric && c->metric == now->known)
      return TRUE;
  }
  for (guint i = 0; i < own->len; i++) {
    const Own *other = &g_array_index(own, Own, i);
    if (strcmp(other->metric, now->metric) == 0 && strcmp(other->station, now->station) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Columns whose names tell station and metric. */
static void
find_named(const CasaSimTable *table, gboolean stations, GArray *out)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CasaSimColumn *c = casa_sim_table_column(table, i);
    if (!is_open(c))
      continue;
    g_autofree char *words = c->unit ? g_strndup(c->name, strcspn(c->name, "([")) : g_strdup(c->name);
    g_auto(CasaSimSeriesName) series = casa_sim_series_split(table->metrics, words);
    Own own = { i, NULL, NULL, series.known };
    if (series.known) {
      own.station = g_steal_pointer(&series.station);
      own.metric = g_strdup(series.known->id);
    } else if (!split_numbered(c->name, &own)) {
      continue;
    }
    if ((*own.station && !stations) || is_told(table, out, &own))
      own_clear(&own);
    else
      g_array_append_val(out, own);
  }
  for (guint i = out->len; i-- > 0;) { /* a number in a name says little, unless another column has another */
    const Own *own = &g_array_index(out, Own, i);
    if (!own->known && n_alike(out, own->metric) < MIN_STATIONS)
      g_array_remove_index(out, i);
  }
}

/* Columns that are named as stations only, all of the metric that the file is named after. */
static void
find_bare(const CasaSimTable *table, const char *file_name, GArray *out)
{
  const CasaMetric *metric = metric_of_file(table, file_name);
  for (guint i = 0; i < table->columns->len; i++) {
    const CasaSimColumn *c = casa_sim_table_column(table, i);
    Own own = { i, g_strdup(c->name), g_strdup(metric ? metric->id : "?"), metric };
    if (is_open(c) && *c->slug)
      g_array_append_val(out, own);
    else
      own_clear(&own);
  }
  if (out->len < MIN_STATIONS)
    g_array_set_size(out, 0);
}

/* "power_consumption" is none of metrics.conf, and yet of the domain of power. */
static void
note_domain(CasaSimTable *table, const char *metric)
{
  g_auto(GStrv) words = g_strsplit(metric, "_", -1);
  for (char **w = words; *w && !table->akin; w++)
    table->akin = casa_metrics_find(table->metrics, *w, strlen(*w));
}

static void
write_own(CasaSimTable *table, const Own *own, GString *out)
{
  g_autofree char *name = casa_sim_table_naming(table, own->column);
  g_autofree char *place = g_strdelimit(g_strdup(own->station), "\n\r\\", ' ');
  CasaSimColumn *c = casa_sim_table_column(table, own->column);
  c->metric = own->known;
  c->taken = TRUE;
  note_domain(table, own->metric);
  if (*place)
    g_string_append_printf(out, "\n[value %u]\nmetric = %s\nstation = %s\ncolumn = %s\n", own->column + 1, own->metric, place,
                           name);
  else
    g_string_append_printf(out, "\n[value %s]\ncolumn = %s\n", own->metric, name);
  const char *unit = own->known && !c->unit ? casa_sim_table_unit_by_size(table, c) : NULL;
  double factor, offset;
  if (unit)
    casa_sim_propose_question(out, "which unit is it? None is told; the numbers are only possible in %s.", unit);
  else if (own->known && c->unit && casa_metrics_convert(table->metrics, own->known, c->unit, &factor, &offset))
    unit = c->unit;
  if (unit)
    g_string_append_printf(out, "unit = %s\n", unit);
}

guint
casa_sim_propose_stations(CasaSimTable *table, const char *file_name, gboolean stations, gboolean alone, GString *out,
                          guint *placed)
{
  g_autoptr(GArray) own = g_array_new(FALSE, TRUE, sizeof(Own));
  g_array_set_clear_func(own, own_clear);
  find_named(table, stations, own);
  if (own->len == 0 && alone) {
    find_bare(table, file_name, own);
    if (own->len > 0 && g_array_index(own, Own, 0).known)
      casa_sim_propose_question(out, "are these columns stations, and is it %s that they tell? Only the file's name says so.",
                                g_array_index(own, Own, 0).metric);
    else if (own->len > 0)
      casa_sim_propose_question(
        out, "which metric do these columns tell? They look like one station each; if they are metrics of one "
             "station, write their names for metric and take station away.");
  } else if (own->len > 0) {
    casa_sim_propose_question(out, "are these columns of the stations and metrics that their names were taken for?");
  }
  *placed = 0;
  for (guint i = 0; i < own->len; i++) {
    const Own *o = &g_array_index(own, Own, i);
    *placed += *o->station != '\0';
    write_own(table, o, out);
  }
  return own->len;
}
