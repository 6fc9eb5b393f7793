/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Shelly Gen2 and later: <device>/events/rpc with NotifyStatus, <device>/status/<component>:<n>, answers on …/rpc. A
 * component's number tells channels of one device apart. https://shelly-api-docs.shelly.cloud/gen2/ */

static const CasaKitName names[] = {
  { "id", NULL, NULL },
  { "source", NULL, NULL },
  { "tag", NULL, NULL },
  { "output", "relay", NULL },
  { "apower", "power_w", "W" },
  { "act_power", "power_w", "W" },
  { "total_act_power", "power_w", "W" },
  { "aprtpower", "apparent_power_va", NULL },
  { "aprt_power", "apparent_power_va", NULL },
  { "total_aprt_power", "apparent_power_va", NULL },
  { "voltage", "voltage_v", "V" },
  { "current", "current_a", "A" },
  { "total_act", "energy_kwh", "Wh" },
  { "total_act_energy", "energy_kwh", "Wh" },
  { "total_act_ret", "energy_returned_wh", NULL },
  { "total_act_ret_energy", "energy_returned_wh", NULL },
  { "total_current", "current_a", "A" },
  { "freq", "frequency_hz", "Hz" },
  { "pf", "power_factor", NULL },
  { "tC", "temp_c", "°C" },
  { "tF", NULL, NULL },
  { "rh", "rh_pct", "%" },
  { "lux", "illuminance_lx", "lx" },
  { "aenergy", NULL, NULL },
  { "ret_aenergy", NULL, NULL },
  { "temperature", NULL, NULL },
  { "battery", NULL, NULL },
  { "timer_started_at", NULL, NULL },
  { "timer_duration", NULL, NULL },
  { "n_current", "neutral_current_a", NULL },
  { "calibration", NULL, NULL },
  { "external", NULL, NULL },
  { "last_direction", NULL, NULL },
  { "transition", NULL, NULL },
  { 0 },
};

