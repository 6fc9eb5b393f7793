/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/decode.h"

G_BEGIN_DECLS

/* casa_decode_reading() with only one of the two JSON readers, so that a test can hold them against each other. The flat
 * one answers FALSE with why->code NULL when the payload is not for it. */
gboolean casa_decode_reading_flat(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                                  const char *payload, gsize len, gint64 now_ms, CasaReading *out, CasaReason *why);
gboolean casa_decode_reading_tree(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                                  const char *payload, gsize len, gint64 now_ms, CasaReading *out, CasaReason *why);

G_END_DECLS
