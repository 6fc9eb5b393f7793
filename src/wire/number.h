/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Numbers as JSON writes them (RFC 8259 §6), without allocation and whatever the locale. Pure; any thread. */

typedef enum {
  CASA_NUMBER_OK,
  CASA_NUMBER_NOT,        /* not wholly a number */
  CASA_NUMBER_NON_FINITE, /* NaN, Infinity…, or too large for a double */
} CasaNumberResult;

/* Bytes of the JSON number that @text begins with, 0 when it does not begin with one. */
gsize casa_number_scan(const char *text, gsize len);

/* All @len bytes as one number. "NaN", "inf", "Infinity" in any case and with a sign are NON_FINITE: they are not JSON,
 * but sensors print them. @out is written on OK only; -0 is read as 0. */
CasaNumberResult casa_number_parse(const char *text, gsize len, double *out);

G_END_DECLS
