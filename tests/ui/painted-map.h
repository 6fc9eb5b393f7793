/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"
#include <pango/pangocairo.h>

/* A picture of a map that is looked at by code, and kept beside the test for people. */
typedef struct {
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *pango;
  CasaMapBase base;
  CasaMapDistrict districts[32];
  CasaMapView view;
  int w, h;
} PaintedMap;

/* The districts of @city (not owned) in many colours, w × h pixels, names of @em pixels, in @lang. */
void painted_map_init(PaintedMap *p, const CasaCity *city, const char *theme, const char *lang, int w, int h, double em);
void painted_map_clear(PaintedMap *p); /* Frees what it holds, and speaks French again */
void painted_map_base(PaintedMap *p);  /* Frames the whole city and paints it, with the legend */
void painted_map_signs(PaintedMap *p, const CasaMapBadge *badges, guint n);
void painted_map_keep(PaintedMap *p, const char *name); /* As a PNG beside the test */
/* Share of pixels of @box that are about @colour: no channel is farther from it than @tolerance, of 255. */
double painted_map_share(PaintedMap *p, const CasaMapBox *box, CasaRgb colour, int tolerance);
/* A square of 2 @r pixels around a place. */
CasaMapBox painted_map_around(PaintedMap *p, CasaLonLat at, double r);
