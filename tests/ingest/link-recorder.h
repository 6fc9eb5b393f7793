/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "source/mqtt/mqtt-source.h"

G_BEGIN_DECLS

/* A source, and what it told, kept for the test's thread. Aborts on failure. */
typedef struct {
  CasaSource *source;
  GMutex lock;
  GCond changed;
  CasaLink link;      /* guarded by lock */
  GPtrArray *words;   /* guarded by lock: every text of the link */
  GPtrArray *arrived; /* guarded by lock: payloads */
  guint retained;     /* guarded by lock */
  guint gets_up;      /* guarded by lock: how often the link came up */
} LinkRecorder;

/* Started. @version as CasaMqttOptions.mqtt_version; @share, @below (filters below casa/v1): as casa_mqtt_filters(). */
LinkRecorder *link_recorder_new_full(const char *url, const char *client_id, guint version, const char *share,
                                     const char *const *below);
/* As `casa doctor` looks in: CasaMqttOptions.peek. */
LinkRecorder *link_recorder_new_peek(const char *url, const char *client_id, guint version);
LinkRecorder *link_recorder_new(const char *url, const char *client_id);
void link_recorder_free(LinkRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkRecorder, link_recorder_free)

/* Seconds until the link was in @state; the test ends when that took longer than @seconds. */
double link_recorder_wait_state(LinkRecorder *recorder, CasaLinkState state, double seconds);
void link_recorder_wait_arrived(LinkRecorder *recorder, guint n);
guint link_recorder_count(LinkRecorder *recorder, const char *payload);
gboolean link_recorder_said(LinkRecorder *recorder, const char *text); /* in any of its words so far */

G_END_DECLS
