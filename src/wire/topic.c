/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/topic.h"

#include <stdarg.h>
#include <string.h>

typedef struct {
  const char *at;
  gsize len;
} Level;

/* <source>/<domain>/<station>/<metric> is the deepest; one more shows that there were too many. */
#define LEVELS_MAX 5

/* Cuts what vsnprintf or a full buffer may have left half: a UTF-8 sequence without its end. */
static void
trim_to_character(char *text)
{
  const char *end;
  if (!g_utf8_validate(text, -1, &end))
    text[end - text] = '\0';
}

void
casa_reason_set(CasaReason *why, const char *code, const char *format, ...)
{
  if (!why)
    return;
  va_list args;
  va_start(args, format);
  g_vsnprintf(why->text, sizeof why->text, format, args);
  va_end(args);
  trim_to_character(why->text);
  why->code = code;
}

/* Length of the printable UTF-8 character at @p, 0 when these bytes must be escaped. */
static gsize
printable_at(const char *p, const char *end)
{
  gunichar c = g_utf8_get_char_validated(p, end - p);
  if (c == (gunichar)-1 || c == (gunichar)-2 || c == 0)
    return 0;
  /* Bidirectional overrides and other formatting characters could make a quoted text lie about itself. */
  GUnicodeType type = g_unichar_type(c);
  if (!g_unichar_isprint(c) || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
      type == G_UNICODE_PARAGRAPH_SEPARATOR)
    return 0;
  return g_utf8_next_char(p) - p;
}

char *
casa_reason_quote(char buf[CASA_QUOTE_SIZE], const char *bytes, gsize len)
{
  static const char ellipsis[] = "…";
  gsize n = 0;
  const char *end = bytes + len;
  for (const char *p = bytes; p < end;) {
    gsize k = printable_at(p, end);
    gsize need = k ? k : 4;
    if (n + need + sizeof ellipsis > CASA_QUOTE_SIZE) {
      memcpy(buf + n, ellipsis, sizeof ellipsis);
      return buf;
    }
    if (k)
      memcpy(buf + n, p, k);
    else
      g_snprintf(buf + n, 5, "\\x%02x", (guint)(guchar)*p);
    n += need;
    p += k ? k : 1;
  }
  buf[n] = '\0';
  return buf;
}

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
    casa_reason_set(why, "topic", "topic: the %s is empty; a topic is <root>/<source>/<domain>/<station>", what);
    return FALSE;
  }
  if (level->len > CASA_NAME_MAX) {
    casa_reason_set(why, "topic", "topic: the %s \"%s\" has %" G_GSIZE_FORMAT " bytes; use at most %d", what,
                    casa_reason_quote(quoted, level->at, level->len), level->len, CASA_NAME_MAX);
    return FALSE;
  }
  for (gsize i = 0; i < level->len; i++) {
    char c = level->at[i];
    if (!g_ascii_islower(c) && !g_ascii_isdigit(c) && c != '_' && c != '-') {
      casa_reason_set(why, "topic", "topic: the %s \"%s\" may hold only a-z, 0-9, _ and -; rename it", what,
                      casa_reason_quote(quoted, level->at, level->len));
      return FALSE;
    }
  }
  memcpy(out, level->at, level->len);
  out[level->len] = '\0';
  return TRUE;
}

/* <source>/$status, <source>/$feedback, <source>/$station/<station>, <source>/$event/<id> */
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
  casa_reason_set(why, "topic", "topic: \"%s\" is not one of $station/<station>, $event/<id>, $status, $feedback",
                  casa_reason_quote(quoted, levels[1].at, levels[1].len));
  return FALSE;
}

static gboolean
parse_levels(const Level *levels, guint n, CasaTopic *out, CasaReason *why)
{
  if (level_is(&levels[0], "$control")) {
    out->kind = CASA_TOPIC_OWN;
    return TRUE;
  }
  if (!copy_level(&levels[0], "source", out->source, why))
    return FALSE;
  if (n >= 2 && levels[1].len > 0 && levels[1].at[0] == '$')
    return parse_special(levels, n, out, why);
  if (n < 3 || n > 4) {
    casa_reason_set(why, "topic",
                    "topic: %s after the root; publish to <root>/<source>/<domain>/<station> with a JSON object, or add "
                    "/<metric> for a plain number",
                    n == 1   ? "1 level"
                    : n == 2 ? "2 levels"
                             : "more than 4 levels");
    return FALSE;
  }
  out->kind = n == 3 ? CASA_TOPIC_STATION_READING : CASA_TOPIC_METRIC_READING;
  return copy_level(&levels[1], "domain", out->domain, why) && copy_level(&levels[2], "station", out->station, why) &&
         (n == 3 || copy_level(&levels[3], "metric", out->metric, why));
}

gboolean
casa_topic_parse(const char *root, const char *topic, gsize len, CasaTopic *out, CasaReason *why)
{
  out->kind = CASA_TOPIC_OWN;
  out->source[0] = out->domain[0] = out->station[0] = out->metric[0] = '\0';
  gsize root_len = strlen(root);
  if (len <= root_len || memcmp(topic, root, root_len) != 0 || topic[root_len] != '/') {
    char quoted[CASA_QUOTE_SIZE], expected[CASA_QUOTE_SIZE];
    casa_reason_set(why, "topic", "topic: \"%s\" is not below \"%s/\"; publish to %s/<source>/<domain>/<station>",
                    casa_reason_quote(quoted, topic, len), casa_reason_quote(expected, root, root_len), expected);
    return FALSE;
  }
  Level levels[LEVELS_MAX];
  guint n = split(topic + root_len + 1, len - root_len - 1, levels);
  return parse_levels(levels, n, out, why);
}
