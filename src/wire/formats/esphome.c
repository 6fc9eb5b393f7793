/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* ESPHome: <node>/<component>/<object>/state. The object is a name that the owner chose, such as bme280_temperature: what the
 * catalogue knows at its end is the metric, what stands before it tells sensors of one node apart.
 * https://esphome.io/components/mqtt.html */

/* Whether level -@i is a kind of component. */
static gboolean
is_component(const CasaPayload *payload, int i)
{
  static const char *const kinds[] = { "sensor", "binary_sensor", "switch", "text_sensor", "number", "light", "climate",
                                       "fan",    "cover",         "select", "button",      "lock",   "valve" };
  for (guint k = 0; k < G_N_ELEMENTS(kinds); k++)
    if (casa_kit_level_is(payload, i, kinds[k]))
      return TRUE;
  return FALSE;
}

/* A climate, a fan or a cover says several things: <node>/climate/<object>/current_temperature/state. */
static gboolean
is_part_of_component(const CasaPayload *payload)
{
  return casa_kit_level_is(payload, -1, "state") && !is_component(payload, -3) && is_component(payload, -4) &&
         casa_payload_kit_is(payload, "+/+/+/+/+/#");
}

/* The state of a component, what it is told, the node's log and whether it is there. */
static gboolean
claims(CasaPayload *payload)
{
  gboolean state = (casa_kit_level_is(payload, -1, "state") || casa_kit_level_is(payload, -1, "command")) &&
                   is_component(payload, -3) && casa_payload_kit_is(payload, "+/+/+/+/#");
  return state || is_part_of_component(payload) || casa_payload_kit_is(payload, "esphome/discover/#") ||
         (casa_payload_kit_is(payload, "+/debug") && !casa_kit_root(payload)) ||
         (casa_payload_kit_is(payload, "+/status") && payload->text_len > 0 && strchr("o\"", payload->text[0]));
}

/* All levels before the component, and what stands before the metric in the object's name. */
static void
name_station(CasaPayload *payload, CasaEmit *emit, const char *part)
{
  casa_format_station_of_topic(payload, emit, 3);
  casa_kit_station(payload, emit, part);
}

static void
take_state(CasaPayload *payload, CasaEmit *emit, const char *object)
{
  gsize split = casa_emit_find_metric(emit, object, strlen(object)) ? 0 : casa_kit_split_name(emit, object, strlen(object));
  name_station(payload, emit, NULL);
  if (split > 0) {
    g_autofree char *part = g_strdup_printf("%s-%.*s", casa_emit_whose(emit), (int)split, object);
    if (strncmp(casa_emit_whose(emit), object, split) != 0 || casa_emit_whose(emit)[split] != '\0')
      name_station(payload, emit, part);
  }
  const char *metric = split > 0 ? object + split + 1 : object;
  casa_emit_begin(emit);
  CasaMember value = casa_kit_plain(payload, metric);
  casa_kit_take(emit, &value, NULL);
  casa_emit_end(emit);
}

/* What is measured by its metric, what is wished (target_temperature) by its own name; words (heat, auto) are no numbers. */
static void
take_part(CasaPayload *payload, CasaEmit *emit)
{
  static const char current[] = "current_";
  g_autofree char *object = casa_kit_level(payload, -3), *what = casa_kit_level(payload, -2);
  const char *metric = g_str_has_prefix(what, current) ? what + strlen(current) : what;
  CasaMember value = casa_kit_plain(payload, metric);
  double number;
  casa_emit_understood(emit);
  if (!casa_kit_is_plain(payload) || casa_member_number(&value, &number) != CASA_NUMBER_OK)
    return;
  casa_format_station_of_topic(payload, emit, 4);
  g_autofree char *part = g_strdup_printf("%s-%s", casa_emit_whose(emit), object);
  casa_kit_station(payload, emit, part);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_take(emit, &value, NULL);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  if (is_part_of_component(payload)) {
    take_part(payload, emit);
    return;
  }
  g_autofree char *object = casa_kit_level(payload, -2);
  gboolean state = object && casa_kit_level_is(payload, -1, "state") && is_component(payload, -3);
  gboolean number = casa_kit_level_is(payload, -3, "sensor") || casa_kit_level_is(payload, -3, "number");
  if (!state || !number || payload->text_len == 0)
    casa_emit_understood(emit);
  if (state && casa_kit_is_plain(payload) && !casa_kit_level_is(payload, -3, "text_sensor"))
    take_state(payload, emit, object);
}

const CasaFormat casa_format_esphome = { .id = "esphome", .name = "ESPHome", .claims = claims, .decode = decode };
