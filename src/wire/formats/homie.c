/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Homie 3, 4 and 5: homie/[5/]<device>/<node>/<property>, with what a property is on topics whose levels begin with $. A node
 * is one sensor of a device: a station. https://homieiot.github.io/specification/ */

static gboolean
claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "homie/+/#") && !casa_payload_kit_is(payload, "homie/+");
}

static gboolean
is_version_5(const CasaPayload *payload)
{
  return casa_kit_level_is(payload, 1, "5");
}

static void
note_unit(CasaEmit *emit, const char *device, const char *node, const char *property, const char *unit, gsize len)
{
  g_autofree char *key = g_strdup_printf("%s/%s/%s", device, node, property);
  casa_emit_remember(emit, key, unit, len);
}

/* Homie 5 says all of a device in one message. */
static void
take_description(CasaPayload *payload, CasaEmit *emit, const char *device)
{
  const char *node, *property;
  json_t *n, *p, *nodes = json_object_get(casa_kit_root(payload), "nodes");
  const char *name = casa_kit_text(casa_kit_root(payload), "name");
  json_object_foreach (nodes, node, n) {
    g_autofree char *station = g_strdup_printf("%s-%s", device, node);
    if (name)
      casa_emit_describe(emit, station, name, NULL, G_MAXDOUBLE, G_MAXDOUBLE);
    json_object_foreach (json_object_get(n, "properties"), property, p) {
      const char *unit = casa_kit_text(p, "unit");
      if (unit)
        note_unit(emit, device, node, property, unit, strlen(unit));
    }
  }
}

static void
take_property(CasaPayload *payload, CasaEmit *emit, const char *device, const char *node, const char *property)
{
  g_autofree char *key = g_strdup_printf("%s/%s/%s", device, node, property),
                  *unit = g_strdup(casa_emit_recall(emit, key, NULL)), *station = g_strdup_printf("%s-%s", device, node);
  casa_kit_station(payload, emit, station);
  if (unit && strcmp(unit, "#") == 0)
    unit[0] = '\0';
  casa_emit_begin(emit);
  CasaMember value = casa_kit_plain(payload, property);
  casa_kit_take_as(emit, &value, property, unit);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  int at = is_version_5(payload) ? 2 : 1;
  g_autofree char *device = casa_kit_level(payload, at), *node = casa_kit_level(payload, at + 1),
                  *property = casa_kit_level(payload, at + 2), *attribute = casa_kit_level(payload, at + 3);
  casa_emit_understood(emit);
  if (!device || !node)
    return;
  if (strcmp(node, "$description") == 0)
    take_description(payload, emit, device);
  else if (property && attribute && strcmp(attribute, "$unit") == 0)
    note_unit(emit, device, node, property, payload->text, payload->text_len);
  else if (property && !attribute && !strchr("$", node[0]) && property[0] != '$' && payload->text_len > 0 &&
           casa_kit_is_plain(payload))
    take_property(payload, emit, device, node, property);
}

const CasaFormat casa_format_homie = { .id = "homie", .name = "Homie 3, 4, 5", .claims = claims, .decode = decode };
