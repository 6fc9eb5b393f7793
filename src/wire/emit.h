/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"
#include "wire/decoded.h"
#include "wire/member.h"
#include "wire/memory.h"
#include "wire/number.h"

G_BEGIN_DECLS

/* How a format says what it found in a message. The rules of docs/WIRE.md (names, units, ranges, times, limits) are kept here,
 * once for all formats; a format only knows where things stand.
 *
 *   casa_emit_begin(e);                         a reading: one station, one moment
 *   casa_emit_station(e, "Toit 1", 6);          whose; without it, the topic's
 *   casa_emit_time(e, &member);                 when; without it, the moment of arrival
 *   casa_emit_value(e, &member, "°F");          what, as often as needed
 *   casa_emit_end(e);                           judged as a whole, and taken or refused
 *
 * Station, time and seq may come after the values. A format that finds several stations or moments begins as many readings. */

typedef struct {
  const CasaMetrics *metrics;
  const CasaWireLimits *limits;
  const CasaTopic *topic;
  gint64 now_ms;
  CasaMemory *memory;
  const char *format; /* id */
  CasaDecoded *out;

  /* Private: the reading under way. */
  gboolean open;
  gboolean full;                            /* the message has all the readings it may have */
  guint n_over;                             /* readings beyond them */
  char domain[CASA_NAME_MAX + 1];           /* "": each metric's own */
  char station[CASA_NAME_MAX + 1];          /* "": there is none yet */
  CasaReading head;                         /* without its fields */
  guint first, n;                           /* its fields in out->fields */
  const CasaMetric *known[CASA_FIELDS_MAX]; /* of the fields; NULL: not in the catalogue */
  gboolean has_place;                       /* a lat or a lon is among them */
  guint first_refusal;                      /* of it, in out->refusals */
  guint time_rank;                          /* which alias of `t` was the best so far; 0 = `t` itself */
  gboolean time_bad;
  CasaReason time_why;
  gboolean wall, wall_word; /* a time without a zone waits for one beside it; wall_word: it is no more than a word's */
  gint64 wall_ms;
  GTimeZone *zone;                /* said beside the time; NULL: none */
  gboolean zone_city;             /* it is the city's, which knows better than the machine */
  char zone_bad[CASA_QUOTE_SIZE]; /* what was said and is none; "": nothing */
  char zone_name[CASA_QUOTE_SIZE];
} CasaEmit;

/* Called by the decoder around a format. */
void casa_emit_init(CasaEmit *self, const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                    gint64 now_ms, CasaMemory *memory, CasaDecoded *out);
void casa_emit_finish(CasaEmit *self); /* Ends a reading that is under way, and puts the readings together */

/* FALSE: the message already has as many readings as it may have (limits->max_readings); what is left need not be looked at,
 * and is told as one refusal. Ends a reading that is under way. */
gboolean casa_emit_begin(CasaEmit *self);
/* A message of many readings has this many values a reading at most, on the average of limits->max_readings. */
#define CASA_VALUES_PER_READING 4
/* @n readings that the format has not even looked at, as there are more of them than limits->max_readings. */
void casa_emit_over(CasaEmit *self, guint n);
void casa_emit_end(CasaEmit *self); /* Ends the reading: it is in the answer if it has any value */

/* The station, as the kit calls it: brought to a level of a topic (small letters without accents, digits, - and _; what is too
 * long is cut). FALSE: nothing of it is left, and the reading stays with the station it had. */
gboolean casa_emit_station(CasaEmit *self, const char *name, gsize len);
/* The station so far; "": there is none yet. Valid until it changes. */
const char *casa_emit_whose(const CasaEmit *self);
/* The domain of all that follows, if metrics.conf declares it; else, and with NULL, each metric goes to its own, and what no
 * catalogue knows to CASA_KIT_DOMAIN. Only for kits: on the station's own topics the topic decides. */
void casa_emit_domain(CasaEmit *self, const char *domain);

/* When: RFC 3339 with a zone, or a Unix epoch whose unit is told by its size; null is the moment of arrival. What is none of
 * these refuses the whole reading. */
void casa_emit_time(CasaEmit *self, const CasaMember *member);
/* The same for a member that may be one of t, ts, time and timestamp: FALSE when it is none. The first of them wins, in
 * whatever order they come. Also in capitals, but for T, which may be a temperature. And for one that tells the zone of a time
 * that says none: tz, timezone, utc_offset… */
gboolean casa_emit_time_named(CasaEmit *self, const CasaMember *member);
/* Only the last of these: whether @member tells the zone of the times beside it, which is then kept for the reading. */
gboolean casa_emit_zone_named(CasaEmit *self, const CasaMember *member);
void casa_emit_time_ms(CasaEmit *self, gint64 t_ms); /* UTC ms since 1970 */
/* FALSE: the member is not called seq. */
gboolean casa_emit_seq_named(CasaEmit *self, const CasaMember *member);

/* One value under the name that the publisher gave it: a number, a boolean, or a text that is wholly a number; everything else
 * is refused by name. @unit as the publisher writes it; NULL or "": the canonical one. A unit that the metric does not know
 * refuses the value. A name with its unit at its end (temp_f, load_kw) is understood. */
void casa_emit_value(CasaEmit *self, const CasaMember *member, const char *unit);
/* The same for a number that a format has worked out. */
void casa_emit_number(CasaEmit *self, const char *name, double value, const char *unit);
/* A text of a kit's that is a number and a unit of its metric, "21.5 °C"; casa_emit_value() tries it by itself. FALSE: it is
 * none, or the message is no kit's, and nothing is said. */
gboolean casa_emit_quantity(CasaEmit *self, const CasaMember *member);

/* What cannot be used, with how many values went with it (0: nothing that would be one). */
void casa_emit_refuse(CasaEmit *self, guint values, const CasaReason *why);
/* The message was understood, and is not meant to be stored: a discovery, a configuration, a birth. */
void casa_emit_understood(CasaEmit *self);
/* What the kit says of a station: @station as in casa_emit_station(); @name for people, @kind a word (both may be NULL); @lat
 * and @lon degrees, NAN when it does not say where. 0, 0 is no position. */
void casa_emit_describe(CasaEmit *self, const char *station, const char *name, const char *kind, double lat, double lon);

/* Notes of this format about this source: see memory.h. */
void casa_emit_remember(CasaEmit *self, const char *key, const void *bytes, gsize len);
const char *casa_emit_recall(CasaEmit *self, const char *key, gsize *len); /* The bytes of a note, or NULL */

/* What the catalogue knows by @name, as it is written or as it is cleaned; NULL: nothing. */
const CasaMetric *casa_emit_find_metric(const CasaEmit *self, const char *name, gsize len);
/* Of a name of the publisher's own that ends in a unit ("battery_v"): a metric of the catalogue that knows both that unit and
 * @unit, so that one can be brought to the other; NULL: there is none. */
const CasaMetric *casa_emit_metric_of_units(const CasaEmit *self, const char *name, gsize len, const char *unit);

/* Whether @unit tells what a name that the catalogue does not have is: so, or as current in A is current_a. */
gboolean casa_emit_knows_by_unit(const CasaEmit *self, const char *name, gsize len, const char *unit);

/* Whether a field of this name tells something else than a measurement ("t", "seq", "unit", "value"…): no metric of an object
 * can have it. Any thread. */
gboolean casa_emit_is_reserved(const char *name);
gboolean casa_emit_is_reserved_member(const CasaMember *member); /* The same for the name of @member */

G_END_DECLS
