/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/ingest-private.h"

#define RETRY_MIN_MS 100
#define RETRY_MAX_MS 2000
/* A sound topic is shorter; of another, this much says enough, and 64 KiB each would fill the disk. */
#define TOPIC_KEPT 1024

/* --- A store that refuses ---------------------------------------------------------------------------------------- */

gboolean
casa_ingest_wait_for_store(CasaIngest *self, guint *wait_ms, GError *error)
{
  *wait_ms = *wait_ms ? MIN(*wait_ms * 2, RETRY_MAX_MS) : RETRY_MIN_MS;
  gint64 until_us = g_get_monotonic_time() + *wait_ms * 1000;
  g_mutex_lock(&self->lock);
  if (self->blocked.code == CASA_FAULT_NONE)
    g_message("ingest waits, nothing is lost: %s", error ? error->message : "the store refuses to write");
  self->blocked = casa_fault_from_store(error);
  while (!self->stopping && g_cond_wait_until(&self->wake, &self->lock, until_us))
    ;
  gboolean go_on = !self->stopping;
  g_mutex_unlock(&self->lock);
  g_clear_error(&error);
  return go_on;
}

void
casa_ingest_store_took(CasaIngest *self, guint wait_ms)
{
  if (wait_ms == 0)
    return;
  g_mutex_lock(&self->lock);
  gboolean was_blocked = self->blocked.code != CASA_FAULT_NONE;
  self->blocked = (CasaFault){ CASA_FAULT_NONE };
  g_mutex_unlock(&self->lock);
  if (!was_blocked)
    return;
  casa_backlog_hold(self->backlog, casa_clock_ms(self->clock));
  g_message("the store writes again");
}

gboolean
casa_ingest_insist(CasaIngest *self, const CasaPassage *p, CasaStoreAct act, gpointer data)
{
  guint wait_ms = 0;
  GError *error = NULL;
  while (!act(self, p, data, &error))
    if (!casa_ingest_wait_for_store(self, &wait_ms, g_steal_pointer(&error)))
      return FALSE;
  casa_ingest_store_took(self, wait_ms);
  return TRUE;
}

/* Of several refusals all are written down, as far as a row is no book. */
#define REASONS_MAX 4096

typedef struct {
  GString *words; /* English, with " | " between them */
  GString *args;  /* the same reasons as a JSON array */
} Reasons;

static void
add_reason(Reasons *all, const CasaReason *why)
{
  char words[CASA_REASON_SIZE];
  gboolean first = all->words->len == 0;
  g_string_append_printf(all->words, "%s%s", first ? "" : " | ", casa_reason_text(why, words));
  g_string_append_c(all->args, first ? '[' : ',');
  casa_reason_append_json(why, all->args);
}

static void
collect_reasons(Reasons *all, const CasaPassage *p)
{
  add_reason(all, &p->why);
  for (guint i = 1; p->refused && i < p->refused->len; i++) {
    if (all->words->len > REASONS_MAX) {
      g_string_append_printf(all->words, " | and %u more", p->refused->len - i);
      g_string_append_printf(all->args, ",{\"left_out\":%u}", p->refused->len - i);
      break;
    }
    add_reason(all, &g_array_index(p->refused, CasaRefused, i).why);
  }
  g_string_append_c(all->args, ']');
}

static gboolean
put_rejection(CasaIngest *self, const CasaPassage *p, gpointer data, GError **error)
{
  const CasaMessage *m = p->message;
  const Reasons *all = data;
  return casa_store_put_rejection(self->store, p->now_ms, m->topic, MIN(m->topic_len, TOPIC_KEPT), m->payload, m->payload_len,
                                  p->why.code, all->words->str, all->args->str, error);
}

gboolean
casa_ingest_keep_refused(CasaIngest *self, const CasaPassage *p)
{
  Reasons all = { g_string_new(NULL), g_string_new(NULL) };
  collect_reasons(&all, p);
  gboolean ok = casa_ingest_insist(self, p, put_rejection, &all);
  g_string_free(all.words, TRUE);
  g_string_free(all.args, TRUE);
  return ok;
}

gboolean
casa_ingest_reject(CasaIngest *self, CasaPassage *p)
{
  p->outcome = CASA_OUTCOME_REJECTED;
  return casa_ingest_keep_refused(self, p);
}

typedef struct {
  const CasaDescriptor *descriptor;
  gboolean changed;
} Description;

static gboolean
put_descriptor(CasaIngest *self, const CasaPassage *p, gpointer data, GError **error)
{
  Description *d = data;
  return casa_store_put_descriptor(self->store, d->descriptor, p->now_ms, &d->changed, error);
}

gboolean
casa_ingest_put_descriptor(CasaIngest *self, CasaPassage *p, const CasaDescriptor *descriptor, gboolean *out_changed)
{
  Description d = { descriptor, FALSE };
  gboolean ok = casa_ingest_insist(self, p, put_descriptor, &d);
  *out_changed = d.changed;
  return ok;
}
