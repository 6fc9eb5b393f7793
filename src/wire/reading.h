/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"
#include "wire/topic.h"

G_BEGIN_DECLS

/* Metrics of one station at one moment, at most. */
#define CASA_FIELDS_MAX 64

typedef enum {
  CASA_TIME_PAYLOAD, /* the sensor said when */
  CASA_TIME_ARRIVAL, /* no time given: arrival time */
  CASA_TIME_UPTIME,  /* the time given was a device's uptime (< 1e9): arrival time, sample marked */
} CasaTimeSource;

typedef struct {
  char metric[CASA_NAME_MAX + 1]; /* canonical id when known, else the cleaned name */
  double value;                   /* canonical unit, finite */
} CasaField;

/* What one station measured at one moment. */
typedef struct {
  char source[CASA_NAME_MAX + 1], domain[CASA_NAME_MAX + 1], station[CASA_NAME_MAX + 1];
  gint64 t_ms; /* UTC */
  CasaTimeSource time_source;
  gboolean has_seq;
  gint64 seq;
  guint n_fields;    /* at most CASA_FIELDS_MAX */
  CasaField *fields; /* not owned */
} CasaReading;

/* What a station is: of a retained `$station` message, or of what a kit says of its devices. */
typedef struct {
  char source[CASA_NAME_MAX + 1], station[CASA_NAME_MAX + 1];
  char domain[CASA_NAME_MAX + 1]; /* "": of whatever domain the station has readings */
  char kind[CASA_NAME_MAX + 1];
  char name[128], name_ar[128];
  gboolean has_position;
  double lat, lon; /* degrees, WGS 84 */
  gboolean simulated;
} CasaDescriptor;

/* What is read of one message. */
typedef struct {
  guint max_payload, max_depth, max_fields; /* bytes, JSON nesting, metrics of one reading */
  gint64 future_ms;                         /* a reading further ahead of now is `time-future` */
  gint64 retention_ms;                      /* older than now - this is `time-past`; 0: none is */
  guint max_batch;                          /* bytes of a message of many readings */
  guint max_readings;                       /* readings of one message */
  GTimeZone *zone;                          /* of kits' times that say none; NULL: none is stated. Not owned */
} CasaWireLimits;

/* Unix epoch of unknown unit → UTC ms by its size: < 5e9 s, < 5e12 ms, < 5e15 µs, else ns. FALSE when below 1e9 (an uptime) or
 * not finite. */
gboolean casa_epoch_to_ms(double epoch, gint64 *out_ms);

/* Payload of a CASA_TOPIC_DESCRIPTOR; @metrics knows the aliases of lat and lon. Its domain is "" where it says none. FALSE:
 * @why filled. Any thread. */
gboolean casa_decode_descriptor(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                                const void *payload, gsize len, CasaDescriptor *out, CasaReason *why);

/* The domain of @descriptor, where it says none: the one in @measured, the domains in which the station is known already
 * (NULL-terminated, may be NULL), else that of its kind. FALSE: none of these tells it, or it is not declared; @why filled. */
gboolean casa_descriptor_settle(const CasaMetrics *metrics, const char *const *measured, CasaDescriptor *descriptor,
                                CasaReason *why);

G_END_DECLS
