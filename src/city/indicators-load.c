/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "city/city-resources.h"
#include "city/domain-files.h"
#include "city/indicators-private.h"

#include <string.h>

#define OWN "own"
#define SHIPPED "/casa-pulse/indicators.conf"

static CasaIndicators *
new_set(CasaMetrics *metrics)
{
  CasaIndicators *self = g_new0(CasaIndicators, 1);

  self->refs = 1;
  self->metrics = metrics;
  self->kinds = g_ptr_array_new_with_free_func(casa_station_kind_free);
  self->scales = g_ptr_array_new_with_free_func(casa_scale_free);
  self->limits = g_ptr_array_new_with_free_func(casa_named_limit_free);
  self->indicators = g_ptr_array_new_with_free_func(casa_indicator_free);
  self->domains = g_ptr_array_new_with_free_func(casa_city_domain_free);
  return self;
}

/* The NAME of a group "what NAME"; NULL: another group. */
static const char *
name_of(const char *group, const char *what)
{
  gsize len = strlen(what);

  return strncmp(group, what, len) == 0 && group[len] == ' ' ? group + len + 1 : NULL;
}

static gboolean
check_name(const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  gsize len = strlen(name);

  if (len >= 1 && len <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len)
    return TRUE;
  return casa_keyfile_fail(file, group, NULL, error, "the name is 1 to 64 of a-z, 0-9, _ and -");
}

static gboolean
check_groups(const CasaKeyfile *file, GError **error)
{
  static const char *const whats[] = { "kind", "scale", "limit", "indicator", "domain" };
  const char *const *groups = casa_keyfile_groups(file);

  for (guint i = 0; groups[i]; i++) {
    const char *name = NULL;
    if (strcmp(groups[i], OWN) == 0)
      continue;
    for (guint w = 0; w < G_N_ELEMENTS(whats) && !name; w++)
      name = name_of(groups[i], whats[w]);
    if (!name)
      return casa_keyfile_fail(file, groups[i], NULL, error,
                               "unknown group; known here: [own], [kind NAME], [scale NAME], [limit NAME], [indicator NAME], "
                               "[domain NAME]");
    if (!check_name(file, groups[i], name, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_city(CasaIndicators *self, const CasaKeyfile *file, GError **error)
{
  static const char *const known[] = { "source", NULL };
  const char *source = casa_keyfile_get(file, OWN, "source");

  if (!source)
    return casa_keyfile_fail(file, OWN, "source", error, "missing; write [own] and source = the city's source");
  self->city = g_strdup(source);
  return casa_keyfile_check_keys(file, OWN, known, error);
}

static gboolean
read_kind(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  CasaStationKind *kind = g_new0(CasaStationKind, 1);

  kind->id = g_strdup(name);
  g_ptr_array_add(self->kinds, kind);
  return casa_station_kind_read(file, group, kind, error);
}

static gboolean
read_scale(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  CasaScale *scale = g_new0(CasaScale, 1);

  scale->id = g_strdup(name);
  g_ptr_array_add(self->scales, scale);
  return casa_scale_read(file, group, scale, error);
}

static gboolean
read_limit(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  CasaNamedLimit *limit = g_new0(CasaNamedLimit, 1);

  limit->id = g_strdup(name);
  g_ptr_array_add(self->limits, limit);
  return casa_limit_read(file, group, &limit->limit, error);
}

/* Only the name: what it says may speak of others. */
static gboolean
add_indicator(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  CasaIndicator *indicator = g_new0(CasaIndicator, 1);

  indicator->id = g_strdup(name);
  indicator->index = self->indicators->len;
  g_ptr_array_add(self->indicators, indicator);
  return TRUE;
}

static gboolean
read_indicator(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  CasaIndicator *indicator = (CasaIndicator *)casa_indicators_find(self, name);

  return casa_indicator_read(self, file, group, indicator, error);
}

static gboolean
read_domain(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name, GError **error)
{
  CasaCityDomain *domain = g_new0(CasaCityDomain, 1);

  domain->id = g_strdup(name);
  domain->curves = g_array_new(FALSE, FALSE, sizeof(CasaDomainCurve));
  g_ptr_array_add(self->domains, domain);
  return casa_city_domain_read(self, file, group, domain, error);
}

typedef gboolean (*ReadFunc)(CasaIndicators *self, const CasaKeyfile *file, const char *group, const char *name,
                             GError **error);

static gboolean
read_groups(CasaIndicators *self, const CasaKeyfile *file, const char *what, ReadFunc read, GError **error)
{
  const char *const *groups = casa_keyfile_groups(file);

  for (guint i = 0; groups[i]; i++) {
    const char *name = name_of(groups[i], what);
    if (name && !read(self, file, groups[i], name, error))
      return FALSE;
  }
  return TRUE;
}

/* @file and @metrics (transfer full), each NULL after an error of its own. @dir: of the files of domains; NULL: without
 * them. */
static CasaIndicators *
read_set(CasaKeyfile *file, const char *dir, CasaMetrics *metrics, GError **error)
{
  g_autoptr(CasaIndicators) self = new_set(metrics);
  const gboolean sound =
    file && metrics && (!dir || casa_domain_files_add(file, dir, CASA_DOMAIN_INDICATORS, error)) && check_groups(file, error) &&
    read_city(self, file, error) && read_groups(self, file, "kind", read_kind, error) &&
    read_groups(self, file, "scale", read_scale, error) && read_groups(self, file, "limit", read_limit, error) &&
    read_groups(self, file, "indicator", add_indicator, error) && read_groups(self, file, "indicator", read_indicator, error) &&
    read_groups(self, file, "domain", read_domain, error);
  casa_keyfile_free(file);
  return sound ? g_steal_pointer(&self) : NULL;
}

static CasaKeyfile *
shipped_file(GError **error)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data(casa_city_get_resource(), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  gsize len;

  if (!bytes)
    return NULL;
  const char *text = g_bytes_get_data(bytes, &len);
  return casa_keyfile_parse(text, len, "indicators.conf (built in)", error);
}

CasaIndicators *
casa_indicators_load_file(const char *path, const char *dir, GError **error)
{
  CasaKeyfile *file = casa_keyfile_load(path, error);

  return read_set(file, dir, file ? casa_metrics_load(dir, error) : NULL, error);
}

CasaIndicators *
casa_indicators_load(const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename(dir, "indicators.conf", NULL);
  CasaKeyfile *file = g_file_test(path, G_FILE_TEST_EXISTS) ? casa_keyfile_load(path, error) : shipped_file(error);

  return read_set(file, dir, file ? casa_metrics_load(dir, error) : NULL, error);
}

/* Nothing to show, but the house stands: metrics.conf has not what the built-in file speaks of. */
static CasaIndicators *
empty_set(void)
{
  g_autoptr(CasaKeyfile) file = shipped_file(NULL);
  CasaIndicators *self = new_set(NULL);

  if (!file || !read_city(self, file, NULL))
    self->city = g_strdup("");
  return self;
}

CasaIndicators *
casa_indicators_load_or_shipped(const char *dir, GError **out_fault)
{
  CasaIndicators *self = casa_indicators_load(dir, out_fault);

  if (self)
    return self;
  self = read_set(shipped_file(NULL), NULL, casa_metrics_load(dir, NULL), NULL);
  return self ? self : empty_set();
}
