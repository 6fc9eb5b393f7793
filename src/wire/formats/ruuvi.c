/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* Ruuvi's gateway: ruuvi/<gateway>/<tag>, with the tag's advertisement as it was heard (data formats 3 and 5 are decoded here)
 * or decoded. https://docs.ruuvi.com/communication/bluetooth-advertisements */

static const CasaKitName names[] = {
  { "gw_mac", NULL, NULL },
  { "id", NULL, NULL },
  { "ts", NULL, NULL },
  { "gwts", NULL, NULL },
  { "data", NULL, NULL },
  { "dataFormat", NULL, NULL },
  { "measurementSequenceNumber", NULL, NULL },
  { "measurementCounter", NULL, NULL },
  { "cnt", NULL, NULL },
  { "txPower", NULL, NULL },
  { "coords", NULL, NULL },
  { "temperature", "temp_c", "°C" },
  { "humidity", "rh_pct", "%" },
  { "pressure", "pressure_hpa", "Pa" },
  { "voltage", "battery_v", NULL },
  { "accelX", "acceleration_x_g", NULL },
  { "accelY", "acceleration_y_g", NULL },
  { "accelZ", "acceleration_z_g", NULL },
  { "movementCounter", "movements", NULL },
  { "CO2", "co2_ppm", "ppm" },
  { "PM2.5", "pm2_5", "µg/m³" },
  { "PM10.0", "pm10", "µg/m³" },
  { 0 },
};

static const char *const marks[] = { "gw_mac", NULL };

static gboolean
claims(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  return json_object_get(root, "gw_mac") || (casa_payload_kit_is(payload, "ruuvi/#") && (root || casa_kit_is_plain(payload)));
}

/* --- Raw --------------------------------------------------------------------------------------------------------- */

#define ADVERTISEMENT_MAX 64

static gsize
read_hex(const char *text, guchar out[ADVERTISEMENT_MAX])
{
  gsize n = 0;
  for (; g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]) && n < ADVERTISEMENT_MAX; text += 2)
    out[n++] = (guchar)(g_ascii_xdigit_value(text[0]) * 16 + g_ascii_xdigit_value(text[1]));
  return *text ? 0 : n;
}

/* Behind the manufacturer's id 0x0499, little end first. */
static const guchar *
find_data(const guchar *bytes, gsize len, gsize *left)
{
  for (gsize i = 1; i + 3 < len; i++)
    if (bytes[i - 1] == 0xFF && bytes[i] == 0x99 && bytes[i + 1] == 0x04) {
      *left = len - i - 2;
      return bytes + i + 2;
    }
  return NULL;
}

static int
u16(const guchar *p)
{
  return p[0] * 256 + p[1];
}

static int
s16(const guchar *p)
{
  int v = u16(p);
  return v < 32768 ? v : v - 65536;
}

static void
take_acceleration(CasaEmit *emit, const guchar *p)
{
  static const char *const axes[] = { "acceleration_x_g", "acceleration_y_g", "acceleration_z_g" };
  for (guint i = 0; i < G_N_ELEMENTS(axes); i++)
    if (s16(p + 2 * i) != -32768)
      casa_emit_number(emit, axes[i], s16(p + 2 * i) / 1000.0, NULL);
}

static void
refuse_invalid(CasaEmit *emit, const char *field)
{
  casa_kit_refuse(emit, 1, CASA_WHY_ABSENT, field, "invalid");
}

/* Format 5 (RAWv2): 24 bytes; the highest of each number means that there is none. */
static void
take_format_5(CasaEmit *emit, const guchar *p)
{
  if (s16(p + 1) == -32768)
    refuse_invalid(emit, "temperature");
  else
    casa_emit_number(emit, "temp_c", s16(p + 1) * 0.005, NULL);
  if (u16(p + 3) == 65535)
    refuse_invalid(emit, "humidity");
  else
    casa_emit_number(emit, "rh_pct", u16(p + 3) * 0.0025, NULL);
  if (u16(p + 5) == 65535)
    refuse_invalid(emit, "pressure");
  else
    casa_emit_number(emit, "pressure_hpa", u16(p + 5) + 50000, "Pa");
  take_acceleration(emit, p + 7);
  if (u16(p + 13) >> 5 != 2047)
    casa_emit_number(emit, "battery_v", ((u16(p + 13) >> 5) + 1600) / 1000.0, NULL);
  if (p[15] != 255)
    casa_emit_number(emit, "movements", p[15], NULL);
}

/* Format 3 (RAWv1): 14 bytes. */
static void
take_format_3(CasaEmit *emit, const guchar *p)
{
  double degrees = (p[2] & 127) + p[3] / 100.0;
  casa_emit_number(emit, "rh_pct", p[1] * 0.5, NULL);
  casa_emit_number(emit, "temp_c", p[2] & 128 ? -degrees : degrees, NULL);
  casa_emit_number(emit, "pressure_hpa", u16(p + 4) + 50000, "Pa");
  take_acceleration(emit, p + 6);
  casa_emit_number(emit, "battery_v", u16(p + 12) / 1000.0, NULL);
}

static void
take_raw(CasaEmit *emit, const char *hex)
{
  guchar bytes[ADVERTISEMENT_MAX];
  gsize left = 0, n = read_hex(hex, bytes);
  const guchar *data = find_data(bytes, n, &left);
  if (data && data[0] == 5 && left >= 18)
    take_format_5(emit, data);
  else if (data && data[0] == 3 && left >= 14)
    take_format_3(emit, data);
  else
    casa_kit_refuse(emit, 1, CASA_WHY_DATA, "data", "Ruuvi's formats 3 and 5");
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload);
  const char *data = casa_kit_text(root, "data"), *id = casa_kit_text(root, "id");
  g_autofree char *tag = casa_payload_kit_is(payload, "ruuvi/+/+") ? casa_kit_level(payload, 2) : NULL;
  if (!root || (tag && strcmp(tag, "gw_status") == 0)) {
    casa_emit_understood(emit);
    return;
  }
  casa_format_station_of_topic(payload, emit, 0);
  casa_kit_station(payload, emit, tag ? tag : id);
  casa_emit_begin(emit);
  casa_kit_time(emit, json_object_get(root, "ts"));
  if (data)
    take_raw(emit, data);
  casa_kit_take_object(emit, root, names, NULL);
  casa_emit_end(emit);
}

const CasaFormat casa_format_ruuvi = { .id = "ruuvi", .name = "Ruuvi", .marks = marks, .claims = claims, .decode = decode };
