/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-view.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/time-units.h"
#include <string.h>

#define SCHEME "casa-pulse:explore"
#define SPAN_MAX_MS (366 * CASA_DAY_MS)

static const char *const COMPARES[] = { "none", "day", "week" };
static const char *const LISTS[] = { "all", "live", "silent", "favourites" };

void
casa_explore_view_init(CasaExploreView *self)
{
  *self = (CasaExploreView){ .span_ms = CASA_DAY_MS, .find = g_strdup("") };
}

void
casa_explore_view_clear(CasaExploreView *self)
{
  for (guint i = 0; i < self->n_curves; i++)
    g_free(self->curves[i]);
  g_free(self->find);
  *self = (CasaExploreView){ 0 };
}

static gboolean
is_path(const char *curve)
{
  g_auto(GStrv) parts = g_strsplit(curve, "/", 5);

  if (g_strv_length(parts) != 4 || !g_utf8_validate(curve, -1, NULL))
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!*parts[i])
      return FALSE;
  return TRUE;
}

guint
casa_explore_view_find(const CasaExploreView *self, const char *curve)
{
  for (guint i = 0; i < self->n_curves; i++)
    if (g_str_equal(self->curves[i], curve))
      return i;
  return G_MAXUINT;
}

gboolean
casa_explore_view_add(CasaExploreView *self, const char *curve)
{
  if (self->n_curves == CASA_EXPLORE_CURVES_MAX || !is_path(curve) || casa_explore_view_find(self, curve) != G_MAXUINT)
    return FALSE;
  self->curves[self->n_curves++] = g_strdup(curve);
  return TRUE;
}

void
casa_explore_view_remove(CasaExploreView *self, guint i)
{
  g_return_if_fail(i < self->n_curves);
  g_free(self->curves[i]);
  self->n_curves--;
  memmove(self->curves + i, self->curves + i + 1, (self->n_curves - i) * sizeof *self->curves);
}

/* --- Writing --- */

static void
append(GString *link, const char *key, const char *value)
{
  g_string_append_printf(link, "%c%s=", strchr(link->str, '?') ? '&' : '?', key);
  g_string_append_uri_escaped(link, value, "/:", FALSE);
}

static void
append_time(GString *link, const char *key, gint64 t_ms)
{
  char text[32];

  casa_time_format(t_ms, text);
  append(link, key, text);
}

char *
casa_explore_view_link(const CasaExploreView *self)
{
  GString *link = g_string_new(SCHEME);
  g_autofree char *span = g_strdup_printf("%" G_GINT64_FORMAT "min", self->span_ms / CASA_MINUTE_MS);

  for (guint i = 0; i < self->n_curves; i++)
    append(link, "curve", self->curves[i]);
  append(link, "span", span);
  if (self->to_ms > self->from_ms) {
    append_time(link, "from", self->from_ms);
    append_time(link, "to", self->to_ms);
  }
  if (self->compare != CASA_COMPARE_NONE)
    append(link, "compare", COMPARES[self->compare]);
  if (self->list != CASA_LIST_ALL)
    append(link, "list", LISTS[self->list]);
  if (*self->find)
    append(link, "find", self->find);
  return g_string_free(link, FALSE);
}

/* --- Reading --- */

static gboolean
wrong(GError **error, const char *key, const char *value, const char *wanted)
{
  g_autofree char *valid = g_utf8_make_valid(value, -1);

  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s=%s: wanted %s", key, valid, wanted);
  return FALSE;
}

static gboolean
read_word(const char *const *words, guint n, const char *value, guint *out)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal(words[i], value)) {
      *out = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_curve(CasaExploreView *self, const char *value, GError **error)
{
  if (!is_path(value))
    return wrong(error, "curve", value, "SOURCE/DOMAIN/STATION/METRIC");
  if (casa_explore_view_find(self, value) == G_MAXUINT && !casa_explore_view_add(self, value))
    return wrong(error, "curve", value, "at most 4 curves");
  return TRUE;
}

static gboolean
read_span(CasaExploreView *self, const char *value, GError **error)
{
  if (!casa_duration_parse(value, &self->span_ms, NULL) || self->span_ms < CASA_MINUTE_MS || self->span_ms > SPAN_MAX_MS)
    return wrong(error, "span", value, "a duration from 1min to 366d, such as 24h");
  return TRUE;
}

static gboolean
read_pair(CasaExploreView *self, const char *key, const char *value, GError **error)
{
  guint word = 0;

  if (g_str_equal(key, "curve"))
    return read_curve(self, value, error);
  if (g_str_equal(key, "span"))
    return read_span(self, value, error);
  if (g_str_equal(key, "from") || g_str_equal(key, "to")) {
    gint64 *at = *key == 'f' ? &self->from_ms : &self->to_ms;
    return casa_time_parse(value, at, NULL) || wrong(error, key, value, "a time such as 2026-05-21T18:00:00Z");
  }
  if (g_str_equal(key, "compare")) {
    if (!read_word(COMPARES, G_N_ELEMENTS(COMPARES), value, &word))
      return wrong(error, key, value, "none, day or week");
    self->compare = (CasaCompare)word;
    return TRUE;
  }
  if (g_str_equal(key, "list")) {
    if (!read_word(LISTS, G_N_ELEMENTS(LISTS), value, &word))
      return wrong(error, key, value, "all, live, silent or favourites");
    self->list = (CasaListState)word;
    return TRUE;
  }
  if (g_str_equal(key, "find")) {
    g_free(self->find);
    self->find = g_utf8_make_valid(value, -1);
    return TRUE;
  }
  return wrong(error, key, value, "one of curve, span, from, to, compare, list, find");
}

static gboolean
read_query(CasaExploreView *self, const char *query, GError **error)
{
  g_auto(GStrv) pairs = g_strsplit(query, "&", -1);

  for (guint i = 0; pairs[i]; i++) {
    char *equals = strchr(pairs[i], '=');
    if (!*pairs[i])
      continue;
    if (!equals)
      return wrong(error, pairs[i], "", "KEY=VALUE");
    *equals = '\0';
    g_autofree char *value = g_uri_unescape_string(equals + 1, NULL);
    if (!value)
      return wrong(error, pairs[i], equals + 1, "%-escapes of two digits");
    if (!read_pair(self, pairs[i], value, error))
      return FALSE;
  }
  if ((self->from_ms || self->to_ms) && self->to_ms <= self->from_ms)
    return wrong(error, "to", "", "from and to, and to after from");
  return TRUE;
}

static gboolean
read_paths(CasaExploreView *self, const char *link, GError **error)
{
  g_auto(GStrv) paths = g_strsplit(link, ",", -1);

  for (guint i = 0; paths[i]; i++)
    if (*paths[i] && !read_curve(self, paths[i], error))
      return FALSE;
  return TRUE;
}

gboolean
casa_explore_view_parse(CasaExploreView *self, const char *link, GError **error)
{
  casa_explore_view_init(self);
  if (!g_str_has_prefix(link, SCHEME))
    return read_paths(self, link, error);
  const char *rest = link + strlen(SCHEME);
  if (*rest && *rest != '?')
    return wrong(error, "link", link, "casa-pulse:explore?…");
  return *rest ? read_query(self, rest + 1, error) : TRUE;
}
