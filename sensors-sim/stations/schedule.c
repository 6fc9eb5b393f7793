/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include "maths/rng.h"

/* Stations with one interval. */
typedef struct {
  guint n_slots;  /* steps in the interval */
  GArray **slots; /* [n_slots] of guint: who reports in this step of the interval */
  guint members;
} Group;

struct _CasaSimSchedule {
  gint64 step_ms;
  GArray *groups; /* Group */
};

static void
group_clear(gpointer data)
{
  Group *g = data;
  for (guint i = 0; i < g->n_slots; i++)
    g_array_unref(g->slots[i]);
  g_free(g->slots);
}

static Group *
group_for(CasaSimSchedule *self, guint n_slots)
{
  for (guint i = 0; i < self->groups->len; i++) {
    Group *g = &g_array_index(self->groups, Group, i);
    if (g->n_slots == n_slots)
      return g;
  }
  Group fresh = { .n_slots = n_slots, .slots = g_new0(GArray *, n_slots) };
  for (guint i = 0; i < n_slots; i++)
    fresh.slots[i] = g_array_new(FALSE, FALSE, sizeof(guint));
  g_array_append_val(self->groups, fresh);
  return &g_array_index(self->groups, Group, self->groups->len - 1);
}

CasaSimSchedule *
casa_sim_schedule_new(const CasaSimWorld *world, gint64 step_ms, double rate_hz)
{
  CasaSimSchedule *self = g_new0(CasaSimSchedule, 1);
  self->step_ms = MAX(step_ms, 1);
  self->groups = g_array_new(FALSE, FALSE, sizeof(Group));
  g_array_set_clear_func(self->groups, group_clear);
  for (guint i = 0; i < casa_sim_world_size(world); i++) {
    const CasaSimStation *s = casa_sim_world_station(world, i);
    double interval = rate_hz > 0 ? 1000 / rate_hz : (double)casa_sim_kind_interval_ms(s->kind);
    guint n_slots = (guint)CLAMP(interval / (double)self->step_ms + 0.5, 1, 1e6); /* options.c asks for no more */
    Group *g = group_for(self, n_slots);
    guint phase = (guint)(casa_sim_stream(0, s->id) % n_slots); /* the same in every run, whatever the seed */
    g_array_append_val(g->slots[phase], i);
    g->members++;
  }
  return self;
}

void
casa_sim_schedule_free(CasaSimSchedule *self)
{
  if (!self)
    return;
  g_array_unref(self->groups);
  g_free(self);
}

gint64
casa_sim_schedule_step_ms(const CasaSimSchedule *self)
{
  return self->step_ms;
}

guint
casa_sim_schedule_n_groups(const CasaSimSchedule *self)
{
  return self->groups->len;
}

const guint *
casa_sim_schedule_due(const CasaSimSchedule *self, guint group, gint64 step, guint *out_n, gint64 *out_interval_ms)
{
  const Group *g = &g_array_index(self->groups, Group, group);
  gint64 phase = step % (gint64)g->n_slots;
  const GArray *slot = g->slots[phase < 0 ? phase + (gint64)g->n_slots : phase];
  *out_n = slot->len;
  *out_interval_ms = (gint64)g->n_slots * self->step_ms;
  return (const guint *)slot->data;
}

double
casa_sim_schedule_rate(const CasaSimSchedule *self)
{
  double rate = 0;
  for (guint i = 0; i < self->groups->len; i++) {
    const Group *g = &g_array_index(self->groups, Group, i);
    rate += g->members * 1000.0 / ((double)g->n_slots * (double)self->step_ms);
  }
  return rate;
}
