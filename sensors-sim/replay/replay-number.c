/* SPDX-License-Identifier: Apache-2.0 */
#include "replay-number.h"

#include <math.h>
#include <string.h>

/* Blanks that part thousands: 12 345, also as no-break and narrow ones; and the Swiss apostrophe. Its bytes; 0: none. */
static gsize
group_sign(const char *p)
{
  static const char *const signs[] = { " ", "\u00a0", "\u202f", "\u2009", "'", "\u2019" };
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
    if (g_str_has_prefix(p, signs[i]))
      return strlen(signs[i]);
  }
  return 0;
}

/* Digits, points and commas that @text begins with, into @out; a sign between groups of thousands becomes a blank there. */
static const char *
take_token(const char *text, char out[CASA_SIM_NUMBER_MAX + 1])
{
  gsize n = 0;
  while (n < CASA_SIM_NUMBER_MAX) {
    gsize gap = n > 0 && g_ascii_isdigit(out[n - 1]) ? group_sign(text) : 0;
    if (gap > 0 && g_ascii_isdigit(text[gap]) && g_ascii_isdigit(text[gap + 1]) && g_ascii_isdigit(text[gap + 2])) {
      out[n++] = ' ';
      text += gap;
    } else if (g_ascii_isdigit(*text) || *text == '.' || *text == ',') {
      out[n++] = *text++;
    } else {
      break;
    }
  }
  out[n] = '\0';
  return text;
}

/* Whether @sign parts the digits of @token into thousands: up to @end, each group but the first of three. */
static gboolean
is_grouping(const char *token, const char *end, char sign)
{
  const char *first = strchr(token, sign), *p = first;
  if (!first || first == token || first - token > 3)
    return FALSE;
  for (; p && p < end; p = strchr(p + 1, sign)) {
    const char *stop = strchr(p + 1, sign);
    if (!stop || stop > end)
      stop = end;
    if (stop - p - 1 != 3)
      return FALSE;
  }
  return TRUE;
}

static void
drop(char *token, char sign)
{
  char *to = token;
  for (const char *p = token; *p; p++) {
    if (*p != sign)
      *to++ = *p;
  }
  *to = '\0';
}

/* Leaves @token with at most one point. FALSE: its signs make no number. */
static gboolean
settle(char *token, char decimal)
{
  char *comma = strrchr(token, ','), *point = strrchr(token, '.');
  char grouping = 0;
  if (decimal)
    grouping = decimal == ',' ? '.' : ',';
  else if (comma && point)
    grouping = comma > point ? '.' : ',';
  else if (comma && strchr(token, ',') != comma)
    grouping = ',';
  else
    grouping = point && strchr(token, '.') != point ? '.' : 0;
  char *mark = grouping == ',' ? point : comma ? comma : point;
  if (grouping == '.')
    mark = comma;
  const char *end = mark ? mark : token + strlen(token);
  if (strchr(token, ' ')) {
    if (!is_grouping(token, end, ' ') || (grouping && strchr(token, grouping)))
      return FALSE;
    drop(token, ' ');
  } else if (grouping && strchr(token, grouping)) {
    if (!is_grouping(token, end, grouping))
      return FALSE;
    drop(token, grouping);
  }
  char *left = strchr(token, ',');
  if (left)
    *left = '.';
  return !strchr(token, ',') && (!strchr(token, '.') || strchr(token, '.') == strrchr(token, '.'));
}

/* The bytes of an exponent: "e-3". */
static gsize
exponent(const char *p)
{
  gsize n = 1;
  if (*p != 'e' && *p != 'E')
    return 0;
  n += p[1] == '+' || p[1] == '-';
  if (!g_ascii_isdigit(p[n]))
    return 0;
  while (g_ascii_isdigit(p[n]))
    n++;
  return n;
}

gboolean
casa_sim_number_read(const char *text, char decimal, double *out, const char **out_unit)
{
  char token[CASA_SIM_NUMBER_MAX + 1], number[2 * CASA_SIM_NUMBER_MAX];
  gboolean minus = g_str_has_prefix(text, "\u2212") || *text == '-';
  gsize sign = g_str_has_prefix(text, "\u2212") ? 3 : *text == '-' || *text == '+' ? 1 : 0;
  const char *rest = take_token(text + sign, token);
  gsize n_exponent = exponent(rest);
  if (!token[strcspn(token, "0123456789")] || !settle(token, decimal))
    return FALSE;
  g_snprintf(number, sizeof number, "%s%s%.*s", minus ? "-" : "", token, (int)MIN(n_exponent, 8), rest);
  *out = g_ascii_strtod(number, NULL);
  rest += n_exponent;
  while (group_sign(rest) > 0 && *rest != '\'')
    rest += group_sign(rest);
  *out_unit = rest;
  return isfinite(*out);
}
