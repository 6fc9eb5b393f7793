/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "reader.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* What kits send, and what it is read as: a file of cases for each format in tests/wire/formats/. A case is
 *   {"topic": "casa/v1/…", or "kit": its own topic, "send": a JSON value, "text": a text, or "hex": bytes,
 *    "format": id, "get": {"<domain>/<station>/<metric>[@<t_ms>]": value, …}, "refused": ["<code> <words of it>", …],
 *    "stations": {"<station>": {"name": …, "lat": …, "lon": …}}, "understood": true, "zone": "+01:00"} and says all that is
 *    read of it: what is read besides is a fault. Cases of a file come one after the other, as messages do. */

#define NEAR 1e-6

static char *
topic_of(json_t *c)
{
  const char *kit = json_string_value(json_object_get(c, "kit"));
  return kit ? g_strdup_printf("casa/v1/equipe-7/kit/%s", kit) : g_strdup(json_string_value(json_object_get(c, "topic")));
}

static GString *
payload_of(json_t *c)
{
  const char *text = json_string_value(json_object_get(c, "text")), *hex = json_string_value(json_object_get(c, "hex"));
  GString *out = g_string_new(text);
  if (json_object_get(c, "send")) {
    char *dump = json_dumps(json_object_get(c, "send"), JSON_COMPACT | JSON_ENCODE_ANY);
    g_string_append(out, dump);
    free(dump);
  }
  for (; hex && hex[0] && hex[1]; hex += hex[2] == ' ' ? 3 : 2)
    g_string_append_c(out, (char)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1])));
  return out;
}

static void
check_readings(const CasaDecoded *d, json_t *wanted, const char *where)
{
  guint n = 0;
  for (guint i = 0; i < d->readings->len; i++) {
    const CasaReading *r = casa_decoded_reading(d, i);
    for (guint k = 0; k < r->n_fields; k++, n++) {
      g_autofree char *key = g_strdup_printf("%s/%s/%s", r->domain, r->station, r->fields[k].metric);
      g_autofree char *timed = g_strdup_printf("%s@%" G_GINT64_FORMAT, key, r->t_ms);
      json_t *value = json_object_get(wanted, r->time_source == CASA_TIME_PAYLOAD ? timed : key);
      if (!value)
        g_error("%s: %s=%g is not expected", where, r->time_source == CASA_TIME_PAYLOAD ? timed : key, r->fields[k].value);
      double v = json_number_value(value);
      if (fabs(v - r->fields[k].value) > NEAR * MAX(1, fabs(v)))
        g_error("%s: %s is %.12g", where, key, r->fields[k].value);
    }
  }
  if (n != json_object_size(wanted))
    g_error("%s: %u values, %zu expected", where, n, json_object_size(wanted));
}

static void
check_refusals(const CasaDecoded *d, json_t *wanted, const char *where)
{
  for (guint i = 0; i < MAX(d->refusals->len, json_array_size(wanted)); i++) {
    const CasaReason *why = i < d->refusals->len ? &g_array_index(d->refusals, CasaRefused, i).why : NULL;
    const char *want = json_string_value(json_array_get(wanted, i));
    g_autofree char *got = g_strdup_printf("%s %s", why ? why->code : "nothing", reader_words(why));
    gsize code = want ? strcspn(want, " ") : 0;
    if (!want || strncmp(got, want, code) != 0 || !strstr(got + code, want + code + (want[code] == ' ')))
      g_error("%s: refusal %u is \"%s\", not \"%s\"", where, i, got, want ? want : "none");
  }
}

