/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/member.h"
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
    casa_reason_set(why, CASA_WHY_ABOUT_NAME, .field = key, .wanted = G_STRINGIFY(CASA_NAME_MAX));
    return FALSE;
  }
  memcpy(out, text, len + 1);
  return TRUE;
}

static gboolean
coordinate(json_t *value, const char *key, double limit, double *out, CasaReason *why)
{
  CasaMember member = value ? casa_member_of_json(key, strlen(key), value) : (CasaMember){ .type = CASA_MEMBER_NULL };
  if (member.type != CASA_MEMBER_BOOL && casa_member_number(&member, out) == CASA_NUMBER_OK && *out >= -limit && *out <= limit)
    return TRUE;
  char most[CASA_QUOTE_SIZE];
  casa_reason_set(why, CASA_WHY_ABOUT_PLACE, .field = key, .wanted = casa_reason_number(most, limit));
  return FALSE;
}

/* The member called @id, or one that the catalogue knows as that metric (latitude, Longitude…), whose name goes to *@key. */
static json_t *
coordinate_member(const CasaMetrics *metrics, json_t *root, const char *id, const char **key)
{
  json_t *value, *found = json_object_get(root, id);
  const char *name;
  *key = id;
  if (found)
    return found;
  json_object_foreach (root, name, value) {
    g_autofree char *small = g_ascii_strdown(name, -1);
    const CasaMetric *metric = casa_metrics_find(metrics, small, strlen(small));
    if (metric && strcmp(metric->id, id) == 0) {
      *key = name;
      return value;
    }
  }
  return NULL;
}

static gboolean
copy_position(const CasaMetrics *metrics, json_t *root, CasaDescriptor *out, CasaReason *why)
{
  const char *lat_key, *lon_key;
  json_t *lat = coordinate_member(metrics, root, "lat", &lat_key), *lon = coordinate_member(metrics, root, "lon", &lon_key);
  out->has_position = FALSE;
  out->lat = out->lon = 0;
  if ((!lat || json_is_null(lat)) && (!lon || json_is_null(lon)))
    return TRUE;
  out->has_position = coordinate(lat, lat_key, 90, &out->lat, why) && coordinate(lon, lon_key, 180, &out->lon, why);
  return out->has_position;
}

static gboolean
read_descriptor(const CasaMetrics *metrics, json_t *root, CasaDescriptor *out, CasaReason *why)
{
  if (!json_is_object(root)) {
    casa_reason_set(why, CASA_WHY_ABOUT_TYPE);
    return FALSE;
  }
  if (!copy_name(root, "domain", out->domain, why) || !copy_name(root, "kind", out->kind, why))
    return FALSE;
  copy_words(json_object_get(root, "name"), out->name, sizeof out->name);
  copy_words(json_object_get(root, "name_ar"), out->name_ar, sizeof out->name_ar);
  out->simulated = json_is_true(json_object_get(root, "simulated"));
  return copy_position(metrics, root, out, why);
}

gboolean
casa_descriptor_settle(const CasaMetrics *metrics, const char *const *measured, CasaDescriptor *descriptor, CasaReason *why)
{
  const guint n = measured ? g_strv_length((char **)measured) : 0;
  const char *domain = n == 1 ? measured[0] : casa_metrics_domain_of_kind(metrics, descriptor->kind);
  char choices[CASA_QUOTE_SIZE];
  if (descriptor->domain[0] == '\0' && !domain) {
    g_autofree char *all = g_strjoinv(", ", (char **)(n ? measured : casa_metrics_domains(metrics)));
    casa_reason_set(why, CASA_WHY_ABOUT_NO_DOMAIN, .wanted = casa_reason_quote(choices, all, strlen(all)));
    return FALSE;
  }
  if (descriptor->domain[0] == '\0')
    g_strlcpy(descriptor->domain, domain, sizeof descriptor->domain);
  if (casa_metrics_has_domain(metrics, descriptor->domain))
    return TRUE;
  casa_reason_set(why, CASA_WHY_ABOUT_DOMAIN, .got = descriptor->domain);
  return FALSE;
}

gboolean
casa_decode_descriptor(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic, const void *payload,
                       gsize len, CasaDescriptor *out, CasaReason *why)
{
  g_strlcpy(out->source, topic->source, sizeof out->source);
  g_strlcpy(out->station, topic->station, sizeof out->station);
  if (len == 0) {
    casa_reason_set(why, CASA_WHY_ABOUT_EMPTY);
    return FALSE;
  }
  if (!casa_tree_check_size(limits, len, why))
    return FALSE;
  json_t *root = casa_tree_load(limits, payload, len, why);
  if (!root)
    return FALSE;
  gboolean ok = read_descriptor(metrics, root, out, why);
  json_decref(root);
  return ok;
}
