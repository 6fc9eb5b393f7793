/* SPDX-License-Identifier: Apache-2.0 */
#include "sparkplug-b.pb-c.h"
#include "wire/formats/kit.h"

#include <math.h>
#include <string.h>

/* Sparkplug B: spBv1.0/<group>/NDATA/<node>[/<device>], metrics in protobuf, whose names a birth may have replaced by aliases.
 * https://sparkplug.eclipse.org/specification/ */

#define DEPTH_MAX 8           /* of messages in messages */
#define METRICS_FIELD 2       /* of a payload, in sparkplug-b.proto */
#define ALIAS_KEY_SIZE 96     /* bytes */
#define OBJECT_BYTES_MAX 4096 /* memory that one byte of a payload may cost, at most: see allocate() */

/* --- Bytes that are safe to unpack ------------------------------------------------------------------------------- */

typedef struct {
  gsize left; /* bytes that unpacking may still reserve */
} Budget;

/* protobuf-c reserves an object for each metric, though it has no bytes of its own: a payload of nothing but empty metrics
 * costs a hundred times its size. What it may have is bounded, and freed as a whole when it wants more. */
static void *
allocate(void *data, size_t size)
{
  Budget *budget = data;
  if (size > budget->left)
    return NULL;
  budget->left -= size;
  return g_try_malloc(size);
}

static void
release(void *data, void *memory)
{
  g_free(memory);
}

static Casa__Sparkplug__Payload *
unpack(const CasaPayload *payload, gsize len, ProtobufCAllocator *allocator)
{
  return casa__sparkplug__payload__unpack(allocator, len, (const guint8 *)payload->bytes);
}

