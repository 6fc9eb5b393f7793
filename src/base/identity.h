/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"

G_BEGIN_DECLS

/* Who we are for the broker, taken by one program at a time on this machine and account: a second connection with the same
 * client id puts the first off, and where the user is the client id (our mosquitto.conf), so does the same user. It is a
 * locked file in the runtime folder, which falls free when its program ends, however that ends. */
typedef struct _CasaIdentity CasaIdentity;

/* NULL: another program has it; CASA_ERROR_NETWORK says which, and what to do. Where no such file can be made, it is taken
 * without one. */
CasaIdentity *casa_identity_take(const CasaConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_identity_release(CasaIdentity *self); /* NULL is fine */

G_END_DECLS
