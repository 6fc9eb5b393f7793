/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/cbor.h"

#include <cbor.h>
#include <math.h>
#include <string.h>

/* libcbor reserves what an array's or a map's head claims: a head of nine bytes can claim 2^64 elements. So all heads are read
 * here first, by the library's own streaming reader, and no container may claim more elements than there are bytes. */

typedef struct {
  const CasaWireLimits *limits;
  guint depth, items;
  gsize left; /* bytes */
  gboolean bad;
  guint64 open[64]; /* elements still to come of each container */
} Check;

static void
close_full(Check *c)
{
  while (c->depth > 0 && c->open[c->depth - 1] == 0) {
    c->depth--;
    if (c->depth > 0 && c->open[c->depth - 1] != G_MAXUINT64)
      c->open[c->depth - 1]--;
  }
}

static void
count_item(Check *c)
{
  c->items++;
  if (c->depth > 0 && c->open[c->depth - 1] != G_MAXUINT64)
    c->open[c->depth - 1]--;
  close_full(c);
}

static void
open_container(Check *c, guint64 n)
{
  c->items++;
  if (n != G_MAXUINT64 && n > c->left)
    c->bad = TRUE;
  if (c->depth >= MIN(c->limits->max_depth, G_N_ELEMENTS(c->open)))
    c->bad = TRUE;
  if (c->bad)
    return;
  c->open[c->depth++] = n;
  close_full(c);
}

static void
on_u8(void *c, uint8_t v)
{
  count_item(c);
}
static void
on_u16(void *c, uint16_t v)
{
  count_item(c);
}
static void
on_u32(void *c, uint32_t v)
{
  count_item(c);
}
static void
on_u64(void *c, uint64_t v)
{
  count_item(c);
}
static void
on_bytes(void *c, cbor_data v, size_t n)
{
  count_item(c);
}
static void
on_float(void *c, float v)
{
  count_item(c);
}
static void
on_double(void *c, double v)
{
  count_item(c);
}
static void
on_bool(void *c, bool v)
{
  count_item(c);
}
static void
on_nothing(void *c)
{
  count_item(c);
}
static void
on_array(void *c, size_t n)
{
  open_container(c, n);
}
static void
on_map(void *c, size_t n)
{
  open_container(c, n > G_MAXSIZE / 2 ? n : 2 * n);
}

/* Indefinite lengths, tags: nothing that SenML needs. */
static void
refuse(void *data)
{
  ((Check *)data)->bad = TRUE;
}

static void
refuse_tag(void *data, uint64_t tag)
{
  ((Check *)data)->bad = TRUE;
}

static gboolean
is_safe(const CasaWireLimits *limits, const char *bytes, gsize len)
{
  static const struct cbor_callbacks on = {
    .uint8 = on_u8,
    .uint16 = on_u16,
    .uint32 = on_u32,
    .uint64 = on_u64,
    .negint8 = on_u8,
    .negint16 = on_u16,
    .negint32 = on_u32,
    .negint64 = on_u64,
    .byte_string = on_bytes,
    .byte_string_start = refuse,
    .string = on_bytes,
    .string_start = refuse,
    .array_start = on_array,
    .indef_array_start = refuse,
    .map_start = on_map,
    .indef_map_start = refuse,
    .tag = refuse_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_nothing,
    .null = on_nothing,
    .boolean = on_bool,
    .indef_break = refuse,
  };
  Check c = { .limits = limits };
  for (gsize at = 0; at < len;) {
    c.left = len - at;
    struct cbor_decoder_result r = cbor_stream_decode((cbor_data)bytes + at, len - at, &on, &c);
    if (r.status != CBOR_DECODER_FINISHED || c.bad || r.read == 0)
      return FALSE;
    at += r.read;
    if (c.depth == 0 && at < len)
      return FALSE;
  }
  return c.items > 0 && c.depth == 0;
}

/* --- As JSON ----------------------------------------------------------------------------------------------------- */

static json_t *convert(const cbor_item_t *item);

static double
number_of(const cbor_item_t *item)
{
  if (cbor_isa_uint(item))
    return (double)cbor_get_int(item);
  if (cbor_isa_negint(item))
    return -1 - (double)cbor_get_int(item);
  return cbor_float_get_float(item);
}

static json_t *
convert_float_or_word(const cbor_item_t *item)
{
  if (!cbor_float_ctrl_is_ctrl(item))
    return isfinite(number_of(item)) ? json_real(number_of(item)) : json_string("nan");
  guint8 word = cbor_ctrl_value(item);
  return word == CBOR_CTRL_TRUE || word == CBOR_CTRL_FALSE ? json_boolean(word == CBOR_CTRL_TRUE) : json_null();
}

static json_t *
convert_map(const cbor_item_t *item)
{
  json_t *object = json_object();
  struct cbor_pair *pairs = cbor_map_handle(item);
  for (gsize i = 0; i < cbor_map_size(item); i++) {
    char number[32];
    const cbor_item_t *key = pairs[i].key;
    if (cbor_isa_string(key)) {
      g_autofree char *text = g_strndup((const char *)cbor_string_handle(key), cbor_string_length(key));
      json_object_set_new(object, text, convert(pairs[i].value));
    } else if (cbor_is_int(key)) {
      g_snprintf(number, sizeof number, "%.0f", number_of(key));
      json_object_set_new(object, number, convert(pairs[i].value));
    }
  }
  return object;
}

static json_t *
convert(const cbor_item_t *item)
{
  json_t *array;
  switch (cbor_typeof(item)) {
  case CBOR_TYPE_UINT:
  case CBOR_TYPE_NEGINT: return json_real(number_of(item));
  case CBOR_TYPE_STRING: return json_stringn((const char *)cbor_string_handle(item), cbor_string_length(item));
  case CBOR_TYPE_ARRAY:
    array = json_array();
    for (gsize i = 0; i < cbor_array_size(item); i++)
      json_array_append_new(array, convert(cbor_array_handle(item)[i]));
    return array;
  case CBOR_TYPE_MAP: return convert_map(item);
  case CBOR_TYPE_FLOAT_CTRL: return convert_float_or_word(item);
  case CBOR_TYPE_BYTESTRING:
  case CBOR_TYPE_TAG: break;
  }
  return json_null();
}

json_t *
casa_cbor_load(const CasaWireLimits *limits, const char *bytes, gsize len)
{
  struct cbor_load_result result;
  if (len == 0 || !is_safe(limits, bytes, len))
    return NULL;
  cbor_item_t *item = cbor_load((cbor_data)bytes, len, &result);
  if (!item)
    return NULL;
  json_t *root = convert(item);
  cbor_decref(&item);
  return root;
}
