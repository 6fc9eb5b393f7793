/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/join-card.h"

G_BEGIN_DECLS

/* The event's secret: one for everybody, with which a team gets a user of its own, in the file "event-secret" of the folder of
 * the teams' passwords, where casa-guard reads it (plugin_opt_event_secret). */

/* The secret; NULL: nobody may join so (CASA_ERROR_IO). (transfer full: explicit_bzero() it) */
char *casa_event_secret_read(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, made where there is none; @anew: another one, whatever there is. The old one holds no more within half a second. */
char *casa_event_secret_make(const char *folder, gboolean anew, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_event_secret_drop(const char *folder); /* Nobody joins any more; who has joined stays */

/* What everybody in the hall may see: the page with the secret behind '#', which a browser keeps to itself; NULL: there is no
 * page. @lang as of casa_join_card_new(). (transfer full) */
char *casa_event_link(const CasaConfig *config, const char *secret, const char *lang);
/* The QR code of the link, and a line for whoever has a terminal instead. (transfer full) */
char *casa_event_card_text(const CasaConfig *config, const char *secret, const char *lang, gboolean colours);

G_END_DECLS
