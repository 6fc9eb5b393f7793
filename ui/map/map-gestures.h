/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/camera.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Zoom, pan and choice on a map by keyboard, wheel, pinch, drag and click. GTK thread only; lives inside its widget. */
typedef struct {
  GtkWidget *widget; /* not owned: it owns us */
  CasaMapCamera *camera;
  CasaMapStance from; /* where a drag or pinch began */
  void (*moved)(gpointer widget);
  void (*picked)(double x, double y, gpointer widget); /* clicked */
  gboolean (*stepped)(int direction, gpointer widget); /* next (1) or previous (-1) thing to choose; 0: nothing any more */
  gboolean (*entered)(gpointer widget);                /* Enter on what is chosen */
  gboolean (*grabs)(double x, gpointer widget);        /* whether a drag that begins there pulls the line between two sides */
  void (*pulled)(double x, gpointer widget);           /* … and where to */
  gboolean (*shifted)(int steps, gpointer widget);     /* the line, by an arrow; FALSE: there is none */
  gboolean pulls;                                      /* this drag does */
  gboolean dragged;                                    /* this press is no click */
} CasaMapGestures;

/* Adds the controllers to the widget. The callbacks of @self must be set. */
void casa_map_gestures_attach(CasaMapGestures *self);

/* What a key does. TRUE when it was for the map: arrows are left to others while the whole city is shown, because a
 * presenter's clicker sends them too. */
gboolean casa_map_gestures_key(CasaMapGestures *self, guint keyval);

G_END_DECLS
