/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>
#include <mosquitto_broker.h>

G_BEGIN_DECLS

/* The event's secret: one for everybody, in a file. Who logs in as join.NONCE with it may say once what its team shall be
 * called ($casa-join/NONCE) and hear the answer ($casa-join/NONCE/reply), and nothing else; "casa team welcome" answers
 * with a user and a password of the team's own. The nonce is the device's, so that nobody hears another's answer. One
 * thread: mosquitto's. */
typedef struct _CasaGuardEvent CasaGuardEvent;

/* @file NULL: nobody is let in so. */
CasaGuardEvent *casa_guard_event_new(const char *file);
void casa_guard_event_free(CasaGuardEvent *self); /* NULL is fine */

/* Whether @user is such a login, well made or not: no other rule is for it. */
gboolean casa_guard_event_is(const char *user);
/* Twice a second: the file may have another secret, or be gone; who stays too long is put out. */
void casa_guard_event_look(CasaGuardEvent *self);
/* MOSQ_ERR_SUCCESS: it is let in; else the refusal. */
int casa_guard_event_login(CasaGuardEvent *self, const struct mosquitto_evt_basic_auth *event);
/* What it may do; the same. */
int casa_guard_event_acl(CasaGuardEvent *self, const struct mosquitto_evt_acl_check *event);
/* @client has gone; it counts only if it is the one that was let in as @user. */
void casa_guard_event_leaves(CasaGuardEvent *self, const struct mosquitto *client, const char *user);

G_END_DECLS
