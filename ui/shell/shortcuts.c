/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/shortcuts.h"
#include "ui/kit/direction.h"
#include "ui/text/lang.h"
#include <libintl.h>

typedef struct {
  const char *accelerator, *title; /* title NULL: a group begins, named by accelerator */
} Row;

/* Rows of a column. All groups stand on one page: of the buttons between two pages, GTK 4.8 says that they are narrower than
 * nothing. */
#define PAGE_ROWS "26"
#define SCENE_KEYS "1...9" /* shown up to the last scene there is */

static const Row ROWS[] = {
  { N_("Scène"), NULL },
  { "Page_Down Page_Up", N_("Scène suivante, précédente") },
  { "Right Left space", N_("En plein écran : suivante, précédente, suivante") },
  { SCENE_KEYS, N_("Aller à une scène ; où des événements se commandent : avec Alt") },
  { "b period", N_("Écran noir ; la même touche rétablit") },
  { "f w comma", N_("Figer l'image de la salle ; la même touche reprend") },
  { "<Shift>w", N_("Écran blanc ; la même touche rétablit") },
  { "F11", N_("Plein écran, et retour") },
  { "F5", N_("Plein écran, comme une télécommande le demande") },
  { "Escape", N_("Rétablir l'écran ; quitter le plein écran") },
  { N_("Sur l'image"), NULL },
  { "o", N_("Pointeur ; la même touche, ou Échap, le range") },
  { "s", N_("Projecteur : tout s'assombrit autour") },
  { "m", N_("Loupe") },
  { "c", N_("Crayon : écrire avec la souris") },
  { "<Control>z BackSpace", N_("Effacer le dernier trait, tous les traits") },
  { N_("Affichage"), NULL },
  { "l", N_("Langue suivante") },
  { "t", N_("Thème suivant") },
  { "r", N_("Revoir un jour passé, et retour au direct") },
  { "p", N_("Une seconde : le parachute, et retour au direct") },
  { N_("Carte"), NULL },
  { "plus minus", N_("Agrandir, réduire") },
  { "Left Right Up Down", N_("Déplacer") },
  { "0", N_("Toute la ville") },
  { N_("Courbes"), NULL },
  { "plus minus", N_("Rapprocher, éloigner") },
  { "Left Right", N_("Mesure précédente, suivante") },
  { "Up Down", N_("Courbe précédente, suivante") },
  { "0", N_("Tout ce qui est conservé") },
  { "End", N_("Reprendre le suivi") },
  { "<Control>1...6", N_("10 min, 1 h, 24 h, 7 j, 30 j, 1 an") },
  { "n", N_("Noter ici ; en tirant, une durée") },
  { "<Control>z", N_("Retirer la dernière note") },
  { N_("Événements"), NULL },
  { "e", N_("Événements à commander") },
  { "1...9", N_("Armer ; la même touche dans les 10 s : lancer, ou arrêter") },
  { "0+0", N_("Calme : tout ce qui a été lancé s’achève") },
  { N_("Application"), NULL },
  { "<Control>question F1", N_("Raccourcis clavier") },
  { "F10", N_("Menu") },
  { "<Control>p v", N_("Fenêtre du présentateur ; V deux fois s'il n'y a qu'un écran") },
  { "<Control><Shift>s", N_("Échanger les écrans") },
  { "h", N_("Cacher la fenêtre de la salle, et la rendre") },
  { "<Control>n", N_("Nouvelle fenêtre") },
  { "g <Shift>g", N_("Montrer l'équipe suivante ; la cacher") },
  { "x", N_("Explorer les mesures, sur l'ordinateur") },
  { "d", N_("Pourquoi une équipe n'est pas sur le mur") },
  { "<Shift>d", N_("Équipes et signalements : ce que la salle peut voir") },
  { "<Control>q", N_("Quitter") },
};

static void
append_row(GString *xml, const Row *row, guint n_scenes, gboolean *open)
{
  g_autofree char *digits = n_scenes > 1 ? g_strdup_printf("1...%u", MIN(n_scenes, 9)) : g_strdup("1");
  g_autofree char *title = g_markup_escape_text(casa_tr(row->title ? row->title : row->accelerator), -1);
  g_autofree char *keys = g_markup_escape_text(g_str_equal(row->accelerator, SCENE_KEYS) ? digits : row->accelerator, -1);

  if (row->title) {
    g_string_append_printf(xml,
                           "<child><object class='GtkShortcutsShortcut'><property name='accelerator'>%s</property>"
                           "<property name='title'>%s</property></object></child>",
                           keys, title);
    return;
  }
  if (*open)
    g_string_append(xml, "</object></child>");
  g_string_append_printf(xml, "<child><object class='GtkShortcutsGroup'><property name='title'>%s</property>", title);
  *open = TRUE;
}

/* What GTK writes into its window by itself, in the language of the system, if it has one at all: here in the wall's. */
static const struct {
  const char *gtk, *ours;
} OWN[] = {
  { "Shortcuts", N_("Raccourcis clavier") },
  { "Search Shortcuts", N_("Chercher un raccourci") },
  { "Search Results", N_("Résultats de la recherche") },
  { "No Results Found", N_("Aucun résultat") },
  { "Try a different search", N_("Essayez un autre mot") },
  { "Page_Down", "Page ↓" },
  { "Page_Up", "Page ↑" },
  { "Escape", N_("Échap") },
};

static void
say_in_our_language(GtkLabel *label)
{
  const char *text = gtk_label_get_text(label);

  for (guint i = 0; i < G_N_ELEMENTS(OWN); i++)
    if (g_str_equal(text, OWN[i].gtk) || g_str_equal(text, dgettext("gtk40", OWN[i].gtk))) {
      gtk_label_set_text(label, casa_tr(OWN[i].ours));
      return;
    }
}

static void
translate(GtkWidget *widget)
{
  if (GTK_IS_LABEL(widget))
    say_in_our_language(GTK_LABEL(widget));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child))
    translate(child);
}

void
casa_shortcuts_show(GtkWindow *parent, guint n_scenes)
{
  g_autoptr(GString) xml = g_string_new("<interface><object class='GtkShortcutsWindow' id='w'><property name='modal'>1"
                                        "</property><child><object class='GtkShortcutsSection'>"
                                        "<property name='max-height'>" PAGE_ROWS "</property>");
  gboolean open = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++)
    append_row(xml, &ROWS[i], n_scenes, &open);
  g_string_append(xml, "</object></child></object></child></object></interface>");
  g_autoptr(GtkBuilder) builder = gtk_builder_new_from_string(xml->str, (gssize)xml->len);
  GtkWindow *window = GTK_WINDOW(gtk_builder_get_object(builder, "w"));
  translate(GTK_WIDGET(window));
  casa_direction_apply(GTK_WIDGET(window));
  gtk_window_set_title(window, _("Raccourcis clavier"));
  gtk_window_set_transient_for(window, parent);
  gtk_window_present(window);
}
