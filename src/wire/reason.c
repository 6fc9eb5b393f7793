/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reason.h"

#include <string.h>

/* @name is written into stores: it never changes, whatever becomes of the words. */
typedef struct {
  const char *name, *code, *what, *cure;
} Sentence;

#define REPORT_EXAMPLE "{\"service\": \"eclairage\", \"lat\": 33.58, \"lon\": -7.61, \"text\": \"lampe éteinte\"}"
#define EVENT_EXAMPLE "{\"event\":\"power-cut\",\"place\":\"maarif\",\"start\":1779385327120}"
#define PUBLISH_TO "<source>/<domain>/<station>"

static const Sentence sentences[CASA_WHY_N] = {
  [CASA_WHY_NONE] = { NULL, NULL, "", "" },
  [CASA_WHY_TOPIC_ROOT] = { "topic-root", "topic", "topic: \"{got}\" is not below \"{wanted}/\"",
                            "publish to {wanted}/" PUBLISH_TO },
  [CASA_WHY_TOPIC_EMPTY] = { "topic-empty", "topic", "topic: the {field} is empty", "a topic is <root>/" PUBLISH_TO },
  [CASA_WHY_TOPIC_LONG] = { "topic-long", "topic", "topic: the {field} \"{got}\" has {more} bytes", "use at most {wanted}" },
  [CASA_WHY_TOPIC_CHARS] = { "topic-chars", "topic", "topic: the {field} \"{got}\" may hold only a-z, 0-9, _ and -",
                             "rename it" },
  [CASA_WHY_TOPIC_DEVICE] = { "topic-device", "topic", "topic: \"{got}\" is the user of a device, not a source",
                              "publish below <root>/{wanted}/: all devices of a team share its topics" },
  [CASA_WHY_TOPIC_SPECIAL] = { "topic-special", "topic",
                               "topic: \"{got}\" is not one of $station/<station>, $event/<id>, $report/<id>, $status, $feedback",
                               "" },
  [CASA_WHY_TOPIC_LEVELS] = { "topic-levels", "topic", "topic: {got} after the root",
                              "publish to <root>/" PUBLISH_TO " with a JSON object, or add /<metric> for a plain number" },
  [CASA_WHY_TOPIC_KIT] = { "topic-kit", "topic", "topic: nothing stands below kit",
                           "publish the kit's own topic below <root>/<source>/kit/" },
  [CASA_WHY_TOPIC_UTF8] = { "topic-utf8", "topic", "topic: \"{got}\" is not UTF-8 text", "rename it" },
  [CASA_WHY_DOMAIN] = { "domain", "domain", "domain \"{got}\" is not declared",
                        "use mobility, energy, air…, or add it to [domains] declared in metrics.conf" },
  [CASA_WHY_SIZE] = { "size", "payload-size", "payload: {got} bytes, at most {wanted} are read", "split the message" },
  [CASA_WHY_UTF8_NUL] = { "utf8-nul", "utf8", "payload: ends in a NUL byte",
                          "publish the text without its terminator (strlen bytes)" },
  [CASA_WHY_UTF8] = { "utf8", "utf8", "payload: byte {got} at offset {more} is not UTF-8 text", "send JSON in UTF-8" },
  [CASA_WHY_EMPTY] = { "empty", "empty", "payload: nothing in it", "send a JSON object such as {\"pm10\":74.2}" },
  [CASA_WHY_EMPTY_PLAIN] = { "empty-plain", "empty", "payload: nothing in it", "send a JSON object or a number" },
  [CASA_WHY_DEPTH] = { "depth", "depth", "payload: nested deeper than {wanted}", "send a flat object of numbers" },
  [CASA_WHY_JSON_KEY] = { "json-key", "duplicate-key", "JSON: {got}", "name each field once" },
  [CASA_WHY_JSON] = { "json", "json", "not JSON at {field}: {got}; the payload begins: {more}", "" },
  [CASA_WHY_ROOT_NUMBER] = { "root-number", "no-metric", "payload: a plain number, of which metric?",
                             "publish it to …/{more}/<metric>, or send {\"<metric>\":…}" },
  [CASA_WHY_ROOT_TYPE] = { "root-type", "type", "payload: JSON {got}, wanted an object such as {\"t\":…,\"pm10\":74.2}",
                           "send an object, or an array of them, each with its own t" },
  [CASA_WHY_NOTHING] = { "nothing", "empty", "payload: no metric in it", "send at least one, as in {\"pm10\":74.2}" },
  [CASA_WHY_NO_VALUE] = { "no-value", "empty", "payload: no \"value\"", "send {\"value\":21.4} or the plain number 21.4" },
  [CASA_WHY_FORMAT] = { "format", "format", "payload: no format that is known; it begins: {got}",
                        "send JSON such as {\"pm10\":74.2} to <root>/" PUBLISH_TO },
  [CASA_WHY_BATCH] = { "batch", "batch", "payload: {got} readings, at most {wanted} are taken of one message",
                       "split the message" },
  [CASA_WHY_NOT_NUMBER] = { "not-number", "type", "field \"{field}\": {got}, wanted a number",
                            "send a number, or leave the field out" },
  [CASA_WHY_NULL] = { "null", "type", "field \"{field}\": null, wanted a number",
                      "leave the field out when there is no reading" },
  [CASA_WHY_NOT_FINITE] = { "not-finite", "non-finite", "field \"{field}\": not a finite number",
                            "leave the field out when the sensor has no reading" },
  [CASA_WHY_BOOLEAN] = { "boolean", "type", "field \"{field}\": boolean, wanted a number for {wanted} {more}",
                         "a state is no quantity: give it a name of its own" },
  [CASA_WHY_RANGE] = { "range", "out-of-range", "field \"{field}\": {got} is outside {wanted}",
                       "check the sensor and its unit (canonical unit of {more})" },
  [CASA_WHY_TWICE] = { "twice", "duplicate-key", "field \"{field}\": {wanted} is already in this message",
                       "send each metric once" },
  [CASA_WHY_FIELDS] = { "fields", "fields", "field \"{field}\": more than {wanted} metrics", "split the message" },
  [CASA_WHY_NAME] = { "name", "no-metric", "field \"{field}\": no name of a metric", "name it with 1 to 64 of a-z, 0-9 and _" },
  [CASA_WHY_TOPIC_METRIC] = { "topic-metric", "no-metric", "topic: the metric \"{field}\" needs a letter or a digit", "" },
  [CASA_WHY_SEQ] = { "seq", "type", "field \"{field}\": wanted a whole number from 0 up to 2^53", "count messages from 0" },
  [CASA_WHY_OF_WHICH] = { "of-which", "no-metric", "field \"value\": of which metric?",
                          "name the field after it, or publish to …/{more}/<metric>" },
  [CASA_WHY_NAMED] = { "named", "no-metric", "field \"{field}\": \"{got}\" is the name of no known metric",
                       "name the value after what it measures, as in {\"temp_c\":{wanted}}" },
  [CASA_WHY_NAMED_TWICE] = { "named-twice", "no-metric", "field \"{field}\": \"{got}\", and another field names another metric",
                             "name the value after what it measures, as in {\"temp_c\":{wanted}}" },
  [CASA_WHY_STATION_NAME] = { "station-name", "no-station", "field \"{field}\": \"{got}\" gives no name of a station",
                              "name it with 1 to 64 of a-z, 0-9, _ and -" },
  [CASA_WHY_READING] = { "reading", "type", "reading {field}: {got}, wanted an object such as {\"t\":…,\"pm10\":74.2}", "" },
  [CASA_WHY_ABSENT] = { "absent", "type", "field \"{field}\": \"{got}\" is no reading", "send nothing when there is none" },
  [CASA_WHY_EXACT] = { "exact", "not-exact", "field \"{field}\": {got} is above 2^53, where numbers are not exact",
                       "an id is no reading: leave it out" },
  [CASA_WHY_COMMA] = { "comma", "number", "field \"{field}\": \"{got}\" is no number", "decimals take a point: {wanted}" },
  [CASA_WHY_THOUSANDS] = { "thousands", "number", "field \"{field}\": \"{got}\" is no number",
                           "no thousands separators: {wanted}" },
  [CASA_WHY_LOOSE] = { "loose", "number", "field \"{field}\": \"{got}\" is no number", "write {wanted}" },
  [CASA_WHY_UNIT_BEHIND] = { "unit-behind", "number", "field \"{field}\": \"{got}\" is a number and a unit",
                             "send {wanted} alone, or {\"value\":{wanted},\"unit\":\"{more}\"} to …/<station>/<metric>" },
  [CASA_WHY_JSON_COMMA] = { "json-comma", "json", "not JSON: {got}",
                            "decimals take a point, and thousands no separator: {wanted}" },
  [CASA_WHY_JSON_NAME] = { "json-name", "json", "not JSON: the name {got}",
                           "names take double quotes: \"{got}\"; in Python, json.dumps() writes them" },
  [CASA_WHY_JSON_WORD] = { "json-word", "json", "not JSON: {got}", "write null, true or false; in Python, json.dumps() does" },
  [CASA_WHY_JSON_TRAILING] = { "json-trailing", "json", "not JSON: a comma before } or ]", "no comma behind the last member" },
  [CASA_WHY_JSON_LOOSE] = { "json-loose", "json", "not JSON: {got} is no number there", "write {wanted}" },
  [CASA_WHY_JSON_CUT] = { "json-cut", "json", "not JSON: it ends too early, after {more} bytes: …{got}",
                          "give the sender room for all of it (PubSubClient: setBufferSize(1024); snprintf: a larger buffer)" },
  [CASA_WHY_JSON_TWICE] = { "json-twice", "json", "not JSON: one value behind another",
                            "send a message each, or all of them in an array: [{…},{…}]" },
  [CASA_WHY_JSON_QUOTED] = { "json-quoted", "json", "payload: JSON that was put into quotes, as a text",
                             "make JSON of it once only: json.dumps() or JSON.stringify() of the object, not of its text" },
  [CASA_WHY_SWITCH] = { "switch", "json", "payload: \"{got}\" is no number", "send 1 or 0" },
  [CASA_WHY_PAIR] = { "pair", "json", "payload: {got} and {wanted}, but no JSON", "as JSON: {more}" },
  [CASA_WHY_LIST] = { "list", "json", "payload: several values", "name each, {\"temp_c\":21.4,\"rh_pct\":63}, to …/<station>" },
  [CASA_WHY_SENTENCE] = { "sentence", "json", "payload: a GPS receiver's sentence ({got})", "send its place: {wanted}" },
  [CASA_WHY_ENCODED] = { "encoded", "undecoded", "payload: {got}, not the values themselves", "send what is in it: {wanted}" },
  [CASA_WHY_MARKUP] = { "markup", "json", "payload: {got}, which is not read here", "send its numbers as JSON: {wanted}" },
  [CASA_WHY_WORDS] = { "words", "json", "payload: \"{got}\" is neither a number nor JSON",
                       "send {\"temp_c\":21.4} to …/<station>, or 21.4 to …/<station>/<metric>; nothing when there is no reading" },
  [CASA_WHY_PACKED] = { "packed", "utf8", "payload: looks like {got}", "send it uncompressed" },
  [CASA_WHY_UTF16] = { "utf16", "utf8", "payload: UTF-16", "send UTF-8" },
  [CASA_WHY_BINARY] = { "binary", "utf8", "payload: looks like {got}",
                        "send JSON in UTF-8, or in a format that docs/WIRE.md names" },
  [CASA_WHY_NO_CODEC] = { "no-codec", "undecoded", "payload: the device's bytes are not decoded",
                          "set a payload formatter (codec) for the device at the network server" },
  [CASA_WHY_ENCRYPTED] = { "encrypted", "undecoded", "payload: {got} sends it encrypted",
                           "switch the encryption of the payload off" },
  [CASA_WHY_NAMELESS] = { "nameless", "no-metric", "field \"{field}\": {got}, of what? nothing in the message says",
                          "name it to the organisers, who write it into config/feeds.conf ({wanted}), or send it under its name, as {\"temp_c\":21.4}" },
  [CASA_WHY_INDEX] = { "index", "unit", "field \"{field}\": {got} is an index of air quality, not {wanted}",
                       "send the concentration in {wanted}, or leave the field out" },
  [CASA_WHY_TEMPLATE] = { "template", "template", "field \"{field}\": the template \"{got}\" says more than is understood here",
                          "use {{ value }} or {{ value_json.name }}, with float, int, round and + - * / alone" },
  [CASA_WHY_ALIAS] = { "alias", "undecoded", "metric of the alias {field}: no birth told its name",
                       "ask the node for a rebirth, or send names" },
  [CASA_WHY_DATA] = { "data", "undecoded", "field \"{field}\": its bytes are not {got}", "check the device's firmware" },
  [CASA_WHY_LINE] = { "line", "line", "line {field} is no line protocol: {got}", "write measurement,tag=value field=1.5 time" },
  [CASA_WHY_UNIT] = { "unit", "unit", "unit \"{got}\" is not known for {wanted}",
                      "send {more}, or add the unit to config/metrics.conf" },
  [CASA_WHY_UNIT_NO_TEXT] = { "unit-no-text", "unit", "field \"{field}\": {got}, wanted a unit such as \"°C\"", "" },
  [CASA_WHY_UNIT_SMALL] = { "unit-small", "unit", "field \"{field}\": \"{got}\" in small letters may be milli or mega",
                            "say the unit beside it, or send {wanted} or {more}" },
  [CASA_WHY_UNIT_LIKELY] = { "unit-likely", "unit", "field \"{field}\": {got} is likely {wanted}",
                             "send {more}, or say the unit" },
  [CASA_WHY_NO_FIX] = { "no-fix", "no-fix", "fields \"lat\" and \"lon\": 0, 0 is no position",
                        "leave them out while there is no fix" },
  [CASA_WHY_TIME_TEXT] = { "time-text", "time", "field \"{field}\": \"{got}\" is no time",
                           "write RFC 3339 with a zone (2026-05-21T17:42:07Z) or a Unix epoch" },
  [CASA_WHY_TIME_ZONE] = { "time-zone", "time", "field \"{field}\": \"{got}\" says no zone: the zone is missing",
                           "write 2026-05-21T17:42:07Z (in Python, datetime.now(timezone.utc).isoformat()), leave the time out, or "
                           "state the zone in pulse.conf" },
  [CASA_WHY_TIME_PLACE] = { "time-place", "time", "field \"{field}\": \"{got}\" is no time zone that is known",
                            "write Africa/Casablanca or +01:00, or a time with its zone (2026-05-21T17:42:07Z)" },
  [CASA_WHY_TIME_TYPE] = { "time-type", "time", "field \"{field}\": {got}, wanted RFC 3339 text or a Unix epoch", "" },
  [CASA_WHY_TIME_FUTURE] = { "time-future", "time-future", "time: {got} is {more} s ahead of the clock",
                             "set the sensor's clock (NTP, UTC)" },
  [CASA_WHY_TIME_PAST] = { "time-past", "time-past", "time: {got} is older than the {more} h that are kept",
                           "set the sensor's clock or retention" },
  [CASA_WHY_ABOUT_EMPTY] = { "about-empty", "empty", "descriptor: nothing in it",
                             "an empty retained message only clears the old one" },
  [CASA_WHY_ABOUT_TYPE] = { "about-type", "type",
                            "descriptor: wanted an object such as {\"name\":\"…\",\"domain\":\"air\",\"lat\":33.6,\"lon\":-7.5}",
                            "" },
  [CASA_WHY_ABOUT_NO_DOMAIN] = { "about-no-domain", "domain",
                                 "descriptor: no \"domain\", and neither \"kind\" nor readings that came before tell it",
                                 "say the one of the station's topic: {wanted}" },
  [CASA_WHY_ABOUT_DOMAIN] = { "about-domain", "domain", "descriptor: domain \"{got}\" is not declared",
                              "use another, or add it to [domains] declared in metrics.conf" },
  [CASA_WHY_ABOUT_NAME] = { "about-name", "type",
                            "descriptor: \"{field}\" must be a text of 1 to {wanted} of a-z, 0-9, _ and -", "" },
  [CASA_WHY_ABOUT_PLACE] = { "about-place", "out-of-range",
                             "descriptor: \"{field}\" must be a number of degrees from -{wanted} to {wanted}",
                             "send \"lat\" and \"lon\" together" },
  [CASA_WHY_EVENT_TYPE] = { "event-type", "type", "event: wanted an object such as " EVENT_EXAMPLE, "" },
  [CASA_WHY_EVENT_EMPTY] = { "event-empty", "empty", "event: no \"event\"", "say what happens, as in " EVENT_EXAMPLE },
  [CASA_WHY_EVENT_NAME] = { "event-name", "type", "event: \"{field}\" must be a text of at most {wanted} of a-z, 0-9, _ and -",
                            "" },
  [CASA_WHY_EVENT_TIME] = { "event-time", "time",
                            "event: \"{field}\" must be a Unix epoch, or a text such as 2026-05-21T17:42:07Z", "" },
  [CASA_WHY_EVENT_ORDER] = { "event-order", "time", "event: \"end\" is before \"start\"", "" },
  [CASA_WHY_EVENT_INTENSITY] = { "event-intensity", "out-of-range", "event: \"intensity\" must be a number from 0 to 1", "" },
  [CASA_WHY_REPORT_TYPE] = { "report-type", "type", "report: wanted an object such as " REPORT_EXAMPLE, "" },
  [CASA_WHY_REPORT_SERVICE] = { "report-service", "type",
                                "report: \"service\" must be a text of at most {wanted} of a-z, 0-9, _ and -", "" },
  [CASA_WHY_REPORT_PLACE] = { "report-place", "out-of-range",
                              "report: \"{field}\" must be a number of degrees from -{wanted} to {wanted}", "" },
  [CASA_WHY_REPORT_TEXT] = { "report-text", "type", "report: \"text\" must be a text of at most {wanted} bytes", "" },
  [CASA_WHY_SERIES_SOURCE] = { "series-source", "series-limit", "series: source \"{got}\" has its {wanted} series",
                               "use fewer names, or raise [quota {got}] series in pulse.conf" },
  [CASA_WHY_SERIES_STORE] = { "series-store", "series-limit", "series: the store has its {wanted} series",
                              "raise [limits] max_series, or use fewer names" },
  [CASA_WHY_SERIES_LEFT] = { "series-left", "series-limit",
                             "series: source \"{got}\" has {wanted} series, and what is left of the store's is for sources that have few",
                             "use fewer names, or set [quota {got}] series or [limits] max_series in pulse.conf" },
  [CASA_WHY_STATIONS_SOURCE] = { "stations-source", "series-limit", "stations: source \"{got}\" has its {wanted} stations",
                                 "use fewer names, or raise [quota {got}] series in pulse.conf" },
  [CASA_WHY_STATIONS_STORE] = { "stations-store", "series-limit", "stations: the store has its {wanted} stations",
                                "raise [limits] max_series, or use fewer names" },
  [CASA_WHY_STATIONS_LEFT] = { "stations-left", "series-limit",
                               "stations: source \"{got}\" has {wanted} stations, and what is left of the store's is for sources that have few",
                               "use fewer names, or set [quota {got}] series or [limits] max_series in pulse.conf" },
  [CASA_WHY_QUOTA_SOURCE] = { "quota-source", "quota",
                              "quota: source \"{got}\": {more} messages over its {wanted} {field} a second were not stored",
                              "send less, or raise [quota {got}] {field} in pulse.conf" },
  [CASA_WHY_QUOTA_OTHERS] = { "quota-others", "quota",
                              "quota: sources beyond the first 4096: {more} messages over their {wanted} {field} a second were "
                              "not stored",
                              "send less, or raise [quota] {field} in pulse.conf" },
  [CASA_WHY_QUOTA_NOBODY] = { "quota-nobody", "quota",
                              "quota: topics without a source: {more} messages over their {wanted} {field} a second were not "
                              "stored",
                              "send less, or raise [quota] {field} in pulse.conf" },
};

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

