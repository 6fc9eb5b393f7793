/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* InfluxDB's line protocol, as Telegraf and others send it over MQTT: measurement,tag=value field=1,field2=2i time. Each line
 * is a reading; one that is broken is refused by its number, the others are taken.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */

typedef struct {
  const char *p, *end;
} Cursor;

/* To the next of @stops that is neither escaped nor in quotes. */
static GString *
take_word(Cursor *c, const char *stops)
{
  GString *out = g_string_new(NULL);
  gboolean quoted = FALSE;
  while (c->p < c->end && (quoted || !strchr(stops, *c->p))) {
    if (*c->p == '"')
      quoted = !quoted;
    if (*c->p == '\\' && c->p + 1 < c->end && strchr(" ,=\"\\", c->p[1]))
      c->p++;
    g_string_append_c(out, *c->p++);
  }
  return out;
}

static gboolean
take_char(Cursor *c, char wanted)
{
  if (c->p >= c->end || *c->p != wanted)
    return FALSE;
  c->p++;
  return TRUE;
}

static void
skip_blanks(Cursor *c)
{
  while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
    c->p++;
}

/* Which tag says whose the reading is, the best first. */
static guint
rank_of_tag(const char *tag)
{
  static const char *const names[] = { "station", "station_id", "device", "device_id", "sensor",   "sensor_id",
                                       "site",    "host",       "node",   "name",      "location", "id" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_ascii_strcasecmp(names[i], tag) == 0)
      return i;
  return G_MAXUINT;
}

typedef struct {
  GString *measurement;
  char *station, *unit, *topic;
  guint rank;
} Head;

static void
head_clear(Head *head)
{
  if (head->measurement)
    g_string_free(head->measurement, TRUE);
  g_free(head->station);
  g_free(head->unit);
  g_free(head->topic);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Head, head_clear)

static gboolean
read_head(Cursor *c, Head *head)
{
  head->measurement = take_word(c, "=, ");
  head->rank = G_MAXUINT;
  if (head->measurement->len == 0 || (c->p < c->end && *c->p == '=')) /* T=21.5 H=55: all of these are values */
    return FALSE;
  while (take_char(c, ',')) {
    g_autoptr(GString) tag = take_word(c, "=, ");
    if (tag->len == 0 || !take_char(c, '='))
      return FALSE;
    g_autoptr(GString) value = take_word(c, ", ");
    if (rank_of_tag(tag->str) < head->rank) {
      head->rank = rank_of_tag(tag->str);
      g_free(head->station);
      head->station = g_strdup(value->str);
    }
    if (g_ascii_strcasecmp(tag->str, "unit") == 0 && !head->unit)
      head->unit = g_strdup(value->str);
    if (strcmp(tag->str, "topic") == 0 && !head->topic)
      head->topic = g_strdup(value->str);
  }
  return take_char(c, ' ');
}

/* 22.4, 31i, 3u, t, "text" */
static void
take_field(CasaEmit *emit, const char *name, const char *text, gsize len, const char *unit)
{
  double number;
  CasaMember member = casa_member_of_text(name, text, len);
  gboolean whole = len > 1 && (text[len - 1] == 'i' || text[len - 1] == 'u');
  if (whole && casa_number_parse(text, len - 1, &number) == CASA_NUMBER_OK) {
    casa_emit_number(emit, name, number, unit);
    return;
  }
  if (len >= 2 && text[0] == '"') /* a text is a label, though it looks like a number */
    return;
  if (len == 1 && strchr("tTfF", text[0])) {
    member.type = CASA_MEMBER_BOOL;
    member.number = g_ascii_tolower(text[0]) == 't';
  }
  casa_kit_take_as(emit, &member, name, unit);
}

/* A field called unit is of all of them, as a tag is; @text is its value, with its quotes. */
static void
note_unit(Head *head, const char *name, const char *text, gsize len)
{
  if (g_ascii_strcasecmp(name, "unit") != 0 || head->unit || len < 2 || *text != '"')
    return;
  const char *stop = memchr(text + 1, '"', len - 1);
  head->unit = g_strndup(text + 1, stop ? (gsize)(stop - text - 1) : len - 1);
}

/* What a field called value is of: of what the measurement names, or the topic that Telegraf took it from. */
static const char *
metric_of(const CasaEmit *emit, const Head *head)
{
  const char *last = head->topic ? strrchr(head->topic, '/') : NULL;
  return last && casa_emit_find_metric(emit, last + 1, strlen(last + 1)) ? last + 1 : head->measurement->str;
}

