/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Inverters by OpenDTU (solar/<serial>/<channel>/<value>) and AhoyDTU (inverter/<name>/ch0/P_AC, or ch0 as an object).
 * Channel 0 is the side of the grid, the others are panels and stations of their own. https://www.opendtu.solar/,
 * https://ahoydtu.de/ */

static const CasaKitName names[] = {
  { "power", "power_w", "W" },
  { "voltage", "voltage_v", "V" },
  { "current", "current_a", "A" },
  { "frequency", "frequency_hz", "Hz" },
  { "temperature", "device_temperature_c", NULL },
  { "yieldday", "energy_today_wh", NULL },
  { "yieldtotal", "energy_kwh", "kWh" },
  { "powerdc", "power_dc_w", NULL },
  { "powerfactor", "power_factor", NULL },
  { "reactivepower", "reactive_power_var", NULL },
  { "P_AC", "power_w", "W" },
  { "U_AC", "voltage_v", "V" },
  { "I_AC", "current_a", "A" },
  { "F_AC", "frequency_hz", "Hz" },
  { "PF_AC", "power_factor", NULL },
  { "Q_AC", "reactive_power_var", NULL },
  { "P_DC", "power_w", "W" },
  { "U_DC", "voltage_v", "V" },
  { "I_DC", "current_a", "A" },
  { "Temp", "device_temperature_c", NULL },
  { "YieldDay", "energy_today_wh", NULL },
  { "YieldTotal", "energy_kwh", "kWh" },
  { 0 },
};

static gboolean
is_digits(const char *text)
{
  return text && *text && strspn(text, "0123456789") == strlen(text);
}

/* solar/1141…/0/power, solar/ac/power; inverter/roof/ch0/P_AC, inverter/roof/ch0 {…}, inverter/total/… */
static gboolean
claims(CasaPayload *payload)
{
  g_autofree char *serial = casa_kit_level(payload, 1), *channel = casa_kit_level(payload, 2);
  if (casa_payload_kit_is(payload, "solar/+/#") && serial)
    return is_digits(serial) || strcmp(serial, "ac") == 0 || strcmp(serial, "dc") == 0 || strcmp(serial, "dtu") == 0;
  gboolean is_channel = channel && g_str_has_prefix(channel, "ch") && is_digits(channel + 2);
  return casa_payload_kit_is(payload, "inverter/#") || (is_channel && casa_payload_kit_is(payload, "+/+/+/#"));
}

/* The P_DC of channel 0 is the sum of the panels', beside the power of the grid's side. */
static void
take_object(CasaEmit *emit, json_t *root, gboolean grid)
{
  if (grid) {
    static const char *const of_panels[] = { "P_DC", "U_DC", "I_DC" };
    for (guint i = 0; i < G_N_ELEMENTS(of_panels); i++)
      json_object_del(root, of_panels[i]);
  }
  casa_kit_take_object(emit, root, names, NULL);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  g_autofree char *inverter = casa_kit_level(payload, 1), *channel = casa_kit_level(payload, 2),
                  *last = casa_kit_level(payload, -1);
  const char *number = channel && g_str_has_prefix(channel, "ch") ? channel + 2 : channel;
  gboolean measured = is_digits(number) || (inverter && (strcmp(inverter, "total") == 0 || strcmp(inverter, "ac") == 0));
  if (!measured || (!root && !casa_kit_is_plain(payload))) {
    casa_emit_understood(emit); /* its name, its state, its limits */
    return;
  }
  gboolean panel = is_digits(number) && strcmp(number, "0") != 0;
  g_autofree char *station =
    panel ? g_strdup_printf("inverter-%s-%s", inverter, number) : g_strdup_printf("inverter-%s", inverter);
  casa_kit_station(payload, emit, station);
  casa_emit_begin(emit);
  if (root) {
    take_object(emit, root, !panel);
  } else if (panel || !last || strcmp(last, "P_DC") != 0) {
    CasaMember value = casa_kit_plain(payload, last ? last : "");
    casa_kit_take(emit, &value, names);
  }
  casa_emit_end(emit);
  casa_emit_understood(emit);
}

const CasaFormat casa_format_solar = { .id = "solar", .name = "OpenDTU, AhoyDTU", .claims = claims, .decode = decode };
