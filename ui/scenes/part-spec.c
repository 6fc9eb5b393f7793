/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/part-spec.h"
#include "ui/text/lang.h"

CasaPartSpec *
casa_part_spec_new(char *name, char *type)
{
  CasaPartSpec *self = g_new0(CasaPartSpec, 1);

  self->name = name;
  self->type = type;
  self->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
casa_part_spec_free(CasaPartSpec *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->type);
  g_hash_table_unref(self->options);
  g_free(self);
}

const char *
casa_part_spec_get(const CasaPartSpec *self, const char *option)
{
  return g_hash_table_lookup(self->options, option);
}

char **
casa_part_spec_list(const CasaPartSpec *self, const char *option)
{
  const char *value = casa_part_spec_get(self, option);
  g_auto(GStrv) parts = g_strsplit(value ? value : "", ",", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  for (guint i = 0; parts[i]; i++)
    if (*g_strstrip(parts[i]))
      g_strv_builder_add(builder, parts[i]);
  return g_strv_builder_end(builder);
}

const char *
casa_part_spec_text(const CasaPartSpec *self, const char *option)
{
  g_autofree char *own = g_strdup_printf("%s_%s", option, casa_lang_get()), *french = g_strdup_printf("%s_fr", option);
  const char *text = casa_part_spec_get(self, own);

  return text ? text : casa_part_spec_get(self, french);
}
