/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/twin.h"
#include <math.h>
#include <string.h>

#define CAPACITY 8192
#define STEP_MS 2000         /* as the figures that were watched */
#define HEARD_MS (30 * 1000) /* three of its messages */
#define SAME_EVENT_MS 1000

typedef struct {
  gint64 t_ms; /* 0: nothing was said */
  double value;
} Value;

struct _CasaTwin {
  GArray *values;    /* Value, by series */
  GPtrArray *curves; /* CasaPyramid *, by indicator; NULL: none yet */
  CasaToll tolls[CASA_TOLLS];
  guint n_tolls;
};

static void
free_curve(gpointer curve)
{
  casa_pyramid_free(curve);
}

CasaTwin *
casa_twin_new(guint n_indicators)
{
  CasaTwin *self = g_new0(CasaTwin, 1);

  self->values = g_array_new(FALSE, TRUE, sizeof(Value));
  self->curves = g_ptr_array_new_with_free_func(free_curve);
  g_ptr_array_set_size(self->curves, (gint)n_indicators);
  return self;
}

void
casa_twin_free(CasaTwin *self)
{
  if (!self)
    return;
  g_array_unref(self->values);
  g_ptr_array_unref(self->curves);
  g_free(self);
}

void
casa_twin_forget(CasaTwin *self, guint n_indicators)
{
  g_array_set_size(self->values, 0);
  g_ptr_array_set_size(self->curves, 0);
  g_ptr_array_set_size(self->curves, (gint)n_indicators);
}

void
casa_twin_put(CasaTwin *self, guint series, gint64 t_ms, double value)
{
  if (series >= self->values->len)
    g_array_set_size(self->values, series + 1);
  g_array_index(self->values, Value, series) = (Value){ t_ms, value };
}

gboolean
casa_twin_value(const CasaTwin *self, guint series, gint64 now_ms, double *out)
{
  const Value *value = series < self->values->len ? &g_array_index(self->values, Value, series) : NULL;

  if (!value || value->t_ms == 0 || ABS(now_ms - value->t_ms) > HEARD_MS)
    return FALSE;
  *out = value->value;
  return TRUE;
}

void
casa_twin_hear(CasaTwin *self, const CasaToll *tolls, guint n)
{
  self->n_tolls = MIN(n, CASA_TOLLS);
  memcpy(self->tolls, tolls, self->n_tolls * sizeof *tolls);
}

static gboolean
is_heard(const CasaToll *toll, gint64 now_ms)
{
  return ABS(now_ms - toll->t_ms) <= HEARD_MS;
}

gboolean
casa_twin_works(const CasaTwin *self, gint64 now_ms)
{
  for (guint i = 0; i < self->n_tolls; i++)
    if (is_heard(&self->tolls[i], now_ms))
      return TRUE;
  return FALSE;
}

double
casa_twin_toll(const CasaTwin *self, const char *name, gint64 start_ms, gint64 now_ms)
{
  for (guint i = 0; i < self->n_tolls; i++)
    if (is_heard(&self->tolls[i], now_ms) && ABS(self->tolls[i].since_ms - start_ms) < SAME_EVENT_MS)
      return casa_toll_figure(&self->tolls[i], name);
  return NAN;
}

void
casa_twin_grow(CasaTwin *self, guint indicator, gint64 now_ms, double value)
{
  gpointer *curve = &self->curves->pdata[indicator];
  gint64 last_ms;
  double last;

  if (!*curve)
    *curve = casa_pyramid_new(CAPACITY);
  if (casa_pyramid_last(*curve, &last_ms, &last) && now_ms < last_ms + STEP_MS)
    return;
  casa_pyramid_add(*curve, now_ms, value);
}

const CasaPyramid *
casa_twin_curve(const CasaTwin *self, guint indicator)
{
  return indicator < self->curves->len ? self->curves->pdata[indicator] : NULL;
}
