/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

#include <mosquitto_broker.h>

G_BEGIN_DECLS

/* mosquitto 2.0.11 never frees the will of a login that it refuses, whoever refuses it: 60 KB a try, and with what MQTT 5
 * lets a will bring along still more. So while a login is decided its will waits here, and is given back to who was let in, in
 * the same turn of the broker's loop, or freed. That looks into the broker's own description of a client, which is held
 * against what the broker says of that client; where it differs, wills are left alone, and that is said once.
 *
 * One thread: the broker's. */
typedef struct CasaGuardWills CasaGuardWills;

CasaGuardWills *casa_guard_wills_new(void);
/* Frees what is held, too. Accepts NULL. */
void casa_guard_wills_free(CasaGuardWills *self);
/* Somebody asks to be let in. */
void casa_guard_wills_hold(CasaGuardWills *self, const struct mosquitto_evt_basic_auth *event);
/* A client goes, before the broker looks for its will. Accepts any client. */
void casa_guard_wills_settle(CasaGuardWills *self, struct mosquitto *client);
/* A turn of the broker's loop is over: all logins are decided. */
void casa_guard_wills_settle_all(CasaGuardWills *self);

G_END_DECLS
