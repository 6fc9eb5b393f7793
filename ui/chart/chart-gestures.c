/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart-gestures.h"
#include "ui/chart/chart-readout.h"
#include <math.h>

#define WHEEL_STEP 1.25 /* a notch */
#define KEY_STEP 1.5
#define PAN_SHARE 0.1 /* of the range, a notch sideways */
#define NEAR_PX 6     /* a click so near the pin is on it */
#define DRAG_PX 4     /* less than this is a click */

/* Lives as long as its chart, as data of it. */
typedef struct {
  CasaChart *chart; /* not owned */
  double pointer_x;
  gint64 drag_from_ms; /* where the range began when the drag did */
  double drag_ms_per_px;
  double pinched;                  /* scale so far */
  gboolean noting, drawing, drawn; /* N is held; a stretch is being drawn out; …and was, and waits for N to be let go of */
  gint64 note_from_ms, note_to_ms; /* of that stretch */
} Gestures;

static gboolean
time_at(Gestures *self, double x, gint64 *t_ms)
{
  const CasaChartLayout *layout = casa_chart_layout(self->chart);
  if (layout)
    *t_ms = casa_chart_layout_time(layout, x);
  return layout != NULL;
}

static void
move_cb(GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  Gestures *self = data;
  const CasaChartLayout *layout = casa_chart_layout(self->chart);
  self->pointer_x = x;
  if (layout && x >= layout->x && x <= layout->x + layout->w)
    casa_viewport_point(casa_chart_viewport(self->chart), casa_chart_layout_time(layout, x));
  else
    casa_viewport_unpoint(casa_chart_viewport(self->chart));
}

static void
leave_cb(GtkEventControllerMotion *controller, gpointer data)
{
  casa_viewport_unpoint(casa_chart_viewport(((Gestures *)data)->chart));
}

static void
pan_share(CasaViewport *viewport, double share)
{
  gint64 from, to;
  casa_viewport_range(viewport, &from, &to);
  casa_viewport_pan(viewport, llround((double)(to - from) * share));
}

static gboolean
scroll_cb(GtkEventControllerScroll *controller, double dx, double dy, gpointer data)
{
  Gestures *self = data;
  CasaViewport *viewport = casa_chart_viewport(self->chart);
  const GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
  gint64 anchor;
  if (!gtk_widget_has_focus(GTK_WIDGET(self->chart)))
    gtk_widget_grab_focus(GTK_WIDGET(self->chart)); /* the keys go on from here */
  if (dx != 0 || (state & GDK_SHIFT_MASK))
    pan_share(viewport, PAN_SHARE * (dx != 0 ? dx : dy));
  else if (dy != 0 && time_at(self, self->pointer_x, &anchor))
    casa_viewport_zoom(viewport, pow(WHEEL_STEP, dy), anchor);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb(GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  Gestures *self = data;
  gint64 to, here, there;
  casa_viewport_range(casa_chart_viewport(self->chart), &self->drag_from_ms, &to);
  self->drag_ms_per_px = time_at(self, x, &here) && time_at(self, x + 1, &there) ? (double)(there - here) : 0;
  self->drawing = self->noting && time_at(self, x, &self->note_from_ms);
}

/* The stretch between where the drag began and where it is. */
static void
draw_out(Gestures *self, GtkGestureDrag *gesture, double dx)
{
  double x, y;
  self->note_to_ms = self->note_from_ms;
  if (fabs(dx) >= DRAG_PX && gtk_gesture_drag_get_start_point(gesture, &x, &y))
    time_at(self, x + dx, &self->note_to_ms);
  casa_chart_mark(self->chart, self->note_from_ms, self->note_to_ms);
}

/* Asked when N is let go of: held, it would go on into the words. */
static void
ask_drawn(Gestures *self)
{
  self->drawn = self->noting = FALSE;
  casa_chart_mark(self->chart, 0, 0);
  casa_chart_ask_note(self->chart, self->note_from_ms, self->note_to_ms);
}

static void
drag_update_cb(GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  Gestures *self = data;
  CasaViewport *viewport = casa_chart_viewport(self->chart);
  gint64 from, to;
  if (self->drawing) {
    draw_out(self, gesture, dx);
    return;
  }
  if (fabs(dx) < DRAG_PX)
    return;
  casa_viewport_range(viewport, &from, &to);
  casa_viewport_pan(viewport, self->drag_from_ms - llround(dx * self->drag_ms_per_px) - from);
}

static void
drag_end_cb(GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  Gestures *self = data;
  double x, y;
  gint64 t;
  gtk_widget_grab_focus(GTK_WIDGET(self->chart));
  if (self->drawing) {
    draw_out(self, gesture, dx);
    self->drawing = FALSE;
    self->drawn = self->noting;
    if (!self->drawn)
      ask_drawn(self);
    return;
  }
  if (hypot(dx, dy) >= DRAG_PX || !gtk_gesture_drag_get_start_point(gesture, &x, &y) || !time_at(self, x, &t))
    return;
  casa_viewport_pin(casa_chart_viewport(self->chart), t, llround(NEAR_PX * self->drag_ms_per_px));
}

static void
pinch_begin_cb(GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  ((Gestures *)data)->pinched = 1;
}

static void
pinch_cb(GtkGestureZoom *gesture, double scale, gpointer data)
{
  Gestures *self = data;
  double x = self->pointer_x, y;
  gint64 anchor;
  gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y);
  if (scale > 0 && time_at(self, x, &anchor))
    casa_viewport_zoom(casa_chart_viewport(self->chart), self->pinched / scale, anchor);
  self->pinched = scale;
}

