/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/pointer.h"

#define REST_S 3

typedef struct {
  GtkWindow *window; /* not owned: this goes with it */
  double x, y;
  guint timer;
} Pointer;

static gboolean
rest_cb(gpointer data)
{
  Pointer *self = data;

  self->timer = 0;
  if (gtk_window_is_fullscreen(self->window))
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self->window), "none");
  return G_SOURCE_REMOVE;
}

static void
motion_cb(GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  Pointer *self = data;

  /* A layout that changes under a resting pointer reports a motion to the same place. */
  if (x == self->x && y == self->y)
    return;
  self->x = x;
  self->y = y;
  gtk_widget_set_cursor(GTK_WIDGET(self->window), NULL);
  g_clear_handle_id(&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds(REST_S, rest_cb, self);
}

/* A wall that comes back in full screen shows none from its first picture on. */
static void
fullscreened_cb(GtkWindow *window, GParamSpec *pspec, gpointer data)
{
  if (gtk_window_is_fullscreen(window))
    gtk_widget_set_cursor_from_name(GTK_WIDGET(window), "none");
}

static void
pointer_free(gpointer data)
{
  Pointer *self = data;

  g_clear_handle_id(&self->timer, g_source_remove);
  g_free(self);
}

void
casa_pointer_rest(GtkWindow *window)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  Pointer *self = g_new0(Pointer, 1);

  self->window = window;
  gtk_event_controller_set_propagation_phase(motion, GTK_PHASE_CAPTURE);
  g_signal_connect(motion, "motion", G_CALLBACK(motion_cb), self);
  gtk_widget_add_controller(GTK_WIDGET(window), motion);
  g_signal_connect(window, "notify::fullscreened", G_CALLBACK(fullscreened_cb), NULL);
  g_object_set_data_full(G_OBJECT(window), "casa-pointer", self, pointer_free);
}
