/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/text/phrases.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One tile of the ribbon: a name over a number and its unit. */
GtkWidget *casa_tile_new(void);
void casa_tile_set(GtkWidget *tile, const CasaTilePhrases *words); /* Copies @words */

G_END_DECLS
