/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/overview.h"
#include "ui/chart/chart-layout.h"
#include "ui/chart/pixel-layer.h"
#include "ui/text/lang.h"
#include <math.h>

#define HEIGHT 76
#define EDGE_PX 9 /* an edge of the brush can be taken so far from it */
#define OLD_MS 15000
#define COLUMNS 600

typedef enum { DRAG_NONE, DRAG_ALL, DRAG_FROM, DRAG_TO, DRAG_NEW } Drag;

struct _CasaOverview {
  GtkWidget parent_instance;
  const CasaDesk *desk;
  CasaViewport *viewport; /* held */
  gulong changed;
  guint series;
  CasaRgb colour;
  gint64 span_ms, asked_ms;
  guint64 ticket;
  CasaPyramid *line;
  CasaChartGap gaps[32];
  guint n_gaps;
  CasaChartLayout layout;
  gboolean has_layout;
  Drag drag;
  gint64 drag_from_ms, drag_to_ms, drag_at_ms;
  double drag_x;
};

G_DEFINE_FINAL_TYPE(CasaOverview, casa_overview, GTK_TYPE_WIDGET)

static CasaChartPicture
picture_of(CasaOverview *self)
{
  const gint64 now = casa_viewport_now(self->viewport);
  CasaChartPicture p = { .from_ms = now - self->span_ms,
                         .to_ms = now,
                         .theme = self->desk->theme,
                         .font = self->desk->font,
                         .font_px = 13,
                         .line_px = 1.5,
                         .left_px = 12,
                         .right_px = 12,
                         .gaps = self->gaps,
                         .n_gaps = self->n_gaps };

  p.gap_ms = 6 * self->span_ms / COLUMNS;
  p.lines[p.n_lines++] =
    (CasaChartLine){ .data = self->line, .colour = casa_rgb_mix(self->desk->theme->panel, self->colour, 0.7) };
  return p;
}

static void
draw_brush(CasaOverview *self, cairo_t *cr)
{
  const CasaChartLayout *l = &self->layout;
  const CasaRgb c = self->desk->theme->accent, ground = self->desk->theme->panel;
  gint64 from, to;

  casa_viewport_range(self->viewport, &from, &to);
  const double left = CLAMP(casa_chart_layout_x(l, from), l->x, l->x + l->w),
               right = CLAMP(casa_chart_layout_x(l, to), l->x, l->x + l->w);
  cairo_set_source_rgba(cr, ground.r, ground.g, ground.b, 0.55);
  cairo_rectangle(cr, l->x, 2, left - l->x, l->y + l->h - 2);
  cairo_rectangle(cr, right, 2, l->x + l->w - right, l->y + l->h - 2);
  cairo_fill(cr);
  cairo_set_source_rgba(cr, c.r, c.g, c.b, 0.14);
  cairo_rectangle(cr, left, 2, right - left, l->y + l->h - 2);
  cairo_fill(cr);
  cairo_set_source_rgb(cr, c.r, c.g, c.b);
  cairo_set_line_width(cr, 2);
  cairo_rectangle(cr, left, 2, right - left, l->y + l->h - 2);
  cairo_stroke(cr);
  for (guint i = 0; i < 2; i++) {
    const double x = i ? right : left, middle = (l->y + l->h) / 2;
    cairo_rectangle(cr, x - 4, middle - 9, 8, 18);
    cairo_fill(cr);
  }
}

static void
snapshot_cb(GtkWidget *widget, GtkSnapshot *snapshot)
{
  CasaOverview *self = CASA_OVERVIEW(widget);
  const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  const CasaChartPicture picture = picture_of(self);

  if (width < 60 || height < 30)
    return;
  CASA_LANG_SCOPE(self->desk->language);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
  casa_chart_layout_init(&self->layout, gtk_widget_get_pango_context(widget), width, height, casa_pixel_layer_scale(cr),
                         &picture);
  self->has_layout = TRUE;
  casa_chart_layout_paint(&self->layout, cr, &picture);
  draw_brush(self, cr);
  cairo_destroy(cr);
}

