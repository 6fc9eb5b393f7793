/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/chart.h"
#include "ui/chart/chart-layout.h"
#include <math.h>
#include <string.h>

struct _CasaChart {
  GtkWidget parent_instance;
  CasaChartPicture picture;
  GdkTexture *texture;      /* the chart as painted last; NULL: to be painted */
  int width, height, scale; /* that it was painted for */
  guint64 painted;          /* fingerprint of the data in it */
  guint n_paints;
};

G_DEFINE_FINAL_TYPE(CasaChart, casa_chart, GTK_TYPE_WIDGET)

/* FNV-1a, 64 bit (Fowler, Noll, Vo). */
static guint64
mix(guint64 hash, gconstpointer data, gsize size)
{
  const guint8 *bytes = data;
  for (gsize i = 0; i < size; i++)
    hash = (hash ^ bytes[i]) * G_GUINT64_CONSTANT(0x100000001b3);
  return hash;
}

static guint64
mix_number(guint64 hash, double number)
{
  return mix(hash, &number, sizeof number);
}

static guint64
mix_text(guint64 hash, const char *text)
{
  return text == NULL ? mix_number(hash, -1) : mix(hash, text, strlen(text) + 1);
}

/* Whatever a line shows changes its samples before the newest column (their number), or the newest column (its values, told
 * in pixels of the height at most). Values that were corrected in place in the past come with the next column. */
static guint64
mix_line(guint64 hash, const CasaChartLine *line, const CasaChartPicture *picture, double column_ms, int pixels)
{
  gint64 t = 0;
  double last = 0, min = 0, max = 0, low = 0, high = 0;
  hash = mix_text(hash, line->name);
  hash = mix(hash, &line->colour, sizeof line->colour);
  hash = mix_number(hash, (line->dashed ? 1 : 0) + (line->fill ? 2 : 0) + (line->dotted ? 4 : 0));
  if (line->data == NULL || !casa_pyramid_last(line->data, &t, &last))
    return mix_number(hash, NAN);
  const gint64 column = (gint64)(floor((double)t / column_ms) * column_ms);
  const guint before = casa_pyramid_search(line->data, column);
  hash = mix(hash, &before, sizeof before);
  hash = mix(hash, &column, sizeof column);
  if (casa_pyramid_range(line->data, picture->from_ms, picture->to_ms, &low, &high) &&
      casa_pyramid_range(line->data, column, t, &min, &max) && high > low) {
    const double pixel = (high - low) / pixels;
    hash = mix_number(hash, round(min / pixel));
    hash = mix_number(hash, round(max / pixel));
    hash = mix_number(hash, round(last / pixel));
  }
  return mix_number(mix_number(hash, low), high);
}

static guint64
mix_style(guint64 hash, const CasaChartPicture *picture)
{
  for (guint i = 0; i < picture->n_limits; i++) {
    hash = mix_number(mix_text(hash, picture->limits[i].name), picture->limits[i].value);
    hash = mix(hash, &picture->limits[i].colour, sizeof(CasaRgb));
  }
  hash = mix_number(hash, (picture->zero_based ? 1 : 0) + (picture->show_values ? 2 : 0) + 4.0 * picture->decimals);
  hash = mix_text(mix_text(mix_text(hash, picture->unit), picture->font), picture->empty_text);
  hash = mix(hash, &picture->theme, sizeof picture->theme);
  hash = mix_number(mix_number(hash, picture->font_px), picture->line_px);
  hash = mix_number(mix_number(hash, picture->left_px), picture->right_px);
  return mix(hash, &picture->gap_ms, sizeof picture->gap_ms);
}

/* Gaps tell in pixel columns. */
static guint64
mix_gaps(guint64 hash, const CasaChartPicture *picture, double column_ms)
{
  hash = mix_text(hash, picture->gap_text);
  for (guint i = 0; i < picture->n_gaps; i++) {
    hash = mix_number(hash, floor((double)picture->gaps[i].from_ms / column_ms));
    hash = mix_number(hash, floor((double)picture->gaps[i].to_ms / column_ms));
  }
  return hash;
}

