/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/chart/pixel-layer.h"
#include <math.h>

double
casa_pixel_layer_scale(cairo_t *cr)
{
  double dx = 1, dy = 0, sx, sy;
  cairo_user_to_device_distance(cr, &dx, &dy);
  cairo_surface_t *target = cairo_get_group_target(cr);
  cairo_surface_get_device_scale(target, &sx, &sy);
  const double scale = hypot(dx, dy) * sx;
  const gboolean has_pixels = cairo_surface_get_type(target) == CAIRO_SURFACE_TYPE_IMAGE;
  return has_pixels && scale > 0 ? scale : MAX(scale, 2);
}

static gboolean
is_plain_image(cairo_surface_t *target)
{
  if (cairo_surface_get_type(target) != CAIRO_SURFACE_TYPE_IMAGE)
    return FALSE;
  const cairo_format_t format = cairo_image_surface_get_format(target);
  return (format == CAIRO_FORMAT_ARGB32 || format == CAIRO_FORMAT_RGB24) && cairo_image_surface_get_data(target) != NULL;
}

/* Places on the target: user units, then the surface's own scale and offset. */
typedef struct {
  double scale, x, y;
} Placing;

static gboolean
get_placing(cairo_t *cr, cairo_surface_t *target, Placing *placing)
{
  cairo_matrix_t matrix;
  double sx, sy, ox, oy;
  cairo_get_matrix(cr, &matrix);
  cairo_surface_get_device_scale(target, &sx, &sy);
  cairo_surface_get_device_offset(target, &ox, &oy);
  *placing = (Placing){ matrix.xx * sx, matrix.x0 * sx + ox, matrix.y0 * sy + oy };
  return matrix.xy == 0 && matrix.yx == 0 && matrix.xx > 0 && fabs(matrix.xx * sx - matrix.yy * sy) < 1e-6;
}

static gint
to_pixel(double offset, double scale, double user)
{
  return (gint)lround(CLAMP(offset + scale * user, -1e6, 1e6));
}

static gboolean
borrow_target(CasaPixelLayer *self, double x, double y, double left, double top, double right, double bottom)
{
  cairo_surface_t *target = cairo_get_group_target(self->cr);
  Placing at;
  if (!is_plain_image(target) || !get_placing(self->cr, target, &at))
    return FALSE;
  cairo_rectangle_list_t *clips = cairo_copy_clip_rectangle_list(self->cr);
  const gboolean one = clips->status == CAIRO_STATUS_SUCCESS && clips->num_rectangles == 1;
  const cairo_rectangle_t clip = one ? clips->rectangles[0] : (cairo_rectangle_t){ 0, 0, 0, 0 };
  cairo_rectangle_list_destroy(clips);
  if (!one)
    return FALSE;
  cairo_surface_flush(target);
  self->image = cairo_surface_reference(target);
  self->canvas = (CasaCanvas){
    .pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(target),
    .stride = cairo_image_surface_get_stride(target) / 4,
    .left = MAX(0, to_pixel(at.x, at.scale, MAX(left, clip.x))),
    .top = MAX(0, to_pixel(at.y, at.scale, MAX(top, clip.y))),
    .right = MIN(cairo_image_surface_get_width(target), to_pixel(at.x, at.scale, MIN(right, clip.x + clip.width))),
    .bottom = MIN(cairo_image_surface_get_height(target), to_pixel(at.y, at.scale, MIN(bottom, clip.y + clip.height))),
    .x = to_pixel(at.x, at.scale, x),
    .y = to_pixel(at.y, at.scale, y),
  };
  return TRUE;
}

static void
make_overlay(CasaPixelLayer *self, double x, double y, double left, double top, double right, double bottom)
{
  const double scale = casa_pixel_layer_scale(self->cr);
  self->overlay = TRUE;
  self->scale = scale;
  /* The origin falls on a whole pixel of the overlay. */
  const gint before_x = (gint)ceil((x - left) * scale), before_y = (gint)ceil((y - top) * scale);
  const gint width = before_x + (gint)ceil((right - x) * scale), height = before_y + (gint)ceil((bottom - y) * scale);
  self->x = x - before_x / scale;
  self->y = y - before_y / scale;
  self->image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, MAX(width, 1), MAX(height, 1));
  self->canvas = (CasaCanvas){
    .pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(self->image),
    .stride = cairo_image_surface_get_stride(self->image) / 4,
    .right = cairo_image_surface_get_width(self->image),
    .bottom = cairo_image_surface_get_height(self->image),
    .x = before_x,
    .y = before_y,
  };
}

void
casa_pixel_layer_begin(CasaPixelLayer *self, cairo_t *cr, double x, double y, double left, double top, double right,
                       double bottom)
{
  *self = (CasaPixelLayer){ .cr = cr };
  if (!borrow_target(self, x, y, left, top, right, bottom))
    make_overlay(self, x, y, left, top, right, bottom);
}

void
casa_pixel_layer_end(CasaPixelLayer *self)
{
  cairo_surface_mark_dirty(self->image);
  if (self->overlay) {
    cairo_save(self->cr);
    cairo_translate(self->cr, self->x, self->y);
    cairo_scale(self->cr, 1 / self->scale, 1 / self->scale);
    cairo_set_source_surface(self->cr, self->image, 0, 0);
    cairo_paint(self->cr);
    cairo_restore(self->cr);
  }
  cairo_surface_destroy(self->image);
  self->image = NULL;
}
