/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk.h"
#include "ui/chart/spark.h"

G_BEGIN_DECLS

/* The last half hour of series that are in sight, read a few at a time and kept for a while. GTK thread only. */
typedef struct _CasaSeriesSparks CasaSeriesSparks;

#define CASA_SPARK_SPAN_MS (30 * 60 * 1000LL)

/* @news: a line has come that was asked for. @desk outlives it. */
CasaSeriesSparks *casa_series_sparks_new(const CasaDesk *desk, void (*news)(guint series, gpointer data), gpointer data);
void casa_series_sparks_free(CasaSeriesSparks *self); /* NULL is fine */
/* CASA_SPARK_POINTS values; NULL: not known (yet); it is read when it is asked for, and again when it is old. */
const double *casa_series_sparks_get(CasaSeriesSparks *self, guint series);

G_END_DECLS
