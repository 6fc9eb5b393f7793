/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-series.h"

#include <string.h>

#define MAX_WORDS 16

void
casa_sim_series_clear(CasaSimSeriesName *self)
{
  g_clear_pointer(&self->station, g_free);
}

static const CasaMetric *
find(const CasaMetrics *metrics, char **words, guint from, guint to)
{
  g_autoptr(GString) name = g_string_new(NULL);
  for (guint i = from; i < to; i++)
    g_string_append_printf(name, "%s%s", i > from ? "_" : "", words[i]);
  return casa_metrics_find(metrics, name->str, name->len);
}

/* A chip measures, it is no place; its number is a matter of the kit. */
static gboolean
is_chip(const char *word)
{
  static const char *const chips[] = { "bme",  "bmp",  "dht",  "sht",    "sds",   "pms",     "scd",   "ds18",
                                       "am23", "ccs8", "mh-z", "htu",    "aht",   "hdc",     "sps",   "hpm",
                                       "ina",  "tsl",  "bh17", "sensor", "sonde", "capteur", "value", "valeur" };
  for (guint i = 0; i < G_N_ELEMENTS(chips); i++) {
    if (g_ascii_strncasecmp(word, chips[i], strlen(chips[i])) == 0)
      return TRUE;
  }
  return FALSE;
}

/* What is left beside a metric when it is another quantity of the same place. */
static gboolean
is_statistic(const char *word)
{
  static const char *const words[] = { "min",   "max",      "mean",   "avg",   "average", "moy",      "moyenne", "std",
                                       "sum",   "total",    "median", "count", "raw",     "sealevel", "sea",     "error",
                                       "err",   "status",   "qc",     "flag",  "limit",   "dur",      "ratio",   "quality",
                                       "valid", "validity", "index",  "delta", NULL };
  g_autofree char *lower = g_ascii_strdown(word, -1);
  return g_strv_contains(words, lower);
}

/* name {station="roof", metric="…"}: as Prometheus and Grafana write it. */
static gboolean
split_labels(const CasaMetrics *metrics, const char *text, CasaSimSeriesName *out)
{
  static const char *const labels[] = {
    "station", "site", "device", "sensor", "location", "name", "host", "entity", "instance"
  };
  const char *open = strchr(text, '{');
  if (!open || !strchr(open, '}'))
    return FALSE;
  g_autofree char *name = g_strstrip(g_strndup(text, (gsize)(open - text)));
  g_auto(GStrv) parts = g_strsplit_set(open, "{},", -1);
  for (guint k = 0; k <= G_N_ELEMENTS(labels) && !out->station; k++) {
    for (guint i = 0; parts[i] && !out->station; i++) {
      char *equals = strpbrk(parts[i], "=:");
      if (!equals)
        continue;
      g_autofree char *label = g_strstrip(g_strndup(parts[i], (gsize)(equals - parts[i])));
      if (k == G_N_ELEMENTS(labels) || g_ascii_strcasecmp(label, labels[k]) == 0)
        out->station = g_strstrip(g_strdelimit(g_strdup(equals + 1), "\"'", ' '));
    }
  }
  out->known = casa_metrics_find(metrics, name, strlen(name));
  return out->station && out->known;
}

/* The words [from, to) but those of chips, as they were written. */
static char *
station_words(char **words, guint from, guint to)
{
  g_autoptr(GString) name = g_string_new(NULL);
  for (guint i = from; i < to; i++) {
    if (is_statistic(words[i]))
      return NULL;
    if (!(to - from == 1 && is_chip(words[i])))
      g_string_append_printf(name, "%s%s", name->len ? " " : "", words[i]);
  }
  return g_strdup(name->str);
}

CasaSimSeriesName
casa_sim_series_split(const CasaMetrics *metrics, const char *text)
{
  CasaSimSeriesName out = { NULL, NULL };
  if (split_labels(metrics, text, &out))
    return out;
  casa_sim_series_clear(&out);
  out.known = NULL;
  const char *entity = g_str_has_prefix(text, "sensor.") || g_str_has_prefix(text, "number.") ? strchr(text, '.') + 1 : text;
  g_autofree char *bare = g_strdup(entity);
  g_strdelimit(bare, "()[]{}", ' ');
  g_auto(GStrv) raw = g_strsplit_set(bare, " _:/|.-", -1);
  char *words[MAX_WORDS + 1];
  guint n = 0;
  for (guint i = 0; raw[i] && n < MAX_WORDS; i++) {
    if (*raw[i])
      words[n++] = raw[i];
  }
  for (guint len = n; len > 0 && !out.known; len--) { /* the longest name of a metric, at the end, then at the beginning */
    if ((out.known = find(metrics, words, n - len, n)))
      out.station = station_words(words, 0, n - len);
    else if ((out.known = find(metrics, words, 0, len)))
      out.station = station_words(words, len, n);
  }
  if (!out.station) {
    out.known = NULL;
    out.station = g_strdup("");
  }
  return out;
}
