/* SPDX-License-Identifier: Apache-2.0 */
#include "casa-build.h"
#include "wire/event.h"
#include "wire/reading.h"
#include "wire/report.h"

#include <string.h>

static const CasaWireLimits limits = {
  .max_payload = 16384, .max_depth = 8, .max_fields = 64, .future_ms = 600000, .retention_ms = G_GINT64_CONSTANT(2592000000)
};

static void
topic_of(const char *text, CasaTopic *out)
{
  CasaReason why;
  g_assert_true(casa_topic_parse("casa/v1", text, strlen(text), out, &why));
}

static gboolean
describe(const char *payload, CasaDescriptor *out, CasaReason *why)
{
  CasaTopic topic;
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  topic_of("casa/v1/city/$station/air-x", &topic);
  return casa_decode_descriptor(metrics, &limits, &topic, payload, strlen(payload), out, why) &&
         casa_descriptor_settle(metrics, NULL, out, why);
}

static void
test_descriptor(void)
{
  CasaDescriptor d;
  CasaReason why;
  g_assert_true(describe("{\"name\":\"Aïn\\nSebaâ\",\"name_ar\":\"عين\",\"kind\":\"air\",\"domain\":\"air\",\"lat\":33.6,"
                         "\"lon\":\"-7.5\",\"simulated\":true,\"metrics\":{\"pm10\":\"µg/m³\"}}",
                         &d, &why));
  g_assert_cmpstr(d.name, ==, "Aïn Sebaâ");
  g_assert_cmpstr(d.name_ar, ==, "عين");
  g_assert_cmpstr(d.station, ==, "air-x");
  g_assert_true(d.has_position && d.simulated);
  g_assert_cmpfloat(d.lon, ==, -7.5);
  g_assert_true(describe("{\"domain\":\"air\"}", &d, &why));
  g_assert_false(d.has_position || d.simulated);

  g_autoptr(GString) wide = g_string_new("{\"domain\":\"air\",\"name\":\"");
  for (guint i = 0; i < 200; i++)
    g_string_append(wide, "é");
  g_string_append(wide, "\"}");
  g_assert_true(describe(wide->str, &d, &why));
  g_assert_true(g_utf8_validate(d.name, -1, NULL));
  g_assert_cmpuint(strlen(d.name), ==, 126);
}

/* The names of a position that hold for readings hold here, too; its own win. */
static void
test_position_aliases(void)
{
  static const char *const payloads[] = {
    "{\"domain\":\"air\",\"latitude\":33.5,\"longitude\":-7.6}",
    "{\"domain\":\"air\",\"Latitude\":\"33.5\",\"lon\":-7.6}",
    "{\"domain\":\"air\",\"latitude\":1,\"lat\":33.5,\"longitude\":2,\"lon\":-7.6}",
  };
  CasaDescriptor d;
  CasaReason why;
  char words[CASA_REASON_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
    g_assert_true(describe(payloads[i], &d, &why));
    g_assert_true(d.has_position);
    g_assert_cmpfloat(d.lat, ==, 33.5);
    g_assert_cmpfloat(d.lon, ==, -7.6);
  }
  /* It is told by the name that it was given. */
  g_assert_false(describe("{\"domain\":\"air\",\"latitude\":133.5,\"longitude\":-7.6}", &d, &why));
  g_assert_nonnull(strstr(casa_reason_text(&why, words), "\"latitude\" must be a number of degrees"));
}

