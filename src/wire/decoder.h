/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "city/metrics.h"
#include "wire/decoded.h"

G_BEGIN_DECLS

/* Turns one message into readings: finds the format that knows it (formats/registry.c) and lets it speak. Remembers what
 * formats noted of each source. One thread; no allocation for an ordinary message. */
typedef struct _CasaDecoder CasaDecoder;

/* What the configuration allows. */
CasaWireLimits casa_wire_limits(const CasaConfig *config);

/* @metrics must outlive it; @limits is copied. */
CasaDecoder *casa_decoder_new(const CasaMetrics *metrics, const CasaWireLimits *limits);
void casa_decoder_free(CasaDecoder *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaDecoder, casa_decoder_free)

/* Reads every message as the format with this id, whatever it looks like; NULL: as it looks. FALSE: there is no such format. */
gboolean casa_decoder_force(CasaDecoder *self, const char *format);

/* Reads @dir/feeds.conf (there need be none): where things stand in messages that no format knows. Errors: CASA_ERROR_CONFIG
 * with file, line, key; then the feeds stay as they were. */
gboolean casa_decoder_load_feeds(CasaDecoder *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* States the zone of times that say none; NULL: none is. Not owned. */
void casa_decoder_set_zone(CasaDecoder *self, GTimeZone *zone);

/* Payload of a station's, a metric's or a kit's topic → @out, which is cleared first. TRUE: there is something to store, or the
 * message was understood and has nothing that could be (out->understood). FALSE: nothing of it can be used, and
 * casa_decoded_why() says why. Refused parts are in out->refusals either way. */
gboolean casa_decoder_decode(CasaDecoder *self, const CasaTopic *topic, const void *payload, gsize len, gint64 now_ms,
                             CasaDecoded *out);

G_END_DECLS
