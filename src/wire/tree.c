/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/tree.h"

#include "wire/number.h"

#include <string.h>

gboolean
casa_tree_check_bytes(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why)
{
  if (len > limits->max_payload) {
    casa_reason_set(why, "payload-size", "payload: %" G_GSIZE_FORMAT " bytes, at most %u are read; split the message", len,
                    limits->max_payload);
    return FALSE;
  }
  const char *bad;
  if (g_utf8_validate(payload, (gssize)len, &bad))
    return TRUE;
  gsize at = bad - payload;
  if (*bad == '\0' && at + 1 == len)
    casa_reason_set(why, "utf8", "payload: ends in a NUL byte; publish the text without its terminator (strlen bytes)");
  else
    casa_reason_set(why, "utf8", "payload: byte 0x%02x at offset %" G_GSIZE_FORMAT " is not UTF-8 text; send JSON in UTF-8",
                    (guint)(guchar)*bad, at);
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
        casa_reason_set(why, "depth", "payload: nested deeper than %u; send a flat object of numbers", limits->max_depth);
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
    casa_reason_set(why, "duplicate-key", "JSON: %s; name each field once", quoted);
    return;
  }
  char start[CASA_QUOTE_SIZE];
  casa_reason_set(why, "json", "not JSON at line %d, column %d: %s; the payload begins: %s", error->line, error->column, quoted,
                  casa_reason_quote(start, payload, MIN(len, 40)));
}

json_t *
casa_tree_load(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why)
{
  if (!casa_tree_check_bytes(limits, payload, len, why))
    return NULL;
  g_autoptr(GString) text = tame(limits, payload, len, why);
  if (!text)
    return NULL;
  json_error_t error;
  json_t *root = json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
  if (!root)
    explain(&error, payload, len, why);
  return root;
}
