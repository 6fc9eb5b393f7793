/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "forward/forwarder-private.h"
#include "stub-influx.h"

G_BEGIN_DECLS

#define FIXTURE_BEGIN_MS G_GINT64_CONSTANT(1779385327000) /* 2026-05-21T17:42:07Z */

/* A fresh store with counters and a forwarder that hurries. Test thread only. */
typedef struct {
  char *dir, *path;
  CasaStore *store;
  CasaCounters *counters;
  CasaConfig config;
  CasaForwardPace pace;
  CasaForwarder *forwarder; /* NULL when none runs */
} Fixture;

void fixture_open(Fixture *self, const char *address, const char *parameters); /* @address NULL: no forwarding */
void fixture_open_stub(Fixture *self, StubInflux *stub);
void fixture_close(Fixture *self); /* stops what runs */

/* Stores one sample; its time is @t_ms after FIXTURE_BEGIN_MS. */
void fixture_put(Fixture *self, const char *station, const char *metric, double value, gint64 t_ms);
/* Stores samples @from … @to-1 of station x, metric pm10: value and time are the number. */
void fixture_put_many(Fixture *self, guint from, guint to);

void fixture_start(Fixture *self);
void fixture_stop(Fixture *self, guint deadline_ms); /* and frees the forwarder */

CasaCounts fixture_counts(Fixture *self);
CasaForwardStatus fixture_status(Fixture *self);
/* Each waits a minute at most, then fails the test saying what it saw. */
void fixture_wait_forwarded(Fixture *self, guint64 samples);
void fixture_wait_state(Fixture *self, CasaForwardState state);
/* The same for words: they can follow their state by a moment. */
void fixture_wait_words(Fixture *self, const char *words);
/* Fails the test when what the forwarder says of itself does not hold @words. */
void fixture_assert_says(Fixture *self, const char *words);
/* One number out of the store's file, by SQL. */
gint64 fixture_sql(Fixture *self, const char *sql);
gint64 fixture_sql_of(const char *path, const char *sql);

G_END_DECLS
