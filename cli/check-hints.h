/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"
#include "wire/decoded.h"

G_BEGIN_DECLS

/* What `casa check` says beyond the decoder's verdict: the decoder knows what is wrong, this guesses what was meant. */

/* Of a refused message, or one that is stored but for some fields: what the publisher may have meant. @code is the refusal's
 * code. @topic and @payload need not end in NUL. (transfer full); NULL: nothing to add. */
char *cli_check_hint(const CasaMetrics *metrics, const char *root, const char *topic, gsize topic_len, const char *payload,
                     gsize len, const char *code);

/* Of a name that is stored although metrics.conf does not know it, which is as good as a new metric as a misspelt one: that,
 * and which known name is like it. NULL: all names of @decoded are known. (transfer full) */
char *cli_check_new_names(const CasaMetrics *metrics, const CasaDecoded *decoded);

G_END_DECLS
