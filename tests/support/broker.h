/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A real mosquitto on a free port of 127.0.0.1, with its own folder; it dies with the test. Aborts on failure. */
typedef struct _TestBroker TestBroker;

/* Starts and waits until it answers. @extra: further lines for mosquitto.conf, or NULL. By default sessions are kept
 * over clean restarts (persistence) and queues have no bound. */
TestBroker *test_broker_new(const char *extra);
void test_broker_free(TestBroker *self); /* stops it and removes its folder */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestBroker, test_broker_free)

const char *test_broker_url(TestBroker *self); /* mqtt://127.0.0.1:PORT */
guint16 test_broker_port(TestBroker *self);
const char *test_broker_dir(TestBroker *self);

void test_broker_stop(TestBroker *self);   /* SIGTERM: writes its sessions down */
void test_broker_kill(TestBroker *self);   /* SIGKILL */
void test_broker_start(TestBroker *self);  /* again, on the same port with the same folder */
void test_broker_forget(TestBroker *self); /* while stopped: throws its sessions away */
void test_broker_freeze(TestBroker *self); /* SIGSTOP: the connection stays open, nobody answers */
void test_broker_thaw(TestBroker *self);

/* --- A publisher that knows what the broker acknowledged. One thread. --- */
typedef struct _TestPublisher TestPublisher;

/* @url mqtt://…; waits until connected. */
TestPublisher *test_publisher_new(const char *url);
void test_publisher_free(TestPublisher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestPublisher, test_publisher_free)

/* @len -1: strlen. Waits while too many are unacknowledged. */
void test_publisher_send(TestPublisher *self, const char *topic, const void *payload, gssize len, int qos, gboolean retained);
/* Waits until everything sent was acknowledged. */
gboolean test_publisher_flush(TestPublisher *self, double seconds);
guint test_publisher_acked(TestPublisher *self);

/* One message through a publisher of its own, acknowledged on return (QoS 1). */
void test_broker_publish(TestBroker *self, const char *topic, const char *payload);

G_END_DECLS
