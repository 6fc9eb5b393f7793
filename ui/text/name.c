/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/name.h"

#define MARKS_MAX 2 /* on one letter: what Arabic and Vietnamese need */
#define ZWNJ 0x200C
#define ZWJ 0x200D /* joins emoji, and letters of some scripts */

static gboolean
is_mark(gunichar c)
{
  GUnicodeType type = g_unichar_type(c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

static gboolean
is_unwanted(gunichar c)
{
  switch (g_unichar_type(c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_SURROGATE: return TRUE;
  case G_UNICODE_FORMAT: return c != ZWJ && c != ZWNJ;
  default: return FALSE;
  }
}

static gboolean
is_space(gunichar c)
{
  return g_unichar_isspace(c) || g_unichar_type(c) == G_UNICODE_LINE_SEPARATOR ||
         g_unichar_type(c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *
casa_name_tame(const char *raw)
{
  g_autofree char *valid = g_utf8_make_valid(raw ? raw : "", -1);
  GString *tame = g_string_new(NULL);
  guint letters = 0, marks = 0;

  for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (is_space(c))
      c = ' ';
    if (is_unwanted(c) || (c == ' ' && (tame->len == 0 || tame->str[tame->len - 1] == ' ')))
      continue;
    marks = is_mark(c) ? marks + 1 : 0;
    if (marks > MARKS_MAX)
      continue;
    if (marks == 0 && ++letters > CASA_NAME_LETTERS) {
      g_string_append(tame, "…");
      break;
    }
    g_string_append_unichar(tame, c);
  }
  return g_strchomp(g_string_free(tame, FALSE));
}
