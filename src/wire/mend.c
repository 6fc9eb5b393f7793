/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/mend.h"

#include "wire/faults.h"
#include "wire/number.h"

#include <jansson.h>
#include <string.h>

#define DEEPEST 32
#define LONGEST 65536
#define WORD_MAX 32

typedef struct {
  const char *text, *p, *end;
  GString *out;
  gboolean of_member; /* the value that is read has a name before it */
  guint depth;
} Mender;

static gboolean take_value(Mender *m);

/* ---- what is read ---- */

static gboolean
at(const Mender *m, const char *any_of)
{
  return m->p < m->end && *m->p && strchr(any_of, *m->p);
}

static gsize
rest(const Mender *m)
{
  return (gsize)(m->end - m->p);
}

static gboolean
begins(const Mender *m, const char *with)
{
  return rest(m) >= strlen(with) && memcmp(m->p, with, strlen(with)) == 0;
}

/* White space and remarks. */
static void
skip(Mender *m)
{
  for (;;) {
    while (m->p < m->end && g_ascii_isspace(*m->p))
      m->p++;
    const char *stop = NULL;
    if (begins(m, "//") || begins(m, "#"))
      stop = memchr(m->p, '\n', rest(m));
    else if (begins(m, "/*"))
      stop = g_strstr_len(m->p, (gssize)rest(m), "*/") ? g_strstr_len(m->p, (gssize)rest(m), "*/") + 2 : NULL;
    else
      return;
    m->p = stop ? stop : m->end;
  }
}

/* ---- strings ---- */

/* The mark that ends a string which begins here; NULL: none begins. *@len: bytes of the mark that begins it. */
static const char *
closing_mark(const Mender *m, gsize *len)
{
  static const struct {
    const char *open, *close;
  } marks[] = {
    { "\"", "\"" }, { "'", "'" }, { "“", "”" }, { "”", "”" }, { "„", "“" }, { "«", "»" }, { "‘", "’" }, { "`", "`" }
  };
  for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
    if (begins(m, marks[i].open)) {
      *len = strlen(marks[i].open);
      return marks[i].close;
    }
  return NULL;
}

/* FALSE: it is cut. */
static gboolean
take_string(Mender *m, const char *close, gsize open_len)
{
  m->p += open_len;
  g_string_append_c(m->out, '"');
  while (m->p < m->end && !begins(m, close)) {
    if (*m->p == '\\' && m->p + 1 < m->end && m->p[1] == '\'')
      m->p++;
    else if (*m->p == '\\' && m->p + 1 < m->end)
      g_string_append_c(m->out, *m->p++);
    else if (*m->p == '"')
      g_string_append_c(m->out, '\\');
    g_string_append_c(m->out, *m->p++);
  }
  if (m->p >= m->end)
    return FALSE;
  m->p += strlen(close);
  g_string_append_c(m->out, '"');
  return TRUE;
}

/* ---- words and numbers ---- */

static const char *
word_of(const char *token, gsize len)
{
  static const struct {
    const char *theirs, *ours;
  } words[] = { { "none", "null" },   { "null", "null" }, { "undefined", "null" }, { "true", "true" },
                { "false", "false" }, { "on", "1" },      { "off", "0" } };
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strlen(words[i].theirs) == len && g_ascii_strncasecmp(words[i].theirs, token, len) == 0)
      return words[i].ours;
  return NULL;
}

/* "21,4" of {"temp":21,4}: a name does not begin with a digit. */
static gboolean
is_decimal_comma(const Mender *m)
{
  return m->of_member && m->p > m->text && g_ascii_isdigit(m->p[-1]) && rest(m) > 1 && g_ascii_isdigit(m->p[1]);
}

