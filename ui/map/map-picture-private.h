/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/event-rim.h"
#include "ui/map/lamps.h"
#include "ui/map/layer.h"
#include "ui/map/map-picture.h"
#include "ui/map/map-split.h"
#include "ui/map/roads.h"
#include "ui/map/runs.h"

G_BEGIN_DECLS

/* What the picture is made of: map-picture.c takes what is told, map-frame.c paints it. */

typedef struct {
  CasaLonLat at;
  guint32 rgb;
  double strength;
} CasaMapBoarding;

struct _CasaMapPicture {
  const CasaCity *city;
  CasaMapBase base;           /* strings, districts, field, roads and veils in it are ours */
  CasaMapDistrict *districts; /* [n_districts] */
  double *lit;                /* [n_districts] what districts[].lit goes to */
  gint64 lit_us;              /* when that was last advanced */
  double *roads;
  CasaMapBadge *badges;
  guint n_badges;
  CasaMapCallout callout;
  gboolean *standing;    /* [n_lines] */
  gboolean *unusual;     /* [n_districts] */
  gint64 standing_us;    /* when that was last looked at */
  GHashTable *boardings; /* CasaStop → Boarding */
  double wind_from, wind_speed;
  double rain, rain_shown; /* what is told, and how far it has come or gone */
  gint64 rain_us;          /* when that was last advanced */
  double room[4];
  CasaMapBox *veils; /* fractions */
  guint n_veils;
  CasaMapBox *veil_boxes; /* pixels */
  CasaLonLat mark_at;
  double mark_radius;

  gint64 now_ms, now_us; /* the data's clock was now_ms at now_us */
  double rate;
  gboolean still, frugal;

  CasaMapEventRim event;
  CasaMapSplit split;
  const CasaLine *event_line;  /* on which something happens; NULL: on none */
  char *visiting;              /* what the camera was sent to beside a district's event; NULL: nothing */
  CasaLonLat fly_min, fly_max; /* what it goes to */
  gint64 fly_us;               /* the camera goes to the event then; 0: it has gone */
  gint64 return_us;            /* … and comes back then, if it still stands there; 0: it does not */
  CasaMapStance visit;         /* where it stands meanwhile */

  CasaMapCamera *camera;
  CasaMapFleet *fleet;
  GArray *vehicles;   /* CasaMapVehicle */
  GArray *heads;      /* CasaMapBox */
  GHashTable *places; /* char * → CasaMapPlaced */
  CasaMapComets *comets;
  CasaMapGrains *grains;
  GPtrArray *dots; /* see casa_map_lamps_spread(); NULL until a night was seen */
  CasaMapLamps *lamps;
  CasaMapTiles *tiles;
  CasaMapRuns *land;         /* device pixels; NULL = to be painted */
  cairo_surface_t *backdrop; /* the whole city, smaller; NULL until it was seen */
  CasaMapView view;          /* what the layers show */
  CasaMapView backdrop_view;
  CasaMapView shown;      /* what the last frame showed */
  gint64 view_changed_us; /* when @shown last changed */
  int w, h, device_scale;
  CasaMapLayer ground_layer, signs_layer, moving_layer;
  guint land_paints;
  guint frugality, late, early;
};

/* Everything that was painted for the view and style of before. */
void casa_map_picture_drop_layers(CasaMapPicture *self);
/* Where the line between the two sides stands now: at the begin of a frame. */
void casa_map_picture_place_line(CasaMapPicture *self, gint64 mono_us);
/* The camera comes back, but for who has moved it since: it is theirs then. */
void casa_map_picture_return_from_event(CasaMapPicture *self, gint64 mono_us);

G_END_DECLS
