/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/parts.h"
#include "ui/scenes/scene-file-private.h"
#include <math.h>
#include <string.h>

#define LIST_MAX 24

gboolean
casa_scene_reader_fail(CasaSceneReader *r, const char *key, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  return casa_keyfile_fail(r->file, r->group, key, r->error, "%s", message);
}

gboolean
casa_scene_is_id(const char *text)
{
  return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* The names of all kinds of parts. (transfer full) */
static char *
known_types(void)
{
  g_autoptr(GString) list = g_string_new(NULL);

  for (const CasaPartClass *const *class = casa_part_classes(); *class; class ++)
    g_string_append_printf(list, "%s%s", list->len ? ", " : "", (*class)->id);
  return g_string_free(g_steal_pointer(&list), FALSE);
}

static char *
known_options(const CasaPartClass *class)
{
  g_autoptr(GString) list = g_string_new("under");

  for (const CasaPartOption *option = class->options; option->name; option++)
    g_string_append_printf(list, ", %s%s", option->name, option->kind == CASA_OPTION_TEXT ? "_fr/_en/_ar" : "");
  return g_string_free(g_steal_pointer(&list), FALSE);
}

/* The option that @name is, NULL none. */
static const CasaPartOption *
find_option(const CasaPartClass *class, const char *name)
{
  for (const CasaPartOption *option = class->options; option->name; option++) {
    gsize n = strlen(option->name);
    gboolean text = option->kind == CASA_OPTION_TEXT;
    if (!text && g_str_equal(option->name, name))
      return option;
    if (text && g_str_has_prefix(name, option->name) &&
        g_strv_contains((const char *[]){ "_fr", "_en", "_ar", NULL }, name + n))
      return option;
  }
  return NULL;
}

static gboolean
check_known(CasaSceneReader *r, const char *key, const char *what, const char *id, const char *const *known)
{
  if (g_strv_contains(known, id))
    return TRUE;
  g_autofree char *list = g_strjoinv(", ", (char **)known);
  return casa_scene_reader_fail(r, key, "no %s \"%s\" in indicators.conf; known: %s", what, id, list);
}

static gboolean
check_choice(CasaSceneReader *r, const char *key, const CasaPartOption *option, const char *value)
{
  if (g_strv_contains(option->choices, value))
    return TRUE;
  g_autofree char *list = g_strjoinv(", ", (char **)option->choices);
  return casa_scene_reader_fail(r, key, "%s: \"%s\" is none of %s", option->name, value, list);
}

static gboolean
check_list(CasaSceneReader *r, const char *key, const CasaPartSpec *part, const CasaPartOption *option)
{
  gboolean domains = option->kind == CASA_OPTION_DOMAINS;
  g_auto(GStrv) ids = casa_part_spec_list(part, option->name);
  guint n = g_strv_length(ids);

  if (n == 0 || n > LIST_MAX)
    return casa_scene_reader_fail(r, key, "%s lists %u; wanted from 1 to %d", option->name, n, LIST_MAX);
  for (guint i = 0; i < n; i++)
    if (!check_known(r, key, domains ? "domain" : "indicator", ids[i], domains ? r->world->domains : r->world->indicators))
      return FALSE;
  return TRUE;
}

/* A box is kept as fractions of the screen. */
static gboolean
check_box(CasaSceneReader *r, const char *key, CasaPartSpec *part, const char *option)
{
  g_auto(GStrv) words = casa_part_spec_list(part, option);
  double n[4];

  for (guint i = 0; i < 4; i++)
    if (g_strv_length(words) != 4 || !casa_scene_number(words[i], &n[i]) || n[i] < 0)
      return casa_scene_reader_fail(r, key, "%s wants left,top,width,height, as numbers", option);
  part->box = (CasaFractions){ n[0] / r->grid_w, n[1] / r->grid_h, n[2] / r->grid_w, n[3] / r->grid_h };
  return TRUE;
}

static gboolean
check_value(CasaSceneReader *r, const char *key, CasaPartSpec *part, const CasaPartOption *option, const char *value)
{
  switch (option->kind) {
  case CASA_OPTION_WORD:
  case CASA_OPTION_TEXT: return TRUE;
  case CASA_OPTION_SWITCH:
    return g_strv_contains((const char *[]){ "yes", "no", NULL }, value) ||
           casa_scene_reader_fail(r, key, "%s: \"%s\" is neither yes nor no", option->name, value);
  case CASA_OPTION_HOURS: {
    double hours;
    return (casa_scene_number(value, &hours) && hours >= 1 && hours <= 24 && hours == floor(hours)) ||
           casa_scene_reader_fail(r, key, "%s: \"%s\" is no whole number of hours from 1 to 24", option->name, value);
  }
  case CASA_OPTION_BOX: return check_box(r, key, part, option->name);
  case CASA_OPTION_DOMAIN: return check_known(r, key, "domain", value, r->world->domains);
  case CASA_OPTION_INDICATOR: return check_known(r, key, "indicator", value, r->world->indicators);
  case CASA_OPTION_CHOICE: return check_choice(r, key, option, value);
  case CASA_OPTION_DOMAINS:
  case CASA_OPTION_INDICATORS: return check_list(r, key, part, option);
  }
  g_return_val_if_reached(FALSE);
}

static gboolean
read_under(CasaSceneReader *r, const char *key, CasaPartSpec *part, const char *value)
{
  if (!g_strv_contains((const char *[]){ "yes", "no", NULL }, value))
    return casa_scene_reader_fail(r, key, "under: \"%s\" is neither yes nor no", value);
  part->under = g_str_equal(value, "yes");
  return TRUE;
}

/* @key: where the option stands. */
static gboolean
add_option(CasaSceneReader *r, const char *key, CasaPartSpec *part, const CasaPartClass *class, const char *name,
           const char *value)
{
  if (g_str_equal(name, "under"))
    return read_under(r, key, part, value);
  const CasaPartOption *option = find_option(class, name);
  if (!option) {
    g_autofree char *list = known_options(class);
    return casa_scene_reader_fail(r, key, "a %s has no option \"%s\"; known here: %s", class->id, name, list);
  }
  if (g_hash_table_contains(part->options, name))
    return casa_scene_reader_fail(r, key, "%s is written twice; keep one of them", name);
  g_hash_table_insert(part->options, g_strdup(name), g_strdup(value));
  return check_value(r, key, part, option, value);
}

gboolean
casa_scene_number(const char *word, double *out)
{
  char *end;

  *out = word ? g_ascii_strtod(word, &end) : NAN;
  return word && end != word && *end == '\0' && isfinite(*out);
}

/* The four numbers after the type: left, top, width, height, in units of the scene's grid. */
static gboolean
read_slot(CasaSceneReader *r, const char *key, char **words, CasaFractions *slot)
{
  double n[4];

  for (guint i = 0; i < 4; i++)
    if (!casa_scene_number(words[i], &n[i]))
      return casa_scene_reader_fail(
        r, key, "after the kind of part come four numbers: left, top, width, height; \"%s\" is none", words[i] ? words[i] : "");
  *slot = (CasaFractions){ n[0] / r->grid_w, n[1] / r->grid_h, n[2] / r->grid_w, n[3] / r->grid_h };
  if (slot->w <= 0 || slot->h <= 0)
    return casa_scene_reader_fail(r, key, "width and height must be more than 0");
  if (slot->x < -CASA_SCENE_TOUCH || slot->y < -CASA_SCENE_TOUCH || slot->x + slot->w > 1 + CASA_SCENE_TOUCH ||
      slot->y + slot->h > 1 + CASA_SCENE_TOUCH)
    return casa_scene_reader_fail(r, key, "reaches out of the screen: %g + %g of %g across, %g + %g of %g down", n[0], n[2],
                                  r->grid_w, n[1], n[3], r->grid_h);
  return TRUE;
}

char **
casa_scene_words(const char *line)
{
  g_auto(GStrv) all = g_strsplit_set(line, " \t", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  for (guint i = 0; all[i]; i++)
    if (*all[i])
      g_strv_builder_add(builder, all[i]);
  return g_strv_builder_end(builder);
}

static gboolean
read_inline_options(CasaSceneReader *r, const char *key, CasaPartSpec *part, const CasaPartClass *class, char **words)
{
  for (guint i = 0; words[i]; i++) {
    char *equals = strchr(words[i], '=');
    if (!equals || equals == words[i] || !equals[1])
      return casa_scene_reader_fail(r, key, "\"%s\" is no option; write name=value, without blanks", words[i]);
    g_autofree char *name = g_strndup(words[i], (gsize)(equals - words[i]));
    if (!add_option(r, key, part, class, name, equals + 1))
      return FALSE;
  }
  return TRUE;
}

/* Options on lines of their own: "NAME.option = value", for values with blanks. */
static gboolean
read_own_lines(CasaSceneReader *r, CasaPartSpec *part, const CasaPartClass *class, char **keys)
{
  g_autofree char *prefix = g_strconcat(part->name, ".", NULL);

  for (guint i = 0; keys[i]; i++) {
    if (!g_str_has_prefix(keys[i], prefix))
      continue;
    const char *value = casa_keyfile_get(r->file, r->group, keys[i]);
    if (!value)
      return casa_scene_reader_fail(r, keys[i], "is empty");
    if (!add_option(r, keys[i], part, class, keys[i] + strlen(prefix), value))
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_required(CasaSceneReader *r, const CasaPartSpec *part, const CasaPartClass *class)
{
  for (const CasaPartOption *option = class->options; option->name; option++) {
    g_autofree char *french = g_strconcat(option->name, "_fr", NULL);
    const char *name = option->kind == CASA_OPTION_TEXT ? french : option->name;
    if (option->required && !casa_part_spec_get(part, name))
      return casa_scene_reader_fail(r, part->name, "a %s needs %s=…", class->id, name);
  }
  return TRUE;
}

CasaPartSpec *
casa_scene_read_part(CasaSceneReader *r, const char *key, char **keys)
{
  const char *line = casa_keyfile_get(r->file, r->group, key);
  g_auto(GStrv) words = casa_scene_words(line ? line : "");
  const CasaPartClass *class = words[0] ? casa_part_class(words[0]) : NULL;

  if (!casa_scene_is_id(key)) {
    casa_scene_reader_fail(r, key, "unknown key, and no name of a part (small letters, digits and '-')");
    return NULL;
  }
  if (!class) {
    g_autofree char *list = known_types();
    casa_scene_reader_fail(r, key, "no kind of part \"%s\"; known: %s", words[0] ? words[0] : "", list);
    return NULL;
  }
  g_autoptr(CasaPartSpec) part = casa_part_spec_new(g_strdup(key), g_strdup(class->id));
  if (!read_slot(r, key, words + 1, &part->slot) || !read_inline_options(r, key, part, class, words + 5) ||
      !read_own_lines(r, part, class, keys) || !has_required(r, part, class))
    return NULL;
  return g_steal_pointer(&part);
}
