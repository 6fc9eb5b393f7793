/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Dutch smart meters by DSMR-reader (dsmr/reading/<value>, kW and kWh; or its JSON), and a meter's own telegram (P1,
 * "1-0:1.7.0(00.321*kW)"). https://dsmr-reader.readthedocs.io/ */

static const CasaKitName names[] = {
  { "id", NULL, NULL },
  { "timestamp", NULL, NULL },
  { "extra_device_timestamp", NULL, NULL },
  { "electricity_currently_delivered", "power_w", "kW" },
  { "electricity_currently_returned", "power_returned_kw", NULL },
  { "electricity_delivered_1", "energy_delivered_1_kwh", NULL },
  { "electricity_delivered_2", "energy_delivered_2_kwh", NULL },
  { "electricity_returned_1", "energy_returned_1_kwh", NULL },
  { "electricity_returned_2", "energy_returned_2_kwh", NULL },
  { "phase_currently_delivered_l1", "power_l1_kw", NULL },
  { "phase_currently_delivered_l2", "power_l2_kw", NULL },
  { "phase_currently_delivered_l3", "power_l3_kw", NULL },
  { "phase_voltage_l1", "voltage_v", "V" },
  { "phase_voltage_l2", "voltage_l2_v", NULL },
  { "phase_voltage_l3", "voltage_l3_v", NULL },
  { "phase_power_current_l1", "current_a", "A" },
  { "extra_device_delivered", "gas_m3", NULL },
  { "gas_delivered", "gas_m3", NULL },
  { 0 },
};

/* Codes of a telegram (IEC 62056-61). */
static const struct {
  const char *code, *ours, *unit;
} codes[] = {
  { "1-0:1.7.0", "power_w", "kW" },
  { "1-0:2.7.0", "power_returned_kw", NULL },
  { "1-0:1.8.1", "energy_delivered_1_kwh", NULL },
  { "1-0:1.8.2", "energy_delivered_2_kwh", NULL },
  { "1-0:2.8.1", "energy_returned_1_kwh", NULL },
  { "1-0:2.8.2", "energy_returned_2_kwh", NULL },
  { "1-0:32.7.0", "voltage_v", "V" },
  { "1-0:31.7.0", "current_a", "A" },
};

static gboolean
is_telegram(const CasaPayload *payload)
{
  return payload->text_len > 5 && payload->text[0] == '/' && g_utf8_validate(payload->text, (gssize)payload->text_len, NULL) &&
         g_strstr_len(payload->text, (gssize)payload->text_len, "1-0:1.") != NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "dsmr/#") || is_telegram(payload) ||
         json_object_get(casa_kit_root(payload), "electricity_currently_delivered");
}

/* "1-0:1.7.0(00.321*kW)" */
static void
take_line(CasaEmit *emit, const char *line)
{
  const char *open = strchr(line, '('), *star = open ? strchr(open, '*') : NULL;
  for (guint i = 0; star && i < G_N_ELEMENTS(codes); i++) {
    if (strlen(codes[i].code) != (gsize)(open - line) || !g_str_has_prefix(line, codes[i].code))
      continue;
    while (open[1] == '0' && g_ascii_isdigit(open[2])) /* 00.321 */
      open++;
    CasaMember value = casa_member_of_text(codes[i].code, open + 1, (gsize)(star - open - 1));
    casa_kit_take_as(emit, &value, codes[i].ours, codes[i].unit);
  }
}

static void
take_telegram(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *text = g_strndup(payload->text, payload->text_len);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  casa_format_station_of_topic(payload, emit, 0);
  casa_emit_begin(emit);
  for (guint i = 0; lines[i]; i++)
    take_line(emit, lines[i]);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  g_autofree char *last = casa_kit_level(payload, -1);
  gboolean reading = casa_payload_kit_is(payload, "dsmr/reading/+") || casa_payload_kit_is(payload, "dsmr/consumption/#");
  if (is_telegram(payload)) {
    take_telegram(payload, emit);
    return;
  }
  casa_emit_understood(emit); /* totals of days, statistics */
  casa_kit_station(payload, emit, "dsmr");
  if ((!root && (!reading || !casa_kit_is_plain(payload))) || !casa_emit_begin(emit))
    return;
  if (root) {
    casa_kit_time(emit, json_object_get(root, "timestamp"));
    casa_kit_take_object(emit, root, names, NULL);
  } else {
    gboolean gas = casa_payload_kit_is(payload, "dsmr/consumption/gas/+");
    g_autofree char *name = g_strdup_printf("%s%s", gas ? "gas_" : "", last);
    CasaMember value = casa_kit_plain(payload, name);
    casa_kit_take(emit, &value, names);
  }
  casa_emit_end(emit);
}

const CasaFormat casa_format_dsmr = { .id = "dsmr", .name = "DSMR readers", .claims = claims, .decode = decode };
