/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "ui/map/map-paint.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The map widget. The wall hands it values; it animates vehicles between the positions it was told, on the frame clock,
 * only while something moves, at most 30 frames a second. Keyboard: + - zoom, arrows pan, 0 home. Pointer: drag, scroll. */
#define CASA_TYPE_MAP (casa_map_get_type())
G_DECLARE_FINAL_TYPE(CasaMap, casa_map, CASA, MAP, GtkWidget)

GtkWidget *casa_map_new(const CasaCity *city); /* @city must outlive it */

/* By which vehicles move and fade; the real one unless told. Not owned. */
void casa_map_set_clock(CasaMap *self, const CasaClock *clock);
void casa_map_set_theme(CasaMap *self, const CasaTheme *theme, const char *font, double font_px);
void casa_map_set_legend(CasaMap *self, const char *title, const char *subtitle, const double breaks[6]);
/* @values[city->n_districts]; NAN = no data. Repaints the base only when a class changed. */
void casa_map_set_districts(CasaMap *self, const double *values);
/* A vehicle was seen at @at at @t_ms (wall ms). @key identifies it (its station id in the catalogue). Drawn about one
 * reporting interval behind so that it glides; it fades after @stale_ms without news and goes. */
void casa_map_set_vehicle(CasaMap *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb);
void casa_map_set_badges(CasaMap *self, const CasaMapBadge *badges, guint n); /* copies */
/* A bubble that speaks about one place; copies. @text NULL: none. */
void casa_map_set_callout(CasaMap *self, CasaLonLat at, const char *text);
guint casa_map_n_vehicles(CasaMap *self); /* shown now */
/* Age at which a vehicle without news begins to fade; 30 s unless told, 0 = never (replay of the past). */
void casa_map_set_stale(CasaMap *self, gint64 stale_ms);
double casa_map_get_zoom(CasaMap *self);     /* 1 = the whole city */
guint casa_map_n_base_paints(CasaMap *self); /* how often the base was painted: tests and benchmarks */
void casa_map_set_accessible(CasaMap *self, const char *label, const char *description);

G_END_DECLS
