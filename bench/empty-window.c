/* SPDX-License-Identifier: Apache-2.0 */
#include <gtk/gtk.h>
#include <stdlib.h>

/* A window with nothing in it that repaints wholly at 30 frames a second: what the wall's cost is measured against
 * (map-cost.sh). `empty-window WIDTH HEIGHT SECONDS` prints its frames a second. */

#define FRAME_US 31000

typedef struct {
  GtkWidget *area;
  gint64 drawn_us;
  guint frames;
} Empty;

static void
draw_cb(GtkDrawingArea *area, cairo_t *cr, int w, int h, gpointer data)
{
  Empty *self = data;

  cairo_set_source_rgb(cr, 0, 0, self->frames++ % 2 ? 0.1 : 0.11);
  cairo_paint(cr);
}

static gboolean
tick_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Empty *self = data;
  gint64 now_us = gdk_frame_clock_get_frame_time(clock);

  if (now_us - self->drawn_us >= FRAME_US) {
    self->drawn_us = now_us;
    gtk_widget_queue_draw(widget);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb(gpointer loop)
{
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  Empty self = { NULL };
  GtkWidget *window;
  int seconds;

  if (argc != 4 || !gtk_init_check()) {
    g_printerr("usage: empty-window WIDTH HEIGHT SECONDS, with a display\n");
    return 2;
  }
  seconds = atoi(argv[3]);
  window = gtk_window_new();
  self.area = gtk_drawing_area_new();
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(self.area), draw_cb, &self, NULL);
  gtk_widget_add_tick_callback(self.area, tick_cb, &self, NULL);
  gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
  gtk_window_set_default_size(GTK_WINDOW(window), atoi(argv[1]), atoi(argv[2]));
  gtk_window_set_child(GTK_WINDOW(window), self.area);
  gtk_window_present(GTK_WINDOW(window));
  g_timeout_add_seconds((guint)seconds, end_cb, loop);
  g_main_loop_run(loop);
  g_print("%.1f frames/s\n", (double)self.frames / seconds);
  return 0;
}
