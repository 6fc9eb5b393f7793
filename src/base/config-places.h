/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "base/keyfile.h"

G_BEGIN_DECLS

/* Where things lie, and what may stand there. Of this room only. */

/* What is wrong with a topic filter below the root, as the end of a sentence that begins with it; NULL: nothing. */
const char *casa_config_filter_fault(const char *filter);

/* The configuration folder (see casa_config_load()). @wanted: the user's choice or NULL. *@out_shipped: it is the one that
 * was installed with the program. *@out_file: @wanted was a file to be read as pulse.conf, all others are the program's own
 * (transfer full); NULL: it was not. (transfer full) */
char *casa_config_find_dir(const char *wanted, gboolean *out_shipped, char **out_file,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* pulse.conf: in @dir, or the user's own where @dir is what everybody has. (transfer full) */
char *casa_config_find_file(const char *dir, gboolean shipped);

/* The part of a group "quota NAME" after the blank; NULL: another group. */
const char *casa_config_quota_source(const char *group);
/* The quotas as they are without a file; then what [quota] and [quota NAME] say. */
void casa_config_quota_defaults(CasaConfig *self);
/* FALSE: CASA_ERROR_CONFIG. */
gboolean casa_config_quota_load(CasaConfig *self, const CasaKeyfile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @path made absolute: "~/" is the home folder, "$CREDENTIALS_DIRECTORY/" the folder in which systemd puts the secrets of a
 * service (systemd.exec(5), LoadCredential=), where there is one; anything else relative starts at @base. (transfer full) */
char *casa_config_resolve(const char *path, const char *base);

/* The client id kept in "<store>.client-id", made on first use. The broker keeps our session under it, so it must
 * survive restarts, and it must not be guessable: whoever connects with it takes the session's queue. When the folder
 * cannot be written, an id for this run only (opening the store will then say what is wrong). (transfer full) */
char *casa_config_client_id(const char *store_path);

G_END_DECLS
