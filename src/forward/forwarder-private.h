/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "forward/forwarder.h"

G_BEGIN_DECLS

/* How quickly the forwarder goes about its work; tests make it hurry. 0 keeps the default. */
typedef struct {
  guint idle_ms;        /* between looks at an empty outbox: 250 */
  guint denied_ms;      /* between tries at a server that says no: 30000 */
  guint backoff_min_ms; /* 500 */
  guint backoff_max_ms; /* 30000 */
  guint rows;           /* of one batch at most: 5000 */
  guint total_ms;       /* one request at most: 30000 */
} CasaForwardPace;

void casa_forwarder_set_pace(CasaForwarder *self, const CasaForwardPace *pace); /* before start */

G_END_DECLS
