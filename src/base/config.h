/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What one source may send; 0 = as much as it likes. */
typedef struct {
  guint messages; /* a second, in the long run */
  guint burst;    /* messages at once, after silence; the bytes' burst is as many seconds' worth */
  guint bytes;    /* of topic and payload a second */
  guint work;     /* ms of processor time a second to decode and store it; the burst is as many seconds' worth */
  guint series;   /* kept in the store */
} CasaQuotaLimits;

/* Immutable after load; any thread may read. Strings are owned by the config; NULL = not set. */
typedef struct {
  char *dir;  /* the configuration folder (metrics.conf, casablanca/ in it) */
  char *file; /* pulse.conf, in that folder or the user's own; it need not exist */
  /* [broker] */
  char *broker_url;           /* "mqtt://host:port" or "mqtts://…", default mqtt://127.0.0.1:1883 */
  char *broker_user;          /* from URL or key `user` */
  char *broker_password;      /* read from `password_file` (0600, ours) or the keyring; never from a URL */
  gboolean user_is_client_id; /* default TRUE: the broker takes the user for the client id, as our mosquitto.conf does */
  char *broker_ca_file;       /* CA for mqtts; NULL = system store */
  char *client_id;            /* stable; default "casa-pulse-" + random part kept beside the store */
  char *root;                 /* topic root, default "casa/v1" */
  guint mqtt_version;         /* 0 (default): 5, or 3.1.1 when the broker wants that; 5; 3: 3.1.1 */
  gint64 session_expiry_ms;   /* MQTT 5: how long the broker keeps our session without us; 0 (default): as long as it likes */
  char *share;                /* NULL, or the group with which our subscriptions are shared; needs MQTT 5 */
  char **filters;             /* NULL (default): everything below root; else filters below it */
  guint keepalive_s;          /* default 5: a dead link shows within 3 s by our own watch plus TCP */
  /* [store] */
  char *store_path;    /* default $XDG_DATA_HOME/casa-pulse/pulse.db */
  gint64 retention_ms; /* raw samples older than this go; default 90 d */
  gint64 max_size;     /* bytes the store may use; the oldest samples go first; 0 (default) = no limit */
  gboolean power_safe; /* synchronous=FULL */
  /* [influx] */
  char *influx_url;                    /* NULL = forwarding off */
  char *influx_token;                  /* from `token_file` or the keyring, as the password above */
  char *influx_user, *influx_password; /* v1 auth: `user`, `password_file` */
  char
    *influx_secret_file; /* where the token, or without one the password, was read from; NULL: the keyring, or there is none */
  /* [record] */
  gboolean user_from_override;         /* the command line named broker_user */
  gint64 record_expiry_ms;             /* session_expiry of casa record; -1 (default): [broker]'s */
  char *record_user, *record_password; /* of casa record and casa doctor instead of [broker]'s; NULL = the same */
  /* [teams] */
  char *teams_user, *teams_password;     /* who may make users of teams; NULL: casa team is not set up */
  char *welcome_user, *welcome_password; /* who hears those that join with the event's secret; NULL: nobody */
  char *teams_folder;                    /* the teams' passwords, a file each; default: where password_file is */
  char *teams_address, *teams_page;      /* host:port and page for the join card; NULL: the broker's, none */
  /* [stage] */
  char *stage_simulator;             /* how the simulator is started for two futures; NULL: casa-sim, as it comes */
  char *stage_user, *stage_password; /* who commands the simulated city from the wall; NULL: nobody does */
  /* [companions] */
  char *companions_user,
    *companions_password; /* as whom the wall hears who drives the show from elsewhere; NULL: it does not */
  /* [limits] */
  guint max_payload;  /* bytes, default 16384 */
  guint max_depth;    /* JSON nesting, default 8 */
  guint max_fields;   /* metrics a reading, default 64 */
  guint max_batch;    /* bytes of a message of many readings, default 65536 */
  guint max_readings; /* of one message, default 1000 */
  guint max_series;   /* default 200000: bounds memory against topic floods */
  gint64 future_ms;   /* accepted clock lead, default 10 min */
  GTimeZone *zone;    /* of kits' times that say none; default NULL: none is stated */
  /* [quota], [quota NAME]: ask casa_config_quota() */
  CasaQuotaLimits quota; /* default 5,000 messages (200,000 at once), 4 MB, 400 ms of work, 5,000 series */
  char *own;             /* the source that indicators.conf calls the city's own */
  GHashTable *quotas;    /* source → CasaQuotaLimits; "city" has none by default */
  /* [ui] */
  char *language; /* "fr" (default), "ar", "en" */
  char *theme;    /* "dark" (default), "light", "contrast" */
} CasaConfig;

/* Command-line values; they win over pulse.conf. NULL members are unset. */
typedef struct {
  const char *dir, *broker, *store, *influx;
  gboolean without_keyring; /* leave the secrets that are in the keyring there */
} CasaConfigOverrides;

/* Finds the configuration folder (an override that is a file is read as pulse.conf, beside the program's own folder): the
 * override, $CASA_CONFIG_DIR, the installed one, or the source tree when the program runs from the build tree. Reads pulse.conf
 * there; an installed program that was told no folder reads the user's own in $XDG_CONFIG_HOME/casa-pulse, if there is one.
 * Then reads the files of pulse.conf.d beside it in the order of their names, applies @overrides, and validates. A missing
 * pulse.conf means defaults. An unknown key, a bad value or an unreadable file is CASA_ERROR_CONFIG naming file, line and key.
 * Without XDG_DATA_HOME the store is in ~/.local/share. (transfer full) */
CasaConfig *casa_config_load(const CasaConfigOverrides *overrides, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_config_free(CasaConfig *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaConfig, casa_config_free)

/* What @source may send. (transfer none) */
const CasaQuotaLimits *casa_config_quota(const CasaConfig *self, const char *source);

/* Groups of pulse.conf that may have a secret in the keyring. */
typedef enum { CASA_SECRET_BROKER, CASA_SECRET_RECORD, CASA_SECRET_INFLUX } CasaSecretGroup;

/* Where the keyring keeps the secret of @group: what it is for (casa_keyring_store()), whose, and at which host:port
 * (transfer full; NULL: there is no such address). */
char *casa_config_secret_place(const CasaConfig *self, CasaSecretGroup group, const char **out_what, const char **out_user);

/* For casa record and casa doctor, before anything is built from @self: [record]'s user instead of [broker]'s, unless the
 * command line named one. */
void casa_config_be_recorder(CasaConfig *self);

/* For a program's options, before anything is built from @self: sets share and filters where not NULL. Anything else than
 * a share's name, or a topic filter below the root, is CASA_ERROR_USAGE. */
gboolean casa_config_share(CasaConfig *self, const char *share, const char *const *filters,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Splits mqtt[s]://[user@]host[:port]; a password in it is an error (it would be visible in `ps`).
 * Any out parameter may be NULL. @out_user is set to NULL when absent. */
gboolean casa_broker_url_parse(const char *url, gboolean *out_tls, char **out_user, char **out_host, guint16 *out_port,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
