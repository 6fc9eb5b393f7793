/* SPDX-License-Identifier: Apache-2.0 */
#include "city/indicators-private.h"

#include <math.h>
#include <string.h>

/* One group of indicators.conf each. */

#define TEXT_KEYS(key) key "_fr", key "_en", key "_ar"

void
casa_station_kind_free(gpointer data)
{
  CasaStationKind *self = data;

  g_free(self->id);
  casa_text_clear(&self->name);
  g_strfreev(self->prefixes);
  g_free(self);
}

void
casa_scale_free(gpointer data)
{
  CasaScale *self = data;

  g_free(self->id);
  for (guint i = 0; i < CASA_CLASSES_MAX; i++)
    casa_text_clear(&self->words[i]);
  g_free(self->reference);
  g_free(self);
}

void
casa_named_limit_free(gpointer data)
{
  CasaNamedLimit *self = data;

  g_free(self->id);
  casa_text_clear(&self->limit.name);
  casa_text_clear(&self->limit.short_name);
  g_free(self->limit.reference);
  g_free(self);
}

static char *
text_part(const CasaKeyfile *file, const char *group, const char *key, const char *lang)
{
  g_autofree char *full = g_strconcat(key, lang, NULL);

  return g_strdup(casa_keyfile_get(file, group, full));
}

void
casa_text_read(const CasaKeyfile *file, const char *group, const char *key, const CasaText *def, CasaText *out)
{
  *out =
    (CasaText){ text_part(file, group, key, "_fr"), text_part(file, group, key, "_en"), text_part(file, group, key, "_ar") };
  gboolean own = out->fr != NULL;

  if (!own)
    out->fr = g_strdup(def ? def->fr : "");
  if (!out->en)
    out->en = g_strdup(own || !def ? out->fr : def->en);
  if (!out->ar)
    out->ar = g_strdup(own || !def ? out->fr : def->ar);
}

gboolean
casa_word_read(const CasaKeyfile *file, const char *group, const char *key, const char *const *words, guint *out,
               GError **error)
{
  const char *value = casa_keyfile_get(file, group, key);

  if (!value)
    return TRUE;
  for (guint i = 0; words[i]; i++) {
    if (strcmp(words[i], value) == 0) {
      *out = i;
      return TRUE;
    }
  }
  g_autofree char *list = g_strjoinv(", ", (char **)words);
  return casa_keyfile_fail(file, group, key, error, "\"%s\" is none of: %s", value, list);
}

gboolean
casa_averaging_read(const CasaKeyfile *file, const char *group, const char *key, gint64 *out, GError **error)
{
  static const char *const words[] = { "newest", "10m", "1h", "24h", NULL };
  static const gint64 spans[] = { 0, 600000, 3600000, 86400000 };
  guint i = G_MAXUINT;

  if (!casa_word_read(file, group, key, words, &i, error))
    return FALSE;
  if (i != G_MAXUINT)
    *out = spans[i];
  return TRUE;
}

gboolean
casa_station_kind_read(const CasaKeyfile *file, const char *group, CasaStationKind *out, GError **error)
{
  static const char *const known[] = { TEXT_KEYS("name"), "prefixes", "line_part", "moves", NULL };
  const CasaText id = { out->id, out->id, out->id };

  casa_text_read(file, group, "name", &id, &out->name);
  out->prefixes = casa_keyfile_get_list(file, group, "prefixes");
  if (!out->prefixes)
    out->prefixes = g_new0(char *, 1);
  return casa_keyfile_check_keys(file, group, known, error) &&
         casa_keyfile_get_uint(file, group, "line_part", 0, 9, &out->line_part, error) &&
         casa_keyfile_get_bool(file, group, "moves", &out->moves, error);
}

static gboolean
read_bounds(const CasaKeyfile *file, const char *group, CasaScale *out, GError **error)
{
  g_auto(GStrv) from = casa_keyfile_get_list(file, group, "from");

  out->n = from ? g_strv_length(from) : 0;
  if (out->n < 2 || out->n > CASA_CLASSES_MAX)
    return casa_keyfile_fail(file, group, "from", error, "two to %d lower bounds, parted by ';'", CASA_CLASSES_MAX);
  for (guint i = 0; i < out->n; i++) {
    char *end = NULL;
    out->from[i] = g_ascii_strtod(from[i], &end);
    if (end == from[i] || *end != '\0' || !isfinite(out->from[i]))
      return casa_keyfile_fail(file, group, "from", error, "\"%s\" is not a number; write one with a decimal point", from[i]);
    if (i > 0 && out->from[i] <= out->from[i - 1])
      return casa_keyfile_fail(file, group, "from", error, "%s is not above the bound before it", from[i]);
  }
  return TRUE;
}

