/* SPDX-License-Identifier: Apache-2.0 */
#include "city/stories.h"
#include "city/domain-files.h"
#include "base/keyfile.h"
#include "city/city-resources.h"
#include "city/indicators-private.h"
#include <math.h>
#include <string.h>

#define SHIPPED "/casa-pulse/stories.conf"
#define OTHER "other"

struct _CasaStories {
  GPtrArray *rules;  /* CasaStoryRule, the heaviest first */
  GPtrArray *events; /* CasaEventWords */
};

static const char *const RULE_KEYS[] = { "of", "when", "weight", "text_fr", "text_en", "text_ar", NULL };
static const char *const EVENT_KEYS[] = { "gravity",    "domain",      "sign",        "also",        "title_fr",   "title_en",
                                          "title_ar",   "anywhere_fr", "anywhere_en", "anywhere_ar", "what_fr",    "what_en",
                                          "what_ar",    "figure1",     "figure1_fr",  "figure1_en",  "figure1_ar", "figure2",
                                          "figure2_fr", "figure2_en",  "figure2_ar",  "figure3",     "figure3_fr", "figure3_en",
                                          "figure3_ar", "figure4",     "figure4_fr",  "figure4_en",  "figure4_ar", "figure5",
                                          "figure5_fr", "figure5_en",  "figure5_ar",  "figure6",     "figure6_fr", "figure6_en",
                                          "figure6_ar", NULL };
static const char *const SIGNS[] = { "bolt", "tram", "dust", "rain", "ball", "walk", "signal", "drop", "dot", NULL };

static void
clear_term(gpointer data)
{
  g_free(((CasaStoryTerm *)data)->figure);
}

static void
rule_free(gpointer data)
{
  CasaStoryRule *self = data;

  g_free(self->id);
  g_free(self->of);
  g_array_unref(self->terms);
  casa_text_clear(&self->text);
  g_free(self);
}

static void
event_free(gpointer data)
{
  CasaEventWords *self = data;

  g_free(self->kind);
  g_free(self->domain);
  g_free(self->sign);
  g_strfreev(self->also);
  casa_text_clear(&self->title);
  casa_text_clear(&self->anywhere);
  casa_text_clear(&self->what);
  for (guint i = 0; i < CASA_EVENT_FIGURES; i++) {
    g_free(self->figures[i]);
    casa_text_clear(&self->words[i]);
  }
  g_free(self);
}

/* "pm10:times >= 2" */
static gboolean
parse_term(const char *text, CasaStoryTerm *out)
{
  static const struct {
    const char *word;
    CasaTermOperator operator;
  } operators[] = { { ">=", CASA_AT_LEAST }, { "<=", CASA_AT_MOST }, { ">", CASA_ABOVE }, { "<", CASA_BELOW } };

  for (guint i = 0; i < G_N_ELEMENTS(operators); i++) {
    const char *at = strstr(text, operators[i].word);
    char *end = NULL;
    if (!at)
      continue;
    const char *number = at + strlen(operators[i].word);
    out->bound = g_ascii_strtod(number, &end);
    if (end == number || *end || !isfinite(out->bound))
      return FALSE;
    out->operator= operators[i].operator;
    out->figure = g_strstrip(g_strndup(text, (gsize)(at - text)));
    return *out->figure != '\0';
  }
  return FALSE;
}

static gboolean
read_terms(const CasaKeyfile *file, const char *group, GArray *out, GError **error)
{
  g_auto(GStrv) parts = casa_keyfile_get_list(file, group, "when");

  for (guint i = 0; parts && parts[i]; i++) {
    CasaStoryTerm term = { 0 };
    gboolean right = parse_term(parts[i], &term);
    g_array_append_val(out, term);
    if (!right)
      return casa_keyfile_fail(file, group, "when", error, "\"%s\": write FIGURE OPERATOR NUMBER, such as load >= 800",
                               parts[i]);
  }
  return TRUE;
}

/* Braces come in pairs. */
static gboolean
is_template(const char *text)
{
  gboolean open = FALSE;

  for (; *text; text++) {
    if (*text == (open ? '{' : '}'))
      return FALSE;
    if (*text == '{' || *text == '}')
      open = !open;
  }
  return !open;
}

static gboolean
read_template(const CasaKeyfile *file, const char *group, const char *key, gboolean required, CasaText *out, GError **error)
{
  const CasaText nothing = { (char *)"", (char *)"", (char *)"" };

  casa_text_read(file, group, key, &nothing, out);
  if (required && !*out->fr)
    return casa_keyfile_fail(file, group, key, error, "%s_fr is missing", key);
  if (!is_template(out->fr) || !is_template(out->en) || !is_template(out->ar))
    return casa_keyfile_fail(file, group, NULL, error, "%s: a brace has no partner", key);
  return TRUE;
}

static gboolean
read_rule(const CasaKeyfile *file, const char *group, const char *id, CasaStoryRule *out, GError **error)
{
  out->id = g_strdup(id);
  out->terms = g_array_new(FALSE, FALSE, sizeof(CasaStoryTerm));
  g_array_set_clear_func(out->terms, clear_term);
  out->of = g_strdup(casa_keyfile_get(file, group, "of"));
  return casa_keyfile_check_keys(file, group, RULE_KEYS, error) && read_terms(file, group, out->terms, error) &&
         casa_keyfile_get_uint(file, group, "weight", 0, 100, &out->weight, error) &&
         read_template(file, group, "text", TRUE, &out->text, error);
}

