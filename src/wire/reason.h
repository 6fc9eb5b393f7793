/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Why something was refused: a code and its arguments. The words are made where somebody reads them: casa_reason_text() makes
 * English ones; other languages keep templates of their own by CasaWhy and fill them with casa_reason_expand(). */

/* One for each sentence. Several can share a code. The sentences stand in reason.c. */
typedef enum {
  CASA_WHY_NONE,
  /* topic */
  CASA_WHY_TOPIC_ROOT,    /* got: the topic; wanted: the root */
  CASA_WHY_TOPIC_EMPTY,   /* field: which level */
  CASA_WHY_TOPIC_LONG,    /* field: which level; got: the level; more: its bytes; wanted: bytes at most */
  CASA_WHY_TOPIC_CHARS,   /* field: which level; got: the level */
  CASA_WHY_TOPIC_DEVICE,  /* got: the source, a device's user; wanted: its team */
  CASA_WHY_TOPIC_SPECIAL, /* got: the level that begins with $ */
  CASA_WHY_TOPIC_LEVELS,  /* got: how many levels */
  CASA_WHY_TOPIC_KIT,     /* nothing stands below kit */
  CASA_WHY_TOPIC_UTF8,    /* got: the kit's topic */
  CASA_WHY_DOMAIN,        /* got: the domain */
  /* the payload as a whole */
  CASA_WHY_SIZE,        /* got: bytes; wanted: bytes at most */
  CASA_WHY_UTF8_NUL,    /* ends in a NUL byte */
  CASA_WHY_UTF8,        /* got: the byte; more: its offset */
  CASA_WHY_EMPTY,       /* on a station's topic */
  CASA_WHY_EMPTY_PLAIN, /* on a metric's topic */
  CASA_WHY_DEPTH,       /* wanted: levels at most */
  CASA_WHY_JSON_KEY,    /* got: the JSON reader's words */
  CASA_WHY_JSON,        /* field: line and column; got: the JSON reader's words; more: how the payload begins */
  CASA_WHY_ROOT_NUMBER, /* more: the station */
  CASA_WHY_ROOT_TYPE,   /* got: the type */
  CASA_WHY_NOTHING,     /* no metric in it */
  CASA_WHY_NO_VALUE,    /* an object without "value" on a metric's topic */
  CASA_WHY_FORMAT,      /* no format knows it; got: how the payload begins */
  CASA_WHY_BATCH,       /* got: readings; wanted: readings at most */
  /* one field */
  CASA_WHY_NOT_NUMBER,   /* field; got: the type */
  CASA_WHY_NULL,         /* field */
  CASA_WHY_NOT_FINITE,   /* field */
  CASA_WHY_BOOLEAN,      /* field; wanted: the metric; more: its unit */
  CASA_WHY_RANGE,        /* field; got: the value; wanted: the range with its unit; more: the metric and its unit */
  CASA_WHY_TWICE,        /* field; wanted: the metric */
  CASA_WHY_FIELDS,       /* field; wanted: metrics at most */
  CASA_WHY_NAME,         /* field */
  CASA_WHY_TOPIC_METRIC, /* field: the metric of the topic, of which no name can be made */
  CASA_WHY_SEQ,          /* field */
  CASA_WHY_NAMED,        /* a text beside the value names no metric that is known; wanted: the value */
  CASA_WHY_NAMED_TWICE,  /* two texts beside the value name two metrics; wanted: the value */
  CASA_WHY_OF_WHICH,     /* "value" on a station's topic; more: the station */
  CASA_WHY_STATION_NAME, /* field; got: the name, of which no topic level can be made */
  CASA_WHY_READING,      /* got: the type of an element that should be an object */
  CASA_WHY_ABSENT,       /* field; got: a word that says that there is no reading */
  CASA_WHY_EXACT,        /* field; got: the value, which a double does not hold exactly */
  CASA_WHY_COMMA,        /* field; got: "21,4"; wanted: "21.4" */
  CASA_WHY_THOUSANDS,    /* field; got: "1,013.25"; wanted: "1013.25" */
  CASA_WHY_LOOSE,        /* field; got: "5."; wanted: "5" */
  CASA_WHY_UNIT_BEHIND,  /* field; got: "21.4 °C"; wanted: "21.4"; more: "°C" */
  /* what is nearly JSON, or none */
  CASA_WHY_JSON_COMMA,    /* got: "21,4"; wanted: "21.4" */
  CASA_WHY_JSON_NAME,     /* got: a name without double quotes */
  CASA_WHY_JSON_WORD,     /* got: None, True… */
  CASA_WHY_JSON_TRAILING, /* a comma before } or ] */
  CASA_WHY_JSON_LOOSE,    /* got: ".5"; wanted: "0.5" */
  CASA_WHY_JSON_CUT,      /* got: its last characters; more: its bytes */
  CASA_WHY_JSON_TWICE,    /* one value behind another */
  CASA_WHY_JSON_QUOTED,   /* an object as a text in quotes */
  CASA_WHY_SWITCH,        /* got: "ON" */
  CASA_WHY_PAIR,          /* got: a name; wanted: its number; more: all of them as JSON */
  CASA_WHY_LIST,          /* several numbers, without names */
  CASA_WHY_SENTENCE,      /* of a GPS receiver; got: which; wanted: its place as JSON */
  CASA_WHY_ENCODED,       /* got: Base64…; wanted: what is in it, or what to send */
  CASA_WHY_MARKUP,        /* got: XML…; wanted: its numbers as JSON */
  CASA_WHY_WORDS,         /* got: how the text begins */
  CASA_WHY_PACKED,        /* got: gzip… */
  CASA_WHY_UTF16,
  CASA_WHY_BINARY, /* got: what it looks like */
  /* kits */
  CASA_WHY_NO_CODEC,  /* LoRaWAN: nobody decoded the device's bytes */
  CASA_WHY_ENCRYPTED, /* got: the kit */
  CASA_WHY_NAMELESS,  /* field; got: its value; wanted: what to write into feeds.conf: nothing in the message says of what */
  CASA_WHY_INDEX,     /* field; got: the index; wanted: the unit of what is asked for */
  CASA_WHY_TEMPLATE,  /* field: the metric; got: the template */
  CASA_WHY_ALIAS,     /* field: an alias that no birth told */
  CASA_WHY_DATA,      /* field; got: what it should be */
  CASA_WHY_LINE,      /* field: the number of the line; got: how it begins */
  /* unit */
  CASA_WHY_UNIT,         /* got: the unit; wanted: the metric; more: what to send */
  CASA_WHY_UNIT_NO_TEXT, /* field; got: the type */
  CASA_WHY_UNIT_SMALL,   /* field; got: the unit as it is written; wanted: the metric of milli; more: that of mega */
  CASA_WHY_UNIT_LIKELY,  /* field; got: the value; wanted: the unit it is taken for; more: the metric */
  CASA_WHY_NO_FIX,       /* lat 0, lon 0 */
  /* time */
  CASA_WHY_TIME_TEXT,   /* field; got: the text */
  CASA_WHY_TIME_ZONE,   /* field; got: the text, which says no zone */
  CASA_WHY_TIME_PLACE,  /* field; got: a time zone that is not known */
  CASA_WHY_TIME_TYPE,   /* field; got: the type */
  CASA_WHY_TIME_FUTURE, /* got: the time; more: seconds ahead */
  CASA_WHY_TIME_PAST,   /* got: the time; more: hours that are kept */
  /* a station's description */
  CASA_WHY_ABOUT_EMPTY,
  CASA_WHY_ABOUT_TYPE,
  CASA_WHY_ABOUT_NO_DOMAIN, /* wanted: the domains that it may be of */
  CASA_WHY_ABOUT_DOMAIN,    /* got: the domain */
  CASA_WHY_ABOUT_NAME,      /* field; wanted: bytes at most */
  CASA_WHY_ABOUT_PLACE,     /* field; wanted: degrees at most */
  /* an event */
  CASA_WHY_EVENT_TYPE,
  CASA_WHY_EVENT_EMPTY,
  CASA_WHY_EVENT_NAME, /* field; wanted: bytes at most */
  CASA_WHY_EVENT_TIME, /* field */
  CASA_WHY_EVENT_ORDER,
  CASA_WHY_EVENT_INTENSITY,
  /* a report */
  CASA_WHY_REPORT_TYPE,
  CASA_WHY_REPORT_SERVICE, /* wanted: bytes at most */
  CASA_WHY_REPORT_PLACE,   /* field; wanted: degrees at most */
  CASA_WHY_REPORT_TEXT,    /* wanted: bytes at most */
  /* limits of a source */
  CASA_WHY_SERIES_SOURCE,   /* got: the source; wanted: series at most */
  CASA_WHY_SERIES_STORE,    /* wanted: series at most */
  CASA_WHY_SERIES_LEFT,     /* got: source; wanted: series that it has */
  CASA_WHY_STATIONS_SOURCE, /* got: the source; wanted: stations at most */
  CASA_WHY_STATIONS_STORE,  /* wanted: stations at most */
  CASA_WHY_STATIONS_LEFT,   /* got: source; wanted: stations that it has */
  CASA_WHY_QUOTA_SOURCE,    /* got: the source; more: messages over it; wanted: how much a second; field: the key */
  CASA_WHY_QUOTA_OTHERS,    /* more; wanted; field: as above, of the sources beyond those that are told apart */
  CASA_WHY_QUOTA_NOBODY,    /* more; wanted; field: as above, of topics without a source */
  CASA_WHY_N,
} CasaWhy;

