/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/written.h"

#include "wire/number.h"

#include <string.h>

static gboolean
is_number(const char *text, gsize len)
{
  double ignored;
  return casa_number_parse(text, len, &ignored) == CASA_NUMBER_OK;
}

static gsize
digits_at(const char *text)
{
  return strspn(text, "0123456789");
}

gboolean
casa_written_thousands(const char *text, char mended[CASA_QUOTE_SIZE])
{
  const char *p = text + (*text == '-'), separator = p[digits_at(p)];
  gsize n = (gsize)(p - text), lead = digits_at(p);
  guint groups = 0;
  if (lead < 1 || lead > 3 || !separator || !strchr(",. '_", separator))
    return FALSE;
  memcpy(mended, text, n + lead);
  n += lead;
  p += lead;
  while (*p == separator && digits_at(p + 1) >= 3 && !g_ascii_isdigit(p[4])) {
    memcpy(mended + n, p + 1, 3);
    n += 3;
    p += 4;
    groups++;
  }
  gboolean decimals = (*p == ',' || *p == '.') && *p != separator && digits_at(p + 1) > 0 && p[1 + digits_at(p + 1)] == '\0';
  if (groups == 0 || (*p && !decimals) || (separator == '.' && groups < 2 && !decimals))
    return FALSE;
  mended[n] = '\0';
  if (decimals)
    g_snprintf(mended + n, CASA_QUOTE_SIZE - n, ".%s", p + 1);
  return TRUE;
}

gboolean
casa_written_comma(const char *text, char mended[CASA_QUOTE_SIZE])
{
  const char *comma = strchr(text, ',');
  if (!comma || comma == text || !g_ascii_isdigit(comma[-1]))
    return FALSE;
  g_snprintf(mended, CASA_QUOTE_SIZE, "%.*s.%s", (int)(comma - text), text, comma + 1);
  return is_number(mended, strlen(mended));
}

/* Digits of Arabic, and Persian, writing and their decimal sign as those of a number. FALSE: there are none. */
static gboolean
latin_digits(const char *text, char out[CASA_QUOTE_SIZE])
{
  gsize n = 0;
  gboolean any = FALSE;
  for (const char *p = text; *p && n + 1 < CASA_QUOTE_SIZE; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char_validated(p, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2)
      return FALSE;
    any |= c >= 0x660 && c <= 0x6f9;
    if (c > 127 && c != 0x66b && g_unichar_digit_value(c) < 0)
      return FALSE;
    out[n++] = c == 0x66b ? '.' : c > 127 ? (char)('0' + g_unichar_digit_value(c)) : (char)c;
  }
  out[n] = '\0';
  return any && is_number(out, n);
}

gboolean
casa_written_loose(const char *text, char mended[CASA_QUOTE_SIZE])
{
  if (latin_digits(text, mended))
    return TRUE;
  gboolean minus = *text == '-';
  const char *p = text + (*text == '-' || *text == '+');
  while (p[0] == '0' && g_ascii_isdigit(p[1]))
    p++;
  g_snprintf(mended, CASA_QUOTE_SIZE, "%s%s%s", minus ? "-" : "", *p == '.' ? "0" : "", p);
  gsize n = strlen(mended);
  if (n > 1 && mended[n - 1] == '.')
    mended[n - 1] = '\0';
  return g_ascii_isdigit(p[*p == '.' ? 1 : 0]) && is_number(mended, strlen(mended));
}
