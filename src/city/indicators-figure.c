/* SPDX-License-Identifier: Apache-2.0 */
#include "city/indicators-private.h"

#include <math.h>
#include <string.h>

/* [indicator NAME] of indicators.conf. */

#define TEXT_KEYS(key) key "_fr", key "_en", key "_ar"
#define SUM_FRESH 80 /* percent: a city total without a fifth of its parts is no total */

void
casa_indicator_free(gpointer data)
{
  CasaIndicator *self = data;

  g_free(self->id);
  g_free(self->domain);
  g_strfreev(self->kinds);
  g_free((gpointer)self->parts);
  g_free((gpointer)self->limits);
  casa_text_clear(&self->off);
  casa_text_clear(&self->unit);
  casa_text_clear(&self->name);
  casa_text_clear(&self->what);
  casa_text_clear(&self->curve);
  g_free(self);
}

static gboolean
is_derived(const CasaIndicator *self)
{
  return self->fold == CASA_STATIONS_RATIO || self->fold == CASA_STATIONS_INDEX;
}

static gboolean
needs_metric(const CasaIndicator *self)
{
  return !is_derived(self) && self->fold != CASA_STATIONS_COUNT && self->fold != CASA_STATIONS_SOURCES;
}

static gboolean
read_choices(const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  static const char *const folds[] = { "mean",    "sum",   "median", "max",   "min", "count",
                                       "sources", "share", "ratio",  "index", NULL };
  static const char *const whose[] = { "own", "teams", "any", NULL };
  static const char *const says[] = { "nothing", "yesterday", "peak", "class", NULL };
  static const char *const formats[] = { "number", "duration", NULL };
  guint fold = CASA_STATIONS_MEAN, who = CASA_OF_CITY, say = CASA_SAY_YESTERDAY, format = CASA_FORMAT_NUMBER;

  if (!casa_word_read(file, group, "stations", folds, &fold, error) ||
      !casa_word_read(file, group, "source", whose, &who, error) || !casa_word_read(file, group, "say", says, &say, error) ||
      !casa_word_read(file, group, "format", formats, &format, error))
    return FALSE;
  out->fold = (CasaStationsFold)fold;
  out->whose = (CasaWhose)who;
  out->say = (CasaSay)say;
  out->format = (CasaFormat)format;
  return casa_averaging_read(file, group, "over", &out->over_ms, error);
}

static gboolean
read_metric(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  const char *id = casa_keyfile_get(file, group, "metric"), *domain = casa_keyfile_get(file, group, "domain");

  if (needs_metric(out) && !id)
    return casa_keyfile_fail(file, group, "metric", error, "missing; name one of metrics.conf");
  if (!needs_metric(out) && id)
    return casa_keyfile_fail(file, group, "metric", error, "a count, ratio or index has none");
  out->metric = id ? casa_metrics_find(set->metrics, id, strlen(id)) : NULL;
  if (id && !out->metric)
    return casa_keyfile_fail(file, group, "metric", error, "no [%s] in metrics.conf", id);
  if (!domain)
    domain = out->metric ? out->metric->domain : "any";
  gboolean any = strcmp(domain, "any") == 0;
  if (!any && !casa_metrics_has_domain(set->metrics, domain))
    return casa_keyfile_fail(file, group, "domain", error, "\"%s\" is not declared in metrics.conf", domain);
  out->domain = g_strdup(any ? "" : domain);
  out->decimals = out->metric ? out->metric->decimals : 0;
  return casa_keyfile_get_uint(file, group, "decimals", 0, 6, &out->decimals, error);
}

static gboolean
read_unusual(const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  static const char *const words[] = { "all", "district", "line", NULL };
  guint by = CASA_BY_CITY;

  if (!casa_keyfile_get_double(file, group, "unusual", 0, G_MAXDOUBLE, &out->unusual, error) ||
      !casa_keyfile_get_double(file, group, "resolution", 0, G_MAXDOUBLE, &out->resolution, error) ||
      !casa_word_read(file, group, "unusual_by", words, &by, error))
    return FALSE;
  out->unusual_by = (CasaBy)by;
  if (out->resolution > 0 && (!out->metric || out->over_ms))
    return casa_keyfile_fail(file, group, "resolution", error, "only of the newest values of a metric");
  return !(out->unusual > 0) || (out->metric && out->fold != CASA_STATIONS_SHARE && !out->over_ms) ||
         casa_keyfile_fail(file, group, "unusual", error,
                           "only a mean, sum, median, max or min of the newest values of a metric is watched");
}

