/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/decoder.h"
#include "wire/faults.h"
#include "wire/formats/feeds.h"
#include "wire/formats/format.h"
#include "wire/tree.h"

#include <string.h>

#define MARK_SLOTS 512

struct _CasaDecoder {
  const CasaMetrics *metrics;
  CasaWireLimits limits;
  const CasaFormat *forced; /* NULL: none */
  CasaMemory *memory;
  CasaFeeds *feeds;
  CasaPayload payload;
  guint8 marks[MARK_SLOTS / 8]; /* which hashes the marks of the formats have */
};

static guint
mark_slot(const char *name, gsize len)
{
  return (guint)((len * 37 + (guchar)name[0] * 7 + (guchar)name[len - 1]) % MARK_SLOTS);
}

static void
note_marks(CasaDecoder *self)
{
  guint n;
  const CasaFormat *const *formats = casa_formats(&n);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; formats[i]->marks && formats[i]->marks[k]; k++) {
      guint slot = mark_slot(formats[i]->marks[k], strlen(formats[i]->marks[k]));
      self->marks[slot / 8] |= (guint8)(1u << slot % 8);
    }
}

CasaWireLimits
casa_wire_limits(const CasaConfig *config)
{
  return (CasaWireLimits){
    .max_payload = config->max_payload,
    .max_depth = config->max_depth,
    .max_fields = config->max_fields,
    .future_ms = config->future_ms,
    .retention_ms = config->retention_ms,
    .max_batch = config->max_batch,
    .max_readings = config->max_readings,
    .zone = config->zone,
  };
}

CasaDecoder *
casa_decoder_new(const CasaMetrics *metrics, const CasaWireLimits *limits)
{
  CasaDecoder *self = g_new0(CasaDecoder, 1);
  self->metrics = metrics;
  self->limits = *limits;
  self->memory = casa_memory_new();
  note_marks(self);
  return self;
}

void
casa_decoder_free(CasaDecoder *self)
{
  if (!self)
    return;
  casa_memory_free(self->memory);
  casa_feeds_free(self->feeds);
  g_free(self);
}

gboolean
casa_decoder_force(CasaDecoder *self, const char *format)
{
  self->forced = format ? casa_format_by_id(format) : NULL;
  return !format || self->forced;
}

gboolean
casa_decoder_load_feeds(CasaDecoder *self, const char *dir, GError **error)
{
  CasaFeeds *feeds = casa_feeds_load(dir, error);
  if (!feeds)
    return FALSE;
  casa_feeds_free(self->feeds);
  self->feeds = feeds;
  return TRUE;
}

void
casa_decoder_set_zone(CasaDecoder *self, GTimeZone *zone)
{
  self->limits.zone = zone;
}

/* --- Which format ------------------------------------------------------------------------------------------------ */

