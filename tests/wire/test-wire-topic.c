/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/topic.h"

#include <string.h>

#define ROOT "casa/v1"

typedef struct {
  const char *topic;
  CasaTopicKind kind;
  const char *source, *domain, *station, *metric;
} Good;

static void
test_good(void)
{
  static const Good rows[] = {
    { ROOT "/city/air/air-ain-sebaa", CASA_TOPIC_STATION_READING, "city", "air", "air-ain-sebaa", "" },
    { ROOT "/equipe-7/air/esp32-1/temp_c", CASA_TOPIC_METRIC_READING, "equipe-7", "air", "esp32-1", "temp_c" },
    { ROOT "/city/$station/veh-t1-014", CASA_TOPIC_DESCRIPTOR, "city", "", "veh-t1-014", "" },
    { ROOT "/kit/$report/r-1", CASA_TOPIC_REPORT, "kit", "", "r-1", "" },
    { ROOT "/city/$twin/energy/sub-anfa", CASA_TOPIC_TWIN, "city", "energy", "sub-anfa", "" },
    { ROOT "/city/$twin", CASA_TOPIC_TOLL, "city", "", "", "" },
    { ROOT "/city/$event/power-cut-1", CASA_TOPIC_EVENT, "city", "", "power-cut-1", "" },
    { ROOT "/city/$status", CASA_TOPIC_STATUS, "city", "", "", "" },
    { ROOT "/city/$feedback", CASA_TOPIC_OWN, "city", "", "", "" },
    { ROOT "/$control/sim", CASA_TOPIC_OWN, "", "", "", "" },
    { ROOT "/$control", CASA_TOPIC_OWN, "", "", "", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    CasaTopic t;
    CasaReason why = { 0 };
    char words[CASA_REASON_SIZE];
    if (!casa_topic_parse(ROOT, rows[i].topic, strlen(rows[i].topic), &t, &why))
      g_error("%s: %s", rows[i].topic, casa_reason_text(&why, words));
    g_assert_cmpint(t.kind, ==, rows[i].kind);
    g_assert_cmpstr(t.source, ==, rows[i].source);
    g_assert_cmpstr(t.domain, ==, rows[i].domain);
    g_assert_cmpstr(t.station, ==, rows[i].station);
    g_assert_cmpstr(t.metric, ==, rows[i].metric);
  }
}

typedef struct {
  const char *topic;
  const char *words; /* the reason must hold them */
} Bad;

static void
check_bad(const char *topic, gsize len, const char *words)
{
  CasaTopic t;
  CasaReason why = { 0 };
  char text[CASA_REASON_SIZE];
  g_assert_false(casa_topic_parse(ROOT, topic, len, &t, &why));
  g_assert_cmpstr(why.code, ==, "topic");
  g_assert_true(g_utf8_validate(casa_reason_text(&why, text), -1, NULL));
  if (!strstr(text, words))
    g_error("\"%s\" does not say \"%s\"", text, words);
}

static void
test_bad(void)
{
  static const Bad rows[] = {
    { "", "not below" },
    { "casa/v1", "not below" },
    { "casa/v10/city/air/x", "not below" },
    { "other/v1/city/air/x", "casa/v1/<source>/<domain>/<station>" },
    { ROOT "/", "source is empty" },
    { ROOT "/city", "1 level" },
    { ROOT "/city/air", "2 levels" },
    { ROOT "/city//x", "domain is empty" },
    { ROOT "/city/air/", "station is empty" },
    { ROOT "/city/air/x/", "metric is empty" },
    { ROOT "/city/air/x/y/z", "more than 4 levels" },
    { ROOT "/city/air/x/y/z/1/2/3/4/5", "more than 4 levels" },
    { ROOT "/City/air/x", "a-z, 0-9" },
    { ROOT "/equipe-7.4/air/x", "publish below <root>/equipe-7/" },
    { ROOT "/equipe-7./air/x", "a-z, 0-9" },
    { ROOT "/equipe-7.x/air/x", "a-z, 0-9" },
    { ROOT "/.4/air/x", "a-z, 0-9" },
    { ROOT "/city/air/caf\xc3\xa9", "caf\xc3\xa9" },
    { ROOT "/city/air/a b", "a b" },
    { ROOT "/city/air/bad\xff", "bad\\xff" },
    { ROOT "/city/$other", "$station/<station>" },
    { ROOT "/city/$station", "$station/<station>" },
    { ROOT "/city/$station/x/y", "$station/<station>" },
    { ROOT "/city/$event", "$event/<id>" },
    { ROOT "/city/$event/x/y", "$event/<id>" },
    { ROOT "/city/$event/", "event is empty" },
    { ROOT "/city/$twin/energy", "$station/<station>" },
    { ROOT "/city/$twin/energy/sub-anfa/load_mw", "$station/<station>" },
    { ROOT "/city/$twin/Energy/sub-anfa", "a-z, 0-9" },
    { ROOT "/city/$status/x", "$station/<station>" },
    { "$SYS/broker/uptime", "not below" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    check_bad(rows[i].topic, strlen(rows[i].topic), rows[i].words);
}

/* Foreign bytes: NUL inside, 64 KiB, a name of exactly 64 and of 65 bytes, no NUL at the end. */
static void
test_hostile(void)
{
  static const char nul[] = ROOT "/city/air/x\0y";
  check_bad(nul, sizeof nul - 1, "x\\x00y");
  g_autofree char *huge = g_malloc(65535);
  memset(huge, 'a', 65535);
  check_bad(huge, 65535, "not below");
  memcpy(huge, ROOT "/", strlen(ROOT "/"));
  check_bad(huge, 65535, "65527 bytes; use at most 64");
  memset(huge + strlen(ROOT "/"), '/', 65535 - strlen(ROOT "/"));
  check_bad(huge, 65535, "source is empty");

  g_autofree char *name = g_strnfill(CASA_NAME_MAX, 'n');
  g_autofree char *fits = g_strconcat(ROOT "/city/air/", name, "X", NULL);
  CasaTopic t;
  CasaReason why = { 0 };
  g_assert_true(casa_topic_parse(ROOT, fits, strlen(fits) - 1, &t, &why));
  g_assert_cmpstr(t.station, ==, name);
  g_autofree char *over = g_strconcat(ROOT "/city/air/", name, "n", NULL);
  check_bad(over, strlen(over), "at most 64");
}

/* What is quoted is printable, short and cannot turn the text around it. */
static void
test_quote(void)
{
  char buf[CASA_QUOTE_SIZE];
  g_assert_cmpstr(casa_reason_quote(buf, "a\tb\x1b[0m", 7), ==, "a\\x09b\\x1b[0m");
  g_assert_cmpstr(casa_reason_quote(buf, "\xd8\xa7\xd9\x84", 4), ==, "\xd8\xa7\xd9\x84");
  g_assert_cmpstr(casa_reason_quote(buf, "x\xe2\x80\xae", 4), ==, "x\\xe2\\x80\\xae");
  g_assert_cmpstr(casa_reason_quote(buf, "\xe2\x82", 2), ==, "\\xe2\\x82");
  g_autofree char *longer = g_strnfill(500, 'z');
  casa_reason_quote(buf, longer, 500);
  g_assert_true(g_str_has_suffix(buf, "…"));
  g_assert_true(g_utf8_validate(buf, -1, NULL));
}

/* Each sentence has a code, names only arguments that there are, and fits with the longest of them. */
static void
test_reasons(void)
{
  g_autoptr(GString) wide = g_string_new("x");
  for (guint i = 0; i < 300; i++)
    g_string_append(wide, "é");
  for (guint why = CASA_WHY_NONE + 1; why < CASA_WHY_N; why++) {
    CasaReason r;
    char text[CASA_REASON_SIZE], what[CASA_REASON_SIZE], cure[CASA_REASON_SIZE];
    casa_reason_set(&r, why, .field = wide->str, .got = wide->str, .wanted = wide->str, .more = wide->str);
    g_assert_nonnull(r.code);
    g_assert_true(g_utf8_validate(r.got, -1, NULL) && g_str_has_suffix(r.got, "…"));
    casa_reason_text(&r, text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), <, sizeof text - 1); /* nothing was cut */
    g_assert_true(g_str_has_prefix(text, casa_reason_what(&r, what)) && *what);
    g_assert_true(g_str_has_suffix(text, casa_reason_cure(&r, cure)));
    g_assert_null(strstr(text, "{field}"));
  }
  casa_reason_set(NULL, CASA_WHY_JSON, .got = "nobody asks");
}

static void
test_expand(void)
{
  CasaReason r;
  char text[CASA_REASON_SIZE];
  casa_reason_set(&r, CASA_WHY_NAME, .field = "a\tb", .got = "{wanted}", .wanted = "w");
  g_assert_cmpstr(casa_reason_expand(&r, "{field}{got} {other} {wanted}{more}{", text), ==, "a\\x09b{wanted} {other} w{");
  g_autofree char *template = g_strnfill(2000, '{');
  casa_reason_expand(&r, template, text);
  g_assert_cmpuint(strlen(text), ==, sizeof text - 1);
  g_autoptr(GString) accents = g_string_new("x");
  for (guint i = 0; i < 1000; i++)
    g_string_append(accents, "é");
  g_assert_true(g_utf8_validate(casa_reason_expand(&r, accents->str, text), -1, NULL));
}

static void
test_kit(void)
{
  CasaTopic t;
  CasaReason why = { 0 };
  const char topic[] = ROOT "/equipe-7/kit/tele/Bureau 1/SENSOR";
  g_assert_true(casa_topic_parse(ROOT, topic, strlen(topic), &t, &why));
  g_assert_cmpint(t.kind, ==, CASA_TOPIC_KIT);
  g_assert_cmpstr(t.source, ==, "equipe-7");
  g_assert_cmpstr(t.domain, ==, "");
  g_assert_true(t.kit_len == strlen("tele/Bureau 1/SENSOR") && g_str_has_prefix(t.kit, "tele/Bureau 1/SENSOR"));
  check_bad(ROOT "/equipe-7/kit", strlen(ROOT "/equipe-7/kit"), "below kit");
  check_bad(ROOT "/equipe-7/kit/", strlen(ROOT "/equipe-7/kit/"), "below kit");
  check_bad(ROOT "/equipe-7/kit/bad\xff", strlen(ROOT "/equipe-7/kit/bad\xff"), "not UTF-8");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/topic/good", test_good);
  g_test_add_func("/wire/topic/bad", test_bad);
  g_test_add_func("/wire/topic/hostile", test_hostile);
  g_test_add_func("/wire/reason/quote", test_quote);
  g_test_add_func("/wire/topic/kit", test_kit);
  g_test_add_func("/wire/reason/sentences", test_reasons);
  g_test_add_func("/wire/reason/expand", test_expand);
  return g_test_run();
}