static gboolean
read_numbers(const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  double fresh = out->fold == CASA_STATIONS_SUM ? SUM_FRESH : 0;

  out->above = out->below = out->off_below = NAN;
  out->zero_based = TRUE;
  if (!casa_keyfile_get_double(file, group, "above", -G_MAXDOUBLE, G_MAXDOUBLE, &out->above, error) ||
      !casa_keyfile_get_double(file, group, "below", -G_MAXDOUBLE, G_MAXDOUBLE, &out->below, error) ||
      !casa_keyfile_get_double(file, group, "off_below", -G_MAXDOUBLE, G_MAXDOUBLE, &out->off_below, error) ||
      !casa_keyfile_get_double(file, group, "fresh", 0, 100, &fresh, error) ||
      !casa_keyfile_get_bool(file, group, "live_only", &out->live_only, error) ||
      !casa_keyfile_get_bool(file, group, "zero_based", &out->zero_based, error) ||
      !casa_keyfile_get_bool(file, group, "forecast", &out->forecast, error))
    return FALSE;
  out->fresh = fresh / 100;
  if (out->forecast && (!out->metric || out->fold == CASA_STATIONS_SHARE || out->over_ms))
    return casa_keyfile_fail(file, group, "forecast", error,
                             "only a mean, sum, median, max or min of the newest values of a metric is forecast");
  if (!read_unusual(file, group, out, error))
    return FALSE;
  guint bounds = (guint)(isfinite(out->above) + isfinite(out->below));
  if (bounds != (out->fold == CASA_STATIONS_SHARE))
    return casa_keyfile_fail(file, group, bounds ? "above" : "stations", error,
                             "a share has one bound, above or below; nothing else has any");
  return TRUE;
}

/* Another indicator that stands for itself, so that none is made of itself. */
static gboolean
read_other(const CasaIndicators *set, const CasaKeyfile *file, const char *group, const char *key, const char *id,
           const CasaIndicator **out, GError **error)
{
  static const char *const derived[] = { "ratio", "index", NULL };

  if (!casa_reference_read(set, file, group, key, id, out, error))
    return FALSE;
  g_autofree char *other = g_strconcat("indicator ", id, NULL);
  const char *fold = casa_keyfile_get(file, other, "stations");
  if (fold && g_strv_contains(derived, fold))
    return casa_keyfile_fail(file, group, key, error, "%s is made of others itself", id);
  return TRUE;
}

static gboolean
read_ratio(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  const char *part = casa_keyfile_get(file, group, "part"), *whole = casa_keyfile_get(file, group, "whole");

  if (out->fold != CASA_STATIONS_RATIO) {
    if (part || whole)
      return casa_keyfile_fail(file, group, part ? "part" : "whole", error, "only a ratio has it");
    return TRUE;
  }
  if (!part || !whole)
    return casa_keyfile_fail(file, group, part ? "whole" : "part", error, "missing; name an indicator");
  return read_other(set, file, group, "part", part, &out->part, error) &&
         read_other(set, file, group, "whole", whole, &out->whole, error);
}

static gboolean
read_parts(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  g_auto(GStrv) ids = casa_keyfile_get_list(file, group, "parts");
  guint n = ids ? g_strv_length(ids) : 0;
  const CasaIndicator **parts = g_new0(const CasaIndicator *, n + 1);

  out->parts = parts;
  if ((n > 0) != (out->fold == CASA_STATIONS_INDEX))
    return casa_keyfile_fail(file, group, n ? "parts" : "stations", error, "an index has parts; nothing else has any");
  for (guint i = 0; i < n; i++) {
    g_autofree char *other = g_strconcat("indicator ", ids[i], NULL);
    if (!read_other(set, file, group, "parts", ids[i], &parts[i], error))
      return FALSE;
    if (!casa_keyfile_get(file, other, "scale"))
      return casa_keyfile_fail(file, group, "parts", error, "%s has no scale", ids[i]);
  }
  return TRUE;
}

