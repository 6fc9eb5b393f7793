/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/lorawan.h"
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* Network servers of LoRaWAN: The Things Stack v3, ChirpStack 3 and 4, Helium's console. What the device measured is what the
 * server's payload formatter (codec) made of its bytes; without one, nobody here can know. */

/* --- What they share --------------------------------------------------------------------------------------------- */

static const CasaKitName names[] = {
  { "relativeHumidity", "rh_pct", "%" },
  { "latitude", "lat", NULL },
  { "longitude", "lon", NULL },
  { "co2", "co2_ppm", "ppm" },
  { "illumination", "illuminance_lx", "lx" },
  { "power", "power_w", "W" },
  { "energy", "energy_kwh", "kWh" },
  { "bytes", NULL, NULL },
  { "measuredAt", NULL, NULL },
  { "TempC_SHT", "temp_c", "C" }, /* Dragino's */
  { "TempC1", "temp_c", "C" },
  { "TempC_DS", "probe_temp_c", NULL },
  { "Hum_SHT", "rh_pct", "%" },
  { "BatV", "battery_v", NULL },
  { 0 },
};

/* Objects in objects keep their innermost names where those are known and free, as in {"air":{"temperature":21}}. */
static void
take_decoded(CasaEmit *emit, json_t *object)
{
  const char *key, *inner_key;
  json_t *value, *inner;
  json_object_foreach (object, key, value) {
    CasaMember member = casa_member_of_json(key, strlen(key), value);
    if (!json_is_object(value) || json_object_get(value, "value")) {
      casa_kit_take(emit, &member, names);
      continue;
    }
    json_object_foreach (value, inner_key, inner) {
      gboolean free_name = !json_object_get(object, inner_key) && (casa_kit_find(names, inner_key, strlen(inner_key)) ||
                                                                   casa_emit_find_metric(emit, inner_key, strlen(inner_key)));
      g_autofree char *whole = free_name ? g_strdup(inner_key) : g_strdup_printf("%s_%s", key, inner_key);
      CasaMember one = casa_member_of_json(whole, strlen(whole), inner);
      casa_kit_take(emit, &one, names);
    }
  }
}

static void
take_signal(CasaEmit *emit, json_t *gateways)
{
  json_t *first = json_array_get(gateways, 0), *snr = json_object_get(first, "snr");
  casa_kit_take_member(emit, first, "rssi", "rssi", NULL);
  casa_kit_take_member(emit, first, snr ? "snr" : "loRaSNR", "snr", NULL);
}

/* Cayenne LPP, the codec that servers bring along: each value has the number of a channel. The Things Stack writes
 * temperature_1, ChirpStack temperatureSensor {"1": …}. What has no unit of its own (analog and digital ones) keeps its
 * number. */
static const CasaKitName cayenne[] = {
  { "temperature", "temp_c", "°C" },
  { "temperatureSensor", "temp_c", "°C" },
  { "relative_humidity", "rh_pct", "%" },
  { "humiditySensor", "rh_pct", "%" },
  { "barometric_pressure", "pressure_hpa", "hPa" },
  { "barometer", "pressure_hpa", "hPa" },
  { "luminosity", "illuminance_lx", "lx" },
  { "illuminanceSensor", "illuminance_lx", "lx" },
  { "concentration", "co2_ppm", "ppm" },
  { "voltage", "voltage_v", "V" },
  { "current", "current_a", "A" },
  { "power", "power_w", "W" },
  { "energy", "energy_kwh", "kWh" },
  { "frequency", "frequency_hz", "Hz" },
  { 0 },
};

static gboolean
is_channel(const char *text)
{
  gsize n = strspn(text, "0123456789");
  return n > 0 && n <= 3 && !text[n];
}

static void
put_channel(json_t *channels, const char *channel, const char *ours, json_t *value)
{
  json_t *of = json_object_get(channels, channel);
  if (!of) {
    of = json_object();
    json_object_set_new(channels, channel, of);
  }
  json_object_set(of, ours, value);
}

