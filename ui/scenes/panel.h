/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/style.h"
#include "ui/text/phrases.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One domain: colour bar, name, big number, what it is, whether it is good or bad, and how it got there (24 h chart). The
 * same panel serves the wall and, large, a focus scene. The struct lives as long as its widget. */
typedef struct _CasaPanel CasaPanel;

CasaPanel *casa_panel_new(CasaModel *model, CasaDomain domain, gboolean focus); /* @model outlives it */
GtkWidget *casa_panel_widget(CasaPanel *self);
GtkWidget *casa_panel_chart(CasaPanel *self);
void casa_panel_restyle(CasaPanel *self, const CasaLook *look);
void casa_panel_update(CasaPanel *self);

G_END_DECLS
