/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Secrets in the user's keyring (the Secret Service of the desktop: GNOME Keyring, KWallet, KeePassXC). The only file that
 * names libsecret. Any thread; may wait for the user to unlock the keyring. */

/* What a secret is for; stands in the keyring as it is. */
#define CASA_KEYRING_BROKER "broker"
#define CASA_KEYRING_RECORD "record"
#define CASA_KEYRING_INFLUX_TOKEN "influx-token"
#define CASA_KEYRING_INFLUX_PASSWORD "influx-password"

/* The secret of @user (NULL: none) at @server (host:port). (transfer full: casa_keyring_free). NULL: there is none, or no
 * keyring answers; CASA_ERROR_CONFIG says which, and how to mend it. */
char *casa_keyring_lookup(const char *what, const char *server, const char *user, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps @secret in the default keyring, in place of an older one. */
gboolean casa_keyring_store(const char *what, const char *server, const char *user, const char *secret,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Overwrites and frees. NULL is fine. */
void casa_keyring_free(char *secret);

G_END_DECLS
