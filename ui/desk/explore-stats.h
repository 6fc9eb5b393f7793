/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/explore-curve.h"

G_BEGIN_DECLS

/* The table below the charts: what each curve's stored samples say within the visible window. */
GtkWidget *casa_explore_stats_new(void); /* An empty one. (transfer floating) */
/* @curves: CasaExploreCurve. In the language of the moment. */
void casa_explore_stats_set(GtkWidget *stats, const GPtrArray *curves, CasaViewport *viewport);

G_END_DECLS
