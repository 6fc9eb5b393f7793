/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/influx-url.h"
#include "stub-http.h"

G_BEGIN_DECLS

/* An InfluxDB of one version, as strict as the real ones and as badly behaved as a test wants. Every request must have the
 * path, parameters and headers of that version, and every body must be gzip of lines without fault; the first that has not
 * fails the test when the stub is freed. Any thread. */
typedef struct _StubInflux StubInflux;

typedef struct {
  StubAnswer write;    /* to a write that nothing below applies to; a 204 keeps the lines */
  gboolean keeps;      /* keeps the lines whatever it answers: the reply is lost, not the data */
  gboolean forgets;    /* keeps nothing whatever it answers */
  const char *bad;     /* a body with a line that holds this gets 400, and the other lines are kept: a partial write */
  gint64 oldest_ms;    /* a body with an older line gets 400, and the other lines are kept */
  gsize too_large;     /* a longer body gets 413; 0: none */
  StubAnswer read;     /* to reading back; status 0: what is kept */
  StubAnswer victoria; /* status not 0: InfluxQL is answered as VictoriaMetrics does, and its export with this; body NULL:
                        * with what is kept */
  StubAnswer metrics;  /* what it tells of itself where VictoriaMetrics does; status 0: 404 */
} StubMood;

StubInflux *stub_influx_new(CasaInfluxApi api, const char *token);
void stub_influx_free(StubInflux *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StubInflux, stub_influx_free)

/* "http://127.0.0.1:port" and "?db=…" as that version wants it. */
const char *stub_influx_address(StubInflux *self);
const char *stub_influx_parameters(StubInflux *self);

void stub_influx_set(StubInflux *self, StubMood mood);
/* The same, only answering writes with @status. */
void stub_influx_answer(StubInflux *self, int status);

/* Different samples kept (series and time), without the check's; all that came, with those that came again. */
guint stub_influx_n_samples(StubInflux *self);
guint stub_influx_n_arrived(StubInflux *self);
/* NAN when it is not there. */
double stub_influx_value(StubInflux *self, const char *domain, const char *station, const char *metric, gint64 t_ms);
/* Requests that wrote data (the check's do not count). */
guint stub_influx_n_writes(StubInflux *self);
StubHttp *stub_influx_http(StubInflux *self);

G_END_DECLS
