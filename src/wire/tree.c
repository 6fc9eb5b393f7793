/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/tree.h"

#include "wire/number.h"

#include <string.h>

gboolean
casa_tree_check_size(const CasaWireLimits *limits, gsize len, CasaReason *why)
{
  char got[CASA_QUOTE_SIZE], most[CASA_QUOTE_SIZE];
  if (len <= limits->max_payload)
    return TRUE;
  casa_reason_set(why, CASA_WHY_SIZE, .got = casa_reason_count(got, len),
                  .wanted = casa_reason_count(most, limits->max_payload));
  return FALSE;
}

static gboolean
check_utf8(const char *payload, gsize len, CasaReason *why)
{
  const char *bad;
  if (g_utf8_validate(payload, (gssize)len, &bad))
    return TRUE;
  gsize at = bad - payload;
  char byte[CASA_QUOTE_SIZE], offset[CASA_QUOTE_SIZE];
  g_snprintf(byte, sizeof byte, "0x%02x", (guint)(guchar)*bad);
  casa_reason_set(why, *bad == '\0' && at + 1 == len ? CASA_WHY_UTF8_NUL : CASA_WHY_UTF8, .got = byte,
                  .more = casa_reason_count(offset, at));
  return FALSE;
}

static gboolean
is_token_byte(char c)
{
  return g_ascii_isalnum(c) || c == '+' || c == '-' || c == '.';
}

/* Copies the string that starts at @p (at its quote) and returns where it ends. */
static const char *
copy_string(GString *out, const char *p, const char *end)
{
  const char *start = p++;
  while (p < end && *p != '"')
    p += *p == '\\' && p + 1 < end ? 2 : 1;
  p = p < end ? p + 1 : end;
  g_string_append_len(out, start, p - start);
  return p;
}

static const char *
copy_token(GString *out, const char *p, const char *end)
{
  const char *start = p;
  double ignored;
  while (p < end && is_token_byte(*p))
    p++;
  gboolean quote = casa_number_parse(start, p - start, &ignored) == CASA_NUMBER_NON_FINITE;
  if (quote)
    g_string_append_c(out, '"');
  g_string_append_len(out, start, p - start);
  if (quote)
    g_string_append_c(out, '"');
  return p;
}

/* One pass that measures the nesting and quotes non-finite numbers. NULL: too deep. */
static GString *
tame(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why)
{
  g_autoptr(GString) out = g_string_sized_new(len + 16);
  const char *end = payload + len;
  guint depth = 0;
  for (const char *p = payload; p < end;) {
    if (*p == '"') {
      p = copy_string(out, p, end);
    } else if (is_token_byte(*p)) {
      p = copy_token(out, p, end);
    } else {
      if ((*p == '{' || *p == '[') && ++depth > limits->max_depth) {
        char most[CASA_QUOTE_SIZE];
        casa_reason_set(why, CASA_WHY_DEPTH, .wanted = casa_reason_count(most, limits->max_depth));
        return NULL;
      }
      if ((*p == '}' || *p == ']') && depth > 0)
        depth--;
      g_string_append_c(out, *p++);
    }
  }
  return g_steal_pointer(&out);
}

static void
explain(const json_error_t *error, const char *payload, gsize len, CasaReason *why)
{
  char quoted[CASA_QUOTE_SIZE];
  casa_reason_quote(quoted, error->text, strnlen(error->text, sizeof error->text));
  if (json_error_code(error) == json_error_duplicate_key) {
    casa_reason_set(why, CASA_WHY_JSON_KEY, .got = quoted);
    return;
  }
  char at[CASA_QUOTE_SIZE], start[CASA_QUOTE_SIZE];
  g_snprintf(at, sizeof at, "line %d, column %d", error->line, error->column);
  casa_reason_set(why, CASA_WHY_JSON, .field = at, .got = quoted, .more = casa_reason_quote(start, payload, MIN(len, 40)));
}

/* {…}{…}, or an object a line: an array of them. NULL: one of them is none, or something else stands between. */
static json_t *
load_sequence(const GString *text)
{
  json_auto_t *all = json_array();
  json_error_t error;
  for (gsize at = 0; at < text->len; at += (gsize)error.position) {
    json_t *one = json_loadb(text->str + at, text->len - at,
                             JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | JSON_DISABLE_EOF_CHECK, &error);
    if (!json_is_object(one) || error.position <= 0) {
      json_decref(one);
      return NULL;
    }
    json_array_append_new(all, one);
  }
  return json_incref(all);
}

json_t *
casa_tree_load(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why)
{
  if (!check_utf8(payload, len, why))
    return NULL;
  g_autoptr(GString) text = tame(limits, payload, len, why);
  if (!text)
    return NULL;
  json_error_t error;
  json_t *root = json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
  if (!root && json_error_code(&error) == json_error_end_of_input_expected)
    root = load_sequence(text);
  if (!root)
    explain(&error, payload, len, why);
  return root;
}
