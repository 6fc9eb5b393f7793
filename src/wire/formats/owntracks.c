/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* OwnTracks: owntracks/<user>/<device>, {"_type":"location","lat":…,"lon":…,"tst":…}. Other types say nothing that is measured.
 * https://owntracks.org/booklet/tech/json/ */

static const char *const marks[] = { "_type", NULL };

static gboolean
claims(CasaPayload *payload)
{
  return casa_kit_text(casa_kit_root(payload), "_type") != NULL;
}

static void
name_station(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *user = casa_kit_level(payload, 1), *device = casa_kit_level(payload, 2);
  g_autofree char *name = user && device ? g_strdup_printf("%s-%s", user, device) : NULL;
  casa_format_station_of_topic(payload, emit, 0);
  if (name && casa_payload_kit_is(payload, "owntracks/+/+/#"))
    casa_kit_station(payload, emit, name);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  const char *type = casa_kit_text(root, "_type");
  if (g_strcmp0(type, "encrypted") == 0)
    casa_kit_refuse(emit, 1, CASA_WHY_ENCRYPTED, NULL, "OwnTracks");
  else if (g_strcmp0(type, "location") != 0)
    casa_emit_understood(emit);
  if (g_strcmp0(type, "location") != 0)
    return;
  name_station(payload, emit);
  casa_emit_begin(emit);
  casa_emit_domain(emit, casa_kit_domain_of(emit, "speed_kmh"));
  casa_kit_time(emit, json_object_get(root, "tst"));
  casa_kit_place(emit, json_object_get(root, "lat"), json_object_get(root, "lon"), NULL, "tracker", TRUE);
  casa_kit_take_member(emit, root, "vel", "speed_kmh", "km/h");
  casa_kit_take_member(emit, root, "alt", "altitude_m", NULL);
  casa_kit_take_member(emit, root, "cog", "heading_deg", NULL);
  casa_kit_take_member(emit, root, "acc", "accuracy_m", NULL);
  casa_kit_take_member(emit, root, "batt", "battery", NULL);
  casa_kit_take_member(emit, root, "p", "pressure_hpa", "kPa");
  casa_emit_end(emit);
}

const CasaFormat casa_format_owntracks = {
  .id = "owntracks", .name = "OwnTracks", .marks = marks, .claims = claims, .decode = decode
};
