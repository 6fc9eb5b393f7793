/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/tiles.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The tiles of a map's picture as GTK shows them: those that did not change stay what they were, so that GTK repaints the
 * others only. GTK thread. */
typedef struct _CasaMapSheet CasaMapSheet;

CasaMapSheet *casa_map_sheet_new(void);        /* Empty. (transfer full) */
void casa_map_sheet_free(CasaMapSheet *self);  /* NULL is fine */
void casa_map_sheet_clear(CasaMapSheet *self); /* Empty again */
gboolean casa_map_sheet_is_empty(const CasaMapSheet *self);
/* After each frame of @tiles: takes over what changed in it. The window of @widget shows it at @scale device pixels a pixel. */
void casa_map_sheet_take(CasaMapSheet *self, GtkWidget *widget, CasaMapTiles *tiles, int scale);
void casa_map_sheet_append(CasaMapSheet *self, GtkSnapshot *snapshot); /* Shows it in @snapshot */

G_END_DECLS