/* Bytes of an argument, with its NUL. */
#define CASA_QUOTE_SIZE 80

/* @code is static and stable (docs/WIRE.md lists the codes); NULL: there is no reason. The arguments are printable UTF-8, cut
 * at a character; they may quote strangers: never markup. */
typedef struct {
  CasaWhy why;
  const char *code;
  char field[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE], wanted[CASA_QUOTE_SIZE], more[CASA_QUOTE_SIZE];
} CasaReason;

typedef struct {
  const char *field, *got, *wanted, *more; /* NULL: "" */
} CasaReasonArgs;

/* Fills @reason (NULL: nothing to fill), as in casa_reason_set(why, CASA_WHY_NAME, .field = name). */
#define casa_reason_set(reason, why, ...) casa_reason_fill((reason), (why), &(const CasaReasonArgs){ __VA_ARGS__ })
void casa_reason_fill(CasaReason *reason, CasaWhy why, const CasaReasonArgs *args); /* What casa_reason_set() calls */

/* The name of a sentence in stores and on wires: it never changes. NULL of CASA_WHY_NONE. Static. */
const char *casa_reason_name(CasaWhy why);
CasaWhy casa_reason_find(const char *name); /* The sentence of that name; CASA_WHY_NONE: this program knows none */

/* The code that belongs to @why. */
const char *casa_reason_code(CasaWhy why);

