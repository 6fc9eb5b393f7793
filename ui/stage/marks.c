/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/marks.h"
#include "ui/stage/strokes.h"
#include <math.h>

/* Radii and widths as parts of the picture's height. */
#define DOT 0.016
#define SPOT 0.17
#define LENS 0.20
#define PEN 0.006
#define ZOOM 2
#define SHADE 0.72 /* how dark it is outside the spot */
#define DATA "casa-marks"

struct _CasaMarks {
  GtkWidget parent_instance;
  CasaTool tool;
  double x, y; /* of the mouse */
  gboolean down;
  CasaStrokes *strokes;
  GtkWidget *moving;     /* what lies under it; not owned, goes with the window */
  GdkPaintable *still;   /* what stands in its place; NULL: nothing does */
  GdkPaintable *picture; /* the magnifier's; NULL: it is not used */
};

G_DEFINE_FINAL_TYPE(CasaMarks, casa_marks, GTK_TYPE_WIDGET)

static GdkRGBA
colour(void)
{
  return (GdkRGBA){ (CASA_MARKS_COLOUR >> 16) / 255.f, (CASA_MARKS_COLOUR >> 8 & 255) / 255.f,
                    (CASA_MARKS_COLOUR & 255) / 255.f, 1 };
}

/* --- Painting ------------------------------------------------------------------------------------------------------- */

static void
fill_disc(GtkSnapshot *out, double x, double y, double radius, const GdkRGBA *ink)
{
  graphene_rect_t box = GRAPHENE_RECT_INIT((float)(x - radius), (float)(y - radius), (float)(2 * radius), (float)(2 * radius));
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect(&disc, &box, (float)radius);
  gtk_snapshot_push_rounded_clip(out, &disc);
  gtk_snapshot_append_color(out, ink, &box);
  gtk_snapshot_pop(out);
}

static void
paint_pointer(GtkSnapshot *out, double x, double y, double height)
{
  const GdkRGBA rim = { 1, 1, 1, 1 }, ink = colour();

  fill_disc(out, x, y, DOT * height * 1.3, &rim);
  fill_disc(out, x, y, DOT * height, &ink);
}

/* Bands of one colour around the square that holds the spot, and a gradient in it: most of the picture needs no gradient. */
static void
paint_spotlight(GtkSnapshot *out, double x, double y, double width, double height)
{
  const float r = (float)(SPOT * height), left = (float)x - r, top = (float)y - r, w = (float)width, h = (float)height;
  const GdkRGBA shade = { 0, 0, 0, SHADE };
  const GskColorStop stops[] = { { 0, { 0, 0, 0, 0 } }, { 0.92f, { 0, 0, 0, 0 } }, { 1, shade } };
  const graphene_rect_t square = GRAPHENE_RECT_INIT(left, top, 2 * r, 2 * r);
  const graphene_rect_t bands[] = { GRAPHENE_RECT_INIT(0, 0, w, MAX(0, top)),
                                    GRAPHENE_RECT_INIT(0, top + 2 * r, w, MAX(0, h - top - 2 * r)),
                                    GRAPHENE_RECT_INIT(0, top, MAX(0, left), 2 * r),
                                    GRAPHENE_RECT_INIT(left + 2 * r, top, MAX(0, w - left - 2 * r), 2 * r) };

  for (guint i = 0; i < G_N_ELEMENTS(bands); i++)
    if (bands[i].size.width > 0 && bands[i].size.height > 0)
      gtk_snapshot_append_color(out, &shade, &bands[i]);
  gtk_snapshot_append_radial_gradient(out, &square, &GRAPHENE_POINT_INIT((float)x, (float)y), r, r, 0, 1, stops,
                                      G_N_ELEMENTS(stops));
}

