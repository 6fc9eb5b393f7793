/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include "base/clock.h"

#include <string.h>

/* FIWARE UltraLight 2.0: "t|22.4|h|56", several measures parted by #, each perhaps begun by its time; /ul/<key>/<device>/attrs,
 * and …/attrs/<name> with one value. https://fiware-iotagent-ul.readthedocs.io/ */

/* The short names of its tutorials. */
static const CasaKitName names[] = {
  { "t", "temp_c", NULL }, { "h", "rh_pct", NULL }, { "p", "pressure_hpa", NULL }, { "l", "illuminance_lx", NULL }, { 0 },
};

static gboolean
is_topic(const CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "ul/+/+/#") || casa_kit_level_is(payload, -1, "attrs");
}

/* Name and value in turn, not a number first: "21.4|63" are values without names. */
static gboolean
is_measure(const CasaPayload *payload)
{
  double ignored;
  const char *text = payload->text, *end = text + payload->text_len, *bar = memchr(text, '|', payload->text_len);
  guint bars = 0;
  if (!bar || bar == text || payload->text_len > 4096 || strchr("{[\"/", text[0]) || memchr(text, '\n', payload->text_len) ||
      !g_utf8_validate(text, (gssize)payload->text_len, NULL) ||
      casa_number_parse(text, (gsize)(bar - text), &ignored) != CASA_NUMBER_NOT)
    return FALSE;
  for (const char *p = text; p < end && *p != '#'; p++)
    bars += *p == '|';
  return bars % 2 == 1 || casa_time_parse_rfc3339(text, (gsize)(bar - text), &(gint64){ 0 });
}

/* The same agent's JSON: {"t":22.4,"h":56} on json/<key>/<device>/attrs. */
static gboolean
is_json(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "json/+/+/attrs") && casa_kit_root(payload);
}

static gboolean
claims(CasaPayload *payload)
{
  return is_json(payload) || is_measure(payload) ||
         (casa_payload_kit_is(payload, "ul/+/+/attrs/+") && casa_kit_is_plain(payload));
}

static void
name_station(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *device = casa_kit_level(payload, casa_payload_kit_is(payload, "ul/#") || is_json(payload) ? 2 : -2);
  casa_format_station_of_topic(payload, emit, 0);
  if (is_topic(payload))
    casa_kit_station(payload, emit, device);
}

static void
take_measure(CasaEmit *emit, const char *text)
{
  g_auto(GStrv) parts = g_strsplit(text, "|", -1);
  guint n = g_strv_length(parts), at = 0;
  if (!casa_emit_begin(emit))
    return;
  if (n % 2 == 1) {
    casa_kit_time_text(emit, parts[0], strlen(parts[0]));
    at = 1;
  }
  for (; at + 1 < n; at += 2) {
    CasaMember value = casa_member_of_text(parts[at], parts[at + 1], strlen(parts[at + 1]));
    casa_kit_take(emit, &value, names);
  }
  casa_emit_end(emit);
}

static void
take_json(CasaEmit *emit, json_t *root)
{
  json_auto_t *rest = json_copy(root);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, json_object_get(root, "TimeInstant"));
  json_object_del(rest, "TimeInstant");
  casa_kit_take_object(emit, rest, names, NULL);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *text = g_strndup(payload->text, payload->text_len), *last = casa_kit_level(payload, -1);
  g_auto(GStrv) measures = g_strsplit(text, "#", -1);
  name_station(payload, emit);
  if (casa_kit_level_is(payload, -1, "cmdexe")) { /* an order's answer */
    casa_emit_understood(emit);
    return;
  }
  if (is_json(payload)) {
    take_json(emit, casa_kit_root(payload));
    return;
  }
  if (!is_measure(payload)) {
    if (!last || !casa_emit_begin(emit))
      return;
    CasaMember value = casa_kit_plain(payload, last);
    casa_kit_take(emit, &value, names);
    casa_emit_end(emit);
    return;
  }
  for (guint i = 0; measures[i]; i++)
    take_measure(emit, measures[i]);
}

const CasaFormat casa_format_ultralight = {
  .id = "ultralight", .name = "FIWARE UltraLight 2.0", .claims = claims, .decode = decode
};
