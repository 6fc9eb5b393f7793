/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Publishes QoS 1 as fast as a broker takes it, for so little processor time (a socket and a buffer, MQTT 3.1.1) that what
 * is measured is the broker and its subscriber. */
typedef struct {
  guint16 port; /* on 127.0.0.1 */
  guint messages;
  guint topics;    /* messages go round them */
  guint values;    /* 1: a metric topic with one value; 2-4: a station topic with so many */
  gint64 first_ms; /* time of the first message; each next one is 10 ms later */
} Publisher;

/* Returns when the broker has acknowledged everything. Aborts when it refuses. Mean bytes of a payload. */
double publisher_run(const Publisher *what);

G_END_DECLS
