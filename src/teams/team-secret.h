/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The password of each team, kept where the organiser can print it again: the broker itself keeps a hash only. A file
 * FOLDER/NAME.password of mode 0600; of a removed team NAME.password.removed, so that adding it again gives back the same. */

/* The password (transfer full: explicit_bzero() it), made and written when there is none. NULL: CASA_ERROR_IO. */
char *casa_team_secret_make(const char *folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As above, but nothing is made: CASA_ERROR_IO when there is none. */
char *casa_team_secret_read(const char *folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_team_secret_put_away(const char *folder, const char *name); /* It is no team's any more */

/* A new one at @path, whatever is there. (transfer full) */
char *casa_team_secret_write_new(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a team of that name has one, or had one before it was removed; or a user of the dashboard's own has. */
gboolean casa_team_secret_is_known(const char *folder, const char *name);

G_END_DECLS
