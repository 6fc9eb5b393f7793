/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/faults.h"

#include "wire/kinds.h"
#include "wire/number.h"
#include "wire/written.h"

#include <string.h>

#define TEXT_MAX 64 /* bytes of what can be meant as one number */

static gboolean
is_absent_word(const char *text, gsize len)
{
  static const char *const words[] = { "unavailable", "unknown", "none", "null", "n/a",     "na",
                                       "undefined",   "nil",     "--",   "-",    "offline", "error" };
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strlen(words[i]) == len && g_ascii_strncasecmp(words[i], text, len) == 0)
      return TRUE;
  return FALSE;
}

/* The number that @text begins with, in whatever writing, as JSON has it. 0: it begins with none; else its bytes. */
static gsize
number_before_unit(const char *text, char mended[CASA_QUOTE_SIZE])
{
  char number[TEXT_MAX + 1];
  gsize n = strspn(text, "+-0123456789.,' "), exact = casa_number_scan(text, strlen(text));
  while (n > 0 && strchr(" '", text[n - 1]))
    n--;
  g_snprintf(number, sizeof number, "%.*s", (int)n, text);
  g_snprintf(mended, CASA_QUOTE_SIZE, "%.*s", (int)exact, text);
  if (exact >= n) /* 1.5e3 too */
    return exact;
  return n > 0 && (casa_written_thousands(number, mended) || casa_written_comma(number, mended)) ? n : 0;
}

/* "21.4 °C", "21,4 °C", "1,013.25 hPa": a number and a word without digits. */
static gboolean
has_unit_behind(const char *text, char mended[CASA_QUOTE_SIZE], char unit[CASA_QUOTE_SIZE])
{
  const gsize n = number_before_unit(text, mended);
  const char *word = text + n;
  while (*word == ' ')
    word++;
  if (n == 0 || !*word || strlen(word) > 10 || strpbrk(word, "0123456789,;:{}[]\"'=.|\\"))
    return FALSE;
  g_strlcpy(unit, word, CASA_QUOTE_SIZE);
  return TRUE;
}

gboolean
casa_fault_of_text(const char *bytes, gsize len, const char *field, CasaReason *why)
{
  char text[TEXT_MAX + 1], mended[CASA_QUOTE_SIZE], unit[CASA_QUOTE_SIZE] = "";
  while (len > 0 && g_ascii_isspace(bytes[len - 1]))
    len--;
  while (len > 0 && g_ascii_isspace(bytes[0])) {
    bytes++;
    len--;
  }
  if (len == 0 || len > TEXT_MAX || memchr(bytes, '\0', len))
    return FALSE;
  memcpy(text, bytes, len);
  text[len] = '\0';
  CasaWhy what = is_absent_word(text, len)              ? CASA_WHY_ABSENT
                 : casa_written_thousands(text, mended) ? CASA_WHY_THOUSANDS
                 : casa_written_comma(text, mended)     ? CASA_WHY_COMMA
                 : casa_written_loose(text, mended)     ? CASA_WHY_LOOSE
                 : has_unit_behind(text, mended, unit)  ? CASA_WHY_UNIT_BEHIND
                                                        : CASA_WHY_NONE;
  if (what == CASA_WHY_NONE)
    return FALSE;
  casa_reason_set(why, what, .field = field, .got = text, .wanted = what == CASA_WHY_ABSENT ? "" : mended, .more = unit);
  return TRUE;
}

/* --- Bytes that are no text -------------------------------------------------------------------------------------- */

static gboolean
begins_with(const char *bytes, gsize len, const char *with, gsize n)
{
  return len >= n && memcmp(bytes, with, n) == 0;
}

static const char *
packing_of(const char *bytes, gsize len)
{
  if (begins_with(bytes, len, "\x1f\x8b", 2))
    return "gzip";
  if (begins_with(bytes, len, "\x28\xb5\x2f\xfd", 4))
    return "zstd";
  if (begins_with(bytes, len, "PK\x03\x04", 4))
    return "a zip archive";
  if (len > 6 && bytes[0] == 0x78 && ((guchar)bytes[0] * 256 + (guchar)bytes[1]) % 31 == 0 && (guchar)bytes[1] != 0x20 &&
      !g_utf8_validate(bytes, (gssize)len, NULL))
    return "zlib";
  return NULL;
}

