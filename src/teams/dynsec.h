/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Mosquitto's dynamic security plug-in, asked over MQTT (its documentation: mosquitto_dynamic_security, topics below
 * $CONTROL/dynamic-security/v1): commands in one message, answers in another. */
typedef struct _CasaDynsec CasaDynsec;

/* Connects as [teams] user of @config and waits, at most 10 s. CASA_ERROR_NETWORK: nobody answers; CASA_ERROR_REFUSED: the
 * broker does not let that user in. Not on GTK's thread. (transfer full) */
CasaDynsec *casa_dynsec_open(const CasaConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_dynsec_free(CasaDynsec *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaDynsec, casa_dynsec_free)

/* Sends @commands (an array, taken over) and waits, at most 10 s, for as many answers: the array "responses" (transfer full:
 * json_decref()). What a command was refused for stands in its answer's "error". NULL: CASA_ERROR_NETWORK, no answer, as when
 * the plug-in is not loaded. One thread at a time. */
json_t *casa_dynsec_ask(CasaDynsec *self, json_t *commands, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
