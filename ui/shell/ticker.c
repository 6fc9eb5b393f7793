/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/ticker.h"

#define FRAME_US 12000 /* windows have frame clocks of their own: two beats closer than this, at 60 a second, are one frame */
#define HIDDEN_MS 200  /* without any frame; the hub holds many times what arrives meanwhile */
#define HIDDEN_US 150000

struct _CasaTicker {
  CasaModel *model;
  guint timer;
  gint64 ticked_us; /* monotonic */
  guint64 n_ticks;
};

static void
tick(CasaTicker *self, gint64 least_us)
{
  gint64 now_us = casa_clock_mono_us();

  if (now_us - self->ticked_us < least_us)
    return;
  self->ticked_us = now_us;
  self->n_ticks++;
  casa_model_tick(self->model, casa_clock_ms(casa_model_clock(self->model)));
}

static gboolean
frame_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  tick(data, FRAME_US);
  return G_SOURCE_CONTINUE;
}

static gboolean
hidden_cb(gpointer data)
{
  tick(data, HIDDEN_US);
  return G_SOURCE_CONTINUE;
}

CasaTicker *
casa_ticker_new(CasaModel *model)
{
  CasaTicker *self = g_new0(CasaTicker, 1);

  self->model = model;
  self->timer = g_timeout_add(HIDDEN_MS, hidden_cb, self);
  return self;
}

void
casa_ticker_free(CasaTicker *self)
{
  if (!self)
    return;
  g_source_remove(self->timer);
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
  gtk_widget_add_tick_callback(window, frame_cb, self, NULL);
}

guint64
casa_ticker_n_ticks(CasaTicker *self)
{
  return self->n_ticks;
}
