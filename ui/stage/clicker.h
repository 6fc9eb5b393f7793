/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map.h"

G_BEGIN_DECLS

/* While something stands over a scene that has use for arrows and digits itself, its window has this group of actions, with one
 * that takes a key's value (u): it gets them instead of the scene. */
#define CASA_CLICKER_OVER "over"
#define CASA_CLICKER_OVER_KEY "key"

/* Lets keys and clickers drive @window: what a key means (keys.h) becomes an action of the window, "win.next-scene" and so on.
 * It hears keys before any widget, as a focused one would eat a clicker's. An open menu keeps its own; so does the map its
 * arrows. */
void casa_clicker_attach(GtkWindow *window);
/* The same, but keys of @window drive @hall, arrows and space too. @hall must outlive @window. */
void casa_clicker_attach_for(GtkWindow *window, GtkWindow *hall);

CasaMap *casa_clicker_map(GtkWindow *window); /* The map that is seen in @window; NULL: there is none. (transfer none) */
/* The map that is seen in @window shows the whole city. FALSE: there is none. */
gboolean casa_clicker_go_home(GtkWindow *window);

G_END_DECLS