/* Word @i of the list; the French one where the language has no list. */
static gboolean
read_words(const CasaKeyfile *file, const char *group, const char *key, CasaScale *out, gsize offset, GError **error)
{
  g_auto(GStrv) words = casa_keyfile_get_list(file, group, key);

  if (words && g_strv_length(words) != out->n)
    return casa_keyfile_fail(file, group, key, error, "%u words for %u classes; write one for each, parted by ';'",
                             g_strv_length(words), out->n);
  for (guint i = 0; i < out->n; i++)
    *(char **)((char *)&out->words[i] + offset) = g_strdup(words ? words[i] : out->words[i].fr);
  return TRUE;
}

gboolean
casa_scale_read(const CasaKeyfile *file, const char *group, CasaScale *out, GError **error)
{
  static const char *const known[] = { "from", TEXT_KEYS("words"), "bad_from", "averaging", "reference", NULL };
  guint bad = 0;

  if (!casa_keyfile_check_keys(file, group, known, error) || !read_bounds(file, group, out, error))
    return FALSE;
  if (!casa_keyfile_get(file, group, "words_fr"))
    return casa_keyfile_fail(file, group, "words_fr", error, "missing; write a word for each class, parted by ';'");
  if (!read_words(file, group, "words_fr", out, offsetof(CasaText, fr), error) ||
      !read_words(file, group, "words_en", out, offsetof(CasaText, en), error) ||
      !read_words(file, group, "words_ar", out, offsetof(CasaText, ar), error))
    return FALSE;
  if (!casa_keyfile_get_uint(file, group, "bad_from", 1, out->n, &bad, error))
    return FALSE;
  out->bad_from = bad ? bad - 1 : out->n;
  out->reference = g_strdup(casa_keyfile_get(file, group, "reference"));
  return casa_averaging_read(file, group, "averaging", &out->averaging_ms, error);
}

gboolean
casa_limit_read(const CasaKeyfile *file, const char *group, CasaLimit *out, GError **error)
{
  static const char *const known[] = { "value", TEXT_KEYS("name"), TEXT_KEYS("short"), "averaging", "reference", NULL };

  casa_text_read(file, group, "name", NULL, &out->name);
  casa_text_read(file, group, "short", &out->name, &out->short_name);
  out->reference = g_strdup(casa_keyfile_get(file, group, "reference"));
  if (!casa_keyfile_check_keys(file, group, known, error))
    return FALSE;
  if (!casa_keyfile_get(file, group, "value"))
    return casa_keyfile_fail(file, group, "value", error, "missing");
  if (!*out->name.fr)
    return casa_keyfile_fail(file, group, "name_fr", error, "missing: a line that nobody can name says nothing");
  return casa_keyfile_get_double(file, group, "value", -G_MAXDOUBLE, G_MAXDOUBLE, &out->value, error) &&
         casa_averaging_read(file, group, "averaging", &out->averaging_ms, error);
}

char **
casa_kinds_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, const char *key, GError **error)
{
  g_auto(GStrv) kinds = casa_keyfile_get_list(file, group, key);

  for (guint i = 0; kinds && kinds[i]; i++) {
    gboolean found = FALSE;
    for (guint k = 0; k < set->kinds->len && !found; k++)
      found = strcmp(((CasaStationKind *)set->kinds->pdata[k])->id, kinds[i]) == 0;
    if (!found) {
      casa_keyfile_fail(file, group, key, error, "no [kind %s] in this file", kinds[i]);
      return NULL;
    }
  }
  return kinds ? g_steal_pointer(&kinds) : g_new0(char *, 1);
}

gboolean
casa_reference_read(const CasaIndicators *set, const CasaKeyfile *file, const char *group, const char *key, const char *id,
                    const CasaIndicator **out, GError **error)
{
  *out = id ? casa_indicators_find(set, id) : NULL;
  if (id && !*out)
    return casa_keyfile_fail(file, group, key, error, "no [indicator %s] in this file", id);
  return TRUE;
}
