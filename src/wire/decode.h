/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/metrics.h"
#include "wire/topic.h"

G_BEGIN_DECLS

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

/* One decoded message: what one station measured at one moment. Reused between messages; holds no pointers. */
typedef struct {
  char source[CASA_NAME_MAX + 1], domain[CASA_NAME_MAX + 1], station[CASA_NAME_MAX + 1];
  gint64 t_ms;
  CasaTimeSource time_source;
  gboolean has_seq;
  gint64 seq;
  guint n_fields;
  CasaField fields[CASA_FIELDS_MAX];
  guint n_refused;    /* fields refused inside a message that is otherwise used */
  CasaReason refused; /* the first of them */
} CasaReading;

/* What a retained `$station` message says. */
typedef struct {
  char source[CASA_NAME_MAX + 1], station[CASA_NAME_MAX + 1], domain[CASA_NAME_MAX + 1], kind[CASA_NAME_MAX + 1];
  char name[128], name_ar[128];
  gboolean has_position;
  double lat, lon;
  gboolean simulated;
} CasaDescriptor;

typedef struct {
  guint max_payload, max_depth, max_fields;
  gint64 future_ms;    /* a reading further ahead of now is `time-future` */
  gint64 retention_ms; /* older than now - this is `time-past` */
} CasaWireLimits;

/* Payload of a CASA_TOPIC_STATION_READING or CASA_TOPIC_METRIC_READING → samples (CONTRACT §2). FALSE: nothing usable,
 * @why filled. TRUE with n_refused > 0: the good fields are in @out. Pure; any thread. */
gboolean casa_decode_reading(const CasaMetrics *metrics, const CasaWireLimits *limits, const CasaTopic *topic,
                             const void *payload, gsize len, gint64 now_ms, CasaReading *out, CasaReason *why);

/* Payload of a CASA_TOPIC_DESCRIPTOR. FALSE: @why filled. */
gboolean casa_decode_descriptor(const CasaWireLimits *limits, const CasaTopic *topic, const void *payload, gsize len,
                                CasaDescriptor *out, CasaReason *why);

/* Whether a field of this name tells something else than a measurement ("t", "seq", "unit", "value"…): no metric of an object
 * can have it. Pure; any thread. */
gboolean casa_decode_is_reserved(const char *name);

/* Unix epoch of unknown unit → UTC ms by its size (CONTRACT §2: < 5e9 s, < 5e12 ms, < 5e15 µs, else ns).
 * FALSE when below 1e9 (uptime) or not finite. */
gboolean casa_epoch_to_ms(double epoch, gint64 *out_ms);

G_END_DECLS
