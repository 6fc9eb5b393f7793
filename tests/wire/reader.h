/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/decoder.h"

/* Payloads decoded by the configuration's own metrics, with the limits of the defaults, at a given moment. */

/* 2026-05-21T17:42:08Z, a second after the examples of docs/WIRE.md. */
#define READER_NOW G_GINT64_CONSTANT(1779385328000)

/* So many bytes of a payload are handed over, whatever its length; more than the limits take. */
#define READER_KEPT 70000

extern const CasaWireLimits reader_limits;

void reader_open(void);
void reader_close(void);

/* Begins anew with a decoder that takes so many readings of a message. */
void reader_limit(guint max_readings);
/* The zone of times that say none, from the next message on; NULL: none is stated. */
void reader_set_zone(const char *name);

/* What @payload on @topic is decoded to; valid until the next. @len -1: to its NUL. A verdict is always complete: what is
 * refused has words, what is refused whole has a reason. */
const CasaDecoded *reader_decode(const char *topic, const char *payload, gssize len, gboolean *usable);
/* Of the first reading that has @metric; NAN: none has. */
double reader_value(const CasaDecoded *decoded, const char *metric);
/* In English; valid until the next. "" for NULL. */
const char *reader_words(const CasaReason *why);
