/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/kit/style.h"

G_BEGIN_DECLS

/* How a team comes by itself: the QR code of the page with the event's secret, and what to do in three steps. Shows itself only
 * while there is a secret and a page. GTK thread only; lives as long as its widget. */
typedef struct _CasaJoinCode CasaJoinCode;

/* @model outlives it. (transfer none: owned by its widget) */
CasaJoinCode *casa_join_code_new(CasaModel *model);
GtkWidget *casa_join_code_widget(CasaJoinCode *self); /* (transfer none), floating at first */
/* Looks whether there is a secret now. FALSE: there is none, and nothing is shown. */
gboolean casa_join_code_update(CasaJoinCode *self);

G_END_DECLS