/* Equal for two pictures that would be painted alike, pixel for pixel. */
static guint64
fingerprint(const CasaChartPicture *picture, int width, int height)
{
  const gint64 span = picture->to_ms - picture->from_ms;
  const double column_ms = MAX(1, (double)span / MAX(width, 1));
  guint64 hash = mix(G_GUINT64_CONSTANT(0xcbf29ce484222325), &span, sizeof span);
  hash = mix_number(hash, floor((double)picture->from_ms / column_ms));
  hash = mix_number(hash, picture->now_ms == 0 ? -1 : round((double)(picture->now_ms - picture->from_ms) / column_ms));
  hash = mix_gaps(mix_style(hash, picture), picture, column_ms);
  for (guint i = 0; i < picture->n_lines; i++)
    hash = mix_line(hash, &picture->lines[i], picture, column_ms, MAX(height, 1));
  return hash;
}

static guint64
fingerprint_now(CasaChart *self)
{
  return fingerprint(&self->picture, self->width * self->scale, self->height * self->scale);
}

static GdkTexture *
surface_to_texture(cairo_surface_t *surface)
{
  const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  const gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  cairo_surface_flush(surface);
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(cairo_image_surface_get_data(surface), stride * (gsize)height,
                                                       (GDestroyNotify)cairo_surface_destroy, cairo_surface_reference(surface));
  return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static void
repaint(CasaChart *self)
{
  cairo_surface_t *surface =
    cairo_image_surface_create(CAIRO_FORMAT_ARGB32, self->width * self->scale, self->height * self->scale);
  cairo_surface_set_device_scale(surface, self->scale, self->scale);
  cairo_t *cr = cairo_create(surface);
  casa_chart_paint(cr, gtk_widget_get_pango_context(GTK_WIDGET(self)), self->width, self->height, &self->picture);
  cairo_destroy(cr);
  g_set_object(&self->texture, NULL);
  self->texture = surface_to_texture(surface);
  cairo_surface_destroy(surface);
  self->painted = fingerprint_now(self);
  self->n_paints++;
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
    g_clear_object(&self->texture);
  }
  if (self->texture == NULL || fingerprint_now(self) != self->painted)
    repaint(self);
  gtk_snapshot_append_texture(snapshot, self->texture, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
}

static void
measure_cb(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
           int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 30;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 160;
  *minimum_baseline = *natural_baseline = -1;
}

/* A style change (theme, font settings) may alter what a fingerprint does not see. */
static void
forget_texture(CasaChart *self)
{
  g_clear_object(&self->texture);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
system_setting_changed_cb(GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS(casa_chart_parent_class)->system_setting_changed(widget, setting);
  forget_texture(CASA_CHART(widget));
}

static void
css_changed_cb(GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS(casa_chart_parent_class)->css_changed(widget, change);
  forget_texture(CASA_CHART(widget));
}

static void
unrealize_cb(GtkWidget *widget)
{
  g_clear_object(&CASA_CHART(widget)->texture);
  GTK_WIDGET_CLASS(casa_chart_parent_class)->unrealize(widget);
}

static void
dispose_cb(GObject *object)
{
  g_clear_object(&CASA_CHART(object)->texture);
  G_OBJECT_CLASS(casa_chart_parent_class)->dispose(object);
}

static void
casa_chart_class_init(CasaChartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose_cb;
  widget_class->snapshot = snapshot_cb;
  widget_class->measure = measure_cb;
  widget_class->system_setting_changed = system_setting_changed_cb;
  widget_class->css_changed = css_changed_cb;
  widget_class->unrealize = unrealize_cb;
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
  if (self->texture == NULL || fingerprint_now(self) != self->painted)
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

/* The room beside its plot that a chart needs for itself. */
static void
measure_room(CasaChart *self, double *left, double *right)
{
  const int width = gtk_widget_get_width(GTK_WIDGET(self)), height = gtk_widget_get_height(GTK_WIDGET(self));
  CasaChartPicture own = self->picture;
  CasaChartLayout layout;
  own.left_px = own.right_px = 0;
  casa_chart_layout_init(&layout, gtk_widget_get_pango_context(GTK_WIDGET(self)), width, height,
                         gtk_widget_get_scale_factor(GTK_WIDGET(self)), &own);
  *left = MAX(*left, layout.x);
  *right = MAX(*right, width - layout.x - layout.w);
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
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

guint
casa_chart_n_paints(CasaChart *self)
{
  return self->n_paints;
}