/* A value that is no string, object or array: up to what ends it. */
static gboolean
take_token(Mender *m)
{
  const char *start = m->p;
  double ignored;
  while (m->p < m->end && !strchr(";}]{[:\"\n", *m->p) && (*m->p != ',' || is_decimal_comma(m)))
    m->p++;
  while (m->p > start && g_ascii_isspace(m->p[-1]))
    m->p--;
  const gsize len = (gsize)(m->p - start);
  const CasaNumberResult number = casa_number_parse(start, len, &ignored);
  const char *word = word_of(start, len);
  CasaReason why;
  if (number == CASA_NUMBER_OK)
    g_string_append_len(m->out, start, (gssize)len);
  else if (number == CASA_NUMBER_NON_FINITE)
    g_string_append(m->out, "null");
  else if (word)
    g_string_append(m->out, word);
  else if (len > 0 && casa_fault_of_text(start, len, "", &why) && why.why == CASA_WHY_UNIT_BEHIND)
    g_string_append_printf(m->out, "{\"value\":%s,\"unit\":\"%s\"}", why.wanted, why.more);
  else if (len > 0 && casa_fault_of_text(start, len, "", &why))
    g_string_append(m->out, *why.wanted ? why.wanted : "null");
  else if (len > 0 && len <= WORD_MAX && g_ascii_isalpha(*start) && !memchr(start, '\\', len))
    g_string_append_printf(m->out, "\"%.*s\"", (int)len, start);
  else
    return FALSE;
  return TRUE;
}

/* ---- objects and arrays ---- */

static gboolean
take_name(Mender *m)
{
  gsize len;
  const char *close = closing_mark(m, &len), *start = m->p;
  if (close)
    return take_string(m, close, len);
  while (m->p < m->end && (g_ascii_isalnum(*m->p) || *m->p == '_' || *m->p == '-' || *m->p == '.' || (guchar)*m->p > 127))
    m->p++;
  const gsize n = (gsize)(m->p - start);
  if (n == 0)
    return FALSE;
  g_string_append_printf(m->out, "\"%.*s\"", (int)n, start);
  return TRUE;
}

static gboolean
take_member(Mender *m)
{
  if (!take_name(m))
    return FALSE;
  skip(m);
  if (!at(m, ":="))
    return FALSE;
  m->p += begins(m, "=>") ? 2 : 1;
  g_string_append_c(m->out, ':');
  skip(m);
  m->of_member = TRUE;
  if (at(m, ",;}")) { /* a value that is not there */
    g_string_append(m->out, "null");
    return TRUE;
  }
  return take_value(m);
}

/* What parts two members, where it is. FALSE: none follows. */
static gboolean
take_comma(Mender *m, char close)
{
  skip(m);
  while (at(m, ",;")) {
    m->p++;
    skip(m);
  }
  return m->p < m->end && *m->p != close;
}

/* All in @close, which may lack. A member that was cut is left out. */
static gboolean
take_all(Mender *m, char close)
{
  g_string_append_c(m->out, *m->p++);
  if (++m->depth > DEEPEST)
    return FALSE;
  skip(m);
  gboolean more = m->p < m->end && *m->p != close;
  for (gboolean first = TRUE; more; first = FALSE) {
    const gsize before = m->out->len;
    if (!first)
      g_string_append_c(m->out, ',');
    m->of_member = FALSE;
    if (!(close == '}' ? take_member(m) : take_value(m))) {
      if (m->p < m->end)
        return FALSE;
      g_string_truncate(m->out, before);
      break;
    }
    more = take_comma(m, close);
  }
  if (m->p < m->end)
    m->p++;
  m->depth--;
  m->of_member = FALSE;
  g_string_append_c(m->out, close);
  return TRUE;
}

static gboolean
take_value(Mender *m)
{
  gsize len;
  const char *close;
  skip(m);
  if (at(m, "{"))
    return take_all(m, '}');
  if (at(m, "["))
    return take_all(m, ']');
  close = closing_mark(m, &len);
  return close ? take_string(m, close, len) : take_token(m);
}

char *
casa_mend_json(const char *text, gsize len)
{
  if (len > LONGEST || memchr(text, '\0', len) || !g_utf8_validate(text, (gssize)len, NULL))
    return NULL;
  g_autoptr(GString) out = g_string_sized_new(len + 16);
  Mender m = { text, text, text + len, out, FALSE, 0 };
  skip(&m);
  json_auto_t *root = at(&m, "{[") && take_value(&m) ? json_loadb(out->str, out->len, JSON_REJECT_DUPLICATES, NULL) : NULL;
  return root ? g_strdup(out->str) : NULL;
}
