/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Traccar: its client ({"location":{"coords":{…}},"device_id":…}), and what its server forwards
 * ({"position":{…},"device":{…}}). https://www.traccar.org/osmand/, https://www.traccar.org/forward/ */

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  json_t *position = json_object_get(root, "position");
  return casa_kit_at(root, "location", "coords", NULL) ||
         (json_object_get(position, "latitude") && (json_object_get(position, "deviceId") || json_object_get(root, "device")));
}

/* A number or a text. */
static char *
id_of(json_t *value)
{
  if (json_is_number(value))
    return g_strdup_printf("%.0f", json_number_value(value));
  return g_strdup(json_string_value(value));
}

/* Speeds in m/s, the battery as a share. */
static void
take_client(CasaPayload *payload, CasaEmit *emit, json_t *root)
{
  json_t *location = json_object_get(root, "location"), *coords = json_object_get(location, "coords");
  g_autofree char *id = id_of(json_object_get(root, "device_id"));
  double level = casa_kit_number(casa_kit_at(location, "battery", "level", NULL));
  casa_kit_station(payload, emit, id);
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(location, "timestamp"));
  casa_kit_place(emit, json_object_get(coords, "latitude"), json_object_get(coords, "longitude"), NULL, "tracker", TRUE);
  if (casa_kit_number(json_object_get(coords, "speed")) >= 0) /* -1: it does not know */
    casa_kit_take_member(emit, coords, "speed", "speed_kmh", "m/s");
  if (casa_kit_number(json_object_get(coords, "heading")) >= 0)
    casa_kit_take_member(emit, coords, "heading", "heading_deg", NULL);
  casa_kit_take_member(emit, coords, "altitude", "altitude_m", NULL);
  casa_kit_take_member(emit, coords, "accuracy", "accuracy_m", NULL);
  casa_kit_take_member(emit, location, "odometer", "odometer_m", NULL);
  if (level >= 0)
    casa_emit_number(emit, "battery", level * 100, NULL);
  casa_emit_end(emit);
}

/* Speeds in knots. */
static void
take_server(CasaPayload *payload, CasaEmit *emit, json_t *root)
{
  json_t *position = json_object_get(root, "position"), *device = json_object_get(root, "device"),
         *time = json_object_get(position, "fixTime"), *unique = json_object_get(device, "uniqueId");
  g_autofree char *id = id_of(unique ? unique : json_object_get(position, "deviceId"));
  const char *name = casa_kit_text(device, "name");
  casa_kit_station(payload, emit, name ? name : id);
  casa_emit_begin(emit);
  casa_kit_time(emit, time ? time : json_object_get(position, "deviceTime"));
  casa_kit_place(emit, json_object_get(position, "latitude"), json_object_get(position, "longitude"), name, "tracker", TRUE);
  casa_kit_take_member(emit, position, "speed", "speed_kmh", "kn");
  casa_kit_take_member(emit, position, "course", "heading_deg", NULL);
  casa_kit_take_member(emit, position, "altitude", "altitude_m", NULL);
  casa_kit_take_member(emit, json_object_get(position, "attributes"), "batteryLevel", "battery", NULL);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  casa_format_station_of_topic(payload, emit, 0);
  casa_emit_domain(emit, "mobility");
  if (json_object_get(root, "position"))
    take_server(payload, emit, root);
  else
    take_client(payload, emit, root);
}

const CasaFormat casa_format_traccar = { .id = "traccar", .name = "Traccar", .claims = claims, .decode = decode };
