/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A part of the picture that is painted at its own rate. Plain data; times are monotonic microseconds. */
typedef struct {
  gint64 every_us; /* least time between two paintings; 0: as soon as it is stale */
  gint64 painted_us;
  gboolean stale; /* its inputs changed since */
  guint paints;   /* how often it was painted: tests and benchmarks */
} CasaMapLayer;

/* TRUE when it is to be painted now. */
static inline gboolean
casa_map_layer_is_due(const CasaMapLayer *self, gint64 mono_us)
{
  return self->stale && (self->paints == 0 || mono_us - self->painted_us >= self->every_us);
}

/* When it is to be painted next; G_MAXINT64: not before its inputs change. */
static inline gint64
casa_map_layer_next_us(const CasaMapLayer *self)
{
  return self->stale ? self->painted_us + self->every_us : G_MAXINT64;
}

/* Note that it was painted at @mono_us. */
static inline void
casa_map_layer_painted(CasaMapLayer *self, gint64 mono_us)
{
  self->stale = FALSE;
  self->painted_us = mono_us;
  self->paints++;
}

G_END_DECLS