static gboolean
take_fields(Cursor *c, CasaEmit *emit, Head *head)
{
  skip_blanks(c);
  do {
    g_autoptr(GString) name = take_word(c, "=, ");
    if (name->len == 0 || !take_char(c, '='))
      return FALSE;
    const char *start = c->p;
    g_autoptr(GString) value = take_word(c, ", ");
    if (value->len == 0)
      return FALSE;
    gboolean plain = strcmp(name->str, "value") == 0;
    if (!emit)
      note_unit(head, name->str, start, (gsize)(c->p - start));
    if (emit && *start == '"')
      take_field(emit, name->str, start, (gsize)(c->p - start), head->unit);
    else if (emit)
      take_field(emit, plain ? metric_of(emit, head) : name->str, value->str, value->len, head->unit);
  } while (take_char(c, ','));
  return TRUE;
}

/* A moment, or nothing, and nothing more. */
static gboolean
read_time(Cursor *c, CasaMember *time)
{
  skip_blanks(c);
  time->type = CASA_MEMBER_NULL;
  if (c->p >= c->end)
    return TRUE;
  double ignored;
  *time = casa_member_of_text("time", c->p, (gsize)(c->end - c->p));
  return casa_number_parse(time->text, time->text_len, &ignored) == CASA_NUMBER_OK;
}

/* Reads a line; with @emit, takes what stands in it. */
static gboolean
read_line(CasaPayload *payload, CasaEmit *emit, const char *line, gsize len)
{
  Cursor c = { line, line + len };
  g_auto(Head) head = { 0 };
  CasaMember time;
  if (!read_head(&c, &head) || !take_fields(&c, NULL, &head) || !read_time(&c, &time))
    return FALSE;
  if (!emit || !casa_emit_begin(emit))
    return TRUE;
  Cursor again = { line, line + len };
  g_auto(Head) ignored = { 0 };
  if (!read_head(&again, &ignored))
    return FALSE;
  if (payload->topic->kind == CASA_TOPIC_KIT)
    casa_format_station_of_topic(payload, emit, 0);
  const char *metric = head.topic ? metric_of(emit, &head) : NULL;
  g_autofree char *of_topic = metric && metric > head.topic && metric < head.topic + strlen(head.topic)
                                ? g_strndup(head.topic, (gsize)(metric - head.topic - 1))
                                : NULL;
  if (of_topic || head.station)
    casa_kit_station(payload, emit, of_topic ? of_topic : head.station);
  casa_emit_domain(emit, head.measurement->str);
  if (time.type != CASA_MEMBER_NULL)
    casa_emit_time(emit, &time);
  take_fields(&again, emit, &head);
  casa_emit_end(emit);
  return TRUE;
}

/* The next line; FALSE: there is none. Empty lines and comments are passed over. */
static gboolean
next_line(const CasaPayload *payload, gsize *at, guint *number, const char **line, gsize *len)
{
  while (*at < payload->text_len) {
    const char *start = payload->text + *at, *end = payload->text + payload->text_len,
               *stop = memchr(start, '\n', (gsize)(end - start));
    stop = stop ? stop : end;
    *at = (gsize)(stop - payload->text) + 1;
    (*number)++;
    while (stop > start && g_ascii_isspace(stop[-1]))
      stop--;
    while (start < stop && g_ascii_isspace(*start))
      start++;
    *line = start;
    *len = (gsize)(stop - start);
    if (*len > 0 && *start != '#')
      return TRUE;
  }
  return FALSE;
}

static gboolean
claims(CasaPayload *payload)
{
  gsize at = 0, len;
  guint number = 0;
  const char *line;
  if (payload->text_len == 0 || strchr("{[\"<", payload->text[0]) ||
      !g_utf8_validate(payload->text, (gssize)payload->text_len, NULL))
    return FALSE;
  while (next_line(payload, &at, &number, &line, &len))
    if (read_line(payload, NULL, line, len))
      return TRUE;
  return FALSE;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  gsize at = 0, len;
  guint number = 0;
  const char *line;
  while (next_line(payload, &at, &number, &line, &len)) {
    if (read_line(payload, emit, line, len))
      continue;
    char n[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE];
    casa_emit_end(emit);
    casa_kit_refuse(emit, 1, CASA_WHY_LINE, casa_reason_count(n, number), casa_reason_quote(got, line, len));
  }
}

const CasaFormat casa_format_lineprotocol = {
  .id = "lineprotocol", .name = "InfluxDB line protocol", .claims = claims, .decode = decode
};
