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

/* Default_Ignorable_Code_Point of Unicode 15 (DerivedCoreProperties.txt), and two that are drawn as nothing. */
static gboolean
is_invisible(gunichar c)
{
  static const struct {
    gunichar first, last;
  } ranges[] = {
    { 0x00AD, 0x00AD }, { 0x034F, 0x034F },   { 0x061C, 0x061C },   { 0x115F, 0x1160 },   { 0x17B4, 0x17B5 },
    { 0x180B, 0x180F }, { 0x200B, 0x200F },   { 0x202A, 0x202E },   { 0x2060, 0x206F },   { 0x2800, 0x2800 },
    { 0x3164, 0x3164 }, { 0xFE00, 0xFE0F },   { 0xFEFF, 0xFEFF },   { 0xFFA0, 0xFFA0 },   { 0xFFF0, 0xFFF8 },
    { 0xFFFC, 0xFFFC }, { 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
  };

  for (guint i = 0; i < G_N_ELEMENTS(ranges); i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return TRUE;
  return FALSE;
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
  gboolean visible = FALSE;

  for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    if (is_space(c))
      c = ' ';
    if (is_unwanted(c) || (c == ' ' && (tame->len == 0 || tame->str[tame->len - 1] == ' ')))
      continue;
    visible |= c != ' ' && !is_mark(c) && !is_invisible(c);
    marks = is_mark(c) ? marks + 1 : 0;
    if (marks > MARKS_MAX)
      continue;
    if (marks == 0 && ++letters > CASA_NAME_LETTERS) {
      g_string_append(tame, "…");
      break;
    }
    g_string_append_unichar(tame, c);
  }
  g_string_truncate(tame, visible ? tame->len : 0);
  return g_strchomp(g_string_free(tame, FALSE));
}
