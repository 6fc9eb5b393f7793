/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/member.h"
#include "wire/memory.h"
#include "wire/reading.h"

G_BEGIN_DECLS

/* A message as formats look at it: its topic, its bytes, and what can be read from them, each read only once however many
 * formats ask. Reused between messages; one thread. */
typedef struct {
  const CasaTopic *topic;
  const CasaWireLimits *limits;
  const char *bytes; /* as it came */
  gsize len;
  const char *text; /* without a byte order mark and without white space at its ends; no NUL at its end */
  gsize text_len;
  gint64 now_ms;
  CasaMemory *memory;             /* NULL: nothing is remembered */
  const struct _CasaFeeds *feeds; /* NULL: none */

  /* Private: ask by the functions below. */
  enum { CASA_READ_NOT_YET, CASA_READ_FAILED, CASA_READ_DONE } flat, tree;
  guint n_members;
  CasaMember members[CASA_FLAT_MEMBERS_MAX];
  json_t *root;
  CasaReason why; /* why there is no tree */
} CasaPayload;

/* Nothing is read yet, and nothing copied: @payload must outlive it. @now_ms: arrival. Of a message longer than @limits take at
 * all, no byte is looked at. */
void casa_payload_init(CasaPayload *self, const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len,
                       gint64 now_ms);
/* Lets go of what was read. */
void casa_payload_clear(CasaPayload *self);

/* Its members when it is a flat JSON object (see member.h); NULL when it is not. */
const CasaMember *casa_payload_members(CasaPayload *self, guint *n);
/* Its JSON, all numbers reals, numbers that JSON does not know (NaN…) as strings; NULL when it is not JSON, and *why (may be
 * NULL) says so. Owned by the message. */
json_t *casa_payload_json(CasaPayload *self, const CasaReason **why);
/* Whether it is a JSON object with a member of this name. */
gboolean casa_payload_has(CasaPayload *self, const char *name);

/* Whether the kit's own topic is like @pattern, in which, as in MQTT's filters, + stands for a level and # for all that
 * follow. */
gboolean casa_payload_kit_is(const CasaPayload *self, const char *pattern);
/* What @format noted of this source: see memory.h. */
const char *casa_payload_recall(const CasaPayload *self, const char *format, const char *key, gsize *len);
/* Level @i of the kit's own topic (from the end: -1 is the last), not NUL-terminated; NULL when there is none. */
const char *casa_payload_kit_level(const CasaPayload *self, int i, gsize *len);

G_END_DECLS