char *
casa_reason_number(char buf[CASA_QUOTE_SIZE], double value)
{
  return g_ascii_formatd(buf, CASA_QUOTE_SIZE, "%.6g", value);
}

char *
casa_reason_count(char buf[CASA_QUOTE_SIZE], guint64 n)
{
  g_snprintf(buf, CASA_QUOTE_SIZE, "%" G_GUINT64_FORMAT, n);
  return buf;
}

/* An argument that is already quoted comes out as it was. */
static void
fill_argument(char out[CASA_QUOTE_SIZE], const char *text)
{
  if (text)
    casa_reason_quote(out, text, strlen(text));
  else
    out[0] = '\0';
}

void
casa_reason_fill(CasaReason *reason, CasaWhy why, const CasaReasonArgs *args)
{
  if (!reason)
    return;
  reason->why = why;
  reason->code = casa_reason_code(why);
  fill_argument(reason->field, args->field);
  fill_argument(reason->got, args->got);
  fill_argument(reason->wanted, args->wanted);
  fill_argument(reason->more, args->more);
}

const char *
casa_reason_name(CasaWhy why)
{
  return sentences[why].name;
}

CasaWhy
casa_reason_find(const char *name)
{
  for (guint why = CASA_WHY_NONE + 1; why < CASA_WHY_N; why++)
    if (strcmp(sentences[why].name, name) == 0)
      return why;
  return CASA_WHY_NONE;
}

