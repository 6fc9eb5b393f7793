/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/format.h"

#include <string.h>

/* The first that claims a message has it: particular formats above, ours, which take nearly anything, last. */
static const CasaFormat *const formats[] = {
  &casa_format_feeds,        &casa_format_sparkplug,     &casa_format_omg,          &casa_format_tasmota,
  &casa_format_zigbee2mqtt,  &casa_format_homeassistant, &casa_format_homie,        &casa_format_shelly1,
  &casa_format_shelly,       &casa_format_tts,           &casa_format_chirpstack,   &casa_format_helium,
  &casa_format_senml,        &casa_format_airrohr,       &casa_format_owntracks,    &casa_format_traccar,
  &casa_format_hfp,          &casa_format_ruuvi,         &casa_format_rtl433,       &casa_format_meshtastic,
  &casa_format_victron,      &casa_format_solar,         &casa_format_dsmr,         &casa_format_airgradient,
  &casa_format_purpleair,    &casa_format_weewx,         &casa_format_ecowitt,      &casa_format_thingsboard,
  &casa_format_sensorthings, &casa_format_sentilo,       &casa_format_ngsi,         &casa_format_bthome,
  &casa_format_actility,     &casa_format_cayenne,       &casa_format_domoticz,     &casa_format_loriot,
  &casa_format_netatmo,      &casa_format_particle,      &casa_format_sensorlogger, &casa_format_smartcitizen,
  &casa_format_thingspeak,   &casa_format_waqi,          &casa_format_ultralight,   &casa_format_esphome,
  &casa_format_presence,     &casa_format_nodered,       &casa_format_lineprotocol, &casa_format_array,
  &casa_format_columns,      &casa_format_envelope,      &casa_format_object,       &casa_format_plain,
};

const CasaFormat *const *
casa_formats(guint *n)
{
  *n = G_N_ELEMENTS(formats);
  return formats;
}

const CasaFormat *
casa_format_by_id(const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    if (strcmp(formats[i]->id, id) == 0)
      return formats[i];
  return NULL;
}

gboolean
casa_format_station_of_topic(const CasaPayload *payload, CasaEmit *emit, guint skip)
{
  const char *kit = payload->topic->kit;
  gsize len = payload->topic->kit_len;
  for (; skip > 0 && len > 0; skip--) {
    while (len > 0 && kit[len - 1] != '/')
      len--;
    if (len > 0)
      len--;
  }
  return len > 0 && casa_emit_station(emit, kit, len);
}

void
casa_format_substation(CasaEmit *emit, const CasaMember *label)
{
  g_autofree char *whole = g_strdup_printf("%s-%.*s", casa_emit_whose(emit), (int)label->text_len, label->text);
  casa_emit_station(emit, whole, strlen(whole));
}
