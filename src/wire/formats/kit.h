/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/formats/format.h"

G_BEGIN_DECLS

/* What the formats of kits share: names, states, absent readings, clocks without a zone, several devices in one message. */

/* A name of a kit's, and what it is here. Tables end in an entry of zeros. */
typedef struct {
  const char *theirs; /* in any case */
  const char *ours;   /* NULL: it is no reading, and is passed over */
  const char *unit;   /* NULL: the canonical one */
} CasaKitName;

/* NULL: the table (which may be NULL) does not know it. */
const CasaKitName *casa_kit_find(const CasaKitName *names, const char *name, gsize len);

/* One member by the rules for kits: numbers, and texts that are wholly a number, are values; booleans and words such as ON are
 * states (0, 1); null and words such as "unavailable" are refused as absent; other texts are labels, and passed over, as arrays
 * are, unless the catalogue has a metric of that name; objects are taken member by member. */
void casa_kit_take(CasaEmit *emit, const CasaMember *member, const CasaKitName *names);
/* The same as the metric @ours, in @unit (may be NULL). */
void casa_kit_take_as(CasaEmit *emit, const CasaMember *member, const char *ours, const char *unit);
/* All members of @object (NULL, or no object: none); @prefix, which may be NULL, and _ stand before names the table does not
 * have. */
void casa_kit_take_object(CasaEmit *emit, json_t *object, const CasaKitName *names, const char *prefix);
/* Member @theirs of @object as @ours, if it is there. */
void casa_kit_take_member(CasaEmit *emit, json_t *object, const char *theirs, const char *ours, const char *unit);

/* When, of a clock that may have no zone: then by the stated zone (limits->zone), or, where none is stated, the moment of
 * arrival. A clock that was never set is an uptime. NULL, null, and what is no time are the moment of arrival. */
void casa_kit_time(CasaEmit *emit, json_t *time);
void casa_kit_time_text(CasaEmit *emit, const char *text, gsize len); /* The same for a text of @len bytes */

/* The station that a kit names, below kit/; on our own topics the topic names it. NULL and "" leave it. */
void casa_kit_station(const CasaPayload *payload, CasaEmit *emit, const char *name);
/* The same for one of several devices in a message: on our own topics, it goes behind the topic's name. */
void casa_kit_substation(const CasaPayload *payload, CasaEmit *emit, const char *name);
/* Level @i of the kit's own topic, as a string. (transfer full) NULL: there is none. */
char *casa_kit_level(const CasaPayload *payload, int i);
gboolean casa_kit_level_is(const CasaPayload *payload, int i, const char *level); /* Whether level @i is @level */

/* One chip, channel or sensor of a device. */
typedef struct {
  const char *name;
  json_t *values; /* object, not owned */
} CasaKitPart;

/* One reading for each of the parts that measure the same thing as another, at stations of their own, or one reading of all.
 * @time as for casa_kit_time(). */
void casa_kit_take_parts(CasaEmit *emit, const CasaKitPart *parts, guint n, const CasaKitName *names, json_t *time);

/* A position of the station: as metrics, if it @moves, and as its description. NULL are no numbers. */
void casa_kit_place(CasaEmit *emit, json_t *lat, json_t *lon, const char *name, const char *kind, gboolean moves);

/* The domain that metrics.conf puts @metric into; NULL: it has no such metric. Lives as long as the catalogue. */
const char *casa_kit_domain_of(const CasaEmit *emit, const char *metric);

/* JSON: the member at the end of a path of names; NULL when one of them is not there. */
json_t *casa_kit_at(json_t *object, const char *name, ...) G_GNUC_NULL_TERMINATED;
/* The text of a member, NULL when it is none. */
const char *casa_kit_text(json_t *object, const char *name);
/* A number, or a text that is one; NAN. */
double casa_kit_number(json_t *value);
json_t *casa_kit_root(CasaPayload *payload); /* the payload, if it is a JSON object */
/* A form, "a=1&b=2", as an object of texts. (transfer full) NULL: it is none. */
json_t *casa_kit_form(const CasaPayload *payload);

/* Whether the message is one plain value: a number, a word, a text in quotes; the value, as a member called @name. */
gboolean casa_kit_is_plain(const CasaPayload *payload);
CasaMember casa_kit_plain(const CasaPayload *payload, const char *name); /* That value, as a member called @name */

/* A refusal with one argument, or two. */
void casa_kit_refuse(CasaEmit *emit, guint values, CasaWhy why, const char *field, const char *got);

/* "living_room_temperature": the longest end that the catalogue or the table knows; the length of what stands before it,
 * without its separator. 0: nothing does, or no end of it is known. */
gsize casa_kit_split_name(const CasaEmit *emit, const char *name, gsize len);

G_END_DECLS
