/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/number.h"

#include <math.h>
#include <string.h>

static gsize
digits(const char *text, gsize i, gsize len)
{
  while (i < len && g_ascii_isdigit(text[i]))
    i++;
  return i;
}

gsize
casa_number_scan(const char *text, gsize len)
{
  gsize i = len > 0 && text[0] == '-' ? 1 : 0;
  if (i >= len || !g_ascii_isdigit(text[i]))
    return 0;
  i = text[i] == '0' ? i + 1 : digits(text, i, len);
  if (i < len && text[i] == '.') {
    gsize end = digits(text, i + 1, len);
    if (end == i + 1)
      return 0;
    i = end;
  }
  if (i < len && (text[i] == 'e' || text[i] == 'E')) {
    gsize exponent = i + 1;
    if (exponent < len && (text[exponent] == '+' || text[exponent] == '-'))
      exponent++;
    gsize end = digits(text, exponent, len);
    if (end == exponent)
      return 0;
    i = end;
  }
  return i;
}

static gboolean
is_non_finite_word(const char *text, gsize len)
{
  static const char *const words[] = { "nan", "inf", "infinity" };
  if (len > 0 && (text[0] == '-' || text[0] == '+')) {
    text++;
    len--;
  }
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (len == strlen(words[i]) && g_ascii_strncasecmp(text, words[i], len) == 0)
      return TRUE;
  return FALSE;
}

/* At most 15 digits and a power of ten up to 22: mantissa and power are exact doubles, so one division rounds correctly
 * (Clinger 1990). That is every reading a sensor writes; the rest goes to strtod. */
static gboolean
parse_short(const char *text, gsize len, double *out)
{
  static const double power[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  if (len > 16)
    return FALSE;
  gboolean negative = text[0] == '-';
  guint64 mantissa = 0;
  guint decimals = 0, n = 0;
  gboolean after_point = FALSE;
  for (gsize i = negative ? 1 : 0; i < len; i++) {
    if (text[i] == '.') {
      after_point = TRUE;
      continue;
    }
    if (!g_ascii_isdigit(text[i]) || ++n > 15)
      return FALSE;
    mantissa = mantissa * 10 + (guint64)(text[i] - '0');
    decimals += after_point;
  }
  double value = (double)mantissa / power[decimals];
  *out = negative ? 0.0 - value : value;
  return TRUE;
}

static CasaNumberResult
parse_long(const char *text, gsize len, double *out)
{
  char small[64];
  g_autofree char *large = NULL;
  char *copy = len < sizeof small ? small : (large = g_malloc(len + 1));
  memcpy(copy, text, len);
  copy[len] = '\0';
  double value = g_ascii_strtod(copy, NULL);
  if (!isfinite(value))
    return CASA_NUMBER_NON_FINITE;
  *out = value + 0.0;
  return CASA_NUMBER_OK;
}

CasaNumberResult
casa_number_parse(const char *text, gsize len, double *out)
{
  if (len == 0)
    return CASA_NUMBER_NOT;
  if (casa_number_scan(text, len) != len)
    return is_non_finite_word(text, len) ? CASA_NUMBER_NON_FINITE : CASA_NUMBER_NOT;
  if (parse_short(text, len, out))
    return CASA_NUMBER_OK;
  return parse_long(text, len, out);
}
