/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/decode.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Any JSON payload, guarded: size, UTF-8 and nesting are checked before jansson sees it, duplicate keys are refused, and
 * all numbers are reals. NaN, Infinity and numbers beyond a double, which are no JSON, become strings, so that only the
 * field is refused and not its message. NULL: @why is filled. (transfer full: json_decref). Any thread. */
json_t *casa_tree_load(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why);

/* Size and encoding alone, for the reader that does not need jansson. */
gboolean casa_tree_check_bytes(const CasaWireLimits *limits, const char *payload, gsize len, CasaReason *why);

G_END_DECLS
