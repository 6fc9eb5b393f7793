/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/ticker.h"

#define SEEN_MS 50    /* what a second's figures may come late; a vehicle is drawn one report late, whole seconds */
#define REPLAY_MS 16  /* a quick replay tells of many reports in a frame */
#define HIDDEN_MS 200 /* the hub holds many times what arrives meanwhile */

struct _CasaTicker {
  CasaModel *model;
  GPtrArray *windows; /* GWeakRef */
  guint timer, every_ms;
  guint64 n_ticks;
};

static gboolean
is_drawn(GtkWidget *window)
{
  GdkSurface *surface;

  if (!gtk_widget_get_mapped(window))
    return FALSE;
  surface = gtk_native_get_surface(GTK_NATIVE(window));
  return !(gdk_toplevel_get_state(GDK_TOPLEVEL(surface)) & GDK_TOPLEVEL_STATE_MINIMIZED);
}

static guint
wanted_ms(CasaTicker *self)
{
  gboolean drawn = FALSE;

  for (guint i = self->windows->len; i-- > 0;) {
    g_autoptr(GtkWidget) window = g_weak_ref_get(g_ptr_array_index(self->windows, i));
    if (!window)
      g_ptr_array_remove_index_fast(self->windows, i);
    else
      drawn = drawn || is_drawn(window);
  }
  return !drawn ? HIDDEN_MS : casa_model_summary(self->model)->replaying ? REPLAY_MS : SEEN_MS;
}

static gboolean
tick_cb(gpointer data)
{
  CasaTicker *self = data;
  const guint every_ms = wanted_ms(self);
  const gboolean same = every_ms == self->every_ms;

  self->n_ticks++;
  if (!same) {
    self->every_ms = every_ms;
    self->timer = g_timeout_add(every_ms, tick_cb, self);
  }
  casa_model_tick(self->model, casa_clock_ms(casa_model_clock(self->model)));
  return same;
}

static void
weak_free(gpointer data)
{
  g_weak_ref_clear(data);
  g_free(data);
}

CasaTicker *
casa_ticker_new(CasaModel *model)
{
  CasaTicker *self = g_new0(CasaTicker, 1);

  self->model = model;
  self->windows = g_ptr_array_new_with_free_func(weak_free);
  self->every_ms = SEEN_MS;
  self->timer = g_timeout_add(self->every_ms, tick_cb, self);
  return self;
}

void
casa_ticker_free(CasaTicker *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
  g_ptr_array_unref(self->windows);
  g_free(self);
}

void
casa_ticker_set_model(CasaTicker *self, CasaModel *model)
{
  self->model = model;
}

void
casa_ticker_follow(CasaTicker *self, GtkWidget *window)
{
  GWeakRef *ref = g_new0(GWeakRef, 1);

  g_weak_ref_init(ref, window);
  g_ptr_array_add(self->windows, ref);
}

guint64
casa_ticker_n_ticks(CasaTicker *self)
{
  return self->n_ticks;
}
