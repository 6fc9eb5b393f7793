/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/part.h"
#include "ui/scenes/scene-file.h"

G_BEGIN_DECLS

/* The widgets of a scene. A page is built for one language and dies with its root; a new language builds a new one. */
typedef struct _CasaPage CasaPage;

/* Nothing of @scene is kept. (transfer full): it goes with its root. */
CasaPage *casa_page_new(const CasaScene *scene, const CasaPartContext *context);
CasaTimeView *casa_page_time(CasaPage *self); /* What its charts show together. (transfer none) */
GtkWidget *casa_page_root(CasaPage *self);    /* (transfer none), floating at first */
/* Ends the page whose root that is, and all it knows of the model: the widget may live on a while, for GTK holds what is
 * below the pointer. Not a page's root: nothing. */
void casa_page_end(GtkWidget *root);
void casa_page_restyle(CasaPage *self, const CasaLook *look); /* Another theme or size: every part is told */
void casa_page_update(CasaPage *self);                        /* The model has news: every part is told */
/* A vehicle moved: see casa_map_feed_vehicle(). */
void casa_page_vehicle(CasaPage *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb);
void casa_page_show_controls(CasaPage *self, gboolean show); /* Whether what can be clicked is shown */

G_END_DECLS