static gboolean
may_have_mark(const CasaDecoder *self, const CasaMember *members, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (members[i].name_len == 0)
      continue;
    guint slot = mark_slot(members[i].name, members[i].name_len);
    if (self->marks[slot / 8] & 1u << slot % 8)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_mark(CasaPayload *message, const CasaFormat *format)
{
  for (guint i = 0; format->marks[i]; i++)
    if (casa_payload_has(message, format->marks[i]))
      return TRUE;
  return FALSE;
}

static const CasaFormat *
choose(CasaDecoder *self)
{
  CasaPayload *m = &self->payload;
  guint n, n_formats;
  const CasaFormat *const *formats = casa_formats(&n_formats);
  gboolean ours = m->topic->kind != CASA_TOPIC_KIT;
  if (ours && casa_format_plain.claims(m))
    return &casa_format_plain;
  const CasaMember *members = casa_payload_members(m, &n);
  if (ours && members && !may_have_mark(self, members, n))
    return &casa_format_object;
  for (guint i = 0; i < n_formats; i++) {
    const CasaFormat *f = formats[i];
    if (ours && members && f != &casa_format_object && !(f->marks && has_mark(m, f)))
      continue;
    if (f->claims(m))
      return f;
  }
  return NULL;
}

/* --- A message as a whole ---------------------------------------------------------------------------------------- */

static gboolean
check_message(CasaDecoder *self, CasaReason *why)
{
  const CasaPayload *m = &self->payload;
  const CasaTopic *topic = m->topic;
  guint most = MAX(self->limits.max_payload, self->limits.max_batch);
  if (topic->kind != CASA_TOPIC_KIT && !casa_metrics_has_domain(self->metrics, topic->domain)) {
    casa_reason_set(why, CASA_WHY_DOMAIN, .got = topic->domain);
    return FALSE;
  }
  if (m->len > most) {
    char got[CASA_QUOTE_SIZE], wanted[CASA_QUOTE_SIZE];
    casa_reason_set(why, CASA_WHY_SIZE, .got = casa_reason_count(got, m->len), .wanted = casa_reason_count(wanted, most));
    return FALSE;
  }
  if (m->text_len == 0) {
    casa_reason_set(why, topic->kind == CASA_TOPIC_METRIC_READING ? CASA_WHY_EMPTY_PLAIN : CASA_WHY_EMPTY);
    return FALSE;
  }
  return TRUE;
}

/* No format knows it: that is mostly broken JSON. */
static void
explain(CasaPayload *m, CasaReason *why)
{
  const CasaReason *not_json;
  if (!casa_tree_check_size(m->limits, m->text_len, why))
    return;
  json_t *root = casa_payload_json(m, &not_json);
  if (!root) {
    gsize n;
    const char *last = casa_payload_kit_level(m, -1, &n);
    char metric[CASA_QUOTE_SIZE];
    casa_reason_quote(metric, last ? last : m->topic->metric, last ? n : strlen(m->topic->metric));
    if (not_json->why == CASA_WHY_DEPTH || !casa_fault_of_payload(m->bytes, m->len, metric, why))
      *why = *not_json;
    return;
  }
  CasaMember member = casa_member_of_json("", 0, root);
  if (member.type == CASA_MEMBER_TEXT && member.text_len > 1 && strchr("{[", member.text[0]))
    casa_reason_set(why, CASA_WHY_JSON_QUOTED);
  else if (member.type == CASA_MEMBER_NUMBER || member.type == CASA_MEMBER_BOOL)
    casa_reason_set(why, CASA_WHY_ROOT_NUMBER, .more = m->topic->station);
  else
    casa_reason_set(why, CASA_WHY_ROOT_TYPE, .got = casa_member_type_name(&member));
}

static void
decode(CasaDecoder *self, CasaDecoded *out)
{
  CasaEmit emit;
  CasaReason why;
  const CasaFormat *format = self->forced ? self->forced : choose(self);
  if (!format || (self->forced && !format->claims(&self->payload))) {
    explain(&self->payload, &why);
    casa_decoded_refuse(out, NULL, 0, &why);
    return;
  }
  out->format = format->id;
  casa_emit_init(&emit, self->metrics, &self->limits, self->payload.topic, self->payload.now_ms, self->memory, out);
  emit.format = format->id;
  format->decode(&self->payload, &emit);
  casa_emit_finish(&emit);
}

gboolean
casa_decoder_decode(CasaDecoder *self, const CasaTopic *topic, const void *payload, gsize len, gint64 now_ms, CasaDecoded *out)
{
  CasaReason why;
  casa_decoded_clear(out);
  casa_payload_init(&self->payload, &self->limits, topic, payload, len, now_ms);
  self->payload.memory = self->memory;
  self->payload.feeds = self->feeds;
  if (len == 0) { /* clears a retained message at the broker; what was measured stays */
    out->understood = TRUE;
    return TRUE;
  }
  if (check_message(self, &why))
    decode(self, out);
  else
    casa_decoded_refuse(out, NULL, 0, &why);
  casa_payload_clear(&self->payload);
  out->understood &= out->refusals->len == 0;
  if (out->readings->len > 0 || out->descriptors->len > 0 || out->understood)
    return TRUE;
  if (out->refusals->len == 0) {
    casa_reason_set(&why, CASA_WHY_NOTHING);
    casa_decoded_refuse(out, NULL, 0, &why);
  }
  return FALSE;
}
