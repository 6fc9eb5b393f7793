/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What speaks MQTT on a free port of 127.0.0.1, but answers as a test wants it to: brokers that refuse, that err, that are
 * not what they seem. A thread of its own, a connection at a time. Aborts on failure. */
typedef struct _TestOddBroker TestOddBroker;

typedef struct {
  int connack;         /* reason code, 0 = welcome; -1: hangs up instead */
  const guint8 *codes; /* of the answer to SUBSCRIBE; NULL: 1 for each filter */
  guint n_codes;
  gboolean in_turn;    /* one code to the first SUBSCRIBE of a connection, the next to the second… */
  gboolean no_suback;  /* says nothing to SUBSCRIBE */
  gboolean goodbye;    /* to SUBSCRIBE: after the answer, DISCONNECT and the end */
  guint8 goodbye_code; /* MQTT 5: why; with 3.1.1 there is nothing to say */
  gboolean backlog;    /* knows the session, and from SUBSCRIBE on hands over a message whenever it hears nothing for 20 ms */
} TestOddAnswers;

TestOddBroker *test_odd_broker_new(const TestOddAnswers *answers);
void test_odd_broker_free(TestOddBroker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestOddBroker, test_odd_broker_free)

const char *test_odd_broker_url(TestOddBroker *self);   /* mqtt://127.0.0.1:PORT */
guint test_odd_broker_connections(TestOddBroker *self); /* that said CONNECT, so far */

G_END_DECLS
