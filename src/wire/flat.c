/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/member.h"
#include "wire/number.h"

#include <string.h>

typedef struct {
  const char *p, *end;
} Cursor;

static void
skip_space(Cursor *c)
{
  while (c->p < c->end && (*c->p == ' ' || *c->p == '\n' || *c->p == '\t' || *c->p == '\r'))
    c->p++;
}

static gboolean
skip_char(Cursor *c, char wanted)
{
  skip_space(c);
  if (c->p >= c->end || *c->p != wanted)
    return FALSE;
  c->p++;
  return TRUE;
}

/* A string without escapes. */
static gboolean
read_string(Cursor *c, const char **out, gsize *out_len)
{
  if (!skip_char(c, '"'))
    return FALSE;
  const char *start = c->p;
  while (c->p < c->end && *c->p != '"') {
    if (*c->p == '\\' || (guchar)*c->p < 0x20)
      return FALSE;
    c->p++;
  }
  if (c->p >= c->end)
    return FALSE;
  *out = start;
  *out_len = c->p - start;
  c->p++;
  return TRUE;
}

static gboolean
read_word(Cursor *c, const char *word)
{
  gsize n = strlen(word);
  if ((gsize)(c->end - c->p) < n || memcmp(c->p, word, n) != 0)
    return FALSE;
  c->p += n;
  return TRUE;
}

static gboolean
read_literal(Cursor *c, CasaMember *m)
{
  m->type = CASA_MEMBER_BOOL;
  m->number = 1;
  if (read_word(c, "true"))
    return TRUE;
  m->number = 0;
  if (read_word(c, "false"))
    return TRUE;
  m->type = CASA_MEMBER_NULL;
  return read_word(c, "null");
}

static gboolean
read_number(Cursor *c, CasaMember *m)
{
  gsize n = casa_number_scan(c->p, c->end - c->p);
  m->type = CASA_MEMBER_NUMBER;
  if (n == 0 || casa_number_parse(c->p, n, &m->number) != CASA_NUMBER_OK)
    return FALSE;
  c->p += n;
  return TRUE;
}

static gboolean
read_value(Cursor *c, CasaMember *m)
{
  skip_space(c);
  if (c->p >= c->end)
    return FALSE;
  if (*c->p == '"') {
    m->type = CASA_MEMBER_TEXT;
    return read_string(c, &m->text, &m->text_len);
  }
  if (*c->p == '-' || g_ascii_isdigit(*c->p))
    return read_number(c, m);
  return read_literal(c, m);
}

static gboolean
seen_before(const CasaMember *members, guint n)
{
  const CasaMember *last = &members[n];
  for (guint i = 0; i < n; i++)
    if (members[i].name_len == last->name_len && memcmp(members[i].name, last->name, last->name_len) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_member(Cursor *c, CasaMember *members, guint n)
{
  CasaMember *m = &members[n];
  m->text = NULL;
  m->text_len = 0;
  m->json = NULL;
  return read_string(c, &m->name, &m->name_len) && !seen_before(members, n) && skip_char(c, ':') && read_value(c, m);
}

gboolean
casa_flat_read(const char *text, gsize len, CasaMember members[CASA_FLAT_MEMBERS_MAX], guint *n)
{
  Cursor c = { text, text + len };
  *n = 0;
  if (!skip_char(&c, '{'))
    return FALSE;
  if (!skip_char(&c, '}')) {
    do {
      if (*n == CASA_FLAT_MEMBERS_MAX || !read_member(&c, members, *n))
        return FALSE;
      (*n)++;
    } while (skip_char(&c, ','));
    if (!skip_char(&c, '}'))
      return FALSE;
  }
  skip_space(&c);
  return c.p == c.end;
}
