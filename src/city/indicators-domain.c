/* SPDX-License-Identifier: Apache-2.0 */
#include "city/indicators-private.h"

#include <string.h>

/* [domain NAME] of indicators.conf. */

void
casa_city_domain_free(gpointer data)
{
  CasaCityDomain *self = data;

  g_free(self->id);
  casa_text_clear(&self->name);
  g_array_unref(self->curves);
  g_strfreev(self->map_kinds);
  g_free(self);
}

/* The words of @text, without blanks. (transfer full) */
static char **
words_of(const char *text)
{
  g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_strv_builder_add(builder, words[i]);
  return g_strv_builder_end(builder);
}

static gboolean
parse_colour(const char *text, guint32 *out)
{
  guint64 value;

  if (text[0] != '#' || strlen(text) != 7 || !g_ascii_string_to_unsigned(text + 1, 16, 0, 0xFFFFFF, &value, NULL))
    return FALSE;
  *out = (guint32)value;
  return TRUE;
}

static gboolean
read_colours(const CasaKeyfile *file, const char *group, const char *key, const CasaDomainColours *def, CasaDomainColours *out,
             GError **error)
{
  const char *text = casa_keyfile_get(file, group, key);

  *out = *def;
  if (!text)
    return TRUE;
  g_auto(GStrv) words = words_of(text);
  guint n = g_strv_length(words);
  if (n > 2 || !parse_colour(words[0], &out->first) || (n == 2 && !parse_colour(words[1], &out->second)))
    return casa_keyfile_fail(file, group, key, error, "\"%s\" is not one colour or two, such as #56B4E9", text);
  if (n == 1)
    out->second = out->first;
  return TRUE;
}

static gboolean
read_style(const CasaKeyfile *file, const char *group, const char *word, CasaDomainCurve *out, GError **error)
{
  if (strcmp(word, "second") == 0)
    out->accent = CASA_ACCENT_SECOND;
  else if (strcmp(word, "muted") == 0)
    out->accent = CASA_ACCENT_MUTED;
  else if (strcmp(word, "dashed") == 0)
    out->dashed = TRUE;
  else if (strcmp(word, "fill") == 0)
    out->fill = TRUE;
  else if (strcmp(word, "focus") == 0)
    out->focus_only = TRUE;
  else
    return casa_keyfile_fail(file, group, "curves", error, "\"%s\" is none of: second, muted, dashed, fill, focus", word);
  return TRUE;
}

static gboolean
read_curve(const CasaIndicators *set, const CasaKeyfile *file, const char *group, const char *text, CasaCityDomain *out,
           GError **error)
{
  g_auto(GStrv) words = words_of(text);
  CasaDomainCurve curve = { .indicator = NULL };

  if (!casa_reference_read(set, file, group, "curves", words[0], &curve.indicator, error))
    return FALSE;
  for (guint i = 1; words[i]; i++)
    if (!read_style(file, group, words[i], &curve, error))
      return FALSE;
  g_array_append_val(out->curves, curve);
  return TRUE;
}

/* The big number is the end of a line that is seen; else the two would be two quantities. */
static gboolean
has_headline(const CasaCityDomain *self)
{
  for (guint i = 0; i < self->curves->len; i++) {
    const CasaDomainCurve *curve = &g_array_index(self->curves, CasaDomainCurve, i);
    if (curve->indicator == self->headline && !curve->focus_only)
      return TRUE;
  }
  return FALSE;
}

static gboolean
read_curves(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaCityDomain *out, GError **error)
{
  g_auto(GStrv) list = casa_keyfile_get_list(file, group, "curves");

  for (guint i = 0; list && list[i]; i++)
    if (!read_curve(set, file, group, list[i], out, error))
      return FALSE;
  if (!out->headline || has_headline(out))
    return TRUE;
  if (list)
    return casa_keyfile_fail(file, group, "curves", error,
                             "the headline %s is not among them: its number would be none of the lines", out->headline->id);
  const CasaDomainCurve only = { .indicator = out->headline };
  g_array_append_val(out->curves, only);
  return TRUE;
}

gboolean
casa_city_domain_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaCityDomain *out,
                      GError **error)
{
  static const char *const known[] = {
    "name_fr", "name_en", "name_ar", "dark", "light", "contrast", "headline", "curves", "field", "map_kinds", "kinds", NULL
  }; /* kinds: read by metrics.c */
  /* Of a domain that names no colour: as bright as muted ink, so that it is seen in its theme. */
  static const CasaDomainColours dark = { 0xB9C4D6, 0x9FB0C6 }, light = { 0x4F5B6E, 0x4A5A72 },
                                 contrast = { 0xFFFFFF, 0xE6E6E6 };
  const CasaText id = { out->id, out->id, out->id };

  casa_text_read(file, group, "name", &id, &out->name);
  if (!casa_keyfile_check_keys(file, group, known, error))
    return FALSE;
  if (!casa_metrics_has_domain(set->metrics, out->id))
    return casa_keyfile_fail(file, group, NULL, error, "\"%s\" is not declared in metrics.conf", out->id);
  if (!read_colours(file, group, "dark", &dark, &out->dark, error) ||
      !read_colours(file, group, "light", &light, &out->light, error) ||
      !read_colours(file, group, "contrast", &contrast, &out->contrast, error))
    return FALSE;
  out->map_kinds = casa_kinds_read(set, file, group, "map_kinds", error);
  if (!out->map_kinds ||
      !casa_reference_read(set, file, group, "headline", casa_keyfile_get(file, group, "headline"), &out->headline, error) ||
      !casa_reference_read(set, file, group, "field", casa_keyfile_get(file, group, "field"), &out->field, error))
    return FALSE;
  if (out->field && !out->field->scale)
    return casa_keyfile_fail(file, group, "field", error, "%s has no scale to take the colours from", out->field->id);
  return read_curves(set, file, group, out, error);
}
