/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "source/source.h"

G_BEGIN_DECLS

/* The broker as a source: connects, subscribes on every connect, reconnects with back-off, says how the link is, hands every
 * message over on paho's thread and acknowledges it (QoS 1) only after that returned. */

typedef struct {
  const char *url; /* mqtt:// or mqtts:// */
  const char *user, *password, *ca_file;
  const char *client_id;
  const char *const *filters;       /* NULL-terminated topic filters, subscribed with QoS 1: casa_mqtt_filters() */
  const char *const *side_filters;  /* NULL, or topics that are asked for besides (QoS 0): a broker may refuse them */
  const char *const *stale_filters; /* NULL, or filters that our session may still hold: casa_mqtt_stale_filters() */
  guint mqtt_version;               /* 0: 5, or 3.1.1 when the broker wants that; 5; 3: 3.1.1 */
  guint session_expiry_s;           /* MQTT 5: how long the broker keeps our session without us; 0: as long as it likes */
  guint keepalive_s;
  gboolean clean_session; /* leaves no session with the broker (casa doctor); FALSE: QoS 1 waits for us there */
  gboolean peek;          /* another program's session may wait under our name: then see whether we are let in,
                                     * subscribe to nothing, take nothing (link: session_waits); else as with clean_session */
  CasaReceiver receiver;
} CasaMqttOptions;

/* How @config says that the broker is reached: its URL, certificate authority, version and keep-alive; who connects and what
 * for is still to be filled in. Its strings are @config's. */
CasaMqttOptions casa_mqtt_options_of(const CasaConfig *config);

/* What to subscribe to: @filters below @root (NULL or empty: all of it), each as a share of @share's (NULL: for ourselves
 * alone; else MQTT 5 only). By the standard a share gets no retained messages (mosquitto 2.0 sends them all the same), so
 * the stations' descriptors are then subscribed to besides, unshared: each recorder knows every station. (transfer full:
 * g_strfreev) */
char **casa_mqtt_filters(const char *root, const char *const *filters, const char *share);

/* A session outlives the program, and with it what was subscribed then: a recorder that gets other filters, or joins a share,
 * would go on receiving the old ones too. Notes @filters (all of them, as casa_mqtt_filters() gives them) in the file
 * "@store_path.filters". Returns: (transfer full) what was ever subscribed with this store and is not in @filters, to be
 * unsubscribed on every connection. */
char **casa_mqtt_stale_filters(const char *store_path, const char *root, const char *const *filters);

/* Takes http_proxy and https_proxy out of the environment (paho would send even localhost through them): call it before
 * other threads run, and after whoever needs them has read them. Copies the options. Stopping it disconnects, and leaves the
 * session with the broker. */
CasaSource *casa_mqtt_source_new(const CasaMqttOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
