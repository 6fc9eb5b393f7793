/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "base/config-places.h"

#include <string.h>

#define GROUP "quota"
#define NAME_MAX_BYTES 64 /* of a source: a level of a topic */

const char *
casa_config_quota_source(const char *group)
{
  return g_str_has_prefix(group, GROUP " ") ? group + strlen(GROUP " ") : NULL;
}

const CasaQuotaLimits *
casa_config_quota(const CasaConfig *self, const char *source)
{
  const CasaQuotaLimits *own = g_hash_table_lookup(self->quotas, source);
  return own ? own : &self->quota;
}

static gboolean
read_limits(const CasaKeyfile *file, const char *group, CasaQuotaLimits *out, GError **error)
{
  return casa_keyfile_get_uint(file, group, "messages", 0, 10000000, &out->messages, error) &&
         casa_keyfile_get_uint(file, group, "burst", 1, 1000000000, &out->burst, error) &&
         casa_keyfile_get_uint(file, group, "bytes", 0, 1000000000, &out->bytes, error) &&
         casa_keyfile_get_uint(file, group, "work", 0, 1000, &out->work, error) &&
         casa_keyfile_get_uint(file, group, "series", 0, 10000000, &out->series, error);
}

static gboolean
read_source(CasaConfig *self, const CasaKeyfile *file, const char *group, GError **error)
{
  const char *source = casa_config_quota_source(group);
  gsize len = strlen(source);
  if (len < 1 || len > NAME_MAX_BYTES || strspn(source, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
    return casa_keyfile_fail(file, group, NULL, error,
                             "\"%s\" is no source; write the name of a team, of a-z, 0-9, _ and -, as in its topics", source);
  CasaQuotaLimits limits = *casa_config_quota(self, source);
  if (!read_limits(file, group, &limits, error))
    return FALSE;
  g_hash_table_insert(self->quotas, g_strdup(source), g_memdup2(&limits, sizeof limits));
  return TRUE;
}

/* The source that indicators.conf calls the city's own. A mistake in that file is told by who shows it. */
static char *
own_source(const CasaConfig *self)
{
  g_autofree char *path = g_build_filename(self->dir, "indicators.conf", NULL);
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, NULL);
  const char *source = file ? casa_keyfile_get(file, "own", "source") : NULL;

  return g_strdup(source ? source : CASA_OWN_SOURCE);
}

/* The simulator is ours, and may fill in days of past as fast as it can. */
void
casa_config_quota_defaults(CasaConfig *self)
{
  CasaQuotaLimits none = { .burst = 1 };
  self->quota = (CasaQuotaLimits){ .messages = 5000, .burst = 200000, .bytes = 4000000, .work = 400, .series = 5000 };
  self->quotas = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  self->own = own_source(self);
  g_hash_table_insert(self->quotas, g_strdup(self->own), g_memdup2(&none, sizeof none));
}

gboolean
casa_config_quota_load(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  const char *const *groups = casa_keyfile_groups(file);
  if (!read_limits(file, GROUP, &self->quota, error))
    return FALSE;
  for (guint i = 0; groups[i]; i++)
    if (casa_config_quota_source(groups[i]) && !read_source(self, file, groups[i], error))
      return FALSE;
  return TRUE;
}
