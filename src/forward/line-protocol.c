/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/line-protocol.h"

#include "forward/line-number.h"

#include <math.h>
#include <string.h>

/* Letters, digits, `_`, `-` and `.`, which every name of the wire's contract is made of: nothing to escape or to doubt. */
static gboolean
is_plain(const char *name)
{
  const char *p = name;

  while (g_ascii_isalnum(*p) || *p == '_' || *p == '-' || *p == '.')
    p++;
  return *p == '\0' && p > name;
}

/* What may stand in a name. InfluxDB cannot escape a newline; a backslash at the end would escape the separator that
 * follows it; other control characters are refused by 2.x, so they are refused here for every server alike. */
static gboolean
is_writable_name(const char *name)
{
  if (is_plain(name))
    return TRUE;
  gsize len = strlen(name);
  if (len == 0 || name[len - 1] == '\\')
    return FALSE;
  for (gsize i = 0; i < len; i++)
    if (g_ascii_iscntrl(name[i]))
      return FALSE;
  return g_utf8_validate(name, (gssize)len, NULL);
}

/* A line that begins with # is a comment to the server: it would answer 204 and keep nothing. */
static gboolean
is_writable_measurement(const char *name)
{
  return name[0] != '#' && is_writable_name(name);
}

/* A field called `time` is dropped without a word by InfluxDB 1.x and refused by the others. */
static gboolean
is_writable_field(const CasaLineField *field)
{
  return isfinite(field->value) && strcmp(field->metric, "time") != 0 && is_writable_name(field->metric);
}

static void
append_escaped(GString *out, const char *name, const char *special)
{
  const char *plain = name;

  for (const char *p = is_plain(name) ? "" : name; *p; p++) {
    if (!strchr(special, *p))
      continue;
    g_string_append_len(out, plain, p - plain);
    g_string_append_c(out, '\\');
    plain = p;
  }
  g_string_append(out, plain);
}

gboolean
casa_line_can_write(const char *domain, const char *source, const char *station, const CasaLineField *field)
{
  return is_writable_measurement(domain) && is_writable_name(source) && is_writable_name(station) && is_writable_field(field);
}

gboolean
casa_line_append(GString *out, const char *domain, const char *source, const char *station, const CasaLineField *fields,
                 guint n, gint64 t_ms)
{
  char number[CASA_LINE_NUMBER_MAX];
  gsize start = out->len;
  char separator = ' ';

  if (!is_writable_measurement(domain) || !is_writable_name(source) || !is_writable_name(station))
    return FALSE;

  append_escaped(out, domain, ", ");
  g_string_append(out, ",source=");
  append_escaped(out, source, ",= ");
  g_string_append(out, ",station=");
  append_escaped(out, station, ",= ");
  for (guint i = 0; i < n; i++) {
    if (!is_writable_field(&fields[i]))
      continue;
    g_string_append_c(out, separator);
    append_escaped(out, fields[i].metric, ",= ");
    g_string_append_c(out, '=');
    g_string_append_len(out, number, (gssize)casa_line_number(number, fields[i].value));
    separator = ',';
  }
  if (separator == ' ') {
    g_string_truncate(out, start);
    return FALSE;
  }
  g_string_append_printf(out, " %" G_GINT64_FORMAT "\n", t_ms);
  return TRUE;
}
