/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "broker.h"
#include "influxd.h"
#include "process.h"

G_BEGIN_DECLS

/* Several recorders that share one broker's messages and copy them to one InfluxDB, and what was sent and stored. */
typedef struct {
  char *dir;
  const char *url; /* the broker's */
  TestInfluxd *influx;
  gboolean victoria; /* influx is victoria-metrics */
  TestPublisher *publisher;
  guint sent_before; /* through publishers that are gone; all acknowledged */
  GPtrArray *sent;   /* "time,source,domain,station,metric,value" of every message that was sent, oldest first */
  gint64 t0_ms;
  double sum; /* of all values sent */
} SharingFixture;

void sharing_init(SharingFixture *fixture, const char *url, TestInfluxd *influx); /* takes @influx */
void sharing_clear(SharingFixture *fixture);
/* @n messages (QoS 1, one value each) from 20 stations of team/mobility and 20 of team/air in turn. Each value is sent once. */
void sharing_send(SharingFixture *fixture, guint n);
/* Every message so far was acknowledged by the broker. */
void sharing_flush(SharingFixture *fixture);
/* After a flush: the broker was restarted, and the publisher is connected anew. */
void sharing_connect_again(SharingFixture *fixture);

/* One `casa record` with a store, a client id and a configuration of its own. */
typedef struct {
  SharingFixture *fixture;
  char *name, *store, *config;
  char **options;
  TestProcess *process;
  guint starts;
} Recorder;

/* @client_id: NULL: @name. @conf: further lines for [broker] of pulse.conf, or "". @options: further arguments, blank
 * between. Starts it, and returns when its subscription stands. */
Recorder *recorder_new(SharingFixture *fixture, const char *name, const char *client_id, const char *conf, const char *options);
void recorder_set_options(Recorder *self, const char *options); /* for its next start */
void recorder_start(Recorder *self);
void recorder_kill(Recorder *self); /* kill -9 */
void recorder_stop(Recorder *self); /* SIGTERM; must end well */
/* It was seen to say @words. */
gboolean recorder_said(Recorder *self, const char *words);
/* What its store holds, as in SharingFixture.sent. (element-type utf8 set) (transfer full) */
GHashTable *recorder_rows(Recorder *self);
guint recorder_gaps(Recorder *self); /* rows of its store's view `gap` */
void recorder_free(Recorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recorder, recorder_free)

/* Waits until InfluxDB holds as many samples as were sent. FALSE: not within @seconds. */
gboolean sharing_wait_copied(SharingFixture *fixture, double seconds);
/* acked − stored = ∅ over all recorders, nothing stored that was not sent, and InfluxDB holds every sample exactly once.
 * Waits for the copies, stops the recorders. Returns how many samples stand in more than one store. */
guint sharing_account(SharingFixture *fixture, Recorder **recorders, guint n);

G_END_DECLS
