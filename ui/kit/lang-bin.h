/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Holds one widget, and paints it in a language of its own (ui/text/lang.h) whatever window it stands in. GTK thread only. */
#define CASA_TYPE_LANG_BIN (casa_lang_bin_get_type())
G_DECLARE_FINAL_TYPE(CasaLangBin, casa_lang_bin, CASA, LANG_BIN, GtkWidget)

GtkWidget *casa_lang_bin_new(GtkWidget *child);                           /* (transfer floating) */
void casa_lang_bin_set_language(CasaLangBin *self, const char *language); /* "fr", "ar", "en"; at first that of the moment */

G_END_DECLS
