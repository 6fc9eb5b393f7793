/* SPDX-License-Identifier: Apache-2.0 */
#include "forward/line-number.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MANTISSA_MAX 1e15 /* 15 digits always survive text → double → text (IEEE 754 binary64) */
#define DECIMALS_MAX 9

static gsize
write_decimal(char *buf, gboolean negative, guint64 mantissa, guint decimals)
{
  char digits[24];
  guint n = 0;
  char *p = buf;

  do {
    digits[n++] = (char)('0' + mantissa % 10);
    mantissa /= 10;
  } while (mantissa > 0 || n <= decimals);
  if (negative)
    *p++ = '-';
  while (n > 0) {
    if (n == decimals)
      *p++ = '.';
    *p++ = digits[--n];
  }
  *p = '\0';
  return (gsize)(p - buf);
}

/* What sensors write has few decimals: then some integer of at most 15 digits, divided by a power of ten, is the number.
 * Both are exact doubles, so the division rounds as reading the decimal text does (Clinger 1990). */
static gsize
write_short(char *buf, double value)
{
  static const double power[DECIMALS_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
  double size = fabs(value);

  for (guint decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
    double mantissa = nearbyint(size * power[decimals]);
    if (mantissa >= MANTISSA_MAX)
      return 0;
    if (mantissa / power[decimals] == size)
      return write_decimal(buf, signbit(value) != 0, (guint64)mantissa, decimals);
  }
  return 0;
}

gsize
casa_line_number(char buf[CASA_LINE_NUMBER_MAX], double value)
{
  gsize len = write_short(buf, value);
  char format[8];

  if (len > 0)
    return len;
  /* 17 digits always survive double → text → double. Below DBL_MIN fewer digits carry all there is. */
  for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
    g_snprintf(format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd(buf, CASA_LINE_NUMBER_MAX, format, value);
    if (g_ascii_strtod(buf, NULL) == value)
      break;
  }
  return strlen(buf);
}
