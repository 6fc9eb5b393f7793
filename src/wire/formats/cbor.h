/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/payload.h"

G_BEGIN_DECLS

/* CBOR (RFC 8949) as JSON: the keys of maps become their texts, whole numbers theirs ("-2"), as SenML needs. NULL: it is no
 * CBOR, has something left behind it, or is larger or deeper than @limits allow; no length that it claims is believed before
 * its bytes are there. (transfer full) */
json_t *casa_cbor_load(const CasaWireLimits *limits, const char *bytes, gsize len);

G_END_DECLS
