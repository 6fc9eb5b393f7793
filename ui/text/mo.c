/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/mo.h"
#include "base/error.h"
#include <string.h>

#define MO_MAGIC 0x950412deu
#define MO_ARGS 9       /* conversions looked at in one format */
#define CTX_GLUE "\004" /* EOT joins context and message in a .mo file */

typedef struct {
  const char *text;
  guint32 len; /* plural forms follow each other in it, each ended by NUL */
} Entry;

struct _CasaMo {
  GBytes *bytes;
  GHashTable *entries; /* msgid (in bytes) → Entry */
};

typedef struct {
  const guint8 *data;
  gsize size;
  gboolean swapped;
} Reader;

static gboolean
read_u32(const Reader *r, gsize at, guint32 *out)
{
  if (at > r->size || r->size - at < 4)
    return FALSE;
  memcpy(out, r->data + at, 4);
  if (r->swapped)
    *out = GUINT32_SWAP_LE_BE(*out);
  return TRUE;
}

/* String @i of the table at @table: inside the file, ended by NUL, UTF-8 in each of its NUL-separated parts. */
static gboolean
read_string(const Reader *r, guint32 table, guint32 i, Entry *out)
{
  guint32 len, offset;
  gsize at = (gsize)table + (gsize)i * 8;

  if (!read_u32(r, at, &len) || !read_u32(r, at + 4, &offset))
    return FALSE;
  if (offset >= r->size || len >= r->size - offset || r->data[offset + len] != '\0')
    return FALSE;
  out->text = (const char *)r->data + offset;
  out->len = len;
  for (guint32 p = 0; p <= len;) {
    gsize part = strlen(out->text + p);

    if (!g_utf8_validate(out->text + p, (gssize)part, NULL))
      return FALSE;
    p += (guint32)part + 1;
  }
  return TRUE;
}

static gboolean
read_entries(CasaMo *self, const Reader *r, GError **error)
{
  guint32 revision, n, originals, translations;

  if (!read_u32(r, 4, &revision) || !read_u32(r, 8, &n) || !read_u32(r, 12, &originals) || !read_u32(r, 16, &translations)) {
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_DATA, "catalogue is shorter than its header");
    return FALSE;
  }
  if (revision >> 16 > 1 || n > r->size / 16) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "catalogue header makes no sense (revision %#x, %u messages)", revision, n);
    return FALSE;
  }
  for (guint32 i = 0; i < n; i++) {
    Entry key, value;

    if (!read_string(r, originals, i, &key) || !read_string(r, translations, i, &value)) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_DATA, "catalogue message %u of %u is damaged", i, n);
      return FALSE;
    }
    g_hash_table_insert(self->entries, (gpointer)key.text, g_memdup2(&value, sizeof value));
  }
  return TRUE;
}

CasaMo *
casa_mo_new(GBytes *bytes, GError **error)
{
  g_autoptr(CasaMo) self = g_new0(CasaMo, 1);
  Reader r = { 0 };
  guint32 magic = 0;

  self->bytes = g_bytes_ref(bytes);
  self->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  r.data = g_bytes_get_data(bytes, &r.size);
  if (read_u32(&r, 0, &magic))
    r.swapped = magic == GUINT32_SWAP_LE_BE(MO_MAGIC);
  if (magic != MO_MAGIC && !r.swapped) {
    g_set_error_literal(error, CASA_ERROR, CASA_ERROR_DATA, "not a gettext .mo catalogue");
    return NULL;
  }
  if (!read_entries(self, &r, error))
    return NULL;
  return g_steal_pointer(&self);
}

void
casa_mo_free(CasaMo *self)
{
  if (self == NULL)
    return;
  g_clear_pointer(&self->entries, g_hash_table_unref);
  g_clear_pointer(&self->bytes, g_bytes_unref);
  g_free(self);
}

guint
casa_mo_size(const CasaMo *self)
{
  return g_hash_table_size(self->entries);
}

/* One conversion after its '%': which argument, and what it takes ("ld" counts as 'd' with 'l'); @kind 0 when it is a
 * plain percent sign, as in "12 % de l'an". Returns past its end. */
static const char *
read_conversion(const char *p, guint *argument, guint *kind)
{
  const char *digits = p;
  guint length = 0;

  while (g_ascii_isdigit(*digits))
    digits++;
  if (*digits == '$' && digits > p) {
    *argument = (guint)g_ascii_strtoull(p, NULL, 10) - 1;
    p = digits + 1;
  }
  p += strspn(p, "-+#0'0123456789.");
  for (; *p != '\0' && strchr("hlqjzt", *p) != NULL; p++)
    length = length * 31 + (guchar)*p;
  *kind = *p != '\0' && strchr("diouxXeEfFgGaAcspn", *p) != NULL ? length * 256 + (guchar)*p : 0;
  return *kind != 0 ? p + 1 : p;
}

static gboolean
collect_arguments(const char *format, guint kinds[MO_ARGS])
{
  guint next = 0;

  memset(kinds, 0, sizeof(guint) * MO_ARGS);
  for (const char *p = strchr(format, '%'); p != NULL; p = strchr(p, '%')) {
    guint argument = next, kind;

    if (p[1] == '%') {
      p += 2;
      continue;
    }
    p = read_conversion(p + 1, &argument, &kind);
    if (kind == 0)
      continue;
    if (argument == next)
      next++;
    if (argument >= MO_ARGS)
      return FALSE;
    kinds[argument] = kind;
  }
  return TRUE;
}

gboolean
casa_mo_same_arguments(const char *a, const char *b)
{
  guint ka[MO_ARGS], kb[MO_ARGS];

  return collect_arguments(a, ka) && collect_arguments(b, kb) && memcmp(ka, kb, sizeof ka) == 0;
}

static const char *
nth_form(const Entry *entry, guint form)
{
  const char *end = entry->text + entry->len, *p = entry->text;

  while (form-- > 0) {
    const char *next = p + strlen(p) + 1;

    if (next > end)
      break;
    p = next;
  }
  return p;
}

const char *
casa_mo_lookup(const CasaMo *self, const char *ctx, const char *msgid, guint form)
{
  g_autofree char *key = ctx != NULL ? g_strconcat(ctx, CTX_GLUE, msgid, NULL) : NULL;
  const Entry *entry = g_hash_table_lookup(self->entries, key != NULL ? key : msgid);
  const char *text;

  if (entry == NULL || entry->len == 0 || *msgid == '\0')
    return NULL;
  text = nth_form(entry, form);
  if (*text == '\0')
    return NULL;
  return casa_mo_same_arguments(msgid, text) ? text : NULL;
}
