/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/event.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "wire/tree.h"

/* A word that could be a topic level. Absent, null and "" give "". */
static gboolean
copy_name(const json_t *root, const char *key, char out[CASA_NAME_MAX + 1], CasaReason *why)
{
  const json_t *value = json_object_get(root, key);
  out[0] = '\0';
  if (!value || json_is_null(value))
    return TRUE;
  const char *text = json_is_string(value) ? json_string_value(value) : NULL;
  gsize len = text ? strlen(text) : 0;
  if (!text || len > CASA_NAME_MAX || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len) {
    casa_reason_set(why, CASA_WHY_EVENT_NAME, .field = key, .wanted = G_STRINGIFY(CASA_NAME_MAX));
    return FALSE;
  }
  memcpy(out, text, len + 1);
  return TRUE;
}

/* A moment as in readings, but an event may lie in the past or the future. Absent and null leave *@out. */
static gboolean
copy_time(const json_t *root, const char *key, gint64 *out, CasaReason *why)
{
  const json_t *value = json_object_get(root, key);
  if (!value || json_is_null(value))
    return TRUE;
  if (json_is_real(value) && casa_epoch_to_ms(json_real_value(value), out))
    return TRUE;
  if (json_is_string(value) && casa_time_parse_rfc3339(json_string_value(value), json_string_length(value), out))
    return TRUE;
  casa_reason_set(why, CASA_WHY_EVENT_TIME, .field = key);
  return FALSE;
}

static gboolean
copy_intensity(const json_t *root, double *out, CasaReason *why)
{
  const json_t *value = json_object_get(root, "intensity");
  *out = 1;
  if (!value || json_is_null(value))
    return TRUE;
  *out = json_is_real(value) ? json_real_value(value) : NAN;
  if (*out >= 0 && *out <= 1)
    return TRUE;
  casa_reason_set(why, CASA_WHY_EVENT_INTENSITY);
  return FALSE;
}

static gboolean
read_event(const json_t *root, gint64 now_ms, CasaEvent *out, CasaReason *why)
{
  if (!json_is_object(root)) {
    casa_reason_set(why, CASA_WHY_EVENT_TYPE);
    return FALSE;
  }
  out->start_ms = now_ms;
  out->end_ms = CASA_EVENT_OPEN;
  if (!copy_name(root, "event", out->event, why) || !copy_name(root, "place", out->place, why) ||
      !copy_name(root, "district", out->district, why) || !copy_name(root, "line", out->line, why) ||
      !copy_time(root, "start", &out->start_ms, why) || !copy_time(root, "end", &out->end_ms, why) ||
      !copy_intensity(root, &out->intensity, why))
    return FALSE;
  if (out->event[0] == '\0') {
    casa_reason_set(why, CASA_WHY_EVENT_EMPTY);
    return FALSE;
  }
  if (out->end_ms < out->start_ms) {
    casa_reason_set(why, CASA_WHY_EVENT_ORDER);
    return FALSE;
  }
  out->simulated = json_is_true(json_object_get(root, "simulated"));
  return TRUE;
}

gboolean
casa_decode_event(const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len, gint64 now_ms,
                  CasaEvent *out, CasaReason *why)
{
  memset(out, 0, sizeof *out);
  g_strlcpy(out->source, topic->source, sizeof out->source);
  g_strlcpy(out->id, topic->station, sizeof out->id);
  out->over = len == 0;
  if (out->over)
    return TRUE;
  if (!casa_tree_check_size(limits, len, why))
    return FALSE;
  json_t *root = casa_tree_load(limits, payload, len, why);
  if (!root)
    return FALSE;
  gboolean ok = read_event(root, now_ms, out, why);
  json_decref(root);
  return ok;
}

gboolean
casa_event_equal(const CasaEvent *a, const CasaEvent *b)
{
  return strcmp(a->source, b->source) == 0 && strcmp(a->id, b->id) == 0 && a->over == b->over &&
         strcmp(a->event, b->event) == 0 && strcmp(a->place, b->place) == 0 && strcmp(a->district, b->district) == 0 &&
         strcmp(a->line, b->line) == 0 && a->start_ms == b->start_ms && a->end_ms == b->end_ms &&
         a->intensity == b->intensity && a->simulated == b->simulated;
}