/* Whether its argument `field` is the name of a field of the payload. */
gboolean casa_reason_is_of_field(const CasaReason *reason);

/* English templates: what is wrong, and what to do about it ("" when there is nothing to add). {field}, {got}, {wanted} and
 * {more} stand for the arguments. Static. */
const char *casa_reason_template(CasaWhy why);
const char *casa_reason_cure_template(CasaWhy why); /* What to do about it */

/* Longer than any sentence with its arguments. */
#define CASA_REASON_SIZE 768

/* Writes @template with the arguments of @reason in it to @out, cut at a character. Returns @out. */
char *casa_reason_expand(const CasaReason *reason, const char *template, char out[CASA_REASON_SIZE]);
/* In English: what is wrong; what to do about it; both, with "; " between them. Return @out. */
char *casa_reason_what(const CasaReason *reason, char out[CASA_REASON_SIZE]);
char *casa_reason_cure(const CasaReason *reason, char out[CASA_REASON_SIZE]); /* What to do about it */
char *casa_reason_text(const CasaReason *reason, char out[CASA_REASON_SIZE]); /* Both */

/* The same in @language: "fr", "ar", else English. Return @out. */
char *casa_reason_what_in(const CasaReason *reason, const char *language, char out[CASA_REASON_SIZE]);
char *casa_reason_cure_in(const CasaReason *reason, const char *language, char out[CASA_REASON_SIZE]);
char *casa_reason_text_in(const CasaReason *reason, const char *language, char out[CASA_REASON_SIZE]);

/* As JSON, to be told in another language later: {"why":"not-number","field":"pm10","got":"text"}; arguments that are empty are
 * left out. Appends to @out. */
void casa_reason_append_json(const CasaReason *reason, GString *out);
/* Reads an array of such objects back into @out, at most @max; sentences that this program does not know are left out. @json
 * may be NULL or no JSON. Returns how many there are. Any thread. */
guint casa_reasons_from_json(const char *json, CasaReason *out, guint max);

/* Writes @len foreign bytes into @buf as printable UTF-8: unprintable bytes as \xNN, "…" when it was cut. Returns @buf. */
char *casa_reason_quote(char buf[CASA_QUOTE_SIZE], const char *bytes, gsize len);
/* Numbers as arguments, six digits of @value, without regard to the locale. Return @buf. */
char *casa_reason_number(char buf[CASA_QUOTE_SIZE], double value);
char *casa_reason_count(char buf[CASA_QUOTE_SIZE], guint64 n); /* A whole number */

G_END_DECLS
