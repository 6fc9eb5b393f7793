/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/topic.h"

#include <string.h>

typedef struct {
  const char *at;
  gsize len;
} Level;

/* <source>/<domain>/<station>/<metric> is the deepest; one more shows that there were too many. */
#define LEVELS_MAX 5

static guint
split(const char *text, gsize len, Level levels[LEVELS_MAX])
{
  guint n = 0;
  const char *end = text + len;
  for (;;) {
    const char *slash = memchr(text, '/', end - text);
    const char *stop = slash ? slash : end;
    levels[n].at = text;
    levels[n].len = stop - text;
    n++;
    if (!slash || n == LEVELS_MAX)
      return n;
    text = slash + 1;
  }
}

static gboolean
level_is(const Level *level, const char *word)
{
  return level->len == strlen(word) && memcmp(level->at, word, level->len) == 0;
}

static gboolean
copy_level(const Level *level, const char *what, char out[CASA_NAME_MAX + 1], CasaReason *why)
{
  char quoted[CASA_QUOTE_SIZE];
  if (level->len == 0) {
    casa_reason_set(why, CASA_WHY_TOPIC_EMPTY, .field = what);
    return FALSE;
  }
  if (level->len > CASA_NAME_MAX) {
    char bytes[CASA_QUOTE_SIZE];
    casa_reason_set(why, CASA_WHY_TOPIC_LONG, .field = what, .got = casa_reason_quote(quoted, level->at, level->len),
                    .more = casa_reason_count(bytes, level->len), .wanted = G_STRINGIFY(CASA_NAME_MAX));
    return FALSE;
  }
  for (gsize i = 0; i < level->len; i++) {
    char c = level->at[i];
    if (!g_ascii_islower(c) && !g_ascii_isdigit(c) && c != '_' && c != '-') {
      casa_reason_set(why, CASA_WHY_TOPIC_CHARS, .field = what, .got = casa_reason_quote(quoted, level->at, level->len));
      return FALSE;
    }
  }
  memcpy(out, level->at, level->len);
  out[level->len] = '\0';
  return TRUE;
}

/* <source>/$status, <source>/$feedback, <source>/$station/<station>, <source>/$event/<id>, <source>/$report/<id>,
 * <source>/$twin, <source>/$twin/<domain>/<station> */
static gboolean
parse_special(const Level *levels, guint n, CasaTopic *out, CasaReason *why)
{
  char quoted[CASA_QUOTE_SIZE];
  if (n == 2 && level_is(&levels[1], "$status")) {
    out->kind = CASA_TOPIC_STATUS;
    return TRUE;
  }
  if (n == 2 && level_is(&levels[1], "$feedback")) {
    out->kind = CASA_TOPIC_OWN;
    return TRUE;
  }
  if (n == 3 && level_is(&levels[1], "$station")) {
    out->kind = CASA_TOPIC_DESCRIPTOR;
    return copy_level(&levels[2], "station", out->station, why);
  }
  if (n == 3 && level_is(&levels[1], "$event")) {
    out->kind = CASA_TOPIC_EVENT;
    return copy_level(&levels[2], "event", out->station, why);
  }
  if (n == 3 && level_is(&levels[1], "$report")) {
    out->kind = CASA_TOPIC_REPORT;
    return copy_level(&levels[2], "report", out->station, why);
  }
  if (n == 2 && level_is(&levels[1], "$twin")) {
    out->kind = CASA_TOPIC_TOLL;
    return TRUE;
  }
  if (n == 4 && level_is(&levels[1], "$twin")) {
    out->kind = CASA_TOPIC_TWIN;
    return copy_level(&levels[2], "domain", out->domain, why) && copy_level(&levels[3], "station", out->station, why);
  }
  casa_reason_set(why, CASA_WHY_TOPIC_SPECIAL, .got = casa_reason_quote(quoted, levels[1].at, levels[1].len));
  return FALSE;
}