static gboolean
read_sign(const CasaKeyfile *file, const char *group, CasaEventWords *out, GError **error)
{
  const char *sign = casa_keyfile_get(file, group, "sign");

  out->sign = g_strdup(sign ? sign : "dot");
  if (g_strv_contains(SIGNS, out->sign))
    return TRUE;
  g_autofree char *known = g_strjoinv(", ", (char **)SIGNS);
  return casa_keyfile_fail(file, group, "sign", error, "\"%s\" is none of %s", out->sign, known);
}

static gboolean
read_event(const CasaKeyfile *file, const char *group, const char *kind, CasaEventWords *out, GError **error)
{
  out->kind = g_strdup(kind);
  out->gravity = 1;
  out->domain = g_strdup(casa_keyfile_get(file, group, "domain"));
  out->also = casa_keyfile_get_list(file, group, "also");
  if (!out->also)
    out->also = g_new0(char *, 1);
  for (guint i = 0; i < CASA_EVENT_FIGURES; i++) {
    g_autofree char *key = g_strdup_printf("figure%u", i + 1);
    out->figures[i] = g_strdup(casa_keyfile_get(file, group, key));
    if (!read_template(file, group, key, out->figures[i] != NULL, &out->words[i], error))
      return FALSE;
  }
  return casa_keyfile_check_keys(file, group, EVENT_KEYS, error) && read_sign(file, group, out, error) &&
         casa_keyfile_get_uint(file, group, "gravity", 1, 3, &out->gravity, error) &&
         read_template(file, group, "title", TRUE, &out->title, error) &&
         read_template(file, group, "anywhere", FALSE, &out->anywhere, error) &&
         read_template(file, group, "what", TRUE, &out->what, error);
}

static gint
compare_weights(gconstpointer a, gconstpointer b)
{
  guint wa = (*(CasaStoryRule *const *)a)->weight, wb = (*(CasaStoryRule *const *)b)->weight;

  return wa < wb ? 1 : wa > wb ? -1 : 0;
}

static gboolean
read_group(CasaStories *self, const CasaKeyfile *file, const char *group, GError **error)
{
  if (g_str_has_prefix(group, "story ")) {
    CasaStoryRule *rule = g_new0(CasaStoryRule, 1);
    g_ptr_array_add(self->rules, rule);
    return read_rule(file, group, group + strlen("story "), rule, error);
  }
  if (g_str_has_prefix(group, "event ")) {
    CasaEventWords *event = g_new0(CasaEventWords, 1);
    g_ptr_array_add(self->events, event);
    return read_event(file, group, group + strlen("event "), event, error);
  }
  return casa_keyfile_fail(file, group, NULL, error, "write [story NAME] or [event KIND]");
}

static CasaStories *
stories_new(void)
{
  CasaStories *self = g_new0(CasaStories, 1);

  self->rules = g_ptr_array_new_with_free_func(rule_free);
  self->events = g_ptr_array_new_with_free_func(event_free);
  return self;
}

/* Takes @file; NULL and @error where it is NULL or wrong. */
static CasaStories *
read_file(CasaKeyfile *file, GError **error)
{
  g_autoptr(CasaStories) self = stories_new();
  g_autoptr(CasaKeyfile) owned = file;

  if (!owned)
    return NULL;
  const char *const *groups = casa_keyfile_groups(owned);
  for (guint i = 0; groups[i]; i++)
    if (!read_group(self, owned, groups[i], error))
      return NULL;
  g_ptr_array_sort(self->rules, compare_weights);
  return g_steal_pointer(&self);
}

static CasaKeyfile *
shipped_file(void)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data(casa_city_get_resource(), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize len = 0;
  const char *text = bytes ? g_bytes_get_data(bytes, &len) : "";

  return casa_keyfile_parse(text, len, "stories.conf", NULL);
}

static CasaStories *
shipped(void)
{
  CasaStories *self = read_file(shipped_file(), NULL);

  return self ? self : stories_new();
}

CasaStories *
casa_stories_load(const char *dir, GError **out_fault)
{
  g_autofree char *path = g_build_filename(dir, "stories.conf", NULL);
  GError *error = NULL;
  g_autoptr(CasaKeyfile) file = g_file_test(path, G_FILE_TEST_EXISTS) ? casa_keyfile_load(path, &error) : shipped_file();
  gboolean whole = file && casa_domain_files_add(file, dir, CASA_DOMAIN_STORIES, &error);
  CasaStories *self = whole ? read_file(g_steal_pointer(&file), &error) : NULL;

  if (self)
    return self;
  g_propagate_error(out_fault, error);
  return shipped();
}

void
casa_stories_free(CasaStories *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->rules);
  g_ptr_array_unref(self->events);
  g_free(self);
}

guint
casa_stories_n(const CasaStories *self)
{
  return self->rules->len;
}

const CasaStoryRule *
casa_stories_get(const CasaStories *self, guint i)
{
  return self->rules->pdata[i];
}

const CasaEventWords *
casa_stories_event(const CasaStories *self, const char *kind)
{
  const CasaEventWords *other = NULL;

  for (guint i = 0; i < self->events->len; i++) {
    const CasaEventWords *words = self->events->pdata[i];
    if (g_str_equal(words->kind, kind))
      return words;
    if (g_str_equal(words->kind, OTHER))
      other = words;
  }
  return other;
}

guint
casa_stories_n_events(const CasaStories *self)
{
  return self->events->len;
}

const CasaEventWords *
casa_stories_nth_event(const CasaStories *self, guint i)
{
  return self->events->pdata[i];
}

gboolean
casa_stories_is_commanded(const char *kind)
{
  static const char *const noticed[] = {
    CASA_NOTICED_DARK, CASA_NOTICED_LINE_STANDS, CASA_NOTICED_LINK_LOST, CASA_NOTICED_SILENCE, CASA_NOTICED_UNUSUAL, OTHER, NULL
  };

  return !g_strv_contains(noticed, kind);
}
