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
  guint before;     /* the one of the same series before it, plus one; 0 = none */
  gint64 newest_ms; /* of it and of those before it */
  /* Of the last one so far whose time is ours: that time, and where it went, since all between is taken. G_MININT64: none. */
  gint64 asked_ms, given_ms;
} CasaStaged;

#define CASA_SEALED (-1)

/* Two samples of one series that carry our own clock's time within this many ms of each other are two samples, however
 * fast they came: the later moves on to the next free millisecond. */
#define CASA_ARRIVAL_CROWD_MS 1000

typedef struct {
  CasaStore *store;
  const CasaReading *readings;
  guint n_readings;
  const CasaDelivery *delivery;
  gint64 received_ms;
  CasaPutResult *out;
  gboolean notes;           /* the message may come again, and only its bytes can tell that it did */
  GArray *staged;           /* CasaStaged; the store's */
  const CasaStaged *bearer; /* the one whose row says so, NULL: none */
  gboolean new_arrival;     /* schema.h: CASA_LAG_SQL */
  gint64 arrival_ms;
} CasaPutRun;

/* The sensor said when; else the time is ours. */
static inline gboolean
casa_put_is_timed(const CasaReading *reading)
{
  return reading->time_source == CASA_TIME_PAYLOAD;
}

/* free-time.c. Moves *@t, which is our own time @asked or later, on to where the series has no sample yet: the next such
 * millisecond, or the first after all it has when there is none within CASA_ARRIVAL_CROWD_MS of @asked, or it would have to be
 * looked for in many blocks. The work is bounded. FALSE: SQLite said no. */
gboolean casa_put_free_time(CasaStore *self, const CasaRecent *recent, guint series, gint64 asked, gint64 *t);

/* Writes all that is staged in one transaction. FALSE: SQLite said no. */
gboolean casa_put_write(CasaPutRun *run);
/* What is remembered of it, once it is durable. */
void casa_put_remember(CasaPutRun *run);

G_END_DECLS
