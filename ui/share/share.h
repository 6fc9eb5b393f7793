/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/share/sheet.h"

G_BEGIN_DECLS

/* What somebody can do with a chart: copy its picture, save it, read it as a table. By a menu (right click, Menu, Shift+F10)
 * and by keys while it has the focus: Ctrl+C, Ctrl+E, Ctrl+T. GTK thread only. */
typedef struct {
  CasaSheet *(*sheet)(gpointer data); /* what is seen now; NULL: nothing yet. (transfer full) */
  /* NULL: into the user's folder of pictures (tables: of documents), under a name of its own, without a question: on stage a
   * dialog would stand before the hall. Else asks in the caller's way for a file that ends in @suffix ("png"). */
  void (*save)(const char *suffix, gpointer data);
  void (*say)(const char *text, gpointer data); /* what became of it; NULL: to the window, by its action "win.tell" */
  gpointer data;                                /* lives as long as the chart is in its window */
} CasaShare;

/* @share is copied. */
void casa_share_attach(GtkWidget *chart, const CasaShare *share);
/* Does the same as the menu's rows: "copy", "table", "png", "svg", "pdf", "csv". FALSE: there is nothing to be had. */
gboolean casa_share_do(GtkWidget *chart, const char *what);
/* A file in @folder that is not there yet, "Casa Pulse 2026-11-30 19-30-05 Mobilité.png". (transfer full) */
char *casa_share_name(const char *folder, const char *title, const char *suffix, gint64 now_ms);

G_END_DECLS
