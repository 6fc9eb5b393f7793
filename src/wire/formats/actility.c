/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"
#include "wire/formats/lorawan.h"
#include "wire/tree.h"

#include <math.h>
#include <string.h>

/* Actility's ThingPark: {"DevEUI_uplink":{"Time":"…","DevEUI":"…","payload_hex":"…","payload":{…}}}; "payload" is what its
 * codec made of the bytes. All other DevEUI_… are a device's joins, places and what was sent down. */

static json_t *
find(json_t *root, const char **name)
{
  const char *key;
  json_t *value;
  json_object_foreach (root, key, value)
    if (g_str_has_prefix(key, "DevEUI_") && json_is_object(value)) {
      *name = key;
      return value;
    }
  return NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  const char *name;
  guint n;
  return !casa_payload_members(payload, &n) && find(casa_kit_root(payload), &name);
}

/* Its numbers are texts. */
static json_t *
signal_of(json_t *uplink)
{
  json_t *one = json_object();
  const char *const names[][2] = { { "LrrRSSI", "rssi" }, { "LrrSNR", "snr" } };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    double number = casa_kit_number(json_object_get(uplink, names[i][0]));
    if (!isnan(number))
      json_object_set_new(one, names[i][1], json_real(number));
  }
  return json_pack("[o]", one);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  const char *kind = NULL;
  json_t *uplink = find(casa_kit_root(payload), &kind), *about = json_object_get(uplink, "CustomerData"),
         *place = json_object_get(about, "loc"), *decoded = json_object_get(uplink, "payload");
  if (!kind || strcmp(kind, "DevEUI_uplink") != 0) {
    casa_emit_understood(emit);
    return;
  }
  const char *name = casa_kit_text(about, "name");
  json_auto_t *gateways = signal_of(uplink), *read = NULL;
  CasaReason why;
  if (json_is_string(decoded)) /* written as a text once more */
    decoded = read = casa_tree_load(payload->limits, json_string_value(decoded), json_string_length(decoded), &why);
  casa_kit_station(payload, emit, name ? name : casa_kit_text(uplink, "DevEUI"));
  casa_kit_place(emit, json_object_get(place, "lat"), json_object_get(place, "lon"), name, NULL, FALSE);
  casa_lorawan_take_uplink(emit, decoded, json_object_get(uplink, "Time"), gateways);
}

const CasaFormat casa_format_actility = {
  .id = "actility", .name = "Actility ThingPark (LoRaWAN)", .claims = claims, .decode = decode
};
