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
    { ROOT "/city/$event/power-cut-1", CASA_TOPIC_EVENT, "city", "", "power-cut-1", "" },
    { ROOT "/city/$status", CASA_TOPIC_STATUS, "city", "", "", "" },
    { ROOT "/city/$feedback", CASA_TOPIC_OWN, "city", "", "", "" },
    { ROOT "/$control/sim", CASA_TOPIC_OWN, "", "", "", "" },
    { ROOT "/$control", CASA_TOPIC_OWN, "", "", "", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    CasaTopic t;
    CasaReason why = { 0 };
    if (!casa_topic_parse(ROOT, rows[i].topic, strlen(rows[i].topic), &t, &why))
      g_error("%s: %s", rows[i].topic, why.text);
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
  g_assert_false(casa_topic_parse(ROOT, topic, len, &t, &why));
  g_assert_cmpstr(why.code, ==, "topic");
  g_assert_true(g_utf8_validate(why.text, -1, NULL));
  if (!strstr(why.text, words))
    g_error("\"%s\" does not say \"%s\"", why.text, words);
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
    { ROOT "/city/air/caf\xc3\xa9", "caf\xc3\xa9" },
    { ROOT "/city/air/a b", "a b" },
    { ROOT "/city/air/bad\xff", "bad\\xff" },
    { ROOT "/city/$other", "$station/<station>" },
    { ROOT "/city/$station", "$station/<station>" },
    { ROOT "/city/$station/x/y", "$station/<station>" },
    { ROOT "/city/$event", "$event/<id>" },
    { ROOT "/city/$event/x/y", "$event/<id>" },
    { ROOT "/city/$event/", "event is empty" },
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

static void
test_reason_is_cut_at_a_character(void)
{
  CasaReason why;
  g_autoptr(GString) text = g_string_new("x");
  for (guint i = 0; i < 300; i++)
    g_string_append(text, "é");
  casa_reason_set(&why, "json", "%s", text->str);
  g_assert_true(g_utf8_validate(why.text, -1, NULL));
  g_assert_cmpuint(strlen(why.text), >=, sizeof why.text - 3);
  casa_reason_set(NULL, "json", "nobody asks");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/topic/good", test_good);
  g_test_add_func("/wire/topic/bad", test_bad);
  g_test_add_func("/wire/topic/hostile", test_hostile);
  g_test_add_func("/wire/reason/quote", test_quote);
  g_test_add_func("/wire/reason/cut", test_reason_is_cut_at_a_character);
  return g_test_run();
}
