/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "ui/theme.h"
#include <cairo.h>
#include <pango/pango.h>

G_BEGIN_DECLS

/* Draws the city on any cairo surface; knows no widget. Two layers: the base (sea, land, districts with their choropleth
 * colour, roads, lines, attribution) changes seldom and is cached by the widget; the overlay (vehicles, station badges,
 * callout) is drawn every frame. */

typedef struct {
  double x, y, w, h;      /* target rectangle, pixels */
  double scale;           /* pixels per projected unit */
  double cx, cy;          /* projected centre */
} CasaMapView;

/* Equirectangular about the city's middle latitude (error below 1e-4 over 50 km): fits all districts into the
 * rectangle. @zoom >= 1 and @centre (NULL = middle) choose a part. */
CasaMapView casa_map_view_fit(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre);
void casa_map_project(const CasaMapView *view, CasaLonLat at, double *x, double *y);
CasaLonLat casa_map_unproject(const CasaMapView *view, double x, double y);

typedef struct {
  double value;     /* NAN: no data, drawn hatched/neutral */
} CasaMapDistrict;  /* one per CasaCity.districts entry */

typedef struct {
  CasaLonLat at;
  guint32 rgb;      /* line colour */
  double alpha;     /* fades when stale */
} CasaMapVehicle;

typedef struct {
  CasaLonLat at;
  char text[24];    /* "74" */
  guint band;       /* index in theme->ramp / 0..5 for the badge's colour */
  gboolean stale;   /* drawn hollow */
  double priority;  /* higher wins when badges collide */
} CasaMapBadge;

typedef struct {
  const CasaCity *city;
  const CasaTheme *theme;
  const char *font;
  double font_px;             /* body size; everything scales with it */
  const CasaMapDistrict *districts;
  double breaks[6];           /* lower bounds of the ramp's classes, breaks[0] is the minimum */
  const char *title, *subtitle; /* legend head: "PM10 par arrondissement" / "µg/m³, moyenne 1 h · 10 stations" */
  const char *attribution;    /* "© contributeurs OpenStreetMap", always drawn */
  gboolean rtl;               /* legend on the right */
} CasaMapBase;

void casa_map_paint_base(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base);
void casa_map_paint_overlay(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                            const CasaMapVehicle *vehicles, guint n_vehicles, const CasaMapBadge *badges, guint n_badges);

G_END_DECLS