/* Places: gps_5 {"latitude": …}, gpsLocation {"5": {…}}. FALSE: it is none. */
static gboolean
put_place(json_t *rest, const char *key, json_t *value)
{
  gboolean deep = strcmp(key, "gpsLocation") == 0;
  json_t *place = deep ? json_object_iter_value(json_object_iter(value)) : value;
  if (!json_is_object(place) || !(deep || (g_str_has_prefix(key, "gps_") && is_channel(key + 4))))
    return FALSE;
  json_object_update_missing(rest, place);
  return TRUE;
}

/* Helium's decoder: [{"channel":1,"type":103,"value":22.1}], by the codes of the format. (transfer full) The same as The Things
 * Stack writes it. */
static json_t *
name_codes(json_t *list)
{
  static const struct {
    int code;
    const char *name;
  } codes[] = { { 103, "temperature" },
                { 104, "relative_humidity" },
                { 115, "barometric_pressure" },
                { 101, "luminosity" },
                { 136, "gps" },
                { 116, "voltage" },
                { 117, "current" },
                { 118, "frequency" },
                { 125, "concentration" } };
  json_t *out = json_object(), *one;
  size_t i;
  json_array_foreach (list, i, one) {
    json_t *value = json_object_get(one, "value");
    const char *name = casa_kit_text(one, "name");
    double code = casa_kit_number(json_object_get(one, "type")), channel = casa_kit_number(json_object_get(one, "channel"));
    for (guint k = 0; k < G_N_ELEMENTS(codes); k++)
      if (code == codes[k].code)
        name = codes[k].name;
    g_autofree char *key = g_strdup_printf("%s_%.0f", name ? name : "channel", isnan(channel) ? 0 : channel);
    if (value)
      json_object_set(out, key, value);
  }
  return out;
}

/* What each channel measures, by its number, and in @rest all others. */
static json_t *
split_channels(json_t *decoded, json_t *rest)
{
  json_t *channels = json_object(), *value, *one;
  const char *key, *number;
  json_object_foreach (decoded, key, value) {
    const char *bar = strrchr(key, '_'), *first = json_object_iter_key(json_object_iter(value));
    const CasaKitName *flat = bar && is_channel(bar + 1) && json_is_number(value)
                                ? casa_kit_find(cayenne, key, (gsize)(bar - key))
                                : NULL,
                      *deep = first && is_channel(first) ? casa_kit_find(cayenne, key, strlen(key)) : NULL;
    if (flat)
      put_channel(channels, bar + 1, flat->ours, value);
    else if (deep)
      json_object_foreach (value, number, one)
        put_channel(channels, number, deep->ours, one);
    else if (!put_place(rest, key, value))
      json_object_set(rest, key, value);
  }
  return channels;
}

/* FALSE: it has no channels. */
static gboolean
take_channels(CasaEmit *emit, json_t *decoded, json_t *time, json_t *gateways)
{
  json_auto_t *rest = json_object(), *channels = split_channels(decoded, rest);
  json_t *first = json_array_get(gateways, 0), *snr = json_object_get(first, "snr"), *values;
  g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(CasaKitPart));
  const char *number;
  if (json_object_size(channels) == 0)
    return FALSE;
  json_object_set(rest, "rssi", json_object_get(first, "rssi"));
  json_object_set(rest, "snr", snr ? snr : json_object_get(first, "loRaSNR"));
  CasaKitPart part = { "", rest };
  g_array_append_val(parts, part);
  json_object_foreach (channels, number, values) {
    part = (CasaKitPart){ number, values };
    g_array_append_val(parts, part);
  }
  casa_kit_take_parts(emit, &g_array_index(parts, CasaKitPart, 0), parts->len, names, time);
  return TRUE;
}

void
casa_lorawan_take_uplink(CasaEmit *emit, json_t *said, json_t *time, json_t *gateways)
{
  json_auto_t *decoded = json_is_array(said) ? name_codes(said) : json_incref(said);
  if (take_channels(emit, decoded, time, gateways) || !casa_emit_begin(emit))
    return;
  casa_kit_time(emit, time);
  if (json_is_object(decoded) && json_object_size(decoded) > 0)
    take_decoded(emit, decoded);
  else
    casa_kit_refuse(emit, 1, CASA_WHY_NO_CODEC, NULL, NULL);
  take_signal(emit, gateways);
  casa_emit_end(emit);
}

