/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/camera.h"
#include "ui/map/comets.h"
#include "ui/map/fleet.h"
#include "ui/map/map-split.h"
#include "ui/map/tiles.h"

G_BEGIN_DECLS

/* The living map without a widget: what is told to it, a camera, and layers that are painted each at its own rate:
 *   land     sea, coast, land: once a camera and theme
 *   ground   districts or field, lamps, roads, lines: some times a second at most, only when something changed
 *   signs    badges, names, legend: once a second at most
 *   moving   vehicles, grains of the roads, rings, wind, rain: every frame
 * Monotonic times are handed in, microseconds. GTK thread only. */
typedef struct _CasaMapPicture CasaMapPicture;

#define CASA_MAP_FRAME_US 31000 /* at most 30 a second, with room for the jitter of a frame clock */

CasaMapPicture *casa_map_picture_new(const CasaCity *city); /* @city must outlive it */
void casa_map_picture_free(CasaMapPicture *self);           /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapPicture, casa_map_picture_free)

/* @w × @h in units, each @device_scale pixels. */
void casa_map_picture_set_size(CasaMapPicture *self, PangoContext *pango, int w, int h, int device_scale);
/* @font_px: size of names; @rtl: mirrored legend. */
void casa_map_picture_set_style(CasaMapPicture *self, const CasaTheme *theme, const char *font, double font_px, gboolean rtl);
/* Nothing moves but what must: no glints, no breathing, no flights; vehicles jump. */
void casa_map_picture_set_still(CasaMapPicture *self, gboolean still);
/* Two frames a second, and nothing that only adorns: for who runs on a battery. */
void casa_map_picture_set_frugal(CasaMapPicture *self, gboolean frugal);
/* The part of the picture that no veil covers, in fractions; and boxes that nothing is written under, in fractions. */
void casa_map_picture_set_room(CasaMapPicture *self, double x, double y, double w, double h);
void casa_map_picture_set_veils(CasaMapPicture *self, const CasaMapBox *veils, guint n); /* Copies */
/* It is @now_ms by the data's clock, which runs at @rate (1 = as life). */
void casa_map_picture_set_now(CasaMapPicture *self, gint64 now_ms, double rate, gint64 mono_us);

void casa_map_picture_set_scale(CasaMapPicture *self, const CasaMapScale *scale);       /* copies */
void casa_map_picture_set_districts(CasaMapPicture *self, const double *values);        /* [n_districts] NAN no data */
void casa_map_picture_set_lit(CasaMapPicture *self, const double *lit, gint64 mono_us); /* [n_districts] 0…1; NULL: no lamps */
void casa_map_picture_set_field(CasaMapPicture *self, const CasaMapPoint *points, guint n); /* Copies */
void casa_map_picture_set_roads(CasaMapPicture *self, const double *speeds); /* [n_roads] share of free speed, NAN; NULL none */
void casa_map_picture_set_badges(CasaMapPicture *self, const CasaMapBadge *badges, guint n); /* Copies */
void casa_map_picture_set_callout(CasaMapPicture *self, CasaLonLat at, const char *text);    /* Copies; @text NULL: none */
void casa_map_picture_set_wind(CasaMapPicture *self, double from_deg, double speed);         /* m/s; NAN: none drawn */
void casa_map_picture_set_rain(CasaMapPicture *self, double strength);                       /* 0…1; 0: none */
/* Boardings at a stop, @strength 0…1; 0 ends them. */
void casa_map_picture_set_boarding(CasaMapPicture *self, const CasaStop *stop, guint32 rgb, double strength);
void casa_map_picture_report(CasaMapPicture *self, const CasaMapReport *report); /* A vehicle was seen */
/* Something happens in @district (NULL: no more): @text, a few words, is written under its name. The camera goes there when
 * @fly; the rest steps back. */
void casa_map_picture_set_event(CasaMapPicture *self, const CasaDistrict *district, const char *text, gboolean fly,
                                gint64 mono_us);
/* Something happens on @line, which glows; NULL: no more. */
void casa_map_picture_set_event_line(CasaMapPicture *self, const CasaLine *line);
/* Something happens that is no district's: the camera goes to the box from @min to @max, once for each @what (copied), and
 * comes back as from a district, or when @what is NULL. */
void casa_map_picture_visit(CasaMapPicture *self, const char *what, CasaLonLat min, CasaLonLat max, gint64 mono_us);
/* [n_districts]; NULL: nothing is unusual anywhere. Copies */
void casa_map_picture_set_unusual(CasaMapPicture *self, const gboolean *unusual);
/* What the other side of a line shows (map-split.h); copies. */
void casa_map_picture_set_other(CasaMapPicture *self, const CasaMapOther *other);
/* Draws the line, which glides in as soon as the other side is told, or lets it go. */
void casa_map_picture_compare(CasaMapPicture *self, gboolean compare, gint64 mono_us);
gboolean casa_map_picture_is_compared(const CasaMapPicture *self); /* FALSE as soon as the line was told to go */
/* Moves the line to @x, pixels of the picture, or by @steps of CASA_MAP_SPLIT_STEP to the right. */
void casa_map_picture_move_line(CasaMapPicture *self, double x);
void casa_map_picture_step_line(CasaMapPicture *self, int steps, gint64 mono_us);
double casa_map_picture_line(const CasaMapPicture *self); /* Where it stood in the last frame, pixels; NAN: there is none */
/* Draws a mark round what is chosen. @radius 0: none. */
void casa_map_picture_set_mark(CasaMapPicture *self, CasaLonLat at, double radius);

/* Paints what is due. TRUE when the picture changed: ask the tiles where. */
gboolean casa_map_picture_frame(CasaMapPicture *self, PangoContext *pango, gint64 mono_us);
/* When the next frame is wanted; G_MAXINT64: not before something is told. */
gint64 casa_map_picture_next_us(CasaMapPicture *self, gint64 mono_us);

/* All (transfer none). NULL tiles before a size was set. */
CasaMapTiles *casa_map_picture_tiles(CasaMapPicture *self);
CasaMapCamera *casa_map_picture_camera(CasaMapPicture *self);                /* Say casa_map_picture_moved() after moving it */
CasaMapFleet *casa_map_picture_fleet(CasaMapPicture *self);                  /* The vehicles */
const CasaMapView *casa_map_picture_view(CasaMapPicture *self);              /* of the last frame */
const CasaMapBase *casa_map_picture_base(CasaMapPicture *self);              /* What all layers are painted from */
const GArray *casa_map_picture_vehicles(CasaMapPicture *self);               /* CasaMapVehicle drawn last */
const CasaMapBadge *casa_map_picture_badges(CasaMapPicture *self, guint *n); /* As they were set last */
gint64 casa_map_picture_now_ms(CasaMapPicture *self, gint64 mono_us);        /* By the data's clock at @mono_us */
/* After a change that the camera does not tell by itself: it was moved. */
void casa_map_picture_moved(CasaMapPicture *self);
/* How often land, ground and signs were painted. */
void casa_map_picture_paints(CasaMapPicture *self, guint *land, guint *ground, guint *signs);
/* How much of what moves is left out because frames run late: 0 nothing … 4 (grains, half of wind and rain, rings, half of the
 * wind that is left). */
guint casa_map_picture_frugality(CasaMapPicture *self);

G_END_DECLS