/* A mark at its begin, or every second byte a zero. */
static gboolean
is_utf16(const char *bytes, gsize len)
{
  if (begins_with(bytes, len, "\xff\xfe", 2) || begins_with(bytes, len, "\xfe\xff", 2))
    return TRUE;
  gsize even = 0, odd = 0;
  for (gsize i = 0; i + 1 < len; i += 2) {
    even += bytes[i] == '\0';
    odd += bytes[i + 1] == '\0';
  }
  return len >= 4 && len % 2 == 0 && (even == len / 2) != (odd == len / 2);
}

static gboolean
has_control(const char *bytes, gsize len)
{
  gsize n = len > 0 && bytes[len - 1] == '\0' ? len - 1 : len;
  for (gsize i = 0; i < n; i++)
    if ((guchar)bytes[i] < 0x20 && !strchr("\t\r\n\f\b", bytes[i]))
      return TRUE;
  return n > 0 && memchr(bytes, '\0', n) != NULL;
}

/* A time in milliseconds, then a metric: how each message of a Sparkplug B node begins. */
static gboolean
begins_like_sparkplug(const char *bytes, gsize len)
{
  gsize i = 1;
  while (i < len && i < 8 && ((guchar)bytes[i] & 0x80))
    i++;
  return (guchar)bytes[0] == 0x08 && i == 6 && i + 1 < len && (guchar)bytes[i + 1] == 0x12;
}

static const char *
binary_kind(const char *bytes, gsize len)
{
  guchar first = (guchar)bytes[0];
  if (first == 0x0a && len > 4 && bytes[2] == 0x0a && (guchar)bytes[3] < 8)
    return "protobuf, perhaps GTFS-realtime";
  if (begins_like_sparkplug(bytes, len))
    return "protobuf, perhaps Sparkplug B that is cut off";
  if (first == 0x08 || first == 0x0a || first == 0x0d || first == 0x12)
    return "protobuf";
  if ((first & 0xE0) == 0x80 || (first & 0xE0) == 0xA0)
    return "CBOR or MessagePack";
  return "bytes that are no text";
}

static gboolean
fault_of_bytes(const char *bytes, gsize len, CasaReason *why)
{
  const char *packing = packing_of(bytes, len);
  if (packing) {
    casa_reason_set(why, CASA_WHY_PACKED, .got = packing);
    return TRUE;
  }
  if (casa_kind_is_msgpack(bytes, len)) {
    casa_reason_set(why, CASA_WHY_BINARY, .got = "MessagePack");
    return TRUE;
  }
  if (is_utf16(bytes, len)) {
    casa_reason_set(why, CASA_WHY_UTF16);
    return TRUE;
  }
  if (has_control(bytes, len) || ((guchar)bytes[0] & 0xC0) == 0x80) {
    casa_reason_set(why, CASA_WHY_BINARY, .got = binary_kind(bytes, len));
    return TRUE;
  }
  return FALSE;
}

/* --- JSON that is nearly JSON ------------------------------------------------------------------------------------ */

/* The character at *p, and *p beyond it and the string that it may begin. */
static char
next_outside(const char **p, const char *end)
{
  char c = *(*p)++;
  if (c != '"')
    return c;
  while (*p < end && **p != '"')
    *p += **p == '\\' && *p + 1 < end ? 2 : 1;
  if (*p < end)
    (*p)++;
  return c;
}

static const char *
skip_space(const char *p, const char *end)
{
  while (p < end && g_ascii_isspace(*p))
    p++;
  return p;
}