static void
check_stations(const CasaDecoded *d, json_t *wanted, const char *where)
{
  for (guint i = 0; i < d->descriptors->len; i++) {
    const CasaDescriptor *s = &g_array_index(d->descriptors, CasaDescriptor, i);
    json_t *want = json_object_get(wanted, s->station), *name = json_object_get(want, "name");
    if (!want)
      g_error("%s: station %s is not expected", where, s->station);
    if (name)
      g_assert_cmpstr(s->name, ==, json_string_value(name));
    if (json_object_get(want, "lat")) {
      g_assert_cmpfloat_with_epsilon(s->lat, json_number_value(json_object_get(want, "lat")), NEAR);
      g_assert_cmpfloat_with_epsilon(s->lon, json_number_value(json_object_get(want, "lon")), NEAR);
    } else {
      g_assert_false(s->has_position);
    }
  }
  g_assert_cmpuint(d->descriptors->len, >=, json_object_size(wanted));
}

static void
check_case(json_t *c, const char *file, guint number)
{
  g_autofree char *where = g_strdup_printf("%s, case %u", file, number), *topic = topic_of(c);
  g_autoptr(GString) payload = payload_of(c);
  const char *zone = json_string_value(json_object_get(c, "zone"));
  gboolean usable;
  reader_set_zone(zone);
  const CasaDecoded *d = reader_decode(topic, payload->str, (gssize)payload->len, &usable);
  const char *format = json_string_value(json_object_get(c, "format"));
  if (g_strcmp0(format, d->format) != 0)
    g_error("%s: read as %s", where, d->format ? d->format : "nothing");
  check_readings(d, json_object_get(c, "get"), where);
  check_refusals(d, json_object_get(c, "refused"), where);
  check_stations(d, json_object_get(c, "stations"), where);
  if (json_is_true(json_object_get(c, "understood")) && !usable)
    g_error("%s: not understood", where);
}

static void
test_file(gconstpointer data)
{
  const char *path = data;
  json_error_t error;
  json_t *cases = json_load_file(path, 0, &error), *c;
  size_t i;
  if (!cases)
    g_error("%s:%d: %s", path, error.line, error.text);
  g_assert_cmpuint(json_array_size(cases), >, 0);
  reader_open();
  json_array_foreach (cases, i, c)
    check_case(c, path, (guint)i + 1);
  reader_close();
  json_decref(cases);
}

/* --- Each member missing, or of another type --------------------------------------------------------------------- */

static const char *const others[] = { "null",  "true",           "\"x\"", "\"\"",  "7",  "-1",
                                      "0",     "\"7.5\"",        "[]",    "[1,2]", "{}", "{\"value\":3}",
                                      "1e300", "\"unavailable\"" };

/* What a verdict is worth: reader_decode() looks at its reasons. */
static void
decode_mutated(const char *topic, json_t *root)
{
  char *text = json_dumps(root, JSON_COMPACT);
  const CasaDecoded *d = reader_decode(topic, text, -1, NULL);
  for (guint i = 0; i < d->readings->len; i++) {
    const CasaReading *r = casa_decoded_reading(d, i);
    if (r->n_fields == 0 || !*r->station || !*r->domain)
      g_error("%s: an empty reading", text);
    for (guint k = 0; k < r->n_fields; k++)
      if (!isfinite(r->fields[k].value) || !*r->fields[k].metric)
        g_error("%s: %s=%g", text, r->fields[k].metric, r->fields[k].value);
  }
  free(text);
}

static void mutate(const char *topic, json_t *root, json_t *node);

static void
mutate_object(const char *topic, json_t *root, json_t *object)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
  const char *key;
  json_t *value;
  json_object_foreach (object, key, value)
    g_ptr_array_add(keys, g_strdup(key));
  for (guint i = 0; i < keys->len; i++) {
    value = json_incref(json_object_get(object, keys->pdata[i]));
    for (guint k = 0; k < G_N_ELEMENTS(others); k++) {
      json_object_set_new(object, keys->pdata[i], json_loads(others[k], JSON_DECODE_ANY, NULL));
      decode_mutated(topic, root);
    }
    json_object_del(object, keys->pdata[i]);
    decode_mutated(topic, root);
    json_object_set_new(object, keys->pdata[i], value);
    mutate(topic, root, value);
  }
}

