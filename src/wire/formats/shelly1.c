/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Shelly Gen1: shellies/<device>/relay/0/power and the like, one value a message; channels beyond 0 are stations of their own.
 * https://shelly-api-docs.shelly.cloud/gen1/ */

static const CasaKitName names[] = {
  { "power", "power_w", "W" },
  { "energy", NULL, NULL }, /* of relays in watt-minutes, see below */
  { "returned_energy", NULL, NULL },
  { "total", "energy_kwh", "Wh" },
  { "total_returned", "energy_returned_wh", NULL },
  { "voltage", "voltage_v", "V" },
  { "current", "current_a", "A" },
  { "pf", "power_factor", NULL },
  { "reactive_power", "reactive_power_var", NULL },
  { "humidity", "rh_pct", "%" },
  { "lux", "illuminance_lx", "lx" },
  { "temperature_f", NULL, NULL },
  { "overtemperature", "overtemperature", NULL },
  { "ison", "relay", NULL },
  { "relay", "relay", NULL },
  { "rollers", "position", NULL },
  { "ext_temperature", "temp_c", "°C" },
  { "ext_humidity", "rh_pct", "%" },
  { "has_timer", NULL, NULL },
  { "timer_started", NULL, NULL },
  { "timer_duration", NULL, NULL },
  { "timer_remaining", NULL, NULL },
  { 0 },
};

static const char *const marks[] = { "ison", NULL };

static gboolean
claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "shellies/#") ||
         (casa_kit_root(payload) && json_object_get(casa_kit_root(payload), "ison"));
}

/* A temperature of the device's own, not of a sensor's. */
static gboolean
is_inside(const CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "shellies/+/temperature");
}

static gboolean
is_digits(const char *text)
{
  return text && *text && strspn(text, "0123456789") == strlen(text);
}

static void
name_station(CasaPayload *payload, CasaEmit *emit, const char *device)
{
  casa_kit_station(payload, emit, device);
  for (int i = 3; i <= 4; i++) {
    g_autofree char *channel = casa_kit_level(payload, i - 0);
    if (!is_digits(channel) || strcmp(channel, "0") == 0)
      continue;
    g_autofree char *name = g_strdup_printf("%s-%s", device, channel);
    casa_kit_station(payload, emit, name);
    return;
  }
}

static void
take_plain(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *last = casa_kit_level(payload, -1), *before = casa_kit_level(payload, -2);
  const char *metric = is_digits(last) ? before : last;
  CasaMember value = casa_kit_plain(payload, metric ? metric : "");
  double number;
  if (!metric || !casa_emit_begin(emit))
    return;
  if (strcmp(metric, "energy") == 0 && casa_member_number(&value, &number) == CASA_NUMBER_OK)
    casa_emit_number(emit, "energy_kwh", number / 60, "Wh");
  else if (is_inside(payload))
    casa_kit_take_as(emit, &value, "device_temperature_c", NULL);
  else
    casa_kit_take(emit, &value, names);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  g_autofree char *device = casa_kit_level(payload, 1), *what = casa_kit_level(payload, 2);
  gboolean told = g_strcmp0(device, "announce") == 0 || g_strcmp0(device, "command") == 0;
  told |= what && (strcmp(what, "announce") == 0 || strcmp(what, "info") == 0 || strcmp(what, "online") == 0 ||
                   strcmp(what, "command") == 0 || strcmp(what, "ext_temperatures") == 0);
  casa_emit_understood(emit);
  if (told || (payload->topic->kind == CASA_TOPIC_KIT && !what && !root))
    return;
  name_station(payload, emit, device ? device : "");
  if (!root && casa_kit_is_plain(payload)) {
    take_plain(payload, emit);
  } else if (root && casa_emit_begin(emit)) {
    casa_kit_take_object(emit, root, names, NULL);
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_shelly1 = {
  .id = "shelly1", .name = "Shelly Gen1", .marks = marks, .claims = claims, .decode = decode
};
