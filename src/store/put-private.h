/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "store/store-private.h"

G_BEGIN_DECLS

/* One call that stores readings: put.c judges what each value is to its series, put-write.c writes what is new. All under the
 * store's lock. */

/* One value that will be written. */
typedef struct {
  guint series, reading; /* which of the readings it is of */
  gint64 t_ms, replaces; /* journal id of the value that this one replaces, 0 = none, CASA_SEALED = it is in a block */
  double value;
  guint before; /* the one of the same series before it, plus one; 0 = none */
} CasaStaged;

#define CASA_SEALED (-1)

typedef struct {
  CasaStore *store;
  const CasaReading *readings;
  guint n_readings;
  const CasaDelivery *delivery;
  gint64 received_ms;
  CasaPutResult *out;
  gboolean notes;       /* the message may come again, and only its bytes can tell that it did */
  GArray *staged;       /* CasaStaged; the store's */
  gboolean new_arrival; /* schema.h: CASA_LAG_SQL */
  gint64 arrival_ms;
} CasaPutRun;

/* The sensor said when; else the time is ours. */
static inline gboolean
casa_put_is_timed(const CasaReading *reading)
{
  return reading->time_source == CASA_TIME_PAYLOAD;
}

/* Writes all that is staged in one transaction. FALSE: SQLite said no. */
gboolean casa_put_write(CasaPutRun *run);
/* What is remembered of it, once it is durable. */
void casa_put_remember(CasaPutRun *run);

G_END_DECLS