static void
mutate(const char *topic, json_t *root, json_t *node)
{
  json_t *value;
  size_t i;
  if (json_is_object(node))
    mutate_object(topic, root, node);
  json_array_foreach (node, i, value) {
    json_incref(value);
    for (guint k = 0; k < G_N_ELEMENTS(others); k++) {
      json_array_set_new(node, i, json_loads(others[k], JSON_DECODE_ANY, NULL));
      decode_mutated(topic, root);
    }
    json_array_set_new(node, i, value);
    mutate(topic, root, value);
  }
}

/* The messages of a file once, so that what is remembered is there; then each of them, changed in one place. */
static void
test_mutations(gconstpointer data)
{
  json_auto_t *cases = json_load_file(data, 0, NULL);
  json_t *c;
  size_t i;
  reader_open();
  for (guint round = 0; round < 2; round++)
    json_array_foreach (cases, i, c) {
      g_autofree char *topic = topic_of(c);
      g_autoptr(GString) payload = payload_of(c);
      if (round == 0)
        reader_decode(topic, payload->str, (gssize)payload->len, NULL);
      else if (json_is_object(json_object_get(c, "send")) || json_is_array(json_object_get(c, "send")))
        mutate(topic, json_object_get(c, "send"), json_object_get(c, "send"));
      for (gsize len = 0; round == 1 && len < payload->len; len += 1 + len / 8)
        reader_decode(topic, payload->str, (gssize)len, NULL);
    }
  reader_close();
}

/* --- Any payload on any topic ------------------------------------------------------------------------------------ */

static void
read_all(GPtrArray *topics, GPtrArray *payloads)
{
  g_autoptr(GDir) dir = g_dir_open(CASA_SOURCE_ROOT "/tests/wire/formats", 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(CASA_SOURCE_ROOT, "tests/wire/formats", name, NULL);
    json_auto_t *cases = json_load_file(path, 0, NULL);
    json_t *c;
    size_t i;
    json_array_foreach (cases, i, c) {
      GString *payload = payload_of(c);
      g_ptr_array_add(topics, topic_of(c));
      g_ptr_array_add(payloads, g_string_free_to_bytes(payload));
    }
  }
}

/* Payloads and kits' topics that no file has. */
static const char *const more[] = {
  "x",
  "\"x\"",
  "[1]",
  "{}",
  "[]",
  "7",
  "true",
  "null",
  "a|1",
  "a=1",
  "\xff\x01",
  "o",
  "online",
  "{\"value\":3}",
  "{\"batteryLevel\":5,\"devEUI\":\"1\",\"applicationName\":\"a\"}",
  "{\"POWER\":\"ON\"}",
  "{\"UptimeSec\":4}",
  "{\"Time\":\"2026-05-21T18:41:00\",\"UptimeSec\":1}",
  "{\"Time\":\"2026-05-21T18:41:00\",\"POWER\":\"ON\"}",
  "{\"voltage\":3000,\"battery_low\":true,\"linkquality\":1}",
  "{\"voltage\":3,\"battery\":9,\"linkquality\":1}",
  "{\"observations\":[{\"value\":1,\"timestamp\":\"21/05-2026T17:41:00\"},{\"value\":1,\"timestamp\":\"21-05/2026T17:41:00\"}]}",
  "{\"nodes\":{\"n\":{\"properties\":{\"p\":{}}},\"m\":{}}}",
  "{\"~\":\"b\",\"stat_t\":\"x~\",\"dev\":{}}",
  "{\"stat_t\":\"x\",\"uniq_id\":\"q\",\"dev_cla\":\"power\",\"device\":{\"name\":\"n\"}}",
  "{\"stat_t\":\"x\",\"device\":{},\"components\":{\"a\":{},\"b\":{\"stat_t\":\"\"}}}"
};

