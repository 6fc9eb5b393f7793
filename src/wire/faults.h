/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reason.h"

G_BEGIN_DECLS

/* What is wrong with bytes that are no number and no JSON, as far as it can be told: each habit of other languages and systems
 * with its cure. */

/* A payload that no format knows. @metric: what it would be the value of, "" when nothing says so. FALSE: nothing is known
 * better than "not JSON". */
gboolean casa_fault_of_payload(const char *bytes, gsize len, const char *metric, CasaReason *why);
/* A text of the field @field that is no number. FALSE: it looks like no number at all. */
gboolean casa_fault_of_text(const char *text, gsize len, const char *field, CasaReason *why);

G_END_DECLS
