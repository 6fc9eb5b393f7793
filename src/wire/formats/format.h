/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/emit.h"
#include "wire/payload.h"

G_BEGIN_DECLS

/* One payload format: it knows its messages, and where in them station, metric, unit and time stand. All else is done by
 * emit.h. HACKING.md has the recipe for a new one. */
typedef struct {
  const char *id;   /* "tasmota": what `casa check` shows, and takes with --format */
  const char *name; /* "Tasmota", as its makers write it */

  /* Names of members, one of which stands at the root of every JSON object of this format; NULL at the end of the list. On the
   * topics of our own (docs/WIRE.md), where most messages are flat objects of ours, such an object is shown only to formats one
   * of whose marks it has. Without marks (NULL), a format sees messages below kit/, and on our own topics those that are
   * neither a plain number nor a flat object. */
  const char *const *marks;

  /* Whether the message is of this format, by its topic and its content. The first format in registry.c that says so has it. */
  gboolean (*claims)(CasaPayload *payload);
  /* Says by casa_emit_*() what stands in it. What it claims and cannot use, it refuses with a reason. */
  void (*decode)(CasaPayload *payload, CasaEmit *emit);
} CasaFormat;

/* All formats, the more particular before the more general. */
const CasaFormat *const *casa_formats(guint *n);
/* NULL: there is none with this id. */
const CasaFormat *casa_format_by_id(const char *id);

/* One for each file in this folder. */
extern const CasaFormat casa_format_plain, casa_format_object, casa_format_array, casa_format_tasmota, casa_format_zigbee2mqtt,
  casa_format_homeassistant, casa_format_homie, casa_format_shelly1, casa_format_shelly, casa_format_tts,
  casa_format_chirpstack, casa_format_helium, casa_format_senml, casa_format_airrohr, casa_format_owntracks,
  casa_format_traccar, casa_format_hfp, casa_format_esphome, casa_format_lineprotocol, casa_format_sparkplug, casa_format_omg,
  casa_format_ruuvi, casa_format_rtl433, casa_format_meshtastic, casa_format_victron, casa_format_solar, casa_format_dsmr,
  casa_format_airgradient, casa_format_purpleair, casa_format_weewx, casa_format_ecowitt, casa_format_thingsboard,
  casa_format_sensorthings, casa_format_sentilo, casa_format_ngsi, casa_format_bthome, casa_format_ultralight,
  casa_format_presence, casa_format_columns, casa_format_feeds, casa_format_nodered, casa_format_envelope, casa_format_actility,
  casa_format_cayenne, casa_format_domoticz, casa_format_loriot, casa_format_netatmo, casa_format_particle,
  casa_format_sensorlogger, casa_format_smartcitizen, casa_format_thingspeak, casa_format_waqi;

/* The station that a kit's topic names when nothing in the payload does: all its levels but the last @skip, as one name. FALSE:
 * nothing is left of it. */
gboolean casa_format_station_of_topic(const CasaPayload *payload, CasaEmit *emit, guint skip);

/* The station so far, and behind it what @label, a text, calls one of several at it. */
void casa_format_substation(CasaEmit *emit, const CasaMember *label);

/* array.c: a reading of each object of @list, at the station so far, or, where their labels differ, one behind it each. Members
 * of @common that tell the time (may be NULL) are those of objects that tell none. */
void casa_format_take_list(CasaPayload *payload, CasaEmit *emit, json_t *list, json_t *common);

/* object.c: one reading of the members of a JSON object, with the rules for our own payloads; also for formats that are such
 * objects but for where they stand. */
void casa_format_take_object(CasaPayload *payload, CasaEmit *emit, json_t *object);

G_END_DECLS
