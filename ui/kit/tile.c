/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/tile.h"
#include "ui/kit/shrink-bin.h"
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"

typedef struct {
  GtkWidget *name, *number, *unit;
} Parts;

GtkWidget *
casa_tile_new(void)
{
  GtkWidget *tile = casa_fraction_layout_new(), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  Parts *parts = g_new0(Parts, 1);

  parts->name = casa_label_new("casa-tile-name");
  parts->number = casa_label_new_number("casa-tile-number");
  parts->unit = casa_label_new("casa-tile-unit");
  gtk_box_append(GTK_BOX(line), parts->number);
  gtk_box_append(GTK_BOX(line), parts->unit);
  gtk_widget_add_css_class(line, "casa-tile-line");
  gtk_widget_add_css_class(tile, "casa-tile");
  gtk_widget_set_focusable(tile, TRUE);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(tile), casa_shrink_bin_new(parts->name, 0, 0.5),
                           (CasaFractions){ 0.08, 0.08, 0.86, 0.36 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(tile), casa_shrink_bin_new(line, 0, 0.5),
                           (CasaFractions){ 0.08, 0.40, 0.86, 0.56 });
  g_object_set_data_full(G_OBJECT(tile), "casa-parts", parts, g_free);
  return tile;
}

void
casa_tile_set(GtkWidget *tile, const CasaTilePhrases *words)
{
  Parts *parts = g_object_get_data(G_OBJECT(tile), "casa-parts");
  g_autofree char *spoken = g_strdup_printf("%s : %s %s", words->name, words->number, words->unit);

  casa_label_set(parts->name, words->name);
  casa_label_set(parts->number, words->number);
  casa_label_set(parts->unit, words->unit);
  gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
