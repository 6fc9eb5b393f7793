/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Exponential back-off with full jitter, pure: the caller brings the random number. */
typedef struct {
  guint min_ms, max_ms;
  guint attempts;
} CasaBackoff;

/* Next wait in ms for @unit_random in [0,1); grows from min to max by doubling; at least min/2. */
guint casa_backoff_next(CasaBackoff *self, double unit_random);
void casa_backoff_reset(CasaBackoff *self); /* It worked: the next wait is the shortest again */

G_END_DECLS
