/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* MQTT reason codes in words (MQTT 5.0, 2.4): what the broker means, and what to do. Pure; any thread. */

/* From here on they are failures. */
#define CASA_SIM_REFUSED_FROM 0x80u
#define CASA_SIM_REFUSED_TOO_LARGE 0x95u

/* "not authorized" */
const char *casa_sim_refusal_name(guint code);
/* "may this user publish there? see the broker's ACL", or "" */
const char *casa_sim_refusal_mend(guint code);

/* Reason of an MQTT 3.1.1 CONNACK (1..5) as the one of MQTT 5 that means the same; others as they are. */
guint casa_sim_refusal_of_connack(guint code);

/* ": not authorized 10, quota exceeded 2" from counts by code; "" when all are 0. (transfer full) */
char *casa_sim_refusal_list(const guint64 counts[256]);

G_END_DECLS
