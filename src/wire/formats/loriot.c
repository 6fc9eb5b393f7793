/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"
#include "wire/formats/lorawan.h"

#include <string.h>

/* LORIOT's network server: {"cmd":"rx","EUI":"…","ts":…,"port":5,"data":"…"}, with the values of the device's codec in
 * "decoded" where the application's output has them. "gw" is the same with what each gateway heard. */

static const char *const marks[] = { "EUI", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return casa_kit_text(root, "EUI") && casa_kit_text(root, "cmd");
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *decoded = json_object_get(root, "decoded"), *inner = json_object_get(decoded, "data"),
         *heard = json_object_get(root, "gws");
  const char *cmd = casa_kit_text(root, "cmd");
  if (!cmd || (strcmp(cmd, "rx") != 0 && strcmp(cmd, "gw") != 0)) { /* a join, what was sent down, a device's state */
    casa_emit_understood(emit);
    return;
  }
  json_auto_t *gateways = json_is_array(heard) ? json_incref(heard) : json_pack("[O]", root);
  casa_kit_station(payload, emit, casa_kit_text(root, "EUI"));
  casa_lorawan_take_uplink(emit, json_is_object(inner) ? inner : decoded, json_object_get(root, "ts"), gateways);
}

const CasaFormat casa_format_loriot = {
  .id = "loriot", .name = "LORIOT (LoRaWAN)", .marks = marks, .claims = claims, .decode = decode
};
