/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reading.h"

G_BEGIN_DECLS

#define CASA_TOLL_FIGURES 8
#define CASA_TOLLS 8 /* of events that are on at once */

/* What a `$twin` message says: what the events that work cost, by a simulation of the same city without them (docs/WIRE.md,
 * "Without it"). Never a measurement. */
typedef struct {
  gint64 t_ms, since_ms; /* of the city's clock; when the first of those events began */
  guint n;
  struct {
    char name[CASA_NAME_MAX + 1]; /* "passenger_min" */
    double value;
  } figures[CASA_TOLL_FIGURES];
} CasaToll;

/* Payload of a CASA_TOPIC_TOLL: an object with `t`, `since` (Unix milliseconds) and any numbers; the first CASA_TOLL_FIGURES of
 * them count. FALSE: nothing usable. Pure; any thread. */
gboolean casa_decode_toll(const CasaWireLimits *limits, const void *payload, gsize len, CasaToll *out);
/* Keeps @toll among @tolls[CASA_TOLLS], of which *@n are there: in place of the one since the same moment, else of the
 * oldest. */
void casa_tolls_keep(CasaToll *tolls, guint *n, const CasaToll *toll);
/* NAN: it says nothing of @name. */
double casa_toll_figure(const CasaToll *self, const char *name);

G_END_DECLS
