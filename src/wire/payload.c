/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/payload.h"
#include "wire/tree.h"

#include <string.h>

#define BOM "\xEF\xBB\xBF"

void
casa_payload_init(CasaPayload *self, const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len,
                  gint64 now_ms)
{
  self->topic = topic;
  self->limits = limits;
  self->bytes = len > 0 ? payload : "";
  self->len = len;
  self->now_ms = now_ms;
  self->memory = NULL;
  self->feeds = NULL;
  self->flat = self->tree = CASA_READ_NOT_YET;
  self->root = NULL;
  const char *p = self->bytes, *end = p + len;
  if (len > MAX(limits->max_payload, limits->max_batch)) { /* refused by its length: not all of its bytes need be there */
    self->text = p;
    self->text_len = len;
    return;
  }
  if (len >= strlen(BOM) && memcmp(p, BOM, strlen(BOM)) == 0)
    p += strlen(BOM);
  while (p < end && g_ascii_isspace(*p))
    p++;
  while (p < end && g_ascii_isspace(end[-1]))
    end--;
  self->text = p;
  self->text_len = (gsize)(end - p);
}

void
casa_payload_clear(CasaPayload *self)
{
  json_decref(self->root);
  self->root = NULL;
  self->flat = self->tree = CASA_READ_NOT_YET;
}

/* As g_utf8_validate() says it, but most payloads are ASCII, which eight bytes at a time can be told. */
static gboolean
is_utf8(const char *text, gsize len)
{
  const guint64 ones = G_GUINT64_CONSTANT(0x0101010101010101), highs = ones << 7;
  gsize at = 0;
  for (; at + sizeof(guint64) <= len; at += sizeof(guint64)) {
    guint64 word;
    memcpy(&word, text + at, sizeof word);
    if ((word | (word - ones)) & highs) /* a byte that is not ASCII, or is 0 */
      break;
  }
  return g_utf8_validate(text + at, (gssize)(len - at), NULL);
}

const CasaMember *
casa_payload_members(CasaPayload *self, guint *n)
{
  if (self->flat == CASA_READ_NOT_YET) {
    gboolean flat = self->text_len > 0 && self->text[0] == '{' && self->limits->max_depth > 0 &&
                    is_utf8(self->text, self->text_len) &&
                    casa_flat_read(self->text, self->text_len, self->members, &self->n_members);
    self->flat = flat ? CASA_READ_DONE : CASA_READ_FAILED;
  }
  if (self->flat != CASA_READ_DONE)
    return NULL;
  *n = self->n_members;
  return self->members;
}

/* "{\"temp\":21}": JSON that was written as a text once more. */
static void
open_text(CasaPayload *self)
{
  CasaReason ignored;
  const char *text = json_is_string(self->root) ? json_string_value(self->root) : "";
  json_t *inner = strchr("{[", *text) && *text ? casa_tree_load(self->limits, text, strlen(text), &ignored) : NULL;
  if (!inner)
    return;
  json_decref(self->root);
  self->root = inner;
}

json_t *
casa_payload_json(CasaPayload *self, const CasaReason **why)
{
  if (self->tree == CASA_READ_NOT_YET) {
    self->root = casa_tree_load(self->limits, self->text, self->text_len, &self->why);
    open_text(self);
    self->tree = self->root ? CASA_READ_DONE : CASA_READ_FAILED;
  }
  if (why)
    *why = self->root ? NULL : &self->why;
  return self->root;
}

gboolean
casa_payload_has(CasaPayload *self, const char *name)
{
  guint n;
  const CasaMember *members = casa_payload_members(self, &n);
  if (!members)
    return json_object_get(casa_payload_json(self, NULL), name) != NULL;
  for (guint i = 0; i < n; i++)
    if (casa_member_is(&members[i], name))
      return TRUE;
  return FALSE;
}

/* --- The kit's topic --------------------------------------------------------------------------------------------- */

static const char *
end_of_level(const char *level, const char *end)
{
  const char *slash = memchr(level, '/', (gsize)(end - level));
  return slash ? slash : end;
}

gboolean
casa_payload_kit_is(const CasaPayload *self, const char *pattern)
{
  const char *p = self->topic->kit, *end = p ? p + self->topic->kit_len : NULL;
  if (!p)
    return FALSE;
  for (;;) {
    const char *stop = end_of_level(p, end), *pattern_stop = end_of_level(pattern, pattern + strlen(pattern));
    gsize n = (gsize)(pattern_stop - pattern);
    if (n == 1 && *pattern == '#')
      return TRUE;
    if (!(n == 1 && *pattern == '+') && (n != (gsize)(stop - p) || memcmp(p, pattern, n) != 0))
      return FALSE;
    if (stop == end || *pattern_stop == '\0')
      return stop == end && (*pattern_stop == '\0' || strcmp(pattern_stop, "/#") == 0);
    p = stop + 1;
    pattern = pattern_stop + 1;
  }
}

const char *
casa_payload_kit_level(const CasaPayload *self, int i, gsize *len)
{
  const char *p = self->topic->kit, *end = p ? p + self->topic->kit_len : NULL;
  int n = 1;
  if (!p)
    return NULL;
  for (const char *at = p; i < 0 && (at = memchr(at, '/', (gsize)(end - at))); at++)
    n++;
  for (int at = i < 0 ? i + n : i; at >= 0; at--) {
    const char *stop = end_of_level(p, end);
    if (at == 0) {
      *len = (gsize)(stop - p);
      return p;
    }
    if (stop == end)
      return NULL;
    p = stop + 1;
  }
  return NULL;
}

const char *
casa_payload_recall(const CasaPayload *self, const char *format, const char *key, gsize *len)
{
  return self->memory ? casa_memory_get(self->memory, self->topic->source, format, key, len) : NULL;
}