/* What is said wins over readings that came before, these over the kind. */
static void
test_domain_of_station(void)
{
  static const struct {
    const char *payload, *measured[3], *domain; /* NULL: refused */
  } rows[] = {
    { "{\"kind\":\"air\"}", { NULL }, "air" },
    { "{\"kind\":\"weather\"}", { NULL }, "air" },
    { "{\"kind\":\"bike\",\"name\":\"x\"}", { NULL }, "mobility" },
    { "{\"name\":\"x\"}", { "water" }, "water" },
    { "{\"kind\":\"thing\"}", { "water" }, "water" },
    { "{\"kind\":\"air\"}", { "water" }, "water" },
    { "{\"kind\":\"air\"}", { "air", "water" }, "air" },
    { "{\"domain\":\"energy\"}", { "water" }, "energy" },
    { "{\"name\":\"x\"}", { "air", "water" }, NULL },
  };
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(CASA_SOURCE_ROOT "/config", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    CasaTopic topic;
    CasaDescriptor d;
    CasaReason why = { 0 };
    char words[CASA_REASON_SIZE];
    topic_of("casa/v1/t/$station/s", &topic);
    g_assert_true(casa_decode_descriptor(metrics, &limits, &topic, rows[i].payload, strlen(rows[i].payload), &d, &why));
    const gboolean ok = casa_descriptor_settle(metrics, rows[i].measured, &d, &why);
    g_assert_cmpint(ok, ==, rows[i].domain != NULL);
    if (ok)
      g_assert_cmpstr(d.domain, ==, rows[i].domain);
    else /* the choices that there are */
      g_assert_true(g_str_has_suffix(casa_reason_text(&why, words), "the station's topic: air, water"));
  }
}

