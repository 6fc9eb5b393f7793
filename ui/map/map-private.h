/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-gestures.h"
#include "ui/map/map-picture.h"
#include "ui/map/map-sheet.h"
#include "ui/map/map.h"

G_BEGIN_DECLS

/* What the widget is made of: map-told.c takes what is told, map.c draws it and answers. */

/* GTK thread only. */
struct _CasaMap {
  GtkWidget parent_instance;
  const CasaCity *city;
  const CasaClock *clock;
  const char *lang; /* of its window: frames are painted when no window is told anything */
  CasaMapPicture *picture;
  CasaMapGestures hand;
  CasaMapItem selection;
  CasaMapSheet *sheet;
  guint followed;
  guint tick, watch, alarm; /* at most one of tick and alarm */
  guint frames;
  gboolean comparable;
};

/* Something may have changed: looks when the next frame is due, and sees to it that it comes. */
void casa_map_wake(CasaMap *self);
gboolean casa_map_is_animated(CasaMap *self); /* As the desktop wishes */

G_END_DECLS
