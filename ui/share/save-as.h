/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct {
  GtkWidget *root; /* when it has gone, nothing is called any more */
  gboolean (*write)(const char *path, gpointer data, GError **error);
  void (*say)(const char *text, gpointer data); /* what became of it, in the language of @language */
  gpointer data;
  const char *language; /* static */
} CasaSaveAs;

/* Asks for a file, proposing @name, whose end (".png") the answer gets when it has it not, and writes it. */
void casa_save_as(const CasaSaveAs *calls, const char *name);

G_END_DECLS
