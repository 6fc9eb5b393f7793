/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/map/map.h"

G_BEGIN_DECLS

/* A card about what is chosen on a map: its name, what it is and whose, its newest values with their age. GTK thread only;
 * lives as long as its widget. */
typedef struct _CasaMapCard CasaMapCard;

/* Lies over @map and shows itself when something is chosen there. @model outlives it. (transfer none: owned by its widget) */
CasaMapCard *casa_map_card_new(CasaModel *model, CasaMap *map);
/* What it says, for who cannot see it; NULL: nothing is chosen. (transfer full) */
char *casa_map_card_words(CasaMapCard *self);
GtkWidget *casa_map_card_widget(CasaMapCard *self); /* (transfer none) */
void casa_map_card_update(CasaMapCard *self);       /* the model has news */

G_END_DECLS
