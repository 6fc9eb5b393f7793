/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "base/error.h"
#include "wire/decoder.h"
#include "wire/formats/template.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* feeds.conf: messages that no format knows, mapped by a few lines; and what is wrong in the file is told with its line. */

#define NOW G_GINT64_CONSTANT(1779385328000) /* 2026-05-21T17:42:08Z */

static const CasaWireLimits limits = {
  .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = 600000, .max_batch = 65536, .max_readings = 100
};

typedef struct {
  CasaMetrics *metrics;
  CasaDecoder *decoder;
  CasaDecoded *decoded;
  char *dir;
} Fixture;

static gboolean
load(Fixture *f, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename(f->dir, "feeds.conf", NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  return casa_decoder_load_feeds(f->decoder, f->dir, error);
}

static void
set_up(Fixture *f, gconstpointer data)
{
  f->metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  f->decoder = casa_decoder_new(f->metrics, &limits);
  f->decoded = casa_decoded_new();
  f->dir = g_dir_make_tmp("feeds-XXXXXX", NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename(f->dir, "feeds.conf", NULL);
  g_remove(path);
  g_rmdir(f->dir);
  g_free(f->dir);
  casa_decoder_free(f->decoder);
  casa_decoded_free(f->decoded);
  casa_metrics_free(f->metrics);
}

static char *
read_as(Fixture *f, const char *kit, const char *text)
{
  CasaTopic topic;
  g_autofree char *whole = g_strdup_printf("casa/v1/t/kit/%s", kit);
  GString *out = g_string_new(NULL);
  g_assert_true(casa_topic_parse("casa/v1", whole, strlen(whole), &topic, NULL));
  casa_decoder_decode(f->decoder, &topic, text, strlen(text), NOW, f->decoded);
  for (guint i = 0; i < f->decoded->readings->len; i++) {
    const CasaReading *r = casa_decoded_reading(f->decoded, i);
    for (guint k = 0; k < r->n_fields; k++)
      g_string_append_printf(out, "%s/%s/%s=%g@%d ", r->domain, r->station, r->fields[k].metric, r->fields[k].value,
                             (int)((NOW - r->t_ms) / 1000));
  }
  return g_string_free(out, FALSE);
}

static void
expect(Fixture *f, const char *kit, const char *text, const char *wanted)
{
  g_autofree char *got = read_as(f, kit, text);
  g_assert_cmpstr(got, ==, wanted);
}

static void
test_maps(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(casa_decoder_load_feeds(f->decoder, f->dir, &error)); /* there need be no file */
  load(
    f,
    "[masts]\ntopic = masts/+/report\nstation = $2\ntime = when\nvalue.temp_c = air.t; °F\nvalue.wind_ms = w[0].v * 0.1; m/s\n"
    "[list]\ntopic = list/#\neach = items\nstation = id\ndomain = water\nvalue.level_pct = lvl\n"
    "[plain]\ntopic = bare\nvalue.rh_pct = value\n"
    "[form]\ntopic = channels/+/publish\nstation = $2\ntime = created_at\nvalue.temp_c = field1\nvalue.rh_pct = field2\n[top]\ntopic = top\neach = [1]\nstation = n\ntime = t\nvalue.x = v\n",
    &error);
  g_assert_no_error(error);
  expect(f, "masts/nord/report", "{\"when\":1779385318,\"air\":{\"t\":68},\"w\":[{\"v\":55}]}",
         "air/nord/temp_c=20@10 air/nord/wind_ms=5.5@10 ");
  expect(f, "masts/nord/report", "{\"air\":{\"t\":null}}", "");
  g_assert_cmpint(f->decoded->n_refused, ==, 1);
  expect(f, "list/a", "{\"items\":[{\"id\":7,\"lvl\":40},{\"id\":\"puits\",\"lvl\":41},{\"lvl\":42}]}",
         "water/7/level_pct=40@0 water/puits/level_pct=41@0 water/list-a/level_pct=42@0 ");
  expect(f, "list/a", "{\"items\":5}", "");
  expect(f, "bare", "44", "air/bare/rh_pct=44@0 ");
  expect(f, "top", "[1,[{\"n\":\"a\",\"v\":3,\"t\":\"2026-05-21T17:42:00Z\"}]]", "kit/a/x=3@8 ");
  expect(f, "channels/12/publish", "field1=21.5&field2=48&created_at=2026-05-21T17%3A42%3A00Z&bad=%zz",
         "air/12/temp_c=21.5@8 air/12/rh_pct=48@8 ");
  expect(f, "channels/12/publish", "{\"field1\":21.5}", "air/12/temp_c=21.5@0 ");
  expect(f, "other/x", "21.5", "kit/other/x=21.5@0 ");
}

static void
test_mistakes(Fixture *f, gconstpointer data)
{
  static const struct {
    const char *text, *words;
  } wrong[] = {
    { "[a]\nvalue.x = v\n", "topic" },
    { "[a]\ntopic = a\n", "which values" },
    { "[a]\ntopic = a\nvalue.x = {% v %}\n", "no path" },
    { "[a]\ntopic = a\nstation = $x\nvalue.x = v\n", "no level" },
    { "[a]\ntopic = a\nstation = a b\nvalue.x = v\n", "no path" },
    { "[a]\ntopic = a\nvalue. = v\n", "metric" },
    { "[a]\ntopic = a\ncolour = red\nvalue.x = v\n", ":3:" },
    { "no group\n", "feeds.conf" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(load(f, wrong[i].text, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    if (!strstr(error->message, wrong[i].words))
      g_error("%s: %s", wrong[i].text, error->message);
  }
}

/* NAN: there is no such member; INFINITY: more than is understood. */
static void
test_templates(void)
{
  static const struct {
    const char *template;
    double value;
  } cases[] = {
    { "{{ value }}", 21.5 },
    { "{{value}}", 21.5 },
    { "{{- value -}} ", 21.5 },
    { "{{ value | float }}", 21.5 },
    { "{{ value | int }}", 21 },
    { "{{ value | int(0) * 2 }}", 42 },
    { "{{ (value | float) - 1.5 }}", 20 },
    { "{{ ((value)) + 0.25 | round(1) }}", 21.8 },
    { "{{ value | round }}", 22 },
    { "{{ value | round() }}", 22 },
    { "{{ value | abs }}", 21.5 },
    { "{{ value / 2 }}", 10.75 },
    { "{{ value_json.a.b }}", 3 },
    { "{{ value_json['a'][\"b\"] }}", 3 },
    { "{{ value_json.l[1] }}", 5 },
    { "{{ value_json[ 'l' ][ 0 ] }}", 4 },
    { "{{ value_json.a.b | default(0) | is_defined }}", 3 },
    { "{{ value_json.t | float | abs | round(2) * 2 }}", NAN }, /* a text stays one */
    { "{{ value_json.none }}", NAN },
    { "{{ value_json.none | float(0) }}", NAN },
    { "{{ value_json.none | default(7) }}", NAN },
    { "{{ value_json.none | default(7 }}", INFINITY },
    { "value", INFINITY },
    { "{{ valued }}", INFINITY },
    { "{{ states('x') }}", INFINITY },
    { "{{ value }", INFINITY },
    { "{{ value }} more", INFINITY },
    { "{{ (value }}", INFINITY },
    { "{{ value | upper }}", INFINITY },
    { "{{ value | round(x) }}", INFINITY },
    { "{{ value / 0 }}", INFINITY },
    { "{{ value * x }}", INFINITY },
    { "{{ value_json.a.get('b') }}", INFINITY },
    { "{{ value_json['a }}", INFINITY },
    { "{{ value_json[x] }}", INFINITY },
    { "{{ value_json['a' }}", INFINITY },
    { "{% if value %}", INFINITY },
  };
  json_auto_t *root = json_loads("{\"a\":{\"b\":3},\"l\":[4,5],\"t\":\"x\"}", 0, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    CasaMember value = { .name = "v", .name_len = 1 };
    CasaTemplateResult result = casa_template_eval(cases[i].template, "21.5", 4, root, &value);
    double number, got = result == CASA_TEMPLATE_UNKNOWN                                                           ? INFINITY
                         : result == CASA_TEMPLATE_ABSENT || casa_member_number(&value, &number) != CASA_NUMBER_OK ? NAN
                                                                                                                   : number;
    if (!(got == cases[i].value || (isnan(got) && isnan(cases[i].value)) || fabs(got - cases[i].value) < 1e-9))
      g_error("%s: %g", cases[i].template, got);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/wire/feeds/maps", Fixture, NULL, set_up, test_maps, tear_down);
  g_test_add_func("/wire/feeds/templates", test_templates);
  g_test_add("/wire/feeds/mistakes", Fixture, NULL, set_up, test_mistakes, tear_down);
  return g_test_run();
}
