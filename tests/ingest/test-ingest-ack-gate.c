/* SPDX-License-Identifier: Apache-2.0 */
#include "source/mqtt/ack-gate.h"

#define PATIENCE_US (30 * (gint64)G_USEC_PER_SEC)
#define SOON_US (G_USEC_PER_SEC / 5)

/* A thread of the client's that brings one message. */
typedef struct {
  CasaAckGate *gate;
  gboolean refuse, kept;
  GMutex lock;
  GCond changed;
  gboolean begun, may_end, returned; /* guarded by lock */
} Bringer;

static gpointer
bring(gpointer data)
{
  Bringer *self = data;
  casa_ack_gate_begin_message(self->gate, self->refuse);
  g_mutex_lock(&self->lock);
  self->begun = TRUE;
  g_cond_broadcast(&self->changed);
  while (!self->may_end)
    g_cond_wait(&self->changed, &self->lock);
  g_mutex_unlock(&self->lock);
  casa_ack_gate_end_message(self->gate, self->kept);
  g_mutex_lock(&self->lock);
  self->returned = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
  return NULL;
}

/* Never freed when its thread is parked. */
static Bringer *
bringer_new(CasaAckGate *gate, gboolean refuse, gboolean kept)
{
  Bringer *self = g_new0(Bringer, 1);
  self->gate = gate;
  self->refuse = refuse;
  self->kept = kept;
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  g_thread_unref(g_thread_new("bringer", bring, self));
  return self;
}

static void
wait_begun(Bringer *self)
{
  g_mutex_lock(&self->lock);
  while (!self->begun)
    g_cond_wait(&self->changed, &self->lock);
  g_mutex_unlock(&self->lock);
}

static void
let_end(Bringer *self)
{
  g_mutex_lock(&self->lock);
  self->may_end = TRUE;
  g_cond_broadcast(&self->changed);
  g_mutex_unlock(&self->lock);
}

static void
wait_returned(Bringer *self)
{
  g_mutex_lock(&self->lock);
  while (!self->returned)
    g_cond_wait(&self->changed, &self->lock);
  g_mutex_unlock(&self->lock);
}

/* Whether its callback came back, which is what acknowledges, within @us. */
static gboolean
returns_within(Bringer *self, gint64 us)
{
  gint64 until_us = g_get_monotonic_time() + us;
  g_mutex_lock(&self->lock);
  while (!self->returned && g_cond_wait_until(&self->changed, &self->lock, until_us))
    ;
  gboolean returned = self->returned;
  g_mutex_unlock(&self->lock);
  return returned;
}

static void
bringer_free(Bringer *self)
{
  wait_returned(self);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self);
}

static gboolean
close_soon(CasaAckGate *gate)
{
  return casa_ack_gate_close(gate, g_get_monotonic_time() + SOON_US);
}

static void
test_message_is_kept(void)
{
  CasaAckGate *h = casa_ack_gate_new();
  Bringer *b = bringer_new(h, FALSE, TRUE);
  wait_begun(b);
  g_assert_true(casa_ack_gate_in_message(h));
  let_end(b);
  wait_returned(b);
  g_assert_false(casa_ack_gate_in_message(h));
  bringer_free(b);
  casa_ack_gate_done(h);
  g_assert_true(casa_ack_gate_close(h, g_get_monotonic_time() + PATIENCE_US));
  casa_ack_gate_free(h);
  casa_ack_gate_free(NULL);
}

/* What could not be stored is never acknowledged, and nobody waits for it. */
static void
test_message_not_kept_is_parked(void)
{
  CasaAckGate *h = casa_ack_gate_new();
  Bringer *b = bringer_new(h, FALSE, FALSE);
  wait_begun(b);
  let_end(b);
  gint64 from_us = g_get_monotonic_time();
  g_assert_false(casa_ack_gate_close(h, from_us + PATIENCE_US)); /* at once: it is parked */
  g_assert_cmpint(g_get_monotonic_time() - from_us, <, PATIENCE_US);
  g_assert_false(casa_ack_gate_in_message(h));
  g_assert_false(returns_within(b, SOON_US));
  casa_ack_gate_free(h);
}

/* Neither is what came in vain, nor what comes after the end. */
static void
test_refused_and_late_are_parked(void)
{
  CasaAckGate *h = casa_ack_gate_new(), *closed = casa_ack_gate_new();
  Bringer *refused = bringer_new(h, TRUE, TRUE);
  g_assert_false(casa_ack_gate_close(h, g_get_monotonic_time() + PATIENCE_US));
  casa_ack_gate_done(closed);
  g_assert_true(close_soon(closed));
  Bringer *late = bringer_new(closed, FALSE, TRUE);
  let_end(refused);
  let_end(late);
  g_assert_false(returns_within(refused, SOON_US));
  g_assert_false(returns_within(late, SOON_US));
  g_assert_false(refused->begun || late->begun); /* their threads sleep for ever */
  casa_ack_gate_free(h);
  casa_ack_gate_free(closed);
}

/* A thread that stops the source. */
typedef struct {
  CasaAckGate *gate;
  gint closed; /* atomic */
} Closer;

static gpointer
close_it(gpointer data)
{
  Closer *self = data;
  gboolean done = casa_ack_gate_close(self->gate, 0);
  g_atomic_int_set(&self->closed, 1);
  return GINT_TO_POINTER(done);
}

static gboolean
closes_within(Closer *self, gint64 us)
{
  gint64 until_us = g_get_monotonic_time() + us;
  while (!g_atomic_int_get(&self->closed) && g_get_monotonic_time() < until_us)
    g_usleep(1000);
  return g_atomic_int_get(&self->closed);
}

/* A message that is being stored is waited for, however late it is. */
static void
test_close_waits_for_the_message(void)
{
  CasaAckGate *h = casa_ack_gate_new();
  Bringer *b = bringer_new(h, FALSE, TRUE);
  wait_begun(b);
  Closer closer = { .gate = h };
  GThread *thread = g_thread_new("closer", close_it, &closer);
  g_assert_false(closes_within(&closer, SOON_US));
  g_assert_true(casa_ack_gate_in_message(h));
  let_end(b);
  g_assert_false(GPOINTER_TO_INT(g_thread_join(thread))); /* nobody said that it is done */
  g_assert_false(casa_ack_gate_in_message(h));
  bringer_free(b);
  casa_ack_gate_free(h);
}

/* So is a word about the link, and none is told afterwards. */
static void
test_close_waits_for_the_link(void)
{
  CasaAckGate *h = casa_ack_gate_new();
  g_assert_true(casa_ack_gate_begin_link(h));
  Closer closer = { .gate = h };
  GThread *thread = g_thread_new("closer", close_it, &closer);
  g_assert_false(closes_within(&closer, SOON_US));
  casa_ack_gate_end_link(h);
  g_thread_join(thread);
  casa_ack_gate_done(h);
  g_assert_false(casa_ack_gate_begin_link(h));
  g_assert_true(close_soon(h));
  casa_ack_gate_free(h);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ingest/ack-gate/kept", test_message_is_kept);
  g_test_add_func("/ingest/ack-gate/not-kept", test_message_not_kept_is_parked);
  g_test_add_func("/ingest/ack-gate/refused-and-late", test_refused_and_late_are_parked);
  g_test_add_func("/ingest/ack-gate/close-waits-for-the-message", test_close_waits_for_the_message);
  g_test_add_func("/ingest/ack-gate/close-waits-for-the-link", test_close_waits_for_the_link);
  return g_test_run();
}
