/* SPDX-License-Identifier: Apache-2.0 */
#include "city/indicators-private.h"

#include <math.h>
#include <string.h>

const char *
casa_text_in(const CasaText *text, const char *lang)
{
  if (g_strcmp0(lang, "ar") == 0)
    return text->ar;
  return g_strcmp0(lang, "en") == 0 ? text->en : text->fr;
}

void
casa_text_clear(CasaText *self)
{
  g_free(self->fr);
  g_free(self->en);
  g_free(self->ar);
}

guint
casa_scale_class(const CasaScale *self, double value, guint decimals)
{
  double unit = pow(10, decimals);
  guint i = self->n - 1;

  if (!isfinite(value))
    return G_MAXUINT;
  value = round(value * unit) / unit;
  while (i > 0 && value < self->from[i])
    i--;
  return i;
}

const CasaDomainColours *
casa_city_domain_colours(const CasaCityDomain *self, const char *theme)
{
  if (g_strcmp0(theme, "light") == 0)
    return &self->light;
  return g_strcmp0(theme, "contrast") == 0 ? &self->contrast : &self->dark;
}

CasaIndicators *
casa_indicators_ref(CasaIndicators *self)
{
  g_atomic_int_inc(&self->refs);
  return self;
}

void
casa_indicators_unref(CasaIndicators *self)
{
  if (!self || !g_atomic_int_dec_and_test(&self->refs))
    return;
  g_ptr_array_unref(self->domains);
  g_ptr_array_unref(self->indicators);
  g_ptr_array_unref(self->limits);
  g_ptr_array_unref(self->scales);
  g_ptr_array_unref(self->kinds);
  casa_metrics_free(self->metrics);
  g_free(self->city);
  g_free(self);
}

const char *
casa_indicators_city(const CasaIndicators *self)
{
  return self->city;
}

const CasaMetrics *
casa_indicators_metrics(const CasaIndicators *self)
{
  return self->metrics;
}

guint
casa_indicators_n(const CasaIndicators *self)
{
  return self->indicators->len;
}

const CasaIndicator *
casa_indicators_get(const CasaIndicators *self, guint index)
{
  return index < self->indicators->len ? self->indicators->pdata[index] : NULL;
}

const CasaIndicator *
casa_indicators_find(const CasaIndicators *self, const char *id)
{
  for (guint i = 0; i < self->indicators->len; i++) {
    const CasaIndicator *indicator = self->indicators->pdata[i];
    if (g_strcmp0(indicator->id, id) == 0)
      return indicator;
  }
  return NULL;
}

const CasaCityDomain *const *
casa_indicators_domains(const CasaIndicators *self, guint *n)
{
  *n = self->domains->len;
  return (const CasaCityDomain *const *)self->domains->pdata;
}

const CasaCityDomain *
casa_indicators_domain(const CasaIndicators *self, const char *id)
{
  for (guint i = 0; i < self->domains->len; i++) {
    const CasaCityDomain *domain = self->domains->pdata[i];
    if (g_strcmp0(domain->id, id) == 0)
      return domain;
  }
  return NULL;
}

static const CasaStationKind *
kind_by_id(const CasaIndicators *self, const char *id)
{
  for (guint i = 0; i < self->kinds->len; i++) {
    const CasaStationKind *kind = self->kinds->pdata[i];
    if (strcmp(kind->id, id) == 0)
      return kind;
  }
  return NULL;
}

static const CasaStationKind *
kind_by_prefix(const CasaIndicators *self, const char *station)
{
  for (guint i = 0; i < self->kinds->len; i++) {
    const CasaStationKind *kind = self->kinds->pdata[i];
    for (guint p = 0; kind->prefixes[p]; p++)
      if (g_str_has_prefix(station, kind->prefixes[p]))
        return kind;
  }
  return NULL;
}

const CasaStationKind *
casa_indicators_kind(const CasaIndicators *self, const char *source, const char *station, const char *described)
{
  if (strcmp(source, self->city) != 0)
    return NULL;
  return described && *described ? kind_by_id(self, described) : kind_by_prefix(self, station);
}

char *
casa_station_kind_line(const CasaStationKind *kind, const char *station)
{
  if (!kind || kind->line_part == 0)
    return NULL;
  g_auto(GStrv) parts = g_strsplit(station, "-", -1);
  /* The last part numbers the vehicle on its line. */
  return kind->line_part < g_strv_length(parts) ? g_strdup(parts[kind->line_part - 1]) : NULL;
}

gboolean
casa_indicator_takes(const CasaIndicators *self, const CasaIndicator *indicator, const char *source, const char *domain,
                     const char *kind)
{
  gboolean city = strcmp(source, self->city) == 0;

  if ((indicator->whose == CASA_OF_CITY && !city) || (indicator->whose == CASA_OF_TEAMS && city))
    return FALSE;
  if (*indicator->domain && strcmp(indicator->domain, domain) != 0)
    return FALSE;
  return !*indicator->kinds || (kind && g_strv_contains((const char *const *)indicator->kinds, kind));
}