/* --- The Things Stack: v3/<application>@<tenant>/devices/<device>/up --------------------------------------------- */

static const char *const tts_marks[] = { "uplink_message", "end_device_ids", "dev_id", NULL };

/* Where uplinks stand when they do not come one by one: in a batch, in the lines of the storage, in an event. */
static const char *const tts_batches[] = { "messages", "uplinks", "result", "data", NULL };

static gboolean
is_uplink(json_t *object)
{
  return json_object_get(object, "end_device_ids") ||
         (casa_kit_text(object, "dev_id") &&
          (json_object_get(object, "payload_fields") || json_object_get(object, "payload_raw")));
}

/* The uplinks of a message: an object that is one, or an array of them. NULL: it has none. */
static json_t *
tts_uplinks(CasaPayload *payload)
{
  json_t *root = casa_payload_json(payload, NULL);
  if (is_uplink(root) || is_uplink(json_array_get(root, 0)))
    return root;
  for (guint i = 0; tts_batches[i]; i++) {
    json_t *inner = json_object_get(root, tts_batches[i]);
    if (is_uplink(inner) || is_uplink(json_array_get(inner, 0)))
      return inner;
  }
  return NULL;
}

static gboolean
tts_claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "v3/+/devices/#") || tts_uplinks(payload);
}

static void
tts_place(CasaEmit *emit, json_t *uplink)
{
  json_t *locations = json_object_get(uplink, "locations"), *place = json_object_get(locations, "user");
  if (!place)
    place = json_object_iter_value(json_object_iter(locations));
  casa_kit_place(emit, json_object_get(place, "latitude"), json_object_get(place, "longitude"), NULL, NULL, FALSE);
}

/* @several: it is one of several, which on a topic of our own stand behind its name. */
static void
tts_name(CasaPayload *payload, CasaEmit *emit, const char *device, gboolean several)
{
  if (several)
    casa_kit_substation(payload, emit, device);
  else
    casa_kit_station(payload, emit, device);
}

static void
tts_take_v3(CasaPayload *payload, CasaEmit *emit, json_t *root, gboolean several)
{
  json_t *uplink = json_object_get(root, "uplink_message");
  json_t *decoded = json_object_get(uplink, "decoded_payload"), *normal = json_object_get(uplink, "normalized_payload");
  g_autofree char *device = casa_kit_level(payload, 3);
  const char *id = casa_kit_text(json_object_get(root, "end_device_ids"), "device_id");
  if (!uplink) { /* a join, a downlink, a service's word */
    casa_emit_understood(emit);
    return;
  }
  tts_name(payload, emit, id ? id : device, several);
  if (!decoded)
    decoded = json_is_array(normal) ? json_array_get(normal, 0) : normal;
  tts_place(emit, uplink);
  json_t *time = json_object_get(root, "received_at");
  casa_lorawan_take_uplink(emit, decoded, time ? time : json_object_get(uplink, "received_at"),
                           json_object_get(uplink, "rx_metadata"));
}

/* The Things Network's version 2: what old gateways' scripts and many a bridge still send. */
static void
tts_take_v2(CasaPayload *payload, CasaEmit *emit, json_t *root, gboolean several)
{
  json_t *metadata = json_object_get(root, "metadata");
  tts_name(payload, emit, casa_kit_text(root, "dev_id"), several);
  casa_kit_place(emit, json_object_get(metadata, "latitude"), json_object_get(metadata, "longitude"), NULL, NULL, FALSE);
  casa_lorawan_take_uplink(emit, json_object_get(root, "payload_fields"), json_object_get(metadata, "time"),
                           json_object_get(metadata, "gateways"));
}

static void
tts_take(CasaPayload *payload, CasaEmit *emit, json_t *uplink, gboolean several)
{
  if (json_object_get(uplink, "dev_id"))
    tts_take_v2(payload, emit, uplink, several);
  else
    tts_take_v3(payload, emit, uplink, several);
}