/* <source>/kit/<anything…>: whatever the kit calls it, to @end. */
static gboolean
parse_kit(const Level *levels, guint n, const char *end, CasaTopic *out, CasaReason *why)
{
  out->kind = CASA_TOPIC_KIT;
  if (n < 3 || levels[2].at == end) {
    casa_reason_set(why, CASA_WHY_TOPIC_KIT);
    return FALSE;
  }
  out->kit = levels[2].at;
  out->kit_len = end - levels[2].at;
  if (!g_utf8_validate(out->kit, (gssize)out->kit_len, NULL)) {
    char quoted[CASA_QUOTE_SIZE];
    casa_reason_set(why, CASA_WHY_TOPIC_UTF8, .got = casa_reason_quote(quoted, out->kit, out->kit_len));
    return FALSE;
  }
  return TRUE;
}

/* The topic has "equipe-7.4", the user name of a device, where its team "equipe-7" should stand. It is no valid source, but the
 * team can be told. */
static gboolean
is_device(const Level *level, CasaTopic *out, CasaReason *why)
{
  const char *dot = memchr(level->at, '.', level->len);
  Level team = { level->at, dot ? (gsize)(dot - level->at) : 0 };
  for (const char *c = dot ? dot + 1 : NULL; c && c < level->at + level->len; c++) {
    if (!g_ascii_isdigit(*c))
      return FALSE;
  }
  char quoted[CASA_QUOTE_SIZE];
  if (!dot || dot + 1 == level->at + level->len || !copy_level(&team, "source", out->source, NULL))
    return FALSE;
  casa_reason_set(why, CASA_WHY_TOPIC_DEVICE, .got = casa_reason_quote(quoted, level->at, level->len), .wanted = out->source);
  return TRUE;
}

static gboolean
parse_levels(const Level *levels, guint n, const char *end, CasaTopic *out, CasaReason *why)
{
  if (level_is(&levels[0], "$control")) {
    out->kind = CASA_TOPIC_OWN;
    return TRUE;
  }
  if (is_device(&levels[0], out, why) || !copy_level(&levels[0], "source", out->source, why))
    return FALSE;
  if (n >= 2 && levels[1].len > 0 && levels[1].at[0] == '$')
    return parse_special(levels, n, out, why);
  if (n >= 2 && level_is(&levels[1], CASA_KIT_DOMAIN))
    return parse_kit(levels, n, end, out, why);
  if (n < 3 || n > 4) {
    casa_reason_set(why, CASA_WHY_TOPIC_LEVELS, .got = n == 1 ? "1 level" : n == 2 ? "2 levels" : "more than 4 levels");
    return FALSE;
  }
  out->kind = n == 3 ? CASA_TOPIC_STATION_READING : CASA_TOPIC_METRIC_READING;
  return copy_level(&levels[1], "domain", out->domain, why) && copy_level(&levels[2], "station", out->station, why) &&
         (n == 3 || copy_level(&levels[3], "metric", out->metric, why));
}

gboolean
casa_topic_has_readings(const CasaTopic *topic)
{
  return topic->kind == CASA_TOPIC_STATION_READING || topic->kind == CASA_TOPIC_METRIC_READING || topic->kind == CASA_TOPIC_KIT;
}

gboolean
casa_topic_parse(const char *root, const char *topic, gsize len, CasaTopic *out, CasaReason *why)
{
  out->kind = CASA_TOPIC_OWN;
  out->source[0] = out->domain[0] = out->station[0] = out->metric[0] = '\0';
  out->kit = NULL;
  out->kit_len = 0;
  gsize root_len = strlen(root);
  if (len <= root_len || memcmp(topic, root, root_len) != 0 || topic[root_len] != '/') {
    char quoted[CASA_QUOTE_SIZE];
    casa_reason_set(why, CASA_WHY_TOPIC_ROOT, .got = casa_reason_quote(quoted, topic, len), .wanted = root);
    return FALSE;
  }
  Level levels[LEVELS_MAX];
  guint n = split(topic + root_len + 1, len - root_len - 1, levels);
  return parse_levels(levels, n, topic + len, out, why);
}
