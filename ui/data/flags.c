/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/flags.h"

struct _CasaFlags {
  GPtrArray *flags; /* CasaFlag *, by from_ms, rising */
  guint generation;
};

static void
flag_free(gpointer data)
{
  CasaFlag *self = data;

  g_free((char *)self->id);
  g_free((char *)self->domain);
  g_free((char *)self->sign);
  g_free(self->text.fr);
  g_free(self->text.en);
  g_free(self->text.ar);
  g_free(self);
}

static CasaFlag *
flag_copy(const CasaFlag *from)
{
  CasaFlag *copy = g_memdup2(from, sizeof *from);

  copy->id = g_strdup(from->id);
  copy->domain = g_strdup(from->domain);
  copy->sign = g_strdup(from->sign);
  copy->text = (CasaText){ g_strdup(from->text.fr), g_strdup(from->text.en), g_strdup(from->text.ar) };
  return copy;
}

CasaFlags *
casa_flags_new(void)
{
  CasaFlags *self = g_new0(CasaFlags, 1);

  self->flags = g_ptr_array_new_with_free_func(flag_free);
  return self;
}

void
casa_flags_free(CasaFlags *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->flags);
  g_free(self);
}

static guint
index_of(const CasaFlags *self, const char *id)
{
  for (guint i = 0; i < self->flags->len; i++)
    if (g_str_equal(((const CasaFlag *)self->flags->pdata[i])->id, id))
      return i;
  return G_MAXUINT;
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
  const CasaFlag *left = *(const CasaFlag *const *)a, *right = *(const CasaFlag *const *)b;

  return (left->from_ms > right->from_ms) - (left->from_ms < right->from_ms);
}

static gboolean
is_same(const CasaFlag *a, const CasaFlag *b)
{
  return a->from_ms == b->from_ms && a->to_ms == b->to_ms && a->grave == b->grave && a->note == b->note &&
         g_strcmp0(a->domain, b->domain) == 0 && g_strcmp0(a->sign, b->sign) == 0 && g_strcmp0(a->text.fr, b->text.fr) == 0 &&
         g_strcmp0(a->text.en, b->text.en) == 0 && g_strcmp0(a->text.ar, b->text.ar) == 0;
}

void
casa_flags_put(CasaFlags *self, const CasaFlag *flag)
{
  CasaFlag *copy = flag_copy(flag); /* before: @flag may be the one that goes */
  guint i = index_of(self, flag->id);

  if (i != G_MAXUINT && is_same(self->flags->pdata[i], copy)) {
    flag_free(copy);
    return;
  }
  if (i != G_MAXUINT)
    g_ptr_array_remove_index(self->flags, i);
  g_ptr_array_add(self->flags, copy);
  g_ptr_array_sort(self->flags, by_time);
  self->generation++;
}

gboolean
casa_flags_remove(CasaFlags *self, const char *id)
{
  guint i = index_of(self, id);

  if (i == G_MAXUINT)
    return FALSE;
  g_ptr_array_remove_index(self->flags, i);
  self->generation++;
  return TRUE;
}

guint
casa_flags_n(const CasaFlags *self)
{
  return self->flags->len;
}

const CasaFlag *
casa_flags_get(const CasaFlags *self, guint i)
{
  return i < self->flags->len ? self->flags->pdata[i] : NULL;
}

const CasaFlag *
casa_flags_find(const CasaFlags *self, const char *id)
{
  return casa_flags_get(self, index_of(self, id));
}

gboolean
casa_flag_concerns(const CasaFlag *flag, const char *domain)
{
  return !flag->domain || g_strcmp0(flag->domain, domain) == 0;
}

guint
casa_flags_generation(const CasaFlags *self)
{
  return self->generation;
}
