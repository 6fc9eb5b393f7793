/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Brokers other than mosquitto, as Debian packages them: on 127.0.0.1, free ports and a private folder; they die with the
 * test. Debian 12 has them with MQTT 3.1.1 only. Aborts on failure. */
typedef struct _OtherBroker OtherBroker;

/* NULL: not installed. Returns when MQTT clients are answered. */
OtherBroker *other_broker_new_rabbitmq(void);
OtherBroker *other_broker_new_nats(void);
void other_broker_free(OtherBroker *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OtherBroker, other_broker_free)

void other_broker_kill(OtherBroker *self);  /* kill -9 */
void other_broker_empty(OtherBroker *self); /* while it is dead: all that it kept is gone */
void other_broker_start(OtherBroker *self); /* again, after a kill: same port and folder */

const char *other_broker_url(OtherBroker *self); /* mqtt://127.0.0.1:PORT */

G_END_DECLS
