/* SPDX-License-Identifier: Apache-2.0 */
#include "line-reader.h"

#include <math.h>
#include <string.h>

void
line_read_clear(LineRead *self)
{
  g_free(self->measurement);
  g_free(self->source);
  g_free(self->station);
  for (guint i = 0; i < self->n; i++)
    g_free(self->fields[i]);
  memset(self, 0, sizeof *self);
}

/* A name up to an unescaped byte of @ends; a backslash before one of @special stands for it, elsewhere for itself. NULL:
 * empty, a control character, not UTF-8, or the line ended. */
static char *
read_name(const char **p, const char *special, const char *ends)
{
  g_autoptr(GString) name = g_string_new(NULL);

  for (; !strchr(ends, **p); (*p)++) {
    if (**p == '\\' && (*p)[1] && strchr(special, (*p)[1]))
      (*p)++;
    if (g_ascii_iscntrl(**p))
      return NULL;
    g_string_append_c(name, **p);
  }
  if (**p == '\0' || name->len == 0 || !g_utf8_validate(name->str, (gssize)name->len, NULL))
    return NULL;
  return g_string_free(g_steal_pointer(&name), FALSE);
}

static gboolean
take(const char **p, const char *text)
{
  if (!g_str_has_prefix(*p, text))
    return FALSE;
  *p += strlen(text);
  return TRUE;
}

static gboolean
take_digits(const char **p)
{
  const char *start = *p;

  while (g_ascii_isdigit(**p))
    (*p)++;
  return *p > start;
}

/* A float as the reference has it: sign, digits, point, exponent; no +1, no hex, no NaN, no suffix. */
static gboolean
read_float(const char **p, double *out)
{
  const char *start = *p;

  take(p, "-");
  if (!take_digits(p) || (take(p, ".") && !take_digits(p)))
    return FALSE;
  if (take(p, "e")) {
    if (!take(p, "+"))
      take(p, "-");
    if (!take_digits(p))
      return FALSE;
  }
  *out = g_ascii_strtod(start, NULL);
  return isfinite(*out);
}

static gboolean
read_time(const char **p, gint64 *out)
{
  const char *start = *p;

  take(p, "-");
  if (!take_digits(p) || *p - start > 14)
    return FALSE;
  *out = g_ascii_strtoll(start, NULL, 10);
  return TRUE;
}

const char *
line_read(const char **p, LineRead *out)
{
  memset(out, 0, sizeof *out);
  if (**p == '#')
    return "it is a comment";
  out->measurement = read_name(p, ", ", ", ");
  if (!out->measurement || !take(p, ",source="))
    return "its measurement";
  out->source = read_name(p, ",= ", ",= ");
  if (!out->source || !take(p, ",station="))
    return "its source";
  out->station = read_name(p, ",= ", ",= ");
  if (!out->station || !take(p, " "))
    return "its station";
  do {
    char *field = out->n < LINE_FIELDS_MAX ? read_name(p, ",= ", ",= ") : NULL;
    if (!field)
      return "a field's name";
    out->fields[out->n++] = field;
    if (!take(p, "=") || !read_float(p, &out->values[out->n - 1]))
      return "a field's value";
  } while (take(p, ","));
  if (!take(p, " ") || !read_time(p, &out->t_ms))
    return "its time";
  return take(p, "\n") ? NULL : "its end";
}
