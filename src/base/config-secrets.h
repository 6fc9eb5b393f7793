/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/keyfile.h"

G_BEGIN_DECLS

/* Where config.c has its secrets from. No message ever holds one. */

/* The one line of a small file that only its owner, who is us or root, may read. NULL and the reason with the path. */
char *casa_config_read_secret(const char *path, char **reason) G_GNUC_WARN_UNUSED_RESULT;

/* @file_key names such a file, @keyring_key asks the keyring instead: both at once is an error. *@out_keyring: to be asked
 * with casa_config_ask_keyring() when the addresses are known. */
gboolean casa_config_secret_from(const CasaConfig *self, const CasaKeyfile *file, const char *group, const char *file_key,
                                 const char *keyring_key, char **slot, gboolean *out_keyring, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  gboolean broker, influx_token, influx_password;
} CasaConfigKeyring;

gboolean casa_config_ask_keyring(CasaConfig *self, const CasaConfigKeyring *wanted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