static void
tts_decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *uplinks = tts_uplinks(payload), *one;
  size_t i;
  if (!json_is_array(uplinks))
    tts_take(payload, emit, uplinks ? uplinks : casa_kit_root(payload), FALSE);
  json_array_foreach (uplinks, i, one)
    tts_take(payload, emit, one, TRUE);
}

const CasaFormat casa_format_tts = {
  .id = "tts", .name = "The Things Stack v3, Network v2", .marks = tts_marks, .claims = tts_claims, .decode = tts_decode
};

/* --- ChirpStack: application/<id>/device/<EUI>/event/up ---------------------------------------------------------- */

static const char *const chirpstack_marks[] = { "deviceInfo", "devEUI", "objectJSON", NULL };

static gboolean
chirpstack_claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return casa_payload_kit_is(payload, "application/+/device/#") || json_object_get(root, "deviceInfo") ||
         (json_object_get(root, "devEUI") &&
          (json_object_get(root, "applicationName") || json_object_get(root, "object") || json_object_get(root, "objectJSON")));
}

/* Version 3 can send the object as a text. */
static void
chirpstack_up(CasaEmit *emit, json_t *root, json_t *gateways)
{
  json_t *object = json_object_get(root, "object"), *time = json_object_get(root, "time");
  const char *text = casa_kit_text(root, "objectJSON");
  json_auto_t *parsed = text && !object ? json_loads(text, JSON_DECODE_INT_AS_REAL, NULL) : NULL;
  if (!time)
    time = json_object_get(json_array_get(gateways, 0), "time");
  casa_lorawan_take_uplink(emit, object ? object : parsed, time, gateways);
}

static void
chirpstack_decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *info = json_object_get(root, "deviceInfo"),
         *place = json_object_get(root, "location"), *gateways = json_object_get(root, "rxInfo");
  const char *name = casa_kit_text(info, "deviceName");
  g_autofree char *eui = casa_kit_level(payload, 3);
  name = name ? name : casa_kit_text(root, "deviceName");
  casa_kit_station(payload, emit, name ? name : casa_kit_text(info, "devEui"));
  if (!name && !info)
    casa_kit_station(payload, emit, eui ? eui : casa_kit_text(root, "devEUI"));
  if (json_is_object(place))
    casa_kit_place(emit, json_object_get(place, "latitude"), json_object_get(place, "longitude"), name, NULL, FALSE);
  if (json_object_get(root, "object") || json_object_get(root, "objectJSON") || json_object_get(root, "data")) {
    chirpstack_up(emit, root, gateways);
    return;
  }
  casa_emit_understood(emit); /* a join, an acknowledgement, a status */
  if (json_object_get(root, "batteryLevel") && casa_emit_begin(emit)) {
    casa_kit_take_member(emit, root, "batteryLevel", "battery", NULL);
    casa_emit_end(emit);
  }
}

const CasaFormat casa_format_chirpstack = { .id = "chirpstack",
                                            .name = "ChirpStack 3, 4",
                                            .marks = chirpstack_marks,
                                            .claims = chirpstack_claims,
                                            .decode = chirpstack_decode };

/* --- Helium's console and its heirs ------------------------------------------------------------------------------ */

static const char *const helium_marks[] = { "hotspots", "reported_at", NULL };

static gboolean
helium_claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return json_object_get(root, "dev_eui") && (json_object_get(root, "hotspots") || json_object_get(root, "reported_at"));
}

static void
helium_decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *decoded = json_object_get(root, "decoded"),
         *inner = json_object_get(decoded, "payload");
  const char *name = casa_kit_text(root, "name");
  casa_kit_station(payload, emit, name ? name : casa_kit_text(root, "dev_eui"));
  casa_lorawan_take_uplink(emit, inner ? inner : decoded, json_object_get(root, "reported_at"),
                           json_object_get(root, "hotspots"));
}

const CasaFormat casa_format_helium = {
  .id = "helium", .name = "Helium (LoRaWAN)", .marks = helium_marks, .claims = helium_claims, .decode = helium_decode
};
