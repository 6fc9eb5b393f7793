/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "cli.h"
#include "wire/decoder.h"
#include "wire/event.h"
#include "wire/report.h"

G_BEGIN_DECLS

/* What `casa check` answers of one payload. One thread. */

typedef struct {
  const CasaConfig *config;
  CasaMetrics *metrics;
  CasaWireLimits limits;
  CasaDecoder *decoder;
  CasaDecoded *decoded;
  gint64 now_ms;                   /* 0: the clock */
  gboolean json, contract, closed; /* contract: --json; closed: stdout takes no more */
  gboolean live;                   /* the topic stands before each answer */
  const char *format;              /* NULL: as it looks */
  const char *source;              /* whose topics of kits' own are; NULL: such topics are wrong */
  guint64 line, refused;
  GString *out;
} CliCheck;

/* What the payload would become. */
typedef struct {
  CasaTopic topic;
  gboolean usable, ignored;
  const CasaDecoded *decoded; /* of the Check; NULL: the topic is not one of readings */
  CasaDescriptor descriptor;
  CasaEvent event;
  CasaReport report;
  CasaReason why;         /* of what has no readings */
  char *hint, *new_names; /* owned; NULL: nothing to add */
} CliVerdict;

/* Why @v, or a part of it, is refused; NULL when nothing is. */
const CasaReason *cli_verdict_refusal(const CliVerdict *v);

/* Append the answer to @self->out: in words, as the JSON of before --json, and as that which docs/WIRE.md promises. */
void cli_check_answer_text(CliCheck *self, const CliVerdict *v);
void cli_check_answer_json(CliCheck *self, const CliVerdict *v);
void cli_check_answer_contract(CliCheck *self, const char *topic, gsize topic_len, const CliVerdict *v);

G_END_DECLS