/* ",}" or ",]" outside of strings. */
static gboolean
has_trailing_comma(const char *text, const char *end)
{
  for (const char *p = text; p < end;)
    if (next_outside(&p, end) == ',') {
      const char *next = skip_space(p, end);
      if (next < end && strchr("}]", *next))
        return TRUE;
    }
  return FALSE;
}

/* A word that is not JSON's. @word: which. */
static gboolean
has_python_word(const char *text, const char *end, char word[CASA_QUOTE_SIZE])
{
  static const char *const words[] = { "None", "True", "False", "undefined" };
  for (const char *p = text; p < end;) {
    const char *at = p;
    next_outside(&p, end);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
      if ((gsize)(end - at) > strlen(words[i]) && strncmp(at, words[i], strlen(words[i])) == 0 && at > text &&
          !g_ascii_isalnum(at[-1])) {
        g_strlcpy(word, words[i], CASA_QUOTE_SIZE);
        return TRUE;
      }
  }
  return FALSE;
}

/* {temp: 21}, {'temp': 21}: a member's name without double quotes. */
static gboolean
has_bare_name(const char *text, const char *end, char name[CASA_QUOTE_SIZE])
{
  for (const char *p = text; p < end;) {
    char c = next_outside(&p, end);
    if (c != '{' && c != ',')
      continue;
    const char *start = skip_space(p, end), *stop = start;
    while (stop < end && (g_ascii_isalnum(*stop) || strchr("_-'.", *stop)))
      stop++;
    const char *colon = skip_space(stop, end);
    if (stop > start && colon < end && *colon == ':' && !g_ascii_isdigit(*start)) {
      gboolean quoted = *start == '\'';
      gsize cut = quoted && stop[-1] == '\'' && stop - start > 1 ? 2 : 0;
      g_snprintf(name, CASA_QUOTE_SIZE, "%.*s", (int)((gsize)(stop - start) - cut), start + (cut ? 1 : 0));
      return TRUE;
    }
  }
  return FALSE;
}

/* "temp":21,4 : a comma between digits, and no name behind it. */
static gboolean
has_comma_in_object(const char *text, const char *end, char number[CASA_QUOTE_SIZE], char mended[CASA_QUOTE_SIZE])
{
  for (const char *p = text; p < end;) {
    if (next_outside(&p, end) != ':')
      continue;
    const char *start = skip_space(p, end), *stop = start;
    while (stop < end && (g_ascii_isdigit(*stop) || *stop == '-' || *stop == '.' ||
                          (*stop == ',' && stop + 1 < end && g_ascii_isdigit(stop[1]))))
      stop++;
    if (!memchr(start, ',', (gsize)(stop - start)) || stop - start >= TEXT_MAX)
      continue;
    g_snprintf(number, CASA_QUOTE_SIZE, "%.*s", (int)(stop - start), start);
    if (casa_written_thousands(number, mended) || casa_written_comma(number, mended))
      return TRUE;
  }
  return FALSE;
}

/* {"temp":.5}, {"temp":+5}, {"temp":05}: a number that JSON does not know. */
static gboolean
has_loose_number(const char *text, const char *end, char number[CASA_QUOTE_SIZE], char mended[CASA_QUOTE_SIZE])
{
  for (const char *p = text; p < end;) {
    if (next_outside(&p, end) != ':')
      continue;
    const char *start = skip_space(p, end), *stop = start;
    while (stop < end && (g_ascii_isdigit(*stop) || strchr("+-.", *stop)))
      stop++;
    if (stop == start || stop - start >= TEXT_MAX)
      continue;
    g_snprintf(number, CASA_QUOTE_SIZE, "%.*s", (int)(stop - start), start);
    if (casa_written_loose(number, mended) && strcmp(number, mended) != 0)
      return TRUE;
  }
  return FALSE;
}

typedef enum { ENDS_WELL, ENDS_EARLY, ENDS_TWICE } Ending;

