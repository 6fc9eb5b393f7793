/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-gestures.h"
#include "base/clock.h"
#include <math.h>

#define ZOOM_STEP 1.5   /* a key */
#define WHEEL_STEP 1.15 /* a notch */
#define PAN 0.15        /* of the width or height, a key */
#define DRAG_PX 4       /* less than this is a click */
#define KEY_US 220000
#define WHEEL_US 140000

static gboolean
is_home(CasaMapGestures *self)
{
  return casa_map_camera_stance(self->camera, G_MAXINT64 / 2).zoom <= 1;
}

/* Moves the middle by so many widths and heights of what is seen. */
static gboolean
pan(CasaMapGestures *self, double dx, double dy)
{
  CasaMapStance to = casa_map_camera_stance(self->camera, G_MAXINT64 / 2);
  CasaMapView view = casa_map_camera_view_of(self->camera, to);

  if (is_home(self))
    return FALSE;
  to.centre.lon += dx * PAN * view.w / view.scale / view.k;
  to.centre.lat -= dy * PAN * view.h / view.scale;
  casa_map_camera_fly(self->camera, to, KEY_US, casa_clock_mono_us());
  self->moved(self->widget);
  return TRUE;
}

static gboolean
zoom_about(CasaMapGestures *self, double factor, double x, double y, gint64 duration_us)
{
  casa_map_camera_zoom_about(self->camera, factor, x, y, duration_us, casa_clock_mono_us());
  self->moved(self->widget);
  return TRUE;
}

/* About what stands in the middle now. */
static gboolean
zoom_by(CasaMapGestures *self, double factor)
{
  CasaMapStance to = casa_map_camera_stance(self->camera, G_MAXINT64 / 2);
  CasaMapView view = casa_map_camera_view_of(self->camera, to);
  double x, y;

  casa_map_project(&view, to.centre, &x, &y);
  return zoom_about(self, factor, x, y, KEY_US);
}

static gboolean
go_home(CasaMapGestures *self)
{
  casa_map_camera_go_home(self->camera, casa_clock_mono_us());
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
  case GDK_KEY_KP_Left: return self->shifted(-1, self->widget) || pan(self, -1, 0);
  case GDK_KEY_Right:
  case GDK_KEY_KP_Right: return self->shifted(1, self->widget) || pan(self, 1, 0);
  case GDK_KEY_Up:
  case GDK_KEY_KP_Up: return pan(self, 0, -1);
  case GDK_KEY_Down:
  case GDK_KEY_KP_Down: return pan(self, 0, 1);
  case GDK_KEY_Tab:
  case GDK_KEY_KP_Tab: return self->stepped(1, self->widget);
  case GDK_KEY_ISO_Left_Tab: return self->stepped(-1, self->widget);
  case GDK_KEY_Escape: return self->stepped(0, self->widget);
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter: return self->entered(self->widget);
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
  return zoom_about(self, pow(WHEEL_STEP, -dy), x, y, WHEEL_US);
}

static void
drag_begin_cb(GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  CasaMapGestures *self = data;

  self->from = casa_map_camera_stance(self->camera, casa_clock_mono_us());
  self->pulls = self->grabs(x, self->widget);
  self->dragged = FALSE;
  gtk_widget_grab_focus(self->widget);
}

static void
drag_update_cb(GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  CasaMapGestures *self = data;
  CasaMapStance to = self->from;
  CasaMapView view = casa_map_camera_view_of(self->camera, to);

  self->dragged = self->dragged || hypot(dx, dy) >= DRAG_PX;
  if (self->pulls) {
    double x, y;
    gtk_gesture_drag_get_start_point(gesture, &x, &y);
    self->pulled(x + dx, self->widget);
    return;
  }
  if (is_home(self))
    return;
  to.centre.lon -= dx / view.scale / view.k;
  to.centre.lat += dy / view.scale;
  casa_map_camera_jump(self->camera, to);
  self->moved(self->widget);
}

static void
pinch_begin_cb(GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  CasaMapGestures *self = data;

  self->from = casa_map_camera_stance(self->camera, casa_clock_mono_us());
}

static void
pinch_cb(GtkGestureZoom *gesture, double scale, gpointer data)
{
  CasaMapGestures *self = data;
  double x, y;

  if (!gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y))
    return;
  casa_map_camera_jump(self->camera, self->from);
  zoom_about(self, scale, x, y, 0);
}

static void
click_cb(GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  CasaMapGestures *self = data;

  if (!self->dragged)
    self->picked(x, y, self->widget);
}

void
casa_map_gestures_attach(CasaMapGestures *self)
{
  GtkEventController *key = gtk_event_controller_key_new();
  GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *drag = gtk_gesture_drag_new(), *pinch = gtk_gesture_zoom_new(), *click = gtk_gesture_click_new();

  g_signal_connect(key, "key-pressed", G_CALLBACK(key_cb), self);
  g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin_cb), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update_cb), self);
  g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begin_cb), self);
  g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinch_cb), self);
  g_signal_connect(click, "released", G_CALLBACK(click_cb), self);
  gtk_widget_add_controller(self->widget, key);
  gtk_widget_add_controller(self->widget, scroll);
  gtk_widget_add_controller(self->widget, GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(self->widget, GTK_EVENT_CONTROLLER(pinch));
  gtk_widget_add_controller(self->widget, GTK_EVENT_CONTROLLER(click));
}