static void
paint_magnifier(CasaMarks *self, GtkSnapshot *out, double x, double y, double width, double height)
{
  const double r = LENS * height;
  const graphene_rect_t box = GRAPHENE_RECT_INIT((float)(x - r), (float)(y - r), (float)(2 * r), (float)(2 * r));
  const float rim = (float)MAX(2, height * 0.004), widths[] = { rim, rim, rim, rim };
  const GdkRGBA ink = { 1, 1, 1, 1 }, ground = { 0, 0, 0, 1 }, inks[] = { ink, ink, ink, ink };
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect(&disc, &box, (float)r);
  gtk_snapshot_push_rounded_clip(out, &disc);
  gtk_snapshot_append_color(out, &ground, &box);
  gtk_snapshot_save(out);
  gtk_snapshot_translate(out, &GRAPHENE_POINT_INIT((float)(x - ZOOM * x), (float)(y - ZOOM * y)));
  if (self->picture)
    gdk_paintable_snapshot(self->picture, GDK_SNAPSHOT(out), width * ZOOM, height * ZOOM);
  gtk_snapshot_restore(out);
  gtk_snapshot_pop(out);
  gtk_snapshot_append_border(out, &disc, widths, inks);
}

static void
snapshot(GtkWidget *widget, GtkSnapshot *out)
{
  CasaMarks *self = CASA_MARKS(widget);
  const double width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  const double x = self->x * width, y = self->y * height;
  const graphene_rect_t all = GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height);
  const GdkRGBA ink = colour();

  gtk_snapshot_push_clip(out, &all);
  casa_strokes_paint(self->strokes, out, width, height, PEN * height, &ink);
  switch (self->tool) {
  case CASA_TOOL_POINTER: paint_pointer(out, x, y, height); break;
  case CASA_TOOL_SPOTLIGHT: paint_spotlight(out, x, y, width, height); break;
  case CASA_TOOL_MAGNIFIER: paint_magnifier(self, out, x, y, width, height); break;
  case CASA_TOOL_NONE:
  case CASA_TOOL_PEN: break;
  }
  gtk_snapshot_pop(out);
}

/* --- What it is told --------------------------------------------------------------------------------------------------- */

/* A picture of a widget costs something at each of its frames, so there is none but while it is magnified. */
static void
choose_picture(CasaMarks *self)
{
  if (self->picture)
    g_signal_handlers_disconnect_by_data(self->picture, self);
  g_clear_object(&self->picture);
  if (self->tool != CASA_TOOL_MAGNIFIER)
    return;
  self->picture = self->still ? g_object_ref(self->still) : self->moving ? gtk_widget_paintable_new(self->moving) : NULL;
  if (self->picture)
    g_signal_connect_swapped(self->picture, "invalidate-contents", G_CALLBACK(gtk_widget_queue_draw), self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_marks_set_sight(CasaMarks *self, GtkWidget *moving, GdkPaintable *still)
{
  self->moving = moving;
  g_set_object(&self->still, still);
  choose_picture(self);
}

void
casa_marks_set_tool(CasaMarks *self, CasaTool tool)
{
  if (tool == self->tool)
    return;
  casa_marks_release(self);
  self->tool = tool;
  choose_picture(self);
  gtk_widget_set_can_target(GTK_WIDGET(self), tool != CASA_TOOL_NONE);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), tool == CASA_TOOL_PEN ? "crosshair" : "none");
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

CasaTool
casa_marks_tool(CasaMarks *self)
{
  return self->tool;
}

void
casa_marks_point(CasaMarks *self, double x, double y)
{
  self->x = CLAMP(x, 0, 1);
  self->y = CLAMP(y, 0, 1);
  if (self->down)
    casa_strokes_add(self->strokes, self->x, self->y);
  if (self->down || (self->tool != CASA_TOOL_NONE && self->tool != CASA_TOOL_PEN))
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_marks_press(CasaMarks *self, double x, double y)
{
  if (self->tool == CASA_TOOL_PEN && !self->down)
    self->down = casa_strokes_begin(self->strokes);
  casa_marks_point(self, x, y);
}

void
casa_marks_release(CasaMarks *self)
{
  self->down = FALSE;
}

guint
casa_marks_n_strokes(CasaMarks *self)
{
  return casa_strokes_n(self->strokes);
}

void
casa_marks_undo(CasaMarks *self)
{
  self->down = FALSE;
  casa_strokes_undo(self->strokes);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_marks_clear(CasaMarks *self)
{
  while (casa_marks_n_strokes(self) > 0)
    casa_marks_undo(self);
}

/* --- The mouse ---------------------------------------------------------------------------------------------------------- */

/* From pixels of @area, in whose middle the picture stands as large as it fits. FALSE: the picture has no size yet. */
static gboolean
place_in(CasaMarks *self, GtkWidget *area, double *x, double *y)
{
  const double w = gtk_widget_get_width(GTK_WIDGET(self)), h = gtk_widget_get_height(GTK_WIDGET(self));
  const double aw = gtk_widget_get_width(area), ah = gtk_widget_get_height(area);

  if (w <= 0 || h <= 0 || aw <= 0 || ah <= 0)
    return FALSE;
  const double scale = MIN(aw / w, ah / h);
  *x = (*x - (aw - w * scale) / 2) / (w * scale);
  *y = (*y - (ah - h * scale) / 2) / (h * scale);
  return TRUE;
}

static void
motion_cb(GtkEventControllerMotion *controller, double x, double y, CasaMarks *self)
{
  if (place_in(self, gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller)), &x, &y))
    casa_marks_point(self, x, y);
}

static void
drag_begin_cb(GtkGestureDrag *drag, double x, double y, CasaMarks *self)
{
  if (self->tool != CASA_TOOL_PEN)
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_DENIED);
  else if (place_in(self, gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(drag)), &x, &y))
    casa_marks_press(self, x, y);
}

