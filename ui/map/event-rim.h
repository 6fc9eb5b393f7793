/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* How the map points at one district: a warm rim is drawn round it, the rest steps back. Plain data; monotonic times. */
typedef struct {
  const CasaDistrict *district; /* NULL: nothing happens */
  gint64 since_us;
  double painted; /* how far (0…1) what the ground shows has got */
} CasaMapEventRim;

/* @district NULL: nothing happens any more. */
void casa_map_event_rim_set(CasaMapEventRim *self, const CasaDistrict *district, gint64 mono_us);
gboolean casa_map_event_rim_is_moving(const CasaMapEventRim *self, gint64 mono_us); /* Whether the rim still changes */
CasaRgb casa_map_event_colour(const CasaTheme *theme);                              /* Of the rim */
/* On the ground. */
void casa_map_event_rim_paint(CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base,
                              gint64 mono_us, gboolean still);
/* On a part of a ground that was painted before: as the rest of it shows it, or the part would stand out as a box. */
void casa_map_event_rim_paint_again(const CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base);
/* On the ground: something happens on @line. It glows along its whole way. */
void casa_map_event_line_paint(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaLine *line);
/* On a picture of a ground that already shows some of it: what is missing. */
void casa_map_event_rim_paint_rest(const CasaMapEventRim *self, cairo_t *cr, const CasaMapView *view, const CasaMapBase *base,
                                   gint64 mono_us, gboolean still);

G_END_DECLS
