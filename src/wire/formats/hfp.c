/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* High-frequency positioning of HSL's vehicles: {"VP":{"veh":…,"tst":…,"lat":…,"long":…,"spd":…,"dl":…}}, on topics that
 * name operator and vehicle.
 * https://digitransit.fi/en/developers/apis/5-realtime-api/vehicle-positions/high-frequency-positioning/ */

/* What a vehicle says of itself, as it is; the first names the domain. */
static const CasaKitName names[] = {
  { "spd", "speed_kmh", "m/s" },
  { "hdg", "heading_deg", NULL },
  { "occu", "occupancy_pct", "%" },
};

/* The object, whatever the kind of event; NULL: it is none. */
static json_t *
event_of(json_t *root)
{
  void *only = json_object_iter(root);
  if (!only || json_object_size(root) != 1)
    return NULL;
  json_t *event = json_object_iter_value(only);
  return json_object_get(event, "veh") ? event : NULL;
}

static gboolean
claims(CasaPayload *payload)
{
  return event_of(casa_kit_root(payload)) != NULL;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *event = event_of(casa_kit_root(payload));
  double vehicle = casa_kit_number(json_object_get(event, "veh")), behind = casa_kit_number(json_object_get(event, "dl"));
  casa_format_station_of_topic(payload, emit, 0);
  if (isfinite(vehicle)) {
    g_autofree char *name = g_strdup_printf("%.0f", vehicle);
    casa_kit_station(payload, emit, name);
  }
  casa_emit_begin(emit);
  casa_emit_domain(emit, casa_kit_domain_of(emit, names[0].ours));
  casa_kit_time(emit, json_object_get(event, "tst"));
  casa_kit_place(emit, json_object_get(event, "lat"), json_object_get(event, "long"), casa_kit_text(event, "desi"), "veh",
                 TRUE);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (isfinite(casa_kit_number(json_object_get(event, names[i].theirs))))
      casa_kit_take_member(emit, event, names[i].theirs, names[i].ours, names[i].unit);
  if (isfinite(behind)) /* below zero: behind the timetable */
    casa_emit_number(emit, "delay_s", 0 - behind, "s");
  casa_emit_end(emit);
  casa_emit_understood(emit); /* an event may have no position */
}

const CasaFormat casa_format_hfp = {
  .id = "hfp", .name = "HSL high-frequency positioning", .claims = claims, .decode = decode
};