/* Whether what is opened is closed, and whether something is opened again behind it. */
static Ending
ending_of(const char *text, const char *end)
{
  guint depth = 0;
  for (const char *p = text; p < end;) {
    const char c = next_outside(&p, end);
    if (c == '"' && p[-1] != '"')
      return ENDS_EARLY;
    if (strchr("{[", c) && depth == 0 && memchr(text, c == '{' ? '}' : ']', (gsize)(p - text)))
      return ENDS_TWICE;
    depth += strchr("{[", c) != NULL;
    depth -= strchr("}]", c) && depth > 0;
  }
  return depth > 0 ? ENDS_EARLY : ENDS_WELL;
}

/* It is told where it is cut; nobody counts the bytes that a buffer has room for. */
static gboolean
is_cut(const char *text, gsize len, CasaReason *why)
{
  char tail[CASA_QUOTE_SIZE], bytes[CASA_QUOTE_SIZE];
  const gsize n = MIN(len, 12);
  const char *from = text + len - n;
  while (from > text && ((guchar)*from & 0xC0) == 0x80)
    from--;
  switch (ending_of(text, text + len)) {
  case ENDS_WELL: return FALSE;
  case ENDS_TWICE: casa_reason_set(why, CASA_WHY_JSON_TWICE); return TRUE;
  case ENDS_EARLY:
    casa_reason_set(why, CASA_WHY_JSON_CUT, .got = casa_reason_quote(tail, from, (gsize)(text + len - from)),
                    .more = casa_reason_count(bytes, len));
    return TRUE;
  }
  return FALSE;
}

static gboolean
fault_of_json(const char *text, gsize len, CasaReason *why)
{
  const char *end = text + len;
  char a[CASA_QUOTE_SIZE], b[CASA_QUOTE_SIZE];
  if (has_comma_in_object(text, end, a, b))
    casa_reason_set(why, CASA_WHY_JSON_COMMA, .got = a, .wanted = b);
  else if (has_bare_name(text, end, a))
    casa_reason_set(why, CASA_WHY_JSON_NAME, .got = a);
  else if (has_python_word(text, end, a))
    casa_reason_set(why, CASA_WHY_JSON_WORD, .got = a);
  else if (has_trailing_comma(text, end))
    casa_reason_set(why, CASA_WHY_JSON_TRAILING);
  else if (has_loose_number(text, end, a, b))
    casa_reason_set(why, CASA_WHY_JSON_LOOSE, .got = a, .wanted = b);
  else
    return is_cut(text, len, why);
  return TRUE;
}

/* --- Text -------------------------------------------------------------------------------------------------------- */

/* "temp=21.4", "temp: 21.4" */
static gboolean
is_pair(const char *text, gsize len, char name[CASA_QUOTE_SIZE], char number[CASA_QUOTE_SIZE])
{
  gsize n = 0, at;
  while (n < len && n < 40 && (g_ascii_isalnum(text[n]) || strchr("_.-", text[n])))
    n++;
  at = (gsize)(skip_space(text + n, text + len) - text);
  if (n == 0 || g_ascii_isdigit(text[0]) || at >= len || !strchr("=:", text[at]))
    return FALSE;
  at = (gsize)(skip_space(text + at + 1, text + len) - text);
  gsize k = casa_number_scan(text + at, len - at);
  if (k == 0 || k >= CASA_QUOTE_SIZE)
    return FALSE;
  g_snprintf(name, CASA_QUOTE_SIZE, "%.*s", (int)n, text);
  g_snprintf(number, CASA_QUOTE_SIZE, "%.*s", (int)k, text + at);
  return TRUE;
}

/* "21.4;63", "21.4 63" */
static gboolean
is_list(const char *text, gsize len)
{
  gsize n = casa_number_scan(text, len);
  const char *p = skip_space(text + n, text + len), *end = text + len;
  if (n == 0 || p >= end)
    return FALSE;
  if (strchr(";,|", *p))
    p++;
  else if (p == text + n)
    return FALSE;
  p = skip_space(p, end);
  return casa_number_scan(p, (gsize)(end - p)) > 0;
}

