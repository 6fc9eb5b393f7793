/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* AirGradient: airgradient/readings/<serial>, its local API's members. pm01, pm02 are PM1 and PM2.5.
 * https://github.com/airgradienthq/arduino/blob/master/docs/local-server.md */

static const CasaKitName names[] = {
  { "serialno", NULL, NULL },
  { "boot", NULL, NULL },
  { "firmware", NULL, NULL },
  { "model", NULL, NULL },
  { "bootCount", NULL, NULL },
  { "resetReason", NULL, NULL },
  { "freeHeap", NULL, NULL },
  { "wifi", "wifi_signal_dbm", NULL },
  { "rco2", "co2_ppm", "ppm" },
  { "pm01", "pm1", NULL },
  { "pm02", "pm2_5", "µg/m³" },
  { "pm10", "pm10", "µg/m³" },
  { "pm02Compensated", "pm2_5_compensated", NULL },
  { "atmp", "temp_c", "°C" },
  { "atmpCompensated", "temp_compensated_c", NULL },
  { "rhum", "rh_pct", "%" },
  { "rhumCompensated", "rh_compensated_pct", NULL },
  { "channels", NULL, NULL },
  { "satellites", NULL, NULL },
  { "corrections", NULL, NULL },
  { 0 },
};

static const char *const marks[] = { "rco2", "serialno", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return (root && casa_payload_kit_is(payload, "airgradient/#")) || json_object_get(root, "rco2") ||
         (json_object_get(root, "serialno") && json_object_get(root, "pm02"));
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  const char *serial = casa_kit_text(root, "serialno");
  g_autofree char *last = casa_payload_kit_is(payload, "airgradient/readings/+") ? casa_kit_level(payload, -1) : NULL,
                  *name = serial || last ? g_strdup_printf("airgradient-%s", serial ? serial : last) : NULL;
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, name);
  casa_emit_begin(emit);
  casa_kit_take_object(emit, root, names, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_airgradient = {
  .id = "airgradient", .name = "AirGradient", .marks = marks, .claims = claims, .decode = decode
};
