/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Zoom and pan of a map by keyboard, wheel and drag. GTK thread only; lives inside its widget. */
typedef struct {
  double zoom;       /* 1 = the whole city */
  CasaLonLat centre; /* meaningful while zoom > 1 */
  GtkWidget *widget; /* not owned: it owns us */
  const CasaCity *city;
  const CasaMapView *view; /* what is on the screen now */
  CasaLonLat drag_from;
  void (*moved)(gpointer widget);
} CasaMapGestures;

/* Adds the controllers to @widget. @moved is called after each change of zoom or centre. */
void casa_map_gestures_attach(CasaMapGestures *self, GtkWidget *widget, const CasaCity *city, const CasaMapView *view,
                              void (*moved)(gpointer widget));
/* NULL while the whole city is shown. */
const CasaLonLat *casa_map_gestures_centre(const CasaMapGestures *self);

/* What a key does. TRUE when it was for the map: arrows are left to others while the whole city is shown, because a
 * presenter's clicker sends them too. */
gboolean casa_map_gestures_key(CasaMapGestures *self, guint keyval);

G_END_DECLS