static void
drag_update_cb(GtkGestureDrag *drag, double dx, double dy, CasaMarks *self)
{
  double x, y;

  if (!gtk_gesture_drag_get_start_point(drag, &x, &y))
    return;
  x += dx;
  y += dy;
  if (self->down && place_in(self, gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(drag)), &x, &y))
    casa_marks_point(self, x, y);
}

static void
drag_end_cb(GtkGestureDrag *drag, double dx, double dy, CasaMarks *self)
{
  casa_marks_release(self);
}

void
casa_marks_follow(CasaMarks *self, GtkWidget *area)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkGesture *drag = gtk_gesture_drag_new();

  g_signal_connect_object(motion, "motion", G_CALLBACK(motion_cb), self, 0);
  g_signal_connect_object(drag, "drag-begin", G_CALLBACK(drag_begin_cb), self, 0);
  g_signal_connect_object(drag, "drag-update", G_CALLBACK(drag_update_cb), self, 0);
  g_signal_connect_object(drag, "drag-end", G_CALLBACK(drag_end_cb), self, 0);
  gtk_widget_add_controller(area, motion);
  gtk_widget_add_controller(area, GTK_EVENT_CONTROLLER(drag));
}

void
casa_marks_give(CasaMarks *self, GtkWindow *window)
{
  g_object_set_data_full(G_OBJECT(window), DATA, g_object_ref(self), g_object_unref);
}

CasaMarks *
casa_marks_of(GtkWindow *window)
{
  return g_object_get_data(G_OBJECT(window), DATA);
}

/* --- The widget --------------------------------------------------------------------------------------------------------- */

static void
dispose(GObject *object)
{
  CasaMarks *self = CASA_MARKS(object);

  if (self->picture)
    g_signal_handlers_disconnect_by_data(self->picture, self);
  g_clear_object(&self->picture);
  g_clear_object(&self->still);
  G_OBJECT_CLASS(casa_marks_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  casa_strokes_free(CASA_MARKS(object)->strokes);
  G_OBJECT_CLASS(casa_marks_parent_class)->finalize(object);
}

static void
casa_marks_class_init(CasaMarksClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  GTK_WIDGET_CLASS(klass)->snapshot = snapshot;
}

static void
casa_marks_init(CasaMarks *self)
{
  self->strokes = casa_strokes_new();
  self->x = self->y = 0.5;
  gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
  gtk_widget_set_can_focus(GTK_WIDGET(self), FALSE);
  casa_marks_follow(self, GTK_WIDGET(self));
}

GtkWidget *
casa_marks_new(void)
{
  return g_object_new(CASA_TYPE_MARKS, NULL);
}
