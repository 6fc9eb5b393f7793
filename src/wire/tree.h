/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reading.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Any JSON payload, guarded: UTF-8 and nesting are checked before jansson sees it, duplicate keys are refused, and
 * all numbers are reals. NaN, Infinity and numbers beyond a double, which are no JSON, become strings, so that only the
 * field is refused and not its message. NULL: @why is filled. (transfer full: json_decref). Any thread. */
json_t *casa_tree_load(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why);

/* Of what has the limit of one reading. FALSE: @why is filled. */
gboolean casa_tree_check_size(const CasaWireLimits *limits, gsize len, CasaReason *why);

G_END_DECLS