static gboolean
read_scale(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  const char *id = casa_keyfile_get(file, group, "scale");

  for (guint i = 0; id && i < set->scales->len; i++) {
    const CasaScale *scale = set->scales->pdata[i];
    if (strcmp(scale->id, id) == 0)
      out->scale = scale;
  }
  if (id && !out->scale)
    return casa_keyfile_fail(file, group, "scale", error, "no [scale %s] in this file", id);
  /* A verdict made for one mean is none on another. What an index counts has been judged already. */
  if (id && out->fold != CASA_STATIONS_INDEX && out->scale->averaging_ms != out->over_ms)
    return casa_keyfile_fail(file, group, "scale", error,
                             "%s is made for another mean than this indicator's; make over and [scale %s] averaging the same",
                             id, id);
  if (out->say == CASA_SAY_CLASS && !id)
    return casa_keyfile_fail(file, group, "say", error, "there is no class without a scale");
  return TRUE;
}

static const CasaLimit *
find_limit(const CasaIndicators *set, const char *id)
{
  for (guint i = 0; i < set->limits->len; i++) {
    const CasaNamedLimit *limit = set->limits->pdata[i];
    if (strcmp(limit->id, id) == 0)
      return &limit->limit;
  }
  return NULL;
}

static gboolean
read_limits(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  g_auto(GStrv) ids = casa_keyfile_get_list(file, group, "limits");
  guint n = ids ? g_strv_length(ids) : 0;
  const CasaLimit **limits = g_new0(const CasaLimit *, n + 1);

  out->limits = limits;
  for (guint i = 0; i < n; i++) {
    limits[i] = find_limit(set, ids[i]);
    if (!limits[i])
      return casa_keyfile_fail(file, group, "limits", error, "no [limit %s] in this file", ids[i]);
  }
  return TRUE;
}

static void
read_texts(const CasaKeyfile *file, const char *group, CasaIndicator *out)
{
  const CasaMetric *metric = out->metric;
  const CasaText id = { out->id, out->id, out->id }, percent = { (char *)"%", (char *)"%", (char *)"%" };
  const CasaText unit = { metric ? metric->unit : NULL, metric ? metric->unit : NULL, metric ? metric->unit : NULL };
  const CasaText name = { metric ? metric->name_fr : NULL, metric ? metric->name_en : NULL, metric ? metric->name_ar : NULL };
  gboolean relative = out->fold == CASA_STATIONS_SHARE || out->fold == CASA_STATIONS_RATIO;

  casa_text_read(file, group, "unit", relative ? &percent : metric ? &unit : NULL, &out->unit);
  casa_text_read(file, group, "name", metric ? &name : &id, &out->name);
  casa_text_read(file, group, "what", &out->name, &out->what);
  casa_text_read(file, group, "curve", &out->name, &out->curve);
  casa_text_read(file, group, "off", NULL, &out->off);
}

gboolean
casa_indicator_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaIndicator *out, GError **error)
{
  static const char *const known[] = { "metric",
                                       "domain",
                                       "kinds",
                                       "source",
                                       "stations",
                                       "above",
                                       "below",
                                       "part",
                                       "whole",
                                       "parts",
                                       "fresh",
                                       "over",
                                       "live_only",
                                       "scale",
                                       "limits",
                                       "say",
                                       "format",
                                       "decimals",
                                       "off_below",
                                       "zero_based",
                                       "forecast",
                                       "unusual",
                                       "unusual_by",
                                       "resolution",
                                       TEXT_KEYS("off"),
                                       TEXT_KEYS("unit"),
                                       TEXT_KEYS("name"),
                                       TEXT_KEYS("what"),
                                       TEXT_KEYS("curve"),
                                       NULL };

  if (!casa_keyfile_check_keys(file, group, known, error) || !read_choices(file, group, out, error) ||
      !read_metric(set, file, group, out, error) || !read_numbers(file, group, out, error))
    return FALSE;
  out->kinds = casa_kinds_read(set, file, group, "kinds", error);
  if (!out->kinds || !read_ratio(set, file, group, out, error) || !read_parts(set, file, group, out, error) ||
      !read_scale(set, file, group, out, error) || !read_limits(set, file, group, out, error))
    return FALSE;
  read_texts(file, group, out);
  if (isfinite(out->off_below) && !*out->off.fr)
    return casa_keyfile_fail(file, group, "off_fr", error, "missing: off_below needs the word");
  return TRUE;
}
