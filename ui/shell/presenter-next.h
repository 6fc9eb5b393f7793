/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/scenes/scene-file.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A scene as it will be, small, for whoever is about to show it: the true widgets, laid out off the hall for 1280 × 720, told
 * of news and painted anew once a second; nothing of it is painted in between. GTK thread only. */
#define CASA_TYPE_NEXT_VIEW (casa_next_view_get_type())
G_DECLARE_FINAL_TYPE(CasaNextView, casa_next_view, CASA, NEXT_VIEW, GtkWidget)

GtkWidget *casa_next_view_new(CasaModel *model); /* @model outlives it. (transfer floating) */
/* @scene is not kept. The same scene, language ("fr", "ar", "en") and theme again change nothing, unless
 * casa_next_view_forget() was called meanwhile. */
void casa_next_view_show(CasaNextView *self, const CasaScene *scene, const char *language, const char *theme);
void casa_next_view_forget(CasaNextView *self); /* The scene may have changed under its name: the next show builds it anew */

G_END_DECLS