const char *
casa_reason_code(CasaWhy why)
{
  return sentences[why].code;
}

gboolean
casa_reason_is_of_field(const CasaReason *reason)
{
  return reason->field[0] && strstr(sentences[reason->why].what, "\"{field}\"");
}

const char *
casa_reason_template(CasaWhy why)
{
  return sentences[why].what;
}

const char *
casa_reason_cure_template(CasaWhy why)
{
  return sentences[why].cure;
}

/* The argument that @p names, with the bytes of its place in *@len; NULL when it names none. */
static const char *
argument_at(const CasaReason *reason, const char *p, gsize *len)
{
  const struct {
    const char *place, *text;
  } arguments[] = {
    { "{field}", reason->field }, { "{got}", reason->got }, { "{wanted}", reason->wanted }, { "{more}", reason->more }
  };
  for (guint i = 0; i < G_N_ELEMENTS(arguments); i++)
    if (g_str_has_prefix(p, arguments[i].place)) {
      *len = strlen(arguments[i].place);
      return arguments[i].text;
    }
  return NULL;
}

/* Appends @n bytes of @text as far as they fit in CASA_REASON_SIZE, cut at a character. */
static gsize
append(char *out, gsize used, const char *text, gsize n)
{
  gsize room = CASA_REASON_SIZE - 1 - used;
  if (n > room)
    for (n = room; n > 0 && ((guchar)text[n] & 0xC0) == 0x80;)
      n--;
  memcpy(out + used, text, n);
  out[used + n] = '\0';
  return used + n;
}

