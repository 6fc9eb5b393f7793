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

static gboolean
is_writable_field(const CasaLineField *field)
{
  return isfinite(field->value) && is_writable_name(field->metric);
}

/* --- Reserved names ---------------------------------------------------------------------------------------------- */

#define FIELD_PREFIX "field."
#define DOMAIN_PREFIX "domain."

/* InfluxDB keeps names that begin with _ to itself (2: `_field`, `_measurement`; 1 answers with `_name`, `_tagKey`). A field
 * called `time` is dropped without a word by 1 and refused by 2 and 3. One that has a tag's name is taken by 1, and then hides
 * the tag from every question about the measurement; 3 refuses it. */
static gboolean
is_reserved_field(const char *metric)
{
  return metric[0] == '_' || strcmp(metric, "time") == 0 || strcmp(metric, "source") == 0 || strcmp(metric, "station") == 0;
}

/* Ours beside _: what the forwarder's own trial is written to. */
static gboolean
is_reserved_measurement(const char *domain)
{
  return domain[0] == '_' || strcmp(domain, CASA_LINE_TRIAL) == 0;
}

const char *
casa_line_metric(const char *field)
{
  const char *rest = g_str_has_prefix(field, FIELD_PREFIX) ? field + strlen(FIELD_PREFIX) : field;
  return is_reserved_field(rest) ? rest : field;
}

const char *
casa_line_domain(const char *measurement)
{
  const char *rest = g_str_has_prefix(measurement, DOMAIN_PREFIX) ? measurement + strlen(DOMAIN_PREFIX) : measurement;
  return is_reserved_measurement(rest) ? rest : measurement;
}

/* --- Writing ----------------------------------------------------------------------------------------------------- */

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

  if (is_reserved_measurement(domain))
    g_string_append(out, DOMAIN_PREFIX);
  append_escaped(out, domain, ", ");
  g_string_append(out, ",source=");
  append_escaped(out, source, ",= ");
  g_string_append(out, ",station=");
  append_escaped(out, station, ",= ");
  for (guint i = 0; i < n; i++) {
    if (!is_writable_field(&fields[i]))
      continue;
    g_string_append_c(out, separator);
    if (is_reserved_field(fields[i].metric))
      g_string_append(out, FIELD_PREFIX);
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