/* A whole number of seven bits a byte. FALSE: the bytes end in it. */
static gboolean
read_varint(const CasaPayload *payload, gsize *at, guint64 *out)
{
  *out = 0;
  for (guint shift = 0; shift < 64 && *at < payload->len; shift += 7) {
    guint8 byte = (guint8)payload->bytes[(*at)++];
    *out |= (guint64)(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return TRUE;
  }
  return FALSE;
}

/* Past the field at *@at, whose number is *@out_field. The kinds of fields:
 * https://protobuf.dev/programming-guides/encoding/ */
static gboolean
skip_field(const CasaPayload *payload, gsize *at, guint64 *out_field)
{
  guint64 tag, size = 0;
  if (!read_varint(payload, at, &tag))
    return FALSE;
  *out_field = tag >> 3;
  switch (tag & 7) {
  case 0: return read_varint(payload, at, &size);
  case 1: size = 8; break;
  case 2:
    if (!read_varint(payload, at, &size))
      return FALSE;
    break;
  case 5: size = 4; break;
  default: return FALSE;
  }
  if (size > payload->len - *at)
    return FALSE;
  *at += size;
  return TRUE;
}

/* How many bytes hold the first @most metrics; *@out_over: how many further ones there are. Counting reserves nothing, unlike
 * unpacking. What is no protobuf is all of it: unpacking says so. */
static gsize
metrics_end(const CasaPayload *payload, guint most, guint *out_over)
{
  gsize at = 0, end = payload->len;
  guint n = 0;
  guint64 field;
  *out_over = 0;
  for (gsize before = 0; at < payload->len && skip_field(payload, &at, &field); before = at)
    if (field == METRICS_FIELD && ++n == most + 1)
      end = before;
  if (at < payload->len)
    return payload->len;
  *out_over = n > most ? n - most : 0;
  return end;
}

static gboolean
init_allocator(const CasaPayload *payload, Budget *budget, ProtobufCAllocator *allocator)
{
  budget->left = MIN(payload->len, 1024 * 1024) * OBJECT_BYTES_MAX / 16 + 65536;
  *allocator = (ProtobufCAllocator){ .alloc = allocate, .free = release, .allocator_data = budget };
  return TRUE;
}

/* --- Is it? ------------------------------------------------------------------------------------------------------ */

/* On a topic of our own: a payload with a time, and metrics with a name or an alias and a type. */
static gboolean
looks_like_it(const CasaPayload *payload)
{
  Budget budget;
  ProtobufCAllocator allocator;
  if (payload->len < 4 || (guchar)payload->bytes[0] != 0x08)
    return FALSE;
  init_allocator(payload, &budget, &allocator);
  guint over;
  Casa__Sparkplug__Payload *p = unpack(payload, metrics_end(payload, CASA_MEMORY_NOTES, &over), &allocator);
  gboolean is = p && p->has_timestamp && p->n_metrics > 0;
  for (size_t i = 0; is && i < p->n_metrics; i++)
    is = p->metrics[i]->name || p->metrics[i]->has_alias;
  if (p)
    casa__sparkplug__payload__free_unpacked(p, &allocator);
  return is;
}

static gboolean
claims(CasaPayload *payload)
{
  return casa_payload_kit_is(payload, "spBv1.0/+/+/+/#") || casa_payload_kit_is(payload, "spBv1.0/STATE/#") ||
         looks_like_it(payload);
}

/* --- Metrics ----------------------------------------------------------------------------------------------------- */

enum { INT8 = 1, INT16 = 2, INT32 = 3, INT64 = 4 };

/* Signed whole numbers stand in unsigned fields. FALSE: it is no number. */
static gboolean
number_of(const Casa__Sparkplug__Metric *m, double *out)
{
  switch (m->value_case) {
  case CASA__SPARKPLUG__METRIC__VALUE_INT_VALUE:
    *out = m->datatype == INT8    ? (double)(gint8)m->int_value
           : m->datatype == INT16 ? (double)(gint16)m->int_value
           : m->datatype == INT32 ? (double)(gint32)m->int_value
                                  : (double)m->int_value;
    return TRUE;
  case CASA__SPARKPLUG__METRIC__VALUE_LONG_VALUE:
    *out = m->datatype == INT64 ? (double)(gint64)m->long_value : (double)m->long_value;
    return TRUE;
  case CASA__SPARKPLUG__METRIC__VALUE_FLOAT_VALUE: *out = (double)m->float_value; return TRUE;
  case CASA__SPARKPLUG__METRIC__VALUE_DOUBLE_VALUE: *out = m->double_value; return TRUE;
  default: return FALSE;
  }
}

static void
alias_key(char key[ALIAS_KEY_SIZE], const char *whose, guint64 alias)
{
  g_snprintf(key, ALIAS_KEY_SIZE, "%.60s %" G_GUINT64_FORMAT, whose, alias);
}

/* (transfer full) NULL: an alias that no birth told. */
static char *
name_of(CasaEmit *emit, const Casa__Sparkplug__Metric *m, const char *whose)
{
  char key[ALIAS_KEY_SIZE];
  if (m->name && *m->name) {
    if (m->has_alias) {
      alias_key(key, whose, m->alias);
      casa_emit_remember(emit, key, m->name, strlen(m->name));
    }
    return g_strdup(m->name);
  }
  alias_key(key, whose, m->alias);
  return g_strdup(casa_emit_recall(emit, key, NULL));
}

static void
take_value(CasaEmit *emit, const Casa__Sparkplug__Metric *m, const char *metric)
{
  double number;
  CasaMember member = casa_member_of_number(metric, 0);
  if (m->is_null) {
    member.type = CASA_MEMBER_NULL;
  } else if (number_of(m, &number)) {
    member.number = number;
  } else if (m->value_case == CASA__SPARKPLUG__METRIC__VALUE_BOOLEAN_VALUE) {
    member.type = CASA_MEMBER_BOOL;
    member.number = m->boolean_value != 0;
  } else if (m->value_case == CASA__SPARKPLUG__METRIC__VALUE_STRING_VALUE) {
    member = casa_member_of_text(metric, m->string_value, strlen(m->string_value));
  } else {
    return; /* a data set, a template, a file */
  }
  casa_kit_take_as(emit, &member, metric, NULL);
}

/* "temp/air": the last level that the catalogue knows is the metric, the others tell sensors apart. */
static void
take_metric(CasaPayload *payload, CasaEmit *emit, const Casa__Sparkplug__Metric *m, const char *whose, guint64 timestamp)
{
  g_autofree char *name = name_of(emit, m, whose);
  char station[CASA_NAME_MAX + 1];
  if (!name) {
    char number[CASA_QUOTE_SIZE];
    casa_kit_refuse(emit, 1, CASA_WHY_ALIAS, casa_reason_count(number, m->alias), NULL);
    return;
  }
  if (strcmp(name, "bdSeq") == 0 || g_str_has_prefix(name, "Node Control/") || g_str_has_prefix(name, "Device Control/") ||
      g_str_has_prefix(name, "Properties/"))
    return;
  const char *slash = strrchr(name, '/'), *metric = slash ? slash + 1 : name;
  g_strlcpy(station, casa_emit_whose(emit), sizeof station);
  gsize before = slash ? (gsize)(slash - name) : 0;
  g_autofree char *part =
    before > 0 && !casa_emit_find_metric(emit, name, before) ? g_strdup_printf("%s-%.*s", station, (int)before, name) : NULL;
  if (slash && !part && !casa_emit_find_metric(emit, metric, strlen(metric)))
    metric = name; /* "temp/air" is a temperature */
  if (part)
    casa_emit_station(emit, part, strlen(part));
  if (casa_emit_begin(emit)) {
    g_autofree char *base = metric == name && slash ? g_strndup(name, before) : g_strdup(metric);
    guint64 t = m->has_timestamp ? m->timestamp : timestamp;
    if (t > 0 && t < G_MAXINT64 / 2)
      casa_emit_time_ms(emit, (gint64)t);
    take_value(emit, m, base);
    casa_emit_end(emit);
  }
  casa_emit_station(emit, station, strlen(station));
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *kind = casa_kit_level(payload, 2), *node = casa_kit_level(payload, 3), *device = casa_kit_level(payload, 4);
  g_autofree char *whose = g_strdup_printf("%s/%s", node ? node : "", device ? device : "");
  Budget budget;
  ProtobufCAllocator allocator;
  if (casa_payload_kit_is(payload, "spBv1.0/STATE/#") ||
      (kind && (g_str_has_suffix(kind, "DEATH") || g_str_has_suffix(kind, "CMD")))) {
    casa_emit_understood(emit);
    return;
  }
  init_allocator(payload, &budget, &allocator);
  /* A birth may name as many as there are notes, though not all are readings that are taken. */
  guint over, most = MAX(emit->limits->max_readings, CASA_MEMORY_NOTES);
  Casa__Sparkplug__Payload *p = unpack(payload, metrics_end(payload, most, &over), &allocator);
  if (!p) {
    casa_kit_refuse(emit, 1, CASA_WHY_DATA, "payload", "Sparkplug B");
    return;
  }
  casa_kit_station(payload, emit, device ? device : node);
  for (size_t i = 0; i < p->n_metrics; i++)
    take_metric(payload, emit, p->metrics[i], whose, p->has_timestamp ? p->timestamp : 0);
  casa__sparkplug__payload__free_unpacked(p, &allocator);
  casa_emit_over(emit, over);
  casa_emit_understood(emit);
}

const CasaFormat casa_format_sparkplug = { .id = "sparkplug", .name = "Sparkplug B", .claims = claims, .decode = decode };
