/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/clock.h"
#include "ui/map/map-paint.h"
#include "ui/map/map-selection.h"
#include "ui/map/map-split.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The map widget. It is told values and shows them; it draws on the frame clock, at most 30 frames a second, and only while
 * something changes. Keyboard: + - zoom, arrows pan, 0 the whole city, Enter chooses, then Tab goes on. Pointer: drag, scroll,
 * pinch, click.
 *
 * Signal "selected": void (CasaMap *map). Something was chosen, or nothing any more: casa_map_get_selection(). */
#define CASA_TYPE_MAP (casa_map_get_type())
G_DECLARE_FINAL_TYPE(CasaMap, casa_map, CASA, MAP, GtkWidget)

GtkWidget *casa_map_new(const CasaCity *city); /* @city must outlive it */

/* By which vehicles move and fade; the real one unless told. Not owned. */
void casa_map_set_clock(CasaMap *self, const CasaClock *clock);
/* @font_px: size of names, pixels. */
void casa_map_set_theme(CasaMap *self, const CasaTheme *theme, const char *font, double font_px);
/* The part of the widget that no veil covers, in fractions of it: there the city is framed; and boxes that nothing is written
 * under, in fractions. */
void casa_map_set_room(CasaMap *self, double x, double y, double w, double h);
void casa_map_set_veils(CasaMap *self, const CasaMapBox *veils, guint n); /* Copies */

void casa_map_set_scale(CasaMap *self, const CasaMapScale *scale); /* copies */
/* @values[city->n_districts]; NAN = no data. */
void casa_map_set_districts(CasaMap *self, const double *values);
/* How much of each district's street lighting works, 0…1, NAN unknown (taken as all); NULL: lamps are not drawn. */
void casa_map_set_lit(CasaMap *self, const double *lit);
/* Stations of a field that is interpolated between them; with any, it is drawn instead of the districts' values. */
void casa_map_set_field(CasaMap *self, const CasaMapPoint *points, guint n);
/* @speeds[city->n_roads], shares of the free speed, NAN unknown; NULL: roads are plain. */
void casa_map_set_roads(CasaMap *self, const double *speeds);
/* [city->n_districts] where something is unusual, which its name is marked with; NULL: nowhere. Copies. */
void casa_map_set_unusual(CasaMap *self, const gboolean *unusual);
void casa_map_set_wind(CasaMap *self, double from_deg, double speed); /* m/s; NAN: none drawn */
void casa_map_set_rain(CasaMap *self, double strength);               /* 0…1; 0: none */
/* More board than usual at @stop of a line: @strength 0…1; 0 ends it. */
void casa_map_set_boarding(CasaMap *self, const CasaStop *stop, guint32 rgb, double strength);
/* A vehicle was seen. It is drawn about one reporting interval behind so that it glides; it fades after @stale_ms and goes. */
void casa_map_report(CasaMap *self, const CasaMapReport *report);
void casa_map_set_badges(CasaMap *self, const CasaMapBadge *badges, guint n); /* copies */
/* A bubble that speaks about one place; copies. @text NULL: none. */
void casa_map_set_callout(CasaMap *self, CasaLonLat at, const char *text);
const char *casa_map_get_callout(CasaMap *self); /* What it says; NULL: there is none. Until the next is set */
/* Something happens in the district of id @district (NULL: no more): a rim is drawn round it, @text (a few words; NULL none)
 * stands under its name, the rest steps back and, when @fly, the camera goes there. An id that is unknown is none. */
void casa_map_set_event(CasaMap *self, const char *district, const char *text, gboolean fly);
/* Something happens on @line, one of the city's, which glows; NULL: no more. */
void casa_map_set_event_line(CasaMap *self, const CasaLine *line);
/* Something happens that is no district's, on a line or at a stop: the camera goes to the box from @min to @max, once for each
 * @what (copied), and comes back after a while, or when @what is NULL. */
void casa_map_visit(CasaMap *self, const char *what, CasaLonLat min, CasaLonLat max);

/* The map beyond a line that can be dragged, or moved by the arrows, shows the city as it would be without what happens: for
 * who knows it, and says so. Signal "compared": void (CasaMap *map), the line came or goes. */
void casa_map_set_comparable(CasaMap *self, gboolean comparable); /* FALSE takes the line away */
gboolean casa_map_is_comparable(CasaMap *self);
void casa_map_compare(CasaMap *self, gboolean compare);            /* Only where it is comparable */
gboolean casa_map_is_compared(CasaMap *self);                      /* FALSE as soon as the line goes */
void casa_map_set_other(CasaMap *self, const CasaMapOther *other); /* copies; the line comes with the first */

/* Two frames a second, and nothing that only adorns: for who runs on a battery. */
void casa_map_set_frugal(CasaMap *self, gboolean frugal);

guint casa_map_n_vehicles(CasaMap *self); /* shown now */
/* Age at which a vehicle without news begins to fade; 30 s unless told, 0 = never (replay of the past). */
void casa_map_set_stale(CasaMap *self, gint64 stale_ms);
gboolean casa_map_line_stands(CasaMap *self, const CasaLine *line); /* Whether all that runs on @line stands still as one */
guint casa_map_n_held(CasaMap *self);                               /* Vehicles that stand away from the ends of their line */
double casa_map_get_zoom(CasaMap *self);                            /* 1 = the whole city; of where a flight goes */
void casa_map_go_home(CasaMap *self);                               /* the whole city, from anywhere */
/* What it shows when nobody has moved it, and nothing happens: see casa_map_camera_set_rest(). */
void casa_map_set_rest(CasaMap *self, CasaLonLat min, CasaLonLat max, double zoom_max);
CasaMapCamera *casa_map_get_camera(CasaMap *self);  /* (transfer none); call casa_map_look() after moving it */
void casa_map_look(CasaMap *self);                  /* Draws what the camera sees now */
void casa_map_follow(CasaMap *self, guint vehicle); /* keeps it in the middle until the camera is moved otherwise */

CasaMapItem casa_map_lookup(CasaMap *self, double x, double y); /* what is drawn at a point of the widget */
const CasaMapItem *casa_map_get_selection(CasaMap *self);       /* kind CASA_MAP_NOTHING: none */
void casa_map_select(CasaMap *self, const CasaMapItem *item);   /* Copies */

/* Where the legend (w = 0: there is none) and the attribution stand on the widget. */
void casa_map_get_legend(CasaMap *self, CasaMapBox *legend, CasaMapBox *attribution);
guint casa_map_n_base_paints(CasaMap *self); /* how often the ground was painted: tests and benchmarks */
guint casa_map_n_frames(CasaMap *self);      /* how many frames were painted */
void casa_map_set_accessible(CasaMap *self, const char *label, const char *description); /* What a screen reader is told */

G_END_DECLS
