/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/report.h"

#include <math.h>
#include <string.h>

#include "wire/tree.h"

static gboolean
copy_service(const json_t *root, CasaReport *out, CasaReason *why)
{
  const char *text = json_string_value(json_object_get(root, "service"));
  gsize len = text ? strlen(text) : 0;
  if (len < 1 || len > CASA_NAME_MAX || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len) {
    casa_reason_set(why, CASA_WHY_REPORT_SERVICE, .wanted = G_STRINGIFY(CASA_NAME_MAX));
    return FALSE;
  }
  memcpy(out->service, text, len + 1);
  return TRUE;
}

static gboolean
copy_degrees(const json_t *root, const char *key, double most, double *out, CasaReason *why)
{
  const json_t *value = json_object_get(root, key);
  *out = json_is_real(value) ? json_real_value(value) : NAN;
  if (fabs(*out) <= most)
    return TRUE;
  casa_reason_set(why, CASA_WHY_REPORT_PLACE, .field = key, .wanted = most > 90 ? "180" : "90");
  return FALSE;
}

/* Control characters, and those that turn the direction of what follows, become blanks: the words are shown beside others'. */
static gboolean
copy_text(const json_t *root, CasaReport *out, CasaReason *why)
{
  const json_t *value = json_object_get(root, "text");
  if (!value || json_is_null(value))
    return TRUE;
  if (!json_is_string(value) || json_string_length(value) > CASA_REPORT_TEXT_MAX) {
    casa_reason_set(why, CASA_WHY_REPORT_TEXT, .wanted = G_STRINGIFY(CASA_REPORT_TEXT_MAX));
    return FALSE;
  }
  char *to = out->text;
  for (const char *c = json_string_value(value); *c; c = g_utf8_next_char(c)) {
    gunichar letter = g_utf8_get_char(c);
    gboolean bare =
      g_unichar_iscntrl(letter) || (letter >= 0x202a && letter <= 0x202e) || (letter >= 0x2066 && letter <= 0x2069);
    if (bare)
      *to++ = ' ';
    else
      to += g_unichar_to_utf8(letter, to);
  }
  *to = '\0';
  return TRUE;
}

gboolean
casa_decode_report(const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len, CasaReport *out,
                   CasaReason *why)
{
  memset(out, 0, sizeof *out);
  g_strlcpy(out->source, topic->source, sizeof out->source);
  g_strlcpy(out->id, topic->station, sizeof out->id);
  out->withdrawn = len == 0;
  if (out->withdrawn)
    return TRUE;
  if (!casa_tree_check_size(limits, len, why))
    return FALSE;
  json_t *root = casa_tree_load(limits, payload, len, why);
  if (!root)
    return FALSE;
  gboolean ok = json_is_object(root);
  if (!ok)
    casa_reason_set(why, CASA_WHY_REPORT_TYPE);
  ok = ok && copy_service(root, out, why) && copy_degrees(root, "lat", 90, &out->lat, why) &&
       copy_degrees(root, "lon", 180, &out->lon, why) && copy_text(root, out, why);
  const char *status = ok ? json_string_value(json_object_get(root, "status")) : NULL;
  out->closed = g_strcmp0(status, "closed") == 0;
  json_decref(root);
  return ok;
}