static gboolean
is_switch(const char *text, gsize len)
{
  static const char *const words[] = { "on", "off", "open", "closed", "yes", "no" };
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strlen(words[i]) == len && g_ascii_strncasecmp(words[i], text, len) == 0)
      return TRUE;
  return FALSE;
}

/* What a letter alone stands for; "T" would be taken for a time. */
static const char *
meant_by(const char *name)
{
  static const struct {
    const char *letter, *name;
  } letters[] = { { "t", "temp" }, { "h", "hum" }, { "p", "pressure" } };
  for (guint i = 0; i < G_N_ELEMENTS(letters); i++)
    if (g_ascii_strcasecmp(name, letters[i].letter) == 0)
      return letters[i].name;
  return name;
}

/* "T=23.4;H=55" as JSON, as far as it has room. */
static void
pairs_as_json(const char *text, gsize len, char out[CASA_QUOTE_SIZE])
{
  const char *end = text + len;
  gsize n = (gsize)g_snprintf(out, CASA_QUOTE_SIZE, "{");
  char name[CASA_QUOTE_SIZE], number[CASA_QUOTE_SIZE], member[2 * CASA_QUOTE_SIZE + 8];
  for (const char *p = text; p < end;) {
    const char *next = p;
    while (next < end && !strchr(";,&|\n", *next))
      next++;
    gsize k = is_pair(p, (gsize)(next - p), name, number)
                ? (gsize)g_snprintf(member, sizeof member, "%s\"%s\":%s", n > 1 ? "," : "", meant_by(name), number)
                : 0;
    if (n + k + 2 > CASA_QUOTE_SIZE)
      break;
    memcpy(out + n, member, k);
    n += k;
    p = skip_space(MIN(next + 1, end), end);
  }
  memcpy(out + n, "}", 2);
}

/* "3334.386" (degrees and minutes) and "N" */
static gboolean
nmea_degrees(const char *text, const char *side, double *out)
{
  const double value = g_ascii_isdigit(*text) && strspn(text, "0123456789.") == strlen(text) ? g_ascii_strtod(text, NULL) : -1;
  if (value < 0 || value > 18000 || strlen(side) != 1 || !strchr("NSEW", *side))
    return FALSE;
  const double degrees = (double)(int)(value / 100);
  *out = (degrees + (value - degrees * 100) / 60) * (strchr("SW", *side) ? -1 : 1);
  return TRUE;
}

/* "$GPGGA,…": NMEA 0183; @place: as JSON, or how it would look, without a fix. */
static gboolean
is_nmea(const char *text, gsize len, char kind[CASA_QUOTE_SIZE], char place[CASA_QUOTE_SIZE])
{
  static const struct {
    const char *kind;
    guint lat; /* which field */
  } kinds[] = { { "GGA", 2 }, { "RMC", 3 }, { "GLL", 1 } };
  double lat, lon;
  if (len < 7 || text[0] != '$' || text[6] != ',')
    return FALSE;
  for (guint i = 1; i < 6; i++)
    if (!g_ascii_isupper(text[i]))
      return FALSE;
  g_autofree char *sentence = g_strndup(text, MIN(len, 128));
  g_auto(GStrv) fields = g_strsplit(sentence, ",", -1);
  const guint n = g_strv_length(fields);
  g_snprintf(kind, CASA_QUOTE_SIZE, "NMEA %s", fields[0] + 1);
  g_strlcpy(place, "{\"lat\":33.5731,\"lon\":-7.5898}", CASA_QUOTE_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    const guint at = kinds[i].lat;
    if (strcmp(fields[0] + 3, kinds[i].kind) != 0 || n < at + 4 || !nmea_degrees(fields[at], fields[at + 1], &lat) ||
        !nmea_degrees(fields[at + 2], fields[at + 3], &lon))
      continue;
    char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(place, CASA_QUOTE_SIZE, "{\"lat\":%s,\"lon\":%s}", g_ascii_formatd(a, sizeof a, "%.5f", lat),
               g_ascii_formatd(b, sizeof b, "%.5f", lon));
  }
  return TRUE;
}

