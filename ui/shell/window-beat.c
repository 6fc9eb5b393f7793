/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/window-private.h"

#define BEAT_MS 100

static gboolean
beat_cb(gpointer data)
{
  CasaWindow *self = data;

  self->look_after(self);
  return G_SOURCE_CONTINUE;
}

static gboolean
frame_cb(GtkWidget *content, GdkFrameClock *clock, gpointer data)
{
  CasaWindow *self = data;

  self->frame = 0;
  self->look_after(self);
  return G_SOURCE_REMOVE;
}

void
casa_window_wake(CasaWindow *self)
{
  if (self->content && self->frame == 0)
    self->frame = gtk_widget_add_tick_callback(self->content, frame_cb, self, NULL);
}

static void
map_cb(GtkWidget *content, CasaWindow *self)
{
  if (self->beat == 0)
    self->beat = g_timeout_add(BEAT_MS, beat_cb, self);
  casa_window_wake(self);
}

static void
unmap_cb(GtkWidget *content, CasaWindow *self)
{
  g_clear_handle_id(&self->beat, g_source_remove);
}

void
casa_window_begin_beat(CasaWindow *self, void (*look_after)(CasaWindow *self))
{
  self->look_after = look_after;
  g_signal_connect(self->content, "map", G_CALLBACK(map_cb), self);
  g_signal_connect(self->content, "unmap", G_CALLBACK(unmap_cb), self);
}

void
casa_window_end_beat(CasaWindow *self)
{
  g_clear_handle_id(&self->beat, g_source_remove);
  if (!self->content)
    return;
  g_signal_handlers_disconnect_by_data(self->content, self);
  if (self->frame != 0)
    gtk_widget_remove_tick_callback(self->content, self->frame);
  self->frame = 0;
}
