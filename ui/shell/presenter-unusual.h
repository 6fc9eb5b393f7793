/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The presenter's list of what is unusual now, or was until lately: what, how rare, since when, what it coincides with, what
 * it is not; and of sensors that are doubtful. Hidden while there is nothing. GTK thread. */
typedef struct _CasaUnusualCard CasaUnusualCard;

CasaUnusualCard *casa_unusual_card_new(CasaModel *model);   /* @model outlives it. It goes with its widget */
GtkWidget *casa_unusual_card_widget(CasaUnusualCard *self); /* (transfer none), floating at first */
void casa_unusual_card_look(CasaUnusualCard *self);         /* What is so now, in the language of the moment */

G_END_DECLS
