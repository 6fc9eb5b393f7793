/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/decode.h"
#include "wire/rules.h"
#include "wire/tree.h"

#include <string.h>

/* Copies a text for people, cut at a character; control characters become spaces. */
static void
copy_words(const json_t *value, char *out, gsize size)
{
  const char *text = json_is_string(value) ? json_string_value(value) : "";
  gsize n = 0;
  while (*text) {
    const char *next = g_utf8_next_char(text);
    if (n + (gsize)(next - text) >= size)
      break;
    if (g_unichar_iscntrl(g_utf8_get_char(text))) {
      out[n++] = ' ';
    } else {
      memcpy(out + n, text, next - text);
      n += next - text;
    }
    text = next;
  }
  out[n] = '\0';
}

/* A name that could be a topic level; absent gives "". */
static gboolean
copy_name(const json_t *root, const char *key, char out[CASA_NAME_MAX + 1], CasaReason *why)
{
  const json_t *value = json_object_get(root, key);
  out[0] = '\0';
  if (!value)
    return TRUE;
  const char *text = json_is_string(value) ? json_string_value(value) : "";
  gsize len = strlen(text);
  if (len == 0 || len > CASA_NAME_MAX || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len) {
    casa_reason_set(why, "type", "descriptor: \"%s\" must be a text of 1 to %d of a-z, 0-9, _ and -", key, CASA_NAME_MAX);
    return FALSE;
  }
  memcpy(out, text, len + 1);
  return TRUE;
}

static gboolean
coordinate(const json_t *value, const char *key, double limit, double *out, CasaReason *why)
{
  CasaMember member = { .type = CASA_MEMBER_NULL };
  if (json_is_real(value)) {
    member.type = CASA_MEMBER_NUMBER;
    member.number = json_real_value(value);
  } else if (json_is_string(value)) {
    member.type = CASA_MEMBER_TEXT;
    member.text = json_string_value(value);
    member.text_len = json_string_length(value);
  }
  if (casa_member_number(&member, out) == CASA_NUMBER_OK && *out >= -limit && *out <= limit)
    return TRUE;
  casa_reason_set(why, "out-of-range",
                  "descriptor: \"%s\" must be a number of degrees from -%.0f to %.0f, with \"lat\" and "
                  "\"lon\" together",
                  key, limit, limit);
  return FALSE;
}

static gboolean
copy_position(const json_t *root, CasaDescriptor *out, CasaReason *why)
{
  const json_t *lat = json_object_get(root, "lat"), *lon = json_object_get(root, "lon");
  out->has_position = FALSE;
  out->lat = out->lon = 0;
  if ((!lat || json_is_null(lat)) && (!lon || json_is_null(lon)))
    return TRUE;
  out->has_position = coordinate(lat, "lat", 90, &out->lat, why) && coordinate(lon, "lon", 180, &out->lon, why);
  return out->has_position;
}

static gboolean
read_descriptor(const json_t *root, CasaDescriptor *out, CasaReason *why)
{
  if (!json_is_object(root)) {
    casa_reason_set(why, "type",
                    "descriptor: wanted an object such as {\"name\":\"…\",\"domain\":\"air\",\"lat\":33.6,"
                    "\"lon\":-7.5}");
    return FALSE;
  }
  if (!copy_name(root, "domain", out->domain, why) || !copy_name(root, "kind", out->kind, why))
    return FALSE;
  if (out->domain[0] == '\0') {
    casa_reason_set(why, "domain", "descriptor: no \"domain\"; say which one the station belongs to, as in its topic");
    return FALSE;
  }
  copy_words(json_object_get(root, "name"), out->name, sizeof out->name);
  copy_words(json_object_get(root, "name_ar"), out->name_ar, sizeof out->name_ar);
  out->simulated = json_is_true(json_object_get(root, "simulated"));
  return copy_position(root, out, why);
}

gboolean
casa_decode_descriptor(const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len,
                       CasaDescriptor *out, CasaReason *why)
{
  g_strlcpy(out->source, topic->source, sizeof out->source);
  g_strlcpy(out->station, topic->station, sizeof out->station);
  if (len == 0) {
    casa_reason_set(why, "empty", "descriptor: nothing in it; an empty retained message only clears the old one");
    return FALSE;
  }
  json_t *root = casa_tree_load(limits, payload, len, why);
  if (!root)
    return FALSE;
  gboolean ok = read_descriptor(root, out, why);
  json_decref(root);
  return ok;
}
