/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What the guard saw of teams, for whoever helps them: who is connected, what the broker refused without a word (MQTT 3.1.1 has
 * none for it), and two devices that put each other off. Kept in memory, and written to a key file every two seconds at most:
 * src/teams/guard-file.h reads it. One thread. */
typedef struct _CasaGuardAccount CasaGuardAccount;

CasaGuardAccount *casa_guard_account_new(void);
void casa_guard_account_free(CasaGuardAccount *self); /* NULL is fine */

/* @user of @team: asks to be let in, does something, is gone. */
void casa_guard_account_tries(CasaGuardAccount *self, const char *team, const char *user);
void casa_guard_account_acts(CasaGuardAccount *self, const char *team, const char *user);
void casa_guard_account_leaves(CasaGuardAccount *self, const char *team, const char *user);
/* It may not publish to @topic, which is not its own. */
void casa_guard_account_denies(CasaGuardAccount *self, const char *team, const char *user, const char *topic);
/* It was hung up on, as it sends with QoS 2. */
void casa_guard_account_qos2(CasaGuardAccount *self, const char *team);

/* Writes @path when there is news, and the last time is long enough ago. */
void casa_guard_account_write(CasaGuardAccount *self, const char *path);

G_END_DECLS
