/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/decoded.h"

G_BEGIN_DECLS

/* Builds payloads as docs/WIRE.md shows them, into a reused GString; locale-independent, fixed decimals so that the
 * same values give the same bytes anywhere. */

/* Starts `{"t":<t_ms>` (replaces @out's content). */
void casa_encode_begin(GString *out, gint64 t_ms);
void casa_encode_seq(GString *out, guint64 seq); /* Adds `,"seq":<seq>` */
/* Appends `,"name":value` with @decimals (0..6) digits after the point, rounded half away from zero; -0 is written 0. */
void casa_encode_number(GString *out, const char *name, double value, guint decimals);
void casa_encode_end(GString *out); /* `}` */

/* Appends @text, which must be UTF-8, as a JSON string with its quotes. */
void casa_encode_string(GString *out, const char *text);

/* {"station":…,"field":…,"code":…,"reason":…,"cure":…}: something that was refused, in English. What there is not is left
 * out. */
void casa_encode_refused(GString *out, const CasaRefused *refused);

/* A retained descriptor payload. Strings are UTF-8, escaped. NULL members are left out. */
void casa_encode_descriptor(GString *out, const char *name, const char *name_ar, const char *kind, const char *domain,
                            double lat, double lon, gboolean simulated);

G_END_DECLS
