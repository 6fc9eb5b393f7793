/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/sign.h"
#include <math.h>

#define SIZE 0.34 /* half of the sign's side, of the shorter side of its ground */

typedef struct {
  const CasaTheme *theme; /* NULL: not styled yet */
  char *name;
  guint gravity;
} Sign;

CasaRgb
casa_sign_colour(const CasaTheme *theme, guint gravity)
{
  return gravity >= 3 ? theme->bad : gravity == 2 ? theme->warning : theme->provenance;
}

static void
paint_bolt(cairo_t *cr)
{
  static const double points[][2] = { { 0.25, -1 }, { -0.55, 0.15 }, { -0.05, 0.15 },
                                      { -0.25, 1 }, { 0.55, -0.25 }, { 0.05, -0.25 } };

  for (guint i = 0; i < G_N_ELEMENTS(points); i++)
    cairo_line_to(cr, points[i][0], points[i][1]);
  cairo_close_path(cr);
  cairo_fill(cr);
}

/* Two bars: it stands. */
static void
paint_pause(cairo_t *cr)
{
  cairo_rectangle(cr, -0.55, -0.8, 0.36, 1.6);
  cairo_rectangle(cr, 0.19, -0.8, 0.36, 1.6);
  cairo_fill(cr);
}

static void
paint_waves(cairo_t *cr)
{
  for (int i = -1; i <= 1; i++) {
    double y = i * 0.55;
    cairo_move_to(cr, -0.9, y);
    cairo_curve_to(cr, -0.4, y - 0.45, -0.1, y + 0.45, 0.9, y - 0.1);
    cairo_stroke(cr);
  }
}

static void
paint_drops(cairo_t *cr)
{
  for (int i = -1; i <= 1; i++) {
    cairo_move_to(cr, i * 0.55 + 0.25, -0.8);
    cairo_line_to(cr, i * 0.55 - 0.2, 0.8);
    cairo_stroke(cr);
  }
}

static void
paint_ball(cairo_t *cr)
{
  cairo_arc(cr, 0, 0, 0.8, 0, 2 * G_PI);
  cairo_stroke(cr);
  for (guint i = 0; i < 5; i++)
    cairo_line_to(cr, 0.36 * sin(i * 2 * G_PI / 5), -0.36 * cos(i * 2 * G_PI / 5));
  cairo_close_path(cr);
  cairo_fill(cr);
}

static void
paint_walker(cairo_t *cr)
{
  cairo_arc(cr, 0.05, -0.8, 0.2, 0, 2 * G_PI);
  cairo_fill(cr);
  cairo_move_to(cr, 0, -0.5);
  cairo_line_to(cr, 0, 0.15);
  cairo_line_to(cr, 0.4, 0.95);
  cairo_move_to(cr, 0, 0.15);
  cairo_line_to(cr, -0.4, 0.95);
  cairo_move_to(cr, -0.45, 0);
  cairo_line_to(cr, 0, -0.4);
  cairo_line_to(cr, 0.45, 0);
  cairo_stroke(cr);
}

static void
paint_exclamation(cairo_t *cr)
{
  cairo_move_to(cr, 0, -0.8);
  cairo_line_to(cr, 0, 0.25);
  cairo_stroke(cr);
  cairo_arc(cr, 0, 0.75, 0.17, 0, 2 * G_PI);
  cairo_fill(cr);
}

static void
paint_drop(cairo_t *cr)
{
  cairo_move_to(cr, 0, -1);
  cairo_curve_to(cr, 0.2, -0.5, 0.65, -0.15, 0.65, 0.35);
  cairo_arc(cr, 0, 0.35, 0.65, 0, G_PI);
  cairo_curve_to(cr, -0.65, -0.15, -0.2, -0.5, 0, -1);
  cairo_fill(cr);
}

static void
paint_dot(cairo_t *cr)
{
  cairo_arc(cr, 0, 0, 0.6, 0, 2 * G_PI);
  cairo_fill(cr);
}

void
casa_sign_paint(cairo_t *cr, const char *name)
{
  static const struct {
    const char *name;
    void (*paint)(cairo_t *cr);
  } signs[] = { { "bolt", paint_bolt }, { "tram", paint_pause },  { "dust", paint_waves },         { "rain", paint_drops },
                { "ball", paint_ball }, { "walk", paint_walker }, { "signal", paint_exclamation }, { "drop", paint_drop } };

  cairo_set_line_width(cr, 0.24);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path(cr);
  for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
    if (g_strcmp0(signs[i].name, name) == 0) {
      signs[i].paint(cr);
      return;
    }
  paint_dot(cr);
}

static void
draw_cb(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Sign *self = data;

  if (!self->theme || !self->name)
    return;
  CasaRgb ground = casa_sign_colour(self->theme, self->gravity);
  double half = MIN(width, height) * SIZE;

  cairo_set_source_rgb(cr, ground.r, ground.g, ground.b);
  cairo_paint(cr);
  if (casa_rgb_luminance(ground) > 0.18)
    cairo_set_source_rgb(cr, 0.04, 0.05, 0.08);
  else
    cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_translate(cr, width / 2.0, height / 2.0);
  cairo_scale(cr, half, half);
  casa_sign_paint(cr, self->name);
}

static void
sign_free(gpointer data)
{
  g_free(((Sign *)data)->name);
  g_free(data);
}

GtkWidget *
casa_sign_new(void)
{
  GtkWidget *area = gtk_drawing_area_new();
  Sign *self = g_new0(Sign, 1);

  g_object_set_data_full(G_OBJECT(area), "casa-sign", self, sign_free);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw_cb, self, NULL);
  return area;
}

void
casa_sign_set(GtkWidget *sign, const char *name, guint gravity)
{
  Sign *self = g_object_get_data(G_OBJECT(sign), "casa-sign");

  if (g_strcmp0(self->name, name) == 0 && self->gravity == gravity)
    return;
  g_free(self->name);
  self->name = g_strdup(name);
  self->gravity = gravity;
  gtk_widget_queue_draw(sign);
}

void
casa_sign_set_colours(GtkWidget *sign, const CasaTheme *theme)
{
  Sign *self = g_object_get_data(G_OBJECT(sign), "casa-sign");

  self->theme = theme;
  gtk_widget_queue_draw(sign);
}
