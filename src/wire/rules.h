/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/decode.h"
#include "wire/member.h"
#include "wire/number.h"

G_BEGIN_DECLS

/* The rules of docs/WIRE.md, member by member; where the JSON came from does not matter here. One message at a time. */
typedef struct {
  const CasaMetrics *metrics;
  const CasaWireLimits *limits;
  const CasaTopic *topic;
  gint64 now_ms;
  CasaReading *out;
  guint time_rank; /* which alias of `t` was the best so far; 0 = `t` itself */
  gboolean time_bad;
  CasaReason time_why;
  CasaMember value; /* of an object on a metric topic */
  gboolean has_value;
  char unit[32];
} CasaRules;

void casa_rules_begin(CasaRules *self, const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                      gint64 now_ms, CasaReading *out);
/* A member of a station's object, or of an object on a metric topic. */
void casa_rules_station_member(CasaRules *self, const CasaMember *member);
void casa_rules_metric_member(CasaRules *self, const CasaMember *member);
/* The whole payload of a metric topic. */
void casa_rules_plain(CasaRules *self, const CasaMember *value);
/* Judges the message as a whole. */
gboolean casa_rules_end(CasaRules *self, CasaReason *why);

/* A number, a boolean or a text that is wholly a number. */
CasaNumberResult casa_member_number(const CasaMember *member, double *out);
/* "text", "null"… for messages. */
const char *casa_member_type_name(const CasaMember *member);

G_END_DECLS
