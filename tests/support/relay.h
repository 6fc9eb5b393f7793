/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A network of one cable: a TCP relay on a free port of 127.0.0.1 to another port, whose faults the test makes. A thread of
 * its own; all functions from the test's thread. Aborts on failure. */
typedef struct _TestRelay TestRelay;

TestRelay *test_relay_new(guint16 to_port);
void test_relay_free(TestRelay *self); /* cuts everything */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestRelay, test_relay_free)

const char *test_relay_url(TestRelay *self); /* mqtt://127.0.0.1:PORT */
guint16 test_relay_port(TestRelay *self);

/* TRUE: the sockets stay open, and nothing goes through any more (half-open). */
void test_relay_hold(TestRelay *self, gboolean hold);
/* TRUE: whoever connects is cut off at once. FALSE again: lets through. */
void test_relay_refuse(TestRelay *self, gboolean refuse);
/* Ends every connection. */
void test_relay_cut(TestRelay *self);
/* TRUE: answers a CONNECT of MQTT 5 as a broker that knows only 3.1.1 must (CONNACK 1, then the end). */
void test_relay_only_3_1_1(TestRelay *self, gboolean only);
guint test_relay_connections(TestRelay *self); /* accepted so far */

G_END_DECLS