static const char *const odd[] = { "homie/5/a",
                                   "homie/a/$x",
                                   "homie/a/b",
                                   "homie",
                                   "homie/a/b/c/d",
                                   "homie/a/b/$c",
                                   "solar/dc/x",
                                   "solar/1/ch",
                                   "solar",
                                   "inverter",
                                   "inverter/a",
                                   "inverter/a/ch",
                                   "x/chx/y",
                                   "x/y/ch1/z",
                                   "tele/x/UPTIME",
                                   "tele/x/y/STATUS8",
                                   "cmnd/x/POWER",
                                   "x/tele/INFO",
                                   "tele/x/y",
                                   "zigbee2mqtt",
                                   "zigbee2mqtt/x/get",
                                   "shellies",
                                   "shellies/x",
                                   "shellies/x/relay",
                                   "shellies/x/ext_temperatures",
                                   "a/number/b/state",
                                   "a/light/x/command",
                                   "state",
                                   "a/b/status",
                                   "a/status",
                                   "a/debug",
                                   "x/sensor/y_temp/state",
                                   "homeassistant/light/x/y",
                                   "homeassistant/sensor/x",
                                   "homeassistant/sensor/temperature/state",
                                   "homeassistant/light/_temp/state",
                                   "homeassistant",
                                   "application/1/device",
                                   "v3/a/devices",
                                   "spBv1.0/a/b/c",
                                   "dsmr",
                                   "N/x",
                                   "N/a/settings/0/x",
                                   "msh",
                                   "ul/a/b",
                                   "ul/a/b/attrs/x",
                                   "data",
                                   "data/x",
                                   "v1/gateway/x",
                                   "rtl_433/x/devices/m",
                                   "rtl_433",
                                   "home/x/BTtoMQTT",
                                   "x",
                                   "a/sensor//state" };

/* Every payload on every topic: whatever comes of it, it keeps its promises. */
static void
test_crossed(gconstpointer data)
{
  guint most = GPOINTER_TO_UINT(data); /* readings of a message */
  g_autoptr(GPtrArray) topics = g_ptr_array_new_with_free_func(g_free),
                       payloads = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  read_all(topics, payloads);
  for (guint i = 0; i < G_N_ELEMENTS(more); i++)
    g_ptr_array_add(payloads, g_bytes_new_static(more[i], strlen(more[i])));
  for (guint i = 0; i < G_N_ELEMENTS(odd); i++)
    g_ptr_array_add(topics, g_strdup_printf("casa/v1/equipe-7/kit/%s", odd[i]));
  g_assert_cmpuint(topics->len, >, 100);
  reader_open();
  reader_limit(most);
  for (guint t = 0; t < topics->len; t++)
    for (guint p = 0; p < payloads->len; p++) {
      gsize len;
      const char *bytes = g_bytes_get_data(payloads->pdata[p], &len);
      const CasaDecoded *d = reader_decode(topics->pdata[t], bytes ? bytes : "", (gssize)len, NULL);
      for (guint i = 0; i < d->readings->len; i++)
        g_assert_true(casa_decoded_reading(d, i)->n_fields > 0 && *casa_decoded_reading(d, i)->station);
    }
  reader_close();
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GDir) dir = g_dir_open(CASA_SOURCE_ROOT "/tests/wire/formats", 0, NULL);
  g_assert_nonnull(dir);
  g_test_add_data_func("/wire/formats-crossed", GUINT_TO_POINTER(1000), test_crossed);
  g_test_add_data_func("/wire/formats-crossed-full", GUINT_TO_POINTER(1), test_crossed);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *test = g_strdup_printf("/wire/formats/%s", name);
    g_autofree char *mutations = g_strdup_printf("/wire/mutations/%s", name);
    if (!g_str_has_suffix(name, ".json"))
      continue;
    g_test_add_data_func_full(test, g_build_filename(CASA_SOURCE_ROOT, "tests/wire/formats", name, NULL), test_file, g_free);
    g_test_add_data_func_full(mutations, g_build_filename(CASA_SOURCE_ROOT, "tests/wire/formats", name, NULL), test_mutations,
                              g_free);
  }
  return g_test_run();
}
