/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-gestures.h"
#include <math.h>

#define ZOOM_MAX 24.0
#define ZOOM_STEP 1.5   /* a key */
#define WHEEL_STEP 1.15 /* a notch */
#define PAN 0.15        /* of the width or height, a key */

const CasaLonLat *
casa_map_gestures_centre(const CasaMapGestures *self)
{
  return self->zoom > 1 ? &self->centre : NULL;
}

static CasaLonLat
middle(const CasaMapGestures *self)
{
  return casa_map_unproject(self->view, self->view->x + self->view->w / 2, self->view->y + self->view->h / 2);
}

/* Never so far that the city is out of sight. */
static void
look_at(CasaMapGestures *self, CasaLonLat at)
{
  self->centre.lon = CLAMP(at.lon, self->city->min.lon, self->city->max.lon);
  self->centre.lat = CLAMP(at.lat, self->city->min.lat, self->city->max.lat);
  self->moved(self->widget);
}

/* The place at @x, @y stays where it is. */
static void
zoom_about(CasaMapGestures *self, double factor, double x, double y)
{
  double zoom = CLAMP(self->zoom * factor, 1, ZOOM_MAX), ratio = zoom / self->zoom;
  CasaLonLat here = casa_map_unproject(self->view, x, y), centre = middle(self);

  if (self->view->scale <= 0 || ratio == 1)
    return;
  self->zoom = zoom < 1.01 ? 1 : zoom;
  look_at(self, (CasaLonLat){ here.lon + (centre.lon - here.lon) / ratio, here.lat + (centre.lat - here.lat) / ratio });
}

static gboolean
pan(CasaMapGestures *self, double dx, double dy)
{
  const CasaMapView *v = self->view;

  if (self->zoom <= 1)
    return FALSE;
  look_at(self, casa_map_unproject(v, v->x + v->w * (0.5 + dx * PAN), v->y + v->h * (0.5 + dy * PAN)));
  return TRUE;
}

static gboolean
zoom_by(CasaMapGestures *self, double factor)
{
  zoom_about(self, factor, self->view->x + self->view->w / 2, self->view->y + self->view->h / 2);
  return TRUE;
}

static gboolean
go_home(CasaMapGestures *self)
{
  self->zoom = 1;
  self->moved(self->widget);
  return TRUE;
}

gboolean
casa_map_gestures_key(CasaMapGestures *self, guint keyval)
{
  switch (keyval) {
  case GDK_KEY_plus:
  case GDK_KEY_equal:
  case GDK_KEY_KP_Add: return zoom_by(self, ZOOM_STEP);
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract: return zoom_by(self, 1 / ZOOM_STEP);
  case GDK_KEY_0:
  case GDK_KEY_KP_0: return go_home(self);
  case GDK_KEY_Left:
  case GDK_KEY_KP_Left: return pan(self, -1, 0);
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right: return pan(self, 1, 0);
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up: return pan(self, 0, -1);
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down: return pan(self, 0, 1);
  default: return FALSE;
  }
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer data)
{
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return FALSE;
  return casa_map_gestures_key(data, keyval);
}

static gboolean
scroll_cb(GtkEventControllerScroll *controller, double dx, double dy, gpointer data)
{
  CasaMapGestures *self = data;
  GdkEvent *event = gtk_event_controller_get_current_event(GTK_EVENT_CONTROLLER(controller));
  GtkNative *native = gtk_widget_get_native(self->widget);
  double x, y, nx = 0, ny = 0;

  if (event == NULL || native == NULL || !gdk_event_get_position(event, &x, &y))
    return zoom_by(self, pow(WHEEL_STEP, -dy));
  gtk_native_get_surface_transform(native, &nx, &ny);
  gtk_widget_translate_coordinates(GTK_WIDGET(native), self->widget, x - nx, y - ny, &x, &y);
  zoom_about(self, pow(WHEEL_STEP, -dy), x, y);
  return TRUE;
}

static void
drag_begin_cb(GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  CasaMapGestures *self = data;

  self->drag_from = middle(self);
  gtk_widget_grab_focus(self->widget);
}

static void
drag_update_cb(GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  CasaMapGestures *self = data;

  if (self->zoom > 1)
    look_at(self, (CasaLonLat){ self->drag_from.lon - dx / self->view->scale / self->view->k,
                                self->drag_from.lat + dy / self->view->scale });
}

void
casa_map_gestures_attach(CasaMapGestures *self, GtkWidget *widget, const CasaCity *city, const CasaMapView *view,
                         void (*moved)(gpointer widget))
{
  GtkEventController *key = gtk_event_controller_key_new();
  GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *drag = gtk_gesture_drag_new();

  *self = (CasaMapGestures){ .zoom = 1, .widget = widget, .city = city, .view = view, .moved = moved };
  g_signal_connect(key, "key-pressed", G_CALLBACK(key_cb), self);
  g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin_cb), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update_cb), self);
  gtk_widget_add_controller(widget, key);
  gtk_widget_add_controller(widget, scroll);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
}
