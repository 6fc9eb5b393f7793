/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "reader.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* What kits send, and what it is read as: a file of cases for each format in tests/wire/formats/. A case is
 *   {"topic": "casa/v1/…", or "kit": its own topic, "send": a JSON value, "text": a text, or "hex": bytes,
 *    "format": id, "get": {"<domain>/<station>/<metric>[@<t_ms>]": value, …}, "refused": ["<code> <words of it>", …],
 *    "stations": {"<station>": {"name": …, "lat": …, "lon": …}}, "understood": true, "zone": "+01:00"}
 * and says all that is read of it: what is read besides is a fault. Cases of a file come one after the other, as messages do. */

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

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GDir) dir = g_dir_open(CASA_SOURCE_ROOT "/tests/wire/formats", 0, NULL);
  g_assert_nonnull(dir);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *test = g_strdup_printf("/wire/formats/%s", name);
    if (g_str_has_suffix(name, ".json"))
      g_test_add_data_func_full(test, g_build_filename(CASA_SOURCE_ROOT, "tests/wire/formats", name, NULL), test_file, g_free);
  }
  return g_test_run();
}
