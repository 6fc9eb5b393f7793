/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart.h"
#include "ui/chart/chart-cursor.h"
#include "ui/chart/chart-layout.h"
#include "ui/chart/chart-readout.h"
#include "ui/chart/chart-revision.h"
#include "ui/chart/pixel-layer.h"
#include "ui/kit/pixels.h"
#include "ui/text/lang.h"
#include <math.h>

#define TIP_MOVED 0.25 /* device pixels that are worth a new picture */

struct _CasaChart {
  GtkWidget parent_instance;
  CasaChartPicture picture;
  GskRenderNode *pixels;             /* the chart as painted last; NULL: to be painted */
  int width, height, scale;          /* that it was painted for */
  guint64 painted;                   /* revision of what is in it, but for the tips */
  double tips[CASA_CHART_LINES_MAX]; /* newest values in it; NAN: none */
  CasaChartLayout layout;            /* of what is in it; its texts may be gone */
  gboolean has_layout;
  CasaViewport *viewport; /* held; NULL none */
  gulong viewport_changed;
  guint selected; /* line */
  gboolean statistics;
  gint64 mark_from_ms, mark_to_ms; /* being drawn out; both alike: nothing is */
  gboolean has_cursor;             /* drawn over the picture */
  guint64 measured;                /* revision of what needs @room; 0: not measured */
  double room[2];                  /* left and right of the plot, for itself */
  guint n_paints, n_draws;
  char *description, *reading; /* what a screen reader says; NULL: nothing */
};

enum { SIGNAL_NOTE, SIGNAL_UNDO_NOTE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CasaChart, casa_chart, GTK_TYPE_WIDGET)

static guint64
revision_now(CasaChart *self)
{
  return casa_chart_body_revision(&self->picture, (guint)(self->width * self->scale));
}

static double
tip_of(const CasaChartLine *line)
{
  double value;
  return line->data != NULL && casa_pyramid_last(line->data, NULL, &value) ? value : NAN;
}

/* Nobody would see a difference. */
static gboolean
is_painted(CasaChart *self)
{
  if (self->pixels == NULL || revision_now(self) != self->painted)
    return FALSE;
  for (guint i = 0; self->has_layout && i < self->picture.n_lines; i++) {
    const double tip = tip_of(&self->picture.lines[i]), before = self->tips[i];
    if (tip != before && !isnan(tip) &&
        !(fabs(casa_chart_layout_y(&self->layout, tip) - casa_chart_layout_y(&self->layout, before)) * self->scale < TIP_MOVED))
      return FALSE;
  }
  return TRUE;
}

static void
repaint(CasaChart *self)
{
  cairo_surface_t *surface =
    cairo_image_surface_create(CAIRO_FORMAT_ARGB32, self->width * self->scale, self->height * self->scale);
  cairo_surface_set_device_scale(surface, self->scale, self->scale);
  cairo_t *cr = cairo_create(surface);
  self->has_layout = self->picture.to_ms > self->picture.from_ms;
  if (self->has_layout) {
    casa_chart_layout_init(&self->layout, gtk_widget_get_pango_context(GTK_WIDGET(self)), self->width, self->height,
                           casa_pixel_layer_scale(cr), &self->picture);
    casa_chart_layout_paint(&self->layout, cr, &self->picture);
  }
  cairo_destroy(cr);
  g_clear_pointer(&self->pixels, gsk_render_node_unref);
  self->pixels =
    casa_pixels_node(GTK_WIDGET(self), surface, &GRAPHENE_RECT_INIT(0, 0, (float)self->width, (float)self->height));
  cairo_surface_destroy(surface);
  self->painted = revision_now(self);
  for (guint i = 0; i < self->picture.n_lines; i++)
    self->tips[i] = tip_of(&self->picture.lines[i]);
  self->n_paints++;
}

static void
draw_mark(CasaChart *self, GtkSnapshot *snapshot)
{
  const double left = casa_chart_layout_x(&self->layout, self->mark_from_ms),
               right = casa_chart_layout_x(&self->layout, self->mark_to_ms);
  const CasaRgb ink = self->picture.theme->ink;
  gtk_snapshot_append_color(
    snapshot, &(GdkRGBA){ (float)ink.r, (float)ink.g, (float)ink.b, 0.18f },
    &GRAPHENE_RECT_INIT((float)MIN(left, right), (float)self->layout.y, (float)ABS(right - left), (float)self->layout.h));
}

/* What moves without the picture: the cursor, else the statistics. */
static void
draw_over(CasaChart *self, GtkSnapshot *snapshot)
{
  PangoContext *pango = gtk_widget_get_pango_context(GTK_WIDGET(self));
  gint64 cursor;
  gboolean pinned;
  const gboolean has_cursor = self->viewport != NULL && casa_viewport_cursor(self->viewport, &cursor, &pinned) &&
                              cursor >= self->layout.from_ms && cursor <= self->layout.to_ms;
  self->has_cursor = has_cursor;
  if (!has_cursor && !self->statistics)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)self->width, (float)self->height));
  if (has_cursor)
    casa_chart_cursor_draw(cr, pango, &self->layout, &self->picture, cursor, pinned);
  else
    casa_chart_cursor_draw_statistics(cr, pango, &self->layout, &self->picture);
  cairo_destroy(cr);
}

