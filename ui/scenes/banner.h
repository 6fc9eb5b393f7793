/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/happenings.h"

G_BEGIN_DECLS

/* Tells of the gravest thing that happens: its sign, what and where, since when, who says so, and its consequences in numbers;
 * of a second one in a line below; for a while after its end how long it lasted and what it came to. GTK thread only. */
typedef struct _CasaBanner CasaBanner;

CasaBanner *casa_banner_new(CasaModel *model); /* @model outlives it. (transfer full) */
void casa_banner_free(CasaBanner *self);       /* NULL is fine; its widget is its parent's */
GtkWidget *casa_banner_widget(
  CasaBanner *self); /* (transfer none), floating at first; hidden until there is something to tell */
/* What is told now, by casa_happenings_read(). TRUE: it is shown; FALSE: nothing happens, and it is hidden. */
gboolean casa_banner_update(CasaBanner *self, const CasaPageNotice *notice, const GArray *happenings);
void casa_banner_restyle(CasaBanner *self, const CasaLook *look); /* Another theme or size */

G_END_DECLS