/* The cursor goes to a neighbouring sample, and stays there. */
static void
step_cursor(Gestures *self, gint step)
{
  CasaViewport *viewport = casa_chart_viewport(self->chart);
  const CasaChartPicture *picture = casa_chart_picture(self->chart);
  const guint line = casa_chart_selected(self->chart);
  gint64 t = 0, to = 0;
  if (line >= picture->n_lines)
    return;
  if (!casa_viewport_cursor(viewport, &t, NULL))
    t = step > 0 ? picture->from_ms - 1 : picture->to_ms + 1;
  if (casa_chart_step(picture, &picture->lines[line], t, step, &to))
    casa_viewport_pin(viewport, to, -1);
}

static gboolean
preset_key(CasaViewport *viewport, guint key, GdkModifierType state)
{
  if (!(state & GDK_CONTROL_MASK) || key < GDK_KEY_1 || key >= GDK_KEY_1 + CASA_N_PRESETS)
    return GDK_EVENT_PROPAGATE;
  casa_viewport_set_preset(viewport, (CasaViewportPreset)(key - GDK_KEY_1));
  return GDK_EVENT_STOP;
}

static gboolean
leave(CasaViewport *viewport)
{
  gboolean pinned;
  if (casa_viewport_cursor(viewport, NULL, &pinned) && pinned)
    casa_viewport_unpin(viewport);
  else if (!casa_viewport_is_following(viewport))
    casa_viewport_set_preset(viewport, CASA_PRESET_24_H);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean
control_key(Gestures *self, guint key, GdkModifierType state)
{
  if (gdk_keyval_to_lower(key) != GDK_KEY_z || !(state & GDK_CONTROL_MASK))
    return preset_key(casa_chart_viewport(self->chart), key, state);
  casa_chart_undo_note(self->chart);
  return GDK_EVENT_STOP;
}

/* N let go of without a drag: a note of the moment under the cursor, else of now. */
static void
key_released_cb(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  Gestures *self = data;
  CasaViewport *viewport = casa_chart_viewport(self->chart);
  gint64 t;
  if (gdk_keyval_to_lower(key) != GDK_KEY_n || !self->noting)
    return;
  self->noting = FALSE;
  if (self->drawn) {
    ask_drawn(self);
    return;
  }
  if (self->drawing) /* its end asks */
    return;
  if (!casa_viewport_cursor(viewport, &t, NULL))
    t = casa_viewport_now(viewport);
  casa_chart_ask_note(self->chart, t, t);
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  Gestures *self = data;
  CasaViewport *viewport = casa_chart_viewport(self->chart);
  const gint by = state & GDK_SHIFT_MASK ? 10 : 1;
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return control_key(self, key, state);
  switch (key) {
  case GDK_KEY_Left: step_cursor(self, -by); break;
  case GDK_KEY_Right: step_cursor(self, by); break;
  case GDK_KEY_Up: casa_chart_select(self->chart, -1); break;
  case GDK_KEY_Down: casa_chart_select(self->chart, 1); break;
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add: casa_viewport_zoom_here(viewport, 1 / KEY_STEP); break;
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract: casa_viewport_zoom_here(viewport, KEY_STEP); break;
  case GDK_KEY_0:
  case GDK_KEY_KP_0: casa_viewport_show_all(viewport); break;
  case GDK_KEY_End: casa_viewport_follow(viewport); break;
  case GDK_KEY_n:
  case GDK_KEY_N: self->noting = TRUE; break;
  case GDK_KEY_Escape: return leave(viewport);
  default: return GDK_EVENT_PROPAGATE;
  }
  return GDK_EVENT_STOP;
}

static void
add(Gestures *self, gpointer controller)
{
  gtk_widget_add_controller(GTK_WIDGET(self->chart), controller);
}

void
casa_chart_gestures_attach(CasaChart *chart)
{
  g_return_if_fail(casa_chart_viewport(chart) != NULL);
  Gestures *self = g_new0(Gestures, 1);
  GtkEventController *motion = gtk_event_controller_motion_new(), *keys = gtk_event_controller_key_new();
  GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new(), *pinch = gtk_gesture_zoom_new();
  self->chart = chart;
  g_object_set_data_full(G_OBJECT(chart), "casa-gestures", self, g_free);
  g_signal_connect(motion, "motion", G_CALLBACK(move_cb), self);
  g_signal_connect(motion, "leave", G_CALLBACK(leave_cb), self);
  g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), self);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin_cb), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update_cb), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end_cb), self);
  g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begin_cb), self);
  g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinch_cb), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), self);
  g_signal_connect(keys, "key-released", G_CALLBACK(key_released_cb), self);
  add(self, motion);
  add(self, scroll);
  add(self, drag);
  add(self, pinch);
  add(self, keys);
}
