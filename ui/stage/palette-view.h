/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/style.h"
#include "ui/stage/event-keys.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The palette of events over a window: all of them with place, strength and state when it is open; else, while one is armed or
 * an answer is to be read, that alone. Each row can be clicked or reached by Tab, and says to a screen reader what it shows.
 * GTK thread. */
typedef struct _CasaPaletteView CasaPaletteView;

/* @keys outlives it. It goes with its widget. */
CasaPaletteView *casa_palette_view_new(CasaEventKeys *keys);
/* The same as a card of a desk window: always open, two rows side by side, letters of that window's own style. */
CasaPaletteView *casa_palette_view_new_for_desk(CasaEventKeys *keys);
GtkWidget *casa_palette_view_widget(CasaPaletteView *self); /* (transfer none), floating at first */
void casa_palette_view_restyle(CasaPaletteView *self, const CasaLook *look);
void casa_palette_view_open(CasaPaletteView *self, gboolean open); /* The whole list, or not */
gboolean casa_palette_view_is_open(CasaPaletteView *self);
/* Shows what is so now, in the language of the moment; called as often as wanted, it looks some times a second, or at once when
 * it was @pressed. */
void casa_palette_view_tick(CasaPaletteView *self, gboolean pressed);

G_END_DECLS
