/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/emit-private.h"

#include <string.h>

/* Names as publishers write them, and the catalogue's. */

/* The character of a name at *p, and *p beyond it: a letter or digit, without the accent that it wears (é is e); '\0': an
 * accent by itself; '_' for all else. */
static char
letter_at(const char **p, const char *end)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  if (!((guchar) * *p & 0x80)) {
    char c = *(*p)++;
    return g_ascii_isalnum(c) ? c : '_';
  }
  gunichar c = g_utf8_get_char_validated(*p, end - *p);
  if (c == (gunichar)-1 || c == (gunichar)-2) {
    (*p)++;
    return '_';
  }
  *p = g_utf8_next_char(*p);
  if (c >= 0x300 && c <= 0x36f)
    return '\0';
  g_unichar_fully_decompose(c, FALSE, parts, G_N_ELEMENTS(parts));
  return parts[0] < 128 && g_ascii_isalnum((char)parts[0]) ? (char)parts[0] : '_';
}

gboolean
casa_emit_clean_name(const char *name, gsize len, char out[CASA_NAME_MAX + 1])
{
  gsize n = 0;
  gboolean separate = FALSE;
  for (const char *p = name; p < name + len;) {
    char c = letter_at(&p, name + len);
    if (c == '_')
      separate = n > 0;
    if (c == '_' || c == '\0')
      continue;
    if (n + separate >= CASA_NAME_MAX)
      return FALSE;
    if (separate)
      out[n++] = '_';
    separate = FALSE;
    out[n++] = g_ascii_tolower(c);
  }
  out[n] = '\0';
  return n > 0;
}

gboolean
casa_emit_part_words(const char *name, gsize len, char out[CASA_NAME_MAX + 1])
{
  gsize n = 0;
  gboolean separate = FALSE, parted = FALSE;
  char before = '_';
  for (const char *p = name; p < name + len;) {
    const char at = *p;
    char c = letter_at(&p, name + len);
    parted |= c != at;
    if (c == '_') {
      separate = n > 0;
      before = '_';
    }
    if (c == '_' || c == '\0')
      continue;
    gboolean hump = g_ascii_islower(before) && g_ascii_isupper(c);
    parted |= hump;
    if (n + (separate || hump) >= CASA_NAME_MAX)
      return FALSE;
    if (separate || hump)
      out[n++] = '_';
    separate = FALSE;
    out[n++] = before = c;
  }
  out[n] = '\0';
  return parted && n > 0;
}

/* temperature_2m, wind_speed_10m: at which of meteorology's heights says no more than that. The length without it. */
static gsize
without_height(const char *name, gsize len)
{
  static const char *const heights[] = { "_2m", "_10m", "_80m", "_100m", "_120m", "_180m" };
  for (guint i = 0; i < G_N_ELEMENTS(heights); i++) {
    gsize n = strlen(heights[i]);
    if (len > n && memcmp(name + len - n, heights[i], n) == 0)
      return len - n;
  }
  return len;
}

const CasaMetric *
casa_emit_find_metric(const CasaEmit *self, const char *name, gsize len)
{
  char id[CASA_NAME_MAX + 1], words[CASA_NAME_MAX + 1];
  const CasaMetric *metric = casa_metrics_find(self->metrics, name, len);
  if (!metric && casa_emit_clean_name(name, len, id))
    metric = casa_metrics_find(self->metrics, id, strlen(id));
  if (!metric && casa_emit_part_words(name, len, words))
    metric = casa_metrics_find(self->metrics, words, strlen(words));
  gsize low = metric ? len : without_height(name, len);
  if (low < len)
    metric = casa_metrics_find(self->metrics, name, low);
  return metric;
}
