/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/shortcuts.h"
#include "ui/kit/label.h"
#include "ui/kit/side-window.h"
#include "ui/text/lang.h"
#include <libintl.h>

typedef struct {
  const char *accelerator, *title; /* title NULL: a group begins, named by accelerator */
} Row;

#define WIDTH_SHARE 0.94 /* of the wall */
#define COLUMNS_MOST 3
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
  { "<Control>c", N_("Copier l'image d'un graphique") },
  { "<Control>e", N_("L'enregistrer en PNG") },
  { "<Control>t", N_("Le lire en tableau") },
  { "Menu <Shift>F10", N_("Tout ce qu'on peut en faire") },
  { "n", N_("Noter ici ; en tirant, une durée") },
  { "<Control>z", N_("Retirer la dernière note") },
  { N_("Événements"), NULL },
  { "e", N_("Événements à commander") },
  { "i", N_("Et si… : deux avenirs simulés, avec et sans") },
  { "a", N_("La carte avec et sans l'événement ; la même touche la rend entière") },
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
  { "k", N_("Exclure l'équipe qui dépasse son quota ; la laisser revenir") },
  { "x", N_("Explorer les mesures, sur l'ordinateur") },
  { "d", N_("Pourquoi une équipe n'est pas sur le mur") },
  { "<Shift>d", N_("Équipes et signalements : ce que la salle peut voir") },
  { "<Control>q", N_("Quitter") },
};

/* What GTK writes into its window by itself, in the language of the system, if it has one at all: here in the wall's. */
static const struct {
  const char *gtk, *ours;
} OWN[] = {
  { "Page_Down", "Page ↓" }, { "Page_Up", "Page ↑" }, { "Escape", N_("Échap") }, { "End", N_("Fin") }, { "Menu", N_("Menu") },
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

/* The keys of a row, as caps, and what they do. */
static void
add_row(GtkGrid *grid, int line, const Row *row, guint n_scenes)
{
  g_autofree char *digits = n_scenes > 1 ? g_strdup_printf("1...%u", MIN(n_scenes, 9)) : g_strdup("1");
  GtkWidget *keys = gtk_shortcut_label_new(g_str_equal(row->accelerator, SCENE_KEYS) ? digits : row->accelerator);
  GtkWidget *words = casa_label_new("casa-side-words");

  translate(keys);
  casa_label_set(words, casa_tr(row->title));
  gtk_label_set_ellipsize(GTK_LABEL(words), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap(GTK_LABEL(words), TRUE);
  gtk_widget_set_hexpand(words, TRUE);
  gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(keys, GTK_ALIGN_CENTER);
  gtk_grid_attach(grid, keys, 0, line, 1, 1);
  gtk_grid_attach(grid, words, 1, line, 1, 1);
}

static GtkWidget *
column_new(GtkWidget *columns)
{
  GtkWidget *grid = gtk_grid_new();

  gtk_grid_set_column_spacing(GTK_GRID(grid), 14);
  gtk_widget_add_css_class(grid, "casa-side-column");
  gtk_widget_set_valign(grid, GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(columns), grid);
  return grid;
}

/* Groups stay whole: a column ends with the group that fills its share of the rows. */
static GtkWidget *
columns_new(guint n, guint n_scenes)
{
  GtkWidget *columns = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *column = column_new(columns);
  const guint share = (G_N_ELEMENTS(ROWS) + n - 1) / n;
  int line = 0;

  gtk_box_set_homogeneous(GTK_BOX(columns), TRUE);
  gtk_widget_add_css_class(columns, "casa-side-columns");
  for (guint i = 0, in_column = 0; i < G_N_ELEMENTS(ROWS); i++, in_column++) {
    if (ROWS[i].title) {
      add_row(GTK_GRID(column), line++, &ROWS[i], n_scenes);
      continue;
    }
    GtkWidget *group = casa_label_new("casa-side-group");
    guint rows = 1;
    while (i + rows < G_N_ELEMENTS(ROWS) && ROWS[i + rows].title)
      rows++;
    if (in_column && in_column + rows / 2 >= share) {
      column = column_new(columns);
      in_column = 0;
      line = 0;
    }
    casa_label_set(group, casa_tr(ROWS[i].accelerator));
    gtk_grid_attach(GTK_GRID(column), group, 0, line++, 2, 1);
  }
  return columns;
}

/* As many columns as there is room for. */
GtkWindow *
casa_shortcuts_show(GtkWindow *parent, guint n_scenes)
{
  const int most = (int)(gtk_widget_get_width(GTK_WIDGET(parent)) * WIDTH_SHARE);
  GtkWindow *window = NULL;

  for (guint n = COLUMNS_MOST; n >= 1; n--) {
    GtkWidget *columns = columns_new(n, n_scenes);
    int least;
    window = casa_side_window_new(parent, _("Raccourcis clavier"), columns, WIDTH_SHARE, 0.92);
    gtk_widget_measure(columns, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    if (least <= most || n == 1)
      break;
    gtk_window_destroy(window);
  }
  gtk_window_present(window);
  return window;
}