static void
snapshot_cb(GtkWidget *widget, GtkSnapshot *snapshot)
{
  CasaChart *self = CASA_CHART(widget);
  const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  const int scale = gtk_widget_get_scale_factor(widget);
  if (width <= 0 || height <= 0 || self->picture.theme == NULL)
    return;
  if (width != self->width || height != self->height || scale != self->scale) {
    self->width = width;
    self->height = height;
    self->scale = scale;
    g_clear_pointer(&self->pixels, gsk_render_node_unref);
  }
  if (!is_painted(self))
    repaint(self);
  gtk_snapshot_append_node(snapshot, self->pixels);
  self->n_draws++;
  if (self->has_layout && self->mark_from_ms != self->mark_to_ms)
    draw_mark(self, snapshot);
  if (self->has_layout)
    draw_over(self, snapshot);
}

static void
measure_cb(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
           int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 30;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 160;
  *minimum_baseline = *natural_baseline = -1;
}

/* A style change (theme, font settings) may alter what a revision does not see. */
static void
forget_pixels(CasaChart *self)
{
  g_clear_pointer(&self->pixels, gsk_render_node_unref);
  self->measured = 0;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
system_setting_changed_cb(GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS(casa_chart_parent_class)->system_setting_changed(widget, setting);
  forget_pixels(CASA_CHART(widget));
}

static void
css_changed_cb(GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS(casa_chart_parent_class)->css_changed(widget, change);
  forget_pixels(CASA_CHART(widget));
}

static void
unrealize_cb(GtkWidget *widget)
{
  g_clear_pointer(&CASA_CHART(widget)->pixels, gsk_render_node_unref);
  GTK_WIDGET_CLASS(casa_chart_parent_class)->unrealize(widget);
}

static void
dispose_cb(GObject *object)
{
  casa_chart_set_viewport(CASA_CHART(object), NULL);
  g_clear_pointer(&CASA_CHART(object)->pixels, gsk_render_node_unref);
  G_OBJECT_CLASS(casa_chart_parent_class)->dispose(object);
}

static void
finalize_cb(GObject *object)
{
  CasaChart *self = CASA_CHART(object);
  g_free(self->description);
  g_free(self->reading);
  G_OBJECT_CLASS(casa_chart_parent_class)->finalize(object);
}

static void
casa_chart_class_init(CasaChartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose_cb;
  G_OBJECT_CLASS(class)->finalize = finalize_cb;
  widget_class->snapshot = snapshot_cb;
  widget_class->measure = measure_cb;
  widget_class->system_setting_changed = system_setting_changed_cb;
  widget_class->css_changed = css_changed_cb;
  widget_class->unrealize = unrealize_cb;
  signals[SIGNAL_NOTE] =
    g_signal_new("note", CASA_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[SIGNAL_UNDO_NOTE] =
    g_signal_new("undo-note", CASA_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name(widget_class, "chart");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
casa_chart_init(CasaChart *self)
{
  self->picture = (CasaChartPicture){ .font_px = 16, .line_px = 2 };
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
}

GtkWidget *
casa_chart_new(void)
{
  return g_object_new(CASA_TYPE_CHART, NULL);
}

CasaChartPicture *
casa_chart_picture(CasaChart *self)
{
  return &self->picture;
}

void
casa_chart_changed(CasaChart *self)
{
  if (!is_painted(self))
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_chart_set_range(CasaChart *self, gint64 from_ms, gint64 to_ms, gint64 now_ms)
{
  self->picture.from_ms = from_ms;
  self->picture.to_ms = to_ms;
  self->picture.now_ms = now_ms;
  casa_chart_changed(self);
}

void
casa_chart_show_statistics(CasaChart *self, gboolean show)
{
  if (self->statistics == show)
    return;
  self->statistics = show;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

gboolean
casa_chart_keeps_key(CasaChart *self, guint keyval)
{
  gboolean pinned = FALSE;
  if (self->viewport == NULL)
    return FALSE;
  switch (keyval) {
  case GDK_KEY_Left:
  case GDK_KEY_Right:
  case GDK_KEY_Up:
  case GDK_KEY_Down: return TRUE;
  case GDK_KEY_0:
  case GDK_KEY_KP_0: return !casa_viewport_is_following(self->viewport);
  case GDK_KEY_Escape:
    return (casa_viewport_cursor(self->viewport, NULL, &pinned) && pinned) || !casa_viewport_is_following(self->viewport);
  default: return FALSE;
  }
}

/* GTK tells nobody the value text of a picture: the reading comes before the description, too. */
static void
tell(CasaChart *self)
{
  const char *description = self->description ? self->description : "";
  g_autofree char *text = self->reading ? g_strdup_printf("%s ; %s", self->reading, description) : g_strdup(description);
  if (self->reading)
    gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, self->reading, -1);
  else
    gtk_accessible_reset_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* Takes @text. */
static void
set_reading(CasaChart *self, char *text)
{
  const gboolean same = g_strcmp0(self->reading, text) == 0;
  g_free(self->reading);
  self->reading = text;
  if (!same)
    tell(self);
}

static void
tell_reading(CasaChart *self)
{
  gint64 cursor;
  if (self->selected >= self->picture.n_lines || !casa_viewport_cursor(self->viewport, &cursor, NULL)) {
    set_reading(self, NULL);
    return;
  }
  const CasaChartLine *line = &self->picture.lines[self->selected];
  const CasaChartReading reading = casa_chart_reading_at(&self->picture, line, cursor);
  g_autofree char *clock = casa_lang_clock(cursor, TRUE);
  g_autofree char *value = reading.known ? casa_lang_number(reading.value, self->picture.decimals) : g_strdup("—");
  set_reading(self, g_strdup_printf("%s %s %s %s", clock, line->name ? line->name : "", value,
                                    reading.known && self->picture.unit ? self->picture.unit : ""));
}

static void
viewport_changed_cb(CasaViewport *viewport, gpointer data)
{
  CasaChart *self = data;
  gint64 from, to;
  casa_viewport_range(viewport, &from, &to);
  casa_chart_set_range(self, from, to, casa_viewport_now(viewport));
  tell_reading(self);
  if (self->has_cursor || casa_viewport_cursor(viewport, NULL, NULL)) /* a range that follows moves with each second */
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_chart_set_viewport(CasaChart *self, CasaViewport *viewport)
{
  if (viewport == self->viewport)
    return;
  if (self->viewport != NULL)
    g_clear_signal_handler(&self->viewport_changed, self->viewport);
  g_set_object(&self->viewport, viewport);
  if (viewport == NULL)
    return;
  self->viewport_changed = g_signal_connect(viewport, "changed", G_CALLBACK(viewport_changed_cb), self);
  viewport_changed_cb(viewport, self);
}

CasaViewport *
casa_chart_viewport(CasaChart *self)
{
  return self->viewport;
}

void
casa_chart_select(CasaChart *self, int by)
{
  const int n = (int)self->picture.n_lines;
  if (n == 0)
    return;
  self->selected = (guint)((((int)self->selected + by) % n + n) % n);
  if (self->viewport != NULL)
    tell_reading(self);
}

guint
casa_chart_selected(CasaChart *self)
{
  return self->selected;
}

/* The room beside its plot that a chart needs for itself. */
static void
measure_room(CasaChart *self, double *left, double *right)
{
  const int width = gtk_widget_get_width(GTK_WIDGET(self)), height = gtk_widget_get_height(GTK_WIDGET(self));
  CasaChartPicture own = self->picture;
  CasaChartLayout layout;
  guint64 revision;
  own.left_px = own.right_px = 0;
  revision = casa_chart_body_revision(&own, (guint)(width * gtk_widget_get_scale_factor(GTK_WIDGET(self)))) ^
             (guint64)height << 32 ^ g_str_hash(casa_lang_get());
  if (revision != self->measured || !is_painted(self)) {
    casa_chart_layout_init(&layout, gtk_widget_get_pango_context(GTK_WIDGET(self)), width, height,
                           gtk_widget_get_scale_factor(GTK_WIDGET(self)), &own);
    self->room[0] = layout.x;
    self->room[1] = width - layout.x - layout.w;
    self->measured = revision;
  }
  *left = MAX(*left, self->room[0]);
  *right = MAX(*right, self->room[1]);
}

void
casa_chart_align(CasaChart *const *charts, guint n)
{
  double left = 0, right = 0;
  for (guint i = 0; i < n; i++)
    if (charts[i]->picture.theme != NULL && gtk_widget_get_width(GTK_WIDGET(charts[i])) > 0)
      measure_room(charts[i], &left, &right);
  for (guint i = 0; i < n; i++) {
    charts[i]->picture.left_px = left;
    charts[i]->picture.right_px = right;
    casa_chart_changed(charts[i]);
  }
}

void
casa_chart_set_accessible(CasaChart *self, const char *label, const char *description)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_free(self->description);
  self->description = g_strdup(description);
  tell(self);
}

void
casa_chart_ask_note(CasaChart *self, gint64 from_ms, gint64 to_ms)
{
  g_signal_emit(self, signals[SIGNAL_NOTE], 0, MIN(from_ms, to_ms), MAX(from_ms, to_ms));
}

void
casa_chart_undo_note(CasaChart *self)
{
  g_signal_emit(self, signals[SIGNAL_UNDO_NOTE], 0);
}

void
casa_chart_mark(CasaChart *self, gint64 from_ms, gint64 to_ms)
{
  self->mark_from_ms = from_ms;
  self->mark_to_ms = to_ms;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

const CasaChartLayout *
casa_chart_layout(CasaChart *self)
{
  return self->has_layout ? &self->layout : NULL;
}

guint
casa_chart_n_paints(CasaChart *self)
{
  return self->n_paints;
}

guint
casa_chart_n_draws(CasaChart *self)
{
  return self->n_draws;
}
