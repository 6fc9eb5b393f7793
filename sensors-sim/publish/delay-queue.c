/* SPDX-License-Identifier: Apache-2.0 */
#include "delay-queue.h"

struct _CasaSimDelayQueue {
  GArray *heap; /* CasaSimParcel; [0] comes first */
  guint64 n;    /* ever put in */
};

static void
parcel_clear(gpointer data)
{
  g_free(((CasaSimParcel *)data)->payload);
}

CasaSimDelayQueue *
casa_sim_delay_queue_new(void)
{
  CasaSimDelayQueue *self = g_new0(CasaSimDelayQueue, 1);
  self->heap = g_array_new(FALSE, FALSE, sizeof(CasaSimParcel));
  return self;
}

void
casa_sim_delay_queue_free(CasaSimDelayQueue *self)
{
  if (!self)
    return;
  g_array_set_clear_func(self->heap, parcel_clear);
  g_array_unref(self->heap);
  g_free(self);
}

static CasaSimParcel *
at(const CasaSimDelayQueue *self, guint i)
{
  return &g_array_index(self->heap, CasaSimParcel, i);
}

static gboolean
before(const CasaSimParcel *a, const CasaSimParcel *b)
{
  return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static void
swap(CasaSimParcel *a, CasaSimParcel *b)
{
  CasaSimParcel kept = *a;
  *a = *b;
  *b = kept;
}

void
casa_sim_delay_queue_put(CasaSimDelayQueue *self, gint64 due_ms, const char *topic, const GString *payload, guint n_values)
{
  CasaSimParcel p = { due_ms, self->n++, topic, g_strndup(payload->str, payload->len), payload->len, n_values };
  guint i = self->heap->len;
  g_array_append_val(self->heap, p);
  for (guint up; i > 0 && before(at(self, i), at(self, up = (i - 1) / 2)); i = up)
    swap(at(self, i), at(self, up));
}

static void
sink_down(CasaSimDelayQueue *self)
{
  guint i = 0, n = self->heap->len;
  for (;;) {
    guint first = i, left = 2 * i + 1, right = left + 1;
    if (left < n && before(at(self, left), at(self, first)))
      first = left;
    if (right < n && before(at(self, right), at(self, first)))
      first = right;
    if (first == i)
      return;
    swap(at(self, i), at(self, first));
    i = first;
  }
}

gboolean
casa_sim_delay_queue_take(CasaSimDelayQueue *self, gint64 now_ms, CasaSimParcel *out)
{
  if (self->heap->len == 0 || at(self, 0)->due_ms > now_ms)
    return FALSE;
  *out = *at(self, 0);
  *at(self, 0) = *at(self, self->heap->len - 1);
  g_array_set_size(self->heap, self->heap->len - 1);
  sink_down(self);
  return TRUE;
}

guint
casa_sim_delay_queue_waiting(const CasaSimDelayQueue *self)
{
  return self->heap->len;
}
