/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/keyfile.h"

G_BEGIN_DECLS

/* Where the configuration has its secrets from. No message ever holds one. */

/* The one line of a small file that only its owner, who is us or root, may read (transfer full: explicit_bzero() it). NULL:
 * *@reason says why, with the path and how to mend it (transfer full). */
char *casa_config_read_secret(const char *path, char **reason) G_GNUC_WARN_UNUSED_RESULT;

/* Reads *@slot from the file that [@group] @file_key names, if it does. @keyring_key (NULL: there is none) asks the keyring
 * instead: both at once is CASA_ERROR_CONFIG, as is a file that cannot be used. *@out_keyring: to be asked with
 * casa_config_ask_keyring() when the addresses are known. */
gboolean casa_config_secret_from(const CasaConfig *self, const CasaKeyfile *file, const char *group, const char *file_key,
                                 const char *keyring_key, char **slot, gboolean *out_keyring,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Which secrets are in the keyring. */
typedef struct {
  gboolean broker, record, influx_token, influx_password;
} CasaConfigKeyring;

/* Fetches those of @wanted into @self; may wait for the user to unlock the keyring. CASA_ERROR_CONFIG names the key. */
gboolean casa_config_ask_keyring(CasaConfig *self, const CasaConfigKeyring *wanted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
