/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

typedef struct {
  char *file, *key;
  guint line;
} CasaErrorPrivate;

static void
casa_error_private_init(CasaErrorPrivate *self)
{
}

static void
casa_error_private_copy(const CasaErrorPrivate *from, CasaErrorPrivate *to)
{
  *to = (CasaErrorPrivate){ g_strdup(from->file), g_strdup(from->key), from->line };
}

static void
casa_error_private_clear(CasaErrorPrivate *self)
{
  g_free(self->file);
  g_free(self->key);
}

G_DEFINE_EXTENDED_ERROR(CasaError, casa_error)

gboolean
casa_error_get_place(const GError *error, const char **out_file, guint *out_line, const char **out_key)
{
  const CasaErrorPrivate *self = error && error->domain == CASA_ERROR ? casa_error_get_private(error) : NULL;

  if (!self || !self->file)
    return FALSE;
  *out_file = self->file;
  *out_line = self->line;
  *out_key = self->key;
  return TRUE;
}

void
casa_error_set_place(GError *error, const char *path, guint line, const char *key)
{
  if (!error || error->domain != CASA_ERROR)
    return;
  CasaErrorPrivate *self = casa_error_get_private(error);
  casa_error_private_clear(self);
  *self = (CasaErrorPrivate){ g_path_get_basename(path), g_strdup(key), line };
}

int
casa_error_exit_status(const GError *error)
{
  if (!error)
    return 0;
  if (g_error_matches(error, CASA_ERROR, CASA_ERROR_USAGE) || g_error_matches(error, CASA_ERROR, CASA_ERROR_CONFIG) ||
      g_error_matches(error, CASA_ERROR, CASA_ERROR_ZONE))
    return 2;
  if (error->domain == G_OPTION_ERROR)
    return 2;
  return 1;
}
