/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* What part of the city is looked at. Knows no widget and no clock: monotonic times are handed in, microseconds. One thread
 * at a time. The camera's zoom is relative: 1 frames the whole city in its frame, the part of the picture that no veil
 * covers. It never goes below 1, never above CASA_MAP_ZOOM_MAX, and its centre never leaves the city's box. */
typedef struct _CasaMapCamera CasaMapCamera;

#define CASA_MAP_ZOOM_MAX 24.0
#define CASA_MAP_MARGIN 0.35             /* round a box that is shown: of its size */
#define CASA_MAP_FLIGHT_US (1600 * 1000) /* a flight to a place; the way home takes half as long again */

typedef struct {
  CasaLonLat centre;
  double zoom;
} CasaMapStance;

CasaMapCamera *casa_map_camera_new(const CasaCity *city); /* @city must outlive it */
void casa_map_camera_free(CasaMapCamera *self);           /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapCamera, casa_map_camera_free)

/* The part of the picture in which the city is framed, in fractions of it; all of it unless told. */
void casa_map_camera_set_frame(CasaMapCamera *self, double x, double y, double w, double h);
/* The picture's size, pixels (1 × 1 before), and the @n boxes on it that the whole city is not to lie under. */
void casa_map_camera_set_picture(CasaMapCamera *self, double w, double h, const CasaMapBox *avoid, guint n);
/* Without it flights are cuts. */
void casa_map_camera_set_eased(CasaMapCamera *self, gboolean eased);

/* Where it stands at @mono_us. TRUE in casa_map_camera_is_moving() while a flight lasts. */
CasaMapStance casa_map_camera_stance(CasaMapCamera *self, gint64 mono_us);
gboolean casa_map_camera_is_moving(CasaMapCamera *self, gint64 mono_us); /* Whether a flight lasts */
CasaMapStance casa_map_camera_home(const CasaMapCamera *self);           /* From where the whole city is seen */
gboolean casa_map_camera_is_home(CasaMapCamera *self, gint64 mono_us);   /* Whether it stands there */
/* Where it stands at rest, instead of home: the box from @min to @max as casa_map_camera_fly_to_box() shows it; a point has
 * @zoom_max. It goes there at once, if it stood at rest, and keeps to it at every size of the picture. */
void casa_map_camera_set_rest(CasaMapCamera *self, CasaLonLat min, CasaLonLat max, double margin, double zoom_max);
/* The picture that it sees at @mono_us, or that a stance of one's choice would see. */
CasaMapView casa_map_camera_view(CasaMapCamera *self, gint64 mono_us);
CasaMapView casa_map_camera_view_of(const CasaMapCamera *self, CasaMapStance stance); /* What it would see from @stance */

/* All of these end what was going on, a pursuit too. */
void casa_map_camera_jump(CasaMapCamera *self, CasaMapStance to);
/* Eased, within @duration_us. */
void casa_map_camera_fly(CasaMapCamera *self, CasaMapStance to, gint64 duration_us, gint64 mono_us);
void casa_map_camera_go_home(CasaMapCamera *self, gint64 mono_us); /* Flies to casa_map_camera_home() */
void casa_map_camera_go_back(CasaMapCamera *self, gint64 mono_us); /* Flies to where it rests: home, unless it was told */
/* So that the box from @min to @max and @margin of its size (0.35 = a third more) fill the frame, never closer than
 * @zoom_max. */
void casa_map_camera_fly_to_box(CasaMapCamera *self, CasaLonLat min, CasaLonLat max, double margin, double zoom_max,
                                gint64 mono_us);
/* Zooms by @factor so that the place under @x, @y of the picture stays there. */
void casa_map_camera_zoom_about(CasaMapCamera *self, double factor, double x, double y, gint64 duration_us, gint64 mono_us);

/* Keeps @at in the middle until the camera is moved otherwise; call it again as @at moves. */
void casa_map_camera_follow(CasaMapCamera *self, CasaLonLat at, double zoom, gint64 mono_us);
gboolean casa_map_camera_is_following(const CasaMapCamera *self); /* Whether a pursuit lasts */

/* Views by name: kept as it stands now, and flown to. FALSE: there is none of that name. */
void casa_map_camera_keep(CasaMapCamera *self, const char *name, gint64 mono_us);
gboolean casa_map_camera_recall(CasaMapCamera *self, const char *name, gint64 mono_us); /* Flies to a view that was kept */

G_END_DECLS
