/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/summary.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The top line of every scene: title, where the data comes from, date and clock, menu. */
typedef struct _CasaHeader CasaHeader;

/* Puts itself into the top of @page, a CasaFractionLayout. Lives as long as that. */
CasaHeader *casa_header_new(GtkWidget *page);
void casa_header_update(CasaHeader *self, const CasaSummary *summary);
/* Menu and window buttons: not in full screen, not in pictures. */
void casa_header_show_controls(CasaHeader *self, gboolean show);

G_END_DECLS
