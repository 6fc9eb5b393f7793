/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/theme.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A sparkline as a small widget. It says nothing to a screen reader: the value beside it does. */
#define CASA_TYPE_SPARK (casa_spark_get_type())
G_DECLARE_FINAL_TYPE(CasaSpark, casa_spark, CASA, SPARK, GtkWidget)

#define CASA_SPARK_POINTS 24

GtkWidget *casa_spark_new(const CasaTheme *theme, int width, int height); /* An empty one. (transfer floating) */
/* @values: CASA_SPARK_POINTS of them, copied; NULL: nothing is known. */
void casa_spark_set_theme(CasaSpark *self, const CasaTheme *theme); /* Its ground and muted ink */
void casa_spark_set(CasaSpark *self, const double *values, CasaRgb colour, gboolean silent);

G_END_DECLS
