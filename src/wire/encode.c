/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/encode.h"

#include <math.h>
#include <string.h>

/* Digits of @n, at least @min_digits of them. printf would do, at five times the cost: casa-sim writes 500,000 of these
 * a second. */
static void
append_uint(GString *out, guint64 n, guint min_digits)
{
  char digits[24];
  guint i = sizeof digits;
  do {
    digits[--i] = (char)('0' + n % 10);
    n /= 10;
  } while (n > 0 || sizeof digits - i < min_digits);
  g_string_append_len(out, digits + i, sizeof digits - i);
}

static void
append_int(GString *out, gint64 n)
{
  if (n < 0)
    g_string_append_c(out, '-');
  append_uint(out, n < 0 ? 0 - (guint64)n : (guint64)n, 1);
}

/* @value with exactly @decimals digits after the point, half away from zero. Only + - * and comparison are used, so that
 * every IEEE machine writes the same bytes. */
static void
append_fixed(GString *out, double value, guint decimals)
{
  static const double scale_of[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
  decimals = MIN(decimals, 6);
  double scaled = (value < 0 ? -value : value) * scale_of[decimals];
  if (!(scaled < 9e15)) { /* beyond 2^53 there are no decimals left to round */
    char buf[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_dtostr(buf, sizeof buf, value));
    return;
  }
  guint64 whole = (guint64)scaled;
  if (scaled - (double)whole >= 0.5)
    whole++;
  if (value < 0 && whole > 0)
    g_string_append_c(out, '-');
  guint64 unit = (guint64)scale_of[decimals];
  append_uint(out, whole / unit, 1);
  if (decimals > 0) {
    g_string_append_c(out, '.');
    append_uint(out, whole % unit, decimals);
  }
}

void
casa_encode_string(GString *out, const char *text)
{
  g_string_append_c(out, '"');
  for (const char *p = text; *p; p++) {
    if (*p == '"' || *p == '\\') {
      g_string_append_c(out, '\\');
      g_string_append_c(out, *p);
    } else if ((guchar)*p < 0x20) {
      g_string_append_printf(out, "\\u%04x", (guint)(guchar)*p);
    } else {
      g_string_append_c(out, *p);
    }
  }
  g_string_append_c(out, '"');
}

static void
append_key(GString *out, const char *name)
{
  g_string_append(out, ",\"");
  g_string_append(out, name);
  g_string_append(out, "\":");
}

void
casa_encode_begin(GString *out, gint64 t_ms)
{
  g_string_assign(out, "{\"t\":");
  append_int(out, t_ms);
}

void
casa_encode_seq(GString *out, guint64 seq)
{
  append_key(out, "seq");
  append_uint(out, seq, 1);
}

void
casa_encode_number(GString *out, const char *name, double value, guint decimals)
{
  g_return_if_fail(isfinite(value));
  append_key(out, name);
  append_fixed(out, value, decimals);
}

void
casa_encode_end(GString *out)
{
  g_string_append_c(out, '}');
}

static void
append_member(GString *out, const char *name, const char *text)
{
  if (!text)
    return;
  append_key(out, name);
  casa_encode_string(out, text);
}

static void
append_some(GString *out, const char *name, const char *text)
{
  if (*text)
    append_member(out, name, text);
}

void
casa_encode_refused(GString *out, const CasaRefused *refused)
{
  char words[CASA_REASON_SIZE];
  gsize start = out->len;
  append_some(out, "station", refused->station);
  append_some(out, "field", casa_reason_is_of_field(&refused->why) ? refused->why.field : "");
  append_member(out, "code", refused->why.code);
  append_member(out, "reason", casa_reason_what(&refused->why, words));
  append_some(out, "cure", casa_reason_cure(&refused->why, words));
  out->str[start] = '{'; /* in the place of the first comma */
  g_string_append_c(out, '}');
}

void
casa_encode_descriptor(GString *out, const char *name, const char *name_ar, const char *kind, const char *domain, double lat,
                       double lon, gboolean simulated)
{
  g_string_truncate(out, 0);
  append_member(out, "name", name);
  append_member(out, "name_ar", name_ar);
  append_member(out, "kind", kind);
  append_member(out, "domain", domain);
  if (isfinite(lat) && isfinite(lon)) {
    casa_encode_number(out, "lat", lat, 6); /* 0.1 m */
    casa_encode_number(out, "lon", lon, 6);
  }
  if (simulated)
    g_string_append(out, ",\"simulated\":true");
  if (out->len == 0)
    g_string_append_c(out, ',');
  out->str[0] = '{'; /* in the place of the first comma */
  g_string_append_c(out, '}');
}
