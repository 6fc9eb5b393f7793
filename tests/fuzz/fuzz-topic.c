/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "wire/topic.h"

#include <string.h>

static gboolean
is_name(const char *name)
{
  gsize len = strlen(name);
  return len >= 1 && len <= CASA_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

/* What was read says the whole topic and nothing else. */
static void
check_round_trip(const CasaTopic *t, const char *text, gsize size)
{
  g_autofree char *again = NULL;
  switch (t->kind) {
  case CASA_TOPIC_STATION_READING: again = g_strdup_printf("casa/v1/%s/%s/%s", t->source, t->domain, t->station); break;
  case CASA_TOPIC_METRIC_READING:
    again = g_strdup_printf("casa/v1/%s/%s/%s/%s", t->source, t->domain, t->station, t->metric);
    break;
  case CASA_TOPIC_KIT: again = g_strdup_printf("casa/v1/%s/kit/%.*s", t->source, (int)t->kit_len, t->kit); break;
  case CASA_TOPIC_DESCRIPTOR: again = g_strdup_printf("casa/v1/%s/$station/%s", t->source, t->station); break;
  case CASA_TOPIC_REPORT: again = g_strdup_printf("casa/v1/%s/$report/%s", t->source, t->station); break;
  case CASA_TOPIC_EVENT: again = g_strdup_printf("casa/v1/%s/$event/%s", t->source, t->station); break;
  case CASA_TOPIC_TWIN: again = g_strdup_printf("casa/v1/%s/$twin/%s/%s", t->source, t->domain, t->station); break;
  case CASA_TOPIC_TOLL: again = g_strdup_printf("casa/v1/%s/$twin", t->source); break;
  case CASA_TOPIC_STATUS: again = g_strdup_printf("casa/v1/%s/$status", t->source); break;
  case CASA_TOPIC_OWN: return;
  }
  g_assert_true(is_name(t->source));
  g_assert_true(strlen(again) == size && memcmp(again, text, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  CasaTopic topic;
  CasaReason why = { 0 };
  char quoted[CASA_QUOTE_SIZE], words[CASA_REASON_SIZE];
  const char *text = (const char *)data;
  if (casa_topic_parse("casa/v1", text, size, &topic, &why))
    check_round_trip(&topic, text, size);
  else
    g_assert_true(g_strcmp0(why.code, "topic") == 0 && *casa_reason_text(&why, words) && g_utf8_validate(words, -1, NULL));
  casa_reason_quote(quoted, text, size);
  g_assert_true(memchr(quoted, '\0', sizeof quoted) && g_utf8_validate(quoted, -1, NULL));
  return 0;
}
