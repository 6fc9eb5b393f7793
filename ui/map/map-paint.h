/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "ui/kit/theme.h"
#include <cairo.h>
#include <pango/pango.h>

G_BEGIN_DECLS

/* Draws the city on any cairo surface; knows no widget. Two layers: the base (sea, land, districts with their choropleth
 * colour, roads, lines, attribution) changes seldom and is cached by the widget; the overlay (vehicles, station badges,
 * callout) is drawn every frame. */

typedef struct {
  double x, y, w, h; /* target rectangle, pixels */
  double scale;      /* pixels per projected unit */
  double cx, cy;     /* projected centre */
  double k;          /* cosine of the city's middle latitude: a projected unit is a degree of latitude */
} CasaMapView;

/* A rectangle on the picture, pixels. */
typedef struct {
  double x, y, w, h;
} CasaMapBox;

/* Equirectangular about the city's middle latitude (error below 1e-4 over 50 km): fits all districts into the
 * rectangle. @zoom >= 1 and @centre (NULL = middle) choose a part. */
CasaMapView casa_map_view_fit(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre);
/* As casa_map_view_fit(), but shifts and shrinks the city (to 60 % at most) so that none of its districts lies under the
 * @n boxes of @avoid. @zoom and @centre then apply on top of that. */
CasaMapView casa_map_view_fit_beside(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre,
                                     const CasaMapBox *avoid, guint n);
/* TRUE when a district reaches into @box. */
gboolean casa_map_view_touches(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box);
/* How many straight pieces of the coast (a port has many) and of the lines run through @box: what a name there would lie on. */
guint casa_map_view_crossings(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box);
void casa_map_project(const CasaMapView *view, CasaLonLat at, double *x, double *y);
CasaLonLat casa_map_unproject(const CasaMapView *view, double x, double y);

typedef struct {
  double value;    /* NAN: no data, drawn hatched/neutral */
} CasaMapDistrict; /* one per CasaCity.districts entry */

typedef struct {
  CasaLonLat at;
  guint32 rgb;  /* line colour */
  double alpha; /* fades when stale */
} CasaMapVehicle;

typedef struct {
  CasaLonLat at;
  char text[24];   /* "74" */
  guint band;      /* index in theme->ramp / 0..5 for the badge's colour */
  gboolean stale;  /* drawn hollow */
  double priority; /* higher wins when badges collide */
} CasaMapBadge;

typedef struct {
  CasaLonLat at;
  const char *text; /* one short sentence */
} CasaMapCallout;

typedef struct {
  const CasaCity *city;
  const CasaTheme *theme;
  const char *font;
  double font_px; /* body size; everything scales with it */
  const CasaMapDistrict *districts;
  double breaks[6];              /* lower bounds of the ramp's classes, breaks[0] is the minimum */
  const char *title, *subtitle;  /* legend head: "PM10 par arrondissement" / "µg/m³, moyenne 1 h · 10 stations" */
  const char *attribution;       /* "© contributeurs OpenStreetMap", always drawn */
  gboolean rtl;                  /* legend on the right */
  const CasaMapCallout *callout; /* painted with the signs; NULL none */
} CasaMapBase;

/* The view that leaves the legend and the attribution of @base free: what every picture should start with. */
CasaMapView casa_map_view_for(PangoContext *pango, const CasaMapBase *base, double w, double h, double zoom,
                              const CasaLonLat *centre);

/* Class of @value: the last one whose lower bound it reaches (0 below all); G_MAXUINT when not finite: no data. */
guint casa_map_class(const double breaks[6], double value);

void casa_map_paint_base(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base);
void casa_map_paint_overlay(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                            const CasaMapVehicle *vehicles, guint n_vehicles, const CasaMapBadge *badges, guint n_badges);

/* The two halves of the overlay, for who keeps the second one: what moves, and what is written. The lines' names and
 * those of places and districts go where the badges leave room. */
void casa_map_paint_vehicles(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaMapVehicle *vehicles,
                             guint n);
void casa_map_paint_signs(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                          const CasaMapBadge *badges, guint n);

/* A vehicle's picture: white core, halo of @rgb; square, its middle is the vehicle. @scale: device pixels per pixel.
 * (transfer full) */
cairo_surface_t *casa_map_glow(const CasaMapBase *base, guint32 rgb, double scale);
/* Half the side of that square, pixels. */
double casa_map_glow_reach(const CasaMapBase *base);

G_END_DECLS
