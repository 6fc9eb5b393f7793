/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/summary.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The bottom line: how the pipeline does, in words, and where we are in the show. Lives as long as @page. */
typedef struct _CasaStatus CasaStatus;

CasaStatus *casa_status_new(GtkWidget *page, gboolean brief);
void casa_status_update(CasaStatus *self, const CasaSummary *summary);
void casa_status_set_hint(CasaStatus *self, const char *hint);

G_END_DECLS
