/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The bar of the time machine: which day, where in it, how fast, and the way back. It asks by actions: "app.replay" (from, to:
 * UTC ms; speed; whether again and again) and "app.live". Made in the language of the moment. (transfer floating) */
GtkWidget *casa_replay_bar_new(void);
/* Hidden unless a past is shown by a time machine. What is shown now: moves the place, and says day and time. Call a few times
 * a second. */
void casa_replay_bar_show(GtkWidget *bar, const CasaSummary *summary);

/* The stretch that begins a journey: today from midnight, or yesterday while less than @least_ms of today is past. Local
 * days. */
void casa_replay_bar_first_day(gint64 now_ms, gint64 least_ms, gint64 *from_ms, gint64 *to_ms);
/* The local day that @t_ms is in. */
void casa_replay_bar_day(gint64 t_ms, gint64 *from_ms, gint64 *to_ms);

G_END_DECLS
