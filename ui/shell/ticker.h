/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Makes a model's time go on, however many windows show it: some times a second, once a frame while it is a replay, and seldom
 * while none is drawn (hidden, minimised, not open yet). It asks for no frames itself: those cost more than what it does. GTK
 * thread only. */
typedef struct _CasaTicker CasaTicker;

/* @model outlives it. */
CasaTicker *casa_ticker_new(CasaModel *model);
void casa_ticker_free(CasaTicker *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaTicker, casa_ticker_free)

/* Goes on with another one from now on. It outlives the ticker, or the next such call. */
void casa_ticker_set_model(CasaTicker *self, CasaModel *model);
/* @window, until it goes, shows the model while it is drawn. */
void casa_ticker_follow(CasaTicker *self, GtkWidget *window);
/* How often the model was ticked. */
guint64 casa_ticker_n_ticks(CasaTicker *self);

G_END_DECLS
