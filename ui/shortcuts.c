/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shortcuts.h"
#include "ui/lang.h"

typedef struct {
  const char *accelerator, *title; /* title NULL: a group begins, named by accelerator */
} Row;

static const Row ROWS[] = {
    {N_("Scène"), NULL},
    {"Page_Down Page_Up", N_("Scène suivante, précédente")},
    {"Right Left space", N_("En plein écran : suivante, précédente, suivante")},
    {"1...4", N_("Aller à une scène")},
    {"b period", N_("Écran noir ; la même touche rétablit")},
    {"w comma", N_("Écran blanc ; la même touche rétablit")},
    {"F11", N_("Plein écran, et retour")},
    {"F5", N_("Plein écran, comme une télécommande le demande")},
    {"Escape", N_("Rétablir l'écran ; quitter le plein écran")},
    {N_("Affichage"), NULL},
    {"l", N_("Langue suivante")},
    {"t", N_("Thème suivant")},
    {N_("Carte"), NULL},
    {"plus minus", N_("Agrandir, réduire")},
    {"Left Right Up Down", N_("Déplacer")},
    {"0", N_("Toute la ville")},
    {N_("Application"), NULL},
    {"<Control>question F1", N_("Raccourcis clavier")},
    {"F10", N_("Menu")},
    {"<Control>q", N_("Quitter")},
};

static void append_row(GString *xml, const Row *row, gboolean *open) {
  g_autofree char *title = g_markup_escape_text(casa_tr(row->title ? row->title : row->accelerator), -1);
  g_autofree char *keys = g_markup_escape_text(row->accelerator, -1);

  if (row->title) {
    g_string_append_printf(xml,
                           "<child><object class='GtkShortcutsShortcut'><property name='accelerator'>%s</property>"
                           "<property name='title'>%s</property></object></child>",
                           keys, title);
    return;
  }
  if (*open) g_string_append(xml, "</object></child>");
  g_string_append_printf(xml, "<child><object class='GtkShortcutsGroup'><property name='title'>%s</property>", title);
  *open = TRUE;
}

void casa_shortcuts_show(GtkWindow *parent) {
  g_autoptr(GString) xml = g_string_new("<interface><object class='GtkShortcutsWindow' id='w'><property name='modal'>1"
                                        "</property><child><object class='GtkShortcutsSection'>");
  gboolean open = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) append_row(xml, &ROWS[i], &open);
  g_string_append(xml, "</object></child></object></child></object></interface>");
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_string(xml->str, (gssize) xml->len);
  GtkWindow *window = GTK_WINDOW(gtk_builder_get_object(builder, "w"));
  gtk_window_set_transient_for(window, parent);
  gtk_window_present(window);
}