static gsize
expand(const CasaReason *reason, const char *template, char *out, gsize used)
{
  out[used] = '\0';
  for (const char *p = template; *p;) {
    gsize place = 0;
    const char *argument = *p == '{' ? argument_at(reason, p, &place) : NULL;
    gsize literal = argument ? 0 : 1 + strcspn(p + 1, "{");
    used = argument ? append(out, used, argument, strlen(argument)) : append(out, used, p, literal);
    p += argument ? place : literal;
  }
  return used;
}

char *
casa_reason_expand(const CasaReason *reason, const char *template, char out[CASA_REASON_SIZE])
{
  expand(reason, template, out, 0);
  return out;
}

char *
casa_reason_what(const CasaReason *reason, char out[CASA_REASON_SIZE])
{
  return casa_reason_expand(reason, sentences[reason->why].what, out);
}

char *
casa_reason_cure(const CasaReason *reason, char out[CASA_REASON_SIZE])
{
  return casa_reason_expand(reason, sentences[reason->why].cure, out);
}

char *
casa_reason_text(const CasaReason *reason, char out[CASA_REASON_SIZE])
{
  const Sentence *s = &sentences[reason->why];
  gsize used = expand(reason, s->what, out, 0);
  if (s->cure[0]) {
    used = append(out, used, "; ", 2);
    expand(reason, s->cure, out, used);
  }
  return out;
}