static void
measure_cb(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
           int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

/* --- Dragging --- */

static void
drag_begin_cb(GtkGestureDrag *gesture, double x, double y, CasaOverview *self)
{
  if (!self->has_layout)
    return;
  casa_viewport_range(self->viewport, &self->drag_from_ms, &self->drag_to_ms);
  const double left = casa_chart_layout_x(&self->layout, self->drag_from_ms),
               right = casa_chart_layout_x(&self->layout, self->drag_to_ms);
  self->drag_x = x;
  self->drag_at_ms = casa_chart_layout_time(&self->layout, x);
  if (fabs(x - left) <= EDGE_PX && fabs(x - left) <= fabs(x - right))
    self->drag = DRAG_FROM;
  else if (fabs(x - right) <= EDGE_PX)
    self->drag = DRAG_TO;
  else
    self->drag = x > left && x < right ? DRAG_ALL : DRAG_NEW;
  gtk_widget_grab_focus(GTK_WIDGET(self));
}

static void
drag_update_cb(GtkGestureDrag *gesture, double dx, double dy, CasaOverview *self)
{
  if (self->drag == DRAG_NONE)
    return;
  const gint64 at = casa_chart_layout_time(&self->layout, self->drag_x + dx), by = at - self->drag_at_ms;
  switch (self->drag) {
  case DRAG_ALL: casa_viewport_set_range(self->viewport, self->drag_from_ms + by, self->drag_to_ms + by); break;
  case DRAG_FROM:
    casa_viewport_set_range(self->viewport, MIN(self->drag_from_ms + by, self->drag_to_ms - 1), self->drag_to_ms);
    break;
  case DRAG_TO:
    casa_viewport_set_range(self->viewport, self->drag_from_ms, MAX(self->drag_to_ms + by, self->drag_from_ms + 1));
    break;
  case DRAG_NEW:
    if (fabs(dx) >= EDGE_PX)
      casa_viewport_set_range(self->viewport, self->drag_at_ms, at);
    break;
  case DRAG_NONE:
  default: break;
  }
}

static void
drag_end_cb(GtkGestureDrag *gesture, double dx, double dy, CasaOverview *self)
{
  self->drag = DRAG_NONE;
}

static gboolean
key_cb(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, CasaOverview *self)
{
  gint64 from, to;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK) || (key != GDK_KEY_Left && key != GDK_KEY_Right))
    return GDK_EVENT_PROPAGATE;
  casa_viewport_range(self->viewport, &from, &to);
  casa_viewport_pan(self->viewport, (key == GDK_KEY_Left ? -1 : 1) * MAX((to - from) / 10, 1000));
  return GDK_EVENT_STOP;
}

/* --- The line --- */

static void
answer_cb(const CasaHistoryAnswer *answer, gpointer data)
{
  CasaOverview *self = data;

  self->ticket = 0;
  if (!answer->columns)
    return;
  casa_pyramid_clear(self->line);
  for (guint i = 0; i < answer->columns->n; i++)
    if (answer->columns->columns[i].n > 0)
      casa_pyramid_add(self->line,
                       answer->columns->from_ms + (gint64)i * answer->columns->width_ms + answer->columns->width_ms / 2,
                       answer->columns->columns[i].mean);
  self->n_gaps = MIN(answer->n_gaps, G_N_ELEMENTS(self->gaps));
  for (guint i = 0; i < self->n_gaps; i++)
    self->gaps[i] = (CasaChartGap){ answer->gaps[i].start_ms, answer->gaps[i].end_ms };
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_overview_refresh(CasaOverview *self)
{
  const gint64 now = casa_viewport_now(self->viewport);

  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (self->series == G_MAXUINT || self->ticket != 0 || ABS(now - self->asked_ms) < OLD_MS)
    return;
  self->asked_ms = now;
  const CasaHistoryQuery query = { .series = &self->series,
                                   .n_series = 1,
                                   .fold = CASA_COLUMNS_ONE,
                                   .from_ms = now - self->span_ms,
                                   .to_ms = now + 1,
                                   .columns = COLUMNS };
  self->ticket = casa_history_service_ask(casa_model_history_service(self->desk->model), &query, answer_cb, self);
}

void
casa_overview_set(CasaOverview *self, guint series, CasaRgb colour, gint64 span_ms)
{
  if (series == self->series && span_ms == self->span_ms)
    return;
  casa_history_service_cancel(casa_model_history_service(self->desk->model), self->ticket);
  self->ticket = 0;
  self->asked_ms = 0;
  if (series != self->series)
    casa_pyramid_clear(self->line);
  self->series = series;
  self->colour = colour;
  self->span_ms = span_ms;
  casa_overview_refresh(self);
}

static void
dispose_cb(GObject *object)
{
  CasaOverview *self = CASA_OVERVIEW(object);

  if (self->viewport) {
    casa_history_service_cancel(casa_model_history_service(self->desk->model), self->ticket);
    g_clear_signal_handler(&self->changed, self->viewport);
  }
  g_clear_object(&self->viewport);
  g_clear_pointer(&self->line, casa_pyramid_free);
  G_OBJECT_CLASS(casa_overview_parent_class)->dispose(object);
}

static void
casa_overview_class_init(CasaOverviewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = dispose_cb;
  widget->snapshot = snapshot_cb;
  widget->measure = measure_cb;
  gtk_widget_class_set_css_name(widget, "chart");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
casa_overview_init(CasaOverview *self)
{
  GtkGesture *drag = gtk_gesture_drag_new();
  GtkEventController *keys = gtk_event_controller_key_new();

  self->series = G_MAXUINT;
  self->line = casa_pyramid_new(4096);
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin_cb), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update_cb), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end_cb), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drag));
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
}

GtkWidget *
casa_overview_new(const CasaDesk *desk, CasaViewport *viewport)
{
  CasaOverview *self = g_object_new(CASA_TYPE_OVERVIEW, NULL);

  self->desk = desk;
  self->span_ms = casa_viewport_preset_ms(CASA_PRESET_24_H);
  self->viewport = g_object_ref(viewport);
  self->changed = g_signal_connect_swapped(viewport, "changed", G_CALLBACK(gtk_widget_queue_draw), self);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Vue d'ensemble et fenêtre visible"),
                                 -1);
  return GTK_WIDGET(self);
}
