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
} Ear;

/* Started. @version as CasaMqttOptions.mqtt_version; @share, @below (filters below casa/v1): as casa_mqtt_filters(). */
Ear *ear_new_full(const char *url, const char *client_id, guint version, const char *share, const char *const *below);
Ear *ear_new(const char *url, const char *client_id);
void ear_free(Ear *ear);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ear, ear_free)

/* Seconds until the link was in @state; the test ends when that took longer than @seconds. */
double ear_wait_state(Ear *ear, CasaLinkState state, double seconds);
void ear_wait_arrived(Ear *ear, guint n);
guint ear_count(Ear *ear, const char *payload);
gboolean ear_said(Ear *ear, const char *text); /* in any of its words so far */

G_END_DECLS