static gboolean
is_status(json_t *root)
{
  static const char *const signs[] = {
    "apower", "aenergy", "tC", "rh", "output", "act_power", "total_act_power", "lux", "ison"
  };
  gboolean component = json_is_number(json_object_get(root, "id")) || json_object_get(root, "ison");
  for (guint i = 0; component && i < G_N_ELEMENTS(signs); i++)
    if (json_object_get(root, signs[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_rpc(json_t *root)
{
  const char *method = casa_kit_text(root, "method");
  return (method && casa_kit_text(root, "src") && g_str_has_prefix(method, "Notify")) ||
         (json_object_get(root, "result") && casa_kit_text(root, "src"));
}

static const char *const marks[] = { "apower", "aenergy", "tC", "ison", "total_act_power", "total_act", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return is_rpc(root) || (root && casa_payload_kit_is(payload, "+/status/+")) || casa_payload_kit_is(payload, "+/events/rpc") ||
         casa_payload_kit_is(payload, "+/online") || is_status(root);
}

/* "switch:1" */
static int
number_of(const char *component)
{
  const char *colon = strchr(component, ':');
  return colon ? (int)g_ascii_strtoull(colon + 1, NULL, 10) : 0;
}

static gboolean
is_measuring(const char *component)
{
  static const char *const others[] = { "sys", "wifi", "cloud", "mqtt",   "ws", "ble",     "script",
                                        "eth", "ui",   "knx",   "modbus", "ts", "plugs_ui" };
  gsize n = strcspn(component, ":");
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    if (strlen(others[i]) == n && strncmp(others[i], component, n) == 0)
      return FALSE;
  return TRUE;
}

static void
take_component(CasaEmit *emit, json_t *status)
{
  json_t *energy = json_object_get(status, "aenergy"), *inside = json_object_get(status, "temperature");
  if (json_is_object(energy))
    casa_kit_take_member(emit, energy, "total", "energy_kwh", "Wh");
  if (json_is_object(inside))
    casa_kit_take_member(emit, inside, "tC", "device_temperature_c", NULL);
  json_t *battery = json_object_get(status, "battery");
  if (json_is_object(battery)) {
    casa_kit_take_member(emit, battery, "V", "battery_v", NULL);
    casa_kit_take_member(emit, battery, "percent", "battery", NULL);
  }
  casa_kit_take_object(emit, status, names, NULL);
}

/* The phases of a meter, a_voltage, b_voltage…, are stations of their own; they go out of @status. */
static void
take_phases(CasaPayload *payload, CasaEmit *emit, const char *device, json_t *status, json_t *time)
{
  for (const char *letter = "abc"; *letter; letter++) {
    json_auto_t *phase = json_object();
    const char *key;
    void *next;
    json_t *value;
    json_object_foreach_safe (status, next, key, value)
      if (key[0] == *letter && key[1] == '_') {
        json_object_set(phase, key + 2, value);
        json_object_del(status, key);
      }
    if (json_object_size(phase) == 0 || !casa_emit_begin(emit))
      continue;
    const char *base = payload->topic->kind == CASA_TOPIC_KIT && device ? device : payload->topic->station;
    g_autofree char *name = g_strdup_printf("%s-%c", base, *letter);
    casa_emit_station(emit, name, strlen(name));
    casa_kit_time(emit, time);
    casa_kit_take_object(emit, phase, names, NULL);
    casa_emit_end(emit);
  }
}

static gboolean
is_meter(json_t *status)
{
  return json_object_get(status, "total_act_power") || json_object_get(status, "total_act") ||
         json_object_get(status, "a_act_power");
}

/* The station of @device, channel 0. */
static void
name_station(CasaPayload *payload, CasaEmit *emit, const char *device)
{
  if (payload->topic->kind != CASA_TOPIC_KIT)
    casa_emit_station(emit, payload->topic->station, strlen(payload->topic->station));
  casa_kit_station(payload, emit, device);
}

static void
take_one(CasaPayload *payload, CasaEmit *emit, const char *device, const char *component, json_t *status, json_t *time)
{
  int channel = number_of(component);
  if (!json_is_object(status) || !is_measuring(component))
    return;
  if (is_meter(status)) {
    take_phases(payload, emit, device, status, time);
    name_station(payload, emit, device);
  }
  if (!casa_emit_begin(emit))
    return;
  g_autofree char *name =
    channel > 0 ? g_strdup_printf("%s-%d", device ? device : casa_emit_whose(emit), channel) : g_strdup(device);
  if (channel > 0 && payload->topic->kind != CASA_TOPIC_KIT) {
    g_autofree char *sub = g_strdup_printf("%d", channel);
    casa_kit_substation(payload, emit, sub);
  } else {
    casa_kit_station(payload, emit, name);
  }
  casa_kit_time(emit, time);
  take_component(emit, status);
  casa_emit_end(emit);
}

/* Components of channel 0 measure the same device: one reading for them all. */
static void
take_components(CasaPayload *payload, CasaEmit *emit, const char *device, json_t *all)
{
  json_t *time = json_object_get(all, "ts"), *status;
  const char *component;
  json_object_foreach (all, component, status)
    if (number_of(component) > 0)
      take_one(payload, emit, device, component, status, time);
    else if (json_is_object(status) && is_meter(status))
      take_phases(payload, emit, device, status, time);
  name_station(payload, emit, device);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_time(emit, time);
  json_object_foreach (all, component, status)
    if (json_is_object(status) && number_of(component) == 0 && is_measuring(component))
      take_component(emit, status);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  g_autofree char *device = casa_kit_level(payload, 0), *last = casa_kit_level(payload, -1);
  const char *source = is_rpc(root) ? casa_kit_text(root, "src") : NULL, *method = casa_kit_text(root, "method");
  casa_emit_understood(emit);
  if (source && (g_strcmp0(method, "NotifyStatus") == 0 || g_strcmp0(method, "NotifyFullStatus") == 0))
    take_components(payload, emit, source, json_object_get(root, "params"));
  else if (source && json_object_get(root, "result"))
    take_components(payload, emit, source, json_object_get(root, "result"));
  else if (root && !source)
    take_one(payload, emit, device, last ? last : "", root, NULL);
}

const CasaFormat casa_format_shelly = {
  .id = "shelly", .name = "Shelly Gen2, Gen3", .marks = marks, .claims = claims, .decode = decode
};