/* Base64 or hexadecimal digits of some bytes. @inner: what is in them, when that is text, else how it could look. */
static gboolean
is_encoded(const char *text, gsize len, const char **kind, char inner[CASA_QUOTE_SIZE])
{
  const char *hex = len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' ? text + 2 : text;
  gsize n_hex = len - (gsize)(hex - text), lower = 0, upper = 0, digits = 0, pad = 0;
  g_strlcpy(inner, "{\"temp_c\":21.4}", CASA_QUOTE_SIZE);
  if (n_hex >= 6 && n_hex % 2 == 0 && n_hex <= 512) {
    gsize k = 0;
    while (k < n_hex && g_ascii_isxdigit(hex[k]))
      digits += g_ascii_isdigit(hex[k++]) != 0;
    *kind = "hexadecimal";
    if (k == n_hex && (digits > 0 || hex != text))
      return TRUE;
  }
  digits = 0;
  for (gsize i = 0; i < len; i++) {
    lower += g_ascii_islower(text[i]) != 0;
    upper += g_ascii_isupper(text[i]) != 0;
    digits += g_ascii_isdigit(text[i]) != 0;
    pad += text[i] == '=';
    if (!g_ascii_isalnum(text[i]) && !strchr("+/=", text[i]))
      return FALSE;
  }
  *kind = "Base64";
  if (len < 8 || len > 4096 || len % 4 != 0 || pad > 2 || (pad > 0 && text[len - 1] != '=') || !lower || !upper || !digits)
    return FALSE;
  gsize n = 0;
  g_autofree char *copy = g_strndup(text, len);
  g_autofree guchar *bytes = g_base64_decode(copy, &n);
  if (n > 0 && strchr("{[", bytes[0]) && g_utf8_validate((const char *)bytes, (gssize)n, NULL))
    casa_reason_quote(inner, (const char *)bytes, n);
  return TRUE;
}

gboolean
casa_fault_of_payload(const char *bytes, gsize len, const char *metric, CasaReason *why)
{
  char a[CASA_QUOTE_SIZE], b[CASA_QUOTE_SIZE], c[CASA_QUOTE_SIZE];
  const char *kind, *markup;
  if (len == 0)
    return FALSE;
  if (fault_of_bytes(bytes, len, why))
    return TRUE;
  if (!g_utf8_validate(bytes, (gssize)len, NULL))
    return FALSE;
  const char *text = skip_space(bytes, bytes + len);
  len -= (gsize)(text - bytes);
  while (len > 0 && g_ascii_isspace(text[len - 1]))
    len--;
  if (len > 0 && strchr("{[", text[0]))
    return fault_of_json(text, len, why);
  if (casa_fault_of_text(text, len, *metric ? metric : "payload", why))
    return TRUE;
  markup = casa_kind_of_markup(text, len, b);
  if (markup)
    casa_reason_set(why, CASA_WHY_MARKUP, .got = markup, .wanted = b);
  else if (is_switch(text, len))
    casa_reason_set(why, CASA_WHY_SWITCH, .got = casa_reason_quote(a, text, len));
  else if (is_pair(text, len, a, b)) {
    pairs_as_json(text, len, c);
    casa_reason_set(why, CASA_WHY_PAIR, .got = a, .wanted = b, .more = c);
  } else if (is_list(text, len))
    casa_reason_set(why, CASA_WHY_LIST);
  else if (is_nmea(text, len, a, b))
    casa_reason_set(why, CASA_WHY_SENTENCE, .got = a, .wanted = b);
  else if (is_encoded(text, len, &kind, b))
    casa_reason_set(why, CASA_WHY_ENCODED, .got = kind, .wanted = b);
  else if (len > 0 && (g_ascii_isalpha(text[0]) || strchr("<%", text[0]) || (guchar)text[0] > 127))
    casa_reason_set(why, CASA_WHY_WORDS, .got = casa_reason_quote(a, text, MIN(len, 40)));
  else
    return FALSE;
  return TRUE;
}