static void
test_bad_descriptors(void)
{
  static const struct {
    const char *payload, *code;
    const char *words; /* in the reason */
  } rows[] = {
    { "", "empty", "clears" },
    { "[]", "type", "object" },
    { "{\"name\":\"x\"}", "domain", "mobility, energy, air, water, waste, civic" },
    { "{\"name\":\"x\",\"kind\":\"thing\"}", "domain", "air" },
    { "{\"domain\":\"aire\",\"kind\":\"air\"}", "domain", "\"aire\" is not declared" },
    { "{\"domain\":\"Air Quality\"}", "type", "domain" },
    { "{\"domain\":\"air\",\"kind\":7}", "type", "kind" },
    { "{\"domain\":\"air\",\"lat\":91,\"lon\":0}", "out-of-range", "lat" },
    { "{\"domain\":\"air\",\"lat\":33}", "out-of-range", "lon" },
    { "{\"domain\":\"air\",\"lat\":\"north\",\"lon\":0}", "out-of-range", "lat" },
    { "{\"domain\":\"air\",\"lat\":NaN,\"lon\":0}", "out-of-range", "lat" },
    { "{\"domain\":\"air\"", "json", "line 1" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    CasaDescriptor d;
    CasaReason why = { 0 };
    char words[CASA_REASON_SIZE];
    if (describe(rows[i].payload, &d, &why))
      g_error("%s was taken", rows[i].payload);
    if (strcmp(why.code, rows[i].code) != 0 || !strstr(casa_reason_text(&why, words), rows[i].words))
      g_error("%s: %s: %s", rows[i].payload, why.code, words);
  }
}

static gboolean
tell(const char *payload, CasaEvent *out, CasaReason *why)
{
  CasaTopic topic;
  topic_of("casa/v1/equipe-7/$event/works-1", &topic);
  return casa_decode_event(&limits, &topic, payload, strlen(payload), 1000, out, why);
}

static void
test_event(void)
{
  CasaEvent e, again;
  CasaReason why = { 0 };
  g_assert_true(
    tell("{\"event\":\"power-cut\",\"place\":\"maarif\",\"district\":\"maarif\",\"line\":null,\"start\":1779385327120,"
         "\"end\":\"2026-05-21T18:00:00Z\",\"intensity\":0.5,\"simulated\":true,\"of\":\"no concern\"}",
         &e, &why));
  g_assert_cmpstr(e.source, ==, "equipe-7");
  g_assert_cmpstr(e.id, ==, "works-1");
  g_assert_cmpstr(e.event, ==, "power-cut");
  g_assert_cmpstr(e.place, ==, "maarif");
  g_assert_cmpstr(e.district, ==, "maarif");
  g_assert_cmpstr(e.line, ==, "");
  g_assert_cmpint(e.start_ms, ==, G_GINT64_CONSTANT(1779385327120));
  g_assert_cmpint(e.end_ms, ==, G_GINT64_CONSTANT(1779386400000));
  g_assert_cmpfloat(e.intensity, ==, 0.5);
  g_assert_true(e.simulated && !e.over);
  /* As little as possible: it begins now, and nobody knows for how long. */
  g_assert_true(tell("{\"event\":\"works\"}", &again, &why));
  g_assert_cmpint(again.start_ms, ==, 1000);
  g_assert_cmpint(again.end_ms, ==, CASA_EVENT_OPEN);
  g_assert_cmpfloat(again.intensity, ==, 1);
  g_assert_false(again.simulated || casa_event_equal(&e, &again));
  g_assert_true(casa_event_equal(&e, &e));
  g_assert_true(tell("", &e, &why));
  g_assert_true(e.over);
}

static void
test_bad_events(void)
{
  static const struct {
    const char *payload, *code, *words;
  } rows[] = {
    { "{", "json", "" },
    { "[]", "type", "object" },
    { "{}", "empty", "\"event\"" },
    { "{\"event\":\"Power Cut\"}", "type", "\"event\"" },
    { "{\"event\":\"x\",\"place\":3}", "type", "\"place\"" },
    { "{\"event\":\"x\",\"start\":\"tomorrow\"}", "time", "\"start\"" },
    { "{\"event\":\"x\",\"start\":42}", "time", "\"start\"" },
    { "{\"event\":\"x\",\"start\":1779385327120,\"end\":1779385327119}", "time", "before" },
    { "{\"event\":\"x\",\"intensity\":1.5}", "out-of-range", "0 to 1" },
    { "{\"event\":\"x\",\"intensity\":\"strong\"}", "out-of-range", "0 to 1" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    CasaEvent e;
    CasaReason why = { 0 };
    g_assert_false(tell(rows[i].payload, &e, &why));
    g_assert_cmpstr(why.code, ==, rows[i].code);
    char words[CASA_REASON_SIZE];
    g_assert_nonnull(strstr(casa_reason_text(&why, words), rows[i].words));
  }
}

static gboolean
report(const char *payload, CasaReport *out, CasaReason *why)
{
  CasaTopic topic;
  topic_of("casa/v1/equipe-7/$report/r-1", &topic);
  return casa_decode_report(&limits, &topic, payload, strlen(payload), out, why);
}

static void
test_report(void)
{
  CasaReport r;
  CasaReason why;
  g_assert_true(report(
    "{\"service\":\"eau\",\"lat\":33.5,\"lon\":-7.5,\"text\":\"fuite\\nici \\u202ebas\",\"status\":\"closed\"}", &r, &why));
  g_assert_cmpstr(r.source, ==, "equipe-7");
  g_assert_cmpstr(r.id, ==, "r-1");
  g_assert_cmpstr(r.text, ==, "fuite ici  bas");
  g_assert_true(r.closed && !r.withdrawn);
  g_assert_true(report("", &r, &why) && r.withdrawn);
  g_autofree char *long_text = g_strnfill(CASA_REPORT_TEXT_MAX + 1, 'x');
  g_autofree char *too_long = g_strdup_printf("{\"service\":\"eau\",\"lat\":1,\"lon\":1,\"text\":\"%s\"}", long_text);
  const char *const wrong[] = { "[]",
                                "{}",
                                "{\"service\":\"a b\",\"lat\":1,\"lon\":1}",
                                "{\"service\":\"eau\",\"lat\":91,\"lon\":1}",
                                "{\"service\":\"eau\",\"lat\":1}",
                                "{\"service\":\"eau\",\"lat\":1,\"lon\":1,\"text\":7}",
                                too_long };
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    char words[CASA_REASON_SIZE];
    g_assert_false(report(wrong[i], &r, &why));
    casa_reason_text(&why, words);
    g_assert_true(g_str_has_prefix(words, "report: "));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/descriptor/domain", test_domain_of_station);
  g_test_add_func("/wire/descriptor/good", test_descriptor);
  g_test_add_func("/wire/descriptor/position-aliases", test_position_aliases);
  g_test_add_func("/wire/descriptor/bad", test_bad_descriptors);
  g_test_add_func("/wire/descriptor/event", test_event);
  g_test_add_func("/wire/descriptor/bad-events", test_bad_events);
  g_test_add_func("/wire/descriptor/report", test_report);
  return g_test_run();
}
