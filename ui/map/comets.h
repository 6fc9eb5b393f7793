/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/fleet.h"
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* Vehicles as heads with tails: the tail is the way travelled in the last CASA_MAP_TAIL_MS, fading; a glint runs along it every
 * few seconds, which is the sign of life, since at true scale a tram moves ten pixels in half a minute. Each vehicle's picture
 * is kept until it, or its tail, has moved a quarter of a pixel. GTK thread only. */
typedef struct _CasaMapComets CasaMapComets;

/* What a picture of the moment needs to know. */
typedef struct {
  const CasaMapView *view;
  const CasaMapBase *base;
  double device_scale;
  gint64 now_ms;   /* data time */
  double s;        /* seconds since any start, for what only breathes; the same at every frame when still */
  gboolean still;  /* no glints, no breathing */
  gboolean frugal; /* a comet that moved by less than half a pixel stays as it is */
  void (*mark)(const CasaMapBox *box, gpointer data); /* told of every box before it is painted in */
  gpointer data;
} CasaMapMoment;

CasaMapComets *casa_map_comets_new(void);       /* An empty one. (transfer full) */
void casa_map_comets_free(CasaMapComets *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapComets, casa_map_comets_free)
/* After a change of camera, theme or size. */
void casa_map_comets_clear(CasaMapComets *self);

/* Draws @vehicles, as casa_map_fleet_read() gave them, as heads with tails along what @fleet knows of their way. */
void casa_map_comets_paint(CasaMapComets *self, cairo_t *cr, const CasaMapMoment *moment, CasaMapFleet *fleet,
                           const CasaMapVehicle *vehicles, guint n);
/* Where the head of @vehicle is drawn: beside the track's middle, so that two ways pass one another. */
void casa_map_comet_head(const CasaMapView *view, const CasaMapBase *base, const CasaMapVehicle *vehicle, double *x, double *y);

/* Rings about a stop where more people board than usual (@strength 0…1). */
void casa_map_rings_paint(cairo_t *cr, const CasaMapMoment *moment, CasaLonLat at, CasaRgb colour, double strength);

/* Uniform in 0…1, the same for the same numbers. */
double casa_map_chance(guint64 a, guint64 b);
/* The wind: curves that run with it, @from_deg where it comes from (0 = north, clockwise), @speed in m/s; at most @n, fewer and
 * finer in a light wind. In a field of dust they have its colour. */
void casa_map_streaks_paint(cairo_t *cr, const CasaMapMoment *moment, double from_deg, double speed, guint n);
/* Rain of @strength 0…1: drops that fall and rings where they end, leaning with the wind that blows @east_ms m/s to the right.
 * @still: they stand. */
void casa_map_rain_paint(cairo_t *cr, const CasaMapMoment *moment, double strength, double east_ms, gboolean still);

G_END_DECLS
