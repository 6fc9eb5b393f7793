/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/share/sheet.h"

G_BEGIN_DECLS

/* Shows the sheet's table for people in a window of its own, in the looks of the window of @chart: rows and columns that a
 * screen reader walks, arrow keys too. Escape closes it. It keeps what it shows. In the language of the moment. */
void casa_table_window_show(GtkWidget *chart, const CasaSheet *sheet);

G_END_DECLS
